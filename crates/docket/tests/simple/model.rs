//! The whole docket: the acts as they stand in the register, the marks, and what became of each matter.

use std::collections::{BTreeMap, BTreeSet};

use act::body::{Body, Transcribed};
use act::value::MatterRef;
use act::{Act, Entry};
use instrument::Instrument;
use terms::{ActId, Hash, ParticipantId, Role};

use crate::matter::{Acted, Came, CutSaid, Matter, Sought, Time};
use crate::who::People;

/// A strand of a matter.
pub(crate) type At = ((u64, u32), usize);

/// A stamp that came as an act.
pub(crate) struct HandedIn {
    pub(crate) entry: u64,
    pub(crate) on: ActId,
    pub(crate) by: ParticipantId,
    pub(crate) at: Time,
}

/// The whole docket.
pub(crate) struct Model {
    pub(crate) law: Instrument,
    /// It, and what was in force before, in order.
    pub(crate) versions: Vec<Instrument>,
    pub(crate) annexes: BTreeMap<Hash, Vec<u8>>,
    pub(crate) vacant: People,
    pub(crate) acts: Vec<Acted>,
    pub(crate) marks: Vec<(u64, Time)>,
    /// Stamps of each key: hash, time, and the one that it follows on.
    pub(crate) stamped: BTreeMap<ParticipantId, Vec<(Hash, Time, Hash)>>,
    /// Those that came as acts of their own.
    pub(crate) handed_in: Vec<HandedIn>,
    /// Where each of them put something in time.
    pub(crate) helped: BTreeMap<u64, Vec<At>>,
    pub(crate) dead: Vec<(Time, Time)>,
    pub(crate) cuts: Vec<CutSaid>,
    pub(crate) sought_cuts: Vec<Sought>,
    pub(crate) came: Vec<Came>,
    pub(crate) matters: BTreeMap<(u64, u32), Matter>,
    /// What was written down, and what was said of it: by which entry, and whether it was disowned, or confirmed.
    pub(crate) transcripts: BTreeMap<u64, Vec<(u64, bool)>>,
    /// The matters in which such an entry was taken back by this one.
    pub(crate) took_back: BTreeMap<u64, Vec<(u64, u32)>>,
    pub(crate) filed: BTreeSet<u64>,
    pub(crate) closed: Option<Time>,
    /// What became of each entry, in the docket's words.
    pub(crate) outcomes: BTreeMap<u64, BTreeSet<&'static str>>,
    /// When the last entry that settled took effect.
    pub(crate) last: Time,
    /// The entry that settles.
    pub(crate) here: u64,
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
            versions: vec![law.clone()],
            law,
            annexes: BTreeMap::new(),
            acts: Vec::new(),
            marks: Vec::new(),
            stamped: BTreeMap::new(),
            handed_in: Vec::new(),
            helped: BTreeMap::new(),
            dead: Vec::new(),
            cuts: Vec::new(),
            sought_cuts: Vec::new(),
            came: Vec::new(),
            matters: BTreeMap::new(),
            transcripts: BTreeMap::new(),
            took_back: BTreeMap::new(),
            filed: BTreeSet::new(),
            closed: None,
            outcomes: BTreeMap::new(),
            last: 0,
            here: 0,
            now: 0,
            unsettled: Vec::new(),
        }
    }

    pub(crate) fn law_of(&self, matter: &Matter) -> &Instrument {
        &self.versions[matter.law - 1]
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
            if self.is_good(&who, &intake) {
                out.push((who, intake.time.secs()));
            }
        }
        out
    }

    fn is_good(&mut self, who: &ParticipantId, intake: &note::Intake) -> bool {
        let time = intake.time.secs();
        let chain = self.stamped.entry(who.clone()).or_default();
        let follows = chain.iter().find(|(hash, ..)| *hash == intake.previous).map(|(_, time, _)| *time);
        let second = chain.iter().any(|(.., previous)| *previous == intake.previous);
        chain.push((intake.hash(), time, intake.previous));
        !second && follows.is_none_or(|before| before <= time) && self.law.role(who) == Some(Role::Guarantor)
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
        let names: BTreeSet<u64> = names.map(|other| other.index).collect();
        let mut stamps = self.stamps(&entry);
        let mut stamp = None;
        if let Body::Intake(body) = act.body() {
            let intake = note::Intake { act: body.act, time: body.time, previous: body.previous };
            let who = body.key.participant().cloned().expect("somebody's");
            stamp = self.is_good(&who, &intake).then(|| (body.act, who, body.time.secs()));
        }
        // What was stamped by an act before.
        let before = self.handed_in.iter().filter(|stamp| stamp.on == act.id());
        stamps.extend(before.map(|stamp| (stamp.by.clone(), stamp.at)));
        let acted = Acted {
            index,
            id: act.id(),
            n: act.head().n,
            by,
            of,
            transcribed,
            signers: act.head().signers.clone(),
            registered,
            body: act.body().clone(),
            fits: seen.map(|seen| seen.size),
            names,
            serves: None,
            stamps,
            stamp,
            at: 0,
            high: None,
            settled: false,
            beyond: false,
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
            self.here = self.acts[place].index;
            self.last = last;
            self.serve_all(last);
            self.settle(place);
            self.look_at_held_again(last, time);
        }
        self.run_to(time);
        self.now = time;
        self.put_beyond(time);
        self.forget_cuts();
        self.forget_voices();
    }

    /// What no root can take back any more stays so, also if a longer carriage comes.
    fn put_beyond(&mut self, now: Time) {
        let beyond: Vec<usize> = (0..self.acts.len())
            .filter(|place| self.acts[*place].high.is_some() && !self.is_in_reach(&self.acts[*place], now))
            .collect();
        for place in beyond {
            self.acts[place].beyond = true;
        }
    }

    /// Voices for relief of what has ended stand as long as a root could take them back.
    fn forget_voices(&mut self) {
        let beyond: BTreeSet<u64> = self.acts.iter().filter(|act| act.beyond).map(|act| act.index).collect();
        for sought in self.matters.values_mut().flat_map(|matter| &mut matter.sought) {
            sought.withdrawn.retain(|(by, ..)| !beyond.contains(by));
        }
        for matter in self.matters.values_mut() {
            matter.sought.retain(Sought::is_something);
        }
        let over = self.matters.values().filter(|matter| !matter.is_open());
        let voices =
            over.flat_map(|matter| &matter.sought).flat_map(|sought| sought.voices.values().flatten());
        let old = voices.filter(|entry| !self.is_in_reach(self.act(**entry), self.now));
        let old: BTreeSet<u64> = old.copied().collect();
        for matter in self.matters.values_mut().filter(|matter| !matter.is_open()) {
            for sought in &mut matter.sought {
                sought.voices.retain(|_, entries| !entries.iter().all(|entry| old.contains(entry)));
            }
            matter.sought.retain(Sought::is_something);
        }
    }

    /// Nobody waits for a cut that would be of nothing.
    fn forget_cuts(&mut self) {
        let earliest = self.last - self.law.calendar.carriage.0;
        self.sought_cuts.retain(|sought| match &sought.body {
            Body::Cut(cut) => cut.to.secs() > earliest,
            _ => true,
        });
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
        let stamps = act.stamps.iter().filter(|(by, _)| *by != act.by && *by != act.of);
        stamps.map(|(_, time)| (*time).max(low.unwrap_or(0))).fold(own, Time::min)
    }

    pub(crate) fn act(&self, index: u64) -> &Acted {
        self.acts.iter().find(|act| act.index == index).expect("an act")
    }
}
