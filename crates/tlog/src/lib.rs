//! Is this entry in the log, is this log the one I saw before, and who vouches for it? The Merkle
//! tree, its tiles, checkpoints, proofs, cosignatures and policies, as C2SP specifies them.
//!
//! In reading order:
//! - [`tree`]: the two hashes of RFC 6962, and trees held whole;
//! - [`frontier`]: a tree that only grows, held in 64 hashes at most;
//! - [`prove`], [`verify`]: inclusion and consistency;
//! - [`tile`], [`bundle`]: the files of a log;
//! - [`edge`]: which files change when the log grows;
//! - [`tile_reader`]: a tree read from its tiles;
//! - [`checkpoint`]: size and root, as a registrar signs them;
//! - [`cosignature`]: a witness's word for it, with the time;
//! - [`policy`]: which witnesses count, and how many are enough;
//! - [`cosigned`]: a checkpoint with its cosignatures, judged by a policy;
//! - [`log_proof`]: one entry's proof as a file;
//! - [`witness`]: what a witness is asked, and when it refuses.
//!
//! No I/O, no clock, no randomness.
//!
//! ```
//! use tlog::tree::MemoryTree;
//! use tlog::{inclusion_proof, leaf_hash, root_of_leaves, verify_inclusion};
//!
//! let leaves: Vec<_> = ["genesis", "enrol", "open"].map(|entry| leaf_hash(entry.as_bytes())).into();
//! let proof = inclusion_proof(&MemoryTree::of(&leaves), 1, 3).expect("entry 1 of 3");
//! assert_eq!(verify_inclusion(&leaf_hash(b"enrol"), 1, 3, &proof, &root_of_leaves(&leaves)), Ok(()));
//! ```

pub mod bundle;
pub mod checkpoint;
pub mod cosignature;
pub mod cosigned;
pub mod edge;
pub mod frontier;
pub mod log_proof;
pub mod policy;
pub mod prove;
pub mod tile;
pub mod tile_reader;
pub mod tree;
pub mod verify;
pub mod witness;

pub use checkpoint::{Checkpoint, CheckpointFault};
pub use cosigned::{CosignedCheckpoint, CosignedFault, Cosigners};
pub use edge::Edge;
pub use frontier::Frontier;
pub use log_proof::LogProof;
pub use policy::{Policy, PolicyError};
pub use prove::{HashReader, ProveError, consistency_proof, inclusion_proof, root_of};
pub use tile::{TileKind, TilePath};
pub use tile_reader::TileReader;
pub use tree::{EMPTY_ROOT, MemoryTree, SIZE_MAX, leaf_hash, node_hash, root_of_leaves};
pub use verify::{ProofFault, Rise, climb, verify_consistency, verify_inclusion};
