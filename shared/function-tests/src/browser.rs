//! A browser that checks on every answer what must be true of all of them.

use std::cell::RefCell;
use std::collections::BTreeMap;

use marketplace_simulator::Order;
use verification::BrokenRule;

use crate::customer_function::CustomerFunction;
use crate::environment::{LISTING, SUPPORT};
use crate::wire::{Answer, bare, exchange, form_post};

/// The field that carries the Marketplace's token.
pub const TOKEN: &str = "x-gcp-marketplace-token";

/// No other header leaves a function; in particular none that names its software.
pub const HEADERS: [&str; 16] = [
    "allow",
    "cache-control",
    "connection",
    "content-length",
    "content-security-policy",
    "content-type",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "date",
    "permissions-policy",
    "referrer-policy",
    "retry-after",
    "strict-transport-security",
    "www-authenticate",
    "x-content-type-options",
    "x-frame-options",
];

/// Beside those, the headers of pages.
const PAGE_HEADERS: [&str; 3] = ["location", "refresh", "set-cookie"];

/// One browser with its cookies, at this function. It does not follow redirects.
pub struct Browser<F> {
    function: F,
    cookies: RefCell<BTreeMap<String, String>>,
}

impl<F: CustomerFunction> Browser<F> {
    /// One that was never here.
    pub fn new(function: &F) -> Self {
        Self {
            function: function.clone(),
            cookies: RefCell::default(),
        }
    }

    /// What this browser visits.
    pub fn function(&self) -> &F {
        &self.function
    }

    /// Presses the button in the Marketplace that leads here.
    pub async fn arrive(&self, order: &Order) -> Answer {
        self.function.keep_secret(order.user.as_str());
        self.land(&self.function.buyers_token(order)).await
    }

    /// Posts the form that carries this token.
    pub async fn land(&self, token: &str) -> Answer {
        self.function.keep_secret(token);
        self.post(F::LANDING, &[(TOKEN, token)]).await
    }

    /// Opens this address.
    pub async fn get(&self, target: &str) -> Answer {
        self.send(&bare("GET", target, &self.cookie())).await
    }

    /// Sends a form.
    pub async fn post(&self, target: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(&form_post(target, fields, &self.cookie())).await
    }

    /// Sends these bytes.
    pub async fn send(&self, request: impl AsRef<[u8]>) -> Answer {
        let answer = exchange(self.function.address, request).await;
        check(&answer, &self.function.secrets.borrow());
        for (_, value) in answer.headers.iter().filter(|(n, _)| n == "set-cookie") {
            self.keep_cookie(value);
        }
        answer
    }

    /// The cookies, name to value.
    pub fn cookies(&self) -> BTreeMap<String, String> {
        self.cookies.borrow().clone()
    }

    /// This browser, with the cookies of another one too.
    #[must_use]
    pub fn with_cookies_of(self, other: &Self) -> Self {
        self.cookies.borrow_mut().extend(other.cookies());
        self
    }

    /// Takes over a cookie from elsewhere.
    pub fn take_cookie(&self, name: &str, value: &str) {
        self.cookies
            .borrow_mut()
            .insert(name.to_owned(), value.to_owned());
    }

    fn keep_cookie(&self, set: &str) {
        let mut parts = set.split("; ");
        let (name, value) = parts.next().and_then(|pair| pair.split_once('=')).unwrap();
        let ours = format!("__Host-{}-", self.function.landing.trim_start_matches('/'));
        assert!(name.starts_with(&ours), "{set}");
        let attributes: Vec<_> = parts.collect();
        let [http_only, same_site, secure, path, max_age] = attributes.as_slice() else {
            panic!("{set}");
        };
        assert_eq!(
            [http_only, same_site, secure, path],
            [&"HttpOnly", &"SameSite=Lax", &"Secure", &"Path=/"]
        );
        let seconds: u32 = max_age.strip_prefix("Max-Age=").unwrap().parse().unwrap();
        assert!(seconds <= 1800, "{set}");
        if value.is_empty() && seconds == 0 {
            self.cookies.borrow_mut().remove(name);
            return;
        }
        self.function.keep_secret(value);
        self.take_cookie(name, value);
    }

    fn cookie(&self) -> String {
        let cookies = self.cookies.borrow();
        let pairs: Vec<_> = cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
        if pairs.is_empty() {
            return String::new();
        }
        format!("Cookie: {}\r\n", pairs.join("; "))
    }
}

#[track_caller]
fn check(answer: &Answer, secrets: &[String]) {
    for (name, _) in &answer.headers {
        let mut known = HEADERS.iter().chain(&PAGE_HEADERS);
        assert!(known.any(|known| known == name), "{name}");
    }
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(answer.header("x-frame-options"), Some("DENY"));
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none';"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    // The address of Google's sign-in names the user who is expected.
    let ours = |location: &&str| !location.contains("/accounts.google.com/");
    let location = answer.header("location").filter(ours).unwrap_or_default();
    for secret in secrets {
        assert!(!location.contains(secret), "{secret} is in {location}");
    }
    // 422 is the form again, with what was typed or chosen.
    if answer.status >= 400 && answer.status != 422 {
        check_error_page(answer, secrets);
    }
}

/// An error page says whose page it is and which ways out there are, and nothing of what was sent.
#[track_caller]
fn check_error_page(answer: &Answer, secrets: &[String]) {
    let Answer { body, .. } = answer;
    assert_eq!(
        answer.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    assert!(!body.contains("<form"), "{body}");
    for needed in ["<h1>", LISTING, SUPPORT] {
        assert!(body.contains(needed), "{needed} is missing: {body}");
    }
    for secret in secrets {
        assert!(!body.contains(secret), "{secret} is on the page: {body}");
    }
    for rule in BrokenRule::ALL {
        // Rules of one word would be found in any text.
        let telling = rule.name().contains('_');
        assert!(!telling || !body.contains(rule.name()), "{body}");
    }
}
