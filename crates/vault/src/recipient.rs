//! Whom a file is sealed to, and the identity that opens it.

use std::fmt;

use age::secrecy::ExposeSecret as _;
use curve25519_dalek::MontgomeryPoint;
use zeroize::Zeroizing;

/// A public key that files are sealed to.
///
/// ```text
/// age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa
/// ```
///
/// The type is open: a hybrid post-quantum kind (`age1pq1…`) gets a variant of its own, and then the
/// build stops wherever someone has to think about it.
#[derive(Clone, PartialEq, Eq)]
pub enum Recipient {
    /// age's own kind, on Curve25519.
    X25519(X25519),
}

/// A Curve25519 point that was checked: canonical, and not of small order.
#[derive(Clone, PartialEq, Eq)]
pub struct X25519(age::x25519::Recipient);

/// Why a text is no [`Recipient`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecipientError {
    /// A kind of recipient that exists, and that we don't read (yet).
    UnknownKind {
        /// What the kind is called.
        kind: String,
    },
    /// No recipient at all, or one whose check letters don't fit.
    Malformed,
    /// The same key in another spelling: capitals, or a number that is not reduced.
    NotCanonical,
    /// A point of small order, to which nobody could seal anything.
    SmallOrder,
}

impl Recipient {
    /// Reads `age1…`, in its one canonical spelling.
    ///
    /// # Errors
    /// [`RecipientError`]; the text is foreign, and none of it makes us panic later.
    pub fn parse(text: &str) -> Result<Recipient, RecipientError> {
        if let Some(kind) = other_kind(text) {
            return Err(RecipientError::UnknownKind { kind });
        }
        let key: age::x25519::Recipient = text.parse().map_err(|_| RecipientError::Malformed)?;
        if key.to_string() != text {
            return Err(RecipientError::NotCanonical);
        }
        let point = point_of(text).ok_or(RecipientError::Malformed)?;
        if !is_reduced(&point) {
            return Err(RecipientError::NotCanonical);
        }
        // age panics when it seals to such a point: it takes the zero secret for a broken RNG.
        if MontgomeryPoint(point).mul_clamped([0; 32]).to_bytes() == [0; 32] {
            return Err(RecipientError::SmallOrder);
        }
        Ok(Recipient::X25519(X25519(key)))
    }

    pub(crate) fn as_age(&self) -> &dyn age::Recipient {
        match self {
            Recipient::X25519(X25519(key)) => key,
        }
    }
}

/// The name of a kind that we know of and don't read: `age1pq1…`, `age1yubikey1…`, `ssh-ed25519 …`.
fn other_kind(text: &str) -> Option<String> {
    if let Some((kind @ ("ssh-ed25519" | "ssh-rsa"), _)) = text.split_once(' ') {
        return Some(kind.to_owned());
    }
    // bech32's data never has a `1`, so all before the last one names the kind.
    let (kind, _data) = text.rsplit_once('1')?;
    let named = kind.len() > 4
        && kind.len() <= 32
        && kind.starts_with("age1")
        && kind.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    named.then(|| kind.to_owned())
}

/// The 32 bytes in `age1…`, whose check letters were checked: 52 letters of 5 bits, 6 of check.
fn point_of(text: &str) -> Option<[u8; 32]> {
    const LETTERS: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    let data = text.strip_prefix("age1")?.as_bytes();
    let mut bytes = Vec::with_capacity(32);
    let (mut bits, mut held) = (0_u32, 0);
    for letter in data.get(..52)? {
        let value = LETTERS.iter().position(|known| known == letter)?;
        bits = (bits << 5 | value as u32) & 0xfff;
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    bytes.try_into().ok()
}

/// Whether a little-endian number is below 2²⁵⁵ − 19.
fn is_reduced(point: &[u8; 32]) -> bool {
    let [first, middle @ .., last] = point;
    *last < 0x7f || (*last == 0x7f && (*first < 0xed || middle.iter().any(|b| *b != 0xff)))
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Recipient::X25519(X25519(key)) => key.fmt(f),
        }
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl std::str::FromStr for Recipient {
    type Err = RecipientError;

    fn from_str(text: &str) -> Result<Recipient, RecipientError> {
        Recipient::parse(text)
    }
}

impl RecipientError {
    /// A stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            RecipientError::UnknownKind { .. } => "vault::recipient_kind",
            RecipientError::Malformed => "vault::recipient_malformed",
            RecipientError::NotCanonical => "vault::recipient_not_canonical",
            RecipientError::SmallOrder => "vault::recipient_small_order",
        }
    }
}

impl RecipientError {
    /// What to do.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            RecipientError::UnknownKind { .. } => "enrol a key as `age-keygen` makes it",
            RecipientError::Malformed | RecipientError::NotCanonical => {
                "copy it again, whole, as `age-keygen -y` prints it"
            }
            RecipientError::SmallOrder => "ask where it comes from: no honest program makes such a key",
        }
    }
}

impl fmt::Display for RecipientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RecipientError::UnknownKind { kind } => {
                write!(f, "this version can't seal to recipients of the kind `{kind}`, only to `age1…`")
            }
            RecipientError::Malformed => f.write_str("not an age recipient (`age1…`), or a letter is wrong"),
            RecipientError::NotCanonical => f.write_str("not the canonical spelling of this age recipient"),
            RecipientError::SmallOrder => f.write_str("a point of small order: nothing can be sealed to it"),
        }
    }
}

