//! One exhibit: who filed it, who can open it, who has; and what is in it, opened here if that is asked for.

use std::collections::BTreeMap;
use std::io::Read as _;

use act::Entry;
use askama::Template;
use docket::v1::exhibit::Exhibit;
use lang::Arg;
use serde::Serialize;
use store::Part;
use terms::{Instant, ParticipantId};
use vault::Content;

use super::Row;
use super::deed::May;
use crate::desk::{Desk, Held};
use crate::evidence::{Found, find};
use crate::page::shell::{Shell, reader};
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::{Asked, Form};
use crate::words::camera::{Beside, Camera};
use crate::words::content::Shown;
use crate::words::when::When;
use crate::words::{Reader, Who};

/// The longest text that a page shows, in bytes.
const TEXT_BYTES_MAX: u64 = 256 << 10;

/// The page's answer.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Shows {
    #[serde(flatten)]
    row: Row,
    /// As acts name it.
    item: String,
    entry: u64,
    recipient: String,
    commitment: String,
    /// Why it can't be opened here, if it can't; a stable word, and the same for people.
    closed: Option<&'static str>,
    #[serde(skip)]
    closed_words: String,
    /// What is in it, if that was asked for.
    opened: Option<Opened>,
    custody: Vec<Line>,
    /// What may be said of it.
    may: Vec<May>,
}

/// What is in it, after recipient, hash and commitment were checked.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Opened {
    is: &'static str,
    bytes: u64,
    #[serde(skip)]
    size: String,
    /// As what it is served, if it is shown by itself.
    media_type: Option<&'static str>,
    /// Where the content is.
    href: String,
    text: Option<String>,
    /// What a camera wrote into it, beside what its act says.
    camera: Vec<Beside>,
}

/// What became of it, one thing after the other.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Line {
    time: When,
    who: Option<Who>,
    is: &'static str,
    #[serde(skip)]
    words: String,
}

#[derive(Template)]
#[template(path = "exhibit.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a Shows,
    may: String,
}

pub(crate) fn show(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let found = find(desk, &held, asked.part("exhibit"))?;
    let data = query(desk, &held, reader, &found, asked.query("open").is_some())?;
    let answer = either(asked, &data, || {
        let title = data.row.title().to_owned();
        let me = reader.who(reader.me).label;
        let may = reader.texts.say("may", &[("who", Arg::Text(&me))]);
        Page { shell: Shell::of(reader, asked, title), data: &data, may }.render()
    })?;
    Ok(match answer {
        Answer::Page(page) if asked.form == Form::Page && data.opened.is_some() => Answer::Showing(page),
        other => other,
    })
}

fn query(
    desk: &Desk,
    held: &Held,
    reader: Reader<'_>,
    found: &Found<'_>,
    opens: bool,
) -> Result<Shows, Sorry> {
    let row = Row::of(desk, reader, found);
    let mut closed = closed(held, found, &row);
    let mut opened = None;
    if closed.is_none() && opens {
        match open(desk, reader, found) {
            Ok(shown) => opened = Some(shown),
            Err(why) => closed = Some(why),
        }
    }
    let closed_words = closed.map(|why| reader.texts.say(why, &[])).unwrap_or_default();
    let may = if reader.may.see(Part::Drafts) { May::all(reader, found.exhibit)? } else { Vec::new() };
    Ok(Shows {
        item: found.item.to_string(),
        entry: found.exhibit.entry,
        recipient: found.file.recipient.to_string(),
        commitment: found.file.commitment.to_string(),
        closed,
        closed_words,
        opened,
        custody: custody(desk, held, reader, found.exhibit)?,
        may,
        row,
    })
}

/// What is known to be in the way before anything is opened.
fn closed(held: &Held, found: &Found<'_>, row: &Row) -> Option<&'static str> {
    if found.exhibit.destroyed.contains_key(held.me()) {
        Some("closed-erased")
    } else if !row.is_granted_to_us {
        Some("closed-not-granted")
    } else if !row.is_here {
        Some("closed-not-here")
    } else {
        None
    }
}

fn open(desk: &Desk, reader: Reader<'_>, found: &Found<'_>) -> Result<Opened, &'static str> {
    let why = |fault: node::Fault| match fault {
        node::Fault::Open(error) => match node::evidence::ground(&error) {
            Some(ground) => ground_words(ground),
            None => "closed-differs",
        },
        _ => "closed-not-here",
    };
    let grant = desk.opener.grant(&found.grants).map_err(why)?;
    desk.evidence.check(desk, found, &grant).map_err(why)?;
    let mut content = desk.opener.content(&grant, &found.file).map_err(why)?;
    let bytes = content.size();
    let shown = Shown::of(&mut content, grant.media_type.as_str()).map_err(|_| "closed-differs")?;
    let text = match shown {
        Shown::Text => text(&mut content),
        _ => None,
    };
    let camera = match shown {
        Shown::Picture(_) | Shown::Other => Camera::of(&mut content),
        Shown::Film("video/mp4") | Shown::Sound("audio/mp4") => Camera::of_film(&mut content),
        _ => None,
    };
    let matter = found.exhibit.matter.and_then(|key| reader.replay.settlement().matters().get(&key));
    let camera = camera.map(|camera| camera.beside(reader, found.act.body(), matter)).unwrap_or_default();
    let is = match shown {
        Shown::Picture(_) => "picture",
        Shown::Film(_) => "film",
        Shown::Sound(_) => "sound",
        Shown::Paper => "paper",
        Shown::Text if text.is_some() => "text",
        Shown::Text | Shown::Other => "other",
    };
    let href = format!("/{}/evidence/{}/content", reader.agreement, found.exhibit.reference);
    Ok(Opened { is, bytes, size: super::size(reader, bytes), media_type: shown.media(), href, text, camera })
}

