//! A draft becomes an act: held against what was read, signed with keys that lie here, handed in; once, however often it is
//! asked for.

use act::Body;
use act::value::{File, GrantRef, RecipientText};
use docket::v1::{Foreseen, Prospect, What as Happened};
use node::evidence::Evidence;
use node::form::Receivers;
use node::{Fault, Node};
use store::{Agreed, Draft, DraftId, State};
use terms::{ActId, Capacity, Code, Custody, Hash, Instant, ParticipantId, RefusalGround};

use crate::desk::{Desk, Held};
use crate::web::answer::Sorry;
use crate::writing::{Lack, Writing, Written};

/// An officer's key that lies here and can sign.
pub(crate) struct Key {
    pub(crate) label: Code,
    pub(crate) office: String,
    pub(crate) custody: Custody,
    /// Whether its officer has read what the draft says now, and agrees.
    pub(crate) has_agreed: bool,
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
    pub(crate) writing: Writing<'r>,
    pub(crate) written: Written,
    pub(crate) receivers: Receivers,
    /// Stands for all of it: another draft, other words or other readers have another.
    pub(crate) read: Hash,
    /// The keys that can sign.
    pub(crate) keys: Vec<Key>,
    /// What would come of it, if that can be said.
    pub(crate) foreseen: Option<Foreseen>,
    pub(crate) bar: Option<Bar>,
}

impl Ready<'_> {
    /// How many have agreed beside the one who is to sign last.
    pub(crate) fn agreed(&self) -> Vec<&Code> {
        self.keys.iter().filter(|key| key.has_agreed).map(|key| &key.label).collect()
    }

    /// Whether the next to agree signs.
    pub(crate) fn is_last(&self) -> bool {
        self.agreed().len() + 1 >= self.writing.eyes()
    }
}

/// What the draft comes to now.
///
/// # Errors
///
/// Nothing, if the docket has no such thing any more; or all that is lacking.
pub(crate) fn look<'r>(held: &'r Held, draft: &Draft, now: Instant) -> Result<Ready<'r>, Vec<Lack>> {
    let node = &held.node;
    let writing = Writing::of(held.replay(), &draft.about).ok_or_else(Vec::new)?;
    let written = writing.written(held.me(), now, &draft.typed)?;
    let form = writing.form(held.me(), now);
    let receivers = node.receivers(writing.procedure, &form);
    let read = hash(&written, &receivers.can);
    let least = least(&writing, &written.body);
    let (keys, weak) = keys(node, draft, &read, least);
    let eyes = writing.eyes();
    let signers: Vec<&Code> = keys.iter().map(|key| &key.label).take(eyes).collect();
    let mut bar = match keys.len() {
        0 if weak => Some(Bar::Custody(least)),
        0 => Some(Bar::NoKey),
        here if here < eyes => Some(Bar::TooFew(eyes, here)),
        _ => None,
    };
    let mut foreseen = None;
    if bar.is_none() {
        match as_if_sealed(node, &written, &receivers.can) {
            None => bar = Some(Bar::NoSeal),
            Some(body) => {
                foreseen = foresee(node, &signers, body, now);
                bar = foreseen.as_ref().and_then(|foreseen| foreseen.prospect).map(Bar::Nothing);
            }
        }
    }
    Ok(Ready { writing, written, receivers, read, keys, foreseen, bar })
}

/// Stands for what was read.
fn hash(written: &Written, to: &[ParticipantId]) -> Hash {
    let body = serde_json::to_string(&written.body).unwrap_or_default();
    let to: Vec<&str> = to.iter().map(ParticipantId::as_str).collect();
    // JSON has no line feed in it, and no id has a space.
    let parts = [&body, "\n", &to.join(" "), "\n", &written.text];
    Hash::of_parts(&parts.map(str::as_bytes))
}

