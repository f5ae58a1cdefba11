//! Every operation on the disk fails once, in each way, and the power goes; or it fails and all goes on.
//! What was given out must stand after that, and the register must go on.

mod support;

use register::Fault;
use register::disk::simulated::{Failure, SimulatedDisk, Then};
use support::{Given, all, beat, check_files, hand_in, open};

type Life = fn(&SimulatedDisk, &mut Given) -> Result<(), Fault>;

/// How an operation of a life without failures can fail.
fn failures(whole: &SimulatedDisk, operation: u64) -> Vec<Failure> {
    let half = whole.writes().contains(&operation).then_some(Failure::Half);
    [Failure::NotDone, Failure::Unanswered].into_iter().chain(half).collect()
}

/// A node's life: beats and batches, one without a beat before the end.
fn live(disk: &SimulatedDisk, given: &mut Given) -> Result<(), Fault> {
    let mut log = open(disk.clone(), given)?;
    for count in [1, 3, 2] {
        hand_in(&mut log, given, count)?;
        hand_in(&mut log, given, 1)?;
        beat(&mut log, given)?;
    }
    drop(log);
    let mut log = open(disk.clone(), given)?;
    hand_in(&mut log, given, 4)?;
    log.close()?;
    let mut log = open(disk.clone(), given)?;
    hand_in(&mut log, given, 2)?;
    beat(&mut log, given)
}

/// A shorter one, in which the first tiles fill up and their partial ones go.
fn fill_up(disk: &SimulatedDisk, given: &mut Given) -> Result<(), Fault> {
    let mut log = open(disk.clone(), given)?;
    hand_in(&mut log, given, 7)?;
    beat(&mut log, given)?;
    hand_in(&mut log, given, 1)?;
    log.close()
}

/// What must hold of whatever was left; then the register goes on.
fn recover(disk: &SimulatedDisk, given: &mut Given) {
    let mut log = open(disk.clone(), given).expect("a register that opens");
    given.check(&log);
    check_files(disk, &all(&log));
    // Who was not answered hands in again.
    let last = given.handed_in;
    given.handed_in = last.saturating_sub(4);
    hand_in(&mut log, given, 6).expect("a disk that works");
    drop(log);
    let mut log = open(disk.clone(), given).expect("a register that opens");
    given.check(&log);
    beat(&mut log, given).expect("a disk that works");
    let entries = all(&log);
    drop(log);
    let log = open(disk.clone(), given).expect("a register that opens");
    given.check(&log);
    assert_eq!(all(&log), entries);
    check_files(disk, &entries);
}

/// Tries every operation whose number leaves `part` when divided by 2: two tests are two threads.
fn exhaust(start: &SimulatedDisk, before: &Given, live: Life, seeds: u64, part: u64) -> u64 {
    let whole = start.copy();
    live(&whole, &mut before.clone()).expect("a disk that works");
    let (from, to) = (start.operations(), whole.operations());
    for operation in (from..=to).filter(|operation| operation % 2 == part) {
        for failure in failures(&whole, operation) {
            let disk = start.copy();
            disk.fail(operation, failure, Then::Off);
            let mut given = before.clone();
            // Removing what is not needed any more may fail unsaid.
            let _ = live(&disk, &mut given);
            for seed in 0..seeds {
                let found = disk.crash(operation * 1000 + seed);
                recover(&found, &mut given.clone());
            }
        }
    }
    to - from
}

fn new_register(part: u64) {
    let operations = exhaust(&SimulatedDisk::new(), &Given::default(), live, 3, part);
    assert!(operations > 200, "{operations}");
}

fn tiles_fill_up(part: u64) {
    let (disk, mut given) = (SimulatedDisk::new(), Given::default());
    let mut log = open(disk.clone(), &mut given).expect("a register");
    hand_in(&mut log, &mut given, 250).expect("a disk that works");
    beat(&mut log, &mut given).expect("a disk that works");
    log.close().expect("a disk that works");
    let operations = exhaust(&disk, &given, fill_up, 1, part);
    assert!(operations > 100, "{operations}");
}

