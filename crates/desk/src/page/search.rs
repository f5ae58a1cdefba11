//! Where is it: what somebody says, types or pastes is looked for in the record as far as it is open, and in what this
//! participant keeps beside it. A whole reference leads to what has it.

use std::collections::BTreeSet;

use act::value::File;
use askama::Template;
use docket::v1::MatterKey;
use instrument::folding::fold;
use lang::content::{direction, own_name};
use serde::Serialize;
use store::memo::Circle;
use store::task::Which;
use store::watch::Span;
use store::{Part, State};
use terms::{Item, Reference};

use super::shell::{Shell, reader};
use super::{path, unsigned};
use crate::desk::{Desk, Held};
use crate::evidence;
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::{Asked, Form};
use crate::words::Reader;
use crate::words::matter::{Named, held as fields_of};
use crate::words::when::When;

/// How many finds of each sort are shown.
const SHOWN_MAX: usize = 40;

/// How many matters are looked through by what they are called, those that moved last.
const MATTERS_MAX: usize = 1_000;

/// How many files that this participant was given are looked at for texts, the last ones filed.
const FILES_MAX: u64 = 100;

/// How many lines of the watch log are looked through, the last ones.
const LINES_MAX: u32 = 2_000;

/// How many words stand before the first that was found, and in all.
const BEFORE: usize = 6;
const SHOWN_WORDS: usize = 30;

/// How many characters are shown at most.
const SHOWN_CHARACTERS: usize = 300;

/// The page's answer.
#[derive(Default, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Finds {
    asked: String,
    /// In the record, as far as it is open to this participant.
    record: Vec<Hit>,
    /// In what this participant keeps for itself.
    own: Vec<Hit>,
    /// Whether more was found of a sort than is shown.
    is_cut: bool,
    /// How much was looked through of what has no end: matters by what they are called, files that came sealed and the texts
    /// among them, and lines of the watch log.
    looked: Looked,
}

#[derive(Default, Serialize)]
struct Looked {
    matters: u64,
    files: u64,
    texts: u64,
    lines: u64,
}

/// Something that was found.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Hit {
    /// What it is: a stable word, and the same as people read it.
    is: &'static str,
    #[serde(skip)]
    kind: String,
    reference: Option<String>,
    what: String,
    /// In which language, where that is known.
    lang: Option<String>,
    time: Option<When>,
    href: String,
}

impl Hit {
    /// Its language, by its own name.
    fn tongue(&self) -> Option<&str> {
        self.lang.as_deref().map(own_name)
    }

    fn dir(&self) -> &'static str {
        self.lang.as_deref().map_or("auto", |tag| direction(tag).as_str())
    }
}

#[derive(Template)]
#[template(path = "search.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a Finds,
    answer: String,
    limits: String,
}

pub(crate) fn show(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let text = asked.query("q").unwrap_or_default().trim();
    let held = desk.held();
    if asked.form == Form::Page
        && let Some(there) = has_reference(desk, &held, text)
    {
        return Ok(Answer::See(there));
    }
    let reader = reader(desk, &held, asked);
    let wanted = Wanted::of(text);
    let mut finds = Finds { asked: text.to_owned(), ..Finds::default() };
    if !wanted.words.is_empty() {
        in_record(desk, &held, reader, &wanted, &mut finds)?;
        beside_it(desk, reader, &wanted, &mut finds)?;
    }
    either(asked, &finds, || {
        let title = match text {
            "" => reader.texts.say("search-title", &[]),
            text => reader.texts.say("search-for", &[("text", text.into())]),
        };
        let all = (finds.record.len() + finds.own.len()) as u64;
        let looked = [
            ("matters", finds.looked.matters.into()),
            ("files", finds.looked.files.into()),
            ("texts", finds.looked.texts.into()),
            ("lines", finds.looked.lines.into()),
        ];
        let limits = reader.texts.say("search-limits", &looked);
        let answer = match (text, all) {
            ("", _) => reader.texts.say("search-how", &[]),
            (_, 0) => reader.texts.say("search-none", &[]),
            _ => reader.texts.say("search-found", &[("n", all.into())]),
        };
        Page { shell: Shell::of(reader, asked, title), answer, limits, data: &finds }.render()
    })
}

/// Where what has this reference stands.
fn has_reference(desk: &Desk, held: &Held, text: &str) -> Option<String> {
    let reference = Reference::parse(&text.to_uppercase())?;
    let mut exhibits = held.replay().settlement().exhibits().values();
    if exhibits.any(|exhibit| exhibit.reference == reference) {
        return Some(format!("/{}/evidence/{reference}", desk.agreement()));
    }
    let (_, matter) = held.find(&reference)?;
    Some(format!("/{}/{}/{reference}", desk.agreement(), path::of_kind(&matter.kind)))
}

