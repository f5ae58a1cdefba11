//! An exhibit is sealed, granted, kept, opened, destroyed.

mod stage;

use std::fs;

use stage::{Bytes, PulledOut, Stage, names};
use terms::Hash;
use vault::{Destroyed, KeepError, OpenError, SealError, Vault, commitment};

#[test]
fn any_size_comes_back() {
    let stage = Stage::new();
    const CHUNK: u64 = 64 * 1024;
    for size in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 5 << 20] {
        let plain = Bytes::vec(size);
        let sealed = stage.seal(&mut &*plain);
        let exhibit = &sealed.exhibit;

        let bytes = fs::read(stage.vault.sealed_path(&exhibit.sealed)).expect("it was sealed");
        assert_eq!((Hash::of(&bytes), bytes.len() as u64), (exhibit.sealed, exhibit.size));
        assert_eq!(exhibit.commitment, commitment(&stage.filing, &sealed.grant.salt, &plain));
        assert!(stage.vault.check(&exhibit.sealed, exhibit.size, &mut |_, _| ()).is_ok());

        let grant = stage.vault.grant(&sealed.grant, &[stage.south.recipient()]).expect("it grants");
        assert!(stage.open(&grant, exhibit).is_ok_and(|opened| opened == plain), "{size}");

        let in_memory = vault::open::open_small(&sealed.grant, &mut &*bytes, exhibit, &stage.filing);
        assert!(in_memory.is_ok_and(|opened| *opened == plain), "{size}");
        let mut spoilt = bytes;
        let last = spoilt.len() - 1;
        spoilt[last] ^= 1;
        let refused = vault::open::open_small(&sealed.grant, &mut &*spoilt, exhibit, &stage.filing);
        assert!(matches!(refused, Err(OpenError::SealedDiffers { .. })), "{size}");

        // Who filed opens its own grant, and can grant again from that.
        let own = stage.vault.sealed_grant(&sealed.own_grant).expect("it was kept");
        let own = vault::open_grant(&own, &[&stage.north]).expect("it is North's");
        assert_eq!(own.to_text(), sealed.grant.to_text());
    }
}

#[test]
fn two_seals_of_one_file_have_nothing_in_common() {
    let stage = Stage::new();
    let (a, b) = (stage.seal(&mut &b"same"[..]).exhibit, stage.seal(&mut &b"same"[..]).exhibit);
    assert!(a.sealed != b.sealed && a.recipient != b.recipient);
    // The stage gives both one salt, which is what makes the commitments differ.
    assert_eq!(a.commitment, b.commitment);
}

#[test]
fn any_of_a_participants_keys_opens_its_grant() {
    let stage = Stage::new();
    let sealed = stage.seal(&mut &b"plain"[..]);
    let second = vault::Identity::generate();
    let grant = sealed.grant.seal_to(&[second.recipient(), stage.south.recipient()]).expect("it seals");
    for identity in [&stage.south, &second] {
        assert!(vault::open_grant(&grant.bytes, &[identity]).is_ok());
    }
}

#[test]
fn progress_reaches_its_end() {
    let stage = Stage::new();
    let plain = Bytes::vec(200_000);
    let mut seen = Vec::new();
    let to_seal = vault::ToSeal {
        filing: &stage.filing,
        salt: vault::fresh_salt().expect("random bytes"),
        media_type: vault::MediaType::new("image/jpeg").expect("a type"),
        name: None,
        own: &[stage.north.recipient()],
        plain_bytes: 200_000,
    };
    let sealed = stage.vault.seal(&mut &*plain, to_seal, &mut |done, total| seen.push((done, total)));
    let exhibit = sealed.expect("it seals").exhibit;
    assert_eq!((seen.first(), seen.last()), (Some(&(0, 200_000)), Some(&(200_000, 200_000))));
    assert!(seen.is_sorted());
    seen.clear();
    let checked =
        stage.vault.check(&exhibit.sealed, exhibit.size, &mut |done, total| seen.push((done, total)));
    assert!(checked.is_ok() && seen.is_sorted());
    assert_eq!(seen.last(), Some(&(exhibit.size, exhibit.size)));
}

#[test]
fn who_fails_to_seal_leaves_nothing() {
    let stage = Stage::new();
    let to_seal = |own| vault::ToSeal {
        filing: &stage.filing,
        salt: vault::Salt::from_bytes([7; 32]),
        media_type: vault::MediaType::new("image/jpeg").expect("a type"),
        name: None,
        own,
        plain_bytes: 0,
    };
    let own = [stage.north.recipient()];
    let pulled = &mut PulledOut(Bytes::new(100_000));
    let failed = stage.vault.seal(pulled, to_seal(&own), &mut |_, _| ()).err();
    assert!(matches!(failed, Some(SealError::Read(error)) if error.to_string().contains("pulled out")));
    let failed = stage.vault.seal(&mut &b""[..], to_seal(&[]), &mut |_, _| ()).err();
    assert!(matches!(failed, Some(SealError::NoRecipient)));
    assert!(names(&stage.path("node/sealed")).is_empty() && names(&stage.path("node/grant")).is_empty());

    fs::remove_dir(stage.path("node/sealed")).expect("it is empty");
    let failed = stage.vault.seal(&mut &b""[..], to_seal(&own), &mut |_, _| ()).err();
    assert!(matches!(failed, Some(SealError::Write(_))));
}

