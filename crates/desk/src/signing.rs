//! A draft becomes an act: held against what was read, signed with keys that lie here, handed in; once, however often it is
//! asked for.

mod passkeys;

use act::body::Transcribed;
use act::value::{File, GrantRef, RecipientText};
use act::{Act, Body, Entry};
use docket::v1::{Foreseen, Past, Prospect, What as Happened};
use node::author::{After, chained, labels};
use node::form::{Receivers, receivers};
use node::upload::{Upload, Uploads};
use node::{Fault, Node};
use note::{Assertion, VerifierKey};
use store::{About, Agreed, Draft, DraftId, State};
use terms::{
    ActId, Capacity, Code, Custody, Hash, Instant, ParticipantId, RefusalGround, Seconds, SignerName,
};
use tlog::CosignedCheckpoint;

use crate::correction::Correction;
use crate::deed::{self, Deed};
use crate::desk::{Desk, Held};
use crate::relief;
use crate::web::answer::Sorry;
use crate::writing::{FILES, Lack, What as Lacks, Writing, Written};

use self::passkeys::Half;
pub(crate) use self::passkeys::{Question, ask, drop_half, sweep};

/// An officer's key that can sign here: it lies here, or it is a passkey.
pub(crate) struct Key {
    pub(crate) label: Code,
    pub(crate) office: String,
    pub(crate) custody: Custody,
    /// The passkey that has to assert what is signed; none if the node signs by itself.
    pub(crate) passkey: Option<Passkey>,
    /// Whether its officer has read what the draft says now, and agrees.
    pub(crate) has_agreed: bool,
}

/// A passkey, as it is on record.
pub(crate) struct Passkey {
    pub(crate) vkey: VerifierKey,
    pub(crate) rp: String,
    pub(crate) origins: Vec<String>,
}

/// What is in the way of signing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Bar {
    /// No officer's key that could sign lies here.
    NoKey,
    /// So many officers have to sign, and there are keys of so many here.
    TooFew(usize, usize),
    /// The instrument asks that the key lies at least so; none here does.
    Custody(Custody),
    /// There are words, and no key of this participant that they could be sealed to.
    NoSeal,
    /// It would come to nothing.
    Nothing(Prospect),
}

/// What is to be signed, as it stands now.
pub(crate) struct Ready<'r> {
    /// Of an opening or a step; not of what is said of an exhibit, nor of relief.
    pub(crate) writing: Option<Writing<'r>>,
    pub(crate) written: Written,
    pub(crate) receivers: Receivers,
    eyes: usize,
    /// Stands for all of it: another draft, other words or other readers have another.
    pub(crate) read: Hash,
    /// The keys that can sign.
    pub(crate) keys: Vec<Key>,
    /// What would come of it, if that can be said.
    pub(crate) foreseen: Option<Foreseen>,
    pub(crate) bar: Option<Bar>,
    /// The files that go with it.
    pub(crate) files: Vec<Upload>,
    /// The act, if it is written already and waits for passkeys.
    half: Option<Half>,
}

/// What is sealed when an act is written, and for whom.
#[derive(Clone, Copy)]
struct Sealing<'a> {
    uploads: &'a Uploads,
    /// What is said in words; may be empty.
    text: &'a str,
    /// Files that were sent here before.
    files: &'a [String],
    to: &'a [ParticipantId],
}

impl Ready<'_> {
    /// How many have agreed beside the one who is to sign last.
    pub(crate) fn agreed(&self) -> Vec<&Code> {
        self.keys.iter().filter(|key| key.has_agreed).map(|key| &key.label).collect()
    }

    /// How many officers sign.
    pub(crate) const fn eyes(&self) -> usize {
        self.eyes
    }

    /// Whether the next to agree signs.
    pub(crate) fn is_last(&self) -> bool {
        self.agreed().len() + 1 >= self.eyes()
    }

    /// Who is to sign the act that is written already and that somebody has signed.
    pub(crate) fn named(&self) -> Vec<String> {
        let half = self.half.as_ref().filter(|half| half.is_begun());
        half.map(Half::labels).unwrap_or_default()
    }
}

