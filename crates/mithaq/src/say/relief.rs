//! Relief that somebody asked for, and that waits for others.

use act::Body;
use docket::view::ReliefSought;
use serde_json::{Value, json};

use super::{label, labels, or, strand_first};
use crate::show::time::length;

/// What it is, who said it, and what it takes: in words that let others join, for they have to say the same.
pub(crate) fn says(sought: &ReliefSought<'_>) -> String {
    let matter = sought.matter;
    let law = &matter.law.instrument;
    let where_it_is: String = sought.asked.strands.iter().map(|name| strand_first(matter, name)).collect();
    let by: Vec<String> = sought
        .voices
        .iter()
        .map(|(who, entries)| match entries.first() {
            Some(entry) => format!("{} (entry {entry})", label(law, who)),
            None => label(law, who),
        })
        .collect();
    let takes = sought.takes.map(|by| format!("; it takes {by}")).unwrap_or_default();
    let what = what(sought.asked.body);
    format!("{where_it_is}relief that waits for others: {what}, asked for by {}{takes}", by.join(", "))
}

/// Who could join; nothing where a voice would come too late.
pub(crate) fn could_join(sought: &ReliefSought<'_>) -> String {
    match labels(&sought.matter.law.instrument, &sought.could_join) {
        who if who.is_empty() => "nobody can join any more".to_owned(),
        who => format!("{} could join, and need not", or(&who)),
    }
}

/// The same on a page of many matters.
pub(crate) fn in_matter(sought: &ReliefSought<'_>) -> String {
    let matter = sought.matter;
    format!("{}, {}: {}. {}.", matter.reference, matter.procedure.title, says(sought), could_join(sought))
}

pub(crate) fn value(sought: &ReliefSought<'_>) -> Value {
    let by: serde_json::Map<_, _> =
        sought.voices.iter().map(|(who, entries)| (who.to_string(), json!(entries))).collect();
    json!({
        "matter": sought.matter.reference.to_string(),
        "kind": sought.asked.body.kind().to_string(),
        "strands": sought.asked.strands,
        "what": what(sought.asked.body),
        "by": by,
        "takes": sought.takes.map(ToString::to_string),
        "could-join": sought.could_join,
    })
}

/// What relief does.
pub(crate) fn what(body: &Body) -> String {
    match body {
        Body::Extend(extend) => format!("`{}` has {} more", extend.step, length(extend.seconds)),
        Body::Suspend(suspend) => format!("clocks stand for {}", length(suspend.seconds)),
        Body::Resume(_) => "clocks go on".to_owned(),
        Body::SetAside(set_aside) => format!("back to `{}`", set_aside.to),
        other => other.kind().to_string(),
    }
}
