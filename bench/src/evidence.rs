//! A large file at two desks by HTTP on loopback: sent up, granted, carried to the other node, opened there; beside what this
//! disk writes and what age's cipher does with as many bytes in the same run.

// The nodes are the tests': founded, met, and in a folder of their own.
#[path = "../../crates/node/tests/common/mod.rs"]
mod common;

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant as Clock;

use desk::Desk;
use desk::web::meet::meet;
use store::Private;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use vault::Identity;

use self::common::{at, copy_ring, met, who};
use crate::{Outcome, peak_mib};

/// How much is sent in one request, as the page does.
const PART_BYTES: u64 = 8 << 20;

/// What is said of an answer that is none.
fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

pub(crate) fn run(folder: &Path, megabytes: u64) -> Outcome {
    println!("\nevidence: a file of {megabytes} MB, at two desks by HTTP on loopback");
    tempfile::env::override_temp_dir(folder).map_err(|_| "the folder can't be chosen")?;
    let bytes = megabytes * 1_000_000;
    let mut block = vec![0; 1_000_000];
    getrandom::fill(&mut block).map_err(text)?;
    let disk = disk_s(folder, &block, megabytes)?;
    let cipher = cipher_s(&block, megabytes)?;
    let rate = |seconds: f64| bytes_f64(bytes) / 1e6 / seconds;
    println!(
        "  this disk writes and syncs it in {disk:.2} s ({:.0} MB/s); age's cipher takes {cipher:.2} s ({:.0} MB/s)",
        rate(disk),
        rate(cipher)
    );

    let (world, harbour) = met();
    let runtime = Runtime::new().map_err(text)?;
    let common::World { dir, north, rings, .. } = world;
    drop((north, harbour));
    let open = |name: &str| {
        let home = node::Home::new(&dir.path().join(name), &dir.path().join(format!("{name}.keys")));
        node::Node::open(&home, copy_ring(&rings[name])).map_err(text)
    };
    let north = Person::sit(&runtime, open("north")?)?;
    let harbour = Person::sit(&runtime, open("harbour")?)?;
    let said = |what: &str, took: f64| {
        println!(
            "  {what}: {took:.2} s, {:.0} MB/s; {:.1} times the disk's time, {:.1} times the cipher's; {} MiB at most",
            rate(took),
            took / disk,
            took / cipher,
            peak_mib()
        );
    };

    let began = Clock::now();
    let upload = north.send(&block, bytes)?;
    said("sent up and sealed (enciphered twice, hashed, written twice)", began.elapsed().as_secs_f64());
    let began = Clock::now();
    north.offer(&upload, "harbour")?;
    println!("  granted to the other and signed: {:.2} s", began.elapsed().as_secs_f64());
    let began = Clock::now();
    let url = format!("http://{}", north.host);
    for _ in 0..4 {
        meet(&harbour.desk, &who("north"), &url)?;
    }
    said("carried to the other node, checked and kept (four meetings)", began.elapsed().as_secs_f64());
    let began = Clock::now();
    let came = harbour.open(&block)?;
    said("opened there, to the last byte", began.elapsed().as_secs_f64());
    if came == bytes { Ok(()) } else { Err(format!("{came} bytes of {bytes} came")) }
}

#[expect(clippy::cast_precision_loss, reason = "a rate")]
fn bytes_f64(bytes: u64) -> f64 {
    bytes as f64
}

/// Seconds to write as much to this disk, in order, and to sync it once.
fn disk_s(folder: &Path, block: &[u8], megabytes: u64) -> Result<f64, String> {
    let path = folder.join("plain");
    let began = Clock::now();
    let mut file = File::create(&path).map_err(text)?;
    for _ in 0..megabytes {
        file.write_all(block).map_err(text)?;
    }
    file.sync_all().map_err(text)?;
    let took = began.elapsed().as_secs_f64();
    std::fs::remove_file(&path).map_err(text)?;
    Ok(took)
}

/// Seconds to encipher as much once, as age does, and to write it nowhere.
fn cipher_s(block: &[u8], megabytes: u64) -> Result<f64, String> {
    let began = Clock::now();
    let mut sealed = vault::parcel::wrap(&[Identity::generate().recipient()], io::sink()).map_err(text)?;
    for _ in 0..megabytes {
        sealed.write_all(block).map_err(text)?;
    }
    sealed.finish().map_err(text)?;
    Ok(began.elapsed().as_secs_f64())
}

/// Somebody who works at a desk.
struct Person {
    desk: Arc<Desk>,
    host: String,
    agent: ureq::Agent,
    cookie: String,
    token: String,
}

impl Person {
    fn sit(runtime: &Runtime, node: node::Node) -> Result<Person, String> {
        let socket = runtime.block_on(TcpListener::bind("127.0.0.1:0")).map_err(text)?;
        let host = socket.local_addr().map_err(text)?.to_string();
        let private = Private::open(&node.home().private()).map_err(text)?;
        let desk = Arc::new(Desk::new(node, private, vec![host.clone()], at(8)));
        runtime.spawn(desk::serve(Arc::clone(&desk), socket, std::future::pending()));
        let agent = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into();
        let mut person = Person { desk, host, agent, cookie: String::new(), token: String::new() };
        let got = person.post(&person.desk.way_in()?, &[])?;
        person.cookie = got.cookie.split(';').next().unwrap_or_default().to_owned();
        let page = person.get(&person.path(""))?;
        person.token = between(&page, "name=\"token\" value=\"")?;
        Ok(person)
    }