/// The words for a ground.
const fn ground_words(ground: act::body::ChallengeGround) -> &'static str {
    use act::body::ChallengeGround;
    match ground {
        ChallengeGround::GrantNotForMe => "closed-grant-not-for-me",
        ChallengeGround::GrantWrong => "closed-grant-wrong",
        ChallengeGround::SealedMissing => "closed-not-here",
        ChallengeGround::DoesNotOpen => "closed-does-not-open",
        ChallengeGround::CommitmentDiffers => "closed-commitment-differs",
    }
}

/// A text that is short enough for a page.
fn text(content: &mut Content) -> Option<String> {
    if content.size() > TEXT_BYTES_MAX {
        return None;
    }
    let mut text = String::new();
    content.read_to_string(&mut text).ok()?;
    Some(text)
}

/// What became of it, the first thing first.
fn custody(desk: &Desk, held: &Held, reader: Reader<'_>, exhibit: &Exhibit) -> Result<Vec<Line>, Sorry> {
    let mut lines: Vec<(Instant, Line)> = Vec::new();
    let mut add = |at: Instant, who: &ParticipantId, is: &'static str, until: Option<Instant>| {
        let label = reader.who(who).label;
        let until = until.map(|until| When::of(reader, until).words()).unwrap_or_default();
        let words = reader.texts.say(is, &[("who", Arg::Text(&label)), ("until", Arg::Text(&until))]);
        lines.push((at, Line { time: When::of(reader, at), who: Some(reader.who(who)), is, words }));
    };
    add(exhibit.offered, &exhibit.filer, "custody-filed", None);
    exhibit.kept.iter().for_each(|(who, (at, _))| add(*at, who, "custody-kept", None));
    exhibit.opened.iter().for_each(|(who, (at, _))| add(*at, who, "custody-opened", None));
    exhibit.answered.iter().for_each(|(who, (at, _))| add(*at, who, "custody-answered", None));
    exhibit.destroyed.iter().for_each(|(who, at)| add(*at, who, "custody-erased", None));
    for (who, challenge) in exhibit.challenged.iter() {
        let is = match challenge.upheld {
            None => "custody-challenged",
            Some((true, _)) => "custody-challenge-upheld",
            Some((false, _)) => "custody-challenge-not-upheld",
        };
        add(challenge.at, who, is, None);
    }
    if let Some((at, entry)) = exhibit.danger {
        let found = Entry::parse(&desk.entry(held, entry)?).map_err(node::Fault::from)?;
        if let Some(who) = found.act().head().by.participant() {
            add(at, who, "custody-danger", None);
        }
    }
    // When a hold was said is in its entry; what counts is until when it lasts.
    exhibit
        .holds
        .iter()
        .for_each(|(who, (until, _))| add(exhibit.offered, who, "custody-on-hold", Some(*until)));
    lines.extend(granted(reader, exhibit));
    lines.sort_by_key(|(at, _)| *at);
    Ok(lines.into_iter().map(|(_, line)| line).collect())
}

/// To whom it was granted: those of one moment in one line.
fn granted(reader: Reader<'_>, exhibit: &Exhibit) -> Vec<(Instant, Line)> {
    let mut at_once: BTreeMap<Instant, Vec<String>> = BTreeMap::new();
    let others = exhibit.granted.keys().filter(|who| **who != exhibit.filer);
    for who in reader.sorted(others) {
        if let Some(at) = exhibit.granted.get(who) {
            at_once.entry(*at).or_default().push(reader.who(who).label);
        }
    }
    let line = |(at, who): (Instant, Vec<String>)| {
        let words = reader.texts.say("custody-granted", &[("who", Arg::Text(&reader.texts.series(&who)))]);
        let by = Some(reader.who(&exhibit.filer));
        (at, Line { time: When::of(reader, at), who: by, is: "custody-granted", words })
    };
    at_once.into_iter().map(line).collect()
}
