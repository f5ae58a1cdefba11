//! How often one address may ask for what costs something: whoever asks more waits.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// How many may come at once, and how many a second after that.
const AT_ONCE: f64 = 60.0;
const EACH_SECOND: f64 = 5.0;

/// How many addresses are remembered.
const MOST: usize = 4096;

/// What each address may still ask.
#[derive(Default)]
pub(crate) struct Doors(Mutex<BTreeMap<IpAddr, (f64, Instant)>>);

impl Doors {
    /// Whether an address may ask once more. In IPv6 one subscriber has a whole /64.
    pub(crate) fn may(&self, from: IpAddr, now: Instant) -> bool {
        self.asks(from, now, true)
    }

    /// Whether it might, if it asked: that alone counts as nothing.
    pub(crate) fn has_room(&self, from: IpAddr, now: Instant) -> bool {
        self.asks(from, now, false)
    }

    fn asks(&self, from: IpAddr, now: Instant, counts: bool) -> bool {
        let from = match from {
            IpAddr::V6(ip) if ip.to_ipv4_mapped().is_none() => {
                let [a, b, c, d, ..] = ip.segments();
                IpAddr::from([a, b, c, d, 0, 0, 0, 0])
            }
            other => other.to_canonical(),
        };
        let filled = |left: f64, since: Instant| {
            (left + now.saturating_duration_since(since).as_secs_f64() * EACH_SECOND).min(AT_ONCE)
        };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            // Who may ask as much as anybody need not be remembered; if all are busy, all are forgotten.
            known.retain(|_, (left, since)| filled(*left, *since) < AT_ONCE);
            if known.len() >= MOST {
                known.clear();
            }
        }
        let (left, since) = known.get(&from).copied().unwrap_or((AT_ONCE, now));
        let left = filled(left, since);
        let may = left >= 1.0;
        known.insert(from, (if may && counts { left - 1.0 } else { left }, now));
        may
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn many_at_once_and_then_a_few_a_second() {
        let doors = Doors::default();
        let now = Instant::now();
        let asks = |from: &str, now| doors.may(from.parse().expect("an address"), now);
        assert_eq!((0..100).filter(|_| asks("192.0.2.1", now)).count(), 60);
        assert!(asks("192.0.2.2", now), "another is not concerned");
        assert!(!asks("::ffff:192.0.2.1", now), "the same in another notation");
        let later = now + Duration::from_secs(2);
        assert_eq!((0..100).filter(|_| asks("192.0.2.1", later)).count(), 10);
        assert_eq!((0..100).filter(|n| asks(&format!("2001:db8::{n:x}"), now)).count(), 60, "one subscriber");
        let much_later = now + Duration::from_secs(3600);
        assert_eq!((0..100).filter(|_| asks("192.0.2.1", much_later)).count(), 60);
    }

    #[test]
    fn addresses_are_few() {
        let doors = Doors::default();
        let now = Instant::now();
        for n in 0..=MOST as u32 {
            doors.may(IpAddr::from(n.to_be_bytes()), now);
        }
        let known = doors.0.lock().expect("nobody fell over").len();
        assert!(known <= MOST, "{known}");
    }
}
