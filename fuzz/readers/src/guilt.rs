//! Contradictions: nobody is convicted who was not before, and no choice of honest quotes convicts.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use act::refusal::RefusalBody;
use act::{Body, Entry, Refusal};
use audit::Expected;
use audit::contradiction::file::*;
use audit::contradiction::{Contradiction, Convict, Shows, confirm};
use docket::harness::world::key;
use docket::v1::replay::judge_submission;
use serde_json::Value;
use terms::{Hash, RefusalGround, SignerName};
use tlog::{CosignedCheckpoint, consistency_proof, inclusion_proof};

use crate::bytes::Bytes;
use crate::edits;
use crate::stage::{RIVER, River, files, read};

/// The vectors, what stands in them, and who is convicted by them.
struct Vectors {
    files: Vec<Vec<u8>>,
    documents: Vec<Value>,
    pool: Vec<Value>,
    register: Expected,
    convicted: BTreeSet<String>,
}

static VECTORS: LazyLock<Vectors> = LazyLock::new(|| {
    let folder = "docs/vectors/contradictions";
    let index: Value = serde_json::from_str(&read(&format!("{folder}/index.json"))).expect("JSON");
    let hash = index["register"].as_str().and_then(Hash::from_base64).expect("a register");
    let register = Expected::Genesis(hash);
    let files: Vec<Vec<u8>> = files(folder, ".json").into_iter().map(|(_, bytes)| bytes).collect();
    let documents: Vec<Value> = files
        .iter()
        .filter_map(|bytes| serde_json::from_slice(bytes).ok())
        .filter(|document: &Value| document.get("shows").is_some())
        .collect();
    let mut pool = Vec::new();
    for document in &documents {
        edits::below(&document["shows"], &mut pool);
    }
    let convicted = files.iter().filter_map(|bytes| confirm(bytes, &register).ok());
    Vectors {
        convicted: convicted.map(|conviction| conviction.convicts.to_string()).collect(),
        files,
        documents,
        pool,
        register,
    }
});

/// A file, or edits of one of the vectors.
pub(crate) fn contradiction(bytes: &[u8]) {
    let vectors = &*VECTORS;
    check(bytes, vectors);
    let mut rest = Bytes(bytes);
    let Some(mut document) = rest.one(&vectors.documents).cloned() else { return };
    while !rest.is_empty() {
        edits::json(&mut rest, &mut document, &vectors.pool);
    }
    check(&written(&document), vectors);
}

/// A document in the one spelling that a file has, as far as it has the fields of one.
fn written(document: &Value) -> Vec<u8> {
    let plain = format!("{document}\n").into_bytes();
    let Err(audit::contradiction::Unconfirmed::Spelling) = Contradiction::read(&plain) else { return plain };
    // Fields are out of order in a `Value`: kind by kind, our own types put them right.
    respelled(document).unwrap_or(plain)
}

fn respelled(document: &Value) -> Option<Vec<u8>> {
    let register: Register = serde_json::from_value(document["register"].clone()).ok()?;
    let shows = document["shows"].clone();
    macro_rules! shows {
        ($($name:literal $kind:ident),+) => {
            match document["kind"].as_str()? {
                $($name => Shows::$kind(serde_json::from_value(shows).ok()?),)+
                _ => return None,
            }
        };
    }
    let shows = shows!(
        "fork" Fork, "double-index" DoubleIndex, "receipt-not-kept" ReceiptNotKept,
        "time-backwards" TimeBackwards, "dated-after" DatedAfter, "dated-before" DatedBefore,
        "malformed-let-in" MalformedLetIn, "false-refusal" FalseRefusal, "author-fork" AuthorFork,
        "freeze-broken" FreezeBroken, "witness-fork" WitnessFork, "witness-backwards" WitnessBackwards,
        "intake-fork" IntakeFork, "intake-backwards" IntakeBackwards,
        "false-state-note" FalseStateNote, "chain-replayed" ChainReplayed
    );
    Some(Contradiction { register, shows }.to_bytes())
}

fn check(bytes: &[u8], vectors: &Vectors) {
    match confirm(bytes, &vectors.register) {
        Ok(conviction) => {
            let file = Contradiction::read(bytes).expect("it was read");
            assert_eq!(file.to_bytes(), bytes, "a contradiction has one spelling");
            assert_eq!(file.shows.kind(), conviction.kind);
            assert!(conviction.sentence().ends_with('.'));
            let who = conviction.convicts.to_string();
            assert!(vectors.convicted.contains(&who), "{who} did nothing of the kind");
            assert!(confirm(bytes, &Expected::Genesis(Hash::ZERO)).is_err(), "of any register");
        }
        Err(why) => assert!(!why.code().is_empty() && !why.to_string().is_empty()),
    }
}

/// What can be quoted of an honest register.
struct Quotes {
    heads: Vec<CosignedCheckpoint>,
    refusals: Vec<(Vec<u8>, Vec<u8>)>,
    receipts: Vec<Vec<u8>>,
    signers: Vec<SignerName>,
}

