//! What happened, as pages tell it: in order, and by what it is about. All but the last of it lies in the docket's attic.

use std::collections::BTreeMap;
use std::sync::Arc;

use act::value::MatterRef;
use docket::v1::Attic;
use docket::v1::Event;
use docket::v1::attic::InMemory;
use docket::v1::event::{What, from_bytes, to_bytes};
use docket::view::matter_of;
use terms::{ActId, Instant, Item};

/// So many events lie together.
const PIECE: usize = 32;

/// So many of the last are in memory, at least.
const NEAR: usize = if cfg!(test) { 40 } else { 512 };

/// So many pieces stand in one list, of which a copy shares all but the last.
const LISTED: usize = 1024;

/// Events in order. A copy costs little, and none of what happens is put behind a copy of all that happened before.
#[derive(Clone)]
pub struct Happened {
    attic: Arc<dyn Attic>,
    /// The pieces that lie there: the time of the first event of each, and its place.
    lies: Vec<Arc<Vec<(Instant, u64)>>>,
    /// What happened behind them.
    near: Arc<Vec<Event>>,
    /// What is about something: a number that its act comes to, and the place among all events; in runs of later and later
    /// events, each run in order.
    about: Vec<Arc<Vec<(u32, u32)>>>,
    /// The entries that have no effect, and why.
    odd: Arc<BTreeMap<u64, What>>,
    /// The entries that are an alarm.
    alarms: Arc<BTreeMap<u64, What>>,
    /// When somebody could not be reached, as it was said.
    cuts: Arc<Vec<What>>,
}

impl Default for Happened {
    fn default() -> Happened {
        Happened::in_attic(Arc::new(InMemory::default()))
    }
}

/// A number that an act comes to; few share one.
fn number(act: &ActId) -> u32 {
    let [a, b, c, d, ..] = *act.0.as_bytes();
    u32::from_le_bytes([a, b, c, d])
}

const fn act_of(matter: &MatterRef) -> &ActId {
    match matter {
        MatterRef::Opened(act) => act,
        MatterRef::ByStep(item) => &item.act,
    }
}

/// The exhibit that somebody was granted later than it was filed, or with it.
const fn granted(what: &What) -> Option<&Item> {
    match what {
        What::Granted(item, _) => Some(item),
        _ => None,
    }
}

impl Happened {
    /// Nothing yet; what comes lies there.
    pub fn in_attic(attic: Arc<dyn Attic>) -> Happened {
        Happened {
            attic,
            lies: Vec::new(),
            near: Arc::default(),
            about: Vec::new(),
            odd: Arc::default(),
            alarms: Arc::default(),
            cuts: Arc::default(),
        }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.pieces() * PIECE + self.near.len()
    }

    /// All but the first so many, in order.
    pub fn from(&self, first: usize) -> impl Iterator<Item = Event> {
        let piece = (first / PIECE).min(self.pieces());
        let lying = (piece..self.pieces()).flat_map(|piece| self.piece(piece));
        lying.chain(self.near.iter().cloned()).skip(first.saturating_sub(piece * PIECE))
    }

    /// All of them from a time up to a time, the last first: none happens before one that is told before it.
    pub fn back(&self, since: Option<Instant>, until: Option<Instant>) -> impl Iterator<Item = Event> {
        let until = until.unwrap_or(Instant::LAST);
        let near = self.near.iter().rev().cloned();
        let begun =
            self.lies.iter().flat_map(|list| list.iter()).take_while(|(first, _)| *first <= until).count();
        let lying = (0..begun).rev().flat_map(|piece| self.piece(piece).into_iter().rev());
        let back = near.chain(lying).skip_while(move |event| event.at > until);
        back.take_while(move |event| since.is_none_or(|since| event.at >= since))
    }

    /// What happened in a matter, in order.
    pub fn about<'h>(&'h self, matter: &'h MatterRef) -> impl Iterator<Item = Event> + 'h {
        self.with(act_of(matter)).filter(move |event| matter_of(&event.what) == Some(matter))
    }

    /// Each grant of an exhibit, in order.
    pub fn grants_of<'h>(&'h self, item: &'h Item) -> impl Iterator<Item = Event> + 'h {
        self.with(&item.act).filter(move |event| granted(&event.what) == Some(item))
    }

