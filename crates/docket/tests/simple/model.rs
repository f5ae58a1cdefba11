//! What is kept: the acts as they stand in the register, the marks, and for each matter what became of it.

use std::collections::{BTreeMap, BTreeSet};

use act::body::{Body, Tier, Transcribed};
use act::value::{Fields, MatterRef, StrandName};
use act::{Act, Entry};
use instrument::procedure::{Effect, Holds, Silence, StateKind, Step};
use instrument::{Instrument, Procedure};
use terms::{ActId, Code, Hash, ParticipantId, Role};

use crate::who::People;

/// Seconds since the epoch.
pub(crate) type Time = u64;

/// Later than any time.
pub(crate) const FOREVER: Time = terms::Instant::LAST.secs();

/// Why an act is void.
pub(crate) type Reason = &'static str;

/// An act of the register.
#[derive(Clone)]
pub(crate) struct Acted {
    pub(crate) index: u64,
    pub(crate) id: ActId,
    /// Who signed it.
    pub(crate) by: ParticipantId,
    /// Whose it is: for what is written down on somebody's behalf, that one's.
    pub(crate) of: ParticipantId,
    pub(crate) transcribed: bool,
    pub(crate) signers: usize,
    pub(crate) registered: Time,
    pub(crate) body: Body,
    /// How much of the register its author has seen, if that fits.
    pub(crate) fits: Option<u64>,
    /// Entries whose ids stand in its text.
    pub(crate) names: BTreeSet<u64>,
    /// What it puts on record as delivered, and on whom, if it has effect.
    pub(crate) serves: Option<(u64, ParticipantId)>,
    /// Stamps: by whom, when.
    pub(crate) stamps: Vec<(ParticipantId, Time)>,
    /// When it took effect, and by when it was final.
    pub(crate) at: Time,
    pub(crate) high: Option<Time>,
    pub(crate) settled: bool,
}

pub(crate) struct CutSaid {
    pub(crate) entry: u64,
    pub(crate) who: ParticipantId,
    pub(crate) from: Time,
    pub(crate) to: Time,
}

/// What brought a strand where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    Entry(u64),
    Silence(Time),
}

#[derive(Clone, Debug)]
pub(crate) struct Stage {
    pub(crate) state: Code,
    pub(crate) since: Time,
    pub(crate) base: Time,
    pub(crate) cause: Cause,
}

#[derive(Clone, Debug)]
pub(crate) struct Clock {
    pub(crate) step: Code,
    pub(crate) base: Time,
    pub(crate) cause: Cause,
    pub(crate) served: BTreeMap<ParticipantId, Time>,
    /// Who is asked by a later entry than its cause, and that entry's `high`.
    pub(crate) anew: BTreeMap<ParticipantId, (u64, Time)>,
    /// Who was asked and is not, and when it was due then, if it ran.
    pub(crate) once: BTreeMap<ParticipantId, Option<Time>>,
    pub(crate) extended: u64,
    pub(crate) extensions: u32,
    /// The fields by which a label counts that does not follow the last change, which is that of its own act.
    pub(crate) left: Option<Fields>,
    /// Not due before: `high` of an act that moved its date.
    pub(crate) floor: Time,
    /// Its times, if silence was noted.
    pub(crate) noted: Option<(Time, Time)>,
    pub(crate) held: Vec<u64>,
}

#[derive(Clone, Debug)]
pub(crate) struct Voice {
    pub(crate) step: Code,
    pub(crate) who: ParticipantId,
    pub(crate) entry: u64,
    pub(crate) to: Option<Code>,
    pub(crate) fields: Fields,
}

/// A late act's label, open till the clock closes that it was late by.
#[derive(Clone, Debug)]
pub(crate) struct Label {
    pub(crate) clock: Clock,
    pub(crate) who: ParticipantId,
    pub(crate) counted: Time,
    pub(crate) entry: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct Strand {
    pub(crate) name: StrandName,
    pub(crate) values: BTreeMap<Code, Code>,
    /// What steps in it gave.
    pub(crate) fields: Fields,
    pub(crate) life: Vec<Stage>,
    pub(crate) clocks: BTreeMap<Code, Clock>,
    pub(crate) voices: Vec<Voice>,
    pub(crate) labels: Vec<Label>,
    pub(crate) suspended: Vec<(Time, Time)>,
    /// In which stage each suspension began.
    pub(crate) suspended_in: Vec<usize>,
    pub(crate) silences: BTreeSet<Code>,
    pub(crate) came: bool,
    /// What led it where it stands, if only to where it was already.
    pub(crate) led: Cause,
}

impl Strand {
    pub(crate) fn state(&self) -> &Code {
        &self.stage().state
    }

