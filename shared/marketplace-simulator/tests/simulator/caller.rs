//! A program that calls Google, as the tests need it.

use std::sync::Once;

use marketplace_simulator::{Settings, Simulator};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::Value;

/// The Procurement API's path of the default provider.
pub(crate) const PROVIDER: &str =
    "/cloudcommerceprocurement.googleapis.com/v1/providers/example-partner";

/// A simulator and a client of it.
pub(crate) struct Caller {
    pub(crate) sim: Simulator,
    client: Client,
}

/// Exactly one crypto provider, as every binary installs it.
pub(crate) fn install_crypto() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        // It fails only where one is installed already, and then there is one.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    });
}

impl Caller {
    pub(crate) async fn start() -> Self {
        Self::with(Settings::default()).await
    }

    pub(crate) async fn with(settings: Settings) -> Self {
        install_crypto();
        Self::of(Simulator::start(settings).await)
    }

    pub(crate) fn of(sim: Simulator) -> Self {
        Self {
            sim,
            client: Client::builder().build().unwrap(),
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.sim.origin())
    }

    pub(crate) async fn plain(&self, path: &str) -> Response {
        self.client.get(self.url(path)).send().await.unwrap()
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.authorized(self.client.get(self.url(&format!("{PROVIDER}{path}"))))
    }

    /// A POST of a JSON body below the provider.
    pub(crate) fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        self.post_to(&format!("{PROVIDER}{path}"), body)
    }

    pub(crate) fn post_to(&self, path: &str, body: &Value) -> RequestBuilder {
        self.authorized(self.client.post(self.url(path))).json(body)
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = method.parse().unwrap();
        self.authorized(self.client.request(method, self.url(path)))
    }

    fn authorized(&self, request: RequestBuilder) -> RequestBuilder {
        request.header("authorization", self.sim.authorization())
    }
}

/// Status and JSON body of the answer.
pub(crate) async fn answer(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    (status, response.json().await.unwrap())
}

/// The body of an answer that must be 200.
#[track_caller]
pub(crate) fn good(answer: (u16, Value)) -> Value {
    assert_eq!(answer.0, StatusCode::OK, "{}", answer.1);
    answer.1
}

pub(crate) async fn refusal(request: RequestBuilder) -> (u16, String) {
    let (status, body) = answer(request).await;
    assert_eq!(body["error"]["code"], status);
    assert!(body["error"]["message"].is_string());
    (status, body["error"]["status"].as_str().unwrap().to_owned())
}
