//! What concerns the participant: found in what happened and in clocks that run, each under a name that stays the same, so
//! that it is told once wherever it is told. Only references leave the desk, and nothing of what was said.

pub mod hook;
pub mod look;

use std::collections::BTreeSet;

use act::Entry;
use audit::contradiction::Convict;
use docket::v1::{Event, Matter, Replay, What};
use docket::view::{Ask, Standing, matter_of};
use instrument::procedure::Holds;
use sha2::{Digest as _, Sha256};
use store::{Alert, AlertKind};
use terms::{Code, Instant, ParticipantId, Seconds};

use crate::desk::{Desk, Held};

/// How alerts are found and told.
#[derive(Clone, Debug)]
pub struct Manner {
    /// How long each rung of the ladder has to take one before the next is told.
    pub step: Seconds,
    /// The words of a graded field that are grave: of one that is called `grade`, or ends so.
    pub grave: Vec<Code>,
    /// Where they are told outside, if anywhere.
    pub hook: Option<hook::Hook>,
}

impl Default for Manner {
    /// A quarter of an hour, and what the library of procedures calls grave.
    fn default() -> Manner {
        Manner { step: Seconds(15 * 60), grave: Code::new("grave").into_iter().collect(), hook: None }
    }
}

/// Something that concerns the participant.
pub(crate) struct Concern {
    /// What it is; a step that is asked is no alert, and has none.
    pub(crate) kind: Option<AlertKind>,
    /// The matter's; empty if it is about the record itself.
    pub(crate) reference: String,
    /// What else tells it from others of its matter.
    pub(crate) which: String,
    pub(crate) since: Instant,
    pub(crate) due: Option<Instant>,
    pub(crate) whom: Option<Code>,
}

impl Concern {
    /// What the message that says it is called.
    pub(crate) const fn says(&self) -> &'static str {
        match self.kind {
            None => "feed-asked",
            Some(kind) => says(kind),
        }
    }

    /// Its name: a UUID of version 8 (RFC 9562 §5.8), of whose it is and what it is about.
    pub(crate) fn name(&self, whose: &str) -> String {
        uuid(&format!("{whose}\n{}\n{}\n{}", self.says(), self.reference, self.which))
    }

    fn alert(self, whose: &str) -> Option<Alert> {
        let id = self.name(whose);
        let Concern { kind, reference, since, due, whom, .. } = self;
        Some(Alert { id, kind: kind?, reference, since, due, whom })
    }
}

/// The message that says an alert, with its reference.
pub(crate) const fn says(kind: AlertKind) -> &'static str {
    match kind {
        AlertKind::Served => "feed-served",
        AlertKind::Half => "feed-half",
        AlertKind::Overdue => "feed-overdue",
        AlertKind::Grave => "feed-grave",
        AlertKind::Misbehaviour => "feed-misbehaviour",
        AlertKind::Assigned => "feed-assigned",
        AlertKind::Team => "feed-team",
    }
}

/// Whose concerns they are: of one participant, in one register.
pub(crate) fn whose(desk: &Desk, me: &ParticipantId) -> String {
    format!("{}\n{me}", desk.settings().genesis.to_hex())
}

