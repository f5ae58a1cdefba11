//! The log of those who watch: what was written stays, and a correction stands beside it.

use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use terms::{Code, Instant, Seconds};

use crate::draft::{seconds, time};
use crate::{DraftId, Fault, Name, Private};

/// Looks that are no further apart are one: what was new when it began stays new until it is over.
const ONE_LOOK: Seconds = Seconds(30 * 60);

/// The longest that is written in one place, in bytes of UTF-8: what is longer is a file.
pub const SAYS_BYTES_MAX: usize = 8 << 10;

/// The most that is read of the log at once, in bytes of what it says.
pub const READ_BYTES_MAX: usize = 4 << 20;

/// Lines of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// The last first.
    pub lines: Vec<Line>,
    /// Whether there are earlier ones in the span that were not read.
    pub is_cut: bool,
}

/// A line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its name.
    pub id: Name,
    /// When it happened, as whoever wrote it says.
    pub at: Instant,
    /// When it was written.
    pub written: Instant,
    /// What it is of: a word of the desk.
    pub kind: Code,
    /// In free words.
    pub says: String,
    /// What it is about, as it was typed; may be empty.
    pub reference: String,
    /// Who wrote it, if that was said.
    pub by: Option<Code>,
    /// The line that it stands for.
    pub corrects: Option<Name>,
    /// Whether it holds no more.
    pub struck: Option<Struck>,
    /// The drafts that were begun with its words.
    pub drafts: Vec<DraftId>,
}

/// That a line holds no more: it is still read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Struck {
    /// When.
    pub at: Instant,
    /// By whom, if that was said.
    pub by: Option<Code>,
    /// Why; may be empty where another line stands for it.
    pub why: String,
}

/// Which lines are wanted, by when they happened; both ends included.
#[derive(Clone, Copy, Debug, Default)]
pub struct Span {
    /// From when.
    pub since: Option<Instant>,
    /// Until when.
    pub until: Option<Instant>,
}

impl Private {
    /// Keeps a line; the same one again changes nothing. What it corrects is struck.
    ///
    /// # Errors
    ///
    /// [`Fault::NoLine`] if it corrects none, [`Fault::Done`] if that was struck before, [`Fault::Taken`] if another line has
    /// this name, [`Fault::Full`] if it is too long, or the disk failed.
    pub fn log(&self, line: &Line) -> Result<(), Fault> {
        let mut connection = self.connection();
        let change = connection.transaction()?;
        write(&change, line)?;
        change.commit()?;
        Ok(())
    }

    /// Strikes a line.
    ///
    /// # Errors
    ///
    /// [`Fault::NoLine`], [`Fault::Done`] if it was struck before, or the disk failed.
    pub fn strike(&self, line: &Name, struck: &Struck) -> Result<(), Fault> {
        let mut connection = self.connection();
        let change = connection.transaction()?;
        strike(&change, line, struck)?;
        change.commit()?;
        Ok(())
    }

    /// Notes that a draft was begun with the words of a line.
    ///
    /// # Errors
    ///
    /// [`Fault::NoLine`], or the disk failed.
    pub fn begun_from(&self, line: &Name, draft: &DraftId, kind: &Code) -> Result<(), Fault> {
        let connection = self.connection();
        known(&connection, line)?;
        connection.execute(
            "INSERT OR IGNORE INTO begun_from (draft, line, kind) VALUES (?1, ?2, ?3)",
            params![draft.as_str(), line.as_str(), kind.as_str()],
        )?;
        Ok(())
    }

    /// The lines of a span, the last first, at most so many, and no more than [`READ_BYTES_MAX`] bytes of them.
    ///
    /// # Errors
    ///
    /// They can't be read.
    pub fn logged(&self, span: Span, most: u32) -> Result<Logged, Fault> {
        let connection = self.connection();
        let mut all = connection.prepare(&format!(
            "{SELECT} WHERE (?1 IS NULL OR watch.at >= ?1) AND (?2 IS NULL OR watch.at <= ?2)
             ORDER BY watch.at DESC, watch.written DESC, watch.rowid DESC LIMIT ?3"
        ))?;
        let bounds = params![span.since.map(seconds), span.until.map(seconds), i64::from(most) + 1];
        let mut rows = all.query(bounds)?;
        let (mut lines, mut bytes) = (Vec::new(), 0);
        while let Some(row) = rows.next()? {
            if lines.len() >= most as usize || bytes >= READ_BYTES_MAX {
                return Ok(Logged { lines, is_cut: true });
            }
            let line = read(row)?;
            bytes += line.says.len() + line.reference.len();
            lines.push(line);
        }
        Ok(Logged { lines, is_cut: false })
    }

    /// A line.
    ///
    /// # Errors
    ///
    /// It can't be read.
    pub fn line(&self, id: &Name) -> Result<Option<Line>, Fault> {
        let connection = self.connection();
        let one = format!("{SELECT} WHERE watch.id = ?1");
        connection.query_row(&one, [id.as_str()], |row| Ok(read(row))).optional()?.transpose()
    }

