//! The values that a body may hold. None of them can carry a sentence: a code, a number, a time, a
//! place, a name of something that stands elsewhere.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use note::{Note, VerifierKey};
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use terms::{ActId, Code, Hash, Instant, Item, ParticipantId, Place};

macro_rules! text_newtype {
    ($name:ident) => {
        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl From<$name> for String {
            fn from(text: $name) -> String {
                text.0
            }
        }
        impl TryFrom<String> for $name {
            type Error = &'static str;
            fn try_from(text: String) -> Result<$name, Self::Error> {
                $name::new(text)
            }
        }
    };
}

/// The office that holds a key: 1 to 80 characters. The one free string in any act; it is compared
/// with the exclusion list, and the person's name is in the sealed nominating note only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Office(String);

impl Office {
    /// Reads an office.
    ///
    /// # Errors
    ///
    /// It is empty, begins or ends with a space, holds a line feed or a space other than U+0020, or is
    /// longer than 80 characters.
    pub fn new(text: String) -> Result<Office, &'static str> {
        let good = (1..=80).contains(&text.chars().count())
            && !text.chars().any(|c| c != ' ' && note::name::is_space(c))
            && !text.starts_with(' ')
            && !text.ends_with(' ');
        if good {
            Ok(Office(text))
        } else {
            Err("expected an office of 1 to 80 characters, as `Liaison office`")
        }
    }
}
text_newtype!(Office);

/// An age recipient, `age1…`. Of an open type: later kinds, as a hybrid post-quantum one, are longer
/// and begin alike.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RecipientText(String);

impl RecipientText {
    /// Reads a recipient: `age1` and up to 2,000 characters of bech32.
    ///
    /// # Errors
    ///
    /// It has another form.
    pub fn new(text: String) -> Result<RecipientText, &'static str> {
        const BECH32: &[u8] = b"023456789acdefghjklmnpqrstuvwxyz1";
        let rest = text.strip_prefix("age1").unwrap_or_default();
        if (1..=2000).contains(&rest.len()) && rest.bytes().all(|b| BECH32.contains(&b)) {
            Ok(RecipientText(text))
        } else {
            Err("expected an age recipient, as `age1…`")
        }
    }
}
text_newtype!(RecipientText);

/// Most signature lines of a note inside an act: what every reader of notes must accept.
pub const NOTE_LINES_MAX: usize = 16;

/// A whole note inside an act: a mark's checkpoint, a freeze. Kept verbatim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NoteText(String);

impl NoteText {
    /// Takes a note.
    ///
    /// # Errors
    ///
    /// It is none, or has more than [`NOTE_LINES_MAX`] signature lines.
    pub fn new(text: String) -> Result<NoteText, &'static str> {
        match Note::parse(text.as_bytes(), NOTE_LINES_MAX) {
            Ok(_) => Ok(NoteText(text)),
            Err(_) => Err("expected a signed note, with its signature lines"),
        }
    }

    /// The note, with text and lines apart.
    ///
    /// # Errors
    ///
    /// Never, since [`NoteText::new`] read it already.
    pub fn read(&self) -> Result<Note, note::NoteError> {
        Note::parse(self.0.as_bytes(), NOTE_LINES_MAX)
    }
}
text_newtype!(NoteText);

/// A key as it travels: C2SP's `name+id+base64`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vkey(pub VerifierKey);

impl Serialize for Vkey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Vkey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vkey, D::Error> {
        let text = String::deserialize(deserializer)?;
        VerifierKey::parse(&text).map(Vkey).map_err(serde::de::Error::custom)
    }
}

/// A plain text that is in every copy: its hash and its size in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, expecting = "an object")]
pub struct AnnexRef {
    /// SHA-256 of the bytes.
    pub sha256: Hash,
    /// How many bytes, 1 to [`ANNEX_BYTES_MAX`].
    pub size: u64,
}

