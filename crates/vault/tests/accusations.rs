//! Each reason why an exhibit is not opened, earned; and no flipped bit that yields a plain byte.

mod stage;

use std::fs;
use std::io::Write as _;

use stage::{Bytes, PulledOut, Stage};
use terms::{Hash, ParticipantId};
use vault::{Exhibit, GrantError, GrantFlaw, Identity, OpenError, Sealed, commitment};

fn age_to(recipients: &[&Identity], plain: &[u8]) -> Vec<u8> {
    let keys: Vec<age::x25519::Recipient> =
        recipients.iter().map(|i| i.recipient().to_string().parse().expect("a recipient")).collect();
    let keys = keys.iter().map(|key| key as &dyn age::Recipient);
    write_age(age::Encryptor::with_recipients(keys).expect("it encrypts"), plain)
}

fn age_under_passphrase(plain: &[u8]) -> Vec<u8> {
    let mut key = age::scrypt::Recipient::new("guess".to_owned().into());
    key.set_work_factor(2);
    let key = std::iter::once(&key as &dyn age::Recipient);
    write_age(age::Encryptor::with_recipients(key).expect("it encrypts"), plain)
}

fn write_age(encryptor: age::Encryptor, plain: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = encryptor.wrap_output(&mut bytes).expect("it writes");
    writer.write_all(plain).expect("it writes");
    writer.finish().expect("it writes");
    bytes
}

/// An act that names exactly these bytes, so that whatever is wrong with them is the filer's fault.
fn naming(sealed: &[u8], like: &Exhibit) -> Exhibit {
    Exhibit { sealed: Hash::of(sealed), size: sealed.len() as u64, ..like.clone() }
}

struct Filed {
    stage: Stage,
    sealed: Sealed,
    bytes: Vec<u8>,
    grant: Vec<u8>,
}

fn filed(plain: &[u8]) -> Filed {
    let stage = Stage::new();
    let sealed = stage.seal(&mut &*plain);
    let bytes = fs::read(stage.vault.sealed_path(&sealed.exhibit.sealed)).expect("it was sealed");
    let grant = sealed.grant.seal_to(&[stage.south.recipient()]).expect("it seals").bytes;
    Filed { stage, sealed, bytes, grant }
}

impl Filed {
    fn check(&self, grant: &[u8], bytes: &[u8], exhibit: &Exhibit, code: &str) -> OpenError {
        let error = self.stage.open_bytes(grant, bytes, exhibit).expect_err("it must not open");
        assert_eq!(error.code(), code);
        assert!(!error.to_string().is_empty() && !error.help().is_empty());
        error
    }

    /// The same act and grant for other sealed bytes.
    fn about(&self, bytes: &[u8]) -> (Vec<u8>, Exhibit) {
        let exhibit = naming(bytes, &self.sealed.exhibit);
        let mut grant = self.sealed.grant.clone();
        grant.exhibit = exhibit.sealed;
        (grant.seal_to(&[self.stage.south.recipient()]).expect("it seals").bytes, exhibit)
    }
}

#[test]
fn grants_that_do_not_open() {
    let filed = filed(b"plain");
    let check = |grant: &[u8], code| filed.check(grant, &filed.bytes, &filed.sealed.exhibit, code);
    let south = &filed.stage.south;
    let text = filed.sealed.grant.to_text();

    check(&age_to(&[&filed.stage.north], text.as_bytes()), "vault::grant_not_for_me");
    check(b"plain text", "vault::grant_not_age");
    check(b"", "vault::grant_not_age");
    check(&[0; 1 << 20], "vault::grant_not_age");
    check(text.as_bytes(), "vault::grant_not_age");
    check(&age_under_passphrase(text.as_bytes()), "vault::grant_passphrase");
    for cut in [30, 150, filed.grant.len() - 1] {
        check(&filed.grant[..cut], "vault::grant_corrupt");
    }
    let malformed = check(&age_to(&[south], b"no grant"), "vault::grant_malformed");
    assert!(matches!(malformed, OpenError::Grant(GrantError::Malformed(GrantFlaw::Ending))));
    let malformed = check(&age_to(&[south], &[b'#'; 9_000]), "vault::grant_malformed");
    assert!(matches!(malformed, OpenError::Grant(GrantError::Malformed(GrantFlaw::TooLong))));
    // A plain age identity file: it would open the exhibit, and could not show that all agrees.
    let identity = format!("{}\n", *filed.sealed.grant.identity.to_text());
    let malformed = check(&age_to(&[south], identity.as_bytes()), "vault::grant_malformed");
    assert!(matches!(malformed, OpenError::Grant(GrantError::Malformed(GrantFlaw::Version))));
}

