//! What an instrument says about places, in sentences.

use instrument::Instrument;
use terms::ParticipantId;

/// A sentence for each line and area, and for how coarse places are; only the last if there is no line.
pub(super) fn lines(instrument: &Instrument) -> Vec<String> {
    let mut lines = Vec::new();
    let label = |who: &ParticipantId| {
        instrument.participants.get(who).map_or_else(|| who.to_string(), |who| who.names.label.clone())
    };
    for (name, line) in &instrument.lines {
        lines.push(format!(
            "Reference line `{name}`: {}, {}; true to {} m. It is used for calculation only, without prejudice to the \
             position of any participant on its status.",
            line.source, line.edition, line.precision_m
        ));
        let called: Vec<String> =
            line.labels.iter().map(|(who, text)| format!("“{text}” by {}", label(who))).collect();
        if !called.is_empty() {
            lines.push(format!("  It is called {}.", called.join(", ")));
        }
    }
    for (name, area) in &instrument.areas {
        let sides: Vec<String> =
            area.sides.iter().map(|(line, side)| format!("{side} of `{line}`")).collect();
        lines.push(format!(
            "Area `{name}`, in which {} is responsible under the instrument: {}.",
            label(&area.participant),
            sides.join(" and ")
        ));
    }
    if instrument.lines.is_empty() || instrument.areas.is_empty() {
        lines.push("No line and area are named: every place is not determined.".to_owned());
    } else {
        let reach: Vec<u64> = instrument.lines.values().map(|line| line.reach_m).collect();
        lines.push(format!(
            "A place is in an area only if every line says so, and it is farther from each than the line's precision and \
             its own uncertainty together, and no farther than {} m. Near a line, beyond its ends, or where lines differ \
             it is not determined.",
            reach.into_iter().min().unwrap_or_default()
        ));
    }
    lines.push(format!("Places are written down to {} m.", instrument.place.coarseness_m));
    lines
}
