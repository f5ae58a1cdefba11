//! Tampering by bytes and names alone.

use std::path::Path;

use act::Entry;
use audit::Verdict;
use terms::Hash;
use tlog::TilePath;

use crate::anew::entries;
use crate::common;
use crate::common::Files;
use crate::spoilt::{Checker, SPOILT, Spoilt};

/// One bit, at many bytes of each file; with `MITHAQ_THOROUGH` set at each byte of all but the largest,
/// which takes some minutes.
#[test]
fn one_flipped_bit() {
    let Spoilt { small, guarantor, large, .. } = &*SPOILT;
    let thorough = std::env::var_os("MITHAQ_THOROUGH").is_some();
    let mut checker = Checker::default();
    let mut flips = 0;
    for (files, most) in [(small, 24), (guarantor, 24), (large, 5)] {
        let most = if thorough { most * 100 } else { most };
        for (path, bytes) in &files.0 {
            let step = bytes.len().div_ceil(most).max(1);
            // Not always the same bytes of a line.
            for place in (flips % step..bytes.len()).step_by(step) {
                let mut bad = bytes.clone();
                bad[place] ^= 1 << ((place + flips) % 8);
                flips += 1;
                checker.wrong(&files.with(path, bad), path, &format!("{path}, byte {place}"));
            }
        }
    }
    assert!(flips > 900, "{flips}");
}

#[test]
fn cut_lengthened_and_emptied() {
    let Spoilt { small, guarantor, large, .. } = &*SPOILT;
    let mut checker = Checker::default();
    for files in [small, guarantor, large] {
        for (path, bytes) in &files.0 {
            let mut longer = bytes.clone();
            longer.push(b'\n');
            checker.wrong(&files.with(path, longer), path, &format!("{path}, a byte more"));
            let length = bytes.len();
            for cut in [0, length / 3, length.saturating_sub(1)] {
                // A journal is cut between two batches without a trace in it: what is kept beside the keys
                // knows of it, and the registrar does not start (`nodes.rs`).
                if cut < length {
                    let shorter = files.with(path, bytes[..cut].to_vec());
                    checker.wrong(&shorter, path, &format!("{path}, cut to {cut} of {length}"));
                }
            }
        }
    }
}

/// Files of one kind exchange their bytes, or go by each other's name.
#[test]
fn swapped() {
    let Spoilt { small, guarantor, large, .. } = &*SPOILT;
    let mut checker = Checker::default();
    let mut swaps = 0;
    for files in [small, guarantor, large] {
        for kind in ["register/annex/", "register/tile/", "sealed/", "grant/", "note/", "queue/", "witness/"]
        {
            let paths = files.below(kind);
            for pair in paths.windows(2) {
                let [one, other] = pair else { continue };
                let (first, second) = (&files.0[one], &files.0[other]);
                if first == second {
                    continue;
                }
                let swapped = files.with(one, second.clone()).with(other, first.clone());
                let report = checker.report(&swapped);
                assert_eq!(report.verdict(), Verdict::Wrong, "{one} and {other}: {report:#?}");
                let named = |path: &String| report.wrongs.iter().any(|wrong| wrong.file == *path);
                // Past a bundle that can't be read nothing is compared.
                let both = named(one) && named(other);
                assert!(both || (named(one) || named(other)) && kind == "register/tile/", "{one}, {other}");
                swaps += 1;
            }
        }
    }
    assert!(swaps > 20, "{swaps}");
    // Files of the same name from another node's folder, or of the same node at another time.
    for path in guarantor.0.keys().filter(|path| small.0.get(*path).is_some_and(|s| *s != guarantor.0[*path]))
    {
        let report = checker.report(&guarantor.with(path, small.0[path].clone()));
        // An older checkpoint, of a register that goes on, is the one case that shows only by its marks.
        assert!(report.verdict() != Verdict::Good || path == "register/checkpoint", "{path}");
    }
    let old = large.with("register/checkpoint", small.0["register/checkpoint"].clone());
    checker.wrong(&old, "register/checkpoint", "an older checkpoint");
    let old = large.with("queue/journal", small.0["queue/journal"].clone());
    let report = checker.report(&old);
    // An older journal says the same of entries that are in tiles by now: it takes nothing away from them.
    assert_eq!(report.verdict(), Verdict::Good, "{report:#?}");
    let witness = guarantor.below("witness/witness-").remove(0);
    let name = format!("witness/witness-{}", Hash::of(b"other").to_hex());
    let renamed = guarantor.without(&witness).expect("a file").with(&name, guarantor.0[&witness].clone());
    checker.wrong(&renamed, &name, "a witness's record under another name");
    let stamped = guarantor.below("witness/intake-");
    for path in stamped {
        let name = format!("witness/intake-{}", Hash::of(b"other").to_hex());
        let renamed = guarantor.without(&path).expect("a file").with(&name, guarantor.0[&path].clone());
        checker.wrong(&renamed, &name, "an intake's record under another name");
    }
}

