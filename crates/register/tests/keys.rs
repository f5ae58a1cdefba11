//! What a witness and an intake must remember: any operation fails, the power goes, or an older copy is
//! put back, and still no key contradicts itself.

mod support;

use std::collections::BTreeMap;
use std::path::Path;

use act::value::Vkey;
use note::{Intake, KeyName, SigningKey, VerifierKey};
use register::disk::simulated::{Failure, SimulatedDisk, Then};
use register::{Disk, Fault, IntakeChain, Witness};
use support::{DATA, KEPT, at, folder, origin, registrar};
use terms::{ActId, Hash, SignerName};
use tlog::{Checkpoint, CosignedCheckpoint, cosignature};

const FAILURES: [Failure; 3] = [Failure::NotDone, Failure::Unanswered, Failure::Half];

fn intake_key() -> (SigningKey, KeyName) {
    (
        SigningKey::from_seed(&[4; 32]),
        KeyName::new("register.example/river-accord/harbour/intake").expect("a name"),
    )
}

fn witness_key() -> (SigningKey, KeyName) {
    (SigningKey::from_seed(&[5; 32]), KeyName::new("witness.example/w1").expect("a name"))
}

fn chain(disk: &SimulatedDisk) -> Result<IntakeChain<SimulatedDisk>, Fault> {
    let (key, name) = intake_key();
    IntakeChain::open(&folder(disk.clone())?, key, name)
}

fn witness(disk: &SimulatedDisk) -> Result<Witness<SimulatedDisk>, Fault> {
    let (key, name) = witness_key();
    let log = VerifierKey::plain(KeyName::checkpoint(&origin()), registrar().key.public());
    Witness::open(&folder(disk.clone())?, &log, key, name)
}

/// Stamps three acts after those that are out; no two stamps may have one *previous*.
fn stamp(disk: &SimulatedDisk, out: &mut BTreeMap<Hash, Intake>) -> Result<(), Fault> {
    let mut chain = chain(disk)?;
    for _ in 0..3 {
        let n = out.len() as u64;
        let act = ActId::of_text(&format!("act {n}\n"));
        // The clock goes back and forth.
        let line = chain.stamp(act, at(100 + (n * 7) % 5))?;
        let (key, name) = intake_key();
        let vkey = VerifierKey::intake(name, key.public());
        let intake = Intake::verify(&line, &vkey, act).expect("a stamp");
        assert_eq!(chain.last(), Some(&intake));
        if let Some(before) = out.insert(intake.previous, intake) {
            assert_eq!(before, intake, "a fork of intakes");
        }
        if let Some(before) = out.values().find(|before| before.hash() == intake.previous) {
            assert!(before.time <= intake.time, "backwards");
        }
    }
    Ok(())
}

#[test]
fn an_intakes_chain_never_forks() {
    let whole = SimulatedDisk::new();
    for _ in 0..2 {
        stamp(&whole, &mut BTreeMap::new()).expect("a disk that works");
    }
    let mut stopped = 0;
    for operation in 0..=whole.operations() {
        for failure in FAILURES {
            for then in [Then::Off, Then::On] {
                let disk = SimulatedDisk::new();
                disk.fail(operation, failure, then);
                let mut out = BTreeMap::new();
                let _ = stamp(&disk, &mut out).and_then(|()| stamp(&disk, &mut out));
                let found = disk.crash(operation);
                match stamp(&found, &mut out) {
                    Ok(()) => assert!(out.len() >= 3),
                    Err(Fault::Stopped { .. }) if then == Then::On => stopped += 1,
                    Err(fault) => panic!("operation {operation}, {failure:?}, {then:?}: {fault}"),
                }
            }
        }
    }
    assert!(stopped > 20, "{stopped}");
}

#[test]
fn the_same_act_gets_the_same_stamp() {
    let disk = SimulatedDisk::new();
    let act = ActId::of_text("act\n");
    let first = chain(&disk).expect("a chain").stamp(act, at(1)).expect("a stamp");
    assert_eq!(chain(&disk).expect("a chain").stamp(act, at(9)).expect("a stamp"), first);
}

fn cosigned(size: u64) -> CosignedCheckpoint {
    let checkpoint = Checkpoint { origin: origin(), size, root: Hash::of(&size.to_be_bytes()) };
    CosignedCheckpoint::sign(checkpoint, &registrar().key)
}