/// The longest annex, in bytes: it is in every copy.
pub const ANNEX_BYTES_MAX: u64 = 64 << 20;

/// A sealed file: what the register knows of an exhibit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, expecting = "an object")]
pub struct File {
    /// SHA-256 of the sealed bytes, and their name in the folder `sealed/`.
    pub sealed: Hash,
    /// How many sealed bytes.
    pub size: u64,
    /// The one-off age recipient that it is sealed to.
    pub recipient: RecipientText,
    /// SHA-256(`mithaq.exhibit/v1\n` ‖ genesis ‖ u8 length ‖ filer ‖ salt ‖ plain).
    pub commitment: Hash,
    /// Who can open it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grants: Vec<GrantRef>,
}

/// One participant's way into an exhibit: an age identity file, sealed to that participant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, expecting = "an object")]
pub struct GrantRef {
    /// Whom it is sealed to.
    pub to: ParticipantId,
    /// SHA-256 of the sealed grant, and its name in the folder `grant/`.
    pub sealed: Hash,
    /// How many sealed bytes.
    pub size: u64,
}

/// Keys of which `k` together sign: a participant's roots, or its recovery keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, expecting = "an object")]
pub struct KeySet {
    /// How many must sign, 1 to the number of keys.
    pub k: u32,
    /// The keys, at most 15.
    pub keys: Vec<Vkey>,
}

/// A stretch of time, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, expecting = "an object")]
pub struct Window {
    /// Its first second.
    pub start: Instant,
    /// Its last second.
    pub end: Instant,
}

/// A single word in a field: it names something, it never says anything.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Word {
    /// A code, a participant, a provision.
    Code(Code),
    /// A time.
    Instant(Instant),
    /// A matter, by the act that opened it; or an annex, by its hash.
    Hash(Hash),
    /// A part of an act.
    Item(Item),
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Word::Code(code) => code.fmt(f),
            Word::Instant(instant) => instant.fmt(f),
            Word::Hash(hash) => hash.fmt(f),
            Word::Item(item) => item.fmt(f),
        }
    }
}

terms::text_in_json!(Word);

impl FromStr for Word {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Word, Self::Err> {
        Code::new(text)
            .map(Word::Code)
            .or_else(|| Instant::parse(text).map(Word::Instant))
            .or_else(|| Hash::from_base64(text).map(Word::Hash))
            .or_else(|| Item::new(text).map(Word::Item))
            .ok_or("expected a code, a time, or the id of an act: a field holds no sentence")
    }
}

/// The value of a field of a matter: a string, a number, a list, or one of three objects.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(untagged))]
pub enum FieldValue {
    /// One word.
    One(Word),
    /// A count.
    Count(u64),
    /// Several words.
    Several(Vec<Word>),
    /// A stretch of time.
    Window(Window),
    /// A place.
    Place(Place),
    /// A text, as an annex.
    Annex(AnnexRef),
}

impl Serialize for FieldValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !serializer.is_human_readable() {
            return Plain::serialize(self, serializer);
        }
        match self {
            FieldValue::One(word) => word.serialize(serializer),
            FieldValue::Count(count) => count.serialize(serializer),
            FieldValue::Several(words) => words.serialize(serializer),
            FieldValue::Window(window) => window.serialize(serializer),
            FieldValue::Place(place) => place.serialize(serializer),
            FieldValue::Annex(annex) => annex.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for FieldValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<FieldValue, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_any(FieldVisitor)
        } else {
            Plain::deserialize(deserializer)
        }
    }
}

/// A field's value in a form that no one reads, and that does not say by itself what it is: with the number of its kind.
#[derive(Serialize, Deserialize)]
#[serde(remote = "FieldValue")]
enum Plain {
    One(Word),
    Count(u64),
    Several(Vec<Word>),
    Window(Window),
    Place(Place),
    Annex(AnnexRef),
}

struct FieldVisitor;