    /// What is about something that an act, or one with the same number, made.
    fn with(&self, act: &ActId) -> impl Iterator<Item = Event> + '_ {
        let number = number(act);
        let mut places: Vec<usize> = Vec::new();
        for run in &self.about {
            let from = run.partition_point(|(known, _)| *known < number);
            let same = run[from..].iter().take_while(|(known, _)| *known == number);
            places.extend(same.filter_map(|(_, place)| usize::try_from(*place).ok()));
        }
        let mut last: Option<(usize, Vec<Event>)> = None;
        places.into_iter().filter_map(move |place| {
            let piece = place / PIECE;
            if piece >= self.pieces() {
                return self.near.get(place - self.pieces() * PIECE).cloned();
            }
            let (_, events) = match last.take() {
                Some((known, events)) if known == piece => last.insert((piece, events)),
                _ => last.insert((piece, self.piece(piece))),
            };
            events.get(place % PIECE).cloned()
        })
    }

    /// Why an entry has no effect, if it has none.
    pub fn odd(&self, entry: u64) -> Option<&What> {
        self.odd.get(&entry)
    }

    /// The entries that are an alarm.
    pub fn alarms(&self) -> impl DoubleEndedIterator<Item = (u64, &What)> {
        self.alarms.iter().map(|(entry, what)| (*entry, what))
    }

    /// Each time in which somebody could not be reached, as it was said, in order.
    pub fn cuts(&self) -> impl DoubleEndedIterator<Item = &What> {
        self.cuts.iter()
    }

    fn pieces(&self) -> usize {
        self.lies.last().map_or(0, |last| (self.lies.len() - 1) * LISTED + last.len())
    }

    fn piece(&self, piece: usize) -> Vec<Event> {
        let (_, place) = self.lies[piece / LISTED][piece % LISTED];
        from_bytes(&self.attic.get(place)).unwrap_or_else(|| self.attic.is_damaged(place))
    }

    /// Takes in what happened since.
    pub fn extend(&mut self, more: Vec<Event>) {
        if more.is_empty() {
            return;
        }
        let mut about = Vec::new();
        for (place, event) in (self.count()..).zip(&more) {
            let act =
                matter_of(&event.what).map(act_of).or_else(|| granted(&event.what).map(|item| &item.act));
            about.extend(act.and_then(|act| Some((number(act), u32::try_from(place).ok()?))));
            if matches!(event.what, What::Cut(..)) {
                Arc::make_mut(&mut self.cuts).push(event.what.clone());
            }
            let Some(entry) = event.entry else { continue };
            if matches!(event.what, What::Void(_) | What::Malformed(_)) {
                Arc::make_mut(&mut self.odd).insert(entry, event.what.clone());
            }
            if matches!(event.what, What::Malformed(_) | What::SeenDiffers(_)) {
                Arc::make_mut(&mut self.alarms).insert(entry, event.what.clone());
            }
        }
        about.sort_unstable();
        // A run is at least twice as long as the next: there are few of them, and each place is copied few times.
        while let Some(last) = self.about.pop_if(|last| last.len() < 2 * about.len()) {
            let mut joined = Vec::with_capacity(last.len() + about.len());
            joined.extend_from_slice(&last);
            joined.append(&mut about);
            joined.sort();
            about = joined;
        }
        self.about.push(Arc::new(about));
        let near = Arc::make_mut(&mut self.near);
        near.extend(more);
        if near.len() < NEAR * 2 {
            return;
        }
        let whole = (near.len() - NEAR) / PIECE * PIECE;
        let away: Vec<Event> = near.drain(..whole).collect();
        for piece in away.chunks(PIECE) {
            let place = self.attic.put(&to_bytes(piece));
            match self.lies.last_mut().filter(|last| last.len() < LISTED) {
                Some(last) => Arc::make_mut(last).push((piece[0].at, place)),
                None => self.lies.push(Arc::new(vec![(piece[0].at, place)])),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use docket::harness::lives::Lives;

    use super::*;

    const EXERCISE: &str = include_str!("../../../instruments/exercise.toml");

    #[test]
    fn what_is_told_is_what_reading_all_finds() {
        let (mut found, mut granted, mut pieces) = (0, 0, 0);
        for seed in 0..6 {
            let mut lives = Lives::that_change(EXERCISE, seed);
            let (mut all, mut happened) = (Vec::new(), Happened::default());
            for round in 0..60_u8 {
                lives.play(6);
                let mut more = lives.world.live.take_events();
                let (at, who) =
                    (more.last().map(|last| last.at), lives.world.live.ledger().seats().keys().next());
                if let (Some(at), Some(who)) = (at, who) {
                    let item = Item::exhibit(ActId(terms::Hash::of(&[round % 7])), u32::from(round % 3) + 1);
                    more.push(Event { at, entry: None, what: What::Granted(item, who.clone()) });
                }
                all.extend(more.clone());
                happened.extend(more);
            }
            pieces += happened.pieces();
            assert_eq!(happened.count(), all.len());
            for first in [0, 1, PIECE, all.len() / 2, all.len() - 1, all.len(), all.len() + 1] {
                assert!(
                    happened.from(first).eq(all.iter().skip(first).cloned()),
                    "seed {seed}, from {first}"
                );
            }
            for until in
                [None, all.first(), all.get(all.len() / 3), all.last()].map(|one| one.map(|one| one.at))
            {
                let plain = all.iter().rev().filter(|event| until.is_none_or(|until| event.at <= until));
                assert!(
                    happened.back(None, until).eq(plain.clone().cloned()),
                    "seed {seed}, until {until:?}"
                );
                for since in
                    [all.first(), all.get(all.len() / 4), all.last()].map(|one| one.map(|one| one.at))
                {
                    let plain = plain.clone().filter(|event| since.is_none_or(|since| event.at >= since));
                    assert!(
                        happened.back(since, until).eq(plain.cloned()),
                        "seed {seed}, {since:?} to {until:?}"
                    );
                }
            }
            for matter in lives.world.live.settlement().matters().values() {
                let plain = all.iter().filter(|event| matter_of(&event.what) == Some(&matter.id));
                let plain: Vec<Event> = plain.cloned().collect();
                assert_eq!(happened.about(&matter.id).collect::<Vec<_>>(), plain, "seed {seed}");
                found += plain.len();
            }
            for round in 0..21_u8 {
                let item = Item::exhibit(ActId(terms::Hash::of(&[round % 7])), u32::from(round % 3) + 1);
                let plain =
                    all.iter().filter(|event| matches!(&event.what, What::Granted(one, _) if *one == item));
                granted += plain.clone().count();
                assert!(happened.grants_of(&item).eq(plain.cloned()), "seed {seed}, {item}");
            }
        }
        assert!(found > 1000 && granted > 100 && pieces > 50, "{found} {granted} {pieces}");
    }
}
