//! Have those who decide decided? Voices are counted by where they lead, so two choices that lead to one state add
//! up (PROCEDURE 4.2).
//!
//! A vacant seat is not asked and not waited for: `all of` a set is all that are seated, and `most of` it more
//! than half of those, so that `all` never asks for fewer than `most` does. A plain number stays what it is, and
//! may then be out of reach. What nobody is left for is never met: an empty set agrees to nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use terms::{Code, ParticipantId};

use crate::procedure::{Leads, Step};
use crate::who::{Body, Count, Deciders, Group, Item, Rule, Set};

/// Where a voice leads: to a state; none = the strand stays where it is.
pub type Target = Option<Code>;

/// What the voices that were heard come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome<T = Target> {
    /// Enough of every set for this target.
    Reached(T),
    /// None yet, and some target can still be reached by those who have not spoken.
    Open,
    /// None, and whatever the others say, none can be: no other outcome can come of them.
    Split,
}

/// Who sits where, for the strand that is decided on.
#[derive(Clone, Copy)]
pub struct Seats<'a> {
    /// Who is in a set, vacant seats among them: the opener and the values of a field too, the strand's own if
    /// the field names strands. See [`crate::Instrument::members`] for the other sets.
    pub members: &'a dyn Fn(&Set) -> BTreeSet<ParticipantId>,
    /// The bodies of the instrument that the matter runs under.
    pub bodies: &'a BTreeMap<Code, Body>,
    /// Whether nobody has taken a seat.
    pub vacant: &'a dyn Fn(&ParticipantId) -> bool,
}

impl Seats<'_> {
    fn group(&self, group: &Group) -> BTreeSet<ParticipantId> {
        let mut people = (self.members)(&group.set);
        if let Some(but) = &group.but {
            let but = (self.members)(but);
            people.retain(|who| !but.contains(who));
        }
        people.retain(|who| !(self.vacant)(who));
        people
    }
}

/// So many voices of these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Need {
    /// Whose voices count; seated, all of them.
    pub of: BTreeSet<ParticipantId>,
    /// How many it takes; at least one.
    pub number: usize,
}

/// What it takes to decide a step, by the names of participants: each item of its `by`, and of the rules of the
/// bodies that it names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Needs {
    /// Who may take the step.
    pub speakers: BTreeSet<ParticipantId>,
    /// What has to be met for one target, all of it.
    pub each: Vec<Need>,
}

impl Needs {
    /// What it takes among those who are seated.
    #[must_use]
    pub fn of(deciders: &Deciders, seats: &Seats<'_>) -> Needs {
        let mut needs = Needs { speakers: BTreeSet::new(), each: Vec::new() };
        for item in &deciders.0 {
            needs.add(item, None, seats, &mut Vec::new());
        }
        needs
    }

    /// Adds an item; of one that stands in the rule of a body, only `within` have a voice.
    fn add(
        &mut self,
        item: &Item,
        within: Option<&BTreeSet<ParticipantId>>,
        seats: &Seats<'_>,
        inside: &mut Vec<Code>,
    ) {
        let mut people = seats.group(&item.of);
        people.retain(|who| within.is_none_or(|within| within.contains(who)));
        let body = item.of.set.body().and_then(|name| Some((name, seats.bodies.get(name)?)));
        let items = match (item.count, body) {
            (Count::Chair, body) => {
                people.retain(|who| body.is_some_and(|(_, body)| body.chair.as_ref() == Some(who)));
                return self.need(people, Count::Any);
            }
            (Count::Rule, Some((name, body))) => match &body.decides {
                Rule::Members(count) => return self.need(people, *count),
                Rule::Items(items) => (name, items),
            },
            (Count::Quorum, Some((name, body))) => match &body.quorum {
                None => return self.need(people, Count::All),
                Some(items) => (name, items),
            },
            (count, _) => return self.need(people, count),
        };
        // A body that decides by its own decision never does.
        let (name, items) = items;
        if inside.contains(name) {
            return self.need(BTreeSet::new(), Count::Any);
        }
        // Whoever belongs to a body may speak in it, asked for by its rule or not.
        self.speakers.extend(people.iter().cloned());
        inside.push(name.clone());
        for item in &items.0 {
            self.add(item, Some(&people), seats, inside);
        }
        inside.pop();
    }

