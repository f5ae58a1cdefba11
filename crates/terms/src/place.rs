//! Where something is: whole numbers, so that every machine has the same place.

use serde::{Deserialize, Serialize};

/// A place: degrees × 10⁷ on WGS 84, and the radius within which it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case", expecting = "an object")]
pub struct Place {
    /// Latitude, −900,000,000 to 900,000,000.
    pub lat_e7: i64,
    /// Longitude, −1,800,000,000 to 1,800,000,000.
    pub lon_e7: i64,
    /// Metres, at most half the way around the globe.
    pub radius_m: u64,
}

impl Place {
    /// The largest radius: half the way around the globe, in metres.
    pub const RADIUS_MOST: u64 = 20_037_508;

    /// Whether it is on the globe.
    #[must_use]
    pub const fn is_on_globe(&self) -> bool {
        self.lat_e7.unsigned_abs() <= 900_000_000
            && self.lon_e7.unsigned_abs() <= 1_800_000_000
            && self.radius_m <= Place::RADIUS_MOST
    }
}
