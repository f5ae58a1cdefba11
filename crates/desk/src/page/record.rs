//! Is the record whole; the newest entries.

use act::Entry;
use askama::Template;
use lang::Arg;
use serde::Serialize;
use terms::{Kind, VoiceName};

use super::shell::{Shell, reader};
use crate::desk::{Desk, Held, NEWEST};
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::Asked;
use crate::words::when::When;
use crate::words::{Reader, Who, sentence};

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
    last_mark: Option<When>,
    root: Option<String>,
    cosigned_by: Vec<String>,
    malformed: u64,
    newest: Vec<Row>,
}

/// An entry.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Row {
    index: u64,
    time: When,
    /// Nobody, where the registrar did it.
    by: Option<Who>,
    kind: String,
    #[serde(skip)]
    kind_words: String,
    is_final: bool,
}

#[derive(Template)]
#[template(path = "record.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a Record,
    answer: String,
    checks: Vec<(&'static str, String)>,
}

pub(crate) fn show(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let data = query(desk, reader, &held)?;
    either(asked, &data, || {
        let shell = Shell::of(reader, asked, reader.texts.say("record-title", &[]));
        Page { answer: answer(reader, &data), checks: checks(reader, &data), shell, data: &data }.render()
    })
}

fn query(desk: &Desk, reader: Reader<'_>, held: &Held) -> Result<Record, Sorry> {
    let settings = desk.settings();
    let checkpoint = desk.served.checkpoint()?;
    let settled = reader.replay.timeline().settled();
    let mut newest = Vec::new();
    for index in (held.size.saturating_sub(NEWEST)..held.size).rev() {
        let entry = Entry::parse(&desk.entry(held, index)?).map_err(node::Fault::from)?;
        let kind: Kind = entry.act().body().kind();
        newest.push(Row {
            index,
            time: When::of(reader, entry.receipt().time),
            by: entry.act().head().by.participant().map(|who| reader.who(who)),
            kind: kind.to_string(),
            kind_words: sentence(&kind.to_string().replace('-', " ")),
            is_final: index < settled,
        });
    }
    let cosigned_by = checkpoint.as_ref().map(|cosigned| {
        let names = cosigned.note().signatures().iter().map(|line| line.name.to_string());
        names.filter(|name| *name != settings.origin.as_str()).collect()
    });
    Ok(Record {
        register: settings.origin.to_string(),
        by_voice: VoiceName::of(&settings.genesis).to_string(),
        rules: 1,
        held: held.size,
        settled,
        size: checkpoint.as_ref().map_or(0, |cosigned| cosigned.checkpoint().size),
        last_mark: reader.replay.timeline().last().map(|last| When::of(reader, last)),
        root: checkpoint.map(|cosigned| cosigned.checkpoint().root.to_string()),
        cosigned_by: cosigned_by.unwrap_or_default(),
        malformed: reader.replay.malformed(),
        newest,
    })
}

fn answer(reader: Reader<'_>, data: &Record) -> String {
    let Some(last) = &data.last_mark else { return reader.texts.say("record-none", &[]) };
    let (size, time) = (data.settled.saturating_sub(1).to_string(), last.words());
    let args = [("size", Arg::Text(&size)), ("time", Arg::Text(&time)), ("n", Arg::Number(data.malformed))];
    reader.texts.say(if data.malformed == 0 { "record-says" } else { "record-says-malformed" }, &args)
}

/// What was checked when the node was opened, each with how it came out: nothing, `wait` or `bad`.
fn checks(reader: Reader<'_>, data: &Record) -> Vec<(&'static str, String)> {
    let count = |id: &str, number: u64| reader.texts.say(id, &[("n", number.into())]);
    let mut checks = vec![("", count("check-entries", data.settled))];
    if !data.cosigned_by.is_empty() {
        let who = data.cosigned_by.join(", ");
        checks.push(("", reader.texts.say("check-cosigned", &[("who", Arg::Text(&who))])));
    }
    checks.push((if data.malformed == 0 { "" } else { "bad" }, count("check-malformed", data.malformed)));
    let pending = data.held.saturating_sub(data.settled);
    checks.push((if pending == 0 { "" } else { "wait" }, count("check-pending", pending)));
    checks
}
