//! A node from nothing: a desk for one participant in one command, a file that says how it runs, and the node that reads it.

#![expect(clippy::unwrap_used, reason = "a test may")]

mod support;

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use support::{Ran, mithaq, run};

/// A command in a folder whose desk is `data` and `keys`.
fn at(folder: &Path, args: &[&str]) -> Ran {
    run(folder, &[args, &["--data", "data", "--keys", "keys", "--work-factor", "1"]].concat())
}

/// A node that runs; it stops when this is dropped.
struct Running {
    child: Child,
    says: BufReader<ChildStdout>,
    listens: String,
    opens: String,
}

impl Running {
    fn start(folder: &Path, more: &[&str]) -> Running {
        let mut command = mithaq(folder);
        command
            .args(["node", "run", "--while-open", "--json", "--data", "data", "--keys", "keys"])
            .args(more);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let mut says = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        says.read_line(&mut line).unwrap();
        let said: serde_json::Value = serde_json::from_str(&line).unwrap();
        let word = |name: &str| said[name].as_str().unwrap().to_owned();
        Running { child, says, listens: word("listens"), opens: word("opens") }
    }

    /// Asks it for another link.
    fn link(&mut self) -> serde_json::Value {
        self.child.stdin.as_mut().unwrap().write_all(b"link\n").unwrap();
        let mut line = String::new();
        self.says.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    fn stop(mut self) {
        drop(self.child.stdin.take());
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

fn curl(args: &[&str]) -> (u16, String) {
    let output = Command::new("curl").args(["-s", "-w", "\n%{http_code}"]).args(args).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let (body, status) = text.rsplit_once('\n').unwrap();
    (status.parse().unwrap(), body.to_owned())
}

#[test]
fn a_desk_for_one_in_one_command() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let said = at(folder, &["node", "init", "--solo", "--listen", "127.0.0.1:0"]).good();
    assert!(
        said.starts_with("EXERCISE\n") && said.contains("vacant: ") && said.contains("mithaq node run"),
        "{said}"
    );
    assert_eq!(at(folder, &["verify", "data"]).good().lines().next(), Some("EXERCISE"));
    // All that was put on record is final, and more can be.
    let status = at(folder, &["status", "--json"]).good();
    let status: serde_json::Value = serde_json::from_str(&status).unwrap();
    assert_eq!(status["participant"], "north", "{status}");
    let again = at(folder, &["--data", "data", "--keys", "keys", "node", "init", "--solo"]).ends(2);
    assert!(again.err.contains("already"), "{}", again.err);

    // It runs as the file says that was written beside the keys.
    let text = fs::read_to_string(folder.join("keys/node.toml")).unwrap();
    fs::write(folder.join("keys/node.toml"), format!("public = \"entries\"\n{text}")).unwrap();
    let node = Running::start(folder, &[]);
    assert!(node.opens.starts_with("http://north.localhost:"), "{}", node.opens);
    let url = format!("http://{}", node.listens);
    assert_eq!(curl(&[&format!("{url}/register/checkpoint")]).0, 200);
    assert_eq!(curl(&[&format!("{url}/register/tile/entries/000")]).0, 404, "it is not full yet");
    node.stop();
    // An option goes before it.
    let mut node = Running::start(folder, &["--public", "nothing"]);
    assert_eq!(curl(&[&format!("http://{}/register/checkpoint", node.listens)]).0, 401);
    // Whoever started it may ask for another link.
    let said = node.link();
    assert_eq!(said["asked"], 0, "{said}");
    let another = said["opens"].as_str().unwrap();
    assert!(another != node.opens && another.starts_with("http://north.localhost:"), "{said}");
    let path = another.split_once("/in/").unwrap().1;
    assert_eq!(curl(&[&format!("http://{}/in/{path}", node.listens)]).0, 200);
    node.stop();
    assert_eq!(at(folder, &["verify", "data"]).code, 0);
}

#[test]
fn what_can_not_be_read_is_said_at_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("run.toml"), "listen = \"127.0.0.1:8420\"\npubic = \"entries\"\n").unwrap();
    let ran = at(folder, &["node", "run", "--config", "run.toml"]).ends(2);
    assert!(ran.err.contains("mithaq::config"), "{}", ran.err);
    assert!(ran.err.contains("mithaq::config_key") && ran.err.contains("run.toml:2:1"), "{}", ran.err);
    assert!(ran.err.contains("did you mean `public`?"), "{}", ran.err);
    fs::write(folder.join("run.toml"), "every = 5\n").unwrap();
    let ran = at(folder, &["node", "run", "--config", "run.toml"]).ends(2);
    assert!(ran.err.contains("mithaq::config_value") && ran.err.contains("run.toml:1:9"), "{}", ran.err);
    // A base map that is none is said before anything is served.
    at(folder, &["node", "init", "--solo"]).good();
    fs::write(folder.join("run.toml"), "map = \"run.toml\"\n").unwrap();
    let ran = at(folder, &["node", "run", "--config", "run.toml"]).ends(2);
    assert!(ran.err.contains("mithaq::map") && ran.err.contains("no base map"), "{}", ran.err);
    let explained = at(folder, &["node", "run", "--explain"]).good();
    for key in [
        "listen",
        "map",
        "names",
        "public",
        "tls",
        "connections",
        "operator",
        "log",
        "every",
        "part",
        "meet",
        "witness",
    ] {
        assert!(explained.contains(&format!("\n# {key} = ")), "{explained}");
    }
    assert_eq!(explained, at(folder, &["node", "init", "--explain"]).good());
}

