//! How far long work has come: on a terminal only, and after a quarter of a second.

use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

const QUIET_FOR: Duration = Duration::from_millis(250);

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Entries of a register.
    Entries,
    /// Bytes of a file.
    Bytes,
    /// Kinds of matter of an instrument.
    Kinds,
}

/// One piece of work. It says nothing unless standard error is a terminal.
pub(crate) struct Progress {
    what: String,
    unit: Unit,
    started: Instant,
    bar: Option<ProgressBar>,
    shown: bool,
}

impl Progress {
    pub(crate) fn new(what: &str, unit: Unit) -> Progress {
        let shown = std::io::stderr().is_terminal();
        Progress { what: what.to_owned(), unit, started: Instant::now(), bar: None, shown }
    }

    /// So much is done, of so much; `of` may grow.
    pub(crate) fn tell(&mut self, done: u64, of: u64) {
        if !self.shown || (self.bar.is_none() && self.started.elapsed() < QUIET_FOR) {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| bar(&self.what, self.unit));
        bar.set_length(of);
        bar.set_position(done);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar(what: &str, unit: Unit) -> ProgressBar {
    let counts = match unit {
        Unit::Entries | Unit::Kinds => "{human_pos} of {human_len}",
        Unit::Bytes => "{decimal_bytes} of {decimal_total_bytes}",
    };
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(8));
    let template = format!("{{msg}}  {{bar:30}}  {counts}, {{eta}} left");
    if let Ok(style) = ProgressStyle::with_template(&template) {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_message(what.to_owned());
    bar
}
