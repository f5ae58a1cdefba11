//! What does a person see and do at a participant's node?
//!
//! The desk of one participant: pages in the languages of `lang`, each also as JSON from the same query. It
//! reads the docket, and holds no truth of its own; what is written in it is a draft on the participant's private side,
//! until somebody signs it with a key that lies here.
//!
//! - [`desk`]: the node behind the pages, and its times.
//! - [`web`]: the one table of routes, what is asked, what is answered, who is signed in.
//! - `index`: what pages ask of the docket, found once for each state of it;
//! - `ahead`: what is known to come;
//! - `twins`: which matters are the same as another;
//! - `map`: places on a map;
//! - [`page`]: a module for each page: what it shows, as data, and its template.
//! - `writing`: from what was typed to what can be signed;
//! - `signing`: a draft becomes an act, once.
//! - `deed`: what is said of an exhibit, and that somebody could not be reached;
//! - `relief` and `correction`: relief in a matter, and what is said later of an entry in it;
//! - `evidence`: exhibits, and files that come in to become some;
//! - `people`: who works here, and may what of the private side;
//! - [`start`]: the page before several desks on one machine.
//! - [`words`]: what is on the docket, in a reader's language.

mod ahead;
pub mod alert;
mod correction;
mod deed;
pub mod desk;
mod evidence;
mod index;
mod map;
pub mod page;
mod people;
mod relief;
mod signing;
pub mod start;
mod twins;
pub mod web;
pub mod words;
mod writing;

pub use desk::Desk;
pub use map::pack::Pack;
pub use start::serve_start;
pub use web::listen::{serve, serve_operators};
