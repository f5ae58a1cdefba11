//! One pass over the entries: read ahead, judge, replay, gather signatures for the batch. If a batch finds a
//! wrong one, the pass is made anew with each checked where it stands.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use act::state::StateBody;
use act::{Body, Entry};
use docket::v1::replay::{Annexes, Judged, Past, Read, Replay, Unfit, Verifier};
use note::{Check, Intake};
use terms::{Hash, Instant, Kind, RefusalGround};
use tlog::{Edge, HashReader, Policy, TileKind, TilePath};

use crate::named::{AtHand, Named};
use crate::outcome::Outcome;
use crate::report::Report;
use crate::source::{Batcher, Bundle, Inline, Source};
use crate::tiles::{self, Comparison, Shelf};
use crate::times::{Dated, Times};

/// How many checks make a chunk. Work per key is shared in a batch, so larger is faster, to a point.
const CHUNK_CHECKS: usize = 4096;

/// What one pass came to.
pub(crate) struct Passed {
    pub(crate) replay: Replay,
    /// What it had come to before the first final mark past the time that was asked for, if there is one.
    pub(crate) closed: Option<Outcome>,
    pub(crate) named: Named,
    /// How many entries were read, final or not.
    pub(crate) size: u64,
    /// The root at the final size.
    pub(crate) root: Hash,
    /// The roots at the sizes that were asked for.
    pub(crate) roots: BTreeMap<u64, Hash>,
    /// The size of the largest mark, with its index.
    pub(crate) marked: Option<(u64, u64)>,
    /// Which of the stamps that were asked for another follows on, and where.
    pub(crate) followed: BTreeMap<Hash, u64>,
    /// The policies that were in force, in order: a succession brings another log key.
    pub(crate) policies: Vec<Policy>,
    /// What replay came to at the sizes that were asked for.
    pub(crate) states: BTreeMap<u64, StateBody>,
    /// Registered times of entries that no mark covers.
    pub(crate) uncovered: Vec<Dated>,
    /// The latest registered time below each of the sizes that were asked for.
    pub(crate) latest: BTreeMap<u64, Dated>,
    /// Whether every bundle could be read.
    pub(crate) whole: bool,
    /// What whoever looks for contradictions goes by.
    pub(crate) traces: Traces,
}

impl Passed {
    /// Whether replay stopped at a succession whose policy is not at hand: which keys have force from there on
    /// is not known.
    pub(crate) const fn is_cut_short(&self) -> bool {
        self.replay.missing_annex().is_some()
    }
}

/// What a pass leaves for whoever looks for contradictions in a second one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Traces {
    /// How many entries were read.
    pub(crate) size: u64,
    /// The root over each 256 of them.
    pub(crate) tops: Vec<Hash>,
    /// Which were malformed.
    pub(crate) malformed: BTreeSet<u64>,
    /// The last mark of the founding registrar.
    pub(crate) founding_mark: Option<u64>,
    /// Where a submission stands that was asked for, since there is a refusal or a receipt of it.
    pub(crate) entered: BTreeMap<Hash, u64>,
    /// The latest time of each witness in a mark, by its place in the policy.
    pub(crate) witnesses: BTreeMap<usize, Instant>,
    /// Whether one fell from mark to mark by more than the tolerance.
    pub(crate) backwards: bool,
}

/// How many bundles are read ahead of the one that is replayed.
pub(crate) const BUNDLES_AHEAD: usize = 4;

/// Where signatures are checked.
enum Checking<'a> {
    /// All are taken to be good, and gathered for the batch.
    Gathered { batcher: &'a mut dyn Batcher, chunk: Vec<Check>, indexes: Vec<u64> },
    /// Those below an index were found to be good; from there on each is checked where it stands.
    From(u64, Inline),
}

