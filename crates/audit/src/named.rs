//! Which files acts name. One that no act names is a wrong: junk could hide in it.

use std::collections::{BTreeMap, BTreeSet};

use act::value::{File, GrantRef};
use act::{Act, Body};
use terms::{Hash, Item, ParticipantId};

/// What the acts of a register name, of the files that a folder has.
#[derive(Debug, Default)]
pub struct Named {
    /// Annexes, each with every size that an act gives it: who names another's file wrongly does not make
    /// it wrong.
    pub annexes: BTreeMap<Hash, BTreeSet<u64>>,
    /// The same of sealed files.
    pub sealed: BTreeMap<Hash, BTreeSet<u64>>,
    /// The same of sealed grants.
    pub grants: BTreeMap<Hash, BTreeSet<u64>>,
    /// The exhibits whose sealed file is at hand, or a piece of it.
    pub held: BTreeMap<Item, Hash>,
    /// The exhibits of which a grant to somebody is.
    pub granted: BTreeSet<(Item, ParticipantId)>,
}

impl Named {
    /// Takes in what an act names.
    pub fn take(&mut self, act: &Act, at_hand: &AtHand) {
        for annex in act.body().annexes() {
            self.annexes.entry(annex.sha256).or_default().insert(annex.size);
        }
        if let Body::Grant(grant) = act.body() {
            self.take_grants(grant.exhibit, &grant.grants, at_hand);
        }
        for (number, file) in (1..).zip(files_of(act.body())) {
            let item = Item::exhibit(act.id(), number);
            if at_hand.sealed.contains(&file.sealed) {
                self.sealed.entry(file.sealed).or_default().insert(file.size);
                self.held.insert(item, file.sealed);
            }
            self.take_grants(item, &file.grants, at_hand);
        }
    }

    fn take_grants(&mut self, item: Item, grants: &[GrantRef], at_hand: &AtHand) {
        for grant in grants.iter().filter(|grant| at_hand.grants.contains(&grant.sealed)) {
            self.grants.entry(grant.sealed).or_default().insert(grant.size);
            self.granted.insert((item, grant.to.clone()));
        }
    }
}

/// Which of them to look for: only files at hand are worth remembering.
#[derive(Clone, Debug, Default)]
pub struct AtHand {
    /// Sealed files.
    pub sealed: BTreeSet<Hash>,
    /// Sealed grants.
    pub grants: BTreeSet<Hash>,
}

/// The files of an act, in the order of `#f1`, `#f2`, …
#[must_use]
pub fn files_of(body: &Body) -> Vec<&File> {
    match body {
        Body::Enrol(act::body::Enrol::Key(enrolment)) => enrolment.note.iter().collect(),
        Body::Open(open) => open.files.iter().collect(),
        Body::Step(step) => step.files.iter().collect(),
        Body::Offer(offer) => offer.files.iter().collect(),
        Body::Answer(answer) => answer.files.iter().collect(),
        Body::Batch(batch) => batch.file.iter().collect(),
        Body::Transcribe(transcribe) => match &transcribe.what {
            act::body::Transcribed::Open(open) => open.files.iter().collect(),
            act::body::Transcribed::Step(step) => step.files.iter().collect(),
        },
        _ => Vec::new(),
    }
}

/// The annexes of an act, by their hashes.
#[must_use]
pub fn annexes_of(body: &Body) -> Vec<Hash> {
    body.annexes().iter().map(|annex| annex.sha256).collect()
}
