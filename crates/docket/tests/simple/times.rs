//! When a clock is due and closes, worked out anew at each question from where it began, and from what acts gave and took:
//! no time is kept, but of a clock that has run out, or that was gone back to.

use instrument::Instrument;
use instrument::procedure::{Due, Edge, Effect, Moment, Phrase, Promise, Silence, Span};
use terms::{Code, Instant, ParticipantId};

use crate::matter::{Acted, Cause, Clock, FOREVER, Matter, Strand, Time};
use crate::model::Model;
use crate::who::People;
use act::value::{FieldValue, Fields, Word};

const DAY: u64 = 86_400;

pub(crate) type Stretch = (Time, Time);

impl Strand {
    /// From when to when it was in a state that pauses, however often it was set aside to it meanwhile.
    pub(crate) fn pauses(&self, matter: &Matter) -> Vec<Stretch> {
        let mut out: Vec<Stretch> = Vec::new();
        let mut pausing = false;
        for (place, stage) in self.life.iter().enumerate() {
            let pauses = matter.effect(&stage.state) == Some(Effect::Pause) && !stage.on_nothing;
            match (pausing, pauses) {
                (false, true) => out.push((stage.base, FOREVER)),
                (true, false) => {
                    let last = out.last_mut().expect("one began");
                    last.1 = stage.base.max(last.0);
                }
                (true, true) | (false, false) => {}
            }
            pausing = pauses;
            // It stands no longer than its opening.
            let ends = matter.disowned.filter(|_| pauses && stage.cause == Cause::Entry(matter.key.0));
            let leaves = self.life.get(place + 1).map_or(FOREVER, |next| next.base);
            if let (Some(at), Some(last)) = (ends.filter(|at| *at < leaves), out.last_mut()) {
                last.1 = at.max(last.0);
                pausing = false;
            }
        }
        out
    }
}

/// Stretches in order of time, joined where they touch, none before `from`.
fn joined(mut all: Vec<Stretch>, from: Time) -> Vec<Stretch> {
    all.iter_mut().for_each(|stretch| stretch.0 = stretch.0.max(from));
    all.retain(|(a, b)| a < b);
    all.sort_unstable();
    let mut out: Vec<Stretch> = Vec::new();
    for (a, b) in all {
        match out.last_mut() {
            Some(last) if a <= last.1 => last.1 = last.1.max(b),
            _ => out.push((a, b)),
        }
    }
    out
}

/// What is left of a stretch without those others.
pub(crate) fn without(stretch: Stretch, others: &[Stretch]) -> Vec<Stretch> {
    let mut left = Vec::new();
    let mut at = stretch.0;
    for (a, b) in joined(others.to_vec(), 0) {
        if b <= at || a >= stretch.1 {
            continue;
        }
        if a > at {
            left.push((at, a));
        }
        at = at.max(b);
    }
    if at < stretch.1 {
        left.push((at, stretch.1));
    }
    left
}

fn plus(time: Time, by: u64) -> Time {
    time.saturating_add(by).min(FOREVER)
}

impl Model {
    /// `length` after `from`, by a clock that neither dead time nor cuts of somebody take from.
    pub(crate) fn after(&self, from: Time, length: u64, cut: Option<(&Instrument, &ParticipantId)>) -> Time {
        let out = match cut {
            Some((law, who)) => self.not_counted(law, &People::from([who.clone()]), from),
            None => self.dead.clone(),
        };
        let mut end = plus(from, length);
        for (a, b) in joined(out, from) {
            if a <= end {
                end = plus(end, b - a);
            }
        }
        end
    }

    /// Dead time, and cuts of these within what one clock that began then may be cut by.
    fn not_counted(&self, law: &Instrument, who: &People, from: Time) -> Vec<Stretch> {
        let mut out = self.dead.clone();
        let mut left = law.relief.cut.as_ref().map_or(0, |(_, most)| most.0);
        for cut in self.cuts.iter().filter(|cut| who.contains(&cut.who)) {
            for (a, b) in without((cut.from.max(from), cut.to.max(from)), &out) {
                let counts = (b - a).min(left);
                left -= counts;
                out.push((a, a + counts));
            }
        }
        out
    }

