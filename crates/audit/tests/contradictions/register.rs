//! A small register with keys that everybody knows, and a registrar that does as it is told.

use std::collections::BTreeMap;

use act::{Act, Entry, Submission};
use audit::Expected;
use audit::contradiction::Log;
use audit::contradiction::file::{Enrolled, Included, KeyProof, Prefix, Quoted, Register, SignedAct};
use note::{Intake, KeyName, Note, Receipt, SignatureLine, SigningKey, VerifierKey};
use serde_json::{Value, json};
use terms::{ActId, Hash, Instant, Origin, Seconds, SignerName};
use tlog::tree::{MemoryTree, NoSuchNode, leaf_hash};
use tlog::{
    Checkpoint, CosignedCheckpoint, HashReader, consistency_proof, cosignature, inclusion_proof, root_of,
};

pub(crate) const ORIGIN: &str = "register.example/river-accord";
pub(crate) const INSTRUMENT: &str = r#"[instrument]
name = "EXERCISE: two parties and two guarantors"
exercise = true
languages = ["en"]
authentic = ["en"]
order = "alphabetical"
basis = "text"

[participant.north]
role = "party"
names = { own = "North", label = "North" }
[participant.south]
role = "party"
names = { own = "South", label = "South" }
[participant.harbour]
role = "guarantor"
names = { own = "Harbour", label = "Harbour" }
[participant.lake]
role = "guarantor"
names = { own = "Lake", label = "Lake" }

[excluded.reed-band]
names = { text = "Reed Band" }
aliases = ["reedmen"]

[calendar]
zone = "+00:00"
deemed = "7d"
heartbeat = "1h"
carriage = "7d"
"#;

pub(crate) fn origin() -> Origin {
    Origin::new(ORIGIN).expect("an origin")
}

pub(crate) fn key(name: &str) -> SigningKey {
    SigningKey::from_seed(Hash::of(format!("mithaq contradiction key {name}").as_bytes()).as_bytes())
}

pub(crate) fn signer(text: &str) -> SignerName {
    SignerName::new(text).expect("a signer")
}

pub(crate) fn key_name(text: &str) -> KeyName {
    KeyName::signer(&origin(), &signer(text))
}

pub(crate) fn vkey(name: &str) -> String {
    VerifierKey::plain(key_name(name), key(name).public()).to_string()
}

pub(crate) fn intake_vkey(name: &str) -> String {
    VerifierKey::intake(key_name(name), key(name).public()).to_string()
}

pub(crate) fn witness_name(n: usize) -> KeyName {
    KeyName::new(&format!("w{n}.example/witness")).expect("a name")
}

pub(crate) fn witness(n: usize) -> VerifierKey {
    VerifierKey::cosigner(witness_name(n), key(&format!("witness {n}")).public())
}

pub(crate) fn policy() -> String {
    let log = VerifierKey::plain(KeyName::checkpoint(&origin()), key("registrar").public());
    let mut text = format!("log {log}\n");
    for n in 1..=4 {
        text.push_str(&format!("witness w{n} {}\n", witness(n)));
    }
    text.push_str("group all 3 w1 w2 w3 w4\nquorum all\n");
    text
}

pub(crate) fn t(minutes: u64) -> Instant {
    Instant::parse("2026-01-05T08:00:00Z").expect("a time").plus(Seconds(60 * minutes))
}

/// A register that is being written.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) origin: Origin,
    pub(crate) genesis: Act,
    pub(crate) entries: Vec<Vec<u8>>,
    pub(crate) receipts: Vec<SignatureLine>,
    pub(crate) chains: BTreeMap<String, (u64, ActId)>,
    /// Minutes since the beginning.
    pub(crate) now: u64,
    tree: MemoryTree,
}

impl HashReader for World {
    type Error = NoSuchNode;
    fn node(&self, level: u8, index: u64) -> Result<Hash, NoSuchNode> {
        self.tree.node(level, index)
    }
}

impl Log for World {
    fn entry(&self, index: u64) -> Option<Vec<u8>> {
        self.entries.get(usize::try_from(index).ok()?).cloned()
    }
}

