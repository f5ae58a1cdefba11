//! Who cosigns the record, and when each last did; and what others say that they have seen of it.

use std::collections::BTreeMap;

use act::{Body, Entry};
use serde::Serialize;
use terms::{Instant, ParticipantId};
use tlog::{CosignedCheckpoint, Policy};

use super::age;
use crate::words::when::When;
use crate::words::{Reader, Who};

/// A cosigner of the policy.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Witness {
    /// What the policy calls it.
    pub(crate) name: String,
    /// The participant of that name, if there is one.
    pub(crate) who: Option<Who>,
    /// When it last cosigned, of how many entries, and how long ago that is; nothing, if not lately.
    pub(crate) last: Option<Signed>,
    /// Whether it has cosigned the newest checkpoint.
    pub(crate) is_on_newest: bool,
}

/// When a cosigner signed.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Signed {
    pub(crate) time: When,
    pub(crate) size: u64,
    #[serde(skip)]
    pub(crate) age: String,
}

/// What a participant's newest act says that it had seen.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Saw {
    pub(crate) who: Who,
    pub(crate) size: u64,
    /// The entry that says so, and when it was registered.
    pub(crate) entry: u64,
    pub(crate) time: When,
}

/// Every cosigner, in the policy's order: by the newest checkpoint, else by the newest mark that it stands under.
pub(super) fn all(
    reader: Reader<'_>,
    checkpoint: Option<&CosignedCheckpoint>,
    newest: &[(u64, Entry)],
) -> Vec<Witness> {
    let policy = reader.replay.ledger().policy();
    let mut last: BTreeMap<usize, (Instant, u64)> = BTreeMap::new();
    let mut take = |cosigned: &CosignedCheckpoint| {
        let times = times(cosigned, policy);
        for (place, time) in &times {
            last.entry(*place).or_insert((*time, cosigned.checkpoint().size));
        }
        times.into_iter().map(|(place, _)| place).collect::<Vec<_>>()
    };
    let on_newest = checkpoint.map(&mut take).unwrap_or_default();
    for (_, entry) in newest.iter().rev() {
        if let Body::Mark(mark) = entry.act().body()
            && let Ok(cosigned) = CosignedCheckpoint::parse(mark.checkpoint.as_str().as_bytes())
        {
            take(&cosigned);
        }
    }
    let named = policy.witnesses().iter().enumerate().map(|(place, witness)| {
        let who = ParticipantId::new(&witness.name);
        let who = who.filter(|who| reader.instrument().participants.contains_key(who));
        let signed = last.get(&place).map(|(time, size)| Signed {
            time: When::of(reader, *time),
            size: *size,
            age: age(reader, *time),
        });
        Witness {
            name: witness.name.clone(),
            who: who.map(|who| reader.who(&who)),
            last: signed,
            is_on_newest: on_newest.contains(&place),
        }
    });
    named.collect()
}

/// Who cosigned, by good lines.
fn times(cosigned: &CosignedCheckpoint, policy: &Policy) -> Vec<(usize, Instant)> {
    cosigned.find_quorum(policy).map(|cosigners| cosigners.times).unwrap_or_default()
}

/// What each participant's newest act says that it had seen.
pub(super) fn seen(reader: Reader<'_>, newest: &[(u64, Entry)]) -> Vec<Saw> {
    let mut all: BTreeMap<&ParticipantId, Saw> = BTreeMap::new();
    for (index, entry) in newest {
        let head = entry.act().head();
        if let (Some(by), Some(seen)) = (head.by.participant(), head.seen) {
            let time = When::of(reader, entry.receipt().time);
            all.insert(by, Saw { who: reader.who(by), size: seen.size, entry: *index, time });
        }
    }
    let order = reader.sorted(all.keys().copied());
    order.into_iter().filter_map(|who| all.remove(who)).collect()
}
