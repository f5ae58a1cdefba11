//! What a register answers, and what it then has.

#![expect(clippy::panic, reason = "a test's helper says what it found")]

mod support;

use act::{Entry, Refusal, Submission};
use note::{KeyName, Note, Receipt, SigningKey, VerifierKey};
use register::disk::simulated::{Failure, SimulatedDisk, Then};
use register::{Answer, Fault, Group, Judge, Log, Mirror, Registrar, Shelf, Start};
use support::{
    Door, Given, all, at, beat, check_files, folder, genesis, hand_in, open, origin, registrar, submission,
    unwelcome,
};
use terms::{ActId, Hash, Instant, RefusalGround, SignerName};
use tlog::witness::Seen;
use tlog::{CosignedCheckpoint, leaf_hash, verify_consistency, verify_inclusion};

fn register() -> (SimulatedDisk, Log<SimulatedDisk>, Given) {
    let (disk, mut given) = (SimulatedDisk::new(), Given::default());
    let log = open(disk.clone(), &mut given).expect("a register");
    (disk, log, given)
}

fn ask(log: &mut Log<SimulatedDisk>, bytes: &[u8], secs: u64) -> Answer {
    log.append(&[bytes], at(secs), &mut Door).expect("a disk that works").remove(0)
}

/// The refusal's ground, after its signature and its file are checked.
fn refused(log: &Log<SimulatedDisk>, answer: &Answer) -> (RefusalGround, Option<ActId>, u64) {
    let Answer::Refused { refusal, note } = answer else { panic!("{answer:?}") };
    let name = KeyName::signer(&origin(), &SignerName::Registrar);
    let key = VerifierKey::plain(name, registrar().key.public());
    assert!(key.verify(note.text(), &note.signatures()[0]).is_ok());
    assert_eq!(Refusal::parse(note.text()).as_ref(), Ok(refusal));
    let stored = Shelf::notes(log.folder()).get(&Hash::of(&note.to_bytes()));
    assert_eq!(stored.expect("a note"), Some(note.to_bytes()));
    (refusal.body.ground, refusal.body.act, refusal.body.size)
}

#[test]
fn an_entry_is_the_submission_and_its_receipt() {
    let (_, mut log, _) = register();
    let Answer::Registered { index: 1, receipt, before: false } = ask(&mut log, &submission(0), 5) else {
        panic!("refused")
    };
    let entry = Entry::parse(&log.entry(1).expect("an entry")).expect("an entry");
    assert_eq!(entry.submission().to_bytes(), submission(0));
    assert_eq!(entry.receipt_line(), &receipt);
    let said = Receipt::verify(&receipt, &log.receipt_key(), &origin(), &genesis().act().id().0);
    assert_eq!(said, Ok(Receipt { index: 1, time: at(5), submission: Hash::of(&submission(0)) }));
    assert_eq!(log.index_of(&entry.act().id()), Some(1));
    assert!(matches!(log.entry(2), Err(Fault::OutOfRange { asked: 2, size: 2 })));
}

#[test]
fn the_same_bytes_get_the_same_receipt() {
    let (disk, mut log, mut given) = register();
    let Answer::Registered { receipt, .. } = ask(&mut log, &submission(0), 5) else { panic!("refused") };
    let again = Answer::Registered { index: 1, receipt, before: true };
    assert_eq!(ask(&mut log, &submission(0), 9), again);
    beat(&mut log, &mut given).expect("a disk that works");
    assert_eq!(ask(&mut log, &submission(0), 9), again);
    drop(log);
    let mut log = open(disk, &mut given).expect("a register");
    assert_eq!(ask(&mut log, &submission(0), 9), again);
    assert_eq!(log.size(), 2);
    assert!(matches!(
        ask(&mut log, &genesis().to_bytes(), 9),
        Answer::Registered { index: 0, before: true, .. }
    ));
}

#[test]
fn the_same_act_with_another_stamp_is_a_duplicate() {
    let (_, mut log, _) = register();
    ask(&mut log, &submission(0), 5);
    let name = KeyName::new(&format!("{}/harbour/intake", origin())).expect("a name");
    let bare = act::Submission::parse(&submission(0)).expect("a submission");
    let intake = note::Intake { act: bare.act().id(), time: at(1), previous: Hash::ZERO };
    let stamped = bare.with_intake(intake.sign(&registrar().key, &name)).expect("room");
    let answer = ask(&mut log, &stamped.to_bytes(), 6);
    assert_eq!(refused(&log, &answer), (RefusalGround::Duplicate, Some(stamped.act().id()), 2));
}

