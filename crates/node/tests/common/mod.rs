//! Nodes of invented parties that meet by stick, and their folders held in memory to be spoilt.

#![allow(clippy::allow_attributes, dead_code, reason = "each test file uses a part of it")]
#![expect(clippy::panic, reason = "a test's helper says what it found")]

pub(crate) mod handmade;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use act::Body;
use act::body::{Enrol, Keep, KeyEnrolment, Seat};
use act::value::{Office, RecipientText, Vkey};
use audit::{Batcher, Bundle, Checked, Expected, Inline, Verdict, verify_folder};
use node::bundle::{self, Joining};
use node::disk::Disk;
pub(crate) use node::disk::Memory as Files;
use node::found::{Founding, found, key_set};
use node::{Home, Node};
use note::{Check, KeyName, SigningKey, VerifierKey};
use terms::{ActId, Capacity, Code, Custody, Hash, Instant, Item, Origin, ParticipantId};
use vault::{KeyUse, Keyring, Secret};

pub(crate) const TWO: &str = include_str!("../../../../instruments/exercise-two.toml");

/// With a third, `isle`, of this role.
pub(crate) fn three(role: &str) -> String {
    let more =
        format!("[participant.isle]\nrole = \"{role}\"\nnames = {{ own = \"Isle\", label = \"Isle\" }}\n");
    TWO.replace("[excluded.reed-band]", &format!("{more}\n[excluded.reed-band]"))
}

pub(crate) fn who(id: &str) -> ParticipantId {
    ParticipantId::new(id).expect("an id")
}

pub(crate) fn code(text: &str) -> Code {
    Code::new(text).expect("a code")
}

pub(crate) fn at(hour: u64) -> Instant {
    Instant::from_secs(1_767_600_000 + hour * 3600).expect("in range")
}

pub(crate) fn origin() -> Origin {
    Origin::new("register.example/river-accord").expect("an origin")
}

/// A keyring with a key of each use for one participant.
pub(crate) fn ring(participant: &str, registrar: bool) -> Keyring {
    let origin = origin();
    let mut ring = Keyring::new();
    let fresh = || Secret::fresh_ed25519().expect("randomness");
    let mut add = |label: &str, capacity, secret| {
        ring.insert(&format!("{origin}/{participant}/{label}"), KeyUse::Enrolled(capacity), secret)
            .expect("new");
    };
    add("root-1", Capacity::Root, fresh());
    add("root-2", Capacity::Root, fresh());
    add("liaison-1", Capacity::Officer, fresh());
    add("stamp-1", Capacity::Intake, fresh());
    add("node-1", Capacity::Node, fresh());
    add("seal-1", Capacity::Seal, Secret::Age(vault::Identity::generate()));
    ring.insert(&format!("{participant}.example/witness"), KeyUse::Witness, fresh()).expect("new");
    if registrar {
        ring.insert(&format!("{origin}/registrar"), KeyUse::Registrar, fresh()).expect("new");
    }
    ring
}

pub(crate) fn copy_ring(ring: &Keyring) -> Keyring {
    let mut copy = Keyring::new();
    for (name, key) in ring.iter() {
        let secret = match key.secret() {
            Secret::Ed25519(seed) => Secret::Ed25519(seed.clone()),
            Secret::Age(identity) => {
                Secret::Age(vault::Identity::parse(&identity.to_text()).expect("an identity"))
            }
        };
        copy.insert(name, key.usage(), secret).expect("new");
    }
    copy
}

pub(crate) fn signing(ring: &Keyring, name: &str) -> SigningKey {
    match ring.get(name).expect("a key").secret() {
        Secret::Ed25519(seed) => SigningKey::from_seed(seed),
        Secret::Age(_) => panic!("no signing key"),
    }
}

pub(crate) fn witness_name(participant: &str) -> String {
    format!("{participant}.example/witness")
}

pub(crate) fn witness(ring: &Keyring, participant: &str) -> (String, VerifierKey) {
    let name = witness_name(participant);
    let key = KeyName::new(&name).expect("a name");
    (participant.to_owned(), VerifierKey::cosigner(key, signing(ring, &name).public()))
}

pub(crate) fn seat(ring: &Keyring, participant: &str) -> Seat {
    let roots = key_set(ring, &origin(), &who(participant), &["root-1", "root-2"], 2).expect("roots");
    Seat { participant: who(participant), roots, recovery: None }
}

