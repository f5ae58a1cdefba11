//! A standing proof: one entry, who signed it and that it is final, in one small file that anybody can
//! check who knows the register's name by voice. With a state note it says what came of it too.
//!
//! ```text
//! {"format":"mithaq.proof/v1","genesis":"…","policy":"…","keys":["…"],"proof":"…","state":{…}}
//! ```
//!
//! `genesis` is an entry in base64, `policy` the annex's text, `proof` a C2SP tlog-proof with the entry as
//! `extra`. `keys` are the entries that enrolled the signers' keys, each as a tlog-proof to the same
//! checkpoint, so that whose signature it is needs no trust either; of a participant that came later
//! `seats` are the votes that gave it its seat. `instrument` says whose votes it needed, what the register
//! is called, and whom its ids name.

use std::collections::{BTreeMap, BTreeSet};

use act::body::{Enrol, Seat};
use act::{Act, Body, Entry, StateNote};
use instrument::Instrument;
use note::passkey::Assertion;
use note::{Note, SignatureLine};
use serde::{Deserialize, Serialize};
use terms::{Capacity, Hash, Instant, ParticipantId, SignerName, VoiceName, base64};
use tlog::{Checkpoint, LogProof};

use crate::contradiction::Unconfirmed;
use crate::contradiction::anchor::{Anchor, read_instrument, read_policy};
use crate::contradiction::key::{ProvenKey, seat_of};
use crate::contradiction::malformed::asks_for;
use crate::expected::Expected;

/// The word in `format`.
pub const FORMAT: &str = "mithaq.proof/v1";

/// The file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct StandingProof {
    /// `mithaq.proof/v1`.
    pub format: String,
    /// Entry 0, base64.
    pub genesis: String,
    /// The witness policy's text.
    pub policy: String,
    /// The instrument's text: what the register is called, and its participants; it must be there where it
    /// counts who seats others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instrument: Option<String>,
    /// tlog-proofs of the votes that seated those signers' participants that are no founders.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seats: Vec<String>,
    /// tlog-proofs of the entries that enrolled the signers' keys.
    pub keys: Vec<String>,
    /// The tlog-proof of the entry, with it as `extra`.
    pub proof: String,
    /// What came of it, as a mirror's replay says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<StandingState>,
}

/// A state note, and lines of the state that it commits to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct StandingState {
    /// The note.
    pub note: String,
    /// The tlog-proof of the entry that enrolled the key that signs it.
    pub key: String,
    /// The lines.
    pub lines: Vec<StandingLine>,
}

/// A line of a state, and its place in the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandingLine {
    /// `path value`.
    pub line: String,
    /// Its place among the sorted lines, from 0.
    pub index: u64,
    /// From the leaf's sibling upwards.
    pub path: Vec<Hash>,
}

/// What a proof shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The register.
    pub voice: VoiceName,
    /// Its genesis hash.
    pub genesis: Hash,
    /// Its name in notes.
    pub origin: String,
    /// Whether it is an exercise.
    pub exercise: bool,
    /// Its instrument, if the file has it: what it is called, and its participants.
    pub instrument: Option<Instrument>,
    /// The entry's index.
    pub index: u64,
    /// The entry.
    pub entry: Entry,
    /// When it was registered.
    pub registered: Instant,
    /// Who signed it, each shown by the entry that enrolled its key.
    pub signers: Vec<SignerName>,
    /// Who cosigned, and when.
    pub cosigners: Vec<(String, Instant)>,
    /// The size of the checkpoint.
    pub size: u64,
    /// What came of it, if the file says.
    pub state: Option<(SignerName, StateNote, Vec<String>)>,
}

