//! What comes to the whole agreement, and can't be undone (TIME T18).

use act::value::StrandName;
use instrument::procedure::Effect;
use terms::Instant;

use crate::v1::{Matter, MatterKey, Replay};

/// An effect that is on its way.
#[derive(Clone, Debug)]
pub struct Comes<'r> {
    /// By which matter.
    pub key: MatterKey,
    /// The same.
    pub matter: &'r Matter,
    /// By which of its strands.
    pub strand: &'r StrandName,
    /// What comes.
    pub effect: Effect,
    /// When, as it stands: not if what led there is taken back before, or the state is left.
    pub at: Instant,
}

/// All effects that are on their way, the soonest first.
#[must_use]
pub fn coming(replay: &Replay) -> Vec<Comes<'_>> {
    let keys = replay.settlement().with_coming_effects().into_iter();
    let matters = keys.filter_map(|key| Some((key, replay.settlement().matters().get(&key)?)));
    let strands = matters.flat_map(|(key, matter)| matter.strands.iter().map(move |it| (key, matter, it)));
    let comes = |(key, matter, (strand, life)): (_, _, (_, &crate::v1::matter::Strand))| {
        let coming = life.coming.as_ref()?;
        Some(Comes { key, matter, strand, effect: coming.effect, at: coming.at })
    };
    let mut all: Vec<Comes<'_>> = strands.filter_map(comes).collect();
    all.sort_by_key(|one| (one.at, one.key));
    all
}
