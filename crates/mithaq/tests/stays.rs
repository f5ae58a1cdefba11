//! The demo stays up after its story: a page says whom to be, and leads to five desks, each under a name of its own.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

const DESKS: [&str; 5] = ["ankara", "doha", "islamabad", "kabul", "secretariat"];

/// The demo; it and its desks are shut when this is dropped.
struct Demo(Child);

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Asks whatever listens at a port of this machine, under a name.
fn ask(verb: &str, host: &str, path: &str, cookie: &str) -> String {
    let port: u16 = host.rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port");
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
    let head = format!(
        "host: {host}\r\ncookie: {cookie}\r\norigin: http://{host}\r\nconnection: close\r\ncontent-length: 0"
    );
    write!(stream, "{verb} {path} HTTP/1.1\r\n{head}\r\n\r\n").expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answered");
    answer
}

fn head<'a>(answer: &'a str, name: &str) -> &'a str {
    let start = format!("{name}: ");
    answer.lines().find_map(|line| line.strip_prefix(&*start)).expect("a head of this name")
}

#[test]
fn a_page_leads_to_five_desks_each_under_its_own_name() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_mithaq"));
    command.args(["demo", "--out"]).arg(dir.path().join("five")).stdout(Stdio::piped());
    let mut demo = Demo(command.spawn().expect("the program starts"));
    let mut lines = BufReader::new(demo.0.stdout.take().expect("piped")).lines().map_while(Result::ok);
    let page =
        lines.find(|line| line.trim().starts_with("http://localhost:")).expect("it says where the page is");
    let page = page.trim().trim_start_matches("http://").trim_end_matches('/').to_owned();
    assert!(lines.any(|line| line.starts_with("Ctrl-C shuts them")), "it stays");
    let mut hosts = BTreeSet::new();
    for desk in DESKS {
        let first = ask("GET", &page, "/", "");
        assert!(first.starts_with("HTTP/1.1 200") && first.contains("EXERCISE"), "{first}");
        assert!(first.contains(&format!("href=\"/be/{desk}?")), "{desk}: {first}");
        let led = ask("GET", &page, &format!("/be/{desk}?lang=en"), "");
        assert!(led.starts_with("HTTP/1.1 303"), "{led}");
        let link = head(&led, "location").trim_start_matches("http://").to_owned();
        let (host, path) = link.split_once('/').expect("a path");
        assert!(host.starts_with(&format!("{desk}.localhost:")), "{host}");
        hosts.insert(host.to_owned());
        let opened = ask("POST", host, &format!("/{path}"), "");
        let cookie = head(&opened, "set-cookie").split(';').next().expect("a pair").to_owned();
        let cases = ask("GET", host, "/exercise-doha-istanbul/cases?view=all&as=csv", &cookie);
        assert!(cases.starts_with("HTTP/1.1 200") && cases.contains("CASE-27-0001-"), "{desk}: {cases}");
        let overview = ask("GET", host, "/exercise-doha-istanbul/", &cookie);
        assert!(overview.contains("<title>") && overview.contains("EXERCISE"), "{desk}: {overview}");
        // A desk answers under its own name, and under no other's.
        let port = host.rsplit(':').next().expect("a port");
        let other = DESKS.iter().find(|other| **other != desk).expect("another");
        let wrong = ask("GET", &format!("{other}.localhost:{port}"), "/exercise-doha-istanbul/", &cookie);
        assert!(!wrong.starts_with("HTTP/1.1 200"), "{desk} as {other}: {wrong}");
    }
    assert_eq!(hosts.len(), DESKS.len());
    assert!(demo.0.try_wait().expect("it can be asked").is_none(), "it is still up");
}
