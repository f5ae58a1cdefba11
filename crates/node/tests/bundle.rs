//! Bundles: in parts, cut, flipped, foreign. What is not whole is said clearly, and nothing of it stays.

mod common;

use std::path::{Path, PathBuf};

use act::body::{Enrol, Offer, Passkey};
use act::value::Vkey;
use act::{Body, Submission};
use audit::Expected;
use common::handmade::{Foreign, batch, members_of, rebuilt, stick_with, submitted, tar_of, written};
use common::{World, at, carry, files_of, met, quiet, verify, who};
use node::bundle::{BundleSource, Export, Joining, Manifest};
use node::evidence::Evidence;
use node::{Fault, Node};
use note::passkey::challenge;
use note::{Assertion, Intake, KeyName, PasskeyKey, SigningKey, VerifierKey};
use terms::{ActId, Hash, Item};
use vault::Keyring;

fn bytes(seed: u32, count: usize) -> Vec<u8> {
    let mut state = seed | 1;
    (0..count)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state as u8
        })
        .collect()
}

fn offer(north: &mut Node, plain: &[u8], hour: u64) -> Item {
    let evidence = Evidence {
        plain: &mut &*plain,
        bytes: plain.len() as u64,
        media_type: "application/octet-stream",
        name: None,
    };
    let (file, _) = north.seal(evidence, &[who("harbour")], &mut quiet).expect("sealed");
    let offer = north.act("liaison-1", Body::Offer(Offer { files: vec![file] }), at(hour)).expect("offered");
    Item::exhibit(offer.act().id(), 1)
}

fn export(from: &mut Node, to: &str, target: &Path, plain: bool, part_bytes: u64) -> Vec<PathBuf> {
    let export = Export { to: &who(to), target, plain, largest: None, part_bytes, whole: false, paced: None };
    let exported = from.export_parts(&export, &mut quiet).expect("exported");
    for file in &exported.files {
        assert!(std::fs::metadata(file).expect("there").len() <= part_bytes);
    }
    exported.files
}

#[test]
fn parts_in_any_order() {
    for (plain, seed) in [(false, 1), (true, 2), (false, 3)] {
        let (mut world, mut harbour) = met();
        let contents = [bytes(7, 300_000), bytes(8, 1000), bytes(9, 130_000)];
        let exhibits: Vec<Item> = contents.iter().map(|plain| offer(&mut world.north, plain, 5)).collect();
        let target = world.stick.join("all.mithaq");
        let mut files = export(&mut world.north, "harbour", &target, plain, 80 * 1024);
        assert!(files.len() > 4, "{files:?}");
        assert!(files[0].ends_with(format!("all.1-of-{}.mithaq", files.len())));
        // Another order each time.
        let count = files.len();
        files.rotate_left(seed % count);
        files.swap(0, count - 1);
        let mut sealed = 0;
        for (number, file) in files.iter().enumerate() {
            let imported = harbour.import(file, at(6), &mut quiet).expect("imported");
            assert_eq!(imported.wrongs, Vec::<String>::new());
            sealed += imported.sealed;
            if number + 1 < count {
                assert!(imported.remarks.iter().any(|r| r.contains("take the other parts")), "{imported:?}");
            }
            // What waits is known to whoever verifies, and is no wrong.
            verify(&harbour.home().data);
        }
        assert_eq!(sealed, 3);
        assert_eq!(files_of(&harbour.home().data).below("queue/piece/"), Vec::<String>::new());
        for (exhibit, plain) in exhibits.iter().zip(&contents) {
            let target = world.stick.join("opened");
            harbour.open_exhibit(exhibit, Some(&target), &mut quiet).expect("opened");
            assert_eq!(std::fs::read(&target).expect("read"), *plain);
            std::fs::remove_file(&target).expect("removed");
        }
    }
}

