//! Relief in a matter, and what is said later of an entry in it, as it would be signed.

use act::Body;
use act::body::Correct;
use docket::v1::{Asked as ReliefAsked, Matter, What};
use lang::Arg;
use store::{About, Draft};
use terms::{ActId, Code};

use super::effect::own;
use super::{ToSign, whole};
use crate::correction::Correction;
use crate::page::relief::{title, wanted};
use crate::relief::Relief;
use crate::signing::Ready;
use crate::web::answer::Sorry;
use crate::web::asked::Asked;
use crate::words::event::says;
use crate::words::matter::{Held as Value, Named, in_words, strand, values};
use crate::words::{Reader, sentence, takes};

pub(super) fn query(
    reader: Reader<'_>,
    draft: &Draft,
    ready: &Ready<'_>,
    (asked, origin): (&Asked, &str),
) -> Result<ToSign, Sorry> {
    let About::Relief { relief: code, matter: id, act } = &draft.about else { return Err(Sorry::NoDraft) };
    let relief = Relief::of(code.as_str()).ok_or(Sorry::NoDraft)?;
    let (_, matter) = reader.replay.settlement().matter(id).ok_or(Sorry::NoDraft)?;
    let title = title(reader, code);
    let named = Named::of(reader, matter);
    let (me, of) = (reader.who(reader.me).label, format!("{}, {}", named.reference, named.title));
    let effect = match relief {
        Relief::Withdraw => "effect-withdraw",
        Relief::Correct => "effect-correct",
        Relief::Confirm => "effect-confirm",
        Relief::Disown => "effect-disown",
        _ => "effect-relief",
    };
    let wants = wanted(reader, &ready.written.body);
    let args = [("who", Arg::Text(&me)), ("matter", Arg::Text(&of)), ("what", Arg::Text(&wants))];
    let strands = ReliefAsked::of(&ready.written.body).map_or(&[][..], |asked| asked.strands);
    let corrected = match &ready.written.body {
        Body::Correct(body) => corrected(reader, matter, body),
        _ => Vec::new(),
    };
    Ok(ToSign {
        kind: code.to_string(),
        matter: Some(named),
        takes: relief.by(matter).and_then(|by| takes(reader, Some(&matter.procedure), by)),
        effect: reader.texts.say(effect, &args),
        moves: moves(reader, ready),
        lives: strands.iter().map(|name| strand(reader, matter, name)).collect(),
        fields: act.as_ref().map(|act| entry(reader, act)).into_iter().chain(corrected).collect(),
        back: reader.texts.say(if relief.by(matter).is_some() { "back-relief" } else { "back-stays" }, &[]),
        ..ToSign::bare(reader, (draft, title), ready, (asked, origin))?
    })
}

/// What has another value, and what it was.
fn corrected(reader: Reader<'_>, matter: &Matter, body: &Correct) -> Vec<Value> {
    let known = Correction::of(reader.replay, &body.matter, &body.entry);
    let stands = known.map(|correction| correction.stands());
    let mut all = values(reader, &matter.procedure, whole(&body.fields));
    for one in &mut all {
        let named = Code::new(&one.field).and_then(|name| Some((stands.as_ref()?.get(&name)?, name)));
        let was = named.map_or_else(
            || reader.texts.say("none", &[]),
            |(value, name)| in_words(reader, &matter.procedure, &name, value),
        );
        let args = [("is", Arg::Text(&one.value)), ("was", Arg::Text(&was))];
        one.value = reader.texts.say("correct-instead", &args);
        one.is_fixed = false;
    }
    all
}

/// What comes of it now; that it waits for others, if it does.
fn moves(reader: Reader<'_>, ready: &Ready<'_>) -> Vec<String> {
    let Some(foreseen) = ready.foreseen.as_ref().filter(|foreseen| foreseen.prospect.is_none()) else {
        return Vec::new();
    };
    let then = Reader { replay: &foreseen.after, ..reader };
    let told = own(ready).filter_map(|(matter, what)| says(then, matter, what));
    let mut lines: Vec<String> = told.map(|said| format!("{}.", sentence(&said))).collect();
    let waits = foreseen
        .events
        .iter()
        .any(|event| event.entry == Some(foreseen.entry) && matches!(event.what, What::Sought(..)));
    if waits {
        lines.push(reader.texts.say("relief-waits", &[]));
    }
    lines
}

/// The entry that it is said of.
fn entry(reader: Reader<'_>, act: &ActId) -> Value {
    Value {
        field: "act".to_owned(),
        strand: None,
        name: reader.texts.say("relief-act", &[]),
        value: act.to_string(),
        is_fixed: true,
    }
}
