//! An instrument as it runs, written down: each procedure with what comes from the library and what the instrument
//! changes, as TOML that is read to the same instrument.
//!
//! A procedure that is `like` one of the library keeps `like` and `without`, so that it stays what it is, and has every
//! other key spelled out over them. Comments of the file are not kept.

mod procedure;

use std::collections::BTreeSet;
use std::fmt::Display;

use terms::{Code, Instant, Seconds};
use toml::de::{DeTable, DeValue};
use toml_writer::TomlStringBuilder;

use crate::model::{Authentic, Basis, Calendar, Instrument};
use crate::place::{LineFile, PlaceRules};
use crate::read::NOTICE_ALONE;
use crate::rules::{Quota, TierRules};
use crate::who::{Count, Deciders, Rule};

/// Writes an instrument that was read from `text`.
///
/// In a procedure that is like one of the library, `# own` stands beside each key that `text` has; the others are the
/// library's.
#[must_use]
pub fn write(instrument: &Instrument, text: &str) -> String {
    let mut out = Writer::new(text);
    out.head(instrument);
    out.who(instrument);
    out.agreed(instrument);
    out.places(instrument);
    out.calendar(&instrument.calendar, instrument.basis);
    out.rules(instrument);
    let before = out.lines.len();
    for name in instrument.procedures.keys() {
        out.procedure(name, instrument);
    }
    if out.alone {
        // Named, it would no longer be an agreement that names none.
        let said = out.lines.split_off(before);
        out.lines.push_str("\n# No procedure is named, so this one runs, and no other:\n#");
        out.lines.push_str(said.trim_end().replace('\n', "\n# ").replace("# \n", "#\n").as_str());
        out.lines.push('\n');
    }
    for (kind, states) in &instrument.transitions {
        out.table(&format!("transition.{kind}"));
        for (old, new) in states {
            out.key(old, quoted(new));
        }
    }
    out.lines
}

/// Writes one procedure of an instrument that was read from `text`; nothing, if there is none of that name.
#[must_use]
pub fn write_procedure(instrument: &Instrument, kind: &Code, text: &str) -> String {
    let mut out = Writer::new(text);
    out.procedure(kind, instrument);
    out.lines
}

/// A text as TOML has it, in quotation marks.
#[must_use]
pub fn quoted(text: impl Display) -> String {
    let mut written = String::new();
    let text = text.to_string();
    // Writing to a string does not fail.
    let _ = toml_writer::TomlWrite::value(&mut written, TomlStringBuilder::new(&text).as_default());
    written
}

fn list(items: impl IntoIterator<Item = impl Display>) -> String {
    let items: Vec<String> = items.into_iter().map(quoted).collect();
    format!("[{}]", items.join(", "))
}

fn inline(entries: impl IntoIterator<Item = (impl Display, String)>) -> String {
    let entries: Vec<String> =
        entries.into_iter().map(|(key, value)| format!("{} = {value}", bare(key))).collect();
    if entries.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", entries.join(", ")) }
}

/// A key: names that people choose need no quotation marks.
fn bare(key: impl Display) -> String {
    let key = key.to_string();
    let plain = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if plain { key } else { quoted(key) }
}

/// One item as a text, several as a list.
fn deciders(who: &Deciders) -> String {
    match who.0.as_slice() {
        [one] => quoted(one),
        several => list(several),
    }
}

/// `7d`, `72h`, `10min`: in days from the fifth on, as people say it.
pub(crate) fn length(length: Seconds) -> String {
    match length.0 {
        s if s > 4 * 86_400 && s % 86_400 == 0 => format!("{}d", s / 86_400),
        s if s % 3_600 == 0 => format!("{}h", s / 3_600),
        s => format!("{}min", s / 60),
    }
}

struct Writer {
    lines: String,
    /// The paths that the file itself has.
    own: BTreeSet<String>,
    /// Whether the file names no procedure.
    alone: bool,
    /// What each procedure of the file leaves out of the library's.
    without: Vec<(String, Vec<String>)>,
    /// The table that is written.
    table: String,
    /// Whether to say what is the file's own.
    marks: bool,
}

impl Writer {
    fn new(text: &str) -> Writer {
        let (document, _) = DeTable::parse_recoverable(text);
        let mut own = BTreeSet::new();
        paths("", document.get_ref(), &mut own);
        let alone = !document.get_ref().contains_key("procedure");
        let notice = DeTable::parse_recoverable(NOTICE_ALONE).0;
        let without = left_out(if alone { notice.get_ref() } else { document.get_ref() });
        Writer { lines: String::new(), own, alone, without, table: String::new(), marks: false }
    }

    fn table(&mut self, name: &str) {
        if !self.lines.is_empty() {
            self.lines.push('\n');
        }
        self.lines.push_str(&format!("[{name}]\n"));
        name.clone_into(&mut self.table);
    }

    fn is_own(&self, key: &str) -> bool {
        self.own.contains(&format!("{}.{key}", self.table))
    }

