//! What was asked of whom, and the one thing that came of it.
//!
//! Each time a step is asked of somebody, one thing comes of it, and counts once nothing can change it any more: an answer
//! in time; one that was late, when its label closes; silence, at the close. The first answer counts, whatever it says:
//! who has no information yet has answered. What silence did is not undone by an answer that is taken after the close; that
//! answer counts for itself.

use std::collections::{BTreeMap, BTreeSet};

use act::value::{MatterRef, StrandName};
use docket::v1::{Event, Matter, What};
use instrument::procedure::{ClockKind, Leads, Silence, Step};
use terms::{Code, ParticipantId};

/// What came of what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Answered in time; also if only a stamp showed it.
    InTime,
    /// Answered after the due time, before the close.
    Late,
    /// Not answered by the close.
    Silent,
    /// Answered after a close at which it had been silent.
    Since,
}

/// A step of a strand, while that stays in a state.
#[derive(Clone, Debug, Default)]
struct Asked {
    /// Whether its clock is over: it ran out, or what was asked is done.
    over: bool,
    /// Who has answered.
    heard: BTreeSet<ParticipantId>,
}

/// A strand, as far as events have told it.
#[derive(Clone, Debug, Default)]
struct Life {
    state: Option<Code>,
    steps: BTreeMap<Code, Asked>,
    /// Who was silent on a step, and has not answered since.
    silent: BTreeSet<(Code, ParticipantId)>,
}

type Labelled = (u64, MatterRef, StrandName, Code);

/// All strands, event by event.
#[derive(Clone, Debug, Default)]
pub(super) struct Asks {
    lives: BTreeMap<(MatterRef, StrandName), Life>,
    /// Late as recorded so far.
    labels: BTreeSet<Labelled>,
}

/// The rule of a step that is asked for by a time: a right that ends is nobody's duty.
fn asked<'m>(matter: &'m Matter, step: &Code) -> Option<&'m Step> {
    let rule = matter.procedure.step(step)?;
    rule.clock.as_ref().filter(|clock| clock.kind == ClockKind::Due).map(|_| rule)
}

/// Where silence on a step leads: where it led already, no clock runs (PROCEDURE 4.3).
const fn silence_leads(rule: &Step) -> Option<&Code> {
    docket::view::leads_to(&rule.silence)
}

/// Where a step leads with a choice; none if it stays.
fn target<'m>(rule: &'m Step, choice: Option<&Code>) -> Option<&'m Code> {
    match &rule.leads {
        Leads::Stays => None,
        Leads::To(state) => Some(state),
        Leads::Choice(choices) => {
            choices.iter().find(|(known, _)| Some(known) == choice).and_then(|(_, to)| to.as_ref())
        }
    }
}

impl Asks {
    /// Whether a strand comes to a state with this event: not if it was there, as when an amendment maps a state to itself.
    pub(super) fn enters(&self, event: &Event) -> bool {
        let What::Entered(matter, strand, state) = &event.what else { return false };
        let life = self.lives.get(&(*matter, strand.clone()));
        life.is_none_or(|life| life.state.as_ref() != Some(state))
    }

