//! Every kind of contradiction, and what comes near to it and is none.

mod author;
mod file;
mod malformed;
mod refusal;
mod registrar;
mod witness;

use crate::register::*;
use act::freeze::{FreezeBody, FreezeNote};
use act::refusal::RefusalBody;
use act::state::StateBody;
use act::value::Vkey;
use act::{Act, Refusal, StateNote, Submission};
use audit::Expected;
use audit::contradiction::file::*;
use audit::contradiction::{Contradiction, Convict, Conviction, Shows, Unconfirmed, confirm};
pub(crate) use file::too_long;
use note::{KeyName, Receipt, SignatureLine, VerifierKey};
use serde_json::json;
use terms::{Hash, RefusalGround, VoiceName};
use tlog::Checkpoint;

pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) file: Vec<u8>,
    pub(crate) expected: Expected,
    /// Who is convicted, or the code of the reason why nobody is.
    pub(crate) verdict: &'static str,
}

/// What came of a file, in words that a table can hold.
pub(crate) fn verdict(found: &Result<Conviction, Unconfirmed>) -> String {
    match found.as_ref().map(|conviction| &conviction.convicts) {
        Ok(Convict::Registrar(_)) => "registrar".to_owned(),
        Ok(Convict::Witness { name, .. }) => format!("witness {name}"),
        Ok(Convict::Author { participant, label, .. }) => format!("author {participant}/{label}"),
        Ok(Convict::Intake { participant, label, .. }) => format!("intake {participant}/{label}"),
        Ok(Convict::Node { participant, label, .. }) => format!("node {participant}/{label}"),
        Ok(Convict::Nobody) => "nobody".to_owned(),
        Err(reason) => reason.code().trim_start_matches("contradiction::").to_owned(),
    }
}

struct Cases {
    list: Vec<Case>,
    world: World,
}

impl Cases {
    /// `annexes` names those that the file quotes.
    fn add(&mut self, name: &str, annexes: &str, shows: Shows, verdict: &'static str) {
        let world = self.world.clone();
        self.add_of(&world, name, annexes, shows, verdict);
    }

    fn add_of(&mut self, world: &World, name: &str, annexes: &str, shows: Shows, verdict: &'static str) {
        let file = Contradiction { register: world.register(annexes), shows };
        let name = if name.is_empty() {
            file.shows.kind().to_string()
        } else {
            format!("{}--{name}", file.shows.kind())
        };
        assert!(self.list.iter().all(|case| case.name != name), "{name} stands twice");
        self.list.push(Case { name, file: file.to_bytes(), expected: world.expected(), verdict });
    }

    fn raw(&mut self, name: &str, file: Vec<u8>, expected: Expected, verdict: &'static str) {
        self.list.push(Case { name: name.to_owned(), file, expected, verdict });
    }
}

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Cases { list: Vec::new(), world: World::usual() };
    registrar::forks(&mut cases);
    registrar::receipts(&mut cases);
    registrar::dates(&mut cases);
    malformed::malformed(&mut cases);
    refusal::refusals(&mut cases);
    author::authors(&mut cases);
    witness::witnesses(&mut cases);
    author::stamps(&mut cases);
    author::states(&mut cases);
    author::replays(&mut cases);
    file::files(&mut cases);
    cases.list
}

const NOTHING: &str = "nothing_shown";

fn quoted(bytes: impl Into<Vec<u8>>) -> Quoted {
    Quoted(bytes.into())
}

/// The same register with another entry at the end.
fn other_end() -> World {
    let mut world = World::base();
    world.opens("south/liaison-1");
    world
}

fn longer(world: &World) -> World {
    let mut world = world.clone();
    world.opens("south/liaison-1");
    world.opens("north/liaison-1");
    world
}

fn id_at(world: &World, index: usize) -> terms::ActId {
    act::Entry::parse(&world.entries[index]).expect("an entry").act().id()
}

fn enrolment(label: &str, capacity: &str, office: &str) -> serde_json::Value {
    json!({ "key": {
        "label": label, "capacity": capacity, "vkey": vkey(&format!("north/{label}")), "custody": "device",
        "office": office,
    } })
}
