//! Stories that are played over real nodes: an EXERCISE each, with exhibits made on the spot.

mod cast;
mod check;
mod hand_over;
mod history;
mod mechanism;
mod open;
mod place;
mod tell;

use std::path::PathBuf;

use self::place::{MARK, Place};
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
    /// Ends with the story: the desks stay shut.
    #[arg(long)]
    pub once: bool,
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

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    let place = Place::clear(&args.out)?;
    let (out, keys) = (place.out.as_path(), place.keys.as_path());
    let mut ends = None;
    let (good, left) = match args.story {
        Story::Mechanism => {
            let left = mechanism::play(out, keys, globals.json)?;
            ends = Some(left.ends);
            (left.good, left.value(out, keys))
        }
        Story::HandOver => {
            let left = hand_over::play(out, keys, u64::from(args.recording) * 1_000_000, globals.json)?;
            (left.good, left.value(out, keys))
        }
    };
    place.leave()?;
    if globals.json {
        println!("{left:#}");
    }
    if let Some(ends) = ends.filter(|_| good && !args.once && !globals.json) {
        open::desks(&place, ends)?;
        place.leave()?;
    }
    Ok(if good { Exit::Good } else { Exit::Wrong })
}
