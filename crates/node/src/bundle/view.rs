//! A bundle, as `audit` reads a folder: to be checked without being taken in.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use audit::{Carried, Own, Piece, Source};
use terms::Hash;
use tlog::CosignedCheckpoint;
use vault::{Hashing, Keyring};

use super::Member;
use super::manifest::Manifest;
use super::read::read;
use super::spool::{Spool, Spot};
use crate::Fault;
use crate::disk::Disk;

/// The files of one bundle, over those of a folder that has what came before. Small files lie in a file
/// without a name; sealed ones are hashed while they pass by.
pub struct BundleSource {
    manifest: Manifest,
    spool: Spool,
    files: BTreeMap<String, Held>,
    below: Option<Disk>,
    submissions: Vec<(String, Spot)>,
    carried: Carried,
}

enum Held {
    Small(Spot),
    Sealed(Hash, u64),
}

impl BundleSource {
    /// Reads a bundle, sealed to one of this keyring's identities or plain. `scratch` is a folder for the
    /// small files; `below` a folder with the entries below its `base`.
    ///
    /// # Errors
    ///
    /// [`Fault::Bundle`] if it is not what its manifest lists, or a file has not the hash of its name; it is
    /// sealed to another; the disk failed.
    pub fn read(
        file: &Path,
        ring: &Keyring,
        scratch: &Path,
        below: Option<Disk>,
    ) -> Result<BundleSource, Fault> {
        let view = RefCell::new(None);
        let mut sealed = BTreeMap::new();
        let mut pieces = Pieces::default();
        read(
            file,
            ring,
            scratch,
            |brought| {
                let hashed = [
                    ("register/annex", &brought.annexes),
                    ("grant", &brought.grants),
                    ("note", &brought.notes),
                ];
                let mut files: BTreeMap<String, Held> = hashed
                    .into_iter()
                    .flat_map(|(folder, files)| {
                        files.iter().map(move |(hash, spot)| {
                            (format!("{folder}/{}", hash.to_hex()), Held::Small(*spot))
                        })
                    })
                    .collect();
                let tiles = brought.tiles.iter();
                files.extend(tiles.map(|(tile, spot)| (format!("register/{tile}"), Held::Small(*spot))));
                files.extend(
                    brought.checkpoint_spot.map(|spot| ("register/checkpoint".to_owned(), Held::Small(spot))),
                );
                let listed = brought.manifest.list.iter().filter(|l| l.path.starts_with("submit/"));
                let paths = listed.map(|listed| listed.path.clone());
                let submissions = paths.zip(brought.submissions.iter().copied()).collect();
                *view.borrow_mut() = Some((brought.manifest, brought.spool, files, submissions, brought.ask));
                Ok(())
            },
            |member, _, reader| {
                let taken = match member {
                    Member::Piece(whole, offset) => pieces.take(whole, *offset, reader),
                    _ => vault::hash_of(reader).map(|(hash, size)| {
                        if let Member::Sealed(named) = member {
                            sealed.insert(format!("sealed/{}", named.to_hex()), Held::Sealed(hash, size));
                        }
                    }),
                };
                taken.map_err(|error| Fault::Bundle { path: file.to_owned(), what: error.to_string() })
            },
        )?;
        let not_one = || Fault::Bundle { path: file.to_owned(), what: "it is no bundle".to_owned() };
        let (manifest, spool, mut files, submissions, asked) = view.into_inner().ok_or_else(not_one)?;
        files.extend(sealed);
        let carried = Carried { asked, pieces: pieces.all };
        let mut source = BundleSource { manifest, spool, files, below, submissions, carried };
        source.step_back()?;
        Ok(source)
    }

