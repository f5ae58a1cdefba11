//! Each fault of a node has a stable code, and says what to do where there is something.

use docket::v1::Unfit;
use node::Fault;
use terms::{ActId, Hash, RefusalGround};

#[test]
fn codes_are_stable() {
    let words = || "a reason".to_owned();
    for (fault, code) in [
        (Fault::Unfit(Unfit::Genesis(words())), "docket::genesis"),
        (Fault::Unfit(Unfit::MissingAnnex(Hash::ZERO)), "docket::missing_annex"),
        (Fault::Unfit(Unfit::UnknownRules(2)), "docket::unknown_rules"),
        (Fault::Unfit(Unfit::Instrument(vec![words()])), "docket::instrument"),
        (Fault::Unfit(Unfit::Policy(vec![words()])), "docket::policy"),
        (Fault::Numbered { key: "north/liaison-1".to_owned(), n: 3, last: 3 }, "mithaq::numbered"),
        (Fault::StampBehind { act: ActId(Hash::ZERO) }, "mithaq::stamp_behind"),
        (Fault::Annex { hash: Hash::ZERO, bytes: 8, found: None }, "mithaq::annex"),
        (Fault::Annex { hash: Hash::ZERO, bytes: 8, found: Some(9) }, "mithaq::annex"),
        (Fault::NoKey("north/liaison-1".to_owned()), "mithaq::no_key"),
        (Fault::Refused { ground: RefusalGround::Quota, why: words() }, "mithaq::refused"),
        (Fault::Role(words()), "mithaq::role"),
        (Fault::Foreign(words()), "mithaq::foreign"),
        (Fault::Unknown(words()), "mithaq::unknown"),
    ] {
        assert_eq!(fault.code(), code);
        assert!(!fault.to_string().is_empty() && !fault.to_string().contains("Fault"), "{fault}");
    }
}
