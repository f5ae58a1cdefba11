//! Content that arrives over a line which may be cut: each piece of it is sealed as it comes, and is on the disk before
//! it counts. None of it is there in the clear, half or whole.

use std::collections::{BTreeMap, VecDeque};
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::durable::{self, Part};
use crate::meter::{CHUNK_BYTES, read_some};
use crate::{Identity, Recipient, envelope, parcel};

/// The most plain bytes of a piece: what a crash may take back.
pub const PIECE_BYTES: u64 = 8 << 20;

/// A folder of pieces, each an age file to the keys of whoever takes them in.
///
/// ```text
/// FOLDER/OFFSET-BYTES      the plain bytes from there on, so many, sealed
/// ```
///
/// Offset and length are decimal, without zeros before. What does not go on where the last piece ends is not counted.
#[derive(Clone, Debug)]
pub struct Arriving {
    folder: PathBuf,
}

impl Arriving {
    /// The pieces in `folder`, which is made if it is missing.
    ///
    /// # Errors
    /// The folder can't be made.
    pub fn at(folder: &Path) -> io::Result<Arriving> {
        durable::create_folder(folder)?;
        Ok(Arriving { folder: folder.to_owned() })
    }

    /// Removes what a crash left half written. Only for who alone writes here.
    ///
    /// # Errors
    /// The folder can't be read or written.
    pub fn sweep(&self) -> io::Result<u64> {
        durable::sweep(&self.folder)
    }

    /// How many plain bytes are here, from the first on.
    ///
    /// # Errors
    /// The folder can't be read.
    pub fn arrived(&self) -> io::Result<u64> {
        Ok(self.pieces()?.last().map_or(0, |(offset, bytes, _)| offset + bytes))
    }

    /// Seals what comes as the next pieces, of at most `most` bytes in all, and gives how many bytes are here then.
    ///
    /// What `plain` fails to give counts as its end: what came before that is kept.
    ///
    /// # Errors
    /// Nobody to seal to, or the disk failed: the pieces before stay.
    pub fn append(&self, to: &[Recipient], plain: &mut dyn Read, most: u64) -> io::Result<u64> {
        let mut arrived = self.arrived()?;
        let mut left = most;
        let mut chunk = Zeroizing::new(vec![0; CHUNK_BYTES]);
        while left > 0 {
            let part = Part::create(&self.folder)?;
            let mut sealing = parcel::wrap(to, BufWriter::with_capacity(2 * CHUNK_BYTES, part))?;
            let (mut bytes, mut has_ended) = (0, false);
            while bytes < left.min(PIECE_BYTES) && !has_ended {
                let room = usize::try_from(left.min(PIECE_BYTES) - bytes).unwrap_or(CHUNK_BYTES);
                match read_some(plain, &mut chunk[..room.min(CHUNK_BYTES)]) {
                    Ok(0) | Err(_) => has_ended = true,
                    Ok(read) => {
                        sealing.write_all(&chunk[..read])?;
                        bytes += read as u64;
                    }
                }
            }
            if bytes == 0 {
                break;
            }
            let part = sealing.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
            part.place(&self.folder.join(format!("{arrived}-{bytes}")))?;
            arrived += bytes;
            left -= bytes;
            if has_ended {
                break;
            }
        }
        Ok(arrived)
    }

    /// Reads all that is here, in order, in constant memory.
    ///
    /// # Errors
    /// The folder can't be read. A piece that does not open, or has another length than its name says, fails while it
    /// is read.
    pub fn plain(&self, identities: &[Identity]) -> io::Result<impl Read + use<>> {
        let rest = self.pieces()?.into_iter().map(|(_, bytes, path)| (bytes, path)).collect();
        Ok(Pieces { rest, identities: identities.to_vec(), now: None })
    }

    /// Removes the pieces.
    ///
    /// # Errors
    /// One can't be removed.
    pub fn clear(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.folder)? {
            durable::remove(&entry?.path())?;
        }
        durable::sync_folder(&self.folder)
    }

    /// The pieces that go on from each other: offset, length and path of each.
    fn pieces(&self) -> io::Result<Vec<(u64, u64, PathBuf)>> {
        let mut all = BTreeMap::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            if let Some((offset, bytes)) = entry.file_name().to_str().and_then(named) {
                all.insert(offset, (bytes, entry.path()));
            }
        }
        let (mut end, mut pieces) = (0, Vec::new());
        for (offset, (bytes, path)) in all {
            if offset != end {
                break;
            }
            end = offset.saturating_add(bytes);
            pieces.push((offset, bytes, path));
        }
        Ok(pieces)
    }
}

/// Offset and length, of the one spelling of each.
fn named(name: &str) -> Option<(u64, u64)> {
    let (offset, bytes) = name.split_once('-')?;
    let (offset, bytes): (u64, u64) = (offset.parse().ok()?, bytes.parse().ok()?);
    (name == format!("{offset}-{bytes}") && bytes > 0).then_some((offset, bytes))
}

