//! A whole register: every file, signature, chain, receipt, tile, checkpoint, cosignature, rule of time,
//! and the replay.

use std::collections::BTreeSet;

use act::state::StateNote;
use act::{Body, Entry, Refusal};
use docket::v1::replay::{Annexes, Replay, Unfit};
use docket::v1::{Law, exhibit, notice};
use note::{KeyName, Note};
use terms::{Hash, Instant, VoiceName};
use tlog::{CosignedCheckpoint, TileKind};

use crate::layout::{self, Known};
use crate::pass::{AtHand, Passed, Road};
use crate::report::Report;
use crate::source::{Batcher, Source};
use crate::tiles::{self, Shelf};

/// Which register it must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Whatever it is: then its name is only said.
    Any,
    /// The one with this name by voice.
    Voice(VoiceName),
    /// The one with this genesis hash.
    Genesis(Hash),
}

impl Expected {
    /// Reads a name by voice, or a genesis hash in base64 or hex.
    #[must_use]
    pub fn parse(text: &str) -> Option<Expected> {
        Hash::from_base64(text)
            .or_else(|| Hash::from_hex(text))
            .map(Expected::Genesis)
            .or_else(|| VoiceName::parse(text).map(Expected::Voice))
    }

    /// Whether a register with this genesis hash is the one.
    #[must_use]
    pub fn fits(&self, genesis: &Hash) -> bool {
        match self {
            Expected::Any => true,
            Expected::Voice(name) => VoiceName::of(genesis) == *name,
            Expected::Genesis(hash) => hash == genesis,
        }
    }
}

/// A checked register: what was found, and the replay to ask further.
pub struct Checked {
    /// What was found.
    pub report: Report,
    /// The docket, if there is one.
    pub replay: Option<Replay>,
    /// The largest checkpoint with a quorum.
    pub checkpoint: Option<CosignedCheckpoint>,
}

/// The largest annex that is read whole.
pub const ANNEX_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// The largest note beside a register.
const NOTE_BYTES_MAX: u64 = 1 << 20;

/// Checks a node's folder, or a bundle's files, from the first byte to the state.
///
/// `as_of` reads marks up to that time only (TIME T9). It never panics, and goes on after a wrong as far
/// as that makes sense; the first wrong thing is the first in the report.
pub fn verify_folder(
    source: &dyn Source,
    expected: &Expected,
    as_of: Option<Instant>,
    batcher: &mut dyn Batcher,
    progress: &mut dyn FnMut(u64, u64),
) -> Checked {
    let mut report = Report::default();
    let files = match source.list() {
        Ok(files) => files,
        Err(error) => {
            report.undecided.push(error);
            return Checked { report, replay: None, checkpoint: None };
        }
    };
    let sorted = Files::sort(&files, source, &mut report);
    let Some(checkpoint) = read_checkpoint(source, &mut report) else {
        return Checked { report, replay: None, checkpoint: None };
    };
    let annexes = read_annexes(source, &sorted.annexes, &mut report);
    let law = notice::law();
    let size = sorted.shelf.entries();
    let grounded = checkpoint.checkpoint().size;
    let road = Road { source, annexes: &annexes, law: &law, size, grounded, as_of, at_hand: &sorted.at_hand };
    let passed = match road.pass(&sorted.shelf, batcher, progress, &mut report) {
        Ok(passed) => passed,
        Err(unfit) => {
            match &unfit {
                Unfit::MissingAnnex(_) | Unfit::UnknownRules(_) => report.undecided.push(unfit.to_string()),
                Unfit::Genesis(_) | Unfit::Instrument(_) | Unfit::Policy(_) => {
                    report.wrong("audit::unfit", "register/tile/entries/000", Some(0), unfit.to_string());
                }
            }
            return Checked { report, replay: None, checkpoint: None };
        }
    };
    compare_tiles(source, sorted.shelf, &passed, &mut report);
    fill(&mut report, &passed, expected, as_of);
    let checkpoint = check_checkpoint(&checkpoint, &passed, &mut report);
    check_named(&sorted.annexes, &passed, &annexes, &mut report);
    check_sealed(source, &sorted.at_hand, &passed, &mut report);
    check_notes(source, &sorted.notes, &passed.replay, &mut report);
    Checked { report, replay: Some(passed.replay), checkpoint }
}

