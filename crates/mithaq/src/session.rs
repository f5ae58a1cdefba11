//! What a command works with: the time, the keyring, the node.

use std::time::{SystemTime, UNIX_EPOCH};

use docket::v1::{Event, Replay};
use node::{Home, Node, Settings};
use terms::{Capacity, Instant, ParticipantId};
use vault::{Keyring, WorkFactor};

use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::passphrase;
use crate::show::text::safe;

/// This machine's time, unless a test says another.
pub(crate) fn now(globals: &Globals) -> Result<Instant, Failure> {
    if let Some(now) = globals.now {
        return Ok(now);
    }
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| Instant::from_secs(since.as_secs()))
        .ok_or_else(|| {
            Failure::new(Exit::Machine, "mithaq::machine", "this machine's clock is out of all range")
        })
}

/// How much work a passphrase costs that is written now.
pub(crate) fn work(globals: &Globals) -> WorkFactor {
    globals.work_factor.and_then(WorkFactor::new).unwrap_or(WorkFactor::DEFAULT)
}

/// The two folders.
pub(crate) fn home(globals: &Globals) -> Home {
    Home::new(&globals.data, &globals.keys)
}

/// Opens the keyring.
pub(crate) fn ring(globals: &Globals) -> Result<Keyring, Failure> {
    let store = home(globals).key_store();
    if !store.ring_path().exists() {
        let message = format!("there is no keyring in `{}`", globals.keys.display());
        return Err(Failure::usage("vault::keyring_missing", message)
            .help("`mithaq key new` makes one, `mithaq key restore FILE` takes one from a backup")
            .help("`--keys DIR` or MITHAQ_KEYS names another folder"));
    }
    Ok(store.unlock(&passphrase::current(globals)?)?)
}

/// Opens the node. Its settings are read first, so that nobody types a passphrase for nothing.
pub(crate) fn node(globals: &Globals) -> Result<Node, Failure> {
    settings(globals)?;
    let node = Node::open(&home(globals), ring(globals)?)?;
    announce(node.docket(), globals);
    Ok(node)
}

/// The same, to run: how far it has come is told, and the docket held against what it had come to before.
pub(crate) fn node_to_run(globals: &Globals, tell: &mut dyn FnMut(u64, u64)) -> Result<Node, Failure> {
    settings(globals)?;
    let node = Node::open_to_run(&home(globals), ring(globals)?, tell)?;
    announce(node.docket(), globals);
    Ok(node)
}

/// Whose node this is.
pub(crate) fn settings(globals: &Globals) -> Result<Settings, Failure> {
    home(globals).settings().map_err(|fault| match fault {
        node::Fault::Unknown(_) => no_node(globals),
        other => other.into(),
    })
}

fn no_node(globals: &Globals) -> Failure {
    let message = format!("there is no node with its keys in `{}`", globals.keys.display());
    Failure::usage("mithaq::no_node", message)
        .help("`mithaq register new` founds a register, `mithaq register join` takes part in one")
        .help("`--keys DIR` or MITHAQ_KEYS names another folder, `--data DIR` or MITHAQ_DATA its data")
}

/// Says that a register is an exercise, before anything else is said (PRACTICE N21).
fn announce(replay: &Replay, globals: &Globals) {
    if replay.is_exercise() && !globals.json {
        println!("EXERCISE");
    }
}

/// What a participant is called, as a table says it (PRACTICE N2); who is none keeps the name that was given.
pub(crate) fn label(node: &Node, who: &str) -> String {
    let named = ParticipantId::new(who);
    let found = named.and_then(|who| node.docket().instrument().participants.get(&who));
    safe(found.map_or(who, |who| who.names.label.as_str()))
}

/// Which keys sign: those that the person named, else the officers' key that is here.
pub(crate) fn signers(node: &Node, named: &[String]) -> Result<Vec<String>, Failure> {
    if !named.is_empty() {
        return Ok(named.to_vec());
    }
    let officers = node.labels_here(Capacity::Officer);
    match officers.as_slice() {
        [one] => Ok(vec![one.clone()]),
        [] => Err(Failure::usage("mithaq::no_key", format!("`{}` has no officer's key here", node.me()))
            .help("`mithaq key new LABEL --capacity officer` makes one, `mithaq act enrol LABEL` puts it on record")
            .help("an enrolment has force once it stands in the register")),
        several => Err(Failure::usage("mithaq::ambiguous", "several officers' keys are here")
            .help(format!("say which one signs: `--by {}`", several.join("` or `--by ")))),
    }
}

/// Which roots sign: those that the person named, else as many as it takes.
pub(crate) fn roots(node: &Node, named: &[String]) -> Result<Vec<String>, Failure> {
    if !named.is_empty() {
        return Ok(named.to_vec());
    }
    let needed = needed(node, node.me());
    let mut here = node.labels_here(Capacity::Root);
    if here.len() < needed {
        let message =
            format!("{needed} roots of `{}` must sign, and {} are in this keyring", node.me(), here.len());
        return Err(Failure::usage("mithaq::no_key", message)
            .help("bring the keyring with the others, or sign where they lie"));
    }
    here.truncate(needed);
    Ok(here)
}

fn needed(node: &Node, who: &ParticipantId) -> usize {
    let seat = node.ledger().seats().get(who);
    seat.map_or(1, |seat| seat.roots.k as usize)
}

/// As many of this participant's roots as it takes, wherever they lie.
pub(crate) fn needed_roots(node: &Node) -> Vec<String> {
    let Some(seat) = node.ledger().seats().get(node.me()) else { return Vec::new() };
    seat.roots.keys.iter().take(seat.roots.k as usize).map(ToString::to_string).collect()
}

/// What has happened so far, by entry.
pub(crate) fn events(node: &Node) -> Vec<Event> {
    node.happened().from(0).collect()
}
