//! In which words, direction and digits does a person read this?
//!
//! The program's own words are Fluent messages, a folder of files for each language; nothing here assumes
//! that there are two. What participants write is theirs, and is never translated.
//!
//! - [`language`]: which languages there are, how each runs, and who has read its texts.
//! - [`alphabet`]: in which order each puts names.
//! - [`content`]: what other languages call themselves, and how they run.
//! - [`manner`]: calendars and digits.
//! - [`texts`]: a language's messages.
//! - [`procedures`]: what the library's procedures say in a language.
//! - [`time`]: dates, times and lengths in words.

pub mod alphabet;
pub mod content;
pub mod language;
pub mod manner;
pub mod procedures;
pub mod texts;
pub mod time;

pub use alphabet::Alphabet;
pub use language::{Direction, LANGUAGES, Language};
pub use manner::{Calendar, Digits, Manner};
pub use procedures::{Procedures, Sentence};
pub use texts::{Arg, Texts};
