//! A desk that answers on a port, and a browser that sits at it.

#![allow(clippy::allow_attributes, clippy::panic, dead_code, reason = "each test file uses a part of it")]

pub(crate) mod authenticator;
mod ceremony;

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use desk::Desk;
use desk::web::routes::Verb;
use node::Node;
use store::Private;
use terms::Instant;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// What came back.
pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) head: BTreeMap<String, String>,
    pub(crate) body: String,
}

/// Sends a request as it stands.
pub(crate) fn ask(at: SocketAddr, verb: Verb, path: &str, head: &[(&str, &str)], body: &str) -> Got {
    let mut stream = TcpStream::connect(at).expect("it listens");
    let verb = match verb {
        Verb::Get => "GET",
        Verb::Post => "POST",
        Verb::Patch => "PATCH",
    };
    let mut request =
        format!("{verb} {path} HTTP/1.1\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in head {
        request += &format!("{name}: {value}\r\n");
    }
    stream.write_all(format!("{request}\r\n{body}").as_bytes()).expect("sent");
    let mut bytes = Vec::new();
    let mut part = [0; 16 << 10];
    loop {
        let read = stream.read(&mut part).expect("answered");
        bytes.extend_from_slice(&part[..read]);
        // A stream of events has no end of its own: its head is its answer.
        let is_stream = || {
            let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]);
            head.contains("content-type: text/event-stream") && head.contains("\r\n\r\n")
        };
        if read == 0 || is_stream() {
            break;
        }
    }
    let whole = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
    let (top, body) = (String::from_utf8_lossy(&bytes[..whole]), &bytes[whole + 4..]);
    let mut lines = top.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).expect("a status");
    let pairs = lines.filter_map(|line| line.split_once(": "));
    let head: BTreeMap<String, String> =
        pairs.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
    let encoding = head.get("content-encoding").map_or("", String::as_str);
    let whole = if head.get("transfer-encoding").is_some_and(|how| how == "chunked") && !is_events(&head) {
        joined(body)
    } else {
        body.to_vec()
    };
    let body = String::from_utf8_lossy(&unpressed(encoding, &whole)).into_owned();
    // Without the marks that keep a filled-in word apart from the line around it.
    Got { status, head, body: body.replace(['\u{2068}', '\u{2069}'], "") }
}

fn is_events(head: &BTreeMap<String, String>) -> bool {
    head.get("content-type").is_some_and(|media| media.starts_with("text/event-stream"))
}

/// A body that came in chunks (RFC 9112 §7.1), to its end.
fn joined(mut chunks: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    loop {
        let line = chunks.windows(2).position(|two| two == b"\r\n").expect("a length");
        let length =
            std::str::from_utf8(&chunks[..line]).ok().and_then(|hex| usize::from_str_radix(hex, 16).ok());
        let (from, length) = (line + 2, length.expect("a length in hex"));
        if length == 0 {
            return whole;
        }
        whole.extend_from_slice(&chunks[from..from + length]);
        chunks = &chunks[from + length + 2..];
    }
}

/// A body as it is meant.
pub(crate) fn unpressed(encoding: &str, body: &[u8]) -> Vec<u8> {
    if encoding != "gzip" {
        return body.to_vec();
    }
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(body).read_to_end(&mut plain).expect("it is whole");
    plain
}

/// What stands between two texts, wherever it does first.
pub(crate) fn between<'t>(text: &'t str, before: &str, behind: &str) -> Option<&'t str> {
    text.split_once(before)?.1.split_once(behind).map(|(found, _)| found)
}

/// Opens a desk over a node, with its private side beside its keys, under these names.
pub(crate) fn desk_of(node: Node, hosts: &[&str], now: Instant) -> Desk {
    let private = Private::open(&node.home().private()).expect("the private side opens");
    Desk::new(node, private, hosts.iter().map(|host| (*host).to_owned()).collect(), now)
}

/// Serves it on a port.
pub(crate) fn serve(runtime: &Runtime, desk: &Arc<Desk>) -> SocketAddr {
    let socket = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
    let at = socket.local_addr().expect("an address");
    runtime.spawn(desk::serve(Arc::clone(desk), socket, std::future::pending()));
    at
}

