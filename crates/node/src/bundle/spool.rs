//! The small files of a bundle, put down while it is read: none of it is in memory.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use terms::Hash;

use crate::Fault;

/// A file of this process alone. It has no name where the system allows that, so nothing is left of it.
pub(crate) struct Spool {
    path: PathBuf,
    file: File,
    end: u64,
}

/// Where something lies in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    at: u64,
    pub(crate) size: u64,
}

/// Why a file could not be put down.
#[derive(Debug)]
pub(crate) enum Torn {
    /// It could not be read to its end.
    Bundle(std::io::Error),
    /// It could not be written: this machine failed, and says nothing of the bundle.
    Disk(Fault),
}

impl Spool {
    /// Makes one in a folder; what a crash leaves of it there, the next start of the node sweeps away.
    pub(crate) fn new(folder: &Path) -> Result<Spool, Fault> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        std::fs::create_dir_all(folder).map_err(Fault::io(folder))?;
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let path = folder.join(format!("part-bundle-{}-{number}", std::process::id()));
            let mut options = File::options();
            options.read(true).write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            match options.open(&path) {
                Ok(file) => {
                    // Where a file without a name can't be, it goes when the node starts again.
                    let _ = std::fs::remove_file(&path);
                    return Ok(Spool { path, file, end: 0 });
                }
                // Left by a process of the same number that died.
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(Fault::Io { path, error }),
            }
        }
    }

    /// Puts down what a reader gives, and hashes it.
    pub(crate) fn put(&mut self, reader: &mut impl Read) -> Result<(Spot, Hash), Torn> {
        struct Tee<'a, R> {
            reader: &'a mut R,
            file: &'a mut File,
            /// What the disk said, since whoever reads through this can't tell the two apart.
            failed: &'a mut Option<std::io::Error>,
        }
        impl<R: Read> Read for Tee<'_, R> {
            fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
                let read = self.reader.read(buffer)?;
                self.file.write_all(&buffer[..read]).map_err(|error| {
                    let kind = error.kind();
                    *self.failed = Some(error);
                    std::io::Error::from(kind)
                })?;
                Ok(read)
            }
        }
        let disk = |error| Torn::Disk(Fault::Io { path: self.path.clone(), error });
        self.file.seek(SeekFrom::Start(self.end)).map_err(disk)?;
        let mut failed = None;
        let tee = &mut Tee { reader, file: &mut self.file, failed: &mut failed };
        let hashed = vault::hash_of(tee);
        let (hash, size) = match (hashed, failed) {
            (_, Some(error)) => return Err(Torn::Disk(Fault::Io { path: self.path.clone(), error })),
            (Err(error), None) => return Err(Torn::Bundle(error)),
            (Ok(hashed), None) => hashed,
        };
        let spot = Spot { at: self.end, size };
        self.end += size;
        Ok((spot, hash))
    }

    /// The bytes of one file.
    pub(crate) fn get(&self, spot: Spot) -> Result<Vec<u8>, Fault> {
        let mut bytes = vec![0; usize::try_from(spot.size).unwrap_or(usize::MAX)];
        let mut file = &self.file;
        file.seek(SeekFrom::Start(spot.at))
            .and_then(|_| file.read_exact(&mut bytes))
            .map_err(Fault::io(&self.path))?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_that_fails_is_no_bad_bundle() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut spool = Spool::new(folder.path()).expect("a spool");
        let (spot, _) = spool.put(&mut &b"whole"[..]).expect("it is put down");
        assert_eq!(spool.get(spot).expect("its bytes"), b"whole");
        struct CutOff;
        impl Read for CutOff {
            fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
                Err(std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "cut off"))
            }
        }
        assert!(matches!(spool.put(&mut CutOff), Err(Torn::Bundle(_))));
        // One that nothing can be written to.
        let path = folder.path().join("read-only");
        std::fs::write(&path, "").expect("written");
        let file = File::open(&path).expect("a file");
        let mut spool = Spool { path, file, end: 0 };
        assert!(matches!(spool.put(&mut &b"whole"[..]), Err(Torn::Disk(Fault::Io { .. }))));
    }
}