#[test]
fn no_error_tells_a_secret() {
    let filed = filed(b"plain");
    let text = filed.sealed.grant.to_text();
    let broken = text.replace("# type", "# kind");
    let grant = age_to(&[&filed.stage.south], broken.as_bytes());
    let error = filed.check(&grant, &filed.bytes, &filed.sealed.exhibit, "vault::grant_malformed");
    let shown = format!("{error} {error:?} {:?}", filed.sealed.exhibit);
    for secret in [&*filed.sealed.grant.identity.to_text(), &terms::base64::encode(&[7; 32])] {
        assert!(text.contains(secret) && !shown.contains(secret));
    }
}

#[test]
fn a_grant_for_another_exhibit() {
    let filed = filed(b"plain");
    let other = filed.stage.seal(&mut &b"other"[..]);
    let grant = other.grant.seal_to(&[filed.stage.south.recipient()]).expect("it seals");
    let error = filed.check(&grant.bytes, &filed.bytes, &filed.sealed.exhibit, "vault::grant_for_another");
    assert!(error.to_string().contains(&other.exhibit.sealed.to_hex()));
}

#[test]
fn an_identity_that_is_not_the_acts() {
    let filed = filed(b"plain");
    let mut grant = filed.sealed.grant.clone();
    grant.identity = Identity::generate();
    let grant = grant.seal_to(&[filed.stage.south.recipient()]).expect("it seals");
    filed.check(&grant.bytes, &filed.bytes, &filed.sealed.exhibit, "vault::wrong_recipient");
}

#[test]
fn bytes_that_are_not_the_acts() {
    let filed = filed(&Bytes::vec(150_000));
    let exhibit = &filed.sealed.exhibit;
    let mut longer = filed.bytes.clone();
    longer.extend_from_slice(&[0; 300_000]);
    let other =
        fs::read(filed.stage.vault.sealed_path(&filed.stage.seal(&mut Bytes::new(150_000)).exhibit.sealed));
    for bytes in [&filed.bytes[..100_000], &longer, b"", &other.expect("it was sealed")] {
        filed.check(&filed.grant, bytes, exhibit, "vault::sealed_differs");
    }
    // The right bytes under a wrong size: the act contradicts itself, and is not believed.
    for size in [0, exhibit.size - 1, exhibit.size + 1, u64::MAX] {
        let wrong = Exhibit { size, ..exhibit.clone() };
        filed.check(&filed.grant, &filed.bytes, &wrong, "vault::sealed_differs");
    }
}

#[test]
fn sealed_files_that_were_filed_wrong() {
    let filed = filed(b"plain");
    let check = |bytes: &[u8], code| {
        let (grant, exhibit) = filed.about(bytes);
        filed.check(&grant, bytes, &exhibit, code);
    };
    let mut longer = filed.bytes.clone();
    longer.push(0);
    check(b"plain", "vault::sealed_not_age");
    check(b"", "vault::sealed_not_age");
    check(&age_under_passphrase(b"plain"), "vault::sealed_passphrase");
    check(&age_to(&[&filed.stage.south], b"plain"), "vault::sealed_not_for_recipient");
    check(&filed.bytes[..filed.bytes.len() - 1], "vault::sealed_corrupt");
    check(&longer, "vault::sealed_corrupt");
}