/// One piece after the other.
struct Pieces {
    rest: VecDeque<(u64, PathBuf)>,
    identities: Vec<Identity>,
    /// The one that is read, and how many bytes of it are to come.
    now: Option<(Box<dyn Read>, u64)>,
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wrong = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what);
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            if let Some((plain, left)) = &mut self.now {
                let read = plain.read(buffer)?;
                *left = left
                    .checked_sub(read as u64)
                    .ok_or_else(|| wrong("a piece is longer than its name says"))?;
                match (read, *left) {
                    (0, 0) => self.now = None,
                    (0, _) => return Err(wrong("a piece is shorter than its name says")),
                    _ => return Ok(read),
                }
            }
            let Some((bytes, path)) = self.rest.pop_front() else { return Ok(0) };
            let identities: Vec<&Identity> = self.identities.iter().collect();
            let file = BufReader::with_capacity(CHUNK_BYTES, File::open(path)?);
            let plain = envelope::unseal(file, &identities)
                .map_err(|_| wrong("a piece does not open with the keys that are here"))?;
            self.now = Some((Box::new(plain), bytes));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives some bytes, then fails as a line that is cut does.
    struct Cut<'a>(&'a [u8]);
    impl Read for Cut<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                return Err(io::ErrorKind::ConnectionReset.into());
            }
            self.0.read(buffer)
        }
    }

    fn bytes(count: usize) -> Vec<u8> {
        (0..count).map(|n| u8::try_from(n * 7 % 251).unwrap_or_default()).collect()
    }

    #[test]
    fn what_came_before_a_cut_is_kept_and_it_goes_on_from_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let me = Identity::generate();
        let to = [me.recipient()];
        let plain = bytes(100_000);
        let arriving = Arriving::at(&folder.path().join("piece")).expect("a folder");
        assert_eq!(arriving.arrived().expect("read"), 0);
        assert_eq!(arriving.append(&to, &mut Cut(&plain[..70_001]), 100_000).expect("kept"), 70_001);
        let again = Arriving::at(&folder.path().join("piece")).expect("a folder");
        assert_eq!(again.arrived().expect("read"), 70_001);
        // More than it may have is not read.
        let long = [&plain[70_001..], b"more"].concat();
        assert_eq!(again.append(&to, &mut &long[..], 29_999).expect("kept"), 100_000);
        let mut read = Vec::new();
        again.plain(&[me]).expect("there").read_to_end(&mut read).expect("it opens");
        assert!(read == plain);
        let stranger = Identity::generate();
        let error = again.plain(&[stranger]).expect("there").read_to_end(&mut Vec::new());
        assert_eq!(error.expect_err("sealed to another").kind(), io::ErrorKind::InvalidData);
        again.clear().expect("removed");
        assert_eq!(again.arrived().expect("read"), 0);
    }

    #[test]
    fn pieces_are_bounded_and_none_holds_a_plain_byte() {
        let folder = tempfile::tempdir().expect("a folder");
        let me = Identity::generate();
        let count = PIECE_BYTES + 10;
        let plain = vec![b'P'; usize::try_from(count).expect("small")];
        let arriving = Arriving::at(folder.path()).expect("a folder");
        assert_eq!(arriving.append(&[me.recipient()], &mut &plain[..], count).expect("kept"), count);
        let names: Vec<_> =
            fs::read_dir(folder.path()).expect("read").map(|f| f.expect("one").path()).collect();
        assert_eq!(names.len(), 2);
        for name in names {
            let held = fs::read(name).expect("read");
            assert!(!held.windows(16).any(|window| window == [b'P'; 16]));
        }
    }

    #[test]
    fn what_does_not_go_on_is_not_counted() {
        let folder = tempfile::tempdir().expect("a folder");
        let me = Identity::generate();
        let arriving = Arriving::at(folder.path()).expect("a folder");
        arriving.append(&[me.recipient()], &mut &b"abc"[..], 3).expect("kept");
        for odd in ["4-3", "03-3", "3-0", "3-x", "-3", ".part-1-0", "18446744073709551615-9"] {
            fs::write(folder.path().join(odd), b"odd").expect("written");
        }
        assert_eq!(arriving.arrived().expect("read"), 3);
        assert_eq!(arriving.sweep().expect("swept"), 1);
        // A piece that is shorter or longer than its name says is no content.
        for name in ["0-4", "0-2"] {
            fs::rename(folder.path().join("0-3"), folder.path().join(name)).expect("renamed");
            let read = arriving.plain(std::slice::from_ref(&me)).expect("there").read_to_end(&mut Vec::new());
            assert_eq!(read.expect_err("not whole").kind(), io::ErrorKind::InvalidData, "{name}");
            fs::rename(folder.path().join(name), folder.path().join("0-3")).expect("renamed");
        }
    }
}
