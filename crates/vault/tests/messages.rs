//! What a person reads when something is wrong. The snapshot is regenerated and read, never edited.

use std::fmt::Write as _;
use std::io;

use terms::Hash;
use vault::{
    GrantError, GrantFlaw, KeepError, KeyError, KeyringFlaw, OpenError, Recipient, RecipientError, SealError,
};

#[test]
fn all_of_them() {
    let full = || io::Error::other("no space is left");
    let hash = Hash::of(b"");
    let mut page = String::new();
    let mut show = |code: &str, message: String, help: &str| {
        writeln!(page, "error[{code}]: {message}\n  = help: {help}").expect("a string takes all");
    };

    for error in [
        Recipient::parse("age1pq1qqqqqqqq").expect_err("not yet"),
        RecipientError::Malformed,
        RecipientError::NotCanonical,
        RecipientError::SmallOrder,
    ] {
        show(error.code(), error.to_string(), error.help());
    }
    for error in [
        SealError::NoRecipient,
        SealError::TooManyRecipients { given: 65 },
        SealError::Read(full()),
        SealError::Write(full()),
    ] {
        show(error.code(), error.to_string(), error.help());
    }
    for error in [
        OpenError::Grant(GrantError::NotAge),
        OpenError::Grant(GrantError::Passphrase),
        OpenError::Grant(GrantError::NotForMe),
        OpenError::Grant(GrantError::Corrupt),
        OpenError::Grant(GrantError::Malformed(GrantFlaw::TooLong)),
        OpenError::Grant(GrantError::Malformed(GrantFlaw::NotText)),
        OpenError::Grant(GrantError::Malformed(GrantFlaw::Version)),
        OpenError::Grant(GrantError::Malformed(GrantFlaw::Exhibit)),
        OpenError::Grant(GrantError::Malformed(GrantFlaw::Salt)),
        OpenError::Grant(GrantError::Malformed(GrantFlaw::MediaType)),
        OpenError::Grant(GrantError::Malformed(GrantFlaw::Name)),
        OpenError::Grant(GrantError::Malformed(GrantFlaw::Identity)),
        OpenError::Grant(GrantError::Malformed(GrantFlaw::Ending)),
        OpenError::GrantForAnother { named: hash },
        OpenError::WrongRecipient,
        OpenError::SealedDiffers { hash, size: 812 },
        OpenError::NotAge,
        OpenError::Passphrase,
        OpenError::NotForRecipient,
        OpenError::Corrupt,
        OpenError::CommitmentDiffers,
        OpenError::TargetExists,
        OpenError::Read(full()),
        OpenError::Write(full()),
    ] {
        show(error.code(), error.to_string(), error.help());
    }
    for error in [
        KeepError::Differs { hash, size: 812 },
        KeepError::Missing,
        KeepError::Read(full()),
        KeepError::Write(full()),
    ] {
        show(error.code(), error.to_string(), error.help());
    }
    let name = || "register.example/x/north/a".to_owned();
    for error in [
        KeyError::Missing,
        KeyError::Exists,
        KeyError::TargetExists,
        KeyError::WrongPassphrase,
        KeyError::Damaged,
        KeyError::Foreign,
        KeyError::Malformed(KeyringFlaw::TooLong),
        KeyError::Malformed(KeyringFlaw::Version),
        KeyError::Malformed(KeyringFlaw::Line { number: 4 }),
        KeyError::Malformed(KeyringFlaw::Name { name: name() }),
        KeyError::Malformed(KeyringFlaw::WrongSecret { name: name() }),
        KeyError::Malformed(KeyringFlaw::Taken { name: name() }),
        KeyError::TooMuchWork { asked: 21 },
        KeyError::Changed,
        KeyError::Io(full()),
    ] {
        show(error.code(), error.to_string(), error.help());
    }
    insta::assert_snapshot!(page);
}
