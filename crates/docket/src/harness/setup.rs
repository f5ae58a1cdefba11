//! Who takes part, and under what.

use std::fmt::Write as _;

use terms::Instant;

use super::at;

/// How a register of a test begins.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Participants with their roles, founders unless they stand in `vacant`.
    pub roles: Vec<(String, &'static str)>,
    /// Whose seats are empty.
    pub vacant: Vec<String>,
    /// How many witnesses.
    pub witnesses: usize,
    /// How many of them must cosign.
    pub quorum: usize,
    /// The instrument's calendar, as TOML.
    pub calendar: String,
    /// More of the instrument, as TOML.
    pub more: String,
    /// How many roots a founder has, and how many sign.
    pub roots: (u32, u32),
    /// A whole instrument, in place of what the rest of this would make.
    pub whole: Option<String>,
    /// The procedures and who gives relief, as TOML; empty for `notice` alone.
    pub procedures: String,
    /// When it is founded.
    pub start: Instant,
    /// Whether signatures are made. Without them only an [`super::Unchecked`] replay reads it.
    pub signed: bool,
}

impl Default for Setup {
    /// North and south, with harbour and ford as guarantors and a secretariat that watches; four
    /// witnesses, of whom three must cosign; an hour from mark to mark, a week for a stick.
    fn default() -> Setup {
        let roles = [
            ("north", "party"),
            ("south", "party"),
            ("harbour", "guarantor"),
            ("ford", "guarantor"),
            ("secretariat", "monitor"),
        ];
        Setup {
            roles: roles.map(|(id, role)| (id.to_owned(), role)).to_vec(),
            vacant: Vec::new(),
            witnesses: 4,
            quorum: 3,
            calendar: "zone = \"+00:00\"\nbasis = \"reconstruction\"\n".to_owned(),
            more: String::new(),
            roots: (2, 3),
            whole: None,
            procedures: String::new(),
            start: at("2025-11-01 00:00"),
            signed: true,
        }
    }
}

impl Setup {
    /// An exercise under one of the instruments of the house, all of whose participants found the register.
    ///
    /// # Panics
    ///
    /// If it says nothing that can be run.
    #[must_use]
    pub fn under(instrument: &str) -> Setup {
        let exercise = crate::story::amended(instrument, "[instrument]\nexercise = true\n");
        let read = instrument::sound(&exercise, &instrument::library::shipped()).expect("an instrument");
        let roles = read.participants.iter().map(|(id, who)| (id.to_string(), who.role.as_str())).collect();
        Setup { roles, whole: Some(exercise), ..Setup::default() }
    }

    /// Adds a participant whose seat is empty.
    #[must_use]
    pub fn with_vacant(mut self, id: &str, role: &'static str) -> Setup {
        self.roles.push((id.to_owned(), role));
        self.vacant.push(id.to_owned());
        self
    }

    /// With these procedures.
    #[must_use]
    pub fn with_procedures(mut self, procedures: &str) -> Setup {
        procedures.clone_into(&mut self.procedures);
        self
    }

    /// The instrument.
    #[must_use]
    pub fn instrument(&self) -> String {
        if let Some(whole) = &self.whole {
            return whole.clone();
        }
        let mut text = "[instrument]\nname = \"EXERCISE: the river accord\"\nexercise = true\n\
             languages = [\"en\"]\nauthentic = \"not known\"\norder = \"alphabetical\"\n\
             standing = \"Taking part implies no recognition.\"\nbasis = \"reconstruction\"\n\n"
            .to_owned();
        for (id, role) in &self.roles {
            let _ = write!(
                text,
                "[participant.{id}]\nrole = \"{role}\"\nnames = {{ own = \"{id}\" }}\nbasis = \"reconstruction\"\n\n"
            );
        }
        text.push_str(
            "[excluded.the-band]\nnames = { text = \"The Band\" }\naliases = [\"band-of-the-ford\"]\n\
             basis = \"reconstruction\"\n\n",
        );
        let _ = write!(text, "[calendar]\n{}", self.calendar);
        text.push_str(&self.more);
        text.push('\n');
        text.push_str(&self.procedures);
        text
    }

    /// Who founds it, in the order of their ids.
    #[must_use]
    pub fn founders(&self) -> Vec<String> {
        let mut ids: Vec<String> =
            self.roles.iter().map(|(id, _)| id.clone()).filter(|id| !self.vacant.contains(id)).collect();
        ids.sort_unstable();
        ids
    }
}