    fn need(&mut self, of: BTreeSet<ParticipantId>, count: Count) {
        let number = match count {
            Count::Any | Count::Rule | Count::Chair => 1,
            Count::All | Count::Quorum => of.len(),
            Count::Most => of.len() / 2 + 1,
            Count::Number(number) => usize::try_from(number).unwrap_or(usize::MAX),
        };
        self.speakers.extend(of.iter().cloned());
        self.each.push(Need { of, number: number.max(1) });
    }

    /// Whether voices for so many targets can come to a split; by the others, `but` for one who has not spoken.
    ///
    /// Of one need that is so: each target may have all voices but the last that it takes. Of several, if two are of
    /// different people, who then speak for different targets.
    #[must_use]
    pub fn can_split(&self, targets: usize, but: Option<&ParticipantId>) -> bool {
        let others = |need: &Need| need.of.iter().filter(|who| Some(*who) != but).cloned().collect();
        // How many may speak for a target that this need still keeps from being reached.
        let slack = |need: &Need| {
            (need.number - 1).checked_sub(usize::from(but.is_some_and(|but| need.of.contains(but))))
        };
        let needs: Vec<(BTreeSet<ParticipantId>, usize)> =
            self.each.iter().filter_map(|need| Some((others(need), slack(need)?))).collect();
        let apart = |(at, (of, _)): (usize, &(BTreeSet<ParticipantId>, usize))| {
            needs
                .iter()
                .skip(at + 1)
                .any(|(other, _)| of.is_disjoint(other) && !of.is_empty() && !other.is_empty())
        };
        targets > 1
            && (needs.iter().any(|(of, slack)| !of.is_empty() && of.len() <= targets * slack)
                || needs.iter().enumerate().any(apart))
    }

    /// What these voices come to, each participant's last one. Whoever has no say in the step is not heard.
    #[must_use]
    pub fn outcome(
        &self,
        voices: &BTreeMap<ParticipantId, Target>,
        targets: &BTreeSet<Target>,
        split: Option<&Code>,
    ) -> Outcome {
        let heard = |target: &Target, need: usize| {
            let of = &self.each[need].of;
            of.iter().filter(|who| voices.get(who) == Some(target)).count()
        };
        let unheard = |need: usize| self.each[need].of.iter().filter(|who| !voices.contains_key(who)).count();
        let numbers: Vec<usize> = self.each.iter().map(|need| need.number).collect();
        let elsewhere = |target: &Target| target.is_none() || target.as_ref() != split;
        match outcome(targets.iter(), elsewhere, &numbers, heard, unheard) {
            Outcome::Reached(target) => Outcome::Reached(target.clone()),
            Outcome::Open => Outcome::Open,
            Outcome::Split => Outcome::Split,
        }
    }
}

/// The arithmetic: `numbers[i]` voices are needed of the i-th set; `heard` counts there the voices for a target,
/// `unheard` those who have not spoken. They can't agree any more once nothing can be reached but what lies where they
/// go then: no target that leads `elsewhere`.
pub(crate) fn outcome<T: Copy>(
    targets: impl Iterator<Item = T> + Clone,
    elsewhere: impl Fn(T) -> bool,
    numbers: &[usize],
    heard: impl Fn(T, usize) -> usize,
    unheard: impl Fn(usize) -> usize,
) -> Outcome<T> {
    let met = |target: T, more: bool| {
        numbers.iter().enumerate().all(|(need, number)| {
            let rest = if more { unheard(need) } else { 0 };
            heard(target, need) + rest >= *number
        })
    };
    match targets.clone().find(|target| met(*target, false)) {
        Some(target) => Outcome::Reached(target),
        None if targets.clone().any(|target| elsewhere(target) && met(target, true)) => Outcome::Open,
        None => Outcome::Split,
    }
}

