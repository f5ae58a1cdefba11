//! What sends files to a desk, byte for byte, and what looks whether any of it lies somewhere in the clear.

#![allow(clippy::allow_attributes, dead_code, reason = "each test file uses a part of it")]

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::four::Four;
use crate::served::Browser;

/// What came back, byte for byte.
pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) head: BTreeMap<String, String>,
    pub(crate) bytes: Vec<u8>,
}

/// A program that sends files, in somebody's session.
pub(crate) struct Sender {
    at: SocketAddr,
    agreement: String,
    heads: BTreeMap<&'static str, String>,
}

impl Sender {
    pub(crate) fn of(browser: &Browser) -> Sender {
        let heads = BTreeMap::from([
            ("host", browser.host.clone()),
            ("origin", format!("http://{}", browser.host)),
            ("cookie", browser.cookie.clone()),
            ("mithaq-token", browser.token.clone()),
            ("tus-resumable", "1.0.0".to_owned()),
        ]);
        Sender { at: browser.at, agreement: browser.agreement.clone(), heads }
    }

    /// The same, with another head.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Sender {
        self.heads.insert(name, value.to_owned());
        self
    }

    /// The first lines of a request.
    pub(crate) fn head(&self, verb: &str, path: &str, more: &[(&str, &str)], length: usize) -> String {
        let mut head = format!("{verb} {path} HTTP/1.1\r\nconnection: close\r\ncontent-length: {length}\r\n");
        let own = self.heads.iter().map(|(name, value)| (*name, value.as_str()));
        let more = more.iter().copied().filter(|(name, _)| !self.heads.contains_key(name));
        for (name, value) in own.chain(more).filter(|(_, value)| !value.is_empty()) {
            head += &format!("{name}: {value}\r\n");
        }
        head + "\r\n"
    }

    /// A connection on which nothing was said yet.
    pub(crate) fn connect(&self) -> TcpStream {
        TcpStream::connect(self.at).expect("it listens")
    }

    pub(crate) fn ask(&self, verb: &str, path: &str, more: &[(&str, &str)], body: &[u8]) -> Got {
        let mut stream = self.connect();
        stream.write_all(self.head(verb, path, more, body.len()).as_bytes()).expect("sent");
        // What is refused at its head is not read.
        let _ = stream.write_all(body);
        read(&mut stream)
    }

    pub(crate) fn get(&self, path: &str) -> Got {
        self.ask("GET", path, &[], b"")
    }

    pub(crate) fn create(&self, name: &str, media_type: &str, draft: &str, length: &str) -> Got {
        let path = format!("/{}/evidence/upload", self.agreement);
        let said = [("filename", name), ("filetype", media_type), ("draft", draft)];
        let said = said.map(|(name, value)| format!("{name} {}", STANDARD.encode(value))).join(",");
        self.ask("POST", &path, &[("upload-length", length), ("upload-metadata", &said)], b"")
    }

    /// Begins one; gives its path.
    pub(crate) fn begin(&self, name: &str, media_type: &str, draft: &str, length: u64) -> String {
        let got = self.create(name, media_type, draft, &length.to_string());
        assert_eq!(got.status, 201, "{}", String::from_utf8_lossy(&got.bytes));
        assert!(got.head.contains_key("upload-expires"));
        got.head["location"].clone()
    }

    /// How far one is.
    pub(crate) fn offset(&self, path: &str) -> u64 {
        let got = self.ask("HEAD", path, &[], b"");
        assert_eq!((got.status, got.head["cache-control"].as_str()), (200, "no-store"));
        got.head["upload-offset"].parse().expect("a number")
    }

    pub(crate) const fn patched(offset: &str) -> [(&str, &str); 2] {
        [("content-type", "application/offset+octet-stream"), ("upload-offset", offset)]
    }

    pub(crate) fn patch(&self, path: &str, offset: u64, bytes: &[u8]) -> Got {
        self.ask("PATCH", path, &Sender::patched(&offset.to_string()), bytes)
    }

    /// Sends a form as a browser without scripts does.
    pub(crate) fn form(&self, fields: &[(&str, &str)], name: &str, media_type: &str, bytes: &[u8]) -> Got {
        let mut body = Vec::new();
        for (field, value) in fields {
            let part =
                format!("--edge\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        let part = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: {media_type}\r\n\r\n"
        );
        body.extend_from_slice(part.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--edge--\r\n");
        let path = format!("/{}/evidence/upload/form", self.agreement);
        self.ask("POST", &path, &[("content-type", "multipart/form-data; boundary=edge")], &body)
    }
}

/// Reads an answer to its end.
pub(crate) fn read(stream: &mut TcpStream) -> Got {
    let mut all = Vec::new();
    stream.read_to_end(&mut all).expect("answered");
    let end = all.windows(4).position(|window| window == b"\r\n\r\n").expect("a head");
    let head = String::from_utf8_lossy(&all[..end]).into_owned();
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).expect("a status");
    let pairs = lines.filter_map(|line| line.split_once(": "));
    let head = pairs.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
    Got { status, head, bytes: all.split_off(end + 4) }
}

/// Every file of every node, and what is in it.
pub(crate) fn homes(four: &Four) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    walk(four.world.dir.path(), &mut all);
    assert!(all.len() > 50, "the homes were read");
    all
}

fn walk(folder: &Path, all: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("listed").path();
        if path.is_dir() {
            walk(&path, all);
        } else {
            all.push((path.clone(), std::fs::read(&path).expect("read")));
        }
    }
}

/// Whether some bytes are in others.
pub(crate) fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