    /// When what somebody opened stands.
    ///
    /// What ends a pause is not paused by it.
    pub(crate) fn pauses(&self, opener: &ParticipantId, but: (u64, u32)) -> Vec<Stretch> {
        let own = self.matters.values().filter(|matter| matter.opener == *opener && matter.key != but);
        let strands = own.flat_map(|matter| matter.strands.iter().map(move |strand| (matter, strand)));
        let all = strands.flat_map(|(matter, strand)| strand.pauses(matter));
        all.collect()
    }

    fn local_midnight(law: &Instrument, time: Time) -> Time {
        // 24:00 of the day before this one, in the instrument's zone.
        let offset = i64::from(law.calendar.zone_offset_minutes) * 60;
        let local = i64::try_from(time).expect("a time") + offset;
        u64::try_from(local.div_euclid(DAY as i64) * DAY as i64 - offset).expect("after the epoch")
    }

    /// Moved on to 24:00, and over holidays of those.
    fn whole_days(law: &Instrument, time: Time, asked: &People) -> Time {
        if time >= FOREVER {
            return FOREVER;
        }
        let floor = Self::local_midnight(law, time);
        let mut end = if floor == time { time } else { floor + DAY };
        let offset = i64::from(law.calendar.zone_offset_minutes) * 60;
        let day =
            |end: Time| u64::try_from(i64::try_from(end).expect("a time") + offset).expect("one") / DAY - 1;
        let holiday = |end: Time| {
            asked
                .iter()
                .any(|who| law.calendar.holidays.get(who).is_some_and(|days| days.contains(&day(end))))
        };
        while holiday(end) {
            end += DAY;
        }
        end
    }

    pub(crate) fn moment(fields: &Fields, moment: &Moment) -> Option<Time> {
        match (fields.get(&moment.field)?, moment.edge) {
            (FieldValue::One(Word::Instant(at)), None) => Some(at.secs()),
            (FieldValue::Window(window), Some(Edge::Start)) => Some(window.start.secs()),
            (FieldValue::Window(window), Some(Edge::End)) => Some(window.end.secs()),
            _ => None,
        }
    }

