//! Who has to know something at once is told: on a page, in a page that is open, up a ladder, until somebody takes it.

#[path = "../../node/tests/common/mod.rs"]
mod common;

mod served;
mod shift;

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use common::{at, copy_ring};
use desk::web::routes::Verb;
use served::{Browser, ask, between, desk_of, main_of, serve};
use shift::{Desks, HOST, Place, harbour, json};
use terms::Seconds;
use tokio::runtime::Runtime;

/// A page that listens.
struct Listens(BufReader<TcpStream>);

impl Listens {
    /// Begins; gives the head of the answer's first line.
    fn to(browser: &Browser, query: &str, head: &str) -> (String, Listens) {
        let mut stream = TcpStream::connect(browser.at).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a socket");
        let request = format!(
            "GET /{}/events{query} HTTP/1.1\r\nhost: {HOST}\r\ncookie: {}\r\n{head}\r\n",
            browser.agreement, browser.cookie
        );
        stream.write_all(request.as_bytes()).expect("sent");
        let mut listens = Listens(BufReader::new(stream));
        let first = listens.line().expect("a line");
        (first, listens)
    }

    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = self.0.read_line(&mut line).expect("nothing for ten seconds");
        (read > 0).then(|| line.trim_end().to_owned())
    }

    /// What comes next: its id, and what it says; nothing when it ends.
    fn event(&mut self) -> Option<(u64, serde_json::Value)> {
        let mut id = 0;
        loop {
            let line = self.line()?;
            if let Some(text) = line.strip_prefix("id: ") {
                id = text.parse().expect("a number");
            }
            if let Some(text) = line.strip_prefix("data: ") {
                return Some((id, serde_json::from_str(text).expect("it is JSON")));
            }
            if line == "0" {
                return None;
            }
        }
    }
}

