//! Who has the watch, and who took it over from whom: both say so.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use terms::{Code, Instant};

use crate::draft::{seconds, time};
use crate::watch::{Line, maybe, name, write};
use crate::{Fault, Name, Private};

/// That somebody has the watch, or had it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    /// Its name.
    pub id: Name,
    /// Who.
    pub by: Code,
    /// Since when.
    pub begun: Instant,
    /// Until when, if it is over.
    pub ended: Option<Instant>,
}

/// That the watch is handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handover {
    /// Its name.
    pub id: Name,
    /// Who had the watch, and confirmed it when it was given.
    pub giver: Code,
    /// Who takes it.
    pub taker: Code,
    /// In free words.
    pub says: String,
    /// What was open then: JSON of the desk, as whoever handed it over read it.
    pub items: String,
    /// When it was given.
    pub given: Instant,
    /// When whoever takes it confirmed that.
    pub taken: Option<Instant>,
    /// When it was withdrawn by whoever gave it.
    pub withdrawn: Option<Instant>,
}

impl Private {
    /// Who has the watch.
    ///
    /// # Errors
    ///
    /// It can't be read.
    pub fn shift(&self) -> Result<Option<Shift>, Fault> {
        current(&self.connection())
    }

    /// Begins a watch where nobody has it. Where somebody has who can't hand it over, it is taken from them, and a line
    /// in the log says so: `line` is of whoever takes it.
    ///
    /// # Errors
    ///
    /// [`Fault::Done`] if somebody has it whom `instead_of` does not name, or the disk failed.
    pub fn begin_watch(&self, shift: &Shift, instead_of: Option<&Code>, line: &Line) -> Result<(), Fault> {
        let mut connection = self.connection();
        let change = connection.transaction()?;
        let has = current(&change)?;
        if has.as_ref().map(|has| &has.by) != instead_of {
            return Err(Fault::Done);
        }
        end(&change, shift.begun)?;
        begin(&change, &shift.id, &shift.by, shift.begun)?;
        write(&change, line)?;
        change.commit()?;
        Ok(())
    }

    /// Hands the watch over: whoever has it says so, and keeps it until it is taken.
    ///
    /// # Errors
    ///
    /// [`Fault::OthersToDo`] if the giver has not the watch or would hand it to itself, [`Fault::Done`] if it is handed
    /// over already, or the disk failed.
    pub fn hand_over(&self, handover: &Handover) -> Result<(), Fault> {
        let mut connection = self.connection();
        let change = connection.transaction()?;
        let shift = current(&change)?.filter(|shift| shift.by == handover.giver);
        let shift = shift.filter(|_| handover.taker != handover.giver).ok_or(Fault::OthersToDo)?;
        let new = change.execute(
            "INSERT OR IGNORE INTO handover (id, shift, taker, says, items, given) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                handover.id.as_str(),
                shift.id.as_str(),
                handover.taker.as_str(),
                handover.says,
                handover.items,
                seconds(handover.given)
            ],
        )?;
        if new == 0 {
            return Err(Fault::Done);
        }
        change.commit()?;
        Ok(())
    }

    /// Withdraws it, as whoever gave it.
    ///
    /// # Errors
    ///
    /// [`Fault::OthersToDo`], [`Fault::Done`] if it was taken or withdrawn, or the disk failed.
    pub fn withdraw_handover(&self, id: &Name, by: &Code, now: Instant) -> Result<(), Fault> {
        let mut connection = self.connection();
        let change = connection.transaction()?;
        let handover = open(&change, id)?;
        if handover.giver != *by {
            return Err(Fault::OthersToDo);
        }
        let sql = "UPDATE handover SET withdrawn = ?1 WHERE id = ?2";
        change.execute(sql, params![seconds(now), id.as_str()])?;
        change.commit()?;
        Ok(())
    }

    /// Takes the watch, as the one to whom it was handed. A line in the log says so.
    ///
    /// # Errors
    ///
    /// [`Fault::OthersToDo`], [`Fault::Done`] if it was taken or withdrawn, or the disk failed.
    pub fn take_over(&self, id: &Name, by: &Code, shift: &Name, line: &Line) -> Result<(), Fault> {
        let mut connection = self.connection();
        let change = connection.transaction()?;
        let handover = open(&change, id)?;
        if handover.taker != *by {
            return Err(Fault::OthersToDo);
        }
        let now = line.written;
        let sql = "UPDATE handover SET taken = ?1 WHERE id = ?2";
        change.execute(sql, params![seconds(now), id.as_str()])?;
        end(&change, now)?;
        begin(&change, shift, by, now)?;
        write(&change, line)?;
        change.commit()?;
        Ok(())
    }

    /// A handover.
    ///
    /// # Errors
    ///
    /// It can't be read.
    pub fn handover(&self, id: &Name) -> Result<Option<Handover>, Fault> {
        find(&self.connection(), id)
    }

    /// The handovers, the last first, at most so many.
    ///
    /// # Errors
    ///
    /// They can't be read.
    pub fn handovers(&self, most: u32) -> Result<Vec<Handover>, Fault> {
        let connection = self.connection();
        let mut all =
            connection.prepare(&format!("{SELECT} ORDER BY given DESC, handover.rowid DESC LIMIT ?1"))?;
        let rows = all.query_map([most], |row| Ok(read(row)))?;
        rows.map(|row| row.map_err(Fault::from).and_then(|row| row)).collect()
    }
}

