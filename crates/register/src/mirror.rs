//! A register that somebody else sequences, in the same files. No key is needed.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use terms::{Hash, Origin};
use tlog::cosigned::CosignedCheckpoint;
use tlog::witness::Seen;
use tlog::{Checkpoint, EMPTY_ROOT, TilePath, TileReader};

use crate::disk::Disk;
use crate::fault::Fault;
use crate::folder::Folder;
use crate::reader::{Entries, Reader, proof_fault};
use crate::record::{self, RECORD_BYTES_MAX};
use crate::tiles::Tiles;

/// How many bytes of full tiles may wait in memory.
const WAITING_BYTES_MAX: usize = 8 << 20;

/// A copy of a register.
///
/// What it serves goes up to its `checkpoint`, and there are entries for all of that: a checkpoint is
/// put in its place after the tiles that it commits to. It may hold more, which no quorum has cosigned
/// yet: a witness holds entries before it cosigns them, and they must be there when the quorum comes.
/// How far that goes stands in `queue/held`.
///
/// ```text
/// mithaq.held/v1
/// origin ⟨origin⟩
/// size ⟨size⟩
/// root ⟨base64⟩
/// ⟨base64 SHA-256 of the lines above⟩
/// ```
///
/// What is longer than both, after a crash, is not looked at, and is written again.
pub struct Mirror<D: Disk> {
    folder: Arc<Folder<D>>,
    origin: Origin,
    tiles: Tiles<D>,
    checkpoint: Option<Seen>,
    halted: bool,
}

impl<D: Disk> Mirror<D> {
    /// Opens a mirror of this register, or begins one. All files are checked against each other, and
    /// against the checkpoint, whose signatures are not looked at.
    ///
    /// # Errors
    /// [`Fault::Garbled`] names the file; [`Fault::OtherRegister`]; [`Fault::NotEmpty`] if a registrar
    /// writes here; [`Fault::Disk`].
    pub fn open(folder: &Arc<Folder<D>>, origin: &Origin) -> Result<Mirror<D>, Fault> {
        let journal = folder.queue().join("journal");
        if folder.read_if_there(&journal, u64::MAX - 1)?.is_some() {
            return Err(Fault::NotEmpty { path: journal });
        }
        let reader = Reader::new(folder.disk().clone(), &folder.register());
        let checkpoint = match reader.checkpoint()? {
            Some(cosigned) if cosigned.checkpoint().origin != *origin => {
                return Err(Fault::OtherRegister { found: cosigned.checkpoint().origin.to_string() });
            }
            Some(cosigned) => {
                Some(Seen { size: cosigned.checkpoint().size, root: cosigned.checkpoint().root })
            }
            None => None,
        };
        let served = checkpoint.unwrap_or(Seen { size: 0, root: EMPTY_ROOT });
        let held = read_held(folder, origin)?.filter(|held| held.size > served.size);
        let signed_in = if held.is_some() { held_path(folder) } else { reader.checkpoint_path() };
        let seen = held.unwrap_or(served);
        let tiles = Tiles::open(folder, seen.size, &seen.root, &signed_in, |_, _| Ok(()))?;
        tiles.check_partial(served.size)?;
        Ok(Mirror { folder: Arc::clone(folder), origin: origin.clone(), tiles, checkpoint, halted: false })
    }

    /// How many entries.
    pub fn size(&self) -> u64 {
        self.tiles.size()
    }

    /// The root over them.
    pub fn root(&self) -> Hash {
        self.tiles.root()
    }

    /// The files.
    pub fn reader(&self) -> &Reader<D> {
        self.tiles.reader()
    }

    /// Entries in order, one bundle in memory at a time.
    pub fn entries(&self, range: Range<u64>) -> Entries<impl FnMut(u64) -> Result<Vec<Vec<u8>>, Fault>> {
        self.tiles.entries(range)
    }

    /// The tree as it was at any size up to now, for proofs.
    pub fn hashes(&self, size: u64) -> TileReader<impl Fn(&TilePath) -> Result<Vec<u8>, Fault>> {
        TileReader::new(size.min(self.size()), |tile: &TilePath| self.tiles.tile(tile))
    }

