//! Forms that were sent while the desk was locked: nobody knows by whom, and nothing of them is lost.

use std::collections::BTreeMap;

use rusqlite::params;
use terms::Instant;

use crate::draft::{seconds, time};
use crate::watch::name;
use crate::{Fault, Name, Part, Private};

/// Most of them.
const HELD_MAX: u32 = 200;

/// A form that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its name.
    pub id: Name,
    /// Which part of the private side it is for.
    pub part: Part,
    /// Where it was sent to.
    pub path: String,
    /// What was typed: field to its values.
    pub sent: BTreeMap<String, Vec<String>>,
    /// When.
    pub at: Instant,
}

impl Private {
    /// Holds a form; one of the same name gives way to it.
    ///
    /// # Errors
    ///
    /// [`Fault::Full`], or the disk failed.
    pub fn hold(&self, held: &Held) -> Result<(), Fault> {
        let mut connection = self.connection();
        let change = connection.transaction()?;
        let count = "SELECT count(*) FROM held WHERE id <> ?1";
        let known: u32 = change.query_row(count, [held.id.as_str()], |row| row.get(0))?;
        if known >= HELD_MAX {
            return Err(Fault::Full);
        }
        let sent = serde_json::json!(held.sent).to_string();
        change.execute(
            "INSERT OR REPLACE INTO held (id, part, path, sent, at) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![held.id.as_str(), held.part.as_str(), held.path, sent, seconds(held.at)],
        )?;
        change.commit()?;
        self.count(&connection)
    }

    /// Those that wait, the last first.
    ///
    /// # Errors
    ///
    /// They can't be read.
    pub fn held(&self) -> Result<Vec<Held>, Fault> {
        let connection = self.connection();
        let mut all = connection.prepare("SELECT id, part, path, sent, at FROM held ORDER BY at DESC, id")?;
        let mut rows = all.query([])?;
        let mut held = Vec::new();
        while let Some(row) = rows.next()? {
            held.push(Held {
                id: name(&row.get::<_, String>(0)?)?,
                part: Part::of(&row.get::<_, String>(1)?).ok_or(Fault::Garbled("a part"))?,
                path: row.get(2)?,
                sent: serde_json::from_str(&row.get::<_, String>(3)?)
                    .map_err(|_| Fault::Garbled("a form"))?,
                at: time(row.get(4)?)?,
            });
        }
        Ok(held)
    }

    /// Drops one that is for a part, and writes over it. Nothing happens if there is none.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn drop_held(&self, id: &Name, part: Part) -> Result<(), Fault> {
        {
            let connection = self.connection();
            let sql = "DELETE FROM held WHERE id = ?1 AND part = ?2";
            connection.execute(sql, params![id.as_str(), part.as_str()])?;
            self.count(&connection)?;
        }
        self.settle()
    }
}
