//! Whether one instrument can take the place of another: every open matter knows where it stands then
//! (PROCEDURE 4.9).

use terms::Code;

use super::Findings;
use crate::Instrument;
use crate::procedure::StateKind;

pub(super) fn lint(before: &Instrument, instrument: &Instrument, findings: &mut Findings<'_>) {
    for (kind, states) in &instrument.transitions {
        let path = format!("transition.{kind}");
        let Some(procedure) = before.procedures.get(kind) else {
            let message = format!("the instrument before has no procedure `{kind}`");
            let help = "leave this transition out: no matter of the kind can be open";
            findings.error("instrument::unknown_procedure", &path, message, help);
            continue;
        };
        for old in states.keys() {
            let message = match procedure.state(old).map(|state| state.kind) {
                Some(StateKind::Waiting | StateKind::Rest) => continue,
                Some(StateKind::End) => format!("`{old}` is an end there, and stays one"),
                None => format!("the instrument before has no state `{old}`"),
            };
            let help = "leave it out: waiting and resting states are mapped, and no others";
            findings.error("instrument::unknown_state", &format!("{path}.{old}"), message, help);
        }
        let open = procedure.states.iter().filter(|(_, state)| state.kind != StateKind::End);
        let left_out: Vec<&Code> =
            open.map(|(name, _)| name).filter(|name| !states.contains_key(*name)).collect();
        for state in left_out {
            let message = format!("a matter that waits or rests in `{state}` would not know where it stands");
            let help = "map every waiting and resting state of the instrument before";
            findings.error("instrument::not_mapped", &path, message, help);
        }
    }
}