    /// What shows that the entry at `index` was in the register at `size`.
    ///
    /// # Errors
    /// If it was not, or a tile can't be read.
    pub fn inclusion_proof(&self, index: u64, size: u64) -> Result<Vec<Hash>, Fault> {
        let proof = tlog::inclusion_proof(&self.hashes(size), index, size);
        proof.map_err(|error| proof_fault(error, index, self.size()))
    }

    /// What shows that the register at size `old` was the beginning of that at `new`.
    ///
    /// # Errors
    /// If there is no such size, or a tile can't be read.
    pub fn consistency_proof(&self, old: u64, new: u64) -> Result<Vec<Hash>, Fault> {
        let proof = tlog::consistency_proof(&self.hashes(new), old, new);
        proof.map_err(|error| proof_fault(error, new, self.size()))
    }

    /// The root at a size.
    ///
    /// # Errors
    /// If there is no such size, or a tile can't be read.
    pub fn root_at(&self, size: u64) -> Result<Hash, Fault> {
        tlog::root_of(&self.hashes(size), size).map_err(|error| proof_fault(error, size, self.size()))
    }

    /// The size and root that are served: all of it was final.
    pub fn served(&self) -> Option<Seen> {
        self.checkpoint
    }

    /// Takes the entries that follow, up to a checkpoint; of more, the rest is not asked for. With none,
    /// a checkpoint of the same size, with more cosignatures.
    ///
    /// Whether the checkpoint has its quorum the caller has decided. That the entries are those that it
    /// commits to is checked here, before any of them is put in its place.
    ///
    /// # Errors
    /// [`Fault::OtherEntries`], [`Fault::OtherCheckpoint`] and what `entries` gives: the mirror is as
    /// before. [`Fault::Disk`]: it has the checkpoint before, or this one; it is halted.
    pub fn extend(
        &mut self,
        entries: impl IntoIterator<Item = Result<Vec<u8>, Fault>>,
        cosigned: &CosignedCheckpoint,
    ) -> Result<(), Fault> {
        self.keep(entries, cosigned.checkpoint())?;
        self.serve(cosigned)
    }

    /// Takes the entries that follow, up to a checkpoint that is not served yet. They are durable then,
    /// and there after a start.
    ///
    /// # Errors
    /// As [`Mirror::extend`].
    pub fn hold(
        &mut self,
        entries: impl IntoIterator<Item = Result<Vec<u8>, Fault>>,
        checkpoint: &Checkpoint,
    ) -> Result<(), Fault> {
        self.keep(entries, checkpoint)?;
        if self.checkpoint.is_some_and(|served| served.size >= checkpoint.size) {
            return Ok(());
        }
        self.halted = true;
        let values = [self.origin.to_string(), checkpoint.size.to_string(), checkpoint.root.to_string()];
        let fields: Vec<(&str, String)> = FIELDS.into_iter().zip(values).collect();
        self.folder.place(&held_path(&self.folder), &record::write("held", &fields))?;
        self.halted = false;
        Ok(())
    }

    /// Makes a checkpoint the one that is served: of entries that are held. Whether it has its quorum the
    /// caller has decided.
    ///
    /// # Errors
    /// [`Fault::OtherCheckpoint`] if it is of another register, of other entries, larger than what is held,
    /// or smaller than the one that is served. [`Fault::Disk`]: the one before, or this one, is served; the
    /// mirror is halted.
    pub fn serve(&mut self, cosigned: &CosignedCheckpoint) -> Result<(), Fault> {
        if self.halted {
            return Err(Fault::Halted);
        }
        let checkpoint = cosigned.checkpoint();
        let before = self.checkpoint.map_or(0, |seen| seen.size);
        let other = |what: &str| Err(Fault::OtherCheckpoint(what.to_owned()));
        if checkpoint.origin != self.origin {
            return other("it is of another register");
        }
        if checkpoint.size > self.size() {
            return other("it is larger than what is held");
        }
        if checkpoint.size < before {
            return other("there is a larger one already");
        }
        if self.root_at(checkpoint.size)? != checkpoint.root {
            return other("its root is not that of the entries");
        }
        self.halted = true;
        self.folder.place(&self.reader().checkpoint_path(), &cosigned.to_bytes())?;
        self.halted = false;
        self.checkpoint = Some(Seen { size: checkpoint.size, root: checkpoint.root });
        self.tiles.remove_partial(before, checkpoint.size);
        if checkpoint.size == self.size() {
            // Nothing is held beyond it. What stays there after a crash says less than the checkpoint.
            let _ = self.folder.disk().remove(&held_path(&self.folder));
        }
        Ok(())
    }

