//! The timeline of a matter: what happened, in the order in which it took effect.

use std::collections::{BTreeMap, BTreeSet};

use act::value::{Fields, StrandName};
use act::{Act, Body};
use docket::v1::clock::Times;
use docket::v1::{Event, What};
use docket::view::{is_vacant_before, matter_of};
use instrument::procedure::{ClockKind, Promise, Silence, Step};
use serde_json::{Value, json};
use terms::{ActId, Code, Instant, ParticipantId};

use super::{Shown, timed};
use crate::say::event::{NOT_DECIDED, told};
use crate::say::{self, labels, strand_first, value};
use crate::show::text::safe;
use crate::show::time::{bare, length, utc};

/// A line of a timeline.
pub(super) struct Line {
    at: Instant,
    entry: Option<u64>,
    /// The event's word.
    code: String,
    by: Option<ParticipantId>,
    says: String,
    /// Whose times it moves.
    moves: Option<(StrandName, Code)>,
}

impl Line {
    pub(super) fn value(&self) -> Value {
        json!({"at": self.at, "entry": self.entry, "event": self.code, "by": self.by, "says": self.says})
    }
}

/// What the timeline has to remember from line to line.
struct Teller<'s, 'r> {
    shown: &'s Shown<'r>,
    /// The times of each clock, as the timeline has told them.
    clocks: BTreeMap<(StrandName, Code), Times>,
    /// The state of each strand, and who has taken which step there.
    spoken: BTreeMap<StrandName, (Code, BTreeSet<(Code, ParticipantId)>)>,
    /// The fields that each entry gave, as corrected so far.
    given: BTreeMap<ActId, Fields>,
    /// The last entry that brought anything.
    entry: u64,
    /// What moves clocks from outside their matter or without naming them, right after it was said.
    cause: Option<&'s Event>,
    /// The clocks that this moved: one that moves again has another cause.
    moved: BTreeSet<(StrandName, Code)>,
    /// Entries without effect.
    void: BTreeSet<u64>,
}

pub(super) fn of(shown: &Shown<'_>) -> Vec<Line> {
    let mut teller = Teller {
        shown,
        clocks: BTreeMap::new(),
        spoken: BTreeMap::new(),
        given: BTreeMap::new(),
        entry: 0,
        cause: None,
        moved: BTreeSet::new(),
        void: shown
            .reading
            .events
            .iter()
            .filter(|event| matches!(event.what, What::Void(_)))
            .filter_map(|e| e.entry)
            .collect(),
    };
    let mut lines: Vec<Line> = Vec::new();
    for event in &shown.reading.events {
        teller.entry = teller.entry.max(event.entry.unwrap_or(0));
        teller.heed(event);
        let act = event.entry.and_then(|entry| shown.acts.get(&entry));
        if !is_told(shown, event, act) {
            continue;
        }
        let line = Line {
            at: event.at,
            entry: event.entry,
            code: event.what.to_string().split(' ').next().unwrap_or_default().to_owned(),
            by: act.and_then(|act| act.head().by.participant()).cloned(),
            says: teller.tell(event, act),
            moves: match &event.what {
                What::Moved(_, strand, step, _) => Some((strand.clone(), step.clone())),
                _ => None,
            },
        };
        // Of several strands or clocks that one act served, one line is enough.
        let again = lines.iter().rev().take_while(|before| before.at == line.at);
        if !again.into_iter().any(|before| before.says == line.says) {
            lines.push(line);
        }
    }
    lines
}

/// Whether an event is of this matter: it is about it, or an act in it brought it and it is about no other.
fn is_told(shown: &Shown<'_>, event: &Event, act: Option<&Act>) -> bool {
    match (&event.what, matter_of(&event.what)) {
        // What a step here opened is of this story too.
        (What::Opened(opened, ..), Some(_)) => {
            let child = shown.reading.by_ref(opened).is_some_and(|(key, _)| key.number > 0);
            *opened == shown.matter.id
                || child && act.is_some_and(|act| act.body().matter() == Some(shown.matter.id))
        }
        (_, Some(matter)) => *matter == shown.matter.id,
        (What::Offered(item, ..) | What::Granted(item, _), None) => {
            let exhibit = shown.reading.replay().settlement().exhibits().get(item);
            exhibit.is_some_and(|exhibit| exhibit.matter == Some(shown.key))
                // Who was granted it with the act that filed it stands with that.
                && !(matches!(event.what, What::Granted(..)) && act.is_some_and(|act| act.id() == item.act))
        }
        (_, None) => act.is_some_and(|act| {
            // What opened it as a step elsewhere has its other effects there.
            event.entry != Some(shown.key.index)
                || shown.key.number == 0
                || act.body().matter() == Some(shown.matter.id)
        }),
    }
}

