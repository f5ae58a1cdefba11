//! Tampering, in every file of a register: each is found, and the file is named (*How it is judged*).

mod common;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use act::body::{Grant as GrantBody, Keep, Offer};
use act::freeze::{FreezeBody, FreezeNote};
use act::refusal::RefusalBody;
use act::state::StateBody;
use act::value::Vkey;
use act::{Body, Entry, Refusal, StateNote};
use audit::{Report, Verdict};
use common::{
    Files, Remembering, World, at, carry, check, files_of, import, quiet, signing, who, witness_name,
};
use node::evidence::Evidence;
use note::{KeyName, Note, Receipt, SigningKey, VerifierKey};
use terms::{Hash, Instant, Item, RefusalGround};
use tlog::{Checkpoint, CosignedCheckpoint, Edge, TileKind, TilePath, cosignature, leaf_hash};

/// A registrar's folder and a guarantor's, with everything that a folder can have; small, to be spoilt at
/// each byte, and large, with full and partial tiles.
struct Spoilt {
    small: Files,
    guarantor: Files,
    large: Files,
    registrar: SigningKey,
    witness: SigningKey,
    public: SigningKey,
    node: SigningKey,
    genesis: Hash,
    now: Instant,
}

static SPOILT: LazyLock<Spoilt> = LazyLock::new(make);

fn keep() -> Body {
    Body::Keep(Keep { exhibits: vec![Item::exhibit(terms::ActId(Hash::ZERO), 1)] })
}

fn make() -> Spoilt {
    let mut world = World::found(common::TWO, &["harbour"], &["harbour", "public"], 1);
    let (mut harbour, _) = world.join("harbour", true, 1);
    let stick = world.stick.clone();
    let public = signing(&world.rings["public"], &witness_name("public"));
    carry(&mut harbour, &mut world.north, &stick, 2);
    carry(&mut world.north, &mut harbour, &stick, 3);

    // Two exhibits, one granted later; an annex; a refusal; a stamp.
    let plain = b"EXERCISE. An invented statement.".to_vec();
    for to in [vec![who("harbour")], vec![]] {
        let mut bytes: &[u8] = &plain;
        let evidence =
            Evidence { plain: &mut bytes, bytes: plain.len() as u64, media_type: "text/plain", name: None };
        let (file, _) = world.north.seal(evidence, &to, &mut quiet).expect("sealed");
        let offer = Body::Offer(Offer { files: vec![file] });
        let offer = world.north.act("liaison-1", offer, at(4)).expect("offered");
        if to.is_empty() {
            let exhibit = Item::exhibit(offer.act().id(), 1);
            let grant = world.north.grant(&exhibit, &who("harbour")).expect("granted");
            let body = Body::Grant(GrantBody { exhibit, grants: vec![grant] });
            world.north.act("liaison-1", body, at(4)).expect("granted");
        }
    }
    let table = b"one,two\n".to_vec();
    let annex = world.north.annexes().put(&table).expect("put");
    let batch =
        serde_json::json!({"table": "events", "rows": 1, "annex": {"sha256": annex, "size": table.len()}});
    let batch = Body::Batch(serde_json::from_value(batch).expect("a batch"));
    world.north.act("liaison-1", batch, at(4)).expect("registered");
    let root = Body::Revoke(act::body::Revoke { label: common::code("node-1") });
    harbour.act("liaison-1", root, at(5)).expect("queued");
    import(&mut harbour, &mut world.north, &stick, 6).expect("imported");
    carry(&mut world.north, &mut harbour, &stick, 7);
    // A surplus cosignature, and a mark with both.
    let mut asked = world.north.sign_checkpoint().expect("signed");
    let stamped = |checkpoint: &CosignedCheckpoint, key: &SigningKey, name: &str, hour| {
        let name = KeyName::new(&witness_name(name)).expect("a name");
        cosignature::sign(checkpoint.checkpoint(), at(hour), key, &name)
    };
    let own = signing(&world.rings["harbour"], &witness_name("harbour"));
    let lines = [stamped(&asked, &own, "harbour", 8), stamped(&asked, &public, "public", 8)];
    world.north.take_cosigned(&asked, &lines, at(8)).expect("taken").expect("a mark");
    // An act that waits in the guarantor's queue, and one on its way through it; some in the journal.
    harbour.act("liaison-1", keep(), at(9)).expect("queued");
    let other = keep();
    world.north.act("liaison-1", other, at(9)).expect("registered");
    let small = files_of(&world.north.home().data);
    let guarantor = files_of(&harbour.home().data);

    while world.north.size() < 301 {
        world.north.act("liaison-1", keep(), at(10)).expect("registered");
    }
    asked = world.north.sign_checkpoint().expect("signed");
    let lines = [stamped(&asked, &own, "harbour", 11), stamped(&asked, &public, "public", 11)];
    world.north.take_cosigned(&asked, &lines, at(11)).expect("taken").expect("a mark");
    for _ in 0..5 {
        world.north.act("liaison-1", keep(), at(11)).expect("registered");
    }
    asked = world.north.sign_checkpoint().expect("signed");
    let lines = [stamped(&asked, &own, "harbour", 12), stamped(&asked, &public, "public", 12)];
    world.north.take_cosigned(&asked, &lines, at(12)).expect("taken").expect("a mark");
    Spoilt {
        small,
        guarantor,
        large: files_of(&world.north.home().data),
        registrar: signing(&world.rings["north"], &format!("{}/registrar", common::origin())),
        witness: own,
        public,
        node: signing(&world.rings["harbour"], &format!("{}/harbour/node-1", common::origin())),
        genesis: world.north.genesis(),
        now: at(12),
    }
}

