//! An authenticator that holds a passkey, as a browser would ask it: made from the specification (W3C Web Authentication), and
//! from nothing of the desk's.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{DerSignature, SigningKey};
use sha2::{Digest as _, Sha256};

use super::{Browser, Got, between};

/// The head of a SubjectPublicKeyInfo of P-256 (RFC 5480).
const SPKI: &str = "3059301306072a8648ce3d020106082a8648ce3d030107034200";

/// User present, and verified.
pub(crate) const PRESENT_AND_VERIFIED: u8 = 0x05;

pub(crate) struct Authenticator {
    key: SigningKey,
    rp: String,
    origin: String,
}

pub(crate) fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Authenticator {
    pub(crate) fn new(seed: u8, host: &str) -> Authenticator {
        let key = SigningKey::from_slice(&[seed; 32]).expect("a key");
        let rp = host.split(':').next().expect("a host").to_owned();
        Authenticator { key, rp, origin: format!("http://{host}") }
    }

    /// A passkey's name.
    pub(crate) fn credential(&self) -> String {
        text(&self.key.verifying_key().to_sec1_point(true).as_bytes()[1..17])
    }

    /// The public key, as an enrolment has it.
    pub(crate) fn public(&self) -> note::PasskeyKey {
        let point = self.key.verifying_key().to_sec1_point(true);
        note::PasskeyKey::Es256(point.as_bytes().try_into().expect("33 bytes"))
    }

    /// What `getPublicKey` gives.
    pub(crate) fn spki(&self) -> String {
        let head = (0..SPKI.len()).step_by(2);
        let head = head.map(|at| u8::from_str_radix(&SPKI[at..at + 2], 16).expect("hex"));
        let mut all: Vec<u8> = head.collect();
        all.extend(self.key.verifying_key().to_sec1_point(false).as_bytes());
        text(&all)
    }

    /// What `get` gives for a challenge, as the desk's script sends it.
    pub(crate) fn assert(&self, challenge: &str) -> String {
        self.assert_with(challenge, PRESENT_AND_VERIFIED)
    }

    pub(crate) fn assert_with(&self, challenge: &str, flags: u8) -> String {
        let client = format!(
            "{{\"type\":\"webauthn.get\",\"challenge\":\"{challenge}\",\"origin\":\"{}\",\"crossOrigin\":false}}",
            self.origin
        );
        let data = [&Sha256::digest(self.rp.as_bytes())[..], &[flags, 0, 0, 0, 1]].concat();
        let message = [&data[..], &Sha256::digest(client.as_bytes())].concat();
        let signature: DerSignature = self.key.sign(&message);
        let part = |bytes: &[u8]| {
            let length = u16::try_from(bytes.len()).expect("short").to_be_bytes();
            [&length[..], bytes].concat()
        };
        text(&[part(&data), part(client.as_bytes()), signature.as_bytes().to_vec()].concat())
    }

    /// Makes the passkey at the page of a link; gives the page that comes then.
    pub(crate) fn enrol(&self, browser: &Browser, link: &str) -> String {
        let patiently = |asks: &dyn Fn() -> Got| {
            let mut got = asks();
            // A door may be asked only so often by one address.
            for _ in 0..10 {
                if got.status != 429 {
                    break;
                }
                std::thread::sleep(std::time::Duration::from_secs(1));
                got = asks();
            }
            got
        };
        let page = patiently(&|| browser.get(link));
        assert_eq!(page.status, 200, "{}", page.body);
        let challenge = between(&page.body, "data-challenge=\"", "\"").expect("a challenge");
        let asserted = self.assert(challenge);
        let form = [("key", &self.spki()), ("credential", &self.credential()), ("assertion", &asserted)];
        let form = form.map(|(name, value)| (name, value.as_str()));
        patiently(&|| browser.post_as_it_is(link, &form, &[])).body
    }

    /// Asks the desk what is to be asserted for a sign page, by a key.
    pub(crate) fn question(&self, browser: &Browser, path: &str, by: &str) -> serde_json::Value {
        let page = browser.get(path);
        let read =
            between(&page.body, "name=\"read\" value=\"", "\"").unwrap_or_else(|| panic!("{}", page.body));
        let got = browser.post(path, &[("read", read), ("by", by), ("ticked", "1"), ("ask", "1")]);
        serde_json::from_str(&got.body).unwrap_or_else(|_| panic!("{}", got.body))
    }

    /// Signs what stands at a path; gives where it leads.
    pub(crate) fn sign(&self, browser: &Browser, path: &str, by: &str) -> String {
        let question = self.question(browser, path, by);
        let challenge = question["challenge"].as_str().unwrap_or_else(|| panic!("{question}"));
        self.answer(browser, path, by, &self.assert(challenge))
    }

    /// Sends an assertion.
    pub(crate) fn answer(&self, browser: &Browser, path: &str, by: &str, assertion: &str) -> String {
        let page = browser.get(path);
        let read = between(&page.body, "name=\"read\" value=\"", "\"").expect("it can be signed");
        let form = [("read", read), ("by", by), ("ticked", "1"), ("assertion", assertion)];
        let got = browser.post(path, &form);
        assert_eq!(got.status, 303, "{path}: {}", got.body);
        got.head["location"].clone()
    }
}
