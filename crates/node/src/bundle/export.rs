//! What goes on a stick for somebody.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufWriter, Read, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};

use act::Entry;
use note::SignatureLine;
use terms::{Hash, Instant, ParticipantId, SignerName};
use tlog::TileKind;
use tlog::witness::AddCheckpoint;

use super::manifest::{Listed, Manifest, Peer};
use super::wanted::{Named, Wanted};
use crate::node::Store;
use crate::{Fault, Node};

/// The most bytes of one part: what a FAT file system carries, with room.
pub const PART_BYTES_MAX: u64 = 2 << 30;

/// The most bytes of entries that go at once; who lacks more asks again.
const ENTRIES_BYTES_MAX: u64 = 1 << 30;

/// What is to go out.
pub struct Export<'a> {
    /// To whom.
    pub to: &'a ParticipantId,
    /// The file; of several parts, `NAME.1-of-3.mithaq` beside it.
    pub target: &'a Path,
    /// Whether it is left unsealed.
    pub plain: bool,
    /// Sealed files larger than this wait for a better way.
    pub largest: Option<u64>,
    /// The most bytes of a part.
    pub part_bytes: u64,
    /// Everything from entry 0 on, whatever the receiver was seen to hold: it may have lost it.
    pub whole: bool,
    /// By a network: then a registrar asks for cosignatures at its beat, and not each time that somebody comes by.
    pub paced: Option<Instant>,
}

/// What was put on a stick.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// The first part's manifest.
    pub manifest: Manifest,
    /// The files, in order.
    pub files: Vec<PathBuf>,
    /// How many entries.
    pub entries: u64,
    /// How many submissions.
    pub submissions: u64,
    /// How many sealed files.
    pub sealed: u64,
    /// How many bytes the files have.
    pub bytes: u64,
}

/// A file on its way into the tar.
enum Content {
    Bytes(Vec<u8>),
    /// So many bytes of a file, from a place on.
    File(PathBuf, u64, u64),
}

impl Content {
    fn size(&self) -> u64 {
        match self {
            Content::Bytes(bytes) => bytes.len() as u64,
            Content::File(_, _, size) => *size,
        }
    }
}

type Members = Vec<(String, Content)>;

