//! Looks for contradictions in what a verifier comes across, and writes the files.
//!
//! A verifier hands over every entry in order, with whether replay found it well-formed, and whatever
//! else it holds: checkpoints, receipts, refusals, notes, acts on their way. What is found is built
//! into a file and confirmed by the same [`super::confirm`] that a stranger will use; nothing is given
//! out that does not convict there.
//!
//! **What is held in memory.** Of an entry: its time until a mark covers it, its place in its key's
//! chain and in the list of acts (some 60 bytes), each stamp (some 200 bytes). Receipts of entries are
//! compared with the one before and let go: times that rise from each to the next rise throughout.
//! Checkpoints are kept with their lines, about 1.5 kB each. All else is read again from the log. Once
//! it is said what is looked for ([`Collector::narrow`]), only what bears on that is held.
//!
//! **What is not looked for**: a key that was never enrolled, a quota, roots that were replaced, since
//! no few entries show them; replay finds these, and its word for it is the whole register. Acts handed
//! in twice (C16), since they convict nobody. Whatever a successor's key signed: proofs lead to a
//! checkpoint of the genesis' registrar, and without one there is no collector.

mod entries;
mod narrow;
mod pairs;

use std::collections::{BTreeMap, VecDeque};

use act::freeze::FreezeNote;
use act::state::StateBody;
use act::{Act, StateNote, Submission};
use note::{Intake, Note, Receipt, SignatureLine};
use terms::{ActId, Hash, Instant, ParticipantId, RefusalGround, SignerName};
use tlog::cosigned::SIGNATURES_MAX;
use tlog::{Checkpoint, CosignedCheckpoint, HashReader, cosignature, inclusion_proof};

use super::anchor::Anchor;
use super::file::{Contradiction, Enrolled, Included, KeyProof, Quoted, Register, Shows};
use super::unconfirmed::Unconfirmed;
use super::{Conviction, Kind, confirm};
use crate::Expected;
use narrow::Narrow;

/// A register's tree, and its entries by place.
pub trait Log: HashReader {
    /// The entry at an index below the size of the tree.
    fn entry(&self, index: u64) -> Option<Vec<u8>>;
}

/// The most that are given out of a kind: one convicts, and who spoils a whole register fills no disk with
/// it.
pub const FOUND_MAX: usize = 64;

/// A contradiction that was found, as a file that [`super::confirm`] confirms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its kind.
    pub kind: Kind,
    /// The file.
    pub file: Vec<u8>,
    /// What it shows, and whom it convicts.
    pub conviction: Conviction,
    /// Where what it quotes was come across.
    pub at: String,
}

/// Takes in what a verifier comes across.
pub struct Collector<'a, L> {
    log: &'a L,
    anchor: Anchor,
    genesis: Quoted,
    policy: Quoted,
    instrument: Quoted,
    /// The checkpoint that all proofs lead to, where nothing else is said.
    head: Quoted,
    head_checkpoint: Checkpoint,
    head_median: Instant,

    checkpoints: Vec<SeenCheckpoint>,
    receipts: Vec<(Receipt, Vec<u8>, String)>,
    refusals: Vec<(Vec<u8>, Vec<u8>, String)>,
    states: BTreeMap<Replayed, Vec<(StateBody, Vec<u8>, String)>>,
    freezes: Vec<(FreezeNote, Vec<u8>, usize, String)>,
    acts: Vec<(Submission, String)>,

    /// Entries that no mark covers yet: index and registered time.
    open: VecDeque<(u64, Instant)>,
    /// The latest of those that one covers, but for those that one shows; and the latest of all.
    covered: Option<(u64, Instant)>,
    latest: Option<(u64, Instant)>,
    /// The latest below the size of each checkpoint that was handed over.
    latest_below: BTreeMap<u64, Option<(u64, Instant)>>,
    /// The mark with the latest time, and the one with the largest size.
    latest_mark: Option<(u64, Instant)>,
    largest_mark: Option<(u64, u64)>,
    before: Option<(Receipt, Vec<u8>)>,
    /// Where each act stands.
    places: BTreeMap<ActId, u64>,
    /// `n` and index of each key's well-formed acts.
    chains: BTreeMap<SignerName, Vec<(u64, u64)>>,
    enrolments: BTreeMap<SignerName, u64>,
    ends: BTreeMap<SignerName, u64>,
    seats: BTreeMap<ParticipantId, Vec<u64>>,
    stamps: Vec<Stamp>,
    /// What bears on what is looked for; if nothing was said, everything does.
    narrow: Option<Narrow>,

    found: Vec<Found>,
}

