//! Where the docket lies that nobody looks at: a SQLite file beside the keys, made from the register and made anew from it
//! at any time. Nothing in it counts for anything but memory and time: it may be deleted while the node is shut.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError, RwLock, RwLockReadGuard};

use rusqlite::{Connection, OpenFlags, OptionalExtension as _, params};
use terms::Hash;

use crate::Fault;

/// Who reads at once.
const READERS: usize = 4;

/// So many bytes wait in memory until they are written together.
const TOGETHER_BYTES: usize = 1 << 20;

/// The bytes of a hash that stand beside what lies there.
const CHECK_BYTES: usize = 8;

const TABLES: &str = "
    CREATE TABLE lies (place INTEGER PRIMARY KEY, seal BLOB NOT NULL, bytes BLOB NOT NULL) STRICT;
    CREATE TABLE head (part INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
";

/// An attic in a file.
#[derive(Debug)]
pub struct Attic {
    path: PathBuf,
    writer: Mutex<Writer>,
    readers: OnceLock<Vec<Mutex<Connection>>>,
    /// What is not in the file yet.
    fresh: RwLock<HashMap<u64, Vec<u8>>>,
}

#[derive(Debug)]
struct Writer {
    /// None as long as all of it is in memory: what is small makes no file.
    connection: Option<Connection>,
    next: u64,
    fresh_bytes: usize,
    /// From how many bytes on they are written.
    write_from: usize,
}

impl Attic {
    /// An empty one, in place of any that stands there. Its file is made with the first that is written to it.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn create(path: &Path) -> std::io::Result<Attic> {
        Attic::remove(path)?;
        Ok(Attic::over(path, None, 1))
    }

    /// The one that stands there.
    ///
    /// # Errors
    ///
    /// There is none, or it can't be read.
    pub fn open(path: &Path) -> Result<Attic, Fault> {
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        let next: i64 =
            connection.query_row("SELECT coalesce(max(place), 0) + 1 FROM lies", [], |row| row.get(0))?;
        Ok(Attic::over(path, Some(connection), next.unsigned_abs()))
    }

    /// Removes the one that stands there, if there is one.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn remove(path: &Path) -> std::io::Result<()> {
        for end in ["", "-wal", "-shm"] {
            let mut name = path.as_os_str().to_owned();
            name.push(end);
            match std::fs::remove_file(PathBuf::from(name)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    fn over(path: &Path, connection: Option<Connection>, next: u64) -> Attic {
        let writer = Writer { connection, next, fresh_bytes: 0, write_from: TOGETHER_BYTES };
        Attic {
            path: path.to_owned(),
            readers: OnceLock::new(),
            writer: Mutex::new(writer),
            fresh: RwLock::default(),
        }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How many bytes its file has.
    #[must_use]
    pub fn file_bytes(&self) -> u64 {
        std::fs::metadata(&self.path).map_or(0, |found| found.len())
    }

    /// Writes all that waits in memory, and with it what stands at its head, in place of what stood there: both or neither.
    ///
    /// # Errors
    ///
    /// The disk failed, and what stood there stands.
    pub fn keep(&self, head: &[u8]) -> Result<(), Fault> {
        let mut writer = self.writer();
        let written = self.fresh().clone();
        let transaction = writer.file(&self.path)?.transaction()?;
        write(&transaction, &written)?;
        transaction.execute("DELETE FROM head", [])?;
        for (part, bytes) in (0_i64..).zip(head.chunks(PART_BYTES)) {
            transaction.execute("INSERT INTO head VALUES (?, ?)", params![part, bytes])?;
        }
        transaction.commit()?;
        self.forget(&mut writer, &written);
        Ok(())
    }

    /// What stands at its head; none if nothing was kept.
    ///
    /// # Errors
    ///
    /// It can't be read.
    pub fn head(&self) -> Result<Option<Vec<u8>>, Fault> {
        let mut writer = self.writer();
        let mut parts = writer.file(&self.path)?.prepare("SELECT bytes FROM head ORDER BY part")?;
        let parts = parts.query_map([], |row| row.get::<_, Vec<u8>>(0))?;
        let parts: Vec<Vec<u8>> = parts.collect::<Result<_, _>>()?;
        Ok((!parts.is_empty()).then(|| parts.concat()))
    }

    /// Lets go of what lies there and nobody names any more: `named` has the places of all that is named, in any order. Gives
    /// how much it was.
    ///
    /// # Errors
    ///
    /// The disk failed, and all of it lies there.
    pub fn sweep(&self, mut named: Vec<u64>) -> Result<u64, Fault> {
        named.sort_unstable();
        let mut writer = self.writer();
        let (first, last) = (named.first().copied().unwrap_or(0), writer.next);
        let transaction = writer.file(&self.path)?.transaction()?;
        let mut swept = 0;
        let mut sweep = |from: u64, to: u64| -> Result<(), Fault> {
            if from < to {
                let gone = transaction.execute(
                    "DELETE FROM lies WHERE place >= ? AND place < ?",
                    params![number(from), number(to)],
                )?;
                swept += gone as u64;
            }
            Ok(())
        };
        sweep(0, first.min(last))?;
        for pair in named.windows(2) {
            sweep(pair[0] + 1, pair[1])?;
        }
        transaction.commit()?;
        Ok(swept)
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
        let transaction = writer.file(&self.path)?.transaction()?;
        write(&transaction, &written)?;
        transaction.commit()?;
        self.forget(writer, &written);
        Ok(())
    }

    fn read(&self, place: u64) -> Result<Option<Vec<u8>>, Fault> {
        let readers = match self.readers.get() {
            Some(readers) => readers,
            None => {
                let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
                let one = |_| Ok(Mutex::new(Connection::open_with_flags(&self.path, flags)?));
                let opened = (0..READERS).map(one).collect::<Result<_, Fault>>()?;
                self.readers.get_or_init(|| opened)
            }
        };
        // Whoever is free; else whose turn it would be.
        let free = readers.iter().find_map(|reader| reader.try_lock().ok());
        let turn = usize::try_from(place).unwrap_or(0) % readers.len();
        let reader = free.unwrap_or_else(|| readers[turn].lock().unwrap_or_else(PoisonError::into_inner));
        let mut find = reader.prepare_cached("SELECT seal, bytes FROM lies WHERE place = ?")?;
        let found: Option<(Vec<u8>, Vec<u8>)> =
            find.query_row([number(place)], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        Ok(found.filter(|(seal, bytes)| *seal == check(bytes)).map(|(_, bytes)| bytes))
    }
}

impl Writer {
    /// The file, which is made if there is none.
    fn file(&mut self, path: &Path) -> Result<&mut Connection, Fault> {
        if self.connection.is_none() {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder).map_err(Fault::Io)?;
            }
            let made = Connection::open(path)?;
            made.pragma_update(None, "journal_mode", "WAL")?;
            // What a crash takes is made anew; what is there is whole.
            made.pragma_update(None, "synchronous", "NORMAL")?;
            made.execute_batch(TABLES)?;
            self.connection = Some(made);
        }
        self.connection.as_mut().ok_or(Fault::Garbled("no file"))
    }
}

/// The bytes of one part of the head: SQLite takes no more than a gigabyte in one.
const PART_BYTES: usize = 64 << 20;

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
            self.path.display()
        );
    }
}

