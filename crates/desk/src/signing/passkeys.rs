//! An act that passkeys sign is written before it is signed: what a passkey asserts is the act's id. It waits on the private
//! side, with what was sealed for it, until all its officers have asserted or agreed; then it is handed in as it is.

use std::collections::BTreeSet;
use std::path::PathBuf;

use act::Act;
use docket::v1::Prospect;
use node::evidence::files_of;
use note::passkey::{Expected, challenge};
use note::{Assertion, SignatureLine};
use store::{Agreed, Draft, DraftId, HalfSigned, State};
use terms::{Code, Hash, SignerName};

use super::{Key, Outcome, Passkey, Ready, Sealing, let_go, must_have_room, outcome, ready, settle, write};
use crate::desk::Desk;
use crate::web::answer::Sorry;

/// An act that is written and waits for passkeys.
pub(super) struct Half {
    pub(super) act: Act,
    pub(super) read: Hash,
    /// What was asserted so far.
    pub(super) lines: Vec<SignatureLine>,
}

impl Half {
    fn of(kept: &HalfSigned) -> Option<Half> {
        let act = Act::parse(&kept.act).ok()?;
        let lines = kept.lines.iter().map(|line| SignatureLine::parse(line).ok()).collect::<Option<_>>()?;
        Some(Half { act, read: kept.read, lines })
    }

    /// Whether a passkey has signed it.
    pub(super) fn is_begun(&self) -> bool {
        !self.lines.is_empty()
    }

    /// The labels of those who are to sign it.
    pub(super) fn labels(&self) -> Vec<String> {
        let signers = self.act.head().signers.iter();
        let label = |signer: &SignerName| Some(signer.to_string().split_once('/')?.1.to_owned());
        signers.filter_map(label).collect()
    }

    pub(super) fn is_of(&self, label: &str) -> bool {
        self.labels().iter().any(|of| of == label)
    }
}

impl Passkey {
    /// The line under an act, if that was asserted.
    pub(super) fn line(&self, half: &Half, asserted: &Assertion) -> Option<SignatureLine> {
        let expected = Expected { act: half.act.id(), rp: &self.rp, origins: &self.origins };
        asserted.verify(&self.vkey.passkey_key()?, &expected).ok()?;
        Some(self.vkey.line(asserted.payload()?))
    }
}

/// The act of a draft that waits. What can't be read waits no more: it is written anew.
pub(super) fn half(desk: &Desk, id: &DraftId) -> Option<Half> {
    desk.private.half_signed(id).ok().flatten().as_ref().and_then(Half::of)
}

/// What a passkey is asked.
pub(crate) struct Question {
    /// The act's id, as browsers take it.
    pub(crate) challenge: String,
    /// The relying party's id.
    pub(crate) rp: String,
    /// The passkey's name at its authenticator, if it is known here.
    pub(crate) credential: Option<String>,
}

