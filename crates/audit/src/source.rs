//! Where the bytes come from, and who checks signatures.

use std::collections::VecDeque;

use act::Submission;
use docket::v1::replay::Read;
use note::{Check, Intake};
use terms::{Hash, Origin};
use tlog::bundle::BundleFault;
use tlog::witness::{AddCheckpoint, Seen};

/// What a file says that only its own node uses, read by itself: it is whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Own {
    /// Nothing that could be held to the register.
    Checked,
    /// `queue/piece/HEX/OFFSET-HEX`: a piece of a sealed file, of so many bytes.
    Piece(u64),
    /// `queue/journal`: entries on their way into tiles, that follow on so many.
    Journal {
        /// The register's name.
        origin: Origin,
        /// How far the tiles went when it was begun.
        tiles: Seen,
        /// The entries.
        entries: Vec<Vec<u8>>,
    },
    /// `queue/held`: how far a mirror holds entries that are not final yet.
    Held {
        /// The register's name.
        origin: Origin,
        /// How far.
        seen: Seen,
    },
    /// `queue/HEX`: a submission on its way to the registrar.
    Submission(Box<Submission>),
    /// `witness/witness-HEX`: what a witness cosigned last.
    Witness {
        /// SHA-256 of its key.
        key: Hash,
        /// What it cosigned.
        seen: Seen,
    },
    /// `witness/intake-HEX`: the last stamp of an intake key.
    Intake {
        /// SHA-256 of its key.
        key: Hash,
        /// The stamp.
        last: Intake,
    },
}

/// What a bundle has that no folder has.
#[derive(Clone, Debug, Default)]
pub struct Carried {
    /// `witness/add-checkpoint`: what the receiver's witness is asked to cosign.
    pub asked: Option<AddCheckpoint>,
    /// `sealed/HEX.at/OFFSET`, in the order in which they stand.
    pub pieces: Vec<Piece>,
}

/// Some bytes of a sealed file, the rest of which is elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The hash of the whole file.
    pub whole: Hash,
    /// Where in it they begin.
    pub offset: u64,
    /// How many.
    pub size: u64,
    /// SHA-256 of the file's bytes from its first to the last of these, if all of them stand here and before.
    pub up_to_here: Option<Hash>,
}

/// A node's folder, or what was read from a bundle. Paths are relative, with `/`.
pub trait Source {
    /// Every file, sorted by its path's bytes.
    ///
    /// # Errors
    ///
    /// A sentence on what could not be listed.
    fn list(&self) -> Result<Vec<String>, String>;

    /// The bytes of a file of at most `limit` bytes; nothing if it is not there.
    ///
    /// # Errors
    ///
    /// It can't be read, or is larger.
    fn read(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, String>;

    /// SHA-256 and size of a file of any size.
    ///
    /// # Errors
    ///
    /// It can't be read.
    fn hash(&self, path: &str) -> Result<(Hash, u64), String>;

    /// What is wrong with a file that only its own node uses (`queue/`, `witness/`, `lock`).
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    fn check_own(&self, path: &str) -> Result<(), String>;

    /// What such a file says.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    fn own(&self, path: &str) -> Result<Own, String> {
        self.check_own(path).map(|()| Own::Checked)
    }

    /// Whether this machine gives out a file that could not be read. If it does not, for want of a permission
    /// or of a whole disk, that is nobody's lie.
    ///
    /// # Errors
    ///
    /// Why not.
    fn gives_out(&self, _path: &str) -> Result<(), String> {
        Ok(())
    }

    /// What a bundle has beside all this.
    fn carried(&self) -> Carried {
        Carried::default()
    }
}

/// A bundle of entries, read.
#[derive(Debug)]
pub struct Bundle {
    /// The file's bytes.
    pub bytes: Vec<u8>,
    /// Its entries, or why it is no bundle of so many.
    pub entries: Result<Vec<Read>, BundleFault>,
}

impl Bundle {
    /// Reads the bytes of a bundle that is said to hold `width` entries.
    #[must_use]
    pub fn read(bytes: Vec<u8>, width: u16) -> Bundle {
        let entries = tlog::bundle::from_bytes(&bytes, width)
            .map(|entries| entries.into_iter().map(Read::of).collect());
        Bundle { bytes, entries }
    }
}

/// Reads entries, and checks signatures in batches, in its own time. What it finds wrong is replayed
/// anew.
pub trait Batcher {
    /// Takes a bundle that is said to hold `width` entries.
    fn read(&mut self, bundle: Vec<u8>, width: u16);

    /// The next bundle in the order in which they were taken; nothing if none is under way.
    fn bundle(&mut self) -> Option<Bundle>;

    /// Takes the checks of a chunk.
    fn submit(&mut self, chunk: u64, checks: Vec<Check>);

    /// Chunks that are done, with the places of the checks that fail. With `wait`, all that were
    /// submitted and not given yet.
    fn done(&mut self, wait: bool) -> Vec<(u64, Vec<usize>)>;
}

/// Does all where it stands, and checks each signature singly: for a browser, or a small register.
#[derive(Debug, Default)]
pub struct Inline {
    bundles: VecDeque<Bundle>,
    done: Vec<(u64, Vec<usize>)>,
}

impl Batcher for Inline {
    fn read(&mut self, bundle: Vec<u8>, width: u16) {
        self.bundles.push_back(Bundle::read(bundle, width));
    }

    fn bundle(&mut self) -> Option<Bundle> {
        self.bundles.pop_front()
    }

    fn submit(&mut self, chunk: u64, checks: Vec<Check>) {
        let failed =
            checks.iter().enumerate().filter(|(_, check)| !check.passes()).map(|(at, _)| at).collect();
        self.done.push((chunk, failed));
    }

    fn done(&mut self, _: bool) -> Vec<(u64, Vec<usize>)> {
        std::mem::take(&mut self.done)
    }
}
