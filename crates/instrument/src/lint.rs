//! What an instrument says is read; does it work? Whether somebody is left waiting for ever, whether silence
//! finds anybody in breach, whether those who decide can decide (PROCEDURE §8). Each check looks at one state, one
//! step or one set at a time; exploration looks at whole lives.

mod agreement;
mod amended;
mod fair;
mod held;
mod life;
mod place;
mod sets;

use std::collections::BTreeMap;
use std::ops::Range;

use terms::{Diagnostic, Label, Severity};

use crate::Instrument;

/// Where the parts of an instrument stand in its text, by path: `procedure.case.step.find.by`. What comes from
/// the library stands where `like` stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places(pub(crate) BTreeMap<String, Range<usize>>);

impl Places {
    /// Where a part stands, or the nearest part around it that does.
    fn at(&self, path: &str) -> Option<Range<usize>> {
        let mut path = path;
        loop {
            if let Some(span) = self.0.get(path) {
                return Some(span.clone());
            }
            path = path.rsplit_once('.')?.0;
        }
    }
}

/// What has been found.
pub(crate) struct Findings<'a> {
    places: &'a Places,
    found: Vec<Diagnostic>,
}

impl Findings<'_> {
    fn error(&mut self, code: &'static str, path: &str, message: String, help: &str) {
        self.add(code, Severity::Error, path, message, help);
    }

    fn warning(&mut self, code: &'static str, path: &str, message: String, help: &str) {
        self.add(code, Severity::Warning, path, message, help);
    }

    fn add(&mut self, code: &'static str, severity: Severity, path: &str, message: String, help: &str) {
        let labels = self.places.at(path).map(|span| Label::at(span, "here")).into_iter().collect();
        self.found.push(Diagnostic { code, severity, message, labels, help: Some(help.to_owned()) });
    }
}

/// Looks at a whole instrument, and at the one whose place it takes, if that is given. One that names no procedure is a
/// hand-over `alone`, and has no life to speak of.
pub(crate) fn lint(
    instrument: &Instrument,
    alone: bool,
    before: Option<&Instrument>,
    places: &Places,
) -> Vec<Diagnostic> {
    let mut findings = Findings { places, found: Vec::new() };
    if !alone {
        agreement::lint(instrument, &mut findings);
    }
    if let Some(before) = before {
        amended::lint(before, instrument, &mut findings);
    }
    place::lint(instrument, &mut findings);
    for (name, procedure) in &instrument.procedures {
        let at = sets::Within::new(instrument, name, procedure);
        life::lint(&at, &mut findings);
        held::lint(&at, &mut findings);
        fair::lint(&at, &mut findings);
        sets::lint(&at, &mut findings);
    }
    findings.found
}
