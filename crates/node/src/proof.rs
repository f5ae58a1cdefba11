//! One entry, to take away: a standing proof that anybody can check who knows the register's name.

use std::collections::BTreeSet;
use std::sync::Arc;

use act::body::Disown;
use act::value::AnnexRef;
use act::{Act, Body, Entry};
use audit::standing::{FORMAT, StandingLine, StandingProof, StandingState};
use docket::v1::state::Proved;
use docket::v1::{MatterKey, Replay};
use note::SigningKey;
use terms::{ActId, Capacity, Hash, Item, Origin, ParticipantId, SignerName, base64};
use tlog::{CosignedCheckpoint, LogProof};

use crate::{Fault, Node};

impl Node {
    /// The C2SP tlog-proof of an entry to the largest checkpoint with a quorum, with the entry as
    /// `extra`.
    ///
    /// # Errors
    ///
    /// The entry is not final yet.
    pub fn log_proof(&self, index: u64) -> Result<LogProof, Fault> {
        let served = self.served();
        if let Some(proof) = served.log_proof(index)? {
            return Ok(proof);
        }
        Err(Fault::Unknown(match served.checkpoint()? {
            Some(cosigned) => format!(
                "entry {index} is on its way: registered, not yet cosigned (the last checkpoint is of {})",
                cosigned.checkpoint().size
            ),
            None => "nothing is final yet: no quorum has cosigned".to_owned(),
        }))
    }

    /// The votes that a participant has its seat by, as far as founders cast them; none for a founder.
    fn votes_for(&self, who: &ParticipantId) -> Result<Vec<u64>, Fault> {
        let seats = self.replay.ledger().seats();
        let mut votes = Vec::new();
        for index in seats.get(who).into_iter().flat_map(|seat| &seat.given_by) {
            let vote = Entry::parse(&self.entry(*index)?)?;
            let voter = vote.act().head().by.participant().and_then(|by| seats.get(by));
            if voter.is_some_and(|voter| voter.taken == Some(0)) {
                votes.push(*index);
            }
        }
        Ok(votes)
    }

    /// The entry that enrolled a key.
    fn enrolment_of(&self, signer: &SignerName) -> Result<Option<u64>, Fault> {
        let key = self.replay.ledger().keys().get(signer);
        let Some(key) = key.filter(|key| !matches!(key.capacity, Capacity::Root | Capacity::Recovery)) else {
            return Ok(None);
        };
        Ok(Some(key.since))
    }

    /// The standing proof of an act: that it is final, who signed it, and, if this node has a key of
    /// capacity `node`, what came of its exhibits and its matter, and of those that it says something of.
    ///
    /// # Errors
    ///
    /// The act is not here, or not final yet.
    pub fn standing_proof(&self, id: &ActId) -> Result<Vec<u8>, Fault> {
        self.begin_proof(id)?.make()
    }

    /// The same, of which the longest is left to be done: that asks for the node no more.
    ///
    /// # Errors
    ///
    /// The same.
    pub fn begin_proof(&self, id: &ActId) -> Result<Begun, Fault> {
        let (index, act) = self.find(id)?;
        let proof = self.log_proof(index)?;
        let mut keys = Vec::new();
        for signer in &act.head().signers {
            if let Some(enrolment) = self.enrolment_of(signer)? {
                keys.push(text(&self.log_proof(enrolment)?));
            }
        }
        let genesis = self.entry(0)?;
        let (policy, instrument) = self.annex_texts(&genesis)?;
        let about = self.about(&act, index, &proof.checkpoint)?;
        // Whose keys are to be shown: the signers', and this node's, which speaks of the state.
        let signers = act.head().signers.iter().filter_map(SignerName::participant);
        let shown: BTreeSet<&ParticipantId> = signers.chain(about.iter().map(|_| self.me())).collect();
        let mut seats = Vec::new();
        for who in shown {
            for vote in self.votes_for(who)? {
                seats.push(text(&self.log_proof(vote)?));
            }
        }
        let file = StandingProof {
            format: FORMAT.to_owned(),
            genesis: base64::encode(&genesis),
            policy,
            instrument: Some(instrument),
            seats,
            keys,
            proof: text(&proof),
            state: None,
        };
        Ok(Begun { file, about })
    }

    /// The witness policy and the instrument that a genesis names.
    fn annex_texts(&self, genesis: &[u8]) -> Result<(String, String), Fault> {
        let entry = Entry::parse(genesis)?;
        let Body::Genesis(body) = entry.act().body() else {
            return Err(Fault::Unknown("entry 0 is no genesis".to_owned()));
        };
        let text = |annex: &AnnexRef, what: &str| {
            let bytes = self.annexes().get(&annex.sha256)?.unwrap_or_default();
            String::from_utf8(bytes).map_err(|_| Fault::Unknown(format!("the {what} is not text")))
        };
        Ok((text(&body.annexes.policy, "witness policy")?, text(&body.annexes.instrument, "instrument")?))
    }