struct Gatherer<'a> {
    checking: Checking<'a>,
    /// The entries of the checks of each chunk that is under way.
    submitted: BTreeMap<u64, Vec<u64>>,
    next_chunk: u64,
    /// The first entry with a check that fails.
    first_bad: Option<u64>,
    count: u64,
}

impl Verifier for Gatherer<'_> {
    fn holds(&mut self, index: u64, check: Check) -> bool {
        self.count += 1;
        match &mut self.checking {
            Checking::Gathered { chunk, indexes, .. } => {
                chunk.push(check);
                indexes.push(index);
                true
            }
            Checking::From(first, _) => index < *first || check.passes(),
        }
    }
}

impl Gatherer<'_> {
    /// Who reads entries ahead.
    fn reader(&mut self) -> &mut dyn Batcher {
        match &mut self.checking {
            Checking::Gathered { batcher, .. } => *batcher,
            Checking::From(_, inline) => inline,
        }
    }

    /// Hands on what was gathered, once it is a chunk, or at the end.
    fn flush(&mut self, end: bool) {
        let Checking::Gathered { batcher, chunk, indexes } = &mut self.checking else { return };
        if end || chunk.len() >= CHUNK_CHECKS {
            self.submitted.insert(self.next_chunk, std::mem::take(indexes));
            batcher.submit(self.next_chunk, std::mem::take(chunk));
            self.next_chunk += 1;
            for (chunk, failed) in batcher.done(end) {
                let entries = self.submitted.remove(&chunk).unwrap_or_default();
                let bad = failed.iter().filter_map(|at| entries.get(*at).copied()).min();
                self.first_bad = self.first_bad.into_iter().chain(bad).min();
            }
        }
    }
}

/// Roots of earlier sizes, from the tiles that are compared with the entries in the end.
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
    /// How many entries the bundles have.
    pub(crate) size: u64,
    /// Entries of the journal, which may begin below `size`.
    pub(crate) journal: (u64, &'a [Vec<u8>]),
    /// Entries below this are final: a quorum cosigned a checkpoint of that size (TIME T1).
    pub(crate) grounded: u64,
    /// The state is asked for as of this time (TIME T9); all entries are judged, whatever it is.
    pub(crate) as_of: Option<Instant>,
    pub(crate) at_hand: &'a AtHand,
    /// Sizes whose roots, and latest times, are asked for.
    pub(crate) sizes: &'a BTreeSet<u64>,
    /// Sizes whose states are asked for.
    pub(crate) states: &'a BTreeSet<u64>,
    /// Hashes of stamps that are the last of their keys, as this node says.
    pub(crate) stamps: &'a BTreeSet<Hash>,
    /// Hashes of submissions of which there is a refusal.
    pub(crate) asked: &'a BTreeSet<Hash>,
}

/// The file in which a registrar's newest entries are.
pub(crate) const JOURNAL: &str = "queue/journal";

/// What is known on the way.
struct Way<'r, 'b> {
    road: &'r Road<'r>,
    gatherer: Gatherer<'b>,
    cache: RefCell<BTreeMap<u64, Hash>>,
    edge: Edge,
    replay: Option<Replay>,
    grounded: Option<(Replay, Hash)>,
    closed: Option<Outcome>,
    named: Named,
    times: Times,
    roots: BTreeMap<u64, Hash>,
    states: BTreeMap<u64, StateBody>,
    latest: BTreeMap<u64, Dated>,
    marked: Option<(u64, u64)>,
    followed: BTreeMap<Hash, u64>,
    policies: Vec<Policy>,
    traces: Traces,
}

