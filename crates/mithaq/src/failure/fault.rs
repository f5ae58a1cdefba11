//! What the libraries say, as a failure of a command: its code, its exit, its advice.

use node::Fault;
use vault::{GrantError, KeepError, KeyError, OpenError, SealError};

use super::{Exit, Failure, is_no_folder, plain};

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Failure {
        match fault {
            Fault::Register(fault) => register(&fault),
            Fault::Keys(error) => error.into(),
            Fault::Seal(error) => error.into(),
            Fault::Keep(error) => error.into(),
            Fault::Open(error) => error.into(),
            other => node(&other),
        }
    }
}

/// The node's own: its code and its help stand beside it.
fn node(fault: &Fault) -> Failure {
    let (exit, message) = match fault {
        Fault::Io { path, error } => {
            let exit = match error.kind() {
                std::io::ErrorKind::NotFound | std::io::ErrorKind::AlreadyExists => Exit::Usage,
                _ => Exit::Machine,
            };
            (exit, format!("`{}`: {}", path.display(), plain(error)))
        }
        Fault::Garbled { path, what } | Fault::Bundle { path, what } => {
            (Exit::Usage, format!("`{}`: {what}", path.display()))
        }
        Fault::Form(form) => (Exit::Refused, format!("this is no act: {form}")),
        Fault::Entry(entry) => (Exit::Refused, format!("this is no act: {entry}")),
        Fault::Refused { ground, .. } => (Exit::Refused, format!("the registrar refused it: `{ground}`")),
        Fault::Unfit(unfit) => (unfit_exit(unfit), unfit.to_string()),
        Fault::NotForUs { .. } => (Exit::Undecided, fault.to_string()),
        Fault::Role(_) | Fault::Numbered { .. } | Fault::StampBehind { .. } => {
            (Exit::Refused, fault.to_string())
        }
        Fault::Annex { .. }
        | Fault::NoKey(_)
        | Fault::Unknown(_)
        | Fault::Lacks { .. }
        | Fault::Foreign(_)
        | Fault::Register(_)
        | Fault::Keys(_)
        | Fault::Seal(_)
        | Fault::Keep(_)
        | Fault::Open(_) => (Exit::Usage, fault.to_string()),
    };
    let mut failure = Failure::new(exit, fault.code(), message);
    if let Fault::Refused { ground, .. } = fault {
        failure = failure.help(crate::command::act::why_refused(*ground));
    }
    match fault.help() {
        Some(help) => failure.help(help),
        None => failure,
    }
}

fn register(fault: &register::Fault) -> Failure {
    let exit = match fault {
        register::Fault::Disk(_) | register::Fault::Halted | register::Fault::Locked { .. } => Exit::Machine,
        register::Fault::Garbled { .. }
        | register::Fault::OtherPast { .. }
        | register::Fault::OtherCheckpoint(_)
        | register::Fault::OtherEntries { .. } => Exit::Wrong,
        register::Fault::Stopped { .. }
        | register::Fault::Behind { .. }
        | register::Fault::Lost { .. }
        | register::Fault::Unstated { .. }
        | register::Fault::Frozen
        | register::Fault::Backwards { .. } => Exit::Refused,
        register::Fault::NotEmpty { .. }
        | register::Fault::NoRegister { .. }
        | register::Fault::OtherRegister { .. }
        | register::Fault::OutOfRange { .. }
        | register::Fault::NoGenesis
        | register::Fault::Length { .. } => Exit::Usage,
    };
    let failure = Failure::new(exit, fault.code(), fault);
    match fault.help() {
        Some(help) => failure.help(help),
        None => failure,
    }
}

const fn unfit_exit(unfit: &docket::v1::Unfit) -> Exit {
    match unfit {
        docket::v1::Unfit::MissingAnnex(_) | docket::v1::Unfit::UnknownRules(_) => Exit::Undecided,
        docket::v1::Unfit::Genesis(_) => Exit::Wrong,
        docket::v1::Unfit::Instrument(_) | docket::v1::Unfit::Policy(_) => Exit::Usage,
    }
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
            OpenError::Write(error) if is_no_folder(error) => Exit::Usage,
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
