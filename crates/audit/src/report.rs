//! What was found.

use act::state::StateBody;
use docket::v1::exhibit::Tally;
use std::collections::BTreeMap;
use terms::{Hash, Instant, ParticipantId, VoiceName};

use crate::source::Source;

/// How it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All was checked, and nothing is wrong.
    Good,
    /// Something is wrong.
    Wrong,
    /// It can't be decided: no quorum, an annex missing, unknown rules.
    Undecided,
}

/// One wrong thing, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// A stable code, `audit::…`.
    pub code: &'static str,
    /// The file.
    pub file: String,
    /// The entry, if it concerns one.
    pub entry: Option<u64>,
    /// What is wrong, in a sentence.
    pub what: String,
}

/// What a register came to.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The register's name in notes.
    pub origin: String,
    /// Its genesis hash.
    pub genesis: Option<Hash>,
    /// Whether it is an exercise.
    pub exercise: bool,
    /// What the instrument calls it.
    pub name: String,
    /// How many of each were checked.
    pub counts: Counts,
    /// The names of those who cosigned the last checkpoint, and when.
    pub cosigners: Vec<(String, Instant)>,
    /// How many must.
    pub quorum: usize,
    /// What replay came to.
    pub state: Option<StateBody>,
    /// What the state is, if it is as of a time that was asked for.
    pub standing: Option<Standing>,
    /// What this copy holds of what the exhibits have.
    pub held: Held,
    /// Offered, filed, shared, answered, for each who filed.
    pub tallies: BTreeMap<ParticipantId, Tally>,
    /// What is wrong, in the order in which it was found; the first first.
    pub wrongs: Vec<Wrong>,
    /// Why something could not be decided.
    pub undecided: Vec<String>,
    /// What is no wrong and should be known.
    pub remarks: Vec<String>,
}

/// What a state as of a time is: labels, outside its hash (TIME T9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whether a final mark is past that time, so that it never changes; before, it is so far.
    pub closed: bool,
    /// Whether by then there had been no mark for more than three heartbeats.
    pub silent: bool,
}

/// How many of each were checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Files.
    pub files: u64,
    /// Entries.
    pub entries: u64,
    /// Acts that settled, and have an effect or a reason why not.
    pub settled: u64,
    /// Those without effect.
    pub void: u64,
    /// Entries that the registrar had to refuse.
    pub malformed: u64,
    /// Acts that wait for a mark.
    pub pending: u64,
    /// Marks.
    pub marks: u64,
    /// Signatures.
    pub signatures: u64,
    /// Tiles and bundles.
    pub tiles: u64,
    /// Annexes.
    pub annexes: u64,
    /// Sealed files held here.
    pub sealed: u64,
    /// Sealed grants held here.
    pub grants: u64,
    /// Notes.
    pub notes: u64,
}

/// What a copy holds of the files of exhibits that nobody has destroyed. None has to be here: a copy has what
/// came to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Sealed files that are here.
    pub sealed: u64,
    /// Of so many.
    pub sealed_of: u64,
    /// Grants that are here.
    pub grants: u64,
    /// Of so many.
    pub grants_of: u64,
}

/// The most wrongs that are listed.
const WRONGS_MAX: usize = 10_000;

impl Report {
    /// How it ends. A wrong that was shown outweighs what can't be decided.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        if !self.wrongs.is_empty() {
            Verdict::Wrong
        } else if !self.undecided.is_empty() {
            Verdict::Undecided
        } else {
            Verdict::Good
        }
    }

    /// The register's name by voice.
    #[must_use]
    pub fn voice(&self) -> Option<VoiceName> {
        self.genesis.as_ref().map(VoiceName::of)
    }

    /// Takes over what another found wrong, and could not decide.
    pub(crate) fn take(&mut self, other: Report) {
        for wrong in other.wrongs {
            self.wrong(wrong.code, &wrong.file, wrong.entry, wrong.what);
        }
        self.undecided.extend(other.undecided);
    }

    /// A file that could not be read: one that is not what it must be is wrong, and one that this machine
    /// does not give out leaves it undecided.
    pub(crate) fn unread(
        &mut self,
        source: &dyn Source,
        code: &'static str,
        file: &str,
        entry: Option<u64>,
        what: String,
    ) {
        match source.gives_out(file) {
            Ok(()) => self.wrong(code, file, entry, what),
            Err(why) if self.undecided.len() < WRONGS_MAX => {
                self.undecided.push(format!("{file} can't be read on this machine: {why}"));
            }
            Err(_) => {}
        }
    }

    pub(crate) fn wrong(
        &mut self,
        code: &'static str,
        file: &str,
        entry: Option<u64>,
        what: impl Into<String>,
    ) {
        // Who spoils a whole register fills no memory with it.
        match self.wrongs.len() {
            0..WRONGS_MAX => {
                self.wrongs.push(Wrong { code, file: file.to_owned(), entry, what: what.into() });
            }
            WRONGS_MAX => {
                let what = format!("there are more than {WRONGS_MAX} wrongs; the rest is not listed");
                self.wrongs.push(Wrong { code: "audit::more", file: file.to_owned(), entry, what });
            }
            _ => {}
        }
    }
}
