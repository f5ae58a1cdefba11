//! The draft, as a file with comments.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use instrument::procedure::{Holds, Opens};
use instrument::{Basis, Instrument, Procedure, library, quoted};
use terms::{Code, Diagnostic, ParticipantId, Severity};

use super::Read;

/// Without these no agreement can be changed, left or ended.
const ALWAYS: [&str; 3] = ["life", "amendment", "departure"];

/// One who takes part.
#[derive(Clone, Debug)]
pub(super) struct Seat {
    pub(super) id: ParticipantId,
    pub(super) name: String,
}

/// What was answered.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) exercise: bool,
    pub(super) basis: Basis,
    pub(super) languages: Vec<String>,
    pub(super) parties: Vec<Seat>,
    pub(super) guarantors: Vec<Seat>,
    /// Under what title guarantors take part.
    pub(super) titled: Option<String>,
    pub(super) monitors: Vec<Seat>,
    pub(super) provisions: Vec<String>,
    pub(super) zone: String,
    pub(super) relief: String,
    pub(super) procedures: Vec<String>,
}

impl Draft {
    /// The kinds of the library that work among these participants, in the library's order: those that are always
    /// there, and whatever else has no error, no trap, and nothing that takes one more than there is.
    pub(super) fn fitting(&self) -> Vec<String> {
        let mut kinds: Vec<String> = library::SHIPPED.iter().map(|(name, _)| (*name).to_owned()).collect();
        loop {
            let draft = Draft { procedures: kinds.clone(), ..self.clone() };
            let unfit = unfit(&Read::of_text(draft.text(), None));
            let left = kinds.len();
            kinds.retain(|kind| ALWAYS.contains(&kind.as_str()) || !unfit.contains(kind));
            if kinds.len() == left {
                return kinds;
            }
        }
    }

    /// The other draft, which has one more answer, unless an error comes with that; then what it says.
    pub(super) fn reads(&self, other: Draft) -> Result<Draft, String> {
        let errors = |draft: &Draft| -> Vec<String> {
            let read = Read::of_text(draft.text(), None).diagnostics.into_iter();
            read.filter(|one| one.severity == Severity::Error).map(|one| one.message).collect()
        };
        let before = errors(self);
        match errors(&other).into_iter().find(|message| !before.contains(message)) {
            Some(message) => Err(message),
            None => Ok(other),
        }
    }

