//! Registers of ours, with keys that everybody knows, that fuzzed bytes change; and the seeds of the
//! corpus that come of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use act::form::Seen;
use act::freeze::FreezeNote;
use act::{Body, Entry, StateNote, sample};
use audit::standing::{FORMAT, StandingLine, StandingProof, StandingState};
use docket::harness::world::key;
use docket::harness::{World, code, participant, story};
use note::{Check, KeyName, Note, VerifierKey};
use rand_core::{TryCryptoRng, TryRng};
use serde_json::Value;
use terms::{Capacity, Hash, Origin, SignerName, base64};
use tlog::{CosignedCheckpoint, LogProof, MemoryTree, Policy, consistency_proof, inclusion_proof, leaf_hash};

/// The sample register: one act of every kind.
pub(crate) struct Sample {
    pub(crate) origin: Origin,
    pub(crate) genesis: Hash,
    pub(crate) entries: Vec<Entry>,
    pub(crate) leaves: Vec<Hash>,
    pub(crate) receipt_key: VerifierKey,
    pub(crate) intake_key: VerifierKey,
    pub(crate) policy: Policy,
    pub(crate) freeze: FreezeNote,
    /// Those that its registrar signed, all cosigned.
    pub(crate) checkpoints: Vec<CosignedCheckpoint>,
    /// A signature that holds.
    pub(crate) good_check: Check,
}

pub(crate) static SAMPLE: LazyLock<Sample> = LazyLock::new(|| {
    let entries: Vec<Entry> = sample::register().into_iter().map(|sample| sample.entry).collect();
    let leaves: Vec<Hash> = entries.iter().map(|entry| leaf_hash(&entry.to_bytes())).collect();
    let origin = sample::origin();
    let registrar = sample::key("registrar");
    let policy = sample::annexes().into_iter().find(|(name, _)| *name == "policy").expect("a policy").1;
    let policy = Policy::parse(policy.as_bytes()).expect("a policy");
    let marks = entries.iter().filter_map(|entry| match entry.act().body() {
        Body::Mark(mark) => Some(
            CosignedCheckpoint::from_note(mark.checkpoint.read().expect("a note")).expect("a checkpoint"),
        ),
        _ => None,
    });
    let checkpoints: Vec<CosignedCheckpoint> = marks.collect();
    let last = checkpoints.last().expect("there are marks").checkpoint();
    let genesis = entries[0].act().register();
    let name = |signer: &str| KeyName::signer(&origin, &SignerName::new(signer).expect("a signer"));
    Sample {
        genesis,
        receipt_key: VerifierKey::receipt(KeyName::receipt(&origin), registrar.public()),
        intake_key: VerifierKey::intake(name("harbour/intake"), sample::key("harbour/intake").public()),
        policy,
        freeze: sample::freeze(genesis, Seen { size: last.size, root: last.root }),
        checkpoints,
        good_check: Check {
            key: registrar.public(),
            message: b"a message".to_vec(),
            signature: registrar.sign(b"a message"),
        },
        entries,
        leaves,
        origin,
    }
});

/// A register whose registrar, witnesses and authors are honest: a notice, exhibits, a node's key.
pub(crate) struct River {
    pub(crate) world: World,
    pub(crate) entries: Vec<Entry>,
    pub(crate) tree: MemoryTree,
    /// Its largest checkpoint, cosigned by all.
    pub(crate) head: CosignedCheckpoint,
    /// A node's folder.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    /// Standing proofs of some of its acts.
    pub(crate) proofs: Vec<StandingProof>,
    /// The state at its head.
    pub(crate) state: docket::v1::state::State,
    pub(crate) state_note: Note,
}

pub(crate) static RIVER: LazyLock<River> = LazyLock::new(|| {
    let mut world = run(&read("crates/docket/tests/cases/14-exhibits.md"));
    world.enrol("north", "node", Capacity::Node);
    world.settle();
    let size = world.size();
    let head = CosignedCheckpoint::from_note(world.cosigned(size, &world.clocks())).expect("a checkpoint");
    let replay = world.replay(size, None).expect("it replays");
    let note =
        StateNote { origin: world.origin.clone(), genesis: world.genesis, body: replay.state_body(None) };
    let node = SignerName::key(&participant("north"), &code("node"));
    let state_note = note.sign(&key("north/node"), &node).expect("a note");
    let leaves: Vec<Hash> = world.entries.iter().map(|entry| leaf_hash(entry)).collect();
    let mut river = River {
        tree: MemoryTree::of(&leaves),
        entries: world.entries.iter().map(|bytes| Entry::parse(bytes).expect("an entry")).collect(),
        files: folder(&world.entries, &world.annexes, &head, &[state_note.to_bytes()]),
        state: replay.state(),
        head,
        state_note,
        proofs: Vec::new(),
        world,
    };
    let last = river.entries.len();
    let kinds = ["open", "offer", "mark", "enrol"];
    let shown = (0..last).rev().filter(|at| kinds.contains(&river.entries[*at].act().kind().as_str()));
    river.proofs =
        shown.step_by(2).take(6).chain([0]).map(|at| river.proof(at as u64, at % 2 == 0)).collect();
    river
});

