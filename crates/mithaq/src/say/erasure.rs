//! By when what was handed over without prejudice is erased (PRACTICE N16).

use docket::v1::Replay;
use docket::v1::exhibit::Exhibit;
use docket::view::erase_by;
use serde_json::{Value, json};
use terms::{Instant, ParticipantId};

use super::{and, label, labels};
use crate::show::time::utc;

/// An exhibit whose copies are to be destroyed.
pub(crate) struct Erasure<'r> {
    /// By when.
    pub(crate) by: Instant,
    pub(crate) exhibit: &'r Exhibit,
    /// Who has not said that it destroyed its copy, of those who may have one.
    pub(crate) holders: Vec<ParticipantId>,
}

/// What is to be erased, the soonest first.
pub(crate) fn all(replay: &Replay) -> Vec<Erasure<'_>> {
    let exhibits = replay.settlement().exhibits().iter();
    let mut all: Vec<Erasure<'_>> = exhibits.filter_map(|(_, exhibit)| of(replay, exhibit)).collect();
    all.sort_by(|a, b| (a.by, &a.exhibit.reference).cmp(&(b.by, &b.exhibit.reference)));
    all
}

/// Whether and by when an exhibit is to be erased: not while its matter is open, nor once all have destroyed it.
pub(crate) fn of<'r>(replay: &'r Replay, exhibit: &'r Exhibit) -> Option<Erasure<'r>> {
    let by = erase_by(replay, exhibit)?;
    let mut holders: Vec<ParticipantId> = exhibit.granted.keys().cloned().collect();
    if !holders.contains(&exhibit.filer) {
        holders.push(exhibit.filer.clone());
    }
    holders.retain(|who| !exhibit.destroyed.contains_key(who));
    holders.sort();
    (!holders.is_empty()).then_some(Erasure { by, exhibit, holders })
}

impl Erasure<'_> {
    /// `North and South destroy their copies by …`
    pub(crate) fn says(&self, replay: &Replay) -> String {
        let instrument = replay.instrument();
        let (verb, copies) =
            if self.holders.len() == 1 { ("destroys", "its copy") } else { ("destroy", "their copies") };
        let who = and(&labels(instrument, &self.holders));
        let held: Vec<String> = self
            .exhibit
            .holds
            .iter()
            .filter(|(_, (until, _))| *until > self.by)
            .map(|(who, (until, _))| {
                format!("; {} wants it kept until {}", label(instrument, who), utc(*until))
            })
            .collect();
        format!("without prejudice: {who} {verb} {copies} by {}{}", utc(self.by), held.concat())
    }

    pub(crate) fn value(&self) -> Value {
        json!({"exhibit": self.exhibit.reference.to_string(), "by": self.by, "holders": self.holders})
    }
}