    fn path(&self, path: &str) -> String {
        format!("/{}/{path}", self.desk.agreement())
    }

    fn get(&self, path: &str) -> Result<String, String> {
        let asked = self.agent.get(format!("http://{}{path}", self.host)).header("cookie", &self.cookie);
        asked.call().map_err(text)?.body_mut().read_to_string().map_err(text)
    }

    /// Sends a form.
    fn post(&self, path: &str, form: &[(&str, &str)]) -> Result<Sent, String> {
        let form = form.iter().copied().chain([("token", self.token.as_str())]);
        let asked = self.agent.post(format!("http://{}{path}", self.host)).header("cookie", &self.cookie);
        let answer = asked.header("origin", format!("http://{}", self.host)).send_form(form).map_err(text)?;
        let head = |name: &str| {
            answer.headers().get(name).and_then(|it| it.to_str().ok()).unwrap_or_default().to_owned()
        };
        match answer.status().as_u16() {
            303 => Ok(Sent { to: head("location"), cookie: head("set-cookie") }),
            other => Err(format!("{path}: {other}")),
        }
    }

    /// Sends a file, part by part; gives its name among the uploads.
    fn send(&self, block: &[u8], bytes: u64) -> Result<String, String> {
        let about = "filename bGFyZ2UuYmlu,filetype YXBwbGljYXRpb24vb2N0ZXQtc3RyZWFt";
        let heads = |offset: u64| {
            [
                ("cookie", self.cookie.clone()),
                ("origin", format!("http://{}", self.host)),
                ("mithaq-token", self.token.clone()),
                ("tus-resumable", "1.0.0".to_owned()),
                ("upload-length", bytes.to_string()),
                ("upload-metadata", about.to_owned()),
                ("upload-offset", offset.to_string()),
                ("content-type", "application/offset+octet-stream".to_owned()),
            ]
        };
        let url = format!("http://{}{}", self.host, self.path("evidence/upload"));
        let mut asked = self.agent.post(url);
        for (name, value) in heads(0) {
            asked = asked.header(name, value);
        }
        let begun = asked.send_empty().map_err(text)?;
        let at = begun.headers().get("location").and_then(|it| it.to_str().ok());
        let at = at.ok_or_else(|| format!("no file comes in: {}", begun.status()))?.to_owned();
        let part: Vec<u8> =
            block.iter().copied().cycle().take(usize::try_from(PART_BYTES).map_err(text)?).collect();
        let mut offset = 0;
        while offset < bytes {
            let most = usize::try_from(PART_BYTES.min(bytes - offset)).map_err(text)?;
            let mut asked = self.agent.patch(format!("http://{}{at}", self.host));
            for (name, value) in heads(offset) {
                asked = asked.header(name, value);
            }
            let got = asked.send(&part[..most]).map_err(text)?;
            if got.status().as_u16() != 204 {
                return Err(format!("a part was not taken: {}", got.status()));
            }
            offset += most as u64;
        }
        Ok(at.rsplit('/').next().unwrap_or_default().to_owned())
    }

    /// Offers a file to another, signed.
    fn offer(&self, upload: &str, to: &str) -> Result<(), String> {
        let page = self.get(&self.path("evidence/offer"))?;
        let kept = page.split_once("id=\"kept\"").ok_or("no form")?.1;
        let (action, deed) = (between(kept, "action=\"")?, between(kept, "name=\"deed\" value=\"")?);
        let form = [("deed", deed.as_str()), ("to", to), ("files", upload), ("go", "sign")];
        let sign = self.post(&action, &form)?.to;
        let page = self.get(&sign)?;
        let read = between(&page, "name=\"read\" value=\"")?;
        self.post(&sign, &[("read", &read), ("by", "liaison-1"), ("ticked", "1")]).map(drop)
    }

    /// Reads the one exhibit that is here, and compares it; gives how many bytes it has.
    fn open(&self, block: &[u8]) -> Result<u64, String> {
        let list = self.get(&self.path("evidence?view=all&as=csv"))?;
        let reference =
            list.lines().nth(1).and_then(|line| line.split(',').next()).ok_or("no exhibit came")?;
        let url = format!("http://{}{}", self.host, self.path(&format!("evidence/{reference}/content")));
        let mut answer = self.agent.get(url).header("cookie", &self.cookie).call().map_err(text)?;
        let mut body = answer.body_mut().with_config().limit(1 << 40).reader();
        // Each part that was sent begins anew.
        let part: Vec<u8> =
            block.iter().copied().cycle().take(usize::try_from(PART_BYTES).map_err(text)?).collect();
        let (mut came, mut buffer) = (0, vec![0; part.len()]);
        loop {
            let place = usize::try_from(came % PART_BYTES).map_err(text)?;
            let read = body.read(&mut buffer[..part.len() - place]).map_err(text)?;
            if read == 0 {
                return Ok(came);
            }
            if buffer[..read] != part[place..place + read] {
                return Err(format!("other bytes came behind {came}"));
            }
            came += read as u64;
        }
    }
}

/// Where a form led to, and the session that it opened.
struct Sent {
    to: String,
    cookie: String,
}

fn between(page: &str, before: &str) -> Result<String, String> {
    let found = page.split_once(before).and_then(|(_, rest)| rest.split('"').next());
    found.map(str::to_owned).ok_or_else(|| format!("nothing stands behind {before}"))
}
