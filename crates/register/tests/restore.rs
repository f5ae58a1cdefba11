//! A folder that was copied back, keys that were moved, two processes (TIME T22): what is seen, and what
//! no machine can see.

mod support;

use std::path::Path;

use note::SigningKey;
use register::disk::simulated::SimulatedDisk;
use register::{Disk, Fault, Folder, KnownBy, Log, RealDisk, Start};
use support::{DATA, Given, KEPT, beat, folder, hand_in, open, registrar};
use terms::Hash;
use tlog::witness::Seen;

/// DATA as it was in `old`, KEPT as it is in `new`.
fn put_back(old: &SimulatedDisk, new: &SimulatedDisk) -> SimulatedDisk {
    let disk = old.copy();
    for path in old.files().iter().filter(|path| path.starts_with(KEPT)) {
        disk.remove(path).expect("a file");
    }
    for path in new.files().iter().filter(|path| path.starts_with(KEPT)) {
        let bytes = new.read(path, 1 << 20).expect("a file");
        register::disk::DiskFile::append(&mut disk.create(path).expect("a file"), &bytes).expect("memory");
    }
    disk
}

fn start(disk: &SimulatedDisk, witnessed: &[Seen], start: Start) -> Result<u64, Fault> {
    Log::open(&folder(disk.clone())?, registrar(), witnessed, start).map(|(log, _)| log.size())
}

fn register() -> (SimulatedDisk, Given) {
    let (disk, mut given) = (SimulatedDisk::new(), Given::default());
    let mut log = open(disk.clone(), &mut given).expect("a register");
    hand_in(&mut log, &mut given, 3).expect("a disk that works");
    beat(&mut log, &mut given).expect("a disk that works");
    drop(log);
    (disk, given)
}

#[test]
fn a_copy_from_before_a_checkpoint_does_not_start() {
    let (disk, mut given) = register();
    let old = disk.copy();
    let mut log = open(disk.clone(), &mut given).expect("a register");
    hand_in(&mut log, &mut given, 2).expect("a disk that works");
    beat(&mut log, &mut given).expect("a disk that works");
    drop(log);
    let back = start(&put_back(&old, &disk), &[], Start::Usual);
    assert!(matches!(back, Err(Fault::Behind { known_by: KnownBy::Keys, size: 4, .. })), "{back:?}");
    // What a person says does not outweigh it.
    let root = given.roots[&4];
    let back = start(&put_back(&old, &disk), &[], Start::Stated(Seen { size: 4, root }));
    assert!(matches!(back, Err(Fault::Behind { known_by: KnownBy::Keys, .. })), "{back:?}");
}

#[test]
fn a_copy_from_before_the_last_start_or_the_end_does_not_start() {
    let (disk, mut given) = register();
    let old = disk.copy();
    let mut log = open(disk.clone(), &mut given).expect("a register");
    hand_in(&mut log, &mut given, 2).expect("a disk that works");
    drop(log);
    drop(open(disk.clone(), &mut given).expect("a register"));
    let back = start(&put_back(&old, &disk), &[], Start::Usual);
    assert!(matches!(back, Err(Fault::Behind { known_by: KnownBy::Keys, .. })), "{back:?}");

    let mut log = open(disk.clone(), &mut given).expect("a register");
    let old = disk.copy();
    hand_in(&mut log, &mut given, 2).expect("a disk that works");
    log.close().expect("a disk that works");
    let back = start(&put_back(&old, &disk), &[], Start::Usual);
    assert!(matches!(back, Err(Fault::Behind { known_by: KnownBy::Keys, .. })), "{back:?}");
}

/// What T22 says no machine can find out: receipts between two beats, and a copy from between them. The
/// witnesses have not seen them either. This test is here so that nobody believes otherwise.
#[test]
fn a_copy_from_between_two_beats_is_not_seen() {
    let (disk, mut given) = register();
    let mut log = open(disk.clone(), &mut given).expect("a register");
    let old = disk.copy();
    hand_in(&mut log, &mut given, 2).expect("a disk that works");
    drop(log);
    assert_eq!(start(&put_back(&old, &disk), &[], Start::Usual).expect("it starts"), 4);
}

