//! Hashing and counting bytes as they pass, in constant memory.

use std::io::{self, Read, Write};

use sha2::{Digest as _, Sha256};
use terms::Hash;

/// Bytes read at a time, which is also the size of age's chunks.
pub(crate) const CHUNK_BYTES: usize = 64 * 1024;

/// SHA-256 and length of all that a reader gives, in constant memory.
///
/// # Errors
/// What reading gives.
pub fn hash_of(reader: &mut dyn Read) -> io::Result<(Hash, u64)> {
    let mut hashing = Hashing::default();
    let count = hashing.take(reader)?;
    Ok((hashing.so_far(), count))
}

/// The same of several readers, whose bytes follow on each other.
#[derive(Clone, Default)]
pub struct Hashing(Sha256);

impl Hashing {
    /// All that a reader gives. Gives how many bytes that were.
    ///
    /// # Errors
    /// What reading gives.
    pub fn take(&mut self, reader: &mut dyn Read) -> io::Result<u64> {
        let mut chunk = vec![0; CHUNK_BYTES];
        let mut count = 0;
        loop {
            let read = reader.read(&mut chunk)?;
            if read == 0 {
                return Ok(count);
            }
            self.0.update(&chunk[..read]);
            count += read as u64;
        }
    }

    /// SHA-256 of all bytes so far.
    #[must_use]
    pub fn so_far(&self) -> Hash {
        Hash::from_bytes(self.0.clone().finalize().into())
    }
}

/// A foreign reader: hashed, counted, bounded, and with its own failures kept apart from what age makes
/// of its bytes.
pub(crate) struct MeteredReader<R> {
    inner: R,
    hasher: Sha256,
    count: u64,
    limit: u64,
    failed: Option<io::Error>,
}

impl<R: Read> MeteredReader<R> {
    /// Reads at most `limit` bytes, then says that there are no more.
    pub(crate) fn new(inner: R, limit: u64) -> MeteredReader<R> {
        MeteredReader { inner, hasher: Sha256::new(), count: 0, limit, failed: None }
    }

    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// Reads what is left. If that fails, [`MeteredReader::finish`] tells.
    pub(crate) fn drain(&mut self) {
        if self.failed.is_none() {
            let _ = io::copy(self, &mut io::sink());
        }
    }

    /// The hash and length of all that was read.
    ///
    /// # Errors
    /// What the reader itself failed with, even if others have hidden it since.
    pub(crate) fn finish(self) -> io::Result<(Hash, u64)> {
        match self.failed {
            Some(error) => Err(error),
            None => Ok((Hash::from_bytes(self.hasher.finalize().into()), self.count)),
        }
    }
}

impl<R: Read> Read for MeteredReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let room = usize::try_from(self.limit - self.count).unwrap_or(usize::MAX).min(buffer.len());
        let read = match self.inner.read(&mut buffer[..room]) {
            Ok(read) => read.min(room),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
            Err(error) => {
                let kind = error.kind();
                self.failed = Some(error);
                return Err(kind.into());
            }
        };
        self.hasher.update(&buffer[..read]);
        self.count += read as u64;
        Ok(read)
    }
}

/// A writer: hashed and counted.
pub(crate) struct MeteredWriter<W> {
    inner: W,
    hasher: Sha256,
    count: u64,
}

impl<W: Write> MeteredWriter<W> {
    pub(crate) fn new(inner: W) -> MeteredWriter<W> {
        MeteredWriter { inner, hasher: Sha256::new(), count: 0 }
    }

    /// The writer, and the hash and length of all that was written.
    pub(crate) fn finish(self) -> (W, Hash, u64) {
        (self.inner, Hash::from_bytes(self.hasher.finalize().into()), self.count)
    }
}

impl<W: Write> Write for MeteredWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?.min(bytes.len());
        self.hasher.update(&bytes[..written]);
        self.count += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Reads into `buffer` once, again if a signal came in between.
pub(crate) fn read_some(reader: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other.map(|read| read.min(buffer.len())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounded_and_hashed() {
        let mut reader = MeteredReader::new(&b"abcdef"[..], 4);
        reader.drain();
        assert_eq!(reader.finish().expect("no failure"), (Hash::of(b"abcd"), 4));
        let mut writer = MeteredWriter::new(Vec::new());
        writer.write_all(b"abc").expect("a write");
        assert_eq!(writer.finish(), (b"abc".to_vec(), Hash::of(b"abc"), 3));
    }

    #[test]
    fn a_failure_is_remembered() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the stick was pulled out"))
            }
        }
        let mut reader = MeteredReader::new(Broken, 9);
        reader.drain();
        assert_eq!(reader.finish().expect_err("a failure").to_string(), "the stick was pulled out");
    }
}
