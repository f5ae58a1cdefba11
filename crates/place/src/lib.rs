//! Where is it, and on which side of the agreed lines? Places as people write them, how far they are apart, in which area
//! they lie if that is determined, and how coarsely they are written down.
//!
//! What replay and signatures may read is in whole numbers: a place as it is read from degrees, minutes and seconds, its
//! coarsened place, the vertices of a line. What is only shown rests on floating point: distances, bearings, sides,
//! determinations, and grid references (these on a library of its own, so that they are the same on every machine).
//!
//! In reading order:
//! - [`notation`]: any way of writing a place, to a place; and the ways in which it is shown;
//! - [`mgrs`]: the grid of NATO and the United Nations;
//! - [`coarse`]: the agreed grid;
//! - [`geodesic`]: how far, and in which direction;
//! - [`line`](mod@line): reference lines;
//! - [`area`]: in an area, or not determined.

pub mod area;
pub mod coarse;
pub mod geodesic;
pub mod line;
pub mod mgrs;
pub mod notation;
mod number;
mod side;

pub use area::{Determination, Outcome, Reason, determine};
pub use coarse::coarsened;
pub use geodesic::{Bearing, bearing};
pub use line::{Line, Nearest, Position};
pub use notation::Unreadable;
