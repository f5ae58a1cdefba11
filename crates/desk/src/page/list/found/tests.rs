//! The list that is found by the index, beside the one that is found by going through every matter: in random lives of
//! matters, some of which are taken back and amended, the two are the same after each step.

use std::collections::{BTreeMap, BTreeSet};

use docket::harness::history::Dice;
use docket::harness::lives::Lives;
use docket::v1::matter::Strand;
use docket::view::asks;
use instrument::procedure::StateKind;
use terms::{Code, Instant, Place};

use super::*;
use crate::index::Index;
use crate::map::place_of;
use crate::page::list::filter::{Filter, MapBox, Side};
use crate::words::clock::is_pressing;

const EXERCISE: &str = include_str!("../../../../../../instruments/exercise.toml");

/// A life, as both say it: its matter, its strand, and which of the asks is next in it.
type Said = (MatterKey, String, Option<usize>);

/// Stands for the area that a place lies in: what says that is tested where it stands.
fn lies(matter: &Matter) -> bool {
    matter.opened.secs().is_multiple_of(3)
}

/// The list, by going through every matter that there is.
fn plainly(replay: &Replay, now: Instant, me: &ParticipantId, wanted: &Wanted<'_>) -> (Vec<Said>, Counted) {
    let Wanted { kind, view, filter, new } = wanted;
    let all_asks = asks(replay, now);
    let mut next: BTreeMap<(MatterKey, &StrandName), usize> = BTreeMap::new();
    for (place, ask) in all_asks.iter().enumerate() {
        let counts = filter.of.as_ref().is_none_or(|of| ask.of.contains(of));
        if is_pressing(ask) && ask.rule.is_pressed() && counts {
            next.entry((ask.key, ask.strand)).or_insert(place);
        }
    }
    let lets_matter = |matter: &Matter| {
        filter.reference.as_ref().is_none_or(|part| matter.reference.to_string().contains(part))
            && (filter.area.is_none() || lies(matter))
            && filter.within.is_none_or(|within| {
                place_of(matter).is_some_and(|place| within.holds(place.lat_e7, place.lon_e7))
            })
    };
    let lets = |life: &Strand, is_asked: bool| {
        filter.state.as_ref().is_none_or(|state| life.state == *state)
            && (filter.of.is_none() || is_asked)
            && filter.since.is_none_or(|since| life.since >= since)
            && filter.until.is_none_or(|until| life.since <= until)
    };
    let (mut counted, mut found) = (Counted::default(), Vec::new());
    let of_kind = |matter: &Matter| matter.kind == **kind && lets_matter(matter);
    for key in replay.settlement().matters().keys() {
        let matter = &replay.settlement().matters()[key];
        if !of_kind(matter) {
            continue;
        }
        for (name, life) in matter.strands.iter() {
            let state = matter.procedure.state(&life.state);
            let is_over = state.is_none_or(|state| state.kind == StateKind::End);
            let next = next.get(&(*key, name)).copied();
            if !lets(life, next.is_some()) {
                continue;
            }
            let is_ours = next.is_some_and(|place| all_asks[place].of.contains(me));
            counted.all += 1;
            counted.open += u64::from(!is_over);
            counted.ours += u64::from(is_ours);
            let is_new = new.as_ref().is_some_and(|new| new.contains(key));
            counted.new += u64::from(is_new);
            let is_shown = match view {
                View::New => is_new,
                View::All => true,
                View::Open => !is_over || is_ours,
                View::Ours => is_ours,
            };
            if is_shown {
                let order = (next.unwrap_or(usize::MAX), std::cmp::Reverse(life.since), *key, name);
                found.push((order, next));
            }
        }
    }
    found.sort();
    (found.into_iter().map(|((_, _, key, name), next)| (key, name.to_string(), next)).collect(), counted)
}

/// The same by the index.
fn by_index(replay: &Replay, index: &Index, me: &ParticipantId, wanted: &Wanted<'_>) -> (Vec<Said>, Counted) {
    let Some(matters) = index.kind(wanted.kind) else { return (Vec::new(), Counted::default()) };
    let found = found(replay, (matters, index.asks()), me, (wanted, &lies));
    let said = |(life, next): (Life, _)| {
        let name = matters.life(replay, &life, |_, name, _| name.clone()).expect("it is on the docket");
        (matters.key(&life), name.to_string(), next)
    };
    let rows: Vec<Said> = found.rows(matters).map(said).collect();
    assert_eq!(rows.len(), found.len());
    (rows, found.counted)
}

fn all(replay: &Replay) -> Vec<&Matter> {
    let matters = replay.settlement().matters();
    matters.keys().map(|key| &matters[key]).collect()
}