/// Who stops a node by a signal has it whole: it ends well, and what was on the disk is good.
#[test]
fn a_signal_stops_it_and_its_log_tells_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    at(folder, &["--data", "data", "--keys", "keys", "node", "init", "--solo"]).good();
    let text = fs::read_to_string(folder.join("keys/node.toml")).unwrap();
    let set = "listen = \"127.0.0.1:0\"\nlog = \"json\"\noperator = \"127.0.0.1:0\"\n";
    fs::write(folder.join("keys/node.toml"), format!("{set}{text}")).unwrap();
    let mut command = mithaq(folder);
    command.args(["node", "run", "--data", "data", "--keys", "keys"]);
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Not at a terminal: the link is in a file that only its owner reads.
    let line = BufReader::new(child.stdout.take().unwrap()).lines().nth(1).unwrap().unwrap();
    assert!(line.contains("keys/link") && !line.contains("/in/"), "{line}");
    let link = fs::read_to_string(folder.join("keys/link")).unwrap().trim().to_owned();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(folder.join("keys/link")).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{mode:o}");
    }
    let (host, token) = link.trim_start_matches("http://").split_once("/in/").unwrap();
    let port = host.rsplit_once(':').unwrap().1;
    let at_here = format!("http://127.0.0.1:{port}");
    let origin = format!("origin: {at_here}");
    let (_, opened) = curl(&["-i", "-X", "POST", "-H", &origin, &format!("{at_here}/in/{token}")]);
    let cookie = opened.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
    let (name, session) = cookie.split(';').next().unwrap().split_once('=').unwrap();
    assert!(name.starts_with("desk-north-"), "{cookie}");
    let cookie = format!("cookie: {name}={session}");
    let secret_query = "no-log-has-this";
    assert_eq!(curl(&["-H", &cookie, &format!("{at_here}/desk/?q={secret_query}")]).0, 200);
    let bearer = "authorization: Bearer a-token-of-a-reader";
    assert_eq!(curl(&["-H", bearer, &format!("{at_here}/register/checkpoint")]).0, 401);
    assert_eq!(curl(&[&format!("{at_here}/healthz")]), (200, "{\"health\":\"good\"}\n".to_owned()));

    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    let mut said = String::new();
    std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut said).unwrap();
    assert!(child.wait().unwrap().success(), "{said}");
    assert!(said.lines().count() >= 6, "{said}");
    for line in said.lines() {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(event["timestamp"].is_string() && event["message"].is_string(), "{line}");
    }
    assert!(said.contains("\"route\":\"/in/{token}\"") && said.contains("\"status\":303"), "{said}");
    for secret in [token, session, secret_query, "a-token-of-a-reader", "a passphrase"] {
        assert!(!said.contains(secret), "{secret} in {said}");
    }
    at(folder, &["verify", "data"]).good();
}

/// systemd itself judges the unit that comes with the program.
#[test]
fn systemd_takes_the_unit() {
    if Command::new("systemd-analyze").arg("--version").stdout(Stdio::null()).status().is_err() {
        assert!(std::env::var_os("MITHAQ_STRICT").is_none(), "there is no systemd-analyze");
        println!("skipped: there is no systemd-analyze");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (unit, program) = (folder.path().join("mithaq-node.service"), env!("CARGO_BIN_EXE_mithaq"));
    let text =
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/mithaq-node.service")).unwrap();
    assert!(text.contains("/usr/local/bin/mithaq ") && text.contains("man:mithaq-node-run(1)"));
    // The program and its page are not installed here.
    let here =
        text.replace("/usr/local/bin/mithaq ", &format!("{program} ")).replace("man:mithaq-node-run(1)", "");
    for (text, is_taken) in [(here.clone(), true), (here.replace("Type=exec", "Type=exe"), false)] {
        fs::write(&unit, text).unwrap();
        let ran = Command::new("systemd-analyze").arg("verify").arg(&unit).output().unwrap();
        let said = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert_eq!(said.is_empty() && ran.status.success(), is_taken, "{said}");
    }
}
