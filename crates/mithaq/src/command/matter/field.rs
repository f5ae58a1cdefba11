//! A field: what it takes, how it is asked for, how what is typed becomes its value.

use std::collections::{BTreeMap, BTreeSet};

use act::body::Tier;
use act::value::{AnnexRef, FieldValue, MatterRef, Window, Word};
use docket::v1::{Matter, Replay};
use instrument::Instrument;
use instrument::procedure::{Field, Holds};
use instrument::who::{Group, Set};
use place::coarsened;
use terms::{Code, Hash, Instant, ParticipantId};

use super::{named, participants};
use crate::ask::{Asker, Choice, chosen};
use crate::cli;
use crate::command::act::write::read_annex;
use crate::command::place::place;
use crate::failure::Failure;
use crate::resolve;
use crate::say::{self, label};
use crate::show::text::{bytes, number, safe};
use crate::show::time::{offset, utc};

/// What a value is chosen from: the register, the law, and what is known of the matter.
pub(crate) struct Givers<'a> {
    pub(crate) replay: &'a Replay,
    pub(crate) instrument: &'a Instrument,
    /// Who opens the matter, or opened it.
    pub(crate) opener: ParticipantId,
    /// Fields that name its lives: each may have one value for each of them.
    pub(crate) lives: BTreeSet<Code>,
    /// The kinds of provision that it can be under; all, if empty.
    pub(crate) under: BTreeSet<Code>,
    /// The matter itself, which no field of it names.
    pub(crate) itself: Option<MatterRef>,
    pub(crate) now: Instant,
    /// The values so far.
    pub(crate) fields: BTreeMap<Code, FieldValue>,
}

/// A value, and the text that it names if it names one.
pub(crate) type Given = (FieldValue, Option<Vec<u8>>);

/// How many matters are offered to choose from, the last ones; any other is named by its reference.
const MATTERS: usize = 9;

/// How much of a provision is shown to know it by, in characters.
const FIRST_WORDS: usize = 60;

