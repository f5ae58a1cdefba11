//! Four desks of the exercise that meet, and browsers that sit at them.

#![allow(clippy::allow_attributes, clippy::panic, dead_code, reason = "each test file uses a part of it")]

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use act::Body;
use act::body::Enrol;
use desk::Desk;
use desk::web::meet::meet;
use node::Node;
use terms::{Capacity, Custody};
use tokio::runtime::Runtime;
use vault::{KeyUse, Secret};

use crate::common::{self, World, at, carry, enrol, who};
use crate::served::{Browser, desk_of, serve};

pub(crate) const EXERCISE: &str = include_str!("../../../../instruments/exercise.toml");

/// The exercise's desks: north keeps the register, harbour cosigns it, south and the secretariat take part.
pub(crate) struct Four {
    pub(crate) world: World,
    pub(crate) runtime: Runtime,
    pub(crate) harbour: Desk,
    pub(crate) desks: Vec<(&'static str, Arc<Desk>, SocketAddr)>,
}

/// A second officer's key.
pub(crate) fn second(world: &mut World, name: &str) {
    let secret = Secret::fresh_ed25519().expect("randomness");
    let full = format!("{}/{name}/legal-1", common::origin());
    let ring = world.rings.get_mut(name).expect("a ring");
    ring.insert(&full, KeyUse::Enrolled(Capacity::Officer), secret).expect("new");
}

pub(crate) fn join(world: &mut World, name: &str, custody: Custody) -> Node {
    second(world, name);
    let (mut node, _) = world.join(name, false, 1);
    let mut body = enrol(&world.rings[name], name, "legal-1");
    if let Body::Enrol(Enrol::Key(key)) = &mut body {
        key.custody = custody;
    }
    node.act_with(&["root-1", "root-2"], body, at(1)).expect("queued");
    node
}

pub(crate) fn four() -> Four {
    four_under(EXERCISE)
}

/// The same under another text.
pub(crate) fn four_under(instrument: &str) -> Four {
    four_with(instrument, Custody::Device)
}

/// The same, where the second officers' keys are said to lie so.
pub(crate) fn four_with(instrument: &str, custody: Custody) -> Four {
    let others = ["ford", "harbour", "secretariat", "south"];
    let mut world = World::found(instrument, &others, &["harbour"], 1);
    let (mut south, mut secretariat) =
        (join(&mut world, "south", custody), join(&mut world, "secretariat", custody));
    let (mut harbour, _) = world.join("harbour", true, 1);
    let stick = world.stick.clone();
    for node in [&mut south, &mut secretariat, &mut harbour] {
        carry(node, &mut world.north, &stick, 2);
    }
    for hour in [3, 5] {
        carry(&mut world.north, &mut harbour, &stick, hour);
        carry(&mut harbour, &mut world.north, &stick, hour + 1);
    }
    for node in [&mut south, &mut secretariat] {
        carry(&mut world.north, node, &stick, 7);
    }
    let runtime = Runtime::new().expect("a runtime");
    let empty = World::found(common::TWO, &["harbour"], &["harbour"], 1);
    let World { dir, stick, north, rings } = world;
    let mut desks = Vec::new();
    for (name, node) in [("north", north), ("south", south), ("secretariat", secretariat)] {
        let desk = Arc::new(desk_of(node, &[&format!("{name}.localhost")], at(8)));
        let address = serve(&runtime, &desk);
        desks.push((name, desk, address));
    }
    let harbour = desk_of(harbour, &["harbour.localhost"], at(8));
    // The world is kept for its folder and its keys.
    let world = World { dir, stick, north: empty.north, rings };
    let four = Four { world, runtime, harbour, desks };
    four.meet();
    four
}

impl Four {
    pub(crate) fn desk(&self, name: &str) -> &Arc<Desk> {
        &self.desks.iter().find(|(known, ..)| *known == name).expect("a desk").1
    }

    pub(crate) fn browser(&self, name: &str) -> Browser {
        let (_, desk, address) = self.desks.iter().find(|(known, ..)| *known == name).expect("a desk");
        Browser::open(*address, &format!("{name}.localhost"), desk)
    }

    /// All meet north, until what was signed is final everywhere.
    pub(crate) fn meet(&self) {
        let north = format!("http://{}", self.desks[0].2);
        for _ in 0..4 {
            for desk in [self.desk("south"), self.desk("secretariat"), &self.harbour] {
                let mut met = meet(desk, &who("north"), &north);
                // One address may not ask too often: whoever met much waits a little.
                for _ in 0..5 {
                    match &met {
                        Err(why) if why.contains("429") => std::thread::sleep(Duration::from_secs(1)),
                        _ => break,
                    }
                    met = meet(desk, &who("north"), &north);
                }
                let imported = met.expect("they meet");
                assert_eq!(imported.wrongs, Vec::<String>::new());
            }
        }
    }

    /// How many acts of this kind are in the register that north keeps.
    pub(crate) fn acts(&self, kind: terms::Kind) -> usize {
        self.desk("north").work(|node, _| {
            let all = (0..node.size()).map(|index| node.entry(index).expect("an entry"));
            all.filter(|bytes| act::Entry::parse(bytes).expect("an entry").act().kind() == kind).count()
        })
    }
}

/// The reference of the newest matter of a kind, as a desk's list says it.
pub(crate) fn newest(browser: &Browser, kinds: &str) -> String {
    let list = browser.get(&format!("{kinds}?view=all&as=csv"));
    let line = list.body.lines().nth(1).unwrap_or_else(|| panic!("{kinds}: {}", list.body));
    line.split(',').next().expect("a reference").to_owned()
}

pub(crate) const INCIDENT: [(&str, &str); 5] = [
    ("f-kind", "fire"),
    ("f-time", "2026-01-05T10:00"),
    ("f-place", "10.25, -39.9 ± 500 m"),
    ("f-reported-grade", "serious"),
    ("f-harm", "civilians"),
];
