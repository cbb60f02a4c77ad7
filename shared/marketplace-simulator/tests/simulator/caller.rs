//! A program that calls Google, as the tests need it.

use std::sync::{Arc, Once};

use marketplace_simulator::{Order, Pages, Settings, Simulator};
use reqwest::redirect::Policy;
use reqwest::{Body, Client, RequestBuilder, Response};
use serde_json::Value;
use tokio::net::TcpListener;

/// The Procurement API's path of the default provider.
pub(crate) const PROVIDER: &str =
    "/cloudcommerceprocurement.googleapis.com/v1/providers/example-partner";

/// A simulator and a client of it.
pub(crate) struct Caller {
    pub(crate) sim: Simulator,
    /// It follows no redirect.
    pub(crate) client: Client,
}

/// Exactly one crypto provider, as every binary installs it.
fn install_crypto() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        // It fails only where one is installed already, and then there is one.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    });
}

impl Caller {
    pub(crate) async fn start() -> Self {
        Self::set(|_| {}).await
    }

    /// With this change of the settings.
    pub(crate) async fn set(change: impl FnOnce(&mut Settings)) -> Self {
        install_crypto();
        Self::of(Simulator::start(changed(change)).await)
    }

    /// With this change of the settings, and with pages.
    pub(crate) async fn showing(pages: impl Pages, change: impl FnOnce(&mut Settings)) -> Self {
        install_crypto();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let sim = Simulator::serve(changed(change), listener, Some(Arc::new(pages))).await;
        Self::of(sim.unwrap())
    }

    /// An order whose account is approved, and which is approved itself.
    pub(crate) fn buy_approved(&self) -> Order {
        let order = self.sim.buy();
        self.sim.approve_account(&order.account).unwrap();
        self.sim.approve_entitlement(&order.entitlement).unwrap();
        order
    }

    fn of(sim: Simulator) -> Self {
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        Self { sim, client }
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

/// What a browser was answered.
pub(crate) struct Seen {
    pub(crate) status: u16,
    pub(crate) back: Option<String>,
    pub(crate) page: String,
}

impl Seen {
    pub(crate) async fn read(response: Response) -> Self {
        let back = response.headers().get("location");
        Self {
            status: response.status().as_u16(),
            back: back.map(|back| back.to_str().unwrap().to_owned()),
            page: response.text().await.unwrap(),
        }
    }
}

/// Status and JSON body of the answer.
pub(crate) async fn answer(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    (status, response.json().await.unwrap())
}

/// The body of an answer that must be 200.
pub(crate) async fn good(request: RequestBuilder) -> Value {
    let (status, body) = answer(request).await;
    assert_eq!(status, 200, "{body}");
    body
}

pub(crate) async fn refusal(request: RequestBuilder) -> (u16, String) {
    let (status, body) = answer(request).await;
    assert_eq!(body["error"]["code"], status);
    assert!(body["error"]["message"].is_string());
    (status, body["error"]["status"].as_str().unwrap().to_owned())
}

/// Expects Google's error of this status and name.
pub(crate) async fn check_refused(request: RequestBuilder, status: u16, name: &str) {
    let case = request.try_clone().unwrap().build().unwrap();
    let body = case.body().and_then(Body::as_bytes);
    let body = body.map(String::from_utf8_lossy);
    let refused = refusal(request).await;
    assert_eq!(
        refused,
        (status, name.to_owned()),
        "{} {body:?}",
        case.url()
    );
}

fn changed(change: impl FnOnce(&mut Settings)) -> Settings {
    let mut settings = Settings::default();
    change(&mut settings);
    settings
}
