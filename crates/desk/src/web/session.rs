//! Who is signed in: by a link, which opens a desk once, or by an officer's passkey. A cookie names the session, which lasts a
//! working day and is forgotten when the node stops; it is locked when nobody has asked anything for a while. Each form of a
//! session has a token of it, which no other site can know, and which no two pages write alike.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use terms::{Code, Instant, Seconds};

use super::challenge::Challenges;
use super::token::{Tokens, hash, random};

/// The sessions of a desk, and what passkeys are asked to open one.
pub(crate) struct Sessions {
    open: Tokens<Session>,
    challenges: Challenges,
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Session {
    /// The label of the officer's key that opened it; none, if a link did.
    person: Option<Code>,
    /// When it asked for something last.
    seen: Instant,
    /// How many forms were sent in it while it was locked.
    held: u32,
}

/// How many forms one session has held: whoever sits at a locked desk fills no room that others need.
const HELD_MAX: u32 = 20;

/// What a session may do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is open, for who opened it by a passkey, or for who had a link.
    Open(Option<Code>),
    /// Nobody has asked anything for too long: whoever opened it signs in again.
    Locked,
    /// There is none.
    Over,
}

impl Default for Sessions {
    /// A session lasts a working day, whatever is done in it; what a passkey is asked, some minutes.
    fn default() -> Sessions {
        Sessions { open: Tokens::new(Seconds::hours(12), 64), challenges: Challenges::default() }
    }
}

impl Sessions {
    /// Opens a session under a new name, whatever name was there before.
    pub(crate) fn open(&self, person: Option<Code>, now: Instant) -> Result<String, String> {
        self.open.issue(Session { person, seen: now, held: 0 }, now)
    }

    /// What a session may do, at which it is seen. It is locked if it was not seen for `idle`.
    pub(crate) fn look(&self, session: &str, idle: Seconds, now: Instant) -> Standing {
        let looked = self.open.change(session, now, |session| {
            if session.seen.plus(idle) <= now {
                return Standing::Locked;
            }
            session.seen = now;
            Standing::Open(session.person.clone())
        });
        looked.unwrap_or(Standing::Over)
    }

    /// Whether a form may be held once more that was sent in a session while it was locked.
    pub(crate) fn holds(&self, session: &str, now: Instant) -> bool {
        let counted = self.open.change(session, now, |session| {
            session.held += 1;
            session.held <= HELD_MAX
        });
        counted.unwrap_or(false)
    }

    /// As [`Sessions::look`], and nobody is seen by it: what asks by itself keeps no session open.
    pub(crate) fn peek(&self, session: &str, idle: Seconds, now: Instant) -> Standing {
        match self.open.get(session, now) {
            Some(Session { seen, .. }) if seen.plus(idle) <= now => Standing::Locked,
            Some(Session { person, .. }) => Standing::Open(person),
            None => Standing::Over,
        }
    }

    /// Ends a session.
    pub(crate) fn close(&self, session: &str, now: Instant) {
        self.open.take(session, now);
    }

    /// Ends every session of whoever opened this one, locked or not; if a link did, every session that a link opened.
    pub(crate) fn close_all(&self, session: &str, now: Instant) {
        if let Some(Session { person, .. }) = self.open.get(session, now) {
            self.open.retain(|session| session.person != person);
        }
    }

    /// What a passkey is asked: 32 random bytes, in the base 64 of addresses.
    pub(crate) fn challenge(&self, now: Instant) -> Result<String, String> {
        self.challenges.issue(now)
    }

    /// Whether that was asked here, and not long ago.
    pub(crate) fn asked(&self, challenge: &str, now: Instant) -> bool {
        self.challenges.holds(challenge, now).is_some()
    }

    /// Uses it up: true once, if it was asked here and not long ago.
    pub(crate) fn answers(&self, challenge: &str, now: Instant) -> bool {
        self.challenges.take(challenge, now)
    }
}

/// What each form of a session proves that it is of: made from what its cookie has, and telling nothing of it.
fn secret(session: &str) -> [u8; HALF] {
    Sha256::new().chain_update(b"mithaq desk form\n").chain_update(session).finalize().into()
}

/// Bytes of the secret, and of the mask over it.
const HALF: usize = 32;

/// What the forms of one page send: the secret under a mask that is drawn for this page, and the mask. No two pages have a
/// byte of it in common but by chance, so that the length of a compressed page tells nothing of the secret (BREACH).
pub(crate) fn form_token(session: &str) -> Result<String, String> {
    let mut mask = [0; HALF];
    getrandom::fill(&mut mask).map_err(|error| format!("this machine gives no random bytes: {error}"))?;
    let masked = xor(&mask, &secret(session));
    Ok(URL_SAFE_NO_PAD.encode([&mask[..], &masked].concat()))
}

fn xor(one: &[u8], other: &[u8]) -> Vec<u8> {
    one.iter().zip(other).map(|(one, other)| one ^ other).collect()
}

/// Whether a form is of a session. Compared by hash: a slow comparison tells no secret.
pub(crate) fn is_of(session: &str, sent: &str) -> bool {
    let Ok(sent) = URL_SAFE_NO_PAD.decode(sent) else { return false };
    let Some((mask, masked)) = sent.split_at_checked(HALF) else { return false };
    masked.len() == HALF && Sha256::digest(xor(mask, masked)) == Sha256::digest(secret(session))
}

