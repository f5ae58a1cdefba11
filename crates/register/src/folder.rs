//! A node's data folder: what is where, and how a file gets there whole.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use terms::Hash;

use crate::disk::{At, Disk, DiskFault, DiskFile, Operation};
use crate::fault::Fault;

/// How the names of files begin that are not in their place yet.
const PART: &str = "part-";

/// A node's data folder, locked for this process.
///
/// ```text
/// DATA/register/checkpoint      what may be served: the files of a log as C2SP tlog-tiles names them,
///              /tile/…          and the annexes
///              /annex/HEX
///     /note/HEX                 refusals and other notes, by the SHA-256 of their bytes
///     /witness/HEX              how far this node has cosigned a registrar's key
///     /queue/journal            entries on their way into tiles
///           /held               how far a mirror holds entries that are not final yet
///           /part-N             files on their way to their place
///     /lock
/// KEPT/…                        how far this node's keys have signed, apart from what they signed
/// ```
///
/// KEPT belongs beside the keys and on another disk: a copy of DATA that was put back is recognised by
/// it. It is locked too, so that no two folders are served by the same keys.
pub struct Folder<D: Disk> {
    disk: D,
    data: PathBuf,
    kept: PathBuf,
    next_part: AtomicU64,
    /// Folders whose names this process has made durable.
    durable: Mutex<BTreeSet<PathBuf>>,
    _locks: [D::Lock; 2],
}

impl<D: Disk> Folder<D> {
    /// Opens a data folder, and makes it if it is not there. What a crash left half-made is removed.
    ///
    /// # Errors
    /// [`Fault::Locked`] if another process has it; [`Fault::Disk`].
    pub fn open(disk: D, data: &Path, kept: &Path) -> Result<Arc<Folder<D>>, Fault> {
        let durable = Mutex::default();
        ensure_folder(&disk, &durable, data)?;
        ensure_folder(&disk, &durable, kept)?;
        let lock = |path: PathBuf| match disk.lock(&path).at(&path, Operation::Lock) {
            Ok(Some(lock)) => Ok(lock),
            Ok(None) => Err(Fault::Locked { path }),
            Err(fault) => Err(fault.into()),
        };
        let locks = [lock(data.join("lock"))?, lock(kept.join("lock"))?];
        let folder = Folder {
            disk,
            data: data.to_owned(),
            kept: kept.to_owned(),
            next_part: AtomicU64::new(0),
            durable,
            _locks: locks,
        };
        for name in ["queue", "register", "note", "witness"] {
            folder.ensure(&folder.data.join(name))?;
        }
        folder.sweep(&folder.queue())?;
        folder.sweep(&folder.kept)?;
        Ok(Arc::new(folder))
    }

    /// The disk.
    pub fn disk(&self) -> &D {
        &self.disk
    }

    /// The folder that may be served.
    pub fn register(&self) -> PathBuf {
        self.data.join("register")
    }

    /// The folder of notes.
    pub fn notes(&self) -> PathBuf {
        self.data.join("note")
    }

    pub(crate) fn witness(&self) -> PathBuf {
        self.data.join("witness")
    }

    pub(crate) fn queue(&self) -> PathBuf {
        self.data.join("queue")
    }

    pub(crate) fn kept(&self) -> &Path {
        &self.kept
    }

    /// Puts a file in its place, whole and durable, or leaves what was there.
    ///
    /// The bytes reach the disk before the name does: the other order leaves, after a crash, a name
    /// with too few bytes behind it.
    pub(crate) fn place(&self, target: &Path, bytes: &[u8]) -> Result<(), DiskFault> {
        let part = self.part(target, bytes)?;
        self.sync_part(&part)?;
        self.move_part(&part, target)?;
        self.sync_names(target.parent().unwrap_or(&self.data))
    }

    /// Writes a file that is to stand at `target`. A rename stays on one disk, so parts of DATA wait in
    /// `queue/`, where nobody serves them, and those of KEPT beside their target.
    pub(crate) fn part(&self, target: &Path, bytes: &[u8]) -> Result<PathBuf, DiskFault> {
        let number = self.next_part.fetch_add(1, Ordering::Relaxed);
        let name = format!("{PART}{number}");
        let part =
            if target.starts_with(&self.kept) { self.kept.join(name) } else { self.queue().join(name) };
        let mut file = self.disk.create(&part).at(&part, Operation::Create)?;
        if let Err(fault) = file.append(bytes).at(&part, Operation::Write) {
            self.discard(&part);
            return Err(fault);
        }
        Ok(part)
    }