    /// What a state note of the final entries is to say of an act; none if this node has no key for one.
    fn about(&self, act: &Act, index: u64, checkpoint: &CosignedCheckpoint) -> Result<Option<About>, Fault> {
        let node_key = self.replay.ledger().keys().iter().find(|(name, key)| {
            name.participant() == Some(self.me()) && key.capacity == Capacity::Node && key.ended.is_none()
        });
        let Some((signer, key)) = node_key else { return Ok(None) };
        let size = checkpoint.checkpoint().size;
        if key.since >= size {
            return Ok(None);
        }
        let Ok(secret) = self.signing_key(&self.origin().key_name(signer)) else { return Ok(None) };
        let filed = docket::v1::state::exhibit_path(&Item::exhibit(act.id(), 1));
        let mut things: Vec<String> =
            exhibits_of(act.body()).iter().map(docket::v1::state::exhibit_path).collect();
        let written = transcript_of(act.body()).unwrap_or(act.id());
        things.push(format!("transcript/{}", written.0.to_hex()));
        let named = act.body().matter();
        let settlement = self.docket.settlement();
        let last = MatterKey { index, number: u32::MAX };
        let mut matters = settlement.matters().keys_in(&(MatterKey::opened(index)..=last));
        matters.extend(named.and_then(|named| settlement.matter(&named)).map(|(key, _)| key));
        things.extend(matters.iter().map(|key| format!("matter/{key}")));
        Ok(Some(About {
            docket: Arc::clone(&self.docket),
            origin: self.origin().clone(),
            genesis: self.genesis(),
            key: text(&self.log_proof(key.since)?),
            signer: signer.clone(),
            secret,
            filed: filed.trim_end_matches("f1").to_owned(),
            things,
        }))
    }
}

/// A standing proof that lacks what this node says of the state: for that all lines of it are gone through.
pub struct Begun {
    file: StandingProof,
    about: Option<About>,
}

impl Begun {
    /// All of it.
    ///
    /// # Errors
    ///
    /// It can't be written down.
    pub fn make(self) -> Result<Vec<u8>, Fault> {
        let Begun { mut file, about } = self;
        file.state = about.map(About::say).transpose()?;
        let mut bytes = serde_json::to_vec(&file).map_err(|error| Fault::Foreign(error.to_string()))?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

/// What is to be said of the state, by which key.
struct About {
    docket: Arc<Replay>,
    origin: Origin,
    genesis: Hash,
    /// The proof of the act that enrolled the key.
    key: String,
    signer: SignerName,
    secret: SigningKey,
    /// What the paths of the act's exhibits begin with.
    filed: String,
    /// The other things that lines are wanted of.
    things: Vec<String>,
}

impl About {
    /// A state note, signed by the node's own key, and the lines.
    fn say(self) -> Result<StandingState, Fault> {
        let About { docket, origin, genesis, key, signer, secret, filed, things } = self;
        let about = |path: &str| {
            let of = |thing: &String| {
                path.strip_prefix(thing.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            path.starts_with(&filed) || things.iter().any(of)
        };
        let Proved { body, lines } = docket.prove_lines(&about, LINES_MAX);
        let note = act::StateNote { origin, genesis, body }
            .sign(&secret, &signer)
            .map_err(|error| Fault::Foreign(error.to_string()))?;
        let line = |(line, index, path)| StandingLine { line, index, path };
        let lines = lines.into_iter().map(line).collect();
        Ok(StandingState { note: note.to_string(), key, lines })
    }
}

fn text(proof: &LogProof) -> String {
    String::from_utf8_lossy(&proof.to_bytes()).into_owned()
}

/// The exhibits of others that an act says something of.
#[must_use]
pub fn exhibits_of(body: &Body) -> Vec<Item> {
    match body {
        Body::Grant(body) => vec![body.exhibit],
        Body::Keep(body) => body.exhibits.clone(),
        Body::Opened(body) => vec![body.exhibit],
        Body::Answer(body) => vec![body.exhibit],
        Body::Challenge(body) => vec![body.exhibit],
        Body::Rule(body) => vec![body.exhibit],
        Body::Hold(body) => vec![body.exhibit],
        Body::Destroy(body) => vec![body.exhibit],
        _ => Vec::new(),
    }
}

/// The transcribing act of another that an act says something of.
#[must_use]
pub const fn transcript_of(body: &Body) -> Option<ActId> {
    match body {
        Body::Confirm(confirm) => Some(confirm.act),
        Body::Disown(Disown::Act(act)) => Some(*act),
        _ => None,
    }
}

/// The most lines of a state in one proof.
const LINES_MAX: usize = 64;
