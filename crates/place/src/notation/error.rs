//! Why a text is no place, and what to do.

use std::fmt;

/// Why a text is no place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// There is nothing.
    Empty,
    /// It is longer than any place is written.
    Long,
    /// A character that stands in no notation.
    Character(char),
    /// Two angles can't be told apart in it.
    NotTwo,
    /// A comma may be a decimal sign or part two numbers.
    Comma,
    /// A number of another form.
    Number(String),
    /// Minutes or seconds of sixty or more, or a fraction before the last of them.
    Sixty(String),
    /// A sign and a letter, or marks in another order.
    Marks,
    /// Two latitudes, or two longitudes.
    TwoOfOne,
    /// Longitude seems to stand first.
    WrongWayRound,
    /// A latitude over 90 or a longitude over 180.
    OffTheGlobe,
    /// How far off it may be is not readable.
    Uncertainty(String),
    /// A `geo:` address of another kind.
    Address,
    /// A letter that a grid reference does not have there.
    Letter {
        /// The letter.
        letter: char,
        /// Where it stands.
        place: &'static str,
        /// What may stand there.
        known: &'static str,
    },
    /// A zone that there is not.
    Zone(String),
    /// The square is not in the band that its letter says.
    Band(char),
    /// Not as many digits of easting as of northing, or more than five of each.
    Digits(usize),
}

impl Unreadable {
    /// A stable code, as `place::unreadable_number`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Unreadable::Empty => "place::empty",
            Unreadable::Long => "place::long",
            Unreadable::Character(_) => "place::unreadable_character",
            Unreadable::NotTwo => "place::not_two",
            Unreadable::Comma => "place::comma",
            Unreadable::Number(_) => "place::unreadable_number",
            Unreadable::Sixty(_) => "place::sixty",
            Unreadable::Marks => "place::marks",
            Unreadable::TwoOfOne => "place::two_of_one",
            Unreadable::WrongWayRound => "place::wrong_way_round",
            Unreadable::OffTheGlobe => "place::not_on_the_globe",
            Unreadable::Uncertainty(_) => "place::unreadable_uncertainty",
            Unreadable::Address => "place::unreadable_address",
            Unreadable::Letter { .. } => "place::grid_letter",
            Unreadable::Zone(_) => "place::grid_zone",
            Unreadable::Band(_) => "place::grid_band",
            Unreadable::Digits(_) => "place::grid_digits",
        }
    }

    /// What to do.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Unreadable::Empty | Unreadable::Long | Unreadable::Character(_) | Unreadable::NotTwo => {
                "write degrees, as `34.5253, 69.1783` or `34°31'31\"N 69°10'42\"E`, or a grid reference, as \
                 `42SWD16362041`"
                    .to_owned()
            }
            Unreadable::Comma => {
                "write a decimal point, or a semicolon between the two: `34.5253; 69.1783`".to_owned()
            }
            Unreadable::Number(_) => "write digits with at most one point".to_owned(),
            Unreadable::Sixty(_) => {
                "minutes and seconds are 0 to 59, and only the last number has a fraction".to_owned()
            }
            Unreadable::Marks => {
                "write degrees, minutes, seconds in this order, and either a sign or a letter: `34°31'31\"S`"
                    .to_owned()
            }
            Unreadable::TwoOfOne => "one of them is N or S, and one E or W".to_owned(),
            Unreadable::WrongWayRound => {
                "latitude comes first; with letters any order is read: `69.1783E 34.5253N`".to_owned()
            }
            Unreadable::OffTheGlobe => "latitude is at most 90 degrees, longitude at most 180".to_owned(),
            Unreadable::Uncertainty(_) => "write it at the end, as `± 500 m` or `± 2 km`".to_owned(),
            Unreadable::Address => "write `geo:34.5253,69.1783` or `geo:34.5253,69.1783;u=35`".to_owned(),
            Unreadable::Letter { known, .. } => format!("one of {known} may stand there"),
            Unreadable::Zone(_) => "zones are 1 to 60; at the poles there is none".to_owned(),
            Unreadable::Band(_) => "look at the letters after the zone: one of them was misread".to_owned(),
            Unreadable::Digits(_) => {
                "write as many digits of easting as of northing, five of each at most: `42SWD16362041`"
                    .to_owned()
            }
        }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unreadable::Empty => f.write_str("there is no place here"),
            Unreadable::Long => f.write_str("this is too long for a place"),
            Unreadable::Character(c) => write!(f, "`{c}` stands in no way of writing a place"),
            Unreadable::NotTwo => f.write_str("no latitude and longitude can be told apart here"),
            Unreadable::Comma => f.write_str("these commas can be read in two ways"),
            Unreadable::Number(text) => write!(f, "`{text}` is no number"),
            Unreadable::Sixty(text) => write!(f, "`{text}` can't stand there"),
            Unreadable::Marks => f.write_str("signs, marks and letters don't fit together"),
            Unreadable::TwoOfOne => f.write_str("both numbers go the same way"),
            Unreadable::WrongWayRound => f.write_str("longitude seems to stand first"),
            Unreadable::OffTheGlobe => f.write_str("this place is not on the globe"),
            Unreadable::Uncertainty(text) => write!(f, "`{text}` is no distance"),
            Unreadable::Address => f.write_str("this `geo:` address is of another kind"),
            Unreadable::Letter { letter, place, .. } => {
                write!(f, "`{letter}` can't be the {place} of a grid reference")
            }
            Unreadable::Zone(text) => write!(f, "there is no zone `{text}`"),
            Unreadable::Band(letter) => write!(f, "this square is not in the band `{letter}`"),
            Unreadable::Digits(number) => write!(f, "{number} digits don't make an easting and a northing"),
        }
    }
}

impl std::error::Error for Unreadable {}
