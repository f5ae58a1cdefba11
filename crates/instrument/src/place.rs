//! What an instrument says about places: reference lines, areas, how coarse a place is written down.
//!
//! A line is used for calculation only, without prejudice to anybody's position on its status. An instrument may name
//! several, or none; where they don't agree, a place is *not determined*.

use std::collections::BTreeMap;
use std::fmt;

use terms::{Code, Hash, ParticipantId};

use crate::model::Basis;

/// A reference line.
///
/// ```toml
/// [line.ridge]
/// source = "Survey office, sheets 1 to 9"
/// edition = "2019"
/// hash = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
/// precision = 500
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Who drew it.
    pub source: String,
    /// Which drawing of theirs.
    pub edition: String,
    /// Its file.
    pub file: LineFile,
    /// Metres within which the drawing is true to what it draws, at least 1.
    pub precision_m: u64,
    /// Metres beyond which nothing is said by this line; 100,000 unless the instrument says so.
    pub reach_m: u64,
    /// What each participant calls it; it is shown as theirs.
    pub labels: BTreeMap<ParticipantId, String>,
    /// Where the clause comes from.
    pub basis: Basis,
}

/// Where the bytes of a line are, by their SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineFile {
    /// In every copy of the register.
    Annex(Hash),
    /// Kept elsewhere, where its licence or its owner wants it.
    Elsewhere(Hash),
}

impl LineFile {
    /// SHA-256 of the file.
    #[must_use]
    pub const fn hash(&self) -> Hash {
        match self {
            LineFile::Annex(hash) | LineFile::Elsewhere(hash) => *hash,
        }
    }
}

/// A side of a line, for whoever goes along it in the order of its vertices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// On the left hand.
    Left,
    /// On the right hand.
    Right,
}

impl Side {
    /// Every word of the list.
    pub const ALL: [Side; 2] = [Side::Left, Side::Right];

    /// The word in the file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Side::Left => "left",
            Side::Right => "right",
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The area in which a participant is responsible under the instrument. It says nothing of whose it is.
///
/// ```toml
/// [area.a]
/// participant = "north"
/// side = { ridge = "left" }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// Who is responsible there.
    pub participant: ParticipantId,
    /// On which side of each line it lies.
    pub sides: BTreeMap<Code, Side>,
    /// Where the clause comes from.
    pub basis: Basis,
}

/// How places are written down and shown.
///
/// ```toml
/// [place]
/// coarseness = 1000
/// disclaimer = { en = "Lines are for calculation only." }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceRules {
    /// The grid on which a place in the open part of an act lies, in metres, 1 to 100,000; 1,000 unless the
    /// instrument says so.
    pub coarseness_m: u64,
    /// What stands under every map and table of places, by language (BCP 47). Where it is silent the program has a
    /// sentence of its own.
    pub disclaimer: BTreeMap<String, String>,
}

impl PlaceRules {
    /// The coarseness where an instrument is silent, in metres.
    pub const COARSENESS_M: u64 = 1_000;
    /// How far a line reaches where an instrument is silent, in metres.
    pub const REACH_M: u64 = 100_000;
}

impl Default for PlaceRules {
    fn default() -> PlaceRules {
        PlaceRules { coarseness_m: PlaceRules::COARSENESS_M, disclaimer: BTreeMap::new() }
    }
}