/// How an act differs from what it should be.
#[derive(Default, Clone)]
pub(crate) struct But {
    pub(crate) n: Option<u64>,
    pub(crate) prev: Option<Option<ActId>>,
    pub(crate) genesis: Option<Hash>,
    pub(crate) origin: Option<String>,
}

fn annex(text: &str) -> Value {
    json!({ "sha256": Hash::of(text.as_bytes()), "size": text.len() })
}

fn roots(k: u32, names: &[&str]) -> Value {
    json!({ "k": k, "keys": names.iter().map(|name| vkey(name)).collect::<Vec<_>>() })
}

impl World {
    /// Genesis alone.
    pub(crate) fn founded(exercise_name: &str) -> World {
        let body = json!({
            "origin": ORIGIN,
            "rules": 1,
            "exercise": true,
            "annexes": {
                "instrument": annex(INSTRUMENT), "library": annex(exercise_name), "policy": annex(&policy()),
            },
            "registrar": vkey("registrar"),
            "founders": [
                {
                    "participant": "harbour",
                    "roots": roots(2, &["harbour/root-1", "harbour/root-2", "harbour/root-3"]),
                    "recovery": roots(1, &["harbour/recovery-1"]),
                },
                { "participant": "lake", "roots": roots(1, &["lake/root-1"]) },
                { "participant": "north", "roots": roots(1, &["north/root-1"]) },
            ],
        });
        let signers = "registrar harbour/root-1 harbour/root-2 lake/root-1 north/root-1";
        let names: Vec<&str> = signers.split(' ').collect();
        let line = json!({
            "kind": "genesis", "by": "registrar", "signers": names, "n": 1, "at": t(0), "body": body,
        });
        let text = format!("mithaq.act/v1 {ORIGIN} genesis\n{line}\n");
        let genesis = Act::parse(&text).expect("a genesis");
        let mut world = World {
            origin: origin(),
            genesis: genesis.clone(),
            entries: Vec::new(),
            receipts: Vec::new(),
            chains: BTreeMap::from([("registrar".to_owned(), (1, genesis.id()))]),
            now: 0,
            tree: MemoryTree::default(),
        };
        let submission = world.sign(genesis);
        world.push(&submission);
        world
    }

    /// Founded, with keys, a seat that was taken later, two marks, and some acts.
    pub(crate) fn usual() -> World {
        let mut world = World::base();
        world.opens("north/liaison-1");
        world
    }

    /// The same without its last act.
    pub(crate) fn base() -> World {
        let mut world = World::founded("# no procedures\n");
        let enrol = |label: &str, capacity: &str, vkey: String| {
            json!({ "key": {
                "label": label, "capacity": capacity, "vkey": vkey, "custody": "device", "office": "Desk",
            } })
        };
        world.does("enrol", "north/root-1", enrol("liaison-1", "officer", vkey("north/liaison-1")));
        let harbour = "harbour/root-1 harbour/root-2";
        world.does("enrol", harbour, enrol("desk-1", "officer", vkey("harbour/desk-1")));
        world.does("enrol", harbour, enrol("intake", "intake", intake_vkey("harbour/intake")));
        world.does("enrol", harbour, enrol("node-1", "node", vkey("harbour/node-1")));
        let seat = json!({ "seat": {
            "participant": "south", "roots": roots(1, &["south/root-1", "south/root-2"]),
        } });
        world.does("enrol", "harbour/root-1 harbour/root-2 south/root-1 south/root-2", seat.clone());
        world.does("enrol", "lake/root-1", seat.clone());
        world.does("enrol", "north/root-1", seat);
        world.does("enrol", "south/root-1", enrol("liaison-1", "officer", vkey("south/liaison-1")));
        world.mark();
        world.opens("north/liaison-1");
        world.does("enrol", "north/root-1", enrol("spare", "officer", vkey("north/spare")));
        world.does("revoke", "north/root-1", json!({ "label": "spare" }));
        world.opens("south/liaison-1");
        world.mark();
        world
    }

    pub(crate) fn size(&self) -> u64 {
        self.entries.len() as u64
    }

    pub(crate) fn hash(&self) -> Hash {
        self.genesis.register()
    }

