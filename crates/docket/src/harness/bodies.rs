//! What acts say, in one line each.

use act::Body;
use act::body::{
    Answer, Challenge, ChallengeGround, Cut, Destroy, DestroyGround, Disown, Enrol, Extend, Freeze, Grant,
    Hold, IntakeBody, Keep, Offer, Open, Opened, Resume, Revoke, Rule, RuleOutcome, Seat, Serve, SetAside,
    SignatureText, Step, Suspend, Transcribe, Transcribed,
};
use act::freeze::{FreezeBody, FreezeNote};
use act::value::{
    FieldValue, Fields, File, GrantRef, MatterRef, NoteText, RecipientText, StrandName, Vkey, Window, Word,
};
use note::{Intake, SigningKey, VerifierKey};
use terms::{ActId, Hash, Instant, Item, Origin, SignerName};

use super::world::{key, witness_name};
use super::{code, participant};

/// A field's value: a time, a window `START..END`, a number, codes with commas, or one code.
///
/// # Panics
///
/// If a word is none.
#[must_use]
pub fn value(text: &str, several: bool) -> FieldValue {
    let word = |text: &str| text.parse::<Word>().expect(text);
    if let Some((start, end)) = text.split_once("..") {
        return FieldValue::Window(Window { start: super::at(start), end: super::at(end) });
    }
    if !several {
        return FieldValue::One(word(text));
    }
    let mut words: Vec<Word> = text.split(',').map(word).collect();
    words.sort_by_key(Word::to_string);
    FieldValue::Several(words)
}

/// Opens a matter. Fields that hold several are named in the plural by a comma or a trailing one.
#[must_use]
pub fn open(procedure: &str, fields: Fields) -> Body {
    Body::Open(Open {
        procedure: code(procedure),
        tier: None,
        fields,
        strands: Vec::new(),
        files: Vec::new(),
    })
}

/// A notice to these guarantors.
#[must_use]
pub fn notice(told: &[&str]) -> Body {
    open("notice", Fields::from([(code("told"), value(&told.join(","), true))]))
}

/// A notice with files.
#[must_use]
pub fn notice_with(told: &[&str], files: Vec<File>) -> Body {
    match notice(told) {
        Body::Open(open) => Body::Open(Open { files, ..open }),
        other => other,
    }
}

/// A step in all these strands.
#[must_use]
pub fn step(matter: ActId, strands: &[&str], step: &str, choice: Option<&str>) -> Body {
    Body::Step(step_body(MatterRef::Opened(matter), strands, step, choice))
}

/// The same, to be filled further.
#[must_use]
pub fn step_body(matter: MatterRef, strands: &[&str], step: &str, choice: Option<&str>) -> Step {
    Step {
        matter,
        strands: strand_names(strands),
        step: code(step),
        choice: choice.map(code),
        fields: Fields::new(),
        files: Vec::new(),
    }
}

/// Names of strands.
///
/// # Panics
///
/// If one is none.
#[must_use]
fn strand_names(strands: &[&str]) -> Vec<StrandName> {
    strands.iter().map(|name| StrandName::new((*name).to_owned()).expect("a strand")).collect()
}

/// What somebody does, written down on its behalf.
///
/// # Panics
///
/// If it neither opens a matter nor takes a step.
#[must_use]
pub fn transcribe(party: &str, body: Body) -> Body {
    let what = match body {
        Body::Open(open) => Transcribed::Open(open),
        Body::Step(step) => Transcribed::Step(step),
        other => unreachable!("{:?} is not written down for others", other.kind()),
    };
    Body::Transcribe(Transcribe { on_behalf_of: participant(party), what })
}

/// More time.
#[must_use]
pub fn extend(matter: ActId, strands: &[&str], step: &str, seconds: u64) -> Body {
    let matter = MatterRef::Opened(matter);
    Body::Extend(Extend { matter, strands: strand_names(strands), step: code(step), seconds })
}

/// A pause.
#[must_use]
pub fn suspend(matter: ActId, strands: &[&str], seconds: u64) -> Body {
    Body::Suspend(Suspend { matter: MatterRef::Opened(matter), strands: strand_names(strands), seconds })
}

/// Its end.
#[must_use]
pub fn resume(matter: ActId, strands: &[&str]) -> Body {
    Body::Resume(Resume { matter: MatterRef::Opened(matter), strands: strand_names(strands) })
}

/// Could not be reached.
#[must_use]
pub fn cut(who: &str, from: Instant, to: Instant) -> Body {
    Body::Cut(Cut { participant: participant(who), from, to })
}

/// Back to a state it was in.
#[must_use]
pub fn set_aside(matter: ActId, strands: &[&str], to: &str) -> Body {
    let matter = MatterRef::Opened(matter);
    Body::SetAside(SetAside { matter, strands: strand_names(strands), to: code(to) })
}