    pub(crate) fn stage(&self) -> &Stage {
        self.life.last().expect("a stage")
    }
}

/// Relief that some have asked for.
#[derive(Clone)]
pub(crate) struct Sought {
    pub(crate) body: Body,
    pub(crate) voices: BTreeMap<ParticipantId, u64>,
}

#[derive(Clone)]
pub(crate) struct Matter {
    pub(crate) key: (u64, u32),
    pub(crate) id: MatterRef,
    pub(crate) kind: Code,
    pub(crate) procedure: Procedure,
    pub(crate) opener: ParticipantId,
    pub(crate) opened: Time,
    pub(crate) tier: Tier,
    pub(crate) fields: Fields,
    pub(crate) strands: Vec<Strand>,
    pub(crate) withdrawn: BTreeSet<u64>,
    /// Every entry that had effect in it.
    pub(crate) entries: BTreeSet<u64>,
    pub(crate) sought: Vec<Sought>,
}

impl Matter {
    /// The fields as a strand of it sees them.
    pub(crate) fn seen(&self, strand: &Strand) -> Fields {
        let mut fields = self.fields.clone();
        fields.extend(strand.fields.clone());
        fields
    }

    /// The matter with these fields, given in these strands by a step; in none by who corrects its opening.
    pub(crate) fn with(&self, fields: &Fields, step: Option<&Step>, strands: &[usize]) -> Matter {
        let is_text = |name: &Code| self.procedure.fields[name].holds == Holds::Text;
        let of_all = step.is_none_or(|step| step.fields.iter().any(is_text));
        let mut after = self.clone();
        for (name, value) in fields {
            if of_all || self.procedure.strands.is_empty() {
                after.fields.insert(name.clone(), value.clone());
            } else {
                for place in strands {
                    after.strands[*place].fields.insert(name.clone(), value.clone());
                }
            }
        }
        after
    }

    pub(crate) fn effect(&self, state: &Code) -> Option<Effect> {
        self.procedure.effects.get(state).copied()
    }

    pub(crate) fn has_ended(&self, state: &Code) -> bool {
        self.procedure.state(state).is_none_or(|state| state.kind == StateKind::End)
    }

    pub(crate) fn is_open(&self) -> bool {
        self.strands.iter().any(|strand| !self.has_ended(strand.state()))
    }

    /// Whether an entry is its opening, or one of those that had effect in it since it was last open.
    pub(crate) fn knows(&self, entry: &Acted) -> bool {
        self.id == MatterRef::Opened(entry.id) || self.entries.contains(&entry.index)
    }

    pub(crate) fn is_possible(&self, rule: &Step, state: &Code) -> bool {
        !self.has_ended(state)
            && match &rule.from {
                instrument::procedure::From::Any => true,
                instrument::procedure::From::States(states) => states.contains(state),
            }
    }
}

/// Where silence leads on its own, if it moves.
pub(crate) fn silence_leads(rule: &Step) -> Option<&Code> {
    match &rule.silence {
        Silence::Noted => None,
        Silence::Moves { to, .. } => Some(to),
    }
}

/// The whole docket.
pub(crate) struct Model {
    pub(crate) law: Instrument,
    pub(crate) vacant: People,
    pub(crate) acts: Vec<Acted>,
    pub(crate) marks: Vec<(u64, Time)>,
    /// Stamps of each key: hash, time, and the one that it follows on.
    pub(crate) stamped: BTreeMap<ParticipantId, Vec<(Hash, Time, Hash)>>,
    pub(crate) dead: Vec<(Time, Time)>,
    pub(crate) cuts: Vec<CutSaid>,
    pub(crate) sought_cuts: Vec<Sought>,
    pub(crate) matters: BTreeMap<(u64, u32), Matter>,
    pub(crate) confirmed: BTreeSet<u64>,
    pub(crate) transcripts: BTreeSet<u64>,
    pub(crate) filed: BTreeSet<u64>,
    pub(crate) closed: Option<Time>,
    /// What became of each entry, in the docket's words.
    pub(crate) outcomes: BTreeMap<u64, BTreeSet<&'static str>>,
    /// Up to when it has been told.
    pub(crate) now: Time,
    unsettled: Vec<usize>,
}

impl Model {
    pub(crate) fn new(law: Instrument, vacant: &[String]) -> Model {
        let spoken_for = law.transcription.as_ref().map(|t| t.on_behalf_of.clone()).unwrap_or_default();
        let vacant = crate::who::people(vacant.iter().map(String::as_str));
        Model {
            vacant: vacant.difference(&spoken_for).cloned().collect(),
            law,
            acts: Vec::new(),
            marks: Vec::new(),
            stamped: BTreeMap::new(),
            dead: Vec::new(),
            cuts: Vec::new(),
            sought_cuts: Vec::new(),
            matters: BTreeMap::new(),
            confirmed: BTreeSet::new(),
            transcripts: BTreeSet::new(),
            filed: BTreeSet::new(),
            closed: None,
            outcomes: BTreeMap::new(),
            now: 0,
            unsettled: Vec::new(),
        }
    }

    pub(crate) fn matter(&self, id: &MatterRef) -> Option<&Matter> {
        self.matters.values().find(|matter| matter.id == *id)
    }

    pub(crate) fn say(&mut self, entry: u64, word: &'static str) {
        self.outcomes.entry(entry).or_default().insert(word);
    }

