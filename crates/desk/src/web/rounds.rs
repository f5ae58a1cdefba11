//! What a node does again and again while it runs: it meets others, its beat, asks witnesses, and looks for alerts. Each peer has a thread of
//! its own, so that one that is slow holds up neither the beat nor another.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use super::meet::{Peer, meet_while};
use super::witness::{self, Asked};
use crate::desk::{Desk, Whole};
use crate::evidence::Evidence;
use crate::signing::sweep;

/// Says that it is over, to all who wait for that.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<(Mutex<bool>, Condvar)>);

impl Stop {
    /// It is over.
    pub fn set(&self) {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.0.1.notify_all();
    }

    /// Whether it is over.
    #[must_use]
    pub fn is_set(&self) -> bool {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits so long, or until it is over. Gives whether it is.
    #[must_use]
    pub fn wait(&self, most: Duration) -> bool {
        let over = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.0.1.wait_timeout_while(over, most, |over| !*over);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

/// Meets the others again and again, until it is over; when the beat is due a registrar's own witness cosigns, and others'
/// are asked. A meeting that has begun ends with the part that is under way.
pub fn rounds(desk: &Desk, peers: &[Peer], witnesses: &[Asked], every: Duration, stop: &Stop) {
    if let Err(fault) = sweep(desk) {
        tracing::error!(?fault, "what a stop left behind could not be dropped");
    }
    std::thread::scope(|threads| {
        threads.spawn(|| desk.watch_for_alerts(stop));
        if let Some(hook) = &desk.manner().alerts.hook {
            threads.spawn(move || desk.send_alerts(hook, stop));
        }
        for peer in peers {
            threads.spawn(|| meet_again(desk, peer, every, stop));
        }
        beat_again(desk, witnesses, every, stop);
    });
}

fn meet_again(desk: &Desk, peer: &Peer, every: Duration, stop: &Stop) {
    // A node that meets somebody no more must not look as if it did.
    let _whole = Whole;
    let mut said = Said::default();
    loop {
        let met = meet_while(desk, &peer.participant, &peer.address, &|| !stop.is_set());
        desk.counted.met(met.is_ok());
        said.take(peer.participant.as_str(), met.map(drop));
        if stop.wait(every) {
            return;
        }
    }
}

fn beat_again(desk: &Desk, witnesses: &[Asked], every: Duration, stop: &Stop) {
    let _whole = Whole;
    let mut said = Said::default();
    loop {
        // Whether anybody looks at the evidence or not.
        Evidence::tidy(desk);
        let full = || "it is full: nothing is signed, and nobody is met, until there is room".to_owned();
        said.take("the disk", if desk.has_room() { Ok(()) } else { Err(full()) });
        if !desk.has_room() {
            if stop.wait(every) {
                return;
            }
            continue;
        }
        let beat = desk.work(|node, now| {
            let due = node.settings().registrar && node.is_beat_due(now);
            due.then(|| node.cosign_own(now))
        });
        if let Some(Err(fault)) = beat {
            tracing::error!(%fault, "no checkpoint");
        }
        // What a mark settles has effect once the mark is cosigned too.
        if ask_all(desk, witnesses, &mut said) {
            ask_all(desk, witnesses, &mut said);
        }
        if stop.wait(every) {
            return;
        }
    }
}

/// What goes wrong with each of those that are asked again and again: said once, and again when it has become something
/// else.
#[derive(Default)]
struct Said(BTreeMap<String, String>);

impl Said {
    fn take(&mut self, whom: &str, came: Result<(), String>) {
        match came {
            Ok(()) => {
                if self.0.remove(whom).is_some() {
                    tracing::info!(whom, "is reached again");
                }
            }
            Err(why) => {
                if self.0.insert(whom.to_owned(), why.clone()).as_ref() != Some(&why) {
                    tracing::warn!(whom, why, "was asked in vain");
                }
            }
        }
    }
}

/// Asks all witnesses at once: who can't be reached holds up no other. Gives whether a mark was made.
fn ask_all(desk: &Desk, witnesses: &[Asked], said: &mut Said) -> bool {
    let came: Vec<Result<Option<u64>, String>> = std::thread::scope(|threads| {
        let asked: Vec<_> =
            witnesses.iter().map(|witness| threads.spawn(|| witness::ask(desk, witness))).collect();
        let fell = |_| Err("a fault of the program".to_owned());
        asked.into_iter().map(|thread| thread.join().unwrap_or_else(fell)).collect()
    });
    let mut is_marked = false;
    for (witness, came) in witnesses.iter().zip(came) {
        is_marked |= matches!(came, Ok(Some(_)));
        said.take(&witness.name, came.map(drop));
    }
    is_marked
}
