//! Relief: more time, a pause, a cut; and after a clock has run out, setting aside (TIME T16).

use std::collections::BTreeMap;

use act::Body;
use act::body::{Cut, Extend, IntakeBody, Resume, SetAside, Suspend};
use act::value::{MatterRef, StrandName};
use instrument::procedure::{Silence, StateKind};
use instrument::tally::{Needs, Outcome, Seats, Target};
use instrument::who::{Deciders, Set};
use terms::{Code, Instant, Item, Kind, ParticipantId, Role, Seconds};

use super::opening::Entering;
use super::taken_back::AT_LEAST;
use super::{Context, Settled, Settlement, StrandKey, VoidReason, check_hand};
use crate::rules::v1::clock::{Out, counted};
use crate::rules::v1::event::What;
use crate::rules::v1::exhibit::Exhibit;
use crate::rules::v1::law::is_possible;
use crate::rules::v1::matter::{Cause, MatterKey};

/// What several decide without a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::rules::v1) enum About {
    /// A cut, which is of no matter.
    Cut,
    /// An exhibit.
    Exhibit(Item),
    /// A matter.
    Matter(MatterKey),
}

/// What somebody wants, and takes more voices. They add up only if their bodies are equal.
#[derive(Clone, Debug)]
pub(in crate::rules::v1) struct Sought {
    pub(in crate::rules::v1) body: Body,
    /// With the entry of each.
    pub(in crate::rules::v1) voices: BTreeMap<ParticipantId, u64>,
}

/// What had its voices, as long as a root can still take one back.
#[derive(Clone, Debug)]
pub(in crate::rules::v1) struct Came {
    /// The entry that completed it.
    index: u64,
    at: Instant,
    about: About,
    sought: Sought,
    /// What it took, all of it.
    needs: Vec<Needs>,
    /// What it did in each strand.
    done: Vec<(StrandKey, Did)>,
}

/// What relief did in a strand.
#[derive(Clone, Debug)]
enum Did {
    /// It gave the clock of this step, that counts from this, so many seconds more.
    Extended(Code, Cause, Seconds),
    /// Its clocks stand from then on.
    Suspended(Instant),
    /// Those that stood from the first would have stood until the second, and go on.
    Resumed(Instant, Instant),
}

impl Came {
    /// Whether it would not have come without the voices of these entries.
    fn falls_without(&self, is_taken_back: &dyn Fn(u64) -> bool) -> bool {
        let all = &self.sought.voices;
        let heard = all.iter().filter(|(_, entry)| !is_taken_back(**entry));
        let heard: BTreeMap<ParticipantId, Target> = heard.map(|(who, _)| (who.clone(), None)).collect();
        heard.len() < all.len() && !is_reached(&self.needs, &heard)
    }
}

fn is_reached(needs: &[Needs], heard: &BTreeMap<ParticipantId, Target>) -> bool {
    let targets = [None].into();
    needs.iter().all(|needs| matches!(needs.outcome(heard, &targets), Outcome::Reached(None)))
}

impl Settlement {
    pub(super) fn relieve(
        &mut self,
        settled: &Settled,
        body: &Body,
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        match body {
            Body::Extend(extend) => self.extend(settled, (extend, body), context),
            Body::Suspend(suspend) => self.suspend(settled, (suspend, body), context),
            Body::Resume(resume) => self.resume(settled, (resume, body), context),
            Body::Cut(cut) => self.cut(settled, (cut, body), context),
            Body::SetAside(set_aside) => self.set_aside(settled, (set_aside, body), context),
            _ => Err(VoidReason::Unknown),
        }
    }

    /// The strands that relief is for, if its author is one of `who` in each of them; and what it takes there.
    fn relieved(
        &self,
        settled: &Settled,
        (kind, who): (Kind, impl Fn(&instrument::procedure::Relief) -> Option<Deciders>),
        matter: &MatterRef,
        strands: &[StrandName],
        context: Context<'_>,
    ) -> Result<(Vec<StrandKey>, Vec<Needs>), VoidReason> {
        let index = self.matter_index(matter)?;
        let matter = self.matters.get(&index).ok_or(VoidReason::Unknown)?;
        let strands = self.choose_strands(index, strands)?;
        let who = who(&matter.law.instrument.relief).ok_or(VoidReason::NoPower)?;
        let needs = |name| matter.needs(&who, name, &|who| context.is_vacant(who));
        let needs: Vec<Needs> = strands.iter().map(needs).collect();
        if !needs.iter().all(|needs| needs.speakers.contains(&settled.by)) {
            return Err(VoidReason::NoPower);
        }
        check_hand(&matter.law, (kind, None), settled)?;
        Ok((strands.into_iter().map(|name| (index, name)).collect(), needs))
    }

