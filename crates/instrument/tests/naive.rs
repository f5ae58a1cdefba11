//! Exploration counts participants who are alike; this knows each by name, and looks at every life the long way. On
//! small procedures made at random they find the same, at the same number of nodes.

mod dice;

use std::collections::{BTreeMap, BTreeSet};

use dice::Dice;
use instrument::explore::{EDGES_MOST, Trap, explore_one};
use instrument::procedure::{Procedure, Silence, StateKind, Step};
use instrument::tally::{Needs, Outcome, Seats, Target};
use instrument::who::Set;
use instrument::{Instrument, library};
use terms::{Code, ParticipantId};

const AGREEMENT: &str = r#"
[instrument]
name = "Small agreement"
exercise = true
languages = ["en"]
authentic = ["en"]
order = "alphabetical"
basis = "text"
[participant.north]
role = "party"
names = { own = "North" }
[participant.south]
role = "party"
names = { own = "South" }
[participant.harbour]
role = "guarantor"
names = { own = "Harbour" }
[participant.secretariat]
role = "monitor"
names = { own = "Secretariat" }
[body.trio]
members = ["north", "harbour", "secretariat"]
chair = "secretariat"
decides = "2"
quorum = ["secretariat", "any of guarantors"]
[calendar]
zone = "+00:00"
"#;

fn random_procedure(dice: &mut Dice) -> String {
    let mut text = String::from(
        "[procedure.ask]\ntitle = \"Question\"\nref = \"ASK\"\nstrands = [\"asked\"]\nseen_by = \"everyone\"\n\
         against = [\"f\"]\n[procedure.ask.fields]\nasked = \"participant of parties\"\n\
         [procedure.ask.states]\na = \"A.\"\nb = \"B.\"\n[procedure.ask.rests]\nr = \"R.\"\n\
         [procedure.ask.ends]\ne = \"E.\"\nf = \"F.\"\n[procedure.ask.open]\nby = \"parties\"\nto = \"a\"\n",
    );
    let all = ["a", "b", "r", "e", "f"];
    for step in 0..2 + dice.below(3) {
        let from = *dice.one(&["\"a\"", "\"b\"", "[\"a\", \"b\"]", "[\"b\", \"r\"]", "\"any\"", "\"a\""]);
        let by = *dice.one(&[
            "\"opener\"",
            "\"asked\"",
            "\"parties\"",
            "\"all of parties\"",
            "\"trio\"",
            "\"quorum of trio\"",
            "\"most of everyone\"",
            "\"everyone other than opener\"",
            "[\"monitors\", \"any of parties\"]",
            "\"chair of trio\"",
        ]);
        text.push_str(&format!("[procedure.ask.step.s{step}]\nfrom = {from}\nby = {by}\n"));
        match dice.below(4) {
            0 => {}
            1 => text.push_str(&format!("to = \"{}\"\n", dice.one(&all))),
            _ => {
                let (one, two) = (*dice.one(&all), *dice.one(&["a", "b", "e", "stay"]));
                text.push_str(&format!("choice = {{ yes = \"{one}\", no = \"{two}\" }}\n"));
            }
        }
        if dice.below(2) == 0 {
            text.push_str(&format!("split = \"{}\"\n", dice.one(&all)));
        }
        match dice.below(4) {
            0 => {}
            1 => text.push_str("due = \"72h after finality\"\n"),
            _ => text.push_str(&format!(
                "due = \"72h after finality\"\nsilence = {{ proceed = \"{}\" }}\n",
                dice.one(&all)
            )),
        }
    }
    text
}

/// A noted clock.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Noted {
    Runs,
    RunOut,
    Done,
}

/// Where a strand is, by the names of who has spoken.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Place {
    state: Code,
    noted: BTreeMap<Code, Noted>,
    voices: BTreeMap<Code, BTreeMap<ParticipantId, Target>>,
}

/// Who moves, to where, and whether that gains time.
type Moves = Vec<(Option<ParticipantId>, Place, bool)>;

struct Lives<'a> {
    procedure: &'a Procedure,
    needs: BTreeMap<Code, Needs>,
    places: BTreeMap<Place, Moves>,
}

fn silent(step: &Step) -> Option<&Code> {
    match &step.silence {
        Silence::Moves { to, .. } => Some(to),
        Silence::Noted => None,
    }
}

