//! What each said of the same thing, side by side (PRACTICE detail 8): a column for each that spoke, in the order of the
//! instrument, a row for each question, and nothing of it made into one.

use std::collections::{BTreeMap, BTreeSet};

use act::body::{Correct, Open, Step, Transcribed};
use act::value::{FieldValue, StrandName};
use act::{Body, Entry};
use docket::v1::matter::words;
use docket::v1::{Matter, MatterKey, Stance, What};
use instrument::procedure::{Holds, Leads};
use lang::Arg;
use serde::Serialize;
use terms::{Code, ParticipantId};

use super::matter::Line;
use super::sign::RESERVE;
use crate::desk::{Desk, Held};
use crate::twins::own_kind;
use crate::web::answer::Sorry;
use crate::words::matter::{Named, in_words, strand};
use crate::words::when::When;
use crate::words::{Reader, Who};

/// How many matters stand on one page that are the same, and how far they are followed.
const SAME_MAX: usize = 8;

/// What each said of the same thing.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Accounts {
    /// Whose they are, in the order of the instrument.
    by: Vec<Account>,
    /// One a question; its cells are in the order of the accounts.
    rows: Vec<Row>,
}

impl Accounts {
    pub(crate) fn columns(&self) -> &[Account] {
        &self.by
    }

    pub(crate) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Whether anybody said it in words or with a file.
    pub(crate) fn have_words(&self) -> bool {
        self.by.iter().any(|one| !one.words.is_empty() || !one.sealed.is_empty())
    }
}

/// What one of them said.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Account {
    pub(crate) who: Who,
    /// The matter that it said it in, if that is another, which is the same as this.
    pub(crate) matter: Option<Named>,
    /// With which entries, the first one first. None: it has said nothing.
    pub(crate) said: Vec<Said>,
    #[serde(skip)]
    pub(crate) words: Vec<String>,
    #[serde(skip)]
    pub(crate) sealed: Vec<String>,
}

/// An entry in which somebody said something of it.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Said {
    pub(crate) entry: u64,
    pub(crate) time: When,
    /// Whether it opened the matter, was a step in it, or corrected one of those.
    is: &'static str,
    step: Option<String>,
    #[serde(skip)]
    pub(crate) says: String,
    /// What came of it, if somebody else wrote it down.
    #[serde(skip)]
    pub(crate) written_for: Option<String>,
}

/// A question.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Row {
    /// A field, or a step that has choices.
    asks: String,
    pub(crate) strand: Option<String>,
    #[serde(skip)]
    pub(crate) name: String,
    /// Whether two gave different values. Computed from those alone, never from what was said in words.
    pub(crate) differs: bool,
    pub(crate) cells: Vec<Option<Cell>>,
}

/// What one gave in answer.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Cell {
    pub(crate) value: String,
    /// Its newest: what it gave before stands in the entries before.
    entry: u64,
    /// Whether its letters and digits are never broken or turned.
    #[serde(skip)]
    pub(crate) is_fixed: bool,
}

/// What is asked, in the order in which it stands: when, where, of which kind, what else; then what was chosen.
type Question = (u8, Code, Option<String>);

enum Given {
    Field(FieldValue),
    Choice(Code),
}

impl Given {
    fn differs(&self, other: &Given) -> bool {
        match (self, other) {
            (Given::Choice(one), Given::Choice(other)) => one != other,
            (Given::Field(FieldValue::Several(_)), Given::Field(FieldValue::Several(_))) => {
                self.words() != other.words()
            }
            (Given::Field(one), Given::Field(other)) => one != other,
            _ => true,
        }
    }

    fn words(&self) -> BTreeSet<String> {
        match self {
            Given::Field(value) => words(Some(value)).map(ToString::to_string).collect(),
            Given::Choice(choice) => BTreeSet::from([choice.to_string()]),
        }
    }
}

/// A column, as it is found.
#[derive(Default)]
struct Told {
    said: Vec<Said>,
    words: Vec<String>,
    sealed: Vec<String>,
    given: BTreeMap<Question, (u64, Given)>,
}

/// What was said in an act's files, in words and sealed, as far as it was for the one who reads this.
pub(super) type Opened<'o> = &'o dyn Fn(&Entry) -> (Vec<String>, Vec<String>);

