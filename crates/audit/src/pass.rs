//! One pass over the entries: parse, judge, replay, gather signatures for the batch. If a batch finds a
//! wrong one, the pass is made anew with that known, so that what depends on it comes out right.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use act::{Body, Entry};
use docket::v1::Law;
use docket::v1::replay::{Annexes, Judged, Past, Replay, Unfit, Verifier};
use note::Check;
use terms::{Hash, Instant, Kind, RefusalGround};
use tlog::{CosignedCheckpoint, Edge, HashReader, TileKind, TilePath};

use crate::report::Report;
use crate::source::{Batcher, Source};
use crate::tiles::{self, Shelf};

/// How many checks make a chunk. Work per key is shared in a batch, so larger is faster, to a point.
const CHUNK_CHECKS: usize = 4096;

/// What the acts of a register name, of the files that a folder has.
#[derive(Debug, Default)]
pub(crate) struct Named {
    pub(crate) annexes: BTreeSet<Hash>,
    pub(crate) sealed: BTreeMap<Hash, u64>,
    pub(crate) grants: BTreeMap<Hash, u64>,
}

/// Which of them to look for: only files at hand are worth remembering.
#[derive(Debug, Default)]
pub(crate) struct AtHand {
    pub(crate) sealed: BTreeSet<Hash>,
    pub(crate) grants: BTreeSet<Hash>,
}

/// What one pass came to.
pub(crate) struct Passed {
    pub(crate) replay: Replay,
    pub(crate) named: Named,
    /// How many entries were read, final or not.
    pub(crate) size: u64,
    /// The root at the final size.
    pub(crate) root: Hash,
}

/// Gathers checks, and answers what is known by now.
struct Gatherer<'a> {
    /// Checks that are known to fail: entry, and its place among the entry's checks.
    bad: &'a BTreeSet<(u64, u32)>,
    place: (u64, u32),
    chunk: Vec<Check>,
    keys: Vec<(u64, u32)>,
    count: u64,
}

impl Verifier for Gatherer<'_> {
    fn holds(&mut self, index: u64, check: &Check) -> bool {
        let place = if self.place.0 == index { self.place.1 } else { 0 };
        self.place = (index, place + 1);
        self.count += 1;
        if self.bad.contains(&(index, place)) {
            return false;
        }
        self.chunk.push(check.clone());
        self.keys.push((index, place));
        true
    }
}

/// Roots of earlier sizes from the tiles that this pass has already compared.
struct Behind<'a> {
    source: &'a dyn Source,
    edge: &'a Edge,
    /// Most acts cite one of the last few checkpoints.
    cache: &'a RefCell<BTreeMap<u64, Hash>>,
}

/// How many roots are remembered.
const CACHE_MAX: usize = 64;

impl HashReader for Behind<'_> {
    type Error = ();

    fn node(&self, level: u8, index: u64) -> Result<Hash, ()> {
        // Complete subtrees: from a full tile, or from the edge in memory.
        let tile_level = level / 8;
        let within = level % 8;
        let first = index << within;
        let tile = first / 256;
        let at = usize::try_from(first % 256).map_err(drop)?;
        let count = 1_usize << within;
        let full = (self.edge.size() >> (8 * u32::from(tile_level))) / 256;
        let hashes: Vec<Hash> = if tile < full {
            let path = TilePath::new(TileKind::Hashes(tile_level), tile, 256).ok_or(())?;
            let bytes = self.source.read(&tiles::path(&path), 256 * 32).map_err(drop)?.ok_or(())?;
            tlog::tile::from_bytes(&bytes, 256).ok_or(())?
        } else {
            let partial = self.edge.partial();
            let (path, bytes) = partial
                .iter()
                .find(|(path, _)| path.kind() == TileKind::Hashes(tile_level) && path.index() == tile)
                .ok_or(())?;
            tlog::tile::from_bytes(bytes, path.width()).ok_or(())?
        };
        hashes.get(at..at + count).map(tlog::root_of_leaves).ok_or(())
    }
}

impl Past for Behind<'_> {
    fn root_at(&self, size: u64) -> Option<Hash> {
        if size > self.edge.size() {
            return None;
        }
        if let Some(root) = self.cache.borrow().get(&size) {
            return Some(*root);
        }
        let root = tlog::root_of(self, size).ok()?;
        let mut cache = self.cache.borrow_mut();
        if cache.len() >= CACHE_MAX {
            cache.pop_first();
        }
        cache.insert(size, root);
        Some(root)
    }
}

