//! Whether a value is one of its field, and what is wrong with it.

use std::collections::{BTreeMap, BTreeSet};

use act::value::{FieldValue, Fields, MatterRef, Word};
use instrument::procedure::{Field, Holds};
use terms::{ActId, Code};

use crate::matter::{Matter, Reason};
use crate::model::Model;
use crate::who::{People, Place, people};

/// A strand of a matter that names another: what names it, and its fields.
pub(crate) type Beside<'a> = (&'a BTreeMap<Code, Code>, &'a Fields);

/// The words of a value.
pub(crate) fn words(value: &FieldValue) -> Vec<String> {
    match value {
        FieldValue::One(word) => vec![word.to_string()],
        FieldValue::Several(words) => words.iter().map(ToString::to_string).collect(),
        FieldValue::Count(count) => vec![count.to_string()],
        FieldValue::Window(_) | FieldValue::Place(_) | FieldValue::Annex(_) => Vec::new(),
    }
}

/// Who is named in a value.
pub(crate) fn participants(value: &FieldValue) -> People {
    people(words(value).iter().map(String::as_str))
}

/// The matters that a value names.
fn matters(value: &FieldValue) -> Vec<MatterRef> {
    let words = match value {
        FieldValue::One(word) => std::slice::from_ref(word),
        FieldValue::Several(words) => words,
        _ => &[],
    };
    let of = |word: &Word| match word {
        Word::Hash(hash) => Some(MatterRef::Opened(ActId(*hash))),
        Word::Item(item) => Some(MatterRef::ByStep(*item)),
        Word::Code(_) | Word::Instant(_) => None,
    };
    words.iter().filter_map(of).collect()
}

/// What is wrong with the fields of an act, each with the field that the procedure has of that name.
pub(crate) struct Given<'a> {
    pub(crate) fields: Vec<(&'a FieldValue, Option<&'a Field>)>,
}

impl<'a> Given<'a> {
    pub(crate) fn new(fields: &'a Fields, known: impl Fn(&Code) -> Option<&'a Field>) -> Given<'a> {
        Given { fields: fields.iter().map(|(name, value)| (value, known(name))).collect() }
    }

    fn of_people(&self) -> impl Iterator<Item = &'a FieldValue> {
        let holds = |field: &Option<&Field>| field.is_some_and(|f| matches!(f.holds, Holds::Participant(_)));
        self.fields.iter().filter(move |(_, field)| holds(field)).map(|(value, _)| *value)
    }

    fn of_matters(&self) -> impl Iterator<Item = MatterRef> {
        let holds = |field: &Option<&Field>| field.is_some_and(|f| matches!(f.holds, Holds::Matter { .. }));
        self.fields.iter().filter(move |(_, field)| holds(field)).flat_map(|(value, _)| matters(value))
    }

    pub(crate) fn excluded(&self, model: &Model) -> bool {
        let list = model.law.exclusion_list();
        self.of_people().flat_map(words).any(|word| list.names(&word).is_some())
    }

    pub(crate) fn unknown(&self, model: &Model) -> bool {
        self.of_matters().any(|id| model.matter(&id).is_none())
    }

    pub(crate) fn vacant(&self, model: &Model) -> bool {
        self.of_people().any(|value| !participants(value).is_disjoint(&model.vacant))
    }

    pub(crate) fn cites_without_prejudice(&self, model: &Model) -> bool {
        self.of_matters()
            .any(|id| model.matter(&id).is_some_and(|m| m.tier == act::body::Tier::WithoutPrejudice))
    }
}

impl Model {
    /// Whether a value is one that the field takes. A strand field takes several, since each names a strand.
    pub(crate) fn fits(
        &self,
        (value, strands): (&FieldValue, bool),
        field: &Field,
        (own, beside): (Option<MatterRef>, &[Beside<'_>]),
        at: Place<'_>,
    ) -> bool {
        let several = matches!(value, FieldValue::Several(_));
        if several != field.several && !(several && strands) {
            return false;
        }
        let all = |fits: &dyn Fn(&str) -> bool| {
            matches!(value, FieldValue::One(_) | FieldValue::Several(_))
                && words(value).iter().all(|word| fits(word))
        };
        let code_of = |word: &str| Code::new(word);
        match &field.holds {
            Holds::Codes(codes) => all(&|word| code_of(word).is_some_and(|code| codes.contains(&code))),
            Holds::Count if several => all(&|word| word.parse::<u64>().is_ok()),
            Holds::Count => matches!(value, FieldValue::Count(_)),
            Holds::Instant => match value {
                FieldValue::One(Word::Instant(_)) => true,
                FieldValue::Several(words) => words.iter().all(|word| matches!(word, Word::Instant(_))),
                _ => false,
            },
            Holds::Window => matches!(value, FieldValue::Window(_)),
            Holds::Place => matches!(value, FieldValue::Place(_)),
            Holds::Text => matches!(value, FieldValue::Annex(_)),
            Holds::Area => all(&|word| code_of(word).is_some_and(|code| at.law.areas.contains_key(&code))),
            Holds::Provision => {
                all(&|word| code_of(word).is_some_and(|code| at.law.provisions.contains_key(&code)))
            }
            Holds::Participant(group) => {
                let who = participants(value);
                let known = |id| at.law.participants.contains_key(id);
                let of = group.as_ref().map(|group| Self::group(group, at));
                all(&|_| true)
                    && who.len() == words(value).len()
                    && who.iter().all(known)
                    && of.is_none_or(|of| who.is_subset(&of))
            }
            Holds::Matter { kind, states } => {
                let named = matters(value);
                let fits = |id: &MatterRef| {
                    self.matter(id).is_some_and(|matter| {
                        kind.as_ref().is_none_or(|kind| matter.kind == *kind)
                            && own.is_none_or(|own| own != *id)
                            && (states.is_empty() || stands_in(matter, states, beside))
                    })
                };
                named.len() == words(value).len() && named.iter().all(fits)
            }
        }
    }
}

/// Whether a matter stands in one of these states for each strand of one that names it: of what names its own strands, as
/// far as the other says it, all that it says.
fn stands_in(found: &Matter, states: &BTreeSet<Code>, beside: &[Beside<'_>]) -> bool {
    let stands = |given: &BTreeMap<Code, String>| {
        let mut strands = found.strands.iter().filter(|strand| states.contains(strand.state()));
        strands.any(|strand| given.iter().all(|(name, word)| strand.values[name].as_str() == word))
    };
    let all = |(values, fields): &Beside<'_>| {
        let mut given: Vec<BTreeMap<Code, String>> = vec![BTreeMap::new()];
        for name in &found.procedure.strands {
            let said = match (values.get(name), fields.get(name)) {
                (Some(own), _) => vec![own.to_string()],
                (None, Some(value)) => words(value),
                (None, None) => continue,
            };
            let with = |one: &BTreeMap<Code, String>| {
                let each = said.iter().map(|word| {
                    let mut one = one.clone();
                    one.insert(name.clone(), word.clone());
                    one
                });
                each.collect::<Vec<_>>()
            };
            given = given.iter().flat_map(with).collect();
        }
        given.iter().all(stands)
    };
    !beside.is_empty() && beside.iter().all(all)
}

pub(crate) fn void_if(is: bool, reason: Reason) -> Result<(), Reason> {
    if is { Err(reason) } else { Ok(()) }
}
