//! The form for what is said of an exhibit, for an offer, and for a cut: kept as a draft, read and signed as any other.

use askama::Template;
use docket::v1::What;
use serde::Serialize;
use store::About;
use terms::{Code, Instant, Item};

use super::{Row, Sending, attached, size};
use crate::deed::{Deed, GROUND, SINCE, UNTIL, WHOM, cuttable, fields, named, receivers, written};
use crate::desk::{Desk, Held};
use crate::evidence::{find, of};
use crate::page::choice::Choice;
use crate::page::shell::{Shell, reader};
use crate::page::sign::deed::{ground_words, title};
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::{Asked, Sent};
use crate::web::session::fresh_name;
use crate::web::upload::{BYTES_MAX, FORM_BYTES_MAX};
use crate::words::lack::says as lack_says;
use crate::words::when::When;
use crate::words::{Reader, Who};
use crate::writing::{FILES, TEXT};

/// How many cuts are shown that are on record.
const CUTS: usize = 20;

/// The page's answer.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct ToSay {
    draft: String,
    deed: &'static str,
    /// Of which exhibit, as acts name it.
    item: Option<String>,
    exhibit: Option<Row>,
    #[serde(skip)]
    says: String,
    /// Who can be chosen to open something.
    to: Option<Vec<Choice>>,
    grounds: Vec<Choice>,
    /// Of whom, and since when, something is said that is no exhibit.
    whom: Vec<Choice>,
    since: Option<String>,
    until: Option<String>,
    has_text: bool,
    text: String,
    has_files: bool,
    files: Vec<Sending>,
    files_why: Option<String>,
    #[serde(skip)]
    most: (String, String),
    /// What is lacking: the field, and why.
    lacks: Vec<(String, String)>,
    kept: Option<When>,
    /// What is on record of it already.
    known: Vec<Cut>,
}

/// A time in which somebody could not be reached, as it was said.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Cut {
    whom: Who,
    from: When,
    to: When,
}

impl Cut {
    /// Those on record, the last first.
    fn all(held: &Held, reader: Reader<'_>) -> Vec<Cut> {
        let cut = |what: &What| match what {
            What::Cut(whom, from, to) => {
                Some(Cut { whom: reader.who(whom), from: When::of(reader, *from), to: When::of(reader, *to) })
            }
            _ => None,
        };
        held.happened().cuts().rev().filter_map(cut).take(CUTS).collect()
    }
}

impl ToSay {
    fn needs_files(&self) -> bool {
        self.deed == Deed::Offer.as_str()
    }

    fn about(&self) -> Vec<(&str, &str)> {
        let of = self.item.as_deref().map(|item| ("exhibit", item));
        [("deed", self.deed)].into_iter().chain(of).collect()
    }
}

#[derive(Template)]
#[template(path = "deed.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a ToSay,
    heading: String,
}

/// The form for something that is said of an exhibit.
pub(crate) fn begin(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let held = desk.held();
    let deed = Deed::of(asked.part("deed")).filter(|deed| !deed.is_of_none()).ok_or(Sorry::NotFound)?;
    let found = find(desk, &held, asked.part("exhibit"))?;
    fresh(desk, &held, asked, deed, Some(found.item))
}

/// The form for exhibits outside a matter.
pub(crate) fn offer(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    fresh(desk, &desk.held(), asked, Deed::Offer, None)
}

/// The form that says that somebody could not be reached.
pub(crate) fn cut(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    fresh(desk, &desk.held(), asked, Deed::Cut, None)
}

fn fresh(
    desk: &Desk,
    held: &Held,
    asked: &Asked,
    deed: Deed,
    exhibit: Option<Item>,
) -> Result<Answer, Sorry> {
    let id = fresh_name().map_err(Sorry::Broken)?;
    let about = About::Deed { deed: Code::new(deed.as_str()).ok_or(Sorry::NotFound)?, exhibit };
    page(desk, held, asked, (&id, &about), (&Sent::new(), None))
}

/// What was typed into such a form; whether there is such a thing, and whether nothing is lacking.
pub(crate) fn typed(held: &Held, asked: &Asked, about: &About) -> (Sent, bool, bool) {
    let About::Deed { deed, exhibit } = about else { return (Sent::new(), false, false) };
    let Some(deed) = named(deed) else { return (Sent::new(), false, false) };
    let own = fields(deed);
    let sent = asked.sent.iter().filter(|(name, _)| own.contains(&name.as_str()));
    let typed: Sent = sent.map(|(name, values)| (name.clone(), values.clone())).collect();
    let exhibits = held.replay().settlement().exhibits();
    let is_there = match exhibit {
        Some(item) => !deed.is_of_none() && exhibits.get(item).is_some(),
        None => deed.is_of_none(),
    };
    let is_whole = is_there && written(held, (deed, exhibit.as_ref()), &typed).is_ok();
    (typed, is_there, is_whole)
}