impl<'s> Teller<'s, '_> {
    /// Keeps in mind what the next clocks move by, and the next states are entered by.
    fn heed(&mut self, event: &'s Event) {
        match event.what {
            What::Cut(..) | What::Dead(..) | What::Suspended(..) | What::Resumed(..) | What::Amended(..) => {
                (self.cause, self.moved) = (Some(event), BTreeSet::new());
            }
            // These come of it.
            What::Moved(..) | What::InTime(..) | What::Clock(..) => {}
            What::Entered(..) | What::DeemedServed(..)
                if event.entry.is_none() && self.cause.is_some_and(|cause| cause.at == event.at) => {}
            _ => self.cause = None,
        }
    }

    /// The version, and by which amendment, that moved a matter right now.
    fn amended(&self) -> Option<String> {
        let What::Amended(by, _, number, _) = &self.cause?.what else { return None };
        (self.shown.matter.law.number >= *number).then(|| {
            format!("under version {number}, by {}: ", value::matter(self.shown.reading.replay(), by))
        })
    }

    fn tell(&mut self, event: &Event, act: Option<&Act>) -> String {
        let (reading, matter) = (self.shown.reading, self.shown.matter);
        let (replay, instrument) = (reading.replay(), &matter.law.instrument);
        let said = told(replay, matter, event, &reading.events);
        match &event.what {
            What::Opened(opened, ..) if *opened == matter.id => {
                let fields = act.map(fields_of).unwrap_or_default();
                if let Some(act) = act {
                    self.given.insert(act.id(), fields.clone());
                }
                said
            }
            What::Stepped(_, strand, step, by, _) | What::Spoke(_, strand, step, by, _) => {
                if let Some((_, spoken)) = self.spoken.get_mut(strand) {
                    spoken.insert((step.clone(), by.clone()));
                }
                let fields = act.map(fields_of).unwrap_or_default();
                let given = self.fields(&fields);
                if let Some(act) = act {
                    self.given.insert(act.id(), fields);
                }
                match (given.is_empty(), said.strip_suffix(NOT_DECIDED)) {
                    (true, _) => said,
                    (false, None) => format!("{said}; {given}"),
                    (false, Some(said)) => format!("{said}; {given}{NOT_DECIDED}"),
                }
            }
            What::Corrected(_, corrected) => self.correction(*corrected, act, said),
            What::Withdrawn(withdrawn) | What::Confirmed(withdrawn) | What::DisownedAct(withdrawn) => {
                let by = act.and_then(|act| act.head().by.participant());
                let by = by.map(|by| format!("{}: ", say::label(instrument, by))).unwrap_or_default();
                format!("{by}{}", self.by_entry(&said, withdrawn))
            }
            What::Clock(_, strand, step, times) => {
                self.clocks.insert((strand.clone(), step.clone()), *times);
                self.clock(strand, step, times, &self.asked(strand, step))
            }
            What::Entered(_, strand, state) | What::Reopened(_, strand, state) => {
                // An amendment may map a state to itself: what was said there was said.
                if self.spoken.get(strand).is_none_or(|(before, _)| before != state) {
                    self.spoken.insert(strand.clone(), (state.clone(), BTreeSet::new()));
                }
                match self.amended().filter(|_| event.entry.is_none()) {
                    Some(by) => format!("{by}{said}"),
                    None => said,
                }
            }
            What::SetAside(_, strand, _) => {
                self.spoken.remove(strand);
                said
            }
            What::Moved(_, strand, step, times) => {
                if let Some(told) = self.clocks.get_mut(&(strand.clone(), step.clone())) {
                    *told = *times;
                }
                match self.why_moved(event.at, strand, step) {
                    Some(why) => format!("{said}: {why}"),
                    None => said,
                }
            }
            What::RanOut(_, strand, step, to, silent) => self.silence(strand, step, to.as_ref(), silent),
            What::Held(_, strand, step, _) => match self.clocks.get(&(strand.clone(), step.clone())) {
                Some(times) => {
                    let within = format!("shown by {} that", utc(times.closes));
                    said.replace("shown that", &within)
                }
                None => said,
            },
            What::Offered(item, ..) => {
                let exhibit = replay.settlement().exhibits().get(item);
                let with = self.shown.acts.values().find(|act| act.id() == item.act).map(Act::body);
                let granted = with.map(|body| granted_with(body, *item)).unwrap_or_default();
                match exhibit {
                    Some(_) if !granted.is_empty() => {
                        format!("{said}, which {} can open", say::and(&labels(instrument, &granted)))
                    }
                    _ => said,
                }
            }
            What::Served(..) => match act.map(|act| (act, act.body())) {
                Some((act, Body::Serve(_))) => format!("{said}, as {} says", self.author(act)),
                _ => format!("{said}: an act of its own shows that it has it"),
            },
            What::Cut(..) => self.as_said(event, said),
            What::Void(_) => match act {
                Some(act) => format!("{}: {said}", self.attempted(act)),
                None => said,
            },
            _ => said,
        }
    }

    fn author(&self, act: &Act) -> String {
        let by = act.head().by.participant();
        by.map(|by| say::label(&self.shown.matter.law.instrument, by)).unwrap_or_default()
    }

    /// What nobody knows but by whoever said it.
    fn as_said(&self, event: &Event, said: String) -> String {
        match self.shown.reading.author(event) {
            Ok(Some(by)) => format!("{said}, as {} says", say::label(&self.shown.matter.law.instrument, &by)),
            Ok(None) => said,
            Err(_) => format!("{said}, as somebody says whose entry can't be read here"),
        }
    }

    /// Whom a clock asks, of those whose seats were taken by then.
    fn asked(&self, strand: &StrandName, step: &Code) -> BTreeSet<ParticipantId> {
        let (replay, matter) = (self.shown.reading.replay(), self.shown.matter);
        let Some(rule) = matter.procedure.step(step) else { return BTreeSet::new() };
        matter.asked(&rule.by, strand, &|who| is_vacant_before(replay, who, self.entry))
    }

    /// Whom a clock asks for what, and by when.
    fn clock(
        &self,
        strand: &StrandName,
        step: &Code,
        times: &Times,
        asked: &BTreeSet<ParticipantId>,
    ) -> String {
        let matter = self.shown.matter;
        let instrument = &matter.law.instrument;
        let step_of = match say::strand(instrument, &matter.procedure, strand) {
            of if of.is_empty() => format!("`{step}`"),
            of => format!("`{step}` ({of})"),
        };
        if times.closes == Instant::LAST {
            return format!("the clock of {step_of} stands");
        }
        let (due, closes) = (utc(times.due), utc(times.closes));
        let names = say::and(&labels(instrument, asked));
        if let Some(comes) = matter.procedure.step(step).and_then(Step::comes_by_itself) {
            return format!("{comes} on {due}: {step_of}");
        }
        match self.kind(step) {
            Some(ClockKind::Until) => format!("{names} may {step_of} until {due} (closes {closes})"),
            Some(ClockKind::Due) if times.due == times.closes => {
                format!("{step_of} by {names}, or by itself on {due}")
            }
            _ => format!("asked of {names}: {step_of} by {due} (closes {closes})"),
        }
    }

    fn kind(&self, step: &Code) -> Option<ClockKind> {
        Some(self.shown.matter.procedure.step(step)?.clock.as_ref()?.kind)
    }

    /// What a silence did, in the words of TIME §2: never an admission.
    fn silence(
        &self,
        strand: &StrandName,
        step: &Code,
        to: Option<&Code>,
        silent: &BTreeSet<ParticipantId>,
    ) -> String {
        let matter = self.shown.matter;
        let instrument = &matter.law.instrument;
        let first = strand_first(matter, strand);
        let Some(rule) = matter.procedure.step(step) else { return format!("{first}`{step}`") };
        if let Some(comes) = rule.comes_by_itself() {
            return format!("{first}its time has come, {comes}: `{step}`");
        }
        let what = if self.kind(step) == Some(ClockKind::Until) { "use" } else { "answer" };
        // Who said that it has no information yet, or took its word back, is not called silent.
        let has_spoken = |who: &ParticipantId| {
            let spoken = self.spoken.get(strand);
            spoken.is_some_and(|(_, spoken)| spoken.contains(&(step.clone(), who.clone())))
        };
        let silent: Vec<_> = silent.iter().filter(|who| !has_spoken(who)).cloned().collect();
        let says = match self.clocks.get(&(strand.clone(), step.clone())) {
            Some(times) if !say::is_pressed(rule) && what == "answer" => {
                format!("the time of `{step}` came, {}; nobody had to answer", utc(times.due))
            }
            _ if silent.is_empty() => format!("the time of `{step}` is over"),
            Some(times) => {
                let of = say::and(&labels(instrument, &silent));
                let (due, closes) = (utc(times.due), utc(times.closes));
                format!("no {what} of {of} was on the record by {due} (closed {closes}): `{step}`")
            }
            None => format!("no {what} was on the record in time: `{step}`"),
        };
        let then = match (to, &rule.silence) {
            (Some(to), Silence::Moves { how: Promise::Proceed, .. }) if silent.is_empty() => {
                format!("; it goes on (`{to}`)")
            }
            (Some(_), _) => format!("; {}", say::silence(rule)),
            (None, _) if silent.is_empty() => String::new(),
            (None, _) => "; that is noted".to_owned(),
        };
        format!("{first}{says}{then}")
    }

    /// Fields in words: `grade serious, place …`.
    fn fields(&self, fields: &Fields) -> String {
        let each = fields.iter().map(|(name, held)| format!("{name} {}", self.value(name, held)));
        each.collect::<Vec<_>>().join(", ")
    }

    fn value(&self, name: &Code, held: &act::value::FieldValue) -> String {
        let matter = self.shown.matter;
        let field = say::field(&matter.law.instrument, &matter.procedure, name);
        value::value(self.shown.reading.replay(), field, held)
    }

    /// Corrected shows first; what it was stands beside.
    fn correction(&mut self, corrected: ActId, act: Option<&Act>, said: String) -> String {
        let Some(Body::Correct(body)) = act.map(Act::body) else { return said };
        let before = self.given.get(&corrected).cloned().unwrap_or_default();
        let each = body.fields.iter().map(|(name, now)| match before.get(name) {
            Some(was) => format!("{name} {} (was {})", self.value(name, now), self.value(name, was)),
            None => format!("{name} {}", self.value(name, now)),
        });
        let each = each.collect::<Vec<_>>().join(", ");
        self.given.entry(corrected).or_default().extend(body.fields.clone());
        let by = act.and_then(|act| act.head().by.participant());
        let by = by.map(|by| say::label(&self.shown.matter.law.instrument, by)).unwrap_or_default();
        format!("{by} corrected {}: {each}", self.entry_of(&corrected))
    }

    /// `entry 12`, where an act stands.
    fn entry_of(&self, id: &ActId) -> String {
        let found = self.shown.acts.iter().find(|(_, act)| act.id() == *id);
        found.map_or_else(|| format!("act {id}"), |(index, _)| format!("entry {index}"))
    }

    /// Names an act by its entry, where a sentence has its id.
    fn by_entry(&self, said: &str, id: &ActId) -> String {
        said.replace(&format!("act {id}"), &self.entry_of(id))
    }

    /// What brought other times to a clock: what was said right before it, or an act in this matter that counts from then.
    fn why_moved(&mut self, at: Instant, strand: &StrandName, step: &Code) -> Option<String> {
        let is_first = self.moved.insert((strand.clone(), step.clone()));
        let said = self.cause.filter(|cause| is_first && cause.at == at).and_then(|cause| self.moves(cause));
        said.or_else(|| {
            let then = self
                .shown
                .effective
                .iter()
                .filter(|(entry, when)| **when == at && !self.void.contains(entry));
            let acts = then.filter_map(|(entry, _)| Some((entry, self.shown.acts.get(entry)?)));
            acts.rev().find_map(|(entry, act)| self.moved_by(*entry, act, strand, step))
        })
    }

    fn moves(&self, cause: &Event) -> Option<String> {
        let instrument = &self.shown.matter.law.instrument;
        Some(match &cause.what {
            What::Cut(who, from, to) => {
                let who = say::label(instrument, who);
                let says = format!("{who} could not be reached from {} to {}", utc(*from), utc(*to));
                self.as_said(cause, says)
            }
            What::Dead(from, to) => {
                format!("{} to {} counts for no clock, since no mark was made", utc(*from), utc(*to))
            }
            What::Suspended(..) => "its clock stands for a while".to_owned(),
            What::Resumed(..) => "its clock runs again".to_owned(),
            _ => return None,
        })
    }

    fn moved_by(&self, entry: u64, act: &Act, strand: &StrandName, step: &Code) -> Option<String> {
        let by = self.author(act);
        match act.body() {
            Body::Extend(extend)
                if extend.step == *step && (extend.strands.is_empty() || extend.strands.contains(strand)) =>
            {
                // All who said the same, if it took several.
                let voices = self
                    .shown
                    .acts
                    .range(..=entry)
                    .filter(|(at, voice)| voice.body() == act.body() && !self.void.contains(at));
                let who: BTreeSet<String> = voices.map(|(_, voice)| self.author(voice)).collect();
                let who = say::and(&who.into_iter().collect::<Vec<_>>());
                Some(format!("more time was given, {}, by {who} (entry {entry})", length(extend.seconds)))
            }
            Body::Correct(_) | Body::Step(_) | Body::Transcribe(_) if !fields_of(act).is_empty() => {
                Some(format!("what it hangs on is another now, by {by} (entry {entry})"))
            }
            Body::Withdraw(_) | Body::Disown(_) => {
                Some(format!("something was taken back by {by} (entry {entry})"))
            }
            _ => None,
        }
    }

    /// What somebody tried, that has no effect.
    fn attempted(&self, act: &Act) -> String {
        let instrument = &self.shown.matter.law.instrument;
        let by = act.head().by.participant().map(|by| say::label(instrument, by)).unwrap_or_default();
        let what = match act.body() {
            Body::Step(step) => match &step.choice {
                Some(choice) => format!("{}, {choice}", step.step),
                None => step.step.to_string(),
            },
            body => body.kind().to_string(),
        };
        format!("{by}: {what}")
    }
}

