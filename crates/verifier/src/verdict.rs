//! What a file shows, or why it does not.

use audit::Expected;
use audit::contradiction::{self, Convict, Conviction, Unconfirmed};
use audit::standing::{self, Shown, StandingProof};
use serde::Serialize;
use terms::{Claimed, Hash, Instant, VoiceName};
use tlog::LogProof;

/// The longest file that is looked at, in bytes.
pub const FILE_BYTES_MAX: usize = 16 << 20;

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum Verdict {
    /// A standing proof that holds.
    Proved(Box<Proved>),
    /// A contradiction that holds.
    Contradicted(Box<Contradicted>),
    /// It is of one of these two kinds, and does not show what it says.
    NotShown {
        /// Why, in a sentence.
        why: String,
    },
    /// It is neither.
    Unknown,
    /// The name that was given is that of no register.
    NoName,
}

/// What a standing proof shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Proved {
    /// The register.
    pub register: Register,
    /// What the agreement is called, if the file has its text.
    pub name: Option<String>,
    /// The entry's index.
    pub entry: u64,
    /// Its leaf hash.
    pub leaf: Hash,
    /// From the leaf's sibling upwards.
    pub path: Vec<Hash>,
    /// Of how many entries the checkpoint is.
    pub size: u64,
    /// Their root.
    pub root: Hash,
    /// The act.
    pub act: Hash,
    /// Its kind.
    pub kind: String,
    /// Who did it: a participant's id, or the registrar.
    pub by: String,
    /// By its label, if the file has the agreement's text.
    pub label: Option<String>,
    /// Whose keys signed it.
    pub signers: Vec<String>,
    /// When its author says it was done.
    pub at: Claimed,
    /// When it was registered.
    pub registered: Instant,
    /// Who cosigned the checkpoint.
    pub cosigners: Vec<Cosigner>,
    /// What came of it, if the file says so.
    pub state: Option<State>,
}

/// The register that a file is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Register {
    /// Its genesis hash.
    pub genesis: Hash,
    /// Its name by voice.
    pub voice: String,
    /// Its name in notes, if the file says it.
    pub origin: Option<String>,
    /// Whether it is an exercise.
    pub is_exercise: bool,
    /// Whether it is the one whose name was given; nothing if none was.
    pub is_asked_for: bool,
}

/// A cosigner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Cosigner {
    /// What the policy calls it.
    pub name: String,
    /// When it cosigned.
    pub time: Instant,
}

/// What came of an act, as a node says that replayed the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct State {
    /// Whose key says so.
    pub by: String,
    /// Of how many entries.
    pub size: u64,
    /// As of when.
    pub as_of: Instant,
    /// The lines, each of which stands in the state that was signed.
    pub lines: Vec<String>,
}

/// What a contradiction shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Contradicted {
    /// The register.
    pub register: Register,
    /// Its kind.
    pub kind: String,
    /// C1 is 1.
    pub number: u8,
    /// What happened, in a sentence.
    pub says: String,
    /// Whether it convicts a key.
    pub convicts: bool,
    /// Where: names and values.
    pub facts: Vec<(String, String)>,
}

impl Verdict {
    /// As JSON, in one line.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Our own plain structs of strings and numbers; serialising them has no way to fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Judges a file. `name` is the register's name by voice or its genesis hash; with none, any register will do, and its
/// name is only said.
#[must_use]
pub fn check(file: &[u8], name: &str) -> Verdict {
    let name = name.trim();
    let expected = if name.is_empty() { Some(Expected::Any) } else { Expected::parse(name) };
    let Some(expected) = expected else { return Verdict::NoName };
    if file.len() > FILE_BYTES_MAX {
        return Verdict::Unknown;
    }
    let is_named = expected != Expected::Any;
    match format_of(file).as_deref() {
        Some(standing::FORMAT) => match standing::verify(file, &expected) {
            Ok(shown) => proved(file, shown, is_named),
            Err(why) => Verdict::NotShown { why },
        },
        Some(contradiction::file::FORMAT) => match contradiction::confirm(file, &expected) {
            Ok(conviction) => Verdict::Contradicted(Box::new(contradicted(conviction, is_named))),
            Err(why) => Verdict::NotShown { why: Unconfirmed::to_string(&why) },
        },
        _ => Verdict::Unknown,
    }
}

/// The word in `format`, wherever the rest may be wrong.
fn format_of(file: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&file[..file.len().min(128)]);
    let (_, rest) = head.split_once("\"format\":\"")?;
    rest.split_once('"').map(|(word, _)| word.to_owned())
}

fn proved(file: &[u8], shown: Shown, is_named: bool) -> Verdict {
    // What was verified above is read again for its path and its root.
    let read: Option<StandingProof> = serde_json::from_slice(file).ok();
    let log = read.and_then(|read| LogProof::parse(read.proof.as_bytes()).ok());
    let Some((log, bytes)) = log.and_then(|log| Some((log.clone(), log.extra?))) else {
        return Verdict::NotShown { why: "its proof can't be read".to_owned() };
    };
    let head = shown.entry.act().head();
    let by = head.by.participant();
    let instrument = shown.instrument.as_ref();
    let label = by.and_then(|by| instrument?.participants.get(by)).map(|who| who.names.label.clone());
    let state = shown.state.map(|(signer, note, lines)| State {
        by: signer.to_string(),
        size: note.body.size,
        as_of: note.body.as_of,
        lines,
    });
    Verdict::Proved(Box::new(Proved {
        register: Register {
            genesis: shown.genesis,
            voice: shown.voice.to_string(),
            origin: Some(shown.origin),
            is_exercise: shown.exercise,
            is_asked_for: is_named,
        },
        name: instrument.map(|instrument| instrument.name.clone()),
        entry: shown.index,
        leaf: tlog::leaf_hash(&bytes),
        path: log.path,
        size: shown.size,
        root: log.checkpoint.checkpoint().root,
        act: shown.entry.act().id().0,
        kind: shown.entry.act().kind().to_string(),
        by: by.map_or_else(|| "registrar".to_owned(), ToString::to_string),
        label,
        signers: shown.signers.iter().map(ToString::to_string).collect(),
        at: head.at,
        registered: shown.registered,
        cosigners: shown.cosigners.into_iter().map(|(name, time)| Cosigner { name, time }).collect(),
        state,
    }))
}

fn contradicted(conviction: Conviction, is_named: bool) -> Contradicted {
    Contradicted {
        register: Register {
            genesis: conviction.register,
            voice: VoiceName::of(&conviction.register).to_string(),
            origin: None,
            is_exercise: conviction.exercise,
            is_asked_for: is_named,
        },
        kind: conviction.kind.to_string(),
        number: conviction.kind.number(),
        says: conviction.sentence(),
        convicts: conviction.convicts != Convict::Nobody,
        facts: conviction.facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
    }
}
