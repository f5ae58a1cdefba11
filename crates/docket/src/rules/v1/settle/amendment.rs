//! What a state does to the whole agreement (PROCEDURE 4.8, 4.9): it changes, it ends, or what somebody asks of
//! others stands still.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use act::value::{FieldValue, StrandName};
use instrument::procedure::{Effect, Silence, Step};
use terms::{Code, Hash, Instant, ParticipantId, Severity};
use tlog::Policy;

use super::opening::{Entering, asked};
use super::{Context, Settlement, StrandKey};
use crate::rules::v1::clock::{Days, Measure, Out, Outs};
use crate::rules::v1::event::What;
use crate::rules::v1::law::{Law, has_ended, is_asked_once, is_possible, phrase_of};
use crate::rules::v1::matter::{Armed, Cause, Matter, MatterKey, Strand};

/// What an amendment brings for keys and marks, from the index after the mark at which it took effect (TIME T21).
#[derive(Clone, Debug)]
pub(in crate::rules::v1) struct Brought {
    pub(in crate::rules::v1) law: Arc<Law>,
    pub(in crate::rules::v1) policy: Option<Policy>,
}

/// When an effect comes: dead time is taken out, and it is never before the state was entered.
pub(super) fn comes(measure: &Measure, entered: Instant, context: Context<'_>) -> Instant {
    let outs = Outs::of(context.timeline.dead_since(measure.base).to_vec());
    measure.times(&outs, &Days::default()).closes.max(entered)
}

impl Settlement {
    /// What an amendment brought since the last mark.
    pub(in crate::rules::v1) const fn take_amended(&mut self) -> Option<Brought> {
        self.amended.take()
    }

    /// Says when what a strand's state does comes, with all dead time that there is by now.
    pub(super) fn remeasure_effect(&mut self, key: &StrandKey, context: Context<'_>) {
        let Some(strand) = self.strand_mut(key) else { return };
        let since = strand.since;
        if let Some(coming) = &mut strand.coming {
            coming.at = comes(&coming.measure, since, context);
        }
    }

    /// The time for disowning is over, and the strand is still where it was.
    pub(super) fn effect_comes(&mut self, key: &StrandKey, at: Instant, context: Context<'_>) {
        let Some(matter) = self.matters.get(&key.0) else { return };
        let Some(coming) = matter.strands.get(&key.1).and_then(|strand| strand.coming.clone()) else {
            return;
        };
        let id = matter.id;
        let brings = (coming.effect == Effect::Amend).then(|| self.read_amendment(matter, context));
        if let Some(Err(Unamended::Missing(hash))) = brings {
            // Nothing happens before it is at hand.
            self.missing = Some(hash);
            return;
        }
        let broken = matches!(brings, Some(Err(_)));
        if let Some(strand) = self.strand_mut(key) {
            strand.coming = None;
            strand.came = !broken;
        }
        match coming.effect {
            Effect::Close => {
                self.closed.get_or_insert(at);
                self.happened(at, None, What::Closed(id, key.1.clone()));
            }
            Effect::Amend => match brings {
                Some(Ok((law, policy))) => self.amend((key, id), law, policy, at, context),
                Some(Err(_)) | None => self.happened(at, None, What::NotAmended(id, key.1.clone())),
            },
            Effect::Pause => {}
        }
        self.plan(key);
    }

    fn read_amendment(
        &self,
        matter: &Matter,
        context: Context<'_>,
    ) -> Result<(Law, Option<Policy>), Unamended> {
        let hash = annex_in(matter, "text").ok_or(Unamended::Broken)?;
        let bytes = context.annexes.get(&hash).ok_or(Unamended::Missing(hash))?;
        let text = std::str::from_utf8(bytes).map_err(|_| Unamended::Broken)?;
        let (read, diagnostics) = instrument::read_after(text, &self.library, &self.law.instrument);
        let sound = !diagnostics.iter().any(|found| found.severity == Severity::Error);
        let instrument = read.filter(|_| sound).ok_or(Unamended::Broken)?;
        // What is an exercise stays one.
        if instrument.exercise != self.law.instrument.exercise {
            return Err(Unamended::Broken);
        }
        let law = Law::new(self.law.number + 1, hash, instrument);
        let Some(hash) = annex_in(matter, "policy") else { return Ok((law, None)) };
        let bytes = context.annexes.get(&hash).ok_or(Unamended::Missing(hash))?;
        let policy = Policy::parse(bytes).map_err(|_| Unamended::Broken)?;
        if context.ledger.may_follow(&policy) { Ok((law, Some(policy))) } else { Err(Unamended::Broken) }
    }

