//! Replay over registers whose acts were changed and signed anew: whoever holds every key may write
//! any of them, and what comes of it is one state, told in one way.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use act::{Act, Body, Entry, Submission};
use docket::harness::World;
use docket::harness::world::{Roots, Unchecked, vkey};
use docket::story::docket::lines;
use docket::v1::Replay;
use docket::v1::replay::Judged;
use note::{Note, SignatureLine};
use serde_json::Value;
use terms::{ActId, Instant, SignerName};
use tlog::Frontier;

use crate::bytes::Bytes;
use crate::edits;
use crate::stage::{files, run};

/// Longer registers are left to the docket's own tests.
const ENTRIES_MAX: usize = 160;

/// Stories under a whole instrument that are short enough.
const STORIES: [&str; 4] = ["16-", "33-", "34-", "35-"];

/// A case of the docket, as a register.
struct Case {
    world: World,
    entries: Vec<Entry>,
    /// What may stand in an act instead of what does.
    pool: Vec<Value>,
    /// The replay of all entries below each multiple of [`STRIDE`].
    begun: Vec<Replay>,
}

const STRIDE: usize = 8;

static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let cases = files("crates/docket/tests/cases", ".md");
    let is_short = |name: &str| STORIES.iter().any(|story| name.contains(story));
    let stories = files("stories", ".md").into_iter().filter(|(name, _)| is_short(name));
    cases.into_iter().chain(stories).filter_map(|(_, text)| case(&text)).collect()
});

fn case(text: &[u8]) -> Option<Case> {
    let mut world = run(std::str::from_utf8(text).ok()?);
    world.live.take_events();
    let entries: Vec<Entry> = world.entries.iter().filter_map(|bytes| Entry::parse(bytes).ok()).collect();
    let mut pool = Vec::new();
    for entry in &entries {
        let kept = !matches!(entry.act().body(), Body::Genesis(_) | Body::Mark(_));
        let line = entry.act().text().lines().nth(1).filter(|_| kept);
        let document: Value = line.and_then(|line| serde_json::from_str(line).ok()).unwrap_or_default();
        edits::below(&document["body"], &mut pool);
        pool.push(Value::from(entry.act().id().to_string()));
    }
    for word in ["north", "harbour", "everyone", "The Band", "2025-11-03T00:00:00Z", "north/desk", "desk"] {
        pool.push(Value::from(word));
    }
    let fits = entries.len() == world.entries.len() && entries.len() <= ENTRIES_MAX;
    let begun = if fits { begun(&world) } else { Vec::new() };
    fits.then_some(Case { world, entries, pool, begun })
}

fn begun(world: &World) -> Vec<Replay> {
    let genesis = &world.entries[0];
    let replay = Replay::begin(genesis, &world.annexes, None, true, &mut Unchecked);
    let mut replay = replay.expect("it began before");
    let mut begun = vec![replay.clone()];
    for (size, entry) in (1..).zip(&world.entries).skip(1) {
        replay.enter(entry, &world.roots, &mut Unchecked);
        if size % STRIDE == 0 {
            begun.push(replay.clone());
        }
    }
    begun
}

/// An edit of one entry, in the order of the input.
struct Edit<'a> {
    entry: usize,
    what: u8,
    how: &'a [u8],
}

/// A register that is written anew while it is replayed.
struct Scribe<'a> {
    case: &'a Case,
    replay: Replay,
    roots: Roots,
    tree: Frontier,
    chains: BTreeMap<SignerName, (u64, ActId)>,
    /// Ids and roots of the case, and what they are here.
    renamed: BTreeMap<String, String>,
    entries: Vec<Vec<u8>>,
}

pub(crate) fn replay(bytes: &[u8]) {
    let mut rest = Bytes(bytes);
    let Some(case) = rest.one(&CASES) else { return };
    let flags = rest.byte();
    let as_of = (flags & 1 == 1).then(|| case.world.now.minus(terms::Seconds(u64::from(flags) << 12)));
    let mut written = Vec::new();
    while !rest.is_empty() {
        let (entry, what) = (rest.below(case.entries.len()), rest.byte());
        written.push(Edit { entry, what, how: rest.short() });
    }
    let first = written.iter().map(|edit| edit.entry).min().unwrap_or(case.entries.len());
    let Some(mut scribe) = Scribe::begin(case, as_of, first) else { return };
    for at in scribe.entries.len()..first {
        scribe.enter(&case.entries[at], case.world.entries[at].clone());
    }
    for at in first.max(1)..case.entries.len() {
        scribe.write(at, &written);
    }
    scribe.check(as_of, flags);
}

