//! How is content kept from everyone but its addressees, and how do secret keys lie on a disk? Seal,
//! grant, open, keep, destroy; and the keyring.
//!
//! Everything here is a plain age file, so that `age` alone opens it:
//!
//! ```text
//! age -d -i mine grant.age > g
//! age -d -i g exhibit.age
//! ```
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let folder = folder.path();
//! use terms::{Hash, ParticipantId};
//! use vault::{Filing, Identity, MediaType, ToSeal, Vault, fresh_salt, open_grant};
//!
//! let (north, south) = (Identity::generate(), Identity::generate());
//! let filer = ParticipantId::new("north").ok_or("no id")?;
//! let filing = Filing { genesis: Hash::of(b"the genesis text"), filer };
//! let to_seal = ToSeal {
//!     filing: &filing,
//!     salt: fresh_salt()?,
//!     media_type: MediaType::new("text/plain").ok_or("no type")?,
//!     name: None,
//!     own: &[north.recipient()],
//!     plain_bytes: 5,
//! };
//! let vault = Vault::at(folder)?;
//! let sealed = vault.seal(&mut &b"plain"[..], to_seal, &mut |_done, _of| ())?;
//! let grant = vault.grant(&sealed.grant, &[south.recipient()])?;
//!
//! // South has the act's `sealed.exhibit`, the sealed file, and its grant.
//! let grant = open_grant(&vault.sealed_grant(&grant)?, &[&south])?;
//! let mut file = vault.sealed(&sealed.exhibit.sealed)?;
//! let target = folder.join("opened.txt");
//! vault::open::open(&grant, &mut file, &sealed.exhibit, &filing, &target, &mut |_done, _of| ())?;
//! assert_eq!(std::fs::read(target)?, b"plain");
//! # Ok(())
//! # }
//! ```
//!
//! In reading order:
//! - [`recipient`]: whom a file is sealed to, and the identity that opens it;
//! - [`parcel`]: a stream that is sealed to its receiver;
//! - [`mod@commitment`]: what binds an act to the plain content, and its salt;
//! - [`exhibit`]: what an act says of an exhibit;
//! - [`grant`]: the small file that lets one participant open one exhibit;
//! - [`seal`], [`open`], [`keep`]: the work itself, on a [`Vault`] folder;
//! - [`arriving`]: content that comes in pieces, before it is sealed whole;
//! - [`keyring`], [`keystore`]: secret keys, under a passphrase;
//! - `envelope`, `meter`, `durable`: age's header within bounds, hashing while reading, and files that
//!   are whole or absent.
//!
//! **Never here:** a secret in a `Debug`, an error, a file name or a log. Secrets are wiped when they
//! are dropped, as far as we hold them; `age` keeps its own buffers.

pub mod arriving;
pub mod commitment;
mod durable;
mod envelope;
pub mod exhibit;
pub mod grant;
pub mod keep;
pub mod keyring;
pub mod keystore;
mod meter;
pub mod open;
pub mod parcel;
pub mod recipient;
pub mod seal;

pub use arriving::Arriving;
pub use commitment::{Salt, commitment, fresh_salt};
pub use exhibit::{Exhibit, Filing};
pub use grant::{Grant, GrantFlaw, MediaType, SealedGrant};
pub use keep::{Destroyed, KeepError, Vault};
pub use keyring::{Key, KeyUse, Keyring, KeyringFlaw, Secret};
pub use keystore::{KeyError, KeyStore, Overwrite, Passphrase, WorkFactor};
pub use meter::{Hashing, hash_of};
pub use open::{Content, GrantError, OpenError, open_grant};
pub use recipient::{Identity, Recipient, RecipientError};
pub use seal::{SealError, Sealed, ToSeal};

/// Called with how many bytes are done, and of how many.
pub type Progress<'a> = &'a mut dyn FnMut(u64, u64);