#[test]
fn with_each_batch_kept_any_older_copy_is_seen() {
    let (disk, mut given) = register();
    let mut log = open(disk.clone(), &mut given).expect("a register");
    log.keep_each_batch();
    let old = disk.copy();
    hand_in(&mut log, &mut given, 1).expect("a disk that works");
    drop(log);
    let back = start(&put_back(&old, &disk), &[], Start::Usual);
    assert!(matches!(back, Err(Fault::Behind { known_by: KnownBy::Keys, size: 4, .. })), "{back:?}");
}

#[test]
fn below_its_witnesses_it_does_not_start() {
    let (disk, mut given) = register();
    let old = disk.copy();
    let mut log = open(disk.clone(), &mut given).expect("a register");
    hand_in(&mut log, &mut given, 2).expect("a disk that works");
    beat(&mut log, &mut given).expect("a disk that works");
    drop(log);
    // The whole machine was put back, keys and all; the witnesses were not.
    let back = start(&old, &given.witnessed(), Start::Usual);
    assert!(matches!(back, Err(Fault::Behind { known_by: KnownBy::Witness, size: 4, .. })), "{back:?}");
    let other = Seen { size: 3, root: Hash::of(b"another past") };
    let back = start(&disk, &[other], Start::Usual);
    assert!(matches!(back, Err(Fault::OtherPast { known_by: KnownBy::Witness, .. })), "{back:?}");
    assert_eq!(start(&disk, &given.witnessed(), Start::Usual).expect("it starts"), 6);
}

#[test]
fn where_nothing_is_kept_a_person_has_to_say_how_far_it_goes() {
    let (disk, given) = register();
    for path in disk.files().iter().filter(|path| path.starts_with(KEPT)) {
        disk.remove(path).expect("a file");
    }
    let unstated = start(&disk, &[], Start::Usual);
    assert!(matches!(unstated, Err(Fault::Unstated { size: 4, .. })), "{unstated:?}");
    let wrong = Seen { size: 5, root: given.roots[&4] };
    let stated = start(&disk, &[], Start::Stated(wrong));
    assert!(matches!(stated, Err(Fault::Behind { known_by: KnownBy::Statement, .. })), "{stated:?}");
    let right = Seen { size: 4, root: given.roots[&4] };
    assert_eq!(start(&disk, &[], Start::Stated(right)).expect("it starts"), 4);
    assert_eq!(start(&disk, &[], Start::Usual).expect("now it is kept"), 4);
}

#[test]
fn a_new_key_is_another_key() {
    let (disk, given) = register();
    let other = register::Registrar { key: SigningKey::from_seed(&[9; 32]), ..registrar() };
    let folder = folder(disk).expect("a folder");
    let unstated = Log::open(&folder, other.clone(), &[], Start::Usual).map(drop);
    assert!(matches!(unstated, Err(Fault::Unstated { .. })), "{unstated:?}");
    let right = Seen { size: 4, root: given.roots[&4] };
    Log::open(&folder, other, &[], Start::Stated(right)).expect("a succession");
}

#[test]
fn one_process_a_folder_and_one_folder_a_key() {
    let real = tempfile::tempdir().expect("a folder");
    let at = |name: &str| real.path().join(name);
    let first = Folder::open(RealDisk, &at("data"), &at("kept")).expect("a folder");
    let same = Folder::open(RealDisk, &at("data"), &at("other")).map(drop);
    assert!(matches!(&same, Err(Fault::Locked { path }) if *path == at("data/lock")), "{same:?}");
    let same = Folder::open(RealDisk, &at("copy"), &at("kept")).map(drop);
    assert!(matches!(&same, Err(Fault::Locked { path }) if *path == at("kept/lock")), "{same:?}");
    drop(first);
    Folder::open(RealDisk, &at("data"), &at("kept")).expect("it is free");
}

#[test]
fn a_register_is_founded_once() {
    let (disk, mut given) = register();
    let folder = folder(disk).expect("a folder");
    let found = || {
        Log::found(&folder, registrar(), &support::genesis(), support::at(0), &mut support::Door).map(drop)
    };
    assert!(matches!(found(), Err(Fault::NotEmpty { .. })));
    let disk = folder.disk();
    disk.remove(&Path::new(DATA).join("queue/journal")).expect("a file");
    assert!(matches!(found(), Err(Fault::NotEmpty { .. })));
    assert!(matches!(support::open_in(&folder, &mut given), Err(Fault::Garbled { .. })));
}
