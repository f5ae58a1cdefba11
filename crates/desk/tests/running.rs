//! A node that runs: how it is, what it counts, and what it bears from whoever reaches it.

#[path = "../../node/tests/common/mod.rs"]
mod common;
mod served;

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use common::{at, carry, met};
use desk::Desk;
use desk::desk::Manner;
use desk::web::health::{Word, health};
use desk::web::listen::HEAD_WITHIN;
use served::desk_of;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

struct Served {
    desk: Arc<Desk>,
    at: SocketAddr,
    operator: SocketAddr,
    data: PathBuf,
    runtime: Runtime,
    _dir: tempfile::TempDir,
}

/// North's desk some hours after its last mark.
fn served(hour: u64, manner: Manner) -> Served {
    let (mut world, mut harbour) = met();
    let stick = world.stick.clone();
    carry(&mut world.north, &mut harbour, &stick, 5);
    carry(&mut harbour, &mut world.north, &stick, 6);
    let data = world.home("north").data;
    let runtime = Runtime::new().expect("a runtime");
    let bind = || runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
    let (socket, watched) = (bind(), bind());
    let (address, operator) =
        (socket.local_addr().expect("an address"), watched.local_addr().expect("an address"));
    let desk = Arc::new(desk_of(world.north, &[&address.to_string()], at(hour)).with(manner));
    runtime.spawn(desk::serve(Arc::clone(&desk), socket, std::future::pending()));
    runtime.spawn(desk::serve_operators(Arc::clone(&desk), watched, std::future::pending()));
    Served { desk, at: address, operator, data, runtime, _dir: world.dir }
}

/// Status and whole answer.
fn ask(at: SocketAddr, request: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(at).expect("it listens");
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answered");
    (answer.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(0), answer)
}

fn get(at: SocketAddr, path: &str) -> (u16, String) {
    ask(at, &format!("GET {path} HTTP/1.1\r\nhost: {at}\r\nconnection: close\r\n\r\n"))
}

#[test]
fn health_is_a_fresh_checkpoint_that_holds() {
    let good = served(7, Manner::default());
    let (status, said) = get(good.at, "/healthz");
    assert!(status == 200 && said.ends_with("{\"health\":\"good\"}\n"), "{said}");
    assert_eq!(get(good.operator, "/healthz").0, 200);

    // Three heartbeats, of an hour each, after the last cosignature: at nine, to the second.
    let silent = served(10, Manner::default());
    let (status, said) = get(silent.at, "/healthz");
    assert_eq!(status, 503, "{said}");
    let since = health(&silent.desk).since.expect("it is known");
    assert!(said.ends_with(&format!("{{\"health\":\"silent\",\"since\":\"{since}\"}}\n")), "{said}");
    assert!(since >= at(8) && since <= at(9), "{since}");

    // A checkpoint that is not of the tiles.
    let tiles = good.data.join("register/tile/0");
    for file in std::fs::read_dir(tiles.join("000.p")).expect("tiles") {
        let path = file.expect("a tile").path();
        let mut bytes = std::fs::read(&path).expect("read");
        bytes[3] ^= 1;
        std::fs::write(&path, bytes).expect("written");
    }
    assert_eq!(health(&good.desk).health, Word::Bad);
    assert_eq!(get(good.at, "/healthz").0, 503);
}

#[test]
fn what_is_counted_is_told_at_an_address_of_its_own() {
    let served = served(7, Manner::default());
    assert_eq!(get(served.at, "/metrics").0, 404);
    assert_eq!(get(served.at, "/in/a-link-that-is-none").0, 410);
    let (status, said) = get(served.operator, "/metrics");
    assert_eq!(status, 200, "{said}");
    assert!(said.contains("content-type: application/openmetrics-text"), "{said}");
    let size = served.desk.work(|node, _| node.size());
    for line in [
        &format!("mithaq_entries {size}"),
        "mithaq_requests_total{route=\"other\",status=\"4xx\"} 1",
        "mithaq_requests_total{route=\"/in/{token}\",status=\"4xx\"} 1",
        "mithaq_turned_away_total 0",
        "# EOF",
    ] {
        assert!(said.contains(&format!("\n{line}\n")), "{line} in {said}");
    }
    let cosigned = said.lines().find_map(|line| line.strip_prefix("mithaq_entries_cosigned "));
    assert!(cosigned.is_some_and(|number| number != "0"), "{said}");
    assert!(!said.contains("a-link-that-is-none"), "what was asked is nobody's label");
    assert!(said.lines().count() < 80, "few numbers");
    // Nothing else is there.
    for path in ["/", "/register/checkpoint", "/reader", "/in/a-link-that-is-none"] {
        assert_eq!(get(served.operator, path).0, 421, "{path}");
    }
}