/// What a pass is made over.
pub(crate) struct Road<'a> {
    pub(crate) source: &'a dyn Source,
    pub(crate) annexes: &'a Annexes,
    pub(crate) law: &'a Law,
    pub(crate) size: u64,
    /// Entries below this are final: a quorum cosigned a checkpoint of that size (TIME T1).
    pub(crate) grounded: u64,
    pub(crate) as_of: Option<Instant>,
    pub(crate) at_hand: &'a AtHand,
}

impl Road<'_> {
    /// Passes over all entries, anew for as long as a batch finds wrong signatures.
    pub(crate) fn pass(
        &self,
        shelf: &Shelf,
        batcher: &mut dyn Batcher,
        progress: &mut dyn FnMut(u64, u64),
        report: &mut Report,
    ) -> Result<Passed, Unfit> {
        let mut bad = BTreeSet::new();
        loop {
            let mut trial = Report { counts: report.counts, ..Report::default() };
            let (passed, found) = self.once(shelf, &bad, batcher, progress, &mut trial)?;
            if found.is_empty() {
                report.counts = trial.counts;
                report.wrongs.append(&mut trial.wrongs);
                return Ok(passed);
            }
            // Each round knows at least one more wrong signature, of finitely many.
            bad.extend(found);
        }
    }

    fn once(
        &self,
        shelf: &Shelf,
        bad: &BTreeSet<(u64, u32)>,
        batcher: &mut dyn Batcher,
        progress: &mut dyn FnMut(u64, u64),
        report: &mut Report,
    ) -> Result<(Passed, Vec<(u64, u32)>), Unfit> {
        let mut gatherer = Gatherer { bad, place: (0, 0), chunk: Vec::new(), keys: Vec::new(), count: 0 };
        let mut submitted: BTreeMap<u64, Vec<(u64, u32)>> = BTreeMap::new();
        let mut found = Vec::new();
        let cache = RefCell::default();
        let mut edge = Edge::new();
        let mut named = Named::default();
        let mut replay: Option<Replay> = None;
        let mut times = Times::default();
        let mut grounded: Option<(Replay, Hash)> = None;
        let mut index = 0;
        while index < self.size {
            let Some(path) = shelf.bundle(index / 256) else { break };
            let bytes = match self.source.read(&tiles::path(&path), tiles::BUNDLE_BYTES_MAX) {
                Ok(Some(bytes)) => bytes,
                Ok(None) => break,
                Err(error) => {
                    report.wrong("audit::unreadable", &tiles::path(&path), Some(index), error);
                    break;
                }
            };
            let entries = match tlog::bundle::from_bytes(&bytes, path.width()) {
                Ok(entries) => entries,
                Err(fault) => {
                    report.wrong("audit::bundle", &tiles::path(&path), Some(index), fault.to_string());
                    break;
                }
            };
            for entry in entries {
                if index >= self.size {
                    break;
                }
                let file = tiles::path(&path);
                match &mut replay {
                    None => {
                        let genesis = Replay::begin(
                            entry,
                            self.annexes,
                            self.law.clone(),
                            self.as_of,
                            false,
                            &mut gatherer,
                        )?;
                        replay = Some(genesis);
                    }
                    Some(replay) => {
                        let behind = Behind { source: self.source, edge: &edge, cache: &cache };
                        let judged = replay.enter(entry, &behind, &mut gatherer);
                        if let Judged::Malformed { ground, why } = judged {
                            let code = malformed_code(ground);
                            report.wrong(code, &file, Some(index), format!("malformed ({ground}): {why}"));
                        }
                    }
                }
                if let Ok(entry) = Entry::parse(entry) {
                    self.note_files(&entry, &mut named);
                    if let Some(replay) = &replay {
                        times.check(index, &entry, replay, &file, report);
                    }
                }
                edge.push(tlog::leaf_hash(entry));
                index += 1;
                // What follows has no effect yet; it is judged all the same, on a copy.
                if index == self.grounded && index < self.size {
                    grounded = replay.clone().map(|replay| (replay, edge.root()));
                }
            }
            if gatherer.chunk.len() >= CHUNK_CHECKS {
                let chunk = submitted.len() as u64;
                submitted.insert(chunk, std::mem::take(&mut gatherer.keys));
                batcher.submit(chunk, std::mem::take(&mut gatherer.chunk));
                for (chunk, failed) in batcher.done(false) {
                    found.extend(failed.iter().filter_map(|at| submitted.get(&chunk)?.get(*at).copied()));
                }
            }
            progress(index, self.size);
        }
        let chunk = submitted.len() as u64;
        submitted.insert(chunk, std::mem::take(&mut gatherer.keys));
        batcher.submit(chunk, std::mem::take(&mut gatherer.chunk));
        for (chunk, failed) in batcher.done(true) {
            found.extend(failed.iter().filter_map(|at| submitted.get(&chunk)?.get(*at).copied()));
        }
        report.counts.signatures += gatherer.count;
        let (replay, root) = grounded
            .or_else(|| replay.map(|replay| (replay, edge.root())))
            .ok_or_else(|| Unfit::Genesis("there is no entry".to_owned()))?;
        Ok((Passed { replay, named, size: index, root }, found))
    }

    fn note_files(&self, entry: &Entry, named: &mut Named) {
        let mut file = |file: &act::value::File| {
            if self.at_hand.sealed.contains(&file.sealed) {
                named.sealed.insert(file.sealed, file.size);
            }
            for grant in file.grants.iter().filter(|g| self.at_hand.grants.contains(&g.sealed)) {
                named.grants.insert(grant.sealed, grant.size);
            }
        };
        match entry.act().body() {
            Body::Genesis(genesis) => {
                let annexes = &genesis.annexes;
                named.annexes.extend([
                    annexes.instrument.sha256,
                    annexes.library.sha256,
                    annexes.policy.sha256,
                ]);
            }
            Body::Enrol(act::body::Enrol::Key(enrolment)) => enrolment.note.iter().for_each(&mut file),
            Body::Open(open) => open.files.iter().for_each(&mut file),
            Body::Step(step) => step.files.iter().for_each(&mut file),
            Body::Offer(offer) => offer.files.iter().for_each(&mut file),
            Body::Answer(answer) => answer.files.iter().for_each(&mut file),
            Body::Batch(batch) => {
                batch.file.iter().for_each(&mut file);
                named.annexes.extend(batch.annex.map(|annex| annex.sha256));
            }
            Body::Publish(publish) => named.annexes.extend(publish.annex.map(|annex| annex.sha256)),
            Body::Succeed(succeed) => named.annexes.extend(succeed.policy.map(|annex| annex.sha256)),
            Body::Transcribe(transcribe) => match &transcribe.what {
                act::body::Transcribed::Open(open) => open.files.iter().for_each(&mut file),
                act::body::Transcribed::Step(step) => step.files.iter().for_each(&mut file),
            },
            Body::Grant(grant) => {
                for grant in grant.grants.iter().filter(|g| self.at_hand.grants.contains(&g.sealed)) {
                    named.grants.insert(grant.sealed, grant.size);
                }
            }
            _ => {}
        }
    }
}

