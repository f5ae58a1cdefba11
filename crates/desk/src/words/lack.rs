//! What is wrong with a draft: what, why, what to do.

use lang::Arg;
use node::form::Wrong;
use terms::Reference;

use super::Reader;
use super::when::zone;
use crate::writing::{Lack, What};

/// A place as it may be written: apart from the line around it, whichever way that runs.
pub(crate) const A_PLACE: &str = "9.7470, -40.1172 ± 500 m";

pub(crate) fn says(reader: Reader<'_>, lack: &Lack) -> String {
    let say = |id: &str| reader.texts.say(id, &[]);
    let text = |id: &str, text: &str| reader.texts.say(id, &[("text", Arg::Text(text))]);
    match &lack.what {
        What::NoChoice => say("lack-choice"),
        What::NoStrand => say("lack-strand"),
        What::NoTier => say("lack-tier"),
        What::OtherChoice => say("lack-other-choice"),
        What::NoText => say("lack-text"),
        What::NoFile => say("lack-file"),
        What::Unchanged => say("lack-unchanged"),
        What::Value(wrong) => match wrong {
            Wrong::Needed => say("lack-needed"),
            Wrong::Parts => say("lack-parts"),
            Wrong::Twice(typed) => text("lack-twice", typed),
            Wrong::NotListed(typed) => text("lack-not-listed", typed),
            Wrong::NothingYet => say("lack-nothing-yet"),
            Wrong::Count(typed) => text("lack-count", typed),
            Wrong::Time(typed) => {
                let zone = zone(reader.offset());
                let args = [
                    ("text", Arg::Text(typed)),
                    ("zone", Arg::Text(&zone)),
                    ("example", Arg::Text("2026-01-13 06:20")),
                ];
                reader.texts.say("lack-time", &args)
            }
            Wrong::EndsFirst => say("lack-ends-first"),
            Wrong::Place(_) => {
                let args = [("place", Arg::Text(A_PLACE)), ("grid", Arg::Text("24P UR 7745 7764"))];
                reader.texts.say("lack-place", &args)
            }
            Wrong::Long => say("lack-long"),
            Wrong::NoMatter(typed) => text("lack-no-matter", typed),
            Wrong::Itself => say("lack-itself"),
            Wrong::NotCitable(reference) => text("lack-not-citable", reference),
            Wrong::OtherKind(reference, kind) => {
                let kind = reader.kind(kind);
                let args = [("text", Arg::Text(reference)), ("kind", Arg::Text(&kind))];
                reader.texts.say("lack-other-kind", &args)
            }
            Wrong::OtherState(reference, states) => {
                let named = Reference::parse(reference).and_then(|named| reader.index.find(&named));
                let found = named.and_then(|key| reader.replay.settlement().matters().get(&key));
                let procedure = found.map(|matter| &*matter.procedure);
                let states: Vec<String> =
                    states.iter().map(|state| reader.word_if(procedure, state)).collect();
                let states = reader.texts.series(&states);
                let args = [("text", Arg::Text(reference)), ("states", Arg::Text(&states))];
                reader.texts.say("lack-other-state", &args)
            }
        },
    }
}
