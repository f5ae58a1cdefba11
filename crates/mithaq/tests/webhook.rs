//! A program outside is told of an alert until it has taken it, whatever becomes of it or of the node meanwhile.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test may")]

mod support;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use support::{mithaq, run};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// How the receiver answers.
#[derive(Clone, Copy)]
enum Answers {
    /// That it fails.
    Fails,
    /// That it is elsewhere.
    Elsewhere,
    /// Not at all.
    Never,
    /// That it has taken it, after a while.
    Slowly,
}

/// What came: the path, the head, the body.
type Came = (String, BTreeMap<String, String>, String);

/// A program outside.
struct Outside {
    port: u16,
    answers: Arc<Mutex<Answers>>,
    came: Receiver<Came>,
}

impl Outside {
    fn new() -> Outside {
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = socket.local_addr().unwrap().port();
        let answers = Arc::new(Mutex::new(Answers::Fails));
        let how = Arc::clone(&answers);
        let (say, came) = channel();
        std::thread::spawn(move || {
            let mut held = Vec::new();
            for stream in socket.incoming() {
                let mut stream = stream.unwrap();
                if say.send(read(&stream)).is_err() {
                    return;
                }
                let how = *how.lock().unwrap();
                let answer = match how {
                    Answers::Fails => "HTTP/1.1 500 No\r\n",
                    Answers::Elsewhere => "HTTP/1.1 307 There\r\nlocation: /elsewhere\r\n",
                    Answers::Never => {
                        held.push(stream);
                        continue;
                    }
                    Answers::Slowly => {
                        std::thread::sleep(Duration::from_millis(1500));
                        "HTTP/1.1 204 Taken\r\n"
                    }
                };
                let _ = stream
                    .write_all(format!("{answer}connection: close\r\ncontent-length: 0\r\n\r\n").as_bytes());
            }
        });
        Outside { port, answers, came }
    }

    fn answers(&self, how: Answers) {
        *self.answers.lock().unwrap() = how;
    }

    fn next(&self) -> Came {
        self.came.recv_timeout(Duration::from_secs(60)).expect("something is sent")
    }

    fn is_quiet(&self) -> bool {
        self.came.recv_timeout(Duration::from_secs(3)).is_err()
    }
}

fn read(stream: &TcpStream) -> Came {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let path = line.split(' ').nth(1).unwrap().to_owned();
    let mut head = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        head.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let mut body = vec![0; head["content-length"].parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    (path, head, String::from_utf8(body).unwrap())
}

/// A node that runs until it is killed.
struct Node(Child);

impl Node {
    fn start(folder: &Path, now: &str) -> Node {
        let log = File::options().create(true).append(true).open(folder.join("log")).unwrap();
        let args = ["node", "run", "--json", "--data", "data", "--keys", "keys", "--now", now];
        let child = mithaq(folder).args(args).stdout(Stdio::null()).stderr(log).spawn();
        Node(child.unwrap())
    }

    /// As a power cut does it.
    fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.0.kill();
    }
}

fn at(folder: &Path, now: &str, args: &[&str]) -> String {
    run(folder, &[args, &["--data", "data", "--keys", "keys", "--work-factor", "1", "--now", now]].concat())
        .good()
}

#[test]
fn an_alert_reaches_a_program_that_fails_and_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    at(folder, "2026-01-12 08:00", &["node", "init", "--solo", "--listen", "127.0.0.1:0"]);
    fs::write(folder.join("qwxz.txt"), "qwxz: what was seen").unwrap();
    let fields = ["kind=fire", "time=2026-01-12 07:50", "place=10.25, -39.9", "reported-grade=grave"];
    let fields = fields.iter().flat_map(|field| ["--field", field]);
    let open: Vec<&str> =
        ["open", "incident"].into_iter().chain(fields).chain(["--file", "qwxz.txt", "--yes"]).collect();
    at(folder, "2026-01-12 08:05", &open);
    let outside = Outside::new();
    let config = format!(
        "listen = \"127.0.0.1:0\"\nevery = \"1s\"\n[webhook]\nurl = \"http://127.0.0.1:{}/ring?token=xyzzy\"\nsecret = \"hook.secret\"\n",
        outside.port
    );
    fs::write(folder.join("keys/node.toml"), config).unwrap();
    let secret = folder.join("keys/hook.secret");
    fs::write(&secret, format!("{SECRET}\n")).unwrap();
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o644)).unwrap();
    let open = run(folder, &["node", "run", "--data", "data", "--keys", "keys"]);
    assert!(open.code != 0 && open.err.contains("others than its owner can read"), "{}", open.err);
    assert!(open.err.contains("mithaq::webhook"), "{}", open.err);
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).unwrap();

    let now = "2026-01-12 08:10";
    let node = Node::start(folder, now);
    let (path, head, body) = outside.next();
    assert_eq!(path, "/ring?token=xyzzy");
    let told: serde_json::Value = serde_json::from_str(&body).unwrap();
    let reference = told["data"]["reference"].as_str().unwrap();
    assert!(reference.starts_with("INC-26-0001-"), "{body}");
    let id = told["data"]["id"].as_str().unwrap();
    assert_eq!((&told["type"], &told["data"]["rung"]), (&"mithaq.alert".into(), &1.into()));
    assert_eq!(told["data"]["exercise"], true);
    assert_eq!((told.as_object().unwrap().len(), told["data"].as_object().unwrap().len()), (3, 4), "{body}");
    let name = format!("{id}.1");
    assert_eq!(head["webhook-id"], name);
    assert!(head["webhook-signature"].starts_with("v1,") && head["webhook-timestamp"].parse::<u64>().is_ok());
    // It failed; the next try is led elsewhere, and does not go there.
    outside.answers(Answers::Elsewhere);
    let (path, again, _) = outside.next();
    assert_eq!((path.as_str(), &again["webhook-id"]), ("/ring?token=xyzzy", &name));
    assert!(outside.is_quiet(), "it waits, and goes nowhere else");
    node.kill();

    // Killed while it waits for an answer: it is sent once more, under the same name.
    outside.answers(Answers::Never);
    let node = Node::start(folder, "2026-01-12 08:20");
    assert_eq!(outside.next().1["webhook-id"], name);
    node.kill();
    outside.answers(Answers::Slowly);
    let node = Node::start(folder, "2026-01-12 08:20");
    assert_eq!(outside.next().1["webhook-id"], name);
    assert!(outside.is_quiet(), "it was taken");
    node.kill();
    let node = Node::start(folder, "2026-01-14 08:20");
    assert!(outside.is_quiet(), "and is not sent again");
    node.kill();

    let log = fs::read_to_string(folder.join("log")).unwrap();
    assert!(log.contains("the webhook took no alert"), "{log}");
    for secret in [SECRET, "MfKQ9r8G", "xyzzy", "qwxz", reference] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
}