impl Givers<'_> {
    /// Keeps a value in mind: later fields may rest on it.
    pub(crate) fn learn(&mut self, name: &Code, value: &FieldValue) {
        self.fields.insert(name.clone(), value.clone());
    }

    /// Who is in a set, as far as is known.
    pub(crate) fn members(&self, set: &Set) -> BTreeSet<ParticipantId> {
        match set {
            Set::Opener => BTreeSet::from([self.opener.clone()]),
            Set::Field(field) => participants(self.fields.get(field)).into_iter().collect(),
            set => self.instrument.members(set).into_iter().cloned().collect(),
        }
    }

    fn group(&self, group: Option<&Group>) -> BTreeSet<ParticipantId> {
        let Some(group) = group else { return self.instrument.participants.keys().cloned().collect() };
        let but = group.but.as_ref().map(|but| self.members(but)).unwrap_or_default();
        self.members(&group.set).into_iter().filter(|who| !but.contains(who)).collect()
    }

    /// The provisions that it can be under, of those that bind the bearer if there is one.
    fn provisions(&self) -> Vec<Choice> {
        let bearers =
            Code::new("bearer").map(|name| participants(self.fields.get(&name))).unwrap_or_default();
        let fits = |provision: &instrument::Provision| {
            (self.under.is_empty() || self.under.contains(&provision.kind))
                && bearers.iter().all(|bearer| provision.bearers.contains(bearer))
        };
        let all = self.instrument.provisions.iter().filter(|(_, provision)| fits(provision));
        all.map(|(name, provision)| {
            let words: String = provision.text.chars().take(FIRST_WORDS).collect();
            let cut = if words.len() < provision.text.len() { "…" } else { "" };
            Choice { word: name.to_string(), means: format!("“{}{cut}”", safe(&words)) }
        })
        .collect()
    }

    /// The matters that a field may name, the last first: none without prejudice, since nobody cites those.
    fn matters(&self, kind: Option<&Code>, states: &BTreeSet<Code>) -> Vec<Choice> {
        let fits = |matter: &&Matter| self.takes(matter, kind, states).is_ok();
        let all = self.replay.settlement().matters().values().rev().filter(fits).take(MATTERS);
        all.map(|matter| {
            let state = matter.strands.values().next().map(|life| life.state.to_string()).unwrap_or_default();
            Choice {
                word: matter.reference.to_string(),
                means: format!("{}, {state}, opened {}", matter.procedure.title, utc(matter.opened)),
            }
        })
        .collect()
    }

    fn takes(&self, matter: &Matter, kind: Option<&Code>, states: &BTreeSet<Code>) -> Result<(), String> {
        let reference = &matter.reference;
        if Some(matter.id) == self.itself {
            return Err("a matter does not name itself".to_owned());
        }
        if matter.tier == Tier::WithoutPrejudice {
            return Err(format!("{reference} is without prejudice: nobody cites it"));
        }
        if let Some(kind) = kind.filter(|kind| matter.kind != **kind) {
            return Err(format!("{reference} is no `{kind}`"));
        }
        if !states.is_empty() && !matter.strands.values().any(|life| states.contains(&life.state)) {
            let states: Vec<String> = states.iter().map(ToString::to_string).collect();
            return Err(format!("{reference} is not in {}", say::or(&states)));
        }
        Ok(())
    }

    /// The list that a value is chosen from; nothing where it is not chosen.
    fn choices(&self, field: &Field) -> Option<Vec<Choice>> {
        Some(match &field.holds {
            Holds::Codes(codes) => {
                codes.iter().map(|code| Choice { word: code.to_string(), means: String::new() }).collect()
            }
            Holds::Participant(group) => named(self.instrument, self.group(group.as_ref()).into_iter()),
            Holds::Provision => self.provisions(),
            Holds::Area => {
                let all = self.instrument.areas.iter();
                all.map(|(name, area)| Choice {
                    word: name.to_string(),
                    means: format!(
                        "in which {} is responsible under the instrument",
                        label(self.instrument, &area.participant)
                    ),
                })
                .collect()
            }
            Holds::Matter { kind, states } => self.matters(kind.as_ref(), states),
            Holds::Count | Holds::Instant | Holds::Window | Holds::Place | Holds::Text => return None,
        })
    }

    fn may_be_several(&self, name: &Code, field: &Field) -> bool {
        field.several || self.lives.contains(name)
    }

    /// In which zone a time is that says none.
    fn zone(&self) -> String {
        match self.instrument.calendar.zone_offset_minutes {
            0 => "in UTC".to_owned(),
            minutes => format!("in UTC{}, unless `UTC` stands behind it", offset(minutes)),
        }
    }
}

/// How a value is written, in a few words.
pub(crate) fn hint(givers: &Givers<'_>, name: &Code, field: &Field) -> String {
    let one = match &field.holds {
        Holds::Codes(_) | Holds::Participant(_) | Holds::Provision | Holds::Area => {
            let words: Vec<String> =
                givers.choices(field).unwrap_or_default().into_iter().map(|choice| choice.word).collect();
            if words.is_empty() { format!("nothing can be named as `{name}` yet") } else { say::or(&words) }
        }
        Holds::Count => "a number".to_owned(),
        Holds::Instant => format!("a time, as `2026-01-13 06:20`, {}; or `now`", givers.zone()),
        Holds::Window => {
            format!("two times, as `2026-01-13 06:00 to 2026-01-13 18:00`, {}", givers.zone())
        }
        Holds::Place => {
            "a place, as `34.5253, 69.1783 ± 500 m`, `34°31'31\"N 69°10'42\"E` or `42SWD16362041`".to_owned()
        }
        Holds::Text => "a file, which is in every copy of the register, in the clear".to_owned(),
        Holds::Matter { kind: Some(kind), .. } => format!("a matter of kind `{kind}`, by its reference"),
        Holds::Matter { kind: None, .. } => "a matter, by its reference".to_owned(),
    };
    if givers.may_be_several(name, field) { format!("{one}; several with commas between them") } else { one }
}