#[test]
fn a_lost_part_is_made_good_by_parts_of_another_size() {
    let (mut world, mut harbour) = met();
    let exhibit = offer(&mut world.north, &bytes(7, 400_000), 5);
    let first = export(&mut world.north, "harbour", &world.stick.join("one.mithaq"), false, 64 * 1024);
    for file in first.iter().filter(|file| !file.to_string_lossy().contains(".3-of-")) {
        harbour.import(file, at(6), &mut quiet).expect("imported");
    }
    assert!(harbour.open_exhibit(&exhibit, None, &mut quiet).is_err());
    let second = export(&mut world.north, "harbour", &world.stick.join("two.mithaq"), false, 100 * 1024);
    let done = |harbour: &Node| harbour.open_exhibit(&exhibit, None, &mut quiet).is_ok();
    let mut used = 0;
    for file in &second {
        if !done(&harbour) {
            harbour.import(file, at(7), &mut quiet).expect("imported");
            used += 1;
        }
    }
    assert!(done(&harbour) && used < second.len(), "{used} of {}", second.len());
}

#[test]
fn a_flipped_piece_of_a_plain_bundle_is_thrown_away() {
    let (mut world, mut harbour) = met();
    let exhibit = offer(&mut world.north, &bytes(7, 200_000), 5);
    let files = export(&mut world.north, "harbour", &world.stick.join("all.mithaq"), true, 64 * 1024);
    let last = files.last().expect("parts").clone();
    let good = std::fs::read(&last).expect("read");
    let mut bad = good.clone();
    let place = bad.len() - 2048;
    bad[place] ^= 1;
    std::fs::write(&last, &bad).expect("written");
    let mut wrongs = Vec::new();
    for file in &files {
        wrongs.extend(harbour.import(file, at(6), &mut quiet).expect("imported").wrongs);
    }
    assert!(wrongs.iter().any(|wrong| wrong.contains("thrown away")), "{wrongs:?}");
    assert!(harbour.open_exhibit(&exhibit, None, &mut quiet).is_err());
    assert_eq!(files_of(&harbour.home().data).below("queue/piece/"), Vec::<String>::new());
    std::fs::write(&last, &good).expect("written");
    for file in &files {
        harbour.import(file, at(7), &mut quiet).expect("imported");
    }
    harbour.open_exhibit(&exhibit, None, &mut quiet).expect("opened");
}

/// A bundle that is cut anywhere, or has a flipped bit, changes nothing that is not whole; and the same
/// bundle, whole, is taken in after it.
#[test]
fn cut_and_flipped() {
    for plain in [true, false] {
        let (mut world, mut harbour) = met();
        let exhibit = offer(&mut world.north, &bytes(7, 20_000), 5);
        let target = world.stick.join("one.mithaq");
        let files = export(&mut world.north, "harbour", &target, plain, 1 << 30);
        assert_eq!(files.as_slice(), std::slice::from_ref(&target));
        let good = std::fs::read(&target).expect("read");
        let try_with = |harbour: &mut Node, bytes: &[u8]| {
            std::fs::write(&target, bytes).expect("written");
            let imported = harbour.import(&target, at(6), &mut quiet);
            verify(&harbour.home().data);
            imported
        };
        for cut in (0..good.len() - 1024).step_by(good.len() / 41) {
            let imported = try_with(&mut harbour, &good[..cut]);
            assert!(imported.is_err(), "cut at {cut}");
        }
        // What stands first and is whole may be taken in: what follows a sealed file's header is its bytes.
        let mut refused = 0;
        for place in (0..good.len()).step_by(good.len() / 97) {
            let mut bad = good.clone();
            bad[place] ^= 1 << (place % 8);
            refused += u32::from(try_with(&mut harbour, &bad).map_or(true, |i| !i.wrongs.is_empty()));
        }
        // In a plain one there are bytes that nobody reads (padding, hashes that are made anew, what is here
        // already); whatever was taken in, the folder is whole.
        assert!(refused >= if plain { 10 } else { 97 }, "{refused}");
        let imported = try_with(&mut harbour, &good).expect("whole");
        assert_eq!(imported.wrongs, Vec::<String>::new());
        harbour.open_exhibit(&exhibit, None, &mut quiet).expect("opened");
    }
}

