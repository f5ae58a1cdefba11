//! Marks, and what they say about time (TIME T5–T8).

use terms::{Instant, Seconds};

use super::clock::Out;

/// What replay keeps of a mark.
#[derive(Clone, Copy, Debug)]
struct MarkRead {
    index: u64,
    size: u64,
    witness_time: Instant,
}

/// The marks of a register, and the times that follow from them.
#[derive(Clone, Debug)]
pub struct Timeline {
    heartbeat: Seconds,
    /// Every mark, in order.
    marks: Vec<MarkRead>,
    /// Index and witness time of every beat: a mark that shows that the beat before it stood.
    beats: Vec<(u64, Instant)>,
    /// The size of the last mark: what is below it has settled.
    settled: u64,
    dead: Vec<Out>,
    register_time: Option<Instant>,
}

impl Timeline {
    /// No mark yet.
    #[must_use]
    pub const fn new(heartbeat: Seconds) -> Timeline {
        Timeline {
            heartbeat,
            marks: Vec::new(),
            beats: Vec::new(),
            settled: 0,
            dead: Vec::new(),
            register_time: None,
        }
    }

    /// Marks are meant to be this far apart from now on.
    pub const fn beats(&mut self, heartbeat: Seconds) {
        self.heartbeat = heartbeat;
    }

    /// The size that the last mark covers.
    #[must_use]
    pub const fn settled(&self) -> u64 {
        self.settled
    }

    /// Witness time of the last mark.
    #[must_use]
    pub fn last(&self) -> Option<Instant> {
        self.marks.last().map(|mark| mark.witness_time)
    }

    /// How many marks there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.marks.len() as u64
    }

    /// τ: how far the register has provably come (T7).
    #[must_use]
    pub const fn register_time(&self) -> Option<Instant> {
        self.register_time
    }

    /// What no clock counts (T8).
    #[must_use]
    pub fn dead(&self) -> &[Out] {
        &self.dead
    }

    /// The same, but for what ended by `moment`.
    #[must_use]
    pub fn dead_since(&self, moment: Instant) -> &[Out] {
        &self.dead[self.dead.partition_point(|(_, to)| *to <= moment)..]
    }

    /// Whether the register is silent at `moment`: a label, and no part of the state (T9).
    #[must_use]
    pub fn is_silent(&self, moment: Instant) -> bool {
        self.last().is_some_and(|last| moment.since(last).0 > self.heartbeat.0.saturating_mul(3))
    }

    /// `low` of an index: witness time of the last mark before it (T2).
    #[must_use]
    pub fn low(&self, index: u64) -> Option<Instant> {
        let before = self.marks.partition_point(|mark| mark.index < index);
        before.checked_sub(1).map(|at| self.marks[at].witness_time)
    }

    /// `high` of an index: witness time of the first mark whose size is past it (T2); none while no
    /// mark covers it.
    #[must_use]
    pub fn high(&self, index: u64) -> Option<Instant> {
        let at = self.marks.partition_point(|mark| mark.size <= index);
        self.marks.get(at).map(|mark| mark.witness_time)
    }

    /// The index of the first mark whose witness time is past `moment`.
    #[must_use]
    pub fn first_past(&self, moment: Instant) -> Option<u64> {
        let at = self.marks.partition_point(|mark| mark.witness_time <= moment);
        self.marks.get(at).map(|mark| mark.index)
    }

    /// Witness time of a new mark with this median: never less than the mark's before it (T5).
    #[must_use]
    pub fn witness_time(&self, median: Instant) -> Instant {
        self.last().map_or(median, |last| last.max(median))
    }

    /// Takes a mark in, before it settles anything. Gives the dead time that it ends, if any.
    pub fn add(&mut self, index: u64, size: u64, witness_time: Instant) -> Option<Out> {
        let is_beat = self.beats.last().is_none_or(|(before, _)| size > *before);
        let mut ends = None;
        if is_beat {
            if let Some((_, before)) = self.beats.last() {
                let limit = before.plus(Seconds(self.heartbeat.0.saturating_mul(3)));
                if limit < witness_time {
                    ends = Some((limit, witness_time));
                    self.dead.push((limit, witness_time));
                }
            }
            self.beats.push((index, witness_time));
        }
        self.marks.push(MarkRead { index, size, witness_time });
        self.settled = size;
        ends
    }

    /// Moves register time on, when all below the last mark has settled. `unsettled` is the index of
    /// the first well-formed entry that is no mark and has not settled, or the next index.
    pub fn advance(&mut self, unsettled: u64) -> Option<Instant> {
        // A mark of nothing leaves the genesis itself unsettled.
        let unsettled = if self.settled == 0 { 0 } else { unsettled };
        let before = self.beats.partition_point(|(at, _)| *at < unsettled);
        let reached = before.checked_sub(1).map(|at| self.beats[at].1);
        self.register_time = self.register_time.max(reached);
        self.register_time
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn t(secs: u64) -> Instant {
        Instant::from_secs(secs).expect("in range")
    }

    #[test]
    fn a_mark_that_shows_nothing_new_is_no_beat() {
        let mut line = Timeline::new(Seconds(10));
        line.add(3, 3, t(100));
        assert_eq!(line.advance(4), Some(t(100)));
        // Saved up: the mark at 4 covers 3 entries, so it does not show that the mark at 3 stood.
        assert_eq!(line.add(4, 3, t(500)), None);
        assert_eq!(line.advance(5), Some(t(100)));
        // The next does, and what lay between is dead but for three heartbeats.
        assert_eq!(line.add(5, 5, t(500)), Some((t(130), t(500))));
        assert_eq!(line.advance(6), Some(t(500)));
    }

    #[test]
    fn an_answer_that_waits_holds_register_time_back() {
        // Timeline B of TIME §3: a mark past due that does not cover the answer.
        let mut line = Timeline::new(Seconds(3600));
        line.add(39, 39, t(11 * 3600));
        line.advance(40);
        line.add(41, 40, t(12 * 3600 + 600));
        assert_eq!(line.advance(40), Some(t(11 * 3600)));
        line.add(43, 43, t(13 * 3600));
        assert_eq!(line.advance(44), Some(t(13 * 3600)));
        assert_eq!(line.low(40), Some(t(11 * 3600)));
        assert_eq!(line.low(39), None);
        assert_eq!(line.witness_time(t(5)), t(13 * 3600));
    }
}
