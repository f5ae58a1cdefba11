//! How do participants that never trust each other, and may never meet on a network, keep one register?
//! A node is a data folder and a folder of keys, for one participant. It meets others in a folder that
//! both reach, or by stick.
//!
//! In reading order:
//! - [`home`]: what is where, and the node's own settings;
//! - [`found`]: a register begins;
//! - [`node`]: a node at work: what it holds, what it knows; [`happened`]: what happened, in order;
//!   [`rebuilt`]: where all of that lies, made anew;
//! - [`form`]: what an opening or a step asks for;
//! - [`author`]: acts are written and signed; [`drafted`]: on several machines, one after the other;
//! - [`beat`]: the registrar's checkpoints and marks;
//! - [`evidence`]: exhibits are sealed, granted, opened; [`words`]: those that are words, in memory;
//! - [`upload`]: files come in pieces from this participant's own people; [`view`]: an exhibit is looked at, in memory;
//!   [`film`]: what a camera wrote into a film;
//! - [`numbers`]: which number each key signed last;
//! - [`stamp`]: what a guarantor takes in for the registrar;
//! - [`bundle`]: everything on a stick, both ways;
//! - [`taken_back`]: what lay here for an act that came to nothing goes;
//! - [`pending`]: acts that have no effect yet;
//! - [`proof`]: one entry, to take away;
//! - [`meet`]: two nodes that reach each other; [`served`]: what of the register others may read;
//! - [`witness`]: what this node's witness is asked over a network, and what it asks others' witnesses;
//! - [`hand_in`]: acts that programs hand in, each by itself;
//! - [`disk`]: a folder as `audit` reads it; [`batch`]: signatures on all cores;
//! - [`fault`]: what can go wrong.
//!
//! Below them: `queue`, what waits for the registrar; `past`, what was known earlier; `known`, what is noticed in the
//! entries; `annex`, which files they name lie here.

mod annex;
pub mod author;
pub mod batch;
pub mod beat;
pub mod bundle;
pub mod disk;
pub mod drafted;
mod enter;
pub mod evidence;
pub mod fault;
pub mod film;
pub mod form;
pub mod found;
pub mod hand_in;
pub mod happened;
pub mod home;
mod known;
pub mod lines;
pub mod meet;
pub mod node;
pub mod numbers;
mod past;
pub mod pending;
pub mod proof;
mod queue;
pub mod rebuilt;
pub mod served;
pub mod stamp;
pub mod taken_back;
pub mod upload;
pub mod view;
pub mod witness;
pub mod words;

pub use fault::Fault;
pub use happened::Happened;
pub use home::{Home, Settings};
pub use node::Node;
