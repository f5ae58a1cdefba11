//! `cargo xtask fuzz [READER] [SECONDS]`: looks for bytes that break a reader, a minute with each, or as
//! long as is said. What is found lies in `fuzz/found/READER`, and from then on every test run tries it.
//!
//! Needs a nightly compiler. cargo-fuzz is built once into `target/foreign`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;
use crate::run::{cargo, output, run, run_within, say};
use crate::workspace::root;

/// What is installed, where it is not there yet.
const CARGO_FUZZ: &str = "0.13.2";
/// Longer than any file but an annex or a sealed file.
const BYTES_MAX: u32 = 1 << 17;

pub(crate) fn fuzz() -> Outcome {
    let mut asked = std::env::args().skip(2).peekable();
    let named = asked.next_if(|word| word.parse::<u32>().is_err());
    let seconds = asked.next().map_or(Ok(60), |word| word.parse::<u32>());
    let seconds = seconds.map_err(|_| vec!["usage: cargo xtask fuzz [READER] [SECONDS]".to_owned()])?;
    let readers = readers()?;
    if let Some(name) = named.as_ref().filter(|name| !readers.contains(name)) {
        return Err(vec![format!("no reader is called `{name}`; there are: {}", readers.join(" "))]);
    }
    let program = cargo_fuzz()?;
    let work = root().join("target/fuzz");
    seeds(&work.join("seeds"))?;
    let wrongs: Vec<String> = readers
        .iter()
        .filter(|reader| named.as_ref().is_none_or(|name| name == *reader))
        .filter_map(|reader| one(&program, &work, reader, seconds).err())
        .collect();
    if wrongs.is_empty() { Ok(()) } else { Err(wrongs) }
}

/// The readers, as the files of their targets are called.
fn readers() -> Result<Vec<String>, Vec<String>> {
    let folder = root().join("fuzz/fuzz_targets");
    let listed = fs::read_dir(&folder).map_err(|error| vec![format!("{}: {error}", folder.display())])?;
    let name = |path: PathBuf| Some(path.file_stem()?.to_str()?.to_owned());
    let mut readers: Vec<String> = listed.flatten().filter_map(|file| name(file.path())).collect();
    readers.sort();
    Ok(readers)
}

fn cargo_fuzz() -> Result<PathBuf, Vec<String>> {
    if output(Command::new("rustup").args(["run", "nightly", "rustc", "--version"])).is_none() {
        let how = "fuzzing needs a nightly compiler: `rustup toolchain install nightly --profile minimal`";
        return Err(vec![how.to_owned()]);
    }
    let folder = root().join("target/foreign");
    let program = folder.join("bin/cargo-fuzz");
    if !program.is_file() {
        let mut install = cargo();
        install.args(["install", "cargo-fuzz", "--version", CARGO_FUZZ, "--locked", "--root"]).arg(&folder);
        run_within(20, &mut install).map_err(|wrong| vec![wrong])?;
    }
    Ok(program)
}

/// What each corpus begins with is made of registers of ours, and kept nowhere.
fn seeds(folder: &Path) -> Outcome {
    let mut command = cargo();
    command.current_dir(root()).args(["run", "--quiet", "-p", "mithaq-readers", "--example", "seeds"]);
    run(command.arg(folder)).map_err(|wrong| vec![wrong])
}

fn one(program: &Path, work: &Path, reader: &str, seconds: u32) -> Result<(), String> {
    let found = root().join("fuzz/found").join(reader);
    let new = work.join("corpus").join(reader);
    let kept = [root().join("fuzz/corpus").join(reader), work.join("seeds").join(reader)];
    for folder in [&found, &new] {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    let mut command = Command::new(program);
    command.current_dir(root().join("fuzz"));
    // Our code has no `unsafe`: without the sanitizer it is tried twice as often.
    command.args(["fuzz", "run", "--sanitizer", "none", reader]).arg(&new);
    command.args(kept.iter().filter(|folder| folder.is_dir()));
    command.args(["--", "-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1"]);
    command.arg(format!("-max_total_time={seconds}")).arg(format!("-max_len={BYTES_MAX}"));
    command.arg(format!("-artifact_prefix={}/", found.display()));
    command.env("RUSTUP_TOOLCHAIN", "nightly").env("CARGO_TARGET_DIR", work);
    say(&format!("fuzz {reader}: {seconds} s"));
    run(&mut command).map_err(|_| format!("`{reader}` broke: see fuzz/found/{reader}"))?;
    // Empty folders say nothing; if one is not, it stays.
    let _ = fs::remove_dir(&found);
    Ok(())
}
