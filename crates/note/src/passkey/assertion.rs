//! What a passkey signs, and what must be true of it.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use terms::{ActId, Hash, base64};

use crate::passkey::PasskeyKey;

/// What an authenticator answered when it was asked to sign an act's id.
///
/// ```text
/// payload   u16 length ‖ authenticatorData ‖ u16 length ‖ clientDataJSON ‖ signature
/// signed    authenticatorData ‖ SHA-256(clientDataJSON)
/// ```
///
/// Follows W3C Web Authentication, *Verifying an Authentication Assertion*. Its counter is ignored:
/// passkeys that are copied between devices have none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assertion {
    /// SHA-256 of the relying party's id ‖ flags ‖ u32 counter ‖ extensions, if flagged.
    pub authenticator_data: Vec<u8>,
    /// What the browser says it was asked, as JSON.
    pub client_data: Vec<u8>,
    /// 64 bytes for EdDSA, DER for ES256.
    pub signature: Vec<u8>,
}

/// What an assertion must be about.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The act that was to be signed: its id is the challenge. Whoever asks only who is there puts 32 random bytes in its
    /// place.
    pub act: ActId,
    /// The relying party's id, as `register.example`.
    pub rp: &'a str,
    /// Where the page may have come from, as `https://desk.register.example`.
    pub origins: &'a [String],
}

/// Why an assertion counts for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PasskeyFault {
    /// The payload does not split into its three parts.
    Payload,
    /// The authenticator data are not 37 bytes, or have parts that an assertion never has.
    AuthenticatorData,
    /// The client data are no JSON object with the three members, once each.
    ClientData,
    /// The client data are about something else than an assertion (`webauthn.get`).
    Type,
    /// Something else than this act's id was signed.
    Challenge,
    /// The page came from an origin that is not allowed.
    Origin,
    /// The page stood inside a page of another origin.
    CrossOrigin,
    /// The passkey belongs to another relying party.
    Rp,
    /// Nobody touched the device.
    UserPresent,
    /// The device did not make sure who touched it.
    UserVerified,
    /// The signature is wrong.
    Signature,
}

const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const ATTESTED_CREDENTIAL: u8 = 0x40;
const EXTENSIONS: u8 = 0x80;

/// Members that we do not know are let through: the standard tells browsers to add some, so that
/// nobody compares the text with a template.
#[derive(Deserialize)]
struct ClientData<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    challenge: Cow<'a, str>,
    #[serde(borrow)]
    origin: Cow<'a, str>,
    #[serde(default, rename = "crossOrigin")]
    cross_origin: bool,
}

impl Assertion {
    /// Reads a payload. Nothing is verified.
    ///
    /// # Errors
    /// [`PasskeyFault::Payload`].
    pub fn parse(payload: &[u8]) -> Result<Assertion, PasskeyFault> {
        let split = || {
            let (authenticator_data, rest) = prefixed(payload)?;
            let (client_data, signature) = prefixed(rest)?;
            (!signature.is_empty()).then(|| Assertion {
                authenticator_data: authenticator_data.to_vec(),
                client_data: client_data.to_vec(),
                signature: signature.to_vec(),
            })
        };
        split().ok_or(PasskeyFault::Payload)
    }

    /// The payload; nothing if a part is longer than 65,535 bytes.
    #[must_use]
    pub fn payload(&self) -> Option<Vec<u8>> {
        let mut payload = Vec::new();
        for part in [&self.authenticator_data, &self.client_data] {
            payload.extend_from_slice(&u16::try_from(part.len()).ok()?.to_be_bytes());
            payload.extend_from_slice(part);
        }
        payload.extend_from_slice(&self.signature);
        Some(payload)
    }

    /// What is signed.
    #[must_use]
    pub fn message(&self) -> Vec<u8> {
        [&self.authenticator_data[..], Hash::of(&self.client_data).as_bytes()].concat()
    }

    /// Whether this key signed what was expected.
    ///
    /// # Errors
    /// The first fault, in the order of [`PasskeyFault`].
    pub fn verify(&self, key: &PasskeyKey, expected: &Expected<'_>) -> Result<(), PasskeyFault> {
        let (rp_hash, flags) = self.authenticator()?;
        let client: ClientData<'_> =
            serde_json::from_slice(&self.client_data).map_err(|_| PasskeyFault::ClientData)?;
        let require = |holds: bool, fault: PasskeyFault| if holds { Ok(()) } else { Err(fault) };
        require(client.kind == "webauthn.get", PasskeyFault::Type)?;
        require(client.challenge == challenge(&expected.act), PasskeyFault::Challenge)?;
        require(expected.origins.iter().any(|origin| client.origin == **origin), PasskeyFault::Origin)?;
        require(!client.cross_origin, PasskeyFault::CrossOrigin)?;
        require(rp_hash == Hash::of(expected.rp.as_bytes()), PasskeyFault::Rp)?;
        require(flags & USER_PRESENT != 0, PasskeyFault::UserPresent)?;
        require(flags & USER_VERIFIED != 0, PasskeyFault::UserVerified)?;
        require(key.verify(&self.message(), &self.signature), PasskeyFault::Signature)
    }

    /// The hash of the relying party's id, and the flags.
    fn authenticator(&self) -> Result<(Hash, u8), PasskeyFault> {
        let split = || {
            let (rp_hash, rest) = self.authenticator_data.split_first_chunk::<32>()?;
            let (flags, rest) = rest.split_first()?;
            let (_counter, rest) = rest.split_first_chunk::<4>()?;
            // Extensions are CBOR, which we do not read: they are signed, and mean nothing to us.
            let fits = rest.is_empty() == (flags & EXTENSIONS == 0) && flags & ATTESTED_CREDENTIAL == 0;
            fits.then_some((Hash::from_bytes(*rp_hash), *flags))
        };
        split().ok_or(PasskeyFault::AuthenticatorData)
    }
}

/// The act's id as a browser writes a challenge: base64 for URLs (RFC 4648 §5), without padding.
#[must_use]
pub fn challenge(act: &ActId) -> String {
    let text = base64::encode(act.0.as_bytes());
    text.trim_end_matches('=').replace('+', "-").replace('/', "_")
}

fn prefixed(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}

impl fmt::Display for PasskeyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PasskeyFault::Payload => "the passkey line does not split into its three parts",
            PasskeyFault::AuthenticatorData => "the passkey's authenticator data have a wrong shape",
            PasskeyFault::ClientData => "the passkey's client data are no JSON of the right shape",
            PasskeyFault::Type => "the passkey was not asked for an assertion",
            PasskeyFault::Challenge => "the passkey signed something else than this act's id",
            PasskeyFault::Origin => "the passkey was used on a page of another origin",
            PasskeyFault::CrossOrigin => "the passkey was used inside a page of another origin",
            PasskeyFault::Rp => "the passkey belongs to another relying party",
            PasskeyFault::UserPresent => "nobody was present when the passkey signed",
            PasskeyFault::UserVerified => "the passkey did not verify who used it",
            PasskeyFault::Signature => "the passkey's signature is wrong",
        })
    }
}

impl std::error::Error for PasskeyFault {}