/// Nothing, where but one spoke and no other is named who may tell the same. `lines` are what the matter's own page says
/// was said in words.
pub(super) fn accounts(
    (desk, held): (&Desk, &Held),
    reader: Reader<'_>,
    (key, matter): (MatterKey, &Matter),
    (lines, opened): (&[Line], Opened<'_>),
) -> Result<Option<Accounts>, Sorry> {
    let mut told: BTreeMap<(usize, ParticipantId), Told> = BTreeMap::new();
    let all = same(reader, key, matter);
    for (place, one) in all.iter().enumerate() {
        of_matter((desk, held), reader, (place, one), (lines, opened), &mut told)?;
    }
    let spoke = told.len();
    let may_be_told_again = own_kind(&matter.procedure, &matter.kind).next().is_some();
    if may_be_told_again {
        for who in all.iter().flat_map(|matter| named(matter)) {
            if told.keys().all(|(_, known)| *known != who) {
                told.insert((0, who), Told::default());
            }
        }
    }
    let is_any = told.values().any(|one| !one.given.is_empty());
    if told.len() < 2 || !(spoke > 1 || may_be_told_again) || !is_any {
        return Ok(None);
    }
    let who: BTreeSet<ParticipantId> = told.keys().map(|(_, who)| who.clone()).collect();
    let mut columns: Vec<(&Matter, Who, Told)> = Vec::new();
    for who in reader.sorted(&who) {
        for (place, matter) in all.iter().enumerate() {
            columns.extend(told.remove(&(place, who.clone())).map(|told| (*matter, reader.who(who), told)));
        }
    }
    let asked: BTreeSet<Question> =
        columns.iter().flat_map(|(.., told)| told.given.keys().cloned()).collect();
    let row = |question: Question| {
        let given: Vec<_> = columns.iter().map(|(.., told)| told.given.get(&question)).collect();
        let first = given.iter().flatten().next();
        let differs = given.iter().flatten().any(|(_, one)| first.is_some_and(|(_, it)| it.differs(one)));
        let cell = |(entry, given): &(u64, Given)| Cell {
            value: match given {
                Given::Field(value) => in_words(reader, &matter.procedure, &question.1, value),
                Given::Choice(choice) => reader.word(&matter.procedure, choice),
            },
            entry: *entry,
            is_fixed: matches!(given, Given::Field(FieldValue::Place(_) | FieldValue::Window(_))),
        };
        let cells = given.iter().map(|given| given.map(cell)).collect();
        let name = reader.word(&matter.procedure, &question.1);
        Row { asks: question.1.to_string(), strand: question.2.clone(), name, differs, cells }
    };
    let rows = asked.into_iter().map(row).collect();
    let by = columns.into_iter().map(|(of, who, told)| Account {
        who,
        matter: (of.id != matter.id).then(|| Named::of(reader, of)),
        said: told.said,
        words: told.words,
        sealed: told.sealed,
    });
    Ok(Some(Accounts { by: by.collect(), rows }))
}

/// The matter, then those that are the same: what it was merged into, and what was merged into that. What is without
/// prejudice does not stand beside what is on record.
fn same<'r>(reader: Reader<'r>, key: MatterKey, matter: &'r Matter) -> Vec<&'r Matter> {
    let (twins, settlement) = (reader.index.twins(), reader.replay.settlement());
    let mut first = (key, matter);
    for _ in 0..SAME_MAX {
        let Some(into) = twins.into(first.0).and_then(|into| settlement.matter(into)) else { break };
        first = into;
    }
    let mut keys = vec![key, first.0];
    let mut place = 1;
    while let Some(one) = keys.get(place).and_then(|key| settlement.matters().get(key)) {
        keys.extend(twins.of(one.id).take(SAME_MAX));
        place += 1;
        if place > SAME_MAX {
            break;
        }
    }
    let mut all: Vec<&Matter> = Vec::new();
    for one in keys.iter().filter_map(|key| settlement.matters().get(key)) {
        if one.tier == matter.tier && all.len() < SAME_MAX && all.iter().all(|known| known.id != one.id) {
            all.push(one);
        }
    }
    all
}

/// Who is named by itself in a matter, and so may tell it too.
fn named(matter: &Matter) -> Vec<ParticipantId> {
    let fields = &matter.procedure.fields;
    let is_one =
        |name: &Code| fields.get(name).is_some_and(|field| matches!(field.holds, Holds::Participant(_)));
    let all = matter.strands.keys().flat_map(|strand| {
        let names = fields.keys().filter(|name| is_one(name));
        names.filter_map(|name| match matter.value(name, strand)? {
            FieldValue::One(word) => ParticipantId::new(&word.to_string()),
            _ => None,
        })
    });
    all.collect()
}

/// What was said in one of the matters.
fn of_matter(
    (desk, held): (&Desk, &Held),
    reader: Reader<'_>,
    (place, matter): (usize, &Matter),
    (lines, opened): (&[Line], Opened<'_>),
    told: &mut BTreeMap<(usize, ParticipantId), Told>,
) -> Result<(), Sorry> {
    let mut seen = BTreeSet::new();
    for event in held.happened().about(&matter.id) {
        let is_said = matches!(
            event.what,
            What::Opened(..) | What::Stepped(..) | What::Spoke(..) | What::Corrected(..)
        );
        let Some(number) = event.entry.filter(|entry| is_said && !matter.withdrawn.contains(entry)) else {
            continue;
        };
        if !seen.insert(number) {
            continue;
        }
        let entry = Entry::parse(&desk.entry(held, number)?).map_err(node::Fault::from)?;
        let act = entry.act();
        let transcript = reader.replay.settlement().transcripts().get(&act.id());
        if transcript.is_some_and(|it| it.stance == Stance::Disowned) {
            continue;
        }
        let written_for = transcript.map(|it| {
            let id = match it.stance {
                Stance::Confirmed => "written-for-confirmed",
                _ => "written-for",
            };
            reader.texts.say(id, &[("who", Arg::Text(&reader.who(&it.on_behalf_of).label))])
        });
        let by = transcript.map(|it| &it.on_behalf_of).or_else(|| act.head().by.participant());
        let (Some(by), Some((is, step, given))) = (by, given(reader, matter, act.body())) else { continue };
        let one = told.entry((place, by.clone())).or_default();
        // A line of the page has opened it already.
        let (words, sealed) = match lines.iter().find(|line| line.is_of(number)) {
            Some(line) => line.said(),
            None if place == 0 => Default::default(),
            None => opened(&entry),
        };
        one.words.extend(words);
        one.sealed.extend(sealed);
        one.given.extend(given.into_iter().map(|(question, given)| (question, (number, given))));
        let says = match (&step, is) {
            (Some(step), _) => reader.word(&matter.procedure, step),
            (None, "corrected") => reader.texts.say("accounts-corrected", &[]),
            (None, _) => reader.texts.say("accounts-opened", &[]),
        };
        let time = When::of(reader, event.at);
        let step = step.map(|step| step.to_string());
        one.said.push(Said { entry: number, time, is, step, says, written_for });
    }
    Ok(())
}

type Gave = (&'static str, Option<Code>, Vec<(Question, Given)>);

/// What an act gives in answer to what; nothing, if it tells nothing of the matter.
fn given(reader: Reader<'_>, matter: &Matter, body: &Body) -> Option<Gave> {
    match body {
        Body::Transcribe(transcribe) => match &transcribe.what {
            Transcribed::Open(open) => Some(opening(matter, open)),
            Transcribed::Step(it) => step(reader, matter, it),
        },
        Body::Open(open) => Some(opening(matter, open)),
        Body::Step(it) => step(reader, matter, it),
        Body::Correct(Correct { fields, .. }) => {
            let all = fields.iter().filter_map(|(name, value)| question(matter, name, value, None));
            Some(("corrected", None, all.collect()))
        }
        _ => None,
    }
}

fn opening(matter: &Matter, open: &Open) -> Gave {
    let all = open.fields.iter().filter_map(|(name, value)| question(matter, name, value, None));
    ("opened", None, all.collect())
}

/// A step is an account, if it gives or chooses something, or moves nothing; a reservation is none.
fn step(reader: Reader<'_>, matter: &Matter, body: &Step) -> Option<Gave> {
    // One that opened the matter was taken in another.
    let rule = matter.procedure.step(&body.step).filter(|_| body.matter == matter.id)?;
    let lives: Vec<Option<String>> = match (matter.strands.len(), body.strands.as_slice()) {
        (..2, _) | (_, []) => vec![None],
        (_, some) => some.iter().map(|name: &StrandName| Some(strand(reader, matter, name))).collect(),
    };
    let mut all = Vec::new();
    for life in lives {
        let fields = body.fields.iter();
        all.extend(fields.filter_map(|(name, value)| question(matter, name, value, life.clone())));
        let choice = body.choice.as_ref();
        all.extend(choice.map(|choice| ((u8::MAX, body.step.clone(), life), Given::Choice(choice.clone()))));
    }
    let is_account = !all.is_empty() || (rule.leads == Leads::Stays && body.step.as_str() != RESERVE);
    is_account.then(|| ("step", Some(body.step.clone()), all))
}

/// Who is meant, which other matter, and a text are no questions that two answer differently.
fn question(
    matter: &Matter,
    name: &Code,
    value: &FieldValue,
    strand: Option<String>,
) -> Option<(Question, Given)> {
    let place = match &matter.procedure.fields.get(name)?.holds {
        Holds::Participant(_) | Holds::Matter { .. } | Holds::Text => return None,
        Holds::Instant | Holds::Window => 0,
        Holds::Place | Holds::Area => 1,
        Holds::Codes(_) if name.as_str() == "kind" => 2,
        Holds::Codes(_) | Holds::Provision => 3,
        Holds::Count => 4,
    };
    Some(((place, name.clone(), strand), Given::Field(value.clone())))
}