/// The fields that an act gives.
fn fields_of(act: &Act) -> Fields {
    use act::body::Transcribed;
    match act.body() {
        Body::Open(open) => open.fields.clone(),
        Body::Step(step) => step.fields.clone(),
        Body::Correct(correct) => correct.fields.clone(),
        Body::Transcribe(transcribe) => match &transcribe.what {
            Transcribed::Open(open) => open.fields.clone(),
            Transcribed::Step(step) => step.fields.clone(),
        },
        _ => Fields::new(),
    }
}

/// Who can open an exhibit by the act that filed it.
fn granted_with(body: &Body, item: terms::Item) -> Vec<ParticipantId> {
    let terms::ItemPart::Exhibit(number) = item.part else { return Vec::new() };
    let place = usize::try_from(number).ok().and_then(|n| n.checked_sub(1));
    let files = node::evidence::files_of(body);
    let file = place.and_then(|at| files.get(at));
    file.map(|file| file.grants.iter().map(|grant| grant.to.clone()).collect()).unwrap_or_default()
}

pub(super) fn print(lines: &[Line]) {
    let (mut at, mut entry) = (None, None);
    let rows = lines.iter().enumerate().filter(|(place, line)| !moves_again(lines, *place, line)).map(
        |(_, line)| {
            let same_time = at.replace(line.at) == Some(line.at);
            // A clock that an act started is no entry of its own.
            let same_entry = line.entry.is_none() || line.entry == entry;
            if !same_entry {
                entry = line.entry;
            }
            [
                if same_time { String::new() } else { bare(line.at) },
                line.entry.filter(|_| !same_entry).map(|entry| entry.to_string()).unwrap_or_default(),
                safe(&line.says),
            ]
        },
    );
    timed(["WHEN (UTC)", "ENTRY", "WHAT"], rows);
}

/// Whether what a line moves is moved again before anything else happens: then the last of these lines says it.
fn moves_again(lines: &[Line], place: usize, line: &Line) -> bool {
    let mut next = lines[place + 1..].iter().take_while(|next| next.moves.is_some());
    line.moves.is_some() && next.any(|next| next.moves == line.moves)
}