#[test]
fn the_power_goes_at_any_even_operation_of_a_new_register() {
    new_register(0);
}

#[test]
fn the_power_goes_at_any_odd_operation_of_a_new_register() {
    new_register(1);
}

#[test]
fn the_power_goes_at_any_even_operation_where_tiles_fill_up() {
    tiles_fill_up(0);
}

#[test]
fn the_power_goes_at_any_odd_operation_where_tiles_fill_up() {
    tiles_fill_up(1);
}

/// The power goes twice: while the first time is being recovered from.
#[test]
fn the_power_goes_again_at_any_operation_of_a_start() {
    let (disk, mut given) = (SimulatedDisk::new(), Given::default());
    let mut log = open(disk.clone(), &mut given).expect("a register");
    hand_in(&mut log, &mut given, 5).expect("a disk that works");
    beat(&mut log, &mut given).expect("a disk that works");
    hand_in(&mut log, &mut given, 5).expect("a disk that works");
    let torn = disk.operations() + 1;
    disk.fail(torn, Failure::NotDone, Then::Off);
    hand_in(&mut log, &mut given, 5).expect_err("the power is gone");
    for seed in 0..12 {
        let found = disk.crash(seed);
        let whole = found.copy();
        open(whole.clone(), &mut given.clone()).expect("a register");
        for operation in found.operations()..whole.operations() {
            for failure in failures(&whole, operation) {
                let again = found.copy();
                again.fail(operation, failure, Then::Off);
                let mut given = given.clone();
                open(again.clone(), &mut given).map(drop).expect_err("the power is gone");
                recover(&again.crash(operation), &mut given);
            }
        }
    }
}

/// The disk fails once and the process lives: it must give out nothing more, and a key whose journal
/// may have lost a write is over.
#[test]
fn the_disk_fails_at_any_operation_and_works_again() {
    let whole = SimulatedDisk::new();
    live(&whole, &mut Given::default()).expect("a disk that works");
    let (mut stopped, mut recovered) = (0, 0);
    for operation in 0..whole.operations() {
        for failure in failures(&whole, operation) {
            let disk = SimulatedDisk::new();
            disk.fail(operation, failure, Then::On);
            let mut given = Given::default();
            let _ = live(&disk, &mut given);
            let crashed = disk.crash(operation);
            match open(disk.clone(), &mut given.clone()) {
                Ok(log) => {
                    drop(log);
                    recover(&disk, &mut given.clone());
                    // And if the power goes as well.
                    recover(&crashed, &mut given);
                    recovered += 1;
                }
                Err(Fault::Stopped { path }) => {
                    let again = open(crashed, &mut given);
                    assert!(matches!(again, Err(Fault::Stopped { .. })), "{path:?} is durable");
                    stopped += 1;
                }
                Err(fault) => panic!("operation {operation}, {failure:?}: {fault}"),
            }
        }
    }
    assert!(stopped > 30 && recovered > 100, "{stopped} {recovered}");
}

/// After a failed write nothing is signed, whatever is asked.
#[test]
fn a_log_that_failed_says_no_to_everything() {
    let (disk, mut given) = (SimulatedDisk::new(), Given::default());
    let mut log = open(disk.clone(), &mut given).expect("a register");
    hand_in(&mut log, &mut given, 3).expect("a disk that works");
    let checkpoint = log.checkpoint().expect("a disk that works");
    disk.fail(disk.operations(), Failure::Half, Then::On);
    let failed = hand_in(&mut log, &mut given, 2).expect_err("told to fail");
    assert!(matches!(&failed, Fault::Disk(fault) if fault.path.ends_with("queue/journal")), "{failed}");
    assert!(matches!(hand_in(&mut log, &mut given, 1), Err(Fault::Halted)));
    assert!(matches!(log.settle(), Err(Fault::Halted)));
    assert!(matches!(log.checkpoint(), Err(Fault::Halted)));
    assert!(matches!(log.serve(&checkpoint), Err(Fault::Halted)));
    given.check(&log);
    drop(log);
    recover(&disk, &mut given);
}
