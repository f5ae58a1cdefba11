//! Who is signed in. A link opens a desk once; then a cookie names the session, which lasts a working day and
//! is forgotten when the node stops. Each form of a session has a token of it, which no other site can know.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use terms::{Instant, Seconds};

use super::token::{Tokens, hash, random};

/// Links and sessions.
pub(crate) struct Sessions {
    links: Tokens<()>,
    open: Tokens<()>,
}

impl Default for Sessions {
    /// A link waits a day, a session lasts a working day, whatever is done in it.
    fn default() -> Sessions {
        Sessions { links: Tokens::new(Seconds::hours(24), 64), open: Tokens::new(Seconds::hours(12), 64) }
    }
}

impl Sessions {
    /// A new link's token.
    pub(crate) fn link(&self, now: Instant) -> Result<String, String> {
        self.links.issue((), now)
    }

    /// Whether a token is a link's that waits.
    pub(crate) fn waits(&self, token: &str, now: Instant) -> bool {
        self.links.get(token, now).is_some()
    }

    /// Uses a link up. Gives the token of the session that it opens; nothing if it is none.
    pub(crate) fn open(&self, token: &str, now: Instant) -> Result<Option<String>, String> {
        match self.links.take(token, now) {
            Some(()) => self.open.issue((), now).map(Some),
            None => Ok(None),
        }
    }

    /// Whether a session is open.
    pub(crate) fn is_open(&self, session: &str, now: Instant) -> bool {
        self.open.get(session, now).is_some()
    }

    /// Ends a session.
    pub(crate) fn close(&self, session: &str, now: Instant) {
        self.open.take(session, now);
    }
}

/// What each form of a session sends: made from what its cookie has, and telling nothing of it.
pub(crate) fn form_token(session: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::new().chain_update(b"mithaq desk form\n").chain_update(session).finalize())
}

/// Whether a form is of a session. Compared by hash: a slow comparison tells no token.
pub(crate) fn is_of(session: &str, sent: &str) -> bool {
    hash(&form_token(session)) == hash(sent)
}

/// A name for a session that opens nothing.
pub(crate) fn mark(session: &str) -> String {
    hash(session).iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

/// 128 random bits, for the name of a draft.
pub(crate) fn fresh_name() -> Result<String, String> {
    random::<16>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_opens_once_and_a_session_ends() {
        let sessions = Sessions::default();
        let now = Instant::parse("2026-01-12T08:00:00Z").expect("a time");
        let link = sessions.link(now).expect("random bytes");
        assert!(sessions.waits(&link, now));
        let session = sessions.open(&link, now).expect("random bytes").expect("it opens");
        assert!(!sessions.waits(&link, now), "it is used up");
        assert_eq!(sessions.open(&link, now), Ok(None));
        assert!(sessions.is_open(&session, now));
        assert!(!sessions.is_open(&session, now.plus(Seconds::hours(12))), "a working day is over");
        assert!(!sessions.is_open(&link, now), "a link is no session");
        sessions.close(&session, now);
        assert!(!sessions.is_open(&session, now));
        let late = sessions.link(now).expect("random bytes");
        assert_eq!(sessions.open(&late, now.plus(Seconds::hours(24))), Ok(None), "a link waits a day");
    }

    #[test]
    fn a_form_is_of_one_session() {
        assert!(is_of("one", &form_token("one")));
        assert!(!is_of("one", &form_token("two")) && !is_of("one", "") && !is_of("one", "one"));
    }
}
