//! C2SP tlog-witness both ways: litewitness cosigns our register, and our witness cosigns for a log's side that is not ours.

#[path = "../../node/tests/common/mod.rs"]
mod common;
mod go;
mod served;

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use common::{World, at, keep, origin, ring, three, who};
use desk::Desk;
use desk::web::meet::Peer;
use desk::web::rounds::{Stop, rounds};
use desk::web::witness::{Asked, ask};
use node::Node;
use note::{KeyName, PublicKey, SigningKey, VerifierKey};
use served::desk_of;
use terms::{Instant, Origin};
use tlog::witness::AddCheckpoint;
use tlog::{Checkpoint, CosignedCheckpoint};
use tokio::runtime::Runtime;

/// Has `tests/go/litewitness.sh` start the witness, and this test run a second time beside it.
#[test]
fn litewitness_makes_what_is_signed_final() {
    if let (Ok(address), Ok(key)) = (std::env::var("LITEWITNESS_ADDRESS"), std::env::var("LITEWITNESS_KEY")) {
        return beside_litewitness(&address, &key);
    }
    let Ok(program) = std::env::var("MITHAQ_LITEWITNESS") else {
        println!("skipped: no litewitness; see tests/go/README.md");
        return;
    };
    let address = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("one").to_string();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/go/litewitness.sh");
    let log = VerifierKey::plain(KeyName::checkpoint(&origin()), registrar().public());
    let mut command = Command::new("sh");
    command.arg(script).args([&program, &address, &log.to_string()]);
    let test = "litewitness_makes_what_is_signed_final";
    command.arg(std::env::current_exe().expect("this test")).args([test, "--exact", "--nocapture"]);
    let output = command.output().expect("it runs");
    let text = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&text));
}

/// The registrar's key, which litewitness has to know before there is a register.
fn registrar() -> SigningKey {
    SigningKey::from_seed(&[1; 32])
}

/// From the file that `ssh-keygen` wrote: the last 32 bytes of its second word.
fn witness_key(file: &str) -> VerifierKey {
    let text = std::fs::read_to_string(file).expect("a file");
    let blob = terms::base64::decode(text.split(' ').nth(1).expect("two words")).expect("base64");
    let key = PublicKey::from_bytes(*blob.last_chunk::<32>().expect("a key"));
    VerifierKey::cosigner(KeyName::new("witness.example/lite").expect("a name"), key)
}