    fn amend(
        &mut self,
        (key, id): (&StrandKey, act::value::MatterRef),
        law: Law,
        policy: Option<Policy>,
        at: Instant,
        context: Context<'_>,
    ) {
        let (number, annex) = (law.number, law.annex);
        let law = Arc::new(law);
        self.law = law.clone();
        // Of two in one mark, the later text, and the later policy that one of them brought.
        let policy = policy.or_else(|| self.amended.take().and_then(|earlier| earlier.policy));
        self.amended = Some(Brought { law: law.clone(), policy });
        self.happened(at, None, What::Amended(id, key.1.clone(), number, annex));
        let open: Vec<MatterKey> = self.open.keys().copied().collect();
        for matter in open {
            self.move_over(matter, &law, at, context);
        }
    }

    /// Moves an open matter to the new law, if that says how (4.9).
    fn move_over(&mut self, key: MatterKey, law: &Arc<Law>, at: Instant, context: Context<'_>) {
        let Some(matter) = self.matters.get(&key) else { return };
        let Some(map) = law.transition(&matter.kind) else { return };
        let Some(procedure) = law.procedure(&matter.kind) else { return };
        let before = matter.procedure.clone();
        // The map is from the version before. What has ended stays so, a strand keeps its name, and no clock hangs on
        // what nobody was asked to give: else the matter goes on as it was.
        let ends = |strand: &Strand| has_ended(&matter.procedure, &strand.state);
        let open = || matter.strands.iter().filter(|(_, strand)| !ends(strand));
        let fits = matter.law.number + 1 == law.number
            && matter.procedure.strands == procedure.strands
            && matter.strands.values().all(|strand| !ends(strand) || has_ended(procedure, &strand.state))
            && procedure.fields.iter().filter(|(_, field)| !field.optional).all(|(name, field)| {
                let is_kept = before.fields.get(name).is_some_and(|was| field.keeps_values_of(was));
                is_kept && open().all(|(strand, _)| matter.value(name, strand).is_some())
            });
        if !fits {
            return;
        }
        // Whom each step asked before.
        let asked_in = |name: &StrandName| -> BTreeMap<Code, BTreeSet<ParticipantId>> {
            let all = before.steps.iter();
            all.map(|(step, rule)| (step.clone(), asked(matter, rule, name, context))).collect()
        };
        let moved: Option<Vec<_>> = open()
            .map(|(name, strand)| Some((name.clone(), map.get(&strand.state)?.clone(), asked_in(name))))
            .collect();
        let Some(moved) = moved else { return };
        let procedure = procedure.clone();
        if let Some(matter) = self.matters.get_mut(&key) {
            matter.law = law.clone();
            matter.procedure = procedure.clone();
            // What was before the amendment is not brought back by disowning.
            matter.filled.clear();
            matter.retain_fields(|name| {
                let now = procedure.fields.get(name);
                now.zip(before.fields.get(name)).is_some_and(|(now, was)| now.keeps_values_of(was))
            });
        }
        for (name, state, asked_before) in moved {
            let key = (key, name);
            let Some(matter) = self.matters.get(&key.0) else { continue };
            let Some(strand) = matter.strands.get(&key.1) else { continue };
            let (clocks, fields) = (strand.clocks.clone(), matter.fields_of(&key.1));
            let asks_the_same = |step: &Code, rule: &Step| {
                asked_before.get(step) == Some(&asked(matter, rule, &key.1, context))
            };
            // A receipt that was given is not asked for again.
            let was_asked = |rule: &Step| {
                let due = rule.clock.as_ref().and_then(|clock| phrase_of(&clock.due, &fields));
                is_asked_once(rule) && due.is_some() && is_possible(&before, rule, &strand.state)
            };
            let is_done = |(step, rule): &&(Code, Step)| {
                was_asked(rule)
                    && !clocks.contains_key(step)
                    && procedure.step(step).is_some_and(|now| {
                        is_asked_once(now) && now.by == rule.by && asks_the_same(step, now)
                    })
            };
            let done: Vec<Code> = before.steps.iter().filter(is_done).map(|(step, _)| step.clone()).collect();
            // If it is taken back, its clock is there again.
            let given = strand.done.iter().filter(|given| done.contains(&given.step)).cloned().collect();
            let mut kept: Vec<(Code, Armed)> =
                clocks.iter().map(|(step, clock)| (step.clone(), clock.clone())).collect();
            kept.retain(|(step, _)| {
                // Where its own silence leads, it is late already (4.3).
                let leads_here =
                    |rule: &Step| matches!(&rule.silence, Silence::Moves { to, .. } if *to == state);
                procedure
                    .step(step)
                    .is_some_and(|rule| is_possible(&procedure, rule, &state) && !leads_here(rule))
            });
            let cause = Cause::Silence { close: at };
            self.enter(&key, Entering { done: &done, ..Entering::plain(&state, at, &cause) }, context);
            let Some(matter) = self.matters.get(&key.0) else { continue };
            let asks_now =
                |step: &Code| procedure.step(step).map(|rule| asked(matter, rule, &key.1, context));
            let asks: BTreeMap<Code, BTreeSet<ParticipantId>> =
                kept.iter().filter_map(|(step, _)| Some((step.clone(), asks_now(step)?))).collect();
            let Some(strand) = self.strand_mut(&key) else { continue };
            strand.left.clear();
            strand.done = given;
            let mut go_on: Vec<Code> = Vec::new();
            for (step, mut clock) in kept {
                let Some(now) = asks.get(&step) else { continue };
                if now.is_subset(&clock.asked) {
                    // What was held was for the version before.
                    clock.held.clear();
                    if clock.ask_only(now, at) {
                        go_on.push(step.clone());
                    }
                    strand.clocks.insert(step, clock);
                } else if let Some(anew) = strand.clocks.get_mut(&step) {
                    // Who is new has its own start; who had been served is not served again, and extensions stay given.
                    anew.take_over(&clock);
                    go_on.push(step);
                }
            }
            for step in go_on {
                self.start_if_served(&key, &step, at, context);
            }
            self.plan(&key);
        }
    }