#[test]
fn what_is_no_act_of_this_register_has_no_form() {
    let (_, mut log, _) = register();
    for bytes in [&b""[..], b"\xff", b"hello\n", &submission(0)[1..]] {
        let answer = ask(&mut log, bytes, 5);
        assert_eq!(refused(&log, &answer).0, RefusalGround::Form, "{bytes:?}");
    }
    let answer = ask(&mut log, b"hello\n\n\xe2\x80\x94 a AAAAAAA=\n", 5);
    assert_eq!(refused(&log, &answer), (RefusalGround::Form, Some(ActId::of_text("hello\n")), 1));
    // Of another register, though it is signed and whole.
    let text = String::from_utf8(submission(0)).expect("text").replace("river-accord", "other");
    let answer = ask(&mut log, text.as_bytes(), 5);
    assert_eq!(refused(&log, &answer).0, RefusalGround::Form);
    // The judge's word.
    let answer = ask(&mut log, &unwelcome(0), 5);
    assert_eq!(refused(&log, &answer).0, RefusalGround::Key);
    assert_eq!(log.size(), 1);
}

#[test]
fn registered_time_never_falls() {
    let (disk, mut log, mut given) = register();
    ask(&mut log, &submission(0), 50);
    ask(&mut log, &submission(1), 20);
    drop(log);
    let mut log = open(disk, &mut given).expect("a register");
    ask(&mut log, &submission(2), 10);
    ask(&mut log, &submission(3), 60);
    let times: Vec<_> =
        all(&log).iter().map(|entry| Entry::parse(entry).expect("an entry").receipt().time).collect();
    assert_eq!(times, [at(0), at(50), at(50), at(50), at(60)]);
}

#[test]
fn a_batch_is_answered_in_its_order_and_costs_one_sync() {
    let (disk, mut log, _) = register();
    let batch: Vec<Vec<u8>> = (0..100).map(submission).collect();
    let before = disk.operations();
    let answers = log.append(&batch, at(0), &mut Door).expect("a disk that works");
    let indexes: Vec<u64> = answers
        .iter()
        .map(|answer| match answer {
            Answer::Registered { index, .. } => *index,
            Answer::Refused { .. } => panic!("refused"),
        })
        .collect();
    assert_eq!(indexes, (1..=100).collect::<Vec<u64>>());
    // A write, a sync, and the commit that needs none.
    assert_eq!(disk.operations() - before, 3);
}

#[test]
fn proofs_at_any_size_whether_settled_or_not() {
    let (_, mut log, mut given) = register();
    hand_in(&mut log, &mut given, 200).expect("a disk that works");
    beat(&mut log, &mut given).expect("a disk that works");
    hand_in(&mut log, &mut given, 400).expect("a disk that works");
    let entries = all(&log);
    for size in [1, 2, 200, 201, 255, 256, 257, 400, 512, 513, log.size()] {
        let leaves: Vec<Hash> = entries[..size as usize].iter().map(|entry| leaf_hash(entry)).collect();
        let root = tlog::root_of_leaves(&leaves);
        assert_eq!(log.root_at(size).expect("a root"), root, "{size}");
        let proof = log.consistency_proof(size, log.size()).expect("a proof");
        assert_eq!(verify_consistency(size, &root, log.size(), &log.root(), &proof), Ok(()));
        for index in [0, size / 2, size - 1] {
            let proof = log.inclusion_proof(index, size).expect("a proof");
            assert_eq!(verify_inclusion(&leaves[index as usize], index, size, &proof, &root), Ok(()));
        }
    }
    assert!(matches!(log.root_at(log.size() + 1), Err(Fault::OutOfRange { .. })));
}

#[test]
fn a_long_journal_is_emptied_without_a_beat() {
    let (disk, mut log, mut given) = register();
    log.bound_journal(90_000);
    for _ in 0..21 {
        hand_in(&mut log, &mut given, 47).expect("a disk that works");
    }
    let size = log.size();
    drop(log);
    let folder = folder(disk.clone()).expect("a folder");
    let (log, recovery) = Log::open(&folder, registrar(), &[], Start::Usual).expect("a register");
    assert!(recovery.settled > 500 && recovery.from_journal > 0, "{recovery:?}");
    assert_eq!(log.size(), size);
    given.check(&log);
    check_files(&disk, &all(&log));
}

