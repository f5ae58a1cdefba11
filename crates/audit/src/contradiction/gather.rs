//! Looks for contradictions in a register that was checked: in its entries, and in what lies loose beside
//! them.
//!
//! The check itself holds no history, and asks for none. Where it found something wrong, or something lies
//! loose that could contradict the entries, this reads them a second time, for what bears on that.

mod held;
mod loose;

use std::collections::BTreeMap;

use act::{Body, Entry};
use tlog::{CosignedCheckpoint, root_of};

use super::collect::{Collector, Found};
use super::unconfirmed::Unconfirmed;
use crate::folder::{ANNEX_BYTES_MAX, CHECKPOINT, Checked, Leads, annex_path};
use crate::notes::NOTE_BYTES_MAX;
use crate::pass::BUNDLES_AHEAD;
use crate::source::{Batcher, Bundle, Source};
use crate::tiles::{self, BUNDLE_BYTES_MAX};
use held::Held;
use loose::Loose;

/// Another copy of the register, whose loose notes are looked at too.
pub struct Copy<'a> {
    /// What stands before its files' names.
    pub name: &'a str,
    /// Its files.
    pub source: &'a dyn Source,
    /// What the check found.
    pub checked: &'a Checked,
}

/// Every contradiction that a checked folder shows, in the order of the kinds; at most
/// [`super::collect::FOUND_MAX`] of each. Of an honest register it reads nothing again, unless it has
/// checkpoints of its own beside the stored one, freezes, acts on their way, refusals whose submission is at
/// hand, or two states of one node that differ.
///
/// # Errors
///
/// Why none can be looked for, if there may be some: an annex is missing, or no checkpoint at hand has the
/// founding registrar's line, a quorum's, and these entries.
pub fn gather(
    source: &dyn Source,
    checked: &Checked,
    copies: &[Copy<'_>],
    batcher: &mut dyn Batcher,
) -> Result<Vec<Found>, Unconfirmed> {
    let (Some(leads), Some(replay)) = (&checked.leads, &checked.replay) else { return Ok(Vec::new()) };
    let held = Held::new(source, leads);
    let mut loose = Loose::default();
    loose.take("", source, leads, &held);
    for copy in copies {
        loose.take_copy(copy, &held);
    }
    let astray =
        !replay.false_stamps().is_empty() || leads.traces.backwards || stored_backwards(checked, leads);
    if !(astray || !checked.report.wrongs.is_empty() || loose.may_contradict()) {
        return Ok(Vec::new());
    }

    let genesis = held.bytes(0).ok_or_else(|| Unconfirmed::Genesis("there is no entry".to_owned()))?;
    let (policy, instrument) = annexes(source, &genesis)?;
    let mut heads = loose.checkpoints();
    heads.extend(founding_mark(leads, &held));
    let heads = of_these_entries(heads, &held);
    let mut refused = Unconfirmed::NotFinal("no checkpoint at hand is of these entries".to_owned());
    for head in heads {
        let mut collector = match Collector::new(&genesis, &policy, &instrument, &head, &held) {
            Ok(collector) => collector,
            Err(why) => {
                refused = why;
                continue;
            }
        };
        loose.hand_to(&mut collector);
        let malformed = leads.traces.malformed.iter().filter_map(|index| held.bytes(*index));
        collector.narrow(malformed, astray);
        enter(&mut collector, source, leads, batcher);
        return Ok(collector.finish());
    }
    Err(refused)
}

/// Whether a witness cosigned the stored checkpoint earlier than a mark below it.
fn stored_backwards(checked: &Checked, leads: &Leads) -> bool {
    let (Some(cosigned), Some(replay)) = (&checked.checkpoint, &checked.replay) else { return false };
    let Ok(claims) = cosigned.claims(replay.ledger().policy()) else { return false };
    let tolerance = replay.instrument().calendar.tolerance;
    let before: &BTreeMap<_, _> = &leads.traces.witnesses;
    let times = claims.proven().times;
    times.iter().any(|(place, time)| before.get(place).is_some_and(|mark| time.plus(tolerance) < *mark))
}

fn annexes(source: &dyn Source, genesis: &[u8]) -> Result<(Vec<u8>, Vec<u8>), Unconfirmed> {
    let entry = Entry::parse(genesis).map_err(|fault| Unconfirmed::Genesis(fault.to_string()))?;
    let Body::Genesis(body) = entry.act().body() else {
        return Err(Unconfirmed::Genesis("entry 0 founds nothing".to_owned()));
    };
    let read = |hash: &terms::Hash, name: &'static str| {
        let bytes = source.read(&annex_path(hash), ANNEX_BYTES_MAX).ok().flatten();
        bytes.ok_or(Unconfirmed::AnnexMissing(name))
    };
    let annexes = &body.annexes;
    Ok((read(&annexes.policy.sha256, "policy")?, read(&annexes.instrument.sha256, "instrument")?))
}

