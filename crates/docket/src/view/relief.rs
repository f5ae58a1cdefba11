//! Relief that somebody asked for, and that waits for others.

use std::collections::{BTreeMap, BTreeSet};

use act::value::StrandName;
use instrument::who::Deciders;
use terms::{Instant, ParticipantId};

use crate::v1::{Asked, Matter, MatterKey, Replay};

/// Relief that waits for more voices. Voices add up only if they say the same (TIME T16).
#[derive(Clone, Debug)]
pub struct ReliefSought<'r> {
    /// In which matter.
    pub key: MatterKey,
    /// The same.
    pub matter: &'r Matter,
    /// What is asked for, which others have to say too.
    pub asked: Asked<'r>,
    /// Who said it, each in these entries.
    pub voices: &'r BTreeMap<ParticipantId, Vec<u64>>,
    /// By whom it is given; none, where nobody may give it any more.
    pub takes: Option<&'r Deciders>,
    /// Whose voice would count now, of those that have not said it; nobody, where it would come too late.
    pub could_join: BTreeSet<ParticipantId>,
}

/// The relief that waits in open matters, in their order.
#[must_use]
pub fn relief_sought(replay: &Replay) -> Vec<ReliefSought<'_>> {
    let open = replay.settlement().open_matters().keys();
    open.flat_map(|key| relief_sought_in(replay, *key)).collect()
}

/// The relief that waits in one matter.
#[must_use]
pub fn relief_sought_in(replay: &Replay, key: MatterKey) -> Vec<ReliefSought<'_>> {
    let mut all = replay.settlement().relief_sought(key).peekable();
    // Most have none, and are not looked at.
    let Some(matter) = all.peek().and_then(|_| replay.settlement().matters().get(&key)) else {
        return Vec::new();
    };
    all.map(|(asked, voices)| {
        let takes = asked.by(&matter.law.instrument.relief);
        let could_join = takes.map(|by| joiners(replay, matter, asked, by)).unwrap_or_default();
        let could_join = could_join.into_iter().filter(|who| !voices.contains_key(who)).collect();
        ReliefSought { key, matter, asked, voices, takes, could_join }
    })
    .collect()
}

/// Whose voice would count in every strand that it is for.
fn joiners(replay: &Replay, matter: &Matter, asked: Asked<'_>, by: &Deciders) -> BTreeSet<ParticipantId> {
    let high = replay.timeline().register_time().unwrap_or(Instant::EPOCH);
    let is_vacant =
        |id: &ParticipantId| replay.ledger().is_vacant(id) && !replay.ledger().is_transcribed_for(id);
    let strands: Vec<&StrandName> = match asked.strands {
        [] => matter.strands.keys().collect(),
        named => named.iter().collect(),
    };
    let mut joiners: Option<BTreeSet<ParticipantId>> = None;
    for name in strands {
        let fits = matter.strands.get(name).is_some_and(|strand| asked.fits(matter, strand, high).is_ok());
        if !fits {
            return BTreeSet::new();
        }
        let speakers = matter.needs(by, name, &is_vacant).speakers;
        joiners = Some(match joiners {
            Some(so_far) => so_far.intersection(&speakers).cloned().collect(),
            None => speakers,
        });
    }
    joiners.unwrap_or_default()
}
