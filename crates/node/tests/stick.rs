//! Two laptops and a stick run the whole hand-over without any server; then a third joins.

mod common;

use act::Body;
use act::body::{Answer, Enrol, Keep, Offer, Open, Opened, Seat, Step};
use act::value::{FieldValue, Fields, MatterRef, Word};
use audit::Expected;
use audit::standing::StandingProof;
use common::{World as Founded, at, carry, code, copy_ring, quiet, verify, who};
use node::Node;
use node::bundle;
use node::evidence::Evidence;
use terms::{Item, SignerName};
use vault::Keyring;

struct World {
    world: Founded,
    harbour: Node,
}

impl World {
    /// North founds with harbour, and harbour joins by stick.
    fn new() -> World {
        let mut world = Founded::found(common::TWO, &["harbour"], &["harbour"], 1);
        let (harbour, imported) = world.join("harbour", true, 1);
        assert_eq!(imported.cosigned, Some(4));
        let mut world = World { world, harbour };
        let imported = world.back(2);
        assert_eq!((imported.registered, imported.mark), (4, Some(8)), "{imported:?}");
        world
    }

    fn there(&mut self, hour: u64) -> bundle::Imported {
        carry(&mut self.world.north, &mut self.harbour, &self.world.stick, hour)
    }

    fn back(&mut self, hour: u64) -> bundle::Imported {
        carry(&mut self.harbour, &mut self.world.north, &self.world.stick, hour)
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
    let (file, _) = world.world.north.seal(evidence, &[who("harbour")], &mut quiet).expect("sealed");
    let offer =
        world.world.north.act("liaison-1", Body::Offer(Offer { files: vec![file] }), at(4)).expect("offered");
    let exhibit = Item::exhibit(offer.act().id(), 1);
    let mut fields = Fields::new();
    fields.insert(code("told"), FieldValue::Several(vec![Word::Code(code("harbour"))]));
    let open = Open { procedure: code("notice"), tier: None, fields, strands: vec![], files: vec![] };
    let notice = world.world.north.act("liaison-1", Body::Open(open), at(4)).expect("given");
    world.back(4);
    let imported = world.there(5);
    // Its own grant, and that of its filer: what somebody lost comes back from another.
    assert_eq!((imported.sealed, imported.grants), (1, 2), "{imported:?}");

    // Harbour keeps, opens, answers; acknowledges receipt.
    let target = world.world.stick.join("call.wav");
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
    let state = world.harbour.docket().state();
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

    let (north, harbour) = (verify(&world.world.north.home().data), verify(&world.harbour.home().data));
    assert_eq!(north.genesis, harbour.genesis);
    assert_eq!(harbour.counts.sealed, 1);
    let tally = &harbour.tallies[&who("north")];
    assert_eq!((tally.offered, tally.filed, tally.shared, tally.answered), (1, 1, 1, 1));

    // One small file proves it to anybody who knows the register's name.
    let proof = world.harbour.standing_proof(&offer.act().id()).expect("a proof");
    assert!(proof.len() < 64 * 1024, "{}", proof.len());
    let expected = Expected::Voice(terms::VoiceName::of(&world.world.north.genesis()));
    let shown = audit::standing::verify(&proof, &expected).expect("it holds");
    assert_eq!(shown.signers, vec!["north/liaison-1".parse().expect("a signer")]);
    let (_, note, lines) = shown.state.expect("a state");
    assert!(lines.iter().any(|line| line.contains("/opened/harbour")), "{lines:?}");
    assert_eq!(note.body.size, shown.size);
    for at in (0..proof.len()).step_by(97) {
        let mut bad = proof.clone();
        bad[at] ^= 1;
        assert!(audit::standing::verify(&bad, &expected).is_err(), "byte {at}");
    }
    let other = Expected::Genesis(terms::Hash::ZERO);
    assert!(audit::standing::verify(&proof, &other).is_err());
}

#[test]
fn nodes_open_again_as_they_were() {
    let mut world = World::new();
    world.there(3);
    let (state, size) = (world.harbour.docket().state(), world.harbour.size());
    let home = world.harbour.home().clone();
    let ring = copy_ring(world.harbour.keyring());
    let World { world: kept, harbour: old } = world;
    drop(old);
    let again = Node::open(&home, ring).expect("opened");
    assert_eq!((again.size(), again.docket().state()), (size, state));
    drop(kept);
}

/// A vote of this node for a seat, with the new roots' signatures or without.
fn vote(node: &mut Node, taken: &Seat, new_roots: Option<&Keyring>, hour: u64) {
    let mut signers =
        vec!["root-1", "root-2"].into_iter().map(|label| node.signer(label)).collect::<Vec<_>>();
    if new_roots.is_some() {
        signers
            .extend(["root-1", "root-2"].map(|label| Ok(SignerName::key(&taken.participant, &code(label)))));
    }
    let signers = signers.into_iter().collect::<Result<Vec<_>, _>>().expect("roots");
    let act = node.write(signers, Body::Enrol(Enrol::Seat(taken.clone())), at(hour)).expect("written");
    let signed = node.sign(act, new_roots).expect("signed");
    node.submit(&signed, at(hour)).expect("handed in");
}

#[test]
fn a_third_that_came_later_proves_what_it_did() {
    let mut world = Founded::found(&common::three("party"), &["harbour"], &["harbour"], 1);
    let (mut harbour, _) = world.join("harbour", true, 1);
    carry(&mut harbour, &mut world.north, &world.stick, 2);
    carry(&mut world.north, &mut harbour, &world.stick, 3);
    let ring = common::ring("isle", false);
    let taken = common::seat(&ring, "isle");
    vote(&mut harbour, &taken, Some(&ring), 4);
    carry(&mut harbour, &mut world.north, &world.stick, 4);
    vote(&mut world.north, &taken, None, 4);
    for hour in [5, 6] {
        carry(&mut world.north, &mut harbour, &world.stick, hour);
        carry(&mut harbour, &mut world.north, &world.stick, hour);
    }
    world.rings.insert("isle".to_owned(), ring);
    let (mut isle, _) = world.join("isle", false, 7);
    let keep = Keep { exhibits: vec![Item::exhibit(terms::ActId(world.north.genesis()), 1)] };
    let kept = isle.act("liaison-1", Body::Keep(keep), at(7)).expect("queued").act().id();
    carry(&mut isle, &mut world.north, &world.stick, 8);
    for hour in [9, 10, 11] {
        carry(&mut world.north, &mut harbour, &world.stick, hour);
        carry(&mut harbour, &mut world.north, &world.stick, hour);
    }
    carry(&mut world.north, &mut isle, &world.stick, 12);

    // Its own node says what came of it, with a key that its later roots enrolled.
    let proof = isle.standing_proof(&kept).expect("a proof");
    let expected = Expected::Genesis(isle.genesis());
    let shown = audit::standing::verify(&proof, &expected).expect("it holds");
    assert_eq!(shown.signers, vec!["isle/liaison-1".parse().expect("a signer")]);
    assert_eq!(shown.state.expect("a state").0, "isle/node-1".parse().expect("a signer"));

    let file: StandingProof = serde_json::from_slice(&proof).expect("a proof");
    assert_eq!((file.seats.len(), file.keys.len()), (2, 1));
    let said = |file: &StandingProof| {
        let bytes = format!("{}\n", serde_json::to_string(file).expect("a file"));
        audit::standing::verify(bytes.as_bytes(), &expected).expect_err("it shows less")
    };
    let mut one_vote = file.clone();
    one_vote.seats.pop();
    assert!(said(&one_vote).contains("`isle`: whose key it is is not shown"), "{}", said(&one_vote));
    let without = StandingProof { seats: Vec::new(), ..file.clone() };
    assert!(said(&without).contains("nothing shows that `isle` had its seat"), "{}", said(&without));
    let untold = StandingProof { instrument: None, ..file.clone() };
    assert!(said(&untold).contains("the instrument is needed"), "{}", said(&untold));
    let other = file.instrument.as_ref().map(|text| text.replace("Isle", "Reef"));
    let other = StandingProof { instrument: other, ..file.clone() };
    assert!(said(&other).contains("not the one that the genesis names"), "{}", said(&other));
}
