//! Who can be in a set, and whether those who decide can.

use std::collections::{BTreeMap, BTreeSet};

use terms::{Code, ParticipantId};

use super::Findings;
use super::life::{decided, silent};
use crate::Instrument;
use crate::explore::seating::{self, Seating};
use crate::procedure::{Field, Holds, Leads, Procedure, Step};
use crate::tally::{Needs, Seats};
use crate::who::{Body, Count, Deciders, Group, Item, Rule, Set};

/// A procedure, where it stands.
pub(super) struct Within<'a> {
    pub(super) instrument: &'a Instrument,
    pub(super) procedure: &'a Procedure,
    /// `procedure.case`
    pub(super) path: String,
    /// Every way to seat it, and what each step takes then; nothing if there are too many.
    pub(super) seated: Vec<(Seating, BTreeMap<&'a Code, Needs>)>,
    too_many_seatings: bool,
    /// The steps at which those who decide can come to differ.
    differ: BTreeSet<&'a Code>,
    /// The states that some life comes to.
    pub(super) reached: BTreeSet<Code>,
}

type People<'a> = BTreeSet<&'a ParticipantId>;

impl<'a> Within<'a> {
    pub(super) fn new(instrument: &'a Instrument, name: &Code, procedure: &'a Procedure) -> Within<'a> {
        let seatings = seating::all(instrument, procedure);
        let too_many_seatings = seatings.is_none();
        let seated = seatings.unwrap_or_default().into_iter().map(|seating| {
            let members = |set: &Set| seating.members(instrument, set);
            let seats = Seats { members: &members, bodies: &instrument.bodies, vacant: &|_| false };
            let needs =
                procedure.steps.iter().map(|(name, step)| (name, Needs::of(&step.by, &seats))).collect();
            (seating, needs)
        });
        let path = format!("procedure.{name}");
        let seated: Vec<(Seating, BTreeMap<&Code, Needs>)> = seated.collect();
        let differ = procedure.steps.iter().filter(|(name, step)| {
            let targets = step.targets().len();
            step.split.is_some() && seated.iter().any(|(_, needs)| needs[name].can_split(targets, None))
        });
        let differ = differ.map(|(name, _)| name).collect();
        let reached = BTreeSet::new();
        let mut at = Within { instrument, procedure, path, seated, too_many_seatings, differ, reached };
        at.reach(&procedure.open.to);
        at
    }

    /// Where a step can lead, by a decision, by a split that can come about, and by silence.
    pub(super) fn leads(&self, name: &Code, step: &'a Step) -> impl Iterator<Item = &'a Code> {
        let differ = self.differ.contains(name);
        decided(step).chain(step.split.iter().filter(move |_| differ)).chain(silent(step))
    }

    /// Comes to a state, and to all that it leads to.
    fn reach(&mut self, state: &'a Code) {
        let mut new = vec![state];
        while let Some(state) = new.pop() {
            if self.reached.insert(state.clone()) {
                new.extend(self.procedure.steps_in(state).flat_map(|(name, step)| self.leads(name, step)));
            }
        }
    }

    pub(super) fn step_path(&self, step: &Code) -> String {
        format!("{}.step.{step}", self.path)
    }

    /// Whoever can be in a set, in some matter.
    pub(super) fn of_set(&self, set: &'a Set) -> People<'a> {
        self.set_within(set, &mut Vec::new())
    }

    pub(super) fn of_group(&self, group: &'a Group) -> People<'a> {
        self.group_within(group, &mut Vec::new())
    }

    fn of_item(&self, item: &'a Item) -> People<'a> {
        self.item_within(item, &mut Vec::new())
    }

    /// Whoever can be in a set that others, `asked`, are taken from. What is taken from itself (an opener who may open
    /// as the opener, a field of those in the field) is nobody.
    fn set_within(&self, set: &'a Set, asked: &mut Vec<&'a Set>) -> People<'a> {
        if asked.contains(&set) {
            return People::new();
        }
        asked.push(set);
        let people = match set {
            Set::Opener => self.actors_within(&self.procedure.open.by, asked),
            Set::Field(name) => match self.procedure.fields.get(name).map(|field| &field.holds) {
                Some(Holds::Participant(Some(group))) => self.group_within(group, asked),
                Some(_) | None => self.instrument.members(&Set::Everyone),
            },
            set => self.instrument.members(set),
        };
        asked.pop();
        people
    }

    fn group_within(&self, group: &'a Group, asked: &mut Vec<&'a Set>) -> People<'a> {
        let mut people = self.set_within(&group.set, asked);
        // Who opened or is named is one of several: that the set can be empty for one does not empty it.
        if let Some(but) = &group.but
            && !matches!(but, Set::Opener | Set::Field(_))
        {
            let but = self.set_within(but, asked);
            people.retain(|who| !but.contains(who));
        }
        people
    }

    fn actors_within(&self, deciders: &'a Deciders, asked: &mut Vec<&'a Set>) -> People<'a> {
        deciders.0.iter().flat_map(|item| self.item_within(item, asked)).collect()
    }

    fn item_within(&self, item: &'a Item, asked: &mut Vec<&'a Set>) -> People<'a> {
        match (item.count, &item.of.set) {
            (Count::Chair, Set::Body(name)) => {
                self.instrument.bodies.get(name).and_then(|body| body.chair.as_ref()).into_iter().collect()
            }
            _ => self.group_within(&item.of, asked),
        }
    }

    /// How many voices an item takes at least; nothing if it can't be met.
    pub(super) fn voices(&self, item: &Item) -> Option<usize> {
        let people = self.of_item(item).len();
        let single = match &item.of.set {
            Set::Opener => true,
            // In its own strand a field is one; without one it is all that it names.
            Set::Field(name) => {
                self.procedure.strands.contains(name)
                    || !self.procedure.fields.get(name).is_some_and(|f: &Field| f.several)
            }
            _ => false,
        };
        let people = if single { people.min(1) } else { people };
        let needed = match item.count {
            Count::Any | Count::Chair => 1,
            Count::All => people,
            Count::Most => people / 2 + 1,
            Count::Number(number) => number as usize,
            Count::Rule => match &item.of.set {
                Set::Body(name) => self.instrument.bodies.get(name).map_or(1, |body| of_body(self, body)),
                _ => 1,
            },
            Count::Quorum => match &item.of.set {
                Set::Body(name) => self.instrument.bodies.get(name).map_or(1, |body| match &body.quorum {
                    Some(items) => items.0.iter().filter_map(|item| self.voices(item)).sum(),
                    None => body.members.len(),
                }),
                _ => 1,
            },
        };
        (needed > 0 && needed <= people.max(1) && people > 0).then_some(needed)
    }

    /// Whether one participant may take a step alone.
    pub(super) fn is_alone(&self, deciders: &Deciders) -> bool {
        matches!(deciders.0.as_slice(), [item] if self.voices(item) == Some(1))
    }
}

