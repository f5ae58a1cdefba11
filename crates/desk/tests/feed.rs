//! What concerns a participant is told as it happens: to a program that follows with a key of its own, and to whoever
//! looks again.

#[path = "../../node/tests/common/mod.rs"]
mod common;

mod served;

use std::collections::BTreeSet;
use std::sync::Arc;

use act::Body;
use act::body::Open;
use act::value::{FieldValue, Fields, Word};
use atom_syndication::Feed;
use common::{at, carry, code, copy_ring, keep, met};
use desk::web::routes::Verb;
use served::{Browser, Got, ask, between, desk_of, main_of, serve};
use terms::{Instant, Seconds};
use tokio::runtime::Runtime;

const HOST: &str = "harbour.localhost";

/// Harbour's node, which a notice asks to acknowledge.
struct Harbour {
    world: common::World,
    reference: String,
}

fn notice() -> Body {
    let mut fields = Fields::new();
    fields.insert(code("told"), FieldValue::Several(vec![Word::Code(code("harbour"))]));
    Body::Open(Open { procedure: code("notice"), tier: None, fields, strands: Vec::new(), files: Vec::new() })
}

fn harbour() -> Harbour {
    let (mut world, mut harbour) = met();
    world.north.act("liaison-1", notice(), at(5)).expect("opened");
    let stick = world.stick.clone();
    for hour in [6, 8] {
        carry(&mut world.north, &mut harbour, &stick, hour);
        carry(&mut harbour, &mut world.north, &stick, hour + 1);
    }
    carry(&mut world.north, &mut harbour, &stick, 10);
    // An act of harbour's shows that it has the notice: from then on its clock runs.
    let body = keep(&harbour);
    harbour.act("liaison-1", body, at(11)).expect("queued");
    for hour in [12, 14] {
        carry(&mut harbour, &mut world.north, &stick, hour);
        carry(&mut world.north, &mut harbour, &stick, hour + 1);
    }
    let matter = harbour.docket().settlement().matters().values().next().expect("a notice");
    let reference = matter.reference.to_string();
    Harbour { world, reference }
}

impl Harbour {
    /// North tells it something once more; it has that by the hour after the next two.
    fn told_again(&mut self, hour: u64) {
        let ring = copy_ring(&self.world.rings["harbour"]);
        let mut harbour = node::Node::open(&self.world.home("harbour"), ring).expect("opened");
        let stick = self.world.stick.clone();
        self.world.north.act("liaison-1", notice(), at(hour)).expect("opened");
        for hour in [hour, hour + 2] {
            carry(&mut self.world.north, &mut harbour, &stick, hour);
            carry(&mut harbour, &mut self.world.north, &stick, hour + 1);
        }
        carry(&mut self.world.north, &mut harbour, &stick, hour + 4);
    }

    /// Opens its desk at a time, and closes it again.
    fn at<T>(&self, now: Instant, visit: impl FnOnce(&Browser) -> T) -> T {
        let ring = copy_ring(&self.world.rings["harbour"]);
        let node = node::Node::open(&self.world.home("harbour"), ring).expect("opened");
        let runtime = Runtime::new().expect("a runtime");
        let desk = Arc::new(desk_of(node, &[HOST], now));
        let address = serve(&runtime, &desk);
        visit(&Browser::open(address, HOST, &desk))
    }
}

/// As a program asks that has nothing but the address.
fn follow(browser: &Browser, address: &str) -> Got {
    ask(browser.at, Verb::Get, address, &[("host", HOST)], "")
}

fn titles(got: &Got) -> BTreeSet<String> {
    assert_eq!(got.status, 200, "{}", got.body);
    let feed = Feed::read_from(got.body.as_bytes()).expect("it is Atom");
    feed.entries().iter().map(|entry| entry.title().value.clone()).collect()
}

