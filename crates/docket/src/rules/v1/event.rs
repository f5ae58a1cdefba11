//! What happened, in the order in which it took effect. Events are appended, never inserted (T10).

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt::{self, Write as _};

use act::body::ScreenResult;
use act::value::{MatterRef, StrandName};
use terms::{Code, Hash, Instant, Item, ParticipantId, Reference, RefusalGround, SignerName};

use super::clock::Times;
use super::void::VoidReason;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When it took effect; never earlier than the event before.
    pub at: Instant,
    /// The entry that brought it; none for silence.
    pub entry: Option<u64>,
    /// What.
    pub what: What,
}

/// The kinds of event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum What {
    /// The registrar let in what it had to refuse.
    Malformed(RefusalGround),
    /// An act has no effect.
    Void(VoidReason),
    /// A key has force.
    Enrolled(SignerName),
    /// A key is over.
    Ended(SignerName),
    /// The first wants the seat of the second taken, with these roots.
    Voted(ParticipantId, ParticipantId),
    /// A seat was taken.
    Seated(ParticipantId),
    /// A participant has new roots.
    Recovered(ParticipantId),
    /// New roots are on their way, and come at this time unless disowned.
    RecoveryBegun(ParticipantId, Instant),
    /// The register goes on under another key.
    Succeeded,
    /// A witness has frozen the registrar's key.
    Frozen(String),
    /// A key's acts were taken back; so many.
    Disowned(SignerName, u64),
    /// A matter was opened.
    Opened(MatterRef, Code, Reference, ParticipantId),
    /// A matter was opened after its due time.
    OpenedLate(MatterRef),
    /// A strand is in a state.
    Entered(MatterRef, StrandName, Code),
    /// What moved a strand was taken back: it is again where it was, with the time that it had left.
    Reopened(MatterRef, StrandName, Code),
    /// Somebody took a step, with this choice, and with it the step is decided.
    Stepped(MatterRef, StrandName, Code, ParticipantId, Option<Code>),
    /// Somebody spoke on a step that others decide too, and it is not decided.
    Spoke(MatterRef, StrandName, Code, ParticipantId, Option<Code>),
    /// No other outcome can get the voices that it takes.
    Split(MatterRef, StrandName, Code),
    /// Other values for fields of an entry.
    Corrected(MatterRef, terms::ActId),
    /// An author withdrew an entry of its own.
    Withdrawn(terms::ActId),
    /// What this entry does is on behalf of the first, and was written down by the second.
    Transcribed(ParticipantId, ParticipantId),
    /// The participant on whose behalf it was written down says that it is right.
    Confirmed(terms::ActId),
    /// The participant on whose behalf it was written down says that it is not its act.
    DisownedAct(terms::ActId),
    /// One of several wants relief of this kind.
    Sought(terms::Kind, ParticipantId),
    /// The agreement goes on under this version, which is this annex.
    Amended(MatterRef, StrandName, u32, Hash),
    /// An amendment has no effect: what it brings can't be run.
    NotAmended(MatterRef, StrandName),
    /// No matter can be opened any more.
    Closed(MatterRef, StrandName),
    /// A step came after its due time; the label is open until the close.
    LateSoFar(MatterRef, StrandName, Code, ParticipantId),
    /// The label closed: late.
    Late(MatterRef, StrandName, Code, ParticipantId),
    /// The label closed: in time after all.
    InTime(MatterRef, StrandName, Code, ParticipantId),
    /// A right used after its end waits for a stamp.
    Held(MatterRef, StrandName, Code, ParticipantId),
    /// An act was served on a participant, from this moment on.
    Served(MatterRef, StrandName, Code, ParticipantId),
    /// The same, deemed.
    DeemedServed(MatterRef, StrandName, Code, ParticipantId),
    /// A clock runs.
    Clock(MatterRef, StrandName, Code, Times),
    /// A clock has run out, and silence did this. Whom it asked and nobody had heard follows from what was before: its line
    /// does not say it again.
    RanOut(MatterRef, StrandName, Code, Option<Code>, BTreeSet<ParticipantId>),
    /// A clock's times moved.
    Moved(MatterRef, StrandName, Code, Times),
    /// A matter stands on what was taken back, and others have moved on: relief may be due.
    Flagged(MatterRef, StrandName),
    /// A strand went back to a state that it was in.
    SetAside(MatterRef, StrandName, Code),
    /// Clocks stand until then.
    Suspended(MatterRef, StrandName, Instant),
    /// They run again.
    Resumed(MatterRef, StrandName),
    /// A participant could not be reached.
    Cut(ParticipantId, Instant, Instant),
    /// Nobody counted this time.
    Dead(Instant, Instant),
    /// An exhibit was offered.
    Offered(Item, Reference, ParticipantId),
    /// Somebody can open it.
    Granted(Item, ParticipantId),
    /// Another holds its bytes.
    Kept(Item, ParticipantId),
    /// An addressee opened it.
    OpenedExhibit(Item, ParticipantId),
    /// It was answered.
    Answered(Item, ParticipantId),
    /// An addressee can't open it.
    Challenged(Item, ParticipantId),
    /// A challenge was decided; upheld, or not.
    Ruled(Item, bool),
    /// It puts a person in danger.
    Danger(Item),
    /// It must not be destroyed until then.
    HeldUntil(Item, ParticipantId, Instant),
    /// A holder destroyed its copy.
    Destroyed(Item, ParticipantId),
    /// A table was entered.
    Batched(Item, Reference, ParticipantId),
    /// A stamp was given for an act.
    Stamped(terms::ActId, SignerName, Instant),
    /// People looked into who holds a key, against this group; and what came of it.
    Screened(SignerName, Code, ScreenResult),
    /// The author says that it saw a register which this is not: an alarm. The act stands (T4).
    SeenDiffers(terms::ActId),
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            What::Malformed(ground) => write!(f, "malformed {ground}"),
            What::Void(reason) => write!(f, "void {reason}"),
            What::Enrolled(key) => write!(f, "enrolled {key}"),
            What::Ended(key) => write!(f, "ended {key}"),
            What::Voted(by, who) => write!(f, "voted {by} {who}"),
            What::Seated(who) => write!(f, "seated {who}"),
            What::Recovered(who) => write!(f, "recovered {who}"),
            What::RecoveryBegun(who, at) => write!(f, "recovery-begun {who} {at}"),
            What::Succeeded => f.write_str("succeeded"),
            What::Frozen(witness) => write!(f, "frozen {witness}"),
            What::Disowned(key, acts) => write!(f, "disowned {key} {acts}"),
            What::Opened(matter, kind, reference, by) => write!(f, "opened {matter} {kind} {reference} {by}"),
            What::OpenedLate(matter) => write!(f, "opened-late {matter}"),
            What::Entered(matter, strand, state) => write!(f, "entered {matter} {strand} {state}"),
            What::Reopened(matter, strand, state) => write!(f, "reopened {matter} {strand} {state}"),
            What::Stepped(matter, strand, step, by, choice) => {
                write!(f, "stepped {matter} {strand} {step} {by}")?;
                choice.iter().try_for_each(|choice| write!(f, " {choice}"))
            }
            What::Spoke(matter, strand, step, by, choice) => {
                write!(f, "spoke {matter} {strand} {step} {by}")?;
                choice.iter().try_for_each(|choice| write!(f, " {choice}"))
            }
            What::Split(matter, strand, step) => write!(f, "split {matter} {strand} {step}"),
            What::Corrected(matter, entry) => write!(f, "corrected {matter} {entry}"),
            What::Withdrawn(entry) => write!(f, "withdrawn {entry}"),
            What::Transcribed(party, by) => write!(f, "transcribed {party} {by}"),
            What::Confirmed(act) => write!(f, "confirmed {act}"),
            What::DisownedAct(act) => write!(f, "disowned-act {act}"),
            What::Sought(kind, by) => write!(f, "sought {kind} {by}"),
            What::Amended(matter, strand, number, annex) => {
                write!(f, "amended {matter} {strand} {number} {}", annex.to_hex())
            }
            What::NotAmended(matter, strand) => write!(f, "not-amended {matter} {strand}"),
            What::Closed(matter, strand) => write!(f, "closed {matter} {strand}"),
            What::LateSoFar(matter, strand, step, by) => {
                write!(f, "late-so-far {matter} {strand} {step} {by}")
            }
            What::Late(matter, strand, step, by) => write!(f, "late {matter} {strand} {step} {by}"),
            What::InTime(matter, strand, step, by) => write!(f, "in-time {matter} {strand} {step} {by}"),
            What::Held(matter, strand, step, by) => write!(f, "held {matter} {strand} {step} {by}"),
            What::Served(matter, strand, step, on) => write!(f, "served {matter} {strand} {step} {on}"),
            What::DeemedServed(matter, strand, step, on) => {
                write!(f, "deemed-served {matter} {strand} {step} {on}")
            }
            What::Clock(matter, strand, step, times) => {
                write!(f, "clock {matter} {strand} {step} {} {}", times.due, times.closes)
            }
            What::Moved(matter, strand, step, times) => {
                write!(f, "moved {matter} {strand} {step} {} {}", times.due, times.closes)
            }
            What::RanOut(matter, strand, step, Some(state), _) => {
                write!(f, "ran-out {matter} {strand} {step} {state}")
            }
            What::RanOut(matter, strand, step, None, _) => {
                write!(f, "ran-out {matter} {strand} {step} noted")
            }
            What::Flagged(matter, strand) => write!(f, "flagged {matter} {strand}"),
            What::SetAside(matter, strand, state) => write!(f, "set-aside {matter} {strand} {state}"),
            What::Suspended(matter, strand, until) => write!(f, "suspended {matter} {strand} {until}"),
            What::Resumed(matter, strand) => write!(f, "resumed {matter} {strand}"),
            What::Cut(who, from, to) => write!(f, "cut {who} {from} {to}"),
            What::Dead(from, to) => write!(f, "dead {from} {to}"),
            What::Offered(item, reference, by) => write!(f, "offered {item} {reference} {by}"),
            What::Granted(item, to) => write!(f, "granted {item} {to}"),
            What::Kept(item, by) => write!(f, "kept {item} {by}"),
            What::OpenedExhibit(item, by) => write!(f, "opened-exhibit {item} {by}"),
            What::Answered(item, by) => write!(f, "answered {item} {by}"),
            What::Challenged(item, by) => write!(f, "challenged {item} {by}"),
            What::Ruled(item, true) => write!(f, "ruled {item} upheld"),
            What::Ruled(item, false) => write!(f, "ruled {item} not-upheld"),
            What::Danger(item) => write!(f, "danger {item}"),
            What::HeldUntil(item, by, until) => write!(f, "held-until {item} {by} {until}"),
            What::Destroyed(item, by) => write!(f, "destroyed {item} {by}"),
            What::Batched(item, reference, by) => write!(f, "batched {item} {reference} {by}"),
            What::Stamped(act, key, time) => write!(f, "stamped {act} {key} {time}"),
            What::Screened(key, list, result) => {
                write!(f, "screened {key} {list} {}", screen_word(*result))
            }
            What::SeenDiffers(act) => write!(f, "seen-differs {act}"),
        }
    }
}

