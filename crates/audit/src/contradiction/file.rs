//! A contradiction as a file: one line of strict JSON, and what it quotes.
//!
//! ```text
//! {"format":"mithaq.contradiction/v1","kind":"fork","register":{…},"shows":{…}}
//! ```
//!
//! There is one way to write a file: these fields in this order, no spaces, what is absent left out.
//! Everything quoted is base64 of its exact bytes, so that no escape and no invisible character
//! stands between the reader and what was signed. FORMATS.md has each kind's fields.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use terms::{Hash, RefusalGround, SignerName, base64};

use super::{Kind, Unconfirmed};

/// The first field of every file.
pub const FORMAT: &str = "mithaq.contradiction/v1";

/// The longest file that is read: a dozen entries and two long annexes.
pub const FILE_BYTES_MAX: usize = 4 * 1024 * 1024;

/// What a file may have beside acts, entries and annexes it quotes.
pub const OWN_BYTES_MAX: usize = 16 * 1024;

/// Most entries in one list.
const INCLUDED_MAX: usize = 32;

/// Bytes, quoted as they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Quoted(pub Vec<u8>);

impl From<Quoted> for String {
    fn from(quoted: Quoted) -> String {
        base64::encode(&quoted.0)
    }
}

impl TryFrom<String> for Quoted {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Quoted, Self::Error> {
        base64::decode(&text).map(Quoted).ok_or("expected canonical base64")
    }
}

