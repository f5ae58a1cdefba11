//! What goes on a stick for somebody.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::Path;

use act::{Body, Entry};
use terms::{Hash, Instant, ParticipantId};
use tlog::TileKind;

use super::manifest::{Listed, Manifest, Peer};
use crate::evidence::files_of;
use crate::node::Store;
use crate::{Fault, Node};

/// What was put on a stick.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// The manifest.
    pub manifest: Manifest,
    /// How many entries.
    pub entries: u64,
    /// How many submissions.
    pub submissions: u64,
    /// How many sealed files.
    pub sealed: u64,
    /// How many bytes the file has.
    pub bytes: u64,
}

/// A file on its way into the tar.
enum Content {
    Bytes(Vec<u8>),
    File(File, u64),
}

impl Content {
    fn size(&self) -> u64 {
        match self {
            Content::Bytes(bytes) => bytes.len() as u64,
            Content::File(_, size) => *size,
        }
    }
}

/// Files of the register that somebody is to have.
#[derive(Default)]
struct For {
    annexes: BTreeSet<Hash>,
    grants: BTreeSet<Hash>,
    sealed: BTreeSet<Hash>,
}

impl Node {
    /// Writes a bundle for `to` into a new file: what it lacks, as far as this node knows. Sealed to its
    /// `seal` keys, unless `plain`.
    ///
    /// # Errors
    ///
    /// It has no `seal` key yet (then only `plain` is possible), or the disk failed.
    pub fn export(
        &mut self,
        to: &ParticipantId,
        target: &Path,
        plain: bool,
        _: Instant,
        progress: vault::Progress<'_>,
    ) -> Result<Exported, Fault> {
        self.export_within(to, target, plain, None, progress)
    }

    /// The same over a way that carries no file larger than `largest`: sealed files above it wait for a
    /// better one.
    ///
    /// # Errors
    ///
    /// As [`Node::export`].
    pub fn export_within(
        &mut self,
        to: &ParticipantId,
        target: &Path,
        plain: bool,
        largest: Option<u64>,
        progress: vault::Progress<'_>,
    ) -> Result<Exported, Fault> {
        let recipients = if plain { Vec::new() } else { self.recipients_of(to)? };
        let peer = Peer::read(&self.home, to)?;
        let members = self.members(to, &peer, largest.unwrap_or(u64::MAX))?;
        let manifest = Manifest {
            format: Manifest::FORMAT.to_owned(),
            origin: self.origin().clone(),
            genesis: self.genesis(),
            from: self.me().clone(),
            to: to.clone(),
            base: peer.size.min(self.size()),
            size: self.size(),
            cosigned: self.witness()?.and_then(|w| w.seen()).map_or(0, |seen| seen.size),
            part: 1,
            parts: 1,
            have: self.have()?,
            list: members
                .iter()
                .map(|(path, content)| Listed { path: path.clone(), size: content.size() })
                .collect(),
        };
        let count = |prefix: &str| manifest.list.iter().filter(|l| l.path.starts_with(prefix)).count() as u64;
        let (submissions, sealed) = (count("submit/"), count("sealed/"));
        let file = File::create_new(target).map_err(Fault::io(target))?;
        let written = write(file, &recipients, &manifest, members, progress);
        let bytes = match written {
            Ok(bytes) => bytes,
            Err(error) => {
                let _ = std::fs::remove_file(target);
                return Err(Fault::Io { path: target.to_owned(), error });
            }
        };
        Ok(Exported { entries: manifest.size - manifest.base, submissions, sealed, bytes, manifest })
    }

    fn members(&mut self, to: &ParticipantId, peer: &Peer, largest: u64) -> Result<Vec<(String, Content)>, Fault> {
        let base = peer.size.min(self.size());
        let ask = match &self.store {
            Store::Log(_) => Some(self.ask_witness(peer.cosigned)?),
            Store::Mirror(_) => None,
        };
        let size = self.size();
        let wanted = self.wanted(to, base)?;
        let mut members: Vec<(String, Content)> = Vec::new();
        let mut add = |path: String, bytes: Vec<u8>| members.push((path, Content::Bytes(bytes)));

        let annexes = self.annexes();
        for hash in &wanted.annexes {
            if let Some(bytes) = annexes.get(hash)? {
                add(format!("register/annex/{}", hash.to_hex()), bytes);
            }
        }
        for tile in tlog::tile::changed(base, size) {
            add(format!("register/{tile}"), self.tile(&tile)?);
        }
        if let Some(checkpoint) = self.checkpoint()? {
            add("register/checkpoint".to_owned(), checkpoint.to_bytes());
        }
        if let Some(ask) = ask.filter(|ask| ask.checkpoint.checkpoint().size > peer.cosigned) {
            add("witness/add-checkpoint".to_owned(), ask.to_bytes());
        }
        for submission in self.queued()? {
            add(format!("submit/{}", submission.hash().to_hex()), submission.to_bytes());
        }
        let notes = self.notes();
        for hash in notes.list()? {
            if !peer.have.contains(&hash.to_hex())
                && let Some(bytes) = notes.get(&hash)?
            {
                add(format!("note/{}", hash.to_hex()), bytes);
            }
        }
        for hash in &wanted.grants {
            if !peer.have.contains(&hash.to_hex())
                && let Ok(bytes) = self.vault.sealed_grant(hash)
            {
                add(format!("grant/{}", hash.to_hex()), bytes);
            }
        }
        for hash in &wanted.sealed {
            if peer.have.contains(&hash.to_hex()) {
                continue;
            }
            let path = self.vault.sealed_path(hash);
            if let Ok(file) = File::open(&path) {
                let size = file.metadata().map_err(Fault::io(&path))?.len();
                if size > largest {
                    continue;
                }
                members.push((format!("sealed/{}", hash.to_hex()), Content::File(file, size)));
            }
        }
        Ok(members)
    }

