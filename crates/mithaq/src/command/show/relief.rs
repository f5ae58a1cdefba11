//! Relief that somebody asked for, and that waits for others.

use std::collections::BTreeMap;

use act::Body;
use act::value::StrandName;
use docket::v1::Matter;
use instrument::who::Deciders;
use serde_json::{Value, json};
use terms::ParticipantId;

use super::Shown;
use crate::say::{label, strand_first};
use crate::show::time::length;

/// The act's body, the strands that it names, and who said it in which entries.
type Asked<'s> = (&'s Body, &'s [StrandName], &'s BTreeMap<ParticipantId, Vec<u64>>);

/// Each relief that is asked for in this matter, in words that let others join: they have to say the same.
pub(super) fn lines(shown: &Shown<'_>) -> Vec<String> {
    let matter = shown.matter;
    all(shown).map(|asked| line(matter, asked)).collect()
}

pub(super) fn value(shown: &Shown<'_>) -> Value {
    let one = |(body, strands, voices): Asked<'_>| {
        let by: serde_json::Map<_, _> =
            voices.iter().map(|(who, entries)| (who.to_string(), json!(entries))).collect();
        json!({
            "kind": body.kind().to_string(),
            "strands": strands,
            "what": what(body),
            "by": by,
            "takes": takes(shown.matter, body).map(ToString::to_string),
        })
    };
    all(shown).map(one).collect()
}

fn all<'s>(shown: &'s Shown<'_>) -> impl Iterator<Item = Asked<'s>> {
    shown.reading.replay().settlement().relief_sought(shown.key)
}

fn line(matter: &Matter, (body, strands, voices): Asked<'_>) -> String {
    let law = &matter.law.instrument;
    let where_it_is: String = strands.iter().map(|name| strand_first(matter, name)).collect();
    let by: Vec<String> = voices
        .iter()
        .map(|(who, entries)| match entries.first() {
            Some(entry) => format!("{} (entry {entry})", label(law, who)),
            None => label(law, who),
        })
        .collect();
    let takes = takes(matter, body).map(|by| format!("; it takes {by}")).unwrap_or_default();
    format!(
        "{where_it_is}relief that waits for others: {}, asked for by {}{takes}",
        what(body),
        by.join(", ")
    )
}

fn what(body: &Body) -> String {
    match body {
        Body::Extend(extend) => format!("`{}` has {} more", extend.step, length(extend.seconds)),
        Body::Suspend(suspend) => format!("clocks stand for {}", length(suspend.seconds)),
        Body::Resume(_) => "clocks go on".to_owned(),
        Body::SetAside(set_aside) => format!("back to `{}`", set_aside.to),
        other => other.kind().to_string(),
    }
}

fn takes<'m>(matter: &'m Matter, body: &Body) -> Option<&'m Deciders> {
    let relief = &matter.law.instrument.relief;
    match body {
        Body::Extend(_) => relief.extend.as_ref().map(|extend| &extend.by),
        Body::Suspend(_) | Body::Resume(_) => relief.suspend.as_ref().map(|(by, _)| by),
        Body::SetAside(_) => relief.set_aside.as_ref(),
        _ => None,
    }
}