    fn key(&mut self, key: impl Display, value: String) {
        let key = key.to_string();
        let mark = if self.marks && self.is_own(&key) { "  # own" } else { "" };
        self.lines.push_str(&format!("{} = {value}{mark}\n", bare(&key)));
    }

    /// A key that need not be written where it says what silence says too: it is if the file does, as it may stand
    /// against the library's.
    fn key_if(&mut self, said: bool, key: &str, value: String) {
        if said || self.is_own(key) {
            self.key(key, value);
        }
    }

    fn basis(&mut self, basis: Basis, above: Basis) {
        self.key_if(basis != above, "basis", quoted(basis));
    }

    fn head(&mut self, it: &Instrument) {
        self.table("instrument");
        self.key("name", quoted(&it.name));
        self.key_if(it.exercise, "exercise", it.exercise.to_string());
        self.key("languages", list(&it.languages));
        self.key(
            "authentic",
            match &it.authentic {
                Authentic::Known(languages) => list(languages),
                Authentic::NotKnown => quoted("not known"),
            },
        );
        self.key("order", quoted(it.order.as_str()));
        for (key, value) in [("standing", &it.standing), ("says", &it.says)] {
            if let Some(value) = value {
                self.key(key, quoted(value));
            }
        }
        self.key("basis", quoted(it.basis));
    }

    fn who(&mut self, it: &Instrument) {
        for (id, who) in &it.participants {
            self.table(&format!("participant.{id}"));
            self.key("role", quoted(who.role.as_str()));
            if let Some(titled) = &who.titled {
                self.key("titled", quoted(titled));
            }
            let names = &who.names;
            let names =
                [("own", Some(&names.own)), ("text", names.text.as_ref()), ("label", Some(&names.label))];
            let given = names.into_iter().filter_map(|(key, name)| Some((key, quoted(name?))));
            self.key("names", inline(given));
            if !who.labels.is_empty() {
                self.key("labels", inline(who.labels.iter().map(|(tag, label)| (tag, quoted(label)))));
            }
            self.basis(who.basis, it.basis);
        }
        for (name, body) in &it.bodies {
            self.table(&format!("body.{name}"));
            self.key("members", list(&body.members));
            if let Some(chair) = &body.chair {
                self.key("chair", quoted(chair));
            }
            let decides = match &body.decides {
                Rule::Members(Count::Most) => quoted("most"),
                Rule::Members(Count::Number(number)) => quoted(number),
                // No other count is read here.
                Rule::Members(_) => quoted("all"),
                Rule::Items(items) => deciders(items),
            };
            self.key("decides", decides);
            if let Some(quorum) = &body.quorum {
                self.key("quorum", deciders(quorum));
            }
            self.basis(body.basis, it.basis);
        }
        for (name, group) in &it.excluded {
            self.table(&format!("excluded.{name}"));
            let list_name = group.names.list.as_ref().map(|name| ("list", quoted(name)));
            self.key("names", inline([("text", quoted(&group.names.text))].into_iter().chain(list_name)));
            if !group.aliases.is_empty() {
                self.key("aliases", list(&group.aliases));
            }
            self.basis(group.basis, it.basis);
        }
        if let Some(transcription) = &it.transcription {
            self.table("transcription");
            self.key("by", quoted(&transcription.by));
            self.key("for", list(&transcription.on_behalf_of));
        }
    }

    fn agreed(&mut self, it: &Instrument) {
        for (name, provision) in &it.provisions {
            self.table(&format!("provision.{name}"));
            self.key("kind", quoted(&provision.kind));
            self.key("bearers", list(&provision.bearers));
            self.key("text", quoted(&provision.text));
            if !provision.texts.is_empty() {
                self.key("texts", inline(provision.texts.iter().map(|(tag, text)| (tag, quoted(text)))));
            }
            self.basis(provision.basis, it.basis);
            self.key_if(provision.not_invoked, "not_invoked", provision.not_invoked.to_string());
        }
    }

    fn places(&mut self, it: &Instrument) {
        for (name, line) in &it.lines {
            self.table(&format!("line.{name}"));
            self.key("source", quoted(&line.source));
            self.key("edition", quoted(&line.edition));
            let (key, hash) = match line.file {
                LineFile::Annex(hash) => ("annex", hash),
                LineFile::Elsewhere(hash) => ("hash", hash),
            };
            self.key(key, quoted(hash.to_hex()));
            self.key("precision", line.precision_m.to_string());
            self.key_if(line.reach_m != PlaceRules::REACH_M, "reach", line.reach_m.to_string());
            if !line.labels.is_empty() {
                self.key("label", inline(line.labels.iter().map(|(who, label)| (who, quoted(label)))));
            }
            self.basis(line.basis, it.basis);
        }
        for (name, area) in &it.areas {
            self.table(&format!("area.{name}"));
            self.key("participant", quoted(&area.participant));
            self.key("side", inline(area.sides.iter().map(|(line, side)| (line, quoted(side)))));
            self.basis(area.basis, it.basis);
        }
        if it.place != PlaceRules::default() {
            self.table("place");
            self.key("coarseness", it.place.coarseness_m.to_string());
            if !it.place.disclaimer.is_empty() {
                let texts = it.place.disclaimer.iter().map(|(language, text)| (language, quoted(text)));
                self.key("disclaimer", inline(texts));
            }
        }
    }

