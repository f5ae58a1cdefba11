//! Where a file is laid down on a page that is no form: it begins the draft that it goes with.

use super::evidence::size;
use super::fresh;
use crate::deed::Deed;
use crate::web::answer::Sorry;
use crate::web::upload::{BYTES_MAX, FORM_BYTES_MAX};
use crate::words::Reader;

/// The draft that a file begins.
pub(super) struct Tray {
    pub(super) draft: String,
    /// What its form says it is about.
    pub(super) about: Vec<(&'static str, String)>,
    /// The largest file, and the largest that a browser without scripts can send.
    pub(super) most: (String, String),
}

impl Tray {
    pub(super) fn of(reader: Reader<'_>, about: Vec<(&'static str, String)>) -> Result<Tray, Sorry> {
        let most = (size(reader, BYTES_MAX), size(reader, FORM_BYTES_MAX));
        Ok(Tray { draft: fresh()?, about, most })
    }

    /// Of files that are to be offered, outside any matter.
    pub(super) fn of_offer(reader: Reader<'_>) -> Result<Tray, Sorry> {
        Tray::of(reader, vec![("deed", Deed::Offer.as_str().to_owned())])
    }
}