#[test]
fn foreign_members() {
    let (mut world, mut harbour) = met();
    let stick = world.stick.clone();
    let target = stick.join("one.mithaq");
    export(&mut world.north, "harbour", &target, true, 1 << 30);
    let manifest = node::bundle::read_manifest(&target, &Keyring::new()).expect("a manifest");
    let before = files_of(&harbour.home().data);
    let hex = Hash::of(b"x").to_hex();
    let mut refused = |what: &str, list: &[(&str, u64)], members: Vec<Foreign>, says: &str| {
        let list: Vec<serde_json::Value> =
            list.iter().map(|(path, size)| serde_json::json!({"path": path, "size": size})).collect();
        let mut value = serde_json::to_value(&manifest).expect("json");
        value["list"] = list.into();
        let mut text = serde_json::to_vec(&value).expect("json");
        text.push(b'\n');
        let mut all = vec![Foreign::new("manifest.json", &text)];
        all.extend(members);
        let file = stick.join("bad.mithaq");
        std::fs::write(&file, tar_of(&all)).expect("written");
        match harbour.import(&file, at(6), &mut quiet) {
            Err(fault @ (Fault::Bundle { .. } | Fault::Foreign(_))) => {
                assert!(fault.to_string().contains(says), "{what}: {fault}");
                assert!(!fault.code().is_empty() && fault.help().is_none_or(|help| !help.is_empty()));
            }
            other => panic!("{what}: {other:?}"),
        }
        assert_eq!(files_of(&harbour.home().data), before, "{what}");
        assert!(BundleSource::read(&file, &Keyring::new(), &stick, None).is_err(), "{what}");
    };
    let note = format!("note/{hex}");
    let note = note.as_str();
    let sealed = format!("sealed/{hex}");
    let link = |kind| Foreign { kind, size: 0, ..Foreign::new(note, b"") };
    for kind in [
        tar::EntryType::Symlink,
        tar::EntryType::Link,
        tar::EntryType::Directory,
        tar::EntryType::Fifo,
        tar::EntryType::Char,
        tar::EntryType::Block,
        tar::EntryType::GNUSparse,
        tar::EntryType::GNULongName,
        tar::EntryType::GNULongLink,
        tar::EntryType::XHeader,
        tar::EntryType::XGlobalHeader,
        tar::EntryType::Continuous,
    ] {
        refused(&format!("{kind:?}"), &[(note, 0)], vec![link(kind)], "no plain file");
    }
    for path in [
        "/etc/passwd",
        "../escape",
        "note/../../escape",
        "./note",
        "sealed",
        "lock",
        "queue/journal",
        "register/tile/entries/000.p/0",
        "manifest.json",
        "",
        "witness/witness-0",
        "sealed/HEX.at/1",
    ] {
        refused(path, &[(path, 1)], vec![Foreign::new(path, b"x")], "which no bundle has");
    }
    refused("twice", &[(note, 1), (note, 1)], vec![Foreign::new(note, b"x")], "twice");
    refused(
        "order",
        &[(&sealed, 1), (note, 1)],
        vec![Foreign::new(&sealed, b"x"), Foreign::new(note, b"x")],
        "out of order",
    );
    refused("not listed", &[], vec![Foreign::new(note, b"x")], "more files than its manifest lists");
    let behind = Foreign { size: 1, ..Foreign::new(note, &[b"x".as_slice(), &[0; 2000], b"y"].concat()) };
    refused("behind the end", &[(note, 1)], vec![behind], "behind its end");
    refused("missing", &[(note, 1)], vec![], "is missing");
    refused("another", &[(note, 1)], vec![Foreign::new(&sealed, b"x")], "comes, where the manifest lists");
    refused("another size", &[(note, 2)], vec![Foreign::new(note, b"x")], "comes, where the manifest lists");
    let bad = Hash::of(b"y").to_hex();
    let other = format!("note/{bad}");
    refused("another hash", &[(&other, 1)], vec![Foreign::new(&other, b"x")], "not the hash");
    // Sizes that no file has, in the list and in the header.
    for size in [1_u64 << 21, 1 << 40, (1 << 53) - 1] {
        let huge = Foreign { size, ..Foreign::new(note, b"x") };
        refused("huge", &[(note, size)], vec![huge], "can't be as large");
    }
    let huge = Foreign { size: 1 << 40, ..Foreign::new(&sealed, b"x") };
    refused("huge sealed", &[(note, 1)], vec![huge], "comes, where the manifest lists");
}

