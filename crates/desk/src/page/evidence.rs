//! What is filed, who can open it, who has: exhibits, and the files that were sent here and that no act names yet.

pub(crate) mod deed;
mod filter;
pub(crate) mod one;
mod sheet;

use std::collections::BTreeMap;

use act::Body;
use askama::Template;
use docket::v1::exhibit::Exhibit;
use lang::Arg;
use node::upload::Upload;
use serde::Serialize;
use store::{DraftId, Name, Part, Seen};
use terms::Item;

use self::filter::Filter;
use super::form::about;
use super::look;
use super::saved::Saved;
use super::shell::{Shell, reader};
use super::tray::Tray;
use crate::desk::{Desk, Held};
use crate::evidence::{Evidence, Found, KEPT_DAYS, of};
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::{Asked, Form, Sent};
use crate::web::session::mark;
use crate::words::matter::Named;
use crate::words::when::When;
use crate::words::{Reader, Who, sentence};
use crate::writing::FILES;

/// How many rows a page has.
const ROWS: usize = 200;

/// The page's answer.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct List {
    filter: Filter,
    /// How many there are in each view, of those that the filter lets through.
    all: u64,
    unopened: u64,
    ours: u64,
    challenged: u64,
    /// Of how many something is new to whoever asks; nothing, if nobody here ever looked before.
    new: Option<u64>,
    /// The place of the first row that is shown, from 1; 0 if there is none.
    from: u64,
    to: u64,
    of: u64,
    rows: Vec<Row>,
    /// What was sent here and no act names yet, for who may write acts.
    uploads: Vec<Sending>,
    #[serde(skip)]
    may_offer: bool,
}

impl List {
    /// The views: the word of each, what it is called, how many are in it.
    fn views(&self) -> impl Iterator<Item = (&'static str, &'static str, &u64)> {
        let each = [
            ("all", "view-all", &self.all),
            ("unopened", "evidence-unopened", &self.unopened),
            ("ours", "evidence-ours", &self.ours),
            ("challenged", "evidence-challenged", &self.challenged),
        ];
        each.into_iter().chain(self.new.as_ref().map(|new| ("new", "newest-new", new)))
    }

    fn is(&self, view: &str) -> bool {
        self.filter.view == view
    }
}

/// An exhibit.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Row {
    pub(crate) reference: String,
    #[serde(skip)]
    pub(crate) href: String,
    pub(crate) matter: Option<Named>,
    /// With which act it was filed.
    pub(crate) filed_with: String,
    /// What its filer calls it and says it is, where this participant can open that.
    pub(crate) name: Option<String>,
    pub(crate) media_type: Option<String>,
    pub(crate) filer: Who,
    pub(crate) offered: When,
    pub(crate) granted: Vec<Who>,
    /// Who holds the sealed bytes and has not erased them.
    pub(crate) holders: Vec<Who>,
    pub(crate) opened: Vec<Who>,
    pub(crate) answered: Vec<Who>,
    pub(crate) erased: Vec<Who>,
    /// Stable words, and the same as people read them.
    pub(crate) states: Vec<&'static str>,
    #[serde(skip)]
    pub(crate) state_words: String,
    /// SHA-256 of the sealed file in hex, and how many bytes that has.
    pub(crate) sha256: String,
    pub(crate) bytes: u64,
    #[serde(skip)]
    pub(crate) size: String,
    pub(crate) is_here: bool,
    pub(crate) is_granted_to_us: bool,
    /// In a list: whether it was filed, or something was said of it, since whoever asks looked last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) is_new: Option<bool>,
}

/// A file that no act names yet.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Sending {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) media_type: String,
    pub(crate) bytes: u64,
    pub(crate) arrived: u64,
    #[serde(skip)]
    pub(crate) size: String,
    #[serde(skip)]
    pub(crate) stands: String,
    pub(crate) is_whole: bool,
    pub(crate) begun: When,
    pub(crate) by: Option<String>,
    /// The draft that it is for, if that is still open.
    pub(crate) draft: Option<String>,
}