    /// A checkpoint that is smaller than the one below is what was known when the bundle was written: a note
    /// beside the larger one, and no sign that an older one was put back.
    fn step_back(&mut self) -> Result<(), Fault> {
        let Some(Held::Small(spot)) = self.files.get(CHECKPOINT) else { return Ok(()) };
        let (spot, bytes) = (*spot, self.spool.get(*spot)?);
        let below =
            self.below.as_ref().and_then(|below| below.read(CHECKPOINT, CHECKPOINT_BYTES_MAX).ok().flatten());
        let size = |bytes: &[u8]| CosignedCheckpoint::parse(bytes).ok().map(|it| it.checkpoint().size);
        if below.is_some_and(|below| size(&below) > size(&bytes)) {
            self.files.remove(CHECKPOINT);
            self.files.insert(format!("note/{}", Hash::of(&bytes).to_hex()), Held::Small(spot));
        }
        Ok(())
    }

    /// What the bundle says of itself.
    #[must_use]
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }
}

const CHECKPOINT: &str = "register/checkpoint";

/// No checkpoint is as large.
const CHECKPOINT_BYTES_MAX: u64 = 1 << 20;

/// Pieces of sealed files, hashed while they pass by.
#[derive(Default)]
struct Pieces {
    all: Vec<Piece>,
    /// Of each file what came without a gap, and how many bytes that is.
    begun: BTreeMap<Hash, (Hashing, u64)>,
}

impl Pieces {
    fn take(&mut self, whole: &Hash, offset: u64, reader: &mut dyn Read) -> std::io::Result<()> {
        let (hashing, end) = self.begun.entry(*whole).or_default();
        let (size, up_to_here) = if *end == offset {
            let size = hashing.take(reader)?;
            *end += size;
            (size, Some(hashing.so_far()))
        } else {
            (std::io::copy(reader, &mut std::io::sink())?, None)
        };
        self.all.push(Piece { whole: *whole, offset, size, up_to_here });
        Ok(())
    }
}

/// The folder in which a bundle's submissions are shown: where a node has its own.
const QUEUE: &str = "queue/";

impl Source for BundleSource {
    fn list(&self) -> Result<Vec<String>, String> {
        let mut list = self.below.as_ref().map_or(Ok(Vec::new()), Source::list)?;
        list.extend(self.files.keys().cloned());
        list.extend(self.submissions.iter().map(|(path, _)| path.replacen("submit/", QUEUE, 1)));
        list.sort_unstable();
        list.dedup();
        Ok(list)
    }

    fn read(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, String> {
        match (self.files.get(path), &self.below) {
            (Some(Held::Small(spot)), _) if spot.size <= limit => {
                self.spool.get(*spot).map(Some).map_err(|fault| fault.to_string())
            }
            (Some(_), _) => Err(format!("it is larger than {limit} bytes")),
            (None, Some(below)) => below.read(path, limit),
            (None, None) => Ok(None),
        }
    }

    fn hash(&self, path: &str) -> Result<(Hash, u64), String> {
        match (self.files.get(path), &self.below) {
            (Some(Held::Sealed(hash, size)), _) => Ok((*hash, *size)),
            (Some(Held::Small(spot)), _) => {
                let bytes = self.spool.get(*spot).map_err(|fault| fault.to_string())?;
                Ok((Hash::of(&bytes), spot.size))
            }
            (None, Some(below)) => below.hash(path),
            (None, None) => Err("there is no such file".to_owned()),
        }
    }

    fn check_own(&self, path: &str) -> Result<(), String> {
        self.own(path).map(drop)
    }

    fn own(&self, path: &str) -> Result<Own, String> {
        let mine =
            self.submissions.iter().find(|(own, _)| own.strip_prefix("submit/") == path.strip_prefix(QUEUE));
        match (mine, &self.below) {
            (Some((_, spot)), _) => {
                let bytes = self.spool.get(*spot).map_err(|fault| fault.to_string())?;
                let submission = act::Submission::parse(&bytes).map_err(|fault| fault.to_string())?;
                Ok(Own::Submission(Box::new(submission)))
            }
            (None, Some(below)) => below.own(path),
            (None, None) => Err("a bundle has no such file".to_owned()),
        }
    }

    fn gives_out(&self, path: &str) -> Result<(), String> {
        match &self.below {
            Some(below) if !self.files.contains_key(path) => below.gives_out(path),
            _ => Ok(()),
        }
    }

    fn carried(&self) -> Carried {
        self.carried.clone()
    }
}
