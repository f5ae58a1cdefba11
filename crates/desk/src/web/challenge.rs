//! What a passkey is asked to assert before anybody is known: made so that nothing has to be kept of it. So whoever asks again and
//! again takes no other's away, and fills nothing.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use terms::{Instant, Seconds};

use super::token::hash;

/// How long one may be answered.
const LASTS: Seconds = Seconds(300);

/// Its bytes: until when, random ones, and a mark over both.
const UNTIL: usize = 8;
const MARKED: usize = 16;
const ALL: usize = 32;

/// Those of a desk, until it stops.
#[derive(Default)]
pub(crate) struct Challenges {
    /// What only this process knows; made with the first.
    secret: Mutex<Option<[u8; 64]>>,
    /// Those that were answered well, until they are over anyway: by officers alone.
    used: Mutex<BTreeMap<[u8; 32], Instant>>,
}

impl Challenges {
    /// A new one: 32 bytes in the base 64 of addresses. A sentence if this machine gives no random bytes.
    pub(crate) fn issue(&self, now: Instant) -> Result<String, String> {
        let gives_none = |error| format!("this machine gives no random bytes: {error}");
        let mut bytes = [0; ALL];
        getrandom::fill(&mut bytes[UNTIL..MARKED]).map_err(gives_none)?;
        bytes[..UNTIL].copy_from_slice(&now.plus(LASTS).secs().to_be_bytes());
        let secret = {
            let mut secret = self.secret.lock().unwrap_or_else(PoisonError::into_inner);
            match *secret {
                Some(secret) => secret,
                None => {
                    let mut fresh = [0; 64];
                    getrandom::fill(&mut fresh).map_err(gives_none)?;
                    *secret.insert(fresh)
                }
            }
        };
        let mark = mark(&secret, &bytes[..MARKED]);
        bytes[MARKED..].copy_from_slice(&mark);
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Until when one may be answered, if it was made here, is not over and not used up.
    pub(crate) fn holds(&self, challenge: &str, now: Instant) -> Option<Instant> {
        let bytes: [u8; ALL] = URL_SAFE_NO_PAD.decode(challenge).ok()?.try_into().ok()?;
        let secret = (*self.secret.lock().unwrap_or_else(PoisonError::into_inner))?;
        // Compared by hash: a slow comparison tells no mark.
        let text = |bytes: &[u8]| hash(&URL_SAFE_NO_PAD.encode(bytes));
        if text(&mark(&secret, &bytes[..MARKED])) != text(&bytes[MARKED..]) {
            return None;
        }
        let until = Instant::from_secs(u64::from_be_bytes(bytes[..UNTIL].try_into().ok()?))?;
        (until > now && !self.used().contains_key(&bytes)).then_some(until)
    }

    /// Uses one up: true for one of all who answer it.
    pub(crate) fn take(&self, challenge: &str, now: Instant) -> bool {
        let Some(until) = self.holds(challenge, now) else { return false };
        let Some(bytes) = URL_SAFE_NO_PAD.decode(challenge).ok().and_then(|bytes| bytes.try_into().ok())
        else {
            return false;
        };
        let mut used = self.used();
        used.retain(|_, until| *until > now);
        used.insert(bytes, until).is_none()
    }

    fn used(&self) -> MutexGuard<'_, BTreeMap<[u8; 32], Instant>> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// 128 bits of HMAC-SHA-256, which nobody makes without the secret.
fn mark(secret: &[u8; 64], marked: &[u8]) -> [u8; ALL - MARKED] {
    let mut mac = Hmac::<Sha256>::new(secret.into());
    mac.update(b"mithaq desk challenge\n");
    mac.update(marked);
    let mut mark = [0; ALL - MARKED];
    mark.copy_from_slice(&mac.finalize().into_bytes()[..ALL - MARKED]);
    mark
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Instant {
        Instant::parse("2026-01-12T08:00:00Z").expect("a time")
    }

    #[test]
    fn whoever_asks_again_and_again_takes_no_others_away() {
        let challenges = Challenges::default();
        let first = challenges.issue(now()).expect("random bytes");
        for _ in 0..10_000 {
            challenges.issue(now()).expect("random bytes");
        }
        assert!(challenges.take(&first, now()) && !challenges.take(&first, now()), "once");
        assert_eq!(challenges.used().len(), 1, "nothing is kept of the others");
    }

    #[test]
    fn only_what_was_made_here_and_is_not_over() {
        let challenges = Challenges::default();
        assert_eq!(challenges.holds(&URL_SAFE_NO_PAD.encode([0; ALL]), now()), None, "before the first");
        let one = challenges.issue(now()).expect("random bytes");
        let bytes = URL_SAFE_NO_PAD.decode(&one).expect("base 64");
        for place in 0..ALL {
            let mut other = bytes.clone();
            other[place] ^= 1;
            assert_eq!(challenges.holds(&URL_SAFE_NO_PAD.encode(other), now()), None, "byte {place}");
        }
        for odd in ["", "x", &one[1..], &format!("{one}A")] {
            assert_eq!(challenges.holds(odd, now()), None, "{odd}");
        }
        assert!(challenges.holds(&one, now().plus(Seconds(299))).is_some());
        assert_eq!(challenges.holds(&one, now().plus(LASTS)), None);
        assert_eq!(Challenges::default().holds(&one, now()), None, "another process");
    }
}
