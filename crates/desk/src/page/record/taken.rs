//! The verifier to take away: one page, which checks proofs without any network.

use crate::desk::Desk;
use crate::web::answer::{Answer, Sorry};
use crate::web::asked::Asked;

/// What it is saved as.
const NAME: &str = "mithaq-verifier.html";

pub(crate) fn verifier(_: &Desk, _: &Asked) -> Result<Answer, Sorry> {
    Ok(Answer::TakeAway(NAME.to_owned(), "text/html; charset=utf-8", verifier::page().as_bytes().to_vec()))
}
