//! The docket as a command reads it: now, or as it was known at a time.

use std::collections::BTreeMap;

use act::Entry;
use act::value::MatterRef;
use docket::v1::{Event, Matter, MatterKey, Replay};
use node::Node;
use node::pending::OnItsWay;
use serde_json::{Value, json};
use terms::{Instant, ParticipantId};

use crate::cli::{Globals, time};
use crate::failure::Failure;
use crate::say::reconstruction;
use crate::session;
use crate::show::table::print_text;
use crate::show::time::utc;

/// At which time a command reads.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct AsOf {
    /// Reads what was known at a time in UTC, as `2026-01-12 08:00`, and nothing that came later.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) as_of: Option<Instant>,
}

/// What is read.
pub(crate) struct Reading {
    pub(crate) node: Node,
    past: Option<Replay>,
    /// What happened, in order.
    pub(crate) events: Vec<Event>,
    /// Acts that have no effect yet, in the order of the register, then of the queue.
    pub(crate) pending: Vec<OnItsWay>,
    /// How many entries the register had, by the times of their receipts.
    pub(crate) entries: u64,
    /// The time that it is read at.
    pub(crate) now: Instant,
}

impl Reading {
    /// Opens the node, and says what is to be said first.
    pub(crate) fn open(as_of: &AsOf, globals: &Globals) -> Result<Reading, Failure> {
        let now = session::now(globals)?;
        if let Some(at) = as_of.as_of.filter(|at| *at > now) {
            return Err(Failure::usage("mithaq::to_come", format!("{} is still to come", utc(at)))
                .help("`--as-of` reads what was known at a time that is past"));
        }
        let node = session::node(globals)?;
        let Some(at) = as_of.as_of else {
            let events = node.happened().from(0).collect();
            let pending = node.on_their_way()?;
            let entries = node.docket().size();
            return Ok(Reading { node, past: None, events, pending, entries, now });
        };
        let mut past = node.docket_as_of(at)?;
        let events = past.take_events();
        // The mark past that time covers what was registered after it too.
        let settled = past.timeline().settled();
        let (mut entries, mut registered) = (settled, BTreeMap::new());
        for index in settled..past.size() {
            // What can't be read has no time of its own, and is no act.
            if let Ok(entry) = Entry::parse(&node.entry(index)?) {
                if entry.receipt().time > at {
                    break;
                }
                registered.insert(index, entry.act().clone());
            }
            entries = index + 1;
        }
        let waits = past.pending().filter_map(|(index, ..)| Some((index, registered.remove(&index)?)));
        let pending = waits.map(|(index, act)| OnItsWay { entry: Some(index), act }).collect();
        let reading = Reading { node, past: Some(past), events, pending, entries, now: at };
        if !globals.json {
            println!("As of {}, as {}.\n", utc(at), reading.known());
        }
        Ok(reading)
    }

    /// The docket that is read.
    pub(crate) fn replay(&self) -> &Replay {
        self.past.as_ref().unwrap_or_else(|| self.node.docket())
    }

    /// Says that the agreement is a reconstruction, if it is one.
    pub(crate) fn print_basis(&self) {
        if let Some(says) = reconstruction(self.replay().instrument().basis) {
            print_text(says, 0);
        }
    }

    /// Whether a time that is past was asked for.
    pub(crate) const fn is_past(&self) -> bool {
        self.past.is_some()
    }

    /// A state as of a time changes no more once a mark past it is in (TIME T9).
    fn known(&self) -> &'static str {
        if self.replay().is_closed() { "it was known then" } else { "known so far" }
    }

    /// What every answer for machines begins with.
    pub(crate) fn head(&self) -> Value {
        let replay = self.replay();
        json!({
            "exercise": replay.is_exercise(),
            "basis": replay.instrument().basis.as_str(),
            "as-of": replay.as_of(),
            "closed": self.is_past().then(|| replay.is_closed()),
            "now": self.now,
            "last-mark": replay.timeline().last(),
            "register-time": replay.timeline().register_time(),
        })
    }

    /// Whose act brought an event.
    pub(crate) fn author(&self, event: &Event) -> Result<Option<ParticipantId>, Failure> {
        let Some(index) = event.entry else { return Ok(None) };
        let entry = Entry::parse(&self.node.entry(index)?).map_err(node::Fault::from)?;
        Ok(entry.act().head().by.participant().cloned())
    }

    /// A matter by its key.
    pub(crate) fn matter(&self, key: MatterKey) -> Option<&Matter> {
        self.replay().settlement().matters().get(&key)
    }

    /// A matter as acts name it.
    pub(crate) fn by_ref(&self, named: &MatterRef) -> Option<(MatterKey, &Matter)> {
        self.replay().settlement().matter(named)
    }
}

/// An answer for machines: the head of a reading and what else there is.
pub(crate) fn answer(reading: &Reading, more: Value) -> Value {
    let mut value = reading.head();
    if let (Some(value), Value::Object(more)) = (value.as_object_mut(), more) {
        value.extend(more);
    }
    value
}
