//! What does a person see and do at a participant's node?
//!
//! The desk of one participant: pages in the languages of `lang`, each also as JSON from the same query. It
//! reads the docket; it holds no truth of its own.
//!
//! - [`desk`]: the node behind the pages, and its times.
//! - [`web`]: the one table of routes, what is asked, what is answered, who is signed in.
//! - [`page`]: a module for each page: what it shows, as data, and its template.
//! - [`words`]: what is on the docket, in a reader's language.

pub mod desk;
pub mod page;
pub mod web;
pub mod words;

pub use desk::Desk;
pub use web::serve::serve;
