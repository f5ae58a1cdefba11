//! Whom do I call now: posts, their numbers, who is on duty, and when each line was tested.

mod filter;
pub mod import;
pub mod post;

use askama::Template;
use lang::Arg;
use serde::Serialize;
use store::directory::LineTest;
use store::{Part, Post};
use terms::{Code, Seconds};

use self::filter::Filter;
use super::begun::{self, CONTACT};
use super::path::of_kind;
use super::saved::Saved;
use super::shell::{Shell, reader};
use crate::desk::Desk;
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::{Asked, Form};
use crate::words::when::When;
use crate::words::{Reader, Who};

/// What a number can be.
pub(super) const NUMBERS: [&str; 7] = ["hotline", "phone", "mobile", "satellite", "radio", "message", "mail"];

/// A line that is not tested so often is not known to work (PRACTICE N23).
const TESTED_WITHIN: Seconds = Seconds::hours(24);

/// The page's answer.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Directory {
    filter: Filter,
    /// How many posts there are, how many hold, and at how many of those somebody is on duty now.
    all: u64,
    hold: u64,
    on_duty: u64,
    /// How many hotlines were not tested for a day, or did not answer.
    untested: u64,
    posts: Vec<Entry>,
}

/// A post.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Entry {
    id: String,
    href: String,
    participant: Option<Who>,
    office: String,
    role: String,
    person: String,
    numbers: Vec<Number>,
    languages: String,
    note: String,
    valid_from: Option<When>,
    valid_until: Option<When>,
    /// Whether it holds now.
    holds: bool,
    /// Until when somebody is on duty now.
    duty_until: Option<When>,
    tested: Option<Tested>,
    /// Whether it has a hotline that is not known to work.
    is_untested: bool,
    /// The form in which a call to it is logged as an act, with what is known filled in; nothing, if it can't be.
    log: Option<String>,
    changed: When,
    changed_by: String,
}

/// A number.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Number {
    is: String,
    #[serde(skip)]
    pub(super) words: String,
    pub(super) number: String,
    /// The address by which a telephone calls it; none for what is no telephone.
    #[serde(skip)]
    pub(super) tel: Option<String>,
}

/// The last test of it.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Tested {
    at: When,
    by: String,
    result: &'static str,
    #[serde(skip)]
    words: String,
}

impl Tested {
    fn of(reader: Reader<'_>, test: &LineTest) -> Tested {
        Tested {
            at: When::of(reader, test.at),
            by: test.by.as_ref().map(ToString::to_string).unwrap_or_default(),
            result: test.result.as_str(),
            words: reader.texts.say(result_words(test.result), &[]),
        }
    }
}

const fn result_words(result: store::directory::TestResult) -> &'static str {
    use store::directory::TestResult;
    match result {
        TestResult::Answered => "test-answered",
        TestResult::NoAnswer => "test-no-answer",
        TestResult::OutOfOrder => "test-out-of-order",
    }
}

pub(super) fn number_words(reader: Reader<'_>, is: &str) -> String {
    let id = match is {
        "hotline" => "number-hotline",
        "mobile" => "number-mobile",
        "satellite" => "number-satellite",
        "radio" => "number-radio",
        "message" => "number-message",
        "mail" => "number-mail",
        _ => "number-phone",
    };
    reader.texts.say(id, &[])
}

/// The digits that a telephone dials, if it is a number for one.
fn tel(is: &str, number: &str) -> Option<String> {
    let digits = crate::writing::plain_digits(number);
    let is_dialled = ["hotline", "phone", "mobile", "satellite"].contains(&is);
    let dialled: String = digits.chars().filter(|it| it.is_ascii_digit() || *it == '+').collect();
    (is_dialled && dialled.len() > 2).then(|| format!("tel:{dialled}"))
}