fn of_body(at: &Within<'_>, body: &Body) -> usize {
    match &body.decides {
        Rule::Members(Count::All) => body.members.len(),
        Rule::Members(Count::Most) => body.members.len() / 2 + 1,
        Rule::Members(Count::Number(number)) => *number as usize,
        Rule::Members(Count::Any | Count::Rule | Count::Quorum | Count::Chair) => 1,
        Rule::Items(items) => items.0.iter().filter_map(|item| at.voices(item)).sum(),
    }
}

pub(super) fn lint(at: &Within<'_>, findings: &mut Findings<'_>) {
    if at.too_many_seatings {
        let message =
            "there are more ways to name participants in its fields than can be looked at".to_owned();
        let help = "let fewer steps hang on fields of several participants, or make them strands";
        findings.error("instrument::too_many", &at.path, message, help);
    }
    let opened = [(format!("{}.open.by", at.path), &at.procedure.open.by)];
    let steps =
        at.procedure.steps.iter().map(|(name, step)| (format!("{}.by", at.step_path(name)), &step.by));
    for (path, by) in opened.into_iter().chain(steps) {
        for item in &by.0 {
            can_be_met(at, &path, item, findings);
        }
    }
    for (name, step) in &at.procedure.steps {
        split(at, &at.step_path(name), step, findings);
    }
}

fn can_be_met(at: &Within<'_>, path: &str, item: &Item, findings: &mut Findings<'_>) {
    let people = at.of_item(item);
    if people.is_empty() {
        let message = format!("nobody is in `{item}`");
        let help = "in this instrument there is none: name others, or leave the step out";
        findings.error("instrument::nobody", path, message, help);
    } else if at.voices(item).is_none() {
        let message = format!("`{item}` asks for more than there are: {} in all", people.len());
        findings.error("instrument::out_of_reach", path, message, "ask for fewer, or for `all of` them");
    }
    if let Set::Field(name) = &item.of.set
        && at.procedure.fields.get(name).is_some_and(|field| field.optional)
    {
        let message = format!("`{name}` may be left out, and then nobody is in `{item}`");
        let help = "make the field required, or give the step to others";
        findings.error("instrument::nobody", path, message, help);
    }
    if let Some(but) = &item.of.but
        && !matches!(but, Set::Opener | Set::Field(_))
        && at.of_set(but).is_disjoint(&at.of_set(&item.of.set))
    {
        let message = format!("`other than {but}` takes nothing away: it is not in `{}`", item.of.set);
        findings.warning(
            "instrument::takes_nothing_away",
            path,
            message,
            "leave it out, or name who is in the set",
        );
    }
}

/// Where several decide between several targets, it has to be said what happens if they differ.
fn split(at: &Within<'_>, path: &str, step: &Step, findings: &mut Findings<'_>) {
    let targets: BTreeSet<Option<&Code>> = match &step.leads {
        Leads::Choice(choices) => choices.iter().map(|(_, to)| to.as_ref()).collect(),
        Leads::Stays | Leads::To(_) => BTreeSet::new(),
    };
    let alone = at.is_alone(&step.by);
    if targets.len() > 1 && !alone && step.split.is_none() && !any_of_several(step) {
        let message =
            "several decide here, between several states, and nothing says what happens if they differ";
        let help = "say in `split` where it goes then";
        findings.error("instrument::no_split", path, message.to_owned(), help);
    }
    let needless = match step.targets().len() {
        _ if alone => Some(("one alone cannot differ", "leave `split` out, or let several decide")),
        1 => Some(("nobody can differ: there is one way to decide", "leave `split` out, or give a `choice`")),
        _ => None,
    };
    if let (Some((message, help)), Some(_)) = (needless, &step.split) {
        findings.warning("instrument::split_alone", &format!("{path}.split"), message.to_owned(), help);
    }
}

/// Whether each item is met by one voice, whoever's it is: then the first that speaks has decided.
fn any_of_several(step: &Step) -> bool {
    matches!(step.by.0.as_slice(), [item] if item.count == Count::Any)
}
