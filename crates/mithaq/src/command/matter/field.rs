//! A field: how it is asked for, and how what is typed becomes its value.

use act::value::{FieldValue, Word};
use instrument::procedure::{Field, Holds};
use node::form::{Form, One, Wrong};
use terms::{Code, Instant};

use crate::ask::{Asker, Choice, chosen};
use crate::command::act::write::read_annex;
use crate::failure::Failure;
use crate::resolve;
use crate::say::{self, label};
use crate::show::text::{bytes, number, safe};
use crate::show::time::{local, offset, relative, utc};

/// A value, and the text that it names if it names one.
pub(crate) type Given = (FieldValue, Option<Vec<u8>>);

/// How many matters are offered to choose from, the last ones; any other is named by its reference.
const MATTERS: usize = 9;

/// How much of a provision is shown to know it by, in characters.
const FIRST_WORDS: usize = 60;

/// The list that a value is chosen from, as it is shown; nothing where it is not chosen.
fn choices(form: &Form<'_>, field: &Field) -> Option<Vec<Choice>> {
    let all = form.choices(field, MATTERS)?;
    Some(all.iter().map(|one| Choice { word: one.word(), means: means(form, one) }).collect())
}

fn means(form: &Form<'_>, one: &One<'_>) -> String {
    match one {
        One::Code(_) => String::new(),
        One::Participant(who) => {
            let known = form.instrument.participants.get(who);
            let title = known.map(|known| known.title().to_owned()).unwrap_or_default();
            format!("{}, {title}", label(form.instrument, who))
        }
        One::Provision(_, provision) => {
            let words: String = provision.text.chars().take(FIRST_WORDS).collect();
            let cut = if words.len() < provision.text.len() { "…" } else { "" };
            format!("“{}{cut}”", safe(&words))
        }
        One::Area(_, who) => {
            format!("in which {} is responsible under the instrument", label(form.instrument, who))
        }
        One::Matter(matter) => {
            let state = matter.strands.values().next().map(|life| life.state.to_string()).unwrap_or_default();
            format!("{}, {state}, opened {}", matter.procedure.title, utc(matter.opened))
        }
    }
}

/// In which zone a time is that says none.
fn zone(form: &Form<'_>) -> String {
    match form.instrument.calendar.zone_offset_minutes {
        0 => "in UTC".to_owned(),
        minutes => {
            format!("in UTC{}, unless `UTC` or an offset, as `+05:00`, stands behind it", offset(minutes))
        }
    }
}

/// How a value is written, in a few words.
pub(crate) fn hint(form: &Form<'_>, name: &Code, field: &Field) -> String {
    let one = match &field.holds {
        Holds::Codes(_) | Holds::Participant(_) | Holds::Provision | Holds::Area => {
            let words: Vec<String> =
                choices(form, field).unwrap_or_default().into_iter().map(|choice| choice.word).collect();
            if words.is_empty() { format!("nothing can be named as `{name}` yet") } else { say::or(&words) }
        }
        Holds::Count => "a number".to_owned(),
        Holds::Instant => format!("a time, as `2026-01-13 06:20`, {}; or `now`", zone(form)),
        Holds::Window => {
            format!("two times, as `2026-01-13 06:00 to 2026-01-13 18:00`, {}", zone(form))
        }
        Holds::Place => {
            "a place, as `34.5253, 69.1783 ± 500 m`, `34°31'31\"N 69°10'42\"E` or `42SWD16362041`".to_owned()
        }
        Holds::Text => "a file, which is in every copy of the register, in the clear".to_owned(),
        Holds::Matter { kind: Some(kind), .. } => format!("a matter of kind `{kind}`, by its reference"),
        Holds::Matter { kind: None, .. } => "a matter, by its reference".to_owned(),
    };
    if form.may_be_several(name, field) { format!("{one}; several with commas between them") } else { one }
}

