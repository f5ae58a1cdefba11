//! Every page of a desk over a long register, by HTTP on loopback, as one browser asks for them; beside the answer of the
//! same server that costs it least.

mod acts;
pub(crate) mod made;
mod pages;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant as Clock;

use ::desk::Desk;
use store::Private;
use terms::Instant;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use self::pages::Browser;
use crate::{Outcome, peak_mib, resident_mib};

/// Incidents of the register in which acts are handed in.
const HANDED_IN_BESIDE: u64 = 2_000;

/// What a child process of this bench is asked to do.
pub(crate) const MAKE: &str = "desk-register";

/// The register is kept in `kept` and taken from there, if that is said.
pub(crate) fn run(here: &Path, incidents: u64, cases: u64, kept: Option<&str>) -> Outcome {
    println!("\ndesk: {incidents} incidents and {cases} cases of the exercise");
    let folder = kept.map_or_else(|| here.join("desk"), PathBuf::from);
    if !folder.join("ready").exists() {
        let began = Clock::now();
        made_apart(&folder, incidents, cases)?;
        println!("  (made in {:.0} s)", began.elapsed().as_secs_f64());
    }
    let now = ready(&folder)?;
    let began = Clock::now();
    let node = made::open(&folder)?;
    println!(
        "  north's node opens in {:.0} s, all of its {} entries checked; {} MiB resident, {} at most",
        began.elapsed().as_secs_f64(),
        node.size(),
        resident_mib(),
        peak_mib()
    );
    let settlement = node.docket().settlement();
    println!(
        "  {} matters, {} of them open, {} acts void; {} asks",
        settlement.matters().len(),
        settlement.open_matters().len(),
        settlement.voids(),
        docket::view::asks(node.docket(), now).len()
    );
    let runtime = Runtime::new().map_err(|error| error.to_string())?;
    let served = Served::of(node, now, &runtime)?;
    pages::measure(&Browser::open(&served)?)?;
    println!("  the process: {} MiB resident, {} at most (goal: under 300)", resident_mib(), peak_mib());
    handed_in(here, &runtime)
}

/// Acts handed in, in a register of their own, which is short: what is measured is what it takes to hand one in.
fn handed_in(here: &Path, runtime: &Runtime) -> Outcome {
    let folder = here.join("acts");
    made_apart(&folder, HANDED_IN_BESIDE, 20)?;
    acts::measure(made::open(&folder)?, ready(&folder)?, runtime, here)
}

/// When the register in a folder ends.
pub(crate) fn ready(folder: &Path) -> Result<Instant, String> {
    let at = std::fs::read_to_string(folder.join("ready")).map_err(|error| error.to_string())?;
    Instant::parse(at.trim()).ok_or_else(|| "no time is in the folder".to_owned())
}

/// Makes the register in a process of its own, so that what this one holds is the node.
pub(crate) fn made_apart(folder: &Path, incidents: u64, cases: u64) -> Outcome {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let done = std::process::Command::new(program)
        .arg(MAKE)
        .arg(folder)
        .args([incidents.to_string(), cases.to_string()])
        .status()
        .map_err(|error| error.to_string())?;
    if done.success() { Ok(()) } else { Err("the register could not be made".to_owned()) }
}

/// What that process does.
pub(crate) fn make(folder: &Path, incidents: u64, cases: u64) -> Outcome {
    std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    let now = made::make(folder, incidents, cases)?;
    std::fs::write(folder.join("ready"), now.to_string()).map_err(|error| error.to_string())
}

/// A desk that answers on a port.
pub(crate) struct Served {
    pub(crate) desk: Arc<Desk>,
    pub(crate) host: String,
}

impl Served {
    pub(crate) fn of(node: node::Node, now: Instant, runtime: &Runtime) -> Result<Served, String> {
        let text = |error: &dyn std::fmt::Display| error.to_string();
        let socket = runtime.block_on(TcpListener::bind("127.0.0.1:0")).map_err(|e| text(&e))?;
        let host = socket.local_addr().map_err(|e| text(&e))?.to_string();
        let private = Private::open(&node.home().private()).map_err(|e| text(&e))?;
        let desk = Arc::new(Desk::new(node, private, vec![host.clone()], now));
        runtime.spawn(::desk::serve(Arc::clone(&desk), socket, std::future::pending()));
        Ok(Served { desk, host })
    }
}