/// A browser, signed in.
pub(crate) struct Browser {
    pub(crate) at: SocketAddr,
    pub(crate) host: String,
    pub(crate) agreement: String,
    pub(crate) cookie: String,
    /// What each form of the session sends.
    pub(crate) token: String,
}

impl Browser {
    /// Opens a desk by its link.
    pub(crate) fn open(at: SocketAddr, host: &str, desk: &Desk) -> Browser {
        let way_in = desk.way_in().expect("a link");
        let origin = format!("http://{host}");
        let got = ask(at, Verb::Post, &way_in, &[("host", host), ("origin", &origin)], "");
        assert_eq!(got.status, 303, "{}", got.body);
        let cookie = got.head["set-cookie"].clone();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
        let cookie = cookie.split(';').next().expect("a pair").to_owned();
        let agreement = desk.agreement().to_owned();
        let mut browser = Browser { at, host: host.to_owned(), agreement, cookie, token: String::new() };
        let page = browser.get("");
        browser.token = between(&page.body, "name=\"token\" value=\"", "\"").expect("a form").to_owned();
        browser
    }

    fn path(&self, path: &str) -> String {
        if path.starts_with('/') { path.to_owned() } else { format!("/{}/{path}", self.agreement) }
    }

    pub(crate) fn get(&self, path: &str) -> Got {
        ask(self.at, Verb::Get, &self.path(path), &[("host", &self.host), ("cookie", &self.cookie)], "")
    }

    /// Sends a form with the session's token.
    pub(crate) fn post(&self, path: &str, form: &[(&str, &str)]) -> Got {
        let form: Vec<(&str, &str)> = form.iter().copied().chain([("token", self.token.as_str())]).collect();
        self.post_as_it_is(path, &form, &[])
    }

    /// Sends a form, and nothing else.
    pub(crate) fn post_as_it_is(&self, path: &str, form: &[(&str, &str)], more: &[(&str, &str)]) -> Got {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(form);
        let origin = format!("http://{}", self.host);
        let mut head = vec![
            ("host", self.host.as_str()),
            ("cookie", self.cookie.as_str()),
            ("origin", origin.as_str()),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        head.extend(more);
        ask(self.at, Verb::Post, &self.path(path), &head, &body.finish())
    }

    /// Fills in the form at a path and presses a button of it; gives where it leads.
    pub(crate) fn fill(&self, path: &str, form: &[(&str, &str)], go: &str) -> String {
        let page = self.get(path);
        assert_eq!(page.status, 200, "{path}: {}", page.body);
        let kept = between(&page.body, "<form class=\"kept\"", "</form>").expect("a form").to_owned();
        let action = between(&kept, "action=\"", "\"").expect("it goes somewhere");
        let mut sent: Vec<(&str, &str)> = form.to_vec();
        for name in ["kind", "matter", "step", "ticks", "relief", "act", "behalf", "deed", "exhibit"] {
            sent.extend(
                between(&kept, &format!("name=\"{name}\" value=\""), "\"").map(|value| (name, value)),
            );
        }
        sent.push(("go", go));
        let got = self.post(action, &sent);
        assert_eq!(got.status, 303, "{path}: {}", got.body);
        got.head["location"].clone()
    }

    /// Signs what stands at a path, with a key; gives where it leads.
    pub(crate) fn sign(&self, path: &str, by: &str) -> String {
        let page = self.get(path);
        assert_eq!(page.status, 200, "{path}: {}", page.body);
        let read = between(&page.body, "name=\"read\" value=\"", "\"");
        let read = read.unwrap_or_else(|| panic!("it can be signed: {}", main_of(&page.body)));
        let got = self.post(path, &[("read", read), ("by", by), ("ticked", "1")]);
        assert_eq!(got.status, 303, "{path}: {}", got.body);
        got.head["location"].clone()
    }
}

/// What a program gets at a path.
pub(crate) fn json(browser: &Browser, path: &str) -> serde_json::Value {
    let and = if path.contains('?') { '&' } else { '?' };
    let got = browser.get(&format!("{path}{and}as=json"));
    assert_eq!(got.status, 200, "{path}: {}", got.body);
    serde_json::from_str(&got.body).expect("it is JSON")
}

/// The main part of a page.
pub(crate) fn main_of(page: &str) -> &str {
    between(page, "<main id=\"main\">", "</main>").unwrap_or(page)
}
