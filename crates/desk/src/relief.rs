//! Relief in a matter, and what is said later of an entry in it: from what was typed to what can be signed. No procedure has
//! these; by whom relief is given, the agreement says for all matters.

use act::Body;
use act::body::{self, Tier};
use act::value::StrandName;
use docket::v1::Matter;
use instrument::who::{Deciders, Set};
use node::form::Wrong;
use store::About;
use terms::{ActId, Code, Hash, Instant, ParticipantId, Seconds};

use crate::correction::Correction;
use crate::desk::Held;
use crate::web::asked::Sent;
use crate::writing::{Lack, STRAND, What, Written, plain_digits};

/// The fields of such a form: the clock, how much, in which unit, back to which state.
pub(crate) const STEP: &str = "clock";
pub(crate) const LENGTH: &str = "length";
pub(crate) const UNIT: &str = "unit";
pub(crate) const STATE: &str = "state";

/// In what a length is told, with its seconds.
pub(crate) const UNITS: [(&str, u64); 2] = [("days", 86_400), ("hours", 3_600)];

/// What can be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relief {
    /// A clock gets more time.
    Extend,
    /// Clocks stand for a while.
    Suspend,
    /// Those that stand go on.
    Resume,
    /// A life goes back to a state that it was in.
    SetAside,
    /// An entry of one's own is taken back, or marked so.
    Withdraw,
    /// Fields of an entry of one's own have other values.
    Correct,
    /// What was written down on one's behalf is right.
    Confirm,
    /// What was written down on one's behalf was not said so.
    Disown,
}

impl Relief {
    /// Those that are given, in the order in which a page offers them.
    pub(crate) const GIVEN: [Relief; 4] = [Relief::Extend, Relief::Suspend, Relief::Resume, Relief::SetAside];

    /// What is said of an entry.
    const OF_ENTRIES: [Relief; 4] = [Relief::Withdraw, Relief::Correct, Relief::Confirm, Relief::Disown];

    /// Its word, which is the kind of its act.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Relief::Extend => "extend",
            Relief::Suspend => "suspend",
            Relief::Resume => "resume",
            Relief::SetAside => "set-aside",
            Relief::Withdraw => "withdraw",
            Relief::Correct => "correct",
            Relief::Confirm => "confirm",
            Relief::Disown => "disown",
        }
    }

    pub(crate) fn of(word: &str) -> Option<Relief> {
        let all = Relief::GIVEN.into_iter().chain(Relief::OF_ENTRIES);
        all.into_iter().find(|relief| relief.as_str() == word)
    }

    /// Whether it is said of an entry.
    pub(crate) fn is_of_entry(self) -> bool {
        Relief::OF_ENTRIES.contains(&self)
    }

    /// Whether it has a length.
    pub(crate) const fn has_length(self) -> bool {
        matches!(self, Relief::Extend | Relief::Suspend)
    }

    /// By whom it is given in a matter, as the agreement says; nobody, where it has no such relief.
    pub(crate) fn by(self, matter: &Matter) -> Option<&Deciders> {
        let relief = &matter.law.instrument.relief;
        match self {
            Relief::Extend => relief.extend.as_ref().map(|extend| &extend.by),
            Relief::Suspend | Relief::Resume => relief.suspend.as_ref().map(|(by, _)| by),
            Relief::SetAside => relief.set_aside.as_ref(),
            Relief::Withdraw | Relief::Correct | Relief::Confirm | Relief::Disown => None,
        }
    }

    /// How much of it at most.
    pub(crate) fn most(self, matter: &Matter) -> Option<Seconds> {
        let relief = &matter.law.instrument.relief;
        match self {
            Relief::Extend => relief.extend.as_ref().map(|extend| extend.most),
            Relief::Suspend => relief.suspend.as_ref().map(|(_, most)| *most),
            _ => None,
        }
    }

    /// Whether somebody has a voice in it, in this matter as it stands now.
    pub(crate) fn is_open_to(self, who: &ParticipantId, matter: &Matter, now: Instant) -> bool {
        let is_one = |by: &Deciders| {
            by.0.iter().any(|item| {
                let is_in = |set: &Set| matter.law.instrument.members(set).contains(who);
                is_in(&item.of.set) && !item.of.but.as_ref().is_some_and(is_in)
            })
        };
        let stands_still = || {
            let mut last = matter.strands.values().filter_map(|life| life.suspended.last());
            last.any(|(_, (_, until))| *until > now)
        };
        self.by(matter).is_some_and(is_one)
            && match self {
                Relief::Extend => !clocks(matter).is_empty(),
                Relief::Suspend => !clocks(matter).is_empty() && !stands_still(),
                Relief::Resume => stands_still(),
                Relief::SetAside => !states(matter).is_empty(),
                Relief::Withdraw | Relief::Correct | Relief::Confirm | Relief::Disown => false,
            }
    }

    /// The fields that a form of it has, beside those of the procedure that a correction has.
    pub(crate) fn fields(self) -> Vec<&'static str> {
        match self {
            Relief::Extend => vec![STRAND, STEP, LENGTH, UNIT],
            Relief::Suspend => vec![STRAND, LENGTH, UNIT],
            Relief::Resume => vec![STRAND],
            Relief::SetAside => vec![STRAND, STATE],
            Relief::Withdraw | Relief::Correct | Relief::Confirm | Relief::Disown => Vec::new(),
        }
    }
}

