//! Requests and answers.

pub mod acts;
pub(crate) mod answer;
pub mod asked;
pub mod assets;
pub(crate) mod challenge;
pub(crate) mod content;
pub(crate) mod counted;
pub(crate) mod doors;
pub(crate) mod events;
pub(crate) mod flow;
pub mod health;
pub mod links;
pub mod listen;
pub mod meet;
pub(crate) mod passkey;
pub mod reader;
pub mod register;
pub mod rounds;
pub mod routes;
pub mod serve;
pub mod session;
pub(crate) mod token;
pub(crate) mod upload;
pub mod witness;