/// Where the law asks that a key of such an act lies, at the least.
fn least(writing: &Writing<'_>, body: &Body) -> Custody {
    let instrument = writing.of.map_or_else(|| writing.replay.instrument(), |of| &of.matter.law.instrument);
    instrument.custody.least(body.kind(), writing.of.map(|of| of.step))
}

/// The officers' keys that lie here, need nobody's passkey, and lie as the law asks; and whether there are some that do not.
fn keys(node: &Node, draft: &Draft, read: &Hash, least: Custody) -> (Vec<Key>, bool) {
    let (mut keys, mut weak) = (Vec::new(), false);
    for label in node.labels_here(Capacity::Officer) {
        let Some(code) = Code::new(&label) else { continue };
        let Some(state) = node.signer(&label).ok().and_then(|signer| node.ledger().keys().get(&signer))
        else {
            continue;
        };
        if state.passkey.is_some() {
            continue;
        }
        if state.custody < least {
            weak = true;
            continue;
        }
        let has_agreed = draft.agreed.iter().any(|agreed| agreed.by == code && agreed.read == *read);
        keys.push(Key { label: code, office: state.office.clone(), custody: state.custody, has_agreed });
    }
    // In the order in which they agreed, then the others.
    let place = |key: &Key| draft.agreed.iter().position(|agreed| agreed.by == key.label && key.has_agreed);
    keys.sort_by_key(|key| place(key).unwrap_or(usize::MAX));
    (keys, weak)
}

/// The body with a file that stands for the words, which are sealed only when it is signed; nothing, if they can't be.
fn as_if_sealed(node: &Node, written: &Written, to: &[ParticipantId]) -> Option<Body> {
    let mut body = written.body.clone();
    if written.text.is_empty() {
        return Some(body);
    }
    let own = node.ledger().recipients_of(node.me()).next()?;
    let mark = Hash::of(written.text.as_bytes());
    let mut grants: Vec<GrantRef> = to
        .iter()
        .chain([node.me()])
        .map(|to| GrantRef {
            to: to.clone(),
            sealed: Hash::of_parts(&[to.as_str().as_bytes(), mark.as_bytes()]),
            size: 1,
        })
        .collect();
    grants.sort_by(|a, b| a.to.cmp(&b.to));
    let recipient = RecipientText::new(own.to_owned()).ok()?;
    let size = written.text.len() as u64;
    set_files(&mut body, vec![File { sealed: mark, size, recipient, commitment: mark, grants }]);
    Some(body)
}

fn set_files(body: &mut Body, files: Vec<File>) {
    match body {
        Body::Open(open) => open.files = files,
        Body::Step(step) => step.files = files,
        // A draft is of no other kind.
        _ => {}
    }
}

fn foresee(node: &Node, by: &[&Code], body: Body, now: Instant) -> Option<Foreseen> {
    let signers = by.iter().map(|label| node.signer(label.as_str())).collect::<Result<Vec<_>, _>>().ok()?;
    let act = node.write(signers, body, now).ok()?;
    node.foresee(&act, now).ok().flatten()
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
    /// The registrar refused it.
    Refused(RefusalGround),
}

