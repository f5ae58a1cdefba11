//! A node's folder, changed: by bytes alone, or by a registrar and witnesses that lie with their keys.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use audit::layout::{self, Known};
use audit::report::Verdict;
use audit::{Batcher, Bundle, Expected, Inline, verify_folder};
use node::disk::Memory;
use note::Check;
use terms::{Hash, Seconds};
use tlog::CosignedCheckpoint;

use crate::act::one_line;
use crate::bytes::Bytes;
use crate::edits;
use crate::stage::{RIVER, River, tiles};

type Files = BTreeMap<String, Vec<u8>>;

/// Checks each signature once, however often it comes again: most of a folder is as it was before.
#[derive(Default)]
struct Remembering(Vec<(u64, Vec<usize>)>, Inline);

static CHECKED: Mutex<BTreeMap<Hash, bool>> = Mutex::new(BTreeMap::new());

impl Batcher for Remembering {
    fn read(&mut self, bundle: Vec<u8>, width: u16) {
        self.1.read(bundle, width);
    }

    fn bundle(&mut self) -> Option<Bundle> {
        self.1.bundle()
    }

    fn submit(&mut self, chunk: u64, checks: Vec<Check>) {
        let mut checked = CHECKED.lock().unwrap_or_else(PoisonError::into_inner);
        let passes = |check: &Check| {
            let hash = Hash::of_parts(&[check.key.as_bytes(), check.signature.as_bytes(), &check.message]);
            *checked.entry(hash).or_insert_with(|| check.passes())
        };
        let passed: Vec<bool> = checks.iter().map(passes).collect();
        self.0.push((chunk, (0..passed.len()).filter(|at| !passed[*at]).collect()));
    }

    fn done(&mut self, _: bool) -> Vec<(u64, Vec<usize>)> {
        std::mem::take(&mut self.0)
    }
}

/// Files of a node that matter to nobody else: records, the journal, what waits.
pub(crate) fn own(bytes: &[u8]) {
    let record = Hash::of(b"").to_hex();
    for path in ["queue/journal", "queue/held", "witness/witness-", "witness/intake-", "queue/stopped-"] {
        let path = if path.ends_with('-') { format!("{path}{record}") } else { path.to_owned() };
        if let Err(said) = register::read_own(&path, bytes) {
            one_line(&said);
        }
    }
}

pub(crate) fn path(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Some(known) = layout::know(text) else { return };
    assert!(!text.split('/').any(|part| matches!(part, "" | "." | "..")), "a path that leads elsewhere");
    let again = match known {
        Known::Checkpoint => "register/checkpoint".to_owned(),
        Known::Tile(tile) => format!("register/{tile}"),
        Known::Annex(hash) => format!("register/annex/{}", hash.to_hex()),
        Known::Sealed(hash) => format!("sealed/{}", hash.to_hex()),
        Known::Grant(hash) => format!("grant/{}", hash.to_hex()),
        Known::Note(hash) => format!("note/{}", hash.to_hex()),
        Known::Own => return,
    };
    assert_eq!(again, text, "a file has one name");
}

/// Files as the bytes say: many of them, none of ours.
fn strange(rest: &mut Bytes<'_>) -> Files {
    let mut files = Files::new();
    while !rest.is_empty() && files.len() < 64 {
        let path = String::from_utf8_lossy(rest.short()).into_owned();
        let many = rest.below(1 << 15);
        files.insert(path, rest.take(many).to_vec());
    }
    files
}

/// Our folder with edits.
fn edited(rest: &mut Bytes<'_>, river: &River) -> Files {
    let mut files = river.files.clone();
    while !rest.is_empty() {
        let Some(path) = files.keys().nth(rest.below(files.len())).cloned() else { break };
        match rest.byte() % 6 {
            0 => drop(files.remove(&path)),
            1 => {
                let bytes = files[&path].clone();
                let mut path = path.into_bytes();
                edits::bytes(rest, &mut path);
                files.insert(String::from_utf8_lossy(&path).into_owned(), bytes);
            }
            2 => {
                let other = files.values().nth(rest.below(files.len())).cloned().unwrap_or_default();
                files.insert(path, other);
            }
            _ => edits::bytes(rest, files.get_mut(&path).expect("a file")),
        }
    }
    files
}

/// What a registrar and its witnesses can mend after them: names, tiles, the checkpoint.
fn mend(rest: &mut Bytes<'_>, river: &River) -> Files {
    let world = &river.world;
    let mut entries = world.entries.clone();
    let mut annexes: Vec<Vec<u8>> = world.annexes.values().cloned().collect();
    let mut notes = vec![river.state_note.to_bytes()];
    let ahead = Seconds(u64::from(rest.byte()) << (rest.byte() % 24));
    while !rest.is_empty() {
        match rest.byte() % 8 {
            0 => drop(entries.remove(rest.below(entries.len()))),
            1 => {
                let copy = entries[rest.below(entries.len())].clone();
                entries.insert(rest.below(entries.len() + 1), copy);
            }
            2 => entries.truncate(rest.below(entries.len()).max(1)),
            3 => {
                let at = rest.below(annexes.len());
                edits::bytes(rest, &mut annexes[at]);
            }
            4 => edits::bytes(rest, &mut notes[0]),
            5 => notes.push(world.entries[rest.below(world.entries.len())].clone()),
            _ => {
                let at = rest.below(entries.len());
                edits::bytes(rest, &mut entries[at]);
                entries[at].truncate(tlog::bundle::ENTRY_BYTES_MAX);
            }
        }
        if entries.is_empty() {
            break;
        }
    }
    let leaves: Vec<Hash> = entries.iter().map(|entry| tlog::leaf_hash(entry)).collect();
    let mut lying = world.clone();
    lying.roots.0.resize(entries.len() + 1, Hash::ZERO);
    lying.roots.0[entries.len()] = tlog::root_of_leaves(&leaves);
    let clocks: Vec<_> = world.clocks().into_iter().map(|(at, time)| (at, time.plus(ahead))).collect();
    let note = lying.cosigned(entries.len() as u64, &clocks);
    let head = CosignedCheckpoint::from_note(note).expect("a checkpoint");
    let annexes = annexes.into_iter().map(|bytes| (Hash::of(&bytes), bytes)).collect();
    let mut files = crate::stage::folder(&entries, &annexes, &head, &notes);
    tiles(&entries, &mut files);
    files
}