impl<'a> Lives<'a> {
    fn of(
        instrument: &'a Instrument,
        procedure: &'a Procedure,
        opener: &ParticipantId,
        asked: &ParticipantId,
    ) -> Lives<'a> {
        let members = |set: &Set| match set {
            Set::Opener => BTreeSet::from([opener.clone()]),
            Set::Field(_) => BTreeSet::from([asked.clone()]),
            set => instrument.members(set).into_iter().cloned().collect(),
        };
        let seats = Seats { members: &members, bodies: &instrument.bodies, vacant: &|_| false };
        let needs =
            procedure.steps.iter().map(|(name, step)| (name.clone(), Needs::of(&step.by, &seats))).collect();
        let mut lives = Lives { procedure, needs, places: BTreeMap::new() };
        let mut new = vec![lives.entered(&procedure.open.to)];
        while let Some(place) = new.pop() {
            if !lives.places.contains_key(&place) {
                let moves = lives.moves(&place);
                new.extend(moves.iter().map(|(_, to, _)| to.clone()));
                lives.places.insert(place, moves);
            }
        }
        lives
    }

    fn entered(&self, state: &Code) -> Place {
        let noted = self
            .procedure
            .steps_in(state)
            .filter(|(_, step)| step.clock.is_some() && step.silence == Silence::Noted)
            .map(|(name, _)| (name.clone(), Noted::Runs))
            .collect();
        Place { state: state.clone(), noted, voices: BTreeMap::new() }
    }

    fn moves(&self, place: &Place) -> Moves {
        let mut moves = Moves::new();
        for (name, step) in self.procedure.steps_in(&place.state) {
            let needs = &self.needs[name];
            for who in &needs.speakers {
                for target in step.targets() {
                    let mut said = place.voices.get(name).cloned().unwrap_or_default();
                    if said.insert(who.clone(), target.clone()) == Some(target) {
                        continue;
                    }
                    let decided = match needs.outcome(&said, &step.targets(), step.split.as_ref()) {
                        Outcome::Reached(target) => Some(target),
                        Outcome::Split => step.split.clone().map(Some),
                        Outcome::Open => None,
                    };
                    let (to, gains) = match decided {
                        Some(Some(state)) if state != place.state => (self.entered(&state), true),
                        Some(target) => {
                            let mut to = place.clone();
                            to.voices.remove(name);
                            let again = if target.is_some() { Noted::Runs } else { Noted::Done };
                            to.noted.entry(name.clone()).and_modify(|noted| *noted = again);
                            let moves_on = silent(step).is_some_and(|to| *to != place.state);
                            (to, target.is_some() && moves_on)
                        }
                        None => {
                            let mut to = place.clone();
                            to.voices.insert(name.clone(), said);
                            (to, false)
                        }
                    };
                    moves.push((Some(who.clone()), to, gains));
                }
            }
            if place.noted.get(name) == Some(&Noted::Runs) {
                let mut to = place.clone();
                to.noted.insert(name.clone(), Noted::RunOut);
                moves.push((None, to, false));
            }
            if let Some(state) = silent(step).filter(|to| **to != place.state) {
                let mut to = self.entered(state);
                if let Some(voices) = place.voices.get(name)
                    && self.procedure.steps_in(state).any(|(other, _)| other == name)
                {
                    to.voices.insert(name.clone(), voices.clone());
                }
                moves.push((None, to, true));
            }
        }
        moves
    }

    fn kind(&self, place: &Place) -> StateKind {
        self.procedure.state(&place.state).expect("a state").kind
    }

    /// Places from which some of the moves that are such lead to `goals`, all the way.
    fn leading(
        &self,
        goals: BTreeSet<Place>,
        such: impl Fn(&Option<ParticipantId>) -> bool,
    ) -> BTreeSet<Place> {
        let mut leading = goals;
        loop {
            let more: Vec<Place> = self
                .places
                .iter()
                .filter(|(place, moves)| {
                    !leading.contains(*place)
                        && moves.iter().any(|(who, to, _)| such(who) && leading.contains(to))
                })
                .map(|(place, _)| place.clone())
                .collect();
            if more.is_empty() {
                return leading;
            }
            leading.extend(more);
        }
    }

    fn silent_moves<'p>(&'p self, place: &Place) -> Vec<&'p Place> {
        let silent = self.places[place].iter().filter(|(who, _, gains)| who.is_none() && *gains);
        silent.map(|(_, to, _)| to).collect()
    }

    /// Places that silence alone brings to a rest or an end.
    fn settled(&self) -> BTreeSet<Place> {
        let mut settled: BTreeSet<Place> =
            self.places.keys().filter(|place| self.kind(place) != StateKind::Waiting).cloned().collect();
        loop {
            let more: Vec<Place> = self
                .places
                .keys()
                .filter(|place| {
                    let silent = self.silent_moves(place);
                    !settled.contains(*place)
                        && !silent.is_empty()
                        && silent.iter().all(|to| settled.contains(*to))
                })
                .cloned()
                .collect();
            if more.is_empty() {
                return settled;
            }
            settled.extend(more);
        }
    }

    /// Whether one alone can keep it from ever ending or resting.
    fn is_held_by(&self, one: &ParticipantId) -> bool {
        let own = |who: &Option<ParticipantId>| who.as_ref() == Some(one);
        let settled = self.settled();
        let mut safe: BTreeSet<Place> = self
            .places
            .keys()
            .filter(|place| self.kind(place) != StateKind::Waiting || !settled.contains(*place))
            .cloned()
            .collect();
        loop {
            let bad: BTreeSet<Place> = self
                .places
                .iter()
                .filter(|(place, moves)| {
                    let led = moves.iter().any(|(who, to, _)| !own(who) && safe.contains(to));
                    let kept =
                        moves.iter().all(|(who, to, gains)| !(own(who) && *gains) || safe.contains(to));
                    !(safe.contains(*place) || led && kept)
                })
                .map(|(place, _)| place.clone())
                .collect();
            // What its moves that gain no time lead to is as bad as where they begin.
            let mut reach = bad;
            loop {
                let more: Vec<Place> = self
                    .places
                    .iter()
                    .filter(|(place, moves)| {
                        !reach.contains(*place)
                            && !safe.contains(*place)
                            && moves.iter().any(|(who, to, gains)| own(who) && !gains && reach.contains(to))
                    })
                    .map(|(place, _)| place.clone())
                    .collect();
                if more.is_empty() {
                    break;
                }
                reach.extend(more);
            }
            let now: BTreeSet<Place> =
                self.places.keys().filter(|place| !reach.contains(*place)).cloned().collect();
            if now == safe {
                return safe.len() < self.places.len();
            }
            safe = now;
        }
    }

    /// What is wrong, in the words of [`words`].
    fn traps(&self, found: &mut BTreeSet<String>) {
        let rests: BTreeSet<Place> =
            self.places.keys().filter(|place| self.kind(place) != StateKind::Waiting).cloned().collect();
        let way = self.leading(rests, |_| true);
        for place in self.places.keys() {
            let silent = self.silent_moves(place);
            if self.kind(place) == StateKind::Waiting && silent.is_empty() {
                found.insert(format!(
                    "{} {}",
                    if way.contains(place) { "waits" } else { "no way" },
                    place.state
                ));
            }
            for to in &silent {
                let against = |state: &Code| self.procedure.against.contains(state);
                if against(&to.state) && !against(&place.state) {
                    found.insert(format!("finds {}", to.state));
                }
            }
        }
        // Silence after silence, more often than there are places.
        let mut after: BTreeSet<&Place> = self.places.keys().collect();
        for _ in 0..=self.places.len() {
            after = after.into_iter().flat_map(|place| self.silent_moves(place)).collect();
        }
        if !after.is_empty() {
            found.insert("circle".to_owned());
        }
        for (rest, _) in self.procedure.states.iter().filter(|(_, state)| state.kind == StateKind::Rest) {
            let mut here = self.places.iter().filter(|(place, _)| place.state == *rest).peekable();
            if here.peek().is_some()
                && here.all(|(_, moves)| moves.iter().all(|(_, to, _)| to.state == *rest))
            {
                found.insert(format!("no exit {rest}"));
            }
        }
        let speakers: BTreeSet<&ParticipantId> =
            self.needs.values().flat_map(|needs| &needs.speakers).collect();
        if speakers.iter().any(|one| self.is_held_by(one)) {
            found.insert("held".to_owned());
        }
    }

    /// Who may do what, which tells participants apart.
    fn powers(&self, who: &ParticipantId) -> Vec<bool> {
        let needs = self.procedure.steps.iter().map(|(name, _)| &self.needs[name]);
        let sets =
            needs.flat_map(|needs| std::iter::once(&needs.speakers).chain(needs.each.iter().map(|n| &n.of)));
        sets.map(|people| people.contains(who)).collect()
    }

    /// Each place with powers in the stead of names.
    fn nameless(&self) -> BTreeSet<String> {
        let mut nameless = BTreeSet::new();
        for place in self.places.keys() {
            let mut voices = Vec::new();
            for (step, said) in &place.voices {
                let mut said: Vec<(Vec<bool>, &Target)> =
                    said.iter().map(|(who, target)| (self.powers(who), target)).collect();
                said.sort();
                voices.push((step, said));
            }
            voices.retain(|(_, said)| !said.is_empty());
            nameless.insert(format!("{} {:?} {voices:?}", place.state, place.noted));
        }
        nameless
    }

    /// What tells one seating from another.
    fn shape(&self, instrument: &Instrument) -> String {
        let mut powers: Vec<Vec<bool>> = instrument.participants.keys().map(|who| self.powers(who)).collect();
        powers.retain(|powers| powers.contains(&true));
        powers.sort();
        let numbers =
            self.procedure.steps.iter().map(|(name, _)| {
                self.needs[name].each.iter().map(|need| need.number).collect::<Vec<usize>>()
            });
        format!("{powers:?} {:?}", numbers.collect::<Vec<_>>())
    }
}