    /// The file.
    pub(super) fn text(&self) -> String {
        let mut out = String::new();
        // Writing to a string does not fail.
        let _ = self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        let about = if self.exercise { "EXERCISE. A first draft" } else { "A first draft" };
        writeln!(out, "# {about}: its numbers are proposals, and nobody has agreed to them.\n")?;
        writeln!(out, "[instrument]\nname = {}", quoted(&self.name))?;
        writeln!(out, "exercise = {}", self.exercise)?;
        writeln!(out, "languages = {}", list(&self.languages))?;
        writeln!(
            out,
            "authentic = \"not known\"          # or the languages in which it binds, as [\"en\"]"
        )?;
        writeln!(
            out,
            "order = \"alphabetical\"           # or \"alternat\": each party first in its own copy"
        )?;
        writeln!(
            out,
            "standing = \"Taking part implies no recognition of any State, government or claim.\""
        )?;
        writeln!(
            out,
            "basis = {}                  # where clauses come from; a table may say otherwise of itself\n",
            quoted(self.basis)
        )?;
        let roles = [("party", &self.parties), ("guarantor", &self.guarantors), ("monitor", &self.monitors)];
        for (role, seats) in roles {
            for seat in seats {
                writeln!(out, "[participant.{}]\nrole = {}", seat.id, quoted(role))?;
                if let Some(titled) = self.titled.as_ref().filter(|_| role == "guarantor") {
                    writeln!(out, "titled = {}", quoted(titled))?;
                }
                writeln!(out, "names = {{ own = {0}, text = {0}, label = {0} }}", quoted(&seat.name))?;
            }
        }
        self.bodies(out)?;
        let parties = list(self.parties.iter().map(|seat| &seat.id));
        writeln!(out, "\n# What the parties owe, clause by clause, in the words of the text.")?;
        for (at, text) in self.provisions.iter().enumerate() {
            writeln!(
                out,
                "[provision.p{}]\nkind = \"prohibition\"            # or obligation, cooperation",
                at + 1
            )?;
            writeln!(out, "bearers = {parties}\ntext = {}", quoted(text))?;
            if !self.procedures.iter().any(|kind| kind == "case") {
                writeln!(
                    out,
                    "not_invoked = true               # no kind of matter below is opened under it"
                )?;
            }
        }
        writeln!(out, "\n[calendar]")?;
        writeln!(out, "zone = {}                  # a day ends at 24:00 there", quoted(&self.zone))?;
        writeln!(
            out,
            "deemed = \"24h\"                   # after that an act counts as served on whoever is silent"
        )?;
        writeln!(
            out,
            "heartbeat = \"1h\"                 # how often witnesses are meant to say that they are there"
        )?;
        writeln!(
            out,
            "carriage = \"24h\"                 # from due to close: the way of an answer on a stick"
        )?;
        self.relief(out)?;
        writeln!(
            out,
            "\n# Kinds of matter, each as the library has it. To change one, name what is to be otherwise, as"
        )?;
        writeln!(out, "#   [procedure.request.step.answer]\n#   due = \"48h after service\"")?;
        writeln!(out, "# All of each is shown by `mithaq instrument show FILE --procedure KIND`.")?;
        // Where all kinds are, nothing is left out.
        let shipped = (self.procedures.len() < library::SHIPPED.len()).then(everything).flatten();
        for kind in &self.procedures {
            writeln!(out, "[procedure.{kind}]\nlike = {}", quoted(kind))?;
            let procedure = shipped.as_ref().and_then(|all| procedure(all, kind));
            let left_out: Vec<String> = procedure
                .into_iter()
                .flat_map(spared)
                .filter(|(_, other)| !self.procedures.iter().any(|taken| taken == other.as_str()))
                .map(|(field, _)| format!("field.{field}"))
                .collect();
            if !left_out.is_empty() {
                writeln!(out, "without = {}            # of a kind that is not here", list(left_out))?;
            }
        }
        Ok(())
    }

    /// Those that the library asks for.
    fn bodies(&self, out: &mut String) -> std::fmt::Result {
        fn ids<'s>(seats: &[&'s Vec<Seat>]) -> Vec<&'s ParticipantId> {
            seats.iter().flat_map(|seats| seats.iter().map(|seat| &seat.id)).collect()
        }
        let finders = ids(&[&self.guarantors, &self.monitors]);
        let chair =
            self.monitors.first().map(|seat| format!("chair = {}\n", quoted(&seat.id))).unwrap_or_default();
        if !finders.is_empty() {
            writeln!(out, "\n# Who says what was found. No party is among them.")?;
            writeln!(out, "[body.finders]\nmembers = {}\n{chair}decides = \"most\"", list(&finders))?;
        }
        writeln!(out, "\n# Who looks at a finding again.")?;
        writeln!(out, "[body.principals]\nmembers = {}", list(ids(&[&self.parties, &self.guarantors])))?;
        writeln!(out, "decides = \"all\"")?;
        writeln!(out, "\n# Who meets.")?;
        writeln!(
            out,
            "[body.commission]\nmembers = {}\n{chair}decides = \"all\"",
            list(ids(&[&self.parties, &self.guarantors, &self.monitors]))
        )?;
        // So that no party can stop a meeting by staying away.
        let neutral = [
            (!self.monitors.is_empty()).then_some("any of monitors"),
            (!self.guarantors.is_empty()).then_some("any of guarantors"),
        ];
        let quorum: Vec<&str> = neutral.into_iter().flatten().collect();
        if !quorum.is_empty() {
            writeln!(out, "quorum = {}     # no party can stop a meeting by staying away", list(quorum))?;
        }
        Ok(())
    }

    fn relief(&self, out: &mut String) -> std::fmt::Result {
        let by = quoted(&self.relief);
        writeln!(out, "\n# Who may help where a clock would do harm. Without it nobody may.\n[relief]")?;
        writeln!(out, "extend = {{ by = {by}, most = \"72h\", times = 1 }}")?;
        writeln!(out, "suspend = {{ by = {by}, most = \"30d\" }}")?;
        let neutral = [(&self.guarantors, "any of guarantors"), (&self.monitors, "any of monitors")];
        if let Some((_, by)) = neutral.into_iter().find(|(seats, _)| !seats.is_empty()) {
            writeln!(
                out,
                "cut = {{ by = {}, most = \"10d\" }}   # no party says of itself that it could not be reached",
                quoted(by)
            )?;
        }
        writeln!(out, "set-aside = {{ by = {by} }}")
    }
}