/// The last mark of the founding registrar: to its checkpoint proofs can lead if the stored one is forged, or
/// a successor's.
fn founding_mark(leads: &Leads, held: &Held<'_>) -> Option<Vec<u8>> {
    let entry = Entry::parse(&held.bytes(leads.traces.founding_mark?)?).ok()?;
    let Body::Mark(mark) = entry.act().body() else { return None };
    Some(mark.checkpoint.as_str().as_bytes().to_vec())
}

/// Those of the checkpoints that the entries are of, the largest first.
fn of_these_entries(notes: Vec<Vec<u8>>, held: &Held<'_>) -> Vec<Vec<u8>> {
    let size = |note: &Vec<u8>| {
        let cosigned = CosignedCheckpoint::parse(note).ok()?;
        let checkpoint = cosigned.checkpoint();
        let ours = checkpoint.size > 0
            && checkpoint.size <= held.size()
            && root_of(held, checkpoint.size).is_ok_and(|root| root == checkpoint.root);
        ours.then_some(checkpoint.size)
    };
    let mut sized: Vec<(u64, Vec<u8>)> =
        notes.into_iter().filter_map(|note| size(&note).map(|size| (size, note))).collect();
    sized.sort_by_key(|(size, _)| std::cmp::Reverse(*size));
    sized.into_iter().map(|(_, note)| note).collect()
}

/// Every entry, read ahead on as many cores as the batcher has.
fn enter(
    collector: &mut Collector<'_, Held<'_>>,
    source: &dyn Source,
    leads: &Leads,
    batcher: &mut dyn Batcher,
) {
    let traces = &leads.traces;
    let (mut index, mut next, mut ahead) = (0, 0, 0);
    let read = |next: u64| {
        let tile = leads.shelf.bundle(next).filter(|_| next * 256 < traces.size)?;
        let bytes = source.read(&tiles::path(&tile), BUNDLE_BYTES_MAX).ok().flatten()?;
        Some((bytes, tile.width()))
    };
    loop {
        while ahead < BUNDLES_AHEAD
            && let Some((bytes, width)) = read(next)
        {
            batcher.read(bytes, width);
            (next, ahead) = (next + 1, ahead + 1);
        }
        let Some(Bundle { entries: Ok(entries), .. }) = batcher.bundle() else { break };
        ahead = ahead.saturating_sub(1);
        for read in entries.into_iter().take(usize::try_from(traces.size - index).unwrap_or(usize::MAX)) {
            collector.enter(index, read.entry.as_deref().ok(), !traces.malformed.contains(&index));
            index += 1;
        }
    }
    // If it ended early, what was read ahead is nobody's.
    while batcher.bundle().is_some() {}
    let (start, journal) = crate::folder::journal(&leads.owns, &leads.shelf);
    for (at, bytes) in (start..traces.size).zip(journal).skip_while(|(at, _)| *at < index) {
        collector.entry(at, bytes, !traces.malformed.contains(&at));
    }
}
