//! Who and when, as people say it.

use instrument::Instrument;
use instrument::procedure::{ClockKind, Due, Edge, Moment, Phrase, Span};
use instrument::who::{Count, Deciders, Group, Item, Set};
use terms::{Code, ParticipantId, Seconds};

use crate::say::{and, labels, or};
use crate::show::text::number;

/// A code as a noun: `found-grade` is the found grade.
fn noun(code: &Code) -> String {
    format!("the {}", code.as_str().replace('-', " "))
}

/// Whether a field's name is said of somebody: bearer, owner, opener.
fn is_somebody(field: &Code) -> bool {
    ["er", "or"].iter().any(|end| field.as_str().ends_with(end))
}

/// Who does something, and whether that is several.
pub(super) struct Who {
    pub(super) says: String,
    pub(super) are_several: bool,
}

/// Those who decide, as a sentence begins with them or ends.
pub(super) fn deciders(instrument: &Instrument, deciders: &Deciders) -> Who {
    let each: Vec<Who> = deciders.0.iter().map(|one| item(instrument, one)).collect();
    let are_several = each.len() > 1 || each.iter().any(|one| one.are_several);
    let says: Vec<String> = each.into_iter().map(|one| one.says).collect();
    Who { says: and(&says), are_several }
}

fn item(instrument: &Instrument, item: &Item) -> Who {
    let but =
        item.of.but.as_ref().map(|but| format!(" other than {}", set(instrument, but))).unwrap_or_default();
    let (says, are_several) = match &item.of.set {
        Set::Participant(_) | Set::Opener | Set::Body(_) => of_one(instrument, item),
        Set::Field(field) => match (item.count, is_somebody(field)) {
            (Count::All, true) => (format!("all of {}", noun(field)), true),
            (Count::All, false) => (format!("all who are named as `{field}`"), true),
            (_, true) => (noun(field), false),
            (_, false) => (format!("whoever is named as `{field}`"), false),
        },
        group => of_role(instrument, item.count, group),
    };
    Who { says: says + &but, are_several }
}

fn of_one(instrument: &Instrument, item: &Item) -> (String, bool) {
    let of = set(instrument, &item.of.set);
    if !matches!(item.of.set, Set::Body(_)) {
        return (of, false);
    }
    match item.count {
        Count::Any => (format!("a member of {of}"), false),
        Count::All => (format!("all of {of}"), true),
        Count::Most => (format!("most of {of}"), true),
        Count::Number(n) => (format!("{n} of {of}"), n > 1),
        Count::Rule => (of, true),
        Count::Quorum => (format!("a quorum of {of}"), false),
        Count::Chair => (format!("the chair of {of}"), false),
    }
}

/// Those of a role by its own word, unless the instrument titles it otherwise or there is but one (PRACTICE N3).
fn of_role(instrument: &Instrument, count: Count, of: &Set) -> (String, bool) {
    let members: Vec<&ParticipantId> = instrument.members(of).into_iter().collect();
    let names = labels(instrument, members.iter().copied());
    let titled =
        members.iter().any(|who| instrument.participants.get(*who).is_some_and(|who| who.titled.is_some()));
    let by_name = titled && *of != Set::Everyone || members.len() == 1;
    let (one, several) = match of {
        Set::Parties => ("a party", "parties"),
        Set::Guarantors => ("a guarantor", "guarantors"),
        Set::Monitors => ("a monitor", "monitors"),
        Set::Observers => ("an observer", "observers"),
        _ => ("any participant", "participants"),
    };
    match count {
        Count::Any if by_name => (or(&names), false),
        Count::Any => (one.to_owned(), false),
        Count::All if by_name => (and(&names), names.len() > 1),
        Count::All if members.len() == 2 => (format!("both {several}"), true),
        Count::All => (format!("all {several}"), true),
        Count::Most => (format!("most {several}"), true),
        Count::Number(n) => (format!("{n} of the {several}"), n > 1),
        Count::Rule | Count::Quorum | Count::Chair => (format!("the {several}"), true),
    }
}

/// A set, as a whole.
pub(super) fn set(instrument: &Instrument, set: &Set) -> String {
    match set {
        Set::Participant(who) => labels(instrument, [who]).concat(),
        Set::Opener => "the one who opened it".to_owned(),
        Set::Field(name) if !is_somebody(name) => format!("whoever is named as `{name}`"),
        Set::Body(name) | Set::Field(name) => noun(name),
        Set::Everyone => "all participants".to_owned(),
        group => {
            let all = Item { count: Count::All, of: Group { set: group.clone(), but: None } };
            item(instrument, &all).says
        }
    }
}

/// `72 hours`, `1 day`.
pub(super) fn span(span: Span) -> String {
    let (n, one) = match span {
        Span::Minutes(n) => (n, "minute"),
        Span::Hours(n) => (n, "hour"),
        Span::Days(n) => (n, "day"),
    };
    format!("{} {one}{}", number(n), if n == 1 { "" } else { "s" })
}

/// A length in whole days from four days on, else in hours or minutes.
pub(super) fn long(length: Seconds) -> String {
    span(match length.0 {
        seconds if seconds % 86_400 == 0 && seconds >= 4 * 86_400 => Span::Days(seconds / 86_400),
        seconds if seconds % 3600 == 0 => Span::Hours(seconds / 3600),
        seconds => Span::Minutes(seconds.div_ceil(60)),
    })
}

fn moment(moment: &Moment) -> String {
    let field = noun(&moment.field);
    match moment.edge {
        None => format!("its `{}`", moment.field),
        Some(Edge::Start) => format!("the start of {field}"),
        Some(Edge::End) => format!("the end of {field}"),
    }
}

/// `within 72 hours of service`, `until the start of the window`.
pub(super) fn due(kind: ClockKind, due: &Due) -> String {
    match due {
        Due::Phrase(one) => phrase(kind, one),
        Due::By { field, codes, other } => {
            let mut each: Vec<String> = codes
                .iter()
                .map(|(code, one)| format!("{} if {} is {code}", phrase(kind, one), noun(field)))
                .collect();
            each.extend(other.as_ref().map(|one| format!("{} otherwise", phrase(kind, one))));
            each.join(", ")
        }
    }
}

fn phrase(kind: ClockKind, phrase: &Phrase) -> String {
    let by = match kind {
        ClockKind::Due => "by",
        ClockKind::Until => "until",
    };
    match (phrase, kind) {
        (Phrase::AfterService(of), ClockKind::Due) => format!("within {} of service", span(*of)),
        (Phrase::AfterService(of), ClockKind::Until) => format!("for {} from service", span(*of)),
        (Phrase::AfterFinality(of), ClockKind::Due) => {
            format!("within {} of when that is final on record", span(*of))
        }
        (Phrase::AfterFinality(of), ClockKind::Until) => {
            format!("for {} from when that is final on record", span(*of))
        }
        (Phrase::After(at, of), ClockKind::Due) => format!("within {} of {}", span(*of), moment(at)),
        (Phrase::After(at, of), ClockKind::Until) => format!("until {} after {}", span(*of), moment(at)),
        (Phrase::Before(at, of), _) => format!("{by} {} before {}", span(*of), moment(at)),
        (Phrase::At(at), _) => format!("{by} {}", moment(at)),
    }
}

/// When something comes by itself: `at the start of the window`.
pub(super) fn at(due: &Due) -> String {
    match due {
        Due::Phrase(Phrase::At(when)) => format!("at {}", moment(when)),
        other => self::due(ClockKind::Due, other),
    }
}