/// What is looked for: each of the words, compared as names are everywhere; and the text as a part of a reference.
pub(super) struct Wanted {
    words: Vec<String>,
    part: Option<String>,
    text: String,
}

impl Wanted {
    pub(super) fn of(text: &str) -> Wanted {
        let folded = fold(text);
        let part = text.to_uppercase();
        let is_part = part.len() >= 3
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && part.bytes().any(|byte| byte.is_ascii_digit() || byte == b'-');
        Wanted {
            words: folded.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect(),
            part: is_part.then_some(part),
            text: text.to_owned(),
        }
    }

    pub(super) fn is_in(&self, text: &str) -> bool {
        let folded = fold(text);
        self.words.iter().all(|word| folded.contains(word.as_str()))
    }

    /// What stands around the first of the words that is in a text.
    fn around(&self, text: &str) -> String {
        let all: Vec<&str> = text.split_whitespace().collect();
        let is_wanted = |word: &&str| {
            let folded = fold(word);
            self.words.iter().any(|wanted| folded.contains(wanted.as_str()))
        };
        let from = all.iter().position(is_wanted).unwrap_or(0).saturating_sub(BEFORE);
        let to = all.len().min(from + SHOWN_WORDS);
        let before = if from > 0 { "… " } else { "" };
        let behind = if to < all.len() { " …" } else { "" };
        let shown = all[from..to].join(" ");
        match shown.char_indices().nth(SHOWN_CHARACTERS) {
            Some((end, _)) => format!("{before}{} …", &shown[..end]),
            None => format!("{before}{shown}{behind}"),
        }
    }
}

/// Keeps no more of a sort than is shown.
fn cut(hits: &mut Vec<Hit>, more: impl Iterator<Item = Hit>) -> bool {
    let mut more = more;
    hits.extend(more.by_ref().take(SHOWN_MAX));
    more.next().is_some()
}

fn in_record(
    desk: &Desk,
    held: &Held,
    reader: Reader<'_>,
    wanted: &Wanted,
    finds: &mut Finds,
) -> Result<(), Sorry> {
    let Finds { record, is_cut, looked, .. } = finds;
    let newest = reader.index.newest(MATTERS_MAX);
    looked.matters = newest.len() as u64;
    let by_reference: Vec<MatterKey> =
        wanted.part.iter().flat_map(|part| reader.index.referring(part, SHOWN_MAX + 1)).collect();
    let referred: BTreeSet<MatterKey> = by_reference.iter().copied().collect();
    let called = newest.into_iter().filter(|key| !referred.contains(key));
    let named = called.filter_map(|key| matter(reader, key, Some(wanted)));
    let referred = by_reference.iter().filter_map(|key| matter(reader, *key, None));
    *is_cut |= cut(record, referred.chain(named));
    let instrument = reader.instrument();
    let clauses = instrument.provisions.iter().flat_map(|(id, provision)| {
        let base = super::agreement::language_of(&instrument.languages, provision);
        let all = provision.texts.iter().filter(|(tag, _)| **tag != base);
        let texts = std::iter::once((base.clone(), &provision.text))
            .chain(all.map(|(tag, text)| (tag.clone(), text)));
        let texts: Vec<_> = texts.filter(|(_, text)| wanted.is_in(text)).collect();
        texts.into_iter().map(move |(tag, text)| Hit {
            is: "clause",
            kind: reader.texts.say("agreement", &[]),
            reference: Some(format!("¶ {id}")),
            what: wanted.around(text),
            lang: Some(tag),
            time: None,
            href: format!("/{}/agreement#{id}", reader.agreement),
        })
    });
    *is_cut |= cut(record, clauses);
    let hits = exhibits((desk, held), reader, wanted, looked)?;
    *is_cut |= cut(record, hits.into_iter());
    let names = desk.gazetteer.names();
    let places = names.find(&wanted.text, SHOWN_MAX + 1).into_iter().map(|place| {
        let called = place.names.iter().map(|name| name.name.clone()).collect::<Vec<_>>();
        let first = place.name_in(reader.texts.language().tag).to_owned();
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", &first).finish();
        Hit {
            is: "place",
            kind: reader.texts.say("search-place", &[]),
            reference: None,
            what: reader.texts.series(&called),
            lang: None,
            time: None,
            href: format!("/{}/map/places?{query}", reader.agreement),
        }
    });
    *is_cut |= cut(record, places);
    Ok(())
}