/// A checkpoint that the registrar signed, with those of its cosignatures that hold.
struct SeenCheckpoint {
    checkpoint: Checkpoint,
    log_line: SignatureLine,
    /// Place in the policy, time, line.
    witnesses: Vec<(usize, Instant, SignatureLine)>,
    /// Whether replay has found it to be of our tree.
    ours: bool,
    at: String,
}

/// Who replayed what: rules, size, root, as of.
type Replayed = (SignerName, u32, u64, Hash, Instant);

struct Stamp {
    signer: SignerName,
    intake: Intake,
    payload: Vec<u8>,
    at: String,
}

impl<'a, L: Log> Collector<'a, L> {
    /// Begins with entry 0, the two annexes, and a checkpoint that a quorum cosigned: proofs lead to
    /// it, so `log` must have what is below it.
    ///
    /// # Errors
    /// If these don't belong together.
    pub fn new(
        genesis: &[u8],
        policy: &[u8],
        instrument: &[u8],
        head: &[u8],
        log: &'a L,
    ) -> Result<Collector<'a, L>, Unconfirmed> {
        let entry = act::Entry::parse(genesis).map_err(|fault| Unconfirmed::Genesis(fault.to_string()))?;
        let register = Register {
            genesis: Quoted(entry.act().text().as_bytes().to_vec()),
            registrar: "genesis".to_owned(),
            policy: Some(Quoted(policy.to_vec())),
            instrument: Some(Quoted(instrument.to_vec())),
        };
        let anchor = Anchor::new(&register, &Expected::Genesis(entry.act().register()))?;
        let head = Quoted(head.to_vec());
        let (cosigned, head_median) = anchor.final_checkpoint(&head)?;
        let mut collector = Collector {
            log,
            anchor,
            genesis: register.genesis,
            policy: Quoted(policy.to_vec()),
            instrument: Quoted(instrument.to_vec()),
            head: head.clone(),
            head_checkpoint: cosigned.checkpoint().clone(),
            head_median: head_median.time,
            checkpoints: Vec::new(),
            receipts: Vec::new(),
            refusals: Vec::new(),
            states: BTreeMap::new(),
            freezes: Vec::new(),
            acts: Vec::new(),
            open: VecDeque::new(),
            covered: None,
            latest: None,
            latest_below: BTreeMap::new(),
            latest_mark: None,
            largest_mark: None,
            before: None,
            places: BTreeMap::new(),
            chains: BTreeMap::new(),
            enrolments: BTreeMap::new(),
            ends: BTreeMap::new(),
            seats: BTreeMap::new(),
            stamps: Vec::new(),
            narrow: None,
            found: Vec::new(),
        };
        collector.checkpoint(&head.0, "checkpoint");
        Ok(collector)
    }

    /// A checkpoint, with whatever cosignatures it has. One that the registrar did not sign is passed
    /// over.
    pub fn checkpoint(&mut self, note: &[u8], at: &str) {
        let Ok(cosigned) = self.anchor.checkpoint(&Quoted(note.to_vec()), "checkpoint") else { return };
        self.latest_below.insert(cosigned.checkpoint().size, None);
        self.take_in(&cosigned, false, at);
    }

    /// `ours` says that replay has checked it, in a mark: root and lines are not checked again.
    fn take_in(&mut self, cosigned: &CosignedCheckpoint, ours: bool, at: &str) {
        let Ok(policy) = self.anchor.policy() else { return };
        let checkpoint = cosigned.checkpoint().clone();
        let lines = cosigned.note().signatures();
        let by_log = |line: &&SignatureLine| match ours {
            true => policy.log().made(line),
            false => checkpoint.verify(policy.log(), line).is_ok(),
        };
        let Some(log_line) = lines.iter().find(by_log).cloned() else { return };
        let mut witnesses = Vec::new();
        for line in lines {
            for (place, witness) in policy.witnesses().iter().enumerate() {
                let checked = cosignature::check(&checkpoint, &witness.key, line);
                if let Ok((time, check)) = checked
                    && (ours || check.passes())
                {
                    witnesses.push((place, time, line.clone()));
                }
            }
        }
        self.checkpoints.push(SeenCheckpoint { checkpoint, log_line, witnesses, ours, at: at.to_owned() });
    }

    /// A receipt as somebody was given it.
    pub fn receipt(&mut self, line: &SignatureLine, at: &str) {
        if let Some(receipt) = self.anchor.receipt_line(line) {
            self.receipts.push((receipt, line.payload.clone(), at.to_owned()));
        }
    }

    /// A refusal, and what was refused.
    pub fn refusal(&mut self, note: &[u8], submission: &[u8], at: &str) {
        self.refusals.push((note.to_vec(), submission.to_vec(), at.to_owned()));
    }

    /// A state note.
    pub fn state_note(&mut self, note: &[u8], at: &str) {
        let Ok(read) = Note::parse(note, SIGNATURES_MAX) else { return };
        let Ok(state) = StateNote::parse(read.text()) else { return };
        let body = state.body;
        for line in read.signatures() {
            let Some(signer) = SignerName::from_key_name(&self.anchor.origin, line.name.as_str()) else {
                continue;
            };
            let key = (signer, body.rules, body.size, body.root, body.as_of);
            self.states.entry(key).or_default().push((body, note.to_vec(), at.to_owned()));
        }
    }

    /// A freeze by a witness of the policy.
    pub fn freeze(&mut self, note: &[u8], at: &str) {
        let Ok(policy) = self.anchor.policy() else { return };
        let signed = policy.witnesses().iter().enumerate().find_map(|(place, witness)| {
            FreezeNote::verify(note, &witness.key).ok().map(|freeze| (place, freeze))
        });
        if let Some((place, freeze)) = signed {
            self.freezes.push((freeze, note.to_vec(), place, at.to_owned()));
        }
    }

    /// An act that is on its way, as it was handed in.
    pub fn act(&mut self, submission: &[u8], at: &str) {
        let Ok(read) = Submission::parse(submission) else { return };
        if self.anchor.owns(read.act()) {
            self.stamps_of(&read, at);
            self.acts.push((read, at.to_owned()));
        }
    }

    /// All that was found, in the order of the kinds.
    #[must_use]
    pub fn finish(mut self) -> Vec<Found> {
        self.uncovered();
        self.dated_by_loose();
        self.forks();
        self.witnesses();
        self.loose_receipts();
        self.loose_acts();
        self.stamp_chains();
        self.false_refusals();
        self.state_notes();
        self.found.sort_by_key(|found| found.kind);
        self.found
    }

    fn stamps_of(&mut self, submission: &Submission, at: &str) {
        let id = submission.act().id();
        for line in submission.intakes() {
            let Some(signer) = SignerName::from_key_name(&self.anchor.origin, line.name.as_str()) else {
                continue;
            };
            let Some((intake, _)) = Intake::parse(id, &line.payload) else { continue };
            if !self.bears_stamp(&intake) {
                continue;
            }
            self.stamps.push(Stamp { signer, intake, payload: line.payload.clone(), at: at.to_owned() });
        }
        if let act::Body::Intake(body) = submission.act().body() {
            let intake = Intake { act: body.act, time: body.time, previous: body.previous };
            if !self.bears_stamp(&intake) {
                return;
            }
            let Some(signature) = terms::base64::decode(body.signature.as_str()) else {
                return;
            };
            let payload =
                [&intake.time.secs().to_be_bytes()[..], &intake.previous.as_bytes()[..], &signature].concat();
            self.stamps.push(Stamp { signer: body.key.clone(), intake, payload, at: at.to_owned() });
        }
    }

    /// The entry at an index, with its proof to the checkpoint of this size.
    fn included(&self, index: u64, size: u64) -> Option<Included> {
        let proof = inclusion_proof(self.log, index, size).ok()?;
        Some(Included { index, entry: Quoted(self.log.entry(index)?), proof })
    }

    fn included_below_head(&self, index: u64) -> Option<Included> {
        self.included(index, self.head_checkpoint.size)
    }

    /// What shows whose key this is.
    fn key_proof(&self, signer: &SignerName) -> KeyProof {
        let founder =
            |who: &ParticipantId| self.anchor.body.founders.iter().any(|seat| seat.participant == *who);
        let entry = self.enrolments.get(signer).and_then(|index| self.included_below_head(*index));
        let later = signer.participant().filter(|who| !founder(who)).and_then(|who| self.seats.get(who));
        let seats: Vec<Included> =
            later.into_iter().flatten().filter_map(|index| self.included_below_head(*index)).collect();
        let enrolled = (entry.is_some() || !seats.is_empty()).then(|| Enrolled {
            entry,
            seats,
            checkpoint: self.head.clone(),
        });
        KeyProof { signer: signer.clone(), enrolled }
    }

    /// The text of an act of this register, wherever it was come across.
    fn text_of(&self, id: ActId) -> Option<Quoted> {
        let loose = self.acts.iter().map(|(submission, _)| submission.act()).find(|act| act.id() == id);
        let text = |act: &Act| Quoted(act.text().as_bytes().to_vec());
        let read = |index: u64| act::Entry::parse(&self.log.entry(index)?).ok();
        let stands = || match self.places.get(&id) {
            Some(index) => read(*index),
            // Not remembered, since nothing was known to bear on it: it is looked for.
            None if self.narrow.is_some() => (0..self.head_checkpoint.size)
                .find_map(|index| read(index).filter(|entry| entry.act().id() == id)),
            None => None,
        };
        loose.map(text).or_else(|| stands().map(|entry| text(entry.act())))
    }

    /// The file, with no more annexes than it needs; nothing if it would convict nobody.
    fn build(&self, shows: &Shows) -> Option<(Vec<u8>, Conviction)> {
        let register = Register {
            genesis: self.genesis.clone(),
            registrar: "genesis".to_owned(),
            policy: None,
            instrument: None,
        };
        let mut file = Contradiction { register, shows: shows.clone() };
        let expected = Expected::Genesis(self.anchor.genesis);
        loop {
            let bytes = file.to_bytes();
            match confirm(&bytes, &expected) {
                Ok(conviction) => return Some((bytes, conviction)),
                Err(Unconfirmed::AnnexMissing("policy")) if file.register.policy.is_none() => {
                    file.register.policy = Some(self.policy.clone());
                }
                Err(Unconfirmed::AnnexMissing("instrument")) if file.register.instrument.is_none() => {
                    file.register.instrument = Some(self.instrument.clone());
                }
                Err(_) => return None,
            }
        }
    }

    /// Whether enough was found of a kind.
    fn is_full(&self, kind: Kind) -> bool {
        self.found.iter().filter(|found| found.kind == kind).count() >= FOUND_MAX
    }

    /// Keeps the file, if it convicts. Each is found once.
    fn keep(&mut self, shows: &Shows, at: impl Into<String>) -> bool {
        if self.is_full(shows.kind()) {
            return false;
        }
        let Some((file, conviction)) = self.build(shows) else { return false };
        if self.found.iter().all(|found| found.file != file) {
            self.found.push(Found { kind: shows.kind(), file, conviction, at: at.into() });
        }
        true
    }

    /// Tries to leave out each of these, so that the file quotes no more than it needs.
    fn keep_least(
        &mut self,
        mut needed: Vec<u64>,
        at: String,
        shows: impl Fn(&Self, &[u64]) -> Option<Shows>,
    ) -> bool {
        let convicts =
            |this: &Self, some: &[u64]| shows(this, some).and_then(|shows| this.build(&shows)).is_some();
        if !convicts(self, &needed) {
            return false;
        }
        for index in needed.clone() {
            let rest: Vec<u64> = needed.iter().copied().filter(|other| *other != index).collect();
            if convicts(self, &rest) {
                needed = rest;
            }
        }
        shows(self, &needed).is_some_and(|shows| self.keep(&shows, at))
    }
}

/// A checkpoint with these lines and no others.
fn note_with(checkpoint: &Checkpoint, lines: Vec<SignatureLine>) -> Option<Quoted> {
    let note = Note::new(checkpoint.text(), lines).ok()?;
    Some(Quoted(CosignedCheckpoint::from_note(note).ok()?.to_bytes()))
}

/// The grounds that a file can give, as replay orders them.
const GROUNDS: [RefusalGround; 6] = [
    RefusalGround::Form,
    RefusalGround::Key,
    RefusalGround::Duplicate,
    RefusalGround::Number,
    RefusalGround::Previous,
    RefusalGround::Signature,
];
