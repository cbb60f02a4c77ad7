//! A vendor's application of its own: told nothing but the lines to paste, living by this machine's clock.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use function_runtime::{
    Handler, MapEnv, Rejection, Request, Response, html, problem, serve, start, status,
};
use http::{Method, StatusCode};
use jiff::Timestamp;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use local::Options;
use marketplace_simulator::NeverFails;
use reqwest::Client;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

const GOOGLE: &str = "https://accounts.google.com";
/// How far two clocks may differ, in seconds.
const SKEW: u64 = 30;

/// Clones share one.
#[derive(Clone)]
pub(crate) struct Vendor {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    changed: watch::Sender<u64>,
    /// One for each push that is answered, while they are held.
    permits: Semaphore,
}

#[derive(Default)]
struct State {
    environment: BTreeMap<String, String>,
    /// What pushes are answered before they are taken.
    planned: VecDeque<StatusCode>,
    is_held: bool,
    pushes: usize,
    elsewhere: usize,
    /// The types of the events that were taken.
    heard: Vec<(String, String)>,
    refused: Vec<String>,
}

impl Vendor {
    /// An application on a free port.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a port is free");
        let vendor = Self::at(listener.local_addr().expect("it has an address"));
        vendor.serve(listener);
        vendor
    }

    /// An application that is not started yet, at a port that was free.
    pub(crate) async fn absent() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a port is free");
        Self::at(listener.local_addr().expect("it has an address"))
    }

    fn at(address: SocketAddr) -> Self {
        start::install_crypto_provider();
        Self {
            address,
            shared: Arc::new(Shared {
                state: Mutex::default(),
                changed: watch::Sender::new(0),
                permits: Semaphore::new(0),
            }),
        }
    }

    /// Starts the absent one.
    pub(crate) async fn appear(&self) {
        let listener = TcpListener::bind(self.address).await;
        self.serve(listener.expect("nobody else took the port"));
    }

    fn serve(&self, listener: TcpListener) {
        let application = Arc::new(self.clone());
        tokio::spawn(async move { serve(listener, application, std::future::pending()).await });
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Everything in one click, on free ports, for this application.
    pub(crate) fn options(&self) -> Options {
        let env = MapEnv::new()
            .with("PORT", "0")
            .with("MARKETPLACE_PORT", "0")
            .with("SIGNUP_MODE", "auto")
            .with("APPLICATION_URL", self.origin());
        Options::from_env(&env).expect("they are good")
    }

    /// Pastes the lines into its shell.
    pub(crate) fn paste(&self, lines: &str) {
        let variables = lines.lines().map(|line| {
            let line = line.strip_prefix("export ").expect("nothing else");
            let (name, value) = line.split_once('=').expect("a variable");
            (name.to_owned(), value.to_owned())
        });
        self.state().environment = variables.collect();
    }

    pub(crate) fn variable(&self, name: &str) -> String {
        let state = self.state();
        let value = state.environment.get(name);
        value
            .unwrap_or_else(|| panic!("{name} was not printed"))
            .clone()
    }

    /// The identity token that Google's libraries get here.
    pub(crate) async fn identity_token(&self, audience: &str) -> String {
        let host = self.variable("GCE_METADATA_HOST");
        let path = "computeMetadata/v1/instance/service-accounts/default/identity";
        let address = format!("http://{host}/{path}?audience={audience}&format=full");
        let request = client().get(address).header("metadata-flavor", "Google");
        let answer = request.send().await.expect("it answers");
        assert_eq!(answer.status(), 200);
        answer.text().await.expect("it is text")
    }

    /// Calls Portico with such a token.
    pub(crate) async fn call(&self, path: &str, body: &Value) -> (u16, Value) {
        let portico = self.variable("PORTICO_URL");
        let token = self.identity_token(&portico).await;
        let request = client().post(format!("{portico}{path}")).json(body);
        let answer = request.bearer_auth(token).send().await.expect("it answers");
        let status = answer.status().as_u16();
        (status, answer.json().await.expect("JSON"))
    }

    /// The next pushes are answered so, and not taken.
    pub(crate) fn answer_next(&self, answers: &[StatusCode]) {
        self.state().planned.extend(answers);
    }

    /// Answers no push until [`release`](Self::release).
    pub(crate) fn hold(&self) {
        self.state().is_held = true;
    }

    pub(crate) fn release(&self) {
        self.state().is_held = false;
        self.shared.permits.add_permits(1000);
    }

    /// Waits until so many pushes have arrived.
    pub(crate) async fn pushed(&self, times: usize) {
        self.when(|state| state.pushes >= times).await;
    }

    pub(crate) fn pushes(&self) -> usize {
        self.state().pushes
    }

    /// Waits until it has heard this about this account.
    pub(crate) async fn heard(&self, kind: &str, account: &str) {
        let wanted = (kind.to_owned(), account.to_owned());
        self.when(|state| state.heard.contains(&wanted)).await;
    }

    /// Whose news it has heard.
    pub(crate) fn accounts(&self) -> Vec<String> {
        let mut accounts: Vec<_> = self.state().heard.iter().map(|it| it.1.clone()).collect();
        accounts.sort();
        accounts.dedup();
        accounts
    }

    /// It has refused nothing, and a redirect of a push was not followed.
    pub(crate) fn assert_content(&self) {
        let state = self.state();
        assert_eq!(state.refused, [""; 0]);
        assert_eq!(state.elsewhere, 0);
    }

    async fn when(&self, wanted: impl Fn(&State) -> bool) {
        let mut changes = self.shared.changed.subscribe();
        while !wanted(&self.state()) {
            changes
                .changed()
                .await
                .expect("this value holds the sender");
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().expect("nobody panics with it")
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state());
        self.shared.changed.send_modify(|count| *count += 1);
    }

    /// The page behind `/signup`, by a verified hand-off.
    async fn receive(&self, request: &Request) -> Response {
        let body = String::from_utf8_lossy(&request.body).into_owned();
        let token = body.strip_prefix("portico-token=").unwrap_or_default();
        let (issuer, audience) = (
            self.variable("HAND_OFF_ISSUER"),
            self.variable("APPLICATION_ORIGIN"),
        );
        let keys = self.variable("HAND_OFF_JWKS_URL");
        match verified(token, &keys, &issuer, &audience).await {
            Ok(claims) => {
                let (sub, purpose) = (&claims["sub"], &claims["purpose"]);
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                let page = format!(
                    "<!doctype html><title>Own</title><p id=account>{}</p><p id=purpose>{}</p>",
                    text(sub),
                    text(purpose)
                );
                html(StatusCode::OK, page)
            }
            Err(reason) => self.refuse(reason),
        }
    }

    async fn hear(&self, request: &Request) -> Response {
        self.change(|state| state.pushes += 1);
        if self.state().is_held {
            let permit = self.shared.permits.acquire().await;
            permit.expect("it is never closed").forget();
        }
        let planned = self.state().planned.pop_front();
        if let Some(planned) = planned {
            let mut response = status(planned);
            let elsewhere = "/elsewhere".parse().expect("a header");
            response.headers_mut().insert("location", elsewhere);
            return response;
        }
        let bearer = request.header("authorization").unwrap_or_default();
        let token = bearer.strip_prefix("Bearer ").unwrap_or_default();
        let audience = self.variable("PORTICO_PUSH_AUDIENCE");
        let keys = self.variable("PORTICO_PUSH_JWKS_URL");
        let claims = match verified(token, &keys, GOOGLE, &audience).await {
            Ok(claims) => claims,
            Err(reason) => return self.refuse(reason),
        };
        if claims["email"] != self.variable("PORTICO_PUSH_IDENTITY") {
            return self.refuse("another identity".to_owned());
        }
        let event = event(&request.body);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let heard = (text(&event["type"]), text(&event["data"]["account"]));
        self.change(|state| state.heard.push(heard));
        status(StatusCode::NO_CONTENT)
    }

    fn refuse(&self, reason: String) -> Response {
        self.change(|state| state.refused.push(reason));
        status(StatusCode::FORBIDDEN)
    }
}

