//! `[transition.KIND]`: where open matters of a kind are, once this instrument replaces the one before.

use std::collections::BTreeMap;

use terms::Code;

use super::fields::Fields;
use super::{Notes, body, known};
use crate::Procedure;
use crate::fault::did_you_mean;
use crate::procedure::StateKind;

/// By kind of matter: each state of the version before, and the state that it is now. What those states were, only the
/// version before can say.
pub(super) fn read(
    table: Option<Fields<'_>>,
    procedures: &BTreeMap<Code, Procedure>,
    notes: &mut Notes<'_>,
) -> BTreeMap<Code, BTreeMap<Code, Code>> {
    let mut transitions = BTreeMap::new();
    for (key, value) in table.into_iter().flat_map(Fields::entries) {
        let Some(kind) = body::name_read(key, &value, notes) else { continue };
        let Some(procedure) = procedures.get(&kind) else {
            let message = format!("there is no procedure `{kind}` to move to");
            let known = known(procedures.keys());
            let help = did_you_mean(kind.as_str(), &known);
            notes.wrong("instrument::unknown_procedure", value.key_span(), message, help);
            continue;
        };
        let Some(fields) = value.table(notes) else { continue };
        let mut states = BTreeMap::new();
        for (old, value) in fields.entries() {
            let Some(old) = body::name_read(old, &value, notes) else { continue };
            let Some(new) = value.string(notes) else { continue };
            match Code::new(new).filter(|new| procedure.state(new).is_some()) {
                Some(new) if procedure.state(&new).is_some_and(|state| state.kind == StateKind::End) => {
                    let message = format!("`{old}` would end as `{new}`: nobody ended it");
                    let help = "map it to a waiting or a resting state".to_owned();
                    notes.wrong("instrument::maps_nowhere", value.span(), message, help);
                }
                Some(new) => {
                    states.insert(old, new);
                }
                None => {
                    let known = known(procedure.states.iter().map(|(name, _)| name));
                    let message = format!("`{kind}` has no state `{}`", crate::fault::shown(new));
                    notes.wrong("instrument::maps_nowhere", value.span(), message, did_you_mean(new, &known));
                }
            }
        }
        transitions.insert(kind, states);
    }
    transitions
}