/// The files of a folder, by what they are.
#[derive(Default)]
struct Files {
    shelf: Shelf,
    annexes: BTreeSet<Hash>,
    notes: BTreeSet<Hash>,
    at_hand: AtHand,
}

impl Files {
    fn sort(files: &[String], source: &dyn Source, report: &mut Report) -> Files {
        let mut sorted = Files::default();
        report.counts.files = files.len() as u64;
        for path in files {
            match layout::know(path) {
                None => report.wrong("audit::unknown_file", path, None, "a register has no such file"),
                Some(Known::Checkpoint) => {}
                Some(Known::Tile(tile)) => sorted.shelf.add(tile),
                Some(Known::Annex(hash)) => drop(sorted.annexes.insert(hash)),
                Some(Known::Sealed(hash)) => drop(sorted.at_hand.sealed.insert(hash)),
                Some(Known::Grant(hash)) => drop(sorted.at_hand.grants.insert(hash)),
                Some(Known::Note(hash)) => drop(sorted.notes.insert(hash)),
                Some(Known::Own) => {
                    if let Err(error) = source.check_own(path) {
                        report.wrong("audit::own_file", path, None, error);
                    }
                }
            }
        }
        sorted
    }
}

fn read_checkpoint(source: &dyn Source, report: &mut Report) -> Option<CosignedCheckpoint> {
    const FILE: &str = "register/checkpoint";
    match source.read(FILE, NOTE_BYTES_MAX) {
        Ok(Some(bytes)) => match CosignedCheckpoint::parse(&bytes) {
            Ok(checkpoint) => return Some(checkpoint),
            Err(fault) => report.wrong("audit::checkpoint", FILE, None, fault.to_string()),
        },
        Ok(None) => report.undecided.push("there is no checkpoint: nothing is final yet".to_owned()),
        Err(error) => report.wrong("audit::unreadable", FILE, None, error),
    }
    None
}

fn read_annexes(source: &dyn Source, hashes: &BTreeSet<Hash>, report: &mut Report) -> Annexes {
    let mut annexes = Annexes::new();
    for hash in hashes {
        let path = format!("register/annex/{}", hash.to_hex());
        match source.read(&path, ANNEX_BYTES_MAX) {
            Ok(Some(bytes)) if Hash::of(&bytes) == *hash => {
                report.counts.annexes += 1;
                annexes.insert(*hash, bytes);
            }
            Ok(Some(_)) => {
                report.wrong("audit::hash", &path, None, "its bytes have not the hash that it is named by")
            }
            Ok(None) => {}
            Err(error) => report.wrong("audit::unreadable", &path, None, error),
        }
    }
    annexes
}

/// Every tile at hand against the entries: recomputed in one more pass over the bundles.
fn compare_tiles(source: &dyn Source, mut shelf: Shelf, passed: &Passed, report: &mut Report) {
    let mut edge = tlog::Edge::new();
    let mut index = 0;
    while index < passed.size {
        let Some(path) = shelf.bundle(index / 256) else { break };
        let Ok(Some(bytes)) = source.read(&tiles::path(&path), tiles::BUNDLE_BYTES_MAX) else { break };
        let Ok(entries) = tlog::bundle::from_bytes(&bytes, path.width()) else { break };
        let filled: Vec<_> = entries.iter().flat_map(|entry| edge.push(tlog::leaf_hash(entry))).collect();
        index += entries.len() as u64;
        shelf.compare(path, &bytes, source, report);
        for (tile, bytes) in filled {
            shelf.compare(tile, &bytes, source, report);
        }
    }
    for (tile, bytes) in edge.partial() {
        shelf.compare(tile, &bytes, source, report);
    }
    shelf.leftovers(report);
}

