//! What becomes of open matters when one instrument takes the place of another (PROCEDURE 4.9).

use super::Changed;
use crate::model::Instrument;
use crate::procedure::StateKind;

/// A sentence for each kind of matter that is touched, and one for what is common to all.
pub(super) fn lines(old: &Instrument, new: &Instrument, parts: &[Changed]) -> Vec<String> {
    let mut lines = vec![
        "An open matter goes on under the instrument that it was opened in, with its procedures, bodies, calendar and \
         relief, unless its kind is named below to move."
            .to_owned(),
    ];
    for (kind, procedure) in &old.procedures {
        let path = format!("procedure.{kind}");
        let is_of_kind = |part: &Changed| part.path == path || part.path.starts_with(&format!("{path}."));
        let Some(mapped) = new.transitions.get(kind) else {
            if !new.procedures.contains_key(kind) {
                lines.push(format!("`{kind}`: open matters go on; no new one can be opened."));
            } else if parts.iter().any(is_of_kind) {
                lines.push(format!(
                    "`{kind}`: open matters go on as they are; what is new holds for new ones."
                ));
            }
            continue;
        };
        let moves: Vec<String> = mapped.iter().map(|(old, new)| format!("`{old}` → `{new}`")).collect();
        lines.push(format!(
            "`{kind}`: all open matters move: {}. A clock whose step runs there too keeps its time; other clocks begin \
             anew, and voices that have not decided are forgotten.",
            moves.join(", ")
        ));
        let lost: Vec<String> = procedure
            .states
            .iter()
            .filter(|(state, about)| about.kind != StateKind::End && !mapped.contains_key(state))
            .map(|(state, _)| format!("`{state}`"))
            .collect();
        if !lost.is_empty() {
            lines.push(format!(
                "`{kind}`: no place is named for what stands in {}: it can't take effect.",
                lost.join(", ")
            ));
        }
    }
    for kind in new.procedures.keys().filter(|kind| !old.procedures.contains_key(*kind)) {
        lines.push(format!("`{kind}`: can be opened from then on."));
    }
    lines
}
