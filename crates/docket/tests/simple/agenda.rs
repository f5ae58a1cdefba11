//! What comes of itself: service that is deemed, silence, the end of open labels, effects that were on their way.

use instrument::procedure::Effect;
use terms::{Code, ParticipantId};

use crate::matter::{Cause, Clock, Decided, FOREVER, Left, Sought, Stage, Time, silence_leads};
use crate::model::Model;
use crate::who::People;

/// What comes next, in the order of events at one time (T10).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Next {
    Effect(usize),
    OfStep(usize, Code, OfStep),
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum OfStep {
    Deemed(ParticipantId),
    Silence,
    Label(usize),
}

type Due = (Time, (u64, u32), Next);

impl Model {
    /// Everything that comes before `upto`.
    pub(crate) fn run_to(&mut self, upto: Time) {
        loop {
            self.serve_all(0);
            let next = self.next().filter(|(at, ..)| *at < upto);
            let Some((at, key, next)) = next else { return };
            match next {
                Next::Effect(strand) => self.effect(key, strand, at),
                Next::OfStep(strand, step, OfStep::Deemed(who)) => self.deem(key, strand, &step, &who, at),
                Next::OfStep(strand, step, OfStep::Silence) => self.silence(key, strand, &step, at),
                Next::OfStep(strand, _, OfStep::Label(place)) => {
                    self.matters.get_mut(&key).expect("it").strands[strand].labels.remove(place);
                }
            }
        }
    }

    /// Puts down whom each clock has been served on by then. What is served stays so.
    pub(crate) fn serve_all(&mut self, now: Time) {
        for (key, place, step, who) in self.unserved() {
            let matter = &self.matters[&key];
            let clock = &matter.strands[place].clocks[&step];
            if let (Some(at), deemed) = self.served(matter, clock, &who, now) {
                let by = self.shown(clock, &who, deemed).map(|act| (act.index, deemed));
                let matter = self.matters.get_mut(&key).expect("it");
                matter.touched.extend(by.map(|(entry, _)| entry));
                let clock = matter.strands[place].clocks.get_mut(&step).expect("a clock");
                clock.served_by.extend(by.map(|by| (who.clone(), by)));
                clock.served.insert(who, at);
            }
        }
    }

    /// The clocks that wait for service, and on whom.
    fn unserved(&self) -> Vec<((u64, u32), usize, Code, ParticipantId)> {
        let mut found = Vec::new();
        for (key, matter) in &self.matters {
            for (place, strand) in matter.strands.iter().enumerate() {
                let clocks = strand.clocks.values().filter(|clock| clock.noted.is_none());
                for clock in clocks.filter(|clock| Self::waits_for_service(matter, strand, clock)) {
                    let asked = self.clock_asks(matter, strand, clock).into_iter();
                    let unserved = asked.filter(|who| !clock.served.contains_key(who));
                    found.extend(unserved.map(|who| (*key, place, clock.step.clone(), who)));
                }
            }
        }
        found
    }

    fn deem(&mut self, key: (u64, u32), place: usize, step: &Code, who: &ParticipantId, at: Time) {
        let strand = &mut self.matters.get_mut(&key).expect("it").strands[place];
        strand.clocks.get_mut(step).expect("a clock").served.insert(who.clone(), at);
    }

    fn next(&self) -> Option<Due> {
        let mut first: Option<Due> = None;
        let mut take = |due: Due| {
            if first.as_ref().is_none_or(|known| due < *known) {
                first = Some(due);
            }
        };
        for (key, place, step, who) in self.unserved() {
            let matter = &self.matters[&key];
            let (_, at) = self.served(matter, &matter.strands[place].clocks[&step], &who, 0);
            if !self.vacant.contains(&who) {
                take((at, key, Next::OfStep(place, step, OfStep::Deemed(who))));
            }
        }
        for (key, matter) in &self.matters {
            for (place, strand) in matter.strands.iter().enumerate() {
                for (number, label) in strand.labels.iter().enumerate() {
                    if let Some((_, closes)) = self.times(matter, strand, &label.clock, &matter.seen(strand))
                    {
                        let step = label.clock.step.clone();
                        take((closes, *key, Next::OfStep(place, step, OfStep::Label(number))));
                    }
                }
                for clock in strand.clocks.values().filter(|clock| clock.noted.is_none()) {
                    if let Some((_, closes)) = self.times(matter, strand, clock, &matter.seen(strand))
                        && closes < FOREVER
                    {
                        take((closes, *key, Next::OfStep(place, clock.step.clone(), OfStep::Silence)));
                    }
                }
                if let Some(at) = self.effect_comes(*key, place) {
                    take((at, *key, Next::Effect(place)));
                }
            }
        }
        first
    }

    /// How long what led to a state can be disowned, by its own text and the one in force.
    pub(crate) fn window(&self, key: (u64, u32)) -> Time {
        let own = self.law_of(&self.matters[&key]).calendar.carriage;
        72 * 3600 + own.max(self.law.calendar.carriage).0
    }

