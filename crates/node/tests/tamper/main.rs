//! Tampering, in every file of a register: each is found, and the file is named (*How it is judged*).

#[path = "../common/mod.rs"]
mod common;

mod anew;
mod entries;
mod files;
mod notes;
mod spoilt;

use std::collections::BTreeSet;

use anew::{entries, receipted, signed, with};
use common::{Files, Remembering};
use spoilt::{Checker, SPOILT, Spoilt};
use terms::Hash;

#[test]
fn what_is_spoilt_has_everything() {
    let Spoilt { small, guarantor, large, .. } = &*SPOILT;
    let mut checker = Checker::default();
    for files in [small, guarantor, large] {
        checker.good(files, "untouched");
    }
    let kinds: BTreeSet<&str> = small
        .0
        .keys()
        .chain(guarantor.0.keys())
        .map(|path| path.split_at(path.find('/').map_or(path.len(), |at| at + 1)).0)
        .collect();
    let all = ["grant/", "lock", "note/", "queue/", "register/", "sealed/", "witness/"];
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), all);
    for needed in ["witness/witness-", "sealed/", "grant/", "note/", "queue/", "register/annex/"] {
        assert!(!guarantor.below(needed).is_empty(), "{needed}");
    }
    assert!(small.0.contains_key("queue/journal"));
    for needed in ["register/tile/0/000", "register/tile/entries/000", "register/tile/1/000.p/1"] {
        assert!(large.0.contains_key(needed), "{needed}");
    }
}

/// The first wrong of each sort of tampering, by its code.
#[test]
fn each_has_its_code() {
    let Spoilt { small, guarantor, large, witness, now, .. } = &*SPOILT;
    let mut checker = Checker::default();
    let all = entries(large);
    let size = all.len();
    let helped = [("harbour", witness, *now)];
    let with_bytes = |files: &Files, path: &str, change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = files.0[path].clone();
        change(&mut bytes);
        files.with(path, bytes)
    };
    let flip = |files: &Files, path: &str, place: usize| with_bytes(files, path, &|bytes| bytes[place] ^= 1);
    let entry = |change: &dyn Fn(&str) -> String| {
        let mut entries = all.clone();
        let text = String::from_utf8(all[size - 2].clone()).expect("text");
        entries[size - 2] = change(&text).into_bytes();
        with(large, &entries, signed(&entries, &helped))
    };
    let last_tile = format!("register/tile/0/001.p/{}", size - 256);
    let last_bundle = format!("register/tile/entries/001.p/{}", size - 256);
    let annex = guarantor.below("register/annex/").remove(0);
    let sealed = guarantor.below("sealed/").remove(0);
    let note = guarantor.below("note/").remove(0);
    let junk = |folder: &str| format!("{folder}/{}", Hash::of(b"junk").to_hex());
    let beyond = format!("register/tile/0/001.p/{}", size - 256 + 1);
    for (code, files) in [
        ("audit::unknown_file", guarantor.with("readme.txt", Vec::new())),
        ("audit::unnamed_file", guarantor.with(&junk("sealed"), b"junk".to_vec())),
        ("audit::hash", flip(guarantor, &annex, 3)),
        ("audit::hash", flip(guarantor, &sealed, 3)),
        ("audit::hash", flip(guarantor, &note, 3)),
        ("audit::note", guarantor.with(&junk("note"), b"junk".to_vec())),
        ("audit::own_file", flip(guarantor, &guarantor.below("witness/").remove(0), 3)),
        ("audit::own_file", flip(small, "queue/journal", 3)),
        ("audit::checkpoint", flip(large, "register/checkpoint", 300)),
        ("audit::checkpoint_old", large.with("register/checkpoint", small.0["register/checkpoint"].clone())),
        ("audit::checkpoint_root", {
            let mut other = all.clone();
            other.swap(1, 2);
            large.with("register/checkpoint", signed(&other, &helped))
        }),
        ("audit::tile_missing", large.without(&last_bundle).expect("a file")),
        ("audit::tile_missing", large.without(&last_tile).expect("a file")),
        ("audit::tile_differs", flip(large, &last_tile, 3)),
        ("audit::tile_too_wide", with_bytes(large, &last_tile, &|_| ()).with(&beyond, vec![0; 32])),
        ("audit::tile_beyond", large.with("register/tile/0/002.p/1", vec![0; 32])),
        ("audit::bundle", with_bytes(large, &last_bundle, &|bytes| bytes.truncate(9))),
        ("audit::unreadable", large.with(&last_bundle, vec![0; 256 * 65_537 + 1])),
        ("audit::unfit", flip(large, "register/tile/entries/000", 300)),
        ("audit::malformed_form", entry(&|text| text.replacen("\"keep\"", "\"kept\"", 1))),
        (
            "audit::malformed_signature",
            entry(&|text| {
                let at = text.find("liaison-1 ").expect("a line") + 30;
                let other = if text.as_bytes()[at] == b'A' { "B" } else { "A" };
                let text = format!("{}{other}{}", &text[..at], &text[at + 1..]);
                String::from_utf8(receipted(text.as_bytes(), size as u64 - 2, *now)).expect("text")
            }),
        ),
    ] {
        let report = checker.report(&files);
        assert_eq!(report.wrongs.first().map(|wrong| wrong.code), Some(code), "{:#?}", report.wrongs);
    }
    // An entry that is another than the log's hashes are of, and reads as well: a space of its text's JSON is
    // none that anybody signed.
    let report = checker.report(&with_bytes(large, "register/tile/entries/000", &|bytes| {
        let at = bytes.windows(9).position(|w| w == b"\"sha256\":").expect("an annex") + 12;
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
    }));
    let codes: BTreeSet<&str> = report.wrongs.iter().map(|wrong| wrong.code).collect();
    assert!(codes.contains("audit::bundle_differs"), "{report:#?}");
    // The register is another than the one that was asked for.
    let other = audit::Expected::Genesis(Hash::ZERO);
    let report =
        audit::verify_folder(guarantor, &other, None, &mut Remembering::default(), &mut |_, _| {}).report;
    let first = report.wrongs.first().map(|wrong| (wrong.code, guarantor.0.contains_key(&wrong.file)));
    assert_eq!(first, Some(("audit::other_register", true)));
    // Ten thousand wrongs are enough.
    let mut many = guarantor.clone();
    for number in 0..10_010 {
        many.0.insert(format!("junk/{number:05}"), Vec::new());
    }
    let report = checker.report(&many);
    assert_eq!(
        (report.wrongs.len(), report.wrongs.last().map(|wrong| wrong.code)),
        (10_001, Some("audit::more"))
    );
}