pub(crate) fn enrol(ring: &Keyring, participant: &str, label: &str) -> Body {
    let name = format!("{}/{participant}/{label}", origin());
    let key = ring.get(&name).expect("a key");
    let KeyUse::Enrolled(capacity) = key.usage() else { panic!("not enrolled") };
    let key_name = KeyName::new(&name).expect("a name");
    let (vkey, recipient) = match key.secret() {
        Secret::Age(identity) => {
            (None, Some(RecipientText::new(identity.recipient().to_string()).expect("a recipient")))
        }
        Secret::Ed25519(_) if capacity == Capacity::Intake => {
            (Some(Vkey(VerifierKey::intake(key_name, signing(ring, &name).public()))), None)
        }
        Secret::Ed25519(_) => (Some(Vkey(VerifierKey::plain(key_name, signing(ring, &name).public()))), None),
    };
    Body::Enrol(Enrol::Key(KeyEnrolment {
        label: code(label),
        capacity,
        vkey,
        passkey: None,
        recipient,
        custody: Custody::Device,
        office: Office::new("Liaison office".to_owned()).expect("an office"),
        note: None,
    }))
}

pub(crate) fn quiet(_: u64, _: u64) {}

/// Carries a bundle from one node to another, and takes it in.
pub(crate) fn carry(from: &mut Node, to: &mut Node, stick: &Path, hour: u64) -> bundle::Imported {
    let imported = import(from, to, stick, hour).expect("imported");
    assert_eq!(imported.wrongs, Vec::<String>::new());
    imported
}

pub(crate) fn import(
    from: &mut Node,
    to: &mut Node,
    stick: &Path,
    hour: u64,
) -> Result<bundle::Imported, node::Fault> {
    let receiver = to.me().clone();
    let sealed = from.recipients_of(&receiver).is_ok();
    let file = stick.join(format!("{}-{}-{hour}.mithaq", from.me(), to.me()));
    from.export(&receiver, &file, !sealed, at(hour), &mut quiet).expect("exported");
    to.import(&file, at(hour), &mut quiet)
}

/// A founder's home, keyring, and the nodes that joined.
pub(crate) struct World {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) stick: PathBuf,
    pub(crate) north: Node,
    pub(crate) rings: BTreeMap<String, Keyring>,
}

impl World {
    /// North founds with the others; each of `witnesses` has a key in the policy.
    pub(crate) fn found(instrument: &str, others: &[&str], witnesses: &[&str], quorum: usize) -> World {
        let mut rings: BTreeMap<String, Keyring> =
            others.iter().map(|name| ((*name).to_owned(), ring(name, false))).collect();
        for name in witnesses {
            rings.entry((*name).to_owned()).or_insert_with(|| ring(name, false));
        }
        let witnesses = witnesses.iter().map(|name| witness(&rings[*name], name)).collect();
        World::found_with(instrument, others, witnesses, quorum, ring("north", true), rings)
    }

    /// The same, with these witnesses and keys.
    pub(crate) fn found_with(
        instrument: &str,
        others: &[&str],
        witnesses: Vec<(String, VerifierKey)>,
        quorum: usize,
        north_ring: Keyring,
        mut rings: BTreeMap<String, Keyring>,
    ) -> World {
        let dir = tempfile::tempdir().expect("a folder");
        let stick = dir.path().join("stick");
        std::fs::create_dir(&stick).expect("a stick");
        let mut all = Keyring::new();
        for name in others {
            for (full, key) in copy_ring(&rings[*name]).iter() {
                if let Secret::Ed25519(seed) = key.secret() {
                    all.insert(full, key.usage(), Secret::Ed25519(seed.clone())).expect("new");
                }
            }
        }
        let mut founders: Vec<Seat> = others.iter().map(|name| seat(&rings[*name], name)).collect();
        founders.push(seat(&north_ring, "north"));
        founders.sort_by(|a, b| a.participant.cmp(&b.participant));
        let roots = |name: &str| [format!("{name}/root-1"), format!("{name}/root-2")];
        let signers = founders
            .iter()
            .flat_map(|seat| roots(seat.participant.as_str()))
            .map(|signer| signer.parse().expect("a signer"))
            .collect();
        let founding = Founding {
            origin: origin(),
            participant: who("north"),
            instrument,
            witnesses,
            quorum,
            founders,
            signers,
            others: &all,
        };
        let enrolments: Vec<Body> =
            ["liaison-1", "seal-1", "node-1"].iter().map(|l| enrol(&north_ring, "north", l)).collect();
        rings.insert("north".to_owned(), copy_ring(&north_ring));
        let home = Home::new(&dir.path().join("north"), &dir.path().join("north.keys"));
        let mut north = found(&home, north_ring, founding, at(0)).expect("founded");
        for body in enrolments {
            north.act_with(&["root-1", "root-2"], body, at(0)).expect("enrolled");
        }
        World { dir, stick, north, rings }
    }

