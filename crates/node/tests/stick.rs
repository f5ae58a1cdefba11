//! Two laptops and a stick run the whole hand-over without any server; then a third joins.

use std::path::{Path, PathBuf};

use act::Body;
use act::body::{Answer, Enrol, Keep, KeyEnrolment, Offer, Open, Opened, Seat, Step};
use act::value::{FieldValue, Fields, MatterRef, Office, RecipientText, Vkey, Word};
use audit::{Expected, Inline, Verdict, verify_folder};
use node::bundle::{self, Joining};
use node::disk::Disk;
use node::evidence::Evidence;
use node::found::{Founding, found, key_set};
use node::{Home, Node};
use note::{KeyName, SigningKey, VerifierKey};
use terms::{Capacity, Code, Custody, Instant, Item, Origin, ParticipantId};
use vault::{KeyUse, Keyring, Secret};

const INSTRUMENT: &str = include_str!("../../../instruments/exercise-two.toml");

fn who(id: &str) -> ParticipantId {
    ParticipantId::new(id).expect("an id")
}

fn code(text: &str) -> Code {
    Code::new(text).expect("a code")
}

fn at(hour: u64) -> Instant {
    Instant::from_secs(1_767_600_000 + hour * 3600).expect("in range")
}

fn origin() -> Origin {
    Origin::new("register.example/river-accord").expect("an origin")
}

/// A keyring with a key of each use for one participant.
fn ring(participant: &str, registrar: bool) -> Keyring {
    let origin = origin();
    let mut ring = Keyring::new();
    let fresh = || Secret::fresh_ed25519().expect("randomness");
    for label in ["root-1", "root-2"] {
        ring.insert(&format!("{origin}/{participant}/{label}"), KeyUse::Enrolled(Capacity::Root), fresh())
            .expect("new");
    }
    ring.insert(&format!("{origin}/{participant}/liaison-1"), KeyUse::Enrolled(Capacity::Officer), fresh())
        .expect("new");
    ring.insert(&format!("{origin}/{participant}/stamp-1"), KeyUse::Enrolled(Capacity::Intake), fresh())
        .expect("new");
    ring.insert(&format!("{origin}/{participant}/node-1"), KeyUse::Enrolled(Capacity::Node), fresh())
        .expect("new");
    let seal = Secret::Age(vault::Identity::generate());
    ring.insert(&format!("{origin}/{participant}/seal-1"), KeyUse::Enrolled(Capacity::Seal), seal)
        .expect("new");
    ring.insert(&format!("{participant}.example/witness"), KeyUse::Witness, fresh()).expect("new");
    if registrar {
        ring.insert(&format!("{origin}/registrar"), KeyUse::Registrar, fresh()).expect("new");
    }
    ring
}

fn public(ring: &Keyring, name: &str) -> note::PublicKey {
    match ring.get(name).expect("a key").secret() {
        Secret::Ed25519(seed) => SigningKey::from_seed(seed).public(),
        Secret::Age(_) => panic!("no signing key"),
    }
}

fn witness(ring: &Keyring, participant: &str) -> (String, VerifierKey) {
    let name = format!("{participant}.example/witness");
    let key = KeyName::new(&name).expect("a name");
    (participant.to_owned(), VerifierKey::cosigner(key, public(ring, &name)))
}

fn seat(ring: &Keyring, participant: &str) -> Seat {
    let roots = key_set(ring, &origin(), &who(participant), &["root-1", "root-2"], 2).expect("roots");
    Seat { participant: who(participant), roots, recovery: None }
}

