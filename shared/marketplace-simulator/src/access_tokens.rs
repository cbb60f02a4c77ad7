//! Access tokens of service accounts, from the metadata server or for a signed assertion. They live by the
//! machine's clock: how long one is good, programs measure themselves, by clocks that nobody moves.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use http::{HeaderMap, header};
use jiff::Timestamp;

use crate::google_error::Unauthenticated;
use crate::random;
use crate::sync;

/// How every access token of Google's begins.
const PREFIX: &str = "ya29.";
/// How long before its end a token is no longer handed out, as the metadata server does.
const NOT_HANDED_OUT: Duration = Duration::from_mins(5);

#[derive(Debug)]
pub(crate) struct AccessTokens {
    lifetime: Duration,
    /// By token.
    issued: Mutex<BTreeMap<String, Issued>>,
}

#[derive(Debug)]
struct Issued {
    /// E-mail of the service account.
    holder: String,
    end: Timestamp,
}

impl AccessTokens {
    pub(crate) fn new(lifetime: Duration) -> Self {
        Self {
            lifetime,
            issued: Mutex::default(),
        }
    }

    /// The token that this service account is to use now, and how many seconds are left of it.
    pub(crate) fn current(&self, holder: &str, now: Timestamp) -> (String, i64) {
        let mut issued = self.lock();
        issued.retain(|_, it| it.end > now);
        let is_fresh = |it: &Issued| it.holder == holder && it.end > now + NOT_HANDED_OUT;
        let fresh = issued.iter().find(|(_, it)| is_fresh(it));
        let (token, end) = if let Some((token, it)) = fresh {
            (token.clone(), it.end)
        } else {
            let end = now + self.lifetime;
            (add(&mut issued, holder, end), end)
        };
        (token, end.as_second() - now.as_second())
    }

    /// A token of this service account that ends then.
    pub(crate) fn issue(&self, holder: &str, end: Timestamp) -> String {
        add(&mut self.lock(), holder, end)
    }

    /// E-mail of the service account that a request is from: it carries a token that is still valid.
    pub(crate) fn caller(
        &self,
        headers: &HeaderMap,
        now: Timestamp,
    ) -> Result<String, Unauthenticated> {
        let given = headers.get(header::AUTHORIZATION);
        let given = given.ok_or(Unauthenticated::Missing)?;
        let token = given.to_str().ok();
        let token = token.and_then(|value| value.strip_prefix("Bearer "));
        let token = token.filter(|token| token.starts_with(PREFIX));
        let token = token.ok_or(Unauthenticated::Unsupported)?;
        self.holder(token, now).ok_or(Unauthenticated::Expired)
    }

    /// E-mail of the service account that a token is of, while it is valid.
    pub(crate) fn holder(&self, token: &str, now: Timestamp) -> Option<String> {
        let issued = self.lock();
        let valid = issued.get(token).filter(|it| it.end > now);
        valid.map(|it| it.holder.clone())
    }

    /// Ends every token before its time, as when a service account is disabled.
    pub(crate) fn revoke(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Issued>> {
        sync::lock(&self.issued)
    }
}

fn add(issued: &mut BTreeMap<String, Issued>, holder: &str, end: Timestamp) -> String {
    let token = format!("{PREFIX}simulated-{}", random::token());
    let holder = holder.to_owned();
    issued.insert(token.clone(), Issued { holder, end });
    token
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_kept_until_little_is_left_of_it() {
        let tokens = AccessTokens::new(Duration::from_hours(1));
        let start = Timestamp::UNIX_EPOCH;
        let (first, left) = tokens.current("a@example.com", start);
        assert_eq!(left, 3_600);
        let later = start + Duration::from_mins(54);
        let kept = tokens.current("a@example.com", later);
        assert_eq!(kept, (first.clone(), 360));
        let late = start + Duration::from_mins(56);
        let (second, left) = tokens.current("a@example.com", late);
        assert_ne!(second, first);
        assert_eq!(left, 3_600);
    }

    #[test]
    fn a_token_is_of_one_service_account() {
        let tokens = AccessTokens::new(Duration::from_hours(1));
        let now = Timestamp::UNIX_EPOCH;
        let (first, _) = tokens.current("a@example.com", now);
        let (second, _) = tokens.current("b@example.com", now);
        assert_ne!(first, second);
        assert_eq!(tokens.holder(&first, now).unwrap(), "a@example.com");
        assert_eq!(tokens.holder(&second, now).unwrap(), "b@example.com");
        let end = now + Duration::from_hours(1);
        assert_eq!(tokens.holder(&first, end), None);
    }
}
