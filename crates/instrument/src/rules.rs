//! What an instrument says of quotas, keys, exhibits and its own successor: `[quota]`, `[custody]`, `[exhibits]`,
//! `[tiers]` and `[transition.KIND]`. All of it may be left out.

use std::collections::BTreeMap;

use terms::{Code, Custody, Kind};

use crate::who::Deciders;

/// How much a participant may hand in on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Acts, at least one.
    pub acts: u32,
    /// Bytes of annexes.
    pub bytes: u32,
}

impl Default for Quota {
    /// 1,000 acts, 64 MiB.
    fn default() -> Quota {
        Quota { acts: 1_000, bytes: 64 << 20 }
    }
}

/// Where the key of an act has to lie, at the least: by kind of act, or by step of whatever procedure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Custodies(pub BTreeMap<Code, Custody>);

impl Custodies {
    /// The least that is asked for an act of a kind, and for a step if it takes one: the stricter of the two; where
    /// nothing is said of either, that the key lies on the participant's own node.
    #[must_use]
    pub fn least(&self, kind: Kind, step: Option<&Code>) -> Custody {
        let of_kind = Code::new(kind.as_str()).and_then(|kind| self.0.get(&kind));
        let of_step = step.and_then(|step| self.0.get(step));
        of_kind.into_iter().chain(of_step).max().copied().unwrap_or(Custody::Node)
    }
}

/// Who decides about exhibits. Where one is not named, it is as the register's rules have it: the monitor, else any
/// guarantor but the filer, judges a challenge and may order that bytes be destroyed for a person's safety; every
/// participant may ask that they be held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExhibitRules {
    /// Who judges a challenge.
    pub arbiter: Option<Deciders>,
    /// Who may ask that the bytes be held.
    pub hold: Option<Deciders>,
    /// Who may say that they put a person in danger, so that they are destroyed.
    pub destroy: Option<Deciders>,
}

/// How long exhibits of a matter without prejudice are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TierRules {
    /// Days from its end until they are erased; at least one.
    pub erasure_days: u32,
}

impl Default for TierRules {
    /// 90 days.
    fn default() -> TierRules {
        TierRules { erasure_days: 90 }
    }
}

/// Where open matters of each kind stand when this instrument takes the place of the one before: old state to new
/// (PROCEDURE 4.9). Kinds that are not named go on under the instrument that they were opened in.
pub type Transitions = BTreeMap<Code, BTreeMap<Code, Code>>;
