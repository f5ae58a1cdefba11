//! The register's files, as C2SP tlog-tiles names them: `register/` is the log's prefix.

use node::served::What;

use super::answer::{Answer, Sorry};
use super::asked::Asked;
use crate::desk::Desk;

/// Which files of the register somebody reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The checkpoint and the tiles of hashes: enough to check a proof.
    Proofs,
    /// The entries and annexes too: enough to replay.
    Entries,
}

/// A file of the register, and for how long it may be kept.
pub(crate) struct File {
    pub(crate) media: &'static str,
    pub(crate) cache: &'static str,
    pub(crate) bytes: Vec<u8>,
}

/// Gives a file by its path, which is the one in the node's folder. No other spelling is read, so none leads elsewhere.
pub(crate) fn file(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let path = asked.path.strip_prefix('/').unwrap_or_default();
    let file = desk.served.file(path)?.ok_or(Sorry::NotFound)?;
    let (part, media) = match file.what {
        What::Checkpoint => (Part::Proofs, "text/plain; charset=utf-8"),
        What::Hashes => (Part::Proofs, "application/octet-stream"),
        What::Entries | What::Annex => (Part::Entries, "application/octet-stream"),
    };
    // A tile never changes under its name, nor does a partial one: its name says how wide it is.
    let cache = match (file.what, desk.manner().public >= Some(part)) {
        (What::Checkpoint, true) => "public, max-age=5",
        (What::Checkpoint, false) => "private, no-cache",
        (What::Hashes | What::Entries | What::Annex, true) => "public, max-age=31536000, immutable",
        // What is not for anybody is asked for again with each reading, so that whoever may no more gets it from no cache.
        (What::Hashes | What::Entries | What::Annex, false) => "private, no-cache",
    };
    Ok(Answer::File(File { media, cache, bytes: file.bytes }))
}
