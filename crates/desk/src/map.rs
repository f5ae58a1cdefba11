//! Places on a map: what is drawn of an instrument's lines and of matters, for a page that stands still and for one that
//! moves. A map decides nothing: areas come from `place`, and matters from the same query as their list.
//!
//! - `drawings`: the instrument's lines whose files are at hand;
//! - `application`: how far they are used, and the base map is drawn;
//! - `mercator`: where on the square of the world a place is;
//! - `points`: the places of a list, in the order of tiles;
//! - `tile`: a tile of them, with clusters;
//! - `names`: places by name;
//! - `pack`: the base map;
//! - `figure`: the drawing of a page without a script.

pub(crate) mod application;
pub(crate) mod drawings;
pub(crate) mod figure;
pub(crate) mod mercator;
pub(crate) mod names;
pub(crate) mod pack;
pub(crate) mod points;
pub(crate) mod tile;

use act::value::FieldValue;
use docket::v1::Matter;
use terms::Place;

/// Where a matter is: the first place among what was given of all of it.
pub(crate) fn place_of(matter: &Matter) -> Option<Place> {
    matter.fields_of_all().iter().find_map(|(_, value)| match value {
        FieldValue::Place(at) => Some(*at),
        _ => None,
    })
}
