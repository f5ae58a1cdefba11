//! The body of each kind of act: what replay needs, and nothing that a person wrote.

pub(crate) mod sense;

use serde::{Deserialize, Serialize};
use terms::{ActId, Capacity, Code, Custody, Hash, Instant, Item, Kind, Origin, ParticipantId, SignerName};

use crate::value::{
    AnnexRef, FieldValue, Fields, File, GrantRef, KeySet, MatterRef, NoteText, Office, RecipientText,
    StrandName, Vkey, Window,
};

macro_rules! bodies {
    ($($(#[$doc:meta])* $variant:ident($body:ident)),+ $(,)?) => {
        /// What an act does, with all that it says.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Body { $($(#[$doc])* $variant($body)),+ }

        impl Body {
            /// The kind.
            #[must_use]
            pub const fn kind(&self) -> Kind {
                match self { $(Body::$variant(_) => Kind::$variant),+ }
            }

            /// Reads the body of an act of this kind.
            ///
            /// # Errors
            ///
            /// The first fault, with its column in `json`.
            pub(crate) fn read(kind: Kind, json: &str) -> Result<Body, serde_json::Error> {
                match kind { $(Kind::$variant => serde_json::from_str(json).map(Body::$variant)),+ }
            }


            /// The JSON Schema of the body of each kind.
            #[cfg(feature = "schema")]
            #[must_use]
            pub fn schemas() -> Vec<(Kind, schemars::Schema)> {
                vec![$((Kind::$variant, schemars::schema_for!($body))),+]
            }
        }

        /// Its members, without the kind.
        impl Serialize for Body {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self { $(Body::$variant(body) => body.serialize(serializer)),+ }
            }
        }
    };
}

bodies! {
    /// Founds the register.
    Genesis(Genesis),
    /// Gives a key a capacity, or a vacant seat its roots.
    Enrol(Enrol),
    /// Ends a key.
    Revoke(Revoke),
    /// Ends a key and takes back what it signed lately.
    Disown(Disown),
    /// Gives a participant new roots.
    Recover(Recover),
    /// A cosigned checkpoint.
    Mark(Mark),
    /// A stamp, as an act of its own.
    Intake(IntakeBody),
    /// A witness's freeze.
    Freeze(Freeze),
    /// A new registrar's key.
    Succeed(Succeed),
    /// Opens a matter.
    Open(Open),
    /// A step.
    Step(Step),
    /// Changes fields.
    Correct(Correct),
    /// Takes an entry back.
    Withdraw(Withdraw),
    /// Many reports as a table.
    Batch(Batch),
    /// Offers exhibits.
    Offer(Offer),
    /// Grants an exhibit.
    Grant(Grant),
    /// Holds sealed bytes.
    Keep(Keep),
    /// Opened an exhibit.
    Opened(Opened),
    /// Answers an exhibit.
    Answer(Answer),
    /// Can't open an exhibit.
    Challenge(Challenge),
    /// An arbiter's decision.
    Rule(Rule),
    /// Must not be destroyed yet.
    Hold(Hold),
    /// Destroyed its copy.
    Destroy(Destroy),
    /// More time.
    Extend(Extend),
    /// A pause.
    Suspend(Suspend),
    /// The pause ends.
    Resume(Resume),
    /// Could not be reached.
    Cut(Cut),
    /// Back to a state it was in.
    SetAside(SetAside),
    /// Delivered to somebody.
    Serve(Serve),
    /// On somebody's behalf.
    Transcribe(Transcribe),
    /// What was transcribed is right.
    Confirm(Confirm),
    /// Who a person is was looked into.
    Screen(Screen),
    /// May be shown to the public.
    Publish(Publish),
}

impl Body {
    /// The matter that it speaks in; none of an opening, whose matter is named by its act.
    #[must_use]
    pub const fn matter(&self) -> Option<MatterRef> {
        match self {
            Body::Step(step) => Some(step.matter),
            Body::Correct(correct) => Some(correct.matter),
            Body::Withdraw(withdraw) => withdraw.matter,
            Body::Extend(extend) => Some(extend.matter),
            Body::Suspend(suspend) => Some(suspend.matter),
            Body::Resume(resume) => Some(resume.matter),
            Body::SetAside(set_aside) => Some(set_aside.matter),
            Body::Publish(publish) => publish.matter,
            Body::Transcribe(transcribe) => match &transcribe.what {
                Transcribed::Step(step) => Some(step.matter),
                Transcribed::Open(_) => None,
            },
            Body::Genesis(_)
            | Body::Enrol(_)
            | Body::Revoke(_)
            | Body::Disown(_)
            | Body::Recover(_)
            | Body::Mark(_)
            | Body::Intake(_)
            | Body::Freeze(_)
            | Body::Succeed(_)
            | Body::Open(_)
            | Body::Batch(_)
            | Body::Offer(_)
            | Body::Grant(_)
            | Body::Keep(_)
            | Body::Opened(_)
            | Body::Answer(_)
            | Body::Challenge(_)
            | Body::Rule(_)
            | Body::Hold(_)
            | Body::Destroy(_)
            | Body::Cut(_)
            | Body::Serve(_)
            | Body::Confirm(_)
            | Body::Screen(_) => None,
        }
    }
}

macro_rules! body {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $ty:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(deny_unknown_fields, rename_all = "kebab-case", expecting = "an object")]
        pub struct $name { $($(#[$field_doc])* pub $field: $ty),* }
    };
}

impl Body {
    /// The plain texts that it names, in every copy.
    #[must_use]
    pub fn annexes(&self) -> Vec<AnnexRef> {
        let in_fields = |fields: &Fields| {
            let annexes = fields.values().filter_map(|value| match value {
                FieldValue::Annex(annex) => Some(*annex),
                _ => None,
            });
            annexes.collect()
        };
        match self {
            Body::Genesis(genesis) => {
                let annexes = &genesis.annexes;
                vec![annexes.instrument, annexes.library, annexes.policy]
            }
            Body::Batch(batch) => batch.annex.into_iter().collect(),
            Body::Publish(publish) => publish.annex.into_iter().collect(),
            Body::Succeed(succeed) => succeed.policy.into_iter().collect(),
            Body::Open(open) => in_fields(&open.fields),
            Body::Step(step) => in_fields(&step.fields),
            Body::Correct(correct) => in_fields(&correct.fields),
            Body::Transcribe(transcribe) => match &transcribe.what {
                Transcribed::Open(open) => in_fields(&open.fields),
                Transcribed::Step(step) => in_fields(&step.fields),
            },
            _ => Vec::new(),
        }
    }
}

body! {
    /// Entry 0. Its text's hash is the register's name for ever.
    Genesis {
        /// The register's name in notes; the same as in line 1.
        origin: Origin,
        /// The rules version under which it is replayed.
        rules: u32,
        /// Whether it is an exercise: then every page, print and message says so.
        exercise: bool,
        /// The plain texts that replay needs.
        annexes: GenesisAnnexes,
        /// The registrar's key, type 0x01 under the name `origin/registrar`; the same key pair signs
        /// checkpoints and receipts.
        registrar: Vkey,
        /// Who founds it, each with its roots, in the order of their ids.
        founders: Vec<Seat>,
    }
}

body! {
    /// The three annexes of a genesis.
    GenesisAnnexes {
        /// The instrument, TOML.
        instrument: AnnexRef,
        /// The library of procedures: all files joined in name order.
        library: AnnexRef,
        /// The witness policy, a C2SP tlog-policy.
        policy: AnnexRef,
    }
}

body! {
    /// A participant and the keys that speak for it when keys are at stake.
    Seat {
        /// Who.
        participant: ParticipantId,
        /// Its roots.
        roots: KeySet,
        /// Its recovery keys; without them guarantors recover.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        recovery: Option<KeySet>,
    }
}

/// Enrols a key of one's own, or votes to seat another.
#[expect(clippy::large_enum_variant, reason = "it is read, matched and dropped: never held in numbers")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, expecting = "an object with `key` or `seat`")]
pub enum Enrol {
    /// A key of the participant whose roots sign.
    Key(KeyEnrolment),
    /// The roots of a participant that has none.
    Seat(Seat),
}

body! {
    /// One key and what it may do.
    KeyEnrolment {
        /// Which of the participant's keys; never used for two.
        label: Code,
        /// What it may do.
        capacity: Capacity,
        /// The signing key: type 0x01, or for an intake key 0xff `mithaq/intake/v1`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        vkey: Option<Vkey>,
        /// The passkey: alone it is the officer's key; beside `vkey` it must be there too.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        passkey: Option<Passkey>,
        /// The age recipient of a `seal` key.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        recipient: Option<RecipientText>,
        /// Where the secret lies.
        custody: Custody,
        /// The office that holds it.
        office: Office,
        /// The nominating note, sealed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<File>,
    }
}

body! {
    /// A passkey, and where its assertions may be made.
    Passkey {
        /// Type 0xff `mithaq/webauthn/v1`.
        vkey: Vkey,
        /// The relying party's id.
        rp: HostName,
        /// The origins it may be used at, at most 8.
        origins: Vec<WebOrigin>,
    }
}

body! {
    /// Ends a key, from this entry's index on. What it signed before stands.
    Revoke {
        /// Which of the participant's keys.
        label: Code,
    }
}

/// Ends a key and takes back what it signed lately; or disowns what was transcribed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, expecting = "an object with `key` or `act`")]
pub enum Disown {
    /// A key of one's own, by one's roots.
    Key {
        /// Which.
        label: Code,
        /// The first `n` that is taken back.
        since: u64,
    },
    /// A transcribed act, by an officer.
    Act(ActId),
}

body! {
    /// New roots for a participant: by its recovery keys, or by every other guarantor.
    Recover {
        /// Who.
        participant: ParticipantId,
        /// The new roots.
        roots: KeySet,
        /// The new recovery keys.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        recovery: Option<KeySet>,
    }
}

body! {
    /// The registrar's mark.
    Mark {
        /// The checkpoint with its cosignatures, verbatim.
        checkpoint: NoteText,
    }
}

body! {
    /// A stamp that goes in by itself, before or after the act it names.
    IntakeBody {
        /// The act that was in this node's hands.
        act: ActId,
        /// The signing node's key.
        key: SignerName,
        /// When.
        time: Instant,
        /// Hash of this key's previous intake.
        previous: Hash,
        /// The signature of the intake line, base64.
        signature: SignatureText,
    }
}

body! {
    /// A witness's freeze, verbatim.
    Freeze {
        /// The freeze note.
        note: NoteText,
    }
}

body! {
    /// The register goes on under another registrar's key, from the largest size frozen.
    Succeed {
        /// The freezes, verbatim.
        freezes: Vec<NoteText>,
        /// The size from which it goes on.
        size: u64,
        /// The root at that size.
        root: Hash,
        /// The new registrar's key.
        registrar: Vkey,
        /// A new witness policy.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        policy: Option<AnnexRef>,
        /// Clocks that ran out meanwhile and are set aside.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        set_aside: Vec<SetAside>,
    }
}

/// How freely a matter may be spoken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", expecting = "a word of its list")]
pub enum Tier {
    /// On record.
    #[default]
    Record,
    /// Only to those who took part; can't be cited; erased after a time.
    WithoutPrejudice,
}

body! {
    /// Opens a matter.
    Open {
        /// By which procedure of the instrument.
        procedure: Code,
        /// The first tier of the procedure, if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tier: Option<Tier>,
        /// The procedure's fields.
        #[serde(default, skip_serializing_if = "Fields::is_empty")]
        fields: Fields,
        /// Which of the products of strand fields; all, if absent.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        strands: Vec<StrandName>,
        /// What is handed over with it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<File>,
    }
}

body! {
    /// A step in a matter.
    Step {
        /// Which matter.
        matter: MatterRef,
        /// Which of its strands; may be left out where there is one.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        strands: Vec<StrandName>,
        /// Which step of the procedure.
        step: Code,
        /// Which of its choices.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        choice: Option<Code>,
        /// Fields that it fills or changes.
        #[serde(default, skip_serializing_if = "Fields::is_empty")]
        fields: Fields,
        /// What is handed over with it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<File>,
    }
}

body! {
    /// Other values for fields of one's own entry.
    Correct {
        /// The matter that it opened, or is a step in.
        matter: MatterRef,
        /// The entry.
        entry: ActId,
        /// The new values.
        fields: Fields,
    }
}

body! {
    /// Marks one's own entry as withdrawn, and takes back a voice that waits for others.
    Withdraw {
        /// The matter that it opened, or is a step in; absent for an offer or a table.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        matter: Option<MatterRef>,
        /// The entry.
        entry: ActId,
    }
}

body! {
    /// A table of many reports: one entry, one annex or exhibit.
    Batch {
        /// What its rows are, as `historical-events`.
        table: Code,
        /// How many rows; the head is not counted.
        rows: u64,
        /// The time that the rows lie in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        window: Option<Window>,
        /// What was public already, as an annex.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        annex: Option<AnnexRef>,
        /// Else sealed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file: Option<File>,
    }
}

body! {
    /// Exhibits outside a matter.
    Offer {
        /// The exhibits.
        files: Vec<File>,
    }
}

body! {
    /// More grants of an exhibit: to others, or instead of one that was wrong.
    Grant {
        /// Which exhibit.
        exhibit: Item,
        /// To whom.
        grants: Vec<GrantRef>,
    }
}

body! {
    /// Another participant's sealed bytes are held here.
    Keep {
        /// Which.
        exhibits: Vec<Item>,
    }
}

body! {
    /// An addressee opened an exhibit; recipient, hash and commitment agree.
    Opened {
        /// Which.
        exhibit: Item,
    }
}

body! {
    /// An answer to an exhibit.
    Answer {
        /// Which.
        exhibit: Item,
        /// What the answer says of it, as a code; what else there is to say is a file.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        choice: Option<Code>,
        /// The answer's own exhibits.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<File>,
    }
}

/// Why an exhibit could not be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", expecting = "a word of its list")]
pub enum ChallengeGround {
    /// The grant is not sealed to the addressee's keys.
    GrantNotForMe,
    /// The grant is no grant, or is for another exhibit.
    GrantWrong,
    /// The sealed bytes were never to be had, or are not those of the act.
    SealedMissing,
    /// The sealed bytes don't open with the grant.
    DoesNotOpen,
    /// What comes out is not what was committed to.
    CommitmentDiffers,
}

body! {
    /// An addressee can't open an exhibit.
    Challenge {
        /// Which.
        exhibit: Item,
        /// Why.
        ground: ChallengeGround,
    }
}

/// What the arbiter says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", expecting = "a word of its list")]
pub enum RuleOutcome {
    /// The challenge is right.
    Upheld,
    /// The challenge is not right.
    NotUpheld,
    /// The exhibit puts a person in danger.
    Danger,
}

body! {
    /// An arbiter's decision about an exhibit.
    Rule {
        /// Which.
        exhibit: Item,
        /// What is decided.
        outcome: RuleOutcome,
        /// The challenge that it decides; absent for `danger`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        challenge: Option<ActId>,
    }
}

body! {
    /// An exhibit must not be destroyed before a time.
    Hold {
        /// Which.
        exhibit: Item,
        /// Until when; a hold without an end would be a decision without a decider.
        until: Instant,
    }
}

/// Why a holder destroys its copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", expecting = "a word of its list")]
pub enum DestroyGround {
    /// A person is in danger; found so by the monitor, or where there is none by a guarantor.
    Danger,
    /// Its time is over, or it is needed no more.
    Ended,
}

body! {
    /// A holder destroyed its copy.
    Destroy {
        /// Which.
        exhibit: Item,
        /// Why.
        ground: DestroyGround,
    }
}

body! {
    /// More time on a clock.
    Extend {
        /// Which matter.
        matter: MatterRef,
        /// Which strands.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        strands: Vec<StrandName>,
        /// Whose clock.
        step: Code,
        /// How much, in seconds.
        seconds: u64,
    }
}

body! {
    /// A pause of a matter's clocks, with an end.
    Suspend {
        /// Which matter.
        matter: MatterRef,
        /// Which strands.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        strands: Vec<StrandName>,
        /// How long, in seconds.
        seconds: u64,
    }
}

body! {
    /// A pause ends early.
    Resume {
        /// Which matter.
        matter: MatterRef,
        /// Which strands.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        strands: Vec<StrandName>,
    }
}

body! {
    /// A participant could not be reached.
    Cut {
        /// Who.
        participant: ParticipantId,
        /// From when.
        from: Instant,
        /// Until when.
        to: Instant,
    }
}

body! {
    /// A strand goes back to a state that it was in.
    SetAside {
        /// Which matter.
        matter: MatterRef,
        /// Which strands.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        strands: Vec<StrandName>,
        /// To which state.
        to: Code,
    }
}

body! {
    /// An act was delivered to somebody, by hand or on paper.
    Serve {
        /// Which act.
        act: ActId,
        /// To whom.
        on: ParticipantId,
    }
}

/// What is done on somebody's behalf.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, expecting = "an object with `open` or `step`")]
pub enum Transcribed {
    /// An opening.
    Open(Open),
    /// A step.
    Step(Step),
}

body! {
    /// On behalf of a participant that does not log in. Never counted as its signature.
    Transcribe {
        /// On whose behalf.
        #[serde(rename = "for")]
        on_behalf_of: ParticipantId,
        /// What it did.
        #[serde(rename = "does")]
        what: Transcribed,
    }
}

body! {
    /// What was transcribed is right.
    Confirm {
        /// The transcribing act.
        act: ActId,
    }
}

/// What looking into a person came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", expecting = "a word of its list")]
pub enum ScreenResult {
    /// Nobody on the list.
    NoMatch,
    /// Not to be told apart with what is known.
    Unclear,
    /// Somebody on the list.
    Match,
}

body! {
    /// People looked into who holds a key.
    Screen {
        /// Whose key.
        key: SignerName,
        /// Against which excluded group.
        list: Code,
        /// What came of it.
        result: ScreenResult,
    }
}

body! {
    /// May be shown to the public: a matter's existence and state, or a text.
    Publish {
        /// A matter.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        matter: Option<MatterRef>,
        /// A text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        annex: Option<AnnexRef>,
    }
}

macro_rules! checked_text {
    ($(#[$doc:meta])* $name:ident, $what:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
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
                let check: fn(&str) -> bool = $check;
                if check(&text) { Ok($name(text)) } else { Err(concat!("expected ", $what)) }
            }
        }
    };
}

fn is_host(text: &str) -> bool {
    (1..=253).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.'))
}

checked_text!(
    /// A relying party's id: a host's name, lower case.
    HostName, "a host's name, as `desk.example`", is_host
);
checked_text!(
    /// A web origin, `https://desk.example`, with a port where it has one.
    WebOrigin, "a web origin, as `https://desk.example`", |text| {
        // Without TLS a browser gives out passkeys on the machine itself only: names of RFC 6761 §6.3.
        let local = |host: &str| host == "localhost" || host.ends_with(".localhost");
        let (is_plain, rest) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
            (Some(rest), _) => (false, rest),
            (None, Some(rest)) => (true, rest),
            (None, None) => return false,
        };
        let (host, port) = rest.split_once(':').unwrap_or((rest, "1"));
        if is_plain && !local(host) {
            return false;
        }
        is_host(host) && port.parse::<u16>().is_ok_and(|number| number > 0 && number.to_string() == port)
    }
);
checked_text!(
    /// 64 bytes of an Ed25519 signature in base64.
    SignatureText, "an Ed25519 signature in base64", |text| terms::base64::decode_array::<64>(text).is_some()
);

