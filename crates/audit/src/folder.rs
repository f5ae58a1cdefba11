//! A whole register: every file, signature, chain, receipt, tile, checkpoint, cosignature, rule of time,
//! and the replay.

use std::collections::{BTreeMap, BTreeSet};

use act::{Body, Entry};
use docket::v1::replay::{Annexes, Broken, FalseStamp, Replay, Unfit};
use terms::{Hash, Instant, Item, VoiceName};
use tlog::witness::AddCheckpoint;
use tlog::{CosignedCheckpoint, CosignedFault, EMPTY_ROOT, TileKind};

use crate::expected::Expected;
use crate::layout::{self, Known};
use crate::named::{AtHand, Named};
use crate::notes::{self, NOTE_BYTES_MAX};
use crate::outcome::Outcome;
use crate::pass::{Passed, Road, Traces};
use crate::report::{Held, Report, Standing};
use crate::source::{Batcher, Bundle, Carried, Own, Piece, Source};
use crate::tiles::{self, Comparison, Shelf};
use crate::{own, pieces};

pub use crate::notes::check_note;

/// A checked register: what was found, and the replay to ask further.
pub struct Checked {
    /// What was found.
    pub report: Report,
    /// The docket of all that is final, if there is one: what was asked for as of a time is in the report.
    pub replay: Option<Replay>,
    /// The largest checkpoint with a quorum.
    pub checkpoint: Option<CosignedCheckpoint>,
    /// What whoever looks for contradictions goes by.
    pub(crate) leads: Option<Leads>,
}

/// Where to look for contradictions, and in what.
pub(crate) struct Leads {
    pub(crate) traces: Traces,
    pub(crate) shelf: Shelf,
    pub(crate) notes: BTreeSet<Hash>,
    pub(crate) owns: Vec<(String, Own)>,
    /// The checkpoint that a bundle asks a witness to cosign.
    pub(crate) asked: Option<CosignedCheckpoint>,
}

/// The largest annex that is read whole.
pub const ANNEX_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// The file of the largest checkpoint with a quorum.
pub(crate) const CHECKPOINT: &str = "register/checkpoint";

