//! The paragraphs, with what is open under each.

use std::collections::{BTreeMap, BTreeSet};

use docket::v1::Matter;
use docket::v1::matter::words;
use instrument::Procedure;
use instrument::model::Provision;
use instrument::procedure::Holds;
use lang::content::direction;
use serde::Serialize;
use terms::Code;

use super::Rests;
use crate::page::begun::under_it;
use crate::words::matter::Named;
use crate::words::{Reader, Who};

/// How many open matters are named at a paragraph.
const NAMED_MAX: usize = 3;

/// A paragraph.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Clause {
    pub(crate) id: String,
    pub(crate) kind: String,
    #[serde(skip)]
    pub(crate) kind_words: String,
    pub(crate) bearers: Vec<Who>,
    /// The language that its words are written in.
    pub(crate) base: String,
    /// Its words, by language.
    pub(crate) texts: BTreeMap<String, Text>,
    /// The kinds of matter that run under it.
    pub(crate) procedures: Vec<Runs>,
    /// Whether none does, on purpose.
    pub(crate) is_not_invoked: bool,
    /// What is open under it: the first few, of so many.
    pub(crate) open: Vec<Named>,
    pub(crate) open_of: usize,
    pub(crate) rests: Rests,
    /// What the one who reads this may begin under it, and to change it: what each is called, and its form, with the clause
    /// filled in.
    pub(crate) begin: Vec<(String, String)>,
    pub(crate) propose: Vec<(String, String)>,
}

impl Clause {
    /// Its own words, and in which direction they run.
    pub(crate) fn own(&self) -> Option<&Text> {
        self.texts.get(&self.base)
    }
}

/// Words in a language.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Text {
    pub(crate) words: String,
    #[serde(skip)]
    pub(crate) dir: &'static str,
    /// Whether they are what the clause was written in; the others are working translations.
    pub(crate) is_base: bool,
}

/// A kind of matter that runs under a clause.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Runs {
    pub(crate) kind: String,
    pub(crate) title: String,
    pub(crate) href: String,
}

/// All paragraphs, in the instrument's order.
pub(super) fn clauses(reader: Reader<'_>, open: &[&Matter]) -> Vec<Clause> {
    let instrument = reader.instrument();
    let mut under: BTreeMap<&Code, Vec<&Matter>> = BTreeMap::new();
    for matter in open {
        for provision in provisions_of(matter) {
            if let Some((known, _)) = instrument.provisions.get_key_value(&provision) {
                under.entry(known).or_default().push(matter);
            }
        }
    }
    let one = |(id, provision): (&Code, &Provision)| {
        let runs = instrument.procedures.iter().filter(|(_, rule)| rule.under.contains(&provision.kind));
        let open = under.get(id).map(Vec::as_slice).unwrap_or_default();
        let base = base(&instrument.languages, provision);
        let mut texts = BTreeMap::new();
        for tag in &instrument.languages {
            let is_base = *tag == base;
            let words = if is_base { Some(&provision.text) } else { provision.texts.get(tag) };
            if let Some(words) = words {
                let text = Text { words: words.clone(), dir: direction(tag).as_str(), is_base };
                texts.insert(tag.clone(), text);
            }
        }
        Clause {
            id: id.to_string(),
            kind: provision.kind.to_string(),
            kind_words: reader.provision(&provision.kind),
            bearers: reader.in_order(&provision.bearers),
            base,
            texts,
            procedures: runs
                .map(|(kind, rule)| Runs {
                    kind: kind.to_string(),
                    title: reader.title(rule),
                    href: format!("/{}/agreement/{kind}", reader.agreement),
                })
                .collect(),
            is_not_invoked: provision.not_invoked,
            open: open.iter().take(NAMED_MAX).map(|matter| Named::of(reader, matter)).collect(),
            open_of: open.len(),
            rests: Rests::of(reader, provision.basis),
            begin: under_it(reader, id, false),
            propose: under_it(reader, id, true),
        }
    };
    instrument.provisions.iter().map(one).collect()
}

/// The language that a clause's words are written in: the one of the instrument's for which it has no other words; English
/// where several are, if it is among them, since the program's own words are first written in it; else the first.
pub(in crate::page) fn base(languages: &[String], provision: &Provision) -> String {
    let mut without = languages.iter().filter(|tag| !provision.texts.contains_key(*tag));
    let first = without.next();
    let english = languages.iter().find(|tag| *tag == "en" && !provision.texts.contains_key(*tag));
    english.or(first).or(languages.first()).cloned().unwrap_or_default()
}

/// Whether matters under it name clauses.
pub(super) fn names_clauses(procedure: &Procedure) -> bool {
    procedure.fields.values().any(|field| matches!(field.holds, Holds::Provision))
}

/// The clauses that a matter is about.
fn provisions_of(matter: &Matter) -> BTreeSet<Code> {
    let fields = &matter.procedure.fields;
    let named = fields.iter().filter(|(_, field)| matches!(field.holds, Holds::Provision));
    let mut found = BTreeSet::new();
    for (name, _) in named {
        for strand in matter.strands.keys() {
            found.extend(words(matter.value(name, strand)).filter_map(|word| Code::new(&word.to_string())));
        }
        // A strand may be of a clause: `south:p1`.
        let place = matter.procedure.strands.iter().position(|of| of == name);
        let parts = matter.strands.keys().filter_map(|of| of.as_str().split(':').nth(place?));
        found.extend(parts.filter_map(Code::new));
    }
    found
}
