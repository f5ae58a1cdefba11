//! What concerns the participant, for a program that follows it: Atom 1.0 (RFC 4287). References and times, and nothing
//! of what was said: a feed lies about in programs and on telephones. Whoever has its key reads it and no more.

use askama::Template;
use atom_syndication::{Entry, Feed as Atom, FixedDateTime, Link, Person, Text};
use lang::Arg;
use serde::Serialize;
use store::{AlertKind, Part};
use terms::{Hash, Instant};

use super::list;
use super::shell::{Shell, reader};
use crate::alert::look::unheard;
use crate::alert::{Concern, of_clock, of_events, of_proofs, uuid, whose};
use crate::desk::{Desk, Held};
use crate::people::must;
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::Asked;
use crate::web::session::mark;
use crate::web::token::random;
use crate::words::Reader;
use crate::words::when::When;

/// How many of the newest events are looked through for what was served on the participant, and how many entries a feed has.
const EVENTS: usize = 10_000;
const ENTRIES: usize = 200;

/// The page's answer: who may follow.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Feeds {
    feeds: Vec<Known>,
}

/// A key that opens the feed or a list, by its hash.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Known {
    key: String,
    made: When,
    /// Which list it opens, as an address behind the agreement; empty for the feed.
    shows: String,
    /// The same, in words.
    #[serde(skip)]
    words: String,
    /// Whether it was made in this session.
    is_ours: bool,
    /// Whether whoever asks may end it.
    may_end: bool,
}

#[derive(Template)]
#[template(path = "feed.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a Feeds,
    /// The address that was just made: it is shown once.
    new: Option<String>,
}

pub(crate) fn show(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    page(desk, asked, None)
}

/// Makes a key, and shows its address once: here only its hash is kept.
pub(crate) fn begin(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let key = random::<32>().map_err(Sorry::Broken)?;
    let session = asked.session.as_deref().map(mark).unwrap_or_default();
    let shows = asked.sent("shows").unwrap_or_default().to_owned();
    let file = if shows.is_empty() { "feed.atom" } else { "live.csv" };
    if !shows.is_empty() {
        list::is_list(desk, asked, &shows)?;
    }
    desk.private.begin_feed(&store::Feed {
        key: Hash::of(key.as_bytes()),
        session,
        made: desk.now(),
        shows,
    })?;
    page(desk, asked, Some(format!("/{}/{file}?key={key}", desk.agreement())))
}

/// Ends one that was made in this session; any other, who may say who may what.
pub(crate) fn end(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    if let Some(key) = asked.sent("feed").and_then(Hash::from_hex) {
        let ours = asked.session.as_deref().map(mark);
        let is_ours = |feed: &store::Feed| feed.key == key && Some(&feed.session) == ours.as_ref();
        if !desk.private.feeds()?.iter().any(is_ours) {
            must(desk, asked, Part::Access)?;
        }
        desk.private.end_feed(&key)?;
    }
    Ok(Answer::See(format!("/{}/feed", desk.agreement())))
}

fn page(desk: &Desk, asked: &Asked, new: Option<String>) -> Result<Answer, Sorry> {
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let ours = asked.session.as_deref().map(mark);
    let known = |feed: store::Feed| {
        let is_ours = Some(&feed.session) == ours.as_ref();
        Known {
            key: feed.key.to_hex(),
            made: When::of(reader, feed.made),
            words: if feed.shows.is_empty() { String::new() } else { list::named(reader, &feed.shows) },
            shows: feed.shows,
            is_ours,
            may_end: is_ours || reader.may.see(Part::Access),
        }
    };
    let data = Feeds { feeds: desk.private.feeds()?.into_iter().map(known).collect() };
    either(asked, &data, || {
        let shell = Shell::of(reader, asked, reader.texts.say("feed", &[]));
        Page { shell, data: &data, new }.render()
    })
}

/// Whether what is asked has a key, whatever that opens.
pub(crate) fn is_open_to(desk: &Desk, asked: &Asked) -> Result<bool, Sorry> {
    Ok(opened(desk, asked)?.is_some())
}

/// What the key opens that is in the address.
fn opened(desk: &Desk, asked: &Asked) -> Result<Option<String>, Sorry> {
    let key = asked.query("key").map(|key| Hash::of(key.as_bytes()));
    Ok(key.map(|key| desk.private.opens(&key)).transpose()?.flatten())
}