/// What the draft comes to now.
///
/// # Errors
///
/// Nothing, if the docket has no such thing any more; or all that is lacking.
pub(crate) fn look<'r>(desk: &Desk, held: &'r Held, draft: &Draft) -> Result<Ready<'r>, Vec<Lack>> {
    let now = desk.now();
    let ledger = held.replay().ledger();
    let (writing, written, receivers) = match &draft.about {
        About::Deed { deed, exhibit } => {
            let deed = deed::named(deed).ok_or_else(Vec::new)?;
            let (written, receivers) = deed::written(held, (deed, exhibit.as_ref()), &draft.typed)?;
            (None, written, receivers)
        }
        about @ About::Relief { .. } => {
            (None, relief::written(held, about, now, &draft.typed)?, Receivers::default())
        }
        about @ (About::Opening(_) | About::Step { .. }) => {
            let writing = Writing::of(held.replay(), about).ok_or_else(Vec::new)?;
            let written = writing.written(held.me(), now, &draft.typed)?;
            let form = writing.filled(held.me(), now, &draft.typed);
            let receivers = receivers(ledger, held.me(), writing.procedure, &form);
            (Some(writing), written, receivers)
        }
    };
    let files =
        files(desk, &written).ok_or_else(|| vec![Lack { at: FILES.to_owned(), what: Lacks::NoFile }])?;
    let correction = match &written.body {
        Body::Correct(body) => Correction::of(held.replay(), &body.matter, &body.entry),
        _ => None,
    };
    let least = least(held, writing.as_ref(), correction.as_ref(), &written.body);
    let (mut keys, weak) = keys(desk, held, least);
    let eyes = correction.as_ref().map(Correction::eyes).or(writing.as_ref().map(Writing::eyes)).unwrap_or(1);
    let signers: Vec<&Code> = keys.iter().map(|key| &key.label).take(eyes).collect();
    let mut bar = match keys.len() {
        0 if weak => Some(Bar::Custody(least)),
        0 => Some(Bar::NoKey),
        here if here < eyes => Some(Bar::TooFew(eyes, here)),
        _ => None,
    };
    let mut foreseen = None;
    if bar.is_none() {
        match as_if_sealed(held, &written, &files, &receivers.can) {
            None => bar = Some(Bar::NoSeal),
            Some(body) => {
                foreseen = foresee(desk, held, &signers, body);
                bar = foreseen.as_ref().and_then(|(_, foreseen)| foreseen.prospect).map(Bar::Nothing);
            }
        }
    }
    let read = hash(&written, &receivers.can, foreseen.as_ref());
    let foreseen = foreseen.map(|(_, foreseen)| foreseen);
    let half = passkeys::half(desk, &draft.id).filter(|half| half.read == read);
    let has_agreed = |key: &Key| {
        let stands = key.passkey.as_ref().is_none_or(|passkey| {
            half.as_ref().is_some_and(|half| half.lines.iter().any(|line| passkey.vkey.made(line)))
        });
        let agreed = |agreed: &Agreed| stands && agreed.by == key.label && agreed.read == read;
        draft.agreed.iter().position(agreed)
    };
    for key in &mut keys {
        key.has_agreed = has_agreed(key).is_some();
    }
    // In the order in which they agreed, then the others.
    keys.sort_by_key(|key| has_agreed(key).unwrap_or(usize::MAX));
    Ok(Ready { writing, written, receivers, eyes, read, keys, foreseen, bar, files, half })
}

/// The files that go with it; nothing, if one of them is not here whole.
fn files(desk: &Desk, written: &Written) -> Option<Vec<Upload>> {
    let find = |id: &String| desk.evidence.uploads.find(id).ok().flatten().filter(|it| it.whole.is_some());
    written.files.iter().map(find).collect()
}

/// Once an act is signed that names them, files lie here as what it filed, and as nothing else; and what it says is erased
/// is.
fn let_go(desk: &Desk, draft: &Draft, outcome: &Outcome) -> Result<(), Sorry> {
    if *outcome != Outcome::Signed {
        return Ok(());
    }
    for id in draft.typed.get(FILES).into_iter().flatten() {
        desk.evidence.uploads.drop_one(id)?;
    }
    if let About::Deed { deed, exhibit: Some(exhibit) } = &draft.about
        && deed::named(deed) == Some(Deed::Destroy)
    {
        desk.work(|node, _| node.destroy_copy(exhibit))?;
    }
    Ok(())
}