impl Road<'_> {
    /// Passes over all entries. If a batch finds wrong signatures, the pass is made anew, and from the
    /// first of them on each is checked where it stands: what depends on it comes out right then.
    pub(crate) fn pass(
        &self,
        shelf: &Shelf,
        tiles: &mut Comparison<'_>,
        batcher: &mut dyn Batcher,
        progress: &mut dyn FnMut(u64, u64),
        report: &mut Report,
    ) -> Result<Passed, Unfit> {
        let counts = report.counts;
        let mut trial = Report { counts, ..Report::default() };
        let gathered = Checking::Gathered { batcher, chunk: Vec::new(), indexes: Vec::new() };
        let (mut passed, bad) = self.once(shelf, Some(tiles), gathered, progress, &mut trial);
        if let Some(first) = bad {
            trial = Report { counts, ..Report::default() };
            let from = Checking::From(first, Inline::default());
            (passed, _) = self.once(shelf, None, from, progress, &mut trial);
        }
        report.counts = trial.counts;
        report.take(trial);
        passed
    }

    fn once(
        &self,
        shelf: &Shelf,
        tiles: Option<&mut Comparison<'_>>,
        checking: Checking<'_>,
        progress: &mut dyn FnMut(u64, u64),
        report: &mut Report,
    ) -> (Result<Passed, Unfit>, Option<u64>) {
        let gatherer =
            Gatherer { checking, submitted: BTreeMap::new(), next_chunk: 0, first_bad: None, count: 0 };
        let mut way = Way {
            road: self,
            gatherer,
            cache: RefCell::default(),
            edge: Edge::new(),
            replay: None,
            grounded: None,
            closed: None,
            named: Named::default(),
            times: Times::default(),
            roots: BTreeMap::new(),
            states: BTreeMap::new(),
            latest: BTreeMap::new(),
            marked: None,
            followed: BTreeMap::new(),
            policies: Vec::new(),
            traces: Traces::default(),
        };
        let walked = self.walk(shelf, tiles, &mut way, progress, report);
        // If it ended early, what was read ahead is nobody's.
        while way.gatherer.reader().bundle().is_some() {}
        way.gatherer.flush(true);
        report.counts.signatures += way.gatherer.count;
        let bad = way.gatherer.first_bad;
        (walked.and_then(|whole| way.end(whole)), bad)
    }

    /// Every entry, in order: those of the bundles, then those that are in the journal only. Gives
    /// whether all could be read.
    fn walk(
        &self,
        shelf: &Shelf,
        mut tiles: Option<&mut Comparison<'_>>,
        way: &mut Way<'_, '_>,
        progress: &mut dyn FnMut(u64, u64),
        report: &mut Report,
    ) -> Result<bool, Unfit> {
        let (start, journal) = self.journal;
        let total = self.size.max(start + journal.len() as u64);
        let mut index = 0;
        let mut ahead = Ahead::default();
        while index < self.size {
            let Some((path, file, found)) = ahead.next(self, shelf, way.gatherer.reader()) else {
                return Ok(false);
            };
            let Bundle { bytes, entries } = match found {
                Ok(bundle) => bundle,
                Err(error) => {
                    report.unread(self.source, "audit::unreadable", &file, Some(index), error);
                    return Ok(false);
                }
            };
            let entries = match entries {
                Ok(entries) => entries,
                Err(fault) => {
                    report.wrong("audit::bundle", &file, Some(index), fault.to_string());
                    return Ok(false);
                }
            };
            if let Some(tiles) = &mut tiles {
                tiles.begin(path, &bytes, self.source);
            }
            // The first founds the register, and is read by who is founded.
            let genesis = bytes.split_first_chunk::<2>().map(|(length, rest)| {
                rest.get(..usize::from(u16::from_be_bytes(*length))).unwrap_or_default()
            });
            let genesis = genesis.filter(|_| index == 0).unwrap_or_default();
            for read in entries {
                let again = index.checked_sub(start).and_then(|at| journal.get(usize::try_from(at).ok()?));
                if again.is_some_and(|again| tlog::leaf_hash(again) != read.leaf) {
                    let what = "an entry in it is not the one that the tiles have";
                    report.wrong("audit::own_file", JOURNAL, Some(index), what);
                }
                if let Some(tiles) = &mut tiles {
                    tiles.enter(read.leaf, self.source);
                }
                way.enter(index, read, genesis, &file, report)?;
                index += 1;
            }
            way.gatherer.flush(false);
            progress(index, total);
        }
        let file: Rc<str> = JOURNAL.into();
        for entry in journal.iter().skip(usize::try_from(index.saturating_sub(start)).unwrap_or(usize::MAX)) {
            way.enter(index, Read::of(entry), entry, &file, report)?;
            index += 1;
            way.gatherer.flush(false);
        }
        progress(index, total);
        Ok(true)
    }
}