pub(crate) fn page(
    desk: &Desk,
    held: &Held,
    asked: &Asked,
    (id, about): (&str, &About),
    (typed, kept): (&Sent, Option<Instant>),
) -> Result<Answer, Sorry> {
    let reader = reader(desk, held, asked);
    let About::Deed { deed: code, exhibit } = about else { return Err(Sorry::NotFound) };
    let deed = named(code).ok_or(Sorry::NotFound)?;
    let exhibits = reader.replay.settlement().exhibits();
    let found = exhibit.as_ref().and_then(|item| Some((item, exhibits.get(item)?)));
    let found = found.map(|(item, exhibit)| of(desk, held, item, exhibit)).transpose()?.flatten();
    let lacks = match written(held, (deed, exhibit.as_ref()), typed) {
        Err(lacks) if asked.query("look").is_some() => lacks,
        _ => Vec::new(),
    };
    let lacks: Vec<(String, String)> =
        lacks.iter().map(|lack| (lack.at.clone(), lack_says(reader, lack))).collect();
    let first = |name: &str| typed.get(name).and_then(|all| all.first()).cloned().unwrap_or_default();
    let why = lacks.iter().find(|(at, _)| at == FILES).map(|(_, why)| why.clone());
    let files = attached(desk, typed);
    let is_gone = files.len() < typed.get(FILES).map_or(0, Vec::len);
    let gone = || is_gone.then(|| reader.texts.say("lack-file", &[]));
    let data = ToSay {
        draft: id.to_owned(),
        deed: deed.as_str(),
        item: exhibit.as_ref().map(ToString::to_string),
        exhibit: found.as_ref().map(|found| Row::of(desk, reader, found)),
        says: reader.texts.say(says(deed), &[]),
        to: deed.chooses().then(|| to(held, reader, typed, found.as_ref().map(|found| found.exhibit))),
        grounds: grounds(reader, deed, &first(GROUND)),
        whom: if deed == Deed::Cut { whom(held, reader, &first(WHOM)) } else { Vec::new() },
        since: (deed == Deed::Cut).then(|| first(SINCE)),
        until: matches!(deed, Deed::Hold | Deed::Cut).then(|| first(UNTIL)),
        has_text: deed == Deed::Answer,
        text: first(TEXT),
        has_files: deed.has_files(),
        files: files.iter().map(|upload| Sending::of(reader, upload)).collect(),
        files_why: why.or_else(gone),
        most: (size(reader, BYTES_MAX), size(reader, FORM_BYTES_MAX)),
        lacks,
        kept: kept.map(|kept| When::of(reader, kept)),
        known: if deed == Deed::Cut { Cut::all(held, reader) } else { Vec::new() },
    };
    either(asked, &data, || {
        let heading = title(reader, code);
        Page { shell: Shell::of(reader, asked, heading.clone()), data: &data, heading }.render()
    })
}

/// What stands under the title: what it is, and is not.
const fn says(deed: Deed) -> &'static str {
    match deed {
        Deed::Offer => "deed-offer-says",
        Deed::Grant => "deed-grant-says",
        Deed::Keep => "deed-keep-says",
        Deed::Opened => "deed-opened-says",
        Deed::Answer => "deed-answer-says",
        Deed::Challenge => "deed-challenge-says",
        Deed::Rule => "deed-rule-says",
        Deed::Hold => "deed-hold-says",
        Deed::Destroy => "deed-destroy-says",
        Deed::Cut => "deed-cut-says",
    }
}

/// The other participants; who has no key can't be chosen, and who can open it already need not be.
fn to(
    held: &Held,
    reader: Reader<'_>,
    typed: &Sent,
    exhibit: Option<&docket::v1::exhibit::Exhibit>,
) -> Vec<Choice> {
    let chosen = receivers(held, typed).can;
    let others = reader.instrument().participants.keys().filter(|who| *who != reader.me);
    let others = reader.sorted(others).into_iter();
    let choice = |who: &terms::ParticipantId| {
        let is_possible = reader.replay.ledger().recipients_of(who).next().is_some();
        let has = exhibit.is_some_and(|exhibit| exhibit.granted.contains_key(who));
        let note = match (is_possible, has) {
            (false, _) => reader.texts.say("deed-no-key", &[]),
            (true, true) => reader.texts.say("deed-has-it", &[]),
            (true, false) => String::new(),
        };
        let Who { label, .. } = reader.who(who);
        Choice { is_possible, ..Choice::of(who, label, chosen.contains(who)).noted(note) }
    };
    others.map(choice).collect()
}

/// Of whom one may say that it could not be reached; of a single one nothing else is to be said.
fn whom(held: &Held, reader: Reader<'_>, chosen: &str) -> Vec<Choice> {
    let all = reader.sorted(cuttable(held));
    all.into_iter().map(|who| Choice::of(who, reader.who(who).label, who.as_str() == chosen)).collect()
}

fn grounds(reader: Reader<'_>, deed: Deed, chosen: &str) -> Vec<Choice> {
    let choice =
        |word: &&str| Choice::of(word, reader.texts.say(ground_words(deed, word), &[]), *word == chosen);
    deed.grounds().iter().map(choice).collect()
}

/// What somebody may say of an exhibit now, for its page.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct May {
    deed: &'static str,
    #[serde(skip)]
    pub(super) words: String,
    #[serde(skip)]
    pub(super) says: String,
    /// The form of it.
    pub(super) href: String,
    /// Whether there is nothing to fill in; then the name of a draft that is as it stands.
    pub(super) at_once: Option<String>,
}

impl May {
    pub(super) fn all(reader: Reader<'_>, exhibit: &docket::v1::exhibit::Exhibit) -> Result<Vec<May>, Sorry> {
        let deeds = Deed::ALL.into_iter().filter(|deed| deed.is_open_to(reader.me, exhibit));
        let may = |deed: Deed| {
            let code = Code::new(deed.as_str()).ok_or(Sorry::NotFound)?;
            let at_once = deed.is_bare().then(fresh_name).transpose().map_err(Sorry::Broken)?;
            Ok(May {
                deed: deed.as_str(),
                words: title(reader, &code),
                says: reader.texts.say(says(deed), &[]),
                href: format!("/{}/evidence/{}/{}", reader.agreement, exhibit.reference, deed.as_str()),
                at_once,
            })
        };
        deeds.map(may).collect()
    }

    pub(super) fn deed(&self) -> &'static str {
        self.deed
    }
}