/// Stands for what was read: what is signed, who can read it, and what comes of it, but for the times of clocks, which
/// move with every minute, for what any act shows by the register that its author has seen, which goes on, and for the id
/// that the act would have, in which there is a time, too.
fn hash(written: &Written, to: &[ParticipantId], foreseen: Option<&(ActId, Foreseen)>) -> Hash {
    let body = serde_json::to_string(&written.body).unwrap_or_default();
    let to: Vec<&str> = to.iter().map(ParticipantId::as_str).collect();
    let comes = foreseen.map(|(act, foreseen)| {
        let own = foreseen.events.iter().filter(|event| event.entry == Some(foreseen.entry));
        let is_timed = |what: &Happened| {
            matches!(what, Happened::Clock(..) | Happened::Moved(..) | Happened::DeemedServed(..))
        };
        let is_of_any = |what: &Happened| matches!(what, Happened::Served(..) | Happened::SeenDiffers(..));
        own.filter(|event| !is_timed(&event.what) && !is_of_any(&event.what))
            .map(|event| event.what.to_string().replace(&act.to_string(), "this"))
            .collect::<Vec<_>>()
            .join("\t")
    });
    // Neither JSON nor an event has a line feed or a tab in it, and no id has a space.
    let comes = comes.unwrap_or_default();
    let to = to.join(" ");
    // The name of an upload is of one content, and has neither.
    let files: String = written.files.iter().map(|id| format!("{id}\t")).collect();
    let parts = [&body, "\n", &to, "\n", &comes, "\n", &files, "\n", &written.text];
    Hash::of_parts(&parts.map(str::as_bytes))
}

/// Where the law asks that a key of such an act lies, at the least.
fn least(
    held: &Held,
    writing: Option<&Writing<'_>>,
    correction: Option<&Correction<'_>>,
    body: &Body,
) -> Custody {
    if let Some(correction) = correction {
        let (kind, step) = correction.takes();
        return correction.matter.law.instrument.custody.least(kind, step);
    }
    let of = writing.and_then(|writing| writing.of);
    let instrument = of.map_or_else(|| held.replay().instrument(), |of| &of.matter.law.instrument);
    instrument.custody.least(body.kind(), of.map(|of| of.step))
}

/// The officers' keys that can sign here and lie as the law asks; and whether there are some that do not.
fn keys(desk: &Desk, held: &Held, least: Custody) -> (Vec<Key>, bool) {
    let (mut keys, mut weak) = (Vec::new(), false);
    let ledger = held.replay().ledger();
    for label in labels(ledger, held.me(), Capacity::Officer, &|_| true) {
        let Some(code) = Code::new(&label) else { continue };
        let name = SignerName::key(held.me(), &code);
        let Some(state) = ledger.keys().get(&name) else { continue };
        if state.vkey.is_some() && !desk.keys.contains(&ledger.origin().key_name(&name)) {
            continue;
        }
        if state.custody < least {
            weak = true;
            continue;
        }
        let (office, custody) = (state.office.clone(), state.custody);
        let passkey = state.passkey.clone().map(|(vkey, rp, origins)| Passkey { vkey, rp, origins });
        keys.push(Key { label: code, office, custody, passkey, has_agreed: false });
    }
    (keys, weak)
}

/// The body with files that stand for the words and for what was sent here, which are granted only when it is signed;
/// nothing, if they can't be.
fn as_if_sealed(held: &Held, written: &Written, files: &[Upload], to: &[ParticipantId]) -> Option<Body> {
    let mut body = written.body.clone();
    let grant = |to: &ParticipantId, mark: &Hash| GrantRef {
        to: to.clone(),
        sealed: Hash::of_parts(&[to.as_str().as_bytes(), mark.as_bytes()]),
        size: 1,
    };
    if let Body::Grant(more) = &mut body {
        let mark = Hash::of(more.exhibit.to_string().as_bytes());
        more.grants = to.iter().map(|to| grant(to, &mark)).collect();
        return Some(body);
    }
    if written.text.is_empty() && files.is_empty() {
        return Some(body);
    }
    let own = held.replay().ledger().recipients_of(held.me()).next()?;
    let mut all = Vec::new();
    if !written.text.is_empty() {
        let mark = Hash::of(written.text.as_bytes());
        let recipient = RecipientText::new(own.to_owned()).ok()?;
        let size = written.text.len() as u64;
        all.push(File { sealed: mark, size, recipient, commitment: mark, grants: Vec::new() });
    }
    all.extend(files.iter().filter_map(|upload| Some(upload.whole.as_ref()?.file.clone())));
    for file in &mut all {
        let mark = file.sealed;
        file.grants = to.iter().chain([held.me()]).map(|to| grant(to, &mark)).collect();
        file.grants.sort_by(|a, b| a.to.cmp(&b.to));
    }
    set_files(&mut body, all);
    Some(body)
}

