//! Who is signed in. A link opens a desk once; then a cookie names the session, which lasts a working day and
//! is forgotten when the node stops. Nothing here can sign an act.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use terms::{Instant, Seconds};

/// The name of the cookie.
pub(crate) const COOKIE: &str = "desk";

/// How long a session lasts, whatever is done in it.
const LASTS: Seconds = Seconds::hours(12);

/// How long a link waits.
const LINK_WAITS: Seconds = Seconds::hours(24);

/// Sessions at one desk; the oldest makes room for one more.
const SESSIONS_MAX: usize = 64;

/// Links and sessions, by the hash of what opens them: a look into memory, or a slow comparison, tells no token.
#[derive(Default)]
pub(crate) struct Sessions(Mutex<Known>);

#[derive(Default)]
struct Known {
    links: BTreeMap<[u8; 32], Instant>,
    open: BTreeMap<[u8; 32], Instant>,
}

impl Sessions {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new link's token.
    pub(crate) fn link(&self, now: Instant) -> Result<String, String> {
        let token = token()?;
        self.known().links.insert(hash(&token), now.plus(LINK_WAITS));
        Ok(token)
    }

    /// Whether a token is a link's that waits.
    pub(crate) fn waits(&self, token: &str, now: Instant) -> bool {
        self.known().links.get(&hash(token)).is_some_and(|until| *until > now)
    }

    /// Uses a link up. Gives the token of the session that it opens; nothing if it is none.
    pub(crate) fn open(&self, token: &str, now: Instant) -> Result<Option<String>, String> {
        let session = self::token()?;
        let mut known = self.known();
        if known.links.remove(&hash(token)).is_none_or(|until| until <= now) {
            return Ok(None);
        }
        known.open.retain(|_, until| *until > now);
        while known.open.len() >= SESSIONS_MAX {
            let oldest = known.open.iter().min_by_key(|(_, until)| **until).map(|(key, _)| *key);
            oldest.map(|key| known.open.remove(&key));
        }
        known.open.insert(hash(&session), now.plus(LASTS));
        Ok(Some(session))
    }

    /// Whether a session is open.
    pub(crate) fn is_open(&self, session: &str, now: Instant) -> bool {
        self.known().open.get(&hash(session)).is_some_and(|until| *until > now)
    }

    /// Ends a session.
    pub(crate) fn close(&self, session: &str) {
        self.known().open.remove(&hash(session));
    }
}

/// 256 random bits, as they stand in an address or a cookie.
fn token() -> Result<String, String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| format!("this machine gives no random bytes: {error}"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Instant {
        Instant::parse("2026-01-12T08:00:00Z").expect("a time")
    }

    #[test]
    fn a_link_opens_once_and_a_session_ends() {
        let sessions = Sessions::default();
        let now = now();
        let link = sessions.link(now).expect("random bytes");
        assert!(sessions.waits(&link, now));
        let session = sessions.open(&link, now).expect("random bytes").expect("it opens");
        assert!(!sessions.waits(&link, now), "it is used up");
        assert_eq!(sessions.open(&link, now), Ok(None));
        assert!(sessions.is_open(&session, now));
        assert!(!sessions.is_open(&session, now.plus(LASTS)), "a working day is over");
        assert!(!sessions.is_open(&link, now), "a link is no session");
        sessions.close(&session);
        assert!(!sessions.is_open(&session, now));
    }

    #[test]
    fn a_link_waits_a_day() {
        let sessions = Sessions::default();
        let now = now();
        let link = sessions.link(now).expect("random bytes");
        assert_eq!(sessions.open(&link, now.plus(LINK_WAITS).plus(Seconds(60))), Ok(None));
    }

    #[test]
    fn sessions_are_few() {
        let sessions = Sessions::default();
        let now = now();
        let all: Vec<String> = (0..=SESSIONS_MAX as u64)
            .map(|n| {
                let link = sessions.link(now).expect("random bytes");
                sessions.open(&link, now.plus(Seconds(n))).expect("random bytes").expect("it opens")
            })
            .collect();
        let later = now.plus(Seconds(100));
        assert!(!sessions.is_open(&all[0], later), "the oldest made room");
        assert!(all[1..].iter().all(|session| sessions.is_open(session, later)));
    }
}