fn fill(report: &mut Report, passed: &Passed, expected: &Expected, as_of: Option<Instant>) {
    let replay = &passed.replay;
    let genesis = *replay.ledger().genesis();
    report.origin = replay.ledger().origin().to_string();
    report.genesis = Some(genesis);
    report.exercise = replay.is_exercise();
    report.name = replay.instrument().name.clone();
    if !expected.fits(&genesis) {
        let what =
            format!("this is the register {}, not the one that was asked for", VoiceName::of(&genesis));
        report.wrong("audit::other_register", "register/tile/entries/000", Some(0), what);
    }
    report.counts.entries = passed.size;
    report.counts.malformed = replay.malformed();
    report.counts.marks = replay.timeline().count();
    report.counts.void = replay.settlement().voids();
    report.counts.settled = replay.settlement().settled();
    report.counts.pending = replay.pending().count() as u64 + passed.size.saturating_sub(replay.size());
    report.quorum = replay.ledger().policy().quorum();
    report.state = Some(replay.state_body(as_of));
    report.tallies = exhibit::tallies(replay.settlement().exhibits());
}

/// The stored checkpoint: signed, cosigned by a quorum, of these entries, and without a line that nobody
/// answers for.
fn check_checkpoint(
    cosigned: &CosignedCheckpoint,
    passed: &Passed,
    report: &mut Report,
) -> Option<CosignedCheckpoint> {
    const FILE: &str = "register/checkpoint";
    let policy = passed.replay.ledger().policy();
    let cosigners = match cosigned.examine(policy) {
        Ok(cosigners) => cosigners,
        Err(fault) => {
            report.wrong("audit::checkpoint", FILE, None, fault.to_string());
            return None;
        }
    };
    report.counts.signatures += 1 + cosigners.times.len() as u64;
    if !cosigners.unknown.is_empty() {
        report.wrong(
            "audit::unknown_line",
            FILE,
            None,
            "a line of the checkpoint is by a key that the policy has not",
        );
    }
    let checkpoint = cosigned.checkpoint();
    if checkpoint.size > passed.size {
        let what =
            format!("the checkpoint is of {} entries, and {} are at hand", checkpoint.size, passed.size);
        report.wrong("audit::checkpoint_size", FILE, None, what);
    } else if checkpoint.root != passed.root {
        report.wrong(
            "audit::checkpoint_root",
            FILE,
            None,
            "the checkpoint's root is not that of the entries",
        );
    }
    report.cosigners =
        cosigners.times.iter().map(|(at, time)| (policy.witnesses()[*at].name.clone(), *time)).collect();
    if !cosigners.is_quorum() {
        let (have, need) = (cosigners.times.len(), cosigners.quorum);
        report
            .undecided
            .push(format!("the checkpoint has {have} of the {need} cosigners that make it final"));
        return None;
    }
    Some(cosigned.clone())
}

fn check_named(at_hand: &BTreeSet<Hash>, passed: &Passed, annexes: &Annexes, report: &mut Report) {
    for hash in &passed.named.annexes {
        if !annexes.contains_key(hash) {
            report.undecided.push(format!("the annex {} is missing", hash.to_hex()));
        }
    }
    for hash in at_hand.difference(&passed.named.annexes) {
        let path = format!("register/annex/{}", hash.to_hex());
        report.wrong("audit::unnamed_file", &path, None, "no act names this annex");
    }
}

fn check_sealed(source: &dyn Source, at_hand: &AtHand, passed: &Passed, report: &mut Report) {
    let kinds =
        [("sealed", &at_hand.sealed, &passed.named.sealed), ("grant", &at_hand.grants, &passed.named.grants)];
    for (folder, files, named) in kinds {
        for hash in files {
            let path = format!("{folder}/{}", hash.to_hex());
            let Some(size) = named.get(hash) else {
                report.wrong("audit::unnamed_file", &path, None, "no act names this file");
                continue;
            };
            match source.hash(&path) {
                Ok((found, bytes)) if found == *hash && bytes == *size => {
                    if folder == "sealed" {
                        report.counts.sealed += 1;
                    } else {
                        report.counts.grants += 1;
                    }
                }
                Ok((found, _)) if found != *hash => {
                    report.wrong(
                        "audit::hash",
                        &path,
                        None,
                        "its bytes have not the hash that it is named by",
                    );
                }
                Ok(_) => report.wrong("audit::size", &path, None, "it has not the size that its act says"),
                Err(error) => report.wrong("audit::unreadable", &path, None, error),
            }
        }
    }
}