#[test]
fn foreign_manifests() {
    let (world, mut harbour) = met();
    let before = files_of(&harbour.home().data);
    let file = world.stick.join("bad.mithaq");
    let mut refused = |what: &str, members: &[Foreign]| {
        std::fs::write(&file, tar_of(members)).expect("written");
        let imported = harbour.import(&file, at(6), &mut quiet);
        assert!(matches!(imported, Err(Fault::Bundle { .. } | Fault::Foreign(_))), "{what}: {imported:?}");
        assert_eq!(files_of(&harbour.home().data), before, "{what}");
    };
    refused("empty", &[]);
    refused("something else", &[Foreign::new("readme.txt", b"hello")]);
    refused("no json", &[Foreign::new("manifest.json", b"hello\n")]);
    refused("a list", &[Foreign::new("manifest.json", b"[]\n")]);
    // Deep, or long, or of another register: each is refused before anything is made of it.
    refused("deep", &[Foreign::new("manifest.json", &[b'['; 1 << 20])]);
    let bomb = Foreign { size: Manifest::BYTES_MAX + 1, ..Foreign::new("manifest.json", b"{") };
    refused("a manifest of 32 MiB and a byte", &[bomb]);
    let genesis = world.north.genesis();
    let manifest = |more: serde_json::Value| {
        let mut value = serde_json::json!({
            "format": "mithaq.bundle/v1", "origin": common::origin(), "genesis": genesis, "from": "north",
            "to": "harbour", "base": 0, "size": 4, "cosigned": 0, "part": 1, "parts": 1, "have": [], "list": []
        });
        for (key, field) in more.as_object().expect("an object") {
            value[key] = field.clone();
        }
        let mut text = serde_json::to_vec(&value).expect("json");
        text.push(b'\n');
        vec![Foreign::new("manifest.json", &text)]
    };
    let many: Vec<serde_json::Value> = (0..=Manifest::FILES_MAX as u32)
        .map(|n| {
            let path = format!("note/{}", Hash::of(&n.to_be_bytes()).to_hex());
            serde_json::json!({"path": path, "size": 1})
        })
        .collect();
    let hex = |bytes: &[u8]| Hash::of(bytes).to_hex();
    let (first, second) = (&hex(b"x"), &hex(b"y"));
    for (what, more) in [
        ("another register", serde_json::json!({"genesis": Hash::of(b"other")})),
        ("another origin", serde_json::json!({"origin": "other.example/x"})),
        ("another format", serde_json::json!({"format": "mithaq.bundle/v2"})),
        ("backwards", serde_json::json!({"base": 5})),
        ("part 0", serde_json::json!({"part": 0})),
        ("part 2 of 1", serde_json::json!({"part": 2})),
        ("many parts", serde_json::json!({"parts": 1_000_000})),
        ("many files", serde_json::json!({ "list": many })),
        ("no hash", serde_json::json!({"have": ["../x"]})),
        ("a hash twice", serde_json::json!({"have": [hex(b"x"), hex(b"x")]})),
        ("out of order", serde_json::json!({"have": [first.max(second), first.min(second)]})),
        ("a list for an object", serde_json::json!({"list": [[format!("note/{}", hex(b"x")), 1]]})),
        ("a field more", serde_json::json!({"more": 1})),
    ] {
        refused(what, &manifest(more));
    }
}

/// Files that no act names are junk in a register's folder: they are left aside.
#[test]
fn what_no_act_names_is_left_aside() {
    let (world, mut harbour) = met();
    let (annex, grant, sealed) = (b"an annex".as_slice(), b"a grant".as_slice(), b"a file".as_slice());
    let paths = [
        format!("register/annex/{}", Hash::of(annex).to_hex()),
        format!("grant/{}", Hash::of(grant).to_hex()),
        format!("sealed/{}", Hash::of(sealed).to_hex()),
        format!("sealed/{}.at/0", Hash::of(b"more").to_hex()),
    ];
    let list: Vec<serde_json::Value> = paths
        .iter()
        .zip([annex, grant, sealed, b"part"])
        .map(|(path, bytes)| serde_json::json!({"path": path, "size": bytes.len()}))
        .collect();
    let manifest = serde_json::json!({
        "format": "mithaq.bundle/v1", "origin": common::origin(), "genesis": world.north.genesis(),
        "from": "north", "to": "harbour", "base": 0, "size": 4, "cosigned": 0, "part": 1, "parts": 1,
        "have": [], "list": list
    });
    let text = format!("{manifest}\n");
    let mut members = vec![Foreign::new("manifest.json", text.as_bytes())];
    for (path, bytes) in paths.iter().zip([annex, grant, sealed, b"part"]) {
        members.push(Foreign::new(path, bytes));
    }
    let file = world.stick.join("junk.mithaq");
    std::fs::write(&file, tar_of(&members)).expect("written");
    let imported = harbour.import(&file, at(6), &mut quiet).expect("imported");
    assert_eq!((imported.sealed, imported.grants), (0, 0));
    assert_eq!(imported.remarks.iter().filter(|r| r.contains("no act names it")).count(), 4, "{imported:?}");
    verify(&harbour.home().data);
}

