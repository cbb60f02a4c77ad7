//! The demo application as a browser meets it.

use std::sync::Arc;
use std::time::Duration;

use local::{DemoApplication, LocalPages, PorticoEndpoints};
use marketplace_simulator::{Order, Pages, Settings, Simulator, http_client};
use marketplace_website::{ProgramEndpoint, Storefront, Website};
use reqwest::{Client, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::endpoint::Endpoint;

pub(crate) const AUDIENCE: &str = "http://localhost:8080";
pub(crate) const CALLER: &str = "application@example-project.iam.gserviceaccount.com";
const SIGNER: &str = "hand-off@example-project.iam.gserviceaccount.com";

/// The demo application, with a customer, and what it asks of Portico.
pub(crate) struct Application {
    pub(crate) sim: Simulator,
    pub(crate) order: Order,
    pub(crate) links: Endpoint,
    pub(crate) usage: Endpoint,
    pub(crate) client: Client,
    pub(crate) session: String,
}

pub(crate) struct Seen {
    pub(crate) status: u16,
    pub(crate) back: Option<String>,
    pub(crate) page: String,
}

impl Application {
    pub(crate) async fn open() -> Self {
        Self::with(true, "live").await
    }

    /// With links or without, and a customer who is signed in with this access.
    pub(crate) async fn with(has_links: bool, access: &str) -> Self {
        let links = Endpoint::at("/service-account-links").await;
        let usage = Endpoint::at("/usage").await;
        let called = |endpoint: &Endpoint| ProgramEndpoint {
            url: endpoint.url.clone(),
            audience: AUDIENCE.to_owned(),
            caller: CALLER.to_owned(),
        };
        let sim = beside_the_marketplace(Some(DemoApplication::new(PorticoEndpoints {
            service_account_links: has_links.then(|| called(&links)),
            usage: Some(called(&usage)),
        })));
        let sim = sim.await;
        let mut application = Self {
            order: sim.buy(),
            sim,
            links,
            usage,
            client: client(),
            session: String::new(),
        };
        application.sign_in(access).await;
        application
    }

    async fn sign_in(&mut self, access: &str) {
        let now = jiff::Timestamp::now().as_second();
        let origin = self.sim.origin();
        let claims = json!({
            "iss": format!("https://www.googleapis.com/service_accounts/v1/metadata/x509/{SIGNER}"),
            "aud": origin, "sub": self.order.account.as_str(),
            "google": {"user_identity": self.order.user.as_str(), "roles": [], "orders": []},
            "jti": "a", "iat": now, "exp": now + 60, "purpose": "signup", "verified_user": false,
            "new_user": true, "access": access,
        });
        let path = "iamcredentials.googleapis.com/v1/projects/-/serviceAccounts";
        let url = format!("{origin}/{path}/{SIGNER}:signJwt");
        let request = self.client.post(url);
        let request = request.header("authorization", self.sim.authorization());
        let request = request.json(&json!({"payload": claims.to_string()}));
        let signed: Value = request.send().await.unwrap().json().await.unwrap();
        let form = format!("portico-token={}", signed["signedJwt"].as_str().unwrap());
        let arrived = self.post("/app/signup", form).await;
        self.session = cookie(&arrived, "demo-arrival");
        let home = self.client.get(format!("{origin}/app/"));
        let home = home.header("cookie", &self.session).send().await.unwrap();
        self.session = cookie(&home, "demo-session");
    }

    pub(crate) async fn post(&self, path: &str, form: String) -> Response {
        let request = self.client.post(format!("{}{path}", self.sim.origin()));
        let request = request.header("cookie", &self.session).body(form);
        request.send().await.unwrap()
    }

    /// The status of the answer if a page of another site posts here.
    pub(crate) async fn post_from_elsewhere(&self, path: &str) -> u16 {
        let request = self.client.post(format!("{}{path}", self.sim.origin()));
        let request = request.header("cookie", &self.session);
        let request = request.header("origin", "https://other.example");
        request.send().await.unwrap().status().as_u16()
    }

    pub(crate) async fn get(&self, path: &str) -> Seen {
        let request = self.client.get(format!("{}{path}", self.sim.origin()));
        let request = request.header("cookie", &self.session);
        Seen::read(request.send().await.unwrap()).await
    }
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

/// The Marketplace with this application.
async fn beside_the_marketplace(application: Option<DemoApplication>) -> Simulator {
    let storefront = Storefront::example("http://localhost:8080/signup");
    let pages = LocalPages {
        marketplace: Website::new(storefront),
        application,
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let pages: Arc<dyn Pages> = Arc::new(pages);
    let simulator = Simulator::serve(Settings::default(), listener, Some(pages)).await;
    simulator.unwrap()
}

/// It follows no redirect.
fn client() -> Client {
    http_client(Duration::from_secs(30))
}

/// A cookie that was set, as it is sent.
fn cookie(response: &Response, name: &str) -> String {
    let all = response.headers().get_all("set-cookie").iter();
    let mut all = all.map(|value| value.to_str().unwrap().split(';').next().unwrap());
    let set = all.find(|pair| pair.starts_with(name) && !pair.ends_with('='));
    set.unwrap().to_owned()
}

#[tokio::test]
async fn the_application_has_its_own_style_and_a_marketplace_without_it_nothing_of_it() {
    let application = Application::open().await;
    let home = application.get("/app/").await;
    assert!(home.page.contains("href=\"/app/application.css\""));
    for path in ["/app/application.css", "/assets/product.svg", "/app/events"] {
        assert_eq!(application.get(path).await.status, 200, "{path}");
    }
    let alone = beside_the_marketplace(None).await;
    for (path, status) in [
        ("/new", 200),
        ("/events", 200),
        ("/app", 404),
        ("/app/", 404),
        ("/app/events", 404),
        ("/app/application.css", 404),
    ] {
        let request = client().get(format!("{}{path}", alone.origin()));
        assert_eq!(request.send().await.unwrap().status(), status, "{path}");
    }
}

#[tokio::test]
async fn an_event_that_comes_ends_the_wait_of_a_page() {
    let application = Application::open().await;
    let url = format!("{}/app/events", application.sim.origin());
    let first = application.client.get(&url).send().await.unwrap();
    let tag = first.headers()["etag"].clone();
    let request = application.client.get(&url).header("if-none-match", tag);
    let known = request.try_clone().unwrap().send().await.unwrap();
    assert_eq!(known.status(), 304);
    let waiting = tokio::spawn(request.header("prefer", "wait").send());
    DemoApplication::subscribe(&application.sim);
    application
        .publish("access.granted", "starter-plan", 1)
        .await;
    assert_eq!(waiting.await.unwrap().unwrap().status(), 200);
}
