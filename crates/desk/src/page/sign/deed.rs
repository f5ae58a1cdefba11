//! What is said of an exhibit, as it would be signed.

use act::Body;
use docket::v1::What;
use docket::view::matter_of;
use lang::Arg;
use store::{About, Draft};
use terms::{Code, Item};

use super::ToSign;
use crate::deed::{Deed, named};
use crate::page::evidence::Sending;
use crate::signing::Ready;
use crate::web::answer::Sorry;
use crate::web::asked::Asked;
use crate::words::event::says;
use crate::words::matter::{Held as Value, Named};
use crate::words::when::When;
use crate::words::{Reader, Takes, takes};

/// What a deed is called.
pub(in crate::page) fn title(reader: Reader<'_>, deed: &Code) -> String {
    let id = match named(deed) {
        Some(Deed::Offer) => "deed-offer",
        Some(Deed::Grant) => "deed-grant",
        Some(Deed::Keep) => "deed-keep",
        Some(Deed::Opened) => "deed-opened",
        Some(Deed::Answer) => "deed-answer",
        Some(Deed::Challenge) => "deed-challenge",
        Some(Deed::Rule) => "deed-rule",
        Some(Deed::Hold) => "deed-hold",
        Some(Deed::Destroy) => "deed-destroy",
        Some(Deed::Cut) => "deed-cut",
        None => return deed.to_string(),
    };
    reader.texts.say(id, &[])
}

/// The words of a ground, or of what is decided.
pub(in crate::page) fn ground_words(deed: Deed, word: &str) -> &'static str {
    match (deed, word) {
        (_, "grant-not-for-me") => "ground-grant-not-for-me",
        (_, "grant-wrong") => "ground-grant-wrong",
        (_, "sealed-missing") => "ground-sealed-missing",
        (_, "does-not-open") => "ground-does-not-open",
        (_, "commitment-differs") => "ground-commitment-differs",
        (_, "upheld") => "ground-upheld",
        (_, "not-upheld") => "ground-not-upheld",
        (Deed::Rule, "danger") => "ground-found-danger",
        (_, "danger") => "ground-danger",
        _ => "ground-ended",
    }
}

/// What the deed does, in a sentence.
const fn effect(deed: Deed) -> &'static str {
    match deed {
        Deed::Offer => "effect-offer",
        Deed::Grant => "effect-grant",
        Deed::Keep => "effect-keep",
        Deed::Opened => "effect-opened",
        Deed::Answer => "effect-answer",
        Deed::Challenge => "effect-challenge",
        Deed::Rule => "effect-rule",
        Deed::Hold => "effect-hold",
        Deed::Destroy => "effect-destroy",
        Deed::Cut => "effect-cut",
    }
}

pub(super) fn query(
    reader: Reader<'_>,
    draft: &Draft,
    ready: &Ready<'_>,
    (asked, origin): (&Asked, &str),
) -> Result<ToSign, Sorry> {
    let About::Deed { deed: code, exhibit } = &draft.about else { return Err(Sorry::NoDraft) };
    let deed = named(code).ok_or(Sorry::NoDraft)?;
    let title = title(reader, code);
    let who = |all: &[terms::ParticipantId]| reader.in_order(all);
    let me = reader.who(reader.me).label;
    let of = exhibit.as_ref().map(|item| reference(reader, item)).unwrap_or_default();
    let cut = match &ready.written.body {
        Body::Cut(cut) => reader.who(&cut.participant).label,
        _ => String::new(),
    };
    let args = [("who", Arg::Text(&me)), ("exhibit", Arg::Text(&of)), ("whom", Arg::Text(&cut))];
    let back = match deed {
        Deed::Destroy => "back-destroy",
        _ => "back-stays",
    };
    Ok(ToSign {
        kind: code.to_string(),
        effect: reader.texts.say(effect(deed), &args),
        fields: fields(reader, deed, ready, exhibit.is_some().then_some(of.as_str())),
        text: ready.written.text.clone(),
        files: ready.files.iter().map(|upload| Sending::of(reader, upload)).collect(),
        readers: who(&ready.receivers.can),
        unable: who(&ready.receivers.cannot),
        back: reader.texts.say(back, &[]),
        takes: cut_takes(reader, deed),
        follows: follows(reader, ready),
        ..ToSign::bare(reader, (draft, title), ready, (asked, origin))?
    })
}