    /// Hears a voice. Gives whether it has them all now.
    pub(super) fn seek(&mut self, settled: &Settled, about: About, body: &Body, needs: Vec<Needs>) -> bool {
        let all = self.sought.entry(about).or_default();
        let at = all.iter().position(|sought| sought.body == *body).unwrap_or_else(|| {
            all.push(Sought { body: body.clone(), voices: BTreeMap::new() });
            all.len() - 1
        });
        all[at].voices.entry(settled.by.clone()).or_insert(settled.index);
        let heard = all[at].voices.keys().map(|who| (who.clone(), None)).collect();
        if !is_reached(&needs, &heard) {
            let what = What::Sought(body.kind(), settled.by.clone());
            self.happened(settled.effective, Some(settled.index), what);
            return false;
        }
        let sought = all.remove(at);
        if all.is_empty() {
            self.sought.remove(&about);
        }
        let (index, at) = (settled.index, settled.effective);
        self.came.push_back(Came { index, at, about, sought, needs, done: Vec::new() });
        true
    }

    /// Notes what the relief that has just come did in a strand.
    fn did(&mut self, key: &StrandKey, did: Did) {
        if let Some(came) = self.came.back_mut() {
            came.done.push((key.clone(), did));
        }
    }

    /// A strand has moved: what was asked for it was asked of where it was.
    pub(super) fn forget_relief_voices(&mut self, key: &StrandKey) {
        let about = About::Matter(key.0);
        let Some(all) = self.sought.get_mut(&about) else { return };
        all.retain(|sought| {
            let strands = strands_of(&sought.body);
            !strands.is_empty() && !strands.contains(&key.1)
        });
        if all.is_empty() {
            self.sought.remove(&about);
        }
    }

    /// Lets go of relief that no root can take back any more.
    pub(super) fn forget_relief_before(&mut self, reach: u64) {
        while self.came.pop_front_if(|came| came.index < reach).is_some() {}
    }

    /// Lets go of voices that wait on what is over: on a matter that has ended and an exhibit that nobody has any more, as far
    /// as no root can take them back; for a hold or a cut that would come to nothing.
    pub(super) fn forget_voices_before(&mut self, reach: u64) {
        if self.sought.is_empty() {
            return;
        }
        let (open, exhibits, here) = (&self.open, &self.exhibits, self.last_effective);
        let earliest = here.minus(self.law.instrument.calendar.carriage);
        self.sought.retain(|about, all| {
            let is_over = match about {
                About::Cut => false,
                About::Exhibit(item) => exhibits.get(item).is_none_or(Exhibit::is_gone),
                About::Matter(key) => !open.contains(key),
            };
            all.retain_mut(|sought| {
                if is_over {
                    sought.voices.retain(|_, entry| *entry >= reach);
                }
                let may_come = match &sought.body {
                    Body::Hold(hold) => hold.until > here,
                    Body::Cut(cut) => cut.to > earliest,
                    _ => true,
                };
                may_come && !sought.voices.is_empty()
            });
            !all.is_empty()
        });
    }

    /// Takes these voices back: where they waited for more, and what would not have come without them, from here on:
    /// time that has passed has passed. Gives the entries that completed it.
    pub(super) fn take_back_relief(
        &mut self,
        is_taken_back: &dyn Fn(u64) -> bool,
        settled: &Settled,
        context: Context<'_>,
    ) -> Vec<u64> {
        for all in self.sought.values_mut() {
            for sought in all.iter_mut() {
                sought.voices.retain(|_, index| !is_taken_back(*index));
            }
            all.retain(|sought| !sought.voices.is_empty());
        }
        self.sought.retain(|_, all| !all.is_empty());
        let (mut fallen, kept): (Vec<Came>, Vec<Came>) =
            std::mem::take(&mut self.came).into_iter().partition(|came| came.falls_without(is_taken_back));
        self.came = kept.into();
        // A pause that nobody may have asked for is not resumed either.
        let pauses: Vec<(StrandKey, Instant)> = fallen
            .iter()
            .flat_map(|came| &came.done)
            .filter_map(|(key, did)| match did {
                Did::Suspended(from) => Some((key.clone(), *from)),
                Did::Extended(..) | Did::Resumed(..) => None,
            })
            .collect();
        let ends_one = |(key, did): &(StrandKey, Did)| matches!(did, Did::Resumed(from, _) if pauses.contains(&(key.clone(), *from)));
        for came in self.came.iter_mut().chain(&mut fallen) {
            came.done.retain(|done| !ends_one(done));
        }
        for came in &mut self.came {
            came.sought.voices.retain(|_, index| !is_taken_back(*index));
        }
        for came in &fallen {
            // The other voices are kept, where they were heard.
            let mut sought = came.sought.clone();
            sought.voices.retain(|_, index| !is_taken_back(*index));
            if !sought.voices.is_empty() && self.is_still_there(came) {
                let all = self.sought.entry(came.about).or_default();
                match all.iter_mut().find(|other| other.body == sought.body) {
                    Some(other) => other.voices.extend(sought.voices),
                    None => all.push(sought),
                }
            }
            self.undo(came, settled, context);
        }
        fallen.iter().map(|came| came.index).collect()
    }

