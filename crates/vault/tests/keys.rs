//! Keys at rest: opened by their passphrase, and by nothing else.

mod stage;

use std::fs;

use stage::names;
use terms::Capacity;
use vault::keystore::unlock_ring;
use vault::{
    Identity, KeyError, KeyStore, KeyUse, Keyring, KeyringFlaw, Overwrite, Passphrase, Secret, WorkFactor,
};
use zeroize::Zeroizing;

const ORIGIN: &str = "register.example/river-accord";

fn passphrase(text: &str) -> Passphrase {
    Passphrase::new(text.to_owned()).expect("not empty")
}

fn work() -> WorkFactor {
    WorkFactor::new(2).expect("a little")
}

fn seed(byte: u8) -> Secret {
    Secret::Ed25519(Zeroizing::new([byte; 32]))
}

fn ring() -> Keyring {
    let mut ring = Keyring::new();
    let mut insert = |name: &str, usage, secret| ring.insert(name, usage, secret).expect("it goes in");
    insert(&format!("{ORIGIN}/north/liaison-1"), KeyUse::Enrolled(Capacity::Officer), seed(1));
    insert(&format!("{ORIGIN}/north/root-1"), KeyUse::Enrolled(Capacity::Root), seed(2));
    let seal = Secret::Age(Identity::generate());
    insert(&format!("{ORIGIN}/north/desk"), KeyUse::Enrolled(Capacity::Seal), seal);
    insert(ORIGIN, KeyUse::Registrar, seed(3));
    insert("witness.example/north", KeyUse::Witness, seed(4));
    ring
}

fn code(result: Result<impl Sized, KeyError>) -> &'static str {
    result.map_or_else(|error| error.code(), |_| "fine")
}

#[test]
fn one_passphrase_opens_all() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = KeyStore::at(&folder.path().join("keys"));
    assert_eq!(code(store.unlock(&passphrase("p"))), "vault::keyring_missing");
    let mut ring = ring();
    store.create(&mut ring, &passphrase("p"), work()).expect("it is made");
    let opened = store.unlock(&passphrase("p")).expect("it opens");
    assert_eq!(opened.to_text(), ring.to_text());
    assert_eq!(opened.iter().count(), 5);
    assert_eq!(opened.identities().len(), 1);
    let key = opened.get(&format!("{ORIGIN}/north/liaison-1")).expect("there");
    assert_eq!(key.usage(), KeyUse::Enrolled(Capacity::Officer));
    assert!(matches!(key.secret(), Secret::Ed25519(seed) if **seed == [1; 32]));
    assert_eq!(code(store.create(&mut Keyring::new(), &passphrase("p"), work())), "vault::keyring_exists");
    assert_eq!(names(&folder.path().join("keys")), ["keyring.age"]);

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!((mode(folder.path().join("keys")), mode(store.ring_path())), (0o700, 0o600));
    }
}

#[test]
fn what_does_not_open_says_why() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = KeyStore::at(folder.path());
    store.create(&mut ring(), &passphrase("p"), work()).expect("it is made");
    let bytes = fs::read(store.ring_path()).expect("there");
    let check = |bytes: &[u8], expected| {
        fs::write(store.ring_path(), bytes).expect("a write");
        assert_eq!(code(store.unlock(&passphrase("p"))), expected);
    };
    assert_eq!(code(store.unlock(&passphrase("P"))), "vault::wrong_passphrase");
    for cut in [15, 30, 100, 170, 200, bytes.len() - 1] {
        check(&bytes[..cut], "vault::keyring_damaged");
    }
    check(b"", "vault::keyring_foreign");
    check(b"mithaq.keyring/v1\n", "vault::keyring_foreign");
    check(&vec![0; 100_000], "vault::keyring_foreign");

    let under = |plain: &[u8], log_n| {
        let mut key = age::scrypt::Recipient::new("p".to_owned().into());
        key.set_work_factor(log_n);
        age::encrypt(&key, plain).expect("it encrypts")
    };
    check(&under(b"a diary\n", 2), "vault::keyring_foreign");
    check(&under(b"", 2), "vault::keyring_foreign");
    check(&under(b"mithaq.keyring/v1\nname\n", 2), "vault::keyring_malformed");
    let to_a_key: age::x25519::Recipient =
        Identity::generate().recipient().to_string().parse().expect("a recipient");
    check(&age::encrypt(&to_a_key, b"").expect("it encrypts"), "vault::keyring_foreign");
    // A header that asks for 2^21, without our doing any of it.
    let text = String::from_utf8_lossy(&bytes[..100]).into_owned();
    let line = text.lines().nth(1).expect("a stanza");
    let asks = line.strip_suffix(" 2").expect("our factor").to_owned() + " 21";
    let mut costly = text.replace(line, &asks).into_bytes()[..101].to_vec();
    costly.extend_from_slice(&bytes[100..]);
    check(&costly, "vault::keyring_too_much_work");
}