/// A list for a spreadsheet that asks again and again: the one that the key is of, whatever else the address says.
pub(crate) fn live(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let shows = opened(desk, asked)?.filter(|shows| !shows.is_empty()).ok_or(Sorry::ProveFirst)?;
    list::sheet_of(desk, asked, &shows)
}

pub(crate) fn atom(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    if opened(desk, asked)?.as_deref() != Some("") {
        return Err(Sorry::ProveFirst);
    }
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let mut concerns = concerns(desk, reader, &held);
    concerns.sort_by(|a, b| (b.since, &a.reference, &a.which).cmp(&(a.since, &b.reference, &b.which)));
    concerns.truncate(ENTRIES);
    let whose = whose(desk, reader.me);
    let who = reader.who(reader.me).label;
    let title = reader.texts.say("feed-title", &[("who", Arg::Text(&who))]);
    let last = concerns.first().map(|concern| concern.since).or_else(|| reader.replay.timeline().last());
    let entry = |concern: &Concern| {
        let says = reader.texts.say(concern.says(), &[("reference", Arg::Text(&concern.reference))]);
        let due = concern
            .due
            .map(|due| reader.texts.say("due-at", &[("time", Arg::Text(&format!("{} UTC", clock(due))))]));
        Ok(Entry {
            id: format!("urn:uuid:{}", concern.name(&whose)),
            title: marked(reader, &says),
            updated: date(concern.since)?,
            published: Some(date(concern.since)?),
            links: vec![Link {
                href: address(reader.agreement, concern.kind, &concern.reference),
                rel: "alternate".to_owned(),
                ..Link::default()
            }],
            summary: due.map(|due| Text::plain(bare(&due))),
            ..Entry::default()
        })
    };
    let feed = Atom {
        id: format!("urn:uuid:{}", uuid(&whose)),
        title: marked(reader, &title),
        updated: date(last.unwrap_or(reader.now))?,
        authors: vec![Person { name: bare(&who), ..Person::default() }],
        links: vec![Link {
            href: format!("/{}/", reader.agreement),
            rel: "alternate".to_owned(),
            ..Link::default()
        }],
        lang: Some(reader.texts.language().tag.to_owned()),
        entries: concerns.iter().map(entry).collect::<Result<_, Sorry>>()?,
        ..Atom::default()
    };
    Ok(Answer::Feed(feed.to_string()))
}

/// What is asked, what is half run or over, and what happened.
fn concerns(desk: &Desk, reader: Reader<'_>, held: &Held) -> Vec<Concern> {
    let ours = reader.index.asks().iter().filter(|ask| ask.is_of(reader.me));
    let mut concerns: Vec<Concern> = Vec::new();
    for ask in ours.filter_map(|ask| ask.at(reader.replay, reader.now)) {
        concerns.extend(of_clock(&ask, reader.now));
    }
    let events = held.happened().from(held.happened().count().saturating_sub(EVENTS));
    concerns.extend(of_events(events, reader.replay, reader.me, &desk.manner().alerts.grave));
    concerns.extend(of_proofs(desk, held));
    if reader.may.see(Part::Watch) {
        // A disk that fails takes nothing else away.
        let late =
            unheard(desk, reader.now).inspect_err(|fault| tracing::error!(%fault, "teams can't be read"));
        concerns.extend(late.unwrap_or_default());
    }
    concerns
}

/// Where what concerns somebody is read.
pub(crate) fn address(agreement: &str, kind: Option<AlertKind>, reference: &str) -> String {
    match (kind, reference) {
        (Some(AlertKind::Team), _) => format!("/{agreement}/teams"),
        (Some(_), "") => format!("/{agreement}/record"),
        (None, "") => format!("/{agreement}/alerts"),
        (_, reference) => format!("/{agreement}/search?q={reference}"),
    }
}

/// A title: on a register for exercises it says so.
fn marked(reader: Reader<'_>, text: &str) -> Text {
    let exercise = reader.replay.is_exercise().then(|| format!("{} · ", reader.texts.say("exercise", &[])));
    Text::plain(bare(&format!("{}{text}", exercise.unwrap_or_default())))
}

/// Without marks of direction, which not every program knows.
fn bare(text: &str) -> String {
    text.replace(['\u{2068}', '\u{2069}'], "")
}

/// `2026-01-12 08:14`
fn clock(at: Instant) -> String {
    let text = at.to_string();
    text.replace('T', " ").chars().take("2026-01-12 08:14".len()).collect()
}

fn date(at: Instant) -> Result<FixedDateTime, Sorry> {
    at.to_string().parse().map_err(|error| Sorry::Broken(format!("{at}: {error}")))
}
