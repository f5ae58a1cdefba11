//! Stories that are played over real nodes: an EXERCISE each, with exhibits made on the spot.

mod cast;
mod check;
mod hand_over;
mod history;
mod mechanism;
mod tell;

use std::path::{Path, PathBuf};

use node::Fault;

use crate::cli::Globals;
use crate::failure::{Exit, Failure};

/// Plays a whole mechanism over real nodes, and leaves a folder that `mithaq verify` confirms.
///
/// An EXERCISE: the participants are named and have not agreed to it, and all that happens is invented. Two
/// parties, two facilitating States and a secretariat run the understanding of Doha and Istanbul for seven weeks, each with
/// its own node and keys. `mithaq demo hand-over` plays less and looks closer: evidence is sealed, handed over through
/// a folder and on a stick, opened and answered; a registrar of invented parties cheats, and is convicted.
///
///   mithaq demo
///   mithaq demo hand-over --out story
///   mithaq verify story
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What is played.
    #[arg(value_enum, value_name = "STORY", default_value_t = Story::Mechanism)]
    pub story: Story,
    /// The folder that is made, and that `mithaq verify` confirms. The keys lie beside it.
    #[arg(long, value_name = "DIR", default_value = "mithaq-demo")]
    pub out: PathBuf,
    /// How long the recording of the hand-over is, in megabytes; for tests, which need not wait for 200.
    #[arg(long, value_name = "MB", default_value_t = 200, hide = true)]
    pub recording: u32,
}

/// The stories.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum Story {
    /// Seven weeks of a mechanism, over five desks.
    Mechanism,
    /// Evidence is handed over between three desks; a registrar cheats.
    HandOver,
}

/// The first line of what an earlier story left, by which it is known.
pub(super) const MARK: &str = "EXERCISE. What the story of `mithaq demo` left behind.";

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    let (out, keys) = (args.out.as_path(), beside(&args.out));
    clear(out, &keys)?;
    let (good, left) = match args.story {
        Story::Mechanism => {
            let left = mechanism::play(out, &keys, globals.json)?;
            (left.good, left.value(out, &keys))
        }
        Story::HandOver => {
            let left = hand_over::play(out, &keys, u64::from(args.recording) * 1_000_000, globals.json)?;
            (left.good, left.value(out, &keys))
        }
    };
    if globals.json {
        println!("{left:#}");
    }
    Ok(if good { Exit::Good } else { Exit::Wrong })
}

/// Where the keys lie: beside the folder, never in it.
fn beside(out: &Path) -> PathBuf {
    let mut name = out.file_name().unwrap_or_default().to_os_string();
    name.push(".keys");
    out.with_file_name(name)
}

/// Makes room: what an earlier story left is played anew, anything else is left alone.
fn clear(out: &Path, keys: &Path) -> Result<(), Fault> {
    let io = |path: &Path| {
        let path = path.to_owned();
        move |error| Fault::Io { path, error }
    };
    if out.exists() {
        let ours = std::fs::read_to_string(out.join("README.txt")).is_ok_and(|text| text.starts_with(MARK));
        let empty = std::fs::read_dir(out).map_err(io(out))?.next().is_none();
        if !ours && !empty {
            return Err(Fault::Unknown(format!(
                "{} is there, and is no earlier story: choose another folder with `--out`",
                out.display()
            )));
        }
        for entry in std::fs::read_dir(out).map_err(io(out))? {
            let name = entry.map_err(io(out))?.file_name().to_string_lossy().into_owned();
            if !hand_over::leaves(&name) && !mechanism::leaves(&name) {
                return Err(Fault::Unknown(format!(
                    "{} is an earlier story, and has `{name}` beside it: take that away, or choose another folder \
                     with `--out`",
                    out.display()
                )));
            }
        }
        if !empty {
            eprintln!("the earlier story in {} is replaced", out.display());
        }
        std::fs::remove_dir_all(out).map_err(io(out))?;
    }
    if keys.exists() {
        if !keys.join("stick").is_dir() {
            return Err(Fault::Unknown(format!("{} is there, and holds no keys of a story", keys.display())));
        }
        std::fs::remove_dir_all(keys).map_err(io(keys))?;
    }
    for folder in [out, &keys.join("stick"), &keys.join("desk")] {
        std::fs::create_dir_all(folder).map_err(io(folder))?;
    }
    // Known from the first moment, so that a story that was cut short can be played anew.
    std::fs::write(out.join("README.txt"), format!("{MARK}\n")).map_err(io(out))
}