/// Reads and checks a standing proof.
///
/// # Errors
///
/// A sentence on what is wrong, or does not show what it should. Never panics.
pub fn verify(bytes: &[u8], expected: &Expected) -> Result<Shown, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())?;
    let text = text.strip_suffix('\n').ok_or("it does not end in a line feed")?;
    act::json::check(text).map_err(|(at, fault)| format!("column {}: {fault}", at + 1))?;
    let said = |error: serde_json::Error| act::json::said(&error);
    let file: StandingProof = serde_json::from_str(text).map_err(said)?;
    let (read, written) = (serde_json::from_str(text), serde_json::to_value(&file));
    if let Some(path) = act::json::other_spelling(&read.map_err(said)?, &written.map_err(said)?) {
        return Err(format!("`{path}` has another spelling: what is absent is left out"));
    }
    if file.format != FORMAT {
        return Err(format!("it is of another format, `{}`", file.format.escape_debug()));
    }
    let genesis = base64::decode(&file.genesis).ok_or("`genesis` is no base64")?;
    let mut register = Register::found(&genesis, &file, expected)?;

    let proof = LogProof::parse(file.proof.as_bytes()).map_err(|fault| format!("`proof`: {fault}"))?;
    let (entry, cosigners) = register.included(&proof)?;
    let checkpoint = proof.checkpoint.checkpoint();
    register.seat_those_who_came(&file.seats, checkpoint)?;
    let mut enrolled = Vec::new();
    for key in &file.keys {
        enrolled.push(register.enrolled(key, checkpoint).map_err(|what| format!("`keys`: {what}"))?);
    }
    let signers = register.signed(&entry, proof.index, &enrolled)?;
    let state = match &file.state {
        None => None,
        Some(state) => Some(register.stands(state, checkpoint)?),
    };
    Ok(Shown {
        voice: VoiceName::of(&register.anchor.genesis),
        genesis: register.anchor.genesis,
        origin: register.anchor.origin.to_string(),
        exercise: register.anchor.body.exercise,
        instrument: register.anchor.instrument().ok().cloned(),
        index: proof.index,
        registered: entry.receipt().time,
        entry,
        signers,
        cosigners,
        size: checkpoint.size,
        state,
    })
}

/// What the genesis says, and who came later.
struct Register {
    anchor: Anchor,
    /// Each with the index from which on it has force.
    seats: Vec<(u64, Seat)>,
}

impl Register {
    fn found(genesis: &[u8], file: &StandingProof, expected: &Expected) -> Result<Register, String> {
        let entry = Entry::parse(genesis).map_err(|fault| format!("`genesis`: {fault}"))?;
        let Body::Genesis(body) = entry.act().body() else {
            return Err("`genesis` is no genesis".to_owned());
        };
        let hash = entry.act().id().0;
        if !expected.fits(&hash) {
            return Err(format!(
                "this is of the register {}, not of the one that was asked for",
                VoiceName::of(&hash)
            ));
        }
        let said = |fault: Unconfirmed| fault.to_string();
        let policy = read_policy(file.policy.as_bytes(), body).map_err(said)?;
        let instrument = file.instrument.as_ref().map(|text| read_instrument(text.as_bytes(), body));
        let instrument = instrument.transpose().map_err(said)?;
        let seats = body.founders.iter().map(|seat| (0, seat.clone())).collect();
        let anchor = Anchor::founded(entry.act().clone(), body.clone(), Some(policy), instrument);
        let register = Register { anchor, seats };
        register.check_genesis(&entry).map_err(|what| format!("`genesis`: {what}"))?;
        Ok(register)
    }

    /// The text of the genesis is the register's name. Its lines are checked so that no byte of a proof can
    /// be another.
    fn check_genesis(&self, genesis: &Entry) -> Result<(), String> {
        let submission = genesis.submission();
        if !submission.assertions().is_empty() || !submission.intakes().is_empty() {
            return Err("it has the lines of its signers and no others".to_owned());
        }
        self.signed(genesis, 0, &[])?;
        self.receipted(genesis, 0)
    }

    /// The entry of a tlog-proof, if it stands in a log that a quorum has cosigned, with a good receipt.
    fn included(&self, proof: &LogProof) -> Result<(Entry, Vec<(String, Instant)>), String> {
        let bytes = proof.extra.as_ref().ok_or("a proof has the entry as `extra`")?;
        let policy = self.anchor.policy().map_err(|fault| fault.to_string())?;
        let cosigners = proof.verify(&tlog::leaf_hash(bytes), policy).map_err(|fault| fault.to_string())?;
        let entry = Entry::parse(bytes).map_err(|fault| fault.to_string())?;
        if !self.anchor.owns(entry.act()) {
            return Err("the entry is of another register".to_owned());
        }
        self.receipted(&entry, proof.index)?;
        let named = cosigners
            .times
            .iter()
            .map(|(place, time)| (policy.witnesses()[*place].name.clone(), *time))
            .collect();
        Ok((entry, named))
    }

