//! The list that is found by the index, beside the one that is found by going through every matter: in random lives of
//! matters, some of which are taken back and amended, the two are the same after each step.

use std::collections::{BTreeMap, BTreeSet};

use act::value::{FieldValue, Word};
use docket::harness::history::Dice;
use docket::harness::lives::Lives;
use docket::v1::matter::Strand;
use docket::view::asks;
use instrument::procedure::{Holds, StateKind};
use terms::{Code, Instant, Place};

use super::*;
use crate::index::Index;
use crate::index::marks::marked;
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

/// Stands for a title that has the words that are looked for.
fn reads(matter: &Matter) -> bool {
    !matter.opened.secs().is_multiple_of(5)
}

/// Whether a life has that in its fields, or is called so.
fn says(matter: &Matter, name: &StrandName, fields: &BTreeMap<Code, Code>) -> bool {
    fields.iter().all(|(field, value)| {
        let called = matter.procedure.strands.iter().position(|of| of == field);
        let called = called.and_then(|place| name.as_str().split(':').nth(place));
        let held = docket::v1::matter::words(matter.value(field, name)).map(ToString::to_string);
        match called {
            Some(called) => called == value.as_str(),
            None => held.into_iter().any(|held| held == value.as_str()),
        }
    })
}

/// When it happened, by the first field that is a time or a stretch of time.
fn happened(matter: &Matter) -> Option<Instant> {
    let is_time =
        |field: &instrument::procedure::Field| matches!(field.holds, Holds::Instant | Holds::Window);
    let (name, _) = matter.procedure.fields.iter().find(|(_, field)| is_time(field))?;
    match matter.value(name, matter.strands.keys().next()?)? {
        FieldValue::One(Word::Instant(at)) => Some(*at),
        FieldValue::Window(window) => Some(window.start),
        _ => None,
    }
}

/// The list, by going through every matter that there is.
fn plainly(
    replay: &Replay,
    now: Instant,
    me: &ParticipantId,
    wanted: &Wanted<'_>,
) -> (Vec<Said>, Counted, bool) {
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
            && filter.opener.as_ref().is_none_or(|opener| matter.opener == *opener)
            && filter.happened_since.is_none_or(|since| happened(matter).is_some_and(|at| at >= since))
            && filter.happened_until.is_none_or(|until| happened(matter).is_some_and(|at| at <= until))
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
    let (mut counted, mut found, mut lives) = (Counted::default(), Vec::new(), Vec::new());
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
            if lets(life, next.is_some()) && says(matter, name, &filter.fields) {
                lives.push((std::cmp::Reverse(life.since), *key, name, is_over, next));
            }
        }
    }
    // Of the newest matters alone the title is read.
    lives.sort_by_key(|(since, key, name, ..)| (*since, *key, *name));
    let mut newest: Vec<MatterKey> = Vec::new();
    for (_, key, ..) in &lives {
        if !newest.contains(key) {
            newest.push(*key);
        }
    }
    let is_cut = filter.words.is_some() && newest.len() > WORDS_MAX;
    newest.truncate(WORDS_MAX);
    let matters = replay.settlement().matters();
    let has_words = |key: &MatterKey| newest.contains(key) && reads(&matters[key]);
    for (since, key, name, is_over, next) in lives {
        if filter.words.is_some() && !has_words(&key) {
            continue;
        }
        let is_ours = next.is_some_and(|place| all_asks[place].of.contains(me));
        counted.all += 1;
        counted.open += u64::from(!is_over);
        counted.ours += u64::from(is_ours);
        let is_new = new.as_ref().is_some_and(|new| new.contains(&key));
        counted.new += u64::from(is_new);
        let is_shown = match view {
            View::New => is_new,
            View::All => true,
            View::Open => !is_over || is_ours,
            View::Ours => is_ours,
        };
        if is_shown {
            let order = (next.unwrap_or(usize::MAX), since, key, name);
            found.push((order, next));
        }
    }
    found.sort();
    (
        found.into_iter().map(|((_, _, key, name), next)| (key, name.to_string(), next)).collect(),
        counted,
        is_cut,
    )
}

/// The same by the index.
fn by_index(
    replay: &Replay,
    index: &Index,
    me: &ParticipantId,
    wanted: &Wanted<'_>,
) -> (Vec<Said>, Counted, bool) {
    let Some(matters) = index.kind(wanted.kind) else { return (Vec::new(), Counted::default(), false) };
    let judges = Judges { lies: &lies, reads: &reads };
    let found = found(replay, (matters, index.asks()), me, (wanted, judges));
    let said = |(life, next): (Life, _)| {
        let name = matters.life(replay, &life, |_, name, _| name.clone()).expect("it is on the docket");
        (matters.key(&life), name.to_string(), next)
    };
    let rows: Vec<Said> = found.rows(matters).map(said).collect();
    assert_eq!(rows.len(), found.len());
    (rows, found.counted, found.is_cut)
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

/// A filter of what matters of a kind say.
fn filter_of(dice: &mut Dice, replay: &Replay, kind: &Code) -> Filter {
    let matters: Vec<&Matter> = all(replay).into_iter().filter(|matter| matter.kind == *kind).collect();
    let one = dice.one_of(&matters);
    let mut filter = Filter::default();
    filter.opener = dice.one_in(4).then(|| one.opener.clone());
    filter.happened_since = happened(one).filter(|_| dice.one_in(5));
    filter.happened_until = happened(one).filter(|_| dice.one_in(5));
    filter.words = dice.one_in(2).then(|| "x".to_owned());
    let (name, _) = one.strands.iter().next().expect("each has a life");
    for field in marked(&one.procedure) {
        let called = one.procedure.strands.iter().position(|of| *of == field);
        let called = called.and_then(|place| Code::new(name.as_str().split(':').nth(place)?));
        let held = docket::v1::matter::words(one.value(&field, name)).next();
        let value = called.or_else(|| Code::new(&held?.to_string()));
        filter.fields.extend(value.filter(|_| dice.one_in(3)).map(|value| (field, value)));
    }
    filter
}

#[test]
fn a_list_by_the_index_is_the_list() {
    let (mut rows, mut filtered, mut over, mut asked, mut news) = (0, 0, 0, 0, 0);
    let (mut said, mut cut) = (0, 0);
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
                let filters =
                    [Filter::default(), filter(&mut dice, replay, &me), filter_of(&mut dice, replay, kind)];
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
                    said += usize::from(!plain.0.is_empty() && !wanted.filter.fields.is_empty());
                    cut += usize::from(plain.2);
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
    assert!(rows > 500 && filtered > 20 && over > 50 && asked > 50, "{rows} {filtered} {over} {asked}");
    assert!(news > 50 && said > 30 && cut > 5, "{news} {said} {cut}");
}
