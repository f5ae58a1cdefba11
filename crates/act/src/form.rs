//! The two lines of an act.
//!
//! ```text
//! mithaq.act/v1 register.example/river-accord 8SbZ…= (or `genesis`)
//! {"kind":"keep","by":"harbour","signers":["harbour/desk-1"],"n":3,"prev":"…","seen":{…},"at":"…","body":{…}}
//! ```

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use terms::{ActId, Claimed, Hash, Kind, Origin, ParticipantId, SignerName};

use crate::body::Body;
use crate::json::{self, JsonFault};

/// The first word of every act.
pub const DOMAIN: &str = "mithaq.act/v1";

/// The longest text of an act, in bytes.
pub const TEXT_BYTES_MAX: usize = 48 * 1024;

/// Most signers of an act; of a genesis [`GENESIS_SIGNERS_MAX`].
pub const SIGNERS_MAX: usize = 15;

/// Most signers of a genesis.
pub const GENESIS_SIGNERS_MAX: usize = 63;

/// Whose act it is: a participant's, or the registrar's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// Whoever runs the register.
    Registrar,
    /// A participant.
    Participant(ParticipantId),
}

impl By {
    /// The participant, if it is not the registrar.
    #[must_use]
    pub const fn participant(&self) -> Option<&ParticipantId> {
        match self {
            By::Registrar => None,
            By::Participant(participant) => Some(participant),
        }
    }
}

impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            By::Registrar => f.write_str("registrar"),
            By::Participant(participant) => participant.fmt(f),
        }
    }
}

impl FromStr for By {
    type Err = String;

    fn from_str(text: &str) -> Result<By, String> {
        if text == "registrar" { Ok(By::Registrar) } else { text.parse().map(By::Participant) }
    }
}

terms::text_in_json!(By);

/// The largest checkpoint that the author had checked, with its quorum, when it signed (TIME T4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object with `size` and `root`")]
pub struct Seen {
    /// Entries below this were in its hands.
    pub size: u64,
    /// The root at that size.
    pub root: Hash,
}

/// What every act says, whatever its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Whose act it is.
    pub by: By,
    /// Whose keys sign, in the order of their lines. The first has the chain.
    pub signers: Vec<SignerName>,
    /// Rises with each act of the first signer's key; from 1.
    pub n: u64,
    /// The key's last act in the register; absent on its first.
    pub prev: Option<ActId>,
    /// Absent before the first mark.
    pub seen: Option<Seen>,
    /// When, as the author says.
    pub at: Claimed,
}

/// An act that is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The register's name.
    pub origin: Origin,
    /// The hash of its genesis; none for the genesis itself.
    pub genesis: Option<Hash>,
    /// What every act says.
    pub head: Head,
    /// What this one says.
    pub body: Body,
}

/// An act, as read from its text. It is well-formed in itself; that its keys, `n` and `prev` fit, the
/// register decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    text: String,
    id: ActId,
    draft: Draft,
}

/// What is wrong with an act's text, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormFault {
    /// Line 1 or 2.
    pub line: u32,
    /// The byte in the line, from 1.
    pub column: usize,
    /// What is wrong.
    pub what: FormFaultKind,
}

/// The ways in which a text is no act. Closed: each convicts a registrar that lets it in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormFaultKind {
    /// More than [`TEXT_BYTES_MAX`] bytes.
    TooLong,
    /// Not two lines, each ending in a line feed.
    NotTwoLines,
    /// Line 1 is not `mithaq.act/v1 ORIGIN GENESIS`.
    FirstLine,
    /// Line 2 is not strict JSON.
    Json(JsonFault),
    /// Line 2 is JSON, and not of the shape that its kind has.
    Shape(String),
    /// The path to what is spelled in a second way: `null` or an empty list for what is absent, a list
    /// for an object.
    Spelling(String),
    /// `genesis` stands in line 1 of another kind, or a hash in that of a genesis.
    GenesisWord,
    /// `n` is 0.
    NumberZero,
    /// No signer, too many, one twice, or one of somebody else.
    Signers,
    /// A body that has its shape and makes no sense in itself: the sentence says why.
    Body(&'static str),
}

impl FormFaultKind {
    /// A stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            FormFaultKind::TooLong => "act::text_too_long",
            FormFaultKind::NotTwoLines => "act::not_two_lines",
            FormFaultKind::FirstLine => "act::first_line",
            FormFaultKind::Json(fault) => fault.code(),
            FormFaultKind::Shape(_) => "act::shape",
            FormFaultKind::Spelling(_) => "act::spelling",
            FormFaultKind::GenesisWord => "act::genesis_word",
            FormFaultKind::NumberZero => "act::number_zero",
            FormFaultKind::Signers => "act::signers",
            FormFaultKind::Body(_) => "act::body",
        }
    }
}

