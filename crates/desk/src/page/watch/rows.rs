//! The rows of the log: what was written, and what came on the record, as they happened.

use std::collections::{BTreeMap, BTreeSet};

use docket::view::matter_of;
use lang::Texts;
use serde::Serialize;
use store::watch::Span;
use store::{Line, Shift};
use terms::{Code, Instant, Reference, Seconds};

use super::{Shown, kind_words};
use crate::page::find;
use crate::page::sheet::table;
use crate::web::answer::Sorry;
use crate::web::asked::Asked;
use crate::words::event::says;
use crate::words::matter::Named;
use crate::words::when::{LAST, When, time_or_day};
use crate::words::{Reader, sentence};

/// How many lines, and how many of the last events, are looked through at once: what is earlier is asked for by its time.
const LINES_MAX: u32 = 20_000;
const EVENTS_MAX: usize = 5_000;

/// Which rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum View {
    /// Since the watch that goes on began, and what is new before that.
    Shift,
    /// Of the last 24 hours.
    Day,
    All,
}

impl View {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            View::Shift => "shift",
            View::Day => "day",
            View::All => "all",
        }
    }
}

/// What the address lets through.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Filter {
    pub(crate) view: View,
    kind: Option<Code>,
    since: Option<Instant>,
    until: Option<Instant>,
    /// Words that are in it.
    words: Option<String>,
    #[serde(skip)]
    typed: Vec<(&'static str, String)>,
    #[serde(skip)]
    span: (Option<Instant>, Option<Instant>),
}

impl Filter {
    pub(super) fn read(
        reader: Reader<'_>,
        asked: &Asked,
        shift: Option<&Shift>,
        seen: Instant,
    ) -> Result<Filter, Sorry> {
        let day = reader.now.minus(Seconds::hours(24));
        let (view, begins) = match (asked.query("view"), shift) {
            (Some("all"), _) => (View::All, None),
            (Some("day"), _) => (View::Day, Some(day)),
            // Who takes the watch reads what was written before, as far as it is new to them.
            (_, Some(shift)) => (View::Shift, Some(whole_minute(shift.begun.min(seen)))),
            (_, None) => (View::Day, Some(day)),
        };
        let mut typed = Vec::new();
        let mut text = |name: &'static str| {
            let text = asked.query(name).map(str::trim).filter(|text| !text.is_empty())?;
            typed.push((name, text.to_owned()));
            Some(text)
        };
        let bad = |text: &str| Sorry::NoFilter(text.to_owned());
        let kind = text("kind").map(|text| Code::new(text).ok_or_else(|| bad(text))).transpose()?;
        let time = |text: &str, after| time_or_day(text, reader.offset(), after).ok_or_else(|| bad(text));
        let since = text("since").map(|text| time(text, Seconds(0))).transpose()?;
        let until = text("until").map(|text| time(text, LAST)).transpose()?;
        let words = text("words").map(str::to_lowercase);
        let span = (since.max(begins), until);
        Ok(Filter { view, kind, since, until, words, typed, span })
    }

    pub(super) fn address(&self, path: &str, more: &[(&str, &str)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let typed = self.typed.iter().map(|(name, text)| (*name, text.as_str()));
        query.extend_pairs(typed).extend_pairs(more);
        format!("{path}?{}", query.finish())
    }

    pub(super) fn typed(&self, name: &str) -> &str {
        self.typed.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| text)
    }

    pub(super) fn is_open(&self) -> bool {
        self.typed.is_empty()
    }

    fn lets(&self, row: &Row) -> bool {
        let said = |words: &String| {
            let all = [&row.says, &row.reference, &row.by];
            all.iter().any(|text| text.to_lowercase().contains(words.as_str()))
        };
        self.kind.as_ref().is_none_or(|kind| row.kind == kind.as_str())
            && self.words.as_ref().is_none_or(said)
    }
}

/// A time that is typed is of a whole minute.
fn whole_minute(at: Instant) -> Instant {
    at.minus(Seconds(at.secs() % 60))
}

/// A row.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Row {
    /// The page of it, where it was written here.
    pub(super) href: Option<String>,
    pub(super) at: When,
    /// When it was written, if that was later.
    pub(super) written: Option<When>,
    pub(super) kind: String,
    #[serde(skip)]
    pub(super) kind_words: String,
    pub(super) says: String,
    /// As it was typed.
    pub(super) reference: String,
    pub(super) matter: Option<Named>,
    /// Who wrote it; empty, if that was not said.
    pub(super) by: String,
    pub(super) struck: Option<Struck>,
    pub(super) is_correction: bool,
    /// Where the drafts are that were begun with it.
    pub(super) drafts: Vec<String>,
    pub(super) is_new: bool,
}

/// That it holds no more.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Struck {
    pub(super) at: When,
    pub(super) by: String,
    pub(super) why: String,
}