fn set_files(body: &mut Body, files: Vec<File>) {
    match body {
        Body::Open(open) => open.files = files,
        Body::Step(step) => step.files = files,
        Body::Offer(offer) => offer.files = files,
        Body::Answer(answer) => answer.files = files,
        Body::Transcribe(transcribe) => match &mut transcribe.what {
            Transcribed::Open(open) => open.files = files,
            Transcribed::Step(step) => step.files = files,
        },
        // A draft is of no other kind.
        _ => {}
    }
}

/// What would come of it, behind what is on its way: from what is shown, so that the page waits for nobody.
fn foresee(desk: &Desk, held: &Held, by: &[&Code], body: Body) -> Option<(ActId, Foreseen)> {
    let signers = by.iter().map(|label| SignerName::key(held.me(), label)).collect();
    let (waiting, now) = (held.on_their_way(), desk.now());
    let checkpoint = desk.served.checkpoint().ok().flatten();
    let register = (&desk.settings().origin, desk.settings().genesis);
    let after = After { ledger: held.replay().ledger(), waiting: &waiting, used: 0 };
    let act = chained(register, after, checkpoint.as_ref(), signers, body, now).ok()?;
    Some((act.id(), held.replay().foresee(&waiting, &act, now, &Seen(checkpoint))?))
}

/// The one past root that an act written here names.
struct Seen(Option<CosignedCheckpoint>);

impl Past for Seen {
    fn root_at(&self, size: u64) -> Option<Hash> {
        let checkpoint = self.0.as_ref()?.checkpoint();
        (checkpoint.size == size).then_some(checkpoint.root)
    }
}

/// What came of pressing the button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is signed, as this act.
    Signed,
    /// One more officer has agreed, and another has to sign.
    Agreed,
    /// It is not what was read any more.
    Changed,
    /// Something is lacking, or in the way.
    NotReady,
    /// It would come to nothing as things stand by now.
    Nothing(Prospect),
    /// The registrar refused it.
    Refused(RefusalGround),
    /// The passkey's answer does not hold, or there is none.
    NoPasskey,
    /// It waits for the officers who are to sign what another has signed.
    Waits,
}

/// Nothing, if there is room for what is signed.
pub(crate) fn must_have_room(desk: &Desk) -> Result<(), Sorry> {
    if desk.has_room() { Ok(()) } else { Err(Sorry::NoRoom) }
}

