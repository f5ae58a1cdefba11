//! What would come of an act that nobody has signed yet: tried on a copy of the register.

use act::body::Enrol;
use act::{Act, Body, Entry, Submission};
use note::{KeyName, SignatureLine, VerifierKey};
use terms::{Hash, Instant, RefusalGround, SignerName};

use super::{Past, Replay};
use crate::rules::v1::event::{Event, Events, What};
use crate::rules::v1::ledger::Ledger;
use crate::rules::v1::void::VoidReason;

/// Why an act would come to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prospect {
    /// The registrar would have to refuse it.
    Refused(RefusalGround),
    /// It would stand in the register without effect.
    Void(VoidReason),
}

/// What would come of an act, on a copy of the register.
#[derive(Clone, Debug)]
pub struct Foreseen {
    /// Why it would come to nothing; none if it would have its effect.
    pub prospect: Option<Prospect>,
    /// The entry that it would be.
    pub entry: u64,
    /// What would happen with it, in order; clocks that have closed by then are among that.
    pub events: Vec<Event>,
    /// The register with it.
    pub after: Replay,
}

impl Replay {
    /// What would come of an act if it were registered now, behind what waits to be carried, and all of it
    /// cosigned at once, as far as can be said here: what others sign meanwhile may change that, and when it really
    /// comes in. Nothing, if this replay reads no further.
    #[must_use]
    pub fn foresee(
        &self,
        before: &[Submission],
        act: &Act,
        now: Instant,
        past: &dyn Past,
    ) -> Option<Foreseen> {
        if self.beyond {
            return None;
        }
        let mut copy = self.clone();
        copy.settlement.events = Events::new(true);
        for submission in before {
            // One that would be refused is not there.
            let _ =
                copy.ledger.judge(submission, now).and_then(|_| copy.let_in(submission.clone(), now, past));
        }
        let index = copy.ledger.size();
        let let_in = match unsigned(act, &copy.ledger) {
            Some(submission) => {
                let judged = copy.ledger.judge_unsigned(&submission, now);
                judged.and_then(|()| copy.let_in(submission, now, past))
            }
            None => Err(RefusalGround::Key),
        };
        if let Err(ground) = let_in {
            let prospect = Some(Prospect::Refused(ground));
            return Some(Foreseen { prospect, entry: index, events: Vec::new(), after: copy });
        }
        let at = copy.timeline.last().map_or(now, |last| last.max(now));
        copy.mark(index + 1, index + 1, at);
        let events = copy.settlement.events.take();
        let prospect = events.iter().find_map(|event| match &event.what {
            What::Void(reason) if event.entry == Some(index) => Some(Prospect::Void(*reason)),
            _ => None,
        });
        Some(Foreseen { prospect, entry: index, events, after: copy })
    }

    /// Lets a submission in that was judged.
    fn let_in(&mut self, submission: Submission, now: Instant, past: &dyn Past) -> Result<(), RefusalGround> {
        let index = self.ledger.size();
        let line = receipt(&submission, index, now);
        let entry = Entry::new(submission, line).map_err(|_| RefusalGround::Form)?;
        self.leaves.push(Hash::ZERO);
        self.queue_act(index, Box::new(entry), past);
        Ok(())
    }
}

/// The act with lines in place of its signatures; nothing if a signer has no key that could make one.
fn unsigned(act: &Act, ledger: &Ledger) -> Option<Submission> {
    let (mut lines, mut beside) = (Vec::new(), Vec::new());
    for signer in &act.head().signers {
        let (key, passkey) = keys(act, ledger, signer)?;
        lines.push(key.line(vec![0; 64]));
        beside.extend(passkey.map(|passkey| passkey.line(vec![0; 64])));
    }
    Submission::new(act.clone(), lines, beside, Vec::new()).ok()
}

/// The key of a signer, and the passkey that stands beside it: on record, or that of a new root in the act itself.
fn keys<'a>(
    act: &'a Act,
    ledger: &'a Ledger,
    signer: &SignerName,
) -> Option<(&'a VerifierKey, Option<&'a VerifierKey>)> {
    if let Some(known) = ledger.keys().get(signer) {
        let passkey = known.passkey.as_ref().map(|(passkey, ..)| passkey);
        return match &known.vkey {
            Some(key) => Some((key, passkey)),
            None => Some((passkey?, None)),
        };
    }
    let Body::Enrol(Enrol::Seat(seat)) = act.body() else { return None };
    let name = KeyName::signer(ledger.origin(), signer);
    let key = seat.roots.keys.iter().map(|key| &key.0).find(|key| *key.name() == name);
    key.map(|key| (key, None))
}

/// A receipt's line that nobody has signed.
fn receipt(submission: &Submission, index: u64, now: Instant) -> SignatureLine {
    let mut payload = Vec::with_capacity(112);
    payload.extend_from_slice(&index.to_be_bytes());
    payload.extend_from_slice(&now.secs().to_be_bytes());
    payload.extend_from_slice(submission.hash().as_bytes());
    payload.extend_from_slice(&[0; 64]);
    SignatureLine { name: KeyName::receipt(submission.act().origin()), key_id: [0; 4], payload }
}
