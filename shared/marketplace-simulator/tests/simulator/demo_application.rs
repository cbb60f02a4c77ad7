//! The demo application as a browser meets it.

use marketplace_simulator::web::{ProgramEndpoint, Storefront, Website};
use marketplace_simulator::{Order, Simulator};
use reqwest::{Client, Response};
use serde_json::json;

use crate::caller::{Caller, good};
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
        let storefront = Storefront {
            service_account_links: has_links.then(|| called(&links)),
            usage: Some(called(&usage)),
            ..Storefront::example("http://localhost:8080/signup")
        };
        let Caller { sim, client } = Caller::showing(Website::new(storefront), |_| {}).await;
        let mut application = Self {
            order: sim.buy(),
            sim,
            links,
            usage,
            client,
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
        let signed = good(request.json(&json!({"payload": claims.to_string()}))).await;
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

/// A cookie that was set, as it is sent.
fn cookie(response: &Response, name: &str) -> String {
    let all = response.headers().get_all("set-cookie").iter();
    let mut all = all.map(|value| value.to_str().unwrap().split(';').next().unwrap());
    let set = all.find(|pair| pair.starts_with(name) && !pair.ends_with('='));
    set.unwrap().to_owned()
}
