//! Parts of a sealed file that came without the rest. They wait in `queue/piece/HEX/OFFSET-HEX`: the whole
//! file's hash, where the part begins, its own hash.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use terms::Hash;

use crate::{Fault, Node};

/// What became of a piece.
pub(crate) enum Put {
    /// The file is whole now, and in the vault.
    Whole,
    /// It waits for more.
    Waits,
    /// All is there, and is not the file that was named: all of it was thrown away.
    Differs,
}

impl Node {
    fn piece_folder(&self) -> PathBuf {
        self.home.data.join("queue").join("piece")
    }

    /// Puts a piece aside; if nothing of its file is missing then, the file into the vault.
    pub(crate) fn put_piece(
        &self,
        whole: &Hash,
        size: u64,
        offset: u64,
        reader: &mut dyn Read,
        progress: vault::Progress<'_>,
    ) -> Result<Put, Fault> {
        let folder = self.piece_folder().join(whole.to_hex());
        std::fs::create_dir_all(&folder).map_err(Fault::io(&folder))?;
        let part = self.home.data.join("queue").join("part-piece");
        let mut file = File::create(&part).map_err(Fault::io(&part))?;
        let hash = copy_hashed(reader, &mut file, progress).map_err(Fault::io(&part))?;
        file.sync_all().map_err(Fault::io(&part))?;
        let target = folder.join(format!("{offset}-{}", hash.to_hex()));
        std::fs::rename(&part, &target).map_err(Fault::io(&target))?;
        for folder in [folder.as_path(), self.piece_folder().as_path(), &self.home.data.join("queue")] {
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(Fault::io(folder))?;
        }
        self.join_pieces(whole, size, progress)
    }

    fn join_pieces(&self, whole: &Hash, size: u64, progress: vault::Progress<'_>) -> Result<Put, Fault> {
        let folder = self.piece_folder().join(whole.to_hex());
        let pieces = pieces(&folder)?;
        let mut cover: Vec<(PathBuf, u64, u64)> = Vec::new();
        let mut end = 0;
        while end < size {
            // Of those that go on from here, the one that goes furthest; parts of two bundles may overlap.
            let next = pieces
                .iter()
                .filter(|(at, _)| **at <= end)
                .flat_map(|(at, all)| all.iter().map(move |(path, bytes)| (path, *at, at + bytes)));
            match next.max_by_key(|(_, _, to)| *to).filter(|(_, _, to)| *to > end) {
                Some((path, at, to)) => {
                    cover.push((path.clone(), end - at, to.min(size) - end));
                    end = to;
                }
                None => return Ok(Put::Waits),
            }
        }
        let mut reader = Joined { rest: cover.into_iter(), now: None };
        let kept = self.vault.keep(&mut reader, whole, size, progress);
        let put = match kept {
            Ok(()) => Put::Whole,
            Err(vault::KeepError::Differs { .. }) => Put::Differs,
            Err(error) => return Err(error.into()),
        };
        std::fs::remove_dir_all(&folder).map_err(Fault::io(&folder))?;
        Ok(put)
    }

    /// Throws away the pieces of a file that no act names any more.
    pub(crate) fn drop_pieces(&self, whole: &Hash) -> Result<(), Fault> {
        let folder = self.piece_folder().join(whole.to_hex());
        match std::fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Fault::Io { path: folder, error })
            }
            _ => Ok(()),
        }
    }

    /// What waits here for its rest, for a person to read.
    pub(crate) fn waiting_pieces(&self) -> Result<Vec<String>, Fault> {
        let root = self.piece_folder();
        let entries = match std::fs::read_dir(&root) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Fault::Io { path: root, error }),
        };
        let mut waiting = Vec::new();
        for entry in entries {
            let entry = entry.map_err(Fault::io(&root))?;
            let Some(hash) = entry.file_name().to_str().and_then(Hash::from_hex) else { continue };
            if self.vault.sealed_path(&hash).exists() {
                // It came whole by another way.
                std::fs::remove_dir_all(entry.path()).map_err(Fault::io(entry.path()))?;
                continue;
            }
            let bytes: u64 = pieces(&entry.path())?.values().flatten().map(|(_, bytes)| bytes).sum();
            waiting.push(format!(
                "of the sealed file {} {bytes} bytes are here: take the other parts of the bundle in too",
                hash.to_hex()
            ));
        }
        waiting.sort();
        Ok(waiting)
    }
}

/// The pieces of one file, by where they begin.
fn pieces(folder: &Path) -> Result<BTreeMap<u64, Vec<(PathBuf, u64)>>, Fault> {
    let mut pieces: BTreeMap<u64, Vec<(PathBuf, u64)>> = BTreeMap::new();
    for entry in std::fs::read_dir(folder).map_err(Fault::io(folder))? {
        let entry = entry.map_err(Fault::io(folder))?;
        let name = entry.file_name();
        let offset = name.to_str().and_then(|name| name.split_once('-')).and_then(|(at, _)| at.parse().ok());
        if let Some(offset) = offset {
            let bytes = entry.metadata().map_err(Fault::io(entry.path()))?.len();
            pieces.entry(offset).or_default().push((entry.path(), bytes));
        }
    }
    Ok(pieces)
}

/// Pieces one after the other, each from a place in it and so many bytes.
struct Joined {
    rest: std::vec::IntoIter<(PathBuf, u64, u64)>,
    now: Option<std::io::Take<File>>,
}

impl Read for Joined {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        loop {
            if let Some(now) = &mut self.now {
                let read = now.read(buffer)?;
                if read > 0 || buffer.is_empty() {
                    return Ok(read);
                }
            }
            let Some((path, skip, bytes)) = self.rest.next() else { return Ok(0) };
            let mut file = File::open(path)?;
            file.seek(SeekFrom::Start(skip))?;
            self.now = Some(file.take(bytes));
        }
    }
}

fn copy_hashed(
    reader: &mut dyn Read,
    file: &mut File,
    progress: vault::Progress<'_>,
) -> std::io::Result<Hash> {
    struct Tee<'a> {
        reader: &'a mut dyn Read,
        file: &'a mut File,
        done: u64,
        progress: &'a mut dyn FnMut(u64, u64),
    }
    impl Read for Tee<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let read = self.reader.read(buffer)?;
            std::io::Write::write_all(self.file, &buffer[..read])?;
            self.done += read as u64;
            (self.progress)(self.done, self.done);
            Ok(read)
        }
    }
    vault::hash_of(&mut Tee { reader, file, done: 0, progress }).map(|(hash, _)| hash)
}