/// The members of the objects that a field can be.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct FieldObject {
    start: Option<Instant>,
    end: Option<Instant>,
    lat_e7: Option<i64>,
    lon_e7: Option<i64>,
    radius_m: Option<u64>,
    sha256: Option<Hash>,
    size: Option<u64>,
}

impl<'de> Visitor<'de> for FieldVisitor {
    type Value = FieldValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a word, a count, a list of words, a window, a place or an annex")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<FieldValue, E> {
        text.parse().map(FieldValue::One).map_err(E::custom)
    }

    fn visit_u64<E: de::Error>(self, count: u64) -> Result<FieldValue, E> {
        Ok(FieldValue::Count(count))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<FieldValue, A::Error> {
        let mut words = Vec::new();
        while let Some(word) = list.next_element()? {
            words.push(word);
        }
        Ok(FieldValue::Several(words))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<FieldValue, A::Error> {
        match FieldObject::deserialize(MapAccessDeserializer::new(map))? {
            FieldObject {
                start: Some(start),
                end: Some(end),
                lat_e7: None,
                lon_e7: None,
                radius_m: None,
                sha256: None,
                size: None,
            } => Ok(FieldValue::Window(Window { start, end })),
            FieldObject {
                start: None,
                end: None,
                lat_e7: Some(lat_e7),
                lon_e7: Some(lon_e7),
                radius_m: Some(radius_m),
                sha256: None,
                size: None,
            } => Ok(FieldValue::Place(Place { lat_e7, lon_e7, radius_m })),
            FieldObject {
                start: None,
                end: None,
                lat_e7: None,
                lon_e7: None,
                radius_m: None,
                sha256: Some(sha256),
                size: Some(size),
            } => Ok(FieldValue::Annex(AnnexRef { sha256, size })),
            _ => Err(de::Error::custom(
                "expected a window (`start`, `end`), a place (`lat-e7`, `lon-e7`, `radius-m`) or an annex \
                 (`sha256`, `size`)",
            )),
        }
    }
}

/// The fields of a matter, by name.
pub type Fields = BTreeMap<Code, FieldValue>;

/// How an act names a matter: by the act that opened it, or as `ID#m1` if a step opened it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MatterRef {
    /// Opened by an `open` (or a transcribed one).
    Opened(ActId),
    /// Opened by a step.
    ByStep(Item),
}

impl fmt::Display for MatterRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MatterRef::Opened(act) => act.fmt(f),
            MatterRef::ByStep(item) => item.fmt(f),
        }
    }
}

impl fmt::Debug for MatterRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

terms::text_in_json!(MatterRef);

impl FromStr for MatterRef {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<MatterRef, Self::Err> {
        if let Some(hash) = Hash::from_base64(text) {
            return Ok(MatterRef::Opened(ActId(hash)));
        }
        match Item::new(text) {
            Some(item) if matches!(item.part, terms::ItemPart::Matter(_)) => Ok(MatterRef::ByStep(item)),
            _ => Err("expected a matter: the id of the act that opened it, or `ID#m1`"),
        }
    }
}

/// The name of a strand: its values, `islamabad` or `islamabad:p1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct StrandName(String);

impl StrandName {
    /// Reads a strand's name: 1 to 4 codes, joined by colons.
    ///
    /// # Errors
    ///
    /// It has another form.
    pub fn new(text: String) -> Result<StrandName, &'static str> {
        let good =
            (1..=4).contains(&text.split(':').count()) && text.split(':').all(|p| Code::new(p).is_some());
        if good { Ok(StrandName(text)) } else { Err("expected a strand, as `north` or `north:p1`") }
    }
}
text_newtype!(StrandName);

#[cfg(feature = "schema")]
mod schema {
    use super::{MatterRef, NoteText, Office, RecipientText, StrandName, Vkey, Word};
    terms::schema_as_text!(Office, RecipientText, NoteText, Vkey, Word, MatterRef, StrandName);
}
