//! A draft that is begun with words and values from elsewhere on the private side.

use instrument::procedure::Holds;
use node::form::may_open;
use store::{About, DraftId, Part};
use terms::{Code, Instant};

use super::fresh;
use crate::desk::{Desk, Held};
use crate::people::must;
use crate::web::answer::Sorry;
use crate::web::asked::{Asked, Sent};
use crate::web::session::mark;
use crate::words::when::in_a_field;
use crate::writing::{FIELD, TEXT};

/// The field of a procedure that says when something happened, where it has one.
const TIME: &str = "time";

/// The kinds of matter that the participant may open: each with its title.
pub(super) fn kinds(held: &Held) -> Vec<(Code, String)> {
    let instrument = held.replay().instrument();
    let may = instrument.procedures.iter().filter(|(_, it)| may_open(instrument, held.me(), &it.open.by));
    may.map(|(kind, procedure)| (kind.clone(), procedure.title.clone())).collect()
}

/// Keeps a draft that opens a matter of a kind, with the words in it and whatever of the values its procedure asks for.
pub(super) fn begin(
    (desk, held): (&Desk, &Held),
    asked: &Asked,
    kind: &Code,
    (words, at): (&str, Instant),
    values: &[(&str, &str)],
) -> Result<DraftId, Sorry> {
    must(desk, asked, Part::Drafts)?;
    let instrument = held.replay().instrument();
    let procedure = instrument.procedures.get(kind).ok_or(Sorry::NoKind)?;
    let mut typed = Sent::new();
    if !words.is_empty() {
        typed.insert(TEXT.to_owned(), vec![words.to_owned()]);
    }
    for (name, field) in procedure.fields.iter() {
        let given = values.iter().find(|(known, value)| *known == name.as_str() && !value.is_empty());
        let value = match (given, &field.holds) {
            (Some((_, value)), _) => (*value).to_owned(),
            (None, Holds::Instant) if name.as_str() == TIME => {
                in_a_field(at, instrument.calendar.zone_offset_minutes)
            }
            _ => continue,
        };
        typed.insert(format!("{FIELD}{name}"), vec![value]);
    }
    let id = DraftId::new(&fresh()?).ok_or(Sorry::NoDraft)?;
    let session = asked.session.as_deref().map(mark).unwrap_or_default();
    desk.private.keep(&id, &About::Opening(kind.clone()), &typed, &session, desk.now())?;
    Ok(id)
}