/// A filter of what stands on the docket, and of what does not.
fn filter(dice: &mut Dice, replay: &Replay, me: &ParticipantId) -> Filter {
    let matters = all(replay);
    let mut filter = Filter::default();
    if matters.is_empty() {
        return filter;
    }
    let mut lives = || -> Strand {
        let one = dice.one_of(&matters);
        one.strands.values().next().expect("each has a life").clone()
    };
    let (state, since, until) = (lives().state, lives().since, lives().since);
    let reference = dice.one_of(&matters).reference.to_string();
    let place = dice.one_of(&matters).clone();
    filter.state = dice.one_in(3).then_some(state);
    filter.of = dice.one_in(3).then(|| me.clone());
    filter.since = dice.one_in(4).then_some(since);
    filter.until = dice.one_in(4).then_some(until);
    let from = usize::try_from(dice.below(reference.len() as u64 - 1)).expect("small");
    let to = from + 1 + usize::try_from(dice.below((reference.len() - from) as u64)).expect("small");
    filter.reference = dice.one_in(3).then(|| reference[from..to].to_owned());
    let Place { lat_e7, lon_e7, .. } =
        place_of(&place).unwrap_or(Place { lat_e7: 0, lon_e7: 0, radius_m: 0 });
    let around = [lon_e7 - 5, lat_e7 - 5, lon_e7 + 5, lat_e7 + 5];
    filter.area = dice.one_in(6).then_some(Side::NotDetermined);
    filter.within = dice.one_in(6).then_some(MapBox(around));
    filter
}

#[test]
fn a_list_by_the_index_is_the_list() {
    let (mut rows, mut filtered, mut over, mut asked, mut news) = (0, 0, 0, 0, 0);
    for seed in 0..10 {
        let mut lives = Lives::that_change(EXERCISE, seed);
        let mut dice = Dice::new(1000 + seed);
        let mut before = lives.world.live.clone();
        let mut index = Index::of(&before);
        for _ in 0..25 {
            lives.play(4);
            let replay = lives.world.live.clone();
            index = index.after(&before, &replay);
            before = replay;
            let (replay, now) = (&before, lives.world.now);
            let kinds: BTreeSet<&Code> = all(replay).into_iter().map(|it| &it.kind).collect();
            assert_eq!(index.kinds().map(|(kind, _)| kind).collect::<BTreeSet<_>>(), kinds);
            let people: Vec<ParticipantId> = replay.instrument().participants.keys().cloned().collect();
            let me = dice.one_of(&people);
            for kind in kinds {
                let filters = [Filter::default(), filter(&mut dice, replay, &me)];
                for filter in filters {
                    let view = dice.one_of(&[View::All, View::Open, View::Ours, View::New]);
                    let new = dice.one_in(2).then(|| {
                        all(replay)
                            .into_iter()
                            .filter_map(|it| index.find(&it.reference))
                            .filter(|_| dice.one_in(3))
                            .collect()
                    });
                    let wanted = Wanted { kind, view, filter, new };
                    let plain = plainly(replay, now, &me, &wanted);
                    assert_eq!(
                        by_index(replay, &index, &me, &wanted),
                        plain,
                        "seed {seed}, {:?}",
                        wanted.filter
                    );
                    rows += plain.0.len();
                    filtered += usize::from(plain.1.all > 0 && wanted.filter.state.is_some());
                    over += plain.1.all - plain.1.open;
                    asked += plain.1.ours;
                    news += plain.1.new;
                }
                // What stands around every page, and what a search finds.
                let of_index = index.kind(kind).expect("there are some");
                let matters = replay.settlement().matters();
                let open = replay.settlement().open_matters().keys().filter(|key| matters[key].kind == *kind);
                assert_eq!(of_index.open(), open.count());
                let of_kind = all(replay).into_iter().filter(|matter| matter.kind == *kind);
                let states: BTreeSet<&Code> =
                    of_kind.flat_map(|matter| matter.strands.values().map(|life| &life.state)).collect();
                assert_eq!(of_index.states_now(), states);
            }
            for (key, matter) in replay.settlement().matters().iter() {
                assert_eq!(index.find(&matter.reference), Some(*key));
            }
            let plain = asks(replay, now);
            assert_eq!(index.asks().len(), plain.len());
            for (one, ask) in index.asks().iter().zip(&plain) {
                let again = one.at(replay, now).expect("it is asked");
                assert_eq!((again.key, again.strand, again.step), (ask.key, ask.strand, ask.step));
                assert_eq!((&again.standing, &one.of), (&ask.standing, &ask.of));
                assert_eq!((one.is_pressing, one.is_pressed), (is_pressing(ask), ask.rule.is_pressed()));
            }
        }
    }
    assert!(
        rows > 500 && filtered > 20 && over > 50 && asked > 50 && news > 50,
        "{rows} {filtered} {over} {asked} {news}"
    );
}
