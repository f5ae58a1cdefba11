//! Durable appends a second, beside what this disk and these cores allow.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant as Clock;

use register::{Answer, Group};
use terms::{Instant, Seconds};

use crate::tessera::{Tessera, Took, processor_s};
use crate::world::World;
use crate::{Outcome, limits, median};

/// Submissions of one measurement.
const EACH: [(usize, usize); 3] = [(1, 600), (16, 4800), (256, 9600)];

const ROUNDS: usize = 5;

/// What is durable before a receipt is given.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keeps {
    /// The entry, in the journal.
    Journal,
    /// Also how far the register goes, in the folder and beside the keys, so that an older copy that is put
    /// back is noticed.
    Count,
}

impl Keeps {
    const fn syncs(self) -> f64 {
        match self {
            Keeps::Journal => 1.0,
            Keeps::Count => 3.0,
        }
    }
}

pub(crate) fn run(folder: &Path) -> Outcome {
    println!("\nappend: a receipt is given after its entry is on the disk");
    let ways = [
        (Keeps::Journal, "the log alone: one sync a batch"),
        (Keeps::Count, "as a node keeps it: three syncs a batch"),
    ];
    let tessera = Tessera::build(folder);
    for (keeps, how) in ways {
        println!("  {how}");
        for (submitters, submissions) in EACH {
            let mut ratios = Vec::new();
            let mut rates = Vec::new();
            let mut beside = Vec::new();
            for round in 0..ROUNDS {
                let name = format!("a-{}-{submitters}-{round}", keeps.syncs());
                let Appended { took, limit, bytes } = one(folder, &name, submitters, submissions, keeps)?;
                let rate = per_second(submissions, took.wall);
                rates.push(rate);
                ratios.push(rate / limit * 100.0);
                if let (Ok(tessera), Keeps::Journal) = (&tessera, keeps) {
                    let log = folder.join(format!("t-{submitters}-{round}"));
                    let theirs = tessera.append(&log, submitters, submissions, bytes)?;
                    beside.push((theirs.wall / took.wall, theirs.processor / took.processor));
                }
            }
            let ((ratio, spread), (rate, _)) = (median(ratios), median(rates));
            println!(
                "    {submitters:>3} submitters: {ratio:.0} % of this machine's limit, median of {ROUNDS}, \
                 ±{spread:.0} % ({rate:.0} a second)"
            );
            if !beside.is_empty() {
                let (wall, processor): (Vec<f64>, Vec<f64>) = beside.into_iter().unzip();
                println!(
                    "                    {:.1} times as many a second as Tessera's POSIX log, {:.2} times per core",
                    median(wall).0,
                    median(processor).0
                );
            }
        }
    }
    if let Err(why) = tessera {
        println!("  Tessera's POSIX log is not measured beside: {why}");
    }
    println!(
        "  limit: the syncs once for all who wait, and for each submission one signature (its receipt) and two checks\n  \
         of one (as ZIP 215 has it, and as a cofactorless verifier has it), all on one core, measured beside\n  \
         per core: entries for each second of processor time; Tessera checks and signs nothing for an entry"
    );
    Ok(())
}

/// One measurement.
struct Appended {
    took: Took,
    /// Submissions a second that this machine allows, measured right beside.
    limit: f64,
    /// Of a submission, on average.
    bytes: usize,
}

#[expect(clippy::cast_precision_loss, reason = "a rate")]
fn per_second(submissions: usize, seconds: f64) -> f64 {
    submissions as f64 / seconds
}

fn one(
    folder: &Path,
    name: &str,
    submitters: usize,
    submissions: usize,
    keeps: Keeps,
) -> Result<Appended, String> {
    let begin = Instant::from_secs(1_767_600_000).ok_or("a time")?;
    let mut world = World::new(folder, name, submitters, begin)?;
    // Each thread hands in for an officer of its own, whose chain it keeps in order.
    let mut prepared: Vec<Vec<Vec<u8>>> = vec![Vec::new(); submitters];
    for number in 0..submissions {
        let thread = number % submitters;
        let serve = act::body::Serve {
            act: terms::ActId(terms::Hash::of(&(number as u64).to_be_bytes())),
            on: world.officers[0].participant.clone(),
        };
        prepared[thread].push(world.act(thread, act::Body::Serve(serve), begin)?.to_bytes());
    }
    let bytes = prepared.iter().flatten().map(Vec::len).sum::<usize>() / submissions;
    let sync = limits::sync_s(folder)?;
    let (sign, check) = limits::sign_and_check_s();
    let World { mut log, judge, .. } = world;
    if keeps == Keeps::Count {
        log.keep_each_batch();
    }
    let group = Group::new(log, judge);
    let count = AtomicU64::new(0);
    // A thousand acts a day is a participant's quota: the register's clock runs ahead of it.
    let now = || begin.plus(Seconds::days(count.fetch_add(1, Ordering::Relaxed) / 50));
    let (began, before) = (Clock::now(), processor_s());
    let registered: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = prepared
            .into_iter()
            .map(|mine| {
                let (group, now) = (&group, &now);
                scope.spawn(move || {
                    mine.into_iter()
                        .filter(|bytes| {
                            matches!(
                                group.submit(bytes.clone(), now),
                                Ok(Answer::Registered { before: false, .. })
                            )
                        })
                        .count()
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap_or(0)).sum()
    });
    let took = Took { wall: began.elapsed().as_secs_f64(), processor: processor_s() - before };
    if registered != submissions {
        return Err(format!("only {registered} of {submissions} were registered"));
    }
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    let waiting = submitters as f64;
    let limit = waiting / (keeps.syncs() * sync + waiting * (sign + 2.0 * check));
    Ok(Appended { took, limit, bytes })
}
