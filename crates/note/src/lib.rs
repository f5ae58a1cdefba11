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
//!
//! ```
//! use note::{KeyName, Note, SigningKey, VerifierKey};
//!
//! let key = SigningKey::from_seed(&[7; 32]);
//! let name = KeyName::new("register.example/river-accord/north/liaison-1").expect("a name");
//! let text = "north asks south to answer\n";
//! let note = Note::new(text.to_owned(), vec![key.sign_note(text, &name)]).expect("a text, signed");
//!
//! let read = Note::parse(&note.to_bytes(), 16).expect("what we printed");
//! let vkey = VerifierKey::plain(name, key.public());
//! let line = read.signatures().iter().find(|line| vkey.made(line)).expect("north's line");
//! assert_eq!(vkey.verify(read.text(), line), Ok(()));
//! ```

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