/// An officer has read a draft and signs it: alone, or as the last of those that it takes. A key that is a passkey, or needs
/// one, has `asserted` the act that [`ask`] wrote.
pub(crate) fn sign(
    desk: &Desk,
    id: &DraftId,
    by: &str,
    read: &Hash,
    asserted: Option<&Assertion>,
) -> Result<Outcome, Sorry> {
    must_have_room(desk)?;
    let _turn = desk.signing();
    // Whoever had the turn before is done.
    settle(desk, id)?;
    let draft = desk.private.draft(id)?.ok_or(Sorry::NoDraft)?;
    if draft.state != State::Open {
        return Ok(Outcome::Signed);
    }
    let (body, annexes, text, files, to, labels) = {
        let held = desk.held();
        let ready = match ready(desk, &held, &draft, read) {
            Ok(ready) => ready,
            Err(outcome) => return Ok(outcome),
        };
        let Some(key) = ready.keys.iter().find(|key| key.label.as_str() == by) else {
            return Ok(Outcome::NotReady);
        };
        match (&key.passkey, &ready.half) {
            (None, Some(half)) if half.is_begun() && !half.is_of(by) => return Ok(Outcome::Waits),
            (None, Some(half)) if half.is_begun() => {
                return passkeys::add(desk, &draft, &ready, half, key, None);
            }
            (Some(passkey), Some(half)) if half.is_of(by) => {
                let Some(line) = asserted.and_then(|asserted| passkey.line(half, asserted)) else {
                    return Ok(Outcome::NoPasskey);
                };
                return passkeys::add(desk, &draft, &ready, half, key, Some(line));
            }
            (Some(_), _) => return Ok(Outcome::NoPasskey),
            (None, _) => {}
        }
        let label = &key.label;
        let mut labels: Vec<Code> =
            ready.agreed().into_iter().filter(|other| *other != label).cloned().collect();
        if labels.len() + 1 < ready.eyes() {
            desk.private.agree(id, &Agreed { by: label.clone(), read: *read, at: desk.now() })?;
            return Ok(Outcome::Agreed);
        }
        labels.truncate(ready.eyes().saturating_sub(1));
        labels.push(label.clone());
        let Written { body, annexes, text, files, .. } = ready.written;
        (body, annexes, text, files, ready.receivers.can, labels)
    };
    let sealing = Sealing { uploads: &desk.evidence.uploads, text: &text, files: &files, to: &to };
    let done = desk.work(|node, now| {
        let mut body = body;
        let done = hand_in(desk, node, (id, &labels), &mut body, (&annexes, sealing), now);
        if !matches!(done, Ok(None)) {
            node.take_back(&body)?;
        }
        done
    });
    let outcome = outcome(desk, id, done)?;
    let_go(desk, &draft, &outcome)?;
    Ok(outcome)
}

/// What came of handing it in.
fn outcome(desk: &Desk, id: &DraftId, done: Result<Option<Prospect>, Fault>) -> Result<Outcome, Sorry> {
    match done {
        Ok(Some(prospect)) => Ok(Outcome::Nothing(prospect)),
        // A disk may fail when the act is handed in already: then it is signed all the same.
        done => match (settle(desk, id)?, done) {
            (true, _) | (_, Ok(_)) => Ok(Outcome::Signed),
            (false, Err(Fault::Refused { ground, .. })) => Ok(Outcome::Refused(ground)),
            (false, Err(other)) => Err(other.into()),
        },
    }
}

/// What is to be signed, if it is what was read and nothing is in the way.
fn ready<'r>(desk: &Desk, held: &'r Held, draft: &Draft, read: &Hash) -> Result<Ready<'r>, Outcome> {
    let ready = look(desk, held, draft).map_err(|_| Outcome::NotReady)?;
    if ready.read != *read {
        return Err(Outcome::Changed);
    }
    if ready.bar.is_some() { Err(Outcome::NotReady) } else { Ok(ready) }
}