/// Bundles on their way from the disk to replay, in order.
#[derive(Default)]
struct Ahead {
    next: u64,
    /// The files that were handed to the reader, or why one could not be.
    under_way: VecDeque<(TilePath, Rc<str>, Result<(), String>)>,
    /// Whether one is missing, or can't be had: nothing behind it is read.
    ended: bool,
}

impl Ahead {
    /// The next bundle, with its file. Nothing if there is none.
    fn next(
        &mut self,
        road: &Road<'_>,
        shelf: &Shelf,
        reader: &mut dyn Batcher,
    ) -> Option<(TilePath, Rc<str>, Result<Bundle, String>)> {
        while !self.ended && self.under_way.len() < BUNDLES_AHEAD {
            let Some(path) = shelf.bundle(self.next).filter(|_| self.next * 256 < road.size) else { break };
            let file: Rc<str> = tiles::path(&path).into();
            match road.source.read(&file, tiles::BUNDLE_BYTES_MAX) {
                Ok(Some(bytes)) => {
                    reader.read(bytes, path.width());
                    self.under_way.push_back((path, file, Ok(())));
                }
                Ok(None) => self.ended = true,
                Err(error) => {
                    self.under_way.push_back((path, file, Err(error)));
                    self.ended = true;
                }
            }
            self.next += 1;
        }
        let (path, file, handed) = self.under_way.pop_front()?;
        let read = match handed {
            Ok(()) => Ok(reader.bundle()?),
            Err(error) => Err(error),
        };
        Some((path, file, read))
    }
}

impl Way<'_, '_> {
    /// Takes in an entry. `genesis` are the bytes of the one that founds the register.
    fn enter(
        &mut self,
        index: u64,
        read: Read,
        genesis: &[u8],
        file: &Rc<str>,
        report: &mut Report,
    ) -> Result<(), Unfit> {
        let road = self.road;
        let leaf = read.leaf;
        let dated = read.entry.as_ref().ok().map(|entry| {
            self.named.take(entry.act(), road.at_hand);
            self.follow(index, entry);
            if road.asked.contains(&entry.receipt().submission) {
                self.traces.entered.entry(entry.receipt().submission).or_insert(index);
            }
            let mark = match entry.act().body() {
                Body::Mark(mark) => Some(mark.checkpoint.clone()),
                _ => None,
            };
            (entry.receipt().time, mark)
        });
        let judged = if self.replay.is_some() {
            self.judge(read)
        } else {
            let begun = Replay::begin(genesis, road.annexes, road.as_of, false, &mut self.gatherer)?;
            self.replay = Some(begun);
            Judged::Act(Kind::Genesis)
        };
        match &judged {
            Judged::Malformed { ground, why } => {
                let code = malformed_code(*ground);
                report.wrong(code, file, Some(index), format!("malformed ({ground}): {why}"));
                self.traces.malformed.insert(index);
            }
            Judged::Mark { size, .. } => {
                self.marked = Some((*size, index));
                if self.policies.len() <= 1 {
                    self.traces.founding_mark = Some(index);
                }
            }
            Judged::Act(_) | Judged::Beyond => {}
        }
        if matches!(judged, Judged::Mark { .. } | Judged::Act(Kind::Genesis | Kind::Succeed))
            && let Some(policy) = self.replay.as_ref().map(|replay| replay.ledger().policy())
            && self.policies.last() != Some(policy)
        {
            self.policies.push(policy.clone());
        }
        if let (Some((registered, mark)), Some(replay)) = (dated, &self.replay) {
            // A mark that is malformed says nothing of time.
            let mark = mark.filter(|_| matches!(judged, Judged::Mark { .. }));
            self.times.check(index, registered, mark.as_ref(), replay, file, report);
        }
        for (tile, bytes) in self.edge.push(leaf) {
            if tile.kind() == TileKind::Hashes(0) {
                let leaves = tlog::tile::from_bytes(&bytes, tile.width()).unwrap_or_default();
                self.traces.tops.push(tlog::tile::root(&leaves));
            }
        }
        let size = index + 1;
        if road.sizes.contains(&size) {
            self.roots.insert(size, self.edge.root());
            self.latest.extend(self.times.latest.clone().map(|latest| (size, latest)));
        }
        if let Some(replay) = self.replay.as_ref().filter(|replay| replay.size() == size)
            && road.states.contains(&size)
        {
            self.states.insert(size, replay.state_body(None));
        }
        // What follows has no effect yet; it is judged all the same, on a copy.
        if size == road.grounded {
            self.grounded = self.replay.clone().map(|replay| (replay, self.edge.root()));
        }
        Ok(())
    }