/// The steps whose clocks run in some life of a matter, as far as they can have more time.
pub(crate) fn clocks(matter: &Matter) -> Vec<&Code> {
    let all = matter.strands.values().flat_map(|life| life.clocks.iter());
    let mut run: Vec<&Code> =
        all.filter(|(_, clock)| clock.measure.is_some() && !clock.noted).map(|(step, _)| step).collect();
    run.sort();
    run.dedup();
    run
}

/// The states that some life of a matter was in, in the order of its procedure.
pub(crate) fn states(matter: &Matter) -> Vec<&Code> {
    let been = |state: &Code| matter.strands.values().any(|life| life.been.contains(state));
    matter.procedure.states.iter().map(|(name, _)| name).filter(|name| been(name)).collect()
}

/// For which lives: those that were ticked; before anything was, all that are not over. Of one life none is named.
pub(crate) fn strands(matter: &Matter, typed: &Sent) -> Vec<StrandName> {
    if matter.strands.len() < 2 {
        return Vec::new();
    }
    let all = matter.strands.iter();
    match typed.get(STRAND) {
        Some(ticked) => all
            .map(|(name, _)| name)
            .filter(|name| ticked.iter().any(|one| one == name.as_str()))
            .cloned()
            .collect(),
        None => all.filter(|(_, life)| !life.clocks.is_empty()).map(|(name, _)| name.clone()).collect(),
    }
}

/// What would be signed.
///
/// # Errors
///
/// All that is lacking; nothing, if there is no such matter or entry.
pub(crate) fn written(held: &Held, about: &About, now: Instant, typed: &Sent) -> Result<Written, Vec<Lack>> {
    let About::Relief { relief, matter: id, act } = about else { return Err(Vec::new()) };
    let relief = Relief::of(relief.as_str()).ok_or_else(Vec::new)?;
    if let (Relief::Correct, Some(entry)) = (relief, act) {
        let correction = Correction::of(held.replay(), id, entry).ok_or_else(Vec::new)?;
        return correction.written(now, typed);
    }
    let (_, matter) = held.replay().settlement().matter(id).ok_or_else(Vec::new)?;
    let (strands, mut lacks) = (strands(matter, typed), Vec::new());
    let mut lack = |at: &str, what: What| lacks.push(Lack { at: at.to_owned(), what });
    if !relief.is_of_entry() && matter.strands.len() > 1 && strands.is_empty() {
        lack(STRAND, What::NoStrand);
    }
    let seconds = match length(typed) {
        Err(wrong) if relief.has_length() => {
            lack(LENGTH, What::Value(wrong));
            0
        }
        read => read.unwrap_or_default(),
    };
    let named = |field: &str, all: Vec<&Code>| {
        all.into_iter().find(|one| one.as_str() == first(typed, field)).cloned()
    };
    let (step, to) = (named(STEP, clocks(matter)), named(STATE, states(matter)));
    for (field, wants, has) in
        [(STEP, Relief::Extend, step.is_some()), (STATE, Relief::SetAside, to.is_some())]
    {
        if relief == wants && !has {
            lack(field, What::Value(Wrong::Needed));
        }
    }
    if !lacks.is_empty() {
        return Err(lacks);
    }
    let matter_id = *id;
    let body = match (relief, step, to, act) {
        (Relief::Extend, Some(step), ..) => {
            Body::Extend(body::Extend { matter: matter_id, strands, step, seconds })
        }
        (Relief::Suspend, ..) => Body::Suspend(body::Suspend { matter: matter_id, strands, seconds }),
        (Relief::Resume, ..) => Body::Resume(body::Resume { matter: matter_id, strands }),
        (Relief::SetAside, _, Some(to), _) => {
            Body::SetAside(body::SetAside { matter: matter_id, strands, to })
        }
        (Relief::Withdraw, _, _, Some(entry)) => {
            Body::Withdraw(body::Withdraw { matter: Some(matter_id), entry: *entry })
        }
        (Relief::Confirm, _, _, Some(act)) => Body::Confirm(body::Confirm { act: *act }),
        (Relief::Disown, _, _, Some(act)) => Body::Disown(body::Disown::Act(*act)),
        // What lacks a clock or a state was said above; a form of an entry without one is none.
        _ => return Err(Vec::new()),
    };
    let (annexes, text, files) = (Vec::new(), String::new(), Vec::new());
    Ok(Written { body, annexes, text, files, tier: Tier::Record })
}

fn first<'t>(typed: &'t Sent, name: &str) -> &'t str {
    typed.get(name).and_then(|all| all.first()).map_or("", String::as_str).trim()
}

/// How long, in seconds, as it was typed.
fn length(typed: &Sent) -> Result<u64, Wrong> {
    let text = plain_digits(first(typed, LENGTH));
    if text.is_empty() {
        return Err(Wrong::Needed);
    }
    let unit = UNITS.into_iter().find(|(unit, _)| *unit == first(typed, UNIT)).map_or(UNITS[0].1, |(_, s)| s);
    let count = text.parse::<u64>().ok().filter(|count| *count > 0).and_then(|count| count.checked_mul(unit));
    count.ok_or(Wrong::Count(text))
}

/// A matter and an act in it, as a form names them.
pub(crate) fn about(relief: &str, matter: &str, act: Option<&str>) -> Option<About> {
    let known = Relief::of(relief)?;
    let act = act.map(|act| Hash::from_base64(act).map(ActId));
    // Relief is of no entry, and all else is of one.
    if act.is_some() != known.is_of_entry() {
        return None;
    }
    let act = match act {
        Some(None) => return None,
        Some(Some(act)) => Some(act),
        None => None,
    };
    Some(About::Relief { relief: Code::new(relief)?, matter: matter.parse().ok()?, act })
}
