//! What happened, as whoever has the watch wrote it down, with what came on the record meanwhile.

pub mod handover;
pub mod line;
mod rows;

use askama::Template;
use lang::Arg;
use node::form::instant;
use serde::Serialize;
use store::{Fault, Line, Name, Part, SAYS_BYTES_MAX, Shift};
use terms::{Code, Instant, Seconds};

use self::rows::{Filter, Row, Rows, find_matters, sheet};
use super::saved::Saved;
use super::shell::{Shell, reader};
use super::worklist::Todo;
use super::{fresh, new_name};
use crate::desk::{Desk, Held};
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::{Asked, Form};
use crate::web::session::mark;
use crate::words::Reader;
use crate::words::when::{When, in_a_field};
use crate::writing::plain_digits;

/// How many rows a page has.
const ROWS: usize = 200;

/// What a line can be of, as people choose it.
pub(super) const KINDS: [&str; 6] = ["note", "contact", "team", "crossing", "line-test", "danger"];
/// That the watch went to somebody.
pub(super) const HANDOVER: &str = "handover";

/// The page's answer.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Watch {
    /// Who has the watch.
    shift: Option<OnWatch>,
    /// A handover that waits to be taken.
    handover: Option<Waiting>,
    filter: Filter,
    /// How many rows were not there at the last look, and are another's.
    new: u64,
    from: u64,
    to: u64,
    of: u64,
    rows: Vec<Row>,
    /// Since when these are all that there are, if there are earlier ones.
    cut: Option<When>,
    /// Up to when the earlier ones are asked for.
    earlier: Option<Instant>,
    /// What is to be done here, the soonest due first.
    tasks: Vec<Todo>,
}

/// Who has the watch.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct OnWatch {
    by: String,
    since: When,
    is_mine: bool,
}

/// A handover that waits.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Waiting {
    href: String,
    giver: String,
    taker: String,
    is_for_me: bool,
}

/// What was typed into the line that is to be added, and why it was not.
#[derive(Default)]
struct Typed {
    at: String,
    kind: String,
    says: String,
    reference: String,
    why: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "watch.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a Watch,
    saved: Saved,
    path: String,
    typed: Typed,
    /// The name of the line that is to be added.
    fresh: String,
    answer: String,
    kinds: Vec<(String, String)>,
    pages: String,
    before: u64,
    behind: u64,
}

impl Page<'_> {
    fn view(&self, view: &str) -> String {
        self.data.filter.address(&self.path, &[("view", view)])
    }

    fn from(&self, from: &u64) -> String {
        let from = from.to_string();
        self.data.filter.address(&self.path, &[("view", self.data.filter.view.word()), ("from", &from)])
    }

    /// The address of what is earlier than all that was looked through.
    fn earlier(&self) -> String {
        let until = self.data.earlier.map(|until| until.to_string()).unwrap_or_default();
        let mut query = form_urlencoded::Serializer::new(String::new());
        let typed = ["kind", "words", "since"].map(|name| (name, self.data.filter.typed(name)));
        query.extend_pairs(typed.into_iter().filter(|(_, text)| !text.is_empty()));
        query.extend_pairs([("view", self.data.filter.view.word()), ("until", &until)]);
        format!("{}?{}", self.path, query.finish())
    }

    fn csv(&self) -> String {
        self.data.filter.address(&self.path, &[("view", self.data.filter.view.word()), ("as", "csv")])
    }
}

pub(crate) fn show(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    page(desk, asked, Typed::default())
}

fn page(desk: &Desk, asked: &Asked, typed: Typed) -> Result<Answer, Sorry> {
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let shift = desk.private.shift()?;
    let seen = seen(desk, asked)?;
    let filter = Filter::read(reader, asked, shift.as_ref(), seen)?;
    let all = rows::all((desk, &held), reader, &filter, (seen, asked.person.as_ref()))?;
    if asked.form == Form::Csv {
        return Ok(Answer::Csv("watch".to_owned(), sheet(reader.texts, &all)?));
    }
    let data = query(desk, reader, asked, filter, (shift, all))?;
    either(asked, &data, || {
        let shell = Shell::of(reader, asked, reader.texts.say("watch", &[]));
        let args = [("from", data.from.into()), ("to", data.to.into()), ("all", data.of.into())];
        let pages = reader.texts.say("pages", &args);
        let before = data.from.saturating_sub(ROWS as u64).max(1);
        let (behind, answer, kinds) = (data.to + 1, answer(reader, &data), kinds(reader));
        let path = format!("/{}/watch", reader.agreement);
        let fresh = fresh().unwrap_or_default();
        let saved = Saved::of(desk, asked);
        Page { shell, data: &data, saved, path, typed, fresh, answer, kinds, pages, before, behind }.render()
    })
}

