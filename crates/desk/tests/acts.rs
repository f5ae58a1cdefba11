//! Acts that a program hands in by plain HTTP: a receipt or a signed refusal comes back, and the same again for the same
//! bytes.

#[path = "../../node/tests/common/mod.rs"]
mod common;
mod served;

use std::io::Write as _;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use act::{Entry, Refusal};
use common::{at, keep, met, who};
use desk::Desk;
use desk::web::acts::PATH;
use desk::web::reader;
use node::hand_in::SUBMISSION_BYTES_MAX;
use note::{Note, Receipt};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use served::desk_of;
use terms::{Hash, RefusalGround};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// North, who keeps the register, served; harbour, whose program comes by, with acts that it signed, in order.
struct Served {
    url: String,
    north: Arc<Desk>,
    harbour: Arc<Desk>,
    acts: Vec<Vec<u8>>,
    _dir: tempfile::TempDir,
    runtime: Runtime,
}

fn serve(runtime: &Runtime, node: node::Node) -> (String, Arc<Desk>) {
    let socket = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
    let host = socket.local_addr().expect("an address").to_string();
    let desk = Arc::new(desk_of(node, &[&host], at(8)));
    runtime.spawn(desk::serve(Arc::clone(&desk), socket, std::future::pending()));
    (format!("http://{host}"), desk)
}

fn served(acts: usize) -> Served {
    let (mut world, mut harbour) = met();
    let stick = world.stick.clone();
    common::carry(&mut world.north, &mut harbour, &stick, 6);
    for _ in 0..acts {
        let body = keep(&world.north);
        harbour.act("liaison-1", body, at(7)).expect("signed");
    }
    let acts = harbour.queued().expect("read").iter().map(act::Submission::to_bytes).collect();
    let runtime = Runtime::new().expect("a runtime");
    let (url, north) = serve(&runtime, world.north);
    let harbour = Arc::new(desk_of(harbour, &[], at(8)));
    Served { url, north, harbour, acts, _dir: world.dir, runtime }
}

impl Served {
    fn token(&self) -> String {
        reader::token(&self.harbour, &who("north"), &self.url).expect("a token")
    }

    /// Hands bytes in with `curl`. Gives the status and the body.
    fn curl(&self, token: &str, bytes: &[u8]) -> (u16, Vec<u8>) {
        let mut program = Command::new("curl")
            .args(["-s", "-w", "%{stderr}%{http_code}", "--data-binary", "@-", "-H"])
            .arg(format!("authorization: Bearer {token}"))
            .arg(format!("{}{PATH}", self.url))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("curl is on this machine");
        program.stdin.take().expect("piped").write_all(bytes).expect("sent");
        let Output { stdout, stderr, .. } = program.wait_with_output().expect("it runs");
        let said = String::from_utf8_lossy(&stderr).into_owned();
        (said.trim().parse().expect("a status"), stdout)
    }

    fn size(&self) -> u64 {
        self.north.work(|node, _| node.size())
    }

    /// What a refusal says, if it is the registrar's.
    fn refusal(&self, bytes: &[u8]) -> Option<Refusal> {
        self.north.work(|node, _| audit::folder::check_note(bytes, node.docket())).ok()?;
        let note = Note::parse(bytes, 1).ok()?;
        Refusal::parse(note.text()).ok()
    }
}

#[test]
fn curl_hands_in_an_act_and_gets_its_one_receipt() {
    let served = served(3);
    let (token, size) = (served.token(), served.size());
    // The second before the first: it is refused, and that is signed.
    let (status, early) = served.curl(&token, &served.acts[1]);
    let refusal = served.refusal(&early).expect("a signed refusal");
    assert_eq!((status, refusal.body.ground), (422, RefusalGround::Previous));
    assert_eq!(refusal.body.submission, Hash::of(&served.acts[1]));
    for (place, act) in (0..).zip(&served.acts) {
        let (status, first) = served.curl(&token, act);
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&first));
        let note = Note::parse(&first, 1).expect("a note");
        let (origin, genesis, receipt) = Receipt::read_note(&note).expect("a receipt");
        assert_eq!((receipt.index, receipt.submission), (size + place, Hash::of(act)));
        served.north.work(|node, _| {
            assert_eq!((&origin, genesis), (node.origin(), node.genesis()));
            let entry = Entry::parse(&node.entry(receipt.index).expect("an entry")).expect("one");
            assert_eq!(entry.submission().to_bytes(), *act);
            assert_eq!(*entry.receipt_line(), note.signatures()[0]);
        });
        assert_eq!(served.curl(&token, act), (200, first), "handed in again");
    }
    assert_eq!(served.size(), size + 3, "each once");
}

