//! What somebody here is to do, in a matter or not.

use act::value::MatterRef;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use terms::{Code, Instant};

use crate::draft::{seconds, time};
use crate::watch::{SAYS_BYTES_MAX, maybe, name, somebody};
use crate::{Fault, Name, Private};

/// Most tasks, done or not: those that are over can be erased.
const TASKS_MAX: u32 = 10_000;

/// A task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Its name.
    pub id: Name,
    /// In free words.
    pub says: String,
    /// The matter that it belongs to.
    pub matter: Option<MatterRef>,
    /// Who set it, if that was said.
    pub by: Option<Code>,
    /// When.
    pub made: Instant,
    /// Whose it is.
    pub who: Option<Code>,
    /// By when.
    pub due: Option<Instant>,
    /// When it was done.
    pub done: Option<Instant>,
    /// By whom, if that was said.
    pub done_by: Option<Code>,
}

/// Which tasks are wanted.
#[derive(Clone, Copy, Debug)]
pub enum Which<'a> {
    /// Those that are not done.
    Open,
    /// All of them.
    All,
    /// Those of a matter.
    Of(&'a MatterRef),
}

impl Private {
    /// Sets a task; the same one again changes nothing.
    ///
    /// # Errors
    ///
    /// [`Fault::Taken`] if another task has this name, [`Fault::Full`] if it is too long or there are too many, or the disk
    /// failed.
    pub fn set_task(&self, task: &Task) -> Result<(), Fault> {
        let connection = self.connection();
        if let Some(kept) = find(&connection, &task.id)? {
            let is_same = (&kept.says, &kept.matter) == (&task.says, &task.matter);
            return if is_same { Ok(()) } else { Err(Fault::Taken) };
        }
        let count: u32 = connection.query_row("SELECT count(*) FROM task", [], |row| row.get(0))?;
        if count >= TASKS_MAX || task.says.len() > SAYS_BYTES_MAX {
            return Err(Fault::Full);
        }
        connection.execute(
            "INSERT INTO task (id, says, matter, by, made, who, due) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                task.id.as_str(),
                task.says,
                task.matter.map(|matter| matter.to_string()),
                task.by.as_ref().map(Code::as_str),
                seconds(task.made),
                task.who.as_ref().map(Code::as_str),
                task.due.map(seconds)
            ],
        )?;
        self.count(&connection)
    }

    /// Gives a task that is not done to somebody, or to nobody, and sets by when.
    ///
    /// # Errors
    ///
    /// [`Fault::NoLine`] if there is no such task that is not done, or the disk failed.
    pub fn assign(&self, id: &Name, who: Option<&Code>, due: Option<Instant>) -> Result<(), Fault> {
        let sql = "UPDATE task SET who = ?1, due = ?2 WHERE id = ?3 AND done IS NULL";
        let change = params![who.map(Code::as_str), due.map(seconds), id.as_str()];
        if self.connection().execute(sql, change)? == 0 { Err(Fault::NoLine) } else { Ok(()) }
    }

    /// A task is done; to say it again changes nothing.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn task_done(&self, id: &Name, by: Option<&Code>, now: Instant) -> Result<(), Fault> {
        let connection = self.connection();
        let sql = "UPDATE task SET done = ?1, done_by = ?2 WHERE id = ?3 AND done IS NULL";
        connection.execute(sql, params![seconds(now), by.map(Code::as_str), id.as_str()])?;
        self.count(&connection)
    }

    /// A task that was done is not, after all.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn task_open(&self, id: &Name) -> Result<(), Fault> {
        let connection = self.connection();
        let sql = "UPDATE task SET done = NULL, done_by = NULL WHERE id = ?1";
        connection.execute(sql, [id.as_str()])?;
        self.count(&connection)
    }

    /// Tasks: those that are not done first, the soonest due before others.
    ///
    /// # Errors
    ///
    /// They can't be read.
    pub fn tasks(&self, which: Which<'_>) -> Result<Vec<Task>, Fault> {
        let (open, matter) = match which {
            Which::Open => (true, None),
            Which::All => (false, None),
            Which::Of(matter) => (false, Some(matter.to_string())),
        };
        let connection = self.connection();
        let mut all = connection.prepare(
            "SELECT id, says, matter, by, made, who, due, done, done_by FROM task
             WHERE (NOT ?1 OR done IS NULL) AND (?2 IS NULL OR matter = ?2)
             ORDER BY done IS NOT NULL, due IS NULL, due, done DESC, made DESC, id",
        )?;
        let rows = all.query_map(params![open, matter], |row| Ok(read(row)))?;
        rows.map(|row| row.map_err(Fault::from).and_then(|row| row)).collect()
    }

    /// A task.
    ///
    /// # Errors
    ///
    /// It can't be read.
    pub fn task(&self, id: &Name) -> Result<Option<Task>, Fault> {
        find(&self.connection(), id)
    }

    /// Erases a task that is done, and writes over it. Nothing happens if there is none, or it is not done.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn erase_task(&self, id: &Name) -> Result<(), Fault> {
        self.connection().execute("DELETE FROM task WHERE id = ?1 AND done IS NOT NULL", [id.as_str()])?;
        self.settle()
    }
}

fn find(connection: &Connection, id: &Name) -> Result<Option<Task>, Fault> {
    let one = "SELECT id, says, matter, by, made, who, due, done, done_by FROM task WHERE id = ?1";
    connection.query_row(one, [id.as_str()], |row| Ok(read(row))).optional()?.transpose()
}

fn read(row: &Row<'_>) -> Result<Task, Fault> {
    Ok(Task {
        id: name(&row.get::<_, String>(0)?)?,
        says: row.get(1)?,
        matter: matter(row, 2)?,
        by: somebody(row, 3)?,
        made: time(row.get(4)?)?,
        who: somebody(row, 5)?,
        due: maybe(row, 6)?,
        done: maybe(row, 7)?,
        done_by: somebody(row, 8)?,
    })
}

/// A matter that may be none, as it was kept.
pub(crate) fn matter(row: &Row<'_>, at: usize) -> Result<Option<MatterRef>, Fault> {
    let text: Option<String> = row.get(at)?;
    text.map(|text| text.parse().map_err(|_| Fault::Garbled("a matter"))).transpose()
}