#[test]
fn no_flipped_bit_opens() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = KeyStore::at(folder.path());
    store.create(&mut ring(), &passphrase("p"), WorkFactor::new(1).expect("a little")).expect("it is made");
    let bytes = fs::read(store.ring_path()).expect("there");
    for at in (0..250).chain(bytes.len() - 20..bytes.len()) {
        let mut bytes = bytes.clone();
        bytes[at] ^= 1;
        assert!(unlock_ring(&bytes, &passphrase("p")).is_err(), "byte {at}");
    }
}

#[test]
fn a_change_is_not_lost() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = KeyStore::at(folder.path());
    store.create(&mut Keyring::new(), &passphrase("p"), work()).expect("it is made");
    let mut one = store.unlock(&passphrase("p")).expect("it opens");
    let mut other = store.unlock(&passphrase("p")).expect("it opens");
    one.insert("w.example/1", KeyUse::Witness, seed(1)).expect("it goes in");
    store.save(&mut one, &passphrase("p"), work()).expect("it saves");
    other.insert("w.example/2", KeyUse::Witness, seed(2)).expect("it goes in");
    assert_eq!(code(store.save(&mut other, &passphrase("p"), work())), "vault::keyring_changed");
    // Who saved may go on, and may change the passphrase.
    assert!(one.remove("w.example/1").is_some());
    store.save(&mut one, &passphrase("new"), work()).expect("it saves");
    assert_eq!(code(store.unlock(&passphrase("p"))), "vault::wrong_passphrase");
    assert_eq!(store.unlock(&passphrase("new")).map(|ring| ring.iter().count()).ok(), Some(0));
}

#[test]
fn a_backup_comes_back_elsewhere() {
    let folder = tempfile::tempdir().expect("a folder");
    let (old, new) = (KeyStore::at(&folder.path().join("old")), KeyStore::at(&folder.path().join("new")));
    let mut ring = ring();
    old.create(&mut ring, &passphrase("p"), work()).expect("it is made");
    let stick = folder.path().join("stick.age");
    KeyStore::backup(&ring, &stick, &passphrase("safe"), work()).expect("it backs up");
    assert_eq!(code(KeyStore::backup(&ring, &stick, &passphrase("safe"), work())), "vault::target_exists");

    let restore = |to: &KeyStore, with: &str, own: &str, overwrite| {
        to.restore(&stick, &passphrase(with), &passphrase(own), work(), overwrite)
    };
    assert_eq!(code(restore(&new, "p", "q", Overwrite::Refuse)), "vault::wrong_passphrase");
    assert!(!new.ring_path().exists());
    assert_eq!(code(restore(&new, "safe", "q", Overwrite::Refuse)), "fine");
    assert_eq!(new.unlock(&passphrase("q")).map(|back| back.to_text() == ring.to_text()).ok(), Some(true));
    // The same keys again are no loss; others, or a ring that can't be looked into, would be.
    assert_eq!(code(restore(&new, "safe", "q", Overwrite::Refuse)), "fine");
    assert_eq!(code(restore(&new, "safe", "other", Overwrite::Refuse)), "vault::keyring_exists");
    let mut changed = new.unlock(&passphrase("q")).expect("it opens");
    changed.remove(ORIGIN);
    new.save(&mut changed, &passphrase("q"), work()).expect("it saves");
    assert_eq!(code(restore(&new, "safe", "q", Overwrite::Refuse)), "vault::keyring_exists");
    assert_eq!(new.unlock(&passphrase("q")).map(|ring| ring.iter().count()).ok(), Some(4));
    assert_eq!(code(restore(&new, "safe", "r", Overwrite::Replace)), "fine");
    assert_eq!(new.unlock(&passphrase("r")).map(|ring| ring.iter().count()).ok(), Some(5));
}