static QUOTES: LazyLock<Quotes> = LazyLock::new(|| {
    let river = &*RIVER;
    let marks = river.entries.iter().filter_map(|entry| match entry.act().body() {
        Body::Mark(mark) => CosignedCheckpoint::from_note(mark.checkpoint.read().ok()?).ok(),
        _ => None,
    });
    let ledger = river.world.live.ledger();
    let refusals = river.entries.iter().filter_map(|entry| {
        let submission = entry.submission();
        let ground = judge_submission(ledger, submission, river.world.now).err()?;
        let body = RefusalBody {
            act: Some(entry.act().id()),
            submission: submission.hash(),
            ground,
            size: river.world.size(),
            at: river.world.now,
        };
        let refusal = Refusal { origin: river.world.origin.clone(), genesis: river.world.genesis, body };
        Some((refusal.sign(&key("registrar")).ok()?.to_bytes(), submission.to_bytes()))
    });
    Quotes {
        heads: marks.chain([river.head.clone()]).collect(),
        refusals: refusals.collect(),
        receipts: river.entries.iter().map(|entry| entry.receipt_line().payload.clone()).collect(),
        signers: ledger.keys().keys().cloned().chain([SignerName::Registrar]).collect(),
    }
});

impl Quotes {
    fn head(&self, rest: &mut Bytes<'_>) -> (Quoted, u64) {
        let head = &self.heads[rest.below(self.heads.len())];
        (Quoted(head.to_bytes()), head.checkpoint().size)
    }

    fn included(&self, rest: &mut Bytes<'_>, river: &River, size: u64) -> Included {
        let index = rest.below(size as usize) as u64;
        self.included_at(index, river, size)
    }

    fn included_at(&self, index: u64, river: &River, size: u64) -> Included {
        let proof = inclusion_proof(&river.tree, index, size).unwrap_or_default();
        Included { index, entry: Quoted(river.world.entries[index as usize].clone()), proof }
    }

    fn list(&self, rest: &mut Bytes<'_>, river: &River, size: u64) -> Vec<Included> {
        let count = rest.below(6);
        let mut list: Vec<Included> = (0..count).map(|_| self.included(rest, river, size)).collect();
        list.sort_by_key(|included| included.index);
        list
    }

    fn receipt(&self, rest: &mut Bytes<'_>) -> Quoted {
        Quoted(self.receipts[rest.below(self.receipts.len())].clone())
    }

    fn key(&self, rest: &mut Bytes<'_>, river: &River, signer: &SignerName) -> KeyProof {
        let (checkpoint, size) = self.head(rest);
        let since = river.world.live.ledger().keys().get(signer).map_or(0, |key| key.since);
        let entry = (0 < since && since < size).then(|| self.included_at(since, river, size));
        let enrolled = entry.map(|entry| Enrolled { entry: Some(entry), seats: Vec::new(), checkpoint });
        KeyProof { signer: signer.clone(), enrolled }
    }

    fn signed(&self, entry: &Entry) -> SignedAct {
        let signature = entry.submission().signatures().first().map(|line| Quoted(line.payload.clone()));
        SignedAct { act: Quoted(entry.act().text().as_bytes().to_vec()), signature, assertion: None }
    }

    fn stamped(&self, rest: &mut Bytes<'_>, river: &River) -> Stamped {
        let stamps = river.entries.iter().filter(|entry| !entry.submission().intakes().is_empty());
        let stamps: Vec<&Entry> = stamps.collect();
        let entry = rest.one(&stamps).copied().unwrap_or(&river.entries[1]);
        let line = entry.submission().intakes().first().unwrap_or(entry.receipt_line());
        Stamped { act: Quoted(entry.act().text().as_bytes().to_vec()), stamp: Quoted(line.payload.clone()) }
    }

    fn prefix(&self, rest: &mut Bytes<'_>, river: &River, old: u64, new: u64) -> Option<Prefix> {
        let root = river.world.roots.0[old.min(new) as usize];
        let proof = consistency_proof(&river.tree, old, new).unwrap_or_default();
        (!rest.byte().is_multiple_of(4)).then_some(Prefix { root, proof })
    }
}

