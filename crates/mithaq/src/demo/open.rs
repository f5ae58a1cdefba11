//! After the story: its five desks, each a node in a process of its own, open for a browser on this machine. They meet by HTTP.
//! Before them stands a page that says whom to be, and what to try.

use std::io::{BufRead as _, BufReader, Error, ErrorKind, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use desk::start::{Says, Seat, Start};
use serde_json::Value;
use terms::Instant;
use tokio::net::TcpListener;

use super::cast::PASSPHRASE;
use super::mechanism::{DESKS, INSTRUMENT, REGISTRAR};
use super::place::Place;
use crate::failure::{Exit, Failure};
use crate::show::time::bare;

/// How often each desk meets the others.
const EVERY: &str = "3s";

/// Where the page is, if nothing else is there.
const PAGE: &str = "127.0.0.1:8400";

/// A desk that is open. It shuts when its standard input ends, however this program ends.
struct Open {
    desk: &'static str,
    child: Child,
    /// Where it listens.
    at: String,
    /// The link that opens it once.
    link: String,
    ways: Mutex<Option<Ways>>,
}

/// How it is asked for another link.
struct Ways {
    asks: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Open {
    /// Another link, and how many steps are asked of it.
    fn says(&self) -> Result<Says, String> {
        let shut = || format!("the desk of {} has shut", self.desk);
        let mut ways = self.ways.lock().unwrap_or_else(PoisonError::into_inner);
        let ways = ways.as_mut().ok_or_else(shut)?;
        let mut line = String::new();
        ways.asks.write_all(b"link\n").map_err(|_| shut())?;
        ways.asks.flush().map_err(|_| shut())?;
        ways.answers.read_line(&mut line).map_err(|_| shut())?;
        let said: Value = serde_json::from_str(&line).unwrap_or_default();
        let opens = said.get("opens").and_then(Value::as_str).ok_or_else(shut)?.to_owned();
        Ok(Says { opens, asked: said.get("asked").and_then(Value::as_u64).unwrap_or_default() })
    }
}

/// Opens the desks, says how to sit down at one, and waits until somebody stops it.
pub(super) fn desks(place: &Place, now: Instant) -> Result<(), Failure> {
    let machine =
        |error: Error| Failure::new(Exit::Machine, "mithaq::machine", format!("a desk can't open: {error}"));
    let logs = place.keys.join("PARTICIPANT.log");
    let registrar = open(place, REGISTRAR, now, &[]).map_err(machine)?;
    let at = registrar.at.clone();
    let mut all = vec![registrar];
    for desk in DESKS.into_iter().filter(|desk| *desk != REGISTRAR) {
        let next = open(place, desk, now, &all).map_err(machine)?;
        all.push(next);
    }
    // The one that all others meet shuts last.
    all.rotate_left(1);
    let all = Arc::new(all);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_io()
        .enable_time()
        .build()
        .map_err(machine)?;
    runtime
        .block_on(async {
            let socket = match TcpListener::bind(PAGE).await {
                Ok(socket) => socket,
                Err(_) => TcpListener::bind("127.0.0.1:0").await?,
            };
            let port = socket.local_addr()?.port();
            println!(
                "\nThe five desks are open, each its own node with its own copy. Whom do you want to be?"
            );
            println!(
                "This page leads to them, in a browser on this machine:\n\n  http://localhost:{port}/\n"
            );
            println!("Or each link opens its desk once:\n");
            for desk in all.iter() {
                println!("  {:<12} {}", desk.desk, desk.link);
            }
            println!(
                "\nIt is {} there, and time goes on. What each does is in {}.",
                bare(now),
                logs.display()
            );
            println!("Ctrl-C shuts them.");
            let start = Arc::new(start(&all, port, &at));
            desk::serve_start(start, socket, crate::command::node::stopped()).await
        })
        .map_err(machine)?;
    drop(runtime);
    let all = Arc::into_inner(all).unwrap_or_default();
    for mut desk in all {
        // Its input ends.
        drop(desk.ways.into_inner().unwrap_or_else(PoisonError::into_inner).map(|ways| ways.asks));
        let ended = desk.child.wait().map_err(machine)?;
        if !ended.success() {
            return Err(machine(Error::other(format!("that of {} fell over: {ended}", desk.desk))));
        }
    }
    Ok(())
}

/// The page before the desks.
fn start(all: &Arc<Vec<Open>>, port: u16, registrar: &str) -> Start {
    let instrument = instrument::sound(INSTRUMENT, &instrument::library::shipped()).ok();
    let name = instrument.as_ref().map_or_else(String::new, |instrument| instrument.name.clone());
    let participants = instrument.map(|instrument| instrument.participants).unwrap_or_default();
    let seats = participants.iter().map(|(id, who)| Seat {
        id: id.to_string(),
        label: who.names.label.clone(),
        labels: who.labels.clone(),
        title: who.title().to_owned(),
    });
    let desks = Arc::clone(all);
    Start {
        name,
        seats: seats.collect(),
        command: format!("curl http://{registrar}/register/checkpoint"),
        hosts: ["localhost", "127.0.0.1"].map(|host| format!("{host}:{port}")).to_vec(),
        ask: Box::new(move |id| {
            let desk = desks.iter().find(|desk| desk.desk == id).ok_or("there is no such desk")?;
            desk.says()
        }),
    }
}

/// Opens a desk that meets those which are open already: what is sealed goes to those alone who can open it, so that each pair
/// has to meet.
fn open(place: &Place, desk: &'static str, now: Instant, meets: &[Open]) -> Result<Open, Error> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("--data").arg(place.out.join(desk)).arg("--keys").arg(place.keys.join(desk));
    command.args(["--now", &bare(now), "--json", "node", "run", "--while-open", "--listen", "127.0.0.1:0"]);
    if desk == REGISTRAR {
        // Whoever has no desk reads the record here.
        command.args(["--public", "entries"]);
    }
    command.args(["--every", EVERY]);
    for met in meets {
        command.arg("--meet").arg(format!("{}=http://{}", met.desk, met.at));
    }
    command.env("MITHAQ_PASSPHRASE", PASSPHRASE).stdin(Stdio::piped()).stdout(Stdio::piped());
    command.stderr(std::fs::File::create(place.keys.join(format!("{desk}.log")))?);
    let mut child = command.spawn()?;
    let silent = || Error::new(ErrorKind::InvalidData, format!("that of {desk} says no address"));
    let (asks, answers) = child.stdin.take().zip(child.stdout.take()).ok_or_else(silent)?;
    let mut answers = BufReader::new(answers);
    let mut line = String::new();
    answers.read_line(&mut line)?;
    let said: Value = serde_json::from_str(&line).unwrap_or_default();
    let word = |name: &str| said.get(name).and_then(Value::as_str).map(str::to_owned);
    let (at, link) = word("listens").zip(word("opens")).ok_or_else(silent)?;
    Ok(Open { desk, child, at, link, ways: Mutex::new(Some(Ways { asks, answers })) })
}