    fn tile(&self, tile: &tlog::TilePath) -> Result<Vec<u8>, Fault> {
        let reader = match &self.store {
            Store::Log(log) => log.reader(),
            Store::Mirror(mirror) => mirror.reader(),
        };
        match tile.kind() {
            TileKind::Hashes(_) => Ok(reader.tile(tile)?),
            TileKind::Entries => tlog::bundle::to_bytes(&reader.bundle(tile)?)
                .ok_or_else(|| Fault::Unknown(format!("{tile} has an entry that is too long"))),
        }
    }

    /// What the register names that `to` is to have: annexes of new entries, its grants, and the sealed
    /// files that it was granted.
    fn wanted(&self, to: &ParticipantId, base: u64) -> Result<For, Fault> {
        let mut wanted = For::default();
        let mut granted_later: BTreeSet<terms::Item> = BTreeSet::new();
        let mut filed: Vec<(terms::Item, Hash)> = Vec::new();
        self.store.for_each(0..self.size(), |index, bytes| {
            let Ok(entry) = Entry::parse(bytes) else { return Ok(()) };
            let act = entry.act();
            for (number, file) in (1_u32..).zip(files_of(act.body())) {
                filed.push((terms::Item::exhibit(act.id(), number), file.sealed));
                for grant in file.grants.iter().filter(|g| g.to == *to) {
                    wanted.grants.insert(grant.sealed);
                    wanted.sealed.insert(file.sealed);
                }
            }
            match act.body() {
                Body::Grant(body) => {
                    for grant in body.grants.iter().filter(|g| g.to == *to) {
                        wanted.grants.insert(grant.sealed);
                        granted_later.insert(body.exhibit);
                    }
                }
                Body::Genesis(body) if index >= base => {
                    let annexes = &body.annexes;
                    wanted.annexes.extend([
                        annexes.instrument.sha256,
                        annexes.library.sha256,
                        annexes.policy.sha256,
                    ]);
                }
                Body::Batch(body) if index >= base => wanted.annexes.extend(body.annex.map(|a| a.sha256)),
                Body::Publish(body) if index >= base => wanted.annexes.extend(body.annex.map(|a| a.sha256)),
                Body::Succeed(body) if index >= base => wanted.annexes.extend(body.policy.map(|a| a.sha256)),
                _ => {}
            }
            Ok(())
        })?;
        wanted
            .sealed
            .extend(filed.iter().filter(|(item, _)| granted_later.contains(item)).map(|(_, hash)| *hash));
        Ok(wanted)
    }

    /// Sealed files, grants and notes that lie here.
    fn have(&self) -> Result<BTreeSet<String>, Fault> {
        let mut have = BTreeSet::new();
        for folder in ["sealed", "grant", "note"] {
            let path = self.home.data.join(folder);
            let entries = match std::fs::read_dir(&path) {
                Ok(entries) => entries,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                Err(error) => return Err(Fault::Io { path, error }),
            };
            for entry in entries {
                let name = entry.map_err(Fault::io(&path))?.file_name();
                have.extend(name.to_str().filter(|n| Hash::from_hex(n).is_some()).map(str::to_owned));
            }
        }
        Ok(have)
    }
}

fn write(
    file: File,
    recipients: &[vault::Recipient],
    manifest: &Manifest,
    members: Vec<(String, Content)>,
    progress: vault::Progress<'_>,
) -> std::io::Result<u64> {
    let output = BufWriter::with_capacity(1 << 17, file);
    let output = if recipients.is_empty() {
        write_tar(output, manifest, members, progress)?
    } else {
        let wrapping = vault::parcel::wrap(recipients, output)?;
        write_tar(wrapping, manifest, members, progress)?.finish()?
    };
    let file = output.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    file.sync_all()?;
    Ok(file.metadata()?.len())
}

fn write_tar<W: Write>(
    output: W,
    manifest: &Manifest,
    members: Vec<(String, Content)>,
    progress: vault::Progress<'_>,
) -> std::io::Result<W> {
    let mut tar = tar::Builder::new(output);
    tar.mode(tar::HeaderMode::Deterministic);
    let total: u64 = members.iter().map(|(_, content)| content.size()).sum();
    let mut done = 0;
    let bytes = manifest.to_bytes();
    tar.append(&header("manifest.json", bytes.len() as u64)?, bytes.as_slice())?;
    for (path, content) in members {
        let size = content.size();
        let header = header(&path, size)?;
        match content {
            Content::Bytes(bytes) => tar.append(&header, bytes.as_slice())?,
            Content::File(file, size) => {
                let reader = Counting { inner: file.take(size), done, total, progress: &mut *progress };
                tar.append(&header, reader)?;
            }
        }
        done += size;
        progress(done, total);
    }
    tar.into_inner()
}

/// The same bytes each time: no owner, no time.
fn header(path: &str, size: u64) -> std::io::Result<tar::Header> {
    let mut header = tar::Header::new_ustar();
    header.set_path(path)?;
    header.set_size(size);
    header.set_mode(0o644);
    header.set_mtime(0);
    header.set_uid(0);
    header.set_gid(0);
    header.set_entry_type(tar::EntryType::Regular);
    header.set_cksum();
    Ok(header)
}

struct Counting<'a, R> {
    inner: R,
    done: u64,
    total: u64,
    progress: &'a mut dyn FnMut(u64, u64),
}

impl<R: Read> Read for Counting<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.done += read as u64;
        (self.progress)(self.done, self.total);
        Ok(read)
    }
}