/// Whether this is a file of our folder, or one that an honest one could have in its place.
pub(crate) fn is_honest(path: &str, bytes: &[u8], river: &River) -> bool {
    let tile = |known: Option<Known>| match known {
        Some(Known::Tile(tile)) => Some((tile.kind(), tile.index())),
        _ => None,
    };
    match layout::know(path) {
        Some(Known::Own) => true,
        Some(Known::Checkpoint) => CosignedCheckpoint::parse(bytes)
            .is_ok_and(|cosigned| cosigned.checkpoint() == river.head.checkpoint()),
        // A partial tile that was once the newest.
        known @ Some(Known::Tile(_)) => river
            .files
            .iter()
            .any(|(other, all)| tile(layout::know(other)) == tile(known.clone()) && all.starts_with(bytes)),
        _ => river.files.get(path).is_some_and(|own| own == bytes),
    }
}

pub(crate) fn folder(bytes: &[u8]) {
    let river = &*RIVER;
    let mut rest = Bytes(bytes);
    let how = rest.byte() % 4;
    let files = match how {
        0 => strange(&mut rest),
        1 => mend(&mut rest, river),
        _ => edited(&mut rest, river),
    };
    let expected = Expected::Genesis(river.world.genesis);
    let folder = Memory(files);
    let checked = verify_folder(&folder, &expected, None, &mut Remembering::default(), &mut |_, _| ());
    let files = folder.0;
    let report = &checked.report;
    for wrong in &report.wrongs {
        assert!(wrong.code.starts_with("audit::"));
        one_line(&wrong.what);
    }
    if files == river.files {
        assert_eq!(report.verdict(), Verdict::Good, "{:?} {:?}", report.wrongs, report.undecided);
    }
    if report.verdict() == Verdict::Good {
        assert_eq!(report.genesis, Some(river.world.genesis), "another register passed for this one");
        assert!(checked.replay.is_some() && checked.checkpoint.is_some());
        for (path, bytes) in files.iter().filter(|_| how != 1) {
            assert!(is_honest(path, bytes, river), "{path} was changed, and all is said to be good");
        }
    }
}

pub(crate) fn seeds(add: &mut dyn FnMut(&'static str, &[u8])) {
    add("folder", &[2]);
    add("folder", &[1]);
    for (at, path) in RIVER.files.keys().enumerate() {
        add("folder", &[2, at as u8, 3, 3, 0, 0, 7, path.len() as u8]);
        add("folder", &[2, at as u8, 0]);
    }
    for (at, what) in (0..8).map(|what| (what * 3, what)) {
        add("folder", &[1, 0, 0, what, at, 1, 0, 9, 3, b'{', b'}', b'\n']);
    }
    let mut strange = vec![0];
    for (path, bytes) in RIVER.files.iter().filter(|(_, bytes)| bytes.len() < 1 << 12) {
        strange.push(path.len() as u8);
        strange.extend_from_slice(path.as_bytes());
        strange.extend_from_slice(&(bytes.len() as u16).to_be_bytes());
        strange.extend_from_slice(bytes);
    }
    add("folder", &strange);
    let entry = &RIVER.world.entries[1];
    let head =
        format!("mithaq.journal/v1\norigin {}\nsize 0\nroot {}\n", RIVER.world.origin, tlog::EMPTY_ROOT);
    let head = format!("{head}{}\n", Hash::of(head.as_bytes()));
    add("own", head.as_bytes());
    let body = tlog::bundle::to_bytes(&[entry]).unwrap_or_default();
    let batch = [b"\0batch \n", &1_u32.to_be_bytes()[..], &(body.len() as u32).to_be_bytes(), &body].concat();
    let mark = Hash::of(head.as_bytes());
    let hash = Hash::of_parts(&[mark.as_bytes(), &batch]);
    let mut journal = [head.as_bytes(), &batch, hash.as_bytes()].concat();
    let place = journal.len() as u64;
    let commit = [&b"\0commit\n"[..], &place.to_be_bytes(), &1_u64.to_be_bytes()].concat();
    let hash = Hash::of_parts(&[mark.as_bytes(), &commit]);
    journal.extend_from_slice(&commit);
    journal.extend_from_slice(hash.as_bytes());
    assert!(register::read_own("queue/journal", &journal).is_ok());
    add("own", &journal);
}