impl Step {
    /// Where its choices lead; where it goes when they can't agree is none of them.
    #[must_use]
    pub fn targets(&self) -> BTreeSet<Target> {
        match &self.leads {
            Leads::Stays => BTreeSet::from([None]),
            Leads::To(state) => BTreeSet::from([Some(state.clone())]),
            Leads::Choice(choices) => choices.iter().map(|(_, to)| to.clone()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Basis, library, read};

    const EXERCISE: &str = include_str!("../../../instruments/exercise.toml");

    fn id(name: &str) -> ParticipantId {
        ParticipantId::new(name).expect("a name")
    }

    fn target(name: &str) -> Target {
        (name != "stay").then(|| Code::new(name).expect("a code"))
    }

    /// Who decides, as `2 of finders, all of parties`.
    fn deciders(text: &str) -> Deciders {
        let bodies = ["finders", "principals", "commission", "delegates", "circle"];
        let set = |word: &str| match Set::WORDS.iter().find(|(known, _)| *known == word) {
            Some((_, set)) => set.clone(),
            None if bodies.contains(&word) => Set::Body(Code::new(word).expect("a code")),
            None if word == "bearer" => Set::Field(Code::new(word).expect("a code")),
            None => Set::Participant(id(word)),
        };
        let item = |text: &str| {
            let (text, but) = match text.split_once(" other than ") {
                Some((text, but)) => (text, Some(set(but))),
                None => (text, None),
            };
            let (count, word) = match text.split_once(" of ") {
                None if bodies.contains(&text) => (Count::Rule, text),
                None => (Count::Any, text),
                Some(("any", word)) => (Count::Any, word),
                Some(("all", word)) => (Count::All, word),
                Some(("most", word)) => (Count::Most, word),
                Some(("quorum", word)) => (Count::Quorum, word),
                Some(("chair", word)) => (Count::Chair, word),
                Some((number, word)) => (Count::Number(number.parse().expect("a number")), word),
            };
            Item { count, of: Group { set: set(word), but } }
        };
        Deciders(text.split(", ").map(item).collect())
    }

    /// What `voices`, as `ford found, harbour stands`, come to in the exercise, with some seats vacant.
    fn tallied(by: &str, vacant: &[&str], voices: &str, targets: &[&str]) -> String {
        let (instrument, found) = read(EXERCISE, &library::shipped());
        assert_eq!(found, []);
        let mut instrument = instrument.expect("an instrument");
        let body = |members: &[&str], decides: &str| Body {
            members: members.iter().map(|name| id(name)).collect(),
            chair: None,
            decides: Rule::Items(deciders(decides)),
            quorum: None,
            basis: Basis::Text,
        };
        let code = |name| Code::new(name).expect("a code");
        let delegates = body(&["north", "ford", "secretariat"], "all of parties, any of guarantors");
        instrument.bodies.insert(code("delegates"), delegates);
        instrument.bodies.insert(code("circle"), body(&["north", "ford"], "circle"));
        let members = |set: &Set| match set {
            Set::Opener => BTreeSet::from([id("north")]),
            Set::Field(_) => BTreeSet::from([id("south")]),
            set => instrument.members(set).into_iter().cloned().collect(),
        };
        let seats = Seats {
            members: &members,
            bodies: &instrument.bodies,
            vacant: &|who| vacant.contains(&who.as_str()),
        };
        let needs = Needs::of(&deciders(by), &seats);
        let voices: BTreeMap<ParticipantId, Target> = voices
            .split(", ")
            .filter_map(|voice| voice.split_once(' '))
            .map(|(who, to)| (id(who), target(to)))
            .collect();
        for who in voices.keys() {
            assert!(needs.speakers.contains(who), "{who} may speak in {by}");
        }
        let targets = targets.iter().map(|name| target(name)).collect();
        match needs.outcome(&voices, &targets, None) {
            Outcome::Reached(Some(state)) => state.to_string(),
            Outcome::Reached(None) => "stays".to_owned(),
            Outcome::Open => "open".to_owned(),
            Outcome::Split => "split".to_owned(),
        }
    }

    #[test]
    fn voices_come_to() {
        for (by, voices, expected) in [
            ("parties", "", "open"),
            ("parties", "north a", "a"),
            ("parties", "south stay", "stays"),
            ("opener", "north b", "b"),
            ("bearer", "south b", "b"),
            ("all of parties", "north a", "open"),
            ("all of parties", "north a, south a", "a"),
            ("all of parties", "north a, south b", "split"),
            // Two of three: the third decides, until all three differ.
            ("finders", "ford a", "open"),
            ("finders", "ford a, harbour b", "open"),
            ("finders", "ford a, harbour b, secretariat b", "b"),
            ("finders", "ford a, harbour b, secretariat stay", "split"),
            ("3 of finders", "ford a, harbour b", "split"),
            ("most of finders", "ford a, harbour a", "a"),
            ("most of principals", "ford a, harbour a", "open"),
            ("most of principals", "ford a, harbour a, north b, south b", "split"),
            ("chair of finders", "secretariat a", "a"),
            // Each item has to be met for one and the same target.
            ("all of guarantors, any of parties", "ford a, harbour a", "open"),
            ("all of guarantors, any of parties", "ford a, harbour a, north b", "open"),
            ("all of guarantors, any of parties", "ford a, harbour a, north b, south b", "split"),
            ("all of guarantors, any of parties", "ford a, harbour a, north b, south a", "a"),
            ("all of guarantors, any of parties", "ford a, harbour b", "split"),
            // One participant may be counted in two items.
            ("ford, any of guarantors", "ford a", "a"),
            ("everyone other than bearer", "north a", "a"),
            ("all of parties other than bearer", "north a", "a"),
            // A quorum is there when its items are; who is in no item may say so too.
            ("quorum of commission", "north a, south a", "open"),
            ("quorum of commission", "secretariat a, north a", "open"),
            ("quorum of commission", "secretariat a, ford a", "a"),
            ("quorum of finders", "ford a, harbour a", "open"),
            ("quorum of finders", "ford a, harbour a, secretariat a", "a"),
            // The rule of a body counts its own members only: south is no delegate.
            ("delegates", "north a", "open"),
            ("delegates", "north a, secretariat b", "open"),
            ("delegates", "north a, ford a", "a"),
            ("delegates", "north a, ford b", "split"),
            ("circle", "north a", "split"),
        ] {
            assert_eq!(tallied(by, &[], voices, &["a", "b", "stay"]), expected, "{by}: {voices}");
        }
    }

    #[test]
    fn a_vacant_seat_is_not_waited_for_and_numbers_stay() {
        for (by, vacant, voices, expected) in [
            ("all of parties", ["south"], "north a", "a"),
            ("most of principals", ["south"], "north a, ford a", "a"),
            ("most of principals", ["south"], "north a", "open"),
            ("finders", ["harbour"], "ford a", "open"),
            ("finders", ["harbour"], "ford a, secretariat b", "split"),
            ("3 of finders", ["harbour"], "ford a", "split"),
            ("chair of finders", ["secretariat"], "", "split"),
            ("bearer", ["south"], "", "split"),
            ("quorum of finders", ["harbour"], "ford a, secretariat a", "a"),
            ("secretariat, any of guarantors", ["ford"], "secretariat a, harbour a", "a"),
        ] {
            assert_eq!(tallied(by, &vacant, voices, &["a", "b"]), expected, "{by}: {voices}");
        }
        assert_eq!(tallied("all of parties, ford", &["north", "south"], "ford a", &["a"]), "split");
    }
}