    /// Whether no strand that it was for has entered a state since.
    fn is_still_there(&self, came: &Came) -> bool {
        let About::Matter(key) = came.about else { return true };
        let named = strands_of(&came.sought.body);
        self.matters.get(&key).is_some_and(|matter| {
            let mut strands = matter.strands.iter();
            strands
                .all(|(name, strand)| strand.since <= came.at || !(named.is_empty() || named.contains(name)))
        })
    }

    fn undo(&mut self, came: &Came, settled: &Settled, context: Context<'_>) {
        let (at, high) = (settled.effective, settled.high);
        // Who counted on it has a day from here, if it had that.
        let grace = high.plus(AT_LEAST);
        if let Body::Cut(cut) = &came.sought.body {
            self.uncut(cut, came.index, settled, context);
        }
        for (key, did) in &came.done {
            let Some(strand) = self.strand_mut(key) else { continue };
            match did {
                Did::Extended(step, cause, seconds) => {
                    // One that was left has a day at least when the strand goes back to it.
                    let left = strand.left.iter_mut().filter_map(|left| left.clocks.get_mut(step));
                    let done = strand.done.iter_mut().filter(|done| done.step == *step);
                    let over = left.chain(done.filter_map(|done| done.clock.as_mut()));
                    for clock in over.filter(|clock| clock.cause == *cause) {
                        clock.extensions = clock.extensions.saturating_sub(1);
                        clock.take_off(*seconds);
                    }
                    let running = strand.clocks.get_mut(step).into_iter();
                    let labels = strand.labels.iter_mut().filter(|label| label.step == *step);
                    let all = running.chain(labels.map(|label| &mut label.clock));
                    for clock in all.filter(|clock| clock.cause == *cause) {
                        clock.extensions = clock.extensions.saturating_sub(1);
                        clock.never_before(grace);
                        clock.take_off(*seconds);
                    }
                }
                Did::Suspended(from) => {
                    let labels = strand.labels.iter_mut().map(|label| &mut label.clock);
                    for clock in strand.clocks.values_mut().chain(labels) {
                        clock.never_before(grace);
                    }
                    if let Some((_, to)) = strand.suspended.iter_mut().rfind(|(begun, _)| begun == from) {
                        *to = (*to).min(high.max(*from));
                    }
                }
                Did::Resumed(_, until) => {
                    let stands = strand.suspended.last().is_some_and(|(_, to)| *to > high);
                    if *until > high && !stands {
                        strand.suspended.push((high, *until));
                    }
                }
            }
            self.move_strand(key, at, high, context);
        }
    }

    /// A cut is out no more. A clock that it moved is due when it would have been, and not before a day from `high`.
    fn uncut(&mut self, cut: &Cut, index: u64, settled: &Settled, context: Context<'_>) {
        if let Some(cuts) = self.cuts.get_mut(&cut.participant) {
            cuts.retain(|(entry, _)| *entry != index);
            if cuts.is_empty() {
                self.cuts.remove(&cut.participant);
            }
        }
        let high = settled.high;
        for key in self.planned.keys().cloned().collect::<Vec<_>>() {
            let Some(strand) = self.strand_mut(&key) else { continue };
            let labels = strand.labels.iter_mut().map(|label| &mut label.clock);
            for clock in strand.clocks.values_mut().chain(labels) {
                if clock.asked.contains(&cut.participant) {
                    clock.never_before(high.plus(AT_LEAST));
                }
                let waiting = clock.waits.iter_mut().flat_map(|waiting| waiting.unserved.iter_mut());
                for (_, deemed) in waiting.filter(|(who, _)| **who == cut.participant) {
                    if let Some((measure, at)) = deemed {
                        measure.open_until = measure.open_until.max((*at).min(high));
                    }
                }
            }
        }
        self.remeasure(settled.effective, high, context);
    }

