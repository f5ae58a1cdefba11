//! What can go wrong in a node, for a person to read.

use std::fmt;
use std::path::PathBuf;

/// Why something was not done. What was on the disk before still is.
#[derive(Debug)]
pub enum Fault {
    /// The register's files.
    Register(register::Fault),
    /// A file of the node could not be read or written.
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// A file of the node does not say what it should.
    Garbled {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// The keyring.
    Keys(vault::KeyError),
    /// Sealing.
    Seal(vault::SealError),
    /// Keeping sealed bytes.
    Keep(vault::KeepError),
    /// Opening.
    Open(vault::OpenError),
    /// There is no key of this name here.
    NoKey(String),
    /// An act that would not be one.
    Form(act::FormFault),
    /// An act with its lines.
    Entry(act::EntryFault),
    /// The registrar refused it.
    Refused {
        /// On which ground.
        ground: terms::RefusalGround,
        /// What that means.
        why: String,
    },
    /// The register can't be replayed.
    Unfit(docket::v1::Unfit),
    /// Something that was asked for is not there.
    Unknown(String),
    /// What was brought does not fit what is here.
    Foreign(String),
    /// Only a node of another role does this.
    Role(String),
}

impl Fault {
    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Fault {
        let path = path.into();
        move |error| Fault::Io { path, error }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Register(fault) => fault.fmt(f),
            Fault::Io { path, error } => write!(f, "{}: {error}", path.display()),
            Fault::Garbled { path, what } => write!(f, "{}: {what}", path.display()),
            Fault::Keys(error) => error.fmt(f),
            Fault::Seal(error) => error.fmt(f),
            Fault::Keep(error) => error.fmt(f),
            Fault::Open(error) => error.fmt(f),
            Fault::NoKey(name) => write!(f, "there is no key `{name}` in this keyring"),
            Fault::Form(fault) => write!(f, "the act: {fault}"),
            Fault::Entry(fault) => write!(f, "the act: {fault}"),
            Fault::Refused { ground, why } => write!(f, "refused ({ground}): {why}"),
            Fault::Unfit(unfit) => unfit.fmt(f),
            Fault::Unknown(what) | Fault::Foreign(what) | Fault::Role(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for Fault {}

macro_rules! from {
    ($($error:ty => $variant:ident),+ $(,)?) => {$(
        impl From<$error> for Fault {
            fn from(error: $error) -> Fault {
                Fault::$variant(error)
            }
        }
    )+};
}

from! {
    register::Fault => Register,
    vault::KeyError => Keys,
    vault::SealError => Seal,
    vault::KeepError => Keep,
    vault::OpenError => Open,
    act::FormFault => Form,
    act::EntryFault => Entry,
    docket::v1::Unfit => Unfit,
}
