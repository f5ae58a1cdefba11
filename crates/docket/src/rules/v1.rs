//! Rules, version 1: time, finality and silence (T1–T22), and procedures as an instrument says them.
//!
//! In reading order:
//! - [`ledger`]: keys, seats, chains: what is judged at once, in index order (T3);
//! - [`marks`]: marks, witness time, register time, dead time (T5–T8);
//! - [`law`]: the instrument that a matter runs under;
//! - [`few`]: a small map; [`paged`]: a large one that is cheap to copy; [`shared`]: one whose values may lie in an [`attic`];
//! - [`clock`]: the arithmetic of clocks (T11–T12, PROCEDURE 4.4);
//! - [`voices`]: who says what in a step that several decide;
//! - [`matter`]: strands, steps, silence;
//! - [`exhibit`]: offered, filed, shared, answered;
//! - [`void`], [`event`]: why an act has no effect; what happened;
//! - [`replay`]: all of it in the order of the register;
//! - [`state`]: what it came to, as sorted lines and a hash.

pub mod attic;
pub mod clock;
pub mod event;
pub mod exhibit;
pub mod few;
pub mod law;
pub mod ledger;
pub mod marks;
pub mod matter;
pub mod paged;
pub mod replay;
mod settle;
pub mod shared;
pub mod state;
pub mod succession;
pub mod voices;
pub mod void;

pub use attic::Attic;
pub use event::{Event, What};
pub use law::Law;
pub use ledger::{Ledger, Obligation};
pub use matter::{Matter, MatterKey};
pub use replay::{Annexes, Foreseen, Judged, Past, Prospect, Replay, Unfit, Verifier};
pub use settle::asked::Asked;
pub use settle::taken_back::DISOWN_WINDOW;
pub use settle::{Screening, Settlement, Stance, Table, Transcript};
pub use void::VoidReason;
