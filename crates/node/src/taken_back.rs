//! What was sealed or taken in for an act that came to nothing does not stay: no act would name it, and
//! whoever verifies the folder would find a wrong that nobody has done.

use std::path::{Path, PathBuf};

use act::{Body, Entry};
use audit::named::{AtHand, Named, annexes_of, files_of};
use terms::Hash;

use crate::{Fault, Node};

/// The sealed files and grants that an act names.
fn sealed_by(body: &Body) -> AtHand {
    let mut at_hand = AtHand::default();
    for file in files_of(body) {
        at_hand.sealed.insert(file.sealed);
        at_hand.grants.extend(file.grants.iter().map(|grant| grant.sealed));
    }
    if let Body::Grant(grant) = body {
        at_hand.grants.extend(grant.grants.iter().map(|grant| grant.sealed));
    }
    at_hand
}

impl Node {
    /// Removes what lies here for an act that came to nothing: its annexes, sealed files and grants, but for
    /// those that another act names which is registered or waits here.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn take_back(&self, body: &Body) -> Result<(), Fault> {
        self.drop_unnamed(&annexes_of(body))?;
        self.drop_unnamed_sealed(&sealed_by(body))?;
        self.end_sealing()
    }

    /// Moves what was sealed for a drafted act out of the data folder, where no act would name it, into one beside
    /// the draft. Gives how many files that were.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn set_aside(&self, body: &Body, folder: &Path) -> Result<u64, Fault> {
        let mut moved = 0;
        for (name, path) in self.sealed_paths(&sealed_by(body)) {
            if path.exists() {
                std::fs::create_dir_all(folder).map_err(Fault::io(folder))?;
                carry(&path, &folder.join(name))?;
                moved += 1;
            }
        }
        self.end_sealing()?;
        Ok(moved)
    }

    /// Brings back what was set aside for a drafted act, before it is handed in. The files stay beside the draft
    /// until [`Node::drop_aside`]: if it is not taken, it can be handed in again.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn bring_back(&self, body: &Body, folder: &Path) -> Result<(), Fault> {
        self.begin_sealing()?;
        for (name, path) in self.sealed_paths(&sealed_by(body)) {
            let from = folder.join(name);
            if from.exists() && !path.exists() {
                copy(&from, &path)?;
            }
        }
        Ok(())
    }

    /// Removes what was set aside for a drafted act, once that is handed in.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn drop_aside(&self, body: &Body, folder: &Path) -> Result<(), Fault> {
        for (name, _) in self.sealed_paths(&sealed_by(body)) {
            remove(&folder.join(name))?;
        }
        // It stays if somebody put more into it.
        let _ = std::fs::remove_dir(folder);
        Ok(())
    }

    /// Where sealed files and grants lie, with a name for each.
    fn sealed_paths(&self, some: &AtHand) -> Vec<(String, PathBuf)> {
        let sealed = some
            .sealed
            .iter()
            .map(|hash| (format!("sealed-{}", hash.to_hex()), self.vault.sealed_path(hash)));
        let grants =
            some.grants.iter().map(|hash| (format!("grant-{}", hash.to_hex()), self.vault.grant_path(hash)));
        sealed.chain(grants).collect()
    }

    /// Says, beside the keys, that something is sealed for an act which is not written yet: a crash before it is
    /// leaves what no act names.
    pub(crate) fn begin_sealing(&self) -> Result<(), Fault> {
        let path = self.sealing();
        if path.exists() { Ok(()) } else { crate::home::write_whole(&path, b"") }
    }

    /// The act is written, or nothing came of it.
    pub(crate) fn end_sealing(&self) -> Result<(), Fault> {
        remove(&self.sealing())
    }

    fn sealing(&self) -> PathBuf {
        self.home.keys.join("sealing")
    }

    /// Removes what a crash left that came between sealing and the act: what was sealed since, and no act names.
    pub(crate) fn sweep_sealing(&self) -> Result<(), Fault> {
        let path = self.sealing();
        let Ok(began) = std::fs::metadata(&path).and_then(|about| about.modified()) else { return Ok(()) };
        let since = |folder: &str| -> Result<Vec<Hash>, Fault> {
            let folder = self.home.data.join(folder);
            let mut since = Vec::new();
            for entry in std::fs::read_dir(&folder).into_iter().flatten() {
                let entry = entry.map_err(Fault::io(&folder))?;
                let is_new = entry.metadata().and_then(|about| about.modified()).is_ok_and(|at| at >= began);
                let hash = entry.file_name().to_str().and_then(Hash::from_hex);
                since.extend(hash.filter(|_| is_new));
            }
            Ok(since)
        };
        let mut left = AtHand::default();
        left.sealed.extend(since("sealed")?);
        left.grants.extend(since("grant")?);
        self.drop_unnamed_sealed(&left)?;
        self.end_sealing()
    }

    /// Removes those of some sealed files and grants that no act names which is registered or waits here.
    pub(crate) fn drop_unnamed_sealed(&self, some: &AtHand) -> Result<(), Fault> {
        if some.sealed.is_empty() && some.grants.is_empty() {
            return Ok(());
        }
        let named = self.named_of(some)?;
        for hash in some.grants.iter().filter(|hash| !named.grants.contains_key(*hash)) {
            remove(&self.vault.grant_path(hash))?;
        }
        for hash in some.sealed.iter().filter(|hash| !named.sealed.contains_key(*hash)) {
            remove(&self.vault.sealed_path(hash))?;
            self.drop_pieces(hash)?;
        }
        Ok(())
    }

    /// Which of some sealed files and grants acts name, registered or on their way.
    pub(crate) fn named_of(&self, at_hand: &AtHand) -> Result<Named, Fault> {
        let mut named = Named::default();
        if at_hand.grants.is_empty() && at_hand.sealed.is_empty() {
            return Ok(named);
        }
        self.store.for_each(0..self.size(), |_, bytes| {
            if let Ok(entry) = Entry::parse(bytes) {
                named.take(entry.act(), at_hand);
            }
            Ok(())
        })?;
        for submission in self.queued()? {
            named.take(submission.act(), at_hand);
        }
        Ok(named)
    }
}

/// Moves a file, also onto another disk.
fn carry(from: &Path, to: &Path) -> Result<(), Fault> {
    if std::fs::rename(from, to).is_ok() {
        return Ok(());
    }
    copy(from, to)?;
    remove(from)
}

/// Copies a file, and gives it its name once all of it is on the disk.
fn copy(from: &Path, to: &Path) -> Result<(), Fault> {
    // As the vault calls what is not whole yet, and sweeps at the next start.
    let part = to.with_file_name(format!(".part-{}", to.file_name().unwrap_or_default().to_string_lossy()));
    std::fs::copy(from, &part).map_err(Fault::io(&part))?;
    std::fs::File::open(&part).and_then(|file| file.sync_all()).map_err(Fault::io(&part))?;
    std::fs::rename(&part, to).map_err(Fault::io(to))
}

fn remove(path: &Path) -> Result<(), Fault> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Fault::Io { path: path.to_owned(), error })
        }
        _ => Ok(()),
    }
}
