//! Is the record whole: what was checked, who cosigned it, what others say that they have seen, what would be an alarm;
//! and its entries.

pub(crate) mod alarm;
pub(crate) mod drawn;
pub(crate) mod entry;
pub(crate) mod taken;
pub(crate) mod whole;
mod witness;

use act::Entry;
use askama::Template;
use docket::v1::event::What;
use lang::Arg;
use lang::time::length;
use serde::Serialize;
use terms::{Instant, VoiceName};

use self::alarm::Level;
use self::whole::Whole;
use self::witness::{Saw, Witness};
use super::saved::Saved;
use super::sheet::table;
use super::shell::{Shell, reader};
use crate::desk::{Desk, Held};
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::{Asked, Form};
use crate::words::deed::{Deed, Stands};
use crate::words::void::refusal;
use crate::words::when::When;
use crate::words::{Reader, Who};

/// How many entries a page has.
const ROWS: u64 = 50;

/// How many of the newest entries are looked through for what cosigners signed and others saw.
const LOOKED_THROUGH: u64 = 256;

/// The page's answer.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Record {
    register: String,
    by_voice: String,
    rules: u32,
    /// How many entries this node has, and how many of them a mark has made final.
    held: u64,
    settled: u64,
    /// The newest checkpoint with a quorum: how many entries, and the root over them.
    size: u64,
    root: Option<String>,
    last_mark: Option<When>,
    /// Whether no mark has come for three heartbeats.
    is_silent: bool,
    /// How many cosigners make it final.
    quorum: u64,
    witnesses: Vec<Witness>,
    /// What others say in their acts that they have seen.
    seen: Vec<Saw>,
    malformed: u64,
    /// Whether all that follows is an alarm, and of which level.
    alarm: Option<Level>,
    alarms: Vec<Alarm>,
    /// Whether everything is being checked.
    is_checking: bool,
    /// The last check of everything that was asked for here.
    whole: Option<Whole>,
    /// SHA-256 of the verifier to take away.
    verifier: String,
    /// The entries on this page, newest first, of so many.
    entries: Vec<Row>,
    of: u64,
}

/// Something on the docket that tells of misbehaviour.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Alarm {
    entry: u64,
    is: &'static str,
    says: String,
}

/// An entry.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Row {
    index: u64,
    time: When,
    /// Nobody, where the registrar did it.
    by: Option<Who>,
    #[serde(flatten)]
    deed: Deed,
    stands: Stands,
}

#[derive(Template)]
#[template(path = "record.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a Record,
    saved: Saved,
    me: Who,
    root: String,
    answer: String,
    checks: Vec<(&'static str, String)>,
    quorum: String,
    pages: String,
    /// The newest entry of the page before and of the page after, where there are such.
    newer: Option<u64>,
    older: Option<u64>,
    /// The newest entry of this page.
    top: u64,
    download: u64,
    /// Whether everything can be checked here while whoever asks waits.
    is_small: bool,
}

impl Page<'_> {
    fn is_proof(&self) -> bool {
        self.data.alarm.is_some_and(Level::is_proof)
    }
}

pub(crate) fn show(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let last = held.size.saturating_sub(1);
    let to = asked.query("to").and_then(|to| to.parse().ok()).unwrap_or(last).min(last);
    let data = query(desk, reader, &held, to)?;
    if asked.form == Form::Csv {
        return Ok(Answer::Csv("record".to_owned(), sheet(reader, &data)?));
    }
    either(asked, &data, || {
        let shell = Shell::of(reader, asked, reader.texts.say("record-title", &[]));
        let first = to.saturating_sub(data.entries.len() as u64 - u64::from(!data.entries.is_empty()));
        let (from, to_words, of) = (first.to_string(), to.to_string(), held.size.to_string());
        let args = [("from", Arg::Text(&to_words)), ("to", Arg::Text(&from)), ("all", Arg::Text(&of))];
        Page {
            answer: answer(reader, &data),
            checks: checks(reader, &data),
            quorum: quorum(reader, &data),
            pages: reader.texts.say("entries-shown", &args),
            newer: (to < last).then(|| to.saturating_add(ROWS).min(last)),
            older: first.checked_sub(1),
            top: to,
            is_small: whole::is_small(desk),
            download: verifier::page().len() as u64 / 1_000_000 + 1,
            root: format!("/{}/record", reader.agreement),
            me: reader.who(reader.me),
            saved: Saved::of(desk, asked),
            shell,
            data: &data,
        }
        .render()
    })
}

fn query(desk: &Desk, reader: Reader<'_>, held: &Held, to: u64) -> Result<Record, Sorry> {
    let settings = desk.settings();
    let (timeline, ledger) = (reader.replay.timeline(), reader.replay.ledger());
    let checkpoint = desk.served.checkpoint()?;
    let first = held.size.saturating_sub(LOOKED_THROUGH);
    let newest = read(desk, held, first..held.size)?;
    let below = if held.size == 0 { 0 } else { to + 1 };
    let mut entries = Vec::new();
    for (index, entry) in read(desk, held, below.saturating_sub(ROWS)..below)?.into_iter().rev() {
        entries.push(Row {
            index,
            time: When::of(reader, entry.receipt().time),
            by: entry.act().head().by.participant().map(|who| reader.who(who)),
            deed: Deed::of(reader, entry.act()),
            stands: Stands::of(reader, held, index),
        });
    }
    Ok(Record {
        register: settings.origin.to_string(),
        by_voice: VoiceName::of(&settings.genesis).to_string(),
        rules: 1,
        held: held.size,
        settled: timeline.settled(),
        size: checkpoint.as_ref().map_or(0, |cosigned| cosigned.checkpoint().size),
        root: checkpoint.as_ref().map(|cosigned| cosigned.checkpoint().root.to_string()),
        last_mark: timeline.last().map(|last| When::of(reader, last)),
        is_silent: timeline.is_silent(reader.now),
        quorum: ledger.policy().quorum() as u64,
        witnesses: witness::all(reader, checkpoint.as_ref(), &newest),
        seen: witness::seen(reader, &newest),
        malformed: reader.replay.malformed(),
        alarm: reader.alarm,
        alarms: alarms(reader, held),
        is_checking: desk.turn_to_check().is_none(),
        whole: desk.whole().map(|found| Whole::of(reader, &found)),
        verifier: verifier::page_hash().to_hex(),
        entries,
        of: held.size,
    })
}

