//! What is new: what came on the record since whoever works here looked last.

use std::collections::BTreeSet;

use act::value::MatterRef;
use docket::v1::{Event, MatterKey};
use docket::view::matter_of;
use store::Seen;

use crate::desk::{Desk, Held};
use crate::web::asked::{Asked, Form};
use crate::web::session::mark;
use crate::words::Reader;
use crate::words::event::tells;

/// How many of the last events are looked through for what is new.
const NEW_MAX: usize = 10_000;

/// How far the record was seen before, as a look begins at its first page. Only a page is a look: programs ask all the time. A
/// disk that fails takes no page away.
pub(super) fn begin(desk: &Desk, reader: Reader<'_>, asked: &Asked) -> Option<Seen> {
    let session = mark(asked.session.as_deref()?);
    let timeline = reader.replay.timeline();
    let seen = Seen { entries: timeline.settled(), until: timeline.last()? };
    let before = match asked.form {
        Form::Page => desk.private.look(&session, seen, desk.now()),
        Form::Json | Form::Csv | Form::Text => return before(desk, asked),
    };
    known(before)
}

/// How far it was seen before the look that goes on: a list begins none, and what is new stays so until the first page is
/// opened again.
pub(super) fn before(desk: &Desk, asked: &Asked) -> Option<Seen> {
    known(desk.private.looked(&mark(asked.session.as_deref()?), desk.now()))
}

fn known(seen: Result<Option<Seen>, store::Fault>) -> Option<Seen> {
    seen.unwrap_or_else(|fault| {
        tracing::error!(%fault, "what was seen before is not known");
        None
    })
}

/// Whether something was not there yet: brought by a later entry, or by silence at a later time.
pub(super) fn is_new(event: &Event, seen: &Seen) -> bool {
    event.entry.map_or(event.at > seen.until, |entry| entry >= seen.entries)
}

/// What was not there yet, the last first: none happens before one that is told before it, so what is new is told last.
pub(super) fn since(held: &Held, seen: Seen) -> impl Iterator<Item = Event> {
    let last = held.happened().back(None, None).take(NEW_MAX);
    let reaches = last.take_while(move |event| event.at >= seen.until || is_new(event, &seen));
    reaches.filter(move |event| is_new(event, &seen))
}

/// The matters in which something happened that was not there yet.
pub(super) fn matters(held: &Held, reader: Reader<'_>, seen: Seen) -> BTreeSet<MatterKey> {
    let (mut known, mut found) = (BTreeSet::<MatterRef>::new(), BTreeSet::new());
    for event in since(held, seen) {
        let Some(id) = matter_of(&event.what).filter(|id| !known.contains(id)) else { continue };
        if !tells(&event.what) {
            continue;
        }
        let Some(matter) = reader.replay.settlement().matter_lent(id) else { continue };
        known.insert(*id);
        found.extend(reader.index.find(&matter.reference));
    }
    found
}
