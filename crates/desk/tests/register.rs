//! The register's files by HTTP, as C2SP tlog-tiles names them: read by `curl` and by a client that is not ours, and by
//! nobody whom they are not for.

#[path = "../../node/tests/common/mod.rs"]
mod common;
mod go;
mod served;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use common::{at, keep, met, who};
use desk::Desk;
use desk::desk::Manner;
use desk::web::reader;
use desk::web::register::Part;
use served::desk_of;
use tlog::{CosignedCheckpoint, Policy, tile};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// North's register of some entries, served; and harbour, which cosigned it.
struct Served {
    url: String,
    annexes: Vec<String>,
    policy: Policy,
    harbour: Desk,
    dir: tempfile::TempDir,
    _runtime: Runtime,
}

fn served(public: Option<Part>, more: u64) -> Served {
    let (mut world, mut harbour) = met();
    for _ in 0..more {
        let body = keep(&world.north);
        world.north.act("liaison-1", body, at(5)).expect("signed");
    }
    let stick = world.stick.clone();
    common::carry(&mut world.north, &mut harbour, &stick, 6);
    common::carry(&mut harbour, &mut world.north, &stick, 7);
    let annexes = world.north.annexes().list().expect("listed").iter().map(|hash| hash.to_hex()).collect();
    let policy = world.north.policy().clone();
    let runtime = Runtime::new().expect("a runtime");
    let socket = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
    let host = socket.local_addr().expect("an address").to_string();
    let north = Arc::new(desk_of(world.north, &[&host], at(8)).with(Manner { public, ..Manner::default() }));
    runtime.spawn(desk::serve(north, socket, std::future::pending()));
    let harbour = desk_of(harbour, &[], at(8));
    Served { url: format!("http://{host}"), annexes, policy, harbour, dir: world.dir, _runtime: runtime }
}

/// Status, head in lower case, body.
fn curl(arguments: &[&str], url: &str) -> (u16, String, Vec<u8>) {
    let run = |program: &str| {
        Command::new(program).args(["-s", "-i", "--path-as-is"]).args(arguments).arg(url).output()
    };
    let Output { status, stdout, .. } = run("curl").expect("curl is on this machine");
    assert!(status.success(), "curl {url}: {status}");
    let end = stdout.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
    let head = String::from_utf8_lossy(&stdout[..end]).to_lowercase();
    let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).expect("a status");
    (status, head, stdout[end + 4..].to_vec())
}

/// Reads all of a register with curl alone into a folder.
fn mirror(served: &Served, folder: &Path) -> u64 {
    let fetch = |path: &str| {
        let (status, _, bytes) = curl(&[], &format!("{}/{path}", served.url));
        assert_eq!(status, 200, "{path}");
        let file = folder.join(path);
        fs::create_dir_all(file.parent().expect("a folder")).expect("made");
        fs::write(file, &bytes).expect("written");
        bytes
    };
    let checkpoint = CosignedCheckpoint::parse(&fetch("register/checkpoint")).expect("a checkpoint");
    let size = checkpoint.checkpoint().size;
    for tile in tile::changed(0, size) {
        fetch(&format!("register/{tile}"));
    }
    for annex in &served.annexes {
        fetch(&format!("register/annex/{annex}"));
    }
    size
}

#[test]
fn curl_alone_reads_a_public_register() {
    let served = served(Some(Part::Entries), 300);
    let copy = served.dir.path().join("copy");
    let size = mirror(&served, &copy);
    assert!(size > 300, "{size}");
    common::verify(&copy);
}

