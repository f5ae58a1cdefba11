//! Who decides and until when, in a reader's language.

use docket::v1::matter::alone;
use instrument::Procedure;
use instrument::procedure::{Clock, ClockKind, Due, Edge, Moment, Phrase, Span};
use instrument::who::{Count, Deciders, Item, Set};
use lang::Arg;
use serde::Serialize;
use terms::Code;

use super::Reader;

/// What it takes to decide; to programs as an instrument writes it.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct Takes {
    pub(crate) by: String,
    #[serde(skip)]
    pub(crate) words: String,
}

/// What it takes to decide, where one alone does not.
pub(crate) fn takes(reader: Reader<'_>, procedure: Option<&Procedure>, by: &Deciders) -> Option<Takes> {
    if alone(by).is_some() {
        return None;
    }
    let words = reader.texts.say("takes", &[("by", Arg::Text(&deciders(reader, procedure, by)))]);
    Some(Takes { by: by.to_string(), words })
}

/// Who decides: `all of parties other than bearer`.
pub(crate) fn deciders(reader: Reader<'_>, procedure: Option<&Procedure>, by: &Deciders) -> String {
    let mut parts = by.0.iter().map(|item| one(reader, procedure, item));
    let first = parts.next().unwrap_or_default();
    parts.fold(first, |first, second| {
        reader.texts.say("who-and", &[("first", Arg::Text(&first)), ("second", Arg::Text(&second))])
    })
}

fn one(reader: Reader<'_>, procedure: Option<&Procedure>, item: &Item) -> String {
    let of = so_many(reader, item, set(reader, procedure, &item.of.set));
    match &item.of.but {
        Some(but) => {
            let but = set(reader, procedure, but);
            reader.texts.say("who-other-than", &[("set", Arg::Text(&of)), ("but", Arg::Text(&but))])
        }
        None => of,
    }
}

fn so_many(reader: Reader<'_>, item: &Item, of: String) -> String {
    let id = match item.count {
        // A bare set means any of it; a bare body means by its own rule.
        Count::Any if !matches!(item.of.set, Set::Body(_)) => return of,
        Count::Rule => return of,
        Count::Any => "who-any-of",
        Count::All => "who-all-of",
        Count::Most => "who-most-of",
        Count::Number(number) => {
            let args = [("n", Arg::Number(u64::from(number))), ("set", Arg::Text(&of))];
            return reader.texts.say("who-number-of", &args);
        }
        Count::Quorum => "who-quorum-of",
        Count::Chair => "who-chair-of",
    };
    reader.texts.say(id, &[("set", Arg::Text(&of))])
}

fn set(reader: Reader<'_>, procedure: Option<&Procedure>, set: &Set) -> String {
    let id = match set {
        Set::Everyone => "who-everyone",
        Set::Parties => "who-parties",
        Set::Guarantors => "who-guarantors",
        Set::Monitors => "who-monitors",
        Set::Observers => "who-observers",
        Set::Opener => "who-opener",
        Set::Participant(id) => return reader.who(id).label,
        Set::Body(name) => return reader.body_within(name),
        Set::Field(name) => return reader.word_within(procedure, name),
    };
    reader.texts.say(id, &[])
}

/// Until when a step is taken: `72 h after service`.
pub(crate) fn due(reader: Reader<'_>, procedure: &Procedure, clock: &Clock) -> String {
    match &clock.due {
        Due::Phrase(then) => phrase(reader, procedure, then),
        Due::By { field, codes, other } => {
            let mut cases: Vec<String> = codes
                .iter()
                .map(|(code, then)| {
                    let (code, then) = (named(reader, procedure, code), phrase(reader, procedure, then));
                    reader.texts.say("when-case", &[("code", Arg::Text(&code)), ("when", Arg::Text(&then))])
                })
                .collect();
            cases.extend(other.as_ref().map(|then| {
                let then = phrase(reader, procedure, then);
                reader.texts.say("when-otherwise", &[("when", Arg::Text(&then))])
            }));
            let (field, cases) = (named(reader, procedure, field), reader.texts.series(&cases));
            reader.texts.say("when-by", &[("field", Arg::Text(&field)), ("cases", Arg::Text(&cases))])
        }
    }
}

fn named(reader: Reader<'_>, procedure: &Procedure, code: &Code) -> String {
    reader.word_within(Some(procedure), code)
}

fn phrase(reader: Reader<'_>, procedure: &Procedure, phrase: &Phrase) -> String {
    let (id, of, span) = match phrase {
        Phrase::AfterService(span) => ("when-after-service", None, Some(span)),
        Phrase::AfterFinality(span) => ("when-after-finality", None, Some(span)),
        Phrase::After(of, span) => ("when-after", Some(of), Some(span)),
        Phrase::Before(of, span) => ("when-before", Some(of), Some(span)),
        Phrase::At(of) => ("when-at", Some(of), None),
    };
    let of = of.map(|of| moment(reader, procedure, of)).unwrap_or_default();
    let length = span.map(|span| self::span(reader, *span)).unwrap_or_default();
    reader.texts.say(id, &[("moment", Arg::Text(&of)), ("length", Arg::Text(&length))])
}

fn moment(reader: Reader<'_>, procedure: &Procedure, of: &Moment) -> String {
    let field = named(reader, procedure, &of.field);
    let id = match of.edge {
        None => return field,
        Some(Edge::Start) => "moment-start",
        Some(Edge::End) => "moment-end",
    };
    reader.texts.say(id, &[("field", Arg::Text(&field))])
}

/// A length as it is agreed: hours are exact, and days end at midnight, so that the one is never said as the other.
fn span(reader: Reader<'_>, span: Span) -> String {
    let (id, number) = match span {
        Span::Minutes(number) => ("minutes", number),
        Span::Hours(number) => ("hours", number),
        Span::Days(number) => ("days", number),
    };
    reader.texts.say(id, &[("n", Arg::Number(number))])
}

/// By whom, and until when: `by bearer, due 72 h after service`.
pub(crate) fn by_whom(
    reader: Reader<'_>,
    procedure: &Procedure,
    by: &Deciders,
    clock: Option<&Clock>,
) -> String {
    let who = deciders(reader, Some(procedure), by);
    let Some(clock) = clock else { return reader.texts.say("by-whom", &[("who", Arg::Text(&who))]) };
    let id = match clock.kind {
        ClockKind::Due => "by-whom-due",
        ClockKind::Until => "by-whom-until",
    };
    let when = due(reader, procedure, clock);
    reader.texts.say(id, &[("who", Arg::Text(&who)), ("when", Arg::Text(&when))])
}
