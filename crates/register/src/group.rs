//! Many submitters, one sync.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use terms::Instant;

use crate::disk::Disk;
use crate::fault::Fault;
use crate::judge::Judge;
use crate::log::{Answer, Log};

/// Most submissions of one batch.
const BATCH_MAX: usize = 1024;

/// How long a batch waits for as many as came to the one before: a part of what a sync takes, on any
/// disk that keeps what it is given. Whoever was just answered has the time to hand the next one in.
const GATHER: Duration = Duration::from_micros(500);

/// A log that many threads hand in to. What comes while one batch is on its way to the disk is the next
/// batch, so that a sync is shared by all who wait for one.
pub struct Group<D: Disk, J> {
    log: Mutex<(Log<D>, J)>,
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Default)]
struct Waiting {
    next_ticket: u64,
    handed_in: BTreeMap<u64, Vec<u8>>,
    answers: BTreeMap<u64, Result<Answer, Fault>>,
    /// Whether somebody is taking a batch to the disk.
    busy: bool,
    /// How many were in the batch before.
    before: usize,
}

impl<D: Disk, J: Judge> Group<D, J> {
    /// Opens a log to many.
    pub fn new(log: Log<D>, judge: J) -> Group<D, J> {
        Group { log: Mutex::new((log, judge)), waiting: Mutex::default(), changed: Condvar::new() }
    }

    /// Hands in one submission, and waits for its answer. `now` is asked once a batch.
    ///
    /// # Errors
    /// As [`Log::append`], for each whose batch failed.
    pub fn submit(&self, submission: Vec<u8>, now: impl FnOnce() -> Instant) -> Result<Answer, Fault> {
        let mut waiting = self.waiting();
        let ticket = waiting.next_ticket;
        waiting.next_ticket += 1;
        waiting.handed_in.insert(ticket, submission);
        self.changed.notify_all();
        // Whoever finds nobody at work takes along all who wait; the others find their answers.
        while waiting.busy {
            waiting = self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
            if let Some(answer) = waiting.answers.remove(&ticket) {
                return answer;
            }
        }
        waiting.busy = true;
        let batch = Self::gather(self.wait_for_others(waiting), ticket);
        let (tickets, submissions): (Vec<u64>, Vec<Vec<u8>>) = batch.into_iter().unzip();
        let answers = {
            let mut guard = self.log.lock().unwrap_or_else(PoisonError::into_inner);
            let (log, judge) = &mut *guard;
            log.append(&submissions, now(), judge)
        };
        let mut waiting = self.waiting();
        waiting.before = tickets.len();
        match answers {
            Ok(answers) => waiting.answers.extend(tickets.into_iter().zip(answers.into_iter().map(Ok))),
            Err(fault) => {
                // The fault is told to one; the others learn that nothing more is signed.
                waiting.answers.extend(tickets.into_iter().map(|other| (other, Err(Fault::Halted))));
                waiting.answers.insert(ticket, Err(fault));
            }
        }
        waiting.busy = false;
        self.changed.notify_all();
        waiting.answers.remove(&ticket).unwrap_or(Err(Fault::Halted))
    }

    /// Does something with the log and its judge, between two batches.
    pub fn with<T>(&self, with: impl FnOnce(&mut Log<D>, &mut J) -> T) -> T {
        let mut guard = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        let (log, judge) = &mut *guard;
        with(log, judge)
    }

    /// Waits a moment for as many as came to the batch before.
    fn wait_for_others<'a>(&'a self, mut waiting: MutexGuard<'a, Waiting>) -> MutexGuard<'a, Waiting> {
        while waiting.handed_in.len() < waiting.before.min(BATCH_MAX) {
            let (next, waited) =
                self.changed.wait_timeout(waiting, GATHER).unwrap_or_else(PoisonError::into_inner);
            waiting = next;
            if waited.timed_out() {
                break;
            }
        }
        waiting
    }

    /// Those who came first, and in any case this one.
    fn gather(mut waiting: MutexGuard<'_, Waiting>, ticket: u64) -> Vec<(u64, Vec<u8>)> {
        let mine = waiting.handed_in.remove_entry(&ticket);
        let mut batch = Vec::new();
        while batch.len() + 1 < BATCH_MAX
            && let Some(first) = waiting.handed_in.pop_first()
        {
            batch.push(first);
        }
        batch.extend(mine);
        batch
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