/// Checks a node's folder, or a bundle's files, from the first byte to the state.
///
/// The state, and what had settled, are as of `as_of` (TIME T9); everything is checked, whatever it is. It
/// never panics, and goes on after a wrong as far as that makes sense; the first wrong thing is the first
/// in the report. What it holds in memory follows the number of files and what stands in the docket:
/// ended matters too, some hundred bytes each.
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
            return Checked { report, replay: None, checkpoint: None, leads: None };
        }
    };
    let mut sorted = Files::sort(&files, source, &mut report);
    let checkpoint = read_checkpoint(source, &mut report);
    sorted.check_annexes(source, &mut report);
    let (mut sizes, states, asked) = sorted.claims(source);
    sizes.extend(checkpoint.as_ref().map(|cosigned| cosigned.checkpoint().size));
    let stamps = sorted.stamps();
    let named_here = sorted.named_here();
    let mut annexes = Annexes::new();
    let size = sorted.shelf.entries();
    // Without a checkpoint nothing can be said to be final; what is wrong all the same is looked for.
    let grounded = checkpoint.as_ref().map_or(u64::MAX, |cosigned| cosigned.checkpoint().size);
    let signed = checkpoint.as_ref().map(CosignedCheckpoint::checkpoint);
    let (passed, tiles) = loop {
        let road = Road {
            source,
            annexes: &annexes,
            size,
            journal: journal(&sorted.owns, &sorted.shelf),
            grounded,
            as_of,
            at_hand: &named_here,
            sizes: &sizes,
            states: &states,
            stamps: &stamps,
            asked: &asked,
        };
        let mut trial = Report { counts: report.counts, ..Report::default() };
        let mut tiles = Comparison::new(&sorted.shelf, signed);
        let passed = road.pass(&sorted.shelf, &mut tiles, batcher, progress, &mut trial);
        let missing = match &passed {
            Ok(passed) => passed.replay.missing_annex().copied(),
            Err(Unfit::MissingAnnex(hash)) => Some(*hash),
            Err(_) => None,
        };
        // Replay asks for the few annexes that it reads; the rest are hashed and never held.
        let fetched = missing.filter(|hash| sorted.annexes.contains_key(hash) && !annexes.contains_key(hash));
        if let Some(hash) = fetched
            && let Ok(Some(bytes)) = source.read(&annex_path(&hash), ANNEX_BYTES_MAX)
            && Hash::of(&bytes) == hash
        {
            annexes.insert(hash, bytes);
            continue;
        }
        report.counts = trial.counts;
        report.take(trial);
        break (passed, tiles);
    };
    let first = sorted.shelf.bundle(0).map_or_else(|| CHECKPOINT.to_owned(), |tile| tiles::path(&tile));
    if let Err(unfit) = &passed {
        match unfit {
            // That it is missing is said with the other annexes.
            Unfit::MissingAnnex(_) => {}
            Unfit::UnknownRules(_) => report.undecided.push(unfit.to_string()),
            // What founds it can't be read on this machine, and that was said.
            Unfit::Genesis(_) if source.gives_out(&first).is_err() => {}
            Unfit::Genesis(_) | Unfit::Instrument(_) | Unfit::Policy(_) => {
                report.wrong("audit::unfit", &first, Some(0), unfit.to_string());
            }
        }
    }
    check_length(size, checkpoint.as_ref(), &mut report);
    let whole = passed.as_ref().map_or(true, |passed| passed.whole);
    tiles.finish(source, whole, &mut report);
    let mut passed = match passed {
        Ok(passed) => passed,
        Err(unfit) => {
            // What acts name is known without replay.
            let named = matches!(unfit, Unfit::MissingAnnex(_)).then(|| sorted.named(source, &named_here));
            if let Some(named) = &named {
                check_named(&sorted.annexes, named, &mut report);
            }
            check_sealed(source, &sorted.at_hand, named.as_ref(), &mut report);
            return Checked { report, replay: None, checkpoint: None, leads: None };
        }
    };
    for act in sorted.owns.iter().filter_map(|(_, own)| submitted(own)) {
        passed.named.take(act, &named_here);
    }
    let checkpoint = checkpoint.and_then(|cosigned| check_checkpoint(&cosigned, &passed, &mut report));
    fill(&mut report, &passed, expected, &first, as_of);
    if checkpoint.as_ref().is_none_or(|cosigned| cosigned.checkpoint().size == 0) {
        // Replay reads what a quorum cosigned, and nothing shows how far that goes.
        report.state = None;
        report.standing = None;
    }
    check_named(&sorted.annexes, &passed.named, &mut report);
    check_sealed(source, &sorted.at_hand, Some(&passed.named), &mut report);
    report.held = held(&passed, &sorted.at_hand);
    own::check(&sorted.owns, &passed, &mut report);
    pieces::check(&sorted.pieces, &passed.named, &mut report);
    pieces::check(&sorted.carried, &passed.named, &mut report);
    pieces::check_together(&sorted.carried, &passed.named, &mut report);
    notes::check_all(source, &sorted.notes, &passed, &mut report);
    if let Some(asked) = &sorted.asked {
        notes::check_asked(asked, &passed, &mut report);
    }
    remark_stamps(&passed, &mut report);
    let Files { shelf, notes, owns, asked, .. } = sorted;
    let asked = asked.map(|asked| asked.checkpoint);
    let leads = Leads { traces: passed.traces, shelf, notes, owns, asked };
    Checked { report, replay: Some(passed.replay), checkpoint, leads: Some(leads) }
}