/// Up to when whoever asks had seen the log. Only a page is a look: programs ask all the time.
fn seen(desk: &Desk, asked: &Asked) -> Result<Instant, Sorry> {
    let who = match (&asked.person, asked.session.as_deref()) {
        (Some(person), _) => person.to_string(),
        (None, session) => format!("session {}", session.map(mark).unwrap_or_default()),
    };
    if asked.form == Form::Page {
        match desk.private.watched(&who, true, desk.now()) {
            Ok(before) => return Ok(before),
            // A disk that takes nothing more takes no page away.
            Err(fault) => tracing::error!(%fault, "that the watch log was looked at is not noted"),
        }
    }
    Ok(desk.private.watched(&who, false, desk.now())?)
}

fn query(
    desk: &Desk,
    reader: Reader<'_>,
    asked: &Asked,
    filter: Filter,
    (shift, Rows { rows: all, cut }): (Option<Shift>, Rows),
) -> Result<Watch, Sorry> {
    let from = asked.query("from").and_then(|from| from.parse::<usize>().ok()).unwrap_or(1).max(1);
    let of = all.len() as u64;
    let new = all.iter().filter(|row| row.is_new).count() as u64;
    let mut rows: Vec<Row> = all.into_iter().skip(from - 1).take(ROWS).collect();
    find_matters(reader, &mut rows);
    let first = if rows.is_empty() { 0 } else { from as u64 };
    let to = if rows.is_empty() { 0 } else { first + rows.len() as u64 - 1 };
    let waiting = desk.private.handovers(1)?.pop();
    let waiting = waiting.filter(|it| it.taken.is_none() && it.withdrawn.is_none());
    Ok(Watch {
        shift: shift.map(|shift| OnWatch {
            is_mine: asked.person.as_ref() == Some(&shift.by),
            since: When::of(reader, shift.begun),
            by: shift.by.to_string(),
        }),
        handover: waiting.map(|it| Waiting {
            href: format!("/{}/watch/hand-over/{}", reader.agreement, it.id),
            is_for_me: asked.person.as_ref() == Some(&it.taker),
            giver: it.giver.to_string(),
            taker: it.taker.to_string(),
        }),
        cut: cut.map(|cut| When::of(reader, cut.since)),
        earlier: cut.map(|cut| cut.until),
        filter,
        new,
        from: first,
        to,
        of,
        rows,
        tasks: if reader.may.see(Part::Tasks) { Todo::open(desk, reader, asked)? } else { Vec::new() },
    })
}

/// Who has the watch, and how much is new.
fn answer(reader: Reader<'_>, data: &Watch) -> String {
    let has = match &data.shift {
        Some(shift) => {
            let since = shift.since.words();
            reader.texts.say("watch-held", &[("who", Arg::Text(&shift.by)), ("time", Arg::Text(&since))])
        }
        None => reader.texts.say("watch-nobody", &[]),
    };
    format!("{has} {}", reader.texts.say("watch-new", &[("n", data.new.into())]))
}

/// What a line can be of, in words.
pub(super) fn kinds(reader: Reader<'_>) -> Vec<(String, String)> {
    KINDS.iter().map(|kind| ((*kind).to_owned(), kind_words(reader, kind))).collect()
}

pub(super) fn kind_words(reader: Reader<'_>, kind: &str) -> String {
    let id = match kind {
        "note" => "watch-note",
        "contact" => "watch-contact",
        "team" => "watch-team",
        "crossing" => "watch-crossing",
        "line-test" => "watch-line-test",
        "danger" => "watch-danger",
        HANDOVER => "watch-handover",
        "record" => "watch-record",
        other => return Code::new(other).map(|code| reader.word_if(None, &code)).unwrap_or_default(),
    };
    reader.texts.say(id, &[])
}

/// What a form sent for a line.
struct Given {
    at: Instant,
    kind: Code,
    says: String,
    reference: String,
}

