//! What an act asks of relief: for which strands, by whom it is given, and how far it goes there (TIME T16).

use act::Body;
use act::body::{Extend, SetAside, Suspend};
use act::value::{MatterRef, StrandName};
use instrument::Procedure;
use instrument::procedure::{Relief, StateKind};
use instrument::who::Deciders;
use terms::{Code, Instant, Seconds};

use super::VoidReason;
use crate::rules::v1::matter::{Matter, Strand};

/// What relief is asked for in a matter.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The act's body.
    pub body: &'a Body,
    /// In which matter.
    pub matter: &'a MatterRef,
    /// For which strands; none, if the matter has but one.
    pub strands: &'a [StrandName],
}

impl<'a> Asked<'a> {
    /// What a body asks for; none, if it is not relief in a matter.
    #[must_use]
    pub const fn of(body: &'a Body) -> Option<Asked<'a>> {
        let (matter, strands) = match body {
            Body::Extend(extend) => (&extend.matter, &extend.strands),
            Body::Suspend(suspend) => (&suspend.matter, &suspend.strands),
            Body::Resume(resume) => (&resume.matter, &resume.strands),
            Body::SetAside(set_aside) => (&set_aside.matter, &set_aside.strands),
            _ => return None,
        };
        Some(Asked { body, matter, strands: strands.as_slice() })
    }

    /// The step whose clock it is for.
    pub(super) const fn step(&self) -> Option<&'a Code> {
        match self.body {
            Body::Extend(extend) => Some(&extend.step),
            _ => None,
        }
    }

    /// By whom it is given; none, where nobody may give it.
    #[must_use]
    pub fn by<'r>(&self, relief: &'r Relief) -> Option<&'r Deciders> {
        match self.body {
            Body::Extend(_) => relief.extend.as_ref().map(|rule| &rule.by),
            Body::Suspend(_) | Body::Resume(_) => relief.suspend.as_ref().map(|(by, _)| by),
            Body::SetAside(_) => relief.set_aside.as_ref(),
            _ => None,
        }
    }

    /// Whether a strand could have it at a register time.
    ///
    /// # Errors
    /// `late`, if the clock that it is for has run out; `form`, if it is on no running clock or beyond its bounds.
    pub(crate) fn fits(&self, matter: &Matter, strand: &Strand, high: Instant) -> Result<(), VoidReason> {
        let relief = &matter.law.instrument.relief;
        match self.body {
            Body::Extend(extend) => may_extend(relief, strand, extend),
            Body::Suspend(suspend) => may_suspend(relief, strand, suspend, high),
            Body::Resume(_) => {
                // One that begins and ends in the same mark has stood for no time.
                let last = strand.suspended.last();
                let stands = last.is_some_and(|(_, (from, to))| *from <= high && high < *to);
                if stands { Ok(()) } else { Err(VoidReason::Form) }
            }
            Body::SetAside(SetAside { to, .. }) => {
                if may_go_back(&matter.procedure, strand, to) {
                    Ok(())
                } else {
                    Err(VoidReason::Form)
                }
            }
            _ => Err(VoidReason::Unknown),
        }
    }
}

fn may_extend(relief: &Relief, strand: &Strand, body: &Extend) -> Result<(), VoidReason> {
    let (most, often) = relief.extend.as_ref().map_or((Seconds(0), 0), |rule| (rule.most, rule.times));
    let Some(clock) = strand.clocks.get(&body.step) else {
        let ran_out = strand.silences.contains(&body.step);
        return Err(if ran_out { VoidReason::Late } else { VoidReason::Form });
    };
    if clock.noted {
        return Err(VoidReason::Late);
    }
    if clock.measure.is_none() || Seconds(body.seconds) > most || clock.extensions >= often {
        return Err(VoidReason::Form);
    }
    Ok(())
}

fn may_suspend(relief: &Relief, strand: &Strand, body: &Suspend, high: Instant) -> Result<(), VoidReason> {
    let most = relief.suspend.as_ref().map_or(Seconds(0), |(_, most)| *most);
    if !strand.clocks.values().any(|clock| !clock.noted) {
        let ran_out = !strand.clocks.is_empty() || !strand.silences.is_empty();
        return Err(if ran_out { VoidReason::Late } else { VoidReason::Form });
    }
    let stands = strand.suspended.last().is_some_and(|(_, (_, to))| *to > high);
    // No state without an end: all pauses that began in it add up.
    let here = strand.suspended.iter().filter(|(_, (from, _))| *from >= strand.since);
    let before = here.map(|(_, (from, to))| to.since(*from).0);
    let together = before.fold(body.seconds, u64::saturating_add);
    if stands || Seconds(together) > most { Err(VoidReason::Form) } else { Ok(()) }
}

/// Whether this is a waiting or resting state that the strand is in, or has been, and nothing has come of it.
pub(super) fn may_go_back(procedure: &Procedure, strand: &Strand, to: &Code) -> bool {
    let kind = procedure.state(to).map(|state| state.kind);
    matches!(kind, Some(StateKind::Waiting | StateKind::Rest))
        && !strand.came
        && (strand.state == *to || strand.been.contains(to))
}
