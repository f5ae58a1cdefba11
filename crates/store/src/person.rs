//! The participant's people who work here, and how each reads the pages.

use std::collections::BTreeMap;

use rusqlite::params;
use terms::{Code, Instant};

use crate::draft::seconds;
use crate::{Fault, Private};

/// Most people that are remembered.
const PEOPLE_MAX: u32 = 500;

impl Private {
    /// Remembers that somebody works here.
    ///
    /// # Errors
    ///
    /// [`Fault::Full`], or the disk failed.
    pub fn remember(&self, who: &Code, now: Instant) -> Result<(), Fault> {
        let mut connection = self.connection();
        let change = connection.transaction()?;
        let count = "SELECT count(*) FROM person WHERE id <> ?1";
        let others: u32 = change.query_row(count, [who.as_str()], |row| row.get(0))?;
        if others >= PEOPLE_MAX {
            return Err(Fault::Full);
        }
        let sql = "INSERT OR IGNORE INTO person (id, added) VALUES (?1, ?2)";
        change.execute(sql, params![who.as_str(), seconds(now)])?;
        change.commit()?;
        Ok(())
    }

    /// Those who are remembered, in the order of their labels.
    ///
    /// # Errors
    ///
    /// They can't be read.
    pub fn people(&self) -> Result<Vec<Code>, Fault> {
        let connection = self.connection();
        let mut all = connection.prepare("SELECT id FROM person ORDER BY id")?;
        let rows = all.query_map([], |row| row.get::<_, String>(0))?;
        rows.map(|id| Code::new(&id?).ok_or(Fault::Garbled("who it is"))).collect()
    }

    /// How somebody reads the pages: what was set, by its name. `who` is empty for those who did not say who they are.
    ///
    /// # Errors
    ///
    /// It can't be read.
    pub fn settings(&self, who: &str) -> Result<BTreeMap<String, String>, Fault> {
        let connection = self.connection();
        let mut all = connection.prepare("SELECT name, value FROM setting WHERE who = ?1")?;
        let rows = all.query_map([who], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.map(|row| row.map_err(Fault::from)).collect()
    }

    /// Sets all of it.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn set(&self, who: &str, settings: &BTreeMap<String, String>) -> Result<(), Fault> {
        let mut connection = self.connection();
        let change = connection.transaction()?;
        change.execute("DELETE FROM setting WHERE who = ?1", [who])?;
        for (name, value) in settings {
            let sql = "INSERT INTO setting (who, name, value) VALUES (?1, ?2, ?3)";
            change.execute(sql, params![who, name, value])?;
        }
        change.commit()?;
        Ok(())
    }
}
