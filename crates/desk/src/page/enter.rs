//! Signing in by an officer's passkey: it asserts random bytes, by the check that it stands under acts with.

use note::passkey::Expected;
use serde_json::json;
use terms::{ActId, Capacity, Code, Hash, SignerName};

use super::way_in::sign_in;
use crate::desk::{Desk, Held};
use crate::web::answer::{Answer, Sorry};
use crate::web::asked::Asked;
use crate::web::passkey::{assertion, bytes};

/// What a page has that lets somebody sign in.
pub(crate) struct Enter {
    /// Where it leads then.
    pub(crate) to: String,
}

impl Enter {
    /// Nothing, if no passkey could.
    pub(crate) fn of(desk: &Desk, held: &Held, asked: &Asked) -> Option<Enter> {
        // What can't be read lets nobody in.
        let known = known(desk, held, asked).unwrap_or_default();
        let path = if asked.path == "/in" { "" } else { asked.path.as_str() };
        (!known.is_empty()).then(|| Enter { to: path.to_owned() })
    }
}

/// The labels of keys in force that are passkeys of this page, with their names at authenticators.
fn known(desk: &Desk, held: &Held, asked: &Asked) -> Result<Vec<(Code, String)>, Sorry> {
    let origin = desk.origin(&asked.host);
    let is_live = |label: &Code| {
        let key = held.replay().ledger().keys().get(&SignerName::key(held.me(), label));
        key.is_some_and(|key| {
            let works = key.passkey.as_ref().is_some_and(|(_, _, origins)| origins.contains(&origin));
            works && key.capacity == Capacity::Officer && key.ended.is_none()
        })
    };
    let all = desk.private.passkeys()?.into_iter();
    Ok(all.filter(|made| is_live(&made.label)).map(|made| (made.label, made.credential)).collect())
}

/// Says what a passkey is to assert; or lets in who has asserted it.
pub(crate) fn enter(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let held = desk.held();
    let known = known(desk, &held, asked)?;
    let (Some(challenge), Some(credential), Some(asserted)) =
        (asked.sent("challenge"), asked.sent("credential"), asked.sent("assertion"))
    else {
        let challenge = desk.sessions.challenge(desk.now()).map_err(Sorry::Broken)?;
        let host = asked.host.split(':').next().unwrap_or_default();
        // Whoever asks is a stranger: which passkeys there are, each authenticator finds by itself.
        let question = json!({"challenge": challenge, "rp": host, "credentials": []});
        return Ok(Answer::Json(question.to_string()));
    };
    if !desk.sessions.asked(challenge, desk.now()) {
        return Err(Sorry::NoPasskey);
    }
    let label = known.into_iter().find(|(_, known)| known == credential).map(|(label, _)| label);
    let label = label.ok_or(Sorry::NoPasskey)?;
    let key = held.replay().ledger().keys().get(&SignerName::key(held.me(), &label));
    let (vkey, rp, origins) = key.and_then(|key| key.passkey.as_ref()).ok_or(Sorry::NoPasskey)?;
    let asked_for = bytes(challenge).and_then(|bytes| Some(ActId(Hash::from_bytes(bytes.try_into().ok()?))));
    let expected = Expected { act: asked_for.ok_or(Sorry::NoPasskey)?, rp, origins };
    let (passkey, asserted) = vkey.passkey_key().zip(assertion(asserted)).ok_or(Sorry::NoPasskey)?;
    asserted.verify(&passkey, &expected).map_err(|_| Sorry::NoPasskey)?;
    if !desk.sessions.answers(challenge, desk.now()) {
        return Err(Sorry::NoPasskey);
    }
    sign_in(desk, asked, Some(label))
}