    pub(crate) fn home(&self, name: &str) -> Home {
        Home::new(&self.dir.path().join(name), &self.dir.path().join(format!("{name}.keys")))
    }

    /// A node joins by stick, and its enrolments wait in its queue.
    pub(crate) fn join(&mut self, name: &str, intake: bool, hour: u64) -> (Node, bundle::Imported) {
        let first = self.stick.join(format!("first-{name}.mithaq"));
        self.north.export(&who(name), &first, true, at(hour), &mut quiet).expect("exported");
        let (witness, stamp) = (witness_name(name), format!("{}/{name}/stamp-1", origin()));
        let joining = Joining {
            participant: who(name),
            expected: Expected::Genesis(self.north.genesis()),
            witness: Some(&witness),
            intake: intake.then_some(stamp.as_str()),
        };
        let ring = copy_ring(&self.rings[name]);
        let (mut node, imported) =
            bundle::join(&self.home(name), ring, &joining, &first, at(hour), &mut quiet).expect("joined");
        let labels: &[&str] = if intake {
            &["liaison-1", "seal-1", "node-1", "stamp-1"]
        } else {
            &["liaison-1", "seal-1", "node-1"]
        };
        for label in labels {
            let body = enrol(&self.rings[name], name, label);
            node.act_with(&["root-1", "root-2"], body, at(hour)).expect("queued");
        }
        (node, imported)
    }
}

pub(crate) fn report(data: &Path) -> audit::Report {
    verify_folder(&Disk::at(data), &Expected::Any, None, &mut Inline::default(), &mut |_, _| {}).report
}

pub(crate) fn verify(data: &Path) -> audit::Report {
    let report = report(data);
    assert_eq!(report.verdict(), Verdict::Good, "{report:#?}");
    report
}

pub(crate) fn files_of(data: &Path) -> Files {
    Files::of(data).expect("a folder")
}

/// North's register, and harbour's node, which cosigns it and stamps: both hold the same.
pub(crate) fn met() -> (World, Node) {
    let mut world = World::found(TWO, &["harbour"], &["harbour"], 1);
    let (mut harbour, _) = world.join("harbour", true, 1);
    let stick = world.stick.clone();
    carry(&mut harbour, &mut world.north, &stick, 2);
    carry(&mut world.north, &mut harbour, &stick, 3);
    carry(&mut harbour, &mut world.north, &stick, 4);
    (world, harbour)
}

/// Something to hand in: it names an exhibit that does not exist, so it is void and harmless.
pub(crate) fn keep(node: &Node) -> Body {
    let exhibit = Item::exhibit(ActId(node.genesis()), 1);
    Body::Keep(Keep { exhibits: vec![exhibit] })
}

/// North, harbour and isle; three witnesses, of which `sleeper` never wakes; two make a quorum.
pub(crate) fn three_nodes() -> (World, Node, Node) {
    let mut world =
        World::found(&three("guarantor"), &["harbour", "isle"], &["harbour", "isle", "sleeper"], 2);
    let (harbour, imported) = world.join("harbour", true, 1);
    // One of two: held, and not final.
    assert_eq!((imported.cosigned, harbour.checkpoint().expect("read")), (Some(4), None), "{imported:?}");
    assert_eq!(harbour.size(), 4);
    let (isle, imported) = world.join("isle", true, 1);
    assert_eq!(imported.cosigned, Some(4));
    (world, harbour, isle)
}

/// Checks that it has seen pass are not made again: the same register is verified thousands of times.
#[derive(Default)]
pub(crate) struct Remembering {
    good: BTreeSet<Hash>,
    done: Vec<(u64, Vec<usize>)>,
    reader: Inline,
}

impl Batcher for Remembering {
    fn read(&mut self, bundle: Vec<u8>, width: u16) {
        self.reader.read(bundle, width);
    }

    fn bundle(&mut self) -> Option<Bundle> {
        self.reader.bundle()
    }

    fn submit(&mut self, chunk: u64, checks: Vec<Check>) {
        let mut failed = Vec::new();
        for (place, check) in checks.iter().enumerate() {
            let of = Hash::of_parts(&[check.key.as_bytes(), check.signature.as_bytes(), &check.message]);
            if self.good.contains(&of) {
                continue;
            }
            if check.passes() {
                self.good.insert(of);
            } else {
                failed.push(place);
            }
        }
        self.done.push((chunk, failed));
    }

    fn done(&mut self, _: bool) -> Vec<(u64, Vec<usize>)> {
        std::mem::take(&mut self.done)
    }
}

pub(crate) fn check(files: &Files, batcher: &mut dyn Batcher) -> Checked {
    verify_folder(files, &Expected::Any, None, batcher, &mut |_, _| {})
}