/// What it takes, where one alone does not decide.
fn cut_takes(reader: Reader<'_>, deed: Deed) -> Option<Takes> {
    let (by, _) = reader.instrument().relief.cut.as_ref().filter(|_| deed == Deed::Cut)?;
    takes(reader, None, by)
}

/// The clocks that a cut moves: they are closed later by so much.
fn follows(reader: Reader<'_>, ready: &Ready<'_>) -> Vec<String> {
    let foreseen = ready.foreseen.as_ref().filter(|foreseen| foreseen.prospect.is_none());
    let Some(foreseen) = foreseen.filter(|_| matches!(ready.written.body, Body::Cut(_))) else {
        return Vec::new();
    };
    let then = Reader { replay: &foreseen.after, ..reader };
    let own = foreseen.events.iter().filter(|event| event.entry == Some(foreseen.entry));
    let mut lines: Vec<String> = Vec::new();
    for event in own {
        let told = matches!(event.what, What::Moved(..)).then(|| matter_of(&event.what)).flatten();
        let Some((_, matter)) = told.and_then(|id| foreseen.after.settlement().matter(id)) else { continue };
        let named = Named::of(then, matter);
        let says = says(then, matter, &event.what).unwrap_or_default();
        lines.push(format!("{}, {}: {says}", named.reference, named.title));
    }
    if lines.is_empty() {
        lines.push(reader.texts.say("cut-moves-nothing", &[]));
    }
    lines.dedup();
    lines
}

fn reference(reader: Reader<'_>, item: &Item) -> String {
    let known = reader.replay.settlement().exhibits().get(item);
    known.map_or_else(|| item.to_string(), |exhibit| exhibit.reference.to_string())
}

/// What stands in the act, each under its name.
fn fields(reader: Reader<'_>, deed: Deed, ready: &Ready<'_>, of: Option<&str>) -> Vec<Value> {
    let value = |field: &str, name: &str, value: String, is_fixed| Value {
        field: field.to_owned(),
        strand: None,
        name: reader.texts.say(name, &[]),
        value,
        is_fixed,
    };
    let ground = |word: Option<String>| {
        let word = word.as_deref().unwrap_or_default().trim_matches('"').to_owned();
        value("ground", "deed-ground", reader.texts.say(ground_words(deed, &word), &[]), false)
    };
    let mut all: Vec<Value> =
        of.map(|of| value("exhibit", "deed-exhibit", of.to_owned(), true)).into_iter().collect();
    match &ready.written.body {
        Body::Challenge(body) => all.push(ground(serde_json::to_string(&body.ground).ok())),
        Body::Rule(body) => all.push(ground(serde_json::to_string(&body.outcome).ok())),
        Body::Destroy(body) => all.push(ground(serde_json::to_string(&body.ground).ok())),
        Body::Hold(body) => {
            all.push(value("until", "deed-until", When::of(reader, body.until).words(), true));
        }
        Body::Cut(body) => {
            all.push(value("whom", "deed-whom", reader.who(&body.participant).label, false));
            all.push(value("since", "deed-since", When::of(reader, body.from).words(), true));
            all.push(value("until", "deed-cut-until", When::of(reader, body.to).words(), true));
        }
        _ => {}
    }
    if deed.chooses() {
        let to: Vec<String> =
            reader.in_order(&ready.receivers.can).into_iter().map(|who| who.label).collect();
        all.push(value("to", "deed-to", reader.texts.series(&to), false));
    }
    all
}