/// Checks folders one after the other, remembering signatures.
#[derive(Default)]
struct Checker(Remembering);

impl Checker {
    fn report(&mut self, files: &Files) -> Report {
        check(files, &mut self.0).report
    }

    fn good(&mut self, files: &Files, what: &str) {
        let report = self.report(files);
        assert_eq!(report.verdict(), Verdict::Good, "{what}: {report:#?}");
    }

    /// Something is wrong, and this file is named.
    fn wrong(&mut self, files: &Files, file: &str, what: &str) {
        let report = self.report(files);
        assert_eq!(report.verdict(), Verdict::Wrong, "{what}: {report:#?}");
        assert!(report.wrongs.iter().any(|wrong| wrong.file == file), "{what}: {:#?}", report.wrongs);
    }

    fn undecided(&mut self, files: &Files, what: &str) {
        let report = self.report(files);
        assert_eq!(report.verdict(), Verdict::Undecided, "{what}: {report:#?}");
        assert_eq!(report.state, None, "{what}");
    }
}

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

/// The entries of a folder's bundles.
fn entries(files: &Files) -> Vec<Vec<u8>> {
    let mut entries = Vec::new();
    for index in 0.. {
        let widest = (1..=256).rev().filter_map(|width| TilePath::new(TileKind::Entries, index, width));
        let found = widest
            .map(|tile| (tile.width(), format!("register/{tile}")))
            .find(|(_, path)| files.0.contains_key(path));
        let Some((width, path)) = found else { break };
        let bundle = tlog::bundle::from_bytes(&files.0[&path], width).expect("a bundle");
        entries.extend(bundle.into_iter().map(<[u8]>::to_vec));
        if width < 256 {
            break;
        }
    }
    entries
}