/// A matter, if it is found by what it is called and what stands in its open fields; or without any question.
fn matter(reader: Reader<'_>, key: MatterKey, wanted: Option<&Wanted>) -> Option<Hit> {
    let matter = reader.replay.settlement().matters().lend(&key)?;
    let named = Named::of(reader, &matter);
    let kind = reader.title(&matter.procedure);
    let is_wanted = |wanted: &Wanted| {
        let fields = fields_of(reader, &matter);
        let values = fields.iter().map(|held| held.value.as_str());
        let opener = reader.who(&matter.opener).label;
        let all = [named.title.as_str(), kind.as_str(), opener.as_str()].into_iter().chain(values);
        wanted.is_in(&all.collect::<Vec<_>>().join(" "))
    };
    if !wanted.is_none_or(is_wanted) {
        return None;
    }
    let since = matter.strands.values().map(|life| life.since).max();
    Some(Hit {
        is: "matter",
        kind,
        reference: Some(named.reference),
        what: named.title,
        lang: None,
        time: since.map(|at| When::of(reader, at)),
        href: named.href,
    })
}

/// Exhibits, by a part of their reference and by the words of the texts among the last files that this participant was given.
fn exhibits(
    (desk, held): (&Desk, &Held),
    reader: Reader<'_>,
    wanted: &Wanted,
    looked: &mut Looked,
) -> Result<Vec<Hit>, Sorry> {
    let settlement = reader.replay.settlement();
    let mut newest: Vec<_> = settlement.exhibits().iter().collect();
    newest.sort_by_key(|(item, exhibit)| (std::cmp::Reverse(exhibit.offered), **item));
    let mut hits = Vec::new();
    for (item, exhibit) in newest {
        if hits.len() > SHOWN_MAX {
            break;
        }
        let reference = exhibit.reference.to_string();
        let is_named = wanted.part.as_ref().is_some_and(|part| reference.contains(part.as_str()));
        let is_ours = exhibit.granted.contains_key(held.me())
            && !exhibit.destroyed.contains_key(held.me())
            && !exhibit.withdrawn
            && !exhibit.disowned;
        let mut words = None;
        if !is_named && is_ours && looked.files < FILES_MAX {
            words = text(desk, held, item)?;
            looked.files += 1;
            looked.texts += u64::from(words.is_some());
        }
        let words = words.filter(|words| wanted.is_in(words));
        if !is_named && words.is_none() {
            continue;
        }
        let matter = exhibit.matter.and_then(|key| settlement.matters().lend(&key));
        let title = matter.map(|matter| {
            let named = Named::of(reader, &matter);
            format!("{} · {}", named.reference, named.title)
        });
        hits.push(Hit {
            is: if words.is_some() { "words" } else { "exhibit" },
            kind: reader.texts.say(if words.is_some() { "search-words" } else { "evidence" }, &[]),
            what: words.map(|words| wanted.around(&words)).or(title).unwrap_or_default(),
            lang: None,
            time: Some(When::of(reader, exhibit.offered)),
            href: format!("/{}/evidence/{reference}", reader.agreement),
            reference: Some(reference),
        });
    }
    Ok(hits)
}

/// The words of an exhibit, if it is a text that this participant can open. They are not kept: there is no index of them that
/// would have to be erased with it.
fn text(desk: &Desk, held: &Held, item: &Item) -> Result<Option<String>, Sorry> {
    let Some(exhibit) = held.replay().settlement().exhibits().get(item) else { return Ok(None) };
    let Some(found) = evidence::of(desk, held, item, exhibit)? else { return Ok(None) };
    // Whether it was given with the act that filed it, or later.
    let file = File { grants: found.grants, ..found.file };
    Ok(desk.opener.words(&exhibit.filer, &file))
}

