//! Secret keys, and the text that holds them while they rest.

use std::collections::BTreeMap;
use std::fmt;

use terms::{Capacity, Code, Origin, ParticipantId, base64};
use zeroize::Zeroizing;

use crate::Identity;
use crate::commitment::{decode_secret, fresh_secret};

/// Longest text of a keyring in bytes: some three hundred keys.
pub const KEYRING_BYTES_MAX: usize = 60 * 1024;

const FIRST_LINE: &str = "mithaq.keyring/v1";

/// What a key is for. One key, one use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyUse {
    /// A participant's enrolled key, named `ORIGIN/PARTICIPANT/LABEL`.
    Enrolled(Capacity),
    /// The registrar's, named by the origin alone.
    Registrar,
    /// A witness's, under its own name.
    Witness,
}

/// The secret part of a key. Neither shown nor compared, and wiped when dropped.
#[derive(Clone)]
pub enum Secret {
    /// An Ed25519 seed, 32 bytes.
    Ed25519(Zeroizing<[u8; 32]>),
    /// An age identity.
    Age(Identity),
}

/// One secret key.
#[derive(Clone)]
pub struct Key {
    usage: KeyUse,
    secret: Secret,
}

/// Several keys by name, as one file holds them.
///
/// ```text
/// mithaq.keyring/v1
/// name register.example/river-accord/north/desk
/// capacity seal
/// age AGE-SECRET-KEY-1…
/// name register.example/river-accord/north/liaison-1
/// capacity officer
/// ed25519 BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=
/// ```
///
/// Names rise, each is there once; each line ends in one LF. `capacity` is a [`Capacity`], `registrar` or
/// `witness`. At most [`KEYRING_BYTES_MAX`]. On disk it lies under a passphrase: see
/// [`crate::KeyStore`].
#[derive(Clone, Default)]
pub struct Keyring {
    keys: BTreeMap<String, Key>,
    pub(crate) revision: Option<terms::Hash>,
}

/// Why a text is no keyring, or a key does not go into one. It never repeats a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyringFlaw {
    /// Longer than [`KEYRING_BYTES_MAX`], or it would become so.
    TooLong,
    /// The first line is not `mithaq.keyring/v1`, or this is no text.
    Version,
    /// A line is not what stands at its place.
    Line {
        /// Which, from 1.
        number: usize,
    },
    /// A name that no key of this use can have.
    Name {
        /// The name.
        name: String,
    },
    /// A `seal` key is an age identity, and every other an Ed25519 seed.
    WrongSecret {
        /// The key's name.
        name: String,
    },
    /// There is a key of this name already.
    Taken {
        /// The name.
        name: String,
    },
}

impl KeyUse {
    /// The word on the `capacity` line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            KeyUse::Enrolled(capacity) => capacity.as_str(),
            KeyUse::Registrar => "registrar",
            KeyUse::Witness => "witness",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn new(word: &str) -> Option<KeyUse> {
        match word {
            "registrar" => Some(KeyUse::Registrar),
            "witness" => Some(KeyUse::Witness),
            _ => Capacity::new(word).map(KeyUse::Enrolled),
        }
    }

    fn takes_name(self, name: &str) -> bool {
        match self {
            KeyUse::Registrar | KeyUse::Witness => Origin::new(name).is_some(),
            KeyUse::Enrolled(_) => {
                let mut parts = name.rsplitn(3, '/');
                let label = parts.next().and_then(Code::new);
                let participant = parts.next().and_then(ParticipantId::new);
                let origin = parts.next().and_then(Origin::new);
                label.is_some() && participant.is_some() && origin.is_some()
            }
        }
    }

    fn takes_secret(self, secret: &Secret) -> bool {
        match secret {
            Secret::Age(_) => self == KeyUse::Enrolled(Capacity::Seal),
            Secret::Ed25519(_) => self != KeyUse::Enrolled(Capacity::Seal),
        }
    }
}

impl Key {
    /// What the key is for.
    #[must_use]
    pub fn usage(&self) -> KeyUse {
        self.usage
    }

    /// The secret.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.secret
    }
}

impl Keyring {
    /// An empty ring.
    #[must_use]
    pub fn new() -> Keyring {
        Keyring::default()
    }

    /// Adds a key.
    ///
    /// # Errors
    /// The name or the secret does not suit the use, the name is taken, or the ring is full; then it is
    /// as it was.
    pub fn insert(&mut self, name: &str, usage: KeyUse, secret: Secret) -> Result<(), KeyringFlaw> {
        if !usage.takes_name(name) {
            return Err(KeyringFlaw::Name { name: name.to_owned() });
        }
        if !usage.takes_secret(&secret) {
            return Err(KeyringFlaw::WrongSecret { name: name.to_owned() });
        }
        if self.keys.contains_key(name) {
            return Err(KeyringFlaw::Taken { name: name.to_owned() });
        }
        if FIRST_LINE.len() + 1 + (self.keys.len() + 1) * ENTRY_BYTES_MAX > KEYRING_BYTES_MAX {
            return Err(KeyringFlaw::TooLong);
        }
        self.keys.insert(name.to_owned(), Key { usage, secret });
        Ok(())
    }

