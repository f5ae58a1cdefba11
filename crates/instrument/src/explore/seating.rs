//! Every way to seat the opener and the participant fields, up to participants who are alike.

use std::collections::{BTreeMap, BTreeSet};

use terms::{Code, ParticipantId};

use crate::Instrument;
use crate::procedure::{Holds, Procedure};
use crate::who::{Count, Deciders, Group, Item, Rule, Set};

/// Who opened a matter, and who is named in the fields that steps look at; in a field that names strands, the
/// strand's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seating {
    pub(crate) opener: ParticipantId,
    pub(crate) named: BTreeMap<Code, BTreeSet<ParticipantId>>,
}

impl Seating {
    /// Who is in a set, in a matter that is seated so.
    pub(crate) fn members(&self, instrument: &Instrument, set: &Set) -> BTreeSet<ParticipantId> {
        match set {
            Set::Opener => BTreeSet::from([self.opener.clone()]),
            Set::Field(name) => self.named.get(name).cloned().unwrap_or_default(),
            set => instrument.members(set).into_iter().cloned().collect(),
        }
    }

    /// What somebody is in such a matter: its opener, the one in a field, or only itself.
    pub(crate) fn called(&self, who: &ParticipantId) -> String {
        let opener = (self.opener == *who).then(|| "opener".to_owned());
        let fields =
            self.named.iter().filter(|(_, value)| value.contains(who)).map(|(name, _)| name.to_string());
        let called: Vec<String> = opener.into_iter().chain(fields).collect();
        if called.is_empty() { who.to_string() } else { called.join(" who is ") }
    }

    fn group(&self, instrument: &Instrument, group: &Group) -> BTreeSet<ParticipantId> {
        let mut people = self.members(instrument, &group.set);
        if let Some(but) = &group.but {
            let but = self.members(instrument, but);
            people.retain(|who| !but.contains(who));
        }
        people
    }
}

/// For each way, each step and each participant is looked at; more than these are not.
const LOOKS_MOST: usize = 2_000_000;

/// Every way to seat a procedure; none if there are too many.
///
/// Of participants who are alike, in the same sets and nowhere named, as many are tried as there are seats.
pub(crate) fn all(instrument: &Instrument, procedure: &Procedure) -> Option<Vec<Seating>> {
    let most = LOOKS_MOST / (procedure.steps.len().max(1) * instrument.participants.len().max(1));
    let fields = fields_that_matter(procedure);
    let alike = Alike::of(instrument, procedure, &fields);
    let some = alike.some(1 + fields.len());
    let openers = some.iter().filter(|who| may_open(instrument, &procedure.open.by, who));
    let mut seatings: Vec<Seating> =
        openers.map(|who| Seating { opener: (*who).clone(), named: BTreeMap::new() }).collect();
    for name in &fields {
        let Some(field) = procedure.fields.get(name) else { continue };
        let Holds::Participant(of) = &field.holds else { continue };
        let one = !field.several || procedure.strands.contains(name);
        let mut more = Vec::new();
        for seating in &seatings {
            let among = match of {
                Some(group) => seating.group(instrument, group),
                None => seating.members(instrument, &Set::Everyone),
            };
            let mut values: Vec<BTreeSet<ParticipantId>> = if one {
                let one = |who: &&ParticipantId| BTreeSet::from([(*who).clone()]);
                some.iter().filter(|who| among.contains(**who)).map(one).collect()
            } else {
                alike.subsets(&among, seating, most)?
            };
            if field.optional {
                values.push(BTreeSet::new());
            }
            if more.len() + values.len() > most {
                return None;
            }
            more.extend(values.into_iter().map(|value| {
                let mut seating = seating.clone();
                seating.named.insert(name.clone(), value);
                seating
            }));
        }
        seatings = more;
    }
    Some(seatings)
}

/// An opening is one participant's act: it is open to whoever is in an item of `by`.
fn may_open(instrument: &Instrument, by: &Deciders, who: &ParticipantId) -> bool {
    by.0.iter().any(|item| match (item.count, &item.of.set) {
        (Count::Chair, Set::Body(name)) => {
            instrument.bodies.get(name).is_some_and(|body| body.chair.as_ref() == Some(who))
        }
        // Who is named in a field may be anybody, and a step of another procedure opens it too.
        (_, Set::Field(_)) => instrument.members(&Set::Everyone).contains(who),
        (_, set) => {
            let but = item.of.but.as_ref().map(|but| instrument.members(but)).unwrap_or_default();
            instrument.members(set).contains(who) && !but.contains(who)
        }
    })
}

/// The fields of participants that somebody's power hangs on, each after those that its own set names.
fn fields_that_matter(procedure: &Procedure) -> Vec<Code> {
    let mut order = Vec::new();
    for item in procedure.steps.iter().flat_map(|(_, step)| &step.by.0) {
        seat_in_order(procedure, &item.of, &mut Vec::new(), &mut order);
    }
    order
}