#[test]
fn a_bundle_is_verified_without_being_taken_in() {
    let (mut world, harbour) = met();
    offer(&mut world.north, &bytes(7, 20_000), 5);
    let home = world.home("nobody");
    let ring = Keyring::new();
    let target = world.stick.join("first.mithaq");
    // To somebody who has nothing: everything is in it.
    std::fs::remove_dir_all(world.north.home().keys.join("peers")).expect("removed");
    export(&mut world.north, "harbour", &target, true, 1 << 30);
    let source = BundleSource::read(&target, &ring, &home.data, None).expect("a bundle");
    assert_eq!(source.manifest().base, 0);
    let verified = |source: &BundleSource| {
        let mut inline = audit::Inline::default();
        audit::verify_folder(source, &audit::Expected::Any, None, &mut inline, &mut |_, _| {}).report
    };
    let report = verified(&source);
    assert_eq!(report.verdict(), audit::Verdict::Good, "{report:#?}");
    assert_eq!(report.counts.sealed, 1);
    // Sealed to harbour, with its keys, over what harbour has; submissions on their way among it.
    let mut harbour = harbour;
    let body = Body::Keep(act::body::Keep { exhibits: vec![Item::exhibit(terms::ActId(Hash::ZERO), 1)] });
    harbour.act("liaison-1", body, at(6)).expect("queued");
    let target = world.stick.join("later.mithaq");
    export(&mut harbour, "north", &target, false, 1 << 30);
    assert!(BundleSource::read(&target, &ring, &home.data, None).is_err());
    let below = node::disk::Disk::at(&world.north.home().data);
    let source =
        BundleSource::read(&target, world.north.keyring(), &home.data, Some(below)).expect("a bundle");
    let report = verified(&source);
    assert_eq!(report.verdict(), audit::Verdict::Good, "{report:#?}");
}

/// `--plain` lists with tar.
#[test]
fn tar_lists_a_plain_bundle() {
    let (mut world, _) = met();
    offer(&mut world.north, &bytes(7, 20_000), 5);
    let target = world.stick.join("plain.mithaq");
    export(&mut world.north, "harbour", &target, true, 1 << 30);
    let listed = std::process::Command::new("tar").arg("tf").arg(&target).output();
    let Ok(listed) = listed else {
        eprintln!("skipped: there is no tar on this machine");
        return;
    };
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    let manifest = node::bundle::read_manifest(&target, &Keyring::new()).expect("a manifest");
    let expected: Vec<&str> = manifest.list.iter().map(|listed| listed.path.as_str()).collect();
    let text = String::from_utf8(listed.stdout).expect("text");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "manifest.json");
    assert_eq!(lines[1..], expected);
    for needed in ["register/checkpoint", "witness/add-checkpoint"] {
        assert!(expected.contains(&needed), "{expected:?}");
    }
}

/// A submission in which a stamp has no room broke every import off, and the chain had gone on.
#[test]
fn a_submission_without_room_for_a_stamp_is_left_aside() {
    let (world, mut harbour) = met();
    let act = written(&world.north, "liaison-1", batch(b"one,two\n"), 5);
    let nobody = SigningKey::from_seed(&[7; 32]);
    let stamp = Intake { act: act.act().id(), time: at(5), previous: Hash::ZERO };
    let stamps = (0..14).map(|number| {
        let name = KeyName::new(&format!("{}/other-{number}/stamp-1", common::origin())).expect("a name");
        stamp.sign(&nobody, &name)
    });
    let full = Submission::new(act.act().clone(), act.signatures().to_vec(), Vec::new(), stamps.collect())
        .expect("full");
    let file = stick_with(&world, "full.mithaq", &[submitted(&full)]);
    let imported = harbour.import(&file, at(6), &mut quiet).expect("imported");
    assert_eq!(imported.stamped, 0);
    assert!(imported.remarks.iter().any(|remark| remark.contains("no room")), "{imported:?}");
    // No stamp of the chain was used up: the next is its first.
    let file = stick_with(&world, "bare.mithaq", &[submitted(&act)]);
    assert_eq!(harbour.import(&file, at(7), &mut quiet).expect("imported").stamped, 1);
    let queued = harbour.queued().expect("read");
    let stamped = queued.iter().find(|queued| queued.act().id() == act.act().id()).expect("queued");
    let (first, _) = Intake::parse(act.act().id(), &stamped.intakes()[0].payload).expect("a stamp");
    assert_eq!((first.previous, first.time), (Hash::ZERO, at(7)));
}