/// The files of a folder, by what they are.
#[derive(Default)]
struct Files {
    shelf: Shelf,
    /// With their sizes, once they were read.
    annexes: BTreeMap<Hash, u64>,
    notes: BTreeSet<Hash>,
    at_hand: AtHand,
    owns: Vec<(String, Own)>,
    /// Pieces of sealed files that wait for the rest.
    pieces: Vec<(String, Piece)>,
    /// Those that stand in a bundle.
    carried: Vec<(String, Piece)>,
    asked: Option<AddCheckpoint>,
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
                Some(Known::Annex(hash)) => drop(sorted.annexes.insert(hash, 0)),
                Some(Known::Sealed(hash)) => drop(sorted.at_hand.sealed.insert(hash)),
                Some(Known::Grant(hash)) => drop(sorted.at_hand.grants.insert(hash)),
                Some(Known::Note(hash)) => drop(sorted.notes.insert(hash)),
                Some(Known::Own) => match source.own(path) {
                    Ok(own) => {
                        if let (Own::Piece(size), Some((whole, offset, _))) = (&own, layout::piece(path)) {
                            let piece = Piece { whole, offset, size: *size, up_to_here: None };
                            sorted.pieces.push((path.clone(), piece));
                        }
                        sorted.owns.push((path.clone(), own));
                    }
                    Err(error) => report.unread(source, "audit::own_file", path, None, error),
                },
            }
        }
        let Carried { asked, pieces } = source.carried();
        report.counts.files += u64::from(asked.is_some()) + pieces.len() as u64;
        sorted.carried = pieces.into_iter().map(|piece| (pieces::path(&piece), piece)).collect();
        sorted.asked = asked;
        sorted
    }

    /// Every annex against its name; those that do not fit are put aside.
    fn check_annexes(&mut self, source: &dyn Source, report: &mut Report) {
        self.annexes.retain(|hash, bytes| {
            let path = annex_path(hash);
            match source.hash(&path) {
                Ok((found, size)) if found == *hash && size <= ANNEX_BYTES_MAX => {
                    report.counts.annexes += 1;
                    *bytes = size;
                    return true;
                }
                Ok((found, _)) if found == *hash => {
                    report.wrong("audit::size", &path, None, "no annex is as large");
                }
                Ok(_) => {
                    report.wrong(
                        "audit::hash",
                        &path,
                        None,
                        "its bytes have not the hash that it is named by",
                    );
                }
                Err(error) => report.unread(source, "audit::unreadable", &path, None, error),
            }
            false
        });
    }

    /// Sizes at which something in the folder gives a root; those at which a note gives a state; and the
    /// submissions that a note refuses, or promises a place.
    fn claims(&self, source: &dyn Source) -> (BTreeSet<u64>, BTreeSet<u64>, BTreeSet<Hash>) {
        let mut sizes: BTreeSet<u64> =
            self.owns.iter().filter_map(|(_, own)| own::seen(own)).map(|seen| seen.size).collect();
        let (mut states, mut asked) = (BTreeSet::new(), BTreeSet::new());
        for hash in &self.notes {
            let Ok(Some(bytes)) = source.read(&notes::path(hash), NOTE_BYTES_MAX) else { continue };
            let claim = notes::claim(&bytes);
            sizes.extend(claim.as_ref().and_then(|claim| claim.root.map(|_| claim.size)));
            asked.extend(claim.as_ref().and_then(|claim| claim.refused));
            let promised = claim.as_ref().and_then(|claim| claim.promised);
            asked.extend(promised.map(|(_, submission)| submission));
            states.extend(claim.and_then(|claim| claim.state.map(|_| claim.size)));
        }
        sizes.extend(self.asked.iter().flat_map(|asked| [asked.old, asked.checkpoint.checkpoint().size]));
        (sizes, states, asked)
    }

    /// What acts are asked about: the files at hand, and those that parts are of.
    fn named_here(&self) -> AtHand {
        let mut all = self.at_hand.clone();
        all.sealed.extend(self.pieces.iter().chain(&self.carried).map(|(_, piece)| piece.whole));
        all
    }

    /// What acts name, registered or on their way, by the bytes of the entries alone. What can't be read is said elsewhere.
    fn named(&self, source: &dyn Source, at_hand: &AtHand) -> Named {
        let mut named = Named::default();
        for act in self.owns.iter().filter_map(|(_, own)| submitted(own)) {
            named.take(act, at_hand);
        }
        for tile in (0..).map_while(|number| self.shelf.bundle(number)) {
            let Ok(Some(bytes)) = source.read(&tiles::path(&tile), tiles::BUNDLE_BYTES_MAX) else { continue };
            let entries = Bundle::read(bytes, tile.width()).entries.unwrap_or_default();
            for entry in entries.iter().filter_map(|read| read.entry.as_ref().ok()) {
                named.take(entry.act(), at_hand);
            }
        }
        for entry in journal(&self.owns, &self.shelf).1 {
            if let Ok(entry) = Entry::parse(entry) {
                named.take(entry.act(), at_hand);
            }
        }
        named
    }

    fn stamps(&self) -> BTreeSet<Hash> {
        let last = |own: &Own| match own {
            Own::Intake { last, .. } => Some(last.hash()),
            _ => None,
        };
        self.owns.iter().filter_map(|(_, own)| last(own)).collect()
    }
}

/// Where the journal begins, and its entries.
pub(crate) fn journal<'a>(owns: &'a [(String, Own)], shelf: &Shelf) -> (u64, &'a [Vec<u8>]) {
    let journal = owns.iter().find_map(|(_, own)| match own {
        Own::Journal { tiles, entries, .. } => Some((tiles.size, entries.as_slice())),
        _ => None,
    });
    // One that begins beyond the tiles follows on nothing; that is said, and it is not read.
    journal.filter(|(start, _)| *start <= shelf.entries()).unwrap_or((0, &[]))
}

