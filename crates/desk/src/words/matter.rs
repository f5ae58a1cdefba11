//! Matters: what they are called, what stands in their fields.

use act::body::Tier;
use act::value::{FieldValue, MatterRef, StrandName, Word};
use docket::v1::Matter;
use instrument::Procedure;
use instrument::procedure::Holds;
use lang::time::Local;
use place::mgrs;
use serde::Serialize;
use terms::{ActId, Code, ItemPart, ParticipantId};

use super::Reader;
use super::when::When;
use crate::page::path;

/// A matter as a page names it: its reference, what it is, and where its page is.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Named {
    pub(crate) reference: String,
    pub(crate) title: String,
    pub(crate) href: String,
    pub(crate) tier: Tier,
    /// What is said of it wherever it is named, if it is without prejudice (PRACTICE N16).
    #[serde(skip)]
    pub(crate) band: Option<String>,
}

impl Named {
    pub(crate) fn of(reader: Reader<'_>, matter: &Matter) -> Named {
        let reference = matter.reference.to_string();
        let href = format!("/{}/{}/{reference}", reader.agreement, path::of_kind(&matter.kind));
        let is_without_prejudice = matter.tier == Tier::WithoutPrejudice;
        let band = is_without_prejudice.then(|| reader.texts.say("tier-prejudice", &[]));
        Named { reference, title: title(reader, matter), href, tier: matter.tier, band }
    }
}

/// Place, date and kind (PRACTICE N4); where a matter has none of them, those of the matter that it is about, and in the
/// end what its procedure is called.
pub(crate) fn title(reader: Reader<'_>, matter: &Matter) -> String {
    let kind = || reader.title(&matter.procedure);
    let about = || Some(format!("{}: {}", kind(), about(reader, matter)?));
    own_title(reader, matter).or_else(about).unwrap_or_else(kind)
}

/// The same among matters of its kind, which need not be told that they are.
pub(crate) fn title_in_kind(reader: Reader<'_>, matter: &Matter) -> Option<String> {
    own_title(reader, matter).or_else(|| about(reader, matter))
}

/// The title of the first matter that a field names.
fn about(reader: Reader<'_>, matter: &Matter) -> Option<String> {
    let fields = &matter.procedure.fields;
    let alike = matter.fields_of_all();
    let named = alike
        .iter()
        .find(|(name, _)| fields.get(*name).is_some_and(|field| matches!(field.holds, Holds::Matter { .. })));
    let id = match named?.1 {
        FieldValue::One(Word::Hash(hash)) => MatterRef::Opened(ActId(*hash)),
        FieldValue::One(Word::Item(item)) => MatterRef::ByStep(*item),
        _ => return None,
    };
    let other = reader.replay.settlement().matter_lent(&id)?;
    own_title(reader, &other)
}

fn own_title(reader: Reader<'_>, matter: &Matter) -> Option<String> {
    let (mut place, mut date, mut kind) = (None, None, None);
    let (mut others, mut clock, mut how) = (Vec::new(), None, None);
    for (name, value) in matter.fields_of_all().iter() {
        let holds = matter.procedure.fields.get(name).map(|field| &field.holds);
        match (holds, value) {
            (_, FieldValue::Place(at)) => {
                place = place.or_else(|| Some(mgrs::grouped(&mgrs::mgrs(at, mgrs::digits(at)))))
            }
            (Some(Holds::Instant), FieldValue::One(Word::Instant(at))) => {
                let local = Local::at(*at, reader.offset());
                clock = clock.or_else(|| Some(local.clock.to_string()));
                date = date.or_else(|| Some(local.date(reader.texts)));
            }
            (Some(Holds::Window), FieldValue::Window(window)) => {
                date = date.or_else(|| Some(Local::at(window.start, reader.offset()).date(reader.texts)));
            }
            (Some(Holds::Codes(_)), FieldValue::One(Word::Code(code))) if name.as_str() == "kind" => {
                kind = Some(reader.word(&matter.procedure, code));
            }
            (Some(Holds::Codes(_)), FieldValue::One(Word::Code(code))) => {
                how = how.or_else(|| Some(reader.word(&matter.procedure, code)))
            }
            (Some(Holds::Participant(_)), FieldValue::One(Word::Code(code))) => {
                others.extend(ParticipantId::new(code.as_str()));
            }
            _ => {}
        }
    }
    // A date alone tells one call from no other of that day: who took part, when and how does.
    let is_bare = place.is_none() && kind.is_none() && date.is_some() && !others.is_empty();
    let parts: Vec<String> = if is_bare {
        others.push(matter.opener.clone());
        let who = reader.in_order(&others).into_iter().map(|who| who.label).collect::<Vec<_>>();
        let when = [date, clock].into_iter().flatten().collect::<Vec<_>>().join(" ");
        [Some(who.join(" · ")), Some(when), how].into_iter().flatten().collect()
    } else {
        [place, date, kind].into_iter().flatten().collect()
    };
    (!parts.is_empty()).then(|| reader.texts.series(&parts))
}

