//! Checkpoints judged by a policy: each way to be wrong, and the median.

#![expect(clippy::unwrap_used, reason = "a test may")]

mod common;

use common::{at, checkpoint, leaves, log_vkey, policy, registrar, witness};
use note::{Note, SignatureLine, SigningKey, VerifierKey, VerifyFault};
use tlog::cosigned::lower_median;
use tlog::{Checkpoint, CosignedCheckpoint, CosignedFault, Policy, cosignature};

fn cosign(checkpoint: &Checkpoint, n: u8, time: u64) -> SignatureLine {
    let (key, name) = witness(n);
    cosignature::sign(checkpoint, at(time), &key, &name)
}

fn with(lines: &[SignatureLine]) -> CosignedCheckpoint {
    let signed = CosignedCheckpoint::sign(checkpoint(&leaves(9)), &registrar());
    let note = lines.iter().fold(signed.note().clone(), |note, line| note.with(line.clone()));
    CosignedCheckpoint::from_note(note).unwrap()
}

fn check(cosigned: &CosignedCheckpoint, policy: &Policy, expected: CosignedFault) {
    assert_eq!(cosigned.verify_quorum(policy), Err(expected));
}

#[test]
fn a_quorum() {
    let c = checkpoint(&leaves(9));
    let cosigned = with(&[cosign(&c, 3, 30), cosign(&c, 0, 20), cosign(&c, 1, 10)]);
    let cosigners = cosigned.verify_quorum(&policy(3, 4)).unwrap();
    assert_eq!(cosigners.times, [(0, at(20)), (1, at(10)), (3, at(30))]);
    assert_eq!(cosigners.unknown, [0usize; 0]);
    assert_eq!(cosigners.median(), Some(at(20)));
    assert_eq!(CosignedCheckpoint::parse(&cosigned.to_bytes()), Ok(cosigned.clone()));
    check(&cosigned, &policy(4, 4), CosignedFault::TooFew { have: 3, need: 4 });
    assert!(!cosigned.examine(&policy(4, 4)).unwrap().is_quorum());
}

#[test]
fn the_lower_median() {
    let median = |times: &[u64]| lower_median(times.iter().map(|time| at(*time))).map(|time| time.secs());
    assert_eq!(median(&[]), None);
    assert_eq!(median(&[5]), Some(5));
    assert_eq!(median(&[9, 5]), Some(5));
    assert_eq!(median(&[9, 5, 7]), Some(7));
    assert_eq!(median(&[9, 5, 7, 8]), Some(7));
    assert_eq!(median(&[1, 1, 9, 9]), Some(1));
}

/// Whoever is shown a checkpoint is not held up by lines that it could do without.
#[test]
fn a_quorum_among_other_lines() {
    let c = checkpoint(&leaves(9));
    let good = [cosign(&c, 3, 30), cosign(&c, 0, 20), cosign(&c, 1, 10)];
    let mut bent = cosign(&c, 2, 5);
    bent.payload[40] ^= 1;
    let all = [&good[..], &[bent.clone()]].concat();
    let cosigners = with(&all).find_quorum(&policy(3, 4)).unwrap();
    assert_eq!(cosigners.times, [(0, at(20)), (1, at(10)), (3, at(30))]);
    // The wrong line is none of the quorum's; and who cosigned twice is one.
    let few = CosignedFault::TooFew { have: 3, need: 4 };
    assert_eq!(with(&all).find_quorum(&policy(4, 4)), Err(few.clone()));
    let twice = [&good[..], &[cosign(&c, 1, 15), cosign(&c, 1, 12)]].concat();
    assert_eq!(with(&twice).find_quorum(&policy(4, 4)), Err(few));
    let cosigners = with(&twice).find_quorum(&policy(3, 4)).unwrap();
    assert_eq!(cosigners.times, [(0, at(20)), (1, at(15)), (3, at(30))]);
    let unsigned = Note::new(c.text(), good.to_vec()).unwrap();
    let unsigned = CosignedCheckpoint::from_note(unsigned).unwrap();
    assert_eq!(unsigned.find_quorum(&policy(3, 4)), Err(CosignedFault::NoLogLine));
}