    pub(crate) fn sync_part(&self, part: &Path) -> Result<(), DiskFault> {
        self.disk.open(part).at(part, Operation::Read)?.sync().at(part, Operation::Sync)
    }

    pub(crate) fn move_part(&self, part: &Path, target: &Path) -> Result<(), DiskFault> {
        if let Some(parent) = target.parent() {
            self.ensure(parent)?;
        }
        self.disk.rename(part, target).at(target, Operation::Rename)
    }

    pub(crate) fn sync_names(&self, folder: &Path) -> Result<(), DiskFault> {
        self.disk.sync_folder(folder).at(folder, Operation::SyncFolder)
    }

    /// Removes a part that is not wanted any more.
    pub(crate) fn discard(&self, part: &Path) {
        // If it stays, the next start sweeps it away.
        let _ = self.disk.remove(part);
    }

    pub(crate) fn read(&self, path: &Path, bytes_max: u64) -> Result<Vec<u8>, DiskFault> {
        self.disk.read(path, bytes_max).at(path, Operation::Read)
    }

    /// The same, and nothing if there is no such file.
    pub(crate) fn read_if_there(&self, path: &Path, bytes_max: u64) -> Result<Option<Vec<u8>>, DiskFault> {
        if_there(self.read(path, bytes_max))
    }

    /// Makes a folder and those above it, and their names durable.
    pub(crate) fn ensure(&self, path: &Path) -> Result<(), DiskFault> {
        ensure_folder(&self.disk, &self.durable, path)
    }

    /// Writes down that a key must not sign again. Both places are tried: one disk has just failed.
    pub(crate) fn stop(&self, key: &Hash, why: &str) {
        let why = why.replace(char::is_control, " ");
        let text = format!(
            "This node's key with the hash {key} lost a write that was to be durable:\n{why}\n\
             It must not sign again (TIME T22). Do not remove this file; go on with a new key.\n"
        );
        let text = format!("{text}{}\n", Hash::of(text.as_bytes()));
        for path in self.stops(key) {
            // The process has stopped signing in any case. If neither can be written, the next start
            // goes by what is on the disk, by what is kept beside the keys, and by the witnesses.
            let _ = self.place(&path, text.as_bytes());
        }
    }

    /// Whether a key was stopped.
    pub(crate) fn check_stopped(&self, key: &Hash) -> Result<(), Fault> {
        for path in self.stops(key) {
            match self.read(&path, 1 << 20) {
                Err(fault) if fault.is_missing() => {}
                Err(fault) => return Err(fault.into()),
                Ok(_) => return Err(Fault::Stopped { path }),
            }
        }
        Ok(())
    }

    fn stops(&self, key: &Hash) -> [PathBuf; 2] {
        let name = format!("stopped-{}", key.to_hex());
        [self.kept.join(&name), self.queue().join(&name)]
    }

    fn sweep(&self, folder: &Path) -> Result<(), DiskFault> {
        for name in self.disk.list(folder).at(folder, Operation::List)? {
            if name.name.starts_with(PART) {
                let part = folder.join(&name.name);
                self.disk.remove(&part).at(&part, Operation::Remove)?;
            }
        }
        Ok(())
    }
}

pub(crate) fn if_there<T>(read: Result<T, DiskFault>) -> Result<Option<T>, DiskFault> {
    match read {
        Ok(bytes) => Ok(Some(bytes)),
        Err(fault) if fault.is_missing() => Ok(None),
        Err(fault) => Err(fault),
    }
}

fn ensure_folder<D: Disk>(
    disk: &D,
    durable: &Mutex<BTreeSet<PathBuf>>,
    path: &Path,
) -> Result<(), DiskFault> {
    let known = || durable.lock().unwrap_or_else(PoisonError::into_inner);
    if path.parent().is_none() || path.as_os_str().is_empty() || known().contains(path) {
        return Ok(());
    }
    match disk.create_folder(path) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            ensure_folder(disk, durable, path.parent().unwrap_or(path))?;
            disk.create_folder(path).at(path, Operation::CreateFolder)?;
        }
        Err(error) => return Err(error).at(path, Operation::CreateFolder),
    }
    // It may have been made by a process that was killed before it made the name durable.
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    disk.sync_folder(parent).at(parent, Operation::SyncFolder)?;
    known().insert(path.to_owned());
    Ok(())
}
