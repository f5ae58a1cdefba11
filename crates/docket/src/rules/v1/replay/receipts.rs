//! Whose receipt stands under an entry: the registrar's, or that of one who succeeds it (TIME T20).

use act::{Body, Entry};
use note::{KeyName, Receipt};
use terms::{Hash, RefusalGround};
use tlog::Policy;

use super::genesis::read_policy;
use super::{Replay, Verifier};
use crate::rules::v1::succession;

/// Why an entry must not have been let in; or, that it can't be said.
pub(super) struct Refused {
    pub(super) ground: RefusalGround,
    pub(super) missing: Option<Hash>,
}

impl From<RefusalGround> for Refused {
    fn from(ground: RefusalGround) -> Refused {
        Refused { ground, missing: None }
    }
}

impl Replay {
    /// The receipt's key is the registrar's; or, where a succession begins, the successor's. Gives
    /// whether this entry would begin one.
    pub(super) fn check_receipt(
        &self,
        index: u64,
        entry: &Entry,
        verifier: &mut dyn Verifier,
    ) -> Result<bool, Refused> {
        let (origin, genesis) = (self.ledger.origin(), self.ledger.genesis());
        let line = entry.receipt_line();
        let pending = self.ledger.succession();
        if pending.is_none()
            && let Some(key) = self.ledger.receipt_key_ref()
            && let Ok((_, check)) = Receipt::check(line, key, origin, genesis)
        {
            return if verifier.holds(index, check) {
                Ok(false)
            } else {
                Err(RefusalGround::Signature.into())
            };
        }
        let Body::Succeed(body) = entry.act().body() else { return Err(RefusalGround::Key.into()) };
        let successors = body.registrar.0.under(KeyName::receipt(origin), note::Algorithm::Receipt);
        let made = successors.and_then(|key| Receipt::check(line, &key, origin, genesis).ok());
        let Some((_, check)) = made else { return Err(RefusalGround::Key.into()) };
        if !verifier.holds(index, check) {
            return Err(RefusalGround::Signature.into());
        }
        match pending {
            Some(pending) if pending.body == *body => Ok(false),
            Some(_) => Err(RefusalGround::Key.into()),
            None => {
                self.check_succession(index, entry, body)?;
                Ok(true)
            }
        }
    }

    /// Whether a succession may begin here: in the words of T20, the witnesses have frozen the old
    /// key, the base is the largest size frozen and in hand, and the register is silent.
    fn check_succession(&self, index: u64, entry: &Entry, body: &act::body::Succeed) -> Result<(), Refused> {
        let ledger = &self.ledger;
        let frozen =
            succession::check(body, ledger.origin(), ledger.genesis(), ledger.registrar(), ledger.policy());
        let by_one_who_may =
            entry.act().head().by.participant().is_some_and(|by| ledger.successors().contains(by));
        let good = frozen.is_ok()
            && body.size == index
            && body.root == self.root()
            && self.timeline.is_silent(entry.receipt().time)
            && by_one_who_may
            && ledger.may_be_registrars(&body.registrar.0);
        if !good {
            return Err(RefusalGround::Key.into());
        }
        if let Some(annex) = body.policy.filter(|annex| !self.annexes.contains_key(&annex.sha256)) {
            return Err(Refused { ground: RefusalGround::Key, missing: Some(annex.sha256) });
        }
        match self.policy_after(body) {
            Some(policy) if ledger.may_be_policy(&policy) => Ok(()),
            _ => Err(RefusalGround::Key.into()),
        }
    }

    /// The policy under which a succession goes on: the one it names, or the same witnesses over the
    /// new key.
    pub(super) fn policy_after(&self, body: &act::body::Succeed) -> Option<Policy> {
        let log =
            body.registrar.0.under(KeyName::checkpoint(self.ledger.origin()), note::Algorithm::Ed25519)?;
        match &body.policy {
            Some(annex) => {
                read_policy(self.annexes.get(&annex.sha256)?).ok().filter(|policy| *policy.log() == log)
            }
            None => {
                let old = self.ledger.policy();
                let witnesses = old.witnesses().iter().map(|w| (w.name.clone(), w.key.clone())).collect();
                Policy::new(log, witnesses, old.quorum()).ok()
            }
        }
    }
}
