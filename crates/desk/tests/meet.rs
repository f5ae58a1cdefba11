//! Two nodes meet by HTTP: what one signs, the other has, final; and who comes by is who it says.

#![expect(clippy::panic, reason = "a test says what it found")]

#[path = "../../node/tests/common/mod.rs"]
mod common;
mod served;

use std::io::{Read as _, Write as _};
use std::sync::Arc;
use std::time::Duration;

use act::Body;
use act::body::{Offer, Open, Step};
use act::value::{FieldValue, Fields, MatterRef, Word};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::{at, code, met, who};
use desk::Desk;
use desk::desk::Manner;
use desk::web::meet::{PATH, meet};
use node::Node;
use node::evidence::Evidence;
use node::meet::Proof;
use served::desk_of;
use terms::{Hash, Instant, Seconds};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// North's desk, which is reached, and harbour's, which goes there.
struct Two {
    north: Arc<Desk>,
    harbour: Desk,
    address: String,
    _runtime: Runtime,
    _dir: tempfile::TempDir,
}

fn two(now: Instant) -> Two {
    let (world, harbour) = met();
    apart(world, harbour, now, Manner::default().part_bytes)
}

/// North's desk, and another's that goes there, with parts of so many bytes.
fn apart(world: common::World, harbour: Node, now: Instant, part_bytes: u64) -> Two {
    let manner = || Manner { part_bytes, ..Manner::default() };
    let runtime = Runtime::new().expect("a runtime");
    let socket = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
    let address = format!("http://{}", socket.local_addr().expect("an address"));
    let north = Arc::new(desk_of(world.north, &["north.localhost"], now).with(manner()));
    runtime.spawn(desk::serve(Arc::clone(&north), socket, std::future::pending()));
    let harbour = desk_of(harbour, &["harbour.localhost"], now).with(manner());
    Two { north, harbour, address, _runtime: runtime, _dir: world.dir }
}

/// How many matters a desk's docket has, and how many of them are open.
fn matters(desk: &Desk) -> (usize, usize) {
    desk.work(|node, _| {
        let settlement = node.docket().settlement();
        (settlement.matters().len(), settlement.open_matters().len())
    })
}

fn notice(desk: &Desk) -> MatterRef {
    let mut fields = Fields::new();
    fields.insert(code("told"), FieldValue::Several(vec![Word::Code(code("harbour"))]));
    let open = Open { procedure: code("notice"), tier: None, fields, strands: Vec::new(), files: Vec::new() };
    let opened = desk.work(|node, now| node.act("liaison-1", Body::Open(open), now)).expect("signed");
    MatterRef::Opened(opened.act().id())
}

fn meet_until(two: &Two, holds: impl Fn() -> bool) -> usize {
    for round in 1..=8 {
        let imported = meet(&two.harbour, &who("north"), &two.address).expect("they meet");
        assert_eq!(imported.wrongs, Vec::<String>::new());
        if holds() {
            return round;
        }
    }
    panic!("after eight meetings it is not so");
}

#[test]
fn what_one_signs_is_final_at_both() {
    let two = two(at(5));
    let matter = notice(&two.north);
    meet_until(&two, || matters(&two.harbour) == (1, 1) && matters(&two.north) == (1, 1));
    let step = Step {
        matter,
        strands: Vec::new(),
        step: code("acknowledge"),
        choice: None,
        fields: Fields::new(),
        files: Vec::new(),
    };
    two.harbour.work(|node, now| node.act("liaison-1", Body::Step(step), now)).expect("signed");
    meet_until(&two, || matters(&two.harbour) == (1, 0) && matters(&two.north) == (1, 0));
    // Nothing waits any more: no meeting makes another mark before the next beat.
    let size = |desk: &Desk| desk.work(|node, _| node.size());
    meet(&two.harbour, &who("north"), &two.address).expect("they meet");
    let before = size(&two.north);
    for _ in 0..4 {
        meet(&two.harbour, &who("north"), &two.address).expect("they meet");
    }
    assert_eq!(size(&two.north), before);
    assert!(before - size(&two.harbour) <= 1, "a mark may be on its way");
    let (north, harbour) = (two.north.work(folder), two.harbour.work(folder));
    common::verify(&north);
    common::verify(&harbour);
}

fn folder(node: &mut Node, _: Instant) -> std::path::PathBuf {
    node.home().data.clone()
}

