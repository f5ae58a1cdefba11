//! Who signed two things that cannot both be true? Each such pair is a small file, and this says whom
//! it convicts, given the register's name and nothing else (TIME §4).
//!
//! In reading order:
//! - [`mod@file`]: the file's one line, and what each kind of contradiction quotes in it;
//! - [`confirm()`]: whether a file shows what it says;
//! - [`unconfirmed`]: why it does not;
//! - `anchor`: what the register's name vouches for: genesis, its annexes, the registrar's key;
//! - `key`: whose key it is that signed, for keys that were enrolled later;
//! - `registrar`, `malformed`, `refusal`, `witness`, `author`: the conditions, by whom they convict;
//! - [`collect`]: looks for contradictions in what a verifier comes across, and writes the files;
//! - [`mod@gather`]: hands a checked folder to it, in a second pass where that is worth it;
//! - [`mod@late`]: a promise that was not kept in time, which convicts nobody.
//!
//! **What a conviction says.** A *key* signed two things of which one is false. Who held it, and
//! whether it was stolen, bytes cannot say. Every rule here errs to one side: a file that is not
//! understood, or shows less than all of its condition, convicts nobody.

pub(crate) mod anchor;
mod author;
pub mod collect;
pub mod file;
pub mod gather;
pub(crate) mod key;
pub mod late;
pub(crate) mod malformed;
mod refusal;
mod registrar;
pub mod unconfirmed;
mod witness;

use std::fmt;

use note::VerifierKey;
use terms::{Code, Hash, ParticipantId};

pub use collect::{Collector, Found, Log};
pub use file::{Contradiction, Shows};
pub use gather::{Copy, gather};
pub use late::{Late, late};
pub use unconfirmed::Unconfirmed;

use crate::Expected;
use anchor::Anchor;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $word:literal $number:literal),+ $(,)?) => {
        /// The kinds of contradiction, in the order of TIME §4: C1 is the first.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $($(#[$doc])* $name),+ }

        impl Kind {
            /// All of them.
            pub const ALL: [Kind; 16] = [$(Kind::$name),+];

            /// The word in a file.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Kind::$name => $word),+ }
            }

            /// Its number in TIME §4.
            #[must_use]
            pub const fn number(self) -> u8 {
                match self { $(Kind::$name => $number),+ }
            }
        }
    };
}

kinds! {
    /// Two checkpoints of one registrar that are not of one log.
    Fork = "fork" 1,
    /// Two receipts for one index.
    DoubleIndex = "double-index" 2,
    /// Something else stands at the index that a receipt promised.
    ReceiptNotKept = "receipt-not-kept" 3,
    /// A later index with an earlier time.
    TimeBackwards = "time-backwards" 4,
    /// Registered later than witnesses had already seen it.
    DatedAfter = "dated-after" 5,
    /// Registered earlier than a mark that stands before it.
    DatedBefore = "dated-before" 6,
    /// An entry that had to be refused.
    MalformedLetIn = "malformed-let-in" 7,
    /// A refusal on a ground that does not hold.
    FalseRefusal = "false-refusal" 8,
    /// Two acts with one number.
    AuthorFork = "author-fork" 9,
    /// A cosignature for a key that the witness had frozen.
    FreezeBroken = "freeze-broken" 10,
    /// One witness cosigned two checkpoints that are not of one log.
    WitnessFork = "witness-fork" 11,
    /// One witness cosigned a smaller size later.
    WitnessBackwards = "witness-backwards" 12,
    /// Two stamps that follow on the same one.
    IntakeFork = "intake-fork" 13,
    /// A stamp that is earlier than the one it follows on.
    IntakeBackwards = "intake-backwards" 14,
    /// Two outcomes of one replay.
    FalseStateNote = "false-state-note" 15,
    /// One act handed in twice: nobody's fault.
    ChainReplayed = "chain-replayed" 16,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Whom a contradiction convicts: always a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Convict {
    /// The registrar's key, of type 0x01, as the genesis names it.
    Registrar(VerifierKey),
    /// A witness of the policy.
    Witness {
        /// What the policy calls it.
        name: String,
        /// Its cosigning key.
        key: VerifierKey,
    },
    /// A key that signs acts.
    Author {
        /// Whose.
        participant: ParticipantId,
        /// Which of its keys.
        label: Code,
        /// The key; a passkey's, if it signs alone.
        key: VerifierKey,
    },
    /// A key that stamps what is handed in.
    Intake {
        /// Whose.
        participant: ParticipantId,
        /// Which of its keys.
        label: Code,
        /// The key.
        key: VerifierKey,
    },
    /// A key that signs state notes.
    Node {
        /// Whose.
        participant: ParticipantId,
        /// Which of its keys.
        label: Code,
        /// The key.
        key: VerifierKey,
    },
    /// Nobody.
    Nobody,
}

impl fmt::Display for Convict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Convict::Registrar(key) => write!(f, "the registrar's key {key}"),
            Convict::Witness { name, key } => write!(f, "the key {key} of the witness `{name}`"),
            Convict::Author { participant, label, key } => {
                write!(f, "the key {key} (`{label}` of `{participant}`)")
            }
            Convict::Intake { participant, label, key } => {
                write!(f, "the intake key {key} (`{label}` of `{participant}`)")
            }
            Convict::Node { participant, label, key } => {
                write!(f, "the node key {key} (`{label}` of `{participant}`)")
            }
            Convict::Nobody => f.write_str("nobody"),
        }
    }
}