    /// Whether a strand is where its opening led it, and that was taken back: its state does nothing to others.
    pub(super) fn stands_on_nothing(&self, key: &StrandKey) -> bool {
        let Some(matter) = self.matters.get(&key.0).filter(|matter| matter.disowned) else { return false };
        matter.strands.get(&key.1).is_some_and(|strand| strand.cause == Some(key.0.index))
    }

    /// Begins or ends the pause that a strand's state is, from this moment.
    pub(super) fn sync_pause(&mut self, key: &StrandKey, from: Instant, context: Context<'_>) {
        let Some(matter) = self.matters.get(&key.0) else { return };
        let Some(strand) = matter.strands.get(&key.1) else { return };
        let opener = matter.opener.clone();
        let pauses = matter.procedure.effects.get(&strand.state) == Some(&Effect::Pause)
            && !self.stands_on_nothing(key);
        let all = self.pauses.get_mut(&opener);
        let running = all
            .and_then(|all| all.iter_mut().find(|(strand, (_, to))| strand == key && *to == Instant::LAST));
        match (pauses, running) {
            (true, None) => {
                self.pauses.entry(opener.clone()).or_default().push((key.clone(), (from, Instant::LAST)));
            }
            (false, Some((_, (begun, to)))) => *to = from.max(*begun),
            (true, Some(_)) | (false, None) => return,
        }
        let at = self.here();
        let affected: Vec<StrandKey> = self
            .planned
            .keys()
            .filter(|planned| {
                *planned != key && self.matters.get(&planned.0).is_some_and(|m| m.opener == opener)
            })
            .cloned()
            .collect();
        for key in affected {
            self.move_strand(&key, at, from, context);
        }
    }

    /// When the clocks of what this participant opened stand.
    ///
    /// Those of the matter itself are not among them: what ends a pause is not paused by it.
    pub(super) fn pauses_of(&self, opener: &terms::ParticipantId, but: MatterKey) -> Vec<Out> {
        let all = self.pauses.get(opener).into_iter().flatten();
        all.filter(|((matter, _), _)| *matter != but).map(|(_, out)| *out).collect()
    }
}

enum Unamended {
    /// An annex is not at hand: nothing can be said.
    Missing(Hash),
    /// It can't be run.
    Broken,
}

/// The annex that a field of this name holds.
fn annex_in(matter: &Matter, field: &str) -> Option<Hash> {
    match matter.fields.get(&Code::new(field)?)? {
        FieldValue::Annex(annex) => Some(annex.sha256),
        _ => None,
    }
}