/// Writes the act that an officer's passkey is to assert. One that a passkey has signed stays as it is, as long as it could
/// be registered: its officers are asked for it again, and others wait. To ask proves nothing, so it takes nothing away.
/// Whoever has `proved` who they are asks for themselves alone.
pub(crate) fn ask(
    desk: &Desk,
    id: &DraftId,
    (by, proved): (&str, Option<&Code>),
    with: &[&str],
    read: &Hash,
) -> Result<Result<Question, Outcome>, Sorry> {
    if proved.is_some_and(|proved| proved.as_str() != by) {
        return Ok(Err(Outcome::NoPasskey));
    }
    must_have_room(desk)?;
    let _turn = desk.signing();
    settle(desk, id)?;
    let draft = desk.private.draft(id)?.ok_or(Sorry::NoDraft)?;
    if draft.state != State::Open {
        return Ok(Err(Outcome::Signed));
    }
    let held = desk.held();
    let ready = match ready(desk, &held, &draft, read) {
        Ok(ready) => ready,
        Err(outcome) => return Ok(Err(outcome)),
    };
    let found = ready.keys.iter().find(|key| key.label.as_str() == by);
    let Some((key, passkey)) = found.and_then(|key| Some((key, key.passkey.as_ref()?))) else {
        return Ok(Err(Outcome::NotReady));
    };
    let begun = ready.half.as_ref().filter(|half| half.is_begun());
    let stands = match begun {
        Some(half) => {
            desk.work(|node, now| node.foresee(&half.act, now))?.is_none_or(|it| it.prospect.is_none())
        }
        None => false,
    };
    let act = match begun.filter(|_| stands) {
        Some(half) if half.is_of(by) => half.act.id(),
        Some(_) => return Ok(Err(Outcome::Waits)),
        None => match begin(desk, &draft, &ready, key, with)? {
            Ok(act) => act.id(),
            Err(prospect) => return Ok(Err(Outcome::Nothing(prospect))),
        },
    };
    let known = desk.private.passkeys()?;
    let credential = known.into_iter().find(|known| known.label == key.label).map(|known| known.credential);
    Ok(Ok(Question { challenge: challenge(&act), rp: passkey.rp.clone(), credential }))
}

/// Writes it, and puts it aside with what was sealed for it.
fn begin(
    desk: &Desk,
    draft: &Draft,
    ready: &Ready<'_>,
    key: &Key,
    with: &[&str],
) -> Result<Result<Act, Prospect>, Sorry> {
    drop_half(desk, &draft.id)?;
    // What passkeys signed was another act: those who agreed by keys that lie here still do.
    let agreed = ready
        .keys
        .iter()
        .filter(|other| other.has_agreed && other.passkey.is_none() && other.label != key.label);
    let others = ready.keys.iter().filter(|other| with.contains(&other.label.as_str()));
    let eyes = ready.eyes().max(1);
    let mut by: Vec<Code> = agreed.map(|other| other.label.clone()).take(eyes - 1).collect();
    by.push(key.label.clone());
    for other in others.chain(&ready.keys) {
        if by.len() < eyes && !by.contains(&other.label) {
            by.push(other.label.clone());
        }
    }
    let folder = aside(desk, &draft.id);
    let mut body = ready.written.body.clone();
    let sealing = Sealing {
        uploads: &desk.evidence.uploads,
        text: &ready.written.text,
        files: &ready.written.files,
        to: &ready.receivers.can,
    };
    let written = desk.work(|node, now| {
        let written = write(node, &by, &mut body, sealing, now).and_then(|act| {
            if let Some(prospect) = node.foresee(&act, now)?.and_then(|foreseen| foreseen.prospect) {
                return Ok(Err(prospect));
            }
            // The passkey may sign it at any time from here on, and nothing else with this number.
            node::numbers::take(node.home(), &act)?;
            node.set_aside(&body, &folder)?;
            Ok(Ok(act))
        });
        if !matches!(written, Ok(Ok(_))) {
            node.take_back(&body)?;
        }
        written
    })?;
    if let Ok(act) = &written {
        let (draft, act, read) = (draft.id.clone(), act.text().to_owned(), ready.read);
        desk.private.keep_half_signed(&HalfSigned {
            draft,
            act,
            read,
            lines: Vec::new(),
            made: desk.now(),
        })?;
    }
    Ok(written)
}

/// One more officer has signed what waits, by an assertion or by a key that lies here. The last hands it in.
pub(super) fn add(
    desk: &Desk,
    draft: &Draft,
    ready: &Ready<'_>,
    half: &Half,
    key: &Key,
    line: Option<SignatureLine>,
) -> Result<Outcome, Sorry> {
    let mut lines = half.lines.clone();
    if let Some(line) = line {
        lines.retain(|other| other.name != line.name);
        lines.push(line);
        let kept = HalfSigned {
            draft: draft.id.clone(),
            act: half.act.text().to_owned(),
            read: half.read,
            lines: lines.iter().map(ToString::to_string).collect(),
            made: desk.now(),
        };
        desk.private.keep_half_signed(&kept)?;
    }
    let has_signed = |label: &String| {
        let of = ready.keys.iter().find(|of| of.label.as_str() == label);
        of.is_some_and(|of| of.has_agreed || of.label == key.label)
    };
    if !half.labels().iter().all(has_signed) {
        desk.private.agree(&draft.id, &Agreed { by: key.label.clone(), read: ready.read, at: desk.now() })?;
        return Ok(Outcome::Agreed);
    }
    hand_in(desk, draft, &half.act, &lines, &ready.written.annexes)
}