    /// The relief that the matter of these strands has.
    fn relief_of(&self, keys: &[StrandKey]) -> instrument::procedure::Relief {
        let matter = keys.first().and_then(|key| self.matters.get(&key.0));
        matter.map(|matter| matter.law.instrument.relief.clone()).unwrap_or_default()
    }

    fn strand(&self, key: &StrandKey) -> Result<&crate::rules::v1::matter::Strand, VoidReason> {
        self.matters.get(&key.0).and_then(|m| m.strands.get(&key.1)).ok_or(VoidReason::Unknown)
    }

    fn extend(
        &mut self,
        settled: &Settled,
        (body, whole): (&Extend, &Body),
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        let by = |relief: &instrument::procedure::Relief| relief.extend.as_ref().map(|rule| rule.by.clone());
        let (keys, needs) =
            self.relieved(settled, (whole.kind(), by), &body.matter, &body.strands, context)?;
        let rule = self.relief_of(&keys).extend.ok_or(VoidReason::NoPower)?;
        let (most, often) = (rule.most, rule.times);
        for key in &keys {
            let strand = self.strand(key)?;
            let ran_out = strand.silences.contains(&body.step);
            let Some(clock) = strand.clocks.get(&body.step) else {
                return Err(if ran_out { VoidReason::Late } else { VoidReason::Form });
            };
            if clock.noted {
                return Err(VoidReason::Late);
            }
            if clock.measure.is_none() || Seconds(body.seconds) > most || clock.extensions >= often {
                return Err(VoidReason::Form);
            }
        }
        if !self.seek(settled, about(&keys), whole, needs) {
            return Ok(());
        }
        for key in &keys {
            let Some(strand) = self.strand_mut(key) else { continue };
            let Some(clock) = strand.clocks.get_mut(&body.step) else { continue };
            clock.extensions += 1;
            let cause = clock.cause.clone();
            // An answer that is late so far is late on the same clock.
            let labels = strand
                .labels
                .iter_mut()
                .filter(|label| label.step == body.step && label.clock.cause == cause);
            let same = std::iter::once(&mut *clock).chain(labels.map(|label| &mut label.clock));
            for measure in same.filter_map(|clock| clock.measure.as_mut()) {
                measure.extended = Seconds(measure.extended.0.saturating_add(body.seconds));
            }
            self.did(key, Did::Extended(body.step.clone(), cause, Seconds(body.seconds)));
            self.move_strand(key, settled.effective, settled.high, context);
        }
        Ok(())
    }

    fn suspend(
        &mut self,
        settled: &Settled,
        (body, whole): (&Suspend, &Body),
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        let by = |relief: &instrument::procedure::Relief| relief.suspend.as_ref().map(|(by, _)| by.clone());
        let (keys, needs) =
            self.relieved(settled, (whole.kind(), by), &body.matter, &body.strands, context)?;
        let (_, most) = self.relief_of(&keys).suspend.ok_or(VoidReason::NoPower)?;
        for key in &keys {
            let strand = self.strand(key)?;
            if !strand.clocks.values().any(|clock| !clock.noted) {
                let ran_out = !strand.clocks.is_empty() || !strand.silences.is_empty();
                return Err(if ran_out { VoidReason::Late } else { VoidReason::Form });
            }
            let stands = strand.suspended.last().is_some_and(|(_, to)| *to > settled.high);
            // No state without an end: all pauses that began in it add up.
            let here = strand.suspended.iter().filter(|(from, _)| *from >= strand.since);
            let before = here.map(|(from, to)| to.since(*from).0);
            let together = before.fold(body.seconds, u64::saturating_add);
            if stands || Seconds(together) > most {
                return Err(VoidReason::Form);
            }
        }
        if !self.seek(settled, about(&keys), whole, needs) {
            return Ok(());
        }
        let out: Out = (settled.high, settled.high.plus(Seconds(body.seconds)));
        for key in &keys {
            let Some(found) = self.matters.get_mut(&key.0) else { continue };
            let id = found.id;
            if let Some(strand) = found.strands.get_mut(&key.1) {
                strand.suspended.push(out);
            }
            self.did(key, Did::Suspended(out.0));
            let what = What::Suspended(id, key.1.clone(), out.1);
            self.happened(settled.effective, Some(settled.index), what);
            self.move_strand(key, settled.effective, settled.high, context);
        }
        Ok(())
    }