#[test]
fn a_stock_client_reads_it_and_checks_each_entry() {
    let Some(program) = go::program("reader") else { return };
    for (public, more) in [(Some(Part::Entries), 300), (None, 0)] {
        let served = served(public, more);
        let token = reader::token(&served.harbour, &who("north"), &served.url).expect("a token");
        let read = |token: &str, quorum: &str| {
            let mut command = Command::new(&program);
            command.args(["-log", &served.policy.log().to_string(), "-quorum", quorum, "-token", token]);
            for witness in served.policy.witnesses() {
                command.args(["-witness", &witness.key.to_string()]);
            }
            let Output { status, stdout, .. } =
                command.arg(format!("{}/register", served.url)).output().expect("it runs");
            (status.code(), String::from_utf8_lossy(&stdout).into_owned())
        };
        let (code, said) = read(&token, "1");
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains("an inclusion proof of each"), "{said}");
        assert_eq!(read(&token, "2").0, Some(1), "it would see that a quorum is missing");
        let (code, said) = read("", "1");
        assert_eq!(code, Some(if public.is_some() { 0 } else { 1 }), "{said}");
    }
}

#[test]
fn who_may_read_what() {
    let served = served(Some(Part::Proofs), 0);
    let (_, _, checkpoint) = curl(&[], &format!("{}/register/checkpoint", served.url));
    let size = CosignedCheckpoint::parse(&checkpoint).expect("a checkpoint").checkpoint().size;
    let hashes = format!("{}/register/tile/0/000.p/{size}", served.url);
    let entries = format!("{}/register/tile/entries/000.p/{size}", served.url);
    let annex = format!("{}/register/annex/{}", served.url, served.annexes[0]);
    assert_eq!(curl(&[], &hashes).0, 200);
    for url in [&entries, &annex] {
        let (status, head, body) = curl(&[], url);
        assert_eq!((status, body.as_slice()), (401, &b"prove-first\n"[..]), "{url}");
        assert!(head.contains("www-authenticate: bearer"), "{head}");
    }
    let token = reader::token(&served.harbour, &who("north"), &served.url).expect("a token");
    let bearer = format!("authorization: Bearer {token}");
    for url in [&entries, &annex] {
        let (status, head, _) = curl(&["-H", &bearer], url);
        assert_eq!(status, 200, "{url}");
        assert!(head.contains("cache-control: private, no-cache"), "{head}");
    }
    assert_eq!(curl(&["-H", "authorization: Bearer no-such-token"], &entries).0, 401);
    // Who answers in another's place is not believed, and a challenge that was not given is none.
    assert!(reader::token(&served.harbour, &who("isle"), &served.url).is_err());
    let at = format!("{}/reader", served.url);
    let (_, _, challenge) = curl(&[], &at);
    let challenge = String::from_utf8(challenge).expect("text");
    assert_eq!(curl(&["--data-binary", &challenge], &at).0, 401, "it is not signed");
}

