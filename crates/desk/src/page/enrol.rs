//! An officer makes a passkey, with a link that is used up by it. What it asserts is tried at once, by the check that it will
//! stand under acts with; then its enrolment waits for the roots.

use std::time::SystemTime;

use act::body::{HostName, WebOrigin};
use act::value::Vkey;
use askama::Template;
use lang::Arg;
use note::passkey::{Expected, challenge};
use note::{KeyName, PasskeyKey, VerifierKey};
use store::Passkey;
use terms::{ActId, Hash, SignerName};

use super::people::by_voice;
use super::shell::Shell;
use crate::desk::Desk;
use crate::web::answer::{Answer, Sorry};
use crate::web::asked::Asked;
use crate::web::links::Invited;
use crate::web::passkey::{assertion, bytes};
use crate::words::Who;

#[derive(Template)]
#[template(path = "enrol.html")]
struct Page {
    shell: Shell,
    who: String,
    label: String,
    office: String,
    action: String,
    rp: String,
    origin: String,
    /// What the passkey asserts, to try it.
    challenge: String,
    /// A name for the key at its authenticator, which says nothing to others.
    user: String,
    /// Whether browsers give out passkeys to a page of this address.
    can: bool,
    /// The key that was made, as it is read out.
    made: Option<String>,
    /// Whether what came was no passkey that could be enrolled.
    has_failed: bool,
}

pub(crate) fn show(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    page(desk, asked, &invited(desk, asked)?, None, false)
}

fn invited(desk: &Desk, asked: &Asked) -> Result<Invited, Sorry> {
    desk.links.invited(asked.part("token"), SystemTime::now()).ok_or(Sorry::LinkIsOver)
}

/// Keeps the passkey that was made.
pub(crate) fn make(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let invited = invited(desk, asked)?;
    let Some(made) = made(desk, asked, &invited) else { return page(desk, asked, &invited, None, true) };
    // Kept before the link is used up: a disk that fails in between takes neither away. Of two who come with one link, the
    // label is the first's.
    match desk.private.keep_passkey(&made) {
        Ok(()) if desk.links.take(asked.part("token")) => {
            page(desk, asked, &invited, Some(by_voice(&made.vkey)), false)
        }
        Ok(()) => {
            // It was taken back meanwhile.
            desk.private.forget_passkey(&made.label)?;
            Err(Sorry::LinkIsOver)
        }
        Err(store::Fault::Taken) => page(desk, asked, &invited, None, true),
        Err(fault) => Err(fault.into()),
    }
}

/// The name of the key that is to be enrolled.
fn name(desk: &Desk, invited: &Invited) -> (SignerName, String) {
    let settings = desk.settings();
    let signer = SignerName::key(&settings.participant, &invited.label);
    let name = settings.origin.key_name(&signer);
    (signer, name)
}

/// What a passkey asserts to be tried: nobody has this but who has the link.
fn trial(asked: &Asked) -> ActId {
    ActId(Hash::of_parts(&[b"mithaq desk enrolment\n", asked.part("token").as_bytes()]))
}

fn host(asked: &Asked) -> String {
    asked.host.split(':').next().unwrap_or_default().to_ascii_lowercase()
}

/// A passkey of this page that works, under a label that is free.
fn made(desk: &Desk, asked: &Asked, invited: &Invited) -> Option<Passkey> {
    let (signer, name) = name(desk, invited);
    if desk.held().replay().ledger().keys().contains_key(&signer) {
        return None;
    }
    let key = PasskeyKey::from_spki(&bytes(asked.sent("key")?)?)?;
    key.enrollable().ok()?;
    let (rp, origin) = (host(asked), desk.origin(&asked.host));
    HostName::try_from(rp.clone()).ok()?;
    WebOrigin::try_from(origin.clone()).ok()?;
    let origins = [origin];
    let expected = Expected { act: trial(asked), rp: &rp, origins: &origins };
    assertion(asked.sent("assertion")?)?.verify(&key, &expected).ok()?;
    let vkey = Vkey(VerifierKey::passkey(KeyName::new(&name)?, &key));
    let credential = asked.sent("credential")?;
    bytes(credential).filter(|id| !id.is_empty())?;
    let [origin] = origins;
    Some(Passkey {
        label: invited.label.clone(),
        office: invited.office.clone(),
        vkey: vkey.0.to_string(),
        rp,
        origin,
        credential: credential.to_owned(),
        made: desk.now(),
    })
}

fn page(
    desk: &Desk,
    asked: &Asked,
    invited: &Invited,
    made: Option<String>,
    has_failed: bool,
) -> Result<Answer, Sorry> {
    let held = desk.held();
    let who = Who::of(held.replay().instrument(), asked.texts(), held.me()).label;
    let title = if made.is_some() { "enrol-made-title" } else { "enrol-title" };
    let title = asked.texts().say(title, &[("who", Arg::Text(&who))]);
    let (rp, origin) = (host(asked), desk.origin(&asked.host));
    let is_address = rp.parse::<std::net::IpAddr>().is_ok() || rp.starts_with('[');
    let (_, name) = name(desk, invited);
    let user = challenge(&ActId(Hash::of(name.as_bytes())));
    let page = Page {
        shell: Shell::outside(desk, &held, asked, title),
        who,
        label: invited.label.to_string(),
        office: invited.office.clone(),
        action: asked.path.clone(),
        can: !is_address && WebOrigin::try_from(origin.clone()).is_ok(),
        rp,
        origin,
        challenge: challenge(&trial(asked)),
        user,
        made,
        has_failed,
    };
    Ok(Answer::Page(page.render()?))
}
