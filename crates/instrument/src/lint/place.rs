//! Lines and areas: whether any place could be determined, and whether each side is said alike.

use std::collections::BTreeSet;

use terms::{ParticipantId, Role};

use super::Findings;
use crate::Instrument;

pub(super) fn lint(instrument: &Instrument, findings: &mut Findings<'_>) {
    for (name, line) in &instrument.lines {
        // What is written down at the agreed coarseness lies within seven tenths of it at best.
        let least = line.precision_m + instrument.place.coarseness_m * 7 / 10;
        if line.reach_m <= least {
            let message = format!("no place is ever determined by `{name}`");
            let help = format!("give it a `reach` of more than {least} m, or a finer `coarseness`");
            findings.warning("instrument::never_determined", &format!("line.{name}.reach"), message, &help);
        }
        let parties: BTreeSet<&ParticipantId> = instrument.of_role(Role::Party).collect();
        let silent = parties.iter().find(|party| !line.labels.contains_key(**party));
        if let Some(party) = silent
            && line.labels.keys().any(|who| parties.contains(who))
        {
            let message = format!("`{name}` has a label of one party and none of `{party}`");
            let help = "give each party's own word for it, or nobody's";
            findings.warning("instrument::uneven_labels", &format!("line.{name}.label"), message, help);
        }
    }
    if let (1, Some((name, _))) = (instrument.areas.len(), instrument.areas.first_key_value()) {
        let message = format!("`{name}` is the only area: nobody is responsible across the line");
        let help = "name the area on the other side too, or leave areas out";
        findings.warning("instrument::one_area", &format!("area.{name}"), message, help);
    }
    let given = &instrument.place.disclaimer;
    let missing = instrument.languages.iter().find(|tag| !given.contains_key(*tag));
    if let Some(tag) = missing.filter(|_| !given.is_empty()) {
        let message = format!("the disclaimer is not given in `{tag}`");
        let help = "say it in each of the instrument's languages: all have one rank";
        findings.warning("instrument::untranslated", "place.disclaimer", message, help);
    }
}
