//! Seats: who gives them, who takes them, and what keys come with them (DECISIONS, *a third joins*);
//! and the registrar's own, which a succession gives to another.

use std::collections::BTreeSet;

use act::Act;
use act::body::{Recover, Seat};
use act::value::KeySet;
use note::{Algorithm, KeyName, VerifierKey};
use terms::{Capacity, Custody, ParticipantId, Role, SignerName};
use tlog::Policy;

use super::{Chain, Ended, KeyState, Ledger, Threshold, Vote, receipt_key};
use crate::rules::v1::succession::Succession;
use crate::rules::v1::void::VoidReason;

impl Ledger {
    /// Keeps the keys of a seat for its participant.
    pub(super) fn name_keys(&mut self, seat: &Seat) {
        for key in seat.roots.keys.iter().chain(seat.recovery.iter().flat_map(|set| &set.keys)) {
            self.named.entry(key.0.raw().to_vec()).or_insert_with(|| seat.participant.clone());
            self.named_labels.extend(self.signer_of(&key.0));
        }
    }

    /// Whether an act asks for new roots as it may; then, or not, the keys that it names are kept.
    pub(super) fn ask_for_recovery(
        &mut self,
        by: &ParticipantId,
        recover: &Recover,
    ) -> Result<(), VoidReason> {
        let Recover { participant, roots, recovery } = recover.clone();
        let seat = Seat { participant, roots, recovery };
        let may = self.may_ask_for_recovery(by, &seat);
        self.name_keys(&seat);
        may
    }

    fn may_ask_for_recovery(&self, by: &ParticipantId, seat: &Seat) -> Result<(), VoidReason> {
        if self.names_excluded_in_seat(seat) {
            return Err(VoidReason::Excluded);
        }
        self.role(&seat.participant).ok_or(VoidReason::Unknown)?;
        if *by != seat.participant && self.role(by) != Some(Role::Guarantor) {
            return Err(VoidReason::NoPower);
        }
        if self.is_vacant(&seat.participant) {
            return Err(VoidReason::Vacant);
        }
        if !self.keys_are_new(seat) {
            return Err(VoidReason::WrongState);
        }
        Ok(())
    }

    /// How many keys of its author a recovery of this seat needs: recovery keys for its own, else roots.
    pub(super) fn recovery_needs(&self, by: &ParticipantId, of: &ParticipantId) -> u32 {
        let Some(seat) = self.seats.get(by) else { return 1 };
        let set = if by == of { seat.recovery.as_ref() } else { Some(&seat.roots) };
        set.map_or(1, |set| set.k)
    }

    /// A vote counts while its voter seats others: guarantors, and parties while those are fewer than
    /// two (DECISIONS, *a third joins*).
    pub(super) fn vote_to_seat(
        &mut self,
        by: &ParticipantId,
        act: &Act,
        seat: &Seat,
        index: u64,
    ) -> Result<Option<ParticipantId>, VoidReason> {
        if self.names_excluded_in_seat(seat) {
            return Err(VoidReason::Excluded);
        }
        let known = self.seats.get(&seat.participant).ok_or(VoidReason::Unknown)?;
        if known.taken.is_some() {
            return Err(VoidReason::WrongState);
        }
        if !self.seaters().contains(by) {
            return Err(VoidReason::NoPower);
        }
        self.name_keys(seat);
        let signers = act.head().signers.iter();
        let signers = signers.filter(|s| s.participant() == Some(by)).cloned().collect();
        let with_new_roots = act.head().signers.iter().any(|s| s.participant() == Some(&seat.participant));
        let votes = self.votes.entry(seat.participant.clone()).or_default();
        votes.retain(|vote| vote.by != *by);
        votes.push(Vote { by: by.clone(), signers, seat: seat.clone(), with_new_roots, index });

        let for_this: Vec<&Vote> = votes.iter().filter(|vote| vote.seat == *seat).collect();
        let voters: BTreeSet<ParticipantId> = for_this.iter().map(|vote| vote.by.clone()).collect();
        let given_by = for_this.iter().map(|vote| vote.index).collect();
        let signed_by_new = for_this.iter().any(|vote| vote.with_new_roots);
        // Never by one participant alone.
        let complete =
            voters.len() > 1 && signed_by_new && self.seaters().iter().all(|who| voters.contains(who));
        if !complete {
            return Ok(None);
        }
        self.take_seat(seat, index);
        if let Some(taken) = self.seats.get_mut(&seat.participant) {
            taken.given_by = given_by;
        }
        self.votes.remove(&seat.participant);
        Ok(Some(seat.participant.clone()))
    }

