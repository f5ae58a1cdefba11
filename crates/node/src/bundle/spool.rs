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
    pub(crate) fn put(&mut self, reader: &mut impl Read) -> Result<(Spot, Hash), std::io::Error> {
        struct Tee<'a, R>(&'a mut R, &'a mut File);
        impl<R: Read> Read for Tee<'_, R> {
            fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
                let read = self.0.read(buffer)?;
                self.1.write_all(&buffer[..read])?;
                Ok(read)
            }
        }
        self.file.seek(SeekFrom::Start(self.end))?;
        let (hash, size) = vault::hash_of(&mut Tee(reader, &mut self.file))?;
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