fn beside_litewitness(address: &str, key: &str) {
    let mut north = ring("north", false);
    let name = format!("{}/registrar", origin());
    north.insert(&name, vault::KeyUse::Registrar, vault::Secret::Ed25519([1; 32].into())).expect("new");
    let rings = BTreeMap::from([("harbour".to_owned(), ring("harbour", false))]);
    let lite = vec![("lite".to_owned(), witness_key(key))];
    let world = World::found_with(common::TWO, &["harbour"], lite, 1, north, rings);
    let data = world.home("north").data;
    // Its times are this machine's.
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970").as_secs();
    let desk = Arc::new(desk_of(world.north, &[], Instant::from_secs(now).expect("in range")));
    let url = format!("http://{address}");
    wait_for(address);

    // A peer that takes what is brought and never answers holds up no beat.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = format!("http://{}", silent.local_addr().expect("one"));
    let stop = Stop::default();
    let beats = {
        let (desk, url, stop) = (Arc::clone(&desk), url.clone(), stop.clone());
        std::thread::spawn(move || {
            let peers = [Peer { participant: who("harbour"), address: at }];
            rounds(&desk, &peers, &[Asked::new("lite".to_owned(), url)], Duration::from_millis(50), &stop);
        })
    };
    let signed = desk.work(|node, now| {
        let body = keep(node);
        node.act("liaison-1", body, now).expect("signed");
        node.size()
    });
    for _ in 0..200 {
        if settled(&desk) >= signed {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    stop.set();
    drop(silent);
    beats.join().expect("it stops");
    assert!(settled(&desk) >= signed, "what was signed is final, and so is the mark over it");

    // Whoever asks it anew is told how far it is, and goes on from there.
    let before = desk.work(|node, now| {
        let body = keep(node);
        node.act("liaison-1", body, now).expect("signed");
        node.cosigned().expect("read")
    });
    let mark = ask(&desk, &Asked::new("lite".to_owned(), url)).expect("it cosigns");
    assert!(mark.is_some());
    assert!(desk.work(|node, _| node.cosigned().expect("read")) > before);
    common::verify(&data);
}

fn settled(desk: &Desk) -> u64 {
    desk.work(|node, _| node.docket().timeline().settled())
}

/// It may be starting still.
fn wait_for(address: &str) {
    for _ in 0..50 {
        if std::net::TcpStream::connect(address).is_ok() {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Harbour's witness, served, which has cosigned less than its node holds; what it may be asked next; and the registrar.
struct Behind {
    url: String,
    /// How many entries it has cosigned, and how many it holds.
    cosigned: u64,
    held: u64,
    north: Node,
    harbour: Arc<Desk>,
    dir: tempfile::TempDir,
    _runtime: Runtime,
}

fn behind() -> Behind {
    let mut world = World::found(&three("guarantor"), &["harbour", "isle"], &["harbour", "isle"], 1);
    let (harbour, imported) = world.join("harbour", true, 1);
    let cosigned = imported.cosigned.expect("it cosigned");
    let (mut isle, _) = world.join("isle", true, 1);
    let stick = world.stick.clone();
    for hour in [2, 4] {
        common::carry(&mut isle, &mut world.north, &stick, hour);
        common::carry(&mut world.north, &mut isle, &stick, hour + 1);
    }
    // What comes from isle harbour takes in as a mirror, and becomes a witness again.
    let home = harbour.home().clone();
    let settings = harbour.settings().clone();
    let open = |settings: &node::Settings| {
        home.write_settings(settings).expect("written");
        Node::open(&home, common::copy_ring(&world.rings["harbour"])).expect("opened")
    };
    drop(harbour);
    let mut harbour = open(&node::Settings { witness: None, ..settings.clone() });
    common::carry(&mut isle, &mut harbour, &stick, 6);
    drop(harbour);
    let harbour = open(&settings);
    let held = harbour.cosigned().expect("read");
    assert!(held > cosigned, "{held} {cosigned}");
    let runtime = Runtime::new().expect("a runtime");
    let socket = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("a port");
    let url = format!("http://{}/witness", socket.local_addr().expect("an address"));
    let harbour = Arc::new(desk_of(harbour, &[], at(8)));
    runtime.spawn(desk::serve(Arc::clone(&harbour), socket, std::future::pending()));
    Behind { url, cosigned, held, north: world.north, harbour, dir: world.dir, _runtime: runtime }
}

impl Behind {
    fn register(&self, of: &str) -> PathBuf {
        self.dir.path().join(of).join("register")
    }

    /// The registrar's checkpoint over this many entries.
    fn signed(&self, size: u64) -> CosignedCheckpoint {
        let tree = register::Reader::new(register::RealDisk, &self.register("north"));
        let root = tree.root(size).expect("its tiles");
        self.sign(Checkpoint { origin: origin(), size, root })
    }

    fn sign(&self, checkpoint: Checkpoint) -> CosignedCheckpoint {
        let key = common::signing(self.north.keyring(), &format!("{}/registrar", checkpoint.origin));
        CosignedCheckpoint::sign(checkpoint, &key)
    }

    fn body(&self, old: u64, size: u64) -> AddCheckpoint {
        let tree = register::Reader::new(register::RealDisk, &self.register("north"));
        let proof = if old == 0 { Vec::new() } else { tree.consistency_proof(old, size).expect("a proof") };
        AddCheckpoint { old, proof, checkpoint: self.signed(size) }
    }

    /// Status, type and body of the answer.
    fn post(&self, body: &[u8]) -> (u16, String, String) {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut answer = agent.post(format!("{}/add-checkpoint", self.url)).send(body).expect("answered");
        let media = answer.headers()["content-type"].to_str().expect("text").to_owned();
        let body = answer.body_mut().read_to_string().expect("a body");
        (answer.status().as_u16(), media, body)
    }
}

#[test]
fn our_witness_cosigns_for_a_log_that_is_not_ours_to_run() {
    let Some(program) = go::program("asker") else { return };
    let behind = behind();
    let file = behind.dir.path().join("checkpoint");
    std::fs::write(&file, behind.signed(behind.held).to_bytes()).expect("written");
    let witness = behind.north.policy().witnesses().iter().find(|witness| witness.name == "harbour");
    let witness = witness.expect("harbour's").key.to_string();
    let asks = |old: u64| {
        let mut command = Command::new(&program);
        command.args(["-log", &behind.north.policy().log().to_string(), "-witness", &witness]);
        command.arg("-checkpoint").arg(&file).args(["-old", &old.to_string()]);
        let output = command.arg(behind.register("north")).arg(&behind.url).output().expect("it runs");
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    // It believes that the witness has seen nothing, is told how far it is, and proves that the log has grown from there.
    let (code, said) = asks(0);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("from 0 to") && said.contains(": 409"), "{said}");
    assert!(said.contains(&format!("from {} to {}: 200", behind.cosigned, behind.held)), "{said}");
    // Asked once more for the same, it cosigns the same once more.
    let (code, said) = asks(behind.held);
    assert_eq!(code, Some(0), "{said}");
    common::verify(&behind.harbour.work(|node, _| node.home().data.clone()));
}

#[test]
fn each_refusal_has_the_status_of_the_specification() {
    let behind = behind();
    let (cosigned, held) = (behind.cosigned, behind.held);
    let good = behind.body(cosigned, held);
    let told = |body: &AddCheckpoint| behind.post(&body.to_bytes());

    assert_eq!(behind.post(b"old x\n\nnothing\n").0, 400);
    assert_eq!(told(&AddCheckpoint { old: held + 1, ..good.clone() }).0, 400, "old above new");
    let (status, media, body) = told(&AddCheckpoint { old: cosigned - 1, ..good.clone() });
    assert_eq!((status, media.as_str(), body), (409, "text/x.tlog.size", format!("{cosigned}\n")));
    let mut short = good.clone();
    short.proof.pop();
    assert_eq!(told(&short).0, 422, "the proof does not hold");
    let stranger = SigningKey::from_seed(&[9; 32]);
    let unsigned = CosignedCheckpoint::sign(good.checkpoint.checkpoint().clone(), &stranger);
    assert_eq!(told(&AddCheckpoint { checkpoint: unsigned, ..good.clone() }).0, 403);
    let elsewhere = Checkpoint {
        origin: Origin::new("register.example/another").expect("an origin"),
        ..good.checkpoint.checkpoint().clone()
    };
    let elsewhere = CosignedCheckpoint::sign(elsewhere, &stranger);
    assert_eq!(told(&AddCheckpoint { checkpoint: elsewhere, ..good.clone() }).0, 404);
    // Another root for the size that it cosigned last: the registrar has forked.
    let forked = Checkpoint {
        size: cosigned,
        root: terms::Hash::of(b"another past"),
        ..good.checkpoint.checkpoint().clone()
    };
    let forked = AddCheckpoint { old: cosigned, proof: Vec::new(), checkpoint: behind.sign(forked) };
    assert_eq!(told(&forked).0, 409);
    assert_eq!(behind.post(&[b'x'; 70_000]).0, 413);

    // It cosigns what it holds: for more it waits until the entries have come.
    let mut north = behind;
    let body = keep(&north.north);
    north.north.act("liaison-1", body, at(8)).expect("signed");
    let size = north.north.sign_checkpoint().expect("signed").checkpoint().size;
    let (status, _, said) = north.post(&north.body(cosigned, size).to_bytes());
    assert_eq!(status, 503, "{said}");

    let (status, _, lines) = north.post(&good.to_bytes());
    assert_eq!(status, 200, "{lines}");
    let lines = vec![note::SignatureLine::parse(lines.trim_end()).expect("a line")];
    let merged = good.checkpoint.merge(&lines, north.north.policy()).expect("good");
    assert!(merged.verify_quorum(north.north.policy()).is_ok());
    // The fork is kept, and convicts its signer.
    let data = north.harbour.work(|node, _| node.home().data.clone());
    let report = common::report(&data);
    assert_eq!(report.verdict(), audit::Verdict::Wrong, "{report:#?}");
}

/// A registrar's desk asks a participant's witness between two meetings.
#[test]
fn a_registrar_asks_by_http() {
    let mut behind = behind();
    let stick = behind.dir.path().join("stick");
    let north = behind.north.home().clone();
    let body = keep(&behind.north);
    behind.north.act("liaison-1", body, at(8)).expect("signed");
    let (north_node, harbour) = (behind.north, Arc::clone(&behind.harbour));
    let desk = desk_of(north_node, &[], at(9));
    let url = behind.url.clone();
    let witness = Asked::new("harbour".to_owned(), url);
    let before = desk.work(|node, _| node.cosigned().expect("read"));
    // It does not hold the new entry yet, and says so.
    let said = ask(&desk, &witness).expect_err("it does not hold it");
    assert!(said.contains("503") && said.contains("what it holds"), "{said}");
    let file = stick.join("by-hand.mithaq");
    desk.work(|node, now| node.export(&who("harbour"), &file, true, now, &mut common::quiet)).expect("made");
    harbour.work(|node, now| node.import(&file, now, &mut common::quiet)).expect("taken");
    let mark = ask(&desk, &witness).expect("it cosigns");
    assert!(mark.is_some());
    assert!(desk.work(|node, _| node.cosigned().expect("read")) > before);
    let said = ask(&desk, &witness).expect_err("the mark has not come to it yet");
    assert!(said.contains("503"), "{said}");
    common::verify(&north.data);
}
