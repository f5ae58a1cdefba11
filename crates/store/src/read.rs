//! What a draft held when somebody read it: who reads it again sees what has changed since.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension as _, params};
use serde_json::{Value, json};
use terms::{Code, Hash, Instant};

use crate::draft::{seconds, time};
use crate::{DraftId, Fault, Private};

/// How many readers of one draft are remembered.
const READERS_MAX: u32 = 32;

/// What a draft held when it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WasRead {
    /// Its fields, each with what was typed.
    pub typed: BTreeMap<String, Vec<String>>,
    /// The names of its files, by what they are called in its fields.
    pub files: BTreeMap<String, String>,
    /// When it was read.
    pub at: Instant,
}

impl WasRead {
    /// As its column has it.
    fn text(&self) -> String {
        json!({"typed": self.typed, "files": self.files, "at": seconds(self.at)}).to_string()
    }

    fn parse(text: &str) -> Result<WasRead, Fault> {
        let garbled = || Fault::Garbled("what was read");
        let mut kept: Value = serde_json::from_str(text).map_err(|_| garbled())?;
        let at = kept["at"].as_i64().ok_or_else(garbled)?;
        let typed = serde_json::from_value(kept["typed"].take()).map_err(|_| garbled())?;
        let files = serde_json::from_value(kept["files"].take()).map_err(|_| garbled())?;
        Ok(WasRead { typed, files, at: time(at)? })
    }
}

impl Private {
    /// Notes that somebody reads a draft as it is now, for which the hash stands. Gives what they had read before it was
    /// as it is now: nothing, if this is the first that they read, or if they have agreed to it as it is.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn reads(
        &self,
        id: &DraftId,
        who: &str,
        (read, now): (&Hash, &WasRead),
    ) -> Result<Option<WasRead>, Fault> {
        let mut connection = self.connection();
        let change = connection.transaction()?;
        let known: Option<(String, String, Option<String>)> = change
            .query_row(
                "SELECT read, held, before FROM draft_read WHERE draft = ?1 AND who = ?2",
                [id.as_str(), who],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .optional()?;
        let before = match known {
            Some((known, _, before)) if known == read.to_string() => before,
            Some((_, held, _)) => Some(held),
            None => None,
        };
        // A page that is open may be read anew when the draft is gone: then nothing of it is kept.
        change.execute(
            "INSERT OR REPLACE INTO draft_read (draft, who, read, held, before, at)
             SELECT id, ?2, ?3, ?4, ?5, ?6 FROM draft WHERE id = ?1 AND state <> 'signed'",
            params![id.as_str(), who, read.to_string(), now.text(), before, seconds(now.at)],
        )?;
        change.execute(
            "DELETE FROM draft_read WHERE draft = ?1 AND who NOT IN
             (SELECT who FROM draft_read WHERE draft = ?1 ORDER BY at DESC, who LIMIT ?2)",
            params![id.as_str(), READERS_MAX],
        )?;
        change.commit()?;
        before.as_deref().map(WasRead::parse).transpose()
    }

    /// An officer agrees to what was read, at whichever page: what changes from here on has changed since.
    pub(crate) fn agreed_to(&self, id: &DraftId, by: &Code, read: &Hash) -> Result<(), Fault> {
        self.connection().execute(
            "INSERT OR REPLACE INTO draft_read (draft, who, read, held, before, at)
             SELECT draft, ?2, read, held, NULL, at FROM draft_read
             WHERE draft = ?1 AND read = ?3 ORDER BY who = ?2 DESC, at DESC LIMIT 1",
            params![id.as_str(), by.as_str(), read.to_string()],
        )?;
        Ok(())
    }
}
