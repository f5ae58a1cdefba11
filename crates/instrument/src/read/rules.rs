//! `[quota]`, `[custody]`, `[exhibits]`, `[tiers]` and `[transition.KIND]`.

use std::collections::{BTreeMap, BTreeSet};

use terms::{Code, Custody, Kind};

use super::body::name_read;
use super::fields::Fields;
use super::who::{Known, deciders};
use super::{Notes, known};
use crate::fault::{did_you_mean, shown};
use crate::procedure::Procedure;
use crate::rules::{Custodies, ExhibitRules, Quota, TierRules, Transitions};

pub(super) fn quota(table: Option<Fields<'_>>, notes: &mut Notes<'_>) -> Quota {
    let mut quota = Quota::default();
    let Some(mut fields) = table else { return quota };
    if let Some(acts) = fields.optional("acts").and_then(|value| value.count_from_one(notes)) {
        quota.acts = acts;
    }
    if let Some(bytes) = fields.optional("bytes").and_then(|value| value.count_from_one(notes)) {
        quota.bytes = bytes;
    }
    fields.finish(notes);
    quota
}

pub(super) fn tiers(table: Option<Fields<'_>>, notes: &mut Notes<'_>) -> TierRules {
    let mut tiers = TierRules::default();
    let Some(mut fields) = table else { return tiers };
    if let Some(days) = fields.optional("erasure").and_then(|value| value.count_from_one(notes)) {
        tiers.erasure_days = days;
    }
    fields.finish(notes);
    tiers
}

/// `[custody]`, once the steps are known.
pub(super) fn custody(
    table: Option<Fields<'_>>,
    procedures: &BTreeMap<Code, Procedure>,
    notes: &mut Notes<'_>,
) -> Custodies {
    let kinds = Kind::ALL.iter().filter_map(|kind| Code::new(kind.as_str()));
    let steps =
        procedures.values().flat_map(|procedure| procedure.steps.iter().map(|(name, _)| name.clone()));
    let names: BTreeSet<Code> = kinds.chain(steps).collect();
    let mut custodies = Custodies::default();
    for (key, value) in table.into_iter().flat_map(Fields::entries) {
        let name = Code::new(key).filter(|name| names.contains(name));
        if name.is_none() {
            let message = format!("there is no kind of act and no step `{}`", shown(key));
            let help = did_you_mean(key, &known(names.iter()));
            notes.missing_wrong("instrument::unknown_act", value.key_span(), message, help);
        }
        let custody = value.word("`[custody]`", Custody::ALL, Custody::as_str, notes);
        if let (Some(name), Some(custody)) = (name, custody) {
            custodies.0.insert(name, custody);
        }
    }
    custodies
}

pub(super) fn exhibits(table: Option<Fields<'_>>, words: &Known<'_>, notes: &mut Notes<'_>) -> ExhibitRules {
    let Some(mut fields) = table else { return ExhibitRules::default() };
    let mut who = |key| fields.optional(key).and_then(|value| deciders(&value, words, notes));
    let (arbiter, hold, destroy) = (who("arbiter"), who("hold"), who("destroy"));
    fields.finish(notes);
    ExhibitRules { arbiter, hold, destroy }
}

/// `[transition.KIND]`: whatever state of the instrument before it names, it leads to one that there is in this one.
pub(super) fn transitions(
    table: Option<Fields<'_>>,
    procedures: &BTreeMap<Code, Procedure>,
    notes: &mut Notes<'_>,
) -> Transitions {
    let mut transitions = Transitions::new();
    for (key, value) in table.into_iter().flat_map(Fields::entries) {
        let Some(kind) = name_read(key, &value, notes) else { continue };
        let span = value.key_span();
        let Some(fields) = value.table(notes) else { continue };
        let Some(procedure) = procedures.get(&kind) else {
            let message = format!("there is no procedure `{kind}` to go on in");
            let help = did_you_mean(kind.as_str(), &known(procedures.keys()));
            notes.missing_wrong("instrument::unknown_procedure", span, message, help);
            continue;
        };
        let mut states = BTreeMap::new();
        for (key, value) in fields.entries() {
            let old = name_read(key, &value, notes);
            let Some(word) = value.string(notes) else { continue };
            let new = Code::new(word).filter(|name| procedure.state(name).is_some());
            if new.is_none() {
                let message = format!(
                    "a matter in `{}` would stand nowhere: `{kind}` has no state `{}`",
                    shown(key),
                    shown(word)
                );
                let help = did_you_mean(word, &known(procedure.states.iter().map(|(name, _)| name)));
                notes.wrong("instrument::maps_nowhere", value.span(), message, help);
            }
            if let (Some(old), Some(new)) = (old, new) {
                states.insert(old, new);
            }
        }
        transitions.insert(kind, states);
    }
    transitions
}
