//! The disk of this machine.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::Path;

use super::{Disk, DiskFile, Name};

/// The disk of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    type File = File;
    type Lock = File;

    fn read(&self, path: &Path, bytes_max: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(path)?.take(bytes_max.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > bytes_max { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(bytes) }
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<Name>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            names.push(Name { name, is_folder: entry.file_type()?.is_dir() });
        }
        names.sort();
        Ok(names)
    }

    fn create(&self, path: &Path) -> io::Result<File> {
        OpenOptions::new().append(true).create_new(true).open(path)
    }

    fn open(&self, path: &Path) -> io::Result<File> {
        OpenOptions::new().append(true).open(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        fs::create_dir(path)
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        fs::remove_dir(path)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        // Windows has no such call, and journals its names.
        if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
    }

    fn lock(&self, path: &Path) -> io::Result<Option<File>> {
        let file = OpenOptions::new().append(true).create(true).open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

impl DiskFile for File {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_disk_does() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        let disk = RealDisk;
        let mut file = disk.create(&at("a")).expect("a file");
        file.append(b"one").expect("a write");
        file.sync().expect("a sync");
        disk.open(&at("a")).expect("a file").append(b"two").expect("a write");
        assert!(disk.create(&at("a")).is_err());
        assert_eq!(disk.read(&at("a"), 6).expect("six bytes"), b"onetwo");
        let long = disk.read(&at("a"), 5).expect_err("six bytes");
        assert_eq!(long.kind(), io::ErrorKind::FileTooLarge);
        disk.create_folder(&at("b")).expect("a folder");
        disk.rename(&at("a"), &at("b/c")).expect("a move");
        disk.sync_folder(&at("b")).expect("a sync");
        assert!(disk.remove_folder(&at("b")).is_err());
        let names: Vec<Name> = disk.list(folder.path()).expect("names");
        assert_eq!(names, [Name { name: "b".to_owned(), is_folder: true }]);

        let lock = disk.lock(&at("lock")).expect("a lock");
        assert!(lock.is_some());
        assert!(disk.lock(&at("lock")).expect("an answer").is_none());
        drop(lock);
        assert!(disk.lock(&at("lock")).expect("a lock").is_some());
    }
}
