//! Many submitters, one sync.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use terms::Instant;

use crate::disk::Disk;
use crate::fault::Fault;
use crate::judge::Judge;
use crate::log::{Answer, Log};

/// Most submissions of one batch.
const BATCH_MAX: usize = 1024;

/// A log that many threads hand in to. What comes while one batch is on its way to the disk is the next
/// batch, so that a sync is shared by all who wait for one.
pub struct Group<D: Disk, J> {
    log: Mutex<(Log<D>, J)>,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    next_ticket: u64,
    handed_in: BTreeMap<u64, Vec<u8>>,
    answers: BTreeMap<u64, Result<Answer, Fault>>,
}

impl<D: Disk, J: Judge> Group<D, J> {
    /// Opens a log to many.
    pub fn new(log: Log<D>, judge: J) -> Group<D, J> {
        Group { log: Mutex::new((log, judge)), waiting: Mutex::default() }
    }

    /// Hands in one submission, and waits for its answer. `now` is asked once a batch.
    ///
    /// # Errors
    /// As [`Log::append`], for each whose batch failed.
    pub fn submit(&self, submission: Vec<u8>, now: impl FnOnce() -> Instant) -> Result<Answer, Fault> {
        let ticket = {
            let mut waiting = self.waiting();
            let ticket = waiting.next_ticket;
            waiting.next_ticket += 1;
            waiting.handed_in.insert(ticket, submission);
            ticket
        };
        // Whoever gets the log next takes along all who wait; the others find their answers.
        let mut guard = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = self.waiting().answers.remove(&ticket) {
            return answer;
        }
        let batch = self.take_batch(ticket);
        let (tickets, submissions): (Vec<u64>, Vec<Vec<u8>>) = batch.into_iter().unzip();
        let (log, judge) = &mut *guard;
        let answers = log.append(&submissions, now(), judge);
        let mut waiting = self.waiting();
        match answers {
            Ok(answers) => waiting.answers.extend(tickets.into_iter().zip(answers.into_iter().map(Ok))),
            Err(fault) => {
                // The fault is told to one; the others learn that nothing more is signed.
                waiting.answers.extend(tickets.into_iter().map(|other| (other, Err(Fault::Halted))));
                waiting.answers.insert(ticket, Err(fault));
            }
        }
        waiting.answers.remove(&ticket).unwrap_or(Err(Fault::Halted))
    }

    /// Does something with the log and its judge, between two batches.
    pub fn with<T>(&self, with: impl FnOnce(&mut Log<D>, &mut J) -> T) -> T {
        let mut guard = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        let (log, judge) = &mut *guard;
        with(log, judge)
    }

    /// Those who came first, and in any case this one.
    fn take_batch(&self, ticket: u64) -> Vec<(u64, Vec<u8>)> {
        let mut waiting = self.waiting();
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
