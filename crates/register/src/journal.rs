//! Entries on their way into tiles.
//!
//! ```text
//! mithaq.journal/v1            the register's name, and the size and root that its tiles have
//! origin ⟨origin⟩
//! size ⟨size⟩
//! root ⟨base64⟩
//! ⟨base64 SHA-256 of the lines above⟩
//! \0batch \n ‖ u32 entries ‖ u32 bytes ‖ (u16 length ‖ entry)… ‖ SHA-256 over the one before and this
//! \0commit\n ‖ u64 place in the file ‖ u64 size ‖ SHA-256 over the head's and this
//! …
//! ```
//!
//! A batch is synced before any receipt for it is given out, and then a commit is written behind it,
//! which need not be synced: the next batch's sync takes it along. So of a batch that does not read
//! right at the file's end it can be told what it is. With a commit behind it, it was on the disk once
//! and was damaged since; without, the power went while it was written, and nobody has a receipt for
//! it. Only if the power also took the commit, and the disk damaged what was synced, are the two alike.
//!
//! No entry can look like a commit: notes hold no NUL.

use std::path::Path;

use terms::{Hash, Origin};
use tlog::bundle;
use tlog::witness::Seen;

use crate::disk::{At, DiskFault, DiskFile, Operation};
use crate::record;

const BATCH: &[u8; 8] = b"\0batch \n";
const COMMIT: &[u8; 8] = b"\0commit\n";
const COMMIT_BYTES: usize = 8 + 8 + 8 + 32;

/// Most entries of one batch in the file; larger ones are several.
const BATCH_ENTRIES_MAX: usize = 256;

/// The journal as it is being written.
pub(crate) struct Journal<F> {
    file: F,
    mark: Hash,
    last: Hash,
    bytes: u64,
}

/// What a journal's bytes say.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// The register's name.
    pub(crate) origin: Origin,
    /// Size and root that its tiles have.
    pub(crate) tiles: Seen,
    /// The entries that follow.
    pub(crate) entries: Vec<Vec<u8>>,
    /// How many bytes at the end were never committed and do not read right.
    pub(crate) torn_bytes: u64,
}

/// The bytes of a journal with these entries, all committed.
pub(crate) fn write(origin: &Origin, tiles: &Seen, entries: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = record::write(
        "journal",
        &[("origin", origin.to_string()), ("size", tiles.size.to_string()), ("root", tiles.root.to_string())],
    );
    if entries.is_empty() {
        return bytes;
    }
    let mark = Hash::of(&bytes);
    let mut last = mark;
    bytes.extend(batches(&mut last, entries));
    let commit = commit(&mark, bytes.len() as u64, tiles.size + entries.len() as u64);
    bytes.extend_from_slice(&commit);
    bytes
}

fn batches(last: &mut Hash, entries: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for batch in entries.chunks(BATCH_ENTRIES_MAX) {
        // Entries are read as such before they come here, so none is too long.
        let body = bundle::to_bytes(batch).unwrap_or_default();
        let start = bytes.len();
        bytes.extend_from_slice(BATCH);
        bytes.extend_from_slice(&(batch.len() as u32).to_be_bytes());
        bytes.extend_from_slice(&(body.len() as u32).to_be_bytes());
        bytes.extend_from_slice(&body);
        *last = Hash::of_parts(&[last.as_bytes(), &bytes[start..]]);
        bytes.extend_from_slice(last.as_bytes());
    }
    bytes
}

fn commit(mark: &Hash, place: u64, size: u64) -> [u8; COMMIT_BYTES] {
    let mut bytes = [0; COMMIT_BYTES];
    bytes[..8].copy_from_slice(COMMIT);
    bytes[8..16].copy_from_slice(&place.to_be_bytes());
    bytes[16..24].copy_from_slice(&size.to_be_bytes());
    let hash = Hash::of_parts(&[mark.as_bytes(), &bytes[..24]]);
    bytes[24..].copy_from_slice(hash.as_bytes());
    bytes
}