impl fmt::Display for FormFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.what)
    }
}

impl fmt::Display for FormFaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FormFaultKind::TooLong => write!(f, "the text is longer than {TEXT_BYTES_MAX} bytes"),
            FormFaultKind::NotTwoLines => f.write_str("an act is two lines, each ending in a line feed"),
            FormFaultKind::FirstLine => {
                write!(f, "expected `{DOMAIN}`, the origin, and the genesis hash or the word `genesis`")
            }
            FormFaultKind::Json(fault) => fault.fmt(f),
            FormFaultKind::Shape(what) => f.write_str(what),
            FormFaultKind::Spelling(path) => write!(
                f,
                "`{path}` has another spelling: what is absent is left out, never `null` or empty, and an object is no list"
            ),
            FormFaultKind::GenesisWord => {
                f.write_str("`genesis` stands in line 1 of the genesis, and of no other act")
            }
            FormFaultKind::NumberZero => f.write_str("`n` counts from 1"),
            FormFaultKind::Signers => {
                f.write_str("`signers` names one to fifteen keys, each once, all of the participant in `by`")
            }
            FormFaultKind::Body(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for FormFault {}

/// The head as it stands in JSON, its body not read yet.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "the object of an act")]
struct HeadOnWire<'a> {
    kind: Kind,
    by: By,
    signers: Vec<SignerName>,
    n: u64,
    #[serde(default, deserialize_with = "present")]
    prev: Option<ActId>,
    #[serde(default, deserialize_with = "present")]
    seen: Option<Seen>,
    at: Claimed,
    #[serde(borrow)]
    body: &'a RawValue,
}

/// Line 2 as it is written.
#[derive(Serialize)]
struct Line<'a> {
    kind: Kind,
    by: &'a By,
    signers: &'a [SignerName],
    n: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    prev: Option<ActId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seen: Option<Seen>,
    at: Claimed,
    body: &'a Body,
}

/// A field that may be left out, and is never `null`: one way to say one thing.
fn present<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

impl Act {
    /// Reads an act's text.
    ///
    /// # Errors
    ///
    /// The first fault, with its place.
    pub fn parse(text: &str) -> Result<Act, FormFault> {
        Act::read(text.to_owned())
    }

    pub(crate) fn read(text: String) -> Result<Act, FormFault> {
        let fault = |line, column, what| FormFault { line, column, what };
        if text.len() > TEXT_BYTES_MAX {
            return Err(fault(1, TEXT_BYTES_MAX + 1, FormFaultKind::TooLong));
        }
        let mut lines = text.split('\n');
        let (Some(first), Some(second), Some(""), None) =
            (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(fault(1, 1, FormFaultKind::NotTwoLines));
        };
        let (origin, genesis) =
            read_first_line(first).ok_or_else(|| fault(1, 1, FormFaultKind::FirstLine))?;
        json::check(second).map_err(|(at, what)| fault(2, at + 1, FormFaultKind::Json(what)))?;

        let shape = |error: serde_json::Error, offset: usize| {
            fault(2, offset + error.column(), FormFaultKind::Shape(shape_message(&error)))
        };
        let wire: HeadOnWire<'_> = serde_json::from_str(second).map_err(|e| shape(e, 0))?;
        let raw = wire.body.get();
        // The raw body is a slice of the line, so its place is the distance of the two.
        let offset = raw.as_ptr() as usize - second.as_ptr() as usize;
        let body = Body::read(wire.kind, raw).map_err(|e| shape(e, offset))?;

        let draft = Draft {
            origin,
            genesis,
            head: Head {
                by: wire.by,
                signers: wire.signers,
                n: wire.n,
                prev: wire.prev,
                seen: wire.seen,
                at: wire.at,
            },
            body,
        };
        // The types take what they can; this makes sure that they took it in one way only.
        let place = |name: &str| second.find(&format!("\"{name}\"")).map_or(1, |at| at + 1);
        let other = json::other_spelling_of(second, &draft.line()).map_err(|e| shape(e, 0))?;
        if let Some(path) = other {
            let name = path.rsplit('.').next().unwrap_or_default();
            return Err(fault(2, place(name), FormFaultKind::Spelling(path)));
        }
        draft.check().map_err(|what| {
            let name = match &what {
                FormFaultKind::NumberZero => "n",
                FormFaultKind::Signers => "signers",
                FormFaultKind::GenesisWord => "kind",
                _ => "body",
            };
            fault(2, place(name), what)
        })?;
        Ok(Act { id: ActId::of_text(&text), text, draft })
    }

