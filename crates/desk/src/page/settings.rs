//! Who works here, and how they read the pages.

use std::collections::BTreeMap;

use askama::Template;
use lang::{Calendar, Digits, LANGUAGES, Language};
use serde::Serialize;
use store::Part;
use terms::Code;

use super::shell::{Shell, reader};
use crate::desk::Desk;
use crate::people::{ever_had_passkey, key, known};
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::Asked;

/// How close rows stand: nothing said is as the sheets have it.
pub(super) const DENSITIES: [&str; 2] = ["compact", "roomy"];
/// Paper by day or by night: nothing said is as the machine has it.
pub(super) const THEMES: [&str; 2] = ["light", "dark"];

/// Single keys lead somewhere, unless that was switched off (WCAG 2.1.4).
pub(super) const KEYS: [&str; 1] = ["off"];

/// The page's answer.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Settings {
    person: Option<String>,
    people: Vec<String>,
    language: &'static str,
    density: Option<&'static str>,
    theme: Option<&'static str>,
    calendar: &'static str,
    beside: Option<&'static str>,
    digits: &'static str,
    keys: Option<&'static str>,
    /// Minutes ahead of UTC, where somebody wants clocks of their own beside those of the instrument.
    zone: Option<i32>,
}

impl Settings {
    fn is(&self, one: &str) -> bool {
        self.person.as_deref() == Some(one)
    }
}

#[derive(Template)]
#[template(path = "settings.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a Settings,
    note: Option<String>,
    zone: String,
    languages: Vec<(&'static str, &'static str)>,
    /// Each with the message that names it.
    calendars: Vec<(&'static str, &'static str)>,
    /// Each with how its numbers look.
    digits: Vec<(&'static str, String)>,
    may_access: bool,
}

/// One of some words, if it was set and is one.
pub(super) fn one_of<const N: usize>(
    settings: &BTreeMap<String, String>,
    name: &str,
    of: [&'static str; N],
) -> Option<&'static str> {
    let set = settings.get(name)?;
    of.into_iter().find(|known| known == set)
}

/// Somebody's own zone, if it was set.
pub(super) fn own_zone(settings: &BTreeMap<String, String>) -> Option<i32> {
    settings.get("zone")?.parse().ok()
}

pub(crate) fn show(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let manner = reader.texts.manner();
    let data = Settings {
        person: asked.person.as_ref().map(ToString::to_string),
        people: known(desk, &held)?.iter().map(ToString::to_string).collect(),
        language: asked.language.tag,
        density: one_of(&asked.settings, "density", DENSITIES),
        theme: one_of(&asked.settings, "theme", THEMES),
        calendar: manner.main.as_str(),
        beside: manner.beside.map(Calendar::as_str),
        digits: manner.digits.as_str(),
        keys: one_of(&asked.settings, "keys", KEYS),
        zone: own_zone(&asked.settings),
    };
    either(asked, &data, || {
        let shell = Shell::of(reader, asked, reader.texts.say("settings", &[]));
        let id = match asked.query("note") {
            Some("who") => Some("settings-who-first"),
            Some("label") => Some("settings-no-label"),
            Some("passkey") => Some("settings-passkey"),
            Some("zone") => Some("settings-no-zone"),
            Some("saved") => Some("settings-saved"),
            _ => None,
        };
        let note = id.map(|id| reader.texts.say(id, &[]));
        let zone = data.zone.map(written).unwrap_or_default();
        let languages = LANGUAGES.iter().map(|language| (language.tag, language.name)).collect();
        let calendars = Calendar::ALL.map(|calendar| (calendar.as_str(), named(calendar))).to_vec();
        let digits = Digits::ALL.map(|digits| (digits.as_str(), digits.number(1_234_567_890))).to_vec();
        Page {
            shell,
            data: &data,
            note,
            zone,
            languages,
            calendars,
            digits,
            may_access: reader.may.see(Part::Access),
        }
        .render()
    })
}