/// What a key signs after its end is no act: a stamp on it would only lend it weight.
#[test]
fn what_an_ended_key_signed_is_not_stamped() {
    let (mut world, mut harbour) = met();
    let stick = world.stick.clone();
    let late = written(&world.north, "liaison-1", batch(b"one,two\n"), 5);
    let revoke = Body::Revoke(act::body::Revoke { label: common::code("liaison-1") });
    world.north.act_with(&["root-1", "root-2"], revoke, at(5)).expect("revoked");
    carry(&mut world.north, &mut harbour, &stick, 6);
    let file = stick_with(&world, "late.mithaq", &[submitted(&late)]);
    let imported = harbour.import(&file, at(7), &mut quiet).expect("imported");
    assert_eq!(imported.stamped, 0, "{imported:?}");
    assert!(imported.remarks.iter().any(|remark| remark.contains("keys in force")), "{imported:?}");
}

/// A passkey's assertion over an act's id, as an authenticator answers that was asked at the desk.
fn asserted(act: &Submission, challenged: ActId, rp: &str, flags: u8) -> Submission {
    let page = "https://desk.register.example";
    let challenge = challenge(&challenged);
    let client = format!(r#"{{"type":"webauthn.get","challenge":"{challenge}","origin":"{page}"}}"#);
    let mut assertion = Assertion {
        authenticator_data: [&Hash::of(rp.as_bytes()).as_bytes()[..], &[flags, 0, 0, 0, 1]].concat(),
        client_data: client.into_bytes(),
        signature: Vec::new(),
    };
    assertion.signature = SigningKey::from_seed(&[8; 32]).sign(&assertion.message()).as_bytes().to_vec();
    let payload = assertion.payload().expect("short parts");
    let beside = passkey().line(payload);
    Submission::new(act.act().clone(), act.signatures().to_vec(), vec![beside], Vec::new()).expect("its form")
}

fn passkey() -> VerifierKey {
    let name = KeyName::new(&format!("{}/north/liaison-2", common::origin())).expect("a name");
    VerifierKey::passkey(name, &PasskeyKey::EdDsa(SigningKey::from_seed(&[8; 32]).public()))
}

/// What a passkey was asked for something else, or by somebody else, or by nobody who was there, is no act:
/// no guarantor lends it a stamp, and the registrar refuses it.
#[test]
fn an_act_beside_a_false_assertion_is_neither_stamped_nor_registered() {
    let (mut world, mut harbour) = met();
    let stick = world.stick.clone();
    // An officer whose key its node keeps, and whose passkey stands beside it.
    let name = KeyName::new(&format!("{}/north/liaison-2", common::origin())).expect("a name");
    let kept = SigningKey::from_seed(&[9; 32]);
    let Body::Enrol(Enrol::Key(mut enrolment)) = common::enrol(&world.rings["north"], "north", "liaison-1")
    else {
        unreachable!()
    };
    enrolment.label = common::code("liaison-2");
    enrolment.custody = terms::Custody::Node;
    enrolment.vkey = Some(Vkey(VerifierKey::plain(name.clone(), kept.public())));
    enrolment.passkey = Some(Passkey {
        vkey: Vkey(passkey()),
        rp: "register.example".to_owned().try_into().expect("a host"),
        origins: vec!["https://desk.register.example".to_owned().try_into().expect("an origin")],
    });
    world.north.act_with(&["root-1", "root-2"], Body::Enrol(Enrol::Key(enrolment)), at(5)).expect("enrolled");
    carry(&mut world.north, &mut harbour, &stick, 6);

    let signer = world.north.signer("liaison-2").expect("a signer");
    let act = world.north.write(vec![signer], batch(b"one,two\n"), at(6)).expect("written");
    let line = kept.sign_note(act.text(), &name);
    let bare = Submission::new(act, vec![line], Vec::new(), Vec::new()).expect("its form");
    let id = bare.act().id();
    let annex = (format!("register/annex/{}", Hash::of(b"one,two\n").to_hex()), b"one,two\n".to_vec());
    let other = ActId::of_text("another act\n");
    for (what, ground, given) in [
        ("another challenge", "signature", asserted(&bare, other, "register.example", 0x05)),
        ("another relying party", "signature", asserted(&bare, id, "evil.example", 0x05)),
        ("nobody was there", "signature", asserted(&bare, id, "register.example", 0x04)),
        ("nobody was verified", "signature", asserted(&bare, id, "register.example", 0x01)),
        ("no assertion", "key", bare.clone()),
    ] {
        let file = stick_with(&world, "false.mithaq", &[annex.clone(), submitted(&given)]);
        let imported = harbour.import(&file, at(7), &mut quiet).expect("imported");
        assert_eq!(imported.stamped, 0, "{what}: {imported:?}");
        assert!(imported.remarks.iter().any(|remark| remark.contains("keys in force")), "{what}");
        assert!(harbour.queued().expect("read").iter().all(|queued| queued.act().id() != id), "{what}");
        let imported = world.north.import(&file, at(7), &mut quiet).expect("imported");
        assert_eq!((imported.registered, &imported.refused[..]), (0, &[ground.to_owned()][..]), "{what}");
    }
    verify(&harbour.home().data);
    verify(&world.north.home().data);
    // The refused act used up no number: with a good assertion it is stamped, and registered.
    let good = asserted(&bare, id, "register.example", 0x05);
    let file = stick_with(&world, "good.mithaq", &[annex, submitted(&good)]);
    assert_eq!(harbour.import(&file, at(8), &mut quiet).expect("imported").stamped, 1);
    let imported = carry(&mut harbour, &mut world.north, &stick, 9);
    assert_eq!((imported.registered, imported.refused.len()), (1, 0), "{imported:?}");
    verify(&world.north.home().data);
}

/// Only a witness has a reason to hold what no quorum has cosigned: nobody else joins by it, nor by entries
/// that are not those of the checkpoint; and nothing is made.
#[test]
fn nobody_joins_by_entries_that_no_checkpoint_holds() {
    let mut world = World::found(common::TWO, &["harbour"], &["harbour"], 1);
    let whole = world.stick.join("whole.mithaq");
    world.north.export(&who("harbour"), &whole, true, at(1), &mut quiet).expect("exported");
    let witness = common::witness_name("harbour");
    let join = |file: &Path, witness: Option<&str>| {
        let joining = Joining {
            participant: who("harbour"),
            expected: Expected::Genesis(world.north.genesis()),
            witness,
            intake: None,
        };
        let ring = common::copy_ring(&world.rings["harbour"]);
        node::bundle::join(&world.home("harbour"), ring, &joining, file, at(2), &mut quiet)
            .map(|(node, _)| node)
    };
    let made_nothing = |file: &Path, witness: Option<&str>, part: &str| {
        match join(file, witness) {
            Err(fault) => assert!(fault.to_string().contains(part), "{fault}"),
            Ok(_) => panic!("joined: {part}"),
        }
        let home = world.home("harbour");
        assert!(!home.data.exists() && !home.kept().exists() && home.settings().is_err());
    };
    made_nothing(&whole, None, "has no checkpoint that its entries reach");

    // The last entry is another than the registrar signed for.
    let mut members = members_of(&whole);
    let entries = members.iter_mut().filter(|(name, _)| name.starts_with("register/tile/entries/"));
    let (_, last) = entries.last().expect("a tile");
    *last.last_mut().expect("a byte") ^= 1;
    let file = world.stick.join("other.mithaq");
    std::fs::write(&file, rebuilt(members)).expect("written");
    made_nothing(&file, Some(&witness), "root is not that of the entries");

    let harbour = join(&whole, Some(&witness)).expect("joined");
    assert_eq!(harbour.size(), world.north.size());
}