impl Handler for Vendor {
    type Error = NeverFails;

    async fn handle(&self, request: Request) -> Result<Response, NeverFails> {
        Ok(match (&request.method, request.path()) {
            (&Method::POST, "/signup") => self.receive(&request).await,
            (&Method::GET, "/login") => html(StatusCode::OK, "<h1>Please sign in</h1>"),
            (&Method::POST, "/events") => self.hear(&request).await,
            _ => {
                self.change(|state| state.elsewhere += 1);
                status(StatusCode::NOT_FOUND)
            }
        })
    }

    fn render(&self, rejection: &Rejection, _path: &str) -> Response {
        problem(rejection)
    }

    fn body_limit(&self, _path: &str) -> usize {
        64 * 1024
    }
}

/// The claims of a token that is good by this machine's clock.
async fn verified(token: &str, keys: &str, issuer: &str, audience: &str) -> Result<Value, String> {
    let keys = client().get(keys).send().await.expect("it answers");
    let keys: JwkSet = keys.json().await.expect("keys");
    let header = decode_header(token).map_err(|error| error.to_string())?;
    let kid = header.kid.unwrap_or_default();
    let key = keys.find(&kid).ok_or("an unknown key")?;
    let key = DecodingKey::from_jwk(key).expect("a good key");
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_required_spec_claims(&["iss", "aud", "exp"]);
    validation.set_issuer(&[issuer]);
    validation.set_audience(&[audience]);
    validation.leeway = SKEW;
    let verified = decode::<Value>(token, &key, &validation);
    let claims = verified.map_err(|error| error.to_string())?.claims;
    let issued = claims["iat"].as_i64().ok_or("no iat")?;
    let latest = Timestamp::now().as_second().saturating_add_unsigned(SKEW);
    if issued > latest {
        return Err("issued in the future".to_owned());
    }
    Ok(claims)
}

fn event(push: &[u8]) -> Value {
    let envelope: Value = serde_json::from_slice(push).expect("JSON");
    let data = envelope["message"]["data"].as_str().expect("a message");
    let data = STANDARD.decode(data).expect("base64");
    serde_json::from_slice(&data).expect("an event")
}

pub(crate) fn client() -> Client {
    let client = Client::builder().redirect(reqwest::redirect::Policy::none());
    client.build().expect("a client")
}