/// What a registrar can make of entries: every tile anew, and no journal.
fn rebuilt(files: &Files, entries: &[Vec<u8>]) -> Files {
    let mut files = files.clone();
    files.0.retain(|path, _| !path.starts_with("register/tile/") && path != "queue/journal");
    let mut edge = Edge::new();
    for (index, chunk) in entries.chunks(256).enumerate() {
        let tile = TilePath::in_log(TileKind::Entries, index as u64, entries.len() as u64).expect("a tile");
        files.0.insert(format!("register/{tile}"), tlog::bundle::to_bytes(chunk).expect("short entries"));
        for entry in chunk {
            for (tile, bytes) in edge.push(leaf_hash(entry)) {
                files.0.insert(format!("register/{tile}"), bytes);
            }
        }
    }
    for (tile, bytes) in edge.partial() {
        files.0.insert(format!("register/{tile}"), bytes);
    }
    files
}

fn root(entries: &[Vec<u8>]) -> Hash {
    let mut edge = Edge::new();
    for entry in entries {
        edge.push(leaf_hash(entry));
    }
    edge.root()
}

/// A checkpoint of these entries by the registrar, and the lines that a helper gives it.
fn signed(entries: &[Vec<u8>], witnesses: &[(&str, &SigningKey, Instant)]) -> Vec<u8> {
    let spoilt = &*SPOILT;
    let checkpoint = Checkpoint { origin: common::origin(), size: entries.len() as u64, root: root(entries) };
    let mut note = CosignedCheckpoint::sign(checkpoint.clone(), &spoilt.registrar).note().to_string();
    for (name, key, time) in witnesses {
        let name = KeyName::new(&witness_name(name)).expect("a name");
        note.push_str(&format!("{}\n", cosignature::sign(&checkpoint, *time, key, &name)));
    }
    note.into_bytes()
}

/// The same act with a receipt of the registrar's for another place and time.
fn receipted(entry: &[u8], index: u64, time: Instant) -> Vec<u8> {
    let spoilt = &*SPOILT;
    let entry = Entry::parse(entry).expect("an entry");
    let receipt = Receipt { index, time, submission: entry.submission_hash() };
    let line = receipt.sign(&common::origin(), &spoilt.genesis, &spoilt.registrar);
    Entry::new(entry.submission().clone(), line).expect("an entry").to_bytes()
}

fn renumbered(entries: &[Vec<u8>]) -> Vec<Vec<u8>> {
    entries
        .iter()
        .enumerate()
        .map(|(index, entry)| {
            receipted(entry, index as u64, Entry::parse(entry).expect("one").receipt().time)
        })
        .collect()
}

fn with(files: &Files, entries: &[Vec<u8>], checkpoint: Vec<u8>) -> Files {
    rebuilt(files, entries).with("register/checkpoint", checkpoint)
}

#[test]
fn reordered_and_dropped_entries() {
    let Spoilt { large, witness, public, now, .. } = &*SPOILT;
    let mut checker = Checker::default();
    let all = entries(large);
    let checkpoint = large.0["register/checkpoint"].clone();
    let wrong = |files: &Files, checker: &mut Checker, what: &str| {
        let report = checker.report(files);
        assert_eq!(report.verdict(), Verdict::Wrong, "{what}: {report:#?}");
        assert!(report.wrongs.iter().all(|wrong| !wrong.file.is_empty()));
    };
    checker.good(&rebuilt(large, &all), "rebuilt as it was");
    let helped = [("harbour", witness, *now), ("public", public, *now)];
    for (one, other) in [(1, 2), (20, 21), (100, 200), (255, 256), (299, 300)] {
        let mut swapped = all.clone();
        swapped.swap(one, other);
        wrong(&with(large, &swapped, checkpoint.clone()), &mut checker, "swapped");
        wrong(&with(large, &swapped, signed(&swapped, &[])), &mut checker, "swapped, and signed anew");
        // Even if all witnesses lie: the chains, and the marks that stand in it, say what was before.
        let anew = renumbered(&swapped);
        wrong(&with(large, &anew, signed(&anew, &helped)), &mut checker, "swapped, receipted, cosigned");
    }
    for dropped in [3, 50, 255, 256, all.len() - 2] {
        let mut fewer = all.clone();
        fewer.remove(dropped);
        wrong(&with(large, &fewer, checkpoint.clone()), &mut checker, "dropped");
        wrong(&with(large, &fewer, signed(&fewer, &[])), &mut checker, "dropped, and signed anew");
        let anew = renumbered(&fewer);
        wrong(&with(large, &anew, signed(&anew, &helped)), &mut checker, "dropped, receipted, cosigned");
    }
    // The last entries are dropped, with an honest checkpoint from before: nothing shows that there was
    // more, and what is left is good. Who has more, or a receipt, has the proof (C1, C3).
    let before = &SPOILT.small;
    checker.good(before, "an earlier state");
    // Without its marks, or its witnesses, it is never said to be good.
    let bare = with(large, &all, signed(&all, &[]));
    checker.undecided(&bare, "without cosigners");
    let twice = [all.clone(), vec![receipted(&all[20], all.len() as u64, *now)]].concat();
    wrong(&with(large, &twice, signed(&twice, &helped)), &mut checker, "one entry twice");
}