fn enrol(ring: &Keyring, participant: &str, label: &str) -> Body {
    let name = format!("{}/{participant}/{label}", origin());
    let key = ring.get(&name).expect("a key");
    let KeyUse::Enrolled(capacity) = key.usage() else { panic!("not enrolled") };
    let key_name = KeyName::new(&name).expect("a name");
    let (vkey, recipient) = match key.secret() {
        Secret::Age(identity) => {
            (None, Some(RecipientText::new(identity.recipient().to_string()).expect("a recipient")))
        }
        Secret::Ed25519(_) if capacity == Capacity::Intake => {
            (Some(Vkey(VerifierKey::intake(key_name, public(ring, &name)))), None)
        }
        Secret::Ed25519(_) => (Some(Vkey(VerifierKey::plain(key_name, public(ring, &name)))), None),
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

fn quiet(_: u64, _: u64) {}

/// Carries a bundle from one node to another, and takes it in.
fn carry(from: &mut Node, to: &mut Node, stick: &Path, hour: u64) -> bundle::Imported {
    let receiver = to.me().clone();
    let sealed = from.recipients_of(&receiver).is_ok();
    let file = stick.join(format!("{}-{hour}.mithaq", from.me()));
    from.export(&receiver, &file, !sealed, at(hour), &mut quiet).expect("exported");
    let imported = to.import(&file, at(hour), &mut quiet).expect("imported");
    assert_eq!(imported.wrongs, Vec::<String>::new());
    imported
}

fn verify(data: &Path) -> audit::Report {
    let source = Disk::at(data);
    let checked = verify_folder(&source, &Expected::Any, None, &mut Inline::default(), &mut |_, _| {});
    assert_eq!(checked.report.verdict(), Verdict::Good, "{:#?}", checked.report);
    checked.report
}

struct World {
    _dir: tempfile::TempDir,
    stick: PathBuf,
    north: Node,
    harbour: Node,
}

impl World {
    /// North founds with harbour, and harbour joins by stick.
    fn new() -> World {
        let dir = tempfile::tempdir().expect("a folder");
        let home = |name: &str| Home::new(&dir.path().join(name), &dir.path().join(format!("{name}.keys")));
        let stick = dir.path().join("stick");
        std::fs::create_dir(&stick).expect("a stick");
        let (north_ring, harbour_ring) = (ring("north", true), ring("harbour", false));
        let founding = Founding {
            origin: origin(),
            participant: who("north"),
            instrument: INSTRUMENT,
            witnesses: vec![witness(&harbour_ring, "harbour")],
            quorum: 1,
            founders: vec![seat(&harbour_ring, "harbour"), seat(&north_ring, "north")],
            signers: ["harbour/root-1", "harbour/root-2", "north/root-1", "north/root-2"]
                .iter()
                .map(|s| s.parse().expect("a signer"))
                .collect(),
            others: &harbour_ring,
        };
        let enrolments: Vec<Body> =
            ["liaison-1", "seal-1", "node-1"].iter().map(|l| enrol(&north_ring, "north", l)).collect();
        let mut north = found(&home("north"), north_ring, founding, at(0)).expect("founded");
        for body in enrolments {
            north.act_with(&["root-1", "root-2"], body, at(0)).expect("enrolled");
        }
        let first = stick.join("first.mithaq");
        north.export(&who("harbour"), &first, true, at(1), &mut quiet).expect("exported");
        let joining = Joining {
            participant: who("harbour"),
            expected: Expected::Genesis(north.genesis()),
            witness: Some("harbour.example/witness"),
            intake: Some("register.example/river-accord/harbour/stamp-1"),
        };
        let enrolments: Vec<Body> = ["liaison-1", "seal-1", "stamp-1", "node-1"]
            .iter()
            .map(|l| enrol(&harbour_ring, "harbour", l))
            .collect();
        let (mut harbour, imported) =
            bundle::join(&home("harbour"), harbour_ring, &joining, &first, at(1), &mut quiet)
                .expect("joined");
        assert_eq!(imported.cosigned, Some(4));
        for body in enrolments {
            harbour.act_with(&["root-1", "root-2"], body, at(1)).expect("queued");
        }
        let mut world = World { _dir: dir, stick, north, harbour };
        let imported = world.back(2);
        assert_eq!((imported.registered, imported.mark), (4, Some(8)), "{imported:?}");
        world
    }

    fn there(&mut self, hour: u64) -> bundle::Imported {
        carry(&mut self.north, &mut self.harbour, &self.stick, hour)
    }

    fn back(&mut self, hour: u64) -> bundle::Imported {
        carry(&mut self.harbour, &mut self.north, &self.stick, hour)
    }
}

#[test]
fn a_whole_hand_over_without_any_server() {
    let mut world = World::new();
    world.there(3);

    // North offers a recording and gives notice.
    let plain: Vec<u8> = (0..300_000_u32).map(|n| (n % 251) as u8).collect();
    let evidence = Evidence {
        plain: &mut plain.as_slice(),
        bytes: plain.len() as u64,
        media_type: "audio/x-test",
        name: Some("call.wav"),
    };
    let (file, _) = world.north.seal(evidence, &[who("harbour")], &mut quiet).expect("sealed");
    let offer =
        world.north.act("liaison-1", Body::Offer(Offer { files: vec![file] }), at(4)).expect("offered");
    let exhibit = Item::exhibit(offer.act().id(), 1);
    let mut fields = Fields::new();
    fields.insert(code("told"), FieldValue::Several(vec![Word::Code(code("harbour"))]));
    let open = Open { procedure: code("notice"), tier: None, fields, strands: vec![], files: vec![] };
    let notice = world.north.act("liaison-1", Body::Open(open), at(4)).expect("given");
    world.back(4);
    let imported = world.there(5);
    assert_eq!((imported.sealed, imported.grants), (1, 1), "{imported:?}");

    // Harbour keeps, opens, answers; acknowledges receipt.
    let target = world.stick.join("call.wav");
    let grant = world.harbour.open_exhibit(&exhibit, Some(&target), &mut quiet).expect("opened");
    assert_eq!(std::fs::read(&target).expect("plain"), plain);
    assert_eq!(grant.media_type.as_str(), "audio/x-test");
    let keep = Body::Keep(Keep { exhibits: vec![exhibit] });
    world.harbour.act("liaison-1", keep, at(5)).expect("kept");
    world.harbour.act("liaison-1", Body::Opened(Opened { exhibit }), at(5)).expect("said");
    let answer = Body::Answer(Answer { exhibit, choice: Some(code("noted")), files: vec![] });
    world.harbour.act("liaison-1", answer, at(5)).expect("answered");
    let step = Step {
        matter: MatterRef::Opened(notice.act().id()),
        strands: vec![],
        step: code("acknowledge"),
        choice: None,
        fields: Fields::new(),
        files: vec![],
    };
    world.harbour.act("liaison-1", Body::Step(step), at(5)).expect("acknowledged");
    let imported = world.back(6);
    assert_eq!((imported.registered, imported.refused.len()), (4, 0));

    // Two beats settle everything.
    for hour in [7, 8, 9] {
        world.there(hour);
        world.back(hour);
    }
    world.there(10);
    let state = world.harbour.replay().state();
    let has = |start: &str| state.lines().iter().any(|line| line.starts_with(start));
    let path = docket::v1::state::exhibit_path(&exhibit);
    assert!(has(&format!("{path}/kept/harbour ")), "{:#?}", state.lines());
    assert!(has(&format!("{path}/opened/harbour ")));
    assert!(has(&format!("{path}/answered/harbour ")));
    assert!(
        state.lines().iter().any(|l| l.contains("/strand/harbour acknowledged since")),
        "{:#?}",
        state.lines()
    );

    let (north, harbour) = (verify(&world.north.home().data), verify(&world.harbour.home().data));
    assert_eq!(north.genesis, harbour.genesis);
    assert_eq!(harbour.counts.sealed, 1);
    let tally = &harbour.tallies[&who("north")];
    assert_eq!((tally.offered, tally.filed, tally.shared, tally.answered), (1, 1, 1, 1));

    // One small file proves it to anybody who knows the register's name.
    let proof = world.harbour.standing_proof(&offer.act().id()).expect("a proof");
    assert!(proof.len() < 64 * 1024, "{}", proof.len());
    let expected = Expected::Voice(terms::VoiceName::of(&world.north.genesis()));
    let shown = audit::standing::verify(&proof, &expected).expect("it holds");
    assert_eq!(shown.signers, vec!["north/liaison-1".parse().expect("a signer")]);
    let (_, note, lines) = shown.state.expect("a state");
    assert!(lines.iter().any(|line| line.contains("/opened/harbour")), "{lines:?}");
    assert_eq!(note.body.size, shown.size);
    for at in (0..proof.len()).step_by(97) {
        let mut bad = proof.clone();
        bad[at] ^= 1;
        if let Ok(other) = audit::standing::verify(&bad, &expected) {
            assert_eq!((other.index, other.signers), (shown.index, shown.signers.clone()), "byte {at}");
        }
    }
    let other = Expected::Genesis(terms::Hash::ZERO);
    assert!(audit::standing::verify(&proof, &other).is_err());
}

#[test]
fn nodes_open_again_as_they_were() {
    let mut world = World::new();
    world.there(3);
    let (state, size) = (world.harbour.replay().state(), world.harbour.size());
    let home = world.harbour.home().clone();
    let mut ring = Keyring::new();
    for (name, key) in world.harbour.keyring().iter() {
        let secret = match key.secret() {
            Secret::Ed25519(seed) => Secret::Ed25519(seed.clone()),
            Secret::Age(identity) => {
                Secret::Age(vault::Identity::parse(&identity.to_text()).expect("an identity"))
            }
        };
        ring.insert(name, key.usage(), secret).expect("new");
    }
    let World { _dir, stick, north, harbour: old } = world;
    drop(old);
    let again = Node::open(&home, ring).expect("opened");
    assert_eq!((again.size(), again.replay().state()), (size, state));
    drop((stick, north, _dir));
}