    /// Takes an event of a matter. Gives what came of what was asked, as far as that is certain with it.
    pub(super) fn take(&mut self, matter: &Matter, event: &Event) -> Vec<(ParticipantId, Fate)> {
        let labelled = |id: &MatterRef, strand: &StrandName, step: &Code| {
            event.entry.map(|entry| (entry, *id, strand.clone(), step.clone()))
        };
        match &event.what {
            What::Entered(id, strand, state) => {
                let enters = self.enters(event);
                let life = self.life(id, strand);
                if enters {
                    life.steps.clear();
                }
                life.state = Some(state.clone());
                Vec::new()
            }
            What::Reopened(id, strand, state) => {
                let life = self.life(id, strand);
                life.steps.clear();
                life.state = Some(state.clone());
                Vec::new()
            }
            What::SetAside(id, strand, _) => {
                self.life(id, strand).steps.clear();
                Vec::new()
            }
            // One that starts after it was over is asked for anew.
            What::Clock(id, strand, step, _) => {
                let asked = self.life(id, strand).steps.entry(step.clone()).or_default();
                if asked.over {
                    *asked = Asked::default();
                }
                Vec::new()
            }
            What::Stepped(id, strand, step, by, choice) => {
                let Some(rule) = asked(matter, step) else { return Vec::new() };
                let fate = self.spoke(rule, labelled(id, strand, step), (id, strand, step), by);
                let life = self.life(id, strand);
                match target(rule, choice.as_ref()) {
                    None if rule.silence == Silence::Noted => {
                        life.steps.entry(step.clone()).or_default().over = true;
                    }
                    // Its own clock starts anew.
                    Some(to) if life.state.as_ref() == Some(to) => drop(life.steps.remove(step)),
                    None | Some(_) => {}
                }
                fate
            }
            What::Spoke(id, strand, step, by, _) => match asked(matter, step) {
                Some(rule) => self.spoke(rule, labelled(id, strand, step), (id, strand, step), by),
                None => Vec::new(),
            },
            What::LateSoFar(id, strand, step, _) if asked(matter, step).is_some() => {
                self.labels.extend(labelled(id, strand, step));
                Vec::new()
            }
            What::InTime(id, strand, step, by) if self.closes(labelled(id, strand, step)) => {
                vec![(by.clone(), Fate::InTime)]
            }
            What::Late(id, strand, step, by) if self.closes(labelled(id, strand, step)) => {
                vec![(by.clone(), Fate::Late)]
            }
            What::RanOut(id, strand, step, _, silent) if asked(matter, step).is_some() => {
                let life = self.life(id, strand);
                let asked = life.steps.entry(step.clone()).or_default();
                asked.over = true;
                let unheard: Vec<_> = silent.difference(&asked.heard).cloned().collect();
                life.silent.extend(unheard.iter().map(|who| (step.clone(), who.clone())));
                unheard.into_iter().map(|who| (who, Fate::Silent)).collect()
            }
            // Of a right, which is asked of nobody; or a step whose clock has closed: that it was taken says it all.
            What::LateSoFar(..) | What::InTime(..) | What::Late(..) | What::RanOut(..) | What::Held(..) => {
                Vec::new()
            }
            // An opening is asked of nobody either, late or not.
            What::Opened(..) | What::OpenedLate(_) => Vec::new(),
            // Who takes a voice back has answered all the same; what decides otherwise moves the strand.
            What::Split(..)
            | What::Corrected(..)
            | What::Withdrawn(_)
            | What::Transcribed(..)
            | What::Confirmed(_)
            | What::DisownedAct(_)
            | What::Flagged(..)
            | What::Amended(..)
            | What::NotAmended(..)
            | What::Closed(..) => Vec::new(),
            // Times are the docket's: it says what is late, and what has run out.
            What::Moved(..)
            | What::Served(..)
            | What::DeemedServed(..)
            | What::Sought(..)
            | What::Suspended(..)
            | What::Resumed(..)
            | What::Cut(..)
            | What::Dead(..) => Vec::new(),
            What::Malformed(_)
            | What::Void(_)
            | What::Enrolled(_)
            | What::Ended(_)
            | What::Voted(..)
            | What::Seated(_)
            | What::Recovered(_)
            | What::RecoveryBegun(..)
            | What::Succeeded
            | What::Frozen(_)
            | What::Disowned(..)
            | What::Offered(..)
            | What::Granted(..)
            | What::Kept(..)
            | What::OpenedExhibit(..)
            | What::Answered(..)
            | What::Challenged(..)
            | What::Ruled(..)
            | What::Danger(_)
            | What::HeldUntil(..)
            | What::Destroyed(..)
            | What::Batched(..)
            | What::Stamped(..)
            | What::Screened(..)
            | What::SeenDiffers(_) => Vec::new(),
        }
    }

    fn life(&mut self, matter: &MatterRef, strand: &StrandName) -> &mut Life {
        self.lives.entry((*matter, strand.clone())).or_default()
    }

    /// Whether a label was open, and closes.
    fn closes(&mut self, labelled: Option<Labelled>) -> bool {
        labelled.is_some_and(|labelled| self.labels.remove(&labelled))
    }

    /// Somebody answered.
    fn spoke(
        &mut self,
        rule: &Step,
        labelled: Option<Labelled>,
        (id, strand, step): (&MatterRef, &StrandName, &Code),
        by: &ParticipantId,
    ) -> Vec<(ParticipantId, Fate)> {
        let is_late = labelled.as_ref().is_some_and(|labelled| self.labels.contains(labelled));
        let life = self.life(id, strand);
        let led_here = life.state.is_some() && silence_leads(rule) == life.state.as_ref();
        let asked = life.steps.entry(step.clone()).or_default();
        let after_silence = (step.clone(), by.clone());
        if led_here || asked.over {
            let is_after = life.silent.remove(&after_silence);
            return if is_after { vec![(by.clone(), Fate::Since)] } else { Vec::new() };
        }
        life.silent.remove(&after_silence);
        let is_first = asked.heard.insert(by.clone());
        if is_late && !is_first {
            // It had answered before: what it says again has no fate of its own.
            self.closes(labelled);
        }
        if is_first && !is_late { vec![(by.clone(), Fate::InTime)] } else { Vec::new() }
    }
}
