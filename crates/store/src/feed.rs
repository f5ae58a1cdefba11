//! Who may follow, with a program that signs in nowhere, what concerns the participant, or a list of its own choice.

use rusqlite::{OptionalExtension as _, params};
use terms::{Hash, Instant};

use crate::draft::{seconds, time};
use crate::{Fault, Private};

/// Most keys at one time.
const FEEDS_MAX: u32 = 64;

/// The longest that it is said with which list a key opens, in bytes.
const SHOWS_BYTES_MAX: usize = 1024;

/// A key that opens the feed or a list, as far as it is known here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// The hash of the key.
    pub key: Hash,
    /// The session that made it.
    pub session: String,
    /// When.
    pub made: Instant,
    /// Which list it opens, with its filter, as in an address behind the agreement; empty for the feed.
    pub shows: String,
}

impl Private {
    /// Lets a key open the feed or a list, until that is ended.
    ///
    /// # Errors
    ///
    /// [`Fault::Full`], or the disk failed.
    pub fn begin_feed(&self, feed: &Feed) -> Result<(), Fault> {
        if feed.shows.len() > SHOWS_BYTES_MAX {
            return Err(Fault::Full);
        }
        let mut connection = self.connection();
        let change = connection.transaction()?;
        let known: u32 = change.query_row("SELECT count(*) FROM feed", [], |row| row.get(0))?;
        if known >= FEEDS_MAX {
            return Err(Fault::Full);
        }
        change.execute(
            "INSERT INTO feed (key, session, made, shows) VALUES (?1, ?2, ?3, ?4)",
            params![feed.key.to_hex(), feed.session, seconds(feed.made), feed.shows],
        )?;
        change.commit()?;
        Ok(())
    }

    /// What a key of this hash opens: a list, or the feed if that is empty; nothing if it is none.
    ///
    /// # Errors
    ///
    /// It can't be read.
    pub fn opens(&self, key: &Hash) -> Result<Option<String>, Fault> {
        let shows = "SELECT shows FROM feed WHERE key = ?1";
        Ok(self.connection().query_row(shows, [key.to_hex()], |row| row.get(0)).optional()?)
    }

    /// The keys, the newest first.
    ///
    /// # Errors
    ///
    /// They can't be read.
    pub fn feeds(&self) -> Result<Vec<Feed>, Fault> {
        let connection = self.connection();
        let mut all =
            connection.prepare("SELECT key, session, made, shows FROM feed ORDER BY made DESC, key")?;
        let mut rows = all.query([])?;
        let mut feeds = Vec::new();
        while let Some(row) = rows.next()? {
            let key: String = row.get(0)?;
            let key = Hash::from_hex(&key).ok_or(Fault::Garbled("the key of a feed"))?;
            feeds.push(Feed { key, session: row.get(1)?, made: time(row.get(2)?)?, shows: row.get(3)? });
        }
        Ok(feeds)
    }

    /// Lets a key of this hash open nothing more. Nothing happens if none does.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn end_feed(&self, key: &Hash) -> Result<(), Fault> {
        self.connection().execute("DELETE FROM feed WHERE key = ?1", [key.to_hex()])?;
        Ok(())
    }
}
