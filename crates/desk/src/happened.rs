//! What happened, as pages tell it: in order, and by the matter that it is about.

use std::collections::BTreeMap;
use std::sync::Arc;

use act::value::MatterRef;
use docket::v1::Event;
use docket::v1::event::What;
use docket::view::matter_of;

/// Events in runs, so that what happens is put behind them without a copy of all that happened before.
#[derive(Clone, Default)]
pub(crate) struct Happened {
    runs: Vec<Arc<Run>>,
    /// The entries that have no effect, and why.
    odd: Arc<BTreeMap<u64, What>>,
    /// The entries that are an alarm.
    alarms: Arc<BTreeMap<u64, What>>,
}

/// What happened in a stretch, and what of it is about which matter.
struct Run {
    events: Vec<Event>,
    /// The place of each event that is about a matter, by a number that the matter comes to: found without reading all.
    about: Vec<(u32, u32)>,
}

impl Run {
    fn of(events: Vec<Event>) -> Run {
        let place =
            |(at, event): (usize, &Event)| Some((number(matter_of(&event.what)?), u32::try_from(at).ok()?));
        let mut about: Vec<(u32, u32)> = events.iter().enumerate().filter_map(place).collect();
        about.sort_unstable();
        Run { events, about }
    }

    /// What is about a matter, in order.
    fn about<'e>(&'e self, matter: &'e MatterRef) -> impl Iterator<Item = &'e Event> {
        let number = number(matter);
        let from = self.about.partition_point(|(known, _)| *known < number);
        let same = self.about[from..].iter().take_while(move |(known, _)| *known == number);
        let events = same.filter_map(|(_, place)| self.events.get(usize::try_from(*place).ok()?));
        events.filter(move |event| matter_of(&event.what) == Some(matter))
    }
}

/// A number that a matter comes to; few share one.
fn number(matter: &MatterRef) -> u32 {
    let act = match matter {
        MatterRef::Opened(act) => act,
        MatterRef::ByStep(item) => &item.act,
    };
    let [a, b, c, d, ..] = *act.0.as_bytes();
    u32::from_le_bytes([a, b, c, d])
}

impl Happened {
    /// All of it, in order.
    pub(crate) fn all(&self) -> impl DoubleEndedIterator<Item = &Event> {
        self.runs.iter().flat_map(|run| run.events.iter())
    }

    /// What happened in a matter, in order.
    pub(crate) fn about<'h>(&'h self, matter: &'h MatterRef) -> impl Iterator<Item = &'h Event> {
        self.runs.iter().flat_map(|run| run.about(matter))
    }

    /// Why an entry has no effect, if it has none.
    pub(crate) fn odd(&self, entry: u64) -> Option<&What> {
        self.odd.get(&entry)
    }

    /// The entries that are an alarm.
    pub(crate) fn alarms(&self) -> impl DoubleEndedIterator<Item = (u64, &What)> {
        self.alarms.iter().map(|(entry, what)| (*entry, what))
    }

    /// Takes in what happened since.
    pub(crate) fn extend(&mut self, mut more: Vec<Event>) {
        if more.is_empty() {
            return;
        }
        for event in &more {
            let Some(entry) = event.entry else { continue };
            if matches!(event.what, What::Void(_) | What::Malformed(_)) {
                Arc::make_mut(&mut self.odd).insert(entry, event.what.clone());
            }
            if matches!(event.what, What::Malformed(_) | What::SeenDiffers(_)) {
                Arc::make_mut(&mut self.alarms).insert(entry, event.what.clone());
            }
        }
        // A run is at least twice as long as the next: there are few of them, and each event is copied few times.
        while let Some(last) = self.runs.pop_if(|last| last.events.len() < 2 * more.len()) {
            let mut joined = last.events.clone();
            joined.append(&mut more);
            more = joined;
        }
        self.runs.push(Arc::new(Run::of(more)));
    }
}

#[cfg(test)]
mod tests {
    use docket::harness::lives::Lives;

    use super::*;

    const EXERCISE: &str = include_str!("../../../instruments/exercise.toml");

    #[test]
    fn what_is_about_a_matter_is_what_reading_all_finds() {
        let (mut found, mut several) = (0, 0);
        for seed in 0..4 {
            let mut lives = Lives::that_change(EXERCISE, seed);
            let (mut all, mut happened) = (Vec::new(), Happened::default());
            for _ in 0..20 {
                lives.play(4);
                let more = lives.world.live.take_events();
                all.extend(more.clone());
                happened.extend(more);
                several += usize::from(happened.runs.len() > 1);
            }
            assert_eq!(happened.all().collect::<Vec<_>>(), all.iter().collect::<Vec<_>>());
            for matter in lives.world.live.settlement().matters().values() {
                let plain: Vec<&Event> =
                    all.iter().filter(|event| matter_of(&event.what) == Some(&matter.id)).collect();
                assert_eq!(happened.about(&matter.id).collect::<Vec<_>>(), plain, "seed {seed}");
                found += plain.len();
            }
        }
        assert!(found > 200 && several > 20, "{found} {several}");
    }
}