/// The columns of the entries, for a spreadsheet.
const COLUMNS: [(&str, &str); 8] = [
    ("col-no", "entry"),
    ("col-time", "registered"),
    ("col-by", "by"),
    ("col-kind", "kind"),
    ("col-what", "of"),
    ("col-matter", "matter"),
    ("col-state", "stands"),
    ("col-why", "why"),
];

fn sheet(reader: Reader<'_>, data: &Record) -> Result<String, Sorry> {
    let cells = |row: &Row| {
        let matter = row.deed.matter.as_ref();
        [
            row.index.to_string(),
            row.time.at.to_string(),
            row.by.as_ref().map(|by| by.label.clone()).unwrap_or_default(),
            row.deed.kind.clone(),
            row.deed.of.clone().unwrap_or_default(),
            matter.map(|matter| matter.reference.clone()).unwrap_or_default(),
            row.stands.is.to_owned(),
            row.stands.why.clone().unwrap_or_default(),
        ]
    };
    table(reader.texts, COLUMNS, data.entries.iter().map(cells))
}

/// Entries, read, each with its index.
fn read(desk: &Desk, held: &Held, range: std::ops::Range<u64>) -> Result<Vec<(u64, Entry)>, Sorry> {
    let all = desk.entries(held, range.clone())?;
    let read = range.zip(all).map(|(index, bytes)| Entry::parse(&bytes).map(|entry| (index, entry)));
    Ok(read.collect::<Result<_, _>>().map_err(node::Fault::from)?)
}

/// What the docket itself shows of misbehaviour.
fn alarms(reader: Reader<'_>, held: &Held) -> Vec<Alarm> {
    let say = |id: &str, entry: u64, why: &str| {
        let entry = entry.to_string();
        reader.texts.say(id, &[("n", Arg::Text(&entry)), ("why", Arg::Text(why))])
    };
    let mut all: Vec<Alarm> = Vec::new();
    for (entry, what) in held.happened().alarms() {
        let (is, says) = match what {
            What::Malformed(ground) => {
                ("malformed", say("alarm-malformed", entry, &refusal(reader.texts, *ground)))
            }
            _ => ("seen-differs", say("alarm-seen-differs", entry, "")),
        };
        all.push(Alarm { entry, is, says });
    }
    for stamp in reader.replay.false_stamps() {
        let says = say("alarm-stamp", stamp.index, stamp.key.to_string().as_str());
        all.push(Alarm { entry: stamp.index, is: "false-stamp", says });
    }
    all
}

fn answer(reader: Reader<'_>, data: &Record) -> String {
    let Some(last) = &data.last_mark else { return reader.texts.say("record-none", &[]) };
    let (size, time) = (data.settled.saturating_sub(1).to_string(), last.words());
    let args = [("size", Arg::Text(&size)), ("time", Arg::Text(&time)), ("n", Arg::Number(data.malformed))];
    let id = match data.alarm {
        _ if data.malformed > 0 => "record-says-malformed",
        Some(Level::Proof) => "record-says-proof",
        Some(Level::Differs) => "record-says-differs",
        None => "record-says",
    };
    reader.texts.say(id, &args)
}

/// What was checked when the node was opened and as it went on, each with how it came out: nothing, `wait` or `bad`.
fn checks(reader: Reader<'_>, data: &Record) -> Vec<(&'static str, String)> {
    let count = |id: &str, number: u64| reader.texts.say(id, &[("n", number.into())]);
    let mut checks = vec![("", count("check-entries", data.settled))];
    let is_enough = data.witnesses.iter().filter(|one| one.is_on_newest).count() as u64 >= data.quorum;
    checks.push((if is_enough { "" } else { "wait" }, quorum(reader, data)));
    checks.push((if data.malformed == 0 { "" } else { "bad" }, count("check-malformed", data.malformed)));
    let pending = data.held.saturating_sub(data.settled);
    checks.push((if pending == 0 { "" } else { "wait" }, count("check-pending", pending)));
    if data.is_silent {
        checks.push(("wait", reader.texts.say("check-silent", &[])));
    }
    checks
}

/// How many cosigned, and how many it takes.
fn quorum(reader: Reader<'_>, data: &Record) -> String {
    let have = data.witnesses.iter().filter(|one| one.is_on_newest).count() as u64;
    let (have, of, need) = (have.to_string(), data.witnesses.len().to_string(), data.quorum.to_string());
    let args = [("have", Arg::Text(&have)), ("of", Arg::Text(&of)), ("need", Arg::Text(&need))];
    reader.texts.say("check-quorum", &args)
}

/// How long ago something was.
pub(crate) fn age(reader: Reader<'_>, at: Instant) -> String {
    length(reader.texts, reader.now.since(at).0)
}
