//! How a register is founded, and how it is found again.

use std::path::Path;
use std::sync::Arc;

use act::{Entry, Submission};
use note::{KeyName, VerifierKey};
use terms::{ActId, Hash, Instant};
use tlog::EMPTY_ROOT;
use tlog::witness::Seen;

use crate::disk::{At, Disk, Operation};
use crate::fault::{Fault, KnownBy};
use crate::folder::Folder;
use crate::ids::Ids;
use crate::journal::{self, Found};
use crate::judge::Judge;
use crate::kept::{Kept, key_hash};
use crate::log::{Answer, JOURNAL_BYTES_MAX, Log, Registrar, journal_path, renew_journal};
use crate::mirror::Mirror;
use crate::tiles::Tiles;

/// The longest journal that is read, in bytes.
const JOURNAL_READ_MAX: u64 = 1 << 30;

/// What the person says who starts a registrar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// Nothing: what is kept beside the keys has to agree with the folder.
    Usual,
    /// "This key has signed nothing beyond this": where nothing is kept beside the keys, since they were
    /// moved, or came by succession.
    Stated(Seen),
}

/// What a start found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// How many entries were in tiles.
    pub settled: u64,
    /// How many more were in the journal.
    pub from_journal: u64,
    /// How many bytes were cut from the journal's end: a crash came before they were durable, so nobody
    /// has a receipt for them.
    pub torn_bytes: u64,
}

/// What is known of the folder before its tiles are opened.
struct Survey {
    found: Found,
    kept: Kept,
    kept_at: Option<Seen>,
}

impl<D: Disk> Log<D> {
    /// Founds a register: its genesis becomes entry 0.
    ///
    /// After a crash on the way it can be called again.
    ///
    /// # Errors
    /// [`Fault::NotEmpty`] if there is a register; [`Fault::NoGenesis`] if the act is none, or is of
    /// another origin; [`Fault::Disk`].
    pub fn found(
        folder: &Arc<Folder<D>>,
        registrar: Registrar,
        genesis: &Submission,
        now: Instant,
        judge: &mut impl Judge,
    ) -> Result<(Log<D>, Answer), Fault> {
        let act = genesis.act();
        if act.genesis().is_some() || act.origin() != &registrar.origin {
            return Err(Fault::NoGenesis);
        }
        folder.check_stopped(&key_hash(&registrar.key.public()))?;
        let nothing = Seen { size: 0, root: EMPTY_ROOT };
        let path = journal_path(folder);
        let left = folder.read_if_there(&path, JOURNAL_READ_MAX)?;
        let tiles = folder.register().join("tile");
        let found = left.as_deref().map(journal::read).transpose();
        match found.map_err(|what| Fault::garbled(&path, what))? {
            Some(found) if found.tiles.size > 0 || !found.entries.is_empty() => {
                return Err(Fault::NotEmpty { path });
            }
            Some(_) => {}
            None if folder.disk().list(&tiles).is_ok() => return Err(Fault::NotEmpty { path: tiles }),
            None => {}
        }
        let kept = Kept::new(folder, &registrar.origin, &registrar.key.public());
        let kept_at = kept.read(folder)?;
        if let Some(known) = kept_at.filter(|known| known.size > 0) {
            return Err(Fault::Behind { known_by: KnownBy::Keys, known, size: 0 });
        }
        let mut log = Log {
            folder: Arc::clone(folder),
            tiles: Tiles::open(folder, 0, &EMPTY_ROOT, &path, |_, _| Ok(()))?,
            journal: renew_journal(folder, &registrar.origin, &nothing, &[])?,
            registrar,
            genesis: act.id().0,
            kept,
            kept_at,
            ids: Ids::default(),
            last_time: Instant::from_secs(0).unwrap_or(now),
            checkpoint: None,
            journal_bytes_max: JOURNAL_BYTES_MAX,
            keeps_each_batch: false,
            halted: false,
        };
        log.keep()?;
        let answer = log.append(&[genesis.to_bytes()], now, judge)?.pop();
        answer.map(|answer| (log, answer)).ok_or(Fault::NoGenesis)
    }