#[test]
fn content_that_the_act_does_not_commit_to() {
    let filed = filed(b"plain");
    let with = |commitment| Exhibit { commitment, ..filed.sealed.exhibit.clone() };
    let salt = &filed.sealed.grant.salt;
    let mut elsewhere = filed.stage.filing.clone();
    elsewhere.genesis = Hash::of(b"another register");
    let mut anothers = filed.stage.filing.clone();
    anothers.filer = ParticipantId::new("south").expect("an id");
    for wrong in [
        commitment(&filed.stage.filing, salt, b"other"),
        commitment(&elsewhere, salt, b"plain"),
        commitment(&anothers, salt, b"plain"),
    ] {
        filed.check(&filed.grant, &filed.bytes, &with(wrong), "vault::commitment_differs");
    }
    let mut grant = filed.sealed.grant.clone();
    grant.salt = vault::Salt::from_bytes([8; 32]);
    let grant = grant.seal_to(&[filed.stage.south.recipient()]).expect("it seals");
    filed.check(&grant.bytes, &filed.bytes, &filed.sealed.exhibit, "vault::commitment_differs");
}

#[test]
fn disks_that_fail_accuse_nobody() {
    let filed = filed(&Bytes::vec(150_000));
    let exhibit = &filed.sealed.exhibit;
    let target = filed.stage.path("plain");
    let mut pulled = PulledOut(Bytes::new(0));
    let opened = vault::open::open(
        &filed.sealed.grant,
        &mut pulled,
        exhibit,
        &filed.stage.filing,
        &target,
        &mut |_, _| (),
    );
    assert!(matches!(opened, Err(OpenError::Read(error)) if error.to_string().contains("pulled out")));
    // In the middle, too, where age sees a file that was cut short.
    let mut half = std::io::Read::chain(&filed.bytes[..100_000], PulledOut(Bytes::new(0)));
    let opened =
        vault::open::check(&filed.sealed.grant, &mut half, exhibit, &filed.stage.filing, &mut |_, _| ());
    assert!(matches!(opened, Err(OpenError::Read(error)) if error.to_string().contains("pulled out")));
    let nowhere = filed.stage.path("no/such/folder");
    let opened = vault::open::open(
        &filed.sealed.grant,
        &mut &*filed.bytes,
        exhibit,
        &filed.stage.filing,
        &nowhere,
        &mut |_, _| (),
    );
    assert!(matches!(opened, Err(OpenError::Write(_))));
    assert!(!target.exists());
}

/// A flipped bit is a bad copy to who has the true hash, and a bad exhibit to who has none; never plain.
#[test]
fn no_flipped_bit_yields_plain() {
    let filed = filed(&Bytes::vec(70_000));
    let header = filed.bytes.windows(4).position(|w| w == b"\n---").expect("a header") + 49;
    let regions = (0..header + 40).chain([30_000, header + 16 + 65_536, header + 16 + 65_536 + 16, 68_000]);
    let ends = filed.bytes.len() - 20..filed.bytes.len();
    for at in regions.chain(ends) {
        let mut bytes = filed.bytes.clone();
        bytes[at] ^= 1 << (at % 8);
        filed.check(&filed.grant, &bytes, &filed.sealed.exhibit, "vault::sealed_differs");
        let (grant, exhibit) = filed.about(&bytes);
        let opened = filed.stage.open_bytes(&grant, &bytes, &exhibit);
        assert!(
            matches!(opened, Err(OpenError::NotAge | OpenError::Corrupt | OpenError::NotForRecipient)),
            "byte {at}"
        );
    }
    for at in 0..filed.grant.len() {
        let mut grant = filed.grant.clone();
        grant[at] ^= 1 << (at % 8);
        let opened = vault::open_grant(&grant, &[&filed.stage.south]).err();
        assert!(
            matches!(opened, Some(GrantError::NotAge | GrantError::Corrupt | GrantError::NotForMe)),
            "byte {at}"
        );
    }
}
