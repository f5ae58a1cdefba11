//! One post: its numbers, its tests, and what can be done with it.

use askama::Template;
use lang::Arg;
use node::form::instant;
use serde::Serialize;
use store::directory::{LineTest, TestResult};
use store::{Line, Name, Post};
use terms::{Code, Instant, ParticipantId, Seconds};

use super::{Entry, NUMBERS, Tested, number_words, result_words};
use crate::desk::{Desk, Held};
use crate::page::shell::{Shell, reader};
use crate::page::{back, new_name};
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::Asked;
use crate::words::when::{LAST, in_a_field, time_or_day};
use crate::words::{Reader, Who};
use crate::writing::plain_digits;

/// How many numbers a form has room for.
const ROOM: usize = 4;
/// How many tests a page shows.
const TESTS: u32 = 50;

/// What a form for a post has in it.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Typed {
    pub(super) participant: String,
    pub(super) office: String,
    pub(super) role: String,
    pub(super) person: String,
    pub(super) numbers: Vec<(String, String)>,
    pub(super) languages: String,
    pub(super) note: String,
    pub(super) from: String,
    pub(super) until: String,
}

/// Reads what was typed for a post; or says what is wrong with it.
pub(super) fn read(
    reader: Reader<'_>,
    typed: &Typed,
    before: Option<&Post>,
    (id, by): (Name, Option<Code>),
) -> Result<Post, &'static str> {
    let text = |text: &str| text.trim().to_owned();
    let office = text(&typed.office);
    if office.is_empty() {
        return Err("post-no-office");
    }
    let participant = match typed.participant.trim() {
        "" => None,
        id => {
            let known = ParticipantId::new(id).filter(|id| reader.instrument().participants.contains_key(id));
            Some(known.ok_or("post-no-participant")?)
        }
    };
    let numbers = typed.numbers.iter().filter(|(_, number)| !number.trim().is_empty());
    let numbers = numbers.map(|(is, number)| {
        let is = NUMBERS.into_iter().find(|known| *known == is.trim()).ok_or("post-no-number")?;
        Code::new(is).map(|is| (is, text(number))).ok_or("post-no-number")
    });
    let time = |text: &str, after: Seconds| match text.trim() {
        "" => Ok(None),
        text => time_or_day(text, reader.offset(), after).map(Some).ok_or("post-no-day"),
    };
    Ok(Post {
        id,
        participant,
        office,
        role: text(&typed.role),
        person: text(&typed.person),
        numbers: numbers.collect::<Result<_, _>>()?,
        languages: text(&typed.languages),
        note: text(&typed.note),
        valid: (time(&typed.from, Seconds(0))?, time(&typed.until, LAST)?),
        duty: before.and_then(|before| before.duty),
        changed: reader.now,
        changed_by: by,
    })
}

impl Typed {
    fn sent(asked: &Asked) -> Typed {
        let text = |name: &str| asked.sent(name).unwrap_or_default().to_owned();
        let all = |name: &str| asked.sent.get(name).cloned().unwrap_or_default();
        Typed {
            participant: text("participant"),
            office: text("office"),
            role: text("role"),
            person: text("person"),
            numbers: all("number-is").into_iter().zip(all("number")).collect(),
            languages: text("languages"),
            note: text("note"),
            from: text("from"),
            until: text("until"),
        }
    }

    fn of(reader: Reader<'_>, post: &Post) -> Typed {
        let day = |at: Option<Instant>| {
            at.map(|at| in_a_field(at, reader.offset()).chars().take("2026-01-05".len()).collect())
        };
        Typed {
            participant: post.participant.as_ref().map(ToString::to_string).unwrap_or_default(),
            office: post.office.clone(),
            role: post.role.clone(),
            person: post.person.clone(),
            numbers: post.numbers.iter().map(|(is, number)| (is.to_string(), number.clone())).collect(),
            languages: post.languages.clone(),
            note: post.note.clone(),
            from: day(post.valid.0).unwrap_or_default(),
            until: day(post.valid.1).unwrap_or_default(),
        }
    }

    /// With room for more numbers.
    fn roomy(mut self) -> Typed {
        while self.numbers.len() < ROOM {
            self.numbers.push(("phone".to_owned(), String::new()));
        }
        self
    }
}

/// The page's answer.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct One {
    /// Nothing for one that is not kept yet.
    post: Option<Entry>,
    tests: Vec<Tested>,
    typed: Typed,
}

#[derive(Template)]
#[template(path = "post.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a One,
    heading: String,
    /// Where its form goes.
    path: String,
    fresh: String,
    why: Option<String>,
    participants: Vec<Who>,
    kinds: Vec<(&'static str, String)>,
    /// Until when somebody would be on duty that begins now.
    until: String,
}

pub(crate) fn new(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let held = desk.held();
    page((desk, &held), asked, None, (Typed::default(), None))
}