fn seat_in_order(procedure: &Procedure, group: &Group, inside: &mut Vec<Code>, order: &mut Vec<Code>) {
    for name in [Some(&group.set), group.but.as_ref()].into_iter().flatten().filter_map(Set::field) {
        if order.contains(name) || inside.contains(name) {
            continue;
        }
        if let Some(Holds::Participant(of)) = procedure.fields.get(name).map(|field| &field.holds) {
            inside.push(name.clone());
            if let Some(group) = of {
                seat_in_order(procedure, group, inside, order);
            }
            inside.pop();
            order.push(name.clone());
        }
    }
}

/// Participants, with those together whom no set tells apart.
struct Alike<'a>(Vec<Vec<&'a ParticipantId>>);

impl<'a> Alike<'a> {
    fn of(instrument: &'a Instrument, procedure: &Procedure, fields: &[Code]) -> Alike<'a> {
        let mut marks = Marks { instrument, sets: BTreeSet::new(), chairs: BTreeSet::new() };
        let deciders = procedure.steps.iter().map(|(_, step)| &step.by).chain([&procedure.open.by]);
        for item in deciders.flat_map(|by| &by.0) {
            marks.item(item);
        }
        for field in fields {
            if let Some(Holds::Participant(of)) = procedure.fields.get(field).map(|field| &field.holds) {
                match of {
                    Some(group) => marks.group(group),
                    None => marks.set(&Set::Everyone),
                }
            }
        }
        let members: Vec<BTreeSet<&ParticipantId>> =
            marks.sets.iter().map(|set| instrument.members(set)).collect();
        let mut alike: BTreeMap<Vec<bool>, Vec<&ParticipantId>> = BTreeMap::new();
        for who in instrument.participants.keys() {
            let mut mark: Vec<bool> = members.iter().map(|set| set.contains(who)).collect();
            mark.extend(marks.chairs.iter().map(|name| {
                instrument.bodies.get(name).is_some_and(|body| body.chair.as_ref() == Some(who))
            }));
            alike.entry(mark).or_default().push(who);
        }
        Alike(alike.into_values().collect())
    }

    /// So many of each.
    fn some(&self, most: usize) -> Vec<&'a ParticipantId> {
        self.0.iter().flat_map(|alike| alike.iter().take(most).copied()).collect()
    }

    /// Every set of at least one of these, up to who is alike and seated alike so far.
    fn subsets(
        &self,
        among: &BTreeSet<ParticipantId>,
        seating: &Seating,
        most: usize,
    ) -> Option<Vec<BTreeSet<ParticipantId>>> {
        let mut groups: BTreeMap<(usize, bool, Vec<bool>), Vec<&ParticipantId>> = BTreeMap::new();
        for (at, alike) in self.0.iter().enumerate() {
            for who in alike.iter().filter(|who| among.contains(**who)) {
                let named = seating.named.values().map(|value| value.contains(*who)).collect();
                groups.entry((at, seating.opener == **who, named)).or_default().push(who);
            }
        }
        let mut subsets = vec![BTreeSet::new()];
        for group in groups.values() {
            if subsets.len() * (group.len() + 1) > most {
                return None;
            }
            subsets = subsets
                .iter()
                .flat_map(|subset| {
                    (0..=group.len()).map(move |number| {
                        let mut subset: BTreeSet<ParticipantId> = subset.clone();
                        subset.extend(group.iter().take(number).map(|who| (*who).clone()));
                        subset
                    })
                })
                .collect();
        }
        subsets.retain(|subset| !subset.is_empty());
        Some(subsets)
    }
}

/// The sets that a procedure names, in the rules of its bodies too.
struct Marks<'a> {
    instrument: &'a Instrument,
    sets: BTreeSet<Set>,
    chairs: BTreeSet<Code>,
}

impl Marks<'_> {
    fn item(&mut self, item: &Item) {
        self.group(&item.of);
        if let (Count::Chair, Set::Body(name)) = (item.count, &item.of.set) {
            self.chairs.insert(name.clone());
        }
    }

    fn group(&mut self, group: &Group) {
        self.set(&group.set);
        if let Some(but) = &group.but {
            self.set(but);
        }
    }

    fn set(&mut self, set: &Set) {
        if !self.sets.insert(set.clone()) {
            return;
        }
        let Set::Body(name) = set else { return };
        let Some(body) = self.instrument.bodies.get(name) else { return };
        let rule = match &body.decides {
            Rule::Items(items) => Some(items),
            Rule::Members(_) => None,
        };
        for item in rule.into_iter().chain(&body.quorum).flat_map(|items| &items.0) {
            self.item(item);
        }
    }
}
