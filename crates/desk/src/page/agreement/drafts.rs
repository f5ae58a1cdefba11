//! The texts under negotiation: each part with its words, who said what of it, and what changed between its versions.

use std::collections::BTreeMap;

use act::body::Transcribed;
use act::value::{FieldValue, Fields, StrandName};
use act::{Body, Entry};
use askama::Template;
use docket::v1::event::What;
use docket::v1::{Matter, MatterKey};
use docket::view::steps_for;
use instrument::procedure::{Adopts, Effect, Holds, Procedure};
use instrument::redline::{Changed, Line, redline};
use serde::Serialize;
use similar::{ChangeTag, TextDiff};
use terms::{Code, Hash, Instant, ParticipantId, Reference};

use crate::desk::{Desk, Held};
use crate::page::find;
use crate::page::shell::{Shell, reader};
use crate::page::sign::RESERVE;
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::Asked;
use crate::words::matter::{Named, strand};
use crate::words::when::When;
use crate::words::{Reader, Speech, Who};

/// How many texts the agreement's page names.
const DRAFTS_MAX: usize = 20;

/// The longest text that is shown whole and compared, in bytes.
const TEXT_BYTES_MAX: u64 = 64 << 10;

/// Of how many versions, the newest, the words are read.
const SHOWN: usize = 2;

/// How long all comparisons of a page may take.
const COMPARED_WITHIN: std::time::Duration = std::time::Duration::from_millis(200);

/// A text under negotiation, in a line.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Drafted {
    pub(crate) matter: Named,
    pub(crate) procedure: String,
    /// Where its words are.
    pub(crate) href: String,
    /// Each part, and how it stands.
    pub(crate) parts: Vec<(String, String)>,
    pub(crate) is_over: bool,
}

/// The page of one text.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Draft {
    matter: Named,
    procedure: String,
    parts: Vec<Part>,
    /// What whoever reads this may do: the ordinary steps of the procedure.
    may: Vec<(String, String)>,
}

/// One part of it.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Part {
    strand: String,
    state: String,
    says: Speech,
    since: When,
    said: Vec<Said>,
    /// Newest first.
    versions: Vec<Version>,
    /// What the newest says otherwise than the one before it, or than the agreement that runs.
    changes: Vec<Change>,
    /// Whether to compare them took too long.
    is_too_long: bool,
    /// Whether that is of the agreement that runs, in sentences.
    is_of_agreement: bool,
}

/// What somebody said of it.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Said {
    who: Who,
    what: String,
    is_reservation: bool,
    entry: Option<u64>,
    time: When,
}

/// Words that were on the table.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Version {
    by: Option<Who>,
    entry: u64,
    time: When,
    annex: String,
    /// Of the newest two; nothing where it is not here, is no text, or is too long for a page.
    words: Option<String>,
}

/// A stretch of a comparison.
#[derive(Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Change {
    /// `same`, `gone` or `new`; `part`, where it names the part of the agreement that what follows is in.
    is: &'static str,
    words: String,
}

#[derive(Template)]
#[template(path = "draft.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a Draft,
    me: Who,
    root: String,
}

/// The texts under negotiation, the open ones first, the newest first.
pub(super) fn drafts(reader: Reader<'_>) -> Vec<Drafted> {
    let matters = reader.replay.settlement().matters();
    let of_text = reader.index.kinds().filter(|(_, all)| all.procedures().iter().any(|it| is_text(it)));
    let keys = of_text.flat_map(|(_, all)| all.keys());
    let found = keys.filter_map(|key| Some((key, matters.get(key)?)));
    let mut all: Vec<_> = found.filter(|(_, matter)| is_text(&matter.procedure)).collect();
    all.sort_by_key(|(key, matter)| (!matter.is_open(), std::cmp::Reverse(**key)));
    let one = |(_, matter): (&MatterKey, &Matter)| {
        let named = Named::of(reader, matter);
        let parts = matter.strands.iter().map(|(name, life)| {
            let state = matter.procedure.state(&life.state);
            let says = match state {
                Some(_) => reader.state_says(&matter.procedure, &life.state).words,
                None => reader.word(&matter.procedure, &life.state),
            };
            (strand(reader, matter, name), says)
        });
        Drafted {
            procedure: reader.title(&matter.procedure),
            href: format!("/{}/agreement/text/{}", reader.agreement, named.reference),
            parts: parts.collect(),
            is_over: !matter.is_open(),
            matter: named,
        }
    };
    all.into_iter().take(DRAFTS_MAX).map(one).collect()
}

