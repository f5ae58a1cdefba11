//! Who is in a set, who is asked, who may, and whether those who decide have decided.

use std::collections::{BTreeMap, BTreeSet};

use instrument::Instrument;
use instrument::who::{Count, Deciders, Group, Item, Rule, Set};
use terms::{Code, ParticipantId, Role};

use crate::matter::{Matter, Strand};
use crate::model::Model;

pub(crate) type People = BTreeSet<ParticipantId>;

/// Where a set is read: in a strand of a matter, in a matter that is about to be opened, or in none; and by which law.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) law: &'a Instrument,
    pub(crate) opener: Option<&'a ParticipantId>,
    pub(crate) field: &'a dyn Fn(&Code) -> People,
}

/// The same, kept.
#[derive(Clone, Debug)]
pub(crate) struct There {
    /// Which of the versions.
    law: usize,
    opener: ParticipantId,
    fields: BTreeMap<Code, People>,
}

impl There {
    pub(crate) fn read<T>(&self, model: &Model, read: impl FnOnce(Place<'_>) -> T) -> T {
        let law = &model.versions[self.law - 1];
        let field = |name: &Code| self.fields.get(name).cloned().unwrap_or_default();
        read(Place { law, opener: Some(&self.opener), field: &field })
    }
}

impl Model {
    pub(crate) fn there(&self, matter: &Matter, strand: &Strand) -> There {
        let names = matter.procedure.fields.keys();
        let of = |at: Place<'_>| names.map(|name| (name.clone(), (at.field)(name))).collect();
        There { law: matter.law, opener: matter.opener.clone(), fields: self.in_strand(matter, strand, of) }
    }

    pub(crate) fn in_strand<T>(
        &self,
        matter: &Matter,
        strand: &Strand,
        read: impl FnOnce(Place<'_>) -> T,
    ) -> T {
        let field = |name: &Code| match strand.values.get(name) {
            Some(own) => people([own.as_str()]),
            None => matter.seen(strand).get(name).map_or_else(People::new, crate::fields::participants),
        };
        read(Place { law: self.law_of(matter), opener: Some(&matter.opener), field: &field })
    }

    pub(crate) fn set(set: &Set, at: Place<'_>) -> People {
        let all = at.law.participants.iter();
        let of = |role| all.clone().filter(|(_, who)| who.role == role).map(|(id, _)| id.clone()).collect();
        match set {
            Set::Everyone => {
                all.clone().filter(|(_, who)| who.role != Role::Observer).map(|(id, _)| id.clone()).collect()
            }
            Set::Parties => of(Role::Party),
            Set::Guarantors => of(Role::Guarantor),
            Set::Monitors => of(Role::Monitor),
            Set::Observers => of(Role::Observer),
            Set::Participant(id) => People::from([id.clone()]),
            Set::Body(name) => at.law.bodies[name].members.iter().cloned().collect(),
            Set::Opener => at.opener.into_iter().cloned().collect(),
            Set::Field(name) => (at.field)(name),
        }
    }

    /// All whom a group names, seated or not.
    pub(crate) fn group(group: &Group, at: Place<'_>) -> People {
        let but = group.but.as_ref().map_or_else(People::new, |but| Self::set(but, at));
        Self::set(&group.set, at).difference(&but).cloned().collect()
    }

    fn seated(&self, people: People) -> People {
        people.into_iter().filter(|who| !self.vacant.contains(who)).collect()
    }

    /// Those of an item who may speak: all of its group that are seated, or its chair.
    fn speakers_of(&self, item: &Item, at: Place<'_>) -> People {
        let group = self.seated(Self::group(&item.of, at));
        match (&item.count, &item.of.set) {
            (Count::Chair, Set::Body(name)) => {
                let chair = at.law.bodies[name].chair.clone();
                chair.into_iter().filter(|chair| group.contains(chair)).collect()
            }
            _ => group,
        }
    }

    pub(crate) fn speakers(&self, by: &Deciders, at: Place<'_>) -> People {
        by.0.iter().flat_map(|item| self.speakers_of(item, at)).collect()
    }

    /// Who is asked: those who may speak, and whoever a field or the step itself names though its seat is empty.
    pub(crate) fn asked(&self, by: &Deciders, adopts: bool, at: Place<'_>) -> People {
        let mut asked = self.speakers(by, at);
        for item in &by.0 {
            let all = Self::group(&item.of, at);
            let waits_for = |who: &&ParticipantId| {
                matches!(item.of.set, Set::Field(_) | Set::Participant(_))
                    || adopts && at.law.role(who) == Some(Role::Party)
            };
            asked.extend(all.iter().filter(waits_for).cloned());
        }
        asked
    }

    /// Outside of any matter.
    pub(crate) fn nowhere(law: &Instrument) -> Place<'_> {
        Place { law, opener: None, field: &|_| People::new() }
    }

    /// Whether one voice is enough, whoever's it is.
    pub(crate) fn one_decides(by: &Deciders, at: Place<'_>) -> bool {
        let [item] = by.0.as_slice() else { return false };
        match (item.count, &item.of.set) {
            (Count::Any | Count::Chair | Count::Number(1), _) => true,
            (Count::All | Count::Most, Set::Opener | Set::Participant(_)) => true,
            (Count::Rule, Set::Body(name)) => match &at.law.bodies[name].decides {
                Rule::Members(count) => matches!(count, Count::Any | Count::Number(1)),
                Rule::Items(_) => false,
            },
            _ => false,
        }
    }

    /// Whether these voices are enough.
    pub(crate) fn enough(&self, by: &Deciders, voices: &People, at: Place<'_>) -> bool {
        by.0.iter().all(|item| {
            let group = self.speakers_of(item, at);
            self.met(item.count, &item.of.set, &group, voices, at)
        })
    }

    fn met(&self, count: Count, set: &Set, group: &People, voices: &People, at: Place<'_>) -> bool {
        let said = group.intersection(voices).count();
        match count {
            Count::Any | Count::Chair => said > 0,
            Count::All => said > 0 && said == group.len(),
            Count::Most => 2 * said > group.len(),
            Count::Number(n) => said >= n as usize,
            Count::Rule | Count::Quorum => {
                let Set::Body(name) = set else { return said > 0 };
                let body = &at.law.bodies[name];
                match (count, &body.decides, &body.quorum) {
                    (Count::Quorum, _, Some(items)) => self.enough(items, voices, at),
                    (Count::Quorum, _, None) => said > 0 && said == group.len(),
                    (_, Rule::Members(count), _) => self.met(*count, set, group, voices, at),
                    (_, Rule::Items(items), _) => self.enough(items, voices, at),
                }
            }
        }
    }
}

pub(crate) fn people<'a>(names: impl IntoIterator<Item = &'a str>) -> People {
    names.into_iter().filter_map(ParticipantId::new).collect()
}
