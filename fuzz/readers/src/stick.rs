//! What comes on a stick: its manifest, and a whole bundle that a node joins with.

use std::fs;
use std::path::Path;

use audit::report::Verdict;
use audit::{Expected, Inline, Source as _, verify_folder};
use node::bundle::{BundleSource, Joining, Listed, Manifest, join, read_manifest};
use node::{Fault, Home};
use terms::Hash;
use vault::Keyring;

use crate::bytes::Bytes;
use crate::edits;
use crate::folder::is_honest;
use crate::stage::{RIVER, River};

pub(crate) fn manifest(bytes: &[u8]) {
    match Manifest::parse(bytes) {
        Ok(manifest) => assert_eq!(Manifest::parse(&manifest.to_bytes()), Ok(manifest)),
        Err(said) => assert!(!said.is_empty()),
    }
}

type Members = Vec<(String, Vec<u8>)>;

/// An honest bundle for a node that joins, as its members in their order.
fn members() -> Members {
    let river = &*RIVER;
    let place = |path: &str| {
        ["register/annex/", "register/tile/entries/", "register/tile/", "register/checkpoint", "note/"]
            .iter()
            .position(|folder| path.starts_with(folder))
    };
    let mut members: Members = river
        .files
        .iter()
        .filter(|(path, _)| place(path).is_some())
        .map(|(path, bytes)| (path.clone(), bytes.clone()))
        .collect();
    members.sort_by_key(|(path, _)| place(path));
    let manifest = Manifest {
        format: Manifest::FORMAT.to_owned(),
        origin: river.world.origin.clone(),
        genesis: river.world.genesis,
        from: docket::harness::participant("north"),
        to: docket::harness::participant("south"),
        base: 0,
        size: river.world.size(),
        cosigned: 0,
        part: 1,
        parts: 1,
        have: Default::default(),
        list: Vec::new(),
    };
    members.insert(0, ("manifest.json".to_owned(), manifest.to_bytes()));
    members
}

/// The manifest lists what follows, if it can be read at all.
fn list(members: &mut Members) {
    let Ok(mut manifest) = serde_json::from_slice::<Manifest>(&members[0].1) else { return };
    let listed = members[1..].iter();
    manifest.list =
        listed.map(|(path, bytes)| Listed { path: path.clone(), size: bytes.len() as u64 }).collect();
    members[0].1 = manifest.to_bytes();
}

fn tarred(members: &Members) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (path, bytes) in members {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        // A path that a header can't hold is left out.
        if header.set_path(path).is_ok() {
            header.set_cksum();
            tar.append(&header, &bytes[..]).expect("memory");
        }
    }
    tar.into_inner().expect("memory")
}

/// A tar as it is, or our bundle with edits: names mended where the bytes ask for it.
fn bundle(rest: &mut Bytes<'_>) -> Vec<u8> {
    let how = rest.byte();
    if how.is_multiple_of(4) {
        return rest.0.to_vec();
    }
    let mut members = members();
    while !rest.is_empty() {
        let (what, at) = (rest.byte() % 8, rest.below(members.len()));
        match what {
            0 if members.len() > 1 => drop(members.remove(at)),
            1 => {
                let other = rest.below(members.len());
                members.swap(at, other);
            }
            2 => {
                let mut path = std::mem::take(&mut members[at].0).into_bytes();
                edits::bytes(rest, &mut path);
                members[at].0 = String::from_utf8_lossy(&path).into_owned();
            }
            3 => {
                let Ok(mut manifest) = serde_json::from_slice(&members[0].1) else { continue };
                edits::json(rest, &mut manifest, &[]);
                members[0].1 = format!("{manifest}\n").into_bytes();
            }
            4 => {
                let bytes = rest.short().to_vec();
                members.push((format!("sealed/{}", Hash::of(&bytes).to_hex()), bytes));
            }
            _ => {
                edits::bytes(rest, &mut members[at].1);
                if let (true, Some((folder, _))) = (what == 7, members[at].0.rsplit_once('/')) {
                    members[at].0 = format!("{folder}/{}", Hash::of(&members[at].1).to_hex());
                }
            }
        }
    }
    if how % 4 < 3 {
        list(&mut members);
    }
    tarred(&members)
}

pub(crate) fn stick(bytes: &[u8]) {
    let river = &*RIVER;
    let bytes = bundle(&mut Bytes(bytes));
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("bundle");
    fs::write(&file, &bytes).expect("a file");
    if let Err(fault) = read_manifest(&file, &Keyring::new()) {
        return say(&fault);
    }
    verify(&file, folder.path(), river);
    let home = Home::new(&folder.path().join("data"), &folder.path().join("keys"));
    let joining = Joining {
        participant: docket::harness::participant("south"),
        expected: Expected::Genesis(river.world.genesis),
        witness: None,
        intake: None,
    };
    let now = river.world.now;
    match join(&home, Keyring::new(), &joining, &file, now, &mut |_, _| ()) {
        Ok((node, _)) => {
            assert_eq!(node.genesis(), river.world.genesis);
            let size = node.size();
            assert!(size <= river.world.size());
            for index in 0..size {
                let entry = node.entry(index).expect("it is there");
                assert_eq!(entry, river.world.entries[index as usize], "an entry that nobody cosigned");
            }
        }
        Err(fault) => say(&fault),
    }
}

/// As `mithaq verify` reads it.
fn verify(file: &Path, folder: &Path, river: &River) {
    let source = match BundleSource::read(file, &Keyring::new(), &folder.join("scratch"), None) {
        Ok(source) => source,
        Err(fault) => return say(&fault),
    };
    let expected = Expected::Genesis(river.world.genesis);
    let report = verify_folder(&source, &expected, None, &mut Inline::default(), &mut |_, _| ()).report;
    if report.verdict() == Verdict::Good {
        for path in source.list().unwrap_or_default() {
            let bytes = source.read(&path, u64::MAX >> 1).ok().flatten().unwrap_or_default();
            assert!(is_honest(&path, &bytes, river), "{path} was changed, and all is said to be good");
        }
    }
}

fn say(fault: &Fault) {
    assert!(!fault.to_string().is_empty());
}

pub(crate) fn seeds(add: &mut dyn FnMut(&'static str, &[u8])) {
    let mut members = members();
    list(&mut members);
    add("manifest", &members[0].1);
    add("stick", &[1]);
    let mut raw = vec![0];
    raw.extend(tarred(&members[..1].to_vec()));
    add("stick", &raw);
    for what in 0..8 {
        add("stick", &[1, what, 2, 1, 0, 0, 3, b'x']);
    }
}