/// A name for a session that opens nothing.
pub(crate) fn mark(session: &str) -> String {
    hash(session).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// 128 random bits, for the name of a draft.
pub(crate) fn fresh_name() -> Result<String, String> {
    random::<16>()
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDLE: Seconds = Seconds(900);

    fn now() -> Instant {
        Instant::parse("2026-01-12T08:00:00Z").expect("a time")
    }

    fn code(text: &str) -> Option<Code> {
        Some(Code::new(text).expect("a label"))
    }

    #[test]
    fn a_session_is_locked_and_ends() {
        let sessions = Sessions::default();
        let session = sessions.open(code("legal-1"), now()).expect("random bytes");
        let mut at = now();
        while at < now().plus(Seconds::hours(12)) {
            assert_eq!(sessions.look(&session, IDLE, at), Standing::Open(code("legal-1")));
            at = at.plus(Seconds(600));
        }
        assert_eq!(sessions.look(&session, IDLE, at), Standing::Over, "a working day is over");
        let session = sessions.open(None, now()).expect("random bytes");
        for later in [900, 901, 5000] {
            assert_eq!(sessions.look(&session, IDLE, now().plus(Seconds(later))), Standing::Locked);
        }
        sessions.close(&session, now());
        assert_eq!(sessions.look(&session, IDLE, now()), Standing::Over);
        assert_eq!(sessions.look("no such", IDLE, now()), Standing::Over);
    }

    #[test]
    fn to_listen_keeps_no_session_open() {
        let sessions = Sessions::default();
        let session = sessions.open(None, now()).expect("random bytes");
        for later in [0, 600, 899] {
            assert_eq!(sessions.peek(&session, IDLE, now().plus(Seconds(later))), Standing::Open(None));
        }
        assert_eq!(sessions.peek(&session, IDLE, now().plus(IDLE)), Standing::Locked);
        assert_eq!(sessions.look(&session, IDLE, now().plus(IDLE)), Standing::Locked);
        sessions.close(&session, now());
        assert_eq!(sessions.peek(&session, IDLE, now()), Standing::Over);
    }

    /// Of so many sessions, two have the same first 32 bits of their hash.
    #[test]
    fn no_two_sessions_have_one_mark() {
        let mut short = std::collections::BTreeSet::new();
        let mut marks = std::collections::BTreeSet::new();
        let all: Vec<String> = (0..200_000).map(|n| format!("session {n}")).collect();
        for session in &all {
            short.insert(mark(session)[..8].to_owned());
            marks.insert(mark(session));
        }
        assert!(short.len() < all.len() && marks.len() == all.len());
    }

    #[test]
    fn all_sessions_of_a_person_end_and_no_others() {
        let sessions = Sessions::default();
        let people = [code("legal-1"), code("legal-1"), code("liaison-1"), None];
        let open = people.clone().map(|person| sessions.open(person, now()).expect("random bytes"));
        let are = || open.each_ref().map(|session| sessions.look(session, IDLE, now()) != Standing::Over);
        sessions.close_all(&open[1], now());
        assert_eq!(are(), [false, false, true, true]);
        sessions.close_all(&open[0], now());
        assert_eq!(are(), [false, false, true, true], "who is out ends nobody's");
        sessions.close_all(&open[3], now());
        assert_eq!(are(), [false, false, true, false]);
    }

    #[test]
    fn a_passkey_answers_once() {
        let sessions = Sessions::default();
        let challenge = sessions.challenge(now()).expect("random bytes");
        assert!(!sessions.answers("another", now()));
        assert!(sessions.asked(&challenge, now()) && !sessions.asked("another", now()));
        assert!(sessions.answers(&challenge, now()) && !sessions.answers(&challenge, now()));
        assert!(!sessions.asked(&challenge, now()));
        let late = sessions.challenge(now()).expect("random bytes");
        assert!(!sessions.answers(&late, now().plus(Seconds(300))));
    }

    #[test]
    fn a_form_is_of_one_session() {
        let token = |session| form_token(session).expect("random bytes");
        let one = token("one");
        assert!(is_of("one", &one) && is_of("one", &token("one")));
        assert!(!is_of("one", &token("two")) && !is_of("two", &one));
        let odd = [
            "",
            "one",
            "A",
            &one[1..],
            &one[..85],
            &format!("{one}AAAA"),
            &format!("{one}="),
            &one.to_lowercase(),
        ];
        assert!(odd.iter().all(|odd| !is_of("one", odd)));
        // What stands under no mask is no token.
        let bare = URL_SAFE_NO_PAD.encode(secret("one"));
        assert!(!is_of("one", &bare) && !is_of("one", &format!("{bare}{bare}")));
    }

    #[test]
    fn no_two_pages_have_the_same_token() {
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..1000 {
            let token = form_token("one").expect("random bytes");
            let bytes = URL_SAFE_NO_PAD.decode(&token).expect("base 64");
            assert_eq!(bytes.len(), 2 * HALF);
            // Not a word of four bytes comes again, of the mask or of what is under it.
            assert!(bytes.chunks(8).all(|part| seen.insert(part.to_vec())), "{token}");
        }
    }
}