fn submitted(own: &Own) -> Option<&act::Act> {
    match own {
        Own::Submission(submission) => Some(submission.act()),
        _ => None,
    }
}

pub(crate) fn annex_path(hash: &Hash) -> String {
    format!("register/annex/{}", hash.to_hex())
}

fn read_checkpoint(source: &dyn Source, report: &mut Report) -> Option<CosignedCheckpoint> {
    match source.read(CHECKPOINT, NOTE_BYTES_MAX) {
        Ok(Some(bytes)) => match CosignedCheckpoint::parse(&bytes) {
            Ok(checkpoint) => return Some(checkpoint),
            Err(fault) => report.wrong("audit::checkpoint", CHECKPOINT, None, fault.to_string()),
        },
        Ok(None) => report.undecided.push("there is no checkpoint: nothing is final yet".to_owned()),
        Err(error) => report.unread(source, "audit::unreadable", CHECKPOINT, None, error),
    }
    None
}

/// Whether all entries are here that a checkpoint commits to; if not, which bundle is missing first.
fn check_length(size: u64, cosigned: Option<&CosignedCheckpoint>, report: &mut Report) {
    let wanted = cosigned.map_or(0, |cosigned| cosigned.checkpoint().size);
    if wanted > size
        && let Some(tile) = Shelf::first_missing(size, wanted)
    {
        let what = format!("the checkpoint is of {wanted} entries, and those from {size} on are missing");
        report.wrong("audit::tile_missing", &tiles::path(&tile), Some(size), what);
    }
}

fn fill(report: &mut Report, passed: &Passed, expected: &Expected, first: &str, as_of: Option<Instant>) {
    let replay = &passed.replay;
    let genesis = *replay.ledger().genesis();
    report.origin = replay.ledger().origin().to_string();
    report.genesis = Some(genesis);
    report.exercise = replay.is_exercise();
    report.name = replay.instrument().name.clone();
    if !expected.fits(&genesis) {
        let what =
            format!("this is the register {}, not the one that was asked for", VoiceName::of(&genesis));
        report.wrong("audit::other_register", first, Some(0), what);
    }
    report.counts.entries = passed.size;
    report.counts.malformed = replay.malformed();
    report.counts.marks = replay.timeline().count();
    report.quorum = replay.ledger().policy().quorum();
    let outcome = passed.closed.clone().unwrap_or_else(|| {
        let mut outcome = Outcome::of(replay, as_of);
        // What is not final waits too; beyond a mark that closed the state it is of another time.
        outcome.pending += passed.size.saturating_sub(replay.size());
        outcome
    });
    report.counts.void = outcome.void;
    report.counts.settled = outcome.settled;
    report.counts.pending = outcome.pending;
    report.state = Some(outcome.state);
    let closed = passed.closed.is_some();
    report.standing = as_of.map(|_| Standing { closed, silent: outcome.silent });
    report.tallies = outcome.tallies;
}

