//! A browser that trusts nobody: it checks on every answer what must be true of all of them.

use std::cell::RefCell;
use std::collections::BTreeMap;

use marketplace_simulator::Order;
use verification::Rejected;

use crate::environment::{LISTING, SUPPORT};
use crate::function::TestFunction;
use crate::wire::{Answer, bare, exchange, form_post};

/// The field that carries the Marketplace's token.
pub(crate) const TOKEN: &str = "x-gcp-marketplace-token";

/// No other header leaves the function; in particular none that names its software.
const HEADERS: [&str; 19] = [
    "allow",
    "cache-control",
    "connection",
    "content-length",
    "content-security-policy",
    "content-type",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "date",
    "location",
    "permissions-policy",
    "referrer-policy",
    "refresh",
    "retry-after",
    "set-cookie",
    "strict-transport-security",
    "www-authenticate",
    "x-content-type-options",
    "x-frame-options",
];

/// One browser with its cookies. It does not follow redirects.
pub(crate) struct Browser<'f> {
    function: &'f TestFunction,
    cookies: RefCell<BTreeMap<String, String>>,
}

impl<'f> Browser<'f> {
    pub(crate) fn new(function: &'f TestFunction) -> Self {
        Self {
            function,
            cookies: RefCell::default(),
        }
    }

    /// What this browser visits.
    pub(crate) fn function(&self) -> &'f TestFunction {
        self.function
    }

    /// Presses the register button in the Marketplace.
    pub(crate) async fn sign_up(&self, order: &Order) -> Answer {
        self.function.keep_secret(order.user.as_str());
        self.land(&self.function.buyers_token(order)).await
    }

    /// Posts the form that carries this token.
    pub(crate) async fn land(&self, token: &str) -> Answer {
        self.function.keep_secret(token);
        self.post("/signup", &[(TOKEN, token)]).await
    }

    pub(crate) async fn get(&self, target: &str) -> Answer {
        self.send(&bare("GET", target, &self.cookie())).await
    }

    pub(crate) async fn post(&self, target: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(&form_post(target, fields, &self.cookie())).await
    }

    /// Sends these bytes.
    pub(crate) async fn send(&self, request: impl AsRef<[u8]>) -> Answer {
        let answer = exchange(self.function.address, request).await;
        check(&answer, &self.function.secrets.borrow());
        for (_, value) in answer.headers.iter().filter(|(n, _)| n == "set-cookie") {
            self.keep_cookie(value);
        }
        answer
    }

    /// The cookies, name to value.
    pub(crate) fn cookies(&self) -> BTreeMap<String, String> {
        self.cookies.borrow().clone()
    }

    /// Takes over a cookie from elsewhere.
    pub(crate) fn take_cookie(&self, name: &str, value: &str) {
        self.cookies
            .borrow_mut()
            .insert(name.to_owned(), value.to_owned());
    }

    fn keep_cookie(&self, set: &str) {
        let mut parts = set.split("; ");
        let (name, value) = parts.next().and_then(|pair| pair.split_once('=')).unwrap();
        assert!(name.starts_with("__Host-signup-"), "{set}");
        let attributes: Vec<_> = parts.collect();
        let [http_only, same_site, secure, path, max_age] = attributes.as_slice() else {
            panic!("{set}");
        };
        assert_eq!(
            [http_only, same_site, secure, path],
            [&"HttpOnly", &"SameSite=Lax", &"Secure", &"Path=/"]
        );
        let seconds = max_age.strip_prefix("Max-Age=").unwrap();
        assert!((1..=1800).contains(&seconds.parse::<u32>().unwrap()));
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
        assert!(HEADERS.contains(&name.as_str()), "{name}");
    }
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(answer.header("x-frame-options"), Some("DENY"));
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none';"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    // Google is told whom to sign in, at its own address.
    let ours = |location: &&str| !location.contains("/accounts.google.com/");
    let location = answer.header("location").filter(ours).unwrap_or_default();
    for secret in secrets {
        assert!(!location.contains(secret), "{secret} is in {location}");
    }
    // 422 is the form again, with what was typed.
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
    for rule in Rejected::ALL {
        // Rules of one word would be found in any text.
        let telling = rule.name().contains('_');
        assert!(!telling || !body.contains(rule.name()), "{body}");
    }
}
