//! The story that plays the whole hand-over: an EXERCISE, with exhibits made on the spot.

mod cast;
mod cheat;
mod made;
mod story;
mod tell;

use std::path::{Path, PathBuf};

use node::Fault;

use crate::cli::Globals;
use crate::failure::{Exit, Failure};

/// Plays the whole hand-over, and leaves a folder that `mithaq verify` confirms.
///
/// An EXERCISE: the parties are named and have not agreed to it, and every exhibit is made on the spot.
/// Evidence is sealed, handed to a facilitating State through a folder and on a stick, opened and
/// answered; a second party joins; a registrar of invented parties cheats, and is convicted.
///
///   mithaq demo --out story
///   mithaq verify story
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder that is made, and that `mithaq verify` confirms. The keys lie beside it.
    #[arg(long, value_name = "DIR", default_value = "mithaq-demo")]
    pub out: PathBuf,
    /// How long the recording is, in megabytes; for tests, which need not wait for 200.
    #[arg(long, value_name = "MB", default_value_t = 200, hide = true)]
    pub recording: u32,
}

/// The first line of what an earlier story left, by which it is known.
pub(super) const MARK: &str = "EXERCISE. What the story of `mithaq demo` left behind.";

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    let (out, keys) = (args.out.as_path(), beside(&args.out));
    clear(out, &keys)?;
    let left = story::play(out, &keys, u64::from(args.recording) * 1_000_000, globals.json)?;
    if globals.json {
        println!("{:#}", left.value(out, &keys));
    }
    Ok(if left.good { Exit::Good } else { Exit::Wrong })
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
            if !story::leaves(&name) {
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
