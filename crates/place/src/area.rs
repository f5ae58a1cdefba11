//! In which area a place is, if that is determined.
//!
//! Wherever within its own uncertainty a place may be, and wherever within its precision a line may run, every line has to
//! put it on the side of one and the same area. Else it is *not determined*: the common answer, and no fault of anybody's.
//! The answer is shown, never signed: it rests on floating point (see [`geodesic`](crate::geodesic)), so of two machines
//! one may call a place not determined that is within nanometres of the bound.

use std::collections::BTreeMap;
use std::fmt;

use instrument::Instrument;
use instrument::place::{Area, Side};
use terms::{Code, Place};

use crate::line::{Line, Nearest, Position};

/// What comes out for a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Determination {
    /// Where it is.
    pub outcome: Outcome,
    /// How far it is from each line of the instrument whose file is at hand.
    pub lines: BTreeMap<Code, Nearest>,
}

/// In an area, or not determined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// In this one, the area in which its participant is responsible under the instrument.
    Area(Code),
    /// Not determined, for these reasons; at least one.
    NotDetermined(Vec<Reason>),
}

/// Why a place is not determined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The instrument names no line.
    NoLine,
    /// The instrument names no area.
    NoArea,
    /// The file of this line is not at hand.
    NotAtHand {
        /// The line.
        line: Code,
    },
    /// It is no farther from this line than the line's precision and its own uncertainty together.
    Near {
        /// The line.
        line: Code,
        /// Whole metres, rounded down.
        distance_m: u64,
        /// Farther than this it would have to be.
        within_m: u64,
    },
    /// It is, or may be, beyond an end of this line, where there is no side.
    PastEnd {
        /// The line.
        line: Code,
    },
    /// Within its uncertainty it has this line now on one hand, now on the other: the line winds around it.
    Winds {
        /// The line.
        line: Code,
    },
    /// It is, or may be, farther from this line than the instrument uses it.
    Far {
        /// The line.
        line: Code,
        /// Whole metres, rounded down.
        distance_m: u64,
        /// How far the line is used.
        reach_m: u64,
    },
    /// Lines put it in different areas, or one of them in none.
    Differ,
    /// Every line agrees, and the instrument names no area there.
    NoAreaThere,
}

impl Reason {
    /// A stable word, for machines.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Reason::NoLine => "no-line",
            Reason::NoArea => "no-area",
            Reason::NotAtHand { .. } => "not-at-hand",
            Reason::Near { .. } => "near",
            Reason::PastEnd { .. } => "past-end",
            Reason::Winds { .. } => "winds",
            Reason::Far { .. } => "far",
            Reason::Differ => "differ",
            Reason::NoAreaThere => "no-area-there",
        }
    }

    /// The line that it is about, if it is about one.
    #[must_use]
    pub const fn line(&self) -> Option<&Code> {
        match self {
            Reason::NotAtHand { line }
            | Reason::Near { line, .. }
            | Reason::PastEnd { line }
            | Reason::Winds { line }
            | Reason::Far { line, .. } => Some(line),
            Reason::NoLine | Reason::NoArea | Reason::Differ | Reason::NoAreaThere => None,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::NoLine => f.write_str("the instrument names no reference line"),
            Reason::NoArea => f.write_str("the instrument names no area"),
            Reason::NotAtHand { line } => write!(f, "the file of the line `{line}` is not at hand"),
            Reason::Near { line, distance_m, within_m } => write!(
                f,
                "it is {distance_m} m from the line `{line}`, and {within_m} m is what the line's precision and the \
                 place's uncertainty come to"
            ),
            Reason::PastEnd { line } => write!(f, "it may be beyond an end of the line `{line}`"),
            Reason::Winds { line } => write!(f, "the line `{line}` winds around it"),
            Reason::Far { line, distance_m, reach_m } => {
                write!(f, "it is {distance_m} m from the line `{line}`, which is used to {reach_m} m")
            }
            Reason::Differ => f.write_str("the lines differ"),
            Reason::NoAreaThere => f.write_str("the instrument names no area on that side"),
        }
    }
}

