//! A register's tiles and bundles, written as it grows.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use act::EntryFault;
use terms::Hash;
use tlog::tile::{self, TILE_WIDTH};
use tlog::{Edge, TileKind, TilePath, bundle, leaf_hash};

use crate::disk::{At, Disk, Operation};
use crate::fault::Fault;
use crate::folder::Folder;
use crate::reader::{BUNDLE_BYTES_MAX, Entries, Reader, bundle_path};

/// The right edge of a register in memory, and the files that it filled and has not put in place.
pub(crate) struct Tiles<D: Disk> {
    folder: Arc<Folder<D>>,
    reader: Reader<D>,
    edge: Edge,
    /// The edge's tiles, once they were asked for.
    partial: OnceLock<Vec<(TilePath, Vec<u8>)>>,
    /// The entries of the bundle that is not full.
    bundle: Vec<Vec<u8>>,
    /// Full tiles and bundles that are in memory only.
    filled: BTreeMap<TilePath, Vec<u8>>,
    filled_bytes: usize,
    /// Full ones that are written, but neither durable nor in their place.
    parts: BTreeMap<TilePath, PathBuf>,
    /// The size up to which all is in place.
    settled: u64,
}

impl<D: Disk> Tiles<D> {
    /// Reads every entry up to `size`, checks every tile against them, and goes on from there.
    ///
    /// `each` sees every entry with its index; it says what is wrong if it can't be one.
    ///
    /// # Errors
    /// [`Fault::Garbled`] with the first file that is missing, or not what was written. `signed_in` is
    /// the file that has the root; it is blamed if all others agree with each other.
    pub(crate) fn open(
        folder: &Arc<Folder<D>>,
        size: u64,
        root: &Hash,
        signed_in: &Path,
        mut each: impl FnMut(u64, &[u8]) -> Result<(), String>,
    ) -> Result<Tiles<D>, Fault> {
        let reader = Reader::new(folder.disk().clone(), &folder.register());
        let mut check = Check { reader: &reader, bad_tile: None, bad_bundle: None };
        let mut edge = Edge::new();
        let mut last = Vec::new();
        for index in 0..size.div_ceil(u64::from(TILE_WIDTH)) {
            let path = bundle_path(index, size).ok_or(Fault::OutOfRange { asked: size, size })?;
            last = missing_is_damage(reader.bundle(&path))?;
            for (at, entry) in (index * u64::from(TILE_WIDTH)..).zip(&last) {
                each(at, entry).map_err(|what| {
                    Fault::garbled(&reader.path(&path), format!("its entry {at} is none: {what}"))
                })?;
                for (tile, bytes) in edge.push(leaf_hash(entry)) {
                    check.compare(&tile, &bytes)?;
                }
            }
        }
        for (tile, bytes) in edge.partial() {
            check.compare(&tile, &bytes)?;
        }
        let Check { bad_tile, bad_bundle, .. } = check;
        match (edge.root() == *root, bad_tile, bad_bundle) {
            (true, None, None) => {}
            // The entries give the root that was signed, so they are right.
            (true, Some(tile), _) | (true, None, Some(tile)) | (false, Some(tile), None) => {
                return Err(Fault::garbled(&reader.path(&tile), "its hashes are not those of the entries"));
            }
            (false, _, Some(tile)) => {
                let path = TilePath::new(TileKind::Entries, tile.index(), tile.width()).unwrap_or(tile);
                let what = format!("its entries are not those that {tile} was made of");
                return Err(Fault::garbled(&reader.path(&path), what));
            }
            (false, None, None) => {
                let what =
                    format!("it says that the root at {size} is {root}, and the tiles give {}", edge.root());
                return Err(Fault::garbled(signed_in, what));
            }
        }
        last.truncate((size % u64::from(TILE_WIDTH)) as usize);
        if size.is_multiple_of(u64::from(TILE_WIDTH)) {
            last.clear();
        }
        Ok(Tiles {
            folder: Arc::clone(folder),
            reader,
            edge,
            partial: OnceLock::new(),
            bundle: last,
            filled: BTreeMap::new(),
            filled_bytes: 0,
            parts: BTreeMap::new(),
            settled: size,
        })
    }