/// Opens a desk whose sessions lock after so long.
fn idle<T>(place: &Place, seconds: u64, visit: impl FnOnce(&Desks<'_>) -> T) -> T {
    let ring = copy_ring(&place.world.rings["harbour"]);
    let node = node::Node::open(&place.world.home("harbour"), ring).expect("opened");
    let runtime = Runtime::new().expect("a runtime");
    let manner = desk::desk::Manner { idle: Seconds(seconds), ..desk::desk::Manner::default() };
    let desk = Arc::new(desk_of(node, &[HOST], at(16)).with(manner));
    let address = serve(&runtime, &desk);
    visit(&Desks { desk: &desk, address })
}

#[test]
fn what_concerns_somebody_waits_until_one_takes_it() {
    let harbour = harbour();
    let first = harbour.at(at(16), |desks| {
        let ops = desks.sit("ops-1");
        assert_eq!(ops.post("watch/begin", &[]).status, 303);
        desks.desk.look_for_alerts().expect("looked");
        desks.desk.look_for_alerts().expect("looked");
        let all = json(&ops, "alerts");
        assert_eq!((&all["waiting"], &all["of"], &all["ladder"][0]), (&1.into(), &1.into(), &"ops-1".into()));
        let row = &all["rows"][0];
        assert_eq!((&row["kind"], &row["reference"]), (&"served".into(), &harbour.reference.as_str().into()));
        assert_eq!(row["told"][0]["who"], "ops-1");
        let page = ops.get("alerts");
        assert!(main_of(&page.body).contains(&harbour.reference) && page.body.contains("Take it"));
        let led = ops.get(row["href"].as_str().expect("a page"));
        assert!(led.head["location"].ends_with(&harbour.reference), "it leads to the matter");
        let sheet = ops.get("alerts?as=csv").body;
        assert!(sheet.contains(&harbour.reference) && sheet.lines().count() == 2, "{sheet}");
        // Urdu says the same.
        let urdu = ops.get("alerts?lang=ur").body;
        assert!(urdu.contains("dir=\"rtl\"") && urdu.contains(&harbour.reference));
        row["id"].as_str().expect("a name").to_owned()
    });
    harbour.at(at(17), |desks| {
        desks.desk.look_for_alerts().expect("looked");
        let (ops, other) = (desks.sit("ops-2"), desks.sit("ops-3"));
        let nobody = Browser::open(desks.address, HOST, desks.desk);
        assert_eq!(json(&ops, "alerts")["of"], 1, "a restart tells nothing anew");
        let take = |browser: &Browser| browser.post("alerts", &[("id", &first)]).head["location"].clone();
        assert!(take(&nobody).ends_with("/settings?note=who"));
        assert!(take(&ops).ends_with("note=taken") && take(&ops).ends_with("note=taken"));
        assert!(take(&other).ends_with("note=other"), "the first has it");
        assert_eq!(ops.post("alerts", &[("id", "no-such-alert")]).status, 404);
        let all = json(&other, "alerts?view=all");
        assert_eq!((&all["waiting"], &all["rows"][0]["taken"]["by"]), (&0.into(), &"ops-2".into()));
        assert!(main_of(&other.get("alerts").body).contains("Nothing waits to be taken"));
    });
}

#[test]
fn a_page_that_is_open_hears_of_it_at_once() {
    let harbour = harbour();
    harbour.at(at(16), |desks| {
        let ops = desks.sit("ops-1");
        let page = ops.get("").body;
        let address = between(&page, "data-events=\"", "\"").expect("it listens").replace("&#38;", "&");
        let query = &address[address.find('?').expect("a query")..];
        assert!(query.starts_with("?after=0&since=2026-"), "{query}");
        let (status, mut listens) = Listens::to(&ops, query, "");
        assert_eq!(status, "HTTP/1.1 200 OK");
        desks.desk.look_for_alerts().expect("looked");
        let (id, told) = listens.event().expect("it is told");
        assert_eq!(
            (id, &told["reference"], &told["new"]),
            (1, &harbour.reference.as_str().into(), &1.into())
        );
        assert!(told["says"].as_str().is_some_and(|says| says.starts_with("One new since ")), "{told}");
        assert_eq!(told.as_object().map(serde_json::Map::len), Some(4), "and nothing else: {told}");
        // A task that is given is told to whom it is given to, and to who sees all tasks.
        let legal = desks.sit("legal-1");
        let other = desks.sit("other-1");
        let may = [
            ("may", "ops-1 access"),
            ("may", "ops-1 tasks"),
            ("may", "legal-1 watch"),
            ("may", "other-1 watch"),
        ];
        assert_eq!(ops.post("access", &may).status, 303);
        let (_, mut hears) = Listens::to(&legal, "?after=1", "");
        let (_, mut hears_not) = Listens::to(&other, "?after=0", "");
        let task = [("says", "qwxz-task"), ("who", "legal-1"), ("reference", harbour.reference.as_str())];
        assert_eq!(ops.post("worklist", &task).status, 303);
        desks.desk.look_for_alerts().expect("looked");
        let (id, told) = hears.event().expect("it is told");
        assert_eq!((id, &told["new"]), (2, &1.into()));
        assert!(!told.to_string().contains("qwxz"), "{told}");
        assert_eq!(hears_not.event().map(|(id, _)| id), Some(1));
        assert_eq!(json(&legal, "alerts")["of"], 2);
        assert_eq!(json(&other, "alerts")["of"], 1);
        // Where it was cut off it goes on, and counts what was told before.
        let (_, mut resumed) = Listens::to(&ops, "?after=0", "last-event-id: 1\r\n");
        let (id, told) = resumed.event().expect("it is told");
        assert_eq!((id, &told["new"]), (2, &2.into()));
        for odd in ["?after=x", "?after=99999999999999999999", "?after=9&since=%00", "?since="] {
            assert_eq!(Listens::to(&ops, odd, "last-event-id: \u{e9}\r\n").0, "HTTP/1.1 200 OK", "{odd}");
        }
        assert_eq!(ask(desks.address, Verb::Get, &address, &[("host", HOST)], "").status, 401);
        // Whoever leaves hears nothing more.
        assert_eq!(ops.post("/out", &[]).status, 303);
        assert_eq!(listens.event().map(|(id, _)| id), Some(2));
        assert_eq!(listens.event(), None);
    });
}

#[test]
fn streams_are_few_and_keep_no_session_open() {
    let harbour = harbour();
    idle(&harbour, 3, |desks| {
        let ops = desks.sit("ops-1");
        let open: Vec<(String, Listens)> = (0..9).map(|_| Listens::to(&ops, "?after=0", "")).collect();
        let many = open.iter().filter(|(status, _)| status.contains("429")).count();
        assert_eq!(many, 1, "a session has eight");
        let (_, mut first) = open.into_iter().next().expect("the first");
        // The others are gone, and their places are free again once that is noticed.
        assert_eq!(first.event(), None, "it ends when nobody has asked anything for a while");
        let (status, _) = Listens::to(&ops, "?after=0", "");
        assert!(status.contains("401"), "to ask for a stream opens no session: {status}");
    });
}
