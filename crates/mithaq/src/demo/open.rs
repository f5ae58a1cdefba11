//! After the story: its five desks, each a node in a process of its own, open for a browser on this machine. They meet by HTTP.

use std::io::{BufRead as _, BufReader, Error, ErrorKind};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use terms::Instant;

use super::cast::PASSPHRASE;
use super::mechanism::{DESKS, REGISTRAR};
use super::place::Place;
use crate::failure::{Exit, Failure};
use crate::show::time::bare;

/// How often each desk meets the secretariat's.
const EVERY: &str = "3s";

/// A desk that is open. It shuts when its standard input ends, however this program ends.
struct Open {
    desk: &'static str,
    child: Child,
    /// Where it listens.
    at: String,
    /// The link that opens it once.
    link: String,
}

/// Opens the desks, says how to sit down at one, and waits until somebody stops it.
pub(super) fn desks(place: &Place, now: Instant) -> Result<(), Failure> {
    let machine =
        |error: Error| Failure::new(Exit::Machine, "mithaq::machine", format!("a desk can't open: {error}"));
    let logs = place.keys.join("PARTICIPANT.log");
    let registrar = open(place, REGISTRAR, now, None).map_err(machine)?;
    let address = format!("secretariat=http://{}", registrar.at);
    let mut all = Vec::new();
    for desk in DESKS.into_iter().filter(|desk| *desk != REGISTRAR) {
        all.push(open(place, desk, now, Some(&address)).map_err(machine)?);
    }
    println!("\nThe five desks are open, each its own node with its own copy. Whom do you want to be?");
    println!("Each link opens its desk once, in a browser on this machine:\n");
    for desk in all.iter().chain([&registrar]) {
        println!("  {:<12} {}", desk.desk, desk.link);
    }
    println!("\nIt is {} there, and time goes on. What each does is in {}.", bare(now), logs.display());
    println!("Ctrl-C shuts them.");
    wait_for_the_end().map_err(machine)?;
    // The one that all others meet shuts last.
    for mut desk in all.into_iter().chain([registrar]) {
        drop(desk.child.stdin.take());
        let ended = desk.child.wait().map_err(machine)?;
        if !ended.success() {
            return Err(machine(Error::other(format!("that of {} fell over: {ended}", desk.desk))));
        }
    }
    Ok(())
}

fn open(place: &Place, desk: &'static str, now: Instant, meets: Option<&str>) -> Result<Open, Error> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("--data").arg(place.out.join(desk)).arg("--keys").arg(place.keys.join(desk));
    command.args(["--now", &bare(now), "--json", "node", "run", "--while-open", "--listen", "127.0.0.1:0"]);
    if let Some(meets) = meets {
        command.args(["--every", EVERY, "--meet", meets]);
    }
    command.env("MITHAQ_PASSPHRASE", PASSPHRASE).stdin(Stdio::piped()).stdout(Stdio::piped());
    command.stderr(std::fs::File::create(place.keys.join(format!("{desk}.log")))?);
    let mut child = command.spawn()?;
    let mut line = String::new();
    if let Some(out) = child.stdout.take() {
        BufReader::new(out).read_line(&mut line)?;
    }
    let said: Value = serde_json::from_str(&line).unwrap_or_default();
    let word = |name: &str| said.get(name).and_then(Value::as_str).map(str::to_owned);
    let (Some(at), Some(link)) = (word("listens"), word("opens")) else {
        return Err(Error::new(ErrorKind::InvalidData, format!("that of {desk} says no address")));
    };
    Ok(Open { desk, child, at, link })
}

fn wait_for_the_end() -> Result<(), Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    runtime.block_on(crate::command::node::stopped());
    Ok(())
}
