//! A node that runs as a process of its own, and somebody who works at its desk over HTTP until it is gone.

use std::io::{BufRead as _, BufReader, Error, Read as _, Result, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use super::mithaq;

/// How the node is run whose folders are `data` and `keys`.
pub(crate) const RUN: [&str; 10] =
    ["node", "run", "--while-open", "--json", "--every", "1s", "--data", "data", "--keys", "keys"];

/// A node that runs; it is killed when this is dropped.
pub(crate) struct Running {
    pub(crate) child: Child,
    says: Option<ChildStdin>,
    listens: String,
    opens: String,
}

/// A port of this machine that nobody has.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Running {
    /// Starts the node whose folders are `data` and `keys`.
    pub(crate) fn start(folder: &Path) -> Running {
        let mut command = mithaq(folder);
        command.args(RUN);
        Running::of(&mut command).unwrap_or_else(|| panic!("the node does not run"))
    }

    /// Waits for what a command says of the node that it starts; nothing, if it ends before.
    pub(crate) fn of(command: &mut Command) -> Option<Running> {
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = command.spawn().unwrap();
        let (says, hears) = (child.stdin.take(), child.stdout.take().unwrap());
        let mut line = String::new();
        BufReader::new(hears).read_line(&mut line).unwrap();
        let Ok(said) = serde_json::from_str::<serde_json::Value>(&line) else {
            let _ = child.wait();
            return None;
        };
        let word = |name: &str| said[name].as_str().unwrap().to_owned();
        Some(Running { child, says, listens: word("listens"), opens: word("opens") })
    }

    /// Somebody opens its desk by the link, and says who they are.
    pub(crate) fn sit(&self, who: &str) -> Person {
        let (origin, link) = self.opens.split_once("/in/").unwrap();
        let host = origin.strip_prefix("http://").unwrap().to_owned();
        let mut person =
            Person { at: self.listens.clone(), host, cookie: String::new(), token: String::new() };
        let got = person.post(&format!("/in/{link}"), &[]).unwrap();
        assert_eq!(got.status, 303, "{}", got.body);
        let cookie = got.head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
        person.cookie = cookie.split(';').next().unwrap().to_owned();
        let page = person.get("").unwrap().body;
        person.token = between(&page, "name=\"token\" value=\"").unwrap().to_owned();
        assert_eq!(person.post("settings", &[("go", "who"), ("new", who)]).unwrap().status, 303);
        person
    }

    /// Stops it as a power cut would.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Stops it as whoever started it does.
    pub(crate) fn stop(mut self) {
        drop(self.says.take());
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What came back.
pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Got {
    /// What it says, without the frame of a page.
    pub(crate) fn says(&self) -> String {
        let main = self.body.split_once("<main id=\"main\">").map_or(&*self.body, |(_, rest)| rest);
        main.split("</main>").next().unwrap().chars().take(600).collect()
    }

    /// A head's value.
    pub(crate) fn head(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .find_map(|line| line.split_once(": ").filter(|(known, _)| *known == name))
            .map(|it| it.1)
    }
}

/// Somebody at a desk. What is asked of a node that is gone is an error.
#[derive(Clone)]
pub(crate) struct Person {
    at: String,
    /// What the desk is called, with its port.
    pub(crate) host: String,
    cookie: String,
    pub(crate) token: String,
}

impl Person {
    pub(crate) fn get(&self, path: &str) -> Result<Got> {
        self.ask("GET", path, &[], b"")
    }

    /// Sends a form.
    pub(crate) fn post(&self, path: &str, form: &[(&str, &str)]) -> Result<Got> {
        let form = form.iter().copied().chain([("token", self.token.as_str())]);
        let pairs: Vec<String> = form.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        self.ask("POST", path, &[], pairs.join("&").as_bytes())
    }

    /// Sends what it says, with heads of its own.
    pub(crate) fn ask(&self, verb: &str, path: &str, heads: &[(&str, &str)], body: &[u8]) -> Result<Got> {
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/desk/{path}") };
        let mut stream = TcpStream::connect(&self.at)?;
        let (host, cookie, token, length) = (&self.host, &self.cookie, &self.token, body.len());
        let mut head = format!(
            "{verb} {path} HTTP/1.1\r\nconnection: close\r\nhost: {host}\r\norigin: http://{host}\r\ncookie: {cookie}\r\n\
             mithaq-token: {token}\r\ntus-resumable: 1.0.0\r\ncontent-length: {length}\r\n"
        );
        for (name, value) in heads {
            head += &format!("{name}: {value}\r\n");
        }
        stream.write_all(head.as_bytes())?;
        stream.write_all(b"\r\n")?;
        stream.write_all(body)?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes)?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let cut = || Error::other("it was cut off");
        let (head, body) = text.split_once("\r\n\r\n").ok_or_else(cut)?;
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(cut)?;
        Ok(Got { status, head: head.to_owned(), body: body.to_owned() })
    }
}

/// What stands behind some text, up to the next quotation mark.
pub(crate) fn between<'t>(text: &'t str, before: &str) -> Option<&'t str> {
    text.split_once(before)?.1.split('"').next()
}

fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// Numbers from a seed (xorshift).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most
    }
}