#[cfg(test)]
mod tests {
    use docket::v1::Attic as _;

    use super::*;

    #[test]
    fn what_was_put_there_lies_there_in_memory_and_in_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("docket.sqlite");
        let attic = Attic::create(&path).expect("an attic");
        let texts: Vec<Vec<u8>> = (0..3000_u32).map(|n| format!("{n} ").repeat(200).into_bytes()).collect();
        let places: Vec<u64> = texts.iter().map(|text| attic.put(text)).collect();
        assert!(places.iter().zip(&texts).all(|(place, text)| attic.get(*place) == *text));
        attic.keep(b"a head").expect("room");
        let named: Vec<u64> = places.iter().copied().step_by(3).collect();
        assert_eq!(
            attic.sweep(named.clone()).expect("room"),
            3000 - 1000 - 2,
            "and what came behind the last stays"
        );
        drop(attic);
        let attic = Attic::open(&path).expect("the same");
        assert_eq!(attic.head().expect("it can be read").as_deref(), Some(&b"a head"[..]));
        assert!(named.iter().zip(texts.iter().step_by(3)).all(|(place, text)| attic.get(*place) == *text));
        assert!(attic.put(b"more") > *places.last().expect("some"), "no place is given twice");
        assert!(attic.read(places[1]).expect("it can be read").is_none());
    }

    #[test]
    fn what_a_disk_changed_is_not_given_out() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("docket.sqlite");
        let attic = Attic::create(&path).expect("an attic");
        let place = attic.put(b"as it was");
        attic.keep(b"").expect("room");
        assert_eq!(attic.head().expect("it can be read"), None);
        let other = Connection::open(&path).expect("the file");
        other.execute("UPDATE lies SET bytes = ?", [&b"as it is"[..]]).expect("it can be written");
        assert!(attic.read(place).expect("it can be read").is_none());
    }
}
