//! `age` itself, the program of others, opens what we seal and seals what we open.

mod stage;

use std::fs;
use std::path::Path;
use std::process::Command;

use stage::{Bytes, Stage};
use terms::Hash;
use vault::{Exhibit, Grant, Identity, Recipient, commitment};

fn there_is_age() -> bool {
    let there = ["age", "age-keygen"].iter().all(|name| Command::new(name).arg("--version").output().is_ok());
    if !there {
        println!("skipped: no `age` on PATH (apt-get install age)");
    }
    there
}

/// Runs a line of shell in `folder`, as a person would.
fn by_hand(folder: &Path, line: &str) -> String {
    let output = Command::new("sh").args(["-ec", line]).current_dir(folder).output().expect("a shell");
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// A key as `age-keygen` makes it, in the file `mine`.
fn keygen(folder: &Path) -> Identity {
    by_hand(folder, "age-keygen -o mine 2>/dev/null");
    let file = fs::read_to_string(folder.join("mine")).expect("a key file");
    let identity = file.lines().find(|line| line.starts_with("AGE-")).and_then(Identity::parse);
    let identity = identity.expect("an identity");
    assert_eq!(by_hand(folder, "age-keygen -y mine").trim(), identity.recipient().to_string());
    identity
}

#[test]
fn age_opens_our_exhibits_with_our_grants() {
    if !there_is_age() {
        return;
    }
    let stage = Stage::new();
    let folder = stage.folder.path();
    let mine = keygen(folder);
    for size in [0, 1, 65_535, 65_536, 65_537, 300_000] {
        let plain = Bytes::vec(size);
        let sealed = stage.seal(&mut &*plain);
        let grant = stage.vault.grant(&sealed.grant, &[stage.south.recipient(), mine.recipient()]);
        let grant = grant.expect("it grants");
        fs::copy(stage.vault.grant_path(&grant), folder.join("grant.age")).expect("a copy");
        fs::copy(stage.vault.sealed_path(&sealed.exhibit.sealed), folder.join("exhibit.age"))
            .expect("a copy");

        by_hand(folder, "age -d -i mine grant.age > g; age -d -i g exhibit.age > plain");
        assert_eq!(fs::read(folder.join("plain")).expect("plain"), plain, "{size}");
        assert_eq!(fs::read(folder.join("g")).expect("a grant"), sealed.grant.to_text().as_bytes());
    }
}

#[test]
fn we_open_what_age_sealed() {
    if !there_is_age() {
        return;
    }
    let mut stage = Stage::new();
    stage.south = keygen(stage.folder.path());
    let folder = stage.folder.path();
    by_hand(folder, "mkdir once");
    let once = keygen(&folder.join("once"));
    let salt = vault::Salt::from_bytes([9; 32]);
    for size in [0, 1, 65_535, 65_536, 65_537, 300_000] {
        let plain = Bytes::vec(size);
        fs::write(folder.join("plain"), &plain).expect("a write");
        by_hand(folder, "age -r $(age-keygen -y once/mine) -o exhibit.age plain");
        let bytes = fs::read(folder.join("exhibit.age")).expect("an exhibit");
        let exhibit = Exhibit {
            sealed: Hash::of(&bytes),
            size: bytes.len() as u64,
            recipient: Recipient::parse(&once.recipient().to_string()).expect("a recipient"),
            commitment: commitment(&stage.filing, &salt, &plain),
        };
        // The grant typed by hand, not by `Grant::to_text`.
        let grant = format!(
            "# mithaq.grant/v1\n# exhibit {}\n# salt {}\n# type text/plain; charset=utf-8\n{}\n",
            exhibit.sealed,
            terms::base64::encode(&[9; 32]),
            *once.to_text(),
        );
        assert!(Grant::parse(grant.as_bytes()).is_ok());
        fs::write(folder.join("g"), grant).expect("a write");
        by_hand(folder, "age -r $(age-keygen -y mine) -o grant.age g");
        let grant = fs::read(folder.join("grant.age")).expect("a grant");
        let opened = stage.open_bytes(&grant, &bytes, &exhibit);
        assert!(opened.is_ok_and(|opened| opened == plain), "{size}");

        // Armour is for mails; a vault has one form.
        by_hand(folder, "age -a -r $(age-keygen -y mine) -o grant.asc g");
        let armoured = fs::read(folder.join("grant.asc")).expect("a grant");
        assert_eq!(vault::open_grant(&armoured, &[&stage.south]).err(), Some(vault::GrantError::NotAge));
    }
}

/// `age` asks a terminal for the passphrase, so `script` plays one.
#[test]
fn age_opens_a_keyring() {
    if !there_is_age() || Command::new("script").arg("--version").output().is_err() {
        println!("skipped: no `script` on PATH (apt-get install bsdutils)");
        return;
    }
    let stage = Stage::new();
    let folder = stage.folder.path();
    let mut ring = vault::Keyring::new();
    let usage = vault::KeyUse::Enrolled(terms::Capacity::Seal);
    ring.insert("register.example/x/south/desk", usage, vault::Secret::Age(stage.south.clone()))
        .expect("it goes in");
    let passphrase = vault::Passphrase::new("open sesame".to_owned()).expect("not empty");
    let work = vault::WorkFactor::new(4).expect("a little");
    vault::KeyStore::at(folder).create(&mut ring, &passphrase, work).expect("it is made");
    by_hand(folder, "(sleep 1; echo open sesame) | script -qec 'age -d -o ring keyring.age' /dev/null");
    assert_eq!(fs::read(folder.join("ring")).expect("a ring"), ring.to_text().as_bytes());
}
