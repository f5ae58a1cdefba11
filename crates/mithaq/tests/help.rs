//! What `--help` says, for each command.

use clap::CommandFactory as _;

#[test]
fn each_command() {
    let mut command = mithaq::cli::Cli::command().term_width(100);
    command.build();
    let help = shown(&mut command);
    insta::assert_snapshot!("mithaq", help);
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for name in names.iter().filter(|name| *name != "help") {
        if let Some(command) = command.find_subcommand_mut(name) {
            let mut text = String::new();
            each(command, &format!("mithaq {name}"), &mut text);
            insta::assert_snapshot!(name.as_str(), text);
        }
    }
}

/// A command's help, and that of all below it.
fn each(command: &mut clap::Command, name: &str, text: &mut String) {
    text.push_str(&format!("$ {name} --help\n{}\n", shown(command)));
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for sub in names.iter().filter(|sub| *sub != "help") {
        if let Some(command) = command.find_subcommand_mut(sub) {
            each(command, &format!("{name} {sub}"), text);
        }
    }
}

fn shown(command: &mut clap::Command) -> String {
    let help = command.render_long_help().to_string();
    help.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

#[test]
fn every_argument_is_explained() {
    fn look(command: &clap::Command) {
        assert!(command.get_about().is_some(), "{}", command.get_name());
        for argument in command.get_arguments().filter(|argument| !argument.is_hide_set()) {
            assert!(argument.get_help().is_some(), "{} {}", command.get_name(), argument.get_id());
        }
        command.get_subcommands().for_each(look);
    }
    look(&mithaq::cli::Cli::command());
}
