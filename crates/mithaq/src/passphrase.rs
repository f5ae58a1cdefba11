//! The passphrase of a keyring: from a file, the environment, or the terminal; never an argument.

use std::io::IsTerminal as _;
use std::path::Path;

use vault::Passphrase;
use zeroize::Zeroizing;

use crate::cli::Globals;
use crate::failure::{Failure, plain};

/// The environment variable with the passphrase.
const VARIABLE: &str = "MITHAQ_PASSPHRASE";

/// The one with the passphrase of what is newly written.
const NEW_VARIABLE: &str = "MITHAQ_NEW_PASSPHRASE";

/// The passphrase that opens the keyring that is there.
pub(crate) fn current(globals: &Globals) -> Result<Passphrase, Failure> {
    if let Some(given) = given(globals.passphrase_file.as_deref(), VARIABLE)? {
        return Ok(given);
    }
    if !is_asked() {
        return Err(none());
    }
    read(&format!("Passphrase of {}: ", globals.keys.display()))
}

/// The passphrase of a keyring that is made now: typed twice.
pub(crate) fn first(globals: &Globals) -> Result<Passphrase, Failure> {
    if let Some(given) = given(globals.passphrase_file.as_deref(), VARIABLE)? {
        return Ok(given);
    }
    if !is_asked() {
        return Err(none());
    }
    twice("New passphrase: ")
}

/// Another passphrase than the keyring's: for a backup, or to change to. Nothing if none was given and
/// nobody can be asked.
pub(crate) fn other(file: Option<&Path>, ask: &str) -> Result<Option<Passphrase>, Failure> {
    if let Some(given) = given(file, NEW_VARIABLE)? {
        return Ok(Some(given));
    }
    if is_asked() { twice(ask).map(Some) } else { Ok(None) }
}

/// One that opens what somebody else locked; nothing if none was given and nobody can be asked.
pub(crate) fn of_source(file: Option<&Path>, ask: &str) -> Result<Option<Passphrase>, Failure> {
    if let Some(given) = given(file, NEW_VARIABLE)? {
        return Ok(Some(given));
    }
    if is_asked() { read(ask).map(Some) } else { Ok(None) }
}

fn none() -> Failure {
    Failure::usage("mithaq::no_passphrase", "no passphrase was given, and there is no terminal to ask at")
        .help(format!("put it into a file and give `--passphrase-file FILE`, or set {VARIABLE}"))
}

fn is_asked() -> bool {
    std::io::stdin().is_terminal()
}

fn given(file: Option<&Path>, variable: &str) -> Result<Option<Passphrase>, Failure> {
    if let Some(path) = file {
        let text = std::fs::read_to_string(path).map_err(|error| Failure::unreadable(path, &error))?;
        let text = Zeroizing::new(text);
        let line = text.lines().next().unwrap_or_default();
        return passphrase(line.to_owned()).map(Some);
    }
    match std::env::var(variable) {
        Ok(text) => passphrase(text).map(Some),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => {
            Err(Failure::usage("mithaq::passphrase", format!("{variable} is no UTF-8 text")))
        }
    }
}

fn twice(ask: &str) -> Result<Passphrase, Failure> {
    let typed = Zeroizing::new(prompt(ask)?);
    let again = Zeroizing::new(prompt("The same once more: ")?);
    if *typed != *again {
        return Err(Failure::usage("mithaq::passphrase", "the two passphrases differ").help("type it again"));
    }
    passphrase(typed.to_string())
}

fn read(ask: &str) -> Result<Passphrase, Failure> {
    passphrase(prompt(ask)?)
}

fn prompt(ask: &str) -> Result<String, Failure> {
    rpassword::prompt_password(ask).map_err(|error| {
        Failure::usage("mithaq::passphrase", format!("the passphrase could not be read: {}", plain(&error)))
    })
}

fn passphrase(typed: String) -> Result<Passphrase, Failure> {
    Passphrase::new(typed).ok_or_else(|| Failure::usage("mithaq::passphrase", "the passphrase is empty"))
}
