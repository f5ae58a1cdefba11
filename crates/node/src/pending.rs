//! Acts that are on their way: registered and covered by no mark that a quorum has cosigned, or waiting
//! here to be carried. They have no effect yet, and stand in no proof of one.

use std::collections::BTreeSet;

use act::value::MatterRef;
use act::{Act, Body, Entry};
use terms::ActId;

use crate::{Fault, Node};

/// An act that has no effect yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnItsWay {
    /// Its entry, once it is registered.
    pub entry: Option<u64>,
    /// The act.
    pub act: Act,
}

impl Node {
    /// The acts on their way, in the order of the register, then of the queue. A mark is none.
    ///
    /// # Errors
    ///
    /// They can't be read.
    pub fn on_their_way(&self) -> Result<Vec<OnItsWay>, Fault> {
        let mut pending = Vec::new();
        let settled = self.docket.timeline().settled();
        self.store.for_each(settled..self.size(), |index, bytes| {
            if let Ok(entry) = Entry::parse(bytes)
                && !matches!(entry.act().body(), Body::Genesis(_) | Body::Mark(_))
            {
                pending.push(OnItsWay { entry: Some(index), act: entry.act().clone() });
            }
            Ok(())
        })?;
        for submission in self.queued()? {
            // What is registered already waits in the queue only for its stamp.
            if self.index_of(&submission.act().id()).is_none() {
                pending.push(OnItsWay { entry: None, act: submission.act().clone() });
            }
        }
        Ok(pending)
    }

    /// Those of them that say something of what an act filed or opened, or of what it says something of:
    /// whatever a standing proof of that act would show, were they in effect. The act itself is among them
    /// if it has no effect yet.
    ///
    /// # Errors
    ///
    /// As [`Node::on_their_way`].
    pub fn on_their_way_about(&self, act: &Act) -> Result<Vec<OnItsWay>, Fault> {
        let id = act.id();
        let mut about: BTreeSet<ActId> =
            crate::proof::exhibits_of(act.body()).iter().map(|i| i.act).collect();
        about.insert(id);
        about.extend(crate::proof::transcript_of(act.body()));
        match act.body().matter() {
            Some(MatterRef::Opened(opening)) => about.insert(opening),
            Some(MatterRef::ByStep(item)) => about.insert(item.act),
            None => false,
        };
        // To say something of an act one has to name it, whole.
        let names: Vec<String> = about.iter().map(ToString::to_string).collect();
        let says = |other: &Act| other.id() == id || names.iter().any(|name| other.text().contains(name));
        Ok(self.on_their_way()?.into_iter().filter(|pending| says(&pending.act)).collect())
    }
}