impl Sending {
    pub(crate) fn of(reader: Reader<'_>, upload: &Upload) -> Sending {
        let about = &upload.about;
        let size = size(reader, about.bytes);
        let stands = match (upload.whole.is_some(), upload.arrived == about.bytes) {
            (true, _) => reader.texts.say("upload-whole", &[]),
            (false, true) => reader.texts.say("upload-here", &[]),
            (false, false) => {
                let part = self::size(reader, upload.arrived);
                reader.texts.say("upload-part", &[("part", Arg::Text(&part)), ("all", Arg::Text(&size))])
            }
        };
        Sending {
            id: upload.id.clone(),
            name: about.name.clone(),
            media_type: about.media_type.clone(),
            bytes: about.bytes,
            arrived: upload.arrived,
            size,
            stands,
            is_whole: upload.whole.is_some(),
            begun: When::of(reader, about.begun),
            by: about.by.clone(),
            draft: about.draft.clone(),
        }
    }
}

impl Row {
    pub(crate) fn of(desk: &Desk, reader: Reader<'_>, found: &Found<'_>) -> Row {
        let exhibit = found.exhibit;
        let grant = desk.opener.grant(&found.grants).ok();
        let settlement = reader.replay.settlement();
        let matter = exhibit.matter.and_then(|key| settlement.matters().get(&key));
        let holders = reader.instrument().participants.keys().filter(|who| exhibit.is_holder(who));
        let (states, state_words) = states(reader, exhibit);
        Row {
            reference: exhibit.reference.to_string(),
            href: format!("/{}/evidence/{}", reader.agreement, exhibit.reference),
            matter: matter.map(|matter| Named::of(reader, matter)),
            filed_with: filed_with(reader, found.act.body()),
            name: grant.as_ref().and_then(|grant| Some(grant.name.as_ref()?.as_str().to_owned())),
            media_type: grant.as_ref().map(|grant| grant.media_type.as_str().to_owned()),
            filer: reader.who(&exhibit.filer),
            offered: When::of(reader, exhibit.offered),
            granted: reader.in_order(exhibit.granted.keys()),
            holders: reader.in_order(holders),
            opened: reader.in_order(exhibit.opened.keys()),
            answered: reader.in_order(exhibit.answered.keys()),
            erased: reader.in_order(exhibit.destroyed.keys()),
            states,
            state_words,
            sha256: found.file.sealed.to_hex(),
            bytes: found.file.size,
            size: size(reader, found.file.size),
            is_here: desk.opener.holds(&found.file),
            is_granted_to_us: !found.grants.is_empty(),
            is_new: None,
        }
    }

    /// What it is called on a page: by its filer, else by what it was filed with.
    pub(crate) fn title(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.filed_with)
    }
}

/// With which act it was filed, in words.
fn filed_with(reader: Reader<'_>, body: &Body) -> String {
    let say = |id: &str, what: &str| reader.texts.say(id, &[("what", Arg::Text(what))]);
    match body {
        Body::Open(open) => say("exhibit-with-opening", &reader.kind(&open.procedure)),
        Body::Step(step) => say("exhibit-with-step", &reader.word_in(&step.matter, &step.step)),
        Body::Answer(_) => say("exhibit-with-answer", ""),
        Body::Enrol(_) => say("exhibit-with-note", ""),
        Body::Batch(_) => say("exhibit-with-table", ""),
        _ => say("exhibit-with-offer", ""),
    }
}

/// How far it has come, and what else is on record of it: facts, in the order of their weight.
fn states(reader: Reader<'_>, exhibit: &Exhibit) -> (Vec<&'static str>, String) {
    let mut states = Vec::new();
    let mut add = |is: bool, state: &'static str| {
        if is {
            states.push(state);
        }
    };
    add(exhibit.is_gone(), "exhibit-erased");
    add(!exhibit.is_gone() && exhibit.destroyed.keys().len() > 0, "exhibit-erased-in-part");
    add(exhibit.disowned, "exhibit-disowned");
    add(exhibit.withdrawn, "exhibit-withdrawn");
    add(exhibit.danger.is_some(), "exhibit-danger");
    let challenges = || exhibit.challenged.iter().filter(|(by, _)| !exhibit.is_mended(by));
    add(challenges().any(|(_, challenge)| challenge.upheld.is_none()), "exhibit-challenged");
    add(
        challenges().any(|(_, challenge)| matches!(challenge.upheld, Some((true, _)))),
        "exhibit-challenge-upheld",
    );
    add(exhibit.holds.values().any(|(until, _)| *until > reader.now), "exhibit-on-hold");
    let stage = if exhibit.answered.keys().len() > 0 {
        "exhibit-answered"
    } else if exhibit.opened.keys().len() > 0 {
        "exhibit-opened"
    } else if exhibit.kept.keys().len() > 0 {
        "exhibit-held"
    } else {
        "exhibit-offered"
    };
    states.push(stage);
    let words: Vec<String> = states.iter().map(|state| reader.texts.say(state, &[])).collect();
    let states = states.into_iter().filter_map(|state| state.strip_prefix("exhibit-")).collect();
    (states, sentence(&words.join("; ")))
}