    /// The exact text that is signed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// SHA-256 of the text.
    #[must_use]
    pub const fn id(&self) -> ActId {
        self.id
    }

    /// The register's name.
    #[must_use]
    pub const fn origin(&self) -> &Origin {
        &self.draft.origin
    }

    /// The hash in line 1; none if this is a genesis.
    #[must_use]
    pub const fn genesis(&self) -> Option<Hash> {
        self.draft.genesis
    }

    /// The genesis hash of the register that this act belongs to: its own id's, if it founds it.
    #[must_use]
    pub fn register(&self) -> Hash {
        self.draft.genesis.unwrap_or(self.id.0)
    }

    /// What every act says.
    #[must_use]
    pub const fn head(&self) -> &Head {
        &self.draft.head
    }

    /// What this one says.
    #[must_use]
    pub const fn body(&self) -> &Body {
        &self.draft.body
    }

    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.draft.body.kind()
    }
}

fn read_first_line(line: &str) -> Option<(Origin, Option<Hash>)> {
    let mut words = line.split(' ');
    let (Some(DOMAIN), Some(origin), Some(genesis), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return None;
    };
    let genesis = if genesis == "genesis" { None } else { Some(Hash::from_base64(genesis)?) };
    Some((Origin::new(origin)?, genesis))
}

/// The sentence of a shape fault, without the place that serde puts behind it.
fn shape_message(error: &serde_json::Error) -> String {
    let text = json::said(error);
    text.rsplit_once(" at line ").map_or(text.clone(), |(message, _)| message.to_owned())
}

impl Draft {
    /// Writes the act.
    ///
    /// # Errors
    ///
    /// It is no act that [`Act::parse`] would read.
    pub fn write(&self) -> Result<Act, FormFault> {
        let unwritable = |e: serde_json::Error| FormFault {
            line: 2,
            column: 1,
            what: FormFaultKind::Shape(shape_message(&e)),
        };
        let line = serde_json::to_string(&self.line()).map_err(unwritable)?;
        let genesis = self.genesis.map_or_else(|| "genesis".to_owned(), |hash| hash.to_string());
        Act::read(format!("{DOMAIN} {} {genesis}\n{line}\n", self.origin))
    }

    fn line(&self) -> Line<'_> {
        let head = &self.head;
        Line {
            kind: self.body.kind(),
            by: &head.by,
            signers: &head.signers,
            n: head.n,
            prev: head.prev,
            seen: head.seen,
            at: head.at,
            body: &self.body,
        }
    }

    /// What can be seen from the act alone.
    fn check(&self) -> Result<(), FormFaultKind> {
        let kind = self.body.kind();
        if (kind == Kind::Genesis) != self.genesis.is_none() {
            return Err(FormFaultKind::GenesisWord);
        }
        if self.head.n == 0 {
            return Err(FormFaultKind::NumberZero);
        }
        if !self.signers_fit(kind) {
            return Err(FormFaultKind::Signers);
        }
        crate::body::sense::check(self).map_err(FormFaultKind::Body)
    }

    fn signers_fit(&self, kind: Kind) -> bool {
        let signers = &self.head.signers;
        let most = if kind == Kind::Genesis { GENESIS_SIGNERS_MAX } else { SIGNERS_MAX };
        let again = (1..signers.len().min(most)).any(|at| signers[..at].contains(&signers[at]));
        if signers.is_empty() || signers.len() > most || again {
            return false;
        }
        let of_author = |signer: &SignerName| match (&self.head.by, signer) {
            (By::Registrar, SignerName::Registrar) => true,
            (By::Participant(by), SignerName::Key { participant, .. }) => by == participant,
            _ => false,
        };
        if !of_author(&signers[0]) {
            return false;
        }
        match &self.body {
            // Each founder's roots sign beside the registrar.
            Body::Genesis(_) => signers[1..].iter().all(|s| s.participant().is_some()),
            // The new roots may sign another's vote to seat them.
            Body::Enrol(crate::body::Enrol::Seat(seat)) => {
                signers.iter().all(|s| of_author(s) || s.participant() == Some(&seat.participant))
            }
            _ => signers.iter().all(of_author),
        }
    }
}
