//! Files that are torn, garbled or gone when a register is opened: each is named, and nothing is changed.

#![expect(clippy::panic, reason = "a test's helper says what it found")]

mod support;

use std::path::{Path, PathBuf};

use register::disk::simulated::SimulatedDisk;
use register::{Disk, Fault, Log, Mirror, Start};
use support::{DATA, Given, beat, folder, hand_in, open, origin, registrar};

/// 263 entries in tiles, with old partial tiles beside them, and 4 in the journal.
fn whole() -> SimulatedDisk {
    let (disk, mut given) = (SimulatedDisk::new(), Given::default());
    let mut log = open(disk.clone(), &mut given).expect("a register");
    for count in [250, 10, 1, 1] {
        hand_in(&mut log, &mut given, count).expect("a disk that works");
        beat(&mut log, &mut given).expect("a disk that works");
    }
    hand_in(&mut log, &mut given, 4).expect("a disk that works");
    drop(log);
    disk
}

/// The files that a start must not accept if they are damaged.
fn looked_at(disk: &SimulatedDisk) -> Vec<PathBuf> {
    let files = disk.files().into_iter();
    files.filter(|path| !path.starts_with(Path::new(DATA).join("note"))).collect()
}

fn contents(disk: &SimulatedDisk) -> Vec<(PathBuf, Vec<u8>)> {
    let read = |path: PathBuf| {
        let bytes = disk.read(&path, u64::MAX - 1).expect("a file");
        (path, bytes)
    };
    disk.files().into_iter().map(read).collect()
}

fn opened(disk: &SimulatedDisk) -> Result<(), Fault> {
    Log::open(&folder(disk.clone())?, registrar(), &[], Start::Usual).map(drop)
}

/// Damages a file, and expects that it is named.
fn check(disk: &SimulatedDisk, path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let disk = disk.copy();
    disk.damage(path, change);
    let before = contents(&disk);
    match opened(&disk) {
        Err(Fault::Garbled { path: named, .. }) => assert_eq!(named, path),
        // A checkpoint or what is kept that reads well and says something else.
        Err(Fault::OtherPast { .. } | Fault::Behind { .. } | Fault::OtherRegister { .. })
            if path.ends_with("checkpoint") => {}
        Err(fault) => panic!("{}: {fault}", path.display()),
        Ok(()) => panic!("{}: not noticed", path.display()),
    }
    assert_eq!(contents(&disk), before, "{}", path.display());
}

#[test]
fn a_flipped_bit_is_noticed_wherever_it_is() {
    let disk = whole();
    let files = looked_at(&disk);
    let names = ["checkpoint", "queue/journal", "tile/0/000", "tile/1/000.p/1", "tile/entries/001.p/7"];
    for name in names {
        assert!(files.iter().any(|path| path.ends_with(name)), "{name}");
    }
    for path in files {
        let mut length = disk.read(&path, u64::MAX - 1).expect("a file").len();
        if path.ends_with("journal") {
            // Behind the last batch stands a commit, whose loss loses nothing.
            length -= 56;
        }
        if path.ends_with("checkpoint") {
            // Behind the text stands the registrar's line, and then its key's name and id: what is by
            // another key is for an audit to judge.
            length = disk
                .read(&path, u64::MAX - 1)
                .expect("a file")
                .windows(2)
                .position(|w| w == b"\n\n")
                .expect("a note");
        }
        let step = 1 + length / 12;
        for at in (0..length).step_by(step).chain([length - 1]) {
            check(&disk, &path, |bytes| bytes[at] ^= 4);
        }
    }
}

#[test]
fn a_file_that_is_cut_or_longer_is_noticed() {
    let disk = whole();
    for path in looked_at(&disk) {
        let length = disk.read(&path, u64::MAX - 1).expect("a file").len();
        let cuts = if path.ends_with("journal") { vec![0, 10] } else { vec![0, 1, length / 2, length - 1] };
        for cut in cuts {
            check(&disk, &path, |bytes| bytes.truncate(cut));
        }
        if !path.ends_with("journal") {
            check(&disk, &path, |bytes| bytes.push(b'x'));
        }
    }
}