/// Quotes of an honest register, in any choice, and edited by who has no key of it.
pub(crate) fn innocent(bytes: &[u8]) {
    let (river, quotes) = (&*RIVER, &*QUOTES);
    let mut rest = Bytes(bytes);
    let rest = &mut rest;
    let asked = rest.byte();
    let (checkpoint, size) = quotes.head(rest);
    let witnesses = river.world.live.ledger().policy().witnesses();
    let witness = rest.one(witnesses).map(|witness| witness.key.to_string()).unwrap_or_default();
    let signer = rest.one(&quotes.signers).cloned().unwrap_or(SignerName::Registrar);
    let own: Vec<&Entry> =
        river.entries.iter().filter(|entry| entry.act().head().signers.first() == Some(&signer)).collect();
    let act = |rest: &mut Bytes<'_>| rest.one(&own).map_or(&river.entries[1], |entry| *entry);
    let ground = rest.one(RefusalGround::ALL).copied().unwrap_or(RefusalGround::Form);
    let shows = match asked % 16 {
        0 | 10 => {
            let (mut a, mut b) = (quotes.head(rest), quotes.head(rest));
            if a.1 > b.1 {
                (a, b) = (b, a);
            }
            let prefix = quotes.prefix(rest, river, a.1, b.1).filter(|_| a.1 != b.1);
            let (a, b) = (a.0, b.0);
            if asked % 16 == 0 {
                Shows::Fork(Fork { a, b, prefix })
            } else {
                Shows::WitnessFork(WitnessFork { witness, a, b, prefix })
            }
        }
        1 => Shows::DoubleIndex(TwoReceipts { a: quotes.receipt(rest), b: quotes.receipt(rest) }),
        2 => {
            let leaf = quotes.included(rest, river, size);
            let receipt = Quoted(quotes.receipts[leaf.index as usize].clone());
            let receipt = if rest.byte() % 4 == 0 { quotes.receipt(rest) } else { receipt };
            Shows::ReceiptNotKept(ReceiptNotKept { receipt, leaf, checkpoint })
        }
        3 => Shows::TimeBackwards(TwoReceipts { a: quotes.receipt(rest), b: quotes.receipt(rest) }),
        4 => Shows::DatedAfter(DatedAfter { entry: quotes.included(rest, river, size), checkpoint }),
        5 => {
            let (mark, entry) = (quotes.included(rest, river, size), quotes.included(rest, river, size));
            Shows::DatedBefore(DatedBefore { entry, mark, checkpoint })
        }
        6 => {
            let entry = quotes.included(rest, river, size);
            let before = quotes.list(rest, river, entry.index.max(1));
            Shows::MalformedLetIn(MalformedLetIn { ground, entry, before, checkpoint })
        }
        7 => {
            let (refusal, submission) = rest.one(&quotes.refusals).cloned().unwrap_or_default();
            let entries = quotes.list(rest, river, size);
            let checkpoint = (!entries.is_empty()).then_some(checkpoint);
            let (refusal, submission) = (Quoted(refusal), Quoted(submission));
            Shows::FalseRefusal(FalseRefusal { refusal, submission, entries, checkpoint })
        }
        8 => {
            let (a, b) = (quotes.signed(act(rest)), quotes.signed(act(rest)));
            Shows::AuthorFork(AuthorFork { key: quotes.key(rest, river, &signer), a, b })
        }
        9 => {
            let last = quotes.included_at(size - 1, river, size);
            let freeze = Quoted(crate::stage::SAMPLE.checkpoints[0].to_bytes());
            Shows::FreezeBroken(FreezeBroken { witness, freeze, checkpoint, last })
        }
        11 => {
            let (a, b) = (quotes.head(rest).0, quotes.head(rest).0);
            Shows::WitnessBackwards(WitnessBackwards { witness, a, b })
        }
        which @ (12 | 13) => {
            let (a, b) = (quotes.stamped(rest, river), quotes.stamped(rest, river));
            let stamps = TwoStamps { key: quotes.key(rest, river, &signer), a, b };
            if which == 12 { Shows::IntakeFork(stamps) } else { Shows::IntakeBackwards(stamps) }
        }
        14 => {
            let note = || Quoted(river.state_note.to_bytes());
            Shows::FalseStateNote(FalseStateNote {
                key: quotes.key(rest, river, &signer),
                a: note(),
                b: note(),
            })
        }
        _ => {
            let one = |entry: &Entry| SubmittedAct { submission: Quoted(entry.submission().to_bytes()) };
            Shows::ChainReplayed(ChainReplayed { a: one(act(rest)), b: one(act(rest)) })
        }
    };
    let register = Register {
        genesis: Quoted(river.entries[0].act().text().as_bytes().to_vec()),
        registrar: "genesis".to_owned(),
        policy: Some(Quoted(river.annex("policy"))),
        instrument: Some(Quoted(river.annex("instrument"))),
    };
    let mut file = Contradiction { register, shows }.to_bytes();
    if !rest.is_empty() {
        let mut document: Value = serde_json::from_slice(&file).expect("a file");
        let mut pool = Vec::new();
        edits::below(&document, &mut pool);
        while !rest.is_empty() {
            edits::json(rest, &mut document, &pool);
        }
        file = written(&document);
    }
    if let Ok(conviction) = confirm(&file, &Expected::Genesis(river.world.genesis)) {
        assert_eq!(conviction.convicts, Convict::Nobody, "{}", conviction.sentence());
    }
}

pub(crate) fn seeds(add: &mut dyn FnMut(&'static str, &[u8])) {
    for (at, file) in VECTORS.files.iter().enumerate() {
        if at % 8 == 0 && file.len() < 12_000 {
            add("contradiction", file);
        }
        add("contradiction", &[at as u8, 6, 1, at as u8, 3]);
    }
    for kind in 0..16 {
        add("innocent", &[kind, 200, 1, 40, 2, 9, 9, 9, 9, 9]);
        add("innocent", &[kind, 3, 2, 60, 1, 1, 2, 3, 4, 5, 6, 7, 8]);
    }
}