#[test]
fn another_keeps_the_bytes_if_they_are_what_was_named() {
    let stage = Stage::new();
    let sealed = stage.seal(&mut Bytes::new(100_000));
    let exhibit = &sealed.exhibit;
    let bytes = fs::read(stage.vault.sealed_path(&exhibit.sealed)).expect("it was sealed");
    let harbour = Vault::at(&stage.path("harbour")).expect("a vault");
    let keep = |bytes: &[u8]| harbour.keep(&mut &*bytes, &exhibit.sealed, exhibit.size, &mut |_, _| ());

    let mut longer = bytes.clone();
    longer.extend_from_slice(&[0; 500_000]);
    let mut altered = bytes.clone();
    altered[50_000] ^= 1;
    for (bad, read) in [
        (&bytes[..bytes.len() - 1], exhibit.size - 1),
        (&longer, exhibit.size + 1),
        (&altered, exhibit.size),
        (&[], 0),
    ] {
        assert!(matches!(keep(bad), Err(KeepError::Differs { size, .. }) if size == read));
        assert!(names(&stage.path("harbour/sealed")).is_empty());
    }
    let pulled = &mut PulledOut(Bytes::new(10));
    let failed = harbour.keep(pulled, &exhibit.sealed, exhibit.size, &mut |_, _| ());
    assert!(matches!(failed, Err(KeepError::Read(_))));
    assert!(names(&stage.path("harbour/sealed")).is_empty());
    assert!(matches!(harbour.sealed(&exhibit.sealed), Err(KeepError::Missing)));

    assert!(keep(&bytes).is_ok() && keep(&bytes).is_ok());
    assert_eq!(names(&stage.path("harbour/sealed")), [exhibit.sealed.to_hex()]);

    // A copy that has rotted is found, and mended by keeping it again.
    fs::write(harbour.sealed_path(&exhibit.sealed), &altered).expect("a write");
    let check = || harbour.check(&exhibit.sealed, exhibit.size, &mut |_, _| ());
    assert!(matches!(check(), Err(KeepError::Differs { .. })));
    assert!(keep(&bytes).is_ok() && check().is_ok());
}

#[test]
fn grants_are_kept_under_their_hash() {
    let stage = Stage::new();
    let sealed = stage.seal(&mut &b"plain"[..]);
    let grant = sealed.grant.seal_to(&[stage.south.recipient()]).expect("it seals");
    assert!(stage.vault.keep_grant(&grant.bytes, &grant.hash).is_ok());
    assert!(stage.vault.sealed_grant(&grant.hash).is_ok_and(|bytes| bytes == grant.bytes));
    assert!(matches!(stage.vault.keep_grant(b"other", &grant.hash), Err(KeepError::Differs { size: 5, .. })));
    let long = vec![0; 1 << 20];
    assert!(matches!(stage.vault.keep_grant(&long, &Hash::of(&long)), Err(KeepError::Differs { .. })));
    assert!(matches!(stage.vault.sealed_grant(&Hash::ZERO), Err(KeepError::Missing)));
    fs::write(stage.vault.grant_path(&grant.hash), b"rotten").expect("a write");
    assert!(matches!(stage.vault.sealed_grant(&grant.hash), Err(KeepError::Differs { size: 6, .. })));
}

#[test]
fn destroyed_is_gone() {
    let stage = Stage::new();
    let sealed = stage.seal(&mut &b"plain"[..]);
    let hash = &sealed.exhibit.sealed;
    let destroyed = stage.vault.destroy(hash, &[sealed.own_grant, Hash::ZERO]).expect("it destroys");
    assert_eq!(destroyed, Destroyed { sealed: true, grants: 1 });
    assert!(names(&stage.path("node/sealed")).is_empty() && names(&stage.path("node/grant")).is_empty());
    let again = stage.vault.destroy(hash, &[]).expect("it destroys");
    assert_eq!(again, Destroyed { sealed: false, grants: 0 });
}

#[test]
fn what_a_crash_left_is_swept() {
    let stage = Stage::new();
    let sealed = stage.seal(&mut &b"plain"[..]);
    fs::write(stage.path("node/sealed/.part-1-1"), b"half").expect("a write");
    fs::write(stage.path("node/grant/.part-1-2"), b"half").expect("a write");
    assert_eq!(stage.vault.sweep().expect("it sweeps"), 2);
    assert_eq!(names(&stage.path("node/sealed")), [sealed.exhibit.sealed.to_hex()]);
    assert_eq!(names(&stage.path("node/grant")), [sealed.own_grant.to_hex()]);
}

#[test]
fn nothing_is_overwritten() {
    let stage = Stage::new();
    let sealed = stage.seal(&mut &b"plain"[..]);
    let target = stage.path("there");
    fs::write(&target, b"mine").expect("a write");
    let mut file = stage.vault.sealed(&sealed.exhibit.sealed).expect("it was sealed");
    let progress = &mut |_, _| ();
    let opened =
        vault::open::open(&sealed.grant, &mut file, &sealed.exhibit, &stage.filing, &target, progress);
    assert!(matches!(opened, Err(OpenError::TargetExists)));
    assert_eq!(fs::read(&target).expect("there"), b"mine");
}
