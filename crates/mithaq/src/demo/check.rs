//! What a story leaves behind is checked, without trusting anyone.

use std::path::Path;

use audit::{Checked, Expected, Report, verify_folder};
use instrument::Instrument;
use node::batch::Threads;
use node::disk::Disk;
use terms::ParticipantId;

use super::cast::{PASSPHRASE, Stage};
use super::tell::Teller;
use crate::say;
use crate::show::progress::{Progress, Unit};
use crate::show::time::bare;

/// All checks over a folder.
pub(super) fn checked(folder: &Path, expected: &Expected) -> Checked {
    let mut progress = Progress::new("checking", Unit::Entries);
    let mut threads = Threads::start();
    verify_folder(&Disk::at(folder), expected, None, &mut threads, &mut |done, of| {
        progress.tell(done, of);
    })
}

/// What a desk is called.
pub(super) fn label(instrument: &Instrument, who: &str) -> String {
    ParticipantId::new(who).map_or_else(|| who.to_owned(), |who| say::label(instrument, &who))
}

/// Checks a desk's folder, and says in a line what came of it.
pub(super) fn tell_desk(
    stage: &Stage,
    tell: &Teller,
    instrument: &Instrument,
    desk: &str,
    expected: &Expected,
) -> Report {
    let report = checked(&stage.out.join(desk), expected).report;
    let counts = report.counts;
    tell.line(format!(
        "{:<11} {} entries, {} signatures, {} files: {}",
        label(instrument, desk),
        counts.entries,
        counts.signatures,
        counts.files,
        match report.wrongs.first() {
            Some(wrong) => format!("{}: {}", wrong.file, wrong.what),
            None => "nothing wrong found".to_owned(),
        }
    ));
    report
}

/// A table of the exhibits that each filed.
pub(super) fn tell_exhibits(tell: &Teller, instrument: &Instrument, report: &Report) {
    tell.line(String::new());
    tell.say(
        "Exhibits, and texts that went with acts. Filed: another keeps the bytes. Shared: an addressee signed that it \
         opened them. Answered: itself, not the matter that it is of.",
    );
    tell.line("offered by   offered  filed  shared  answered");
    for (who, tally) in &report.tallies {
        tell.line(format!(
            "{:<12} {:>7}  {:>5}  {:>6}  {:>8}",
            say::label(instrument, who),
            tally.offered,
            tally.filed,
            tally.shared,
            tally.answered
        ));
    }
}

/// The state that everybody comes to.
pub(super) fn tell_state(tell: &Teller, report: &Report) {
    if let Some(state) = &report.state {
        tell.line(String::new());
        tell.line(format!("rules {} · size {} · root {}", state.rules, state.size, state.root));
        tell.line(format!("as of {}", state.as_of));
        tell.line(format!("state {}", state.state));
    }
    tell.line(String::new());
}

/// A path as a shell takes it.
pub(super) fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-+:".contains(letter);
    if text.chars().all(is_plain) { text } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

/// How to sit down at a desk, at the time at which the story ends.
pub(super) fn sit_down(stage: &Stage, tell: &Teller, desk: &str, commands: &[&str]) {
    tell.say(format!(
        "The keys lie beside it, in {}, with what was opened at the desks. To sit down at one, with the passphrase \
         «{PASSPHRASE}»:",
        stage.keys.display()
    ));
    for command in commands {
        tell.line(format!(
            "mithaq {command} --data {} --keys {} --now '{}'",
            quoted(&stage.out.join(desk)),
            quoted(&stage.keys.join(desk)),
            bare(stage.now)
        ));
    }
}