    pub(crate) fn expected(&self) -> Expected {
        Expected::Genesis(self.hash())
    }

    pub(crate) fn act(&self, kind: &str, signers: &str, body: &Value, but: &But) -> Act {
        Act::parse(&self.text(kind, signers, body, but)).expect("an act")
    }

    pub(crate) fn text(&self, kind: &str, signers: &str, body: &Value, but: &But) -> String {
        let names: Vec<&str> = signers.split(' ').collect();
        let by = names[0].split('/').next().expect("a name");
        let chain = self.chains.get(names[0]).copied();
        let n = but.n.unwrap_or(chain.map_or(1, |(n, _)| n + 1));
        let prev = but.prev.unwrap_or(chain.map(|(_, id)| id));
        let mut line = json!({
            "kind": kind, "by": by, "signers": names, "n": n, "at": t(self.now), "body": body,
        });
        if let Some(prev) = prev {
            line["prev"] = json!(prev);
        }
        let genesis = but.genesis.unwrap_or(self.hash());
        let origin = but.origin.as_deref().unwrap_or(ORIGIN);
        format!("mithaq.act/v1 {origin} {genesis}\n{line}\n")
    }

    pub(crate) fn sign(&self, act: Act) -> Submission {
        self.sign_stamped(act, Vec::new())
    }

    pub(crate) fn sign_stamped(&self, act: Act, intakes: Vec<SignatureLine>) -> Submission {
        let lines = act.head().signers.iter().map(|signer| {
            key(&signer.to_string()).sign_note(act.text(), &KeyName::signer(act.origin(), signer))
        });
        let lines = lines.collect();
        Submission::new(act, lines, Vec::new(), intakes).expect("its lines are in order")
    }

    /// An act as it should be, let in.
    pub(crate) fn does(&mut self, kind: &str, signers: &str, body: Value) -> u64 {
        let submission = self.sign(self.act(kind, signers, &body, &But::default()));
        self.push(&submission)
    }

    pub(crate) fn open_body(&self) -> Value {
        json!({ "procedure": "notice", "fields": { "to": "south" } })
    }

    pub(crate) fn opens(&mut self, who: &str) -> u64 {
        self.does("open", who, self.open_body())
    }

    pub(crate) fn push(&mut self, submission: &Submission) -> u64 {
        let (index, time) = (self.size(), t(self.now));
        self.push_as(submission, Receipt { index, time, submission: submission.hash() })
    }

    pub(crate) fn push_as(&mut self, submission: &Submission, receipt: Receipt) -> u64 {
        let line = self.receipt(receipt);
        let entry = Entry::new(submission.clone(), line.clone()).expect("an entry");
        let act = submission.act();
        self.chains.insert(act.head().signers[0].to_string(), (act.head().n, act.id()));
        self.receipts.push(line);
        self.push_raw(entry.to_bytes())
    }

    pub(crate) fn push_raw(&mut self, bytes: Vec<u8>) -> u64 {
        self.entries.push(bytes);
        self.now += 10;
        let leaves: Vec<Hash> = self.entries.iter().map(|entry| leaf_hash(entry)).collect();
        self.tree = MemoryTree::of(&leaves);
        self.size() - 1
    }

    pub(crate) fn receipt(&self, receipt: Receipt) -> SignatureLine {
        receipt.sign(&self.origin, &self.hash(), &key("registrar"))
    }

    /// A mark over all that stands, cosigned now.
    pub(crate) fn mark(&mut self) -> u64 {
        let now = self.now;
        let checkpoint = self.cosigned(self.size(), &[now, now, now, now]);
        self.marks(&checkpoint)
    }

    pub(crate) fn marks(&mut self, checkpoint: &[u8]) -> u64 {
        let text = String::from_utf8(checkpoint.to_vec()).expect("a note");
        self.does("mark", "registrar", json!({ "checkpoint": text }))
    }

    pub(crate) fn checkpoint(&self, size: u64) -> Checkpoint {
        Checkpoint { origin: self.origin.clone(), size, root: root_of(self, size).expect("a root") }
    }