#[test]
fn a_witness_never_goes_back() {
    let disk = SimulatedDisk::new();
    let mut first = witness(&disk).expect("a witness");
    assert_eq!(first.seen(), None);
    let line = first.cosign(&cosigned(5), at(50)).expect("a cosignature");
    let (key, name) = witness_key();
    let vkey = VerifierKey::cosigner(name, key.public());
    assert_eq!(cosignature::verify(cosigned(5).checkpoint(), &vkey, &line), Ok(at(50)));
    assert!(matches!(first.cosign(&cosigned(4), at(60)), Err(Fault::Backwards { .. })));
    let fork = Checkpoint { root: Hash::ZERO, ..cosigned(5).checkpoint().clone() };
    let fork = CosignedCheckpoint::sign(fork, &registrar().key);
    assert!(matches!(first.cosign(&fork, at(60)), Err(Fault::Backwards { .. })));
    // A clock that was set back does not make a larger size earlier.
    let line = first.cosign(&cosigned(6), at(10)).expect("a cosignature");
    assert_eq!(cosignature::verify(cosigned(6).checkpoint(), &vkey, &line), Ok(at(50)));
    drop(first);
    let again = witness(&disk).expect("a witness");
    assert_eq!(again.seen().map(|seen| seen.size), Some(6));
    let larger = tlog::witness::Seen { size: 7, root: Hash::ZERO };
    assert!(matches!(again.check_against(&[larger]), Err(Fault::Behind { .. })));
}

#[test]
fn after_a_freeze_it_cosigns_no_more_whatever_fails() {
    let vkey =
        VerifierKey::plain(KeyName::signer(&origin(), &SignerName::Registrar), registrar().key.public());
    let freeze =
        |witness: &mut Witness<SimulatedDisk>| witness.freeze(&origin(), Hash::ZERO, Vkey(vkey.clone()));
    let life = |disk: &SimulatedDisk, frozen: &mut bool, largest: &mut u64| -> Result<(), Fault> {
        let mut witness = witness(disk)?;
        for size in [3, 8] {
            witness.cosign(&cosigned(size), at(size))?;
            *largest = size;
        }
        let note = freeze(&mut witness)?;
        assert!(note.text().contains("\"size\":8"));
        *frozen = true;
        Ok(())
    };
    let whole = SimulatedDisk::new();
    life(&whole, &mut false, &mut 0).expect("a disk that works");
    for operation in 0..=whole.operations() {
        for failure in FAILURES {
            let disk = SimulatedDisk::new();
            disk.fail(operation, failure, Then::Off);
            let (mut frozen, mut largest) = (false, 0);
            let _ = life(&disk, &mut frozen, &mut largest);
            let mut found = witness(&disk.crash(operation)).expect("a witness");
            assert!(found.seen().map_or(0, |seen| seen.size) >= largest);
            assert!(found.is_frozen() || !frozen);
            if found.is_frozen() {
                assert!(matches!(found.cosign(&cosigned(9), at(9)), Err(Fault::Frozen)));
                freeze(&mut found).expect("the same again");
            } else {
                found.cosign(&cosigned(9), at(9)).expect("a cosignature");
            }
        }
    }
}

/// Either copy lost, or older than the other can be.
#[test]
fn what_may_have_been_lost_is_not_gone_on_with() {
    let disk = SimulatedDisk::new();
    for size in [1, 2] {
        witness(&disk).expect("a witness").cosign(&cosigned(size), at(size)).expect("a cosignature");
    }
    let old = disk.copy();
    for size in [3, 4] {
        witness(&disk).expect("a witness").cosign(&cosigned(size), at(size)).expect("a cosignature");
    }
    for place in [DATA, KEPT] {
        let files = disk.files();
        let mine =
            files.iter().find(|path| path.starts_with(place) && path.to_string_lossy().contains("/witness-"));
        let mine: &Path = mine.expect("a record");
        let without = disk.copy();
        without.remove(mine).expect("a file");
        assert!(matches!(witness(&without), Err(Fault::Lost { .. })), "{place}");
        let back = disk.copy();
        let bytes = old.read(mine, 1 << 20).expect("a file");
        back.damage(mine, |now| *now = bytes);
        assert!(matches!(witness(&back), Err(Fault::Lost { .. })), "{place}");
        let garbled = disk.copy();
        garbled.damage(mine, |bytes| bytes[30] ^= 1);
        assert!(matches!(witness(&garbled), Err(Fault::Garbled { path, .. }) if path == mine), "{place}");
    }
}
