//! Who may act for the participant: its officers' keys, those that are to be enrolled, and who signs for that.

pub(crate) mod acts;

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::time::SystemTime;

use act::body::{Enrol, ScreenResult};
use act::value::Office;
use act::{Body, Submission};
use askama::Template;
use docket::v1::Screening;
use docket::v1::event::screen_word;
use docket::v1::ledger::KeyState;
use serde::Serialize;
use store::{Part, Passkey};
use terms::{Capacity, Code, Custody, Hash, RefusalGround, SignerName, VoiceName};

use super::saved::Saved;
use super::sheet::table;
use super::shell::{Shell, reader};
use super::sign::custody;
use crate::desk::{Desk, Held};
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::{Asked, Form};
use crate::web::links::Invited;
use crate::words::void::refusal;
use crate::words::when::When;
use crate::words::{Reader, Who};

/// The page's answer.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct People {
    /// The links that wait for an officer to make a passkey; for who may change that.
    invited: Vec<Open>,
    /// `in-force` for the keys that have not ended, `all`.
    view: &'static str,
    in_force: u64,
    all: u64,
    officers: Vec<Officer>,
    waiting: Vec<Waiting>,
    /// How many roots sign an enrolment, and how many of them lie here.
    roots: u64,
    roots_here: u64,
    /// Whether whoever reads this may say who acts.
    may_change: bool,
    /// What came of the last thing that was done.
    note: Option<String>,
    /// A link that was made: it is shown once.
    link: Option<String>,
}

impl People {
    fn can_enrol(&self) -> bool {
        self.roots > 0 && self.roots_here >= self.roots
    }
}

/// An officer's key that is on record.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Officer {
    label: String,
    office: String,
    custody: &'static str,
    #[serde(skip)]
    custody_words: String,
    has_passkey: bool,
    entry: u64,
    ended: Option<u64>,
    /// Whether its end is signed, and on its way.
    is_ending: bool,
    /// The reference of the note that nominates who holds it, and where it can be opened.
    note: Option<(String, String)>,
    /// Against which lists people have looked into who holds it.
    screened: Vec<Screened>,
}

/// That people looked into who holds a key.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Screened {
    /// The excluded group, by its listed name.
    list: String,
    result: &'static str,
    #[serde(skip)]
    result_words: String,
    by: Who,
    time: When,
}

/// A link that waits.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Open {
    /// The hash of what stands in it, which opens nothing.
    id: String,
    label: String,
    office: String,
    /// How long it waits still.
    minutes: u64,
    #[serde(skip)]
    left: String,
}

/// A passkey that was made and is not on record.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Waiting {
    label: String,
    office: String,
    vkey: String,
    /// The key as it is read out.
    voice: String,
    origin: String,
    /// Whether its enrolment is signed, and on its way.
    is_on_its_way: bool,
}

#[derive(Template)]
#[template(path = "people.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a People,
    saved: Saved,
    path: String,
}

pub(crate) fn show(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    page(desk, asked, None)
}

fn page(desk: &Desk, asked: &Asked, link: Option<String>) -> Result<Answer, Sorry> {
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let view = if asked.query("view") == Some("in-force") { "in-force" } else { "all" };
    let data = query(desk, &held, reader, view, (note(reader, asked), link))?;
    if asked.form == Form::Csv {
        return Ok(Answer::Csv("people".to_owned(), sheet(reader, &data.officers)?));
    }
    either(asked, &data, || {
        let shell = Shell::of(reader, asked, reader.texts.say("people", &[]));
        let (saved, path) = (Saved::of(desk, asked), format!("/{}/people", reader.agreement));
        Page { shell, data: &data, saved, path }.render()
    })
}

/// The columns: what the reader's language calls each, and its stable word.
const COLUMNS: [(&str, &str); 7] = [
    ("people-label", "key"),
    ("people-office", "office"),
    ("people-custody", "custody"),
    ("people-entry", "entry"),
    ("people-until", "ended-at-entry"),
    ("people-note", "note"),
    ("people-screened", "screened"),
];

