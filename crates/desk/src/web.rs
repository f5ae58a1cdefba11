//! Requests and answers.

pub mod answer;
pub mod asked;
pub mod assets;
pub mod meet;
pub mod routes;
pub mod serve;
pub mod session;
