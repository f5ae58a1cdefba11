//! A disk that loses what was not synced, and fails where it is told to. For tests.
//!
//! It has every file twice: as programs see it, and as it would be found after the power went. A sync
//! brings one file, or the names of one folder, from the first to the second. [`SimulatedDisk::crash`]
//! decides by a seed what else got there by itself: some names and not others, none of the bytes, all
//! of them, the first few, or as many zeros.
//!
//! [`SimulatedDisk::over`] keeps the second kind in a real folder. A process that writes through it
//! and is killed leaves there what was synced, and nothing else.

mod platter;
mod state;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use platter::Platter;
use state::{Contents, Dice, Names, Node, State};

use super::{Disk, DiskFile, Name};

/// How an operation fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It did not happen.
    NotDone,
    /// It happened, and the answer was lost.
    Unanswered,
    /// Half of it happened, if it was a write.
    Half,
}

/// What comes after the failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// The power is gone: nothing more works.
    Off,
    /// All works again.
    On,
}

/// A disk in memory. Clones are the same disk.
#[derive(Clone, Default)]
pub struct SimulatedDisk(Arc<Mutex<State>>);

/// A file on a [`SimulatedDisk`].
pub struct SimulatedFile {
    disk: SimulatedDisk,
    file: usize,
}

/// A lock on a [`SimulatedDisk`].
pub struct SimulatedLock {
    disk: SimulatedDisk,
    path: PathBuf,
}

impl Drop for SimulatedLock {
    fn drop(&mut self) {
        self.disk.state().locks.remove(&self.path);
    }
}

impl SimulatedDisk {
    /// An empty disk.
    #[must_use]
    pub fn new() -> SimulatedDisk {
        let disk = SimulatedDisk::default();
        disk.state().folders.insert(PathBuf::from("/"), Names::default());
        disk
    }

    /// A disk that begins with what is in `root`, and brings there what is durable. `workbench` is a
    /// folder on the same file system, for nobody else.
    ///
    /// # Errors
    /// If the folder can't be read.
    pub fn over(root: &Path, workbench: &Path) -> io::Result<SimulatedDisk> {
        let disk = SimulatedDisk::default();
        let mut state = disk.state();
        let mut platter =
            Platter { root: root.to_owned(), workbench: workbench.to_owned(), names: BTreeMap::new() };
        state.load(root, &mut platter)?;
        state.platter = Some(platter);
        drop(state);
        Ok(disk)
    }

    /// How many operations that change something were asked for so far.
    #[must_use]
    pub fn operations(&self) -> u64 {
        self.state().operations
    }

    /// Which of them wrote bytes, and so can be half done.
    #[must_use]
    pub fn writes(&self) -> BTreeSet<u64> {
        self.state().writes.clone()
    }

    /// Lets the operation with this number fail, counted from 0 as [`SimulatedDisk::operations`] does.
    pub fn fail(&self, operation: u64, failure: Failure, then: Then) {
        self.state().fault = Some((operation, failure, then));
    }

    /// The disk as it may be found after the power went now.
    #[must_use]
    pub fn crash(&self, seed: u64) -> SimulatedDisk {
        let mut dice = Dice(seed);
        let mut state = self.state().clone();
        state.fault = None;
        state.off = false;
        state.locks.clear();
        for file in &mut state.files {
            let found = dice.survivor(file);
            *file = Contents { seen: found.clone(), durable: found, given_up: false };
        }
        for names in state.folders.values_mut() {
            // A journal of names keeps their order: what comes through is a beginning.
            let kept = dice.below(names.pending.len() as u64 + 1) as usize;
            for (name, node) in names.pending.drain(..).take(kept) {
                match node {
                    Some(node) => names.durable.insert(name, node),
                    None => names.durable.remove(&name),
                };
            }
            names.seen = names.durable.clone();
        }
        state.drop_unreachable();
        SimulatedDisk(Arc::new(Mutex::new(state)))
    }

    /// The same disk once more, with a life of its own; nothing is lost.
    #[must_use]
    pub fn copy(&self) -> SimulatedDisk {
        let mut state = self.state().clone();
        state.locks.clear();
        SimulatedDisk(Arc::new(Mutex::new(state)))
    }

    /// Changes a file behind everybody's back.
    pub fn damage(&self, path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
        let mut state = self.state();
        if let Ok(Node::File(file)) = state.node(path) {
            change(&mut state.files[file].seen);
            state.files[file].durable = state.files[file].seen.clone();
        }
    }