/// What is dropped: a wrong where the rest shows that it was there; undecided where nobody is to blame; and
/// legal where a node may hold it or not.
#[test]
fn dropped() {
    let Spoilt { small, guarantor, large, .. } = &*SPOILT;
    let mut checker = Checker::default();
    for files in [small, guarantor, large] {
        let size = Entry::parse(&entries(files)[0]).map(|_| entries(files).len() as u64).expect("entries");
        for path in files.0.keys() {
            let less = files.without(path).expect("a file");
            if path == "register/checkpoint" {
                checker.undecided(&less, path);
            } else if path.starts_with("register/annex/") {
                let report = checker.report(&less);
                assert_eq!(report.verdict(), Verdict::Undecided, "{path}: {report:#?}");
            } else if let Some(tile) = path.strip_prefix("register/").and_then(TilePath::parse) {
                let now = TilePath::in_log(tile.kind(), tile.index(), size);
                if now == Some(tile) {
                    checker.wrong(&less, path, path);
                } else {
                    // An older partial tile, for who has an older checkpoint.
                    checker.good(&less, path);
                }
            } else {
                checker.good(&less, path);
            }
        }
    }
    // A whole bundle of a large register, with its hashes: the checkpoint says how far they go.
    let less = large
        .without("register/tile/entries/000")
        .expect("a file")
        .without("register/tile/0/000")
        .expect("a file");
    checker.wrong(&less, "register/tile/entries/000", "the first 256 entries");
}

#[test]
fn renamed_and_added() {
    let Spoilt { guarantor, .. } = &*SPOILT;
    let mut checker = Checker::default();
    let hex = Hash::of(b"junk").to_hex();
    for (path, bytes) in &guarantor.0 {
        if path.starts_with("queue/") && path.len() < 60 || path == "lock" || bytes.is_empty() {
            continue;
        }
        let other = match path.rsplit_once('/') {
            Some((folder, name)) if Hash::from_hex(name).is_some() => format!("{folder}/{hex}"),
            _ => format!("{path}~"),
        };
        if path.contains("witness/") {
            continue;
        }
        let renamed = guarantor.without(path).expect("a file").with(&other, bytes.clone());
        checker.wrong(&renamed, &other, &format!("{path} as {other}"));
    }
    for added in [
        "readme.txt".to_owned(),
        ".hidden".to_owned(),
        "register/index.html".to_owned(),
        "register/annex/readme".to_owned(),
        "register/tile/0/001".to_owned(),
        "register/tile/entries/001.p/7".to_owned(),
        "register/tile/7/000".to_owned(),
        "note/readme".to_owned(),
        "queue/part-1".to_owned(),
        "sealed/.part-1-1".to_owned(),
        "witness/other".to_owned(),
        format!("sealed/{hex}.at/0"),
        format!("queue/stopped-{hex}"),
    ] {
        checker.wrong(&guarantor.with(&added, b"junk".to_vec()), &added, &added);
    }
    // Rightly named, and named by no act.
    for added in ["register/annex", "sealed", "grant", "note"] {
        let path = format!("{added}/{hex}");
        checker.wrong(&guarantor.with(&path, b"junk".to_vec()), &path, &path);
    }
    let piece = format!("queue/piece/{hex}/0-{hex}");
    checker.wrong(&guarantor.with(&piece, b"junk".to_vec()), &piece, &piece);
}

/// Links, pipes and the like, on a real disk.
#[cfg(unix)]
#[test]
fn links_and_pipes() {
    let Spoilt { guarantor, .. } = &*SPOILT;
    let dir = tempfile::tempdir().expect("a folder");
    let data = dir.path().join("data");
    let write = |files: &Files| {
        let _ = std::fs::remove_dir_all(&data);
        for (path, bytes) in &files.0 {
            let path = data.join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(path, bytes).expect("written");
        }
    };
    let wrong_at = |file: &str| {
        let report = common::report(&data);
        assert_eq!(report.verdict(), Verdict::Wrong, "{file}: {report:#?}");
        assert!(report.wrongs.iter().any(|wrong| wrong.file == file), "{file}: {:#?}", report.wrongs);
    };
    write(guarantor);
    assert_eq!(common::report(&data).verdict(), Verdict::Good);
    let paths: Vec<&String> = guarantor.0.keys().collect();
    for path in &paths {
        write(guarantor);
        let elsewhere = dir.path().join("elsewhere");
        std::fs::rename(data.join(path), &elsewhere).expect("moved");
        std::os::unix::fs::symlink(&elsewhere, data.join(path)).expect("linked");
        wrong_at(path);
    }
    write(guarantor);
    std::fs::rename(data.join("note"), dir.path().join("notes")).expect("moved");
    std::os::unix::fs::symlink(dir.path().join("notes"), data.join("note")).expect("linked");
    wrong_at("note");
    write(guarantor);
    let path = data.join("register/checkpoint");
    std::fs::remove_file(&path).expect("removed");
    if std::process::Command::new("mkfifo").arg(&path).status().is_ok_and(|status| status.success()) {
        wrong_at("register/checkpoint");
    } else {
        eprintln!("skipped: there is no mkfifo on this machine");
    }
    write(guarantor);
    let deep = (0..40).fold(data.clone(), |path, _| path.join("d"));
    std::fs::create_dir_all(deep).expect("made");
    wrong_at(&format!("{}/", vec!["d"; 17].join("/")));
    // A folder that is none of a register is not one.
    assert_eq!(common::report(Path::new("/nowhere/at/all")).verdict(), Verdict::Undecided);
}
