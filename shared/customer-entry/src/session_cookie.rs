//! The cookie that ties one landing to the browser it arrived in.
//!
//! Its name carries the landing's handle, so that two tabs with two accounts never mix; its value
//! is the session id, which stands nowhere else. The `__Host-` prefix pins it to this origin and
//! path `/` (RFC 6265bis, section 4.1.3.2). `SameSite=Lax`: it is set on the answer to the
//! Marketplace's cross-site post and must come with the redirect that follows; `Strict` does not.

use cookie::{Cookie, SameSite, time::Duration};
use http::{HeaderMap, HeaderValue, header};
use store::SessionId;

use crate::landing_handle::LandingHandle;

/// The session cookie of one function and landing.
#[derive(Debug, Clone)]
pub(crate) struct SessionCookie {
    name: String,
}

impl SessionCookie {
    /// The cookie of this landing at this function.
    pub(crate) fn new(function: &str, handle: &LandingHandle) -> Self {
        Self {
            name: format!("__Host-{function}-{}", handle.as_str()),
        }
    }

    /// The session id the browser sent, if it sent a well-formed one, once.
    pub(crate) fn read(&self, headers: &HeaderMap) -> Option<SessionId> {
        let mut found = headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(Cookie::split_parse)
            .filter_map(Result::ok)
            .filter(|cookie| cookie.name() == self.name);
        let (Some(cookie), None) = (found.next(), found.next()) else {
            return None;
        };
        SessionId::parse(cookie.value()).ok()
    }

    /// A `Set-Cookie` header that keeps the session for this many seconds.
    pub(crate) fn keep(&self, session: &SessionId, seconds: i64) -> Option<HeaderValue> {
        self.set(session.cookie_value(), seconds)
    }

    /// A `Set-Cookie` header that makes the browser forget the session.
    pub(crate) fn forget(&self) -> Option<HeaderValue> {
        self.set(String::new(), 0)
    }

    fn set(&self, value: String, seconds: i64) -> Option<HeaderValue> {
        let cookie = Cookie::build((self.name.clone(), value))
            .path("/")
            .secure(true)
            .http_only(true)
            .same_site(SameSite::Lax)
            .max_age(Duration::seconds(seconds));
        let mut value = HeaderValue::try_from(cookie.build().to_string()).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(cookies: &[&str]) -> HeaderMap {
        let values = cookies
            .iter()
            .map(|text| HeaderValue::try_from(*text).unwrap());
        values.map(|value| (header::COOKIE, value)).collect()
    }

    #[test]
    fn a_cookie_is_read_by_its_landing_alone() {
        let (one, other) = (
            LandingHandle::random().unwrap(),
            LandingHandle::random().unwrap(),
        );
        let session = SessionId::random();
        let cookie = SessionCookie::new("signup", &one);
        let set = cookie.keep(&session, 60).unwrap();
        let pair = set.to_str().unwrap().split(';').next().unwrap();
        assert_eq!(cookie.read(&sent(&["a=b", pair])), Some(session));
        assert_eq!(
            cookie.read(&sent(&[&format!("a=b; {pair}; c=d")])),
            Some(session)
        );
        assert_eq!(
            SessionCookie::new("signup", &other).read(&sent(&[pair])),
            None
        );
        assert_eq!(SessionCookie::new("login", &one).read(&sent(&[pair])), None);
        assert_eq!(cookie.read(&sent(&[pair, pair])), None);
        assert_eq!(cookie.read(&HeaderMap::new()), None);
    }

    #[test]
    fn the_cookie_is_bound_to_this_origin_and_hidden_from_script() {
        let handle = LandingHandle::random().unwrap();
        let set = SessionCookie::new("signup", &handle)
            .keep(&SessionId::random(), 60)
            .unwrap();
        let text = set.to_str().unwrap();
        assert!(text.starts_with(&format!("__Host-signup-{}=", handle.as_str())));
        let attributes: Vec<_> = text.split("; ").skip(1).collect();
        assert_eq!(
            attributes,
            ["HttpOnly", "SameSite=Lax", "Secure", "Path=/", "Max-Age=60"]
        );
        assert!(set.is_sensitive());
    }
}