/// Reads a journal.
///
/// # Errors
/// What is wrong, if anything was damaged that was ever committed.
pub(crate) fn read(bytes: &[u8]) -> Result<Found, String> {
    let head_end = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').nth(4);
    let head_end = head_end.map_or(bytes.len(), |(at, _)| at + 1);
    let (head, rest) = bytes.split_at(head_end);
    let [origin, size, root] = record::read("journal", ["origin", "size", "root"], head)?;
    let tiles = size.parse().ok().zip(Hash::from_base64(&root));
    let tiles = tiles.map(|(size, root)| Seen { size, root }).filter(|seen| seen.size <= tlog::SIZE_MAX);
    let (origin, tiles) = Origin::new(&origin).zip(tiles).ok_or("its head is no origin, size and root")?;

    let mark = Hash::of(head);
    let mut last = mark;
    let mut found = Found { origin, tiles, entries: Vec::new(), torn_bytes: 0 };
    let mut at = 0;
    while at < rest.len() {
        let size = tiles.size + found.entries.len() as u64;
        if rest[at..].starts_with(&commit(&mark, (head_end + at) as u64, size)) {
            at += COMMIT_BYTES;
        } else if let Some((batch, hash, bytes)) = read_batch(&last, &rest[at..]) {
            found.entries.extend(batch);
            last = hash;
            at += bytes;
        } else if let Some(place) = committed_after(&mark, head_end, &rest[at..], at) {
            return Err(format!(
                "from byte {} on it does not read right, but it was whole up to byte {place}",
                head_end + at
            ));
        } else {
            found.torn_bytes = (rest.len() - at) as u64;
            break;
        }
    }
    Ok(found)
}

/// A batch, its hash, and how many bytes it has.
fn read_batch(last: &Hash, bytes: &[u8]) -> Option<(Vec<Vec<u8>>, Hash, usize)> {
    let rest = bytes.strip_prefix(BATCH)?;
    let (count, rest) = rest.split_first_chunk::<4>()?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let (body, rest) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
    let (hash, rest) = rest.split_first_chunk::<32>()?;
    let end = bytes.len() - rest.len();
    let expected = Hash::of_parts(&[last.as_bytes(), &bytes[..end - 32]]);
    let count = u16::try_from(u32::from_be_bytes(*count)).ok()?;
    let entries = bundle::from_bytes(body, count).ok().filter(|_| expected.as_bytes() == hash)?;
    Some((entries.into_iter().map(<[u8]>::to_vec).collect(), expected, end))
}

/// The place of a commit anywhere behind `start`, if there is one.
fn committed_after(mark: &Hash, head_end: usize, bytes: &[u8], start: usize) -> Option<usize> {
    let candidates = bytes.windows(COMMIT_BYTES).enumerate();
    let mut candidates = candidates.filter(|(_, window)| window.starts_with(COMMIT));
    candidates.find_map(|(offset, window)| {
        let place = head_end + start + offset;
        let size = u64::from_be_bytes(*window[16..].first_chunk()?);
        (commit(mark, place as u64, size) == window).then_some(place)
    })
}

impl<F: DiskFile> Journal<F> {
    /// Goes on with a journal that was written just so: `bytes` is all of it.
    pub(crate) fn resume(file: F, bytes: &[u8]) -> Journal<F> {
        let mut journal = Journal { file, mark: Hash::ZERO, last: Hash::ZERO, bytes: bytes.len() as u64 };
        let head = bytes.split_inclusive(|byte| *byte == b'\n').take(5).map(<[u8]>::len).sum::<usize>();
        journal.mark = Hash::of(&bytes[..head]);
        journal.last = journal.mark;
        let mut rest = &bytes[head..];
        while let Some((_, hash, bytes)) = read_batch(&journal.last, rest) {
            journal.last = hash;
            rest = &rest[bytes..];
        }
        journal
    }