fn hand_in(
    desk: &Desk,
    draft: &Draft,
    act: &Act,
    lines: &[SignatureLine],
    annexes: &[Vec<u8>],
) -> Result<Outcome, Sorry> {
    let (folder, body) = (aside(desk, &draft.id), act.body());
    let mut is_whole = true;
    let done = desk.work(|node, now| {
        let done = node.bring_back(body, &folder).and_then(|()| {
            is_whole = files_of(body).into_iter().all(|file| node.holds(file));
            let foreseen = node.foresee(act, now)?;
            if let Some(prospect) = foreseen.and_then(|foreseen| foreseen.prospect) {
                return Ok(Some(prospect));
            }
            if is_whole {
                let kept = |fault: store::Fault| node::Fault::Unknown(fault.to_string());
                desk.private.begin_signing(&draft.id, &act.id()).map_err(kept)?;
                let submission = node.sign_beside(act.clone(), lines)?;
                node.submit_with_annexes(&submission, annexes, now)?;
            }
            Ok(None)
        });
        if !matches!(done, Ok(None)) || !is_whole {
            node.take_back(body)?;
        }
        done
    });
    if !is_whole {
        // What was sealed for it is gone: it is written anew.
        drop_half(desk, &draft.id)?;
        return Ok(Outcome::Changed);
    }
    let outcome = outcome(desk, &draft.id, done)?;
    let_go(desk, draft, &outcome)?;
    match outcome {
        // Another act of the same key has come before it: it can't be registered any more.
        Outcome::Signed | Outcome::Refused(_) | Outcome::Nothing(Prospect::Refused(_)) => {
            drop_half(desk, &draft.id)?;
        }
        _ => {}
    }
    Ok(outcome)
}

/// Drops what waits of a draft, and what was sealed for it.
pub(crate) fn drop_half(desk: &Desk, id: &DraftId) -> Result<(), Sorry> {
    if let Some(half) = half(desk, id) {
        let folder = aside(desk, id);
        desk.work(|node, _| node.drop_aside(half.act.body(), &folder))?;
    }
    Ok(desk.private.drop_half_signed(id)?)
}

/// Drops what a stop left behind: acts whose drafts are gone or signed, and what was sealed for no act that waits.
pub(crate) fn sweep(desk: &Desk) -> Result<(), Sorry> {
    let _turn = desk.signing();
    let mut waiting = BTreeSet::new();
    for id in desk.private.half_signed_drafts()? {
        match desk.private.draft(&id)?.map(|draft| draft.state) {
            Some(State::Open | State::Signing(_)) => drop(waiting.insert(id.to_string())),
            Some(State::Signed(_)) | None => drop_half(desk, &id)?,
        }
    }
    let Ok(folders) = std::fs::read_dir(desk.private_folder().join("half")) else { return Ok(()) };
    for folder in folders.flatten() {
        let name = folder.file_name();
        if !name.to_str().is_some_and(|name| waiting.contains(name)) {
            // What can't be removed now is tried again with the next start.
            drop(std::fs::remove_dir_all(folder.path()));
        }
    }
    Ok(())
}

/// Where what was sealed for it lies: sealed, and beside the keys.
fn aside(desk: &Desk, id: &DraftId) -> PathBuf {
    desk.private_folder().join("half").join(id.as_str())
}
