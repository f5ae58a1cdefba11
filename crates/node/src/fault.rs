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
    /// The same, and there is something to be done about it.
    Lacks {
        /// What is not there.
        what: String,
        /// What to do.
        help: &'static str,
    },
    /// A bundle is sealed to somebody else.
    NotForUs {
        /// Which.
        path: PathBuf,
    },
    /// What was brought does not fit what is here.
    Foreign(String),
    /// An act names an annex that is not at hand, or has another size than the act says.
    Annex {
        /// Its hash.
        hash: terms::Hash,
        /// How many bytes the act says.
        bytes: u64,
        /// How many it has, if it is there.
        found: Option<u64>,
    },
    /// Only a node of another role does this.
    Role(String),
    /// A bundle is not what it says, or not whole. Nothing of it was taken in that is not whole.
    Bundle {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// This key has signed an act with this number, or a higher one.
    Numbered {
        /// The key.
        key: String,
        /// The number that was asked for.
        n: u64,
        /// The last that it signed.
        last: u64,
    },
    /// The register shows a later stamp of this node's key than its chain remembers.
    StampBehind {
        /// The act that is under the stamp.
        act: terms::ActId,
    },
}

impl Fault {
    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Fault {
        let path = path.into();
        move |error| Fault::Io { path, error }
    }
}

impl Fault {
    /// A stable code, as the command line prints it.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Fault::Register(fault) => fault.code(),
            Fault::Io { error, .. } if is_path(error) => "mithaq::unreadable",
            Fault::Io { .. } => "mithaq::machine",
            Fault::Garbled { .. } => "mithaq::garbled",
            Fault::Keys(error) => error.code(),
            Fault::Seal(error) => error.code(),
            Fault::Keep(error) => error.code(),
            Fault::Open(error) => error.code(),
            Fault::NoKey(_) => "mithaq::no_key",
            Fault::Form(fault) => fault.what.code(),
            Fault::Entry(fault) => fault.code(),
            Fault::Refused { .. } => "mithaq::refused",
            Fault::Unfit(unfit) => match unfit {
                docket::v1::Unfit::Genesis(_) => "docket::genesis",
                docket::v1::Unfit::MissingAnnex(_) => "docket::missing_annex",
                docket::v1::Unfit::UnknownRules(_) => "docket::unknown_rules",
                docket::v1::Unfit::Instrument(_) => "docket::instrument",
                docket::v1::Unfit::Policy(_) => "docket::policy",
            },
            Fault::Unknown(_) | Fault::Lacks { .. } => "mithaq::unknown",
            Fault::NotForUs { .. } => "mithaq::not_for_us",
            Fault::Foreign(_) => "mithaq::foreign",
            Fault::Annex { .. } => "mithaq::annex",
            Fault::Role(_) => "mithaq::role",
            Fault::Bundle { .. } => "mithaq::garbled",
            Fault::Numbered { .. } => "mithaq::numbered",
            Fault::StampBehind { .. } => "mithaq::stamp_behind",
        }
    }

    /// Whether the disk had no room for what was to be written.
    #[must_use]
    pub fn is_full(&self) -> bool {
        let error = match self {
            Fault::Io { error, .. } => error,
            Fault::Register(register::Fault::Disk(fault)) => &fault.source,
            Fault::Keys(vault::KeyError::Io(error)) => error,
            Fault::Seal(vault::SealError::Write(error))
            | Fault::Keep(vault::KeepError::Write(error))
            | Fault::Open(vault::OpenError::Write(error)) => error,
            _ => return false,
        };
        error.kind() == std::io::ErrorKind::StorageFull
    }

    /// What to do, where there is something.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        match self {
            Fault::Register(fault) => fault.help(),
            Fault::Io { error, .. } if is_path(error) => None,
            Fault::Io { .. } => Some("look to the disk"),
            Fault::Garbled { .. } => Some("take this file from a backup"),
            Fault::Keys(error) => Some(error.help()),
            Fault::Seal(error) => Some(error.help()),
            Fault::Keep(error) => Some(error.help()),
            Fault::Open(error) => Some(error.help()),
            Fault::NoKey(_) => Some("`mithaq key list` says which there are"),
            Fault::Refused { why, .. } => Some(why),
            Fault::Annex { found: None, .. } => Some("hand the act in with the annex: `--annex FILE`"),
            Fault::Annex { .. } => Some("write the act anew, with the size that its annex has"),
            Fault::Bundle { .. } => Some("ask for it again; what was whole in it was taken in"),
            Fault::Numbered { .. } => Some("write the act anew: it gets the next number"),
            Fault::StampBehind { .. } => Some("enrol a new intake key: this one must not stamp again"),
            Fault::Lacks { help, .. } => Some(help),
            Fault::NotForUs { .. } => Some(
                "it opens with the `seal` key of whom it was made for: take the keyring that has it, or ask for \
                 a bundle to one that is here",
            ),
            Fault::Unfit(docket::v1::Unfit::MissingAnnex(_)) => {
                Some("ask for a whole bundle: its sender makes it with `mithaq bundle export --whole`")
            }
            Fault::Role(_) => Some(
                "`mithaq status` says what this node is; what another does is carried to it: `mithaq bundle export`",
            ),
            Fault::Form(_) | Fault::Entry(_) | Fault::Unfit(_) | Fault::Unknown(_) | Fault::Foreign(_) => {
                None
            }
        }
    }
}

/// Whether it is about what a person named, and not about the disk.
fn is_path(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::AlreadyExists)
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Register(fault) => fault.fmt(f),
            Fault::Io { path, error } => write!(f, "{}: {error}", path.display()),
            Fault::Numbered { key, n, last } => {
                write!(f, "`{key}` has signed number {last}, so no other act with number {n}")
            }
            Fault::StampBehind { act } => write!(
                f,
                "the register has a stamp of this node on the act {act} that its key does not remember: an older \
                 copy was put back"
            ),
            Fault::Annex { hash, bytes, found: None } => {
                write!(f, "the act names the annex {}, of {bytes} bytes, which is not here", hash.to_hex())
            }
            Fault::Annex { hash, bytes, found: Some(found) } => {
                write!(
                    f,
                    "the act says that the annex {} has {bytes} bytes, and it has {found}",
                    hash.to_hex()
                )
            }
            Fault::Garbled { path, what } | Fault::Bundle { path, what } => {
                write!(f, "{}: {what}", path.display())
            }
            Fault::Keys(error) => error.fmt(f),
            Fault::Seal(error) => error.fmt(f),
            Fault::Keep(error) => error.fmt(f),
            Fault::Open(error) => error.fmt(f),
            Fault::NoKey(name) => write!(f, "there is no key `{name}` in this keyring"),
            Fault::Form(fault) => write!(f, "the act: {fault}"),
            Fault::Entry(fault) => write!(f, "the act: {fault}"),
            Fault::Refused { ground, why } => write!(f, "refused ({ground}): {why}"),
            Fault::Unfit(unfit) => unfit.fmt(f),
            Fault::NotForUs { path } => {
                write!(f, "`{}` is sealed to none of the keys that are here", path.display())
            }
            Fault::Lacks { what, .. } => f.write_str(what),
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