impl River {
    pub(crate) fn annex(&self, name: &str) -> Vec<u8> {
        let Body::Genesis(genesis) = self.entries[0].act().body() else { return Vec::new() };
        let annexes = &genesis.annexes;
        let annex = if name == "policy" { &annexes.policy } else { &annexes.instrument };
        self.world.annexes[&annex.sha256].clone()
    }

    pub(crate) fn log_proof(&self, index: u64) -> LogProof {
        let size = self.head.checkpoint().size;
        let path = inclusion_proof(&self.tree, index, size).expect("an entry");
        let extra = Some(self.world.entries[index as usize].clone());
        LogProof { extra, index, path, checkpoint: self.head.clone() }
    }

    fn proof(&self, index: u64, with_state: bool) -> StandingProof {
        let text = |index| String::from_utf8(self.log_proof(index).to_bytes()).expect("text");
        let enrolment = |signer: &SignerName| {
            let key = self.world.live.ledger().keys().get(signer)?;
            (!matches!(key.capacity, Capacity::Root | Capacity::Recovery)).then_some(key.since)
        };
        let lines = self.state.lines().iter().step_by(3).take(4).map(|line| {
            let path = line.split(' ').next().expect("a path");
            let (index, path) = self.state.prove(path).expect("a line");
            StandingLine { line: line.clone(), index, path }
        });
        let node = SignerName::key(&participant("north"), &code("node"));
        let state = with_state.then(|| StandingState {
            note: self.state_note.to_string(),
            key: text(enrolment(&node).expect("enrolled")),
            lines: lines.collect(),
        });
        StandingProof {
            format: FORMAT.to_owned(),
            genesis: base64::encode(&self.world.entries[0]),
            policy: String::from_utf8(self.annex("policy")).expect("text"),
            instrument: None,
            seats: Vec::new(),
            keys: self.entries[index as usize]
                .act()
                .head()
                .signers
                .iter()
                .filter_map(enrolment)
                .map(text)
                .collect(),
            proof: text(index),
            state,
        }
    }
}

/// The register of a case, with a mark a day if the case does not say otherwise: one an hour makes many
/// entries that are all alike. What the case expects is the docket's to test.
pub(crate) fn run(case: &str) -> World {
    let slower = if case.contains("heartbeat") { "" } else { "```setup\nheartbeat 1d\n```\n" };
    let (story, _) = story::run(&format!("{slower}{case}"));
    story.world
}

/// A node's folder over these entries.
pub(crate) fn folder(
    entries: &[Vec<u8>],
    annexes: &BTreeMap<Hash, Vec<u8>>,
    head: &CosignedCheckpoint,
    notes: &[Vec<u8>],
) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::from([("lock".to_owned(), Vec::new())]);
    files.insert("register/checkpoint".to_owned(), head.to_bytes());
    for bytes in annexes.values() {
        files.insert(format!("register/annex/{}", Hash::of(bytes).to_hex()), bytes.clone());
    }
    for bytes in notes {
        files.insert(format!("note/{}", Hash::of(bytes).to_hex()), bytes.clone());
    }
    tiles(entries, &mut files);
    files
}

/// The tiles of these entries.
pub(crate) fn tiles(entries: &[Vec<u8>], files: &mut BTreeMap<String, Vec<u8>>) {
    let mut edge = tlog::Edge::new();
    for bundle in entries.chunks(256) {
        let mut full = Vec::new();
        for entry in bundle {
            full.extend(edge.push(leaf_hash(entry)));
        }
        let index = (edge.size() - 1) / 256;
        let path = tlog::TilePath::new(tlog::TileKind::Entries, index, bundle.len() as u16).expect("a path");
        full.push((path, tlog::bundle::to_bytes(bundle).unwrap_or_default()));
        files.extend(full.into_iter().map(|(path, bytes)| (format!("register/{path}"), bytes)));
    }
    files.extend(edge.partial().into_iter().map(|(path, bytes)| (format!("register/{path}"), bytes)));
}

/// A file of the repository.
pub(crate) fn read(path: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    fs::read_to_string(path).expect("a file of this repository")
}

/// The files of a folder of the repository, in the order of their names.
pub(crate) fn files(folder: &str, ending: &str) -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder);
    let listed = fs::read_dir(folder).expect("a folder of this repository");
    let mut files: Vec<(String, Vec<u8>)> = listed
        .flatten()
        .filter_map(|file| Some((file.file_name().into_string().ok()?, fs::read(file.path()).ok()?)))
        .filter(|(name, _)| name.ends_with(ending))
        .collect();
    files.sort();
    files
}

/// Numbers for a batch of signatures: anybody could foresee them, and here nobody gains by it.
pub(crate) struct Counter(pub(crate) u64);