    pub(crate) fn phrase<'d>(due: &'d Due, fields: &Fields) -> Option<&'d Phrase> {
        match due {
            Due::Phrase(phrase) => Some(phrase),
            Due::By { field, codes, other } => {
                let FieldValue::One(Word::Code(code)) = fields.get(field)? else { return None };
                codes.get(code).or(other.as_ref())
            }
        }
    }

    /// The fields that a clock counts by.
    pub(crate) fn counts_by(due: &Due) -> Vec<&Code> {
        match due {
            Due::Phrase(phrase) => dated_by(phrase).into_iter().collect(),
            Due::By { field, codes, other } => {
                codes.values().chain(other).filter_map(dated_by).chain([field]).collect()
            }
        }
    }

    /// The time that a dated phrase says.
    pub(crate) fn dated(law: &Instrument, phrase: &Phrase, fields: &Fields, asked: &People) -> Option<Time> {
        Some(match phrase {
            Phrase::AfterService(_) | Phrase::AfterFinality(_) => return None,
            Phrase::At(moment) => Self::moment(fields, moment)?,
            Phrase::After(moment, span) => {
                let from = Self::moment(fields, moment)?;
                match span {
                    Span::Minutes(n) => from + n * 60,
                    Span::Hours(n) => from + n * 3600,
                    Span::Days(n) => {
                        Self::whole_days(law, Self::local_midnight(law, from) + (n + 1) * DAY, asked)
                    }
                }
            }
            Phrase::Before(moment, span) => {
                let from = Self::moment(fields, moment)?;
                match span {
                    Span::Minutes(n) => from - n * 60,
                    Span::Hours(n) => from - n * 3600,
                    Span::Days(n) => Self::local_midnight(law, from) + DAY - n * DAY,
                }
            }
        })
    }

    /// Due and close, once it runs. `fields` are those that the matter has, or would have.
    pub(crate) fn times(
        &self,
        m: &Matter,
        s: &Strand,
        clock: &Clock,
        fields: &Fields,
    ) -> Option<(Time, Time)> {
        self.times_known(m, s, clock, fields, FOREVER)
    }

    /// The same with what was taken out by then, and nothing after it.
    pub(crate) fn times_known(
        &self,
        m: &Matter,
        s: &Strand,
        clock: &Clock,
        fields: &Fields,
        then: Time,
    ) -> Option<(Time, Time)> {
        if let Some(frozen) = clock.noted {
            return Some(frozen);
        }
        let known = |all: Vec<Stretch>, base| {
            let till = |(from, to): Stretch| (from, to.min(then));
            joined(all.into_iter().map(till).collect(), base)
        };
        let fields = clock.left.as_ref().unwrap_or(fields);
        let rule = m.procedure.step(&clock.step).expect("a step");
        let timer = clock.timer.as_ref().or(rule.clock.as_ref()).expect("a clock");
        let phrase = Self::phrase(&timer.due, fields)?;
        let law = self.law_of(m);
        let carriage = timer.carriage.unwrap_or(law.calendar.carriage).0;
        let asked = self.clock_asks(m, s, clock);
        // No clock runs against an empty seat.
        if !asked.is_disjoint(&self.vacant) {
            return None;
        }
        let (mut due, mut closes): (Time, Time);
        if let Phrase::AfterService(span) | Phrase::AfterFinality(span) = phrase {
            let base = if matches!(phrase, Phrase::AfterService(_)) {
                asked
                    .iter()
                    .map(|who| clock.served.get(who).copied())
                    .try_fold(clock.base, |max, at| Some(max.max(at?)))?
            } else {
                clock.base
            };
            let (base, raw) = match (clock.rest, span) {
                (Some((from, rest)), _) => (from, from + rest),
                (None, Span::Minutes(n)) => (base, base + n * 60),
                (None, Span::Hours(n)) => (base, base + n * 3600),
                (None, Span::Days(n)) => {
                    (base, Self::whole_days(law, Self::local_midnight(law, base) + (n + 1) * DAY, &asked))
                }
            };
            let mut raw = plus(raw, clock.extended);
            let in_days = clock.rest.is_none() && matches!(span, Span::Days(_));
            let mut floor = clock.floor;
            let shown = |raw: Time, floor: Time| {
                let time = raw.max(floor);
                if in_days { Self::whole_days(law, time, &asked) } else { time }
            };
            due = shown(raw, floor);
            let mut later = 0;
            let mut stands = self.not_counted(law, &asked, base);
            stands.extend(&s.suspended);
            if !asked.contains(&m.opener) {
                stands.extend(self.pauses(&m.opener, m.key));
            }
            for (a, b) in known(stands, base) {
                if a <= due {
                    raw = plus(raw, b - a);
                    floor = plus(floor, b.saturating_sub(a.max(floor)));
                    due = shown(raw, floor);
                }
                // What lies after the time shown moves the close too.
                if a <= plus(due, carriage + later) {
                    later += b.saturating_sub(a.max(due));
                }
            }
            closes = plus(due, carriage + later);
        } else {
            due = plus(Self::dated(law, phrase, fields, &asked)?.max(clock.base), clock.extended)
                .max(clock.floor);
            closes = plus(due, carriage);
            let mut stands = self.not_counted(law, &asked, clock.base);
            stands.extend(&s.suspended);
            for (a, b) in known(stands, clock.base) {
                if a <= closes && b > due {
                    closes = plus(closes, b - a.max(due));
                }
            }
        }
        Some((due, closes.max(clock.open)))
    }

    /// The phrase of a clock and, if it is dated, the date, as these fields write it.
    pub(crate) fn written<'m>(
        &self,
        m: &'m Matter,
        s: &Strand,
        clock: &Clock,
        fields: &Fields,
    ) -> Option<(&'m Phrase, Option<Time>)> {
        let timer = m.procedure.step(&clock.step)?.clock.as_ref()?;
        let phrase = Self::phrase(&timer.due, fields)?;
        Some((phrase, Self::dated(self.law_of(m), phrase, fields, &self.clock_asks(m, s, clock))))
    }

    /// Whether a clock that waits for service would count longer by other fields.
    pub(crate) fn is_longer(m: &Matter, s: &Strand, clock: &Clock, fields: &Fields) -> bool {
        let timer = m.procedure.step(&clock.step).and_then(|rule| rule.clock.as_ref()).expect("a clock");
        let of = |fields| match Self::phrase(&timer.due, fields) {
            Some(Phrase::AfterService(span) | Phrase::AfterFinality(span)) => Some(*span),
            _ => None,
        };
        match (of(&m.seen(s)), of(fields)) {
            (Some(Span::Days(was)), Some(Span::Days(is))) => is > was,
            (Some(Span::Days(_)), Some(_)) | (Some(_), Some(Span::Days(_))) => true,
            (Some(was), Some(is)) => {
                let seconds = |span| match span {
                    Span::Minutes(n) => n * 60,
                    Span::Hours(n) => n * 3600,
                    Span::Days(n) => n * DAY,
                };
                seconds(is) > seconds(was)
            }
            (None, _) | (_, None) => false,
        }
    }

    pub(crate) fn clock_asks(&self, m: &Matter, s: &Strand, clock: &Clock) -> People {
        self.step_asks(m, s, m.procedure.step(&clock.step).expect("a step"))
    }

    pub(crate) fn step_asks(&self, m: &Matter, s: &Strand, rule: &instrument::procedure::Step) -> People {
        let adopts = matches!(rule.silence, Silence::Moves { how: Promise::Adopt, .. });
        self.in_strand(m, s, |at| self.asked(&rule.by, adopts, at))
    }

    /// Whether a clock runs to a date.
    pub(crate) fn is_dated(m: &Matter, clock: &Clock, fields: &Fields) -> bool {
        let timer = m.procedure.step(&clock.step).and_then(|rule| rule.clock.as_ref()).expect("a clock");
        let phrase = Self::phrase(&timer.due, fields);
        !matches!(phrase, Some(Phrase::AfterService(_) | Phrase::AfterFinality(_)))
    }

    pub(crate) fn waits_for_service(m: &Matter, s: &Strand, clock: &Clock) -> bool {
        let rule = m.procedure.step(&clock.step).expect("a step");
        let timer = rule.clock.as_ref().expect("a clock");
        matches!(Self::phrase(&timer.due, &m.seen(s)), Some(Phrase::AfterService(_)))
    }

    /// When what began a clock was served on somebody, as far as is known before `now`; and when it is deemed to be.
    pub(crate) fn served(
        &self,
        m: &Matter,
        clock: &Clock,
        who: &ParticipantId,
        now: Time,
    ) -> (Option<Time>, Time) {
        let (_, base) = clock.asks(who);
        let (base, length) =
            clock.deemed.get(who).copied().unwrap_or((base, self.law_of(m).calendar.deemed.0));
        let deemed = self.after(base, length, Some((self.law_of(m), who)));
        let deemed = deemed.max(clock.deemed_open.get(who).copied().unwrap_or(0));
        if self.vacant.contains(who) {
            return (None, deemed);
        }
        // Nothing is served later than it is deemed to be, though that time may lie ahead.
        match self.shown(clock, who, FOREVER).and_then(|act| act.high) {
            Some(at) => (Some(at.min(deemed)), deemed),
            None => ((deemed < now).then_some(deemed), deemed),
        }
    }

    /// The first act that shows that somebody has what began a clock, and took effect by then.
    pub(crate) fn shown(&self, clock: &Clock, who: &ParticipantId, by: Time) -> Option<&Acted> {
        let (cause, _) = clock.asks(who);
        // What was held can be known to count from what put it in time.
        let known = if clock.anew.contains_key(who) { 0 } else { clock.known };
        self.acts.iter().filter(|act| act.settled && act.at <= by && act.index > clock.from).find(|act| {
            let seen = act.fits.unwrap_or(0);
            match cause {
                Cause::Entry(entry) if act.index == entry => act.by == *who,
                Cause::Entry(entry) if act.index <= entry.max(known) => false,
                Cause::Entry(entry) => {
                    act.by == *who && (seen > entry.max(known) || act.names.contains(&entry))
                        || act.serves.as_ref() == Some(&(entry, who.clone()))
                }
                Cause::Silence(close) => {
                    act.by == *who && self.marks.iter().any(|(index, time)| *index < seen && *time > close)
                }
            }
        })
    }
}

/// The field that a dated phrase counts by.
fn dated_by(phrase: &Phrase) -> Option<&Code> {
    match phrase {
        Phrase::AfterService(_) | Phrase::AfterFinality(_) => None,
        Phrase::At(moment) | Phrase::After(moment, _) | Phrase::Before(moment, _) => Some(&moment.field),
    }
}

pub(crate) fn instant(time: Time) -> Instant {
    Instant::from_secs(time).unwrap_or(Instant::LAST)
}