#[test]
fn a_key_opens_the_feed_and_nothing_else_until_it_is_ended() {
    let harbour = harbour();
    let address = harbour.at(at(16), |browser| {
        let page = browser.post("feed", &[]);
        assert_eq!(page.status, 200, "{}", page.body);
        let address = between(main_of(&page.body), "<code>", "</code>").expect("an address").to_owned();
        let key = address.split_once("key=").expect("a key").1;
        assert!(!browser.get("feed").body.contains(key), "it is shown once");
        let got = follow(browser, &address);
        assert_eq!(got.head["content-type"], "application/atom+xml; charset=utf-8");
        assert_eq!(got.head["cache-control"], "no-store");
        let feed = Feed::read_from(got.body.as_bytes()).expect("it is Atom");
        // What RFC 4287 §4.1 wants of each.
        assert!(feed.id().starts_with("urn:uuid:") && !feed.authors().is_empty());
        let ids: BTreeSet<&str> = feed.entries().iter().map(atom_syndication::Entry::id).collect();
        assert_eq!(ids.len(), feed.entries().len(), "an id is of one entry");
        assert!(!ids.is_empty());
        for entry in feed.entries() {
            let title = entry.title().value.as_str();
            assert!(title.starts_with(&format!("EXERCISE · {}: ", harbour.reference)), "{title}");
            assert!(entry.updated() <= feed.updated() && entry.content().is_none(), "{title}");
            let link = &entry.links()[0].href;
            assert!(link.ends_with(&format!("/search?q={}", harbour.reference)), "{link}");
            let told = browser.get(link);
            assert!(told.head["location"].ends_with(&harbour.reference), "it leads to the matter");
        }
        for content in ["cknowledge", "North", "otice"] {
            assert!(!got.body.contains(content), "{content} is nobody's to know: {}", got.body);
        }
        let again = follow(browser, &address);
        assert_eq!(again.body, got.body, "a name stays the same");
        let urdu = follow(browser, &format!("{address}&lang=ur"));
        assert!(urdu.body.contains("xml:lang=\"ur\"") && urdu.body.contains("مشق"), "{}", urdu.body);
        // The key is for this alone, and this for no session.
        for path in ["", "feed", "notices", "notices.csv", "record"] {
            let path = format!("/{}/{path}?key={key}", browser.agreement);
            assert_eq!(follow(browser, &path).status, 401, "{path}");
        }
        assert_eq!(browser.get("feed.atom").status, 401);
        for wrong in ["", "x", &key[1..], &key.to_lowercase()] {
            let path = format!("/{}/feed.atom?key={wrong}", browser.agreement);
            assert_eq!(follow(browser, &path).status, 401, "{path}");
        }
        address
    });
    // It lasts beyond the session and the program's end; and no longer than whoever works here wants.
    harbour.at(at(16), |browser| {
        assert_eq!(follow(browser, &address).status, 200);
        let page = browser.get("feed");
        let feed = between(&page.body, "name=\"feed\" value=\"", "\"").expect("it is listed");
        assert_eq!(browser.post("feed/end", &[("feed", "no-such-key")]).status, 303);
        assert_eq!(follow(browser, &address).status, 200);
        assert_eq!(browser.post("feed/end", &[("feed", feed)]).status, 303);
        assert_eq!(follow(browser, &address).status, 401);
    });
}

/// A spreadsheet gets the list that it was given the link of, and nothing else, until that is taken back.
#[test]
fn a_live_link_opens_one_list() {
    let mut harbour = harbour();
    let (address, rows) = harbour.at(at(16), |browser| {
        let list = browser.get("notices?view=all");
        let shows = between(&list.body, "name=\"shows\" value=\"", "\"").expect("a link can be made");
        assert_eq!(shows, "notices?view=all");
        for bad in ["no-such-kind", "notices?since=yesterday", "../record", "notices?box=x"] {
            let got = browser.post("feed", &[("shows", bad)]);
            assert!([400, 404].contains(&got.status), "{bad}: {}", got.status);
        }
        let page = browser.post("feed", &[("shows", shows)]);
        let address = between(main_of(&page.body), "<code>", "</code>").expect("an address").to_owned();
        assert!(address.contains("/live.csv?key="), "{address}");
        let got = follow(browser, &address);
        assert_eq!(
            (got.status, got.head["content-type"].starts_with("text/csv")),
            (200, true),
            "{}",
            got.body
        );
        assert!(got.body.contains(&harbour.reference));
        assert_eq!(got.body, browser.get("notices.csv?view=all").body, "it is what the list shows");
        let more = follow(browser, &format!("{address}&view=ours&reference=ZZZ"));
        assert_eq!(more.body, got.body, "the address asks for no other rows");
        // Neither key opens what the other does.
        let other = address.replace("live.csv", "feed.atom");
        assert_eq!(follow(browser, &other).status, 401);
        let page = browser.post("feed", &[]);
        let feed = between(main_of(&page.body), "<code>", "</code>").expect("an address").to_owned();
        assert_eq!(follow(browser, &feed.replace("feed.atom", "live.csv")).status, 401);
        (address, got.body.lines().count())
    });
    harbour.told_again(18);
    harbour.at(at(23), |browser| {
        assert_eq!(follow(browser, &address).body.lines().count(), rows + 1, "it is as it is now");
        let feeds: serde_json::Value = serde_json::from_str(&browser.get("feed?as=json").body).expect("JSON");
        let feeds = feeds["feeds"].as_array().expect("feeds");
        let list = feeds.iter().find(|feed| feed["shows"] == "notices?view=all").expect("it is listed");
        let key = list["key"].as_str().expect("a key");
        assert_eq!(browser.post("feed/end", &[("feed", key)]).status, 303);
        assert_eq!(follow(browser, &address).status, 401);
    });
}