    /// Goes on with a register of another registrar's, in the folder of a mirror of it: `base` is the
    /// mirror's size and root, and what the succession says (TIME T20).
    ///
    /// After a crash on the way it can be called again.
    ///
    /// # Errors
    /// [`Fault::NotEmpty`] if a registrar writes here; [`Fault::OtherCheckpoint`] if the mirror's
    /// checkpoint is not of this base; and those of [`Log::open`].
    pub fn succeed(
        folder: &Arc<Folder<D>>,
        registrar: Registrar,
        base: Seen,
    ) -> Result<(Log<D>, Recovery), Fault> {
        let mirror = Mirror::open(folder, &registrar.origin)?;
        if mirror.size() != base.size || mirror.root() != base.root || base.size == 0 {
            let what = format!("it is of size {}, root {}", mirror.size(), mirror.root());
            return Err(Fault::OtherCheckpoint(what));
        }
        folder.check_stopped(&key_hash(&registrar.key.public()))?;
        // This first: with a journal and nothing kept, the next start would have to ask.
        Kept::new(folder, &registrar.origin, &registrar.key.public()).write(folder, &base)?;
        renew_journal(folder, &registrar.origin, &base, &[])?;
        Log::open(folder, registrar, &[base], Start::Usual)
    }

    /// Opens a register after whatever happened to it.
    ///
    /// `witnessed` is the largest that each witness has cosigned, as far as this node knows. Every file
    /// is read and checked against every other; nothing is changed before all of it is right.
    ///
    /// # Errors
    /// [`Fault::Garbled`] names the file; [`Fault::Behind`], [`Fault::OtherPast`] and
    /// [`Fault::Unstated`] if this key may have signed more than the folder has; [`Fault::Stopped`];
    /// [`Fault::NoRegister`]; [`Fault::Disk`].
    pub fn open(
        folder: &Arc<Folder<D>>,
        registrar: Registrar,
        witnessed: &[Seen],
        start: Start,
    ) -> Result<(Log<D>, Recovery), Fault> {
        let Survey { found, kept, kept_at } = survey(folder, &registrar)?;
        let path = journal_path(folder);
        let mut ids = Ids::default();
        let take = |index: u64, entry: &[u8]| match split_entry(entry) {
            Some((text, _)) => ids
                .insert(&act_id(text), index)
                .map_or(Ok(()), |other| Err(format!("its act stands at {other} already"))),
            None => Err("it has no text".to_owned()),
        };
        let mut tiles = Tiles::open(folder, found.tiles.size, &found.tiles.root, &path, take)?;
        for (index, entry) in (found.tiles.size..).zip(&found.entries) {
            let (text, _) =
                split_entry(entry).ok_or_else(|| Fault::garbled(&path, "an entry in it has no text"))?;
            ids.insert(&act_id(text), index);
            tiles.push(entry.clone());
        }
        let size = tiles.size();
        tiles.check_partial(found.tiles.size)?;
        let (first, last) = (read_entry(&tiles, 0)?, read_entry(&tiles, size.saturating_sub(1))?);
        if first.act().origin() != &registrar.origin || first.act().genesis().is_some() {
            return Err(Fault::OtherRegister { found: first.act().origin().to_string() });
        }
        let mut log = Log {
            folder: Arc::clone(folder),
            genesis: first.act().id().0,
            tiles,
            // Opened as it is until all is known to be right.
            journal: journal::Journal::resume(folder.disk().open(&path).at(&path, Operation::Read)?, &[]),
            registrar,
            kept,
            kept_at: None,
            ids,
            last_time: last.receipt().time,
            checkpoint: None,
            journal_bytes_max: JOURNAL_BYTES_MAX,
            keeps_each_batch: false,
            halted: false,
        };
        log.check_past(kept_at, witnessed, start)?;
        let unsettled = log.tiles.unsettled()?;
        log.journal = renew_journal(folder, &log.registrar.origin, &found.tiles, &unsettled)?;
        log.keep()?;
        if let Some(served) = log.checkpoint {
            // In case a crash came between a checkpoint and the end of its partial tiles.
            log.tiles.remove_partial(served.size.saturating_sub(256), served.size);
        }
        let recovery = Recovery {
            settled: found.tiles.size,
            from_journal: size - found.tiles.size,
            torn_bytes: found.torn_bytes,
        };
        Ok((log, recovery))
    }