/// Asks for a value until one is understood; nothing, if it may be left out and is.
pub(crate) fn ask(
    asker: &Asker,
    givers: &Givers<'_>,
    name: &Code,
    field: &Field,
    needed: bool,
) -> Result<Option<Given>, Failure> {
    asker.say("");
    let choices = givers.choices(field);
    let may = if needed { "" } else { ". Enter leaves it out." };
    match &choices {
        Some(choices) if choices.is_empty() && !needed => return Ok(None),
        Some(choices) => {
            let several = if givers.may_be_several(name, field) { "; several with commas" } else { "" };
            let matter = matches!(field.holds, Holds::Matter { .. });
            let other = if matter { "; any other by its reference" } else { "" };
            asker.say(&format!("{name}, by number or word{several}{other}{may}"));
            asker.list(choices);
        }
        None => asker.say(&format!("{name}: {}{may}", hint(givers, name, field))),
    }
    let given = asker.until(name.as_str(), |typed| {
        if typed.is_empty() {
            return if needed { Err("it is needed".to_owned()) } else { Ok(None) };
        }
        read(givers, name, field, &numbers_read(typed, field, choices.as_deref())).map(Some)
    })?;
    if let Some((value, _)) = &given {
        for line in heard(givers, value) {
            asker.say(&format!("  {line}"));
        }
    }
    Ok(given)
}

/// What was typed, with the words of a list of matters for their numbers there: a number is an entry elsewhere.
fn numbers_read(typed: &str, field: &Field, choices: Option<&[Choice]>) -> String {
    let (Some(choices), Holds::Matter { .. }) = (choices, &field.holds) else { return typed.to_owned() };
    let word = |part: &str| {
        let place = part.trim().parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        place.and_then(|place| choices.get(place)).map_or(part, |choice| choice.word.as_str()).to_owned()
    };
    typed.split(',').map(word).collect::<Vec<_>>().join(",")
}

/// What was understood, where it is not simply what was typed.
fn heard(givers: &Givers<'_>, value: &FieldValue) -> Vec<String> {
    match value {
        FieldValue::Place(at) => {
            let coarse = number(givers.instrument.place.coarseness_m);
            vec![format!("written down to {coarse} m: {}", say::value::place(at))]
        }
        FieldValue::One(Word::Instant(at)) => vec![utc(*at)],
        FieldValue::Window(window) => vec![format!("{} to {}", utc(window.start), utc(window.end))],
        FieldValue::Annex(annex) => vec![format!("{}, SHA-256 {}", bytes(annex.size), annex.sha256.to_hex())],
        _ => Vec::new(),
    }
}

/// Reads a value.
///
/// # Errors
///
/// A sentence on what is wrong with it.
pub(crate) fn read(givers: &Givers<'_>, name: &Code, field: &Field, text: &str) -> Result<Given, String> {
    match &field.holds {
        Holds::Window => window(givers, text).map(|window| (FieldValue::Window(window), None)),
        Holds::Place => {
            let at = place(text).map_err(|failure| said(&failure))?;
            Ok((FieldValue::Place(coarsened(&at, givers.instrument.place.coarseness_m)), None))
        }
        Holds::Text => {
            let bytes = read_annex(std::path::Path::new(text)).map_err(|failure| said(&failure))?;
            if bytes.is_empty() {
                return Err("the file is empty".to_owned());
            }
            let named = AnnexRef { sha256: Hash::of(&bytes), size: bytes.len() as u64 };
            Ok((FieldValue::Annex(named), Some(bytes)))
        }
        Holds::Count if !field.several => {
            let count = text.parse::<u64>().map_err(|_| "a number is needed, as `3`".to_owned())?;
            Ok((FieldValue::Count(count), None))
        }
        _ if field.several || givers.may_be_several(name, field) && text.contains(',') => {
            let mut words = Vec::new();
            for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
                let word = word(givers, name, field, part)?;
                if words.contains(&word) {
                    return Err(format!("`{part}` is named twice"));
                }
                words.push(word);
            }
            if words.is_empty() {
                Err("one at least is needed".to_owned())
            } else {
                Ok((FieldValue::Several(words), None))
            }
        }
        _ => word(givers, name, field, text).map(|word| (FieldValue::One(word), None)),
    }
}

