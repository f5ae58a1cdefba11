//! Disowning: a root takes back what a key signed lately (TIME T17).

use act::body::Disown;
use act::value::StrandName;
use terms::{Code, Instant, Seconds, SignerName};

use super::{Context, Settled, Settlement, VoidReason};
use crate::rules::v1::clock::counted;
use crate::rules::v1::event::What;
use crate::rules::v1::matter::{Armed, Cause, Left};

/// How far back a root may reach: 72 hours of counted time.
pub(super) const DISOWN_WINDOW: Seconds = Seconds::hours(72);

/// A matter that re-opens has at least this much time left.
const AT_LEAST: Seconds = Seconds::hours(24);

impl Settlement {
    pub(super) fn disown(
        &mut self,
        settled: &Settled<'_>,
        disown: &Disown,
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        let Disown::Key { label, since } = disown else {
            // Nothing is transcribed under an instrument that names nobody who may.
            return Err(VoidReason::Unknown);
        };
        let name = SignerName::key(&settled.by, label);
        let recent = self.recent.remove(&name).unwrap_or_default();
        let disowned: Vec<u64> = recent
            .iter()
            .filter(|act| act.n >= *since)
            .filter(|act| counted(act.high, settled.counted, context.timeline.dead()) <= DISOWN_WINDOW)
            .map(|act| act.index)
            .collect();
        let count = disowned.len() as u64;
        self.happened(settled.effective, Some(settled.index), What::Disowned(name.clone(), count));
        for exhibit in self.exhibits.values_mut() {
            for entry in &disowned {
                exhibit.forget(*entry);
            }
        }
        self.recoveries.retain(|recovery| recovery.signed.values().all(|signer| *signer != name));
        let all: Vec<(u64, Vec<StrandName>)> =
            self.matters.iter().map(|(index, m)| (*index, m.strands.keys().cloned().collect())).collect();
        for (matter, strands) in all {
            if disowned.contains(&matter)
                && let Some(found) = self.matters.get_mut(&matter)
            {
                found.disowned = true;
            }
            for name in strands {
                self.reopen(matter, &name, &disowned, settled, context);
                self.service_falls(matter, &name, &disowned, settled, context);
            }
        }
        Ok(())
    }

    /// A strand that still stands on a disowned act goes back, with the time it had left; one that
    /// others have moved on from is flagged.
    fn reopen(
        &mut self,
        matter: u64,
        name: &StrandName,
        disowned: &[u64],
        settled: &Settled<'_>,
        context: Context<'_>,
    ) {
        let Some(found) = self.matters.get_mut(&matter) else { return };
        let id = found.id;
        let Some(strand) = found.strands.get_mut(name) else { return };
        let by_disowned = |cause: &Cause| cause.index().is_some_and(|index| disowned.contains(&index));
        let mut back: Option<Left> = None;
        while by_disowned(&strand.cause) {
            // The opening itself stays, marked; there is no state before it.
            let Some(left) = strand.left.pop() else { break };
            strand.cause = left.cause.clone();
            back = Some(left);
        }
        let Some(left) = back else {
            let stood_on = strand.left.iter().any(|left| by_disowned(&left.cause));
            if stood_on && !strand.flagged {
                strand.flagged = true;
                self.happened(settled.effective, Some(settled.index), What::Flagged(id, name.clone()));
            }
            return;
        };
        strand.state = left.state.clone();
        strand.since = settled.effective;
        strand.labels.retain(|label| !by_disowned_id(label.act, &left, settled));
        strand.clocks = left
            .clocks
            .iter()
            .map(|(step, clock)| (step.clone(), with_time_left(clock, left.at, settled.high)))
            .collect();
        let steps: Vec<Code> = strand.clocks.keys().cloned().collect();
        let state = strand.state.clone();
        self.happened(settled.effective, Some(settled.index), What::Entered(id, name.clone(), state));
        let key = (matter, name.clone());
        for step in steps {
            self.announce_clock(&key, &step, settled.effective, context);
        }
        self.plan(matter, name);
    }

    /// Service by a disowned act falls while the clock that it started has not closed.
    fn service_falls(
        &mut self,
        matter: u64,
        name: &StrandName,
        disowned: &[u64],
        settled: &Settled<'_>,
        context: Context<'_>,
    ) {
        let Some(strand) = self.matters.get(&matter).and_then(|m| m.strands.get(name)) else { return };
        let fallen: Vec<(Code, Instant)> = strand
            .clocks
            .iter()
            .filter(|(_, clock)| !clock.noted)
            .filter_map(|(step, clock)| {
                let (_, on) = clock.served_by.iter().find(|(entry, _)| disowned.contains(entry))?;
                let deemed = clock.deemed.get(on).copied().unwrap_or(settled.high);
                Some((step.clone(), settled.high.min(deemed)))
            })
            .collect();
        for (step, base) in fallen {
            if let Some(clock) = self.clock_mut((matter, name, &step)) {
                clock.served_by.retain(|(entry, _)| !disowned.contains(entry));
                if let Some(measure) = &mut clock.measure {
                    measure.base = measure.base.max(base);
                } else if let Some(waiting) = &mut clock.waits {
                    waiting.latest = waiting.latest.max(Some(base));
                }
            }
            self.announce_clock(&(matter, name.clone()), &step, settled.effective, context);
            self.plan(matter, name);
        }
    }
}

/// Labels hang on the act that is taken back; those of other acts stay.
fn by_disowned_id(act: terms::ActId, left: &Left, _: &Settled<'_>) -> bool {
    !matches!(&left.cause, Cause::Act { id, .. } if *id == act)
}

/// The clock of a state that a strand goes back to: what was left of it when it was left, at least 24
/// hours, from `high`.
fn with_time_left(clock: &Armed, left_at: Instant, high: Instant) -> Armed {
    use crate::rules::v1::clock::Length;
    let mut clock = clock.clone();
    clock.held = None;
    if let (Some(times), Some(measure)) = (clock.times, &mut clock.measure)
        && !clock.noted
    {
        let left = times.due.since(left_at).max(AT_LEAST);
        measure.base = high;
        measure.length = Length::Exact(left);
        measure.extended = Seconds(0);
    }
    clock
}