/// What a file shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conviction {
    /// The kind of contradiction.
    pub kind: Kind,
    /// Whom it convicts.
    pub convicts: Convict,
    /// In which register, by its genesis hash.
    pub register: Hash,
    /// Whether that register is an exercise.
    pub exercise: bool,
    /// Its clause on standing, if the file quotes the instrument.
    pub standing: Option<String>,
    /// What was signed, to follow `… signed` in a sentence.
    pub(super) deed: String,
    /// Where: names and values, for a table.
    pub facts: Vec<(&'static str, String)>,
}

impl Conviction {
    /// What happened, in one plain sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        match &self.convicts {
            Convict::Nobody => self.deed.clone(),
            convict => {
                let who = convict.to_string();
                let (first, rest) = who.split_at(1);
                format!("{}{rest} signed {}.", first.to_uppercase(), self.deed)
            }
        }
    }
}

/// Reads a file, and says whom it convicts in this register.
///
/// Needs no network, no disk and no clock, and trusts nothing in the file that the register's name
/// does not lead to. Where any register will do, the file names its own, and the reader compares.
///
/// # Errors
/// Why the file convicts nobody: see [`Unconfirmed`].
pub fn confirm(bytes: &[u8], register: &Expected) -> Result<Conviction, Unconfirmed> {
    let file = Contradiction::read(bytes)?;
    let anchor = Anchor::new(&file.register, register)?;
    let (convicts, deed, facts) = match &file.shows {
        Shows::Fork(shows) => registrar::fork(&anchor, shows),
        Shows::DoubleIndex(shows) => registrar::double_index(&anchor, shows),
        Shows::ReceiptNotKept(shows) => registrar::receipt_not_kept(&anchor, shows),
        Shows::TimeBackwards(shows) => registrar::time_backwards(&anchor, shows),
        Shows::DatedAfter(shows) => registrar::dated_after(&anchor, shows),
        Shows::DatedBefore(shows) => registrar::dated_before(&anchor, shows),
        Shows::MalformedLetIn(shows) => malformed::let_in(&anchor, shows),
        Shows::FalseRefusal(shows) => refusal::is_false(&anchor, shows),
        Shows::AuthorFork(shows) => author::fork(&anchor, shows),
        Shows::FreezeBroken(shows) => witness::freeze_broken(&anchor, shows),
        Shows::WitnessFork(shows) => witness::fork(&anchor, shows),
        Shows::WitnessBackwards(shows) => witness::backwards(&anchor, shows),
        Shows::IntakeFork(shows) => author::intake_fork(&anchor, shows),
        Shows::IntakeBackwards(shows) => author::intake_backwards(&anchor, shows),
        Shows::FalseStateNote(shows) => author::false_state_note(&anchor, shows),
        Shows::ChainReplayed(shows) => author::chain_replayed(&anchor, shows),
    }?;
    let standing = anchor.instrument().ok().and_then(|instrument| instrument.standing.clone());
    let (kind, exercise) = (file.shows.kind(), anchor.body.exercise);
    Ok(Conviction { kind, convicts, register: anchor.genesis, exercise, standing, deed, facts })
}

/// Whom, what, where: what each condition comes to.
type Shown = Result<(Convict, String, Vec<(&'static str, String)>), Unconfirmed>;