#[test]
fn each_fault() {
    let c = checkpoint(&leaves(9));
    let two = [cosign(&c, 0, 10), cosign(&c, 1, 20)];
    let w0 = || "w0".to_owned();

    let other = VerifierKey::plain(note::KeyName::new("other.example").unwrap(), registrar().public());
    let other =
        Policy::new(other, vec![("w".to_owned(), policy(1, 1).witnesses()[0].key.clone())], 1).unwrap();
    check(&with(&two), &other, CosignedFault::OtherOrigin);

    let unsigned = Note::new(c.text(), two.to_vec()).unwrap();
    check(&CosignedCheckpoint::from_note(unsigned).unwrap(), &policy(2, 2), CosignedFault::NoLogLine);
    check(&with(&[c.sign(&registrar())]), &policy(1, 2), CosignedFault::LogTwice);
    check(
        &with(&[two[0].clone(), cosign(&c, 0, 11)]),
        &policy(1, 2),
        CosignedFault::WitnessTwice { witness: w0() },
    );
    check(
        &with(&[two[0].clone(), two[0].clone()]),
        &policy(1, 2),
        CosignedFault::WitnessTwice { witness: w0() },
    );

    let mut log_line = c.sign(&registrar());
    log_line.payload[63] ^= 1;
    let note = Note::new(c.text(), vec![log_line.clone()]).unwrap();
    let fault = VerifyFault::Signature;
    check(&CosignedCheckpoint::from_note(note).unwrap(), &policy(1, 1), CosignedFault::Log(fault));
    log_line.payload.pop();
    let note = Note::new(c.text(), vec![log_line]).unwrap();
    let fault = VerifyFault::Payload;
    check(&CosignedCheckpoint::from_note(note).unwrap(), &policy(1, 1), CosignedFault::Log(fault));

    // One bad line spoils it, though two good ones would do.
    let mut bad = cosign(&c, 2, 30);
    bad.payload[7] ^= 1;
    let fault = VerifyFault::Signature;
    let expected = CosignedFault::Witness { witness: "w2".to_owned(), fault };
    check(&with(&[two[0].clone(), two[1].clone(), bad.clone()]), &policy(2, 3), expected);
    bad.payload[0] = 0xff;
    let fault = VerifyFault::Payload;
    let expected = CosignedFault::Witness { witness: "w2".to_owned(), fault };
    check(&with(&[two[0].clone(), two[1].clone(), bad]), &policy(2, 3), expected);

    let older = cosign(&checkpoint(&leaves(8)), 0, 10);
    let fault = VerifyFault::Signature;
    check(&with(&[older]), &policy(1, 1), CosignedFault::Witness { witness: w0(), fault });
}

#[test]
fn unknown_lines_count_for_nothing_and_are_named() {
    let c = checkpoint(&leaves(9));
    let stranger = cosign(&c, 9, 1);
    let cosigned = with(&[stranger.clone(), cosign(&c, 0, 10)]);
    let cosigners = cosigned.verify_quorum(&policy(1, 2)).unwrap();
    assert_eq!((cosigners.times, cosigners.unknown), (vec![(0, at(10))], vec![1]));
    check(&with(&[stranger]), &policy(1, 2), CosignedFault::TooFew { have: 0, need: 1 });
    // A witness's name over another key is unknown too; so is its key under the kind of the log's.
    let (_, name) = witness(0);
    let mut namesake = cosignature::sign(&c, at(1), &SigningKey::from_seed(&[8; 32]), &name);
    assert_eq!(with(&[namesake.clone()]).examine(&policy(1, 2)).unwrap().unknown, [1]);
    // With its key id as well it is a false signature by that witness.
    namesake.key_id = cosign(&c, 0, 10).key_id;
    let expected = CosignedFault::Witness { witness: "w0".to_owned(), fault: VerifyFault::Signature };
    check(&with(&[namesake]), &policy(1, 2), expected);
}

#[test]
fn answers_are_merged() {
    let c = checkpoint(&leaves(9));
    let mut bad = cosign(&c, 1, 5);
    bad.payload[20] ^= 1;
    let answers = [cosign(&c, 9, 1), bad, cosign(&c, 0, 10), cosign(&c, 2, 30), cosign(&c, 0, 12)];
    let merged = with(&[]).merge(&answers, &policy(2, 3)).unwrap();
    assert_eq!(merged, with(&[cosign(&c, 0, 12), cosign(&c, 2, 30)]));
    // Again, with an earlier one: the later stays.
    assert_eq!(merged.merge(&[cosign(&c, 0, 11)], &policy(2, 3)), Ok(merged.clone()));
    let later = merged.merge(&[cosign(&c, 1, 9)], &policy(2, 3)).unwrap();
    assert_eq!(later.verify_quorum(&policy(3, 3)).unwrap().median(), Some(at(12)));
}

#[test]
fn the_log_never_vouches_for_itself() {
    // The registrar's key as its own witness is no policy.
    let (_, name) = witness(0);
    let own = VerifierKey::cosigner(name, registrar().public());
    let errors = Policy::new(log_vkey(), vec![("w0".to_owned(), own)], 1).unwrap_err();
    assert_eq!(errors[0].to_string(), "line 2: this key stands on an earlier line");
}

#[test]
fn no_flipped_bit_verifies() {
    let c = checkpoint(&leaves(9));
    let policy = policy(2, 3);
    let cosigned = with(&[cosign(&c, 0, 10), cosign(&c, 1, 20)]);
    let good = cosigned.verify_quorum(&policy).unwrap();
    let bytes = cosigned.to_bytes();
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << bit;
            if let Ok(cosigned) = CosignedCheckpoint::parse(&flipped) {
                assert!(cosigned.verify_quorum(&policy).is_err(), "byte {at}, bit {bit}: {good:?}");
            }
        }
    }
}