/// The kinds of matter that do not work in what was read: by what is found at their table, and in their lives.
fn unfit(read: &Read) -> BTreeSet<String> {
    let unfit = |it: &&Diagnostic| it.severity == Severity::Error || it.code == "instrument::split_alone";
    let found = read.diagnostics.iter().filter(unfit).filter_map(|it| it.labels.first());
    let before = found.filter_map(|label| read.text.get(..label.span.start));
    let kinds = before.filter_map(|before| Some(before.rsplit_once("[procedure.")?.1.split_once(']')?.0));
    let lives = read.lives().unwrap_or_default();
    let trapped = lives.iter().filter(|(_, lives)| !lives.findings.is_empty());
    kinds.map(str::to_owned).chain(trapped.map(|(kind, _)| kind.to_string())).collect()
}

fn list(words: impl IntoIterator<Item = impl std::fmt::Display>) -> String {
    let words: Vec<String> = words.into_iter().map(quoted).collect();
    format!("[{}]", words.join(", "))
}

/// These kinds, those that they name, and those that are always there, in the library's order.
pub(super) fn with_needed(kinds: Vec<String>) -> Vec<String> {
    let all = everything();
    let mut wanted: BTreeSet<String> = kinds.into_iter().chain(ALWAYS.map(str::to_owned)).collect();
    let mut new: Vec<String> = wanted.iter().cloned().collect();
    while let Some(kind) = new.pop() {
        let Some(procedure) = all.as_ref().and_then(|all| procedure(all, &kind)) else { continue };
        let spared: BTreeSet<&Code> = spared(procedure).map(|(field, _)| field).collect();
        let needed = procedure.fields.iter().filter(|(name, _)| !spared.contains(name));
        let named = needed.filter_map(|(_, field)| match &field.holds {
            Holds::Matter { kind, .. } => kind.as_ref(),
            _ => None,
        });
        let opened = procedure.steps.iter().flat_map(|(_, step)| match &step.opens {
            Opens::Nothing => Vec::new(),
            Opens::Always(kind) => vec![kind],
            Opens::For(kinds) => kinds.values().collect(),
        });
        for other in named.chain(opened) {
            if wanted.insert(other.to_string()) {
                new.push(other.to_string());
            }
        }
    }
    let order = library::SHIPPED.iter().map(|(name, _)| (*name).to_owned());
    order.filter(|kind| wanted.contains(kind)).collect()
}

fn procedure<'a>(all: &'a Instrument, kind: &str) -> Option<&'a Procedure> {
    all.procedures.iter().find(|(name, _)| name.as_str() == kind).map(|(_, procedure)| procedure)
}

/// Fields of other matters that may be left out, and that no step names: what a procedure can do without, each with its
/// kind.
fn spared(procedure: &Procedure) -> impl Iterator<Item = (&Code, &Code)> {
    procedure.fields.iter().filter_map(|(name, field)| match &field.holds {
        Holds::Matter { kind: Some(kind), .. } if procedure.can_do_without(name) => Some((name, kind)),
        _ => None,
    })
}

/// An instrument in which all kinds of the library are.
fn everything() -> Option<Instrument> {
    let seat =
        |id: &str| ParticipantId::new(id).map(|id| Seat { name: id.to_string(), id }).into_iter().collect();
    let draft = Draft {
        name: "Everything".to_owned(),
        exercise: true,
        basis: Basis::Reconstruction,
        languages: vec!["en".to_owned()],
        parties: seat("party"),
        guarantors: seat("guarantor"),
        titled: None,
        monitors: seat("monitor"),
        provisions: Vec::new(),
        zone: "+00:00".to_owned(),
        relief: "all of guarantors".to_owned(),
        procedures: library::SHIPPED.iter().map(|(name, _)| (*name).to_owned()).collect(),
    };
    instrument::read(&draft.text(), &library::shipped()).0
}
