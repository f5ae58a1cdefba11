//! One entry, to take away: a standing proof that anybody can check who knows the register's name.

use act::{Body, Entry};
use audit::standing::{FORMAT, StandingLine, StandingProof, StandingState};
use terms::{ActId, Capacity, Item, SignerName, base64};
use tlog::{CosignedCheckpoint, LogProof, inclusion_proof};

use crate::node::Store;
use crate::{Fault, Node};

impl Node {
    /// The C2SP tlog-proof of an entry to the largest checkpoint with a quorum, with the entry as
    /// `extra`.
    ///
    /// # Errors
    ///
    /// The entry is not final yet.
    pub fn log_proof(&self, index: u64) -> Result<LogProof, Fault> {
        let checkpoint = self.final_checkpoint()?;
        let size = checkpoint.checkpoint().size;
        if index >= size {
            return Err(Fault::Unknown(format!(
                "entry {index} is on its way: registered, not yet cosigned (the last checkpoint is of {size})"
            )));
        }
        let unreadable = || Fault::Unknown(format!("the tiles for entry {index} can't be read"));
        let path = match &self.store {
            Store::Log(log) => inclusion_proof(&log.hashes(size), index, size).map_err(|_| unreadable())?,
            Store::Mirror(mirror) => {
                inclusion_proof(&mirror.hashes(size), index, size).map_err(|_| unreadable())?
            }
        };
        Ok(LogProof { extra: Some(self.entry(index)?), index, path, checkpoint })
    }

    fn final_checkpoint(&self) -> Result<CosignedCheckpoint, Fault> {
        self.checkpoint()?
            .ok_or_else(|| Fault::Unknown("nothing is final yet: no quorum has cosigned".to_owned()))
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
    /// capacity `node`, what came of its exhibits and of the matter that it opened.
    ///
    /// # Errors
    ///
    /// The act is not here, or not final yet.
    pub fn standing_proof(&self, id: &ActId) -> Result<Vec<u8>, Fault> {
        let (index, act) = self.find(id)?;
        let proof = self.log_proof(index)?;
        let text = |proof: &LogProof| String::from_utf8_lossy(&proof.to_bytes()).into_owned();
        let mut keys = Vec::new();
        for signer in &act.head().signers {
            if let Some(enrolment) = self.enrolment_of(signer)? {
                keys.push(text(&self.log_proof(enrolment)?));
            }
        }
        let genesis = self.entry(0)?;
        let policy = self.policy_text(&genesis)?;
        let file = StandingProof {
            format: FORMAT.to_owned(),
            genesis: base64::encode(&genesis),
            policy,
            keys,
            proof: text(&proof),
            state: self.standing_state(id, index, &proof.checkpoint)?,
        };
        let mut bytes = serde_json::to_vec(&file).map_err(|error| Fault::Foreign(error.to_string()))?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    fn policy_text(&self, genesis: &[u8]) -> Result<String, Fault> {
        let entry = Entry::parse(genesis)?;
        let Body::Genesis(body) = entry.act().body() else {
            return Err(Fault::Unknown("entry 0 is no genesis".to_owned()));
        };
        let bytes = self.annexes().get(&body.annexes.policy.sha256)?.unwrap_or_default();
        String::from_utf8(bytes).map_err(|_| Fault::Unknown("the witness policy is not text".to_owned()))
    }

    /// A state note of the final entries, signed by this node's own key, and the lines about an act.
    fn standing_state(
        &self,
        id: &ActId,
        index: u64,
        checkpoint: &CosignedCheckpoint,
    ) -> Result<Option<StandingState>, Fault> {
        let node_key = self.replay.ledger().keys().iter().find(|(name, key)| {
            name.participant() == Some(self.me()) && key.capacity == Capacity::Node && key.ended.is_none()
        });
        let Some((signer, key)) = node_key else { return Ok(None) };
        let size = checkpoint.checkpoint().size;
        if key.since >= size {
            return Ok(None);
        }
        let Ok(secret) = self.signing_key(&self.origin().key_name(signer)) else { return Ok(None) };
        let replay = self.final_replay(size)?;
        let state = replay.state();
        let body = replay.state_body(None);
        let note = act::StateNote { origin: self.origin().clone(), genesis: self.genesis(), body }
            .sign(&secret, signer)
            .map_err(|error| Fault::Foreign(error.to_string()))?;
        let exhibit = docket::v1::state::exhibit_path(&Item::exhibit(*id, 1));
        let exhibit = exhibit.trim_end_matches("f1").to_owned();
        let matter = format!("matter/{index}");
        let about = |path: &str| {
            path.starts_with(&exhibit) || path == matter || path.starts_with(&format!("{matter}/"))
        };
        let lines = state
            .lines()
            .iter()
            .filter(|line| line.split(' ').next().is_some_and(about))
            .filter_map(|line| {
                let path = line.split(' ').next()?;
                let (index, path) = state.prove(path)?;
                Some(StandingLine { line: line.clone(), index, path })
            })
            .take(LINES_MAX)
            .collect();
        let key = String::from_utf8_lossy(&self.log_proof(key.since)?.to_bytes()).into_owned();
        Ok(Some(StandingState { note: note.to_string(), key, lines }))
    }

    /// The docket of the final entries alone: what replay gives that reads only what a quorum cosigned.
    fn final_replay(&self, size: u64) -> Result<docket::v1::Replay, Fault> {
        if size == self.size() {
            return Ok(self.replay.clone());
        }
        crate::node::replay_entries(&self.folder, &self.store, size, |_, _| ())
    }
}

/// The most lines of a state in one proof.
const LINES_MAX: usize = 64;