#[test]
fn files_are_kept_as_long_as_they_hold_and_no_path_leads_elsewhere() {
    let served = served(Some(Part::Entries), 300);
    let checkpoint = format!("{}/register/checkpoint", served.url);
    let (status, head, body) = curl(&[], &checkpoint);
    assert_eq!(status, 200);
    assert!(head.contains("content-type: text/plain; charset=utf-8"), "{head}");
    assert!(head.contains("cache-control: public, max-age=5"), "{head}");
    let tag = head.lines().find_map(|line| line.strip_prefix("etag: ")).expect("a tag");
    let (status, _, nothing) = curl(&["-H", &format!("if-none-match: \"x\", W/{tag}")], &checkpoint);
    assert_eq!((status, nothing.len()), (304, 0));
    assert_eq!(curl(&["-H", "if-none-match: \"x\""], &checkpoint).0, 200);
    let (status, head, nothing) = curl(&["--head"], &checkpoint);
    assert_eq!((status, nothing.len()), (200, 0));
    assert!(head.contains(&format!("content-length: {}", body.len())), "{head}");
    let (status, head, tile) = curl(&[], &format!("{}/register/tile/0/000", served.url));
    assert_eq!((status, tile.len()), (200, 256 * 32));
    assert!(head.contains("content-type: application/octet-stream"), "{head}");
    assert!(head.contains("cache-control: public, max-age=31536000, immutable"), "{head}");
    // A partial one is the beginning of the full one, and is answered by it.
    let (status, _, partial) = curl(&[], &format!("{}/register/tile/0/000.p/3", served.url));
    assert_eq!((status, partial.as_slice()), (200, &tile[..96]));
    let wrong = [
        "register/tile/0/001.p/255",
        "register/tile/0/002",
        "register/tile/0/000.p/256",
        "register/tile/00/000",
        "register/tile/64/000",
        "register/tile/0/x000/000",
        "register/tile/0/0%300",
        "register/tile/entries/../entries/000",
        "register/tile/0/..%2f..%2fcheckpoint",
        "register/../queue/journal",
        "register/..%2fqueue%2fjournal",
        "register/tile/0/../../../../keys/keyring.age",
        "register/annex/..%2f..%2flock",
        "register/annex/00",
        "register/annex/0000000000000000000000000000000000000000000000000000000000000000",
        "register/checkpoint/",
        "register//checkpoint",
        "register/tile/0/000%00",
        "register/note/",
        "register/",
    ];
    for path in wrong {
        let (status, _, body) = curl(&[], &format!("{}/{path}", served.url));
        assert!([401, 404].contains(&status), "{path}: {status}");
        assert!(body.len() < 10_000, "{path}");
    }
    let upper = served.annexes[0].to_uppercase();
    assert_eq!(curl(&[], &format!("{}/register/annex/{upper}", served.url)).0, 404);
    for verb in ["POST", "PUT", "DELETE", "OPTIONS"] {
        assert_eq!(curl(&["-X", verb], &checkpoint).0, 405, "{verb}");
    }
    assert_eq!(curl(&["-H", "host: elsewhere.example"], &checkpoint).0, 421);
}

/// Who reads a large file letter by letter takes one of a few places, and holds up no memory beyond them.
#[test]
fn large_files_go_to_few_at_once() {
    let (mut world, mut harbour) = met();
    let table = vec![b'x'; 30 << 20];
    let signer = world.north.signer("liaison-1").expect("a signer");
    let act = world.north.write(vec![signer], common::handmade::batch(&table), at(5)).expect("written");
    let submission = world.north.sign(act, None).expect("signed");
    world.north.submit_with_annexes(&submission, std::slice::from_ref(&table), at(5)).expect("registered");
    let stick = world.stick.clone();
    common::carry(&mut world.north, &mut harbour, &stick, 6);
    let small = world.north.annexes().list().expect("listed");
    let small = small.into_iter().find(|hash| *hash != terms::Hash::of(&table)).expect("another");
    let runtime = Runtime::new().expect("a runtime");
    let socket = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
    let host = socket.local_addr().expect("an address").to_string();
    let manner = Manner { public: Some(Part::Entries), ..Manner::default() };
    let north = Arc::new(desk_of(world.north, &[&host], at(8)).with(manner));
    runtime.spawn(desk::serve(north, socket, std::future::pending()));
    let path = format!("/register/annex/{}", terms::Hash::of(&table).to_hex());
    let slow = || {
        let mut stream = std::net::TcpStream::connect(&host).expect("it listens");
        let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n\r\n");
        std::io::Write::write_all(&mut stream, request.as_bytes()).expect("sent");
        // Its beginning has come, and nothing more is read.
        std::io::Read::read_exact(&mut stream, &mut [0; 100]).expect("it begins");
        stream
    };
    let all: Vec<_> = (0..4).map(|_| slow()).collect();
    let (status, head, _) = curl(&[], &format!("http://{host}{path}"));
    assert_eq!(status, 503, "{head}");
    assert!(head.contains("retry-after: 5"), "{head}");
    assert_eq!(curl(&[], &format!("http://{host}/register/checkpoint")).0, 200, "that is small");
    let annex = format!("http://{host}/register/annex/{}", small.to_hex());
    assert_eq!(curl(&[], &annex).0, 200, "a small annex waits for nobody");
    drop(all);
    let (status, _, bytes) = curl(&[], &format!("http://{host}{path}"));
    assert_eq!((status, bytes.len()), (200, table.len()));
}