#[test]
fn nobody_hands_in_without_a_token_or_more_than_an_entry_holds() {
    let served = served(1);
    let size = served.size();
    for token in ["", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        let (status, why) = served.curl(token, &served.acts[0]);
        assert_eq!(status, 401, "{}", String::from_utf8_lossy(&why));
    }
    let token = served.token();
    let long = vec![b'x'; SUBMISSION_BYTES_MAX + 1];
    assert_eq!(served.curl(&token, &long).0, 413);
    assert_eq!(served.size(), size);
    // Who is turned away again and again waits; so does whoever comes from the same address.
    let turned_away = (0..200).map(|_| served.curl("", &[]).0).find(|status| *status == 429);
    assert_eq!(turned_away, Some(429));
}

#[test]
fn many_at_once_get_each_its_own() {
    let served = served(12);
    let (token, size) = (served.token(), served.size());
    // In any order: whoever comes too early tries again.
    std::thread::scope(|threads| {
        for act in &served.acts {
            let (served, token) = (&served, &token);
            threads.spawn(move || {
                loop {
                    let (status, body) = served.curl(token, act);
                    match status {
                        200 => {
                            let note = Note::parse(&body, 1).expect("a note");
                            let (.., receipt) = Receipt::read_note(&note).expect("a receipt");
                            assert_eq!(receipt.submission, Hash::of(act));
                            return;
                        }
                        422 | 429 => std::thread::sleep(Duration::from_millis(300)),
                        other => panic!("{other}: {}", String::from_utf8_lossy(&body)),
                    }
                }
            });
        }
    });
    assert_eq!(served.size(), size + 12);
}

#[test]
fn a_node_that_keeps_no_register_says_so() {
    let served = served(1);
    let north = reader::token(&served.harbour, &who("north"), &served.url).expect("a token");
    let Served { harbour, acts, runtime, north: keeper, .. } = &served;
    let socket = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
    let host = socket.local_addr().expect("an address").to_string();
    runtime.spawn(desk::serve(Arc::clone(harbour), socket, std::future::pending()));
    let there = Served {
        url: format!("http://{host}"),
        north: Arc::clone(keeper),
        harbour: Arc::clone(harbour),
        acts: Vec::new(),
        _dir: tempfile::tempdir().expect("a folder"),
        runtime: Runtime::new().expect("a runtime"),
    };
    assert_eq!(there.curl(&north, &acts[0]).0, 401, "a token is of the node that gave it");
    let token = reader::token(keeper, &who("harbour"), &there.url).expect("a token");
    let (status, why) = there.curl(&token, &acts[0]);
    assert_eq!((status, String::from_utf8_lossy(&why).contains("does not keep the register")), (421, true));
}

/// Whatever is handed in: what is no act of this register is refused, signed, and nothing of it is registered.
#[test]
fn whatever_comes_is_refused_and_signed() {
    let served = served(1);
    let size = served.size();
    let act = &served.acts[0];
    let ground = |bytes: &[u8]| {
        let answers = served.north.work(|node, now| node.hand_in(&[bytes.to_vec()], now));
        match &answers.expect("answered")[..] {
            [node::hand_in::HandedIn::Refused(note)] => {
                served.refusal(&note.to_bytes()).map(|refusal| (refusal.body.ground, refusal.body.submission))
            }
            _ => None,
        }
    };
    let changed = (0..act.len(), 1_u8..=255).prop_map(|(place, by)| {
        let mut bytes = act.clone();
        bytes[place] ^= by;
        bytes
    });
    let cut = (0..act.len()).prop_map(|end| act[..end].to_vec());
    let any = proptest::collection::vec(any::<u8>(), 0..600);
    let mut runner = TestRunner::new(Config { cases: 300, ..Config::default() });
    let done = runner.run(&prop_oneof![changed, cut, any], |bytes| {
        let (_, submission) = ground(&bytes).ok_or_else(|| TestCaseError::fail("it is not refused"))?;
        prop_assert_eq!(submission, Hash::of(&bytes));
        Ok(())
    });
    done.expect("each is refused");
    assert_eq!(served.size(), size);
    // And by HTTP: never a fault of the program.
    let token = served.token();
    for bytes in [&b""[..], b"\0", &act[1..], &[0xff; 2000]] {
        let (status, body) = served.curl(&token, bytes);
        let refusal = served.refusal(&body).expect("a signed refusal");
        assert_eq!((status, refusal.body.ground), (422, RefusalGround::Form));
    }
}
