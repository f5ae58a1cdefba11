//! Where the docket lies that nobody looks at: a SQLite file beside the keys, made from the register and made anew from it
//! at any time. Nothing in it counts for anything but memory and time: it may be deleted while the node is shut.

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

use rusqlite::{Connection, OpenFlags, OptionalExtension as _, params};
use terms::Hash;

use crate::Fault;

/// A file, and what SQLite has beside it while it is open.
const ENDS: [&str; 3] = ["", "-wal", "-shm"];

/// Who reads at once.
const READERS: usize = 4;

/// So many bytes wait in memory until they are written together.
const TOGETHER_BYTES: usize = 1 << 20;

/// The bytes of a hash that stand beside what lies there.
const CHECK_BYTES: usize = 8;

const TABLES: &str = "
    CREATE TABLE lies (place INTEGER PRIMARY KEY, seal BLOB NOT NULL, bytes BLOB NOT NULL) STRICT;
    CREATE TABLE head (bytes BLOB NOT NULL) STRICT;
";

/// An attic in a file.
#[derive(Debug)]
pub struct Attic {
    writer: Mutex<Writer>,
    /// None until somebody reads.
    readers: RwLock<Vec<Mutex<Connection>>>,
    /// What is not in the file yet.
    fresh: RwLock<HashMap<u64, Vec<u8>>>,
}

#[derive(Debug)]
struct Writer {
    path: PathBuf,
    /// Whether the file stays when this is dropped.
    stays: bool,
    /// None as long as all of it is in memory: what is small makes no file.
    connection: Option<Connection>,
    next: u64,
    fresh_bytes: usize,
    /// From how many bytes on they are written.
    write_from: usize,
}

impl Attic {
    /// An empty one, in place of any that stands there. Its file is made with the first that is written to it, and is gone
    /// with it, unless it [settles](Attic::settle_at).
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn create(path: &Path) -> std::io::Result<Attic> {
        Attic::remove(path)?;
        Ok(Attic {
            writer: Mutex::new(Writer {
                path: path.to_owned(),
                stays: false,
                connection: None,
                next: 1,
                fresh_bytes: 0,
                write_from: TOGETHER_BYTES,
            }),
            readers: RwLock::default(),
            fresh: RwLock::default(),
        })
    }