/// Two pasts, each with a quorum of liars: each is good by itself, and together they convict.
#[test]
fn forked() {
    let Spoilt { large, witness, public, now, .. } = &*SPOILT;
    let mut checker = Checker::default();
    let all = entries(large);
    let size = all.len() - 1;
    let helped = [("harbour", witness, *now), ("public", public, *now)];
    let one = all[..size].to_vec();
    let mut other = all[..size - 1].to_vec();
    other.push(receipted(&all[size - 1], size as u64 - 1, now.plus(terms::Seconds(60))));
    assert_ne!(one[size - 1], other[size - 1]);
    let (first, second) =
        (with(large, &one, signed(&one, &helped)), with(large, &other, signed(&other, &helped)));
    checker.good(&first, "one past");
    checker.good(&second, "the other");
    let note = second.0["register/checkpoint"].clone();
    let path = format!("note/{}", Hash::of(&note).to_hex());
    let report = checker.report(&first.with(&path, note));
    assert_eq!(
        report.wrongs.first().map(|w| (w.code, w.file.as_str())),
        Some(("audit::fork", path.as_str()))
    );
}

#[test]
fn dated_wrongly() {
    let Spoilt { large, witness, public, now, .. } = &*SPOILT;
    let mut checker = Checker::default();
    let all = entries(large);
    let size = all.len();
    let helped = [("harbour", witness, *now), ("public", public, *now)];
    let last = |time: Instant| {
        let mut entries = all.clone();
        entries[size - 1] = receipted(&all[size - 1], size as u64 - 1, time);
        with(large, &entries, signed(&entries, &helped))
    };
    let tolerance = 600;
    let later = |s| now.plus(terms::Seconds(s));
    checker.good(&last(later(0)), "as it was");
    checker.good(&last(later(tolerance)), "within the tolerance");
    let report = checker.report(&last(later(tolerance + 1)));
    assert_eq!(report.wrongs.first().map(|wrong| wrong.code), Some("audit::dated_after"), "{report:#?}");
    assert_eq!(report.wrongs[0].entry, Some(size as u64 - 1));
    // Before the mark that stands before it; and before the entry before it.
    let hour = |hour: u64, s: i64| {
        Instant::from_secs(at(hour).secs().checked_add_signed(s).expect("one")).expect("one")
    };
    let report = checker.report(&last(hour(11, -601)));
    let codes: BTreeSet<&str> = report.wrongs.iter().map(|wrong| wrong.code).collect();
    assert!(codes.contains("audit::dated_before") && codes.contains("audit::time_backwards"), "{report:#?}");
    let report = checker.report(&last(hour(10, 0)));
    assert_eq!(report.verdict(), Verdict::Wrong);
}

