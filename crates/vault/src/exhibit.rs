//! What an act says of an exhibit. Its type, name and salt are in the grants only.

use terms::{Hash, ParticipantId};

use crate::Recipient;

/// One exhibit, as its act describes it to those who may not open it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exhibit {
    /// SHA-256 of the sealed file, which is also its name: `sealed/HEX`.
    pub sealed: Hash,
    /// Length of the sealed file in bytes.
    pub size: u64,
    /// The one-off key it is sealed to; grants carry its identity.
    pub recipient: Recipient,
    /// See [`crate::commitment()`].
    pub commitment: Hash,
}

/// Where an exhibit is filed, and by whom: the act's own circumstances, which its commitment covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filing {
    /// SHA-256 of the register's genesis text.
    pub genesis: Hash,
    /// Who files.
    pub filer: ParticipantId,
}