#[test]
fn it_tells_of_a_clock_as_it_runs() {
    let harbour = harbour();
    let (address, begins, due) = harbour.at(at(16), |browser| {
        let page = browser.post("feed", &[]);
        let address = between(main_of(&page.body), "<code>", "</code>").expect("an address").to_owned();
        let overview = browser.get("?as=json").body;
        let overview: serde_json::Value = serde_json::from_str(&overview).expect("it is JSON");
        let left = &overview["asked"][0]["left"];
        assert_eq!(left["stands"], "running", "{overview}");
        let due = left["due"]["at"].as_str().expect("a clock runs").to_owned();
        let feed = Feed::read_from(follow(browser, &address).body.as_bytes()).expect("it is Atom");
        let asked = feed.entries().iter().find(|entry| entry.title().value.ends_with("a step is asked"));
        let begins = asked.expect("it is asked").updated().to_rfc3339().replace("+00:00", "Z");
        (address, Instant::parse(&begins).expect("a time"), Instant::parse(&due).expect("a time"))
    });
    let title = |says: &str| format!("EXERCISE · {}: {says}", harbour.reference);
    let half = begins.plus(Seconds(due.since(begins).0 / 2));
    // The desk's clock goes on while it is asked.
    let cases = [
        (half.minus(Seconds(600)), false, false),
        (half, true, false),
        (due.minus(Seconds(600)), true, false),
        (due.plus(Seconds(1)), true, true),
    ];
    for (now, is_half, is_overdue) in cases {
        let all = harbour.at(now, |browser| titles(&follow(browser, &address)));
        assert!(all.contains(&title("a step is asked")) && all.contains(&title("served")), "{now}: {all:?}");
        assert_eq!(all.contains(&title("half of the time is over")), is_half, "{now}: {all:?}");
        assert_eq!(all.contains(&title("overdue")), is_overdue, "{now}: {all:?}");
    }
}

/// How many things the overview says are new, as a page and for programs, and how many it marks.
fn new(browser: &Browser) -> (serde_json::Value, usize) {
    let page = browser.get("");
    let json: serde_json::Value = serde_json::from_str(&browser.get("?as=json").body).expect("it is JSON");
    let marked = main_of(&page.body).matches("class=\"new\"").count();
    let rows = json["newest"].as_array().expect("rows");
    assert_eq!(rows.iter().filter(|row| row["is-new"] == true).count(), marked, "{json}");
    if let Some(new) = json["new"].as_u64() {
        assert!(page.body.contains(&format!("New since you last looked: {new}")), "{}", page.body);
    }
    (json["new"].clone(), marked)
}

#[test]
fn what_is_new_is_marked_until_the_look_is_over() {
    let mut harbour = harbour();
    // Nobody looked before: to mark all would mark nothing. What the first page says is what the program gets after it.
    harbour.at(at(16), |browser| assert_eq!(new(browser).1, 0));
    harbour.at(at(17), |browser| assert_eq!(new(browser), (0.into(), 0)));
    harbour.told_again(18);
    let count = harbour.at(at(23), |browser| {
        let (count, marked) = new(browser);
        assert!(marked > 0 && count == marked, "{count} and {marked}");
        assert_eq!(new(browser), (count.clone(), marked), "to load the page again ends no look");
        count
    });
    assert!(count.as_u64().is_some_and(|count| count > 0), "{count}");
    harbour.at(at(24), |browser| assert_eq!(new(browser), (0.into(), 0), "another session looks after it"));
}