    /// When what can't be undone comes, if it is on its way.
    pub(crate) fn effect_comes(&self, key: (u64, u32), strand: usize) -> Option<Time> {
        let matter = &self.matters[&key];
        let strand = &matter.strands[strand];
        let effect = matter.effect(strand.state());
        if strand.came || strand.in_vain || !matches!(effect, Some(Effect::Close | Effect::Amend)) {
            return None;
        }
        if matter.stands_on_nothing(strand) {
            return None;
        }
        Some(self.after(strand.acted, strand.window, None).max(strand.stage().since))
    }

    fn silence(&mut self, key: (u64, u32), place: usize, step: &Code, at: Time) {
        let matter = &self.matters[&key];
        let strand = &matter.strands[place];
        let rule = matter.procedure.step(step).expect("a step");
        let to = silence_leads(rule).cloned();
        let times = self.times(matter, strand, &strand.clocks[step], &matter.seen(strand));
        let matter = self.matters.get_mut(&key).expect("it");
        let strand = &mut matter.strands[place];
        match to {
            None => {
                strand.clocks.get_mut(step).expect("a clock").noted = times;
            }
            Some(to) => {
                strand.silences.insert(step.clone());
                let stage = Stage {
                    state: to,
                    since: at,
                    base: at,
                    cause: Cause::Silence(at),
                    entry: 0,
                    on_nothing: false,
                };
                self.enter_state((key, place), stage, Some(step), None);
            }
        }
    }

    /// A strand enters a state; `silence` is the step whose silence led there.
    pub(crate) fn enter_state(
        &mut self,
        (key, place): ((u64, u32), usize),
        stage: Stage,
        silence: Option<&Code>,
        decided: Option<Decided>,
    ) {
        let window = self.window(key);
        let matter = self.matters.get_mut(&key).expect("it");
        let possible: Vec<(Code, bool)> = matter
            .procedure
            .steps
            .iter()
            .filter(|(_, rule)| matter.is_possible(rule, &stage.state))
            .map(|(name, rule)| {
                let late_already = silence_leads(rule) == Some(&stage.state);
                (name.clone(), rule.clock.is_some() && !late_already)
            })
            .collect();
        let name = matter.strands[place].name.clone();
        let is_for_it = |sought: &mut Sought| {
            crate::judge::strands_of(&sought.body, std::slice::from_ref(&name)).contains(&name)
        };
        let mut sought: Vec<Sought> = matter.sought.extract_if(.., is_for_it).collect();
        if matches!(stage.cause, Cause::Silence(_)) {
            sought.clear();
        }
        let strand = &mut matter.strands[place];
        if !strand.life.is_empty() {
            let was = strand.as_it_is();
            strand.left.push(Left { was, at: stage.since, stayed: None, sought });
        }
        // Who is heard on a step stays so where its own silence leads, if it is possible there.
        let stays = silence.filter(|silent| possible.iter().any(|(step, _)| step == *silent));
        let heard = stays.map_or_else(Vec::new, |step| strand.heard(step));
        let heard: People = heard.into_iter().map(|voice| voice.who.clone()).collect();
        strand.voices.retain(|voice| stays == Some(&voice.step) && heard.contains(&voice.who));
        (strand.in_vain, strand.window) = (false, window);
        strand.done.clear();
        strand.decided = decided;
        if let Cause::Entry(entry) = stage.cause {
            strand.acted = stage.base;
            matter.touched.insert(entry);
        }
        let held: Vec<u64> = strand.clocks.values().flat_map(|clock| clock.held.clone()).collect();
        strand.clocks.clear();
        for (step, _) in possible.iter().filter(|(_, clock)| *clock) {
            strand.clocks.insert(step.clone(), Clock::new(step.clone(), &stage));
        }
        strand.led = stage.cause;
        strand.life.push(stage);
        if !matter.is_open() {
            matter.entries.clear();
        }
        for entry in held {
            self.say(entry, "void late");
        }
    }
}

impl Clock {
    pub(crate) fn new(step: Code, stage: &Stage) -> Clock {
        Clock {
            step,
            timer: None,
            base: stage.base,
            known: stage.entry,
            cause: stage.cause,
            served: std::collections::BTreeMap::new(),
            served_by: std::collections::BTreeMap::new(),
            rest: None,
            deemed: std::collections::BTreeMap::new(),
            from: 0,
            stood: Vec::new(),
            anew: std::collections::BTreeMap::new(),
            once: std::collections::BTreeMap::new(),
            extended: 0,
            extensions: 0,
            left: None,
            floor: 0,
            open: 0,
            deemed_open: std::collections::BTreeMap::new(),
            noted: None,
            held: Vec::new(),
        }
    }

    /// What somebody is asked by, and from when.
    pub(crate) fn asks(&self, who: &terms::ParticipantId) -> (Cause, Time) {
        self.anew.get(who).map_or((self.cause, self.base), |(entry, high)| (Cause::Entry(*entry), *high))
    }
}