/// How many bytes, in the unit that people use: thousands, as those who make disks count.
pub(crate) fn size(reader: Reader<'_>, bytes: u64) -> String {
    let (id, text) = match bytes {
        0..1_000 => ("size-bytes", bytes.to_string()),
        1_000..1_000_000 => ("size-kb", tenths(bytes, 1_000)),
        1_000_000..1_000_000_000 => ("size-mb", tenths(bytes, 1_000_000)),
        _ => ("size-gb", tenths(bytes, 1_000_000_000)),
    };
    // A number and its unit run to the right, whichever way the line around them does.
    format!("\u{2066}{}\u{2069}", reader.texts.say(id, &[("n", Arg::Text(&text))]))
}

/// With one digit behind the point, where there is but one before it.
fn tenths(bytes: u64, unit: u64) -> String {
    let tenths = bytes * 10 / unit;
    if tenths < 100 { format!("{}.{}", tenths / 10, tenths % 10) } else { (tenths / 10).to_string() }
}

#[derive(Template)]
#[template(path = "evidence.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a List,
    saved: Saved,
    path: String,
    answer: String,
    participants: Vec<Who>,
    pages: String,
    days: String,
    /// Where a file is laid down that is to be offered; nothing, for whoever may write nothing.
    tray: Option<Tray>,
}

impl Page<'_> {
    fn view(&self, view: &str) -> String {
        self.data.filter.address(&self.path, view, &[])
    }

    fn from(&self, from: u64) -> String {
        self.data.filter.address(&self.path, self.data.filter.view, &[("from", &from.to_string())])
    }

    fn csv(&self) -> String {
        self.data.filter.address(&self.path, self.data.filter.view, &[("as", "csv")])
    }

    fn before(&self) -> u64 {
        self.data.from.saturating_sub(ROWS as u64).max(1)
    }
}

pub(crate) fn show(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    Evidence::tidy(desk);
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let filter = Filter::read(asked);
    let is_sheet = asked.form == Form::Csv;
    let from = asked.query("from").and_then(|from| from.parse().ok()).unwrap_or(1);
    let (from, room) = if is_sheet { (1, usize::MAX) } else { (from, ROWS) };
    let data = query(desk, &held, reader, (filter, look::before(desk, asked)), (from, room))?;
    if is_sheet {
        return Ok(Answer::Csv("evidence".to_owned(), sheet::sheet(reader.texts, &data.rows)?));
    }
    let tray = data.may_offer.then(|| Tray::of_offer(reader)).transpose()?;
    either(asked, &data, || {
        let shell = Shell::of(reader, asked, reader.texts.say("evidence", &[]));
        let args = [("n", Arg::Number(data.all)), ("unopened", Arg::Number(data.unopened))];
        let answer = reader.texts.say("evidence-count", &args);
        let args = [("from", data.from.into()), ("to", data.to.into()), ("all", data.of.into())];
        let pages = reader.texts.say("pages", &args);
        let participants = reader.everyone();
        let path = format!("/{}/evidence", reader.agreement);
        let days = KEPT_DAYS.to_string();
        let saved = Saved::of(desk, asked);
        Page { shell, data: &data, saved, path, answer, participants, pages, days, tray }.render()
    })
}

