//! The lives of matters that a list has, in its order.

use std::collections::BTreeMap;

use act::value::StrandName;
use docket::v1::{Matter, MatterKey, Replay};
use terms::ParticipantId;

use super::{View, Wanted};
use crate::index::{Asks, Life, OfKind};

/// How many matters' titles are read for the words that are looked for: those that moved last, of those that all else lets
/// through.
pub(super) const WORDS_MAX: usize = if cfg!(test) { 2 } else { 2_000 };

/// What of a matter no index says.
#[derive(Clone, Copy)]
pub(super) struct Judges<'j> {
    /// Whether its place is one of those that are wanted.
    pub(super) lies: &'j dyn Fn(&Matter) -> bool,
    /// Whether its title has the words that are looked for.
    pub(super) reads: &'j dyn Fn(&Matter) -> bool,
}

/// What a list has.
#[derive(Default)]
pub(super) struct Found {
    /// Its lives in which something is asked, each with which of the asks is next in it: the least time left first.
    first: Vec<(Life, usize)>,
    /// Then what nobody holds, the newest first, by its place among the lives of the kind.
    rest: Vec<u32>,
    pub(super) counted: Counted,
    /// Whether there are matters whose titles were not read for the words.
    pub(super) is_cut: bool,
}

impl Found {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.first.len() + self.rest.len()
    }

    /// Its lives, in order.
    pub(super) fn rows<'m>(
        &'m self,
        matters: &'m OfKind,
    ) -> impl Iterator<Item = (Life, Option<usize>)> + 'm {
        let first = self.first.iter().map(|(life, next)| (*life, Some(*next)));
        first.chain(self.rest.iter().map(|place| (matters.lives()[*place as usize], None)))
    }
}

/// How many lives there are in each view, of those that the filter lets through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) open: u64,
    pub(super) ours: u64,
    pub(super) new: u64,
    pub(super) all: u64,
}

/// Finds them among all matters of the kind that is wanted.
pub(super) fn found(
    replay: &Replay,
    (matters, asks): (&OfKind, &[Asks]),
    me: &ParticipantId,
    (wanted, judges): (&Wanted<'_>, Judges<'_>),
) -> Found {
    let Wanted { kind, view, filter, new } = wanted;
    let mut next: BTreeMap<MatterKey, BTreeMap<&StrandName, usize>> = BTreeMap::new();
    for (place, ask) in asks.iter().enumerate() {
        if ask.kind == **kind && ask.is_pressing && ask.is_pressed && filter.counts(ask) {
            next.entry(ask.key).or_default().entry(&ask.strand).or_insert(place);
        }
    }
    let is_asked = matters.which(next.keys());
    let has_new = new.as_ref().filter(|new| !new.is_empty()).map(|new| matters.which(new.iter()));
    let (mut those, states) = (filter.matters(matters), filter.states(matters));
    if filter.area.is_some() {
        let all = replay.settlement().matters();
        let those = those.get_or_insert_with(|| vec![true; matters.keys().len()]);
        for (key, lets) in matters.keys().iter().zip(those) {
            *lets = *lets && all.lend(key).is_some_and(|matter| (judges.lies)(&matter));
        }
    }
    let said = filter.said(matters);
    // Of the newest that the rest lets through: whether the title has the words.
    let (mut read, mut is_cut) = (BTreeMap::<MatterKey, bool>::new(), false);
    let (mut counted, mut first, mut rest) = (Counted::default(), Vec::new(), Vec::new());
    for (place, life) in (0..).zip(matters.lives()) {
        let lets = those.as_ref().is_none_or(|those| OfKind::is_among(life, those))
            && states.as_ref().is_none_or(|states| matters.is_in(life, states))
            && said.as_ref().is_none_or(|said| matters.is_said(life, said))
            && filter.lets(life.since.0);
        if !lets {
            continue;
        }
        let next = match OfKind::is_among(life, &is_asked) {
            true => next
                .get(&matters.key(life))
                .and_then(|next| matters.life(replay, life, |_, name, _| next.get(name).copied()).flatten()),
            false => None,
        };
        if filter.wants_clock() && next.is_none() {
            continue;
        }
        if filter.words.is_some() {
            let key = matters.key(life);
            let has_words = match read.get(&key) {
                Some(has_words) => *has_words,
                None if read.len() == WORDS_MAX => {
                    is_cut = true;
                    false
                }
                None => {
                    let matter = replay.settlement().matters().lend(&key);
                    *read.entry(key).or_insert(matter.is_some_and(|matter| (judges.reads)(&matter)))
                }
            };
            if !has_words {
                continue;
            }
        }
        let is_over = matters.is_over(life);
        let is_ours = next.is_some_and(|place| asks[place].of.contains(me));
        let is_new = has_new.as_ref().is_some_and(|new| OfKind::is_among(life, new));
        counted.all += 1;
        counted.open += u64::from(!is_over);
        counted.ours += u64::from(is_ours);
        counted.new += u64::from(is_new);
        let is_shown = match view {
            View::All => true,
            View::Open => !is_over || is_ours,
            View::Ours => is_ours,
            View::New => is_new,
        };
        if is_shown {
            match next {
                Some(next) => first.push((*life, next)),
                None => rest.push(place),
            }
        }
    }
    first.sort_by_key(|(_, next)| *next);
    Found { first, rest, counted, is_cut }
}

#[cfg(test)]
mod tests;
