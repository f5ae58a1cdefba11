//! What a node notices in the entries as they pass by: where each act stands, which annexes are named,
//! and what its own keys were seen to have signed.

use std::collections::{BTreeMap, BTreeSet};

use act::{Body, Entry};
use note::{Intake, KeyName, VerifierKey};
use register::Ids;
use terms::{ActId, Hash, Instant, Origin};
use tlog::witness::Seen;
use tlog::{CosignedCheckpoint, cosignature};
use vault::Keyring;

use crate::Settings;
use crate::bundle::Named;
use crate::node::signing_key;

/// Gathered from all entries, in order.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    origin: Origin,
    witness: Option<VerifierKey>,
    intake: Option<VerifierKey>,
    /// Where each act stands; of a register that this node keeps itself its log knows that.
    ids: Option<Ids>,
    /// Annexes that entries name, each with every size that one says.
    pub(crate) annexes: BTreeMap<Hash, BTreeSet<u64>>,
    /// Exhibits that entries file and grant.
    pub(crate) files: Named,
    /// The checkpoint of the largest mark, as it was entered.
    pub(crate) mark: Option<CosignedCheckpoint>,
    /// How many entries each mark covers that covers more than those before it, and where it stands.
    marks: BTreeMap<u64, u64>,
    /// Name and id of each key that made a line under a mark's checkpoint.
    cosigners: BTreeSet<(KeyName, [u8; 4])>,
    /// The largest that this node's witness cosigned, as a mark shows.
    pub(crate) cosigned: Option<Seen>,
    /// This node's stamps, by the stamp before.
    stamps: BTreeMap<Hash, Intake>,
}

impl Known {
    pub(crate) fn new(settings: &Settings, ring: &Keyring) -> Known {
        let key = |name: &Option<String>, make: fn(KeyName, note::PublicKey) -> VerifierKey| {
            let name = name.as_ref()?;
            Some(make(KeyName::new(name)?, signing_key(ring, name).ok()?.public()))
        };
        Known {
            origin: settings.origin.clone(),
            witness: key(&settings.witness, VerifierKey::cosigner),
            intake: key(&settings.intake, VerifierKey::intake),
            ids: (!settings.registrar).then(Ids::default),
            annexes: BTreeMap::new(),
            files: Named::default(),
            mark: None,
            marks: BTreeMap::new(),
            cosigners: BTreeSet::new(),
            cosigned: None,
            stamps: BTreeMap::new(),
        }
    }

    /// Takes in the next entry.
    pub(crate) fn look(&mut self, index: u64, bytes: &[u8]) {
        let Ok(entry) = Entry::parse(bytes) else { return };
        let act = entry.act();
        if let Some(ids) = &mut self.ids {
            ids.insert(&act.id(), index);
        }
        for annex in act.body().annexes() {
            self.annexes.entry(annex.sha256).or_default().insert(annex.size);
        }
        self.files.look(act);
        for line in entry.submission().intakes() {
            if let Some(key) = &self.intake
                && let Ok(stamp) = Intake::verify(line, key, act.id())
            {
                self.stamps.insert(stamp.previous, stamp);
            }
        }
        match act.body() {
            Body::Intake(body) => {
                let name = KeyName::signer(&self.origin, &body.key);
                if self.intake.as_ref().is_some_and(|key| *key.name() == name) {
                    let stamp = Intake { act: body.act, time: body.time, previous: body.previous };
                    self.stamps.insert(stamp.previous, stamp);
                }
            }
            Body::Mark(body) => self.look_at_mark(index, body.checkpoint.as_str()),
            _ => {}
        }
    }

    fn look_at_mark(&mut self, index: u64, note: &str) {
        let Ok(cosigned) = CosignedCheckpoint::parse(note.as_bytes()) else { return };
        if let Some(seen) = self.witnessed(&cosigned)
            && self.cosigned.is_none_or(|before| before.size < seen.size)
        {
            self.cosigned = Some(seen);
        }
        let lines = cosigned.note().signatures().iter();
        self.cosigners.extend(lines.map(|line| (line.name.clone(), line.key_id)));
        let size = cosigned.checkpoint().size;
        if self.mark.as_ref().is_none_or(|before| before.checkpoint().size < size) {
            self.marks.insert(size, index);
            self.mark = Some(cosigned);
        }
    }

    /// Where an act stands in a copy of a register.
    pub(crate) fn index_of(&self, act: &ActId) -> Option<u64> {
        self.ids.as_ref()?.get(act)
    }

    /// Where the first mark stands that covers more than so many entries.
    pub(crate) fn mark_above(&self, size: u64) -> Option<u64> {
        self.marks.range(size.saturating_add(1)..).next().map(|(_, index)| *index)
    }

    /// The key of this node's witness, if it has one.
    pub(crate) const fn witness(&self) -> Option<&VerifierKey> {
        self.witness.as_ref()
    }

    /// Whether a mark shows that a witness has ever cosigned.
    pub(crate) fn has_cosigned(&self, key: &VerifierKey) -> bool {
        self.cosigners.iter().any(|(name, id)| name == key.name() && *id == key.id())
    }

    /// Size and root of a checkpoint, if this node's witness has cosigned it.
    pub(crate) fn witnessed(&self, cosigned: &CosignedCheckpoint) -> Option<Seen> {
        let key = self.witness.as_ref()?;
        let checkpoint = cosigned.checkpoint();
        let mut lines = cosigned.note().signatures().iter();
        let by_us = lines.any(|line| cosignature::verify(checkpoint, key, line).is_ok());
        by_us.then_some(Seen { size: checkpoint.size, root: checkpoint.root })
    }

    /// Whether an act has a stamp of this node in the register.
    pub(crate) fn is_stamped(&self, act: &ActId) -> bool {
        self.stamps.values().any(|stamp| stamp.act == *act)
    }

    /// A stamp of this node's in the register that comes after the last that its key remembers.
    pub(crate) fn stamp_after(&self, last: Option<&Intake>) -> Option<&Intake> {
        match last {
            None => self.stamps.values().next(),
            Some(last) => self.stamps.get(&last.hash()).or_else(|| self.later_than(last.time)),
        }
    }

    fn later_than(&self, time: Instant) -> Option<&Intake> {
        self.stamps.values().find(|stamp| stamp.time > time)
    }
}