/// In which area of an instrument a place is.
///
/// `drawings` are the lines whose files are at hand, by the instrument's name for each. That a drawing is the one whose
/// hash the instrument has is for the caller to see to.
#[must_use]
pub fn determine(place: &Place, instrument: &Instrument, drawings: &BTreeMap<Code, Line>) -> Determination {
    let mut reasons = Vec::new();
    let mut lines = BTreeMap::new();
    let mut sides: BTreeMap<&Code, Side> = BTreeMap::new();
    if instrument.lines.is_empty() {
        reasons.push(Reason::NoLine);
    } else if instrument.areas.is_empty() {
        reasons.push(Reason::NoArea);
    }
    for (name, rule) in &instrument.lines {
        let Some(drawing) = drawings.get(name) else {
            reasons.push(Reason::NotAtHand { line: name.clone() });
            continue;
        };
        let nearest = drawing.nearest(place);
        let bound = Bound { within_m: rule.precision_m + place.radius_m, reach_m: rule.reach_m };
        match side(place, drawing, nearest, bound, name) {
            Ok(side) => {
                sides.insert(name, side);
            }
            Err(reason) => reasons.push(reason),
        }
        lines.insert(name.clone(), nearest);
    }
    let outcome =
        if reasons.is_empty() { agreed(instrument, &sides) } else { Outcome::NotDetermined(reasons) };
    Determination { outcome, lines }
}

#[derive(Clone, Copy)]
struct Bound {
    /// Precision and uncertainty together: by so much place and line may have moved towards each other.
    within_m: u64,
    reach_m: u64,
}

/// The side of one line on which a place is for certain.
fn side(place: &Place, drawing: &Line, nearest: Nearest, bound: Bound, name: &Code) -> Result<Side, Reason> {
    let line = || name.clone();
    let distance_mm = nearest.distance_mm;
    let distance_m = distance_mm / 1_000;
    let within_mm = bound.within_m.saturating_mul(1_000);
    if distance_mm <= within_mm {
        return Err(Reason::Near { line: line(), distance_m, within_m: bound.within_m });
    }
    if distance_mm.saturating_add(within_mm) > bound.reach_m.saturating_mul(1_000) {
        return Err(Reason::Far { line: line(), distance_m, reach_m: bound.reach_m });
    }
    // Wherever the place may be, the nearest point is no end: each distance moves by no more than the place does.
    let to_end = drawing.to_end_mm(place);
    let past_end = to_end.is_some_and(|to_end| to_end <= distance_mm.saturating_add(2 * within_mm));
    let side = match nearest.position {
        Position::Beside(side) if !past_end => side,
        Position::Beside(_) | Position::Beyond => return Err(Reason::PastEnd { line: line() }),
        Position::On => return Err(Reason::Near { line: line(), distance_m, within_m: bound.within_m }),
    };
    #[expect(clippy::cast_precision_loss, reason = "metres on the globe")]
    let metres = bound.within_m as f64;
    if drawing.turns_within(place, metres, nearest.position) {
        return Err(Reason::Winds { line: line() });
    }
    Ok(side)
}

/// The area that lies on the place's side of every line.
fn agreed(instrument: &Instrument, sides: &BTreeMap<&Code, Side>) -> Outcome {
    let fits =
        |area: &Area| sides.iter().filter(|(line, side)| area.sides.get(**line) == Some(*side)).count();
    let found = instrument.areas.iter().find(|(_, area)| fits(area) == sides.len());
    match found {
        Some((name, _)) => Outcome::Area(name.clone()),
        // With one area only: no line puts it there.
        None if instrument.areas.values().all(|area| fits(area) == 0) => {
            Outcome::NotDetermined(vec![Reason::NoAreaThere])
        }
        None => Outcome::NotDetermined(vec![Reason::Differ]),
    }
}
