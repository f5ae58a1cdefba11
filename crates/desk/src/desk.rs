//! The node behind the pages.

use std::sync::{PoisonError, RwLock, RwLockReadGuard};
use std::time::SystemTime;

use docket::v1::{Event, Replay};
use node::Node;
use terms::{Instant, ParticipantId, Seconds};
use tokio::sync::Semaphore;

use crate::web::session::Sessions;

/// A participant's desk: its node, open, and who is signed in.
pub struct Desk {
    held: RwLock<Held>,
    /// What its pages stand under: the last part of the register's name.
    agreement: String,
    /// The names it answers under, each with its port.
    hosts: Vec<String>,
    pub(crate) sessions: Sessions,
    /// Whose turn it is among those who come by.
    pub(crate) turn: Semaphore,
    /// The time when it was opened, by whoever opened it and by this machine.
    since: (Instant, SystemTime),
}

/// What pages read.
pub(crate) struct Held {
    pub(crate) node: Node,
    /// What happened, in order.
    pub(crate) events: Vec<Event>,
}

impl Held {
    pub(crate) const fn replay(&self) -> &Replay {
        self.node.docket()
    }

    pub(crate) const fn me(&self) -> &ParticipantId {
        self.node.me()
    }
}

impl Desk {
    /// A desk over a node, at a time that goes on from `now`. `hosts` are the names that it answers under, as browsers send
    /// them.
    #[must_use]
    pub fn new(mut node: Node, hosts: Vec<String>, now: Instant) -> Desk {
        let agreement = node.origin().as_str().rsplit('/').next().unwrap_or_default().to_owned();
        let (_, events) = node.take_events();
        let (held, sessions) = (RwLock::new(Held { node, events }), Sessions::default());
        Desk { held, agreement, hosts, sessions, turn: Semaphore::new(1), since: (now, SystemTime::now()) }
    }

    /// What its pages stand under, without slashes.
    #[must_use]
    pub fn agreement(&self) -> &str {
        &self.agreement
    }

    /// Whether it answers under a name.
    #[must_use]
    pub fn answers_to(&self, host: &str) -> bool {
        self.hosts.iter().any(|known| known.eq_ignore_ascii_case(host))
    }

    /// A path that opens the desk once: whoever has it reads what the participant may read.
    ///
    /// # Errors
    ///
    /// This machine gives no random bytes.
    pub fn way_in(&self) -> Result<String, String> {
        self.sessions.link(self.now()).map(|token| format!("/in/{token}"))
    }

    /// The node, for reading.
    pub(crate) fn held(&self) -> RwLockReadGuard<'_, Held> {
        self.held.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something with the node that may change it, and takes in what happened on the docket by it.
    ///
    /// If it falls over half done the process ends: nothing goes on with a node that may be torn, and what it had promised
    /// is on the disk.
    pub fn work<T>(&self, work: impl FnOnce(&mut Node, Instant) -> T) -> T {
        let _whole = Whole;
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        let done = work(&mut held.node, self.now());
        let (is_anew, events) = held.node.take_events();
        if is_anew {
            held.events.clear();
        }
        held.events.extend(events);
        done
    }

    /// The time now: as this machine's clock goes on, and never back behind the time when the desk was opened.
    pub(crate) fn now(&self) -> Instant {
        let (then, began) = self.since;
        then.plus(Seconds(began.elapsed().unwrap_or_default().as_secs()))
    }
}

/// Ends the process if what is under way falls over.
pub(crate) struct Whole;

impl Drop for Whole {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("fault: this node may be torn, and stops; start it again");
            std::process::abort();
        }
    }
}
