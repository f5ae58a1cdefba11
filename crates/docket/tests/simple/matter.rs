//! What is kept of an act, a matter and its strands.

use std::collections::{BTreeMap, BTreeSet};

use act::body::{Body, Tier};
use act::value::{FieldValue, Fields, MatterRef, StrandName};
use instrument::procedure::{Effect, Holds, Silence, StateKind, Step};
use instrument::who::Deciders;
use instrument::{Instrument, Procedure};
use terms::{ActId, Code, ParticipantId, SignerName};

use crate::who::{People, There};

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
    /// Its number in the chain of the first who signed.
    pub(crate) n: u64,
    /// Who signed it.
    pub(crate) by: ParticipantId,
    /// Whose it is: for what is written down on somebody's behalf, that one's.
    pub(crate) of: ParticipantId,
    pub(crate) transcribed: bool,
    pub(crate) signers: Vec<SignerName>,
    pub(crate) registered: Time,
    pub(crate) body: Body,
    /// How much of the register its author has seen, if that fits.
    pub(crate) fits: Option<u64>,
    /// Entries whose ids stand in its text.
    pub(crate) names: BTreeSet<u64>,
    /// What it puts on record as delivered, and on whom, if it has effect.
    pub(crate) serves: Option<(u64, ParticipantId)>,
    /// The stamp that it puts on another.
    pub(crate) stamp: Option<(ActId, ParticipantId, Time)>,
    /// Stamps: by whom, when.
    pub(crate) stamps: Vec<(ParticipantId, Time)>,
    /// When it took effect, and by when it was final.
    pub(crate) at: Time,
    pub(crate) high: Option<Time>,
    pub(crate) settled: bool,
    /// Whether no root can take it back any more.
    pub(crate) beyond: bool,
}

pub(crate) struct CutSaid {
    pub(crate) entry: u64,
    pub(crate) who: ParticipantId,
    pub(crate) from: Time,
    pub(crate) to: Time,
}

impl Acted {
    pub(crate) fn when(&self) -> When {
        When { entry: self.index, at: self.at, high: self.high.expect("settled") }
    }
}

/// An act that does something, when, and its `high`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct When {
    pub(crate) entry: u64,
    pub(crate) at: Time,
    pub(crate) high: Time,
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
    /// The entry by which it was entered, or gone back to.
    pub(crate) entry: u64,
    /// Whether its matter's opening had been taken back by then, and nothing else led there.
    pub(crate) on_nothing: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Clock {
    pub(crate) step: Code,
    /// How it was timed when an amendment moved its strand, if it ran.
    pub(crate) timer: Option<instrument::procedure::Clock>,
    pub(crate) base: Time,
    /// From which entry on its cause can be known.
    pub(crate) known: u64,
    pub(crate) cause: Cause,
    pub(crate) served: BTreeMap<ParticipantId, Time>,
    /// By which act each was, and when it would have been deemed to be.
    pub(crate) served_by: BTreeMap<ParticipantId, (u64, Time)>,
    /// What a clock that was gone back to still had: from when, and how long.
    pub(crate) rest: Option<(Time, u64)>,
    /// The same till service is deemed.
    pub(crate) deemed: BTreeMap<ParticipantId, (Time, u64)>,
    /// No act before this one serves it.
    pub(crate) from: u64,
    /// How it stood each time that somebody more was asked.
    pub(crate) stood: Vec<Stood>,
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
    /// Nor closed before.
    pub(crate) open: Time,
    /// Nor is service deemed before.
    pub(crate) deemed_open: BTreeMap<ParticipantId, Time>,
    /// Its times, if silence was noted.
    pub(crate) noted: Option<(Time, Time)>,
    pub(crate) held: Vec<u64>,
}

#[derive(Clone, Debug)]
pub(crate) struct Stood {
    pub(crate) at: Time,
    pub(crate) asked: People,
    pub(crate) clock: Box<Clock>,
}

#[derive(Clone, Debug)]
pub(crate) struct Voice {
    pub(crate) step: Code,
    pub(crate) who: ParticipantId,
    pub(crate) entry: u64,
    pub(crate) to: Option<Code>,
    pub(crate) choice: Option<Code>,
    pub(crate) fields: Fields,
    /// The entries that withdrew or forgot it.
    pub(crate) hushed: BTreeSet<u64>,
}