impl<'a> Scribe<'a> {
    /// With as many entries as stand before the first edit, or somewhat fewer.
    fn begin(case: &'a Case, as_of: Option<Instant>, first: usize) -> Option<Scribe<'a>> {
        let world = &case.world;
        let (replay, size) = match as_of {
            None => {
                let at = (first / STRIDE).min(case.begun.len() - 1);
                (case.begun[at].clone(), (at * STRIDE).max(1))
            }
            Some(_) => {
                let genesis = &world.entries[0];
                (Replay::begin(genesis, &world.annexes, as_of, true, &mut Unchecked).ok()?, 1)
            }
        };
        let mut tree = Frontier::new();
        tree.extend(world.entries[..size].iter().map(|entry| tlog::leaf_hash(entry)));
        let chain = |entry: &Entry| {
            let head = entry.act().head();
            (head.signers[0].clone(), (head.n, entry.act().id()))
        };
        Some(Scribe {
            case,
            replay,
            roots: Roots(world.roots.0[..=size].to_vec()),
            tree,
            chains: case.entries[..size].iter().map(chain).collect(),
            renamed: BTreeMap::new(),
            entries: world.entries[..size].to_vec(),
        })
    }

    /// Writes the entry of the case at this place, as the edits say.
    fn write(&mut self, at: usize, edits: &[Edit<'_>]) {
        let old = &self.case.entries[at];
        let line = old.act().text().lines().nth(1).unwrap_or_default();
        let mut document: Value = serde_json::from_str(line).unwrap_or_default();
        let mut time = old.receipt().time;
        let (mut copies, mut raw) = (1, None);
        for edit in edits.iter().filter(|edit| edit.entry == at) {
            let mut how = Bytes(edit.how);
            match edit.what % 8 {
                0..=2 => edits::json(&mut how, &mut document["body"], &self.case.pool),
                3 => edits::json(&mut how, &mut document, &self.case.pool),
                4 => {
                    let by = terms::Seconds(how.number() % (1 << 32));
                    time = if edit.how.len() % 2 == 0 { time.plus(by) } else { time.minus(by) };
                }
                5 => copies = usize::from(how.byte() % 3),
                6 => {
                    let other = &self.case.entries[how.below(self.case.entries.len())];
                    let line = other.act().text().lines().nth(1).unwrap_or_default();
                    document = serde_json::from_str(line).unwrap_or_default();
                }
                _ => raw = Some(edit.how),
            }
        }
        self.rename(&mut document);
        self.mend_checkpoint(&mut document);
        for _ in 0..copies {
            let bytes = self.entry(old, document.clone(), time).unwrap_or_else(|| old.to_bytes());
            let mut bytes = bytes;
            if let Some(raw) = raw {
                edits::bytes(&mut Bytes(raw), &mut bytes);
                bytes.truncate(act::entry::ENTRY_BYTES_MAX);
            }
            self.enter(old, bytes);
        }
    }

    /// Ids of acts that were changed, in those that speak of them.
    fn rename(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                let (id, part) = text.split_once('#').map_or((text.as_str(), None), |(id, n)| (id, Some(n)));
                if let Some(new) = self.renamed.get(id) {
                    *text = part.map_or(new.clone(), |part| format!("{new}#{part}"));
                }
            }
            Value::Array(values) => values.iter_mut().for_each(|value| self.rename(value)),
            Value::Object(fields) => fields.values_mut().for_each(|value| self.rename(value)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// A mark's root is that of the entries as they are now.
    fn mend_checkpoint(&self, document: &mut Value) {
        let Some(Value::String(text)) = document.pointer_mut("/body/checkpoint") else { return };
        let Ok(note) = Note::parse(text.as_bytes(), 16) else { return };
        let (said, signatures) = note.into_parts();
        let mut lines: Vec<String> = said.lines().map(str::to_owned).collect();
        let size = lines.get(1).and_then(|size| size.parse::<usize>().ok());
        if let (Some(root), Some(line)) = (size.and_then(|size| self.roots.0.get(size)), lines.get_mut(2)) {
            *line = root.to_string();
        }
        if let Ok(note) = Note::new(format!("{}\n", lines.join("\n")), signatures) {
            *text = note.to_string();
        }
    }

    /// An act of what the document says, signed by whom it names, with the next number of its chain.
    fn entry(&self, old: &Entry, mut document: Value, time: Instant) -> Option<Vec<u8>> {
        let first = document["signers"].get(0).and_then(Value::as_str).and_then(SignerName::new);
        if let Some((n, prev)) = first.and_then(|first| self.chains.get(&first)) {
            document["n"] = Value::from(n + 1);
            document["prev"] = Value::from(prev.to_string());
        }
        let head = old.act().text().lines().next()?;
        let act = Act::parse(&format!("{head}\n{document}\n")).ok()?;
        let submission = old.submission();
        let line = |signer: &SignerName| {
            let had = old.act().head().signers.iter().position(|other| other == signer);
            let had = had.and_then(|at| submission.signatures().get(at));
            had.cloned().unwrap_or_else(|| vkey(&signer.to_string(), "").line(vec![0; 64]))
        };
        let lines: Vec<SignatureLine> = act.head().signers.iter().map(line).collect();
        let intakes = submission.intakes().to_vec();
        let assertions = submission.assertions().to_vec();
        let submission = Submission::new(act, lines, assertions, intakes).ok()?;
        let mut receipt = old.receipt_line().clone();
        receipt.payload = [
            &(self.entries.len() as u64).to_be_bytes()[..],
            &time.secs().to_be_bytes(),
            submission.hash().as_bytes(),
            &[0; 64],
        ]
        .concat();
        Some(Entry::new(submission, receipt).ok()?.to_bytes())
    }

    fn enter(&mut self, old: &Entry, bytes: Vec<u8>) {
        let judged = self.replay.enter(&bytes, &self.roots, &mut Unchecked);
        if let (Judged::Act(_) | Judged::Mark { .. }, Ok(entry)) = (&judged, Entry::parse(&bytes)) {
            let (act, was) = (entry.act(), old.act());
            self.chains.insert(act.head().signers[0].clone(), (act.head().n, act.id()));
            self.renamed.insert(was.id().to_string(), act.id().to_string());
        }
        self.tree.push(tlog::leaf_hash(&bytes));
        let size = self.roots.0.len();
        if let Some(old) = self.case.world.roots.0.get(size) {
            self.renamed.insert(old.to_string(), self.tree.root().to_string());
        }
        self.roots.0.push(self.tree.root());
        self.entries.push(bytes);
    }

    /// One state, in one order, with a proof of each line, and the same however it is asked.
    fn check(&mut self, as_of: Option<Instant>, flags: u8) {
        let replay = &mut self.replay;
        let state = replay.state();
        assert!(state.lines().windows(2).all(|two| two[0] < two[1]), "sorted, each once");
        assert!(state.lines().iter().all(|line| line.contains(' ') && !line.contains('\n')));
        let at = usize::from(flags) % state.lines().len().max(1);
        if let Some(line) = state.lines().get(at) {
            let path = line.split(' ').next().expect("a path");
            let (index, proof) = state.prove(path).expect("a line has a proof");
            let leaf = tlog::leaf_hash(line.as_bytes());
            let size = state.lines().len() as u64;
            assert_eq!(tlog::verify_inclusion(&leaf, index, size, &proof, &state.root()), Ok(()));
        }
        let body = replay.state_body(as_of);
        assert_eq!((body.state, body.lines), (state.root(), state.lines().len() as u64));
        assert_eq!(replay.root(), self.roots.0[replay.size() as usize], "the tree of what was entered");
        let _ = lines(replay, self.case.world.now, &BTreeMap::new(), &BTreeMap::new());
        let _: Vec<_> = replay.take_events();
        let _ = replay.pending().count();
        if flags & 6 == 0 {
            let world = &self.case.world;
            let again = Replay::begin(&self.entries[0], &world.annexes, as_of, false, &mut Unchecked);
            let mut again = again.expect("it began before");
            for entry in &self.entries[1..] {
                again.enter(entry, &self.roots, &mut Unchecked);
            }
            assert_eq!(again.state(), state, "the same bytes, another state");
        }
    }
}

pub(crate) fn seeds(add: &mut dyn FnMut(&'static str, &[u8])) {
    for (case, entries) in CASES.iter().map(|case| case.entries.len()).enumerate() {
        add("replay", &[case as u8, 0]);
        for what in (0..8_u8).filter(|_| case % 4 == 0) {
            let entry = ((usize::from(what) + 5) * 7 % entries) as u16;
            let entry = if entries > 256 { entry.to_be_bytes().to_vec() } else { vec![entry as u8] };
            add("replay", &[&[case as u8, 2][..], &entry, &[what, 6, 3, 4, 0, 5, 17, 9]].concat());
        }
    }
}