    /// Brings the entries up to a checkpoint into tiles.
    fn keep(
        &mut self,
        entries: impl IntoIterator<Item = Result<Vec<u8>, Fault>>,
        checkpoint: &Checkpoint,
    ) -> Result<(), Fault> {
        if self.halted {
            return Err(Fault::Halted);
        }
        if checkpoint.origin != self.origin {
            return Err(Fault::OtherCheckpoint("it is of another register".to_owned()));
        }
        if checkpoint.size < self.size() {
            return Err(Fault::OtherCheckpoint("there is a larger one already".to_owned()));
        }
        if let Err(fault) = self.take(entries, checkpoint.size, &checkpoint.root) {
            self.forget()?;
            return Err(fault);
        }
        // Till all is in its place, this is no mirror of either size.
        self.halted = true;
        self.tiles.settle()?;
        self.halted = false;
        Ok(())
    }

    fn take(
        &mut self,
        entries: impl IntoIterator<Item = Result<Vec<u8>, Fault>>,
        size: u64,
        signed: &Hash,
    ) -> Result<(), Fault> {
        let missing = usize::try_from(size - self.size()).unwrap_or(usize::MAX);
        for entry in entries.into_iter().take(missing) {
            let entry = entry?;
            let (bytes, bytes_max) = (entry.len() as u64, tlog::bundle::ENTRY_BYTES_MAX as u64);
            if bytes > bytes_max {
                return Err(Fault::Length { bytes, bytes_max });
            }
            self.tiles.push(entry);
            if self.tiles.filled_bytes() > WAITING_BYTES_MAX {
                self.tiles.spill()?;
            }
        }
        if self.size() < size {
            return Err(Fault::OutOfRange { asked: size, size: self.size() });
        }
        if self.root() != *signed {
            return Err(Fault::OtherEntries { size, signed: *signed, found: self.root() });
        }
        Ok(())
    }

    /// Goes back to what is on the disk.
    fn forget(&mut self) -> Result<(), Fault> {
        self.tiles.discard();
        let again = Mirror::open(&self.folder, &self.origin);
        self.halted = again.is_err();
        *self = again?;
        Ok(())
    }
}

const FIELDS: [&str; 3] = ["origin", "size", "root"];

fn held_path<D: Disk>(folder: &Folder<D>) -> PathBuf {
    folder.queue().join("held")
}

fn read_held<D: Disk>(folder: &Folder<D>, origin: &Origin) -> Result<Option<Seen>, Fault> {
    let path = held_path(folder);
    let Some(bytes) = folder.read_if_there(&path, RECORD_BYTES_MAX)? else { return Ok(None) };
    let (of, seen) = parse_held(&bytes).map_err(|what| Fault::garbled(&path, what))?;
    if of == *origin { Ok(Some(seen)) } else { Err(Fault::OtherRegister { found: of.to_string() }) }
}

/// Reads `queue/held`.
pub(crate) fn parse_held(bytes: &[u8]) -> Result<(Origin, Seen), String> {
    let [origin, size, root] = record::read("held", FIELDS, bytes)?;
    let origin = Origin::new(&origin);
    let seen = size.parse().ok().zip(Hash::from_base64(&root)).map(|(size, root)| Seen { size, root });
    origin.zip(seen).ok_or_else(|| "it has no origin, size and root".to_owned())
}
