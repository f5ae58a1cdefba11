//! A desk of a small register, at which several sit down after each other.

#![allow(clippy::allow_attributes, dead_code, reason = "each test file uses a part of it")]

use std::net::SocketAddr;
use std::sync::Arc;

use act::Body;
use act::body::Open;
use act::value::{FieldValue, Fields, Word};
use desk::Desk;
use terms::Instant;
use tokio::runtime::Runtime;

use crate::common::{World, at, carry, code, copy_ring, keep, met};
pub(crate) use crate::served::json;
use crate::served::{Browser, desk_of, serve};

pub(crate) const HOST: &str = "harbour.localhost";

/// Words that stand nowhere else: long, of two directions, and with what a page could take for markup.
pub(crate) const WORDS: &str = "xyzzy <b>Team 4</b> at X-03: مشق ٹیم \"4\" & the road";

/// A participant's node, of a register with a notice that asks harbour to acknowledge it.
pub(crate) struct Place {
    pub(crate) world: World,
    who: &'static str,
    pub(crate) reference: String,
}

pub(crate) fn harbour() -> Place {
    place("harbour")
}

pub(crate) fn place(who: &'static str) -> Place {
    let (mut world, mut harbour) = met();
    let mut fields = Fields::new();
    fields.insert(code("told"), FieldValue::Several(vec![Word::Code(code("harbour"))]));
    let open = Open { procedure: code("notice"), tier: None, fields, strands: Vec::new(), files: Vec::new() };
    world.north.act("liaison-1", Body::Open(open), at(5)).expect("opened");
    let stick = world.stick.clone();
    for hour in [6, 8] {
        carry(&mut world.north, &mut harbour, &stick, hour);
        carry(&mut harbour, &mut world.north, &stick, hour + 1);
    }
    carry(&mut world.north, &mut harbour, &stick, 10);
    let body = keep(&harbour);
    harbour.act("liaison-1", body, at(11)).expect("queued");
    for hour in [12, 14] {
        carry(&mut harbour, &mut world.north, &stick, hour);
        carry(&mut world.north, &mut harbour, &stick, hour + 1);
    }
    let matter = harbour.docket().settlement().matters().values().next().expect("a notice");
    let reference = matter.reference.to_string();
    if who == "north" {
        // The other is kept instead: nobody has a node open twice.
        std::mem::swap(&mut world.north, &mut harbour);
    }
    drop(harbour);
    Place { world, who, reference }
}

impl Place {
    /// Opens its desk at a time, and closes it again.
    pub(crate) fn at<T>(&self, now: Instant, visit: impl FnOnce(&Desks<'_>) -> T) -> T {
        let ring = copy_ring(&self.world.rings[self.who]);
        let node = node::Node::open(&self.world.home(self.who), ring).expect("opened");
        let runtime = Runtime::new().expect("a runtime");
        let desk = Arc::new(desk_of(node, &[HOST], now));
        let address = serve(&runtime, &desk);
        visit(&Desks { desk: &desk, address })
    }
}

/// One desk, at which several work.
pub(crate) struct Desks<'a> {
    pub(crate) desk: &'a Desk,
    pub(crate) address: SocketAddr,
}

impl Desks<'_> {
    /// Somebody sits down, and says who they are.
    pub(crate) fn sit(&self, who: &str) -> Browser {
        let browser = Browser::open(self.address, HOST, self.desk);
        let got = browser.post("settings", &[("go", "who"), ("new", who)]);
        assert_eq!(got.status, 303, "{}", got.body);
        browser
    }
}

/// The lines that were written here, the last first.
pub(crate) fn lines(browser: &Browser) -> Vec<serde_json::Value> {
    let rows = json(browser, "watch?view=all")["rows"].as_array().expect("rows").clone();
    rows.into_iter().filter(|row| !row["href"].is_null()).collect()
}
