//! One entry's proof as a file, to be checked offline.

use std::fmt;

use note::Note;
use terms::{Hash, base64};

use crate::checkpoint::{Checkpoint, decimal};
use crate::cosigned::{CosignedCheckpoint, CosignedFault, Cosigners};
use crate::policy::Policy;
use crate::verify::{ProofFault, verify_inclusion};

/// An entry's index, its inclusion proof, and the checkpoint it leads to.
///
/// ```text
/// c2sp.org/tlog-proof@v1
/// extra ⟨base64, may be absent⟩
/// index ⟨decimal⟩
/// ⟨base64 hash⟩                    from the leaf's sibling upwards
///
/// ⟨the checkpoint, a note⟩
/// ```
///
/// Follows C2SP tlog-proof. Our own have the whole entry as `extra`: nothing authenticates it but that
/// its leaf hash fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogProof {
    /// What came with it; not empty if it is there.
    pub extra: Option<Vec<u8>>,
    /// The entry's place in the log, from 0.
    pub index: u64,
    /// From the leaf's sibling upwards.
    pub path: Vec<Hash>,
    /// The checkpoint.
    pub checkpoint: CosignedCheckpoint,
}

/// What is wrong with a proof as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogProofFault {
    /// The first line is not `c2sp.org/tlog-proof@v1`.
    Header,
    /// The `extra` line is no canonical base64, or empty.
    Extra,
    /// There is no line `index` with a number.
    Index,
    /// A line of the path is no hash.
    Path {
        /// Line of the file, counted from 1.
        line: usize,
    },
    /// More hashes than any log needs.
    TooLong,
    /// No empty line before the checkpoint.
    NoBlankLine,
    /// The checkpoint.
    Checkpoint(CosignedFault),
}

/// Why a proof does not show what it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnprovenFault {
    /// The checkpoint is wrong, or not final.
    Checkpoint(CosignedFault),
    /// The path does not lead to it.
    Path(ProofFault),
}

const HEADER: &str = "c2sp.org/tlog-proof@v1\n";

/// A path of a tree of up to 2⁶³ − 1 entries.
const PATH_MAX: usize = 63;

impl LogProof {
    /// Reads a proof. Nothing is verified.
    ///
    /// # Errors
    /// The first fault from the top.
    pub fn parse(bytes: &[u8]) -> Result<LogProof, LogProofFault> {
        let mut head = Head::new(bytes);
        if head.line().is_none_or(|line| line != &HEADER.as_bytes()[..HEADER.len() - 1]) {
            return Err(LogProofFault::Header);
        }
        let mut line = head.line();
        let mut extra = None;
        if let Some(encoded) = line.and_then(|line| line.strip_prefix(b"extra ")) {
            let text = std::str::from_utf8(encoded).map_err(|_| LogProofFault::Extra)?;
            let bytes = base64::decode(text).filter(|bytes| !bytes.is_empty());
            extra = Some(bytes.ok_or(LogProofFault::Extra)?);
            line = head.line();
        }
        let index = line.and_then(|line| number(line, b"index ")).ok_or(LogProofFault::Index)?;
        let path = head.hashes(PATH_MAX).map_err(|fault| match fault {
            HashesFault::NotAHash { line } => LogProofFault::Path { line },
            HashesFault::TooMany => LogProofFault::TooLong,
            HashesFault::NoBlankLine => LogProofFault::NoBlankLine,
        })?;
        let checkpoint = CosignedCheckpoint::parse(head.rest).map_err(LogProofFault::Checkpoint)?;
        Ok(LogProof { extra, index, path, checkpoint })
    }

    /// The file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut text = HEADER.to_owned();
        if let Some(extra) = &self.extra {
            text.push_str(&format!("extra {}\n", base64::encode(extra)));
        }
        text.push_str(&format!("index {}\n", self.index));
        for hash in &self.path {
            text.push_str(&format!("{hash}\n"));
        }
        text.push_str(&format!("\n{}", self.checkpoint.note()));
        text.into_bytes()
    }

    /// Whether the entry with this leaf hash stands at the proof's index, in a log that a quorum of the
    /// policy has cosigned.
    ///
    /// # Errors
    /// Why it does not show that.
    pub fn verify(&self, leaf: &Hash, policy: &Policy) -> Result<Cosigners, UnprovenFault> {
        let cosigners = self.checkpoint.verify_quorum(policy).map_err(UnprovenFault::Checkpoint)?;
        self.verify_path(leaf).map_err(UnprovenFault::Path)?;
        Ok(cosigners)
    }

    /// Whether the path leads from this leaf hash to the checkpoint's root; who signed that is not
    /// asked.
    ///
    /// # Errors
    /// Why it does not.
    pub fn verify_path(&self, leaf: &Hash) -> Result<(), ProofFault> {
        let Checkpoint { size, root, .. } = self.checkpoint.checkpoint();
        verify_inclusion(leaf, self.index, *size, &self.path, root)
    }

    /// The note inside.
    #[must_use]
    pub fn note(&self) -> &Note {
        self.checkpoint.note()
    }
}

/// The lines before a note: some words, hashes, an empty line.
pub(crate) struct Head<'a> {
    pub(crate) rest: &'a [u8],
    read: usize,
}

pub(crate) enum HashesFault {
    NotAHash { line: usize },
    TooMany,
    NoBlankLine,
}

impl<'a> Head<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Head<'a> {
        Head { rest: bytes, read: 0 }
    }

    /// The next line without its newline.
    pub(crate) fn line(&mut self) -> Option<&'a [u8]> {
        let end = self.rest.iter().position(|b| *b == b'\n')?;
        let line = &self.rest[..end];
        self.rest = &self.rest[end + 1..];
        self.read += 1;
        Some(line)
    }

    /// Lines of one hash each, up to and with an empty line.
    pub(crate) fn hashes(&mut self, max: usize) -> Result<Vec<Hash>, HashesFault> {
        let mut hashes = Vec::new();
        loop {
            let line = self.line().ok_or(HashesFault::NoBlankLine)?;
            if line.is_empty() {
                return Ok(hashes);
            }
            if hashes.len() == max {
                return Err(HashesFault::TooMany);
            }
            let hash = std::str::from_utf8(line).ok().and_then(Hash::from_base64);
            hashes.push(hash.ok_or(HashesFault::NotAHash { line: self.read })?);
        }
    }
}

/// The decimal number after a word.
pub(crate) fn number(line: &[u8], word: &[u8]) -> Option<u64> {
    decimal(std::str::from_utf8(line.strip_prefix(word)?).ok()?)
}

impl fmt::Display for LogProofFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LogProofFault::Header => f.write_str("line 1: expected `c2sp.org/tlog-proof@v1`"),
            LogProofFault::Extra => f.write_str("line 2: `extra` is followed by no canonical base64"),
            LogProofFault::Index => f.write_str("expected `index NUMBER`"),
            LogProofFault::Path { line } => write!(f, "line {line}: not a SHA-256 in base64"),
            LogProofFault::TooLong => write!(f, "more than {PATH_MAX} hashes"),
            LogProofFault::NoBlankLine => f.write_str("no empty line before the checkpoint"),
            LogProofFault::Checkpoint(fault) => write!(f, "the checkpoint: {fault}"),
        }
    }
}

impl fmt::Display for UnprovenFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UnprovenFault::Checkpoint(fault) => fault.fmt(f),
            UnprovenFault::Path(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for LogProofFault {}
impl std::error::Error for UnprovenFault {}