pub(crate) fn uuid(of: &str) -> String {
    let digest = Sha256::new().chain_update(b"mithaq desk feed\n").chain_update(of).finalize();
    let mut hex: Vec<char> = terms::hash::to_hex(&digest).chars().take(32).collect();
    hex[12] = '8';
    hex[16] = 'a';
    let part = |from: usize, to: usize| hex[from..to].iter().collect::<String>();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

/// What a clock of ours says: that it is asked; that half of its time is over; that all of it is.
pub(crate) fn of_clock(ask: &Ask<'_>, now: Instant) -> Vec<Concern> {
    let entered = ask.matter.strands.get(ask.strand).map(|life| life.since);
    let begins = ask.clock.measure.as_ref().map(|measure| measure.base).or(entered).unwrap_or(now);
    let times = match &ask.standing {
        Standing::Running(times) | Standing::Passed(times) | Standing::Overdue(times) => Some(times),
        Standing::Unserved(_) | Standing::SeatVacant | Standing::StandsStill | Standing::RanOut(_) => None,
    };
    let due = times.map(|times| times.due);
    let concern = |kind, since: Instant| Concern {
        kind,
        reference: ask.matter.reference.to_string(),
        // What an extension moves is told anew.
        which: format!("{}\n{}\n{since}", ask.strand, ask.step),
        since,
        due,
        whom: None,
    };
    // Before it is served, and where its beginning is yet to come, it is asked since its matter stands as it does.
    let asked_since = if begins > now { entered.unwrap_or(now) } else { begins };
    let mut all = vec![concern(None, asked_since)];
    if let Some(due) = due.filter(|due| *due > begins) {
        let half = begins.plus(Seconds(due.since(begins).0 / 2));
        if half <= now {
            all.push(concern(Some(AlertKind::Half), half));
        }
        if due < now {
            all.push(concern(Some(AlertKind::Overdue), due));
        }
    }
    all
}

/// What happened that concerns us, in the order in which it did.
pub(crate) fn of_events(
    events: impl Iterator<Item = Event>,
    replay: &Replay,
    me: &ParticipantId,
    grave: &[Code],
) -> Vec<Concern> {
    let mut all = Vec::new();
    let mut graded: BTreeSet<(String, Code)> = BTreeSet::new();
    for event in events {
        let matter = matter_of(&event.what).and_then(|id| replay.settlement().matter(id));
        if let Some((_, matter)) = matter {
            let reference = matter.reference.to_string();
            for field in grave_fields(matter, grave) {
                if graded.insert((reference.clone(), field.clone())) {
                    all.push(of_event(AlertKind::Grave, reference.clone(), field.to_string(), event.at));
                }
            }
            if let What::Served(_, strand, step, on) | What::DeemedServed(_, strand, step, on) = &event.what
                && on == me
            {
                let which = format!("{strand}\n{step}\n{}", event.at);
                all.push(of_event(AlertKind::Served, reference, which, event.at));
            }
        }
        if let (What::Malformed(_), Some(entry)) = (&event.what, event.entry) {
            all.push(of_event(
                AlertKind::Misbehaviour,
                String::new(),
                format!("malformed\n{entry}"),
                event.at,
            ));
        }
    }
    all
}

fn of_event(kind: AlertKind, reference: String, which: String, since: Instant) -> Concern {
    Concern { kind: Some(kind), reference, which, since, due: None, whom: None }
}

/// The graded fields of a matter that say it is grave: which those are, and with which words, no program knows but by their
/// names and the node's settings.
fn grave_fields<'m>(matter: &'m Matter, grave: &[Code]) -> BTreeSet<&'m Code> {
    let is_graded = |name: &Code| {
        let holds = matter.procedure.fields.get(name).map(|field| &field.holds);
        let is_called_so = name.as_str() == "grade" || name.as_str().ends_with("-grade");
        is_called_so && matches!(holds, Some(Holds::Codes(_)))
    };
    let is_grave = |value: &act::value::FieldValue| match value {
        act::value::FieldValue::One(act::value::Word::Code(code)) => grave.contains(code),
        _ => false,
    };
    matter.values().filter(|(name, value)| is_graded(name) && is_grave(value)).map(|(name, _)| name).collect()
}

/// What convicts somebody that no event says: false stamps, and what the last check of everything found.
pub(crate) fn of_proofs(desk: &Desk, held: &Held) -> Vec<Concern> {
    let replay = held.replay();
    let last = replay.timeline().last().unwrap_or_else(|| desk.now());
    let stamps = replay.false_stamps().iter().map(|stamp| {
        let entry = desk.entry(held, stamp.index).ok().and_then(|bytes| Entry::parse(&bytes).ok());
        let since = entry.map_or(last, |entry| entry.receipt().time);
        of_event(AlertKind::Misbehaviour, String::new(), format!("stamp\n{}", stamp.index), since)
    });
    let mut all: Vec<Concern> = stamps.collect();
    if let Some(whole) = desk.whole() {
        let convicting =
            whole.contradictions().iter().filter(|found| found.conviction.convicts != Convict::Nobody);
        all.extend(convicting.map(|found| {
            let which = format!("contradiction\n{}\n{:?}", found.kind, found.conviction.facts);
            of_event(AlertKind::Misbehaviour, String::new(), which, whole.at())
        }));
    }
    all
}