/// Delivered.
#[must_use]
pub fn serve(act: ActId, on: &str) -> Body {
    Body::Serve(Serve { act, on: participant(on) })
}

/// Ends a key.
#[must_use]
pub fn revoke(label: &str) -> Body {
    Body::Revoke(Revoke { label: code(label) })
}

/// Ends a key, and takes back what it signed.
#[must_use]
pub fn disown(label: &str, since: u64) -> Body {
    Body::Disown(Disown::Key { label: code(label), since })
}

/// A vote to seat somebody.
#[must_use]
pub const fn seat_vote(seat: Seat) -> Body {
    Body::Enrol(Enrol::Seat(seat))
}

/// A stamp as an act of its own.
///
/// # Panics
///
/// Never.
#[must_use]
pub fn intake(intake: &Intake, signer: &SignerName) -> Body {
    let signature = key(&signer.to_string()).sign(intake.message().as_bytes());
    let text = terms::base64::encode(signature.as_bytes());
    let signature = SignatureText::try_from(text).expect("64 bytes");
    let Intake { act, time, previous } = *intake;
    Body::Intake(IntakeBody { act, key: signer.clone(), time, previous, signature })
}

/// A sealed file with grants; `name` makes its hashes.
///
/// # Panics
///
/// Never.
#[must_use]
pub fn file(name: &str, to: &[&str]) -> File {
    let letters: String = Hash::of(name.as_bytes()).to_hex().replace('b', "q");
    File {
        sealed: Hash::of(format!("sealed {name}").as_bytes()),
        size: 4096,
        recipient: RecipientText::new(format!("age1{letters}")).expect("a recipient"),
        commitment: Hash::of(format!("commitment {name}").as_bytes()),
        grants: to.iter().map(|to| grant_ref(name, to)).collect(),
    }
}

/// A grant to somebody of what has this name.
#[must_use]
pub fn grant_ref(name: &str, to: &str) -> GrantRef {
    GrantRef { to: participant(to), sealed: Hash::of(format!("grant {name} {to}").as_bytes()), size: 700 }
}

/// Offers files.
#[must_use]
pub const fn offer(files: Vec<File>) -> Body {
    Body::Offer(Offer { files })
}

/// Grants an exhibit.
#[must_use]
pub fn grant(exhibit: Item, to: &[&str]) -> Body {
    let name = exhibit.to_string();
    Body::Grant(Grant { exhibit, grants: to.iter().map(|to| grant_ref(&name, to)).collect() })
}

/// Holds the bytes.
#[must_use]
pub fn keep(exhibit: Item) -> Body {
    Body::Keep(Keep { exhibits: vec![exhibit] })
}

/// Opened it.
#[must_use]
pub const fn opened(exhibit: Item) -> Body {
    Body::Opened(Opened { exhibit })
}

/// Answers it.
#[must_use]
pub const fn answer(exhibit: Item) -> Body {
    Body::Answer(Answer { exhibit, choice: None, files: Vec::new() })
}

/// Can't open it.
#[must_use]
pub const fn challenge(exhibit: Item) -> Body {
    Body::Challenge(Challenge { exhibit, ground: ChallengeGround::DoesNotOpen })
}

/// The arbiter's word.
#[must_use]
pub const fn rule(exhibit: Item, outcome: RuleOutcome, challenge: Option<ActId>) -> Body {
    Body::Rule(Rule { exhibit, outcome, challenge })
}

/// Not before then.
#[must_use]
pub const fn hold(exhibit: Item, until: Instant) -> Body {
    Body::Hold(Hold { exhibit, until })
}

/// Destroyed a copy.
#[must_use]
pub const fn destroy(exhibit: Item, ground: DestroyGround) -> Body {
    Body::Destroy(Destroy { exhibit, ground })
}

/// A witness's freeze of a registrar's key.
///
/// # Panics
///
/// Never.
#[must_use]
pub fn freeze_note(
    origin: &Origin,
    genesis: Hash,
    registrar: &VerifierKey,
    size: u64,
    root: Hash,
    witness: &str,
) -> NoteText {
    let body = FreezeBody { registrar: Vkey(registrar.clone()), size, root };
    let freeze = FreezeNote { origin: origin.clone(), genesis, body };
    let note = freeze.sign(&witness_key(witness), &witness_name(witness)).expect("a note");
    NoteText::new(note.to_string()).expect("a note")
}

fn witness_key(name: &str) -> SigningKey {
    key(name)
}

/// The act that carries one.
#[must_use]
pub const fn freeze(note: NoteText) -> Body {
    Body::Freeze(Freeze { note })
}
