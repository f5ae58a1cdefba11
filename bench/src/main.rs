//! How fast is Mithaq, beside what this machine can do at best? Each figure stands beside a limit or a
//! peer that was measured in the same run, but for a few that say no such thing: those stand alone.
//!
//! ```text
//! cargo run --release -p mithaq-bench              a day's work: everything, a few minutes
//! cargo run --release -p mithaq-bench -- append    durable appends, 1, 16 and 256 submitters; Tessera's beside
//! cargo run --release -p mithaq-bench -- verify N  a register of N entries, checked and replayed
//! cargo run --release -p mithaq-bench -- seal MB   sealing, beside `age` and two `sha256sum`
//! cargo run --release -p mithaq-bench -- docket N  N acts under a whole instrument, replayed; what is due
//! cargo run --release -p mithaq-bench -- catch-up N   a new mirror of N incidents by HTTP, beside `verify` of the same
//! cargo run --release -p mithaq-bench -- desk N C    every page of a desk over N incidents and C cases
//! cargo run --release -p mithaq-bench -- evidence MB   a file at two desks: up, granted, carried, opened
//! cargo run --release -p mithaq-bench -- explore   every life of a strand in the instruments, and of large bodies
//! ```
//!
//! It works in a folder under the current one, so that the disk measured is the disk used.

mod append;
mod catch_up;
mod desk;
mod docket;
mod evidence;
mod explore;
mod limits;
mod seal;
mod tessera;
mod verify;
mod world;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What went wrong; a bench that can't run says why.
type Outcome = Result<(), String>;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |default: u64| args.get(1).and_then(|n| n.parse().ok()).unwrap_or(default);
    if args.first().is_some_and(|it| it == desk::MAKE) {
        return ended(match &args[1..] {
            [folder, incidents, cases] => match (incidents.parse(), cases.parse()) {
                (Ok(incidents), Ok(cases)) => desk::make(Path::new(folder), incidents, cases),
                _ => Err("how many?".to_owned()),
            },
            _ => Err("a folder, and how many".to_owned()),
        });
    }
    let here = match tempfile::Builder::new().prefix("mithaq-bench-").tempdir_in(".") {
        Ok(here) => here,
        Err(error) => {
            eprintln!("no folder to work in: {error}");
            return ExitCode::from(4);
        }
    };
    let folder: PathBuf = here.path().to_owned();
    println!("{}", machine());
    let done = match args.first().map(String::as_str) {
        Some("append") => append::run(&folder),
        Some("verify") => verify::run(&folder, number(1_000_000)),
        Some("seal") => seal::run(&folder, number(1000)),
        Some("docket") => docket::run(number(1_000_000)),
        Some("desk") => {
            let cases = args.get(2).and_then(|n| n.parse().ok()).unwrap_or(10_000);
            desk::run(&folder, number(1_000_000), cases, args.get(3).map(String::as_str))
        }
        Some("catch-up") => catch_up::run(&folder, number(100_000)),
        Some("evidence") => evidence::run(&folder, number(1000)),
        Some("explore") => explore::run(),
        None => append::run(&folder)
            .and_then(|()| verify::run(&folder, 1_000_000))
            .and_then(|()| seal::run(&folder, 1000))
            .and_then(|()| docket::run(200_000))
            .and_then(|()| explore::run()),
        Some(other) => Err(format!(
            "no bench `{other}`: append, verify, seal, docket, catch-up, desk, evidence, explore"
        )),
    };
    ended(done)
}

fn ended(done: Outcome) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// What is measured on.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let model = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = model.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or(": unknown");
    format!(
        "{cores} cores, {}; release profile of this workspace",
        model.trim_start_matches([':', '\t', ' '])
    )
}

/// The median and the spread of some figures.
fn median(mut figures: Vec<f64>) -> (f64, f64) {
    figures.sort_by(f64::total_cmp);
    let middle = figures.get(figures.len() / 2).copied().unwrap_or_default();
    let spread = figures.first().zip(figures.last()).map_or(0.0, |(low, high)| (high - low) / 2.0 / middle);
    (middle, spread * 100.0)
}

/// The largest resident size of this process so far, in MiB.
fn peak_mib() -> u64 {
    status_mib("VmHWM:")
}

/// Its resident size now, in MiB.
fn resident_mib() -> u64 {
    status_mib("VmRSS:")
}

fn status_mib(of: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(of)).unwrap_or_default();
    line.split_whitespace().next().and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) / 1024
}
