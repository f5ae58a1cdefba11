//! What can go wrong with a register's folder.

use std::fmt;
use std::path::{Path, PathBuf};

use terms::Hash;
use tlog::witness::Seen;

use crate::disk::DiskFault;

/// Why something was not done.
///
/// Whatever it is, all that was given out before still stands.
#[derive(Debug)]
pub enum Fault {
    /// The disk did not do what it was asked.
    Disk(DiskFault),
    /// A file's bytes are not what was written. Nothing was changed.
    Garbled {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// Another process has the folder.
    Locked {
        /// The lock's file.
        path: PathBuf,
    },
    /// There is a register in the folder already.
    NotEmpty {
        /// What was found.
        path: PathBuf,
    },
    /// There is no register in the folder, or it was left before its genesis was registered.
    NoRegister {
        /// What was looked for.
        path: PathBuf,
    },
    /// The folder is of another register.
    OtherRegister {
        /// Whose it is, as the file says.
        found: String,
    },
    /// This key lost a durable write, so it must not sign again (TIME T22).
    Stopped {
        /// The file that says so.
        path: PathBuf,
    },
    /// Something failed since the folder was opened. Open it anew: it will be read again from what is
    /// on the disk.
    Halted,
    /// The folder is older than what its key has signed, so a copy was put back (TIME T22).
    Behind {
        /// Who knows of more.
        known_by: KnownBy,
        /// What it knows.
        known: Seen,
        /// How many entries the folder has.
        size: u64,
    },
    /// The folder has another past than the one that was signed.
    OtherPast {
        /// Who knows of the other.
        known_by: KnownBy,
        /// What it knows.
        known: Seen,
        /// The folder's root at that size.
        root: Hash,
    },
    /// What a key must remember is gone from one of its two places, or an older copy was put back there
    /// (TIME T22).
    Lost {
        /// The file with the data, and how often it was written.
        data: (PathBuf, u64),
        /// The file beside the keys, and how often it was written.
        kept: (PathBuf, u64),
    },
    /// Nothing beside the keys says how far this key has signed. Someone who knows has to.
    Unstated {
        /// The file that is missing.
        path: PathBuf,
        /// How far the folder goes.
        size: u64,
        /// Its root.
        root: Hash,
    },
    /// There is no such entry, or no such size.
    OutOfRange {
        /// What was asked for.
        asked: u64,
        /// How many entries there are.
        size: u64,
    },
    /// The first act of a register is a genesis, and no other is.
    NoGenesis,
    /// A checkpoint is of another register, of other entries, or below the one that is there.
    OtherCheckpoint(String),
    /// Entries that were handed over do not give the root that was signed. Nothing was changed.
    OtherEntries {
        /// The size.
        size: u64,
        /// The root that was signed.
        signed: Hash,
        /// That of the entries.
        found: Hash,
    },
    /// More bytes than are allowed, or none where some are needed.
    Length {
        /// How many there are.
        bytes: u64,
        /// How many may be.
        bytes_max: u64,
    },
    /// The witness has frozen this key: it cosigns nothing of it any more (TIME T20).
    Frozen,
    /// What is asked for goes back behind what was done.
    Backwards {
        /// What was done.
        done: Seen,
    },
}

/// Who knows how far a register went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownBy {
    /// What is kept beside the keys.
    Keys,
    /// A witness.
    Witness,
    /// The checkpoint in the folder.
    Checkpoint,
    /// The person who started it.
    Statement,
}

/// What is left to do once a key must not sign any more.
const LOST: &str = "this key signs nothing more here. If the last state of both folders is whole somewhere, go on there. \
    An intake key is replaced: `mithaq key new`, `mithaq act enrol`, `mithaq register role --intake`. For a \
    registrar's or a witness's key no command makes another: README.md, Keys";

/// The same, where what it remembers is missing altogether.
const UNSTATED: &str = "put the folder of keys back with the `kept/` that this key wrote last; without it the key signs \
    nothing more, since it might sign a second past: README.md, Keys";

impl Fault {
    /// A file's bytes are not what was written.
    pub(crate) fn garbled(path: &Path, what: impl Into<String>) -> Fault {
        Fault::Garbled { path: path.to_owned(), what: what.into() }
    }

    /// A stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Fault::Disk(_) => "register::disk",
            Fault::Garbled { .. } => "register::garbled",
            Fault::Locked { .. } => "register::locked",
            Fault::NotEmpty { .. } => "register::not_empty",
            Fault::NoRegister { .. } => "register::no_register",
            Fault::OtherRegister { .. } => "register::other_register",
            Fault::Stopped { .. } => "register::stopped",
            Fault::Halted => "register::halted",
            Fault::Behind { .. } => "register::behind",
            Fault::OtherPast { .. } => "register::other_past",
            Fault::Lost { .. } => "register::lost",
            Fault::Unstated { .. } => "register::unstated",
            Fault::OutOfRange { .. } => "register::out_of_range",
            Fault::NoGenesis => "register::no_genesis",
            Fault::OtherCheckpoint(_) => "register::other_checkpoint",
            Fault::OtherEntries { .. } => "register::other_entries",
            Fault::Length { .. } => "register::length",
            Fault::Frozen => "register::frozen",
            Fault::Backwards { .. } => "register::backwards",
        }
    }

    /// What the user can do, where there is something.
    #[must_use]
    pub const fn help(&self) -> Option<&'static str> {
        match self {
            Fault::Disk(_) | Fault::Halted => Some("mend the disk, then start again; nothing was given out"),
            Fault::Garbled { .. } => Some("take this file from a mirror of the register, or from a backup"),
            Fault::Locked { .. } => Some("end the other process; one folder has one"),
            Fault::Stopped { .. } | Fault::Behind { .. } | Fault::OtherPast { .. } | Fault::Lost { .. } => {
                Some(LOST)
            }
            Fault::Unstated { .. } => Some(UNSTATED),
            Fault::NotEmpty { .. }
            | Fault::NoRegister { .. }
            | Fault::OtherRegister { .. }
            | Fault::OutOfRange { .. }
            | Fault::NoGenesis
            | Fault::OtherCheckpoint(_)
            | Fault::OtherEntries { .. }
            | Fault::Length { .. }
            | Fault::Frozen
            | Fault::Backwards { .. } => None,
        }
    }
}