/// What signed notes beside the register say against its entries: a checkpoint that shows the registrar's lie
/// is a wrong; what nodes and witnesses say is their own, and is remarked.
#[test]
fn what_notes_say() {
    let Spoilt { large, registrar, witness, public, node, genesis, .. } = &*SPOILT;
    let mut checker = Checker::default();
    let all = entries(large);
    let body = checker.report(large).state.expect("a state");
    let size = body.size;
    let (origin, genesis) = (common::origin(), *genesis);
    let beside = |note: Vec<u8>| {
        let path = format!("note/{}", Hash::of(&note).to_hex());
        (large.with(&path, note), path)
    };
    let mut remarked = |note: Note, what: &str| {
        let (files, path) = beside(note.to_bytes());
        let report = checker.report(&files);
        assert_eq!(report.verdict(), Verdict::Good, "{what}: {report:#?}");
        let found = report.remarks.iter().find(|remark| remark.contains(&path));
        match what {
            "" => assert_eq!(found, None),
            what => assert!(found.is_some_and(|found| found.contains(what)), "{what}: {:?}", report.remarks),
        }
    };
    let state = |body: StateBody| {
        let signer = "harbour/node-1".parse().expect("a signer");
        StateNote { origin: origin.clone(), genesis, body }.sign(node, &signer).expect("a note")
    };
    remarked(state(body), "");
    remarked(state(StateBody { state: Hash::ZERO, ..body }), "replay comes to");
    remarked(state(StateBody { state: Hash::ZERO, as_of: at(1), ..body }), "");
    remarked(state(StateBody { root: Hash::ZERO, ..body }), "another root");
    remarked(state(StateBody { size: size + 9, ..body }), "are here");
    let freeze = |size, root| {
        let name = KeyName::signer(&origin, &terms::SignerName::Registrar);
        let body = FreezeBody { registrar: Vkey(VerifierKey::plain(name, registrar.public())), size, root };
        let name = KeyName::new(&witness_name("harbour")).expect("a name");
        FreezeNote { origin: origin.clone(), genesis, body }.sign(witness, &name).expect("a note")
    };
    remarked(freeze(size, body.root), "");
    remarked(freeze(size, Hash::ZERO), "another root");
    remarked(freeze(size + 9, body.root), "are here");
    let refusal = |size| {
        let body =
            RefusalBody { act: None, submission: Hash::ZERO, ground: RefusalGround::Form, size, at: at(9) };
        Refusal { origin: origin.clone(), genesis, body }.sign(registrar).expect("a note")
    };
    remarked(refusal(size), "");
    remarked(refusal(size + 9), "are here");
    // One of the registrar's checkpoints was cosigned an hour before its last entry was registered (C5).
    let early = [("harbour", witness, at(9)), ("public", public, at(9))];
    let (files, _) = beside(signed(&all[..300], &early));
    let report = checker.report(&files);
    let found = report.wrongs.iter().find(|wrong| wrong.code == "audit::dated_after");
    assert!(found.is_some_and(|wrong| wrong.file.starts_with("register/tile/entries/")), "{report:#?}");
    // Nobody cosigned this one: it has no time.
    let (files, _) = beside(signed(&all[..300], &[]));
    checker.good(&files, "a checkpoint that waits for its witnesses");
}