fn word(givers: &Givers<'_>, name: &Code, field: &Field, text: &str) -> Result<Word, String> {
    match &field.holds {
        Holds::Instant => instant(givers, text).map(Word::Instant),
        Holds::Count => {
            let number = text.parse::<u64>().ok().and_then(|number| Code::new(&number.to_string()));
            number.map(Word::Code).ok_or_else(|| "a number is needed, as `3`".to_owned())
        }
        Holds::Matter { kind, states } => {
            let key = resolve::matter(givers.replay, text).map_err(|failure| said(&failure))?;
            let matter = givers.replay.settlement().matters().get(&key);
            let matter = matter.ok_or_else(|| format!("`{text}` is no matter"))?;
            givers.takes(matter, kind.as_ref(), states)?;
            Ok(match matter.id {
                MatterRef::Opened(act) => Word::Hash(act.0),
                MatterRef::ByStep(item) => Word::Item(item),
            })
        }
        _ => {
            let choices = givers.choices(field).unwrap_or_default();
            if choices.is_empty() {
                return Err(hint(givers, name, field));
            }
            let place = chosen(text, &choices)?;
            Code::new(&choices[place].word).map(Word::Code).ok_or_else(|| format!("`{text}` is no code"))
        }
    }
}

/// A failure as a sentence: what is wrong, and the first advice.
fn said(failure: &Failure) -> String {
    match failure.help.first() {
        Some(help) => format!("{}; {help}", failure.message),
        None => failure.message.clone(),
    }
}

/// A time: in the instrument's zone, unless it says `UTC`, `Z` or another offset; or `now`.
fn instant(givers: &Givers<'_>, text: &str) -> Result<Instant, String> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("now") {
        return Ok(givers.now);
    }
    let unread = || format!("a time is needed, as `2026-01-13 06:20`, {}; or `now`", givers.zone());
    let upper = text.to_ascii_uppercase();
    let (written, minutes) = match upper.strip_suffix("UTC").or_else(|| upper.strip_suffix('Z')) {
        Some(rest) => (rest.trim_end().to_owned(), 0),
        None => match with_offset(&upper) {
            Some((rest, minutes)) => (rest.trim_end().to_owned(), minutes),
            None => (upper.clone(), givers.instrument.calendar.zone_offset_minutes),
        },
    };
    // Without a `T` and seconds, as people write it.
    let written = match written.split_once(' ') {
        None => match written.split_once('T') {
            Some((date, clock)) => format!("{date} {clock}"),
            None => return Err(unread()),
        },
        Some(_) => written,
    };
    let read = cli::time(&written).map_err(|_| unread())?;
    let shift = terms::Seconds(u64::from(minutes.unsigned_abs()) * 60);
    Ok(if minutes < 0 { read.plus(shift) } else { read.minus(shift) })
}

/// A time with an offset at its end, as `2026-01-13 06:20 +04:30`: the time, and the minutes.
fn with_offset(text: &str) -> Option<(&str, i32)> {
    let (rest, tail) = text.split_at_checked(text.len().checked_sub(6)?)?;
    let (sign, clock) = (tail.chars().next()?, tail.get(1..)?);
    let (hours, minutes) = clock.split_once(':')?;
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    if !(0..=14).contains(&hours) || !(0..60).contains(&minutes) || !rest.contains(':') {
        return None;
    }
    match sign {
        '+' => Some((rest, hours * 60 + minutes)),
        '-' => Some((rest, -(hours * 60 + minutes))),
        _ => None,
    }
}

/// Two times with `to` or `/` between them.
fn window(givers: &Givers<'_>, text: &str) -> Result<Window, String> {
    let ends = text.split_once(" to ").or_else(|| text.split_once('/'));
    let (start, end) = ends.ok_or_else(|| "two times are needed, with `to` between them".to_owned())?;
    let (start, end) = (instant(givers, start)?, instant(givers, end)?);
    if end < start { Err("it ends before it begins".to_owned()) } else { Ok(Window { start, end }) }
}
