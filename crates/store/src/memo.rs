//! What is noted beside a matter, or beside none, for a circle here.

use act::value::MatterRef;
use rusqlite::{OptionalExtension as _, Row, params};
use terms::{Code, Instant};

use crate::draft::{seconds, time};
use crate::task::matter;
use crate::watch::{name, somebody};
use crate::{Fault, Name, Private};

/// Most notes, of all circles.
const MEMOS_MAX: u32 = 20_000;

/// The longest note, in bytes of UTF-8.
const MEMO_BYTES_MAX: usize = 64 << 10;

/// For whom something is noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Circle {
    /// Whoever may read the notes on matters.
    Internal,
    /// Whoever takes part in good offices.
    GoodOffices,
}

impl Circle {
    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Circle::Internal => "internal",
            Circle::GoodOffices => "good-offices",
        }
    }
}

/// A note. It can be erased: it is no act, and nothing follows from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Memo {
    /// Its name.
    pub id: Name,
    /// For whom.
    pub circle: Circle,
    /// The matter that it stands beside.
    pub matter: Option<MatterRef>,
    /// In free words.
    pub says: String,
    /// Who wrote it, if that was said.
    pub by: Option<Code>,
    /// When.
    pub at: Instant,
}

impl Private {
    /// Keeps a note; the same one again changes nothing.
    ///
    /// # Errors
    ///
    /// [`Fault::Taken`] if another note has this name, [`Fault::Full`] if it is too long or there are too many, or the disk
    /// failed.
    pub fn note_down(&self, memo: &Memo) -> Result<(), Fault> {
        let connection = self.connection();
        let (matter, circle) = (memo.matter.map(|matter| matter.to_string()), memo.circle.as_str());
        let kept = "SELECT says = ?2 AND circle = ?3 AND matter IS ?4 FROM memo WHERE id = ?1";
        let wanted = params![memo.id.as_str(), memo.says, circle, matter];
        match connection.query_row(kept, wanted, |row| row.get(0)).optional()? {
            Some(true) => return Ok(()),
            Some(false) => return Err(Fault::Taken),
            None => {}
        }
        let count: u32 = connection.query_row("SELECT count(*) FROM memo", [], |row| row.get(0))?;
        if count >= MEMOS_MAX || memo.says.len() > MEMO_BYTES_MAX {
            return Err(Fault::Full);
        }
        connection.execute(
            "INSERT INTO memo (id, circle, matter, says, by, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                memo.id.as_str(),
                circle,
                matter,
                memo.says,
                memo.by.as_ref().map(Code::as_str),
                seconds(memo.at)
            ],
        )?;
        Ok(())
    }

    /// The notes of a circle on a matter, or on all of them and on none; the last first.
    ///
    /// # Errors
    ///
    /// They can't be read.
    pub fn memos(&self, circle: Circle, of: Option<&MatterRef>) -> Result<Vec<Memo>, Fault> {
        let connection = self.connection();
        let mut all = connection.prepare(
            "SELECT id, matter, says, by, at FROM memo WHERE circle = ?1 AND (?2 IS NULL OR matter = ?2)
             ORDER BY at DESC, rowid DESC",
        )?;
        let wanted = params![circle.as_str(), of.map(ToString::to_string)];
        let rows = all.query_map(wanted, |row| Ok(read(circle, row)))?;
        rows.map(|row| row.map_err(Fault::from).and_then(|row| row)).collect()
    }

    /// Erases a note of a circle, and writes over it. Nothing happens if there is none.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn erase_memo(&self, circle: Circle, id: &Name) -> Result<(), Fault> {
        let sql = "DELETE FROM memo WHERE circle = ?1 AND id = ?2";
        self.connection().execute(sql, params![circle.as_str(), id.as_str()])?;
        self.settle()
    }
}

fn read(circle: Circle, row: &Row<'_>) -> Result<Memo, Fault> {
    Ok(Memo {
        id: name(&row.get::<_, String>(0)?)?,
        circle,
        matter: matter(row, 1)?,
        says: row.get(2)?,
        by: somebody(row, 3)?,
        at: time(row.get(4)?)?,
    })
}
