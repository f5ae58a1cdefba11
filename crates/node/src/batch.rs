//! Signatures checked in batches on all cores, while replay goes on.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use audit::Batcher;
use note::{Batch, Check};

type Job = (u64, Vec<Check>);
type Done = (u64, Vec<usize>);

/// Checks on as many threads as the machine has cores.
pub struct Threads {
    jobs: Option<Sender<Job>>,
    done: Receiver<Done>,
    workers: Vec<JoinHandle<()>>,
    waiting: usize,
    /// What came back while a worker was waited for.
    ready: Vec<Done>,
}

/// How many jobs may wait for each worker: reading must not run away from checking.
const JOBS_PER_WORKER: usize = 4;

/// The system's randomness: what a batch weighs its equations with must not be known beforehand.
struct SystemRng;

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

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        #[expect(
            clippy::expect_used,
            reason = "a machine without randomness can't check a batch, nor make a key"
        )]
        getrandom::fill(bytes).expect("the system gives randomness");
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
                        let Ok((chunk, checks)) = job else { return };
                        if give.send((chunk, failing(&checks))).is_err() {
                            return;
                        }
                    }
                })
            })
            .collect();
        Threads { jobs: Some(jobs), done, workers, waiting: 0, ready: Vec::new() }
    }
}

/// The places of the checks that fail.
fn failing(checks: &[Check]) -> Vec<usize> {
    let mut batch = Batch::new();
    for check in checks {
        batch.push(check);
    }
    batch.verify(&mut SystemRng).err().unwrap_or_default()
}

impl Batcher for Threads {
    fn submit(&mut self, chunk: u64, checks: Vec<Check>) {
        while self.waiting >= JOBS_PER_WORKER * self.workers.len() {
            let Ok(done) = self.done.recv() else { break };
            self.waiting -= 1;
            self.ready.push(done);
        }
        if let Some(jobs) = &self.jobs
            && jobs.send((chunk, checks)).is_ok()
        {
            self.waiting += 1;
        }
    }

    fn done(&mut self, wait: bool) -> Vec<Done> {
        let mut all = std::mem::take(&mut self.ready);
        while self.waiting > 0 {
            let next = if wait { self.done.recv().ok() } else { self.done.try_recv().ok() };
            let Some(done) = next else { break };
            self.waiting -= 1;
            all.push(done);
        }
        all
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