/// Whether it is about words that all look at: silence may take such as agreed, and nothing else.
pub(in crate::page) fn is_text(procedure: &Procedure) -> bool {
    procedure.adopts == Some(Adopts::Text) && text_field(procedure).is_some()
}

fn text_field(procedure: &Procedure) -> Option<&Code> {
    procedure.fields.iter().find(|(_, field)| matches!(field.holds, Holds::Text)).map(|(name, _)| name)
}

pub(crate) fn show(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let text = asked.part("reference");
    let none = || Sorry::NoReference(text.to_owned());
    let reference = Reference::parse(text).ok_or_else(none)?;
    let (key, matter) = find(reader.replay, reader.index, &reference).ok_or_else(none)?;
    if !is_text(&matter.procedure) {
        return Err(Sorry::NotFound);
    }
    let data = query(desk, reader, &held, key, matter)?;
    either(asked, &data, || {
        let shell = Shell::of(reader, asked, format!("{} · {}", data.matter.reference, data.matter.title));
        let root = format!("/{}", reader.agreement);
        Page { shell, me: reader.who(reader.me), root, data: &data }.render()
    })
}

fn query(
    desk: &Desk,
    reader: Reader<'_>,
    held: &Held,
    key: MatterKey,
    matter: &Matter,
) -> Result<Draft, Sorry> {
    let named = Named::of(reader, matter);
    let found = history(desk, held, matter)?;
    let mut texts = Texts::of(desk);
    let mut parts = Vec::new();
    for (name, life) in matter.strands.iter() {
        let of_it = |of: &Option<StrandName>| of.as_ref().is_none_or(|of| of == name);
        let said =
            found.said.iter().filter(|((of, ..), _)| of == name).map(|(_, heard)| heard.tell(reader, matter));
        let versions: Vec<&Tabled> = found.tabled.iter().filter(|tabled| of_it(&tabled.of)).collect();
        let is_of_agreement = matter.procedure.effects.values().any(|effect| *effect == Effect::Amend);
        let changes = texts.changes(matter, &versions, is_of_agreement);
        parts.push(Part {
            strand: strand(reader, matter, name),
            state: reader.word(&matter.procedure, &life.state),
            says: reader.state_says(&matter.procedure, &life.state),
            since: When::of(reader, life.since),
            said: said.collect(),
            is_too_long: changes.is_none(),
            changes: changes.unwrap_or_default(),
            is_of_agreement,
            versions: (0..)
                .zip(versions.iter().rev())
                .map(|(place, tabled)| version(reader, tabled, (place < SHOWN).then_some(&mut texts)))
                .collect(),
        });
    }
    let mut may: Vec<(String, String)> = Vec::new();
    for one in steps_for(reader.replay, key, reader.me) {
        let href = format!("{}/{}", named.href, one.step);
        if may.iter().all(|(known, _)| *known != href) {
            may.push((href, reader.word(&matter.procedure, one.step)));
        }
    }
    Ok(Draft { procedure: reader.title(&matter.procedure), matter: named, parts, may })
}

/// What happened to a text.
struct History {
    /// The last thing that each said on each step of each part.
    said: BTreeMap<(StrandName, Code, ParticipantId), Heard>,
    /// The words that were put on the table, in order.
    tabled: Vec<Tabled>,
}

/// Something that somebody said.
struct Heard {
    by: ParticipantId,
    step: Code,
    choice: Option<Code>,
    entry: Option<u64>,
    at: Instant,
}