    /// Whether the registrar signed the receipt, for this index and this submission.
    fn receipted(&self, entry: &Entry, index: u64) -> Result<(), String> {
        if entry.receipt().index != index || entry.receipt().submission != entry.submission_hash() {
            return Err("the receipt is for another entry".to_owned());
        }
        let signed = self.anchor.receipt_line(entry.receipt_line());
        signed.map(drop).ok_or_else(|| "the receipt: it is not signed by the registrar's key".to_owned())
    }

    /// An entry of the same checkpoint, with its index.
    fn beside(&self, proof: &str, at: &Checkpoint) -> Result<(u64, Entry), String> {
        let proof = LogProof::parse(proof.as_bytes()).map_err(|fault| fault.to_string())?;
        if proof.checkpoint.checkpoint() != at {
            return Err("the proofs are to one checkpoint".to_owned());
        }
        Ok((proof.index, self.included(&proof)?.0))
    }

    /// Those whose seat was taken later, by the votes for it.
    fn seat_those_who_came(&mut self, proofs: &[String], at: &Checkpoint) -> Result<(), String> {
        let mut votes: BTreeMap<ParticipantId, (u64, Vec<Entry>)> = BTreeMap::new();
        for proof in proofs {
            let (index, vote) = self.beside(proof, at).map_err(|what| format!("`seats`: {what}"))?;
            let Body::Enrol(Enrol::Seat(body)) = vote.act().body() else {
                return Err("`seats`: an entry that is no vote for a seat".to_owned());
            };
            let (last, all) = votes.entry(body.participant.clone()).or_default();
            *last = index.max(*last);
            all.push(vote);
        }
        for (participant, (last, votes)) in votes {
            if self.seats.iter().any(|(_, seat)| seat.participant == participant) {
                return Err(format!("`seats`: `{participant}` founded the register"));
            }
            let seat = seat_of(&self.anchor, &participant, &votes);
            let seat = seat.map_err(|fault| format!("`seats`: `{participant}`: {fault}"))?;
            self.seats.push((last, seat));
        }
        Ok(())
    }

    /// The key that an entry of the same checkpoint enrolled, if enough roots of its participant signed it.
    fn enrolled(&self, proof: &str, at: &Checkpoint) -> Result<(u64, ProvenKey), String> {
        let (index, entry) = self.beside(proof, at)?;
        let by = entry.act().head().by.participant();
        let (Body::Enrol(Enrol::Key(enrolment)), Some(by)) = (entry.act().body(), by) else {
            return Err("an entry that enrols no key".to_owned());
        };
        let seat = self.seats.iter().find(|(taken, seat)| seat.participant == *by && *taken < index);
        let (_, seat) = seat.ok_or_else(|| format!("nothing shows that `{by}` had its seat"))?;
        let said = |fault: Unconfirmed| fault.to_string();
        // Only an instrument says who is excluded.
        if self.anchor.instrument().is_ok() && self.anchor.is_void(enrolment).map_err(said)? {
            return Err("an enrolment that has no effect: it names an excluded group, or nobody".to_owned());
        }
        ProvenKey::enrolled(&self.anchor, &entry, seat).map(|key| (index, key)).map_err(said)
    }

    /// Every signer of the entry at `index`, if each is the registrar, a root of a seat, or one of these
    /// keys, enrolled before it, and its lines hold.
    fn signed(
        &self,
        entry: &Entry,
        index: u64,
        enrolled: &[(u64, ProvenKey)],
    ) -> Result<Vec<SignerName>, String> {
        let (act, submission) = (entry.act(), entry.submission());
        let mut shown = BTreeMap::new();
        for (signer, line) in act.head().signers.iter().zip(submission.signatures()) {
            let key = match signer {
                SignerName::Registrar => ProvenKey::registrar(&self.anchor).ok(),
                SignerName::Key { .. } => {
                    let of_seat = |(_, seat): &(u64, Seat)| ProvenKey::of_seat(&self.anchor, seat, signer);
                    let enrolled = enrolled.iter().filter(|(since, _)| *since < index);
                    let mut enrolled = enrolled.filter(|(_, key)| key.signer == *signer);
                    self.seats
                        .iter()
                        .find_map(of_seat)
                        .or_else(|| enrolled.next().map(|(_, key)| key.clone()))
                }
            };
            let key = key.ok_or_else(|| format!("the key of `{signer}` is not shown"))?;
            let assertion = submission.assertions().iter().find(|beside| beside.name == line.name);
            if !wrote(&key, act, line, assertion) {
                return Err(format!("the signature of `{signer}` does not hold"));
            }
            shown.insert(signer.clone(), key.capacity);
        }
        if index > 0 && !self.entitled(act, &shown) {
            return Err("its signers' keys may not sign such an act, or are too few".to_owned());
        }
        Ok(shown.into_keys().collect())
    }

