//! What opens something for whoever has it: 256 random bits, kept only as their hash, for a time.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use terms::{Instant, Seconds};

/// Tokens of one kind, each with what it stands for. By the hash: a look into memory, or a slow comparison, tells none.
pub(crate) struct Tokens<T> {
    lasts: Seconds,
    /// How many there are at most; the one that ends first makes room for one more.
    most: usize,
    known: Mutex<BTreeMap<[u8; 32], (Instant, T)>>,
}

impl<T: Clone> Tokens<T> {
    pub(crate) const fn new(lasts: Seconds, most: usize) -> Tokens<T> {
        Tokens { lasts, most, known: Mutex::new(BTreeMap::new()) }
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<[u8; 32], (Instant, T)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new one. A sentence if this machine gives no random bytes.
    pub(crate) fn issue(&self, of: T, now: Instant) -> Result<String, String> {
        let token = random::<32>()?;
        let mut known = self.known();
        known.retain(|_, (until, _)| *until > now);
        while known.len() >= self.most {
            let first = known.iter().min_by_key(|(_, (until, _))| *until).map(|(key, _)| *key);
            first.map(|key| known.remove(&key));
        }
        known.insert(hash(&token), (now.plus(self.lasts), of));
        Ok(token)
    }

    /// Looks at what a token stands for, while its time lasts, and may change it.
    pub(crate) fn change<R>(&self, token: &str, now: Instant, look: impl FnOnce(&mut T) -> R) -> Option<R> {
        let mut known = self.known();
        known.get_mut(&hash(token)).filter(|(until, _)| *until > now).map(|(_, of)| look(of))
    }

    /// Forgets all but those of which it is said to keep them.
    pub(crate) fn retain(&self, keep: impl Fn(&T) -> bool) {
        self.known().retain(|_, (_, of)| keep(of));
    }

    /// What a token stands for, while its time lasts.
    pub(crate) fn get(&self, token: &str, now: Instant) -> Option<T> {
        let known = self.known();
        known.get(&hash(token)).filter(|(until, _)| *until > now).map(|(_, of)| of.clone())
    }

    /// The same, and it is used up.
    pub(crate) fn take(&self, token: &str, now: Instant) -> Option<T> {
        self.known().remove(&hash(token)).filter(|(until, _)| *until > now).map(|(_, of)| of)
    }
}

/// So many random bytes, as they stand in an address or a cookie. A sentence if this machine gives none.
pub(crate) fn random<const N: usize>() -> Result<String, String> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| format!("this machine gives no random bytes: {error}"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

pub(crate) fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Instant {
        Instant::parse("2026-01-12T08:00:00Z").expect("a time")
    }

    #[test]
    fn a_token_lasts_its_time_and_is_taken_once() {
        let tokens = Tokens::new(Seconds(60), 8);
        let token = tokens.issue(7, now()).expect("random bytes");
        assert_eq!(tokens.get(&token, now().plus(Seconds(59))), Some(7));
        assert_eq!(tokens.get(&token, now().plus(Seconds(60))), None);
        assert_eq!(tokens.get("no-such-token", now()), None);
        assert_eq!(tokens.take(&token, now()), Some(7));
        assert_eq!(tokens.take(&token, now()), None, "it is used up");
        let late = tokens.issue(8, now()).expect("random bytes");
        assert_eq!(tokens.take(&late, now().plus(Seconds(60))), None);
    }

    #[test]
    fn tokens_are_few() {
        let tokens = Tokens::new(Seconds(600), 4);
        let issue = |n| tokens.issue(n, now().plus(Seconds(n))).expect("random bytes");
        let all: Vec<String> = (0..=4).map(issue).collect();
        let later = now().plus(Seconds(100));
        assert_eq!(tokens.get(&all[0], later), None, "the oldest made room");
        assert!((1..=4).all(|n| tokens.get(&all[n as usize], later) == Some(n)));
    }
}