impl Heard {
    fn tell(&self, reader: Reader<'_>, matter: &Matter) -> Said {
        Said {
            who: reader.who(&self.by),
            what: reader.word(&matter.procedure, self.choice.as_ref().unwrap_or(&self.step)),
            is_reservation: self.step.as_str() == RESERVE,
            entry: self.entry,
            time: When::of(reader, self.at),
        }
    }
}

/// Words on the table.
struct Tabled {
    /// In which part; none: in all.
    of: Option<StrandName>,
    by: Option<ParticipantId>,
    entry: u64,
    at: Instant,
    annex: Hash,
}

fn history(desk: &Desk, held: &Held, matter: &Matter) -> Result<History, Sorry> {
    let mut history = History { said: BTreeMap::new(), tabled: Vec::new() };
    let Some(field) = text_field(&matter.procedure) else { return Ok(history) };
    let mut read = None;
    for event in held.happened().about(&matter.id) {
        if let What::Spoke(_, of, step, by, choice) | What::Stepped(_, of, step, by, choice) = &event.what {
            let (by, step, choice, entry, at) =
                (by.clone(), step.clone(), choice.clone(), event.entry, event.at);
            let place = (of.clone(), step.clone(), by.clone());
            history.said.insert(place, Heard { by, step, choice, entry, at });
        }
        let Some(entry) = event.entry.filter(|entry| read < Some(*entry)) else { continue };
        read = Some(entry);
        let parsed = Entry::parse(&desk.entry(held, entry)?).map_err(node::Fault::from)?;
        let act = parsed.act();
        let by = act.head().by.participant().cloned();
        let mut table = |of: Option<&StrandName>, fields: &Fields| {
            if let Some(FieldValue::Annex(annex)) = fields.get(field) {
                let (of, by, at, annex) = (of.cloned(), by.clone(), event.at, annex.sha256);
                history.tabled.push(Tabled { of, by, entry, at, annex });
            }
        };
        match act.body() {
            Body::Open(open) => table(None, &open.fields),
            Body::Step(step) => table_step(step, &mut table),
            Body::Transcribe(transcribe) => match &transcribe.what {
                Transcribed::Open(open) => table(None, &open.fields),
                Transcribed::Step(step) => table_step(step, &mut table),
            },
            _ => {}
        }
    }
    Ok(history)
}

/// What a step puts on the table: in the parts that it names, in all where it names none.
fn table_step(step: &act::body::Step, table: &mut impl FnMut(Option<&StrandName>, &Fields)) {
    if step.strands.is_empty() {
        table(None, &step.fields);
    }
    step.strands.iter().for_each(|of| table(Some(of), &step.fields));
}

fn version(reader: Reader<'_>, tabled: &Tabled, texts: Option<&mut Texts<'_>>) -> Version {
    Version {
        by: tabled.by.as_ref().map(|who| reader.who(who)),
        entry: tabled.entry,
        time: When::of(reader, tabled.at),
        annex: tabled.annex.to_hex(),
        words: texts.and_then(|texts| texts.words(&tabled.annex)),
    }
}

/// The words of an annex, if it is here, and text that a page can hold.
fn words_of(desk: &Desk, annex: &Hash) -> Option<String> {
    let bytes = desk.served.annex_up_to(annex, TEXT_BYTES_MAX).ok().flatten()?;
    String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
}

/// The library of procedures that the register's agreements start from.
fn library(desk: &Desk) -> Option<String> {
    let genesis = desk.entry(&desk.held(), 0).ok().and_then(|bytes| Entry::parse(&bytes).ok())?;
    let Body::Genesis(genesis) = genesis.act().body() else { return None };
    let path = format!("register/annex/{}", genesis.annexes.library.sha256.to_hex());
    String::from_utf8(desk.served.file(&path).ok().flatten()?.bytes).ok()
}