    fn resume(
        &mut self,
        settled: &Settled,
        (body, whole): (&Resume, &Body),
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        let by = |relief: &instrument::procedure::Relief| relief.suspend.as_ref().map(|(by, _)| by.clone());
        let (keys, needs) =
            self.relieved(settled, (whole.kind(), by), &body.matter, &body.strands, context)?;
        for key in &keys {
            // One that begins and ends in the same mark has stood for no time.
            let last = self.strand(key)?.suspended.last();
            if !last.is_some_and(|(from, to)| *from <= settled.high && settled.high < *to) {
                return Err(VoidReason::Form);
            }
        }
        if !self.seek(settled, about(&keys), whole, needs) {
            return Ok(());
        }
        for key in &keys {
            let Some(found) = self.matters.get_mut(&key.0) else { continue };
            let id = found.id;
            let last = found.strands.get_mut(&key.1).and_then(|strand| strand.suspended.last_mut());
            if let Some((from, to)) = last {
                let did = Did::Resumed(*from, std::mem::replace(to, settled.high));
                self.did(key, did);
            }
            self.happened(settled.effective, Some(settled.index), What::Resumed(id, key.1.clone()));
            self.move_strand(key, settled.effective, settled.high, context);
        }
        Ok(())
    }

    fn cut(
        &mut self,
        settled: &Settled,
        (body, whole): (&Cut, &Body),
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        let ledger = context.ledger;
        if ledger.excluded.names(body.participant.as_str()).is_some() {
            return Err(VoidReason::Excluded);
        }
        ledger.role(&body.participant).ok_or(VoidReason::Unknown)?;
        let law = self.law.clone();
        let (by, _) = law.instrument.relief.cut.as_ref().ok_or(VoidReason::NoPower)?;
        // A cut is of no matter, so nobody opened one and no field names anybody.
        let members = |set: &Set| match set {
            Set::Opener | Set::Field(_) => [].into(),
            set => law.instrument.members(set).into_iter().cloned().collect(),
        };
        let seats = Seats {
            members: &members,
            bodies: &law.instrument.bodies,
            vacant: &|who| context.is_vacant(who),
        };
        let needs = Needs::of(by, &seats);
        let role = ledger.role(&settled.by);
        // By a guarantor or the monitor, never by the participant cut (T16).
        if !needs.speakers.contains(&settled.by)
            || !matches!(role, Some(Role::Guarantor | Role::Monitor))
            || settled.by == body.participant
        {
            return Err(VoidReason::NoPower);
        }
        check_hand(&law, (Kind::Cut, None), settled)?;
        let earliest = settled.effective.minus(law.instrument.calendar.carriage);
        let (from, to) = (body.from.max(earliest), body.to.min(settled.high));
        // What is out already is not cut again; how much of it one clock counts, its limit says.
        let before = self.cuts.get(&body.participant).into_iter().flatten().map(|(_, cut)| *cut);
        let known: Vec<Out> = before.chain(context.timeline.dead_since(from).iter().copied()).collect();
        if from >= to || counted(from, to, &known).0 == 0 {
            return Err(VoidReason::Form);
        }
        if !self.seek(settled, About::Cut, whole, vec![needs]) {
            return Ok(());
        }
        self.cuts.entry(body.participant.clone()).or_default().push((settled.index, (from, to)));
        self.happened(settled.effective, Some(settled.index), What::Cut(body.participant.clone(), from, to));
        self.remeasure(settled.effective, settled.high, context);
        Ok(())
    }

    fn set_aside(
        &mut self,
        settled: &Settled,
        (body, whole): (&SetAside, &Body),
        context: Context<'_>,
    ) -> Result<(), VoidReason> {
        let by = |relief: &instrument::procedure::Relief| relief.set_aside.clone();
        let (keys, needs) =
            self.relieved(settled, (whole.kind(), by), &body.matter, &body.strands, context)?;
        if !keys.iter().all(|key| self.may_go_back(key, body)) {
            return Err(VoidReason::Form);
        }
        if !self.seek(settled, about(&keys), whole, needs) {
            return Ok(());
        }
        for key in &keys {
            self.go_back(key, body, settled, context);
        }
        Ok(())
    }

