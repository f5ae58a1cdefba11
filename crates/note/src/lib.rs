//! Who signed this text? Signed notes, key names, one rule for Ed25519, and our own kinds of
//! signature line.
//!
//! In reading order:
//! - [`name`]: what a key may be called;
//! - [`signature`]: one signature line, `— name base64`;
//! - [`text`]: a note: a text, and the lines that sign it;
//! - [`algorithm`]: the kinds of line, and the byte that tells them apart;
//! - [`vkey`]: a public key with its name and kind, in one line of text;
//! - [`ed25519`]: the one rule by which a signature is good;
//! - [`batch`]: the same rule for many signatures at once;
//! - [`signing`]: a private key;
//! - [`receipt`], [`intake`], [`freeze`], [`passkey`]: our own kinds of line.
//!
//! No clock and no randomness but what is passed in.

pub mod algorithm;
pub mod batch;
pub mod ed25519;
pub mod freeze;
pub mod intake;
pub mod name;
pub mod passkey;
pub mod receipt;
pub mod signature;
pub mod signing;
pub mod text;
pub mod vkey;

pub use algorithm::Algorithm;
pub use batch::{Batch, Check};
pub use ed25519::{KeyFault, PublicKey, Signature};
pub use intake::Intake;
pub use name::KeyName;
pub use passkey::{Assertion, Expected, PasskeyFault, PasskeyKey};
pub use receipt::Receipt;
pub use signature::SignatureLine;
pub use signing::SigningKey;
pub use text::{Note, NoteError, NoteFault};
pub use vkey::{VerifierKey, VerifyFault, VkeyError};
