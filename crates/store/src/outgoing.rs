//! What is to be sent to a program outside, again and again until it has taken it; across restarts.

use rusqlite::{Row, params};
use terms::{Instant, Seconds};

use crate::draft::{seconds, time};
use crate::watch::maybe;
use crate::{Fault, Private};

/// How long after each failed try the next one is: as Standard Webhooks recommends it. After the last it is given up.
pub const RETRIES: [Seconds; 9] = [
    Seconds(5),
    Seconds(5 * 60),
    Seconds(30 * 60),
    Seconds(2 * 3600),
    Seconds(5 * 3600),
    Seconds(10 * 3600),
    Seconds(14 * 3600),
    Seconds(20 * 3600),
    Seconds(24 * 3600),
];

/// That an alert went up to a rung, for a program outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// Its name: the same with each try.
    pub id: String,
    /// The alert's reference; empty if it is about the record itself.
    pub reference: String,
    /// Which rung of the ladder was told, from 1.
    pub rung: u32,
    /// When that was.
    pub made: Instant,
    /// How often it was tried in vain.
    pub tries: u32,
    /// When it was taken, if it was.
    pub sent: Option<Instant>,
    /// When it is tried again, unless it was taken or given up.
    pub next: Option<Instant>,
    /// What went wrong last; empty if nothing did.
    pub why: String,
}

/// How what goes out stands, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// How many wait to be tried, or tried again.
    pub waiting: u64,
    /// How many were given up, and are still of an alert that is kept.
    pub given_up: u64,
}

impl Private {
    /// What is to be tried now, the oldest first: at most so many.
    ///
    /// # Errors
    ///
    /// It can't be read.
    pub fn due_outgoing(&self, now: Instant, most: u32) -> Result<Vec<Outgoing>, Fault> {
        let connection = self.connection();
        let mut all =
            connection.prepare(&format!("{SELECT} WHERE next <= ?1 ORDER BY made, outgoing.id LIMIT ?2"))?;
        let rows = all.query_map(params![seconds(now), most], |row| Ok(read(row)))?;
        rows.map(|row| row.map_err(Fault::from).and_then(|row| row)).collect()
    }

    /// What was given up, or was tried in vain and waits to be tried again, the newest first.
    ///
    /// # Errors
    ///
    /// It can't be read.
    pub fn failed_outgoing(&self, most: u32) -> Result<Vec<Outgoing>, Fault> {
        let connection = self.connection();
        let mut all = connection.prepare(&format!(
            "{SELECT} WHERE sent IS NULL AND tries > 0 ORDER BY made DESC, outgoing.id LIMIT ?1"
        ))?;
        let rows = all.query_map([most], |row| Ok(read(row)))?;
        rows.map(|row| row.map_err(Fault::from).and_then(|row| row)).collect()
    }

    /// It was taken.
    ///
    /// # Errors
    ///
    /// The disk failed: then it is sent again.
    pub fn was_sent(&self, id: &str, now: Instant) -> Result<(), Fault> {
        let sql = "UPDATE outgoing SET sent = ?1, next = NULL, why = '' WHERE id = ?2";
        self.connection().execute(sql, params![seconds(now), id])?;
        Ok(())
    }

    /// It was not taken: it is tried again later, or given up.
    ///
    /// # Errors
    ///
    /// The disk failed: then it is tried again at once.
    pub fn was_not_sent(&self, out: &Outgoing, why: &str, now: Instant) -> Result<(), Fault> {
        let next = RETRIES.get(out.tries as usize).map(|wait| seconds(now.plus(*wait)));
        let sql = "UPDATE outgoing SET tries = ?1, next = ?2, why = ?3 WHERE id = ?4 AND sent IS NULL";
        self.connection().execute(sql, params![out.tries + 1, next, why, out.id])?;
        Ok(())
    }

    /// What was given up is tried again at once. Gives how many.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn try_again(&self, now: Instant) -> Result<usize, Fault> {
        let sql = "UPDATE outgoing SET tries = 0, next = ?1 WHERE sent IS NULL AND tries > 0";
        Ok(self.connection().execute(sql, [seconds(now)])?)
    }

    /// How what goes out stands.
    ///
    /// # Errors
    ///
    /// It can't be read.
    pub fn outgoing_stands(&self) -> Result<Standing, Fault> {
        let count = "SELECT count(next), count(*) - count(next) FROM outgoing WHERE sent IS NULL";
        let (waiting, given_up): (i64, i64) =
            self.connection().query_row(count, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let number = |count: i64| u64::try_from(count).unwrap_or_default();
        Ok(Standing { waiting: number(waiting), given_up: number(given_up) })
    }
}

const SELECT: &str = "SELECT outgoing.id, alert.reference, rung, made, tries, sent, next, why
    FROM outgoing JOIN alert ON alert.id = outgoing.alert";

fn read(row: &Row<'_>) -> Result<Outgoing, Fault> {
    Ok(Outgoing {
        id: row.get(0)?,
        reference: row.get(1)?,
        rung: row.get(2)?,
        made: time(row.get(3)?)?,
        tries: row.get(4)?,
        sent: maybe(row, 5)?,
        next: maybe(row, 6)?,
        why: row.get(7)?,
    })
}
