//! The database of the private side: one file, one writer, and each change on the disk before it is said to be kept.

use std::collections::HashSet;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};

use crate::Fault;

/// Each version of the tables is made from the one before it.
const MIGRATIONS: &[&str] = &[
    include_str!("private/1.sql"),
    include_str!("private/2.sql"),
    include_str!("private/3.sql"),
    include_str!("private/4.sql"),
    include_str!("private/5.sql"),
    include_str!("private/6.sql"),
    include_str!("private/7.sql"),
    include_str!("private/8.sql"),
    include_str!("private/9.sql"),
    include_str!("private/10.sql"),
    include_str!("private/11.sql"),
    include_str!("private/12.sql"),
    include_str!("private/13.sql"),
];

/// The private side of a node.
#[derive(Debug)]
pub struct Private {
    connection: Mutex<Connection>,
    /// How many drafts are not signed: every page says it, and none waits for a disk to say it.
    waiting: AtomicU32,
    /// How many tasks are not done: the same.
    tasks: AtomicU32,
    /// How many forms wait that were sent while the desk was locked: the same.
    held: AtomicU32,
    /// How many alerts nobody has taken: the same.
    alerts: AtomicU32,
    /// The drafts that were dropped since it was opened.
    dropped: Mutex<HashSet<String>>,
}

impl Private {
    /// Opens it in a folder, which is made if there is none; only its owner may look into it.
    ///
    /// # Errors
    ///
    /// The disk failed, another has it open, or a later program made it.
    pub fn open(folder: &Path) -> Result<Private, Fault> {
        std::fs::create_dir_all(folder).map_err(Fault::Io)?;
        only_for_its_owner(folder).map_err(Fault::Io)?;
        let mut connection = Connection::open(folder.join("private.sqlite"))?;
        // The node's lock keeps others away; so does this, from whoever comes round it. Nobody waits for another to be done.
        connection.busy_timeout(Duration::ZERO)?;
        connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        // What is dropped is written over.
        connection.pragma_update(None, "secure_delete", "ON")?;
        migrate(&mut connection)?;
        let private = Private {
            connection: Mutex::new(connection),
            waiting: AtomicU32::new(0),
            tasks: AtomicU32::new(0),
            held: AtomicU32::new(0),
            alerts: AtomicU32::new(0),
            dropped: Mutex::default(),
        };
        private.count(&private.connection())?;
        // What was dropped before a crash is not left in the log of writes.
        private.settle()?;
        Ok(private)
    }

    pub(crate) fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn dropped(&self) -> MutexGuard<'_, HashSet<String>> {
        self.dropped.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many drafts are not signed.
    #[must_use]
    pub fn waiting(&self) -> u32 {
        self.waiting.load(Ordering::Relaxed)
    }

    /// How many tasks are not done.
    #[must_use]
    pub fn open_tasks(&self) -> u32 {
        self.tasks.load(Ordering::Relaxed)
    }

    /// How many forms wait that were sent while the desk was locked.
    #[must_use]
    pub fn held_forms(&self) -> u32 {
        self.held.load(Ordering::Relaxed)
    }

    /// How many alerts nobody has taken that are not over, of those that concern all.
    #[must_use]
    pub fn open_alerts(&self) -> u32 {
        self.alerts.load(Ordering::Relaxed)
    }

    /// Counts all of it anew, once some have changed.
    pub(crate) fn count(&self, connection: &Connection) -> Result<(), Fault> {
        let count = "SELECT count(*) FROM draft WHERE state <> 'signed'";
        self.waiting.store(connection.query_row(count, [], |row| row.get(0))?, Ordering::Relaxed);
        let count = "SELECT count(*) FROM task WHERE done IS NULL";
        self.tasks.store(connection.query_row(count, [], |row| row.get(0))?, Ordering::Relaxed);
        let count = "SELECT count(*) FROM held";
        self.held.store(connection.query_row(count, [], |row| row.get(0))?, Ordering::Relaxed);
        let count = "SELECT count(*) FROM alert WHERE taken IS NULL AND over IS NULL AND whom IS NULL";
        self.alerts.store(connection.query_row(count, [], |row| row.get(0))?, Ordering::Relaxed);
        Ok(())
    }

    /// Carries the log of writes over into the tables, and empties it: nothing that was dropped stands in it any more.
    pub(crate) fn settle(&self) -> Result<(), Fault> {
        let connection = self.connection();
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }
}

#[cfg(unix)]
fn only_for_its_owner(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn only_for_its_owner(_: &Path) -> std::io::Result<()> {
    Ok(())
}

fn migrate(connection: &mut Connection) -> Result<(), Fault> {
    let known = u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX);
    let is: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if is > known {
        return Err(Fault::Newer(is, known));
    }
    for (version, sql) in (1_u32..).zip(MIGRATIONS).skip(is as usize) {
        let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        change.execute_batch(sql)?;
        change.pragma_update(None, "user_version", version)?;
        change.commit()?;
    }
    Ok(())
}