#[test]
fn many_submitters_share_a_sync() {
    let (disk, log, _) = register();
    let group = Group::new(log, Door);
    std::thread::scope(|scope| {
        for submitter in 0..8 {
            let group = &group;
            scope.spawn(move || {
                for n in 0..20 {
                    let answer =
                        group.submit(submission(submitter * 100 + n), || at(n)).expect("a disk that works");
                    let Answer::Registered { index, .. } = answer else { panic!("refused") };
                    let entry = group.with(|log, _| log.entry(index)).expect("not halted").expect("an entry");
                    assert!(entry.starts_with(&submission(submitter * 100 + n)));
                }
            });
        }
    });
    assert_eq!(group.with(|log, _| log.size()).expect("not halted"), 161);
    disk.fail(disk.operations(), Failure::NotDone, Then::On);
    assert!(matches!(group.submit(submission(1_000), || at(0)), Err(Fault::Disk(_))));
    assert!(matches!(group.submit(submission(1_001), || at(0)), Err(Fault::Halted)));
}

/// Breaks off at one submission.
struct Breaks(Vec<u8>);

impl Judge for Breaks {
    fn judge(&mut self, _: u64, submission: &Submission, _: Instant) -> Result<(), RefusalGround> {
        assert_ne!(submission.to_bytes(), self.0, "the judge breaks off, as this test wants");
        Ok(())
    }
}

#[test]
fn who_breaks_off_leaves_nobody_waiting() {
    let (_, log, _) = register();
    let group = Group::new(log, Breaks(submission(7)));
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..20)
            .map(|n| {
                let group = &group;
                scope.spawn(move || group.submit(submission(n), || at(n)))
            })
            .collect();
        let broke_off = all.into_iter().map(std::thread::ScopedJoinHandle::join);
        // One panicked; each of the others has an answer, and after the panic it is that nothing is signed.
        assert_eq!(broke_off.filter(Result::is_err).count(), 1);
    });
    assert!(matches!(group.submit(submission(21), || at(30)), Err(Fault::Halted)));
    assert!(matches!(group.with(|log, _| log.size()), Err(Fault::Halted)));
}

#[test]
fn a_file_that_cannot_be_read_halts_before_the_judge_is_asked_again() {
    let (disk, mut log, mut given) = register();
    log.bound_journal(1);
    for _ in 0..6 {
        hand_in(&mut log, &mut given, 47).expect("a disk that works");
    }
    let known = Entry::parse(&log.entry(1).expect("an entry")).expect("an entry").submission().to_bytes();
    for path in disk.files().into_iter().filter(|path| path.to_string_lossy().contains("tile/entries/000")) {
        disk.damage(&path, Vec::clear);
    }
    let failed = log.append(&[submission(9_000), known], at(90_000), &mut Door);
    assert!(!matches!(failed, Ok(_) | Err(Fault::Halted)), "{failed:?}");
    assert!(matches!(log.append(&[submission(9_000)], at(90_000), &mut Door), Err(Fault::Halted)));
}

#[test]
fn old_partial_tiles_stay_until_the_full_one_is_served() {
    let (disk, mut log, mut given) = register();
    let partial = |disk: &SimulatedDisk| {
        disk.files().iter().filter(|path| path.to_string_lossy().contains("000.p/")).count()
    };
    for _ in 0..3 {
        hand_in(&mut log, &mut given, 50).expect("a disk that works");
        beat(&mut log, &mut given).expect("a disk that works");
    }
    assert_eq!(partial(&disk), 6);
    hand_in(&mut log, &mut given, 150).expect("a disk that works");
    let checkpoint = log.checkpoint().expect("a disk that works");
    // Level 1 has its first.
    assert_eq!(partial(&disk), 7);
    log.serve(&checkpoint).expect("a disk that works");
    assert_eq!(partial(&disk), 1);
    check_files(&disk, &all(&log));
}

#[test]
fn only_a_checkpoint_of_these_entries_is_served() {
    let (_, mut log, mut given) = register();
    hand_in(&mut log, &mut given, 3).expect("a disk that works");
    let small = log.checkpoint().expect("a disk that works");
    hand_in(&mut log, &mut given, 3).expect("a disk that works");
    let serve = |log: &mut Log<SimulatedDisk>, change: fn(&mut tlog::Checkpoint)| {
        let mut checkpoint = small.checkpoint().clone();
        change(&mut checkpoint);
        log.serve(&CosignedCheckpoint::sign(checkpoint, &registrar().key))
    };
    let other =
        |served: Result<(), Fault>| assert!(matches!(served, Err(Fault::OtherCheckpoint(_))), "{served:?}");
    other(serve(&mut log, |c| c.root = Hash::ZERO));
    other(serve(&mut log, |c| c.size = 5));
    other(serve(&mut log, |c| c.origin = terms::Origin::new("register.example/other").expect("an origin")));
    beat(&mut log, &mut given).expect("a disk that works");
    other(serve(&mut log, |_| ()));
}