    /// Up to when somebody had seen the log before the look that goes on; who never looked, up to a day ago. Where the look
    /// is noted, it is one of now.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn watched(&self, who: &str, is_noted: bool, now: Instant) -> Result<Instant, Fault> {
        let mut connection = self.connection();
        let change = connection.transaction()?;
        let own = "SELECT before, seen FROM watched WHERE who = ?1";
        let known: Option<(i64, i64)> =
            change.query_row(own, [who], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let before = match known {
            Some((before, seen)) if now.since(time(seen)?) <= ONE_LOOK => time(before)?,
            Some((_, seen)) => time(seen)?,
            None => now.minus(Seconds::hours(24)),
        };
        if is_noted {
            change.execute(
                "INSERT OR REPLACE INTO watched (who, before, seen) VALUES (?1, ?2, ?3)",
                params![who, seconds(before), seconds(now)],
            )?;
        }
        change.commit()?;
        Ok(before)
    }
}

/// Keeps a line within a change that is more.
pub(crate) fn write(change: &Transaction<'_>, line: &Line) -> Result<(), Fault> {
    let by = line.by.as_ref().map(Code::as_str);
    if let Some(corrects) = &line.corrects {
        known(change, corrects)?;
    }
    if line.says.len().max(line.reference.len()) > SAYS_BYTES_MAX {
        return Err(Fault::Full);
    }
    let new = change.execute(
        "INSERT OR IGNORE INTO watch (id, at, written, kind, says, reference, by, corrects)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            line.id.as_str(),
            seconds(line.at),
            seconds(line.written),
            line.kind.as_str(),
            line.says,
            line.reference,
            by,
            line.corrects.as_ref().map(Name::as_str)
        ],
    )?;
    if new == 0 {
        return same(change, line);
    }
    match &line.corrects {
        Some(corrects) => {
            strike(change, corrects, &Struck { at: line.written, by: line.by.clone(), why: String::new() })
        }
        None => Ok(()),
    }
}

/// Nothing, if what is kept under a line's name says the same: then it was sent twice.
fn same(change: &Transaction<'_>, line: &Line) -> Result<(), Fault> {
    let kept = change
        .query_row(&format!("{SELECT} WHERE watch.id = ?1"), [line.id.as_str()], |row| Ok(read(row)))??;
    // What was written as it happened has the time of each sending.
    let is_at_once = |line: &Line| line.at <= line.written && line.written.since(line.at) < Seconds(60);
    let is_same = (kept.at == line.at || is_at_once(&kept) && is_at_once(line))
        && (&kept.kind, &kept.says, &kept.reference, &kept.corrects)
            == (&line.kind, &line.says, &line.reference, &line.corrects);
    if is_same { Ok(()) } else { Err(Fault::Taken) }
}

fn strike(change: &Transaction<'_>, line: &Name, struck: &Struck) -> Result<(), Fault> {
    known(change, line)?;
    if struck.why.len() > SAYS_BYTES_MAX {
        return Err(Fault::Full);
    }
    let new = change.execute(
        "INSERT OR IGNORE INTO struck (line, at, by, why) VALUES (?1, ?2, ?3, ?4)",
        params![line.as_str(), seconds(struck.at), struck.by.as_ref().map(Code::as_str), struck.why],
    )?;
    if new == 0 { Err(Fault::Done) } else { Ok(()) }
}

fn known(connection: &rusqlite::Connection, line: &Name) -> Result<(), Fault> {
    let count = "SELECT count(*) FROM watch WHERE id = ?1";
    let known: u32 = connection.query_row(count, [line.as_str()], |row| row.get(0))?;
    if known == 0 { Err(Fault::NoLine) } else { Ok(()) }
}

const SELECT: &str = "SELECT watch.id, watch.at, written, kind, says, reference, watch.by, corrects,
    struck.at, struck.by, why,
    (SELECT group_concat(draft, ' ') FROM begun_from WHERE begun_from.line = watch.id)
    FROM watch LEFT JOIN struck ON struck.line = watch.id";

/// A name, as it was kept.
pub(crate) fn name(text: &str) -> Result<Name, Fault> {
    Name::new(text).ok_or(Fault::Garbled("a name"))
}

/// Somebody who works here, as it was kept.
pub(crate) fn somebody(row: &Row<'_>, at: usize) -> Result<Option<Code>, Fault> {
    let text: Option<String> = row.get(at)?;
    text.map(|text| Code::new(&text).ok_or(Fault::Garbled("who it was"))).transpose()
}

/// A time that may be none, as it was kept.
pub(crate) fn maybe(row: &Row<'_>, at: usize) -> Result<Option<Instant>, Fault> {
    row.get::<_, Option<i64>>(at)?.map(time).transpose()
}

fn read(row: &Row<'_>) -> Result<Line, Fault> {
    let kind: String = row.get(3)?;
    let corrects: Option<String> = row.get(7)?;
    let struck = match maybe(row, 8)? {
        Some(at) => Some(Struck { at, by: somebody(row, 9)?, why: row.get(10)? }),
        None => None,
    };
    let drafts: Option<String> = row.get(11)?;
    Ok(Line {
        id: name(&row.get::<_, String>(0)?)?,
        at: time(row.get(1)?)?,
        written: time(row.get(2)?)?,
        kind: Code::new(&kind).ok_or(Fault::Garbled("a kind"))?,
        says: row.get(4)?,
        reference: row.get(5)?,
        by: somebody(row, 6)?,
        corrects: corrects.as_deref().map(name).transpose()?,
        struck,
        drafts: drafts.unwrap_or_default().split_whitespace().map(name).collect::<Result<_, Fault>>()?,
    })
}
