//! A passkey's assertion over an act's id, checked offline and without CBOR.

mod assertion;
mod key;

pub use assertion::{Assertion, Expected, PasskeyFault, challenge};
pub use key::PasskeyKey;