    pub(crate) fn size(&self) -> u64 {
        self.edge.size()
    }

    pub(crate) fn root(&self) -> Hash {
        self.edge.root()
    }

    /// The size up to which all is in place.
    pub(crate) fn settled(&self) -> u64 {
        self.settled
    }

    pub(crate) fn reader(&self) -> &Reader<D> {
        &self.reader
    }

    /// How many bytes wait in memory for [`Tiles::spill`] or [`Tiles::settle`].
    pub(crate) fn filled_bytes(&self) -> usize {
        self.filled_bytes
    }

    /// Appends an entry, in memory.
    pub(crate) fn push(&mut self, entry: Vec<u8>) {
        let index = self.edge.size() / u64::from(TILE_WIDTH);
        let leaf = leaf_hash(&entry);
        self.bundle.push(entry);
        self.partial.take();
        let filled = self.edge.push(leaf);
        if !filled.is_empty() {
            let full = std::mem::take(&mut self.bundle);
            let path = TilePath::new(TileKind::Entries, index, TILE_WIDTH);
            for (tile, bytes) in path.zip(bundle::to_bytes(&full)).into_iter().chain(filled) {
                self.filled_bytes += bytes.len();
                self.filled.insert(tile, bytes);
            }
        }
    }

    /// Writes what waits in memory, without putting it in its place.
    pub(crate) fn spill(&mut self) -> Result<(), Fault> {
        while let Some((tile, bytes)) = self.filled.pop_first() {
            let part = self.folder.part(&self.reader.path(&tile), &bytes)?;
            self.filled_bytes -= bytes.len();
            self.parts.insert(tile, part);
        }
        Ok(())
    }

    /// Brings every tile and bundle to the disk and puts it in its place: what a checkpoint of this
    /// size commits to.
    pub(crate) fn settle(&mut self) -> Result<(), Fault> {
        if self.settled == self.size() {
            return Ok(());
        }
        self.spill()?;
        let mut parts = self.parts.clone();
        let bundle = bundle_path(self.size() / u64::from(TILE_WIDTH), self.size());
        let bundle = bundle.zip(bundle::to_bytes(&self.bundle));
        for (tile, bytes) in bundle.into_iter().chain(self.edge.partial()) {
            parts.insert(tile, self.folder.part(&self.reader.path(&tile), &bytes)?);
        }
        for part in parts.values() {
            self.folder.sync_part(part)?;
        }
        let mut folders = BTreeSet::new();
        for (tile, part) in &parts {
            let path = self.reader.path(tile);
            self.check_same(&path, part)?;
            self.folder.move_part(part, &path)?;
            folders.extend(path.parent().map(Path::to_owned));
        }
        for folder in folders {
            self.folder.sync_names(&folder)?;
        }
        self.parts.clear();
        self.settled = self.size();
        Ok(())
    }

    /// A file can stand in its place already: a crash came between its rename and what was to follow.
    /// Then it has the same bytes, since tiles hold only what was durable before.
    fn check_same(&self, path: &Path, part: &Path) -> Result<(), Fault> {
        let Some(there) = self.folder.read_if_there(path, BUNDLE_BYTES_MAX)? else { return Ok(()) };
        if there == self.folder.read(part, BUNDLE_BYTES_MAX)? {
            Ok(())
        } else {
            Err(Fault::garbled(path, "it was written before, of other entries than there are"))
        }
    }

