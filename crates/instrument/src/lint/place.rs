//! Lines and areas: whether any place could be determined, and whether each side is said alike.

use std::collections::{BTreeMap, BTreeSet};

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
    untranslated(
        "the disclaimer",
        ("place.disclaimer", 0),
        &instrument.place.disclaimer,
        instrument,
        findings,
    );
    for (name, who) in &instrument.participants {
        untranslated(
            "the label",
            (&format!("participant.{name}.labels"), 1),
            &who.labels,
            instrument,
            findings,
        );
    }
    for (name, clause) in &instrument.provisions {
        untranslated(
            "the text",
            (&format!("provision.{name}.texts"), 1),
            &clause.texts,
            instrument,
            findings,
        );
    }
}

/// What is said in some languages of an instrument is said in all; but in so many, in which it stands elsewhere.
fn untranslated(
    what: &str,
    (path, elsewhere): (&str, usize),
    given: &BTreeMap<String, String>,
    instrument: &Instrument,
    findings: &mut Findings<'_>,
) {
    let missing: Vec<&String> = instrument.languages.iter().filter(|tag| !given.contains_key(*tag)).collect();
    if let (false, Some(tag)) = (given.is_empty(), missing.get(elsewhere)) {
        let message = format!("{what} is not given in `{tag}`");
        let help = "say it in each of the instrument's languages: all have one rank";
        findings.warning("instrument::untranslated", path, message, help);
    }
}