    /// Judges an entry. At the first mark past the time that was asked for the state as of it is taken
    /// down; then replay goes on, since what is wrong is wrong whenever it happened.
    fn judge(&mut self, read: Read) -> Judged {
        let Some(replay) = &mut self.replay else { return Judged::Beyond };
        let behind = Behind { source: self.road.source, edge: &self.edge, cache: &self.cache };
        let is_mark = |entry: &Entry| matches!(entry.act().body(), Body::Mark(_));
        let may_close = replay.as_of().is_some() && read.entry.as_ref().is_ok_and(|entry| is_mark(entry));
        let again = may_close.then(|| read.clone());
        let counted = self.gatherer.count;
        let judged = replay.enter_read(read, &behind, &mut self.gatherer);
        let Some(again) = again.filter(|_| replay.is_closed()) else { return judged };
        // A mark that is not final closes nothing yet.
        if self.grounded.is_none() {
            self.closed = Some(Outcome::of(replay, self.road.as_of));
        }
        self.gatherer.count = counted;
        replay.read_on();
        replay.enter_read(again, &behind, &mut self.gatherer)
    }

    /// Whether a stamp follows on one that its node takes for its last.
    fn follow(&mut self, index: u64, entry: &Entry) {
        let act = entry.act();
        let lines = entry.submission().intakes().iter();
        let mut previous: Vec<Hash> = lines
            .filter_map(|line| Intake::parse(act.id(), &line.payload))
            .map(|(intake, _)| intake.previous)
            .collect();
        if let Body::Intake(body) = act.body() {
            previous.push(body.previous);
        }
        for hash in previous.into_iter().filter(|hash| self.road.stamps.contains(hash)) {
            self.followed.entry(hash).or_insert(index);
        }
    }

    fn end(self, whole: bool) -> Result<Passed, Unfit> {
        let (size, root) = (self.edge.size(), self.edge.root());
        let (replay, root) = self
            .grounded
            .or_else(|| self.replay.map(|replay| (replay, root)))
            .ok_or_else(|| Unfit::Genesis("there is no entry".to_owned()))?;
        Ok(Passed {
            replay,
            closed: self.closed,
            named: self.named,
            size,
            root,
            roots: self.roots,
            states: self.states,
            latest: self.latest,
            marked: self.marked,
            followed: self.followed,
            policies: self.policies,
            uncovered: self.times.uncovered,
            whole,
            traces: Traces {
                size,
                backwards: self.times.backwards,
                witnesses: self.times.witnesses,
                ..self.traces
            },
        })
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