fn check_notes(source: &dyn Source, notes: &BTreeSet<Hash>, replay: &Replay, report: &mut Report) {
    for hash in notes {
        let path = format!("note/{}", hash.to_hex());
        match source.read(&path, NOTE_BYTES_MAX) {
            Ok(Some(bytes)) if Hash::of(&bytes) != *hash => {
                report.wrong("audit::hash", &path, None, "its bytes have not the hash that it is named by");
            }
            Ok(Some(bytes)) => match check_note(&bytes, replay) {
                Ok(()) => report.counts.notes += 1,
                Err(what) => report.wrong("audit::note", &path, None, what),
            },
            Ok(None) => {}
            Err(error) => report.wrong("audit::unreadable", &path, None, error),
        }
    }
}

/// A note beside the register: a refusal by the registrar, a state note by a node, a freeze by a
/// witness, or a checkpoint that witnesses cosigned.
///
/// # Errors
///
/// What is wrong with it.
pub fn check_note(bytes: &[u8], replay: &Replay) -> Result<(), String> {
    let ledger = replay.ledger();
    let note = Note::parse(bytes, 16).map_err(|error| error.to_string())?;
    if let Ok(cosigned) = CosignedCheckpoint::from_note(note.clone()) {
        let cosigners = cosigned.examine(ledger.policy()).map_err(|fault| fault.to_string())?;
        return if cosigners.unknown.is_empty() { Ok(()) } else { Err("a line of it is by an unknown key".to_owned()) };
    }
    let [line] = note.signatures() else { return Err("it has more than one signature".to_owned()) };
    if let Ok(refusal) = Refusal::parse(note.text()) {
        let name = KeyName::signer(ledger.origin(), &terms::SignerName::Registrar);
        let key = ledger.registrar().under(name, note::Algorithm::Ed25519).ok_or("no registrar's key")?;
        return if refusal.genesis == *ledger.genesis() && key.verify(note.text(), line).is_ok() {
            Ok(())
        } else {
            Err("the refusal is not signed by this register's registrar".to_owned())
        };
    }
    if let Ok(state) = StateNote::parse(note.text()) {
        let signer = terms::SignerName::from_key_name(ledger.origin(), line.name.as_str());
        let key = signer.and_then(|signer| ledger.keys().get(&signer)).and_then(|key| key.vkey.clone());
        return match key {
            Some(key) if state.genesis == *ledger.genesis() && key.verify(note.text(), line).is_ok() => {
                Ok(())
            }
            _ => Err("the state note is not signed by a key of this register".to_owned()),
        };
    }
    let frozen = ledger.policy().witnesses().iter().any(|witness| {
        act::freeze::FreezeNote::verify(bytes, &witness.key).is_ok_and(|f| f.genesis == *ledger.genesis())
    });
    if frozen { Ok(()) } else { Err("it is no refusal, state note or freeze of this register".to_owned()) }
}

/// The genesis hash of a register, from the bytes of its entry 0; for those who have nothing else yet.
#[must_use]
pub fn genesis_of(entry: &[u8]) -> Option<Hash> {
    let entry = Entry::parse(entry).ok()?;
    matches!(entry.act().body(), Body::Genesis(_)).then(|| entry.act().id().0)
}

/// The procedures that a register runs under until the reader of whole instruments brings its own.
#[must_use]
pub fn law() -> Law {
    notice::law()
}

/// A tile path in a node's folder, for those who write one.
#[must_use]
pub fn is_entry_bundle(tile: &tlog::TilePath) -> bool {
    tile.kind() == TileKind::Entries
}
