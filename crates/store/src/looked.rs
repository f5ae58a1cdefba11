//! What was on the record when somebody looked last.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use terms::{Instant, Seconds};

use crate::draft::{seconds, time};
use crate::{Fault, Private};

/// Looks that are no further apart are one: what was new when it began stays new until it is over.
const ONE_LOOK: Seconds = Seconds(30 * 60);

/// How many sessions are remembered.
const SESSIONS_MAX: u32 = 64;

/// How far the record reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// How many entries were final.
    pub entries: u64,
    /// Up to which time they reached.
    pub until: Instant,
}

impl Private {
    /// Notes that a session looks at the record as far as it reaches now. Gives how far it was seen before: by this session,
    /// or, if this is the first look of it, by whichever looked last; nothing if none ever did.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn look(&self, session: &str, now_seen: Seen, now: Instant) -> Result<Option<Seen>, Fault> {
        let mut connection = self.connection();
        let change = connection.transaction()?;
        let before = before(&change, session, now)?;
        // Where nobody has looked before, all of it is as good as seen: to mark everything would mark nothing.
        let kept = before.unwrap_or(now_seen);
        change.execute(
            "INSERT OR REPLACE INTO looked (session, entries, until, seen, reached, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                session,
                count(kept.entries),
                seconds(kept.until),
                count(now_seen.entries),
                seconds(now_seen.until),
                seconds(now)
            ],
        )?;
        change.execute(
            "DELETE FROM looked WHERE session NOT IN (SELECT session FROM looked ORDER BY at DESC, session LIMIT ?1)",
            [SESSIONS_MAX],
        )?;
        change.commit()?;
        Ok(before)
    }

    /// The same, and nothing is noted: how far it was seen before the look that goes on, or that would begin now.
    ///
    /// # Errors
    ///
    /// It can't be read.
    pub fn looked(&self, session: &str, now: Instant) -> Result<Option<Seen>, Fault> {
        before(&self.connection(), session, now)
    }
}

fn before(connection: &Connection, session: &str, now: Instant) -> Result<Option<Seen>, Fault> {
    let own = "SELECT entries, until, seen, reached, at FROM looked WHERE session = ?1";
    let own = connection.query_row(own, [session], |row| Ok(read(row))).optional()?.transpose()?;
    match own {
        Some((before, _, at)) if now.since(at) <= ONE_LOOK => Ok(Some(before)),
        Some((_, seen, _)) => Ok(Some(seen)),
        None => {
            let last =
                "SELECT entries, until, seen, reached, at FROM looked ORDER BY at DESC, session LIMIT 1";
            let last = connection.query_row(last, [], |row| Ok(read(row))).optional()?.transpose()?;
            Ok(last.map(|(_, seen, _)| seen))
        }
    }
}

/// SQLite's integers have a sign.
fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// What was seen before a look, and in it, and when that was.
fn read(row: &Row<'_>) -> Result<(Seen, Seen, Instant), Fault> {
    let seen = |entries: usize, until: usize| -> Result<Seen, Fault> {
        let entries =
            u64::try_from(row.get::<_, i64>(entries)?).map_err(|_| Fault::Garbled("a number of entries"))?;
        Ok(Seen { entries, until: time(row.get(until)?)? })
    };
    Ok((seen(0, 1)?, seen(2, 3)?, time(row.get(4)?)?))
}