/// A strand by what it is of: `South, p1`; nothing where a matter has but one.
pub(crate) fn strand(reader: Reader<'_>, matter: &Matter, name: &StrandName) -> String {
    strand_of(reader, &matter.procedure, name)
}

/// The same, of a matter that may not be there yet.
pub(crate) fn strand_of(reader: Reader<'_>, procedure: &Procedure, name: &StrandName) -> String {
    if procedure.strands.is_empty() {
        return String::new();
    }
    let part = |text: &str| match ParticipantId::new(text) {
        Some(who) if reader.instrument().participants.contains_key(&who) => reader.who(&who).label,
        _ => text.to_owned(),
    };
    reader.texts.series(&name.as_str().split(':').map(part).collect::<Vec<_>>())
}

/// A field of a matter, for its page.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Held {
    pub(crate) field: String,
    /// Whose value it is: one life's, or the whole matter's.
    pub(crate) strand: Option<String>,
    #[serde(skip)]
    pub(crate) name: String,
    pub(crate) value: String,
    /// Whether its letters and digits are never broken or turned: a grid reference, a reference, a time.
    #[serde(skip)]
    pub(crate) is_fixed: bool,
}

/// How many characters may stand on one line everywhere, without a break.
const LINE: usize = 32;

impl Held {
    /// How it is set, if it is read out sign by sign: a place never breaks, a hash does where the line ends.
    pub(crate) fn class(&self) -> &'static str {
        let is_hash = self.value.split(' ').any(|part| part.len() > LINE);
        if is_hash { "mono" } else { "grid" }
    }
}

pub(crate) fn held(reader: Reader<'_>, matter: &Matter) -> Vec<Held> {
    let own = matter.strands.iter().flat_map(|(of, life)| {
        let of = strand(reader, matter, of);
        life.fields().iter().map(move |(name, value)| (Some(of.clone()), name, value))
    });
    let all = matter.common_fields().map(|(name, value)| (None, name, value)).chain(own);
    values(reader, &matter.procedure, all)
}

/// Values of fields of a procedure, each with whose it is.
pub(crate) fn values<'v>(
    reader: Reader<'_>,
    procedure: &Procedure,
    all: impl Iterator<Item = (Option<String>, &'v Code, &'v FieldValue)>,
) -> Vec<Held> {
    let each = all.map(|(strand, name, value)| Held {
        field: name.to_string(),
        strand,
        name: reader.word(procedure, name),
        value: in_words(reader, procedure, name, value),
        is_fixed: matches!(value, FieldValue::Place(_) | FieldValue::Window(_) | FieldValue::Annex(_)),
    });
    each.collect()
}

/// A value in words.
pub(crate) fn in_words(reader: Reader<'_>, procedure: &Procedure, name: &Code, value: &FieldValue) -> String {
    let one = |word: &Word| of_word(reader, procedure, name, word);
    match value {
        FieldValue::One(word) => one(word),
        FieldValue::Count(count) => count.to_string(),
        FieldValue::Several(words) => reader.texts.series(&words.iter().map(one).collect::<Vec<_>>()),
        FieldValue::Window(window) => {
            format!("{} – {}", When::of(reader, window.start).words(), When::of(reader, window.end).words())
        }
        FieldValue::Place(at) => {
            format!("{} ± {} m", mgrs::grouped(&mgrs::mgrs(at, mgrs::digits(at))), at.radius_m)
        }
        FieldValue::Annex(annex) => format!("SHA-256 {}", annex.sha256.to_hex()),
    }
}

fn of_word(reader: Reader<'_>, procedure: &Procedure, name: &Code, what: &Word) -> String {
    let matter = |id: &MatterRef| {
        let found = reader.replay.settlement().matter_lent(id);
        found.map_or_else(|| id.to_string(), |matter| matter.reference.to_string())
    };
    match what {
        Word::Code(code) => {
            match (procedure.fields.get(name).map(|field| &field.holds), ParticipantId::new(code.as_str())) {
                (Some(Holds::Participant(_)), Some(who)) => reader.who(&who).label,
                (Some(Holds::Codes(_)), _) => reader.word(procedure, code),
                _ => code.to_string(),
            }
        }
        Word::Instant(at) => When::of(reader, *at).words(),
        Word::Hash(hash) => matter(&MatterRef::Opened(ActId(*hash))),
        Word::Item(item) => match item.part {
            ItemPart::Matter(_) => matter(&MatterRef::ByStep(*item)),
            ItemPart::Exhibit(_) | ItemPart::Row(_) => {
                let found = reader.replay.settlement().exhibits().get(item);
                found.map_or_else(|| item.to_string(), |exhibit| exhibit.reference.to_string())
            }
        },
    }
}