/// What one request reads and compares: each text once, and no comparison goes on for long.
struct Texts<'d> {
    desk: &'d Desk,
    read: BTreeMap<Hash, Option<String>>,
    /// By the words before, where there are such, and the newest.
    compared: BTreeMap<(Option<Hash>, Hash), Option<Vec<Change>>>,
    until: std::time::Instant,
}

impl<'d> Texts<'d> {
    fn of(desk: &'d Desk) -> Texts<'d> {
        let until = std::time::Instant::now() + COMPARED_WITHIN;
        Texts { desk, read: BTreeMap::new(), compared: BTreeMap::new(), until }
    }

    fn words(&mut self, annex: &Hash) -> Option<String> {
        let desk = self.desk;
        self.read.entry(*annex).or_insert_with(|| words_of(desk, annex)).clone()
    }

    /// What the newest words say otherwise: an amendment than the agreement that ran when it was proposed, in sentences;
    /// another text than the words before it, word for word. Nothing if that takes too long.
    fn changes(
        &mut self,
        matter: &Matter,
        versions: &[&Tabled],
        is_of_agreement: bool,
    ) -> Option<Vec<Change>> {
        let Some((newest, earlier)) = versions.split_last() else { return Some(Vec::new()) };
        let before = if is_of_agreement { None } else { earlier.last().map(|tabled| tabled.annex) };
        let both = (before, newest.annex);
        if let Some(known) = self.compared.get(&both) {
            return known.clone();
        }
        let found = match (self.words(&newest.annex), before.and_then(|before| self.words(&before))) {
            (Some(new), _) if is_of_agreement => Some(self.redlined(matter, &new)),
            (Some(new), Some(before)) => compare(&before, &new, self.until),
            _ => Some(Vec::new()),
        };
        self.compared.insert(both, found.clone());
        found
    }

    fn redlined(&mut self, matter: &Matter, new: &str) -> Vec<Change> {
        let proposed = library(self.desk).and_then(|library| instrument::read(new, &library).0);
        let (Some(proposed), Some(running)) = (proposed, self.words(&matter.law.annex)) else {
            return Vec::new();
        };
        let found = redline((&matter.law.instrument, &running), (&proposed, new));
        let sentence = |line: Line| match line {
            Line::Gone(words) => Change { is: "gone", words },
            Line::New(words) => Change { is: "new", words },
        };
        let part = |part: Changed| {
            let title = Change { is: "part", words: part.title };
            std::iter::once(title).chain(part.lines.into_iter().map(sentence))
        };
        found.parts.into_iter().flat_map(part).collect()
    }
}

/// Two texts, word for word; nothing if it takes too long, for what is found then is no longer what a hand would mark.
fn compare(before: &str, new: &str, until: std::time::Instant) -> Option<Vec<Change>> {
    let diff = TextDiff::configure().deadline(until).diff_words(before, new);
    if std::time::Instant::now() >= until {
        return None;
    }
    let mut changes: Vec<Change> = Vec::new();
    for change in diff.iter_all_changes() {
        let is = match change.tag() {
            ChangeTag::Equal => "same",
            ChangeTag::Delete => "gone",
            ChangeTag::Insert => "new",
        };
        match changes.last_mut().filter(|last| last.is == is) {
            Some(last) => last.words.push_str(change.value()),
            None => changes.push(Change { is, words: change.value().to_owned() }),
        }
    }
    Some(changes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_too_long_is_not_compared() {
        let soon = std::time::Instant::now() + std::time::Duration::from_secs(60);
        let changes = compare("one two three", "one four three", soon).expect("it is short");
        let told: Vec<_> = changes.iter().map(|change| (change.is, change.words.as_str())).collect();
        assert_eq!(told, [("same", "one "), ("gone", "two"), ("new", "four"), ("same", " three")]);
        let words =
            |step: usize| (0..12_000_usize).map(|n| format!("{} ", n * step % 4093)).collect::<String>();
        let began = std::time::Instant::now();
        assert!(compare(&words(7), &words(1001), began + COMPARED_WITHIN).is_none());
        assert!(began.elapsed() < std::time::Duration::from_secs(5));
    }
}