impl Entry {
    fn of(reader: Reader<'_>, (post, test): &(Post, Option<LineTest>)) -> Entry {
        let now = reader.now;
        let (from, until) = post.valid;
        let holds = from.is_none_or(|from| from <= now) && until.is_none_or(|until| now <= until);
        let duty = post.duty.filter(|(from, until)| *from <= now && now < *until);
        let number = |(is, number): &(Code, String)| Number {
            words: number_words(reader, is.as_str()),
            tel: tel(is.as_str(), number),
            is: is.to_string(),
            number: number.clone(),
        };
        let is_good = test.as_ref().is_some_and(|test| {
            test.result == store::directory::TestResult::Answered && now.since(test.at) <= TESTED_WITHIN
        });
        let has_hotline = post.numbers.iter().any(|(is, _)| is.as_str() == "hotline");
        let other = post.participant.as_ref().filter(|who| *who != reader.me);
        let opens = begun::kinds(reader).into_iter().find(|(kind, _)| kind.as_str() == CONTACT);
        let by = post.numbers.first().map_or("", |(is, _)| begun::channel(is.as_str()));
        let log = opens.zip(other).filter(|_| reader.may.see(Part::Drafts)).map(|((kind, _), who)| {
            format!("/{}/{}/new?with={who}&channel={by}", reader.agreement, of_kind(&kind))
        });
        Entry {
            id: post.id.to_string(),
            href: format!("/{}/directory/{}", reader.agreement, post.id),
            participant: post.participant.as_ref().map(|who| reader.who(who)),
            office: post.office.clone(),
            role: post.role.clone(),
            person: post.person.clone(),
            numbers: post.numbers.iter().map(number).collect(),
            languages: post.languages.clone(),
            note: post.note.clone(),
            valid_from: from.map(|at| When::of(reader, at)),
            valid_until: until.map(|at| When::of(reader, at)),
            holds,
            duty_until: duty.map(|(_, until)| When::of(reader, until)),
            tested: test.as_ref().map(|test| Tested::of(reader, test)),
            is_untested: has_hotline && holds && !is_good,
            log,
            changed: When::of(reader, post.changed),
            changed_by: post.changed_by.as_ref().map(ToString::to_string).unwrap_or_default(),
        }
    }

    /// By the order of the instrument, who is on duty first.
    fn order(&self, reader: Reader<'_>) -> (bool, usize, bool) {
        let participants = &reader.instrument().participants;
        let place = self
            .participant
            .as_ref()
            .and_then(|who| participants.keys().position(|known| known.as_str() == who.id));
        (!self.holds, place.unwrap_or(usize::MAX), self.duty_until.is_none())
    }
}

/// Who of this participant is on duty now, with the first of their numbers, as far as whoever reads this may see that.
pub(super) fn own_duty(desk: &Desk, reader: Reader<'_>) -> Option<(String, Number)> {
    if !reader.may.see(Part::Directory) {
        return None;
    }
    let posts = desk.private.posts().ok()?;
    let ours = posts.iter().filter(|(post, _)| post.participant.as_ref() == Some(reader.me));
    let mut all =
        ours.map(|known| Entry::of(reader, known)).filter(|post| post.holds && post.duty_until.is_some());
    let post = all.find(|post| !post.numbers.is_empty())?;
    Some((post.office, post.numbers.into_iter().next()?))
}

#[derive(Template)]
#[template(path = "directory.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a Directory,
    saved: Saved,
    path: String,
    answer: String,
    participants: Vec<Who>,
    /// Where calls are that were logged as acts, and what those are called.
    contacts: Option<(String, String)>,
}

impl Page<'_> {
    fn view(&self, view: &str) -> String {
        self.data.filter.address(&self.path, view, &[])
    }

    fn csv(&self) -> String {
        self.data.filter.address(&self.path, self.data.filter.view, &[("as", "csv")])
    }
}

pub(crate) fn show(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let filter = Filter::read(asked);
    let mut posts: Vec<Entry> = desk.private.posts()?.iter().map(|post| Entry::of(reader, post)).collect();
    posts.sort_by_key(|post| post.order(reader));
    let count = |of: &dyn Fn(&&Entry) -> bool| posts.iter().filter(of).count() as u64;
    let (all, hold) = (posts.len() as u64, count(&|post| post.holds));
    let on_duty = count(&|post| post.holds && post.duty_until.is_some());
    let untested = count(&|post| post.is_untested);
    posts.retain(|post| filter.lets(post));
    let data = Directory { filter, all, hold, on_duty, untested, posts };
    if asked.form == Form::Csv {
        return Ok(Answer::Csv("directory".to_owned(), import::sheet(reader.texts, &data.posts)?));
    }
    either(asked, &data, || {
        let shell = Shell::of(reader, asked, reader.texts.say("directory", &[]));
        let args = [("n", Arg::Number(data.hold)), ("duty", Arg::Number(data.on_duty))];
        let mut answer = reader.texts.say("directory-count", &args);
        if data.untested > 0 {
            let untested = reader.texts.say("directory-untested", &[("n", Arg::Number(data.untested))]);
            answer = format!("{answer} {untested}");
        }
        let participants = reader.everyone();
        let path = format!("/{}/directory", reader.agreement);
        let contacts = reader.instrument().procedures.iter().find(|(kind, _)| kind.as_str() == CONTACT);
        let contacts = contacts.map(|(kind, procedure)| {
            (format!("/{}/{}?view=all", reader.agreement, of_kind(kind)), reader.title(procedure))
        });
        let saved = Saved::of(desk, asked);
        Page { shell, data: &data, saved, path, answer, participants, contacts }.render()
    })
}