    /// What ran out while a register was silent, set aside by the act with which it goes on (T20): as
    /// far as it can be.
    pub(super) fn set_aside_by_succession(
        &mut self,
        settled: &Settled,
        list: &[SetAside],
        context: Context<'_>,
    ) {
        // The last mark before: what ran out by then did so on a living register.
        let last = context.timeline.low(settled.index);
        for body in list {
            let Ok(index) = self.matter_index(&body.matter) else { continue };
            for name in self.choose_strands(index, &body.strands).unwrap_or_default() {
                let key = (index, name);
                let meanwhile = self.strand(&key).is_ok_and(|strand| {
                    strand.cause.is_none() && last.is_none_or(|last| strand.since > last)
                }) && self.led_by_silence(&key, &body.to);
                if meanwhile && self.may_go_back(&key, body) {
                    self.go_back(&key, body, settled, context);
                }
            }
        }
    }

    /// Whether a silence of this strand leads from a state to the one that it is in.
    fn led_by_silence(&self, key: &StrandKey, from: &Code) -> bool {
        let (Some(procedure), Ok(strand)) = (self.procedure_of(key.0), self.strand(key)) else {
            return false;
        };
        strand.silences.iter().any(|step| {
            procedure.step(step).is_some_and(|rule| {
                let leads_here = matches!(&rule.silence, Silence::Moves { to, .. } if *to == strand.state);
                leads_here && is_possible(&procedure, rule, from)
            })
        })
    }

    /// Whether this is a waiting or resting state that the strand is in, or has been.
    fn may_go_back(&self, key: &StrandKey, body: &SetAside) -> bool {
        let Some(procedure) = self.procedure_of(key.0) else { return false };
        let kind = procedure.state(&body.to).map(|state| state.kind);
        matches!(kind, Some(StateKind::Waiting | StateKind::Rest))
            && self.strand(key).is_ok_and(|strand| {
                !strand.came && (strand.state == body.to || strand.been.contains(&body.to))
            })
    }

    fn go_back(&mut self, key: &StrandKey, body: &SetAside, settled: &Settled, context: Context<'_>) {
        let Some(id) = self.matters.get(&key.0).map(|m| m.id) else { return };
        let what = What::SetAside(id, key.1.clone(), body.to.clone());
        self.happened(settled.effective, Some(settled.index), what);
        self.enter(key, Entering::plain(&body.to, settled.effective, &settled.cause()), context);
    }

    /// A guarantor's stamp, as an act of its own (T14): for an act to come, or one whose label or hold
    /// is open.
    pub(super) fn stamp(&mut self, settled: &Settled, intake: &IntakeBody, context: Context<'_>) {
        let what = What::Stamped(intake.act, intake.key.clone(), intake.time);
        self.happened(settled.effective, Some(settled.index), what);
        let Some(keys) = self.awaited.get(&intake.act).cloned() else {
            // For one that has settled in full, no stamp changes anything any more.
            if !self.recent.iter().any(|recent| recent.id == intake.act) {
                self.stamps.entry(intake.act).or_default().push((intake.key.clone(), intake.time));
            }
            return;
        };
        let raised = |floor: Option<Instant>| floor.map_or(intake.time, |floor| intake.time.max(floor));
        let stamper = intake.key.participant();
        for key in keys {
            let Some(strand) = self.matters.get_mut(&key.0).and_then(|m| m.strands.get_mut(&key.1)) else {
                continue;
            };
            for label in strand.labels.iter_mut().filter(|l| l.act == intake.act && stamper != Some(&l.by)) {
                label.counted = label.counted.min(raised(label.floor));
            }
            for held in strand.clocks.values_mut().flat_map(|clock| &mut clock.held) {
                if held.act == intake.act && stamper != Some(&held.by) {
                    held.counted = held.counted.min(raised(held.floor));
                }
            }
            self.move_strand(&key, settled.effective, settled.high, context);
        }
    }
}

/// The strands that relief names; none, if its matter has but one.
fn strands_of(body: &Body) -> &[StrandName] {
    match body {
        Body::Extend(extend) => &extend.strands,
        Body::Suspend(suspend) => &suspend.strands,
        Body::Resume(resume) => &resume.strands,
        Body::SetAside(set_aside) => &set_aside.strands,
        _ => &[],
    }
}

/// What relief for these strands is about: they are of one matter.
fn about(keys: &[StrandKey]) -> About {
    keys.first().map_or(About::Cut, |key| About::Matter(key.0))
}
