//! Who may follow, with a program that signs in nowhere, what concerns the participant.

use rusqlite::params;
use terms::{Hash, Instant};

use crate::draft::{seconds, time};
use crate::{Fault, Private};

/// Most keys that open a feed at one time.
const FEEDS_MAX: u32 = 32;

/// A key that opens the feed, as far as it is known here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// The hash of the key.
    pub key: Hash,
    /// The session that made it.
    pub session: String,
    /// When.
    pub made: Instant,
}

impl Private {
    /// Lets a key open the feed, until that is ended.
    ///
    /// # Errors
    ///
    /// [`Fault::Full`], or the disk failed.
    pub fn begin_feed(&self, feed: &Feed) -> Result<(), Fault> {
        let mut connection = self.connection();
        let change = connection.transaction()?;
        let known: u32 = change.query_row("SELECT count(*) FROM feed", [], |row| row.get(0))?;
        if known >= FEEDS_MAX {
            return Err(Fault::Full);
        }
        change.execute(
            "INSERT OR IGNORE INTO feed (key, session, made) VALUES (?1, ?2, ?3)",
            params![feed.key.to_hex(), feed.session, seconds(feed.made)],
        )?;
        change.commit()?;
        Ok(())
    }

    /// Whether a key of this hash opens the feed.
    ///
    /// # Errors
    ///
    /// It can't be read.
    pub fn opens_feed(&self, key: &Hash) -> Result<bool, Fault> {
        let count = "SELECT count(*) FROM feed WHERE key = ?1";
        let known: u32 = self.connection().query_row(count, [key.to_hex()], |row| row.get(0))?;
        Ok(known > 0)
    }

    /// The keys that open it, the newest first.
    ///
    /// # Errors
    ///
    /// They can't be read.
    pub fn feeds(&self) -> Result<Vec<Feed>, Fault> {
        let connection = self.connection();
        let mut all = connection.prepare("SELECT key, session, made FROM feed ORDER BY made DESC, key")?;
        let mut rows = all.query([])?;
        let mut feeds = Vec::new();
        while let Some(row) = rows.next()? {
            let key: String = row.get(0)?;
            let key = Hash::from_hex(&key).ok_or(Fault::Garbled("the key of a feed"))?;
            feeds.push(Feed { key, session: row.get(1)?, made: time(row.get(2)?)? });
        }
        Ok(feeds)
    }

    /// Lets a key of this hash open it no more. Nothing happens if none does.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn end_feed(&self, key: &Hash) -> Result<(), Fault> {
        self.connection().execute("DELETE FROM feed WHERE key = ?1", [key.to_hex()])?;
        Ok(())
    }
}