/// The same of a trap that exploration has found.
fn words(trap: &Trap) -> String {
    match trap {
        Trap::NoWayOut(state) => format!("no way {state}"),
        Trap::WaitsForEver(state) => format!("waits {state}"),
        Trap::SilenceInCircles(_) => "circle".to_owned(),
        Trap::SilenceFinds { state, .. } => format!("finds {state}"),
        Trap::HeldByOne { .. } => "held".to_owned(),
        Trap::RestWithoutExit(state) => format!("no exit {state}"),
        Trap::NeverReached(state) => format!("never {state}"),
    }
}

#[test]
fn by_name_and_by_number_is_the_same() {
    let mut dice = Dice(3);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut looked_at = 0;
    for _ in 0..260 {
        let text = random_procedure(&mut dice);
        let (instrument, _) = instrument::read(&format!("{AGREEMENT}{text}"), &library::shipped());
        let instrument = instrument.expect("an instrument");
        let Some(procedure) = instrument.procedures.values().next() else { continue };
        let explored = explore_one(&instrument, procedure, EDGES_MOST);
        assert!(explored.whole);
        // The long way is for what is small.
        if explored.nodes > 40 {
            continue;
        }
        looked_at += 1;
        let parties = ["north", "south"].map(|name| ParticipantId::new(name).expect("a name"));
        let mut found = BTreeSet::new();
        let mut shapes = BTreeMap::new();
        let mut reached = BTreeSet::new();
        for opener in &parties {
            for asked in &parties {
                let lives = Lives::of(&instrument, procedure, opener, asked);
                lives.traps(&mut found);
                reached.extend(lives.places.keys().map(|place| place.state.clone()));
                shapes.insert(lives.shape(&instrument), lives.nameless().len());
            }
        }
        let states = procedure.states.iter().map(|(name, _)| name).filter(|name| !reached.contains(*name));
        found.extend(states.map(|name| format!("never {name}")));
        let by_number: BTreeSet<String> =
            explored.findings.iter().map(|finding| words(&finding.trap)).collect();
        assert_eq!(found, by_number, "{text}");
        assert_eq!(shapes.len(), explored.seatings, "{text}");
        assert_eq!(shapes.values().sum::<usize>(), explored.nodes, "{text}");
        for word in found {
            *seen.entry(word.split(' ').next().unwrap_or_default().to_owned()).or_default() += 1;
        }
    }
    assert!(looked_at > 120, "{looked_at}");
    // Each kind of trap was there to be found.
    for kind in ["no", "waits", "circle", "finds", "held", "never"] {
        assert!(seen.get(kind).is_some_and(|many| *many >= 4), "{kind}: {seen:?}");
    }
}
