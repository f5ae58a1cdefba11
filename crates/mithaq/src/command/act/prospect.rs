//! An act that would come to nothing, said before it is signed: what is signed stands for good.

use docket::v1::{Prospect, VoidReason};
use terms::RefusalGround;

use crate::failure::{Exit, Failure};

/// Why an act is not signed, unless it is wanted all the same.
pub(super) fn failure(prospect: Prospect) -> Failure {
    let (message, why) = match prospect {
        Prospect::Void(reason) => (format!("this would be void: {reason}"), of_void(reason)),
        Prospect::Refused(ground) => (format!("this would be refused: `{ground}`"), of_refusal(ground)),
    };
    Failure::new(Exit::Refused, "mithaq::to_no_effect", message)
        .help(why)
        .help("nothing was signed; `--anyway` signs it all the same, and it stands for good")
}

pub(crate) const fn of_void(reason: VoidReason) -> &'static str {
    match reason {
        VoidReason::Excluded => "it names a group that the instrument excludes as holder of something",
        VoidReason::Unknown => "it names something that there is not, or that has not come in yet",
        VoidReason::Closed => "no such matter can be opened any more",
        VoidReason::NoPower => "it is not this participant's to do",
        VoidReason::OwnHand => "it must be done with the participant's own hand",
        VoidReason::TwoOfficers => "two officers have to sign it: `--by` again",
        VoidReason::Vacant => "it names a seat that nobody has taken",
        VoidReason::Late => "its time has run out",
        VoidReason::WrongState => "things do not stand so that it could be done, or it is done already",
        VoidReason::Form => "a receiver, time, choice, field or file is not as the rules ask",
        VoidReason::NotCitable => "it cites what is without prejudice",
    }
}

pub(crate) const fn of_refusal(ground: RefusalGround) -> &'static str {
    match ground {
        RefusalGround::Form => "it is no act of this register",
        RefusalGround::Signature => "a signature of it does not hold",
        RefusalGround::Key => {
            "a key that signs it is not on record, is over, may not do this, or is not enough; or a key that it \
             brings in, or its label, was used before"
        }
        RefusalGround::Number => "its number was used before: write it anew",
        RefusalGround::Previous => "it does not follow on its key's last act: write it anew",
        RefusalGround::Duplicate => "it is in the register already",
        RefusalGround::Quota => "this participant is over its quota for the day",
    }
}