fn query(
    desk: &Desk,
    held: &Held,
    reader: Reader<'_>,
    (filter, seen): (Filter, Option<Seen>),
    (from, room): (u64, usize),
) -> Result<List, Sorry> {
    let exhibits = reader.replay.settlement().exhibits();
    let mut listed: Vec<(&Item, &Exhibit)> =
        exhibits.iter().filter(|(_, exhibit)| filter.lets(reader, exhibit)).collect();
    listed.sort_by(|(_, a), (_, b)| (b.entry, &b.reference).cmp(&(a.entry, &a.reference)));
    let number =
        |view: &str| listed.iter().filter(|(_, it)| filter::is_in(view, reader, it, seen)).count() as u64;
    let (unopened, ours, challenged) = (number("unopened"), number("ours"), number("challenged"));
    let new = seen.map(|_| number("new"));
    let all = listed.len() as u64;
    listed.retain(|(_, exhibit)| filter::is_in(filter.view, reader, exhibit, seen));
    let of_view = listed.len() as u64;
    let skip = usize::try_from(from.saturating_sub(1)).unwrap_or(usize::MAX);
    let mut rows = Vec::new();
    for (item, exhibit) in listed.into_iter().skip(skip).take(room) {
        let found = of(desk, held, item, exhibit)?;
        let is_new = Some(seen.is_some_and(|seen| filter::is_new(exhibit, seen)));
        rows.extend(found.map(|found| Row { is_new, ..Row::of(desk, reader, &found) }));
    }
    let from = if rows.is_empty() { 0 } else { skip as u64 + 1 };
    let to = if rows.is_empty() { 0 } else { skip as u64 + rows.len() as u64 };
    let uploads = if reader.may.see(Part::Drafts) {
        desk.evidence.uploads.list()?.iter().map(|upload| Sending::of(reader, upload)).collect()
    } else {
        Vec::new()
    };
    let may_offer = reader.may.see(Part::Drafts);
    Ok(List { filter, may_offer, all, unopened, ours, challenged, new, from, to, of: of_view, rows, uploads })
}

/// The files that a draft names, as far as they are here.
pub(crate) fn attached(desk: &Desk, typed: &Sent) -> Vec<Upload> {
    let ids = typed.get(FILES).into_iter().flatten().filter_map(|id| Name::new(id));
    ids.filter_map(|id| desk.evidence.uploads.find(id.as_str()).ok().flatten()).collect()
}

/// Puts a file into a draft, which a form without scripts names and describes.
pub(crate) fn attach(
    desk: &Desk,
    draft: &DraftId,
    fields: &BTreeMap<String, String>,
    id: &str,
    session: &str,
) -> Result<(), Sorry> {
    let known = desk.private.draft(draft)?;
    let (about, mut typed) = match known {
        Some(known) => (known.about, known.typed),
        None => {
            let sent = fields.iter().map(|(name, value)| (name.clone(), vec![value.clone()])).collect();
            (about(&sent).ok_or(Sorry::NoDraft)?, Sent::new())
        }
    };
    typed.entry(FILES.to_owned()).or_default().push(id.to_owned());
    Ok(desk.private.keep(draft, &about, &typed, &mark(session), desk.now())?)
}

/// Lets go of a file that no act names, and takes it out of its draft.
pub(crate) fn drop_upload(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let id = Name::new(asked.part("upload")).ok_or(Sorry::NotFound)?;
    let upload = desk.evidence.uploads.find(id.as_str())?.ok_or(Sorry::NotFound)?;
    let draft = upload.about.draft.as_deref().and_then(Name::new);
    if let Some(mut known) = draft.map(|draft| desk.private.draft(&draft)).transpose()?.flatten()
        && let Some(files) = known.typed.get_mut(FILES)
        && files.iter().any(|file| file == id.as_str())
    {
        files.retain(|file| file != id.as_str());
        let session = asked.session.as_deref().map(mark).unwrap_or_default();
        desk.private.keep(&known.id, &known.about, &known.typed, &session, desk.now())?;
    }
    desk.evidence.uploads.drop_one(id.as_str())?;
    Ok(Answer::See(super::back(desk, asked, "evidence")))
}

#[cfg(test)]
mod tests {
    use super::tenths;

    #[test]
    fn sizes_are_short() {
        assert_eq!(tenths(1_000, 1_000), "1.0");
        assert_eq!(tenths(9_999, 1_000), "9.9");
        assert_eq!(tenths(14_900, 1_000), "14");
        assert_eq!(tenths(1_073_741_824, 1_000_000_000), "1.0");
    }
}
