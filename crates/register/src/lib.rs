//! Where does a register stand, so that nothing that was promised is ever lost? The durable log in a
//! folder: sequencing, files, recovery, annexes.
//!
//! In reading order:
//! - [`disk`]: what is asked of a disk, and one that fails on purpose;
//! - [`folder`]: what is where, and how a file gets there whole;
//! - [`log`]: a registrar's register: submissions go in, receipts come out;
//! - [`group`]: many submitters, one sync;
//! - [`Ids`]: where each act stands;
//! - [`judge`]: who decides what is let in;
//! - [`reader`]: entries and hashes of any register's folder;
//! - [`mirror`]: a register that somebody else sequences;
//! - [`shelf`]: annexes and notes, by their hash;
//! - [`witness`], [`intake`]: what two other keys must remember;
//! - [`fault`]: what can go wrong;
//! - [`read_own`]: the node's own files, as an audit reads them.
//!
//! Below them: `journal`, entries on their way into tiles; `tiles`, the tiles; `kept`, `twin` and
//! `record`, what is kept beside the keys.
//!
//! No clock and no randomness: `now` is a parameter.

pub mod disk;
pub mod fault;
pub mod folder;
pub mod group;
mod ids;
pub mod intake;
mod journal;
pub mod judge;
mod kept;
pub mod log;
pub mod mirror;
mod own;
pub mod reader;
mod record;
pub mod shelf;
mod tiles;
mod twin;
pub mod witness;

pub use disk::{Disk, DiskFault, RealDisk};
pub use fault::{Fault, KnownBy};
pub use folder::Folder;
pub use group::Group;
pub use ids::Ids;
pub use intake::IntakeChain;
pub use judge::Judge;
pub use log::{Answer, Handed, Log, Recovery, Registrar, Start};
pub use mirror::Mirror;
pub use own::{Own, read_own};
pub use reader::{Entries, Reader};
pub use shelf::Shelf;
pub use witness::Witness;