/// Asks for a value until one is understood; nothing, if it may be left out and is.
pub(crate) fn ask(
    asker: &Asker,
    form: &Form<'_>,
    name: &Code,
    field: &Field,
    needed: bool,
) -> Result<Option<Given>, Failure> {
    asker.say("");
    let listed = choices(form, field);
    let may = if needed { "" } else { ". Enter leaves it out." };
    match &listed {
        Some(choices) if choices.is_empty() && !needed => return Ok(None),
        Some(choices) => {
            let several = if form.may_be_several(name, field) { "; several with commas" } else { "" };
            let matter = matches!(field.holds, Holds::Matter { .. });
            let other = if matter { "; any other by its reference" } else { "" };
            asker.say(&format!("{name}, by number or word{several}{other}{may}"));
            asker.list(choices);
        }
        None => asker.say(&format!("{name}: {}{may}", hint(form, name, field))),
    }
    let given = asker.until(name.as_str(), |typed| {
        if typed.is_empty() {
            return if needed { Err("it is needed".to_owned()) } else { Ok(None) };
        }
        read(form, name, field, &numbers_read(typed, field, listed.as_deref())).map(Some)
    })?;
    if let Some((value, _)) = &given {
        for line in heard(form, value, listed.is_some()) {
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
fn heard(form: &Form<'_>, value: &FieldValue, is_chosen: bool) -> Vec<String> {
    let time = |at: Instant| {
        let local = match form.instrument.calendar.zone_offset_minutes {
            0 => String::new(),
            minutes => format!(", {}", local(at, minutes)),
        };
        format!("{}{local}: {}", utc(at), relative(at, form.now))
    };
    match value {
        _ if is_chosen => vec![say::value::value(form.replay, None, value)],
        FieldValue::Place(at) => {
            let coarse = number(form.instrument.place.coarseness_m);
            vec![format!("written down to {coarse} m: {}", say::value::place(at))]
        }
        FieldValue::One(Word::Instant(at)) => vec![time(*at)],
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
pub(crate) fn read(form: &Form<'_>, name: &Code, field: &Field, text: &str) -> Result<Given, String> {
    let value = |parts: &[&str]| {
        form.read(name, field, parts)
            .map_err(|wrong| why(form, (name, field), wrong))
            .map(|value| (value, None))
    };
    match &field.holds {
        Holds::Window => {
            let ends = text.split_once(" to ").or_else(|| text.split_once('/'));
            let (start, end) =
                ends.ok_or_else(|| "two times are needed, with `to` between them".to_owned())?;
            value(&[start.trim(), end.trim()])
        }
        Holds::Text => {
            let bytes = read_annex(std::path::Path::new(text)).map_err(|failure| said(&failure))?;
            if bytes.is_empty() {
                return Err("the file is empty".to_owned());
            }
            Ok((node::form::annex(&bytes), Some(bytes)))
        }
        _ if form.may_be_several(name, field) => {
            let parts: Vec<&str> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
            no_count(form, field, &parts)?;
            let words =
                parts.into_iter().map(|part| word(form, field, part)).collect::<Result<Vec<_>, _>>()?;
            if words.is_empty() {
                return Err("one at least is needed".to_owned());
            }
            value(&words.iter().map(String::as_str).collect::<Vec<_>>())
        }
        _ => value(&[&word(form, field, text)?]),
    }
}

/// That no number stands among words of a list: `civilians, 2` is two of them to whoever types it.
fn no_count(form: &Form<'_>, field: &Field, parts: &[&str]) -> Result<(), String> {
    let Some(listed) = choices(form, field).filter(|_| !matches!(field.holds, Holds::Matter { .. })) else {
        return Ok(());
    };
    let is_number =
        |part: &&&str| part.parse::<usize>().is_ok() && !listed.iter().any(|choice| choice.word == **part);
    let number = parts.iter().find(is_number);
    let mixed = number.filter(|_| !parts.iter().all(|part| is_number(&part)));
    mixed.map_or(Ok(()), |number| {
        Err(format!("`{number}` among words looks like a count, and no count is asked here; words alone, or numbers alone"))
    })
}

/// What was typed, as it is read: a number of a list, or a guess at a word of it, is its word; an entry, the act that
/// opened its matter.
fn word(form: &Form<'_>, field: &Field, text: &str) -> Result<String, String> {
    match &field.holds {
        Holds::Matter { .. } => {
            let key = resolve::matter(form.replay, text).map_err(|failure| said(&failure))?;
            let matter = form.replay.settlement().matters().get(&key);
            matter.map(|matter| matter.id.to_string()).ok_or_else(|| format!("`{text}` is no matter"))
        }
        _ => match choices(form, field) {
            Some(listed) if !listed.is_empty() => {
                let place =
                    chosen(text, &listed).map_err(|why| of_another_kind(form, field, text).unwrap_or(why))?;
                Ok(listed[place].word.clone())
            }
            _ => Ok(text.to_owned()),
        },
    }
}

/// What is said of a provision that there is, and that matters of this kind are not under.
fn of_another_kind(form: &Form<'_>, field: &Field, text: &str) -> Option<String> {
    let name = Code::new(text).filter(|_| field.holds == Holds::Provision)?;
    let kind = &form.instrument.provisions.get(&name)?.kind;
    Some(format!("`{name}` is of the kind `{kind}`, and no matter of this kind is under such a provision"))
}

/// Why it is no value, as a sentence.
fn why(form: &Form<'_>, (name, field): (&Code, &Field), wrong: Wrong) -> String {
    match wrong {
        Wrong::Needed | Wrong::Parts => "it is needed".to_owned(),
        Wrong::Twice(text) => format!("`{text}` is named twice"),
        Wrong::NotListed(text) => format!("`{text}` is not in the list"),
        Wrong::NothingYet => hint(form, name, field),
        Wrong::Count(_) => "a number is needed, as `3`".to_owned(),
        Wrong::Time(_) => format!("a time is needed, as `2026-01-13 06:20`, {}; or `now`", zone(form)),
        Wrong::EndsFirst => "it ends before it begins".to_owned(),
        Wrong::Place(unreadable) => format!("{}; {}", safe(&unreadable.to_string()), unreadable.help()),
        Wrong::Long => "an annex has at most 64 MiB".to_owned(),
        Wrong::NoMatter(text) => format!("`{text}` is no matter"),
        Wrong::Itself => "a matter does not name itself".to_owned(),
        Wrong::NotCitable(reference) => format!("{reference} is without prejudice: nobody cites it"),
        Wrong::OtherKind(reference, kind) => format!("{reference} is no `{kind}`"),
        Wrong::OtherState(reference, states) => {
            let states: Vec<String> = states.iter().map(ToString::to_string).collect();
            format!("{reference} is not in {}", say::or(&states))
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
