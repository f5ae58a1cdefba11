//! What an instrument says of quotas, keys, exhibits and its successor is read, and what it leaves out has its
//! default.

use instrument::rules::{ExhibitRules, Quota, TierRules};
use instrument::{Instrument, library};
use terms::{Code, Custody, Kind};

const EXERCISE: &str = include_str!("../../../instruments/exercise.toml");

fn with(more: &str) -> Instrument {
    let (instrument, found) = instrument::read(&format!("{EXERCISE}{more}"), &library::shipped());
    assert_eq!(found, []);
    instrument.expect("an instrument")
}

fn code(text: &str) -> Code {
    Code::new(text).expect("a code")
}

#[test]
fn what_is_left_out_has_its_default() {
    let plain = with("");
    assert_eq!((plain.quota.acts, plain.quota.bytes), (1_000, 67_108_864));
    assert_eq!(plain.tiers.erasure_days, 90);
    assert_eq!(plain.exhibits, ExhibitRules::default());
    assert_eq!(plain.custody.least(Kind::Step, Some(&code("find"))), Custody::Node);
    assert!(plain.transitions.is_empty());
}

#[test]
fn what_is_said_is_read() {
    let said = with(
        "[quota]\nacts = 50\n[custody]\nopen = \"hosted\"\nstep = \"node\"\nfind = \"device\"\nreserve = \"hosted\"\n\
         [exhibits]\narbiter = [\"secretariat\", \"any of guarantors\"]\nhold = \"everyone\"\n\
         [tiers]\nerasure = 30\n[transition.request]\nwaiting = \"put\"\n",
    );
    // A key that is left out of a table has its default too.
    assert_eq!(said.quota, Quota { acts: 50, ..Quota::default() });
    assert_eq!(said.tiers, TierRules { erasure_days: 30 });
    assert_eq!(said.exhibits.arbiter.map(|by| by.to_string()).as_deref(), Some("secretariat and guarantors"));
    assert_eq!(said.exhibits.destroy, None);
    // The stricter of what is said of the kind of act and of the step.
    for (kind, step, least) in [
        (Kind::Open, None, Custody::Hosted),
        (Kind::Step, Some("find"), Custody::Device),
        (Kind::Step, Some("reserve"), Custody::Node),
        (Kind::Step, Some("assess"), Custody::Node),
        (Kind::Offer, None, Custody::Node),
    ] {
        assert_eq!(said.custody.least(kind, step.map(code).as_ref()), least, "{kind} {step:?}");
    }
    assert_eq!(said.transitions[&code("request")][&code("waiting")], code("put"));
}