#[test]
fn keys_that_do_not_go_into_a_ring() {
    let mut ring = ring();
    let before = ring.to_text();
    let officer = KeyUse::Enrolled(Capacity::Officer);
    let name = |name: &str| Some(KeyringFlaw::Name { name: name.to_owned() });
    for bad in ["", "north/a", "register.example/north/", "register.example/registrar/a", "a b/north/a"] {
        assert_eq!(ring.insert(bad, officer, seed(1)).err(), name(bad));
    }
    assert_eq!(ring.insert("a\nb", KeyUse::Witness, seed(1)).err(), name("a\nb"));
    let wrong = Some(KeyringFlaw::WrongSecret { name: "x/north/a".to_owned() });
    assert_eq!(ring.insert("x/north/a", officer, Secret::Age(Identity::generate())).err(), wrong);
    assert_eq!(ring.insert("x/north/a", KeyUse::Enrolled(Capacity::Seal), seed(1)).err(), wrong);
    let taken = Some(KeyringFlaw::Taken { name: ORIGIN.to_owned() });
    assert_eq!(ring.insert(ORIGIN, KeyUse::Registrar, seed(9)).err(), taken);
    assert_eq!(ring.to_text(), before);
    let full = (0..1000).find_map(|i| ring.insert(&format!("w{i}"), KeyUse::Witness, seed(1)).err());
    assert_eq!(full, Some(KeyringFlaw::TooLong));
    assert!(Keyring::parse(ring.to_text().as_bytes()).is_ok());
}

#[test]
fn texts_that_are_no_ring() {
    let text = ring().to_text().to_string();
    let lines: Vec<&str> = text.lines().collect();
    let check = |at: usize, line: &str, flaw| {
        let mut lines = lines.clone();
        lines[at] = line;
        let found = Keyring::parse((lines.join("\n") + "\n").as_bytes()).err();
        assert_eq!(found, Some(flaw), "{line}");
    };
    let line = |number| KeyringFlaw::Line { number };
    check(0, "mithaq.keyring/v2", KeyringFlaw::Version);
    check(1, "name a secret that slipped", line(2));
    check(1, "Name x", line(2));
    check(2, "capacity king", line(3));
    check(3, "ed25519 AAAA", line(4));
    check(3, &format!("{} ", lines[3]), line(4));
    check(3, "", line(4));
    check(4, lines[1], line(5));
    check(4, "name a", line(5));
    assert_eq!(Keyring::parse(text.trim_end().as_bytes()).err(), Some(KeyringFlaw::Version));
    assert_eq!(Keyring::parse(format!("{text}\n").as_bytes()).err(), Some(line(17)));
    assert_eq!(Keyring::parse(b"\xff\n").err(), Some(KeyringFlaw::Version));
    assert_eq!(Keyring::parse(&[b'a'; 1 << 20]).err(), Some(KeyringFlaw::TooLong));
    assert_eq!(Keyring::parse(b"mithaq.keyring/v1\n").map(|ring| ring.iter().count()).ok(), Some(0));
}

proptest::proptest! {
    #[test]
    fn what_parses_writes_the_same(edits in proptest::collection::vec((0_usize..700, 9_u8..127), 0..3)) {
        let mut bytes = ring().to_text().as_bytes().to_vec();
        for (at, byte) in edits {
            if let Some(place) = bytes.get_mut(at) { *place = byte }
        }
        if let Ok(ring) = Keyring::parse(&bytes) {
            let text = ring.to_text();
            proptest::prop_assert_eq!(text.as_bytes(), &bytes[..]);
        }
    }
}