/// The officers' keys, for a spreadsheet.
fn sheet(reader: Reader<'_>, officers: &[Officer]) -> Result<String, Sorry> {
    let cells = |officer: &Officer| {
        let screened = officer.screened.iter().map(|it| format!("{} {} {}", it.time.at, it.result, it.list));
        [
            officer.label.clone(),
            officer.office.clone(),
            officer.custody.to_owned(),
            officer.entry.to_string(),
            officer.ended.map(|entry| entry.to_string()).unwrap_or_default(),
            officer.note.as_ref().map(|(reference, _)| reference.clone()).unwrap_or_default(),
            screened.collect::<Vec<_>>().join("; "),
        ]
    };
    table(reader.texts, COLUMNS, officers.iter().map(cells))
}

fn query(
    desk: &Desk,
    held: &Held,
    reader: Reader<'_>,
    view: &'static str,
    (note, link): (Option<String>, Option<String>),
) -> Result<People, Sorry> {
    let ledger = held.replay().ledger();
    let own = ledger
        .keys()
        .iter()
        .filter(|(signer, key)| signer.participant() == Some(held.me()) && key.capacity == Capacity::Officer);
    let notes = notes(reader);
    let mut officers: Vec<Officer> = own.map(|(signer, key)| officer(reader, signer, key, &notes)).collect();
    for officer in &mut officers {
        officer.is_ending = acts::is_ending(held, &officer.label);
    }
    let is_in_force = |officer: &Officer| officer.ended.is_none();
    let (all, in_force) = (officers.len(), officers.iter().filter(|it| is_in_force(it)).count());
    officers.retain(|officer| view == "all" || is_in_force(officer));
    let on_their_way: Vec<Submission> = held.on_their_way();
    let is_on_its_way = |label: &Code| {
        on_their_way.iter().any(|submission| match submission.act().body() {
            Body::Enrol(Enrol::Key(key)) => {
                key.label == *label && submission.act().head().by.participant() == Some(held.me())
            }
            _ => false,
        })
    };
    let is_known = |made: &Passkey| ledger.keys().contains_key(&SignerName::key(held.me(), &made.label));
    let made = desk.private.passkeys()?.into_iter().filter(|made| !is_known(made));
    let waiting = made.map(|made| Waiting {
        is_on_its_way: is_on_its_way(&made.label),
        label: made.label.to_string(),
        office: made.office,
        voice: by_voice(&made.vkey),
        vkey: made.vkey,
        origin: made.origin,
    });
    let seat = ledger.seats().get(held.me());
    let here = seat.map_or(0, |seat| {
        let names = seat.roots.keys.iter().map(|signer| ledger.origin().key_name(signer));
        names.filter(|name| desk.keys.contains(name)).count()
    });
    let invited = desk.links.open(SystemTime::now()).map_err(|error| Sorry::Broken(error.to_string()))?;
    let minutes = |until: u64| {
        let now = SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default().as_secs();
        until.saturating_sub(now).div_ceil(60)
    };
    let invited = invited.into_iter().map(|open| Open {
        label: open.invited.label.to_string(),
        office: open.invited.office,
        left: lang::time::length(reader.texts, 60 * minutes(open.until)),
        minutes: minutes(open.until),
        id: open.id,
    });
    Ok(People {
        invited: if reader.may.see(Part::Access) { invited.collect() } else { Vec::new() },
        view,
        in_force: in_force as u64,
        all: all as u64,
        officers,
        waiting: waiting.collect(),
        roots: seat.map_or(0, |seat| u64::from(seat.roots.k)),
        roots_here: here as u64,
        may_change: reader.may.see(Part::Access),
        note,
        link,
    })
}

/// A key as people read it out to each other: of its verifier key's hash, what a register's name is of its genesis'.
pub(super) fn by_voice(vkey: &str) -> String {
    VoiceName::of(&Hash::of(vkey.as_bytes())).to_string()
}

/// The exhibits of this participant that came with an enrolment, by the entry: what they are called.
fn notes(reader: Reader<'_>) -> BTreeMap<u64, String> {
    let ours = reader.replay.settlement().exhibits().values().filter(|exhibit| exhibit.filer == *reader.me);
    ours.map(|exhibit| (exhibit.entry, exhibit.reference.to_string())).collect()
}

/// What came of looking into who holds a key, list by list.
fn screened(reader: Reader<'_>, signer: &SignerName) -> Vec<Screened> {
    let excluded = &reader.instrument().excluded;
    let all = reader.replay.settlement().screenings_of(signer);
    let one = |(list, screening): (&Code, &Screening)| Screened {
        list: excluded.get(list).map_or_else(|| list.to_string(), |group| group.names.text.clone()),
        result: screen_word(screening.result),
        result_words: reader.texts.say(
            match screening.result {
                ScreenResult::NoMatch => "screen-no-match",
                ScreenResult::Unclear => "screen-unclear",
                ScreenResult::Match => "screen-match",
            },
            &[],
        ),
        by: reader.who(&screening.by),
        time: When::of(reader, screening.at),
    };
    all.map(one).collect()
}

