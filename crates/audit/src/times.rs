//! The rules of time that a registrar's receipts must keep.

use std::collections::BTreeMap;
use std::rc::Rc;

use act::value::NoteText;
use docket::v1::replay::Replay;
use terms::Instant;
use tlog::CosignedCheckpoint;

use crate::report::{Report, Wrong};

/// What receipts and marks have said of time so far (TIME C4–C6).
#[derive(Debug, Default)]
pub(crate) struct Times {
    last: Option<Instant>,
    /// Registered times of entries that no mark covers yet.
    pub(crate) uncovered: Vec<Dated>,
    /// The latest of those that a mark covers, but for those that one shows.
    covered: Option<Dated>,
    /// The latest of all.
    pub(crate) latest: Option<Dated>,
    last_median: Option<Instant>,
    /// The latest time of each witness, by its place in the policy; and whether one fell.
    pub(crate) witnesses: BTreeMap<usize, Instant>,
    pub(crate) backwards: bool,
}

impl Times {
    /// Takes in when an entry was registered, and what a mark in it shows of those before.
    pub(crate) fn check(
        &mut self,
        index: u64,
        registered: Instant,
        mark: Option<&NoteText>,
        replay: &Replay,
        file: &Rc<str>,
        report: &mut Report,
    ) {
        let tolerance = replay.instrument().calendar.tolerance;
        if self.last.is_some_and(|last| registered < last) {
            let what = "its registered time is earlier than that of the entry before it";
            report.wrong("audit::time_backwards", file, Some(index), what);
        }
        self.last = self.last.max(Some(registered));
        if self.last_median.is_some_and(|median| registered.plus(tolerance) < median) {
            let what = "it is dated before the witnesses' time of a mark that stands before it";
            report.wrong("audit::dated_before", file, Some(index), what);
        }
        let dated = Dated { index, registered, file: Rc::clone(file) };
        self.latest = later(self.latest.take(), &dated);
        self.uncovered.push(dated);
        let Some(mark) = mark else { return };
        let Ok(cosigned) = CosignedCheckpoint::parse(mark.as_str().as_bytes()) else { return };
        let Ok(claims) = cosigned.claims(replay.ledger().policy()) else { return };
        let proven = claims.proven();
        for (place, time) in &proven.times {
            let latest = self.witnesses.entry(*place).or_insert(*time);
            self.backwards |= time.plus(tolerance) < *latest;
            *latest = (*latest).max(*time);
        }
        let Some(median) = proven.median() else { return };
        let (size, latest) = (cosigned.checkpoint().size, median.plus(tolerance));
        // Each checkpoint that covers an entry can show it, not the first alone.
        self.covered.take_if(|covered| covered.is_after(latest, report));
        let covered = self.uncovered.partition_point(|dated| dated.index < size);
        for dated in self.uncovered.drain(..covered) {
            if !dated.is_after(latest, report) {
                self.covered = later(self.covered.take(), &dated);
            }
        }
        self.last_median = self.last_median.max(Some(median));
    }
}

/// The later of two; of equals the first.
fn later(one: Option<Dated>, other: &Dated) -> Option<Dated> {
    match one {
        Some(one) if one.registered >= other.registered => Some(one),
        _ => Some(other.clone()),
    }
}

const DATED_AFTER: &str = "audit::dated_after";

/// When an entry was registered, and the file that it is in.
#[derive(Clone, Debug)]
pub(crate) struct Dated {
    pub(crate) index: u64,
    registered: Instant,
    file: Rc<str>,
}

impl Dated {
    /// C5: an entry that a cosigned checkpoint covers is not dated after it. Says so, and whether it is.
    pub(crate) fn is_after(&self, latest: Instant, report: &mut Report) -> bool {
        let is = self.registered > latest;
        if is {
            let what = "it is dated after the witnesses' time of a checkpoint that covers it";
            report.wrong(DATED_AFTER, &self.file, Some(self.index), what);
        }
        is
    }

    /// The same, if it was not said already.
    pub(crate) fn check_again(&self, latest: Instant, report: &mut Report) {
        let said = |wrong: &Wrong| wrong.code == DATED_AFTER && wrong.entry == Some(self.index);
        if !report.wrongs.iter().any(said) {
            self.is_after(latest, report);
        }
    }
}