/// What several decided.
#[derive(Clone, Debug)]
pub(crate) struct Decided {
    pub(crate) step: Code,
    pub(crate) came_to: Outcome,
    pub(crate) voices: Vec<Voice>,
    /// Where sets were read.
    pub(crate) there: There,
}

/// What voices come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Reached(Option<Code>),
    Waits,
    Split,
}

/// A state that a strand was in, as it left it; or the clock of a step that began anew, if it stayed.
#[derive(Clone, Debug)]
pub(crate) struct Left {
    pub(crate) was: Box<Strand>,
    pub(crate) at: Time,
    pub(crate) stayed: Option<Code>,
    /// Relief that was asked for there.
    pub(crate) sought: Vec<Sought>,
}

/// A step that was taken, and moved nothing.
#[derive(Clone, Debug)]
pub(crate) struct Done {
    pub(crate) entry: u64,
    pub(crate) step: Code,
    pub(crate) clock: Option<Clock>,
    pub(crate) decided: Option<Decided>,
    pub(crate) at: Time,
}

/// A value that an act gave.
#[derive(Clone, Debug)]
pub(crate) struct Filled {
    pub(crate) entry: u64,
    pub(crate) corrects: Option<u64>,
    /// The strand whose own it is.
    pub(crate) own: Option<usize>,
    pub(crate) field: Code,
    /// The strand that moved with it.
    pub(crate) moved: Option<usize>,
    /// Who says the same.
    pub(crate) by: BTreeSet<u64>,
    pub(crate) before: Option<FieldValue>,
    pub(crate) after: FieldValue,
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
    /// In which stage each suspension began, and by which entry.
    pub(crate) suspended_in: Vec<(usize, u64)>,
    pub(crate) silences: BTreeSet<Code>,
    pub(crate) came: bool,
    /// How long after `acted` what can't be undone comes.
    pub(crate) window: Time,
    /// Whether its text could not be run when its time had come.
    pub(crate) in_vain: bool,
    /// What led it where it stands, if only to where it was already; and the voices, if it took several.
    pub(crate) led: Cause,
    pub(crate) decided: Option<Decided>,
    /// `high` of the last act that moved it.
    pub(crate) acted: Time,
    pub(crate) left: Vec<Left>,
    /// States that it was in when an amendment moved it.
    pub(crate) been_before: BTreeSet<Code>,
    pub(crate) done: Vec<Done>,
    pub(crate) flagged: bool,
}

/// The voices that are heard on a step: of each, what it said last, unless that was taken away.
pub(crate) fn heard<'v>(voices: &'v [Voice], step: &Code) -> Vec<&'v Voice> {
    let last = |voice: &&Voice| {
        let mut all = voices.iter().filter(|other| other.step == *step && other.who == voice.who);
        all.next_back().is_some_and(|last| last.entry == voice.entry) && voice.hushed.is_empty()
    };
    voices.iter().filter(|voice| voice.step == *step).filter(last).collect()
}

impl Strand {
    pub(crate) fn heard(&self, step: &Code) -> Vec<&Voice> {
        heard(&self.voices, step)
    }

    /// Voices that wait for others.
    pub(crate) fn waiting(&self) -> Vec<&Voice> {
        let steps: BTreeSet<&Code> = self.voices.iter().map(|voice| &voice.step).collect();
        steps.into_iter().flat_map(|step| self.heard(step)).collect()
    }

    /// Voices that wait are not heard any more, here and where it would go back to.
    pub(crate) fn hush(&mut self, by: u64, is_hushed: &dyn Fn(u64) -> bool) {
        let before = self.left.iter_mut().map(|left| &mut left.was.voices);
        for voices in before.chain([&mut self.voices]) {
            for voice in voices.iter_mut().filter(|voice| is_hushed(voice.entry)) {
                voice.hushed.insert(by);
            }
        }
    }

    /// The state that it is in, and those that it was in and was not taken back from.
    pub(crate) fn been(&self) -> impl Iterator<Item = &Code> {
        let left = self.left.iter().map(|left| left.was.state());
        left.chain(&self.been_before).chain([self.state()])
    }

    /// It as it is, without where it has been.
    pub(crate) fn as_it_is(&self) -> Box<Strand> {
        Box::new(Strand { left: Vec::new(), ..self.clone() })
    }