fn officer(
    reader: Reader<'_>,
    signer: &SignerName,
    key: &KeyState,
    notes: &BTreeMap<u64, String>,
) -> Officer {
    let name = signer.to_string();
    Officer {
        label: name.split_once('/').map_or("", |(_, label)| label).to_owned(),
        office: key.office.clone(),
        custody: key.custody.as_str(),
        custody_words: match (&key.passkey, key.custody) {
            (Some(_), Custody::Device) => reader.texts.say("custody-passkey", &[]),
            (_, lies) => custody(reader, lies),
        },
        has_passkey: key.passkey.is_some(),
        entry: key.since,
        ended: key.ended.map(|(index, _)| index),
        is_ending: false,
        note: notes
            .get(&key.since)
            .map(|note| (note.clone(), format!("/{}/evidence/{note}", reader.agreement))),
        screened: screened(reader, signer),
    }
}

/// What is said on top.
fn note(reader: Reader<'_>, asked: &Asked) -> Option<String> {
    let word = asked.query("note")?;
    let id = match word {
        "label" => "people-label-wrong",
        "office" => "people-office-wrong",
        "taken" => "people-taken",
        "enrolled" => "people-enrolled",
        "revoked" => "people-revoked",
        "not-meant" => "people-not-meant",
        "unsigned" => "people-unsigned",
        "full" => "people-full",
        "other" => "people-other",
        "garbled" => "people-garbled",
        _ => {
            let ground = RefusalGround::ALL.iter().find(|known| known.as_str() == word)?;
            return Some(refusal(reader.texts, *ground));
        }
    };
    Some(reader.texts.say(id, &[]))
}

fn back(desk: &Desk, note: &str) -> Answer {
    Answer::See(format!("/{}/people?note={note}", desk.agreement()))
}

/// Makes a link for an officer, and shows it once.
pub(crate) fn invite(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let Some(label) = asked.sent("label").and_then(Code::new) else { return Ok(back(desk, "label")) };
    let office = asked.sent("office").unwrap_or_default().trim().to_owned();
    if Office::new(office.clone()).is_err() {
        return Ok(back(desk, "office"));
    }
    let held = desk.held();
    let is_taken = held.replay().ledger().keys().contains_key(&SignerName::key(held.me(), &label));
    if is_taken || desk.private.passkeys()?.iter().any(|made| made.label == label) {
        return Ok(back(desk, "taken"));
    }
    let link = desk.links.issue(Some(&Invited { label, office }), SystemTime::now());
    let link = match link {
        // Of the disk itself the system says it, and no link that is taken back would help.
        Err(error) if error.kind() == ErrorKind::StorageFull && error.raw_os_error().is_some() => {
            return Err(Sorry::NoRoom);
        }
        Err(error) if error.kind() == ErrorKind::StorageFull => return Ok(back(desk, "full")),
        link => link.map_err(|error| Sorry::Broken(error.to_string()))?,
    };
    page(desk, asked, Some(format!("{}{link}", desk.origin(&asked.host))))
}

/// Takes an invitation back.
pub(crate) fn take_back(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let link = asked.sent("link").unwrap_or_default();
    desk.links.take_back(link, SystemTime::now()).map_err(|error| Sorry::Broken(error.to_string()))?;
    Ok(Answer::See(format!("/{}/people", desk.agreement())))
}

/// The passkey that a path names, if it waits.
fn named(desk: &Desk, asked: &Asked) -> Result<Passkey, Sorry> {
    let all = desk.private.passkeys()?;
    all.into_iter().find(|made| made.label.as_str() == asked.part("officer")).ok_or(Sorry::NotFound)
}

/// Forgets a passkey that is not enrolled.
pub(crate) fn forget(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let made = named(desk, asked)?;
    let held = desk.held();
    if !held.replay().ledger().keys().contains_key(&SignerName::key(held.me(), &made.label)) {
        desk.private.forget_passkey(&made.label)?;
    }
    Ok(Answer::See(format!("/{}/people", desk.agreement())))
}
