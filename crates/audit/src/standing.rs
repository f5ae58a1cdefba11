//! A standing proof: one entry, who signed it and that it is final, in one small file that anybody can
//! check who knows the register's name by voice. With a state note it says what came of it too.
//!
//! ```text
//! {"format":"mithaq.proof/v1","genesis":"…","policy":"…","entry":"…","keys":["…"],"proof":"…","state":{…}}
//! ```
//!
//! `genesis` and each of `keys` are entries in base64, `policy` is the annex's text, `proof` a C2SP
//! tlog-proof with the entry as `extra`. `keys` are the entries that enrolled the signers' keys, each
//! as a tlog-proof to the same checkpoint, so that whose signature it is needs no trust either.

use std::collections::{BTreeMap, BTreeSet};

use act::{Body, Entry, StateNote};
use note::{Algorithm, KeyName, Note, Receipt, VerifierKey};
use serde::{Deserialize, Serialize};
use terms::{Capacity, Hash, Instant, ParticipantId, SignerName, VoiceName, base64};
use tlog::{Checkpoint, LogProof, Policy};

use crate::folder::Expected;

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
    /// Its name in notes.
    pub origin: String,
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
    let register = Register::found(&genesis, &file.policy, expected)?;

    let proof = LogProof::parse(file.proof.as_bytes()).map_err(|fault| format!("`proof`: {fault}"))?;
    let (entry, cosigners) = register.included(&proof)?;
    let checkpoint = proof.checkpoint.checkpoint();
    let mut enrolled = register.roots.clone();
    for key in &file.keys {
        enrolled.extend(register.enrolled(key, checkpoint)?);
    }
    let signers = register.signed(&entry, &enrolled)?;
    let state = match &file.state {
        None => None,
        Some(state) => Some(register.stands(state, checkpoint)?),
    };
    Ok(Shown {
        voice: VoiceName::of(&register.genesis),
        origin: register.origin.to_string(),
        index: proof.index,
        registered: entry.receipt().time,
        entry,
        signers,
        cosigners,
        size: checkpoint.size,
        state,
    })
}

/// What the genesis alone says.
struct Register {
    origin: terms::Origin,
    genesis: Hash,
    policy: Policy,
    registrar: VerifierKey,
    roots: Vec<(SignerName, VerifierKey, Capacity)>,
    /// How many roots of each founder must sign.
    thresholds: BTreeMap<ParticipantId, usize>,
}

impl Register {
    fn found(genesis: &[u8], policy_text: &str, expected: &Expected) -> Result<Register, String> {
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
        if Hash::of(policy_text.as_bytes()) != body.annexes.policy.sha256 {
            return Err("`policy` is not the one that the genesis names".to_owned());
        }
        let policy = Policy::parse(policy_text.as_bytes())
            .map_err(|errors| errors.first().map_or_else(String::new, ToString::to_string))?;
        if policy.log().raw() != body.registrar.0.raw() || policy.origin() != entry.act().origin() {
            return Err("`policy` names another register".to_owned());
        }
        let origin = entry.act().origin().clone();
        let roots = body
            .founders
            .iter()
            .flat_map(|seat| {
                let recovery = seat.recovery.iter().flat_map(|set| &set.keys);
                let roots = seat.roots.keys.iter().map(|key| (key, Capacity::Root));
                roots.chain(recovery.map(|key| (key, Capacity::Recovery)))
            })
            .filter_map(|(key, capacity)| {
                let signer = SignerName::from_key_name(&origin, key.0.name().as_str())?;
                Some((signer, key.0.clone(), capacity))
            })
            .collect();
        let thresholds =
            body.founders.iter().map(|seat| (seat.participant.clone(), seat.roots.k as usize)).collect();
        let registrar = body.registrar.0.clone();
        let register = Register { thresholds, origin, genesis: hash, policy, registrar, roots };
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
        self.signed(genesis, &self.roots)?;
        self.receipted(genesis, 0)
    }

    /// The entry of a tlog-proof, if it stands in a log that a quorum has cosigned, with a good receipt.
    fn included(&self, proof: &LogProof) -> Result<(Entry, Vec<(String, Instant)>), String> {
        let bytes = proof.extra.as_ref().ok_or("a proof has the entry as `extra`")?;
        let cosigners =
            proof.verify(&tlog::leaf_hash(bytes), &self.policy).map_err(|fault| fault.to_string())?;
        let entry = Entry::parse(bytes).map_err(|fault| fault.to_string())?;
        if entry.act().register() != self.genesis {
            return Err("the entry is of another register".to_owned());
        }
        self.receipted(&entry, proof.index)?;
        let named = cosigners
            .times
            .iter()
            .map(|(place, time)| (self.policy.witnesses()[*place].name.clone(), *time))
            .collect();
        Ok((entry, named))
    }

