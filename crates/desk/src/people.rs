//! Who of the participant's people works in a session, and may see and do what of the private side.
//!
//! Whoever opens a desk by its link says who they are, and nobody proves it: the link alone is what opened it. Whoever has
//! signed in by a passkey is who that says. Nobody else is taken for a name that ever had one, whenever it was said.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use node::author::labels;
use store::Part;
use terms::{Capacity, Code, SignerName};

use crate::desk::{Desk, Held};
use crate::web::answer::Sorry;
use crate::web::asked::Asked;
use crate::web::session::mark;

/// As many sessions as can be open, and more.
const SESSIONS_MAX: usize = 256;

/// Who works in which session; forgotten, as those are, when the node stops.
#[derive(Default)]
pub(crate) struct People(Mutex<BTreeMap<String, Code>>);

impl People {
    fn all(&self) -> MutexGuard<'_, BTreeMap<String, Code>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who works in a session, if that was said.
    pub(crate) fn of(&self, session: &str) -> Option<Code> {
        self.all().get(&mark(session)).cloned()
    }

    /// Somebody works in it from now on.
    pub(crate) fn works(&self, session: &str, who: Code) {
        let mut all = self.all();
        if all.len() >= SESSIONS_MAX {
            all.pop_first();
        }
        all.insert(mark(session), who);
    }

    /// Nobody works in it any more.
    pub(crate) fn forget(&self, session: &str) {
        self.all().remove(&mark(session));
    }
}

/// The participant's people, as far as they are known here: its officers on the record, and who has worked here.
pub(crate) fn known(desk: &Desk, held: &Held) -> Result<Vec<Code>, Sorry> {
    let officers = labels(held.replay().ledger(), held.me(), Capacity::Officer, &|_| true);
    let officers = officers.into_iter().filter_map(|label| Code::new(&label));
    let mut all: BTreeSet<Code> = officers.collect();
    all.extend(desk.private.people()?);
    Ok(all.into_iter().collect())
}

/// Whether a name is that of an officer's passkey that is in force.
pub(crate) fn has_passkey(desk: &Desk, who: &Code) -> bool {
    let held = desk.held();
    let key = held.replay().ledger().keys().get(&SignerName::key(held.me(), who));
    key.is_some_and(|key| key.passkey.is_some() && key.ended.is_none())
}

/// Whether a name was ever that of an officer's passkey, also of one that is over: nobody is taken for them by a word alone.
pub(crate) fn ever_had_passkey(desk: &Desk, who: &Code) -> bool {
    let held = desk.held();
    let key = held.replay().ledger().keys().get(&SignerName::key(held.me(), who));
    key.is_some_and(|key| key.passkey.is_some())
}

/// Under what name something of whoever asks is kept: who they are, or nothing.
pub(crate) fn key(asked: &Asked) -> &str {
    asked.person.as_ref().map_or("", Code::as_str)
}

/// What whoever asks may see and do of the private side.
#[derive(Clone, Copy, Debug)]
pub(crate) struct May([bool; Part::ALL.len()]);

impl May {
    /// What cannot be read is not allowed.
    pub(crate) fn of(desk: &Desk, asked: &Asked) -> May {
        let parts = desk.private.parts(asked.person.as_ref()).unwrap_or_else(|fault| {
            tracing::error!(%fault, "who may what is not known");
            BTreeSet::new()
        });
        May(Part::ALL.map(|part| parts.contains(&part)))
    }

    /// Whether it is a part of it.
    pub(crate) fn see(self, part: Part) -> bool {
        Part::ALL.iter().zip(self.0).any(|(known, may)| *known == part && may)
    }
}

/// Nothing, if whoever asks may see and do a part of the private side.
///
/// # Errors
///
/// [`Sorry::NotYours`], or it can't be read.
pub(crate) fn must(desk: &Desk, asked: &Asked, part: Part) -> Result<(), Sorry> {
    let parts = desk.private.parts(asked.person.as_ref())?;
    if parts.contains(&part) { Ok(()) } else { Err(Sorry::NotYours) }
}