    /// All guarantors seated by now; and all seated parties too while those are fewer than two.
    fn seaters(&self) -> BTreeSet<ParticipantId> {
        let seated = |role: Role| {
            self.seats
                .iter()
                .filter(move |(id, seat)| seat.taken.is_some() && self.roles.get(id) == Some(&role))
                .map(|(id, _)| id.clone())
        };
        let guarantors: Vec<_> = seated(Role::Guarantor).collect();
        let parties: Vec<_> = seated(Role::Party).collect();
        let too = if parties.len() < 2 { parties } else { Vec::new() };
        guarantors.into_iter().chain(too).collect()
    }

    /// A vote by a key that is disowned before the last does not count; nor one that too few others
    /// have signed beside it.
    pub(super) fn drop_votes_signed_by(&mut self, signer: &SignerName) {
        let seats = &self.seats;
        for votes in self.votes.values_mut() {
            votes.retain_mut(|vote| {
                if vote.signers.first() == Some(signer) {
                    return false;
                }
                vote.signers.retain(|other| other != signer);
                let k = seats.get(&vote.by).map_or(1, |seat| seat.roots.k);
                vote.signers.len() >= k as usize
            });
        }
        self.votes.retain(|_, votes| !votes.is_empty());
    }

    /// Who has voted to seat whom, where it is not complete.
    pub(in crate::rules::v1) fn votes(
        &self,
    ) -> impl Iterator<Item = (&ParticipantId, BTreeSet<&ParticipantId>)> {
        self.votes.iter().map(|(who, votes)| (who, votes.iter().map(|vote| &vote.by).collect()))
    }

    /// A succession that some have signed.
    #[must_use]
    pub const fn succession(&self) -> Option<&Succession> {
        self.succession.as_ref()
    }

    /// The registrar's key, under the name with which it signs acts.
    pub(in crate::rules::v1) fn registrar_name(&self) -> String {
        let name = KeyName::signer(&self.origin, &SignerName::Registrar);
        self.registrar.under(name, Algorithm::Ed25519).map_or_else(String::new, |key| key.to_string())
    }

    pub(in crate::rules::v1) fn names_excluded_in_seat(&self, seat: &Seat) -> bool {
        let labels = seat.roots.keys.iter().chain(seat.recovery.iter().flat_map(|set| &set.keys));
        self.excluded.names(seat.participant.as_str()).is_some()
            || labels.filter_map(|key| self.signer_of(&key.0)).any(|signer| match signer {
                SignerName::Key { label, .. } => self.excluded.names(label.as_str()).is_some(),
                SignerName::Registrar => false,
            })
    }

    pub(super) fn signer_of(&self, key: &VerifierKey) -> Option<SignerName> {
        SignerName::from_key_name(&self.origin, key.name().as_str())
    }

    pub(in crate::rules::v1) fn keys_are_new(&self, seat: &Seat) -> bool {
        let keys = seat.roots.keys.iter().chain(seat.recovery.iter().flat_map(|set| &set.keys));
        let mut seen = BTreeSet::new();
        keys.map(|key| &key.0).all(|key| {
            key.enrollable().is_ok()
                && !self.raw_keys.contains(key.raw())
                && self.named.get(key.raw()).is_none_or(|who| *who == seat.participant)
                && seen.insert(key.raw().to_vec())
                && self.signer_of(key).is_some_and(|name| !self.keys.contains_key(&name))
        })
    }

    /// Whether a key could be a registrar's: enrollable, and nobody's yet.
    pub(in crate::rules::v1) fn may_be_registrars(&self, key: &VerifierKey) -> bool {
        key.enrollable().is_ok() && !self.raw_keys.contains(key.raw()) && !self.named.contains_key(key.raw())
    }