#[test]
fn a_file_that_is_gone_is_named() {
    let disk = whole();
    for path in looked_at(&disk) {
        let without = disk.copy();
        without.remove(&path).expect("a file");
        let text = path.to_string_lossy().into_owned();
        match opened(&without) {
            Err(Fault::Garbled { path: named, .. }) => assert_eq!(named, path),
            Err(Fault::Unstated { path: named, size: 267, .. }) => assert_eq!(named, path),
            Err(fault) => panic!("{text}: {fault}"),
            // Nobody knows whether there was a checkpoint, and an old partial tile may be gone.
            Ok(()) => {
                let needed = text.ends_with(".p/7") || text.ends_with("tile/1/000.p/1");
                assert!(text.ends_with("/checkpoint") || (text.contains(".p/") && !needed), "{text}");
            }
        }
    }
}

/// Bytes behind the last commit were never promised: they are cut, whatever they are.
#[test]
fn only_what_was_never_promised_is_cut() {
    let disk = whole();
    let journal = Path::new(DATA).join("queue/journal");
    for tail in
        [&b"\0"[..], b"\0batch \n", b"\0commit\n", &[0; 5000], b"\0batch \n\xff\xff\xff\xff\xff\xff\xff\xff"]
    {
        let torn = disk.copy();
        torn.damage(&journal, |bytes| bytes.extend_from_slice(tail));
        let folder = folder(torn.clone()).expect("a folder");
        let (log, recovery) = Log::open(&folder, registrar(), &[], Start::Usual).expect("a register");
        assert_eq!(recovery.torn_bytes, tail.len() as u64);
        assert_eq!((recovery.settled, recovery.from_journal, log.size()), (263, 4, 267));
    }
}

/// A file that stands where a new one is to be, of other entries: nothing of this register wrote it.
#[test]
fn a_tile_of_other_entries_is_not_written_over() {
    let (disk, mut given) = (SimulatedDisk::new(), Given::default());
    let mut log = open(disk.clone(), &mut given).expect("a register");
    hand_in(&mut log, &mut given, 3).expect("a disk that works");
    beat(&mut log, &mut given).expect("a disk that works");
    hand_in(&mut log, &mut given, 1).expect("a disk that works");
    let path = Path::new(DATA).join("register/tile/0/000.p/5");
    disk.create(&path).expect("a file");
    let settled = log.settle();
    assert!(matches!(&settled, Err(Fault::Garbled { path: named, .. }) if *named == path), "{settled:?}");
    assert!(matches!(log.checkpoint(), Err(Fault::Halted)));
}

/// What a crash leaves that is not in its place yet is swept away.
#[test]
fn half_made_files_are_swept_away() {
    let disk = whole();
    let part = Path::new(DATA).join("queue/part-7");
    disk.create(&part).expect("a file");
    opened(&disk).expect("a register");
    assert!(!disk.files().contains(&part));
}

#[test]
fn a_mirror_names_a_damaged_file_too() {
    let (disk, mut given) = (SimulatedDisk::new(), Given::default());
    let mut log = open(disk.clone(), &mut given).expect("a register");
    hand_in(&mut log, &mut given, 300).expect("a disk that works");
    let checkpoint = log.checkpoint().expect("a checkpoint");
    let copy = SimulatedDisk::new();
    let mut mirror = Mirror::open(&folder(copy.clone()).expect("a folder"), &origin()).expect("a mirror");
    mirror.extend(log.entries(0..log.size()), &checkpoint).expect("the same entries");
    drop(mirror);
    for path in copy.files() {
        for at in [0, 31] {
            let bad = copy.copy();
            bad.damage(&path, |bytes| bytes[at] ^= 4);
            match Mirror::open(&folder(bad).expect("a folder"), &origin()) {
                // A checkpoint of another size asks for other tiles.
                Err(Fault::Garbled { .. } | Fault::OtherRegister { .. }) if path.ends_with("checkpoint") => {}
                Err(Fault::Garbled { path: named, .. }) => assert_eq!(named, path),
                Err(fault) => panic!("{}: {fault}", path.display()),
                Ok(_) => panic!("{}: not noticed", path.display()),
            }
        }
    }
}