/// The stored checkpoint: signed, cosigned by a quorum, of these entries, and without a line that nobody
/// answers for.
fn check_checkpoint(
    cosigned: &CosignedCheckpoint,
    passed: &Passed,
    report: &mut Report,
) -> Option<CosignedCheckpoint> {
    const FILE: &str = CHECKPOINT;
    let policy = passed.replay.ledger().policy();
    let cosigners = match cosigned.examine(policy) {
        Ok(cosigners) => cosigners,
        // Who may sign it an annex says that is missing: that is undecided, and nobody's fault.
        Err(CosignedFault::NoLogLine) if passed.is_cut_short() => return None,
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
        // If a bundle can't be read, that was said.
        if passed.whole {
            let what = format!("it is of {} entries, and {} are at hand", checkpoint.size, passed.size);
            report.wrong("audit::checkpoint_size", FILE, None, what);
        }
        return None;
    }
    // One of nothing leaves nothing final, and is no wrong.
    let root = if checkpoint.size == 0 { EMPTY_ROOT } else { passed.root };
    if checkpoint.root != root {
        let what = "the checkpoint's root is not that of the entries";
        report.wrong("audit::checkpoint_root", FILE, None, what);
        return None;
    }
    if let Some((size, index)) = passed.marked.filter(|(size, _)| *size > checkpoint.size) {
        // It was put back: the one that a mark has was there before.
        let what =
            format!("it is of {} entries, but the mark in entry {index} has one of {size}", checkpoint.size);
        report.wrong("audit::checkpoint_old", FILE, Some(index), what);
    }
    if let Some(median) = cosigners.median().filter(|_| cosigners.is_quorum()) {
        let latest = median.plus(passed.replay.instrument().calendar.tolerance);
        for dated in passed.uncovered.iter().filter(|dated| dated.index < checkpoint.size) {
            dated.is_after(latest, report);
        }
        if let Some(dated) = passed.latest.get(&checkpoint.size) {
            dated.check_again(latest, report);
        }
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

fn check_named(at_hand: &BTreeMap<Hash, u64>, named: &Named, report: &mut Report) {
    let named = &named.annexes;
    for hash in named.keys().filter(|hash| !at_hand.contains_key(hash)) {
        report.undecided.push(format!("the annex {} is missing", hash.to_hex()));
    }
    for (hash, bytes) in at_hand {
        match named.get(hash) {
            None => {
                report.wrong("audit::unnamed_file", &annex_path(hash), None, "no act names this annex");
            }
            Some(sizes) if !sizes.contains(bytes) => {
                let what = "it has not the size that its act says";
                report.wrong("audit::size", &annex_path(hash), None, what);
            }
            Some(_) => {}
        }
    }
}

fn check_sealed(source: &dyn Source, at_hand: &AtHand, named: Option<&Named>, report: &mut Report) {
    let kinds = [
        ("sealed", &at_hand.sealed, named.map(|named| &named.sealed)),
        ("grant", &at_hand.grants, named.map(|named| &named.grants)),
    ];
    for (folder, files, named) in kinds {
        for hash in files {
            let path = format!("{folder}/{}", hash.to_hex());
            let (found, bytes) = match source.hash(&path) {
                Ok(found) => found,
                Err(error) => {
                    report.unread(source, "audit::unreadable", &path, None, error);
                    continue;
                }
            };
            if found != *hash {
                let what = "its bytes have not the hash that it is named by";
                report.wrong("audit::hash", &path, None, what);
                continue;
            }
            match named.map(|named| named.get(hash)) {
                Some(None) => report.wrong("audit::unnamed_file", &path, None, "no act names this file"),
                Some(Some(sizes)) if !sizes.contains(&bytes) => {
                    report.wrong("audit::size", &path, None, "it has not the size that its act says");
                }
                Some(Some(_)) if folder == "sealed" => report.counts.sealed += 1,
                Some(Some(_)) => report.counts.grants += 1,
                None => {}
            }
        }
    }
}

/// What is here of what exhibits have. Of pieces that wait for the rest nothing is yet.
fn held(passed: &Passed, at_hand: &AtHand) -> Held {
    let named = &passed.named;
    let whole = |item: &Item| named.held.get(item).is_some_and(|hash| at_hand.sealed.contains(hash));
    let mut held = Held::default();
    let exhibits = passed.replay.settlement().exhibits();
    for (item, exhibit) in exhibits.iter().filter(|(_, exhibit)| exhibit.destroyed.is_empty()) {
        held.sealed_of += 1;
        held.sealed += u64::from(whole(item));
        for who in exhibit.granted.keys() {
            held.grants_of += 1;
            held.grants += u64::from(named.granted.contains(&(*item, who.clone())));
        }
    }
    held
}

/// Keys of guarantors' nodes that contradict themselves. The register stands, and the stamps have no effect.
fn remark_stamps(passed: &Passed, report: &mut Report) {
    for FalseStamp { index, key, broken } in passed.replay.false_stamps() {
        let why = match broken {
            Broken::Forked => "follows on a stamp that another of its stamps follows on (C13)",
            Broken::Backwards => "is earlier than the stamp that it follows on (C14)",
        };
        report.remarks.push(format!(
            "Entry {index} has a stamp by `{key}` that {why}: it has no effect, and the two convict the key."
        ));
    }
}

/// The genesis hash of a register, from the bytes of its entry 0; for those who have nothing else yet.
#[must_use]
pub fn genesis_of(entry: &[u8]) -> Option<Hash> {
    let entry = Entry::parse(entry).ok()?;
    matches!(entry.act().body(), Body::Genesis(_)).then(|| entry.act().id().0)
}

/// A tile path in a node's folder, for those who write one.
#[must_use]
pub fn is_entry_bundle(tile: &tlog::TilePath) -> bool {
    tile.kind() == TileKind::Entries
}