impl From<DiskFault> for Fault {
    fn from(fault: DiskFault) -> Fault {
        Fault::Disk(fault)
    }
}

impl fmt::Display for KnownBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            KnownBy::Keys => "what is kept beside the keys",
            KnownBy::Witness => "a witness",
            KnownBy::Checkpoint => "the checkpoint in the folder",
            KnownBy::Statement => "who started it",
        })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Disk(fault) => fault.fmt(f),
            Fault::Garbled { path, what } => write!(f, "{} is damaged: {what}", path.display()),
            Fault::Locked { path } => write!(f, "another process has locked {}", path.display()),
            Fault::NotEmpty { path } => {
                write!(f, "there is a register in this folder already: {}", path.display())
            }
            Fault::NoRegister { path } => write!(f, "no register here: {} is missing", path.display()),
            Fault::OtherRegister { found } => write!(f, "this folder is of another register: {found}"),
            Fault::Stopped { path } => {
                write!(f, "this key has lost a write and must not sign again: see {}", path.display())
            }
            Fault::Halted => f.write_str("something failed before, so nothing more is signed"),
            Fault::Behind { known_by, known, size } => write!(
                f,
                "the folder has {size} entries, but {known_by} knows of {}: an older copy was put back",
                known.size
            ),
            Fault::OtherPast { known_by, known, root } => write!(
                f,
                "at size {} the folder's root is {root}, but {known_by} knows of {}",
                known.size, known.root
            ),
            Fault::Lost { data, kept } => write!(
                f,
                "{} was written {} times and {} {} times: one was lost, or an older copy was put back",
                data.0.display(),
                data.1,
                kept.0.display(),
                kept.1
            ),
            Fault::Unstated { path, size, root } => write!(
                f,
                "{} is missing, so nothing says that this key has signed no more than size {size}, root {root}",
                path.display()
            ),
            Fault::OutOfRange { asked, size } => {
                write!(f, "{asked} was asked for, and the register has {size} entries")
            }
            Fault::NoGenesis => f.write_str("a register begins with a genesis, and has no other"),
            Fault::OtherCheckpoint(what) => write!(f, "the checkpoint is not one of this folder: {what}"),
            Fault::OtherEntries { size, signed, found } => {
                write!(f, "the entries up to {size} have the root {found}, but {signed} was signed")
            }
            Fault::Length { bytes, bytes_max } => write!(f, "{bytes} bytes, where 1 to {bytes_max} may be"),
            Fault::Frozen => f.write_str("this witness has frozen the registrar's key"),
            Fault::Backwards { done } => write!(f, "that is behind size {}, root {}", done.size, done.root),
        }
    }
}

impl std::error::Error for Fault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Fault::Disk(fault) => Some(fault),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::Operation;

    #[test]
    fn each_fault_has_a_code_of_its_own_and_advice() {
        let path = PathBuf::from("register/tile/0/000");
        let known = Seen { size: 7, root: Hash::ZERO };
        let disk = DiskFault {
            path: path.clone(),
            operation: Operation::Sync,
            source: std::io::Error::other("gone"),
        };
        let faults = [
            (Fault::Disk(disk), "register::disk"),
            (Fault::Garbled { path: path.clone(), what: "it is cut off".to_owned() }, "register::garbled"),
            (Fault::Locked { path: path.clone() }, "register::locked"),
            (Fault::NotEmpty { path: path.clone() }, "register::not_empty"),
            (Fault::NoRegister { path: path.clone() }, "register::no_register"),
            (Fault::OtherRegister { found: "register.example/other".to_owned() }, "register::other_register"),
            (Fault::Stopped { path: path.clone() }, "register::stopped"),
            (Fault::Halted, "register::halted"),
            (Fault::Behind { known_by: KnownBy::Witness, known, size: 3 }, "register::behind"),
            (Fault::OtherPast { known_by: KnownBy::Keys, known, root: Hash::ZERO }, "register::other_past"),
            (Fault::Lost { data: (path.clone(), 2), kept: (path.clone(), 1) }, "register::lost"),
            (Fault::Unstated { path, size: 3, root: Hash::ZERO }, "register::unstated"),
            (Fault::OutOfRange { asked: 9, size: 3 }, "register::out_of_range"),
            (Fault::NoGenesis, "register::no_genesis"),
            (Fault::OtherCheckpoint("it is of another register".to_owned()), "register::other_checkpoint"),
            (
                Fault::OtherEntries { size: 3, signed: Hash::ZERO, found: Hash::ZERO },
                "register::other_entries",
            ),
            (Fault::Length { bytes: 0, bytes_max: 9 }, "register::length"),
            (Fault::Frozen, "register::frozen"),
            (Fault::Backwards { done: known }, "register::backwards"),
        ];
        for (fault, code) in &faults {
            assert_eq!(fault.code(), *code);
            let said = fault.to_string();
            assert!(!said.is_empty() && !said.contains("Fault"), "{said}");
        }
        let codes: std::collections::BTreeSet<&str> = faults.iter().map(|(fault, _)| fault.code()).collect();
        assert_eq!(codes.len(), faults.len());
    }
}
