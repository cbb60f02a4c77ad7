//! Access tokens as the metadata server issues them. They live by the machine's clock: how long one is
//! good, programs measure themselves, by clocks that nobody moves.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use http::{HeaderMap, header};
use jiff::Timestamp;

use crate::random;
use crate::sync;

/// How long before its end a token is no longer handed out, as the metadata server does.
const NOT_HANDED_OUT: Duration = Duration::from_mins(5);

#[derive(Debug)]
pub(crate) struct AccessTokens {
    lifetime: Duration,
    /// Token to the moment it ends at.
    issued: Mutex<BTreeMap<String, Timestamp>>,
}

impl AccessTokens {
    pub(crate) fn new(lifetime: Duration) -> Self {
        Self {
            lifetime,
            issued: Mutex::default(),
        }
    }

    /// The token to use now, and how many seconds are left of it.
    pub(crate) fn current(&self, now: Timestamp) -> (String, i64) {
        let mut issued = self.lock();
        issued.retain(|_, end| *end > now);
        let fresh = issued.iter().find(|(_, end)| **end > now + NOT_HANDED_OUT);
        let (token, end) = if let Some((token, end)) = fresh {
            (token.clone(), *end)
        } else {
            let token = format!("ya29.simulated-{}", random::token());
            let end = now + self.lifetime;
            issued.insert(token.clone(), end);
            (token, end)
        };
        (token, end.as_second() - now.as_second())
    }

    /// Whether a request carries one that is still valid.
    pub(crate) fn authorize(&self, headers: &HeaderMap, now: Timestamp) -> bool {
        let bearer = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "));
        bearer.is_some_and(|token| self.lock().get(token).is_some_and(|end| *end > now))
    }

    /// Ends every token before its time, as when a service account is disabled.
    pub(crate) fn revoke(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Timestamp>> {
        sync::lock(&self.issued)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_kept_until_little_is_left_of_it() {
        let tokens = AccessTokens::new(Duration::from_hours(1));
        let start = Timestamp::UNIX_EPOCH;
        let (first, left) = tokens.current(start);
        assert_eq!(left, 3_600);
        let later = start + Duration::from_mins(54);
        assert_eq!(tokens.current(later), (first.clone(), 360));
        let (second, left) = tokens.current(start + Duration::from_mins(56));
        assert_ne!(second, first);
        assert_eq!(left, 3_600);
    }
}
