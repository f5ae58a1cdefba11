//! Entries read, and signatures checked in batches, on all cores while replay goes on.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use audit::{Batcher, Bundle};
use note::{Batch, Check};

/// The places in a chunk of the checks that fail.
type Checked = (u64, Vec<usize>);

type Job = Box<dyn FnOnce() -> Done + Send>;

enum Done {
    /// A bundle of entries, by its number.
    Read(u64, Bundle),
    /// A chunk of checks.
    Checked(Checked),
    /// The job fell over, with this: a fault of the program. Whoever waits for it falls over too, instead
    /// of waiting for ever.
    Fell(Box<dyn Any + Send>),
}

/// Checks on as many threads as the machine has cores.
pub struct Threads {
    jobs: Option<Sender<Job>>,
    done: Receiver<Done>,
    workers: Vec<JoinHandle<()>>,
    /// Chunks that were handed over and have not come back.
    waiting: usize,
    /// Those that came back while something else was waited for.
    ready: Vec<Checked>,
    /// The number of the next bundle to be handed over, and of the next to be given back.
    bundles: (u64, u64),
    /// Bundles that came back before their turn.
    read: BTreeMap<u64, Bundle>,
}

/// How many chunks may wait for each worker: reading must not run away from checking.
const CHUNKS_PER_WORKER: usize = 4;

/// The system's randomness, a kilobyte at a time: what a batch weighs its equations with must not be
/// known beforehand.
struct SystemRng {
    bytes: [u8; 1024],
    used: usize,
}

impl SystemRng {
    const fn new() -> SystemRng {
        SystemRng { bytes: [0; 1024], used: 1024 }
    }
}

impl rand_core::TryRng for SystemRng {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, wanted: &mut [u8]) -> Result<(), Self::Error> {
        for byte in wanted {
            if self.used == self.bytes.len() {
                #[expect(
                    clippy::expect_used,
                    reason = "a machine without randomness can't check a batch, nor make a key"
                )]
                getrandom::fill(&mut self.bytes).expect("the system gives randomness");
                self.used = 0;
            }
            *byte = self.bytes[self.used];
            self.used += 1;
        }
        Ok(())
    }
}

impl rand_core::TryCryptoRng for SystemRng {}

impl Threads {
    /// Starts the workers.
    #[must_use]
    pub fn start() -> Threads {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let (jobs, take) = channel::<Job>();
        let (give, done) = channel();
        let take = Arc::new(Mutex::new(take));
        let workers = (0..cores)
            .map(|_| {
                let (take, give): (Arc<Mutex<Receiver<Job>>>, Sender<Done>) =
                    (Arc::clone(&take), give.clone());
                std::thread::spawn(move || {
                    loop {
                        let job = take.lock().unwrap_or_else(PoisonError::into_inner).recv();
                        let Ok(job) = job else { return };
                        // A job owns all that it works on: nothing half done is left behind.
                        let done = catch_unwind(AssertUnwindSafe(job)).unwrap_or_else(Done::Fell);
                        if give.send(done).is_err() {
                            return;
                        }
                    }
                })
            })
            .collect();
        let (ready, read) = (Vec::new(), BTreeMap::new());
        Threads { jobs: Some(jobs), done, workers, waiting: 0, ready, bundles: (0, 0), read }
    }

    fn hand_over(&self, job: Job) -> bool {
        self.jobs.as_ref().is_some_and(|jobs| jobs.send(job).is_ok())
    }

    /// Puts what came back where it is looked for.
    fn take_in(&mut self, done: Done) {
        match done {
            Done::Read(number, bundle) => drop(self.read.insert(number, bundle)),
            Done::Checked(checked) => {
                self.waiting -= 1;
                self.ready.push(checked);
            }
            Done::Fell(with) => resume_unwind(with),
        }
    }
}

/// The places of the checks that fail.
pub(crate) fn failing(checks: &[Check]) -> Vec<usize> {
    let mut batch = Batch::new();
    for check in checks {
        batch.push(check);
    }
    batch.verify(&mut SystemRng::new()).err().unwrap_or_default()
}

impl Batcher for Threads {
    fn read(&mut self, bundle: Vec<u8>, width: u16) {
        let number = self.bundles.0;
        if self.hand_over(Box::new(move || Done::Read(number, Bundle::read(bundle, width)))) {
            self.bundles.0 += 1;
        }
    }

    fn bundle(&mut self) -> Option<Bundle> {
        if self.bundles.0 == self.bundles.1 {
            return None;
        }
        loop {
            if let Some(bundle) = self.read.remove(&self.bundles.1) {
                self.bundles.1 += 1;
                return Some(bundle);
            }
            let done = self.done.recv().ok()?;
            self.take_in(done);
        }
    }

    fn submit(&mut self, chunk: u64, checks: Vec<Check>) {
        while self.waiting >= CHUNKS_PER_WORKER * self.workers.len() {
            let Ok(done) = self.done.recv() else { break };
            self.take_in(done);
        }
        if self.hand_over(Box::new(move || Done::Checked((chunk, failing(&checks))))) {
            self.waiting += 1;
        }
    }

    fn done(&mut self, wait: bool) -> Vec<Checked> {
        while self.waiting > 0 {
            let next = if wait { self.done.recv().ok() } else { self.done.try_recv().ok() };
            let Some(done) = next else { break };
            self.take_in(done);
        }
        std::mem::take(&mut self.ready)
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        self.jobs = None;
        for worker in self.workers.drain(..) {
            let _ = worker.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever waited for a job that fell over waited for ever.
    #[test]
    fn a_job_that_falls_over_leaves_nobody_waiting() {
        let waits: [fn(&mut Threads); 2] =
            [|threads| drop(threads.bundle()), |threads| drop(threads.done(true))];
        for wait in waits {
            let (say, said) = channel();
            std::thread::spawn(move || {
                let mut threads = Threads::start();
                assert!(threads.hand_over(Box::new(|| resume_unwind(Box::new("it fell over")))));
                (threads.bundles.0, threads.waiting) = (1, 1);
                let fell = catch_unwind(AssertUnwindSafe(|| wait(&mut threads))).is_err();
                let _ = say.send(fell);
            });
            assert_eq!(said.recv_timeout(std::time::Duration::from_secs(60)), Ok(true));
        }
    }
}