#[test]
fn one_address_does_not_ask_for_ever() {
    let served = served(7, Manner::default());
    let post = |path: &str| {
        let head =
            format!("host: {0}\r\norigin: http://{0}\r\ncontent-length: 0\r\nconnection: close", served.at);
        ask(served.at, &format!("POST {path} HTTP/1.1\r\n{head}\r\n\r\n"))
    };
    let all: Vec<u16> = (0..90).map(|_| post("/in/a-guess").0).collect();
    let turned_away = all.iter().filter(|status| **status == 429).count();
    assert!(turned_away > 0 && all[..60].iter().all(|status| *status == 410), "{all:?}");
    assert!(all.iter().all(|status| [410, 429].contains(status)), "{all:?}");
    let (status, said) = post("/meet");
    assert!(status == 429 && said.contains("retry-after: 1"), "{said}");
    // To read costs little, and goes on.
    assert_eq!(get(served.at, "/healthz").0, 200);
    std::thread::sleep(Duration::from_secs(1));
    assert_eq!(post("/in/a-guess").0, 410, "it may ask again");
}

/// Who opens connections and says nothing, or says it letter by letter, is let go.
#[test]
fn who_says_nothing_is_let_go() {
    let served = served(7, Manner { connections: 8, ..Manner::default() });
    let began = Instant::now();
    let connect = || {
        let stream = TcpStream::connect(served.at).expect("it listens");
        stream.set_read_timeout(Some(3 * HEAD_WITHIN)).expect("set");
        stream
    };
    let mut idle: Vec<TcpStream> = (0..8).map(|_| connect()).collect();
    // One says the beginning of a head, another a whole request, and then no more.
    idle[0].write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nx: ").expect("sent");
    idle[1].write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").expect("sent");
    let (status, _) = get(served.at, "/healthz");
    assert_eq!(status, 200, "a place was free again");
    assert!(began.elapsed() >= HEAD_WITHIN / 2, "all places were taken");
    for stream in &mut idle {
        let mut rest = Vec::new();
        // It is closed, or reset: in either case nobody waits for it any more.
        let _ = stream.read_to_end(&mut rest);
    }
    assert!(began.elapsed() < 2 * HEAD_WITHIN + Duration::from_secs(5), "{:?}", began.elapsed());
    let long = format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "x".repeat(100_000));
    let mut stream = connect();
    // It may be closed before all of it is sent.
    let _ = stream.write_all(long.as_bytes());
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 4"), "{}", String::from_utf8_lossy(&answer));
}

/// What is being answered when it is stopped is answered, and then it ends.
#[test]
fn what_is_being_answered_is_answered() {
    let Served { desk, at: other, data, runtime, .. } = &served(7, Manner::default());
    let socket = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
    let address = socket.local_addr().expect("an address");
    let (say, hear) = tokio::sync::oneshot::channel::<()>();
    let stop = async {
        let _ = hear.await;
    };
    let serving = runtime.spawn(desk::serve(Arc::clone(desk), socket, stop));
    // A witness's question waits for the node, which somebody else has.
    let (begins, begun) = std::sync::mpsc::channel();
    let (goes_on, waits) = std::sync::mpsc::channel::<()>();
    let works = {
        let desk = Arc::clone(desk);
        std::thread::spawn(move || {
            desk.work(|_, _| {
                begins.send(()).expect("heard");
                waits.recv().expect("said");
            });
        })
    };
    begun.recv().expect("it works");
    let asks = std::thread::spawn(move || {
        let head = format!("host: {address}\r\ncontent-length: 3\r\nconnection: close");
        ask(address, &format!("POST /witness/add-checkpoint HTTP/1.1\r\n{head}\r\n\r\nold"))
    });
    std::thread::sleep(Duration::from_millis(300));
    say.send(()).expect("heard");
    std::thread::sleep(Duration::from_millis(300));
    assert!(TcpStream::connect(address).is_err(), "nobody new is let in");
    goes_on.send(()).expect("heard");
    assert_eq!(asks.join().expect("answered").0, 404, "north has no witness");
    works.join().expect("done");
    runtime.block_on(serving).expect("it ends").expect("well");
    assert_eq!(get(*other, "/healthz").0, 200);
    common::verify(data);
}