    /// Whether these keys may sign an act of this kind, and are enough (TIME T3): else one key that was
    /// stolen, of a node or one root of several, would speak for its participant.
    fn entitled(&self, act: &Act, signers: &BTreeMap<SignerName, Option<Capacity>>) -> bool {
        let Some(by) = act.head().by.participant() else {
            return signers.keys().all(|signer| *signer == SignerName::Registrar);
        };
        let needed = asks_for(act.body(), by);
        let (own, others): (Vec<_>, Vec<_>) =
            signers.iter().partition(|(signer, _)| signer.participant() == Some(by));
        let seat = self.seats.iter().map(|(_, seat)| seat).find(|seat| seat.participant == *by);
        let enough = match needed {
            Capacity::Root => seat.map(|seat| seat.roots.k),
            Capacity::Recovery => seat.and_then(|seat| Some(seat.recovery.as_ref()?.k)),
            Capacity::Officer | Capacity::Intake | Capacity::Node | Capacity::Seal => Some(1),
        };
        // A vote may be signed by all the new roots too.
        let others: BTreeSet<_> = others.into_iter().map(|(signer, _)| signer.clone()).collect();
        let beside = match act.body() {
            Body::Enrol(Enrol::Seat(seat)) => {
                seat.roots.keys.iter().filter_map(|key| self.anchor.signer_of(&key.0)).collect()
            }
            _ => BTreeSet::new(),
        };
        own.iter().all(|(_, capacity)| **capacity == Some(needed))
            && enough.is_some_and(|k| own.len() as u64 >= u64::from(k))
            && (others.is_empty() || others == beside)
    }

    fn stands(
        &self,
        state: &StandingState,
        at: &Checkpoint,
    ) -> Result<(SignerName, StateNote, Vec<String>), String> {
        let note = Note::parse(state.note.as_bytes(), 1).map_err(|error| format!("`state`: {error}"))?;
        let said = StateNote::parse(note.text())?;
        if said.genesis != self.anchor.genesis || said.body.size != at.size || said.body.root != at.root {
            return Err("`state`: the note is of another register, or of another size".to_owned());
        }
        let (_, key) = self.enrolled(&state.key, at).map_err(|what| format!("`state`: {what}"))?;
        let line = note.signatures().first().ok_or("`state`: the note is not signed")?;
        let vkey = key.vkey.filter(|_| key.capacity == Some(Capacity::Node));
        let vkey = vkey.ok_or("`state`: the note is not signed by a node's key")?;
        vkey.verify(note.text(), line).map_err(|fault| format!("`state`: {fault}"))?;
        for standing in &state.lines {
            let leaf = tlog::leaf_hash(standing.line.as_bytes());
            tlog::verify_inclusion(&leaf, standing.index, said.body.lines, &standing.path, &said.body.state)
                .map_err(|fault| format!("`state`: a line is not in it: {fault}"))?;
        }
        let lines = state.lines.iter().map(|standing| standing.line.clone()).collect();
        Ok((key.signer, said, lines))
    }
}

/// Whether a key has made its line under an act, and its passkey the one beside it; a passkey alone, its
/// only line.
fn wrote(key: &ProvenKey, act: &Act, line: &SignatureLine, beside: Option<&SignatureLine>) -> bool {
    let (own, assertion) = match (&key.vkey, &key.passkey) {
        (Some(vkey), _) => (vkey.verify(act.text(), line).is_ok(), beside),
        (None, _) => (beside.is_none(), Some(line)),
    };
    own && match (&key.passkey, assertion) {
        (Some((vkey, rp, origins)), Some(assertion)) => {
            let expected = note::passkey::Expected { act: act.id(), rp, origins };
            let read = Assertion::parse(&assertion.payload).ok().zip(vkey.passkey_key());
            let holds = |(read, public): (Assertion, _)| read.verify(&public, &expected).is_ok();
            vkey.made(assertion) && read.is_some_and(holds)
        }
        (None, None) => true,
        _ => false,
    }
}
