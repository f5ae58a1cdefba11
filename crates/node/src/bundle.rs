//! Everything on a stick: a tar of plain files in a fixed order, sealed to its receiver (FORMATS.md,
//! *Bundle*).
//!
//! ```text
//! manifest.json                   from whom, to whom, from which size to which, what is in it
//! register/annex/HEX              plain texts that the entries name
//! register/tile/…                 tiles and bundles of entries that the receiver lacks
//! register/checkpoint             the largest with a quorum
//! witness/add-checkpoint          what the registrar asks the receiver's witness to cosign
//! submit/HEX                      submissions on their way to the registrar
//! note/HEX                        refusals, cosigned checkpoints, state notes, freezes
//! grant/HEX                       for whom they are
//! sealed/HEX                      likewise; or, of one that goes over more than one part,
//! sealed/HEX.at/OFFSET            its bytes from there on
//! ```
//!
//! The manifest's list is what comes, in order, with sizes; a bundle that brings anything else is
//! refused. Headers are ustar, of plain files, and no extension of them is read.
//!
//! A bundle has parts of a bounded size, since a stick's file system ends at 4 GiB: `NAME.mithaq` alone, or
//! `NAME.1-of-3.mithaq` and so on. The sealed files go on from part to part; all else is in each of them, so
//! that they can be taken in in any order. (If all else fills half a part, it is in the first alone, and
//! that one comes first.) A sealed file that is not whole yet waits in `queue/piece/`, each piece named by
//! its own hash.
//!
//! What a stick brings is foreign: every file is taken by its name and its hash, checked against the
//! register, and nothing is unpacked anywhere. In memory is one file at a time, and the list.

mod export;
mod follow;
mod import;
mod join;
mod manifest;
mod piece;
mod read;
mod spool;
mod view;
mod wanted;

pub use export::{Export, Exported, PART_BYTES_MAX, Plan};
pub(crate) use follow::seen;
pub use import::{Imported, Lend, Reading};
pub use join::{Joining, join};
pub(crate) use manifest::Peer;
pub use manifest::{Listed, Manifest};
pub use read::read_manifest;
pub use view::BundleSource;
pub(crate) use wanted::Named;

use terms::Hash;
use tlog::TilePath;

/// A file in a bundle. They come in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Member {
    Manifest,
    Annex(Hash),
    Tile(TilePath),
    Checkpoint,
    AddCheckpoint,
    Submit(Hash),
    Note(Hash),
    Grant(Hash),
    Sealed(Hash),
    Piece(Hash, u64),
}

impl Member {
    /// Reads a path of a bundle.
    pub(crate) fn parse(path: &str) -> Option<Member> {
        use audit::layout::Known;
        match path {
            "manifest.json" => return Some(Member::Manifest),
            "witness/add-checkpoint" => return Some(Member::AddCheckpoint),
            _ => {}
        }
        if let Some(hash) = path.strip_prefix("submit/") {
            return Hash::from_hex(hash).map(Member::Submit);
        }
        if let Some((hash, offset)) = path.strip_prefix("sealed/").and_then(|rest| rest.split_once(".at/")) {
            let number: u64 = offset.parse().ok().filter(|number: &u64| number.to_string() == offset)?;
            return Hash::from_hex(hash).map(|hash| Member::Piece(hash, number));
        }
        match audit::layout::know(path)? {
            Known::Checkpoint => Some(Member::Checkpoint),
            Known::Tile(tile) => Some(Member::Tile(tile)),
            Known::Annex(hash) => Some(Member::Annex(hash)),
            Known::Sealed(hash) => Some(Member::Sealed(hash)),
            Known::Grant(hash) => Some(Member::Grant(hash)),
            Known::Note(hash) => Some(Member::Note(hash)),
            Known::Own => None,
        }
    }

    /// Its place in the order.
    pub(crate) const fn rank(&self) -> u8 {
        match self {
            Member::Manifest => 0,
            Member::Annex(_) => 1,
            Member::Tile(_) => 2,
            Member::Checkpoint => 3,
            Member::AddCheckpoint => 4,
            Member::Submit(_) => 5,
            Member::Note(_) => 6,
            Member::Grant(_) => 7,
            Member::Sealed(_) | Member::Piece(..) => 8,
        }
    }

    /// The most bytes that such a file has.
    pub(crate) const fn bytes_max(&self) -> u64 {
        match self {
            Member::Manifest => Manifest::BYTES_MAX,
            Member::Annex(_) => audit::folder::ANNEX_BYTES_MAX,
            Member::Tile(_) => 256 * (65_535 + 2),
            Member::Checkpoint | Member::AddCheckpoint | Member::Note(_) => 1 << 20,
            Member::Submit(_) => tlog::bundle::ENTRY_BYTES_MAX as u64,
            Member::Grant(_) => vault::grant::SEALED_GRANT_BYTES_MAX as u64,
            Member::Sealed(_) | Member::Piece(..) => u64::MAX,
        }
    }

    /// The hash that it is named by.
    pub(crate) const fn hash(&self) -> Option<&Hash> {
        match self {
            Member::Annex(hash)
            | Member::Submit(hash)
            | Member::Note(hash)
            | Member::Grant(hash)
            | Member::Sealed(hash) => Some(hash),
            Member::Manifest
            | Member::Tile(_)
            | Member::Checkpoint
            | Member::AddCheckpoint
            | Member::Piece(..) => None,
        }
    }

    /// Whether it goes straight into the vault.
    pub(crate) const fn is_sealed(&self) -> bool {
        matches!(self, Member::Sealed(_) | Member::Piece(..))
    }
}