#[test]
fn a_mirror_takes_what_the_checkpoint_commits_to_and_nothing_else() {
    let (_, mut log, mut given) = register();
    let copy = SimulatedDisk::new();
    let mut mirror = Mirror::open(&folder(copy.clone()).expect("a folder"), &origin()).expect("a mirror");
    for count in [3, 300, 20] {
        let from = mirror.size();
        hand_in(&mut log, &mut given, count).expect("a disk that works");
        let checkpoint = log.checkpoint().expect("a disk that works");
        let short = mirror.extend(log.entries(from..log.size() - 1), &checkpoint);
        assert!(matches!(short, Err(Fault::OutOfRange { .. })), "{short:?}");
        let changed = log.entries(from..log.size()).map(|entry| {
            entry.map(|mut bytes| {
                bytes[3] ^= 1;
                bytes
            })
        });
        let changed = mirror.extend(changed, &checkpoint);
        assert!(matches!(changed, Err(Fault::OtherEntries { .. })), "{changed:?}");
        assert_eq!(mirror.size(), from);
        check_files(&copy, &all(&log));
        mirror.extend(log.entries(from..log.size()), &checkpoint).expect("the same entries");
        assert_eq!((mirror.size(), mirror.root()), (log.size(), log.root()));
        check_files(&copy, &all(&log));
    }
    let smaller = CosignedCheckpoint::sign(
        tlog::Checkpoint { origin: origin(), size: 2, root: log.root_at(2).expect("a root") },
        &registrar().key,
    );
    assert!(matches!(mirror.extend([], &smaller), Err(Fault::OtherCheckpoint(_))));
    drop(mirror);
    let mirror = Mirror::open(&folder(copy).expect("a folder"), &origin()).expect("a mirror");
    assert_eq!(mirror.root_at(5).expect("a root"), log.root_at(5).expect("a root"));
    assert_eq!(mirror.entries(0..mirror.size()).map(Result::unwrap).collect::<Vec<_>>(), all(&log));
}

#[test]
fn what_is_held_is_there_after_a_start_and_is_not_served() {
    let (_, mut log, mut given) = register();
    hand_in(&mut log, &mut given, 3).expect("a disk that works");
    let first = log.checkpoint().expect("a disk that works");
    let copy = SimulatedDisk::new();
    let mut mirror = Mirror::open(&folder(copy.clone()).expect("a folder"), &origin()).expect("a mirror");
    mirror.extend(log.entries(0..log.size()), &first).expect("the same entries");
    hand_in(&mut log, &mut given, 300).expect("a disk that works");
    let second = log.checkpoint().expect("a disk that works");
    mirror.hold(log.entries(mirror.size()..log.size()), second.checkpoint()).expect("the same entries");
    drop(mirror);
    let mut mirror = Mirror::open(&folder(copy.clone()).expect("a folder"), &origin()).expect("a mirror");
    assert_eq!(mirror.size(), log.size());
    assert_eq!(mirror.served().map(|served| served.size), Some(first.checkpoint().size));
    let served = mirror.reader().checkpoint().expect("a file").expect("a checkpoint");
    assert_eq!(served, first);
    mirror.serve(&second).expect("it is held");
    drop(mirror);
    let mirror = Mirror::open(&folder(copy).expect("a folder"), &origin()).expect("a mirror");
    assert_eq!(mirror.served().map(|served| served.size), Some(log.size()));
}

/// The power goes at any operation of a mirror; it then has one of the checkpoints it was given, and
/// goes on.
#[test]
fn a_mirror_that_crashes_goes_on() {
    let (_, mut log, mut given) = register();
    let mut checkpoints = Vec::new();
    for count in [3, 255] {
        hand_in(&mut log, &mut given, count).expect("a disk that works");
        checkpoints.push(log.checkpoint().expect("a disk that works"));
    }
    let follow = |disk: &SimulatedDisk| -> Result<u64, Fault> {
        let mut mirror = Mirror::open(&folder(disk.clone())?, &origin())?;
        for checkpoint in &checkpoints {
            if mirror.served().is_none_or(|served| served.size < checkpoint.checkpoint().size) {
                mirror.hold(log.entries(mirror.size()..log.size()), checkpoint.checkpoint())?;
                mirror.serve(checkpoint)?;
            }
        }
        Ok(mirror.served().map_or(0, |served| served.size))
    };
    let whole = SimulatedDisk::new();
    follow(&whole).expect("a disk that works");
    for operation in 0..=whole.operations() {
        for failure in [Failure::NotDone, Failure::Unanswered, Failure::Half] {
            let disk = SimulatedDisk::new();
            disk.fail(operation, failure, Then::Off);
            let _ = follow(&disk);
            let found = disk.crash(operation);
            check_files(&found, &all(&log));
            assert_eq!(follow(&found).expect("a disk that works"), log.size());
            check_files(&found, &all(&log));
        }
    }
}