    /// What stands at the head of the one that stands there; none if there is none, nothing was kept, or it can't be read.
    #[must_use]
    pub fn head_of(path: &Path) -> Option<Vec<u8>> {
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE).ok()?;
        connection.query_row("SELECT bytes FROM head", [], |row| row.get(0)).ok()
    }

    /// Moves it where it stays, in place of any that stands there, with what stands at its head.
    ///
    /// # Errors
    ///
    /// The disk failed: then it lies where it was, or in memory.
    pub fn settle_at(&self, path: &Path, head: &[u8]) -> Result<(), Fault> {
        self.keep(head)?;
        let mut writer = self.writer();
        let mut readers = self.readers.write().unwrap_or_else(PoisonError::into_inner);
        readers.clear();
        if let Some(connection) = writer.connection.take() {
            connection.pragma_update(None, "synchronous", "FULL")?;
            // What it has beside its file goes into that.
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
            connection.close().map_err(|(_, error)| error)?;
        }
        // Whatever SQLite has synced of it: all of it is on the disk before it takes the other's place.
        let moved = File::open(&writer.path)
            .and_then(|file| file.sync_all())
            .and_then(|()| Attic::remove(path))
            .and_then(|()| std::fs::rename(&writer.path, path))
            .and_then(|()| path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all()));
        if moved.is_ok() {
            path.clone_into(&mut writer.path);
            writer.stays = true;
        }
        writer.connection = Some(reopened(&writer.path)?);
        moved.map_err(Fault::Io)
    }

    /// Removes the one that stands there, if there is one.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn remove(path: &Path) -> std::io::Result<()> {
        for end in ENDS {
            match std::fs::remove_file(with(path, end)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// Moves the one that stands there aside, with what a process that ended early left beside it.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn set_aside(path: &Path, to: &Path) -> std::io::Result<()> {
        Attic::remove(to)?;
        for end in ENDS {
            match std::fs::rename(with(path, end), with(to, end)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.writer().path.clone()
    }

    /// Writes all that waits in memory, and with it what stands at its head, in place of what stood there: both or neither.
    ///
    /// # Errors
    ///
    /// The disk failed, and what stood there stands.
    pub fn keep(&self, head: &[u8]) -> Result<(), Fault> {
        let mut writer = self.writer();
        let written = self.fresh().clone();
        let transaction = writer.file()?.transaction()?;
        write(&transaction, &written)?;
        transaction.execute("DELETE FROM head", [])?;
        transaction.execute("INSERT INTO head VALUES (?)", params![head])?;
        transaction.commit()?;
        self.forget(&mut writer, &written);
        Ok(())
    }

    fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fresh(&self) -> RwLockReadGuard<'_, HashMap<u64, Vec<u8>>> {
        self.fresh.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes out of memory what was written.
    fn forget(&self, writer: &mut Writer, written: &HashMap<u64, Vec<u8>>) {
        let mut fresh = self.fresh.write().unwrap_or_else(PoisonError::into_inner);
        fresh.retain(|place, _| !written.contains_key(place));
        writer.fresh_bytes = fresh.values().map(Vec::len).sum();
    }

    fn flush(&self, writer: &mut Writer) -> Result<(), Fault> {
        let written = self.fresh().clone();
        let transaction = writer.file()?.transaction()?;
        write(&transaction, &written)?;
        transaction.commit()?;
        self.forget(writer, &written);
        Ok(())
    }

    fn read(&self, place: u64) -> Result<Option<Vec<u8>>, Fault> {
        let mut readers = self.readers.read().unwrap_or_else(PoisonError::into_inner);
        if readers.is_empty() {
            drop(readers);
            let path = self.path();
            let mut opened = self.readers.write().unwrap_or_else(PoisonError::into_inner);
            while opened.len() < READERS {
                let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
                opened.push(Mutex::new(Connection::open_with_flags(&path, flags)?));
            }
            drop(opened);
            readers = self.readers.read().unwrap_or_else(PoisonError::into_inner);
        }
        // Whoever is free; else whose turn it would be.
        let free = readers.iter().find_map(|reader| reader.try_lock().ok());
        let turn = usize::try_from(place).unwrap_or(0) % readers.len().max(1);
        let reader = match free {
            Some(reader) => reader,
            None => match readers.get(turn) {
                Some(reader) => reader.lock().unwrap_or_else(PoisonError::into_inner),
                // It moved meanwhile.
                None => return Err(Fault::Garbled("no reader")),
            },
        };
        let mut find = reader.prepare_cached("SELECT seal, bytes FROM lies WHERE place = ?")?;
        let found: Option<(Vec<u8>, Vec<u8>)> =
            find.query_row([number(place)], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        Ok(found.filter(|(seal, bytes)| *seal == check(bytes)).map(|(_, bytes)| bytes))
    }
}

fn with(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

impl Writer {
    /// The file, which is made if there is none.
    fn file(&mut self) -> Result<&mut Connection, Fault> {
        if self.connection.is_none() {
            if let Some(folder) = self.path.parent() {
                std::fs::create_dir_all(folder).map_err(Fault::Io)?;
            }
            let made = opened(&self.path)?;
            // Nobody reads it after a crash before it settles: nothing in it waits for the disk.
            made.pragma_update(None, "synchronous", "OFF")?;
            made.execute_batch(TABLES)?;
            self.connection = Some(made);
        }
        self.connection.as_mut().ok_or(Fault::Garbled("no file"))
    }
}

fn opened(path: &Path) -> Result<Connection, Fault> {
    let connection = Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    Ok(connection)
}

fn reopened(path: &Path) -> Result<Connection, Fault> {
    let connection = opened(path)?;
    // What a crash takes is made anew; what is there is whole.
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    Ok(connection)
}

impl Drop for Attic {
    fn drop(&mut self) {
        let writer = self.writer.get_mut().unwrap_or_else(PoisonError::into_inner);
        if writer.stays {
            return;
        }
        writer.connection = None;
        self.readers.get_mut().unwrap_or_else(PoisonError::into_inner).clear();
        // The next that is made there removes it otherwise.
        let _ = Attic::remove(&writer.path);
    }
}

fn write(connection: &Connection, all: &HashMap<u64, Vec<u8>>) -> Result<(), Fault> {
    let mut places: Vec<&u64> = all.keys().collect();
    places.sort_unstable();
    let mut insert = connection.prepare_cached("INSERT INTO lies VALUES (?, ?, ?)")?;
    for place in places {
        let bytes = &all[place];
        insert.execute(params![number(*place), check(bytes), bytes])?;
    }
    Ok(())
}

/// Against a disk that reads another thing than was written. Who changes the file on purpose changes what this node shows,
/// as who changes its program does; nobody else reads it.
fn check(bytes: &[u8]) -> Vec<u8> {
    Hash::of(bytes).as_bytes()[..CHECK_BYTES].to_vec()
}

fn number(place: u64) -> i64 {
    i64::try_from(place).unwrap_or(i64::MAX)
}

impl docket::v1::Attic for Attic {
    fn put(&self, bytes: &[u8]) -> u64 {
        let mut writer = self.writer();
        let place = writer.next;
        writer.next += 1;
        self.fresh.write().unwrap_or_else(PoisonError::into_inner).insert(place, bytes.to_vec());
        writer.fresh_bytes += bytes.len();
        if writer.fresh_bytes >= writer.write_from {
            // A disk that is full takes no more: then it lies in memory, and is tried again when as much more has come.
            let is_written = self.flush(&mut writer).is_ok();
            writer.write_from = if is_written { TOGETHER_BYTES } else { writer.fresh_bytes + TOGETHER_BYTES };
        }
        place
    }

    fn get(&self, place: u64) -> Vec<u8> {
        // What is written is in the file before it leaves memory.
        if let Some(bytes) = self.fresh().get(&place) {
            return bytes.clone();
        }
        match self.read(place) {
            Ok(Some(bytes)) => bytes,
            Ok(None) | Err(_) => self.is_damaged(place),
        }
    }

    fn is_damaged(&self, place: u64) -> ! {
        // Nothing is lost: without its head it is made anew at the next start.
        if let Some(file) = &self.writer().connection {
            let _ = file.execute("DELETE FROM head", []);
        }
        self.damaged(place);
        std::process::abort()
    }
}

impl Attic {
    #[expect(
        clippy::print_stderr,
        reason = "the process ends with this, and whoever started it has to know why"
    )]
    fn damaged(&self, place: u64) {
        eprintln!(
            "the docket's file {} is damaged (place {place}) and can't be read: this node stops. Start it again: the file is made anew from the register, which holds all of it",
            self.path().display()
        );
    }
}

#[cfg(test)]
mod tests {
    use docket::v1::Attic as _;

    use super::*;

    #[test]
    fn what_was_put_there_lies_there_in_memory_in_the_file_and_where_that_settles() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, stays) = (folder.path().join("new.sqlite"), folder.path().join("docket.sqlite"));
        let attic = Attic::create(&path).expect("an attic");
        let texts: Vec<Vec<u8>> = (0..3000_u32).map(|n| format!("{n} ").repeat(200).into_bytes()).collect();
        let lies = |places: &[u64]| places.iter().zip(&texts).all(|(place, text)| attic.get(*place) == *text);
        let small = attic.put(b"small");
        assert!(!path.exists(), "what is small makes no file");
        let places: Vec<u64> = texts.iter().map(|text| attic.put(text)).collect();
        assert!(path.exists() && lies(&places));
        std::fs::write(&stays, b"another").expect("room");
        assert_eq!(Attic::head_of(&stays), None);
        attic.settle_at(&stays, b"a head").expect("room");
        assert!(!path.exists() && lies(&places) && attic.get(small) == b"small");
        assert_eq!(attic.put(b"more"), places.last().expect("some") + 1);
        attic.keep(b"another head").expect("room");
        drop(attic);
        assert_eq!(Attic::head_of(&stays).as_deref(), Some(&b"another head"[..]));
        assert_eq!(Attic::head_of(&path), None);
    }

    #[test]
    fn what_does_not_settle_leaves_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("docket").join("new.sqlite");
        let attic = Attic::create(&path).expect("an attic");
        attic.put(&vec![7; 2 << 20]);
        assert!(path.exists());
        drop(attic);
        let left = std::fs::read_dir(path.parent().expect("a folder")).expect("it is there").count();
        assert_eq!(left, 0);
    }

    #[test]
    fn what_a_disk_changed_is_not_given_out() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("docket.sqlite");
        let attic = Attic::create(&path).expect("an attic");
        let place = attic.put(b"as it was");
        attic.keep(b"").expect("room");
        let other = Connection::open(&path).expect("the file");
        other.execute("UPDATE lies SET bytes = ?", [&b"as it is"[..]]).expect("it can be written");
        assert!(attic.read(place).expect("it can be read").is_none());
    }
}