macro_rules! wire {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $ty:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, rename_all = "kebab-case", expecting = "an object")]
        pub struct $name { $($(#[$field_doc])* pub $field: $ty),* }
    };
}

wire! {
    /// What the register's name vouches for.
    Register {
        /// The genesis act's text; its hash is the register's.
        genesis: Quoted,
        /// Whose key is the registrar's: `genesis`, the one that the genesis names.
        registrar: String,
        /// The witness policy, where cosignatures count.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        policy: Option<Quoted>,
        /// The instrument, where its tolerance, roles or excluded groups count.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        instrument: Option<Quoted>,
    }
}

wire! {
    /// An entry, and the proof that it stands at its index below a checkpoint of the same file.
    Included {
        /// Where it stands, from 0.
        index: u64,
        /// The whole leaf.
        entry: Quoted,
        /// From the leaf's sibling upwards.
        proof: Vec<Hash>,
    }
}

wire! {
    /// What shows that a smaller checkpoint is not the beginning of a larger one.
    Prefix {
        /// The root that the larger tree has at the smaller size.
        root: Hash,
        /// The consistency proof from there to the larger.
        proof: Vec<Hash>,
    }
}

wire! {
    /// Two checkpoints; of two sizes, `a` is the smaller.
    Fork {
        /// A checkpoint with the registrar's line.
        a: Quoted,
        /// Another.
        b: Quoted,
        /// For two sizes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        prefix: Option<Prefix>,
    }
}

wire! {
    /// Two receipts, as payloads of their lines.
    TwoReceipts {
        /// One; the one with the lower index.
        a: Quoted,
        /// The other.
        b: Quoted,
    }
}

wire! {
    /// A receipt, and what stands at its index.
    ReceiptNotKept {
        /// The payload of the receipt's line.
        receipt: Quoted,
        /// What stands at its index.
        leaf: Included,
        /// The checkpoint, cosigned.
        checkpoint: Quoted,
    }
}

wire! {
    /// An entry, and a checkpoint over it with earlier times.
    DatedAfter {
        /// The entry.
        entry: Included,
        /// The checkpoint, cosigned.
        checkpoint: Quoted,
    }
}

wire! {
    /// An entry, and a mark before it with a later time.
    DatedBefore {
        /// The entry.
        entry: Included,
        /// The mark.
        mark: Included,
        /// The checkpoint over both, cosigned.
        checkpoint: Quoted,
    }
}

wire! {
    /// An entry that had to be refused, and what shows it.
    MalformedLetIn {
        /// On which ground.
        ground: RefusalGround,
        /// The entry.
        entry: Included,
        /// Entries before it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        before: Vec<Included>,
        /// The checkpoint over all of them, cosigned.
        checkpoint: Quoted,
    }
}

wire! {
    /// A refusal, and what shows that its ground does not hold.
    FalseRefusal {
        /// The refusal note.
        refusal: Quoted,
        /// What was refused.
        submission: Quoted,
        /// Entries below the size it was judged at, and where they are needed beyond.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        entries: Vec<Included>,
        /// The checkpoint over them, cosigned.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        checkpoint: Option<Quoted>,
    }
}

wire! {
    /// Whose key it is. The registrar's and those of founders stand in the genesis.
    KeyProof {
        /// `registrar`, or `PARTICIPANT/LABEL`.
        signer: SignerName,
        /// Where the key was enrolled, if later.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        enrolled: Option<Enrolled>,
    }
}

wire! {
    /// The entry that enrolled a key; those that seated its participant, if it is no founder.
    Enrolled {
        /// The enrolling entry; absent for the roots of a seat.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        entry: Option<Included>,
        /// The votes for the seat.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        seats: Vec<Included>,
        /// The checkpoint over all of them, cosigned.
        checkpoint: Quoted,
    }
}

wire! {
    /// An act's text with its first signer's signature.
    SignedAct {
        /// The text.
        act: Quoted,
        /// The payload of its line, if the key is not a passkey alone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signature: Option<Quoted>,
        /// The payload of its passkey's line.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        assertion: Option<Quoted>,
    }
}

wire! {
    /// Two acts of one key.
    AuthorFork {
        /// The key.
        key: KeyProof,
        /// One.
        a: SignedAct,
        /// The other.
        b: SignedAct,
    }
}

wire! {
    /// A freeze, and a larger checkpoint of the frozen key.
    FreezeBroken {
        /// The witness, by its vkey in the policy.
        witness: String,
        /// The freeze note.
        freeze: Quoted,
        /// The checkpoint, with the lines of the registrar and the witness.
        checkpoint: Quoted,
        /// The last entry below that checkpoint, with the frozen key's receipt.
        last: Included,
    }
}

wire! {
    /// Two checkpoints that one witness cosigned; of two sizes, `a` is the smaller.
    WitnessFork {
        /// The witness, by its vkey in the policy.
        witness: String,
        /// A checkpoint, with the lines of the registrar and the witness.
        a: Quoted,
        /// Another.
        b: Quoted,
        /// For two sizes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        prefix: Option<Prefix>,
    }
}

wire! {
    /// Two checkpoints that one witness cosigned; `a` is the smaller, and the later.
    WitnessBackwards {
        /// The witness, by its vkey in the policy.
        witness: String,
        /// The smaller checkpoint, with the lines of the registrar and the witness.
        a: Quoted,
        /// The larger.
        b: Quoted,
    }
}

wire! {
    /// A stamp, and the text that it is on.
    Stamped {
        /// The act's text.
        act: Quoted,
        /// The payload of the intake line.
        stamp: Quoted,
    }
}

wire! {
    /// Two stamps of one key; where order counts, `b` follows on `a`.
    TwoStamps {
        /// The key.
        key: KeyProof,
        /// One.
        a: Stamped,
        /// The other.
        b: Stamped,
    }
}

wire! {
    /// Two state notes of one key.
    FalseStateNote {
        /// The key.
        key: KeyProof,
        /// One.
        a: Quoted,
        /// The other.
        b: Quoted,
    }
}

wire! {
    /// One act, handed in twice.
    SubmittedAct {
        /// The submission.
        submission: Quoted,
    }
}

wire! {
    /// Two submissions of one act.
    ChainReplayed {
        /// One.
        a: SubmittedAct,
        /// The other.
        b: SubmittedAct,
    }
}

macro_rules! shows {
    ($($variant:ident($body:ident)),+ $(,)?) => {
        /// What a contradiction quotes, by its kind.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Shows { $(#[doc = concat!("See [`Kind::", stringify!($variant), "`].")] $variant($body)),+ }

        impl Shows {
            /// The kind.
            #[must_use]
            pub const fn kind(&self) -> Kind {
                match self { $(Shows::$variant(_) => Kind::$variant),+ }
            }

            fn read(kind: Kind, json: &str) -> Result<Shows, Unconfirmed> {
                match kind { $(Kind::$variant => from_json(json).map(Shows::$variant)),+ }
            }

            fn write(&self) -> Result<String, serde_json::Error> {
                match self { $(Shows::$variant(body) => serde_json::to_string(body)),+ }
            }
        }
    };
}

shows! {
    Fork(Fork),
    DoubleIndex(TwoReceipts),
    ReceiptNotKept(ReceiptNotKept),
    TimeBackwards(TwoReceipts),
    DatedAfter(DatedAfter),
    DatedBefore(DatedBefore),
    MalformedLetIn(MalformedLetIn),
    FalseRefusal(FalseRefusal),
    AuthorFork(AuthorFork),
    FreezeBroken(FreezeBroken),
    WitnessFork(WitnessFork),
    WitnessBackwards(WitnessBackwards),
    IntakeFork(TwoStamps),
    IntakeBackwards(TwoStamps),
    FalseStateNote(FalseStateNote),
    ChainReplayed(ChainReplayed),
}

/// A contradiction, as it stands in its file. Nothing is confirmed by reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// In which register.
    pub register: Register,
    /// What is quoted.
    pub shows: Shows,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Line {
    format: String,
    kind: String,
    register: Register,
    shows: Box<RawValue>,
}

fn from_json<T: DeserializeOwned>(json: &str) -> Result<T, Unconfirmed> {
    serde_json::from_str(json).map_err(|error| Unconfirmed::Shape(act::json::said(&error)))
}

impl Contradiction {
    /// Reads a file.
    ///
    /// # Errors
    /// The reasons down to [`Unconfirmed::Spelling`].
    pub fn read(bytes: &[u8]) -> Result<Contradiction, Unconfirmed> {
        if bytes.len() > FILE_BYTES_MAX {
            return Err(Unconfirmed::TooLong);
        }
        let not_one = |why: &str| Unconfirmed::NotOneLine(why.to_owned());
        let text = std::str::from_utf8(bytes).map_err(|_| not_one("not UTF-8"))?;
        let line = text.strip_suffix('\n').ok_or_else(|| not_one("it does not end in a line feed"))?;
        act::json::check(line)
            .map_err(|(at, fault)| not_one(&format!("column {}: {fault}", at.saturating_add(1))))?;
        let read: Line = from_json(line)?;
        if read.format != FORMAT {
            return Err(Unconfirmed::Shape(format!("its format is not `{FORMAT}`")));
        }
        let kind = Kind::ALL.into_iter().find(|kind| kind.as_str() == read.kind);
        let kind = kind.ok_or_else(|| Unconfirmed::Shape("no such kind".to_owned()))?;
        let shows = Shows::read(kind, read.shows.get())?;
        let file = Contradiction { register: read.register, shows };
        if file.to_bytes() != bytes {
            return Err(Unconfirmed::Spelling);
        }
        if own_bytes(bytes) > OWN_BYTES_MAX || file.lists_are_long() {
            return Err(Unconfirmed::TooLong);
        }
        Ok(file)
    }

    /// The file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        // Our own plain structs of strings and numbers; serialising them has no way to fail.
        let shows = self.shows.write().ok().and_then(|json| RawValue::from_string(json).ok());
        let line = shows.and_then(|shows| {
            let (format, kind) = (FORMAT.to_owned(), self.shows.kind().as_str().to_owned());
            serde_json::to_vec(&Line { format, kind, register: self.register.clone(), shows }).ok()
        });
        let mut bytes = line.unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    fn lists_are_long(&self) -> bool {
        let enrolled = |key: &KeyProof| key.enrolled.as_ref().map_or(0, |enrolled| enrolled.seats.len());
        let longest = match &self.shows {
            Shows::MalformedLetIn(shows) => shows.before.len(),
            Shows::FalseRefusal(shows) => shows.entries.len(),
            Shows::AuthorFork(shows) => enrolled(&shows.key),
            Shows::IntakeFork(shows) | Shows::IntakeBackwards(shows) => enrolled(&shows.key),
            Shows::FalseStateNote(shows) => enrolled(&shows.key),
            Shows::Fork(_)
            | Shows::DoubleIndex(_)
            | Shows::ReceiptNotKept(_)
            | Shows::TimeBackwards(_)
            | Shows::DatedAfter(_)
            | Shows::DatedBefore(_)
            | Shows::FreezeBroken(_)
            | Shows::WitnessFork(_)
            | Shows::WitnessBackwards(_)
            | Shows::ChainReplayed(_) => 0,
        };
        longest > INCLUDED_MAX
    }
}

/// How many bytes of a file are its own: all but the texts of acts, entries, submissions and annexes.
#[must_use]
pub fn own_bytes(file: &[u8]) -> usize {
    fn quoted(value: &Value) -> usize {
        match value {
            Value::Object(fields) => fields
                .iter()
                .map(|(name, value)| match (name.as_str(), value) {
                    (
                        "genesis" | "policy" | "instrument" | "entry" | "submission" | "act",
                        Value::String(text),
                    ) => text.len(),
                    (_, value) => quoted(value),
                })
                .sum(),
            Value::Array(items) => items.iter().map(quoted).sum(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
        }
    }
    serde_json::from_slice(file).map_or(file.len(), |value| file.len().saturating_sub(quoted(&value)))
}