    /// Whether the folder goes as far as anybody knows, and has that past.
    fn check_past(&mut self, kept_at: Option<Seen>, witnessed: &[Seen], start: Start) -> Result<(), Fault> {
        let served = self.reader().checkpoint()?;
        if let Some(cosigned) = &served {
            let checkpoint = cosigned.checkpoint();
            if checkpoint.origin != self.registrar.origin {
                return Err(Fault::OtherRegister { found: checkpoint.origin.to_string() });
            }
            // The lines of witnesses, and of a registrar before this one, a policy judges: an audit does.
            let name = KeyName::checkpoint(&self.registrar.origin);
            let mine = VerifierKey::plain(name, self.registrar.key.public());
            let mut lines = cosigned.note().signatures().iter().filter(|line| mine.made(line));
            if lines.any(|line| checkpoint.verify(&mine, line).is_err()) {
                let what = "this registrar's line under it is not good";
                return Err(Fault::garbled(&self.reader().checkpoint_path(), what));
            }
            self.checkpoint = Some(Seen { size: checkpoint.size, root: checkpoint.root });
        }
        let stated = match start {
            Start::Usual => None,
            Start::Stated(seen) => Some(seen),
        };
        if kept_at.is_none() && stated.is_none() {
            let path = self.kept.path().clone();
            return Err(Fault::Unstated { path, size: self.size(), root: self.root() });
        }
        let known = witnessed.iter().map(|seen| (KnownBy::Witness, *seen));
        let known = known.chain(kept_at.map(|seen| (KnownBy::Keys, seen)));
        let known = known.chain(stated.map(|seen| (KnownBy::Statement, seen)));
        let known = known.chain(self.checkpoint.map(|seen| (KnownBy::Checkpoint, seen)));
        for (known_by, known) in known.collect::<Vec<_>>() {
            if known.size > self.size() {
                return Err(Fault::Behind { known_by, known, size: self.size() });
            }
            let root = self.root_at(known.size)?;
            if root != known.root {
                return Err(Fault::OtherPast { known_by, known, root });
            }
        }
        Ok(())
    }
}

/// One entry, read whole.
fn read_entry<D: Disk>(tiles: &Tiles<D>, index: u64) -> Result<Entry, Fault> {
    Entry::parse(&tiles.entry(index)?).map_err(|fault| tiles.garbled_entry(index, &fault))
}

/// Reads the journal and what is kept beside the keys.
fn survey<D: Disk>(folder: &Folder<D>, registrar: &Registrar) -> Result<Survey, Fault> {
    folder.check_stopped(&key_hash(&registrar.key.public()))?;
    let path = journal_path(folder);
    let tiles = folder.register().join("tile");
    let Some(bytes) = folder.read_if_there(&path, JOURNAL_READ_MAX)? else {
        return Err(match folder.disk().list(&tiles) {
            Ok(_) => Fault::garbled(&path, "it is missing"),
            Err(_) => Fault::NoRegister { path },
        });
    };
    let found = journal::read(&bytes).map_err(|what| Fault::garbled(&path, what))?;
    if found.origin != registrar.origin {
        return Err(Fault::OtherRegister { found: found.origin.to_string() });
    }
    let kept = Kept::new(folder, &registrar.origin, &registrar.key.public());
    let kept_at = kept.read(folder)?;
    if found.tiles.size == 0 && found.entries.is_empty() {
        return Err(match kept_at.filter(|known| known.size > 0) {
            Some(known) => Fault::Behind { known_by: KnownBy::Keys, known, size: 0 },
            None => Fault::NoRegister { path: Path::new("entry 0").to_owned() },
        });
    }
    Ok(Survey { found, kept, kept_at })
}

/// The text of an entry, and its submission: cheaper than reading all of it, a million times.
fn split_entry(entry: &[u8]) -> Option<(&[u8], &[u8])> {
    let text = entry.windows(2).rposition(|pair| pair == b"\n\n")?;
    let unended = entry.strip_suffix(b"\n")?;
    let receipt = unended.iter().rposition(|byte| *byte == b'\n')?;
    (receipt > text).then(|| (&entry[..=text], &entry[..=receipt]))
}

fn act_id(text: &[u8]) -> ActId {
    ActId(Hash::of(text))
}
