//! What is said of an exhibit, as it would be signed.

use act::Body;
use lang::Arg;
use store::{About, Draft};
use terms::{Code, Item};

use super::ToSign;
use crate::deed::{Deed, named};
use crate::page::evidence::Sending;
use crate::signing::Ready;
use crate::web::answer::Sorry;
use crate::web::asked::Asked;
use crate::words::Reader;
use crate::words::matter::Held as Value;
use crate::words::when::When;

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
    let args = [("who", Arg::Text(&me)), ("exhibit", Arg::Text(&of))];
    let back = if deed == Deed::Destroy { "back-destroy" } else { "back-stays" };
    Ok(ToSign {
        kind: code.to_string(),
        effect: reader.texts.say(effect(deed), &args),
        fields: fields(reader, deed, ready, exhibit.is_some().then_some(of.as_str())),
        text: ready.written.text.clone(),
        files: ready.files.iter().map(|upload| Sending::of(reader, upload)).collect(),
        readers: who(&ready.receivers.can),
        unable: who(&ready.receivers.cannot),
        back: reader.texts.say(back, &[]),
        ..ToSign::bare(reader, (draft, title), ready, (asked, origin))?
    })
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
        _ => {}
    }
    if deed.chooses() {
        let to: Vec<String> =
            reader.in_order(&ready.receivers.can).into_iter().map(|who| who.label).collect();
        all.push(value("to", "deed-to", reader.texts.series(&to), false));
    }
    all
}
