//! Writes the man pages into a folder: `cargo xtask man` runs this.

use std::path::Path;

fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "docs/man".to_owned());
    std::fs::create_dir_all(&folder)?;
    for (name, page) in pages()? {
        std::fs::write(Path::new(&folder).join(name), page)?;
    }
    Ok(())
}

/// Each command's page, by its file's name.
pub(crate) fn pages() -> std::io::Result<Vec<(String, Vec<u8>)>> {
    let mut command = <mithaq::cli::Cli as clap::CommandFactory>::command();
    command.build();
    let mut pages = Vec::new();
    add(command, &mut pages)?;
    Ok(pages)
}

fn add(command: clap::Command, pages: &mut Vec<(String, Vec<u8>)>) -> std::io::Result<()> {
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        add(sub.clone(), pages)?;
    }
    let man = clap_mangen::Man::new(command);
    let mut page = Vec::new();
    man.render(&mut page)?;
    pages.push((man.get_filename(), page));
    Ok(())
}