    fn calendar(&mut self, calendar: &Calendar, above: Basis) {
        self.table("calendar");
        self.key("zone", quoted(offset(calendar.zone_offset_minutes)));
        self.key("deemed", quoted(length(calendar.deemed)));
        self.key("heartbeat", quoted(length(calendar.heartbeat)));
        self.key("carriage", quoted(length(calendar.carriage)));
        self.key("tolerance", quoted(length(calendar.tolerance)));
        self.key("cosign-delay", quoted(length(calendar.cosign_delay)));
        if !calendar.holidays.is_empty() {
            let days =
                calendar.holidays.iter().map(|(who, days)| (who, list(days.iter().map(|&day| date(day)))));
            self.key("holidays", inline(days));
        }
        self.basis(calendar.basis, above);
    }

    fn rules(&mut self, it: &Instrument) {
        let relief = &it.relief;
        let bounded = |by: &Deciders, most: Seconds| [("by", deciders(by)), ("most", quoted(length(most)))];
        let extend = relief.extend.as_ref().map(|extend| {
            let times = ("times", extend.times.to_string());
            ("extend", inline(bounded(&extend.by, extend.most).into_iter().chain([times])))
        });
        let suspend = relief.suspend.as_ref().map(|(by, most)| ("suspend", inline(bounded(by, *most))));
        let cut = relief.cut.as_ref().map(|(by, most)| ("cut", inline(bounded(by, *most))));
        let set_aside = relief.set_aside.as_ref().map(|by| ("set-aside", inline([("by", deciders(by))])));
        let who = |key, who: &Option<Deciders>| who.as_ref().map(|who| (key, deciders(who)));
        let exhibits = &it.exhibits;
        for (table, keys) in [
            ("relief", vec![extend, suspend, cut, set_aside]),
            (
                "exhibits",
                vec![
                    who("arbiter", &exhibits.arbiter),
                    who("hold", &exhibits.hold),
                    who("destroy", &exhibits.destroy),
                ],
            ),
        ] {
            let keys: Vec<_> = keys.into_iter().flatten().collect();
            if !keys.is_empty() {
                self.table(table);
            }
            for (key, value) in keys {
                self.key(key, value);
            }
        }
        if it.quota != Quota::default() {
            self.table("quota");
            self.key("acts", it.quota.acts.to_string());
            self.key("bytes", it.quota.bytes.to_string());
        }
        if it.tiers != TierRules::default() {
            self.table("tiers");
            self.key("erasure", it.tiers.erasure_days.to_string());
        }
        if !it.custody.0.is_empty() {
            self.table("custody");
            for (what, custody) in &it.custody.0 {
                self.key(what, quoted(custody.as_str()));
            }
        }
    }
}

/// What each procedure of a file leaves out of the library's.
fn left_out(document: &DeTable<'_>) -> Vec<(String, Vec<String>)> {
    let Some(DeValue::Table(all)) = document.get("procedure").map(|value| value.get_ref()) else {
        return Vec::new();
    };
    let of = |procedure: &DeValue<'_>| {
        let DeValue::Table(procedure) = procedure else { return None };
        let DeValue::Array(gone) = procedure.get("without")?.get_ref() else { return None };
        let path = |path: &DeValue<'_>| match path {
            DeValue::String(path) => Some(path.to_string()),
            _ => None,
        };
        Some(gone.iter().filter_map(|value| path(value.get_ref())).collect())
    };
    all.iter().filter_map(|(name, value)| Some((name.get_ref().to_string(), of(value.get_ref())?))).collect()
}

/// Minutes ahead of UTC as `+05:00`.
pub(crate) fn offset(minutes: i32) -> String {
    let sign = if minutes < 0 { '-' } else { '+' };
    let minutes = minutes.unsigned_abs();
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// A day since 1970-01-01 as `2026-05-01`.
pub(crate) fn date(day: u64) -> String {
    let (year, month, day) = Instant::from_secs(day.saturating_mul(86_400)).map_or((0, 0, 0), Instant::date);
    format!("{year:04}-{month:02}-{day:02}")
}

fn paths(path: &str, table: &DeTable<'_>, all: &mut BTreeSet<String>) {
    for (key, value) in table {
        let path =
            if path.is_empty() { key.get_ref().to_string() } else { format!("{path}.{}", key.get_ref()) };
        if let DeValue::Table(inner) = value.get_ref() {
            paths(&path, inner, all);
        }
        all.insert(path);
    }
}