/// A bundle that is about to be written: what is in it is known, and its node may go on with other work.
pub struct Plan {
    recipients: Vec<vault::Recipient>,
    small: Members,
    parts: Vec<Members>,
    /// Whether the small files are in each part.
    repeated: bool,
    /// The first part's manifest, without its list.
    manifest: Manifest,
    part_bytes: u64,
    sealed: u64,
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
        let part_bytes = PART_BYTES_MAX;
        self.export_parts(
            &Export { to, target, plain, largest, part_bytes, whole: false, paced: None },
            progress,
        )
    }

    /// The same in parts of a size.
    ///
    /// # Errors
    ///
    /// As [`Node::export`]; also if all but the sealed files is larger than a part.
    pub fn export_parts(
        &mut self,
        export: &Export<'_>,
        progress: vault::Progress<'_>,
    ) -> Result<Exported, Fault> {
        self.plan(export)?.write(export.target, progress)
    }

    /// What goes out, and in how many parts.
    ///
    /// # Errors
    ///
    /// As [`Node::export`].
    pub fn plan(&mut self, export: &Export<'_>) -> Result<Plan, Fault> {
        let recipients = if export.plain { Vec::new() } else { self.recipients_of(export.to)? };
        let seen = Peer::read(&self.home, export.to)?;
        let witness = self.may_be_witness(seen.cosigned)?;
        let peer = if export.whole { Peer::default() } else { seen };
        let ask = self.ask_for(peer.cosigned, witness, export.paced)?;
        let wanted = self.wanted(export.to)?;
        let have = self.have()?;
        // What age and tar add: a header each, and 16 bytes for 64 KiB.
        let room = |part_bytes: u64| part_bytes.saturating_sub(8192 + part_bytes / 4096);
        let small = self.small_members(export.to, &peer, &wanted, ask, room(export.part_bytes))?;
        let sealed = self.sealed_members(&peer, &wanted, export.largest.unwrap_or(u64::MAX))?;
        // By a network a part may be larger than it should, if what goes in one piece is.
        let needed = small.iter().map(|(_, content)| content.size() + 1024).sum::<u64>() + (64 << 10);
        let needed = if export.paced.is_some() { needed + needed / 8 } else { 0 };
        let part_bytes = export.part_bytes.max(needed);
        let (budget, count) = (room(part_bytes), sealed.len() as u64);
        let listed = (have.len() + small.len() + sealed.len()) as u64 * 160;
        let (parts, repeated) = split(&small, sealed, budget.saturating_sub(listed.min(budget / 2)));
        let last = u32::try_from(parts.len()).unwrap_or(u32::MAX);
        if last > Manifest::PARTS_MAX {
            return Err(Fault::Unknown(format!("it would be {last} parts: make them larger")));
        }
        let manifest = self.manifest(export.to, &peer, have, last)?;
        Ok(Plan { recipients, small, parts, repeated, manifest, part_bytes, sealed: count })
    }

    fn manifest(
        &self,
        to: &ParticipantId,
        peer: &Peer,
        have: BTreeSet<String>,
        parts: u32,
    ) -> Result<Manifest, Fault> {
        Ok(Manifest {
            format: Manifest::FORMAT.to_owned(),
            origin: self.origin().clone(),
            genesis: self.genesis(),
            from: self.me().clone(),
            to: to.clone(),
            base: peer.size.min(self.size()),
            size: self.size(),
            cosigned: self.witness()?.and_then(|w| w.seen()).map_or(0, |seen| seen.size),
            part: 1,
            parts,
            have,
            list: Vec::new(),
        })
    }

    /// The registrar's receipts, as notes, for what it registered of this participant's, or through its
    /// hands, and no quorum has cosigned yet: with them the participant holds the promise in its own hands.
    fn receipts_for(&self, to: &ParticipantId) -> Result<BTreeMap<Hash, Vec<u8>>, Fault> {
        let mut notes = BTreeMap::new();
        if matches!(self.store, Store::Mirror(_)) {
            return Ok(notes);
        }
        for index in self.cosigned()?..self.size() {
            let Ok(entry) = Entry::parse(&self.entry(index)?) else { continue };
            let signer = |line: &SignatureLine| SignerName::from_key_name(self.origin(), line.name.as_str());
            let mut stamps = entry.submission().intakes().iter().filter_map(signer);
            if entry.act().head().by.participant() == Some(to)
                || stamps.any(|signer| signer.participant() == Some(to))
            {
                let line = entry.receipt_line().clone();
                let note = entry.receipt().to_note(line, self.origin(), &self.genesis());
                let bytes = note.map_err(|error| Fault::Foreign(error.to_string()))?.to_bytes();
                notes.insert(Hash::of(&bytes), bytes);
            }
        }
        Ok(notes)
    }

    /// All but sealed files, as far as there is room: what is too many goes next time, when the receiver says what it has.
    fn small_members(
        &self,
        to: &ParticipantId,
        peer: &Peer,
        wanted: &Wanted,
        ask: Option<AddCheckpoint>,
        room: u64,
    ) -> Result<Members, Fault> {
        let base = peer.size.min(self.size());
        let size = self.size();
        let mut members = Members::new();
        let mut add = |path: String, bytes: Vec<u8>| members.push((path, Content::Bytes(bytes)));

        let annexes = self.annexes();
        let mut bytes_left = room / 4;
        for hash in self.named_annexes()?.iter().filter(|hash| !peer.have.contains(&hash.to_hex())) {
            let Some(bytes) = annexes.get(hash)? else { continue };
            // At least one, or none would ever come.
            let is_first = bytes_left == room / 4;
            if !is_first && bytes.len() as u64 > bytes_left {
                continue;
            }
            bytes_left = bytes_left.saturating_sub(bytes.len() as u64);
            add(format!("register/annex/{}", hash.to_hex()), bytes);
        }
        let mut bytes_left = ENTRIES_BYTES_MAX.min(room / 2);
        // The receiver takes what it can up to a mark, and asks again; so there is one in what it gets.
        let mark = self.known.mark_above(base).unwrap_or_default();
        for tile in tlog::tile::changed(base, size) {
            let content = self.tile(&tile)?;
            bytes_left = bytes_left.saturating_sub(content.size());
            let first = tile.index() * u64::from(tlog::tile::TILE_WIDTH);
            if bytes_left == 0 && (tile.kind() != TileKind::Entries || first > mark.max(base)) {
                break;
            }
            members.push((format!("register/{tile}"), content));
        }
        let mut add = |path: String, bytes: Vec<u8>| members.push((path, Content::Bytes(bytes)));
        if let Some(checkpoint) = self.checkpoint()? {
            add("register/checkpoint".to_owned(), checkpoint.to_bytes());
        }
        if let Some(ask) = ask {
            add("witness/add-checkpoint".to_owned(), ask.to_bytes());
        }
        let refusals = self.refusals()?;
        let mut carried = BTreeSet::new();
        for submission in self.queued()? {
            // What is registered already waits here only for its entry, or for its stamp.
            if self.is_to_carry(&submission, &refusals, &carried) {
                carried.insert(submission.act().id());
                add(format!("submit/{}", submission.hash().to_hex()), submission.to_bytes());
            }
        }
        let shelf = self.notes();
        let mut notes = self.receipts_for(to)?;
        for hash in shelf.list()? {
            notes.extend(shelf.get(&hash)?.map(|bytes| (hash, bytes)));
        }
        for (hash, bytes) in notes {
            if !peer.have.contains(&hash.to_hex()) {
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
        members.truncate(Manifest::FILES_MAX / 2);
        Ok(members)
    }

    fn sealed_members(
        &self,
        peer: &Peer,
        wanted: &Wanted,
        largest: u64,
    ) -> Result<Vec<(Hash, PathBuf, u64)>, Fault> {
        let mut sealed = Vec::new();
        for hash in &wanted.sealed {
            let path = self.vault.sealed_path(hash);
            if peer.have.contains(&hash.to_hex()) || !path.exists() {
                continue;
            }
            let size = std::fs::metadata(&path).map_err(Fault::io(&path))?.len();
            if size <= largest {
                sealed.push((*hash, path, size));
            }
        }
        sealed.truncate(Manifest::FILES_MAX / 4);
        Ok(sealed)
    }

    /// A full tile is a file that never changes; a partial one is made from what there is.
    fn tile(&self, tile: &tlog::TilePath) -> Result<Content, Fault> {
        let reader = match &self.store {
            Store::Log(log) => log.reader(),
            Store::Mirror(mirror) => mirror.reader(),
        };
        let path = reader.path(tile);
        if let (true, Ok(about)) = (tile.is_full(), std::fs::metadata(&path)) {
            return Ok(Content::File(path, 0, about.len()));
        }
        let bytes = match tile.kind() {
            TileKind::Hashes(_) => reader.tile(tile)?,
            TileKind::Entries => tlog::bundle::to_bytes(&reader.bundle(tile)?)
                .ok_or_else(|| Fault::Unknown(format!("{tile} has an entry that is too long")))?,
        };
        Ok(Content::Bytes(bytes))
    }

    /// What acts here, registered or on their way, name that `to` is to have: the sealed files that it was granted, with
    /// all their grants.
    fn wanted(&self, to: &ParticipantId) -> Result<Wanted, Fault> {
        let mut queued = Named::default();
        for submission in self.queued()? {
            queued.look(submission.act());
        }
        Ok(self.known.files.wanted_by(&queued, to, &self.erased_by(to)?))
    }

    /// The annexes that acts here name, registered or on their way.
    fn named_annexes(&self) -> Result<BTreeSet<Hash>, Fault> {
        let mut annexes: BTreeSet<Hash> = self.known.annexes.keys().copied().collect();
        for submission in self.queued()? {
            annexes.extend(submission.act().body().annexes().iter().map(|annex| annex.sha256));
        }
        Ok(annexes)
    }

    /// Annexes, sealed files, grants and notes that lie here.
    fn have(&self) -> Result<BTreeSet<String>, Fault> {
        let mut have = BTreeSet::new();
        for folder in ["register/annex", "sealed", "grant", "note"] {
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

impl Plan {
    /// How many parts it has.
    #[must_use]
    pub const fn parts(&self) -> u32 {
        self.manifest.parts
    }

    /// Writes all parts: the one to `target`, or several beside it.
    ///
    /// # Errors
    ///
    /// The disk failed, or all but the sealed files is larger than a part; then nothing of it is left.
    pub fn write(&self, target: &Path, progress: vault::Progress<'_>) -> Result<Exported, Fault> {
        let last = self.parts();
        let total: u64 = (1..=last).map(|number| self.size(number)).sum();
        let mut exported = Exported {
            entries: self.manifest.size - self.manifest.base,
            manifest: self.manifest.clone(),
            files: Vec::new(),
            submissions: 0,
            sealed: self.sealed,
            bytes: 0,
        };
        let mut done = 0;
        for number in 1..=last {
            let path = if last == 1 { target.to_owned() } else { part_path(target, number, last) };
            let mut step = |now: u64, _: u64| progress(done + now, total);
            let (manifest, bytes) = self.write_part(number, &path, &mut step).inspect_err(|_| {
                for file in &exported.files {
                    let _ = std::fs::remove_file(file);
                }
            })?;
            exported.bytes += bytes;
            done += self.size(number);
            if number == 1 {
                let submit = |listed: &&Listed| listed.path.starts_with("submit/");
                exported.submissions = manifest.list.iter().filter(submit).count() as u64;
                exported.manifest = manifest;
            }
            exported.files.push(path);
        }
        Ok(exported)
    }

    /// Writes one part, from 1, to a new file. Gives its manifest and how many bytes it has.
    ///
    /// # Errors
    ///
    /// There is no such part, the disk failed, or all but the sealed files is larger than a part; then nothing of it is
    /// left.
    pub fn write_part(
        &self,
        number: u32,
        path: &Path,
        progress: vault::Progress<'_>,
    ) -> Result<(Manifest, u64), Fault> {
        let members: Vec<&(String, Content)> = self.members(number).collect();
        if members.is_empty() && number != 1 {
            return Err(Fault::Unknown(format!("the bundle has no part {number}")));
        }
        let list = members.iter().map(|(path, content)| Listed { path: path.clone(), size: content.size() });
        let have = if self.has_small(number) { self.manifest.have.clone() } else { BTreeSet::new() };
        let manifest = Manifest { part: number, have, list: list.collect(), ..self.manifest.clone() };
        let bytes = create(path, &self.recipients, &manifest, &members, progress)?;
        if bytes > self.part_bytes {
            let _ = std::fs::remove_file(path);
            let what = "without its sealed files it is larger than a part may be: make parts larger";
            return Err(Fault::Unknown(what.to_owned()));
        }
        Ok((manifest, bytes))
    }

    const fn has_small(&self, number: u32) -> bool {
        number == 1 || self.repeated
    }

    fn members(&self, number: u32) -> impl Iterator<Item = &(String, Content)> {
        let small = if self.has_small(number) { self.small.as_slice() } else { &[] };
        let part = number.checked_sub(1).and_then(|place| self.parts.get(place as usize));
        small.iter().chain(part.into_iter().flatten())
    }

    fn size(&self, number: u32) -> u64 {
        self.members(number).map(|(_, content)| content.size()).sum()
    }
}

/// The sealed files of each part, one after the other, cut where a part ends. The small files go into each
/// part, so that the parts can be taken in in any order; or, if they would fill half of it, into the first
/// alone. Gives whether they are repeated.
fn split(small: &Members, sealed: Vec<(Hash, PathBuf, u64)>, budget: u64) -> (Vec<Members>, bool) {
    let cost = |size: u64| 512 + size.next_multiple_of(512);
    let used: u64 = small.iter().map(|(_, content)| cost(content.size())).sum();
    let repeated = used <= budget / 2;
    let full = if repeated { budget - used } else { budget };
    let mut left = budget.saturating_sub(used);
    let mut parts = vec![Members::new()];
    for (hash, path, size) in sealed {
        let hex = hash.to_hex();
        let mut offset = 0;
        loop {
            // A piece of less than this is not worth its header.
            if left < cost(4096).min(cost(size - offset)) {
                parts.push(Members::new());
                left = full;
            }
            let room = (left.saturating_sub(512) / 512 * 512).max(4096);
            let bytes = room.min(size - offset);
            let name =
                if bytes == size { format!("sealed/{hex}") } else { format!("sealed/{hex}.at/{offset}") };
            if let Some(part) = parts.last_mut() {
                part.push((name, Content::File(path.clone(), offset, bytes)));
            }
            left = left.saturating_sub(cost(bytes));
            offset += bytes;
            if offset >= size {
                break;
            }
        }
    }
    (parts, repeated)
}

/// `stick.mithaq` in three parts is `stick.1-of-3.mithaq`, and so on.
fn part_path(target: &Path, number: u32, last: u32) -> PathBuf {
    let stem = target.file_stem().map_or_else(|| "bundle".into(), |stem| stem.to_string_lossy());
    let extension = target.extension().map_or_else(|| "mithaq".into(), |e| e.to_string_lossy());
    target.with_file_name(format!("{stem}.{number}-of-{last}.{extension}"))
}

/// Writes one part. Nothing of it is left if that fails.
fn create(
    target: &Path,
    recipients: &[vault::Recipient],
    manifest: &Manifest,
    members: &[&(String, Content)],
    progress: vault::Progress<'_>,
) -> Result<u64, Fault> {
    let file = File::create_new(target).map_err(Fault::io(target))?;
    write(file, recipients, manifest, members, progress).map_err(|error| {
        let _ = std::fs::remove_file(target);
        Fault::Io { path: target.to_owned(), error }
    })
}

fn write(
    file: File,
    recipients: &[vault::Recipient],
    manifest: &Manifest,
    members: &[&(String, Content)],
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
    members: &[&(String, Content)],
    progress: vault::Progress<'_>,
) -> std::io::Result<W> {
    let mut tar = tar::Builder::new(output);
    tar.mode(tar::HeaderMode::Deterministic);
    let total: u64 = members.iter().map(|(_, content)| content.size()).sum();
    let mut done = 0;
    let bytes = manifest.to_bytes();
    if bytes.len() as u64 > Manifest::BYTES_MAX {
        return Err(std::io::Error::other("the manifest would be larger than one may be"));
    }
    tar.append(&header("manifest.json", bytes.len() as u64)?, bytes.as_slice())?;
    for (path, content) in members {
        let size = content.size();
        let header = header(path, size)?;
        match content {
            Content::Bytes(bytes) => tar.append(&header, bytes.as_slice())?,
            Content::File(path, offset, size) => {
                let mut file = File::open(path)?;
                file.seek(SeekFrom::Start(*offset))?;
                let inner = file.take(*size);
                let reader = Counting { inner, done, total, left: *size, progress: &mut *progress };
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

/// Counts, and takes it for a fault if the file has become shorter: its header is written already.
struct Counting<'a, R> {
    inner: R,
    done: u64,
    total: u64,
    left: u64,
    progress: &'a mut dyn FnMut(u64, u64),
}

impl<R: Read> Read for Counting<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.done += read as u64;
        self.left = self.left.saturating_sub(read as u64);
        if read == 0 && !buffer.is_empty() && self.left > 0 {
            return Err(std::io::Error::other("a sealed file became shorter while it was read"));
        }
        (self.progress)(self.done, self.total);
        Ok(read)
    }
}