    /// Checks the partial tiles that stand beside those which were partial at `from`: for who has an
    /// older checkpoint they are served until the full ones are.
    ///
    /// # Errors
    /// [`Fault::Garbled`] names the file.
    pub(crate) fn check_partial(&self, from: u64) -> Result<(), Fault> {
        let kinds = std::iter::once(TileKind::Entries).chain((0..8).map(TileKind::Hashes));
        let last = |kind, size: u64| match kind {
            TileKind::Entries => size / u64::from(TILE_WIDTH),
            TileKind::Hashes(level) => (size >> (8 * u32::from(level))) / u64::from(TILE_WIDTH),
        };
        let tiles = kinds.flat_map(|kind| {
            let indexes = last(kind, from)..=last(kind, self.size());
            indexes.filter_map(move |index| TilePath::in_log(kind, index, self.size()))
        });
        for tile in tiles {
            for width in self.partial_widths(&tile)? {
                let Some(partial) = TilePath::new(tile.kind(), tile.index(), width) else { continue };
                let path = self.reader.path(&partial);
                let found =
                    missing_is_damage(self.folder.read(&path, BUNDLE_BYTES_MAX).map_err(Fault::from))?;
                let expected = match tile.kind() {
                    TileKind::Hashes(_) => self.tile(&partial)?,
                    TileKind::Entries => {
                        let entries = self.bundle(tile.index())?;
                        bundle::to_bytes(&entries[..usize::from(width).min(entries.len())])
                            .unwrap_or_default()
                    }
                };
                if found != expected {
                    return Err(Fault::garbled(&path, "it is not the beginning of what it became"));
                }
            }
        }
        Ok(())
    }

    /// The widths at which a tile stands there as a partial one, none above its own.
    fn partial_widths(&self, tile: &TilePath) -> Result<Vec<u16>, Fault> {
        let folder = self.partial_folder(tile);
        let names = match self.folder.disk().list(&folder) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            names => names.at(&folder, Operation::List)?,
        };
        let widths = names.into_iter().map(|name| {
            let width = name.name.parse().ok().filter(|width| (1..TILE_WIDTH).contains(width));
            let width = width.filter(|width| !name.is_folder && width.to_string() == name.name);
            width.ok_or_else(|| Fault::garbled(&folder.join(&name.name), "no log has such a file"))
        });
        let widths: Result<Vec<u16>, Fault> = widths.collect();
        Ok(widths?.into_iter().filter(|width| *width <= tile.width()).collect())
    }

    fn partial_folder(&self, tile: &TilePath) -> PathBuf {
        PathBuf::from(format!("{}.p", self.reader.path(&tile.full()).display()))
    }

    /// Removes parts that are not wanted after all.
    pub(crate) fn discard(&mut self) {
        for part in self.parts.values() {
            self.folder.discard(part);
        }
        self.parts.clear();
    }

    /// Removes partial tiles whose full ones are in place, now that a checkpoint of `size` is: whoever
    /// has an older one finds what it needs in the full ones (C2SP tlog-tiles).
    pub(crate) fn remove_partial(&self, before: u64, size: u64) {
        let full = tlog::tile::changed(before, size).filter(TilePath::is_full);
        for tile in full {
            let folder = self.partial_folder(&tile);
            let disk = self.folder.disk();
            // What stays is right all the same, only not needed.
            for name in disk.list(&folder).unwrap_or_default() {
                let _ = disk.remove(&folder.join(name.name)).at(&folder, Operation::Remove);
            }
            let _ = disk.remove_folder(&folder);
        }
    }

    /// The bytes of a tile of hashes, of a register of any size up to this.
    pub(crate) fn tile(&self, tile: &TilePath) -> Result<Vec<u8>, Fault> {
        let same = |other: &TilePath| other.full() == tile.full() && other.width() >= tile.width();
        let cut = |bytes: &[u8]| bytes[..usize::from(tile.width()) * 32].to_vec();
        if let Some(bytes) = self.filled.get(&tile.full()) {
            return Ok(cut(bytes));
        }
        if let Some(bytes) = self.waiting(&tile.full())? {
            return match tile::from_bytes(&bytes, TILE_WIDTH) {
                Some(_) => Ok(cut(&bytes)),
                None => Err(Fault::garbled(&self.reader.path(&tile.full()), "it is no full tile")),
            };
        }
        match self.partial.get_or_init(|| self.edge.partial()).iter().find(|(other, _)| same(other)) {
            Some((_, bytes)) => Ok(cut(bytes)),
            None => self.reader.tile(tile),
        }
    }

    /// The bytes of a file that is written and not in its place yet.
    fn waiting(&self, tile: &TilePath) -> Result<Option<Vec<u8>>, Fault> {
        match self.parts.get(tile) {
            Some(part) => Ok(self.folder.read_if_there(part, BUNDLE_BYTES_MAX)?),
            None => Ok(None),
        }
    }

    /// The entries of one bundle, as far as there are.
    pub(crate) fn bundle(&self, index: u64) -> Result<Vec<Vec<u8>>, Fault> {
        if index == self.size() / u64::from(TILE_WIDTH) {
            return Ok(self.bundle.clone());
        }
        let range = || Fault::OutOfRange { asked: index, size: self.size() };
        let path = bundle_path(index, self.size()).ok_or_else(range)?;
        let bytes = match self.filled.get(&path) {
            Some(bytes) => bytes.clone(),
            None => match self.waiting(&path)? {
                Some(bytes) => bytes,
                None => return self.reader.bundle(&path),
            },
        };
        let entries = bundle::from_bytes(&bytes, TILE_WIDTH);
        let entries = entries.map_err(|fault| Fault::garbled(&self.reader.path(&path), fault.to_string()))?;
        Ok(entries.into_iter().map(<[u8]>::to_vec).collect())
    }

    /// One entry.
    pub(crate) fn entry(&self, index: u64) -> Result<Vec<u8>, Fault> {
        let width = u64::from(TILE_WIDTH);
        let at = (index % width) as usize;
        let found = if index / width == self.size() / width {
            self.bundle.get(at).cloned()
        } else {
            self.bundle(index / width)?.into_iter().nth(at)
        };
        found.ok_or(Fault::OutOfRange { asked: index, size: self.size() })
    }

    /// Entries in order, one bundle in memory at a time.
    pub(crate) fn entries(
        &self,
        range: std::ops::Range<u64>,
    ) -> Entries<impl FnMut(u64) -> Result<Vec<Vec<u8>>, Fault>> {
        Entries::new(range.start..range.end.min(self.size()), |index| self.bundle(index))
    }

    /// An entry that can't be read as one: names the bundle that it is in, or will be.
    pub(crate) fn garbled_entry(&self, index: u64, fault: &EntryFault) -> Fault {
        let bundle = bundle_path(index / u64::from(TILE_WIDTH), self.size());
        let path = bundle.map_or_else(PathBuf::new, |bundle| self.reader.path(&bundle));
        Fault::garbled(&path, format!("entry {index} is none: {fault}"))
    }

    /// The entries that are in no tile yet; at most those of the last bundle come from memory.
    pub(crate) fn unsettled(&self) -> Result<Vec<Vec<u8>>, Fault> {
        self.entries(self.settled..self.size()).collect()
    }
}

