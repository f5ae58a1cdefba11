//! What the libraries say, as a failure of a command: its code, its exit, its advice.

use node::Fault;
use vault::{GrantError, KeepError, KeyError, OpenError, SealError};

use super::{Exit, Failure, plain};

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Failure {
        match fault {
            Fault::Register(fault) => register(&fault),
            Fault::Io { path, error } => {
                let message = format!("`{}`: {}", path.display(), plain(&error));
                match error.kind() {
                    std::io::ErrorKind::NotFound | std::io::ErrorKind::AlreadyExists => {
                        Failure::usage("mithaq::unreadable", message)
                    }
                    _ => Failure::new(Exit::Machine, "mithaq::machine", message).help("look to the disk"),
                }
            }
            Fault::Garbled { path, what } => {
                Failure::usage("mithaq::garbled", format!("`{}`: {what}", path.display()))
            }
            Fault::Keys(error) => error.into(),
            Fault::Seal(error) => error.into(),
            Fault::Keep(error) => error.into(),
            Fault::Open(error) => error.into(),
            Fault::NoKey(name) => {
                Failure::usage("mithaq::no_key", format!("there is no key `{name}` in this keyring"))
                    .help("`mithaq key list` says which there are")
            }
            Fault::Form(fault) => {
                Failure::new(Exit::Refused, fault.what.code(), format!("this is no act: {fault}"))
            }
            Fault::Entry(fault) => {
                Failure::new(Exit::Refused, fault.code(), format!("this is no act: {fault}"))
            }
            Fault::Refused { ground, why } => Failure::new(
                Exit::Refused,
                "mithaq::refused",
                format!("the registrar refused it: `{ground}`"),
            )
            .help(why),
            Fault::Unfit(unfit) => unfit_register(&unfit),
            Fault::Unknown(what) => Failure::usage("mithaq::unknown", what),
            Fault::Foreign(what) => Failure::usage("mithaq::foreign", what),
            Fault::Role(what) => Failure::new(Exit::Refused, "mithaq::role", what),
        }
    }
}

fn register(fault: &register::Fault) -> Failure {
    let (exit, code) = match fault {
        register::Fault::Disk(_) => (Exit::Machine, "register::disk"),
        register::Fault::Halted => (Exit::Machine, "register::halted"),
        register::Fault::Locked { .. } => (Exit::Machine, "register::locked"),
        register::Fault::Garbled { .. } => (Exit::Wrong, "register::garbled"),
        register::Fault::NotEmpty { .. } => (Exit::Usage, "register::not_empty"),
        register::Fault::NoRegister { .. } => (Exit::Usage, "register::no_register"),
        register::Fault::OtherRegister { .. } => (Exit::Usage, "register::other_register"),
        register::Fault::Stopped { .. } => (Exit::Refused, "register::stopped"),
        register::Fault::Behind { .. } => (Exit::Refused, "register::behind"),
        register::Fault::OtherPast { .. } => (Exit::Wrong, "register::other_past"),
        register::Fault::Lost { .. } => (Exit::Refused, "register::lost"),
        register::Fault::Unstated { .. } => (Exit::Refused, "register::unstated"),
        register::Fault::OutOfRange { .. } => (Exit::Usage, "register::out_of_range"),
        register::Fault::NoGenesis => (Exit::Usage, "register::no_genesis"),
        register::Fault::OtherCheckpoint(_) => (Exit::Wrong, "register::other_checkpoint"),
        register::Fault::OtherEntries { .. } => (Exit::Wrong, "register::other_entries"),
        register::Fault::Length { .. } => (Exit::Usage, "register::length"),
        register::Fault::Frozen => (Exit::Refused, "register::frozen"),
        register::Fault::Backwards { .. } => (Exit::Refused, "register::backwards"),
    };
    let failure = Failure::new(exit, code, fault);
    match fault.help() {
        Some(help) => failure.help(help),
        None => failure,
    }
}

fn unfit_register(unfit: &docket::v1::Unfit) -> Failure {
    let (exit, code) = match unfit {
        docket::v1::Unfit::MissingAnnex(_) => (Exit::Undecided, "docket::missing_annex"),
        docket::v1::Unfit::UnknownRules(_) => (Exit::Undecided, "docket::unknown_rules"),
        docket::v1::Unfit::Genesis(_) => (Exit::Wrong, "docket::genesis"),
        docket::v1::Unfit::Instrument(_) => (Exit::Usage, "docket::instrument"),
        docket::v1::Unfit::Policy(_) => (Exit::Usage, "docket::policy"),
    };
    Failure::new(exit, code, unfit)
}

impl From<KeyError> for Failure {
    fn from(error: KeyError) -> Failure {
        let exit = match &error {
            KeyError::Io(_) | KeyError::Changed => Exit::Machine,
            KeyError::Missing
            | KeyError::Exists
            | KeyError::TargetExists
            | KeyError::WrongPassphrase
            | KeyError::Damaged
            | KeyError::Foreign
            | KeyError::Malformed(_)
            | KeyError::TooMuchWork { .. } => Exit::Usage,
        };
        Failure::new(exit, error.code(), &error).help(error.help())
    }
}

impl From<SealError> for Failure {
    fn from(error: SealError) -> Failure {
        let exit = match &error {
            SealError::NoRecipient | SealError::TooManyRecipients { .. } | SealError::Read(_) => Exit::Usage,
            SealError::Write(_) => Exit::Machine,
        };
        Failure::new(exit, error.code(), &error).help(error.help())
    }
}

impl From<KeepError> for Failure {
    fn from(error: KeepError) -> Failure {
        let exit = match &error {
            KeepError::Differs { .. } => Exit::Wrong,
            KeepError::Missing => Exit::Undecided,
            KeepError::Read(_) | KeepError::Write(_) => Exit::Machine,
        };
        Failure::new(exit, error.code(), &error).help(error.help())
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Failure {
        let exit = match &error {
            OpenError::TargetExists => Exit::Usage,
            OpenError::Read(_) | OpenError::Write(_) => Exit::Machine,
            OpenError::Grant(GrantError::NotForMe) => Exit::Undecided,
            OpenError::Grant(
                GrantError::NotAge | GrantError::Passphrase | GrantError::Corrupt | GrantError::Malformed(_),
            )
            | OpenError::GrantForAnother { .. }
            | OpenError::WrongRecipient
            | OpenError::SealedDiffers { .. }
            | OpenError::NotAge
            | OpenError::Passphrase
            | OpenError::NotForRecipient
            | OpenError::Corrupt
            | OpenError::CommitmentDiffers => Exit::Wrong,
        };
        Failure::new(exit, error.code(), &error).help(error.help())
    }
}