    /// Whether the registrar signed the receipt, for this index and this submission.
    fn receipted(&self, entry: &Entry, index: u64) -> Result<(), String> {
        if entry.receipt().index != index || entry.receipt().submission != entry.submission_hash() {
            return Err("the receipt is for another entry".to_owned());
        }
        let key = self
            .registrar
            .under(KeyName::receipt(&self.origin), Algorithm::Receipt)
            .ok_or("the registrar's key signs no receipts")?;
        let signed = Receipt::verify(entry.receipt_line(), &key, &self.origin, &self.genesis);
        signed.map(drop).map_err(|fault| format!("the receipt: {fault}"))
    }

    /// The key that an entry of the same checkpoint enrolled, if enough roots of the genesis signed it.
    fn enrolled(
        &self,
        proof: &str,
        at: &Checkpoint,
    ) -> Result<Vec<(SignerName, VerifierKey, Capacity)>, String> {
        let proof = LogProof::parse(proof.as_bytes()).map_err(|fault| format!("`keys`: {fault}"))?;
        if proof.checkpoint.checkpoint() != at {
            return Err("`keys`: the proofs are to one checkpoint".to_owned());
        }
        let (entry, _) = self.included(&proof)?;
        let act = entry.act();
        let (Body::Enrol(act::body::Enrol::Key(enrolment)), Some(by)) =
            (act.body(), act.head().by.participant())
        else {
            return Err("`keys`: an entry that enrols no key".to_owned());
        };
        let roots: Vec<_> =
            self.roots.iter().filter(|(_, _, capacity)| *capacity == Capacity::Root).cloned().collect();
        let signed = self.signed(&entry, &roots)?;
        let enough = self.thresholds.get(by).copied().unwrap_or(usize::MAX);
        if signed.len() < enough || signed.iter().any(|signer| signer.participant() != Some(by)) {
            return Err(format!("`keys`: too few roots of `{by}` sign the enrolment"));
        }
        let signer = SignerName::key(by, &enrolment.label);
        Ok(enrolment.vkey.iter().map(|vkey| (signer.clone(), vkey.0.clone(), enrolment.capacity)).collect())
    }

    /// Every signer of an entry, if each is one of these keys and its signature holds.
    fn signed(
        &self,
        entry: &Entry,
        keys: &[(SignerName, VerifierKey, Capacity)],
    ) -> Result<Vec<SignerName>, String> {
        let act = entry.act();
        let mut shown = BTreeSet::new();
        for (signer, line) in act.head().signers.iter().zip(entry.submission().signatures()) {
            let registrar;
            let vkey = match signer {
                SignerName::Registrar => {
                    let name = KeyName::signer(&self.origin, signer);
                    registrar = self.registrar.under(name, Algorithm::Ed25519);
                    registrar.as_ref()
                }
                SignerName::Key { .. } => {
                    keys.iter().find(|(name, ..)| name == signer).map(|(_, vkey, _)| vkey)
                }
            };
            let vkey = vkey.ok_or_else(|| format!("the key of `{signer}` is not shown"))?;
            vkey.verify(act.text(), line).map_err(|fault| format!("the signature of `{signer}`: {fault}"))?;
            shown.insert(signer.clone());
        }
        Ok(shown.into_iter().collect())
    }

    fn stands(
        &self,
        state: &StandingState,
        at: &Checkpoint,
    ) -> Result<(SignerName, StateNote, Vec<String>), String> {
        let note = Note::parse(state.note.as_bytes(), 1).map_err(|error| format!("`state`: {error}"))?;
        let said = StateNote::parse(note.text())?;
        if said.genesis != self.genesis || said.body.size != at.size || said.body.root != at.root {
            return Err("`state`: the note is of another register, or of another size".to_owned());
        }
        let keys = self.enrolled(&state.key, at)?;
        let line = note.signatures().first().ok_or("`state`: the note is not signed")?;
        let signer = SignerName::from_key_name(&self.origin, line.name.as_str());
        let key = keys
            .iter()
            .find(|(name, _, capacity)| Some(name) == signer.as_ref() && *capacity == Capacity::Node);
        let (name, vkey, _) = key.ok_or("`state`: the note is not signed by a node's key")?;
        vkey.verify(note.text(), line).map_err(|fault| format!("`state`: {fault}"))?;
        for standing in &state.lines {
            let leaf = tlog::leaf_hash(standing.line.as_bytes());
            tlog::verify_inclusion(&leaf, standing.index, said.body.lines, &standing.path, &said.body.state)
                .map_err(|fault| format!("`state`: a line is not in it: {fault}"))?;
        }
        let lines = state.lines.iter().map(|standing| standing.line.clone()).collect();
        Ok((name.clone(), said, lines))
    }
}