#[test]
fn a_new_registrar_goes_on_from_a_mirror() {
    let (_, mut log, mut given) = register();
    hand_in(&mut log, &mut given, 300).expect("a disk that works");
    let checkpoint = log.checkpoint().expect("a disk that works");
    let base = Seen { size: log.size(), root: log.root() };
    let copy = SimulatedDisk::new();
    let folder = folder(copy.clone()).expect("a folder");
    let mut mirror = Mirror::open(&folder, &origin()).expect("a mirror");
    mirror.extend(log.entries(0..log.size()), &checkpoint).expect("the same entries");
    drop(mirror);
    let new = || Registrar { key: SigningKey::from_seed(&[9; 32]), ..registrar() };
    let other = Log::succeed(&folder, new(), Seen { size: 5, ..base }).map(drop);
    assert!(matches!(other, Err(Fault::OtherCheckpoint(_))), "{other:?}");
    let (mut next, _) = Log::succeed(&folder, new(), base).expect("a succession");
    let again = Log::succeed(&folder, new(), base).map(drop);
    assert!(matches!(again, Err(Fault::NotEmpty { .. })), "{again:?}");
    assert_eq!(all(&next), all(&log));
    let answer = ask(&mut next, &submission(0), 5);
    assert!(matches!(answer, Answer::Registered { index: 1, before: true, .. }));
    let answer = ask(&mut next, &submission(300), 5);
    assert!(matches!(answer, Answer::Registered { before: false, .. }));
    drop(next);
    let (next, _) = Log::open(&folder, new(), &[base], Start::Usual).expect("a register");
    assert_eq!(next.size(), base.size + 1);
}

#[test]
fn a_mirror_does_not_sit_in_a_registrars_folder() {
    let (disk, log, _) = register();
    drop(log);
    let mirror = Mirror::open(&folder(disk).expect("a folder"), &origin()).map(drop);
    assert!(matches!(mirror, Err(Fault::NotEmpty { .. })));
}

#[test]
fn annexes_by_their_hash() {
    let disk = SimulatedDisk::new();
    let folder = folder(disk.clone()).expect("a folder");
    let annexes = Shelf::annexes(&folder);
    assert_eq!(annexes.list().expect("none"), []);
    let hash = annexes.put(b"an instrument").expect("a disk that works");
    assert_eq!(annexes.put(b"an instrument").expect("it is there"), hash);
    assert_eq!(annexes.get(&hash).expect("a file").as_deref(), Some(&b"an instrument"[..]));
    assert!(annexes.has(&hash).expect("an answer") && !annexes.has(&Hash::ZERO).expect("an answer"));
    assert_eq!(annexes.get(&Hash::ZERO).expect("an answer"), None);
    assert_eq!(annexes.list().expect("one"), [hash]);
    for seed in 0..20 {
        let found = Shelf::annexes(&support::folder(disk.crash(seed)).expect("a folder"));
        assert!(found.get(&hash).expect("an answer").is_some());
    }
    let path = folder.register().join("annex").join(hash.to_hex());
    disk.damage(&path, |bytes| bytes[0] ^= 1);
    assert!(matches!(annexes.get(&hash), Err(Fault::Garbled { path: named, .. }) if named == path));
    // Who has it puts it back.
    annexes.put(b"an instrument").expect("a disk that works");
    assert!(annexes.get(&hash).expect("mended").is_some());
    assert!(matches!(annexes.put(b""), Err(Fault::Length { .. })));
}

#[test]
fn a_note_is_read_as_it_was_signed() {
    let (_, mut log, _) = register();
    let answer = ask(&mut log, &unwelcome(0), 5);
    let Answer::Refused { note, .. } = &answer else { panic!("{answer:?}") };
    assert_eq!(Note::parse(&note.to_bytes(), 1).as_ref(), Ok(note));
}