#[test]
fn stripped_lines() {
    let Spoilt { large, witness, public, now, .. } = &*SPOILT;
    let mut checker = Checker::default();
    let all = entries(large);
    let helped = [("harbour", witness, *now), ("public", public, *now)];
    // A signature line of an entry, and with it a fresh receipt, all tiles, and all cosigners.
    let mut stripped = 0;
    for (index, entry) in all.iter().enumerate().take(24) {
        let text = String::from_utf8(entry.clone()).expect("text");
        let (body, lines) = text.rsplit_once("\n\n").expect("a note");
        let lines: Vec<&str> = lines.lines().collect();
        for line in 0..lines.len() {
            let kept: Vec<&str> = (0..lines.len()).filter(|at| *at != line).map(|at| lines[at]).collect();
            let bytes = format!("{body}\n\n{}\n", kept.join("\n")).into_bytes();
            let mut entries = all.clone();
            entries[index] = match Entry::parse(&bytes) {
                Ok(_) if line + 1 < lines.len() => {
                    receipted(&bytes, index as u64, Entry::parse(&bytes).expect("one").receipt().time)
                }
                _ => bytes,
            };
            let report = checker.report(&with(large, &entries, signed(&entries, &helped)));
            assert_eq!(report.verdict(), Verdict::Wrong, "entry {index}, line {line}: {report:#?}");
            stripped += 1;
        }
    }
    assert!(stripped > 40, "{stripped}");
    // Cosignatures: a surplus one may go unseen; below the quorum nothing is final; the registrar's own is
    // needed; one of nobody is a wrong.
    let path = "register/checkpoint";
    let text = String::from_utf8(large.0[path].clone()).expect("text");
    let (body, lines) = text.rsplit_once("\n\n").expect("a note");
    let lines: Vec<&str> = lines.lines().collect();
    assert_eq!(lines.len(), 3);
    let only = |places: &[usize]| {
        let kept: Vec<&str> = places.iter().map(|at| lines[*at]).collect();
        large.with(path, format!("{body}\n\n{}\n", kept.join("\n")).into_bytes())
    };
    checker.good(&only(&[0, 1]), "a surplus cosignature less");
    checker.good(&only(&[0, 2]), "the other less");
    checker.undecided(&only(&[0]), "below the quorum");
    checker.wrong(&only(&[1, 2]), path, "without the registrar's");
    checker.wrong(&only(&[0, 1, 1]), path, "one twice");
    let other = SigningKey::from_seed(&[9; 32]);
    let nobody = with(large, &all, signed(&all, &[("harbour", witness, *now), ("nobody", &other, *now)]));
    checker.wrong(&nobody, path, "a line of nobody's");
    let forged = with(large, &all, signed(&all, &[("harbour", &other, *now)]));
    checker.wrong(&forged, path, "a cosigner's name with another key");
}

/// An intake line that is stripped once its act is registered.
#[test]
fn a_stripped_stamp() {
    let mut world = World::found(&common::three("party"), &["harbour", "isle"], &["harbour"], 1);
    let (mut harbour, _) = world.join("harbour", true, 1);
    let (mut isle, _) = world.join("isle", false, 1);
    let stick = world.stick.clone();
    carry(&mut harbour, &mut world.north, &stick, 2);
    carry(&mut isle, &mut world.north, &stick, 2);
    carry(&mut world.north, &mut harbour, &stick, 3);
    isle.act("liaison-1", keep(), at(3)).expect("queued");
    let file = stick.join("to-harbour.mithaq");
    isle.export(&who("harbour"), &file, true, at(3), &mut quiet).expect("exported");
    assert_eq!(harbour.import(&file, at(4), &mut quiet).expect("imported").stamped, 1);
    import(&mut harbour, &mut world.north, &stick, 5).expect("imported");
    for hour in [6, 7] {
        carry(&mut world.north, &mut harbour, &stick, hour);
        carry(&mut harbour, &mut world.north, &stick, hour);
    }
    let files = files_of(&world.north.home().data);
    let all = entries(&files);
    let mut checker = Checker::default();
    checker.good(&files, "as it was");
    let stamped = |entry: &Vec<u8>| Entry::parse(entry).is_ok_and(|e| !e.submission().intakes().is_empty());
    let index = all.iter().position(stamped).expect("a stamp");
    let text = String::from_utf8(all[index].clone()).expect("text");
    let bare: String = text.split_inclusive('\n').filter(|line| !line.contains("/stamp-1 ")).collect();
    let mut entries = all.clone();
    entries[index] = bare.into_bytes();
    checker.wrong(
        &with(&files, &entries, files.0["register/checkpoint"].clone()),
        "register/checkpoint",
        "stripped",
    );
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