    /// Every file, by path.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        let state = self.state();
        let mut files = Vec::new();
        for (folder, names) in &state.folders {
            let of_files = names.seen.iter().filter(|(_, node)| matches!(node, Node::File(_)));
            files.extend(of_files.map(|(name, _)| folder.join(name)));
        }
        files
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does one operation that changes something, or fails it.
    fn operate<T>(
        &self,
        whole: impl FnOnce(&mut State) -> io::Result<T>,
        half: impl FnOnce(&mut State),
    ) -> io::Result<T> {
        let mut state = self.state();
        if state.off {
            return Err(io::Error::other("the power is gone"));
        }
        let number = state.operations;
        state.operations += 1;
        let Some((_, failure, then)) = state.fault.filter(|(at, ..)| *at == number) else {
            return whole(&mut state);
        };
        match failure {
            Failure::NotDone => {}
            Failure::Unanswered => drop(whole(&mut state)),
            Failure::Half => half(&mut state),
        }
        state.off = then == Then::Off;
        Err(io::Error::other("the disk was told to fail"))
    }
}

impl Disk for SimulatedDisk {
    type File = SimulatedFile;
    type Lock = SimulatedLock;

    fn read(&self, path: &Path, bytes_max: u64) -> io::Result<Vec<u8>> {
        let state = self.state();
        if state.off {
            return Err(io::Error::other("the power is gone"));
        }
        match state.node(path)? {
            Node::File(file) if state.files[file].seen.len() as u64 > bytes_max => {
                Err(io::ErrorKind::FileTooLarge.into())
            }
            Node::File(file) => Ok(state.files[file].seen.clone()),
            Node::Folder => Err(io::ErrorKind::IsADirectory.into()),
        }
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<Name>> {
        let mut state = self.state();
        if state.off {
            return Err(io::Error::other("the power is gone"));
        }
        let names = state.names(folder)?.seen.iter();
        Ok(names.map(|(name, node)| Name { name: name.clone(), is_folder: *node == Node::Folder }).collect())
    }

    fn create(&self, path: &Path) -> io::Result<SimulatedFile> {
        let make = |state: &mut State| {
            if state.node(path).is_ok() {
                return Err(io::ErrorKind::AlreadyExists.into());
            }
            let file = state.files.len();
            state.set(path, Some(Node::File(file)))?;
            state.files.push(Contents::default());
            Ok(file)
        };
        let file = self.operate(make, |_| ())?;
        Ok(SimulatedFile { disk: self.clone(), file })
    }

    fn open(&self, path: &Path) -> io::Result<SimulatedFile> {
        let state = self.state();
        match state.node(path)? {
            _ if state.off => Err(io::Error::other("the power is gone")),
            Node::File(file) => Ok(SimulatedFile { disk: self.clone(), file }),
            Node::Folder => Err(io::ErrorKind::IsADirectory.into()),
        }
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let rename = |state: &mut State| {
            let node = state.node(from)?;
            if state.node(to).is_ok_and(|there| there == Node::Folder) || node == Node::Folder {
                return Err(io::ErrorKind::IsADirectory.into());
            }
            state.set(to, Some(node))?;
            state.set(from, None)
        };
        self.operate(rename, |_| ())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let remove = |state: &mut State| match state.node(path)? {
            Node::File(_) => state.set(path, None),
            Node::Folder => Err(io::ErrorKind::IsADirectory.into()),
        };
        self.operate(remove, |_| ())
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        let make = |state: &mut State| {
            if state.node(path).is_ok() || state.folders.contains_key(path) {
                return Err(io::ErrorKind::AlreadyExists.into());
            }
            state.set(path, Some(Node::Folder))?;
            state.folders.insert(path.to_owned(), Names::default());
            Ok(())
        };
        self.operate(make, |_| ())
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        let remove = |state: &mut State| {
            if state.names(path)?.seen.is_empty() {
                state.set(path, None)
            } else {
                Err(io::ErrorKind::DirectoryNotEmpty.into())
            }
        };
        self.operate(remove, |_| ())
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.operate(|state| state.sync_folder(path), |_| ())
    }

    fn lock(&self, path: &Path) -> io::Result<Option<SimulatedLock>> {
        let mut state = self.state();
        if state.off {
            return Err(io::Error::other("the power is gone"));
        }
        let free = state.locks.insert(path.to_owned());
        Ok(free.then(|| SimulatedLock { disk: self.clone(), path: path.to_owned() }))
    }
}

impl DiskFile for SimulatedFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let file = self.file;
        let write = |bytes: &[u8], state: &mut State| state.files[file].seen.extend_from_slice(bytes);
        let whole = |state: &mut State| {
            write(bytes, state);
            state.writes.insert(state.operations - 1);
            Ok(())
        };
        self.disk.operate(whole, |state| write(&bytes[..bytes.len() / 2], state))
    }

    fn sync(&mut self) -> io::Result<()> {
        let file = self.file;
        let done = self.disk.operate(|state| state.sync_file(file), |_| ());
        if done.is_err() {
            self.disk.state().files[file].given_up = true;
        }
        done
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn write(disk: &SimulatedDisk, path: &str, bytes: &[u8]) -> SimulatedFile {
        let mut file = disk.create(Path::new(path)).expect("a file");
        file.append(bytes).expect("a write");
        file
    }

    /// What is found of a file of `one` synced and `two` not, over many crashes.
    fn outcomes(sync_file: bool, sync_folder: bool) -> BTreeSet<Option<Vec<u8>>> {
        let disk = SimulatedDisk::new();
        let mut file = write(&disk, "/a", b"one");
        if sync_file {
            file.sync().expect("a sync");
        }
        file.append(b"two").expect("a write");
        if sync_folder {
            disk.sync_folder(Path::new("/")).expect("a sync");
        }
        (0..200).map(|seed| disk.crash(seed).read(Path::new("/a"), 9).ok()).collect()
    }

    #[test]
    fn what_was_not_synced_may_be_lost() {
        let all = outcomes(true, true);
        assert!(all.iter().all(|found| found.as_ref().is_some_and(|bytes| bytes.starts_with(b"one"))));
        for expected in [&b"one"[..], b"onetwo", b"onet", b"one\0\0\0", b"onet\0\0"] {
            assert!(all.contains(&Some(expected.to_vec())), "{expected:?}");
        }
        assert!(outcomes(true, false).contains(&None));
        assert!(outcomes(false, true).contains(&Some(Vec::new())));
    }

    #[test]
    fn a_folder_that_was_not_synced_takes_all_in_it_along() {
        let disk = SimulatedDisk::new();
        disk.create_folder(Path::new("/f")).expect("a folder");
        write(&disk, "/f/a", b"one").sync().expect("a sync");
        disk.sync_folder(Path::new("/f")).expect("a sync");
        let found: BTreeSet<bool> =
            (0..20).map(|seed| disk.crash(seed).read(Path::new("/f/a"), 9).is_ok()).collect();
        assert_eq!(found.len(), 2);
        disk.sync_folder(Path::new("/")).expect("a sync");
        assert!((0..20).all(|seed| disk.crash(seed).read(Path::new("/f/a"), 9).is_ok()));
    }

    #[test]
    fn a_failed_sync_brings_nothing_later() {
        let disk = SimulatedDisk::new();
        let mut file = write(&disk, "/a", b"one");
        disk.sync_folder(Path::new("/")).expect("a sync");
        disk.fail(disk.operations(), Failure::NotDone, Then::On);
        file.sync().expect_err("told to");
        file.sync().expect("says so");
        assert!((0..20).all(|seed| disk.crash(seed).read(Path::new("/a"), 9).expect("there").is_empty()));
    }

    #[test]
    fn a_real_folder_gets_what_was_synced() {
        let real = tempfile::tempdir().expect("a folder");
        let root = real.path().join("root");
        fs::create_dir(&root).expect("a folder");
        let disk = SimulatedDisk::over(&root, real.path()).expect("a disk");
        let at = |name: &str| root.join(name);
        let mut file = disk.create(&at("a")).expect("a file");
        file.append(b"one").expect("a write");
        file.sync().expect("a sync");
        assert!(!at("a").exists());
        file.append(b"two").expect("a write");
        disk.sync_folder(&root).expect("a sync");
        assert_eq!(fs::read(at("a")).expect("there"), b"one");
        file.sync().expect("a sync");
        assert_eq!(fs::read(at("a")).expect("there"), b"onetwo");
        disk.create_folder(&at("f")).expect("a folder");
        disk.rename(&at("a"), &at("f/b")).expect("a move");
        disk.sync_folder(&at("f")).expect("a sync");
        assert!(at("a").exists() && !at("f").exists());
        disk.sync_folder(&root).expect("a sync");
        assert!(!at("a").exists());
        assert_eq!(fs::read(at("f/b")).expect("there"), b"onetwo");
        let again = SimulatedDisk::over(&root, real.path()).expect("a disk");
        assert_eq!(again.read(&at("f/b"), 9).expect("there"), b"onetwo");
    }
}