const fn malformed_code(ground: RefusalGround) -> &'static str {
    match ground {
        RefusalGround::Form => "audit::malformed_form",
        RefusalGround::Signature => "audit::malformed_signature",
        RefusalGround::Key => "audit::malformed_key",
        RefusalGround::Number => "audit::malformed_number",
        RefusalGround::Previous => "audit::malformed_previous",
        RefusalGround::Duplicate => "audit::malformed_duplicate",
        RefusalGround::Quota => "audit::malformed_quota",
    }
}

/// The rules of time that a registrar's receipts must keep (TIME C4–C6).
#[derive(Debug, Default)]
struct Times {
    last: Option<Instant>,
    /// Registered times of entries that no mark covers yet.
    uncovered: Vec<(u64, Instant)>,
    last_median: Option<Instant>,
}

impl Times {
    fn check(&mut self, index: u64, entry: &Entry, replay: &Replay, file: &str, report: &mut Report) {
        let registered = entry.receipt().time;
        let tolerance = replay.instrument().calendar.tolerance;
        if self.last.is_some_and(|last| registered < last) {
            let what = "its registered time is earlier than that of the entry before it";
            report.wrong("audit::time_backwards", file, Some(index), what);
        }
        self.last = self.last.max(Some(registered));
        if self.last_median.is_some_and(|median| registered.plus(tolerance) < median) {
            let what = "it is dated before the witnesses' time of a mark that stands before it";
            report.wrong("audit::dated_before", file, Some(index), what);
        }
        self.uncovered.push((index, registered));
        let mark = match entry.act().body() {
            Body::Mark(mark) if entry.act().kind() == Kind::Mark => mark,
            _ => return,
        };
        let Ok(cosigned) = CosignedCheckpoint::parse(mark.checkpoint.as_str().as_bytes()) else { return };
        let Ok(claims) = cosigned.claims(replay.ledger().policy()) else { return };
        let Some(median) = claims.proven().median() else { return };
        let size = cosigned.checkpoint().size;
        let covered = self.uncovered.partition_point(|(at, _)| *at < size);
        for (at, registered) in self.uncovered.drain(..covered) {
            if registered > median.plus(tolerance) {
                let what = "it is dated after the witnesses' time of a checkpoint that covers it";
                report.wrong("audit::dated_after", file, Some(at), what);
            }
        }
        self.last_median = self.last_median.max(Some(median));
    }
}