    /// Takes a key out.
    pub fn remove(&mut self, name: &str) -> Option<Key> {
        self.keys.remove(name)
    }

    /// The key of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Key> {
        self.keys.get(name)
    }

    /// All keys, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Key)> {
        self.keys.iter().map(|(name, key)| (name.as_str(), key))
    }

    /// All identities that open grants.
    #[must_use]
    pub fn identities(&self) -> Vec<&Identity> {
        self.keys
            .values()
            .filter_map(|key| match &key.secret {
                Secret::Age(identity) => Some(identity),
                Secret::Ed25519(_) => None,
            })
            .collect()
    }

    /// Reads the text of a keyring.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn parse(bytes: &[u8]) -> Result<Keyring, KeyringFlaw> {
        if bytes.len() > KEYRING_BYTES_MAX {
            return Err(KeyringFlaw::TooLong);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| KeyringFlaw::Version)?;
        let text = text.strip_suffix('\n').ok_or(KeyringFlaw::Version)?;
        let mut lines = text.split('\n');
        if lines.next() != Some(FIRST_LINE) {
            return Err(KeyringFlaw::Version);
        }
        let mut ring = Keyring::new();
        let mut number = 1;
        while let Some(line) = lines.next() {
            number += 1;
            let name = line.strip_prefix("name ").ok_or(KeyringFlaw::Line { number })?;
            if ring.keys.last_key_value().is_some_and(|(last, _)| last.as_str() >= name) {
                return Err(KeyringFlaw::Line { number });
            }
            number += 1;
            let usage = lines.next().and_then(|line| line.strip_prefix("capacity "));
            let usage = usage.and_then(KeyUse::new).ok_or(KeyringFlaw::Line { number })?;
            number += 1;
            let secret = lines.next().and_then(Secret::parse).ok_or(KeyringFlaw::Line { number })?;
            ring.insert(name, usage, secret).map_err(|flaw| match flaw {
                // What stands where a name should may be anything of the file, and the file is secret.
                KeyringFlaw::Name { .. } => KeyringFlaw::Line { number: number - 2 },
                other => other,
            })?;
        }
        Ok(ring)
    }

    /// The text, secrets and all.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        // Never grows, so that no copy is left behind unwiped.
        let mut text = Zeroizing::new(String::with_capacity(KEYRING_BYTES_MAX));
        let mut line = |word: &str, value: &str| {
            text.push_str(word);
            text.push_str(value);
            text.push('\n');
        };
        line(FIRST_LINE, "");
        for (name, key) in &self.keys {
            line("name ", name);
            line("capacity ", key.usage.as_str());
            match &key.secret {
                Secret::Ed25519(seed) => {
                    line("ed25519 ", &Zeroizing::new(base64::encode(seed.as_slice())));
                }
                Secret::Age(identity) => line("age ", &identity.to_text()),
            }
        }
        text
    }
}

/// `name `, a name of at most 128 + 1 + 32 + 1 + 32; `capacity registrar`; `age ` and 74; three LF.
const ENTRY_BYTES_MAX: usize = 5 + 194 + 18 + 78 + 3;

impl Secret {
    /// Draws a seed from the system. Impure: call it at the edge.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub fn fresh_ed25519() -> std::io::Result<Secret> {
        fresh_secret().map(Secret::Ed25519)
    }

    fn parse(line: &str) -> Option<Secret> {
        if let Some(seed) = line.strip_prefix("ed25519 ") {
            return decode_secret(seed).map(Secret::Ed25519);
        }
        Identity::parse(line.strip_prefix("age ")?).map(Secret::Age)
    }
}

impl fmt::Display for KeyringFlaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyringFlaw::TooLong => f.write_str("a keyring holds no more than 60 KiB"),
            KeyringFlaw::Version => f.write_str("its first line is not `mithaq.keyring/v1`"),
            KeyringFlaw::Line { number } => write!(f, "line {number} is not what stands there in a keyring"),
            KeyringFlaw::Name { name } => {
                write!(f, "`{}` is not the name of such a key", name.escape_debug())
            }
            KeyringFlaw::WrongSecret { name } => write!(
                f,
                "`{}`: a `seal` key is an age identity, and every other key an Ed25519 seed",
                name.escape_debug()
            ),
            KeyringFlaw::Taken { name } => write!(f, "there is a key `{}` already", name.escape_debug()),
        }
    }
}

impl std::error::Error for KeyringFlaw {}