#[cfg(feature = "schema")]
mod schema {
    use super::{HostName, SignatureText, WebOrigin};
    terms::schema_as_text!(HostName, WebOrigin, SignatureText);
}

/// One body in forms that no one reads: as the text that it has in its act, so that it is read by the one rule for that.
pub mod as_text {
    use serde::de::{DeserializeOwned, Error as _};
    use serde::ser::Error as _;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// Writes it.
    ///
    /// # Errors
    ///
    /// What the serializer says.
    pub fn serialize<T: Serialize, S: Serializer>(body: &T, to: S) -> Result<S::Ok, S::Error> {
        serde_json::to_string(body).map_err(S::Error::custom)?.serialize(to)
    }

    /// Reads it.
    ///
    /// # Errors
    ///
    /// It is not the text of such a body.
    pub fn deserialize<'de, T: DeserializeOwned, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
        serde_json::from_str(&String::deserialize(from)?).map_err(D::Error::custom)
    }
}

/// The same for a body of any kind, with its kind.
pub mod any_as_text {
    use serde::de::Error as _;
    use serde::ser::Error as _;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use terms::Kind;

    use super::Body;

    /// Writes it.
    ///
    /// # Errors
    ///
    /// What the serializer says.
    pub fn serialize<S: Serializer>(body: &Body, to: S) -> Result<S::Ok, S::Error> {
        (body.kind(), serde_json::to_string(body).map_err(S::Error::custom)?).serialize(to)
    }

    /// Reads it.
    ///
    /// # Errors
    ///
    /// It is not the text of a body of this kind.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Body, D::Error> {
        let (kind, text) = <(Kind, String)>::deserialize(from)?;
        Body::read(kind, &text).map_err(D::Error::custom)
    }
}