pub(crate) fn change(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let here = format!("/{}/settings", desk.agreement());
    let Some(session) = asked.session.as_deref() else { return Err(Sorry::SignInFirst) };
    if asked.sent("go") == Some("who") {
        // A new label, or else one of the list.
        let label = asked.sent("new").or_else(|| asked.sent("who")).unwrap_or_default().trim().to_lowercase();
        let Some(person) = Code::new(&label) else { return Ok(Answer::See(format!("{here}?note=label"))) };
        // Who has a passkey signs in with it, and says nobody else's name; a name whose passkey is over is nobody's.
        if asked.proved.is_some() || ever_had_passkey(desk, &person) {
            return Ok(Answer::See(format!("{here}?note=passkey")));
        }
        desk.private.remember(&person, desk.now())?;
        let settings = desk.private.settings(person.as_str())?;
        desk.people.works(session, person);
        let language = settings.get("language").and_then(|tag| Language::of(tag)).unwrap_or(asked.language);
        return Ok(Answer::See(format!("{here}?note=saved&lang={}", language.tag)));
    }
    let language = asked.sent("language").and_then(Language::of).unwrap_or(asked.language);
    let mut settings = BTreeMap::from([("language".to_owned(), language.tag.to_owned())]);
    let set = |name: &str, known: Option<&'static str>| known.map(|word| (name.to_owned(), word.to_owned()));
    for name in ["calendar", "beside"] {
        settings.extend(set(name, asked.sent(name).and_then(Calendar::of).map(Calendar::as_str)));
    }
    settings.extend(set("digits", asked.sent("digits").and_then(Digits::of).map(Digits::as_str)));
    for (name, of) in [("density", &DENSITIES[..]), ("theme", &THEMES), ("keys", &KEYS)] {
        let value = asked.sent(name).filter(|value| of.contains(value));
        settings.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    }
    if let Some(zone) = asked.sent("zone").map(str::trim).filter(|zone| !zone.is_empty()) {
        let Some(minutes) = minutes(zone) else { return Ok(Answer::See(format!("{here}?note=zone"))) };
        settings.insert("zone".to_owned(), minutes.to_string());
    }
    desk.private.set(key(asked), &settings)?;
    Ok(Answer::See(format!("{here}?note=saved&lang={}", language.tag)))
}

/// The message that names a calendar.
const fn named(calendar: Calendar) -> &'static str {
    match calendar {
        Calendar::Gregorian => "calendar-gregorian",
        Calendar::Solar => "calendar-solar",
        Calendar::Lunar => "calendar-lunar",
    }
}

/// `+04:30`, for the field that it is read from.
fn written(minutes: i32) -> String {
    let sign = if minutes < 0 { '-' } else { '+' };
    let size = minutes.unsigned_abs();
    format!("{sign}{:02}:{:02}", size / 60, size % 60)
}

/// Minutes ahead of UTC: of `+04:30`, `-5`, `UTC+5`.
fn minutes(text: &str) -> Option<i32> {
    let text = crate::writing::plain_digits(text).to_ascii_uppercase();
    let text = text.strip_prefix("UTC").unwrap_or(&text).trim();
    let (sign, rest) = match text.strip_prefix(['-', '−']) {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (hours, minutes) = rest.split_once(':').unwrap_or((rest, "0"));
    let (hours, minutes): (u8, u8) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 14 && minutes < 60).then(|| sign * (i32::from(hours) * 60 + i32::from(minutes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_read_as_people_write_it() {
        for (text, is) in
            [("+04:30", 270), ("-5", -300), ("UTC+5", 300), ("۴:۳۰", 270), ("0", 0), ("−3:30", -210)]
        {
            assert_eq!(minutes(text), Some(is), "{text}");
            assert_eq!(minutes(&written(is)), Some(is), "{text}");
        }
        for no in ["", "x", "+15", "4:60", "4:3:2", "--4", "999999999999"] {
            assert_eq!(minutes(no), None, "{no}");
        }
    }
}