    /// A checkpoint with the registrar's line and those of witnesses 1, 2, … at these minutes.
    pub(crate) fn cosigned(&self, size: u64, minutes: &[u64]) -> Vec<u8> {
        let lines: Vec<(usize, Instant)> =
            minutes.iter().enumerate().map(|(at, minutes)| (at + 1, t(*minutes))).collect();
        cosigned(&self.checkpoint(size), &lines)
    }

    /// The checkpoint over all that stands, cosigned by all.
    pub(crate) fn head(&self) -> Quoted {
        Quoted(self.cosigned(self.size(), &[self.now; 4]))
    }

    pub(crate) fn included(&self, index: u64) -> Included {
        self.included_in(index, self.size())
    }

    pub(crate) fn included_in(&self, index: u64, size: u64) -> Included {
        let proof = inclusion_proof(self, index, size).expect("a proof");
        Included { index, entry: Quoted(self.entries[index as usize].clone()), proof }
    }

    pub(crate) fn prefix(&self, smaller: u64, larger: u64) -> Prefix {
        let root = root_of(self, smaller).expect("a root");
        Prefix { root, proof: consistency_proof(self, smaller, larger).expect("a proof") }
    }

    pub(crate) fn register(&self, annexes: &str) -> Register {
        let named = |name: &str, text: String| annexes.contains(name).then(|| Quoted(text.into_bytes()));
        Register {
            genesis: Quoted(self.genesis.text().as_bytes().to_vec()),
            registrar: "genesis".to_owned(),
            policy: named("policy", policy()),
            instrument: named("instrument", INSTRUMENT.to_owned()),
        }
    }

    /// Where a key was enrolled.
    pub(crate) fn key(&self, name: &str, entry: u64) -> KeyProof {
        let enrolled =
            Enrolled { entry: Some(self.included(entry)), seats: Vec::new(), checkpoint: self.head() };
        KeyProof { signer: signer(name), enrolled: Some(enrolled) }
    }

    pub(crate) fn signed(&self, act: &Act, by: &str) -> SignedAct {
        let signature = key(by).sign(act.text().as_bytes()).as_bytes().to_vec();
        SignedAct {
            act: Quoted(act.text().as_bytes().to_vec()),
            signature: Some(Quoted(signature)),
            assertion: None,
        }
    }

    pub(crate) fn stamp(&self, act: &Act, minutes: u64, previous: Hash, by: &str) -> (Intake, SignatureLine) {
        let intake = Intake { act: act.id(), time: t(minutes), previous };
        (intake, intake.sign(&key(by), &key_name(by)))
    }
}

pub(crate) fn cosigned(checkpoint: &Checkpoint, witnesses: &[(usize, Instant)]) -> Vec<u8> {
    let signed = CosignedCheckpoint::sign(checkpoint.clone(), &key("registrar"));
    let mut note: Note = signed.note().clone();
    for (n, time) in witnesses {
        note =
            note.with(cosignature::sign(checkpoint, *time, &key(&format!("witness {n}")), &witness_name(*n)));
    }
    note.to_bytes()
}

/// The same message signed once more by the same key, with another nonce: other bytes, as good.
pub(crate) fn signed_anew(name: &str, message: &[u8]) -> [u8; 64] {
    use curve25519_dalek::{EdwardsPoint, Scalar};
    use sha2::{Digest as _, Sha512};
    let expanded: [u8; 64] = Sha512::digest(key(name).seed().as_slice()).into();
    let secret: [u8; 32] = expanded[..32].try_into().expect("32 bytes");
    let secret = Scalar::from_bytes_mod_order(curve25519_dalek::scalar::clamp_integer(secret));
    let nonce = Scalar::from(0x6d69_7468_6171_u64);
    let r = EdwardsPoint::mul_base(&nonce).compress().to_bytes();
    let hash: [u8; 64] = Sha512::new()
        .chain_update(r)
        .chain_update(key(name).public().as_bytes())
        .chain_update(message)
        .finalize()
        .into();
    let s = nonce + Scalar::from_bytes_mod_order_wide(&hash) * secret;
    [r, s.to_bytes()].concat().try_into().expect("64 bytes")
}