impl TryRng for Counter {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok(self.try_next_u64()? as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        Ok(self.0 ^ self.0 >> 33)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.try_next_u64()?.to_be_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for Counter {}

/// What the corpus of each reader begins with.
#[must_use]
pub fn seeds() -> Vec<(&'static str, Vec<u8>)> {
    let (sample, river) = (&*SAMPLE, &*RIVER);
    let mut seeds: Vec<(&'static str, Vec<u8>)> = Vec::new();
    let mut add = |reader, bytes: &[u8]| seeds.push((reader, bytes.to_vec()));
    for entry in &sample.entries {
        let lines = entry.submission().signatures().iter().chain(entry.submission().assertions());
        for line in lines.take(2) {
            add("signature-line", line.to_string().as_bytes());
        }
        for line in entry.submission().intakes() {
            add("intake", &[&[entry.receipt().index as u8][..], &line.payload].concat());
        }
        add("receipt", &entry.receipt_line().payload);
        add("act", entry.act().text().as_bytes());
        add("submission", &entry.submission().to_bytes());
        add("entry", &entry.to_bytes());
        let line = entry.act().text().lines().nth(1).unwrap_or_default();
        add("json", line.as_bytes());
        for signer in &entry.act().head().signers {
            add("words", signer.to_string().as_bytes());
        }
    }
    let value = |path: &str| -> Value { serde_json::from_str(&read(path)).expect("JSON") };
    let text = |value: &Value| value.as_str().unwrap_or_default().as_bytes().to_vec();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    for key in list(&value("docs/vectors/keys.json")["vectors"]) {
        add("vkey", &text(&key["vkey"]));
    }
    for passkey in list(&value("docs/vectors/passkeys.json")["vectors"]) {
        let payload = base64::decode(passkey["payload"].as_str().unwrap_or_default());
        add("passkey", &payload.unwrap_or_default());
    }
    for note in list(&value("docs/vectors/notes.json")["vectors"]) {
        add("note", &text(&note["note"]));
        add("statement", &text(&note["text"]));
    }
    for forged in list(&value("docs/vectors/forged.json")["vectors"]["texts"]) {
        add("act", &text(&forged["text"]));
    }
    for (at, checkpoint) in sample.checkpoints.iter().enumerate() {
        add("cosigned", &checkpoint.to_bytes());
        add("checkpoint", checkpoint.checkpoint().text().as_bytes());
        let (tree, size) = (MemoryTree::of(&sample.leaves), checkpoint.checkpoint().size);
        let path = inclusion_proof(&tree, at as u64, size).expect("an entry");
        let extra = Some(sample.entries[at].to_bytes());
        let proof = LogProof { extra, index: at as u64, path, checkpoint: checkpoint.clone() };
        add("log-proof", &proof.to_bytes());
        let old = if at == 0 { 0 } else { sample.checkpoints[at - 1].checkpoint().size };
        let proof = if old == 0 { Vec::new() } else { consistency_proof(&tree, old, size).expect("it grew") };
        let body = tlog::witness::AddCheckpoint { old, proof, checkpoint: checkpoint.clone() };
        add("add-checkpoint", &body.to_bytes());
    }
    let check = &sample.good_check;
    let signed = [&check.key.as_bytes()[..], check.signature.as_bytes(), &check.message].concat();
    add("ed25519", &signed);
    add("policy", sample.policy.to_string().as_bytes());
    add("policy", &river.annex("policy"));
    for path in ["tile/0/000", "tile/entries/x001/234.p/7", "tile/63/x123/x456/789"] {
        add("tile-path", path.as_bytes());
    }
    for (path, bytes) in &river.files {
        add("path", path.as_bytes());
        if path.starts_with("register/tile/0/") {
            add("tile", &[&((bytes.len() / 32) as u16).to_be_bytes()[..], bytes].concat());
        }
    }
    add("entry-bundle", &[&[0, 2][..], &tlog::bundle::to_bytes(&["ab", "c"]).unwrap_or_default()].concat());
    add("merkle", &[7, 2, 5, 0, 0, 0, 0, 0, 0, 0, 1]);
    for (_, bytes) in
        files("instruments", ".toml").into_iter().chain(files("crates/instrument/tests/wrong", ""))
    {
        add("instrument", &bytes);
    }
    for name in ["Tehrīk-i-Ṭālibān  PAKİSTAN", "banned T.T.P.", "کالعدم تحریک", "The Reed-men"]
    {
        add("folding", name.as_bytes());
    }
    for word in ["CASE-25-0147-G", "1970-01-01T00:00:00Z", "north", "0000-0000-0000-0000-0000-0000-0000-0000"]
    {
        add("words", word.as_bytes());
    }
    add("words", format!("{}#f1", sample.entries[1].act().id()).as_bytes());
    crate::vault::seeds(&mut add);
    crate::place::seeds(&mut add);
    crate::film::seeds(&mut add);
    crate::stick::seeds(&mut add);
    crate::folder::seeds(&mut add);
    crate::proof::seeds(&mut add);
    crate::guilt::seeds(&mut add);
    crate::replay::seeds(&mut add);
    seeds
}