pub(crate) fn show(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let post = named(desk, asked)?;
    let held = desk.held();
    let typed = Typed::of(reader(desk, &held, asked), &post);
    let why = asked.query("note").filter(|note| *note == "time").map(|_| "watch-no-time");
    page((desk, &held), asked, Some(&post), (typed, why))
}

fn named(desk: &Desk, asked: &Asked) -> Result<Post, Sorry> {
    let id = Name::new(asked.part("post")).ok_or(Sorry::NotFound)?;
    desk.private.post(&id)?.ok_or(Sorry::NotFound)
}

fn page(
    (desk, held): (&Desk, &Held),
    asked: &Asked,
    post: Option<&Post>,
    (typed, why): (Typed, Option<&'static str>),
) -> Result<Answer, Sorry> {
    let reader = reader(desk, held, asked);
    let tests = post.map(|post| desk.private.tests(&post.id, TESTS)).transpose()?.unwrap_or_default();
    let data = One {
        post: post.map(|post| Entry::of(reader, &(post.clone(), tests.first().cloned()))),
        tests: tests.iter().map(|test| Tested::of(reader, test)).collect(),
        typed: typed.roomy(),
    };
    either(asked, &data, || {
        let heading = match post {
            Some(post) => post.office.clone(),
            None => reader.texts.say("post-new", &[]),
        };
        let root = format!("/{}/directory", reader.agreement);
        let path = post.map_or_else(|| root.clone(), |post| format!("{root}/{}", post.id));
        let fresh = new_name().map(|name| name.to_string()).unwrap_or_default();
        let participants = reader.everyone();
        let kinds = NUMBERS.into_iter().map(|is| (is, number_words(reader, is))).collect();
        let until = in_a_field(reader.now.plus(Seconds::hours(8)), reader.offset());
        let why = why.map(|why| reader.texts.say(why, &[]));
        let shell = Shell::of(reader, asked, heading.clone());
        Page { shell, data: &data, heading, path, fresh, why, participants, kinds, until }.render()
    })
}

/// Keeps a new post.
pub(crate) fn add(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let id = asked.sent("id").and_then(Name::new).map_or_else(new_name, Ok)?;
    let held = desk.held();
    keep((desk, &held), asked, None, id)
}

fn keep(
    (desk, held): (&Desk, &Held),
    asked: &Asked,
    before: Option<&Post>,
    id: Name,
) -> Result<Answer, Sorry> {
    let typed = Typed::sent(asked);
    let here = format!("/{}/directory", desk.agreement());
    match read(reader(desk, held, asked), &typed, before, (id, asked.person.clone())) {
        Ok(post) => {
            desk.private.keep_posts(std::slice::from_ref(&post))?;
            Ok(Answer::See(here))
        }
        Err(why) => page((desk, held), asked, before, (typed, Some(why))),
    }
}

/// What is done with a post by one press.
pub(crate) fn change(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let post = named(desk, asked)?;
    let held = desk.held();
    let go = asked.sent("go").unwrap_or_default();
    if let Some(result) = TestResult::of(go) {
        return test((desk, &held), asked, &post, result);
    }
    let here = format!("/{}/directory/{}", desk.agreement(), post.id);
    match go {
        "keep" => return keep((desk, &held), asked, Some(&post), post.id.clone()),
        "on-duty" => {
            let offset = held.replay().instrument().calendar.zone_offset_minutes;
            let until = asked.sent("until").and_then(|text| instant(&plain_digits(text), offset));
            let Some(until) = until.filter(|until| *until > desk.now()) else {
                return Ok(Answer::See(format!("{here}?note=time")));
            };
            desk.private.on_duty(&post.id, Some((desk.now(), until)))?;
        }
        "off-duty" => desk.private.on_duty(&post.id, None)?,
        "erase" => desk.private.erase_post(&post.id)?,
        _ => return Err(Sorry::NotFound),
    }
    Ok(Answer::See(back(desk, asked, "directory")))
}

/// A test of its line, by one press: the watch log has it too.
fn test(
    (desk, held): (&Desk, &Held),
    asked: &Asked,
    post: &Post,
    result: TestResult,
) -> Result<Answer, Sorry> {
    let reader = reader(desk, held, asked);
    let came = reader.texts.say(result_words(result), &[]);
    let args = [("office", Arg::Text(&post.office)), ("result", Arg::Text(&came))];
    let now = desk.now();
    let line = Line {
        id: asked.sent("id").and_then(Name::new).map_or_else(new_name, Ok)?,
        at: now,
        written: now,
        kind: Code::new("line-test").ok_or(Sorry::NotFound)?,
        says: reader.texts.say("test-says", &args),
        reference: String::new(),
        by: asked.person.clone(),
        corrects: None,
        struck: None,
        drafts: Vec::new(),
    };
    desk.private.tested(&post.id, &LineTest { at: now, by: asked.person.clone(), result }, &line)?;
    Ok(Answer::See(back(desk, asked, "directory")))
}
