//! Many submitters, one sync.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Thread};
use std::time::Duration;

use terms::Instant;

use crate::disk::Disk;
use crate::fault::Fault;
use crate::judge::Judge;
use crate::log::{Answer, Handed, Log};

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
    /// Told of each that is handed in; only whoever gathers a batch listens.
    arrived: Condvar,
}

#[derive(Default)]
struct Waiting {
    next_ticket: u64,
    /// What was handed in, and the thread that waits for the answer.
    handed_in: BTreeMap<u64, (Handed, Thread)>,
    answers: BTreeMap<u64, Result<Answer, Fault>>,
    /// Whether somebody is taking a batch to the disk.
    busy: bool,
    /// How many were in the batch before.
    before: usize,
}

impl<D: Disk, J: Judge> Group<D, J> {
    /// Opens a log to many.
    pub fn new(log: Log<D>, judge: J) -> Group<D, J> {
        Group { log: Mutex::new((log, judge)), waiting: Mutex::default(), arrived: Condvar::new() }
    }

    /// Hands in one submission, and waits for its answer. `now` is asked once a batch.
    ///
    /// # Errors
    /// As [`Log::append`], for each whose batch failed.
    pub fn submit(&self, submission: Vec<u8>, now: impl FnOnce() -> Instant) -> Result<Answer, Fault> {
        // Each reads its own while others are on their way to the disk.
        let handed = Handed::read(submission);
        let mut waiting = self.waiting();
        let ticket = waiting.next_ticket;
        waiting.next_ticket += 1;
        waiting.handed_in.insert(ticket, (handed, thread::current()));
        self.arrived.notify_one();
        // Whoever finds nobody at work takes along all who wait; the others find their answers. Each is
        // woken by name: a word to all would wake hundreds for one.
        while waiting.busy {
            drop(waiting);
            thread::park();
            waiting = self.waiting();
            if let Some(answer) = waiting.answers.remove(&ticket) {
                return answer;
            }
        }
        waiting.busy = true;
        let (mut turn, submissions) = self.gather(self.wait_for_others(waiting), ticket);
        let answers = match self.log.lock() {
            Ok(mut guard) => {
                let (log, judge) = &mut *guard;
                log.append_read(submissions, now(), judge)
            }
            // Whoever had it before broke off: what it wrote is not known.
            Err(_) => Err(Fault::Halted),
        };
        let mut waiting = self.waiting();
        let tickets = std::mem::take(&mut turn.tickets);
        waiting.before = tickets.len();
        match answers {
            Ok(answers) => waiting.answers.extend(tickets.into_iter().zip(answers.into_iter().map(Ok))),
            Err(fault) => {
                // The fault is told to one; the others learn that nothing more is signed.
                waiting.answers.extend(tickets.into_iter().map(|other| (other, Err(Fault::Halted))));
                waiting.answers.insert(ticket, Err(fault));
            }
        }
        drop(waiting);
        drop(turn);
        self.waiting().answers.remove(&ticket).unwrap_or(Err(Fault::Halted))
    }

    /// Does something with the log and its judge, between two batches.
    ///
    /// # Errors
    /// [`Fault::Halted`] if somebody broke off in the midst of a batch.
    pub fn with<T>(&self, with: impl FnOnce(&mut Log<D>, &mut J) -> T) -> Result<T, Fault> {
        let mut guard = self.log.lock().map_err(|_| Fault::Halted)?;
        let (log, judge) = &mut *guard;
        Ok(with(log, judge))
    }

    /// Waits a moment for as many as came to the batch before.
    fn wait_for_others<'a>(&'a self, mut waiting: MutexGuard<'a, Waiting>) -> MutexGuard<'a, Waiting> {
        while waiting.handed_in.len() < waiting.before.min(BATCH_MAX) {
            let (next, waited) =
                self.arrived.wait_timeout(waiting, GATHER).unwrap_or_else(PoisonError::into_inner);
            waiting = next;
            if waited.timed_out() {
                break;
            }
        }
        waiting
    }

    /// Those who came first, and in any case this one.
    fn gather(&self, mut waiting: MutexGuard<'_, Waiting>, ticket: u64) -> (Turn<'_, D, J>, Vec<Handed>) {
        let mine = waiting.handed_in.remove_entry(&ticket);
        let (mut tickets, mut submissions, mut threads) = (Vec::new(), Vec::new(), Vec::new());
        let firsts = std::iter::from_fn(|| waiting.handed_in.pop_first()).take(BATCH_MAX - 1);
        for (ticket, (handed, thread)) in firsts.chain(mine) {
            tickets.push(ticket);
            submissions.push(handed);
            threads.push(thread);
        }
        (Turn { group: self, tickets, threads }, submissions)
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody's turn to take a batch to the disk. However it ends, also in a panic, all of the batch are
/// answered and woken, and somebody else may have the next.
struct Turn<'a, D: Disk, J: Judge> {
    group: &'a Group<D, J>,
    /// Those that have no answer yet.
    tickets: Vec<u64>,
    threads: Vec<Thread>,
}

impl<D: Disk, J: Judge> Drop for Turn<'_, D, J> {
    fn drop(&mut self) {
        let mut waiting = self.group.waiting();
        for ticket in &self.tickets {
            waiting.answers.insert(*ticket, Err(Fault::Halted));
        }
        waiting.busy = false;
        let next = waiting.handed_in.first_key_value().map(|(_, (_, thread))| thread.clone());
        drop(waiting);
        self.threads.iter().chain(&next).for_each(Thread::unpark);
    }
}
