//! What is another in a draft than when this person read it, and whose agreement lapsed by that.

use std::collections::BTreeMap;

use lang::Arg;
use serde::Serialize;
use store::{Draft, WasRead};

use super::{ToSign, query};
use crate::desk::{Desk, Held};
use crate::signing::{Ready, look};
use crate::web::answer::Sorry;
use crate::web::asked::Asked;
use crate::web::session::mark;
use crate::words::Reader;
use crate::words::when::When;
use crate::writing::FILES;

/// What changed.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Changed {
    /// When it was read last before that.
    pub(super) read: When,
    pub(super) fields: Vec<Field>,
    /// Files by name.
    pub(super) added: Vec<String>,
    pub(super) taken: Vec<String>,
    /// What is said if none of those is another, or what was cannot be said any more.
    pub(super) note: Option<String>,
}

/// A field that holds something else.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Field {
    pub(super) name: String,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
}

/// Notes that the draft is read, and says what has changed since it was before.
pub(super) fn changed(
    desk: &Desk,
    held: &Held,
    reader: Reader<'_>,
    draft: &Draft,
    ready: &Ready<'_>,
    (asked, data): (&Asked, &ToSign),
) -> Result<Option<Changed>, Sorry> {
    // Of a session its mark: what opens it lies on no disk.
    let session = || asked.session.as_deref().map(|session| format!("session {}", mark(session)));
    let Some(who) = asked.person.as_ref().map(ToString::to_string).or_else(session) else { return Ok(None) };
    let files: BTreeMap<String, String> =
        data.files.iter().map(|file| (file.id.clone(), file.name.clone())).collect();
    let now = WasRead { typed: draft.typed.clone(), files, at: desk.now() };
    let was = desk.private.reads(&draft.id, &who, (&ready.read, &now)).unwrap_or_else(|fault| {
        // A disk that takes nothing more takes no page away.
        tracing::error!(%fault, "that a draft was read is not noted");
        None
    });
    let Some(was) = was else { return Ok(None) };
    let gone = |from: &WasRead, of: &WasRead| -> Vec<String> {
        let lost = from.files.iter().filter(|(id, _)| !of.files.contains_key(*id));
        lost.map(|(_, name)| name.clone()).collect()
    };
    let (added, taken) = (gone(&now, &was), gone(&was, &now));
    // It is read as this page reads what there is now. A file that was taken away may be here no more; it is told above.
    let mut before = Draft { typed: was.typed.clone(), agreed: Vec::new(), ..draft.clone() };
    if let Some(ids) = before.typed.get_mut(FILES) {
        ids.retain(|id| now.files.contains_key(id));
    }
    let origin = desk.origin(&asked.host);
    let then = look(desk, held, &before).ok();
    let then = then.map(|then| query(reader, &before, &then, (asked, &origin))).transpose()?;
    let fields = then.as_ref().map(|then| differences(reader, then, data)).unwrap_or_default();
    let note = match (&then, fields.is_empty() && added.is_empty() && taken.is_empty()) {
        (None, _) => Some(reader.texts.say("sign-since-unsaid", &[])),
        (Some(_), true) => Some(reader.texts.say("sign-since-follows", &[])),
        (Some(_), false) => None,
    };
    Ok(Some(Changed { read: When::of(reader, was.at), fields, added, taken, note }))
}

/// What one page says that the other does not, in the words of both.
fn differences(reader: Reader<'_>, then: &ToSign, now: &ToSign) -> Vec<Field> {
    let all = |page: &ToSign| -> Vec<(String, String)> {
        let say = |id: &str| reader.texts.say(id, &[]);
        let readers: Vec<&str> = page.readers.iter().map(|who| who.label.as_str()).collect();
        let choice = page.choice.iter().map(|choice| (say("form-choice"), choice.clone()));
        let fields = page.fields.iter().map(|field| (field.name.clone(), field.value.clone()));
        let rest = [
            (say("form-strand"), page.lives.join("; ")),
            (say("form-text"), page.text.clone()),
            (say("sign-since-readers"), reader.texts.series(&readers)),
        ];
        choice.chain(fields).chain(rest).filter(|(_, value)| !value.is_empty()).collect()
    };
    let (then, now) = (all(then), all(now));
    let find = |all: &[(String, String)], name: &str| {
        all.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    };
    let gone = then.iter().filter(|(name, _)| find(&now, name).is_none());
    now.iter()
        .chain(gone)
        .map(|(name, _)| Field { name: name.clone(), before: find(&then, name), after: find(&now, name) })
        .filter(|field| field.before != field.after)
        .collect()
}

/// Whose agreement was to something else than what there is now.
pub(super) fn lapsed(reader: Reader<'_>, draft: &Draft, ready: &Ready<'_>) -> Vec<String> {
    let lapsed = draft.agreed.iter().filter(|agreed| agreed.read != ready.read);
    let say = |agreed: &store::Agreed| {
        let (by, time) = (agreed.by.to_string(), When::of(reader, agreed.at).words());
        let args = [("by", Arg::Text(&by)), ("time", Arg::Text(&time))];
        reader.texts.say("sign-since-lapsed", &args)
    };
    lapsed.map(say).collect()
}