/// In what this participant keeps for itself, as far as whoever reads this may see it.
fn beside_it(desk: &Desk, reader: Reader<'_>, wanted: &Wanted, finds: &mut Finds) -> Result<(), Sorry> {
    let Finds { own, is_cut, looked, .. } = finds;
    let private = &desk.private;
    let root = format!("/{}", reader.agreement);
    let say = |id: &str| reader.texts.say(id, &[]);
    let hit =
        |is, kind, what: String, time, href| Hit { is, kind, reference: None, what, lang: None, time, href };
    if reader.may.see(Part::Drafts) {
        let drafts = private.drafts()?.into_iter().filter(|draft| draft.state == State::Open);
        let hits = drafts.filter_map(|draft| {
            let typed = draft.typed.values().flatten().map(String::as_str).collect::<Vec<_>>().join(" ");
            let what = format!("{}: {}", unsigned::what(reader, &draft.about), wanted.around(&typed));
            let time = Some(When::of(reader, draft.touched));
            let href = format!("{root}/unsigned/{}", draft.id);
            wanted.is_in(&typed).then(|| hit("draft", say("unsigned"), what, time, href))
        });
        *is_cut |= cut(own, hits);
    }
    if reader.may.see(Part::Watch) {
        let logged = private.logged(Span::default(), LINES_MAX)?;
        looked.lines = logged.lines.len() as u64;
        // What was struck is read in the log, with what stands for it.
        let lines = logged.lines.into_iter().filter(|line| line.struck.is_none() && wanted.is_in(&line.says));
        *is_cut |= cut(
            own,
            lines.map(|line| {
                let (time, href) = (When::of(reader, line.at), format!("{root}/watch/{}", line.id));
                hit("watch", say("watch"), wanted.around(&line.says), Some(time), href)
            }),
        );
    }
    if reader.may.see(Part::Tasks) {
        let tasks = private.tasks(Which::All)?.into_iter().filter(|task| wanted.is_in(&task.says));
        *is_cut |= cut(
            own,
            tasks.map(|task| {
                let (time, href) = (When::of(reader, task.made), format!("{root}/worklist/{}", task.id));
                hit("task", say("worklist"), wanted.around(&task.says), Some(time), href)
            }),
        );
    }
    let circles = [
        (Part::Notes, Circle::Internal, "note", "notes", "notes"),
        (Part::GoodOffices, Circle::GoodOffices, "good-offices", "good-offices", "offices"),
    ];
    for (part, circle, is, path, words) in circles {
        if reader.may.see(part) {
            let memos = private.memos(circle, None)?.into_iter().filter(|memo| wanted.is_in(&memo.says));
            *is_cut |= cut(
                own,
                memos.map(|memo| {
                    let (time, href) = (When::of(reader, memo.at), format!("{root}/{path}#{}", memo.id));
                    hit(is, say(words), wanted.around(&memo.says), Some(time), href)
                }),
            );
        }
    }
    if reader.may.see(Part::Directory) {
        let posts = private.posts()?.into_iter().filter_map(|(post, _)| {
            let whose = post.participant.as_ref().map(|who| reader.who(who).label).unwrap_or_default();
            let numbers = post.numbers.iter().map(|(_, number)| number.as_str());
            let all = [&whose, &post.office, &post.role, &post.person, &post.languages, &post.note];
            let all = all.into_iter().map(String::as_str).chain(numbers).collect::<Vec<_>>().join(" ");
            let shown =
                [whose.as_str(), &post.office, &post.role].into_iter().filter(|part| !part.is_empty());
            let shown = shown.map(str::to_owned).collect::<Vec<_>>();
            let href = format!("{root}/directory/{}", post.id);
            let time = Some(When::of(reader, post.changed));
            wanted.is_in(&all).then(|| hit("post", say("directory"), reader.texts.series(&shown), time, href))
        });
        *is_cut |= cut(own, posts);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whatever_their_letters_case_and_order() {
        let wanted = Wanted::of("SHOTS  fired");
        assert!(wanted.is_in("They fired three shots at 04:10."));
        assert!(!wanted.is_in("They fired."));
        // Arabic and Persian letters alike.
        assert!(Wanted::of("كابل").is_in("راستہ کابل تک"));
    }

    #[test]
    fn what_is_shown_of_a_text_stands_around_the_find() {
        let text = (0..100).map(|number| format!("w{number}x")).collect::<Vec<_>>().join(" ");
        let around = Wanted::of("w50x").around(&text);
        assert!(around.starts_with("… w44x") && around.ends_with("w73x …"), "{around}");
        assert_eq!(Wanted::of("b").around("a b"), "a b");
        let long = Wanted::of("q").around(&"qش".repeat(10_000));
        assert!(long.chars().count() <= SHOWN_CHARACTERS + 2, "{long}");
    }

    #[test]
    fn only_what_looks_like_a_part_of_a_reference_is_taken_for_one() {
        assert_eq!(Wanted::of("inc-26").part.as_deref(), Some("INC-26"));
        assert_eq!(Wanted::of("in").part, None);
        assert_eq!(Wanted::of("26-00").part.as_deref(), Some("26-00"));
        for word in ["mortar fire", "mortar", "ہوا"] {
            assert_eq!(Wanted::of(word).part, None, "{word}");
        }
    }
}
