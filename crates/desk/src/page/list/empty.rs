//! What a list says that has nothing to show (PRACTICE §5): that there is nothing, and how much that says.

use docket::v1::Replay;
use instrument::procedure::Procedure;
use lang::Arg;
use node::form::may_open;
use store::Part;
use terms::{Code, Instant};

use super::{List, View};
use crate::desk::Desk;
use crate::index::OfKind;
use crate::words::Reader;
use crate::words::when::When;

/// A sentence, and one on what it does not say.
pub(super) struct Empty {
    pub(super) says: String,
    pub(super) note: String,
}

/// That of a list, which is otherwise answered so.
pub(super) fn empty(desk: &Desk, reader: Reader<'_>, kind: &Code, data: &List, answer: &str) -> Empty {
    let say = |id: &str| reader.texts.say(id, &[]);
    let procedure = reader.instrument().procedures.get(kind);
    let matters = reader.index.kind(kind);
    let last = matters.and_then(|matters| last(reader.replay, matters));
    let is_plain = data.view == View::Open && data.filter.is_open();
    let like = procedure.and_then(|procedure| procedure.like.as_ref());
    let is = like.map(Code::as_str).zip(procedure);
    let (says, note) = match is {
        Some(("incident", procedure)) => {
            let says = [Some(coverage(reader, procedure, matters, last)), teams(desk, reader)];
            (say("empty-incident"), says.into_iter().flatten().collect::<Vec<_>>().join(" "))
        }
        Some(("case", _)) if is_plain => {
            let over = data.all - data.open;
            (say("empty-case"), reader.texts.say("empty-case-says", &[("n", Arg::Number(over))]))
        }
        Some(("request", _)) if is_plain => (say("empty-request"), answer.to_owned()),
        Some(("contact", _)) => {
            let since = |at: Instant| {
                let time = When::of(reader, at).words();
                reader.texts.say("empty-contact", &[("time", Arg::Text(&time))])
            };
            let says = match last {
                _ if !is_plain => none_of(reader, data),
                Some(last) => since(last),
                None => say("empty-contact-none"),
            };
            (says, say("empty-contact-says"))
        }
        _ => (none_of(reader, data), answer.to_owned()),
    };
    Empty { says, note }
}

fn none_of(reader: Reader<'_>, data: &List) -> String {
    reader.texts.say("list-empty", &[("title", Arg::Text(&data.title))])
}

/// When the last of them was opened.
fn last(replay: &Replay, matters: &OfKind) -> Option<Instant> {
    let key = matters.keys().last()?;
    replay.settlement().matters().lend(key).map(|matter| matter.opened)
}

/// How many teams that are out were heard in time, for whoever may see the watch; nothing, where none is out. A disk that
/// fails takes no page away.
fn teams(desk: &Desk, reader: Reader<'_>) -> Option<String> {
    if !reader.may.see(Part::Watch) {
        return None;
    }
    let all = desk.private.teams().unwrap_or_else(|fault| {
        tracing::error!(%fault, "which teams are out is not known");
        Vec::new()
    });
    let out = all.iter().filter(|team| team.next.is_some()).count();
    let late = all.iter().filter(|team| team.next.is_some_and(|next| next < reader.now));
    let since = late.clone().map(|team| team.heard).min().map(|at| When::of(reader, at).words());
    let (late, number) = (late.count(), |number: usize| Arg::Number(number as u64));
    let args = [
        ("heard", number(out - late)),
        ("out", number(out)),
        ("late", number(late)),
        ("time", Arg::Text(since.as_deref().unwrap_or_default())),
    ];
    (out > 0).then(|| reader.texts.say("empty-incident-teams", &args))
}

/// How many of those that may report have.
fn coverage(
    reader: Reader<'_>,
    procedure: &Procedure,
    matters: Option<&OfKind>,
    last: Option<Instant>,
) -> String {
    let instrument = reader.instrument();
    let may = instrument.participants.keys().filter(|who| may_open(instrument, who, &procedure.open.by));
    let may: Vec<_> = may.collect();
    let all = Arg::Number(may.len() as u64);
    let openers = matters.map(OfKind::openers).unwrap_or_default();
    let have = may.iter().filter(|who| openers.contains(who.as_str())).count() as u64;
    match last.map(|last| When::of(reader, last).words()) {
        Some(time) => {
            let args = [("n", Arg::Number(have)), ("all", all), ("time", Arg::Text(&time))];
            reader.texts.say("empty-incident-says", &args)
        }
        None => reader.texts.say("empty-incident-none", &[("all", all)]),
    }
}
