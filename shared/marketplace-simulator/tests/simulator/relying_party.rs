//! A program that has its customers sign in with Google, and their browser.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use form_urlencoded::Serializer;
use marketplace::UserIdentity;
use marketplace_simulator::{Settings, SignInRefused, Simulator};
use reqwest::{Client, Response};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::caller::Caller;

pub(crate) const REDIRECT_URI: &str = "https://portico.example/login/google";
pub(crate) const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters";

/// A program, registered with Google, and one customer with an order.
pub(crate) struct RelyingParty {
    pub(crate) sim: Simulator,
    pub(crate) user: UserIdentity,
    client: Client,
}

impl RelyingParty {
    pub(crate) async fn start() -> Self {
        Self::set(|_| {}).await
    }

    pub(crate) async fn set(change: impl FnOnce(&mut Settings)) -> Self {
        let Caller { sim, client } = Caller::set(change).await;
        sim.register_redirect_uri(REDIRECT_URI);
        let user = sim.buy().user;
        Self { sim, user, client }
    }

    /// Where the program sends a browser; each pair replaces a parameter, or takes it away if it
    /// is empty.
    pub(crate) fn url(&self, changes: &[(&str, &str)]) -> String {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        let good = [
            ("client_id", self.sim.oauth_client().id.as_str()),
            ("redirect_uri", REDIRECT_URI),
            ("response_type", "code"),
            ("scope", "openid email"),
            ("state", "a state & more"),
            ("nonce", "a-nonce"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        let query = changed(&good, changes);
        let origin = self.sim.origin();
        format!("{origin}/accounts.google.com/o/oauth2/v2/auth?{query}")
    }

    /// The code of a sign-in by the user.
    pub(crate) fn code(&self, changes: &[(&str, &str)]) -> String {
        let back = self.sim.sign_in(&self.url(changes), &self.user).unwrap();
        parameter(&back, "code").unwrap()
    }

    /// Why Google takes the browser no further.
    pub(crate) fn refusal(&self, changes: &[(&str, &str)]) -> SignInRefused {
        let refused = self.sim.sign_in(&self.url(changes), &self.user);
        refused.unwrap_err()
    }

    pub(crate) async fn exchange(&self, code: &str, changes: &[(&str, &str)]) -> (u16, Value) {
        let client = self.sim.oauth_client();
        let good = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT_URI),
            ("client_id", client.id.as_str()),
            ("client_secret", client.secret.as_str()),
            ("code_verifier", VERIFIER),
        ];
        let form = changed(&good, changes);
        let response = self.post_form("/oauth2.googleapis.com/token", form).await;
        let status = response.status().as_u16();
        (status, response.json().await.unwrap())
    }

    /// Expects the exchange of a code to be refused.
    pub(crate) async fn check_exchange(
        &self,
        code: &str,
        changes: &[(&str, &str)],
        status: u16,
        error: &str,
    ) {
        let (answered, body) = self.exchange(code, changes).await;
        let seen = (answered, body["error"].as_str().unwrap());
        assert_eq!(seen, (status, error), "{changes:?}");
    }

    /// The answer to a code of the user.
    pub(crate) async fn signed_in(&self, changes: &[(&str, &str)]) -> Value {
        let (status, body) = self.exchange(&self.code(changes), &[]).await;
        assert_eq!(status, 200, "{body}");
        body
    }

    pub(crate) async fn post_form(&self, path: &str, form: String) -> Response {
        let request = self.client.post(format!("{}{path}", self.sim.origin()));
        let kind = "application/x-www-form-urlencoded";
        let request = request.header("content-type", kind).body(form);
        request.send().await.unwrap()
    }

    pub(crate) async fn user_info(&self, path: &str, authorization: &str) -> Response {
        let request = self.client.get(format!("{}{path}", self.sim.origin()));
        let request = request.header("authorization", authorization);
        request.send().await.unwrap()
    }

    pub(crate) fn browser(&self) -> CookieBrowser<'_> {
        CookieBrowser {
            party: self,
            cookie: String::new(),
        }
    }
}

pub(crate) struct CookieBrowser<'a> {
    party: &'a RelyingParty,
    cookie: String,
}

#[derive(Debug, PartialEq)]
pub(crate) enum Seen {
    Page(String),
    Back(String),
}

impl CookieBrowser<'_> {
    pub(crate) async fn open(&mut self, url: &str) -> Seen {
        let request = self.party.client.get(url);
        let response = request.header("cookie", &self.cookie).send().await;
        self.see(response.unwrap()).await
    }

    /// Posts a form of the page at this address to where it stands.
    pub(crate) async fn post(&mut self, url: &str, fields: &[(&str, &str)]) -> Seen {
        let form = Serializer::new(String::new()).extend_pairs(fields).finish();
        let kind = "application/x-www-form-urlencoded";
        let request = self.party.client.post(url).header("content-type", kind);
        let request = request.header("cookie", &self.cookie).body(form);
        self.see(request.send().await.unwrap()).await
    }

    async fn see(&mut self, response: Response) -> Seen {
        let header = |name: &str| {
            let value = response.headers().get(name)?.to_str().ok()?;
            Some(value.to_owned())
        };
        if let Some(cookie) = header("set-cookie") {
            self.cookie = cookie.split(';').next().unwrap().to_owned();
        }
        let Some(location) = header("location") else {
            return Seen::Page(response.text().await.unwrap());
        };
        assert_eq!(response.status(), 302);
        Seen::Back(location)
    }
}

impl Seen {
    #[track_caller]
    pub(crate) fn page(self) -> String {
        match self {
            Self::Page(page) => page,
            Self::Back(location) => panic!("sent back to {location}"),
        }
    }

    #[track_caller]
    pub(crate) fn back(self) -> String {
        match self {
            Self::Back(location) => location,
            Self::Page(page) => panic!("shown a page: {page}"),
        }
    }
}

pub(crate) fn parameter(url: &str, name: &str) -> Option<String> {
    let url = Url::parse(url).unwrap();
    let found = url.query_pairs().find(|(found, _)| found == name);
    found.map(|(_, value)| value.into_owned())
}

/// Whom the address that a browser is sent back to is about.
pub(crate) async fn subject(party: &RelyingParty, back: &str) -> String {
    let code = parameter(back, "code").unwrap();
    let (_, body) = party.exchange(&code, &[]).await;
    let claims = payload(body["id_token"].as_str().unwrap());
    claims["sub"].as_str().unwrap().to_owned()
}

pub(crate) fn payload(token: &str) -> Value {
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap());
    serde_json::from_slice(&payload.unwrap()).unwrap()
}

fn changed(good: &[(&str, &str)], changes: &[(&str, &str)]) -> String {
    let is_changed = |name: &str| changes.iter().any(|(changed, _)| *changed == name);
    let kept = good.iter().filter(|(name, _)| !is_changed(name));
    let added = changes.iter().filter(|(_, value)| !value.is_empty());
    let mut query = Serializer::new(String::new());
    query.extend_pairs(kept.chain(added)).finish()
}
