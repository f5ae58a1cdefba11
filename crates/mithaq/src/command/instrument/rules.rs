//! What an instrument says of quotas, keys, exhibits and its successor, in sentences.

use instrument::Instrument;
use instrument::who::Deciders;
use terms::Custody;

use super::words::deciders;

use crate::show::text::{bytes, count};

pub(super) fn lines(instrument: &Instrument) -> Vec<String> {
    let mut lines = vec![format!(
        "A participant may hand in {} and {} of annexes a day.",
        count(instrument.quota.acts.into(), "act", "acts"),
        bytes(instrument.quota.bytes.into())
    )];
    lines.extend(
        instrument.custody.0.iter().map(|(what, custody)| format!("For `{what}`, {}.", lies(*custody))),
    );
    let other = if instrument.custody.0.is_empty() { "any act" } else { "any other act" };
    lines.push(format!("For {other}, {}.", lies(Custody::Node)));
    let exhibits = &instrument.exhibits;
    let by = |by: &Option<Deciders>, otherwise: &str| {
        by.as_ref().map_or_else(|| otherwise.to_owned(), |by| deciders(instrument, by).says)
    };
    const ARBITER: &str = "the monitor, else any guarantor but the one who filed it";
    lines.push(format!("A challenge of an exhibit is judged by {}.", by(&exhibits.arbiter, ARBITER)));
    lines.push(format!("That an exhibit be held may be asked by {}.", by(&exhibits.hold, "any participant")));
    lines.push(format!(
        "That an exhibit be destroyed for a person's safety may be said by {}.",
        by(&exhibits.destroy, ARBITER)
    ));
    lines.push(format!(
        "Exhibits without prejudice are erased {} after their matter.",
        count(instrument.tiers.erasure_days.into(), "day", "days")
    ));
    for (kind, states) in &instrument.transitions {
        let states: Vec<String> = states.iter().map(|(old, new)| format!("`{old}` → `{new}`")).collect();
        lines.push(format!(
            "When this takes the place of the instrument before, open matters of the kind `{kind}` move: {}.",
            states.join(", ")
        ));
    }
    lines
}

fn lies(custody: Custody) -> &'static str {
    match custody {
        Custody::Hosted => "the key may lie with an operator",
        Custody::Node => "the key lies at least on the participant's own node",
        Custody::Device => "the key lies on a device in the officer's hand",
    }
}