    /// The stamps on an entry. One that is earlier than the one on which it follows, or follows where another does, is none.
    fn stamps(&mut self, entry: &Entry) -> Vec<(ParticipantId, Time)> {
        let mut out = Vec::new();
        for line in entry.submission().intakes() {
            let name = line.name.to_string();
            let who = name.rsplit('/').nth(1).and_then(ParticipantId::new).expect("a key of somebody");
            let (intake, _) = note::Intake::parse(entry.act().id(), &line.payload).expect("a stamp");
            let time = intake.time.secs();
            let chain = self.stamped.entry(who.clone()).or_default();
            let follows = chain.iter().find(|(hash, ..)| *hash == intake.previous).map(|(_, time, _)| *time);
            let second = chain.iter().any(|(.., previous)| *previous == intake.previous);
            chain.push((intake.hash(), time, intake.previous));
            if !second
                && follows.is_none_or(|before| before <= time)
                && self.law.role(&who) == Some(Role::Guarantor)
            {
                out.push((who, time));
            }
        }
        out
    }

    /// The next entry. `roots` are those of all sizes until then.
    pub(crate) fn enter(&mut self, bytes: &[u8], roots: &[Hash]) {
        let entry = Entry::parse(bytes).expect("an entry");
        let act: &Act = entry.act();
        let (index, registered) = (entry.receipt().index, entry.receipt().time.secs());
        if let Body::Mark(_) = act.body() {
            return self.mark(index, registered);
        }
        let Some(by) = act.head().by.participant().cloned() else { return };
        let (of, transcribed) = match act.body() {
            Body::Transcribe(transcribe) => (transcribe.on_behalf_of.clone(), true),
            _ => (by.clone(), false),
        };
        let seen = act.head().seen.filter(|seen| {
            seen.size <= index && roots.get(usize::try_from(seen.size).expect("a size")) == Some(&seen.root)
        });
        let text = act.text();
        let names = self.acts.iter().filter(|other| text.contains(&other.id.to_string()));
        let acted = Acted {
            index,
            id: act.id(),
            by,
            of,
            transcribed,
            signers: act.head().signers.len(),
            registered,
            body: act.body().clone(),
            fits: seen.map(|seen| seen.size),
            names: names.map(|other| other.index).collect(),
            serves: None,
            stamps: self.stamps(&entry),
            at: 0,
            high: None,
            settled: false,
        };
        self.unsettled.push(self.acts.len());
        self.acts.push(acted);
    }

    /// A mark of all before it, by an honest registrar: its witness time is when it was registered.
    fn mark(&mut self, index: u64, time: Time) {
        let low = self.marks.last().map_or(0, |(_, time)| *time);
        let beats = 3 * self.law.calendar.heartbeat.0;
        if low > 0 && time > low + beats {
            self.dead.push((low + beats, time));
        }
        self.marks.push((index, time));
        let settle = std::mem::take(&mut self.unsettled);
        for place in &settle {
            self.acts[*place].high = Some(time);
        }
        let mut last = low;
        for place in settle {
            let act = &mut self.acts[place];
            act.at = act.registered.clamp(low, time).max(last);
            last = act.at;
            self.run_to(last);
            // Whoever acts has in hand what it acts on.
            self.acts[place].settled = true;
            self.serve_all(last);
            self.settle(place);
            self.look_at_held_again(last, time);
        }
        self.run_to(time);
        self.now = time;
        self.forget_voices();
    }

    /// Voices for relief of what has ended stand as long as a root could take them back.
    fn forget_voices(&mut self) {
        let over = self.matters.values().filter(|matter| !matter.is_open());
        let voices = over.flat_map(|matter| &matter.sought).flat_map(|sought| sought.voices.values());
        let old = voices.filter(|entry| !self.is_in_reach(self.act(**entry), self.now));
        let old: BTreeSet<u64> = old.copied().collect();
        for matter in self.matters.values_mut().filter(|matter| !matter.is_open()) {
            for sought in &mut matter.sought {
                sought.voices.retain(|_, entry| !old.contains(entry));
            }
            matter.sought.retain(|sought| !sought.voices.is_empty());
        }
    }

    /// What an act asks for, as if its author had signed it itself.
    pub(crate) fn plain_body(act: &Acted) -> Body {
        match &act.body {
            Body::Transcribe(transcribe) => match &transcribe.what {
                Transcribed::Open(open) => Body::Open(open.clone()),
                Transcribed::Step(step) => Body::Step(step.clone()),
            },
            body => body.clone(),
        }
    }

    /// The counted time of an act: stamps count, none before what it has seen.
    pub(crate) fn counted(&self, act: &Acted, backwards: bool) -> Time {
        let own = if backwards { act.high.expect("settled") } else { act.at };
        let seen = act.fits.unwrap_or(0);
        let low = self.marks.iter().filter(|(index, _)| *index < seen).map(|(_, time)| *time).max();
        let stamps = act.stamps.iter().filter(|(by, _)| *by != act.by);
        stamps.map(|(_, time)| (*time).max(low.unwrap_or(0))).fold(own, Time::min)
    }

    pub(crate) fn act(&self, index: u64) -> &Acted {
        self.acts.iter().find(|act| act.index == index).expect("an act")
    }
}