impl std::error::Error for RecipientError {}

/// A secret X25519 key, which opens what was sealed to its [`Recipient`]. Neither shown nor compared.
#[derive(Clone)]
pub struct Identity(age::x25519::Identity);

impl Identity {
    /// Makes a new one. age draws the random bytes.
    #[must_use]
    pub fn generate() -> Identity {
        Identity(age::x25519::Identity::generate())
    }

    /// Reads `AGE-SECRET-KEY-1…`, in its canonical spelling.
    #[must_use]
    pub fn parse(text: &str) -> Option<Identity> {
        let identity = Identity(text.parse().ok()?);
        (identity.to_text().as_str() == text).then_some(identity)
    }

    /// `AGE-SECRET-KEY-1…`: the secret itself.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(self.0.to_string().expose_secret().to_owned())
    }

    /// The public key.
    #[must_use]
    pub fn recipient(&self) -> Recipient {
        Recipient::X25519(X25519(self.0.to_public()))
    }

    pub(crate) fn as_age(&self) -> &dyn age::Identity {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let code = Recipient::parse(text).err().map_or("fine", |e| e.code());
        assert_eq!(code, expected, "{text}");
    }

    /// bech32 of a point, as `age` would write it.
    fn encode(point: [u8; 32]) -> String {
        const LETTERS: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
        let mut values = Vec::new();
        let (mut bits, mut held) = (0_u32, 0);
        for byte in point {
            bits = (bits << 8 | u32::from(byte)) & 0xffff;
            held += 8;
            while held >= 5 {
                held -= 5;
                values.push(bits >> held & 31);
            }
        }
        values.push(bits << (5 - held) & 31);
        let hrp = "age".bytes().map(|b| u32::from(b >> 5)).chain([0]);
        let hrp = hrp.chain("age".bytes().map(|b| u32::from(b & 31)));
        let sum = hrp.chain(values.iter().copied()).chain([0; 6]).fold(1_u32, |sum, value| {
            let step = (sum & 0x1ff_ffff) << 5 ^ value;
            let top = sum >> 25;
            [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3]
                .iter()
                .enumerate()
                .fold(step, |step, (i, mask)| if top >> i & 1 == 1 { step ^ mask } else { step })
        }) ^ 1;
        values.extend((0..6).map(|i| sum >> (5 * (5 - i)) & 31));
        let data: String = values.iter().map(|v| char::from(LETTERS[*v as usize])).collect();
        format!("age1{data}")
    }

    const GOOD: &str = "age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa";

    #[test]
    fn one_spelling_and_clear_refusals() {
        check(GOOD, "fine");
        assert_eq!(Recipient::parse(GOOD).map(|r| r.to_string()).as_deref(), Ok(GOOD));
        assert_eq!(point_of(GOOD).map(encode).as_deref(), Some(GOOD));
        check(&GOOD.to_uppercase(), "vault::recipient_not_canonical");
        check(&GOOD.replace("7pa", "7pq"), "vault::recipient_malformed");
        for text in ["", "age1", "1", "age", "ag1", "é1é", "AGE-SECRET-KEY-1QQQ", &format!("{GOOD}\n")] {
            check(text, "vault::recipient_malformed");
        }
        for (text, kind) in [
            ("age1pq1qqqqqqqq", "age1pq"),
            ("age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t", "age1yubikey"),
            ("ssh-ed25519 AAAA", "ssh-ed25519"),
        ] {
            let error = Recipient::parse(text).err();
            assert_eq!(error, Some(RecipientError::UnknownKind { kind: kind.to_owned() }));
            assert!(error.is_some_and(|e| e.to_string().contains(kind)));
        }
    }

    /// The seven points of the Curve25519 page ("may I reject…"), and what lies above the prime.
    #[test]
    fn points_on_which_age_would_panic_are_refused() {
        let number = |hex: &str| {
            let mut bytes = [0; 32];
            for (i, byte) in bytes.iter_mut().enumerate() {
                *byte = u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).expect("hex");
            }
            bytes
        };
        let mut one = [0; 32];
        one[0] = 1;
        let mut below = [0xff; 32];
        (below[0], below[31]) = (0xec, 0x7f);
        let eighth = number("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800");
        let other_eighth = number("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157");
        for small in [[0; 32], one, below, eighth, other_eighth] {
            check(&encode(small), "vault::recipient_small_order");
        }
        let mut prime = below;
        prime[0] = 0xed;
        let mut high_bit = point_of(GOOD).expect("good");
        high_bit[31] |= 0x80;
        for unreduced in [prime, [0xff; 32], high_bit] {
            check(&encode(unreduced), "vault::recipient_not_canonical");
        }
    }

    #[test]
    fn an_identity_has_one_spelling() {
        let identity = Identity::generate();
        let text = identity.to_text();
        assert!(Identity::parse(&text).is_some_and(|again| again.recipient() == identity.recipient()));
        assert!(Identity::parse(&text.to_lowercase()).is_none());
        assert!(Identity::parse(&text[1..]).is_none());
        assert!(Recipient::parse(&identity.recipient().to_string()).is_ok());
    }
}
