//! What does a participant keep for itself, beside the register?
//!
//! The private side of a node, in a SQLite database beside its keys: never in the register, nor in the data folder, which
//! may be copied and shown. And in another, which can be deleted, what the register comes to, as far as it is not in memory.
//!
//! - [`attic`]: where the docket lies that nobody looks at;
//! - [`private`]: the database, and who may write to it;
//! - [`name`]: what a line of it is called;
//! - [`draft`]: what was written and is not signed;
//! - [`watch`]: the log of those who watch, and [`shift`], who has the watch and who took it over from whom;
//! - [`task`]: what somebody here is to do;
//! - [`team`]: teams that are out, and by when each is to be heard again;
//! - [`memo`]: what is noted beside a matter;
//! - [`directory`]: whom one can call;
//! - [`held`]: forms that were sent while the desk was locked;
//! - [`person`]: who works here, and how each reads the pages;
//! - [`view`]: lists as somebody wants them again;
//! - [`access`]: who may see and do what of it;
//! - [`alert`]: what somebody has to be told of, who was told, and who took it; and [`outgoing`], what of it goes to a program outside;
//! - [`feed`]: who may follow with a program what concerns it;
//! - [`looked`]: what was on the record when somebody looked last;
//! - [`passkey`]: the passkeys that officers made here, and the acts that wait for them;
//! - [`read`]: what a draft held when somebody read it;
//! - [`fault`]: what can go wrong.

pub mod access;
pub mod alert;
pub mod attic;
pub mod directory;
pub mod draft;
pub mod fault;
pub mod feed;
pub mod held;
pub mod looked;
pub mod memo;
pub mod name;
pub mod outgoing;
pub mod passkey;
pub mod person;
pub mod private;
pub mod read;
pub mod shift;
pub mod task;
pub mod team;
pub mod view;
pub mod watch;

pub use access::Part;
pub use alert::{Alert, AlertKind, Raised, Told};
pub use attic::Attic;
pub use directory::Post;
pub use draft::{About, Agreed, Draft, DraftId, State};
pub use fault::Fault;
pub use feed::Feed;
pub use held::Held;
pub use looked::Seen;
pub use memo::Memo;
pub use name::Name;
pub use outgoing::Outgoing;
pub use passkey::{HalfSigned, Passkey};
pub use private::Private;
pub use read::WasRead;
pub use shift::{Handover, Shift};
pub use task::Task;
pub use team::Team;
pub use view::View;
pub use watch::{Line, SAYS_BYTES_MAX};