#[test]
fn who_comes_by_proves_it() {
    let two = two(at(5));
    let now = at(5);
    let brought = Hash::of(b"a bundle");
    let proof = two
        .harbour
        .work(|node, _| node.greeter().prove(node.docket(), &who("north"), &brought, now))
        .expect("it has a key");
    let judged = |proof: &Proof, hash: &Hash, now: Instant| {
        two.north.work(|node, _| node.greeter().who_comes(node.docket(), proof, hash, now)).ok()
    };
    assert_eq!(judged(&proof, &brought, now), Some(who("harbour")));
    assert_eq!(judged(&proof, &Hash::of(b"another"), now), None, "of another bundle");
    assert_eq!(judged(&proof, &brought, now.plus(Seconds(301))), None, "too old");
    assert_eq!(judged(&proof, &brought, now.minus(Seconds(301))), None, "to come");
    let other = Proof { signer: "north/node-1".parse().expect("a signer"), ..proof.clone() };
    assert_eq!(judged(&other, &brought, now), None, "another's name");
    let officer = Proof { signer: "harbour/liaison-1".parse().expect("a signer"), ..proof.clone() };
    assert_eq!(judged(&officer, &brought, now), None, "a key of another capacity");
    let to_another = two
        .harbour
        .work(|node, _| node.greeter().prove(node.docket(), &who("isle"), &brought, now))
        .expect("it has a key");
    assert_eq!(judged(&to_another, &brought, now), None, "made for another");
    let mut flipped = proof;
    flipped.signature[7] ^= 1;
    assert_eq!(judged(&flipped, &brought, now), None, "a flipped bit");
}

#[test]
fn without_a_proof_or_a_bundle_nothing_is_taken() {
    let two = two(at(5));
    let size = two.north.work(|node, _| node.size());
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let post = || agent.post(format!("{}{PATH}", two.address));
    assert_eq!(post().send(&b"anything"[..]).expect("answered").status(), 401);
    let garbage = b"no bundle";
    let proof = two
        .harbour
        .work(|node, now| node.greeter().prove(node.docket(), &who("north"), &Hash::of(garbage), now))
        .expect("it has a key");
    let answer = post()
        .header("mithaq-sha256", Hash::of(garbage).to_string())
        .header("mithaq-signer", proof.signer.to_string())
        .header("mithaq-at", proof.at.to_string())
        .header("mithaq-signature", STANDARD.encode(proof.signature))
        .send(&garbage[..])
        .expect("answered");
    assert_eq!(answer.status(), 409);
    let another = post()
        .header("mithaq-sha256", Hash::of(garbage).to_string())
        .header("mithaq-signer", proof.signer.to_string())
        .header("mithaq-at", proof.at.to_string())
        .header("mithaq-signature", STANDARD.encode(proof.signature))
        .send(&b"another bundle"[..])
        .expect("answered");
    assert_eq!(another.status(), 409, "of another bundle than the proof");
    assert_eq!(two.north.work(|node, _| node.size()), size);
    // Who answers in another's place is not believed.
    let not_isle = meet(&two.harbour, &who("isle"), &two.address).expect_err("north is not isle");
    assert!(not_isle.contains("no `seal` key") || not_isle.contains("isle"), "{not_isle}");
    let nobody = meet(&two.harbour, &who("north"), "http://127.0.0.1:1").expect_err("nobody listens there");
    assert!(nobody.contains("can't be reached"), "{nobody}");
}

/// What answers without a proof is not read: it says that it is large, and gives nothing.
#[test]
fn an_answer_is_read_only_when_its_heads_prove_who_it_is() {
    let two = two(at(5));
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let open = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("it comes");
        let mut read = [0; 4096];
        assert!(stream.read(&mut read).expect("it asks") > 0);
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 200000000\r\n\r\n").expect("answered");
        // What is brought is read to its end, and nothing is given, until the other goes.
        while stream.read(&mut read).is_ok_and(|count| count > 0) {}
    });
    let began = std::time::Instant::now();
    let why = meet(&two.harbour, &who("north"), &address).expect_err("it proves nothing");
    assert!(why.contains("does not prove that it is `north`"), "{why}");
    assert!(began.elapsed() < Duration::from_secs(60), "it waited for what it does not want");
    open.join().expect("it ended");
}

/// An exhibit of so many bytes, offered, and granted to one.
fn offered(desk: &Desk, size: usize, to: &str) -> Hash {
    let plain: Vec<u8> = (0..size).map(|n| (n * 31 % 251) as u8).collect();
    desk.work(|node, now| {
        let mut bytes = plain.as_slice();
        let evidence =
            Evidence { plain: &mut bytes, bytes: size as u64, media_type: "text/plain", name: None };
        let (file, _) = node.seal(evidence, &[who(to)], &mut common::quiet).expect("sealed");
        let sealed = file.sealed;
        node.act("liaison-1", Body::Offer(Offer { files: vec![file] }), now).expect("offered");
        sealed
    })
}