/// Seals the words, writes, signs and hands in. Before the act can be anywhere, the draft says which it becomes. Gives why
/// it would come to nothing; then nothing is signed.
fn hand_in(
    desk: &Desk,
    node: &mut Node,
    (id, by): (&DraftId, &[Code]),
    body: &mut Body,
    (annexes, sealing): (&[Vec<u8>], Sealing<'_>),
    now: Instant,
) -> Result<Option<Prospect>, Fault> {
    let act = write(node, by, body, sealing, now)?;
    if let Some(prospect) = node.foresee(&act, now)?.and_then(|foreseen| foreseen.prospect) {
        return Ok(Some(prospect));
    }
    let kept = |fault: store::Fault| Fault::Unknown(fault.to_string());
    desk.private.begin_signing(id, &act.id()).map_err(kept)?;
    let submission = node.sign(act, None)?;
    node.submit_with_annexes(&submission, annexes, now)?;
    Ok(None)
}

/// Seals the words, grants them and what was sent here before, and writes the act.
fn write(
    node: &Node,
    by: &[Code],
    body: &mut Body,
    sealing: Sealing<'_>,
    now: Instant,
) -> Result<Act, Fault> {
    if let Body::Grant(more) = body {
        more.grants.clear();
        for to in sealing.to {
            more.grants.push(node.grant(&more.exhibit, to)?);
        }
    }
    let mut files = Vec::new();
    let sealed = seal(node, sealing, &mut files);
    // Those that were sealed before another could not be are taken back with the body.
    if !files.is_empty() {
        set_files(body, files);
    }
    sealed?;
    let signers = by.iter().map(|label| SignerName::key(node.me(), label)).collect();
    node.write(signers, body.clone(), now)
}

fn seal(node: &Node, sealing: Sealing<'_>, files: &mut Vec<File>) -> Result<(), Fault> {
    let Sealing { uploads, text, files: named, to } = sealing;
    if !text.is_empty() {
        files.push(node.seal_words(text, to)?);
    }
    for id in named {
        files.push(node.seal_upload(uploads, id, to)?);
    }
    Ok(())
}

/// A draft that was being signed when the machine stopped: it is signed, or nothing came of it.
pub(crate) fn settled(desk: &Desk, draft: Draft) -> Result<Draft, Sorry> {
    if !matches!(draft.state, State::Signing(_)) {
        return Ok(draft);
    }
    // Whoever signs now is done first.
    let _turn = desk.signing();
    settle(desk, &draft.id)?;
    desk.private.draft(&draft.id)?.ok_or(Sorry::NoDraft)
}

/// Looks whether what a draft was to become is handed in: then it is signed, and else it can be written on.
fn settle(desk: &Desk, id: &DraftId) -> Result<bool, Sorry> {
    let Some(Draft { state: State::Signing(act), .. }) = desk.private.draft(id)? else { return Ok(false) };
    let is_handed_in = desk.work(|node, _| -> Result<bool, Fault> {
        match node.find(&act) {
            Ok(_) => Ok(true),
            Err(Fault::Unknown(_)) => Ok(node.queued()?.iter().any(|waits| waits.act().id() == act)),
            // Nobody knows, so it is neither: the draft stays as it is until a disk says more.
            Err(fault) => Err(fault),
        }
    })?;
    if is_handed_in {
        desk.private.signed(id, &act)?;
    } else {
        desk.private.reopen(id, &act)?;
    }
    Ok(is_handed_in)
}

/// Where an act is.
pub(crate) enum Place {
    /// In the register.
    Registered {
        /// Where.
        entry: u64,
        /// When it was registered.
        at: Instant,
        /// Whether a mark covers it.
        is_final: bool,
        /// Why it came to nothing, if it did.
        void: Option<docket::v1::VoidReason>,
    },
    /// It waits here to be carried to the registrar.
    Queued,
    /// It was handed in, and is neither in the register nor waits here: the registrar refused it.
    Nowhere,
}

/// How far a registrar's clock may be behind this machine's, and more.
const SLACK: Seconds = Seconds::hours(24);

/// Where the act of a signed draft is, as far as is shown. What was found once is kept with the draft.
pub(crate) fn place(desk: &Desk, held: &Held, draft: &Draft, act: &ActId) -> Result<Place, Sorry> {
    let found = match draft.entry {
        Some(entry) => Some(entry),
        None if held.queued.iter().any(|waits| waits.act().id() == *act) => return Ok(Place::Queued),
        None => search(desk, held, draft, act)?,
    };
    let Some(entry) = found else { return Ok(Place::Nowhere) };
    let read = Entry::parse(&desk.entry(held, entry)?).map_err(Fault::from)?;
    let void = match held.happened().odd(entry) {
        Some(Happened::Void(reason)) => Some(*reason),
        _ => None,
    };
    let is_final = entry < held.replay().timeline().settled();
    if is_final && draft.entry.is_none() {
        desk.private.entered(&draft.id, entry)?;
    }
    Ok(Place::Registered { entry, at: read.receipt().time, is_final, void })
}

/// The entry of an act, among those that were registered since its draft was touched.
fn search(desk: &Desk, held: &Held, draft: &Draft, act: &ActId) -> Result<Option<u64>, Sorry> {
    let since = draft.touched.minus(SLACK);
    for entry in (0..held.size).rev() {
        let Ok(bytes) = desk.entry(held, entry) else { continue };
        let read = Entry::parse(&bytes).map_err(Fault::from)?;
        if read.act().id() == *act {
            return Ok(Some(entry));
        }
        if read.receipt().time < since {
            break;
        }
    }
    Ok(None)
}