/// Reads it; or says what is wrong with it. Without a time, it is of now.
fn given(reader: Reader<'_>, asked: &Asked) -> Result<Given, &'static str> {
    let says = asked.sent("says").unwrap_or_default().trim().to_owned();
    if says.is_empty() {
        return Err("watch-empty");
    }
    if says.len() > SAYS_BYTES_MAX || asked.sent("reference").is_some_and(|text| text.len() > SAYS_BYTES_MAX)
    {
        return Err("watch-long");
    }
    let at = match asked.sent("at").map(plain_digits) {
        None => reader.now,
        Some(text) => instant(&text, reader.offset()).ok_or("watch-no-time")?,
    };
    // A clock may be a little ahead; what has yet to happen is a task.
    if at > reader.now.plus(Seconds(600)) {
        return Err("watch-ahead");
    }
    let kind = asked.sent("kind").filter(|kind| KINDS.contains(kind)).unwrap_or("note");
    let kind = Code::new(kind).ok_or("watch-empty")?;
    Ok(Given { at, kind, says, reference: asked.sent("reference").unwrap_or_default().trim().to_owned() })
}

impl Given {
    /// As a line of the log.
    fn line(self, asked: &Asked, id: Name, now: Instant, corrects: Option<Name>) -> Line {
        let Given { at, kind, says, reference } = self;
        let (by, struck, drafts) = (asked.person.clone(), None, Vec::new());
        Line { id, at, written: now, kind, says, reference, by, corrects, struck, drafts }
    }
}

/// The name that a form has for what it keeps; a new one, if it has none.
fn named(asked: &Asked) -> Result<Name, Sorry> {
    asked.sent("id").and_then(Name::new).map_or_else(new_name, Ok)
}

/// Adds a line; where something is wrong with it, what was typed stays on the page.
pub(crate) fn add(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let id = named(asked)?;
    let read = {
        let held = desk.held();
        given(reader(desk, &held, asked), asked)
    };
    let kept = match read {
        Ok(given) => match desk.private.log(&given.line(asked, id, desk.now(), None)) {
            // The form was sent before, with other words: those stay, and these are kept under a name of their own.
            Err(Fault::Taken) => Err("sent-before"),
            done => Ok(done?),
        },
        Err(why) => Err(why),
    };
    match kept {
        Ok(()) => Ok(Answer::See(format!("/{}/watch", desk.agreement()))),
        Err(why) => {
            let text = |name: &str| asked.sent(name).unwrap_or_default().to_owned();
            let (says, reference) = (text("says"), text("reference"));
            page(desk, asked, Typed { at: text("at"), kind: text("kind"), says, reference, why: Some(why) })
        }
    }
}

/// Takes the watch where nobody has it, or from somebody who can't hand it over.
pub(crate) fn begin(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let root = format!("/{}", desk.agreement());
    let Some(person) = asked.person.clone() else {
        return Ok(Answer::See(format!("{root}/settings?note=who")));
    };
    let instead = asked.sent("instead").and_then(Code::new);
    if instead.as_ref() == Some(&person) {
        return Err(Sorry::Done);
    }
    let why = asked.sent("says").unwrap_or_default().trim();
    if instead.is_some() && why.is_empty() {
        return Ok(Answer::See(format!("{root}/watch?note=why")));
    }
    let says = {
        let held = desk.held();
        let texts = reader(desk, &held, asked).texts;
        let who = person.to_string();
        match &instead {
            None => texts.say("watch-begun", &[("who", Arg::Text(&who))]),
            Some(other) => {
                let other = other.to_string();
                let args = [("who", Arg::Text(&who)), ("other", Arg::Text(&other)), ("why", Arg::Text(why))];
                texts.say("watch-taken-from", &args)
            }
        }
    };
    let shift = Shift { id: new_name()?, by: person, begun: desk.now(), ended: None };
    let line = entry(asked, says, desk.now())?;
    match desk.private.begin_watch(&shift, instead.as_ref(), &line) {
        Ok(()) => Ok(Answer::See(format!("{root}/watch"))),
        Err(Fault::Done) => Err(Sorry::Done),
        Err(fault) => Err(fault.into()),
    }
}

/// A line that the desk writes itself: the watch went to somebody.
fn entry(asked: &Asked, says: String, now: Instant) -> Result<Line, Sorry> {
    let kind = Code::new(HANDOVER).ok_or(Sorry::NotFound)?;
    Ok(Given { at: now, kind, says, reference: String::new() }.line(asked, new_name()?, now, None))
}

/// When something happened, for a field of a form.
pub(super) fn field_time(reader: Reader<'_>, at: Instant) -> String {
    in_a_field(at, reader.offset())
}

/// Held for those that only read it.
pub(super) type Shown<'a> = (&'a Desk, &'a Held);
