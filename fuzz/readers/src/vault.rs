//! Grants, keyrings, recipients: the small texts around a sealed file, and age's own header.

use std::io::Read as _;
use std::sync::LazyLock;

use vault::keystore::unlock_ring;
use vault::{
    Grant, Identity, Keyring, KeyringFlaw, MediaType, Passphrase, Recipient, Salt, open_grant, parcel,
};

/// An identity that everybody knows, and another.
pub(crate) const MINE: &str = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";

static IDENTITY: LazyLock<Identity> = LazyLock::new(|| Identity::parse(MINE).expect("an identity"));

pub(crate) fn grant(bytes: &[u8]) {
    match Grant::parse(bytes) {
        Ok(grant) => {
            assert_eq!(grant.to_text().as_bytes(), bytes, "a grant has one spelling");
        }
        Err(flaw) => {
            let said = flaw.to_string();
            assert!(!said.is_empty() && !said.contains("AGE-SECRET-KEY-1"), "{said}");
        }
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        assert!(MediaType::new(text).is_none_or(|kind| kind.as_str() == text));
        assert!(Salt::from_base64(text).is_none() || text.len() == 44);
    }
}

/// A sealed grant, and a sealed stick: age's header and its stream.
pub(crate) fn sealed_grant(bytes: &[u8]) {
    if let Err(error) = open_grant(bytes, &[&IDENTITY]) {
        assert!(!error.code().is_empty() && !error.to_string().is_empty());
    }
    if let Ok(mut plain) = parcel::unwrap(bytes, &[&IDENTITY]) {
        let mut read = Vec::new();
        let _ = plain.by_ref().take(1 << 16).read_to_end(&mut read);
        assert!(read.len() <= bytes.len());
    }
}

pub(crate) fn keyring(bytes: &[u8]) {
    match Keyring::parse(bytes) {
        Ok(ring) => {
            assert_eq!(ring.to_text().as_bytes(), bytes, "a keyring has one spelling");
            assert!(ring.identities().len() <= ring.iter().count());
        }
        // Of a name that is none nothing is shown: it may be a secret that slipped.
        Err(flaw) => assert!(!matches!(flaw, KeyringFlaw::Name { .. }), "{flaw}"),
    }
    // A stanza of scrypt says how much work it asks for, up to seconds of it.
    let costly = bytes.windows(9).any(|window| window == b"-> scrypt");
    // So does asking how fast this machine is, which age does each time.
    let is_age = bytes.starts_with(parcel::MAGIC);
    let passphrase = Passphrase::new("a passphrase of four words".to_owned()).expect("one");
    if is_age
        && !costly
        && let Err(error) = unlock_ring(bytes, &passphrase)
    {
        assert!(!error.code().is_empty());
    }
}

pub(crate) fn recipient(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match Recipient::parse(text) {
        Ok(recipient) => {
            assert_eq!(recipient.to_string(), text);
            // age panics at some points: a recipient that was taken can be sealed to.
            let mut sealing = parcel::wrap(&[recipient], Vec::new()).expect("memory");
            std::io::Write::write_all(&mut sealing, b"x").expect("memory");
            sealing.finish().expect("memory");
        }
        Err(error) => assert!(!error.code().is_empty() && !error.to_string().is_empty()),
    }
    if let Some(identity) = Identity::parse(text) {
        assert_eq!(identity.to_text().as_str(), text);
    }
}

pub(crate) fn seeds(add: &mut dyn FnMut(&'static str, &[u8])) {
    let hash = terms::Hash::of(b"sealed");
    let text = format!(
        "# mithaq.grant/v1\n# exhibit {hash}\n# salt {hash}\n# type image/jpeg\n# name cGhvdG8uanBn\n{MINE}\n"
    );
    add("grant", text.as_bytes());
    add("grant", b"text/plain; charset=utf-8");
    let recipient = IDENTITY.recipient().to_string();
    add("recipient", recipient.as_bytes());
    add("recipient", MINE.as_bytes());
    add("recipient", b"age1pq1qqqq");
    let river = act::sample::ORIGIN;
    let ring = format!(
        "mithaq.keyring/v1\nname {river}/north/desk-1\ncapacity officer\ned25519 {hash}\n\
         name {river}/north/seal-1\ncapacity seal\nage {MINE}\n"
    );
    add("keyring", ring.as_bytes());
    let header = format!(
        "age-encryption.org/v1\n-> X25519 {}\n{}\n--- {}\n",
        "A".repeat(43),
        "B".repeat(43),
        "C".repeat(43)
    );
    add("sealed-grant", header.as_bytes());
}