    /// Whether no witness of a policy has a key that stands elsewhere.
    pub(in crate::rules::v1) fn may_be_policy(&self, policy: &Policy) -> bool {
        let known = |raw: &[u8]| self.policy.witnesses().iter().any(|witness| witness.key.raw() == raw);
        let new = |raw: &[u8]| !self.raw_keys.contains(raw) && !self.named.contains_key(raw);
        policy.witnesses().iter().map(|witness| witness.key.raw()).all(|raw| known(raw) || new(raw))
    }

    /// The first has signed a succession.
    pub(in crate::rules::v1) fn begin_succession(&mut self, body: &act::body::Succeed) {
        self.succession = Some(Succession { body: body.clone(), signed: BTreeSet::new() });
    }

    /// One more has signed the succession. With the last of those who may, the register goes on under
    /// the new key; gives whether this was the last.
    ///
    /// # Errors
    ///
    /// Why this act changes nothing.
    pub(in crate::rules::v1) fn succeed(
        &mut self,
        policy: Policy,
        body: &act::body::Succeed,
        by: &ParticipantId,
    ) -> Result<bool, VoidReason> {
        let needed = self.successors();
        let succession = self.succession.as_mut().ok_or(VoidReason::WrongState)?;
        if !needed.contains(by) {
            return Err(VoidReason::NoPower);
        }
        succession.signed.insert(by.clone());
        if !needed.is_subset(&succession.signed) {
            return Ok(false);
        }
        let name = KeyName::checkpoint(&self.origin);
        if let Some(key) = body.registrar.0.under(name, Algorithm::Ed25519) {
            self.receipt_key = receipt_key(&self.origin, &key);
            self.registrar = key;
        }
        self.registrar_chain = Chain::default();
        self.raw_keys.insert(body.registrar.0.raw().to_vec());
        self.raw_keys.extend(policy.witnesses().iter().map(|witness| witness.key.raw().to_vec()));
        self.policy = policy;
        self.succession = None;
        Ok(true)
    }

    /// Who must sign a succession, unless the instrument says otherwise: every seated guarantor.
    pub(in crate::rules::v1) fn successors(&self) -> BTreeSet<ParticipantId> {
        let seated = |id: &&ParticipantId| !self.is_vacant(id);
        self.roles
            .iter()
            .filter(|(_, role)| **role == Role::Guarantor)
            .map(|(id, _)| id)
            .filter(seated)
            .cloned()
            .collect()
    }

    /// Gives a seat its roots, from `index` on.
    pub(in crate::rules::v1) fn take_seat(&mut self, seat: &Seat, index: u64) {
        let roots = self.install(&seat.roots, Capacity::Root, index);
        let recovery = seat.recovery.as_ref().map(|set| self.install(set, Capacity::Recovery, index));
        let state = self.seats.entry(seat.participant.clone()).or_default();
        state.taken.get_or_insert(index);
        state.roots = roots;
        state.recovery = recovery;
    }

    /// Gives a participant new roots and ends the old ones.
    pub(in crate::rules::v1) fn recover(&mut self, seat: &Seat, index: u64) -> bool {
        if !self.keys_are_new(seat) {
            return false;
        }
        let old = self.seats.get(&seat.participant).cloned().unwrap_or_default();
        for name in old.roots.keys.iter().chain(old.recovery.iter().flat_map(|set| &set.keys)) {
            if let Some(key) = self.keys.get_mut(name).filter(|key| key.ended.is_none()) {
                key.ended = Some((index, Ended::Replaced));
            }
        }
        self.take_seat(seat, index);
        true
    }

    fn install(&mut self, set: &KeySet, capacity: Capacity, index: u64) -> Threshold {
        let mut threshold = Threshold { k: set.k, keys: BTreeSet::new() };
        for key in &set.keys {
            let Some(name) = self.signer_of(&key.0) else { continue };
            self.raw_keys.insert(key.0.raw().to_vec());
            let state = KeyState {
                capacity,
                custody: Custody::Device,
                office: String::new(),
                vkey: Some(key.0.clone()),
                passkey: None,
                recipient: None,
                since: index,
                ended: None,
                chain: Chain::default(),
            };
            self.keys.insert(name.clone(), state);
            threshold.keys.insert(name);
        }
        threshold
    }
}