    /// How long the file is.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Appends entries and makes them durable. Whoever waits for them may be answered after
    /// [`Journal::commit`], whether that succeeds or not.
    pub(crate) fn append(&mut self, path: &Path, entries: &[Vec<u8>]) -> Result<(), DiskFault> {
        let bytes = batches(&mut self.last, entries);
        self.file.append(&bytes).at(path, Operation::Write)?;
        self.bytes += bytes.len() as u64;
        self.file.sync().at(path, Operation::Sync)
    }

    /// Notes that all up to here, `size` entries of the register, was made durable.
    pub(crate) fn commit(&mut self, path: &Path, size: u64) -> Result<(), DiskFault> {
        let bytes = commit(&self.mark, self.bytes, size);
        self.file.append(&bytes).at(path, Operation::Write)?;
        self.bytes += bytes.len() as u64;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tiles() -> Seen {
        Seen { size: 7, root: Hash::of(b"root") }
    }

    fn origin() -> Origin {
        Origin::new("register.example/x").expect("an origin")
    }

    fn entries(from: usize, to: usize) -> Vec<Vec<u8>> {
        (from..to).map(|n| format!("entry {n}\n").into_bytes()).collect()
    }

    /// Two entries committed, two more with or without their commit; and where those two begin.
    fn journal(committed: bool) -> (Vec<u8>, usize) {
        let mut bytes = write(&origin(), &tiles(), &entries(0, 2));
        let before = bytes.len();
        let mut journal =
            Journal::resume(MemoryFile(&mut bytes), &write(&origin(), &tiles(), &entries(0, 2)));
        journal.append(Path::new("j"), &entries(2, 4)).expect("memory");
        if committed {
            journal.commit(Path::new("j"), 11).expect("memory");
        }
        (bytes, before)
    }

    struct MemoryFile<'a>(&'a mut Vec<u8>);

    impl DiskFile for MemoryFile<'_> {
        fn append(&mut self, bytes: &[u8]) -> std::io::Result<()> {
            self.0.extend_from_slice(bytes);
            Ok(())
        }
        fn sync(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn count(bytes: &[u8]) -> Result<(usize, u64), String> {
        read(bytes).map(|found| (found.entries.len(), found.torn_bytes))
    }

    #[test]
    fn written_and_read() {
        let (bytes, _) = journal(true);
        let found = read(&bytes).expect("a journal");
        assert_eq!((found.tiles, found.entries, found.torn_bytes), (tiles(), entries(0, 4), 0));
        let many = entries(0, 1000);
        assert_eq!(read(&write(&origin(), &tiles(), &many)).expect("a journal").entries, many);
        assert_eq!(count(&write(&origin(), &tiles(), &[])), Ok((0, 0)));
    }

    #[test]
    fn a_torn_end_is_cut_and_nothing_else() {
        let (bytes, before) = journal(false);
        for length in before..bytes.len() {
            assert_eq!(count(&bytes[..length]), Ok((2, (length - before) as u64)), "{length}");
            let mut zeros = bytes[..length].to_vec();
            zeros.resize(bytes.len(), 0);
            assert_eq!(count(&zeros).map(|(entries, _)| entries).map(|n| n == 2 || zeros == bytes), Ok(true));
        }
        assert_eq!(count(&bytes), Ok((4, 0)));
    }

    #[test]
    fn what_was_committed_and_does_not_read_right_is_damage() {
        let (bytes, _) = journal(true);
        let end = bytes.len() - COMMIT_BYTES;
        for at in 0..end {
            let mut bad = bytes.clone();
            bad[at] ^= 1;
            assert!(count(&bad).is_err(), "byte {at}");
        }
        for at in end..bytes.len() {
            let mut bad = bytes.clone();
            bad[at] ^= 1;
            assert_eq!(count(&bad), Ok((4, COMMIT_BYTES as u64)), "byte {at}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(tail: Vec<u8>, cut in 0usize..200) {
            let (mut bytes, _) = journal(true);
            bytes.truncate(bytes.len().saturating_sub(cut));
            bytes.extend(tail);
            let _ = read(&bytes);
            let _ = read(&bytes[cut.min(bytes.len())..]);
        }
    }
}
