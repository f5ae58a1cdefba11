//! A node that wants to read the register's files proves itself: it signs a challenge, and gets a token that lasts minutes
//! (FORMATS.md, *Reading*).

use std::sync::Arc;
use std::time::Duration;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::Response;
use terms::{Hash, ParticipantId, Seconds};

use super::meet::{
    Heads, No, agent, at_most, fell, into, no, proof_of, read_answer, read_proved, unreached, who_comes,
};
use super::token::Tokens;
use crate::desk::Desk;

/// Where a challenge is given, and where it is brought back.
pub const PATH: &str = "/reader";

/// The first line of a challenge: what is signed here is no bundle.
const CHALLENGE: &str = "mithaq.reader/v1";

/// The most bytes of what is brought back or given.
const BYTES_MAX: usize = 1024;

const TEXT: &str = "text/plain; charset=utf-8";

/// Challenges and tokens that are out.
pub(crate) struct Readers {
    challenges: Tokens<()>,
    tokens: Tokens<ParticipantId>,
}

impl Default for Readers {
    /// A challenge waits a minute, a token lasts ten.
    fn default() -> Readers {
        Readers { challenges: Tokens::new(Seconds(60), 256), tokens: Tokens::new(Seconds(600), 256) }
    }
}

impl Readers {
    /// Who has this token.
    pub(crate) fn who(&self, token: &str, desk: &Desk) -> Option<ParticipantId> {
        self.tokens.get(token, desk.now())
    }
}

/// Gives a challenge.
pub(crate) async fn challenge(desk: Arc<Desk>, _: Request) -> Response {
    let token = desk.readers.challenges.issue((), desk.now());
    let text = token.map(|token| (TEXT, format!("{CHALLENGE}\n{token}\n").into_bytes(), None));
    into(text.map_err(|why| (StatusCode::INTERNAL_SERVER_ERROR, why)))
}

/// Takes one back, signed, and gives a token.
pub(crate) async fn admit(desk: Arc<Desk>, request: Request) -> Response {
    into(admitted(desk, request).await.map(|(text, heads)| (TEXT, text.into_bytes(), Some(heads))))
}

async fn admitted(desk: Arc<Desk>, request: Request) -> Result<(String, Heads), No> {
    let (parts, body) = request.into_parts();
    let (told, proof) =
        proof_of(&parts.headers).ok_or_else(|| no(StatusCode::UNAUTHORIZED, "no proof of who asks"))?;
    let bytes = at_most(body, BYTES_MAX).await?;
    let lines = std::str::from_utf8(&bytes).unwrap_or_default().split_once('\n');
    let token = lines.filter(|(first, _)| *first == CHALLENGE).and_then(|(_, rest)| rest.strip_suffix('\n'));
    let waited = token.and_then(|token| desk.readers.challenges.take(token, desk.now()));
    if waited.is_none() || told != Hash::of(&bytes) {
        return Err(no(StatusCode::UNAUTHORIZED, "it is no challenge that waits here: ask for a new one"));
    }
    let work = move || {
        let who = who_comes(&desk, &proof, &told)?;
        let failed = |why: String| (StatusCode::INTERNAL_SERVER_ERROR, why);
        let token = desk.readers.tokens.issue(who.clone(), desk.now()).map_err(failed)?;
        let text = format!("{token}\n");
        let hash = Hash::of(text.as_bytes());
        let proof = desk.greeter.prove(desk.held().replay(), &who, &hash, desk.now());
        let heads = Heads::of(&hash, &proof.map_err(|fault| failed(fault.to_string()))?);
        Ok((text, heads))
    };
    tokio::task::spawn_blocking(work).await.map_err(fell)?
}

/// Gets a token from another node: whoever has it reads the register's files there for ten minutes.
///
/// # Errors
///
/// A sentence: it can't be reached, does not know this node, or does not prove who it is.
pub fn token(desk: &Desk, other: &ParticipantId, address: &str) -> Result<String, String> {
    let (agent, most) = (agent(Duration::from_secs(30)), BYTES_MAX as u64);
    let url = format!("{}{PATH}", address.trim_end_matches('/'));
    let failed = |error: ureq::Error| unreached(other, address, &error);
    let mut given = agent.get(&url).call().map_err(failed)?;
    let challenge = read_answer(other, &mut given, most)?;
    if !challenge.starts_with(CHALLENGE.as_bytes()) {
        return Err(format!("what answers at {address} gives no challenge"));
    }
    let hash = Hash::of(&challenge);
    let proof = desk.greeter.prove(desk.held().replay(), other, &hash, desk.now());
    let heads = Heads::of(&hash, &proof.map_err(|fault| fault.to_string())?);
    let mut answer = heads.on(agent.post(&url)).send(&challenge[..]).map_err(failed)?;
    let bytes = read_proved(desk, other, address, &mut answer, most)?;
    Ok(String::from_utf8_lossy(&bytes).trim_end().to_owned())
}