impl Row {
    pub(super) fn of(reader: Reader<'_>, line: &Line, (seen, me): (Instant, Option<&Code>)) -> Row {
        let root = format!("/{}", reader.agreement);
        let by = |by: &Option<Code>| by.as_ref().map(ToString::to_string).unwrap_or_default();
        let is_late = line.written.since(line.at) >= Seconds(60) || line.at > line.written;
        Row {
            href: Some(format!("{root}/watch/{}", line.id)),
            at: When::of(reader, line.at),
            written: is_late.then(|| When::of(reader, line.written)),
            kind_words: kind_words(reader, line.kind.as_str()),
            kind: line.kind.to_string(),
            says: line.says.clone(),
            reference: line.reference.clone(),
            matter: None,
            by: by(&line.by),
            struck: line.struck.as_ref().map(|struck| Struck {
                at: When::of(reader, struck.at),
                by: by(&struck.by),
                why: struck.why.clone(),
            }),
            is_correction: line.corrects.is_some(),
            drafts: line.drafts.iter().map(|draft| format!("{root}/unsigned/{draft}")).collect(),
            // What somebody wrote themselves is not new to them.
            is_new: line.written > seen && (me.is_none() || line.by.as_ref() != me),
        }
    }
}

/// Finds the matters that rows name, of those that are shown: each reference once.
pub(super) fn find_matters(reader: Reader<'_>, rows: &mut [Row]) {
    let named = |row: &Row| Reference::parse(&row.reference.to_uppercase());
    let wanted: BTreeSet<Reference> = rows.iter().filter_map(named).collect();
    let one = |reference: &Reference| {
        let (_, matter) = find(reader.replay, reader.index, reference)?;
        Some((reference.clone(), Named::of(reader, matter)))
    };
    let found: BTreeMap<Reference, Named> = wanted.iter().filter_map(one).collect();
    for row in rows {
        row.matter = named(row).and_then(|reference| found.get(&reference).cloned());
    }
}

/// Rows, and since when they are all that there are, if there are earlier ones.
pub(super) struct Rows {
    pub(super) rows: Vec<Row>,
    pub(super) cut: Option<Cut>,
}

/// Where they end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cut {
    /// Since when these are all.
    pub(super) since: Instant,
    /// Up to when the next are asked for.
    pub(super) until: Instant,
}

/// All of them, the last first.
pub(super) fn all(
    (desk, held): Shown<'_>,
    reader: Reader<'_>,
    filter: &Filter,
    seen: (Instant, Option<&Code>),
) -> Result<Rows, Sorry> {
    let (since, until) = filter.span;
    let logged = desk.private.logged(Span { since, until }, LINES_MAX)?;
    let mut cut =
        logged.lines.last().filter(|_| logged.is_cut).map(|line| Cut { since: line.at, until: line.at });
    let mut rows: Vec<Row> = logged.lines.iter().map(|line| Row::of(reader, line, seen)).collect();
    let mut happened = held.happened().back(since, until).peekable();
    let mut looked: Vec<_> = happened.by_ref().take(EVENTS_MAX).collect();
    let last = looked.last().map(|event| event.at);
    // All of one second, however many they are: what is earlier is asked for from the second before.
    looked.extend(std::iter::from_fn(|| happened.next_if(|event| Some(event.at) == last)));
    if happened.next().is_some() {
        cut = cut.max(last.map(|since| Cut { since, until: since.minus(Seconds(1)) }));
    }
    for event in looked {
        let matter = matter_of(&event.what).and_then(|id| reader.replay.settlement().matter(id));
        let Some((_, matter)) = matter else { continue };
        let Some(says) = says(reader, matter, &event.what) else { continue };
        rows.push(Row {
            href: None,
            at: When::of(reader, event.at),
            written: None,
            kind: "record".to_owned(),
            kind_words: kind_words(reader, "record"),
            says: sentence(&says),
            reference: matter.reference.to_string(),
            matter: None,
            by: String::new(),
            struck: None,
            is_correction: false,
            drafts: Vec::new(),
            is_new: event.at > seen.0,
        });
    }
    // Stable: of one time, the one that was written last stands first.
    rows.sort_by_key(|row| std::cmp::Reverse(row.at.at));
    rows.retain(|row| filter.lets(row) && cut.is_none_or(|cut| row.at.at >= cut.since));
    Ok(Rows { rows, cut })
}

/// The columns: what the reader's language calls each, and its stable word.
const COLUMNS: [(&str, &str); 9] = [
    ("col-time", "at"),
    ("watch-written", "written"),
    ("col-kind", "kind"),
    ("watch-says", "text"),
    ("col-by", "by"),
    ("col-reference", "reference"),
    ("watch-struck", "struck"),
    ("watch-struck-by", "struck-by"),
    ("watch-why", "why"),
];

/// For a spreadsheet; where there is more, its last row says so, and how it is asked for.
pub(super) fn sheet(texts: &Texts, Rows { rows, cut }: &Rows) -> Result<String, Sorry> {
    let cells = |row: &Row| {
        let struck = row.struck.as_ref();
        [
            row.at.at.to_string(),
            row.written.as_ref().unwrap_or(&row.at).at.to_string(),
            row.kind.clone(),
            row.says.clone(),
            row.by.clone(),
            row.reference.clone(),
            struck.map(|struck| struck.at.at.to_string()).unwrap_or_default(),
            struck.map(|struck| struck.by.clone()).unwrap_or_default(),
            struck.map(|struck| struck.why.clone()).unwrap_or_default(),
        ]
    };
    let more = cut.map(|cut| {
        let mut cells: [String; COLUMNS.len()] = Default::default();
        cells[0] = cut.since.to_string();
        cells[2] = "cut".to_owned();
        cells[3] = format!("until={}", cut.until);
        cells
    });
    table(texts, COLUMNS, rows.iter().map(cells).chain(more))
}