    pub(crate) fn state(&self) -> &Code {
        &self.stage().state
    }

    pub(crate) fn stage(&self) -> &Stage {
        self.life.last().expect("a stage")
    }
}

/// Relief that some have asked for.
#[derive(Clone, Debug)]
pub(crate) struct Sought {
    pub(crate) body: Body,
    /// Of each, the entries that say it.
    pub(crate) voices: BTreeMap<ParticipantId, Vec<u64>>,
    /// Entries that were withdrawn: by which, whose.
    pub(crate) withdrawn: Vec<(u64, ParticipantId, u64)>,
}

impl Sought {
    pub(crate) fn has(&self, entry: u64) -> bool {
        self.voices.values().any(|entries| entries.contains(&entry))
            || self.withdrawn.iter().any(|(_, _, withdrawn)| *withdrawn == entry)
    }

    pub(crate) fn is_something(&self) -> bool {
        !self.voices.is_empty() || !self.withdrawn.is_empty()
    }

    pub(crate) fn withdraw(&mut self, entry: u64, by: u64) {
        let whose = self.voices.iter().find(|(_, entries)| entries.contains(&entry));
        let Some(who) = whose.map(|(who, _)| who.clone()) else { return };
        self.voices.values_mut().for_each(|entries| entries.retain(|one| *one != entry));
        self.voices.retain(|_, entries| !entries.is_empty());
        self.withdrawn.push((by, who, entry));
    }
}

/// Relief that had its voices.
#[derive(Clone)]
pub(crate) struct Came {
    pub(crate) entry: u64,
    pub(crate) at: Time,
    /// The matter; none of a cut.
    pub(crate) key: Option<(u64, u32)>,
    pub(crate) sought: Sought,
    pub(crate) by: Deciders,
    pub(crate) law: Instrument,
    pub(crate) done: Vec<(usize, Did)>,
}

#[derive(Clone)]
pub(crate) enum Did {
    Extended(Code, Cause, u64),
    Suspended,
    /// Those that this entry suspended, till when.
    Resumed(u64, Time),
}

#[derive(Clone)]
pub(crate) struct Matter {
    pub(crate) key: (u64, u32),
    pub(crate) id: MatterRef,
    pub(crate) kind: Code,
    /// Which version of the instrument it runs under, from 1.
    pub(crate) law: usize,
    pub(crate) procedure: Procedure,
    pub(crate) opener: ParticipantId,
    pub(crate) opened: Time,
    pub(crate) tier: Tier,
    pub(crate) fields: Fields,
    pub(crate) strands: Vec<Strand>,
    /// By which entry each was.
    pub(crate) withdrawn: BTreeMap<u64, u64>,
    /// Every entry that had effect in it.
    pub(crate) entries: BTreeSet<u64>,
    /// Every entry that touched it, for ever.
    pub(crate) touched: BTreeSet<u64>,
    pub(crate) sought: Vec<Sought>,
    /// The strand whose step opened it.
    pub(crate) parent: Option<((u64, u32), usize)>,
    /// `high` of what took its opening back.
    pub(crate) disowned: Option<Time>,
    pub(crate) filled: Vec<Filled>,
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
        let mut after = self.clone();
        for (name, value) in fields {
            if self.is_of_all(step) {
                after.fields.insert(name.clone(), value.clone());
            } else {
                for place in strands {
                    after.strands[*place].fields.insert(name.clone(), value.clone());
                }
            }
        }
        after
    }

    /// Whether what such an act gives is the whole matter's.
    pub(crate) fn is_of_all(&self, step: Option<&Step>) -> bool {
        let is_text = |name: &Code| self.procedure.fields[name].holds == Holds::Text;
        self.procedure.strands.is_empty() || step.is_none_or(|step| step.fields.iter().any(is_text))
    }

    /// What stands in a field of the whole matter, or in a strand's own.
    pub(crate) fn kept(&self, own: Option<usize>, field: &Code) -> Option<&FieldValue> {
        own.map_or(&self.fields, |place| &self.strands[place].fields).get(field)
    }

    /// Whether a strand is where its opening led it, which was taken back.
    pub(crate) fn stands_on_nothing(&self, strand: &Strand) -> bool {
        self.disowned.is_some() && strand.led == Cause::Entry(self.key.0)
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