/// Compares tiles with what they should be, and remembers the first that differs of either kind.
struct Check<'a, D> {
    reader: &'a Reader<D>,
    bad_tile: Option<TilePath>,
    /// A tile of level 0 that differs: either it or its bundle is wrong.
    bad_bundle: Option<TilePath>,
}

impl<D: Disk> Check<'_, D> {
    fn compare(&mut self, tile: &TilePath, bytes: &[u8]) -> Result<(), Fault> {
        if missing_is_damage(self.reader.tile(tile))? != bytes {
            let first = match tile.kind() {
                TileKind::Hashes(0) => &mut self.bad_bundle,
                TileKind::Hashes(_) | TileKind::Entries => &mut self.bad_tile,
            };
            first.get_or_insert(*tile);
        }
        Ok(())
    }
}

/// A file that should be there and is not is damage to the folder, not a failure of the disk.
fn missing_is_damage<T>(read: Result<T, Fault>) -> Result<T, Fault> {
    read.map_err(|fault| match fault {
        Fault::Disk(fault) if fault.is_missing() => Fault::garbled(&fault.path, "it is missing"),
        Fault::Disk(fault) if fault.source.kind() == std::io::ErrorKind::FileTooLarge => {
            Fault::garbled(&fault.path, "it is longer than such a file can be")
        }
        other => other,
    })
}