fn has(desk: &Desk, sealed: &Hash) -> bool {
    desk.work(|node, _| node.vault().sealed_path(sealed).exists())
}

#[test]
fn large_files_go_in_parts_both_ways_in_one_meeting() {
    let (world, harbour) = met();
    let two = apart(world, harbour, at(5), 256 << 10);
    let from_north = offered(&two.north, 1_500_000, "harbour");
    let from_harbour = offered(&two.harbour, 900_000, "north");
    let imported = meet(&two.harbour, &who("north"), &two.address).expect("they meet");
    assert_eq!((imported.wrongs, imported.sealed), (Vec::new(), 1));
    assert!(has(&two.harbour, &from_north) && has(&two.north, &from_harbour));
    // Another meeting brings nothing again.
    let imported = meet(&two.harbour, &who("north"), &two.address).expect("they meet");
    assert_eq!((imported.wrongs, imported.sealed), (Vec::new(), 0));
    meet_until(&two, || two.harbour.work(|node, _| node.on_their_way().expect("read").is_empty()));
    for desk in [&two.north, &two.harbour] {
        common::verify(&desk.work(folder));
    }
}

/// A line that breaks after two parts of six: the next meeting brings the rest, and what came is not thrown away.
#[test]
fn a_meeting_that_broke_off_is_gone_on_with() {
    let (world, harbour) = met();
    let two = apart(world, harbour, at(5), 256 << 10);
    let sealed = offered(&two.north, 1_200_000, "harbour");
    let plan =
        two.north.work(|node, now| node.plan_for(&who("harbour"), true, 256 << 10, now)).expect("planned");
    assert!(plan.parts() >= 5, "{}", plan.parts());
    let folder_of_parts = tempfile::tempdir().expect("a folder");
    for part in 1..=2 {
        let path = folder_of_parts.path().join(format!("{part}.mithaq"));
        plan.write_part(part, &path, &mut common::quiet).expect("written");
        let (_, imported) = two.harbour.take_brought(&who("north"), &path).expect("taken in");
        assert_eq!((imported.wrongs, imported.sealed), (Vec::new(), 0));
    }
    let waiting = |desk: &Desk| desk.work(folder).join("queue/piece").join(sealed.to_hex());
    assert_eq!(std::fs::read_dir(waiting(&two.harbour)).expect("pieces").count(), 2);
    assert!(!has(&two.harbour, &sealed));
    let imported = meet(&two.harbour, &who("north"), &two.address).expect("they meet");
    assert_eq!((imported.wrongs, imported.sealed), (Vec::new(), 1));
    assert!(has(&two.harbour, &sealed) && !waiting(&two.harbour).exists());
}

#[test]
fn who_was_away_for_long_catches_up_in_one_meeting() {
    let mut world = common::World::found(&common::three("guarantor"), &["harbour", "isle"], &["harbour"], 1);
    let (mut harbour, _) = world.join("harbour", true, 1);
    let (mut isle, _) = world.join("isle", true, 1);
    let stick = world.stick.clone();
    for (hour, from_isle) in [(1, true), (3, false), (5, false), (7, true)] {
        let other = if from_isle { &mut isle } else { &mut harbour };
        common::carry(other, &mut world.north, &stick, hour);
        common::carry(&mut world.north, other, &stick, hour + 1);
    }
    for hour in [9, 11, 13, 15, 17, 19] {
        for _ in 0..100 {
            let body = common::keep(&world.north);
            world.north.act("liaison-1", body, at(hour)).expect("signed");
        }
        common::carry(&mut world.north, &mut harbour, &stick, hour);
        common::carry(&mut harbour, &mut world.north, &stick, hour + 1);
    }
    let cosigned = world.north.cosigned().expect("read");
    assert!(cosigned > 600 && isle.size() < 40, "{cosigned} {}", isle.size());
    let two = apart(world, isle, at(21), 64 << 10);
    let imported = meet(&two.harbour, &who("north"), &two.address).expect("they meet");
    assert_eq!(imported.wrongs, Vec::<String>::new());
    assert!(two.harbour.work(|node, _| node.cosigned().expect("read")) >= cosigned);
    common::verify(&two.harbour.work(folder));
}