fn current(connection: &Connection) -> Result<Option<Shift>, Fault> {
    let sql = "SELECT id, by, begun, ended FROM shift WHERE ended IS NULL";
    let read = |row: &Row<'_>| -> Result<Shift, Fault> {
        Ok(Shift {
            id: name(&row.get::<_, String>(0)?)?,
            by: code(&row.get::<_, String>(1)?)?,
            begun: time(row.get(2)?)?,
            ended: maybe(row, 3)?,
        })
    };
    connection.query_row(sql, [], |row| Ok(read(row))).optional()?.transpose()
}

fn begin(connection: &Connection, id: &Name, by: &Code, now: Instant) -> Result<(), Fault> {
    let sql = "INSERT INTO shift (id, by, begun) VALUES (?1, ?2, ?3)";
    connection.execute(sql, params![id.as_str(), by.as_str(), seconds(now)])?;
    Ok(())
}

/// Ends the watch that goes on, and what was to be handed over of it.
fn end(connection: &Connection, now: Instant) -> Result<(), Fault> {
    let sql = "UPDATE handover SET withdrawn = ?1 WHERE taken IS NULL AND withdrawn IS NULL";
    connection.execute(sql, [seconds(now)])?;
    connection.execute("UPDATE shift SET ended = ?1 WHERE ended IS NULL", [seconds(now)])?;
    Ok(())
}

fn find(connection: &Connection, id: &Name) -> Result<Option<Handover>, Fault> {
    let one = format!("{SELECT} WHERE handover.id = ?1");
    connection.query_row(&one, [id.as_str()], |row| Ok(read(row))).optional()?.transpose()
}

/// One that waits.
fn open(connection: &Connection, id: &Name) -> Result<Handover, Fault> {
    let handover = find(connection, id)?.ok_or(Fault::NoLine)?;
    match (handover.taken, handover.withdrawn) {
        (None, None) => Ok(handover),
        (Some(_), _) | (_, Some(_)) => Err(Fault::Done),
    }
}

const SELECT: &str = "SELECT handover.id, shift.by, taker, says, items, given, taken, withdrawn
    FROM handover JOIN shift ON shift.id = handover.shift";

fn code(text: &str) -> Result<Code, Fault> {
    Code::new(text).ok_or(Fault::Garbled("who it was"))
}

fn read(row: &Row<'_>) -> Result<Handover, Fault> {
    Ok(Handover {
        id: name(&row.get::<_, String>(0)?)?,
        giver: code(&row.get::<_, String>(1)?)?,
        taker: code(&row.get::<_, String>(2)?)?,
        says: row.get(3)?,
        items: row.get(4)?,
        given: time(row.get(5)?)?,
        taken: maybe(row, 6)?,
        withdrawn: maybe(row, 7)?,
    })
}
