//! A whole register, checked from the first byte to the state, beside the batch rate of the same rule
//! on all cores; and replay alone.

use std::path::Path;
use std::time::Instant as Clock;

use audit::{Expected, Verdict, verify_folder};
use docket::v1::replay::{Annexes, Past, Replay, Verifier};
use node::batch::Threads;
use node::disk::Disk;
use note::Check;
use terms::{Hash, Instant, Seconds};

use crate::world::World;
use crate::{Outcome, limits, peak_mib};

/// Entries between two marks: an hour of a busy day.
const BETWEEN_MARKS: u64 = 500;

pub(crate) fn run(folder: &Path, entries: u64) -> Outcome {
    println!("\nverify: {entries} entries, notices and acknowledgements, a mark for each {BETWEEN_MARKS}");
    let began = Clock::now();
    let mut now = Instant::from_secs(1_767_600_000).ok_or("a time")?;
    let mut world = World::new(folder, "register", 16, now)?;
    let mut party = 0;
    while world.log.size() < entries {
        let mut batch = Vec::new();
        for _ in 0..BETWEEN_MARKS / 2 {
            for submission in world.notice(party, now)? {
                batch.push(submission.to_bytes());
            }
            party += 1;
        }
        world.log.append(&batch, now, &mut world.judge).map_err(|error| error.to_string())?;
        world.mark(now)?;
        // Twelve hours each, so that nobody is over its quota; dead time is taken out as the rules say.
        now = now.plus(Seconds::hours(12));
    }
    world.mark(now)?;
    world.log.close().map_err(|error| error.to_string())?;
    println!("  (made in {:.0} s)", began.elapsed().as_secs_f64());

    let keys = 18;
    let before = limits::batch_rate(keys);
    let at_rest = peak_mib();
    let began = Clock::now();
    let checked = verify_folder(
        &Disk::at(&folder.join("register")),
        &Expected::Any,
        None,
        &mut Threads::start(),
        &mut |_, _| {},
    );
    let took = began.elapsed().as_secs_f64();
    let peak = peak_mib();
    let after = limits::batch_rate(keys);
    let report = checked.report;
    if report.verdict() != Verdict::Good {
        return Err(format!("the register is not good: {:?} {:?}", report.wrongs.first(), report.undecided));
    }
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    let (signatures, count) = (report.counts.signatures as f64, report.counts.entries as f64);
    let limit = (before + after) / 2.0;
    println!(
        "  full verify: {:.0} % of the batch rate on all cores ({:.0} signatures a second beside {limit:.0}; {took:.1} s), \
         peak memory {peak} MiB ({at_rest} before)",
        signatures / took / limit * 100.0,
        signatures / took
    );
    let rate = replay(folder, entries.min(200_000))?;
    println!(
        "  replay alone, signatures taken as good: {rate:.0} entries a second; all entries in {:.1} s",
        count / rate
    );
    Ok(())
}

/// Takes every signature as good: what is measured is replay.
struct Taken;

impl Verifier for Taken {
    fn holds(&mut self, _: u64, _: Check) -> bool {
        true
    }
}

struct NoPast;

impl Past for NoPast {
    fn root_at(&self, _: u64) -> Option<Hash> {
        None
    }
}

fn replay(folder: &Path, entries: u64) -> Result<f64, String> {
    let data = folder.join("register");
    let reader = register::Reader::new(register::RealDisk, &data.join("register"));
    let size = reader
        .checkpoint()
        .map_err(|error| error.to_string())?
        .map_or(0, |checkpoint| checkpoint.checkpoint().size);
    let bytes: Vec<Vec<u8>> = reader
        .entries(0..entries.min(size), size)
        .collect::<Result<_, _>>()
        .map_err(|error| error.to_string())?;
    let mut annexes = Annexes::new();
    for file in std::fs::read_dir(data.join("register/annex")).map_err(|error| error.to_string())? {
        let path = file.map_err(|error| error.to_string())?.path();
        let read = std::fs::read(path).map_err(|error| error.to_string())?;
        annexes.insert(Hash::of(&read), read);
    }
    let first = bytes.first().ok_or("no entry")?;
    let mut replay =
        Replay::begin(first, &annexes, None, false, &mut Taken).map_err(|error| error.to_string())?;
    let began = Clock::now();
    for entry in &bytes[1..] {
        replay.enter(entry, &NoPast, &mut Taken);
    }
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    let rate = bytes.len() as f64 / began.elapsed().as_secs_f64();
    if replay.malformed() > 0 {
        return Err("the register that was made has malformed entries".to_owned());
    }
    Ok(rate)
}