/// The word of a result, as it stands in acts.
#[must_use]
pub const fn screen_word(result: ScreenResult) -> &'static str {
    match result {
        ScreenResult::NoMatch => "no-match",
        ScreenResult::Unclear => "unclear",
        ScreenResult::Match => "match",
    }
}

/// `2025-10-27T08:14:02Z 41 opened …`; a hyphen where no entry brought it.
impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.entry {
            Some(entry) => write!(f, "{} {entry} {}", self.at, self.what),
            None => write!(f, "{} - {}", self.at, self.what),
        }
    }
}

/// The events so far: how many, and a hash that each changes. Equal hash, equal history.
#[derive(Clone, Debug)]
pub struct Events {
    count: u64,
    running: Hash,
    /// Those since the last [`Events::take`]; a caller that shows them takes them, one that does not
    /// need not hold history.
    fresh: Vec<Event>,
    keep: bool,
    /// Where each event's line is written, one after the other.
    line: String,
}

impl Events {
    /// None yet. `keep` says whether events are held for [`Events::take`].
    #[must_use]
    pub const fn new(keep: bool) -> Events {
        Events { count: 0, running: Hash::ZERO, fresh: Vec::new(), keep, line: String::new() }
    }

    /// Appends one: the running hash becomes SHA-256 of itself and the event's line.
    pub fn push(&mut self, event: Event) {
        self.line.clear();
        // A string has no way to refuse what is written to it.
        let _ = write!(self.line, "{event}");
        self.running = Hash::of_parts(&[self.running.as_bytes(), self.line.as_bytes()]);
        self.count += 1;
        if self.keep {
            self.fresh.push(event);
        }
    }

    /// Those since the last call.
    pub fn take(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.fresh)
    }

    /// Holds none from now on.
    pub fn keep_none(&mut self) {
        self.keep = false;
        self.fresh = Vec::new();
    }

    /// How many there were.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// The running hash.
    #[must_use]
    pub const fn running(&self) -> Hash {
        self.running
    }
}

/// Events as bytes, for a place outside memory: of this program's own, and of no version but this.
#[must_use]
pub fn to_bytes(events: &[Event]) -> Vec<u8> {
    #[expect(clippy::expect_used, reason = "there is room for what is written, and all of it has a form")]
    postcard::to_allocvec(events).expect("events have bytes")
}

/// The events that these bytes are, if they are some.
#[must_use]
pub fn from_bytes(bytes: &[u8]) -> Option<Vec<Event>> {
    postcard::from_bytes(bytes).ok()
}
