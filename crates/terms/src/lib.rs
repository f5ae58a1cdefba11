//! What are the words that every other room uses? Ids, kinds, instants and references, as types
//! with one way in each.
//!
//! In reading order:
//! - [`base64`]: the one text form of bytes in notes and JSON;
//! - [`hash`]: SHA-256 values, and the act id;
//! - [`instant`]: whole seconds, and the kinds of time that must not be compared;
//! - [`name`]: codes, participant ids, key labels, origins;
//! - [`word`]: closed lists: kinds of act, roles, capacities, custody, grounds;
//! - [`place`]: where something is;
//! - [`item`]: how an act names a thing (`ID#f1`);
//! - [`mod@reference`]: how people say a thing (`CASE-25-0147-G`);
//! - [`voice`]: a register's name, to be read aloud;
//! - [`text`]: `text_in_json!`, types that are text in JSON;
//! - [`diagnostic`]: what is wrong with a person's file, and where.

pub mod base64;
pub mod diagnostic;
pub mod hash;
pub mod instant;
pub mod item;
pub mod name;
pub mod place;
pub mod reference;
#[cfg(feature = "schema")]
pub mod schema;
pub mod text;
pub mod voice;
pub mod word;

pub use diagnostic::{Diagnostic, Label, Severity};
pub use hash::{ActId, Hash};
pub use instant::{Claimed, Instant, Seconds};
pub use item::{Item, ItemPart};
pub use name::{Code, Origin, ParticipantId, SignerName};
pub use place::Place;
pub use reference::Reference;
pub use voice::VoiceName;
pub use word::{Capacity, Custody, Kind, RefusalGround, Role};