/// An officer has read a draft and signs it: alone, or as the last of those that it takes.
pub(crate) fn sign(desk: &Desk, id: &DraftId, by: &str, read: &Hash) -> Result<Outcome, Sorry> {
    let _turn = desk.signing();
    let draft = desk.private.draft(id)?.ok_or(Sorry::NoDraft)?;
    let draft = settled(desk, draft)?;
    if draft.state != State::Open {
        return Ok(Outcome::Signed);
    }
    let (body, annexes, text, to, labels) = {
        let held = desk.held();
        let Ok(ready) = look(&held, &draft, desk.now()) else { return Ok(Outcome::NotReady) };
        if ready.read != *read {
            return Ok(Outcome::Changed);
        }
        let Some(label) = ready.keys.iter().map(|key| &key.label).find(|label| label.as_str() == by) else {
            return Ok(Outcome::NotReady);
        };
        if ready.bar.is_some() {
            return Ok(Outcome::NotReady);
        }
        let mut labels: Vec<Code> =
            ready.agreed().into_iter().filter(|other| *other != label).cloned().collect();
        if labels.len() + 1 < ready.writing.eyes() {
            desk.private.agree(id, &Agreed { by: label.clone(), read: *read })?;
            return Ok(Outcome::Agreed);
        }
        labels.truncate(ready.writing.eyes().saturating_sub(1));
        labels.push(label.clone());
        (ready.written.body, ready.written.annexes, ready.written.text, ready.receivers.can, labels)
    };
    // Pages wait for this alone: what is slow was done while they did not.
    let done = desk.work(|node, now| {
        let mut body = body;
        let done = hand_in(desk, node, (id, &labels), &mut body, (&annexes, &text, &to), now);
        if done.is_err() {
            node.take_back(&body)?;
        }
        done
    });
    match done {
        Ok(()) => {
            desk.private.signed(id)?;
            Ok(Outcome::Signed)
        }
        Err(fault) => {
            desk.private.reopen(id)?;
            match fault {
                Fault::Refused { ground, .. } => Ok(Outcome::Refused(ground)),
                other => Err(other.into()),
            }
        }
    }
}

/// Seals the words, writes, signs and hands in. Before the act can be anywhere, the draft says which it becomes.
fn hand_in(
    desk: &Desk,
    node: &mut Node,
    (id, labels): (&DraftId, &[Code]),
    body: &mut Body,
    (annexes, text, to): (&[Vec<u8>], &str, &[ParticipantId]),
    now: Instant,
) -> Result<(), Fault> {
    if !text.is_empty() {
        let evidence = Evidence {
            plain: &mut text.as_bytes(),
            bytes: text.len() as u64,
            media_type: "text/plain",
            name: Some("text.txt"),
        };
        let (file, _) = node.seal(evidence, to, &mut |_, _| {})?;
        set_files(body, vec![file]);
    }
    let signers = labels.iter().map(|label| node.signer(label.as_str())).collect::<Result<Vec<_>, _>>()?;
    let act = node.write(signers, body.clone(), now)?;
    let kept = |fault: store::Fault| Fault::Unknown(fault.to_string());
    desk.private.begin_signing(id, &act.id()).map_err(kept)?;
    let submission = node.sign(act, None)?;
    node.submit_with_annexes(&submission, annexes, now)?;
    Ok(())
}

/// A draft that was being signed when the machine stopped: it is signed, or nothing came of it.
pub(crate) fn settled(desk: &Desk, draft: Draft) -> Result<Draft, Sorry> {
    let State::Signing(act) = draft.state else { return Ok(draft) };
    let is_handed_in = !matches!(place(&desk.held(), &act)?, Place::Nowhere);
    if is_handed_in {
        desk.private.signed(&draft.id)?;
    } else {
        desk.private.reopen(&draft.id)?;
    }
    desk.private.draft(&draft.id)?.ok_or(Sorry::NoDraft)
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

/// Where an act is, as far as this node knows.
pub(crate) fn place(held: &Held, act: &ActId) -> Result<Place, Sorry> {
    if let Ok((entry, _)) = held.node.find(act) {
        let read = act::Entry::parse(&held.node.entry(entry)?).map_err(Fault::from)?;
        let void =
            held.events.iter().filter(|event| event.entry == Some(entry)).find_map(|event| {
                match event.what {
                    Happened::Void(reason) => Some(reason),
                    _ => None,
                }
            });
        let is_final = entry < held.replay().timeline().settled();
        return Ok(Place::Registered { entry, at: read.receipt().time, is_final, void });
    }
    let waits = held.node.queued()?.iter().any(|submission| submission.act().id() == *act);
    Ok(if waits { Place::Queued } else { Place::Nowhere })
}
