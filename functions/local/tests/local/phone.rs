//! The pages on a narrow phone, with names that are longer than it is wide.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use function_runtime::start;
use jiff::Timestamp;
use local::{DemoApplication, LocalPages, PorticoEndpoints};
use marketplace_simulator::tokens;
use marketplace_simulator::{Buyer, Order, Pages, PrivateOffer, Settings, Simulator, http_client};
use marketplace_website::{ProgramEndpoint, Storefront, Website};
use serde_json::json;
use thirtyfour::error::WebDriverResult;
use thirtyfour::prelude::WebDriver;
use tokio::net::TcpListener;

use crate::browser::{PHONE, Screen, Script, in_browser_on};
use crate::journey::{click, see};

/// One word, as German has them.
const LONG: &str = "Rindfleischetikettierungsueberwachungsaufgabenuebertragungsgesellschaft";

/// Pages full of long names, with a customer who has some of everything.
struct Crowded {
    simulator: Simulator,
    order: Order,
}

impl Crowded {
    async fn open() -> Self {
        start::install_crypto_provider();
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a port is free");
        let simulator = Simulator::serve(settings(), listener, Some(pages())).await;
        let simulator = simulator.expect("it starts");
        DemoApplication::subscribe(&simulator);
        let order = simulator.buy();
        let crowded = Self { simulator, order };
        crowded.buy_everything();
        crowded.publish().await;
        crowded
    }

    fn buy_everything(&self) {
        let (simulator, order) = (&self.simulator, &self.order);
        let done = simulator.approve_account(&order.account);
        done.expect("it waits for that");
        let done = simulator.approve_entitlement(&order.entitlement);
        done.expect("it waits for that");
        let product = &simulator.settings().products[0];
        let buyer = || Buyer::Existing(order.account.clone());
        for plan in &product.plans {
            let bought = simulator.purchase(buyer(), &product.id, &plan.id);
            let bought = bought.expect("it is for sale");
            let approved = simulator.approve_entitlement(&bought.entitlement);
            approved.expect("it waits for that");
        }
        let start = Timestamp::now() + Duration::from_hours(30 * 24);
        let offer = PrivateOffer::months(12).starting(start);
        let plan = &product.plans[0].id;
        let accepted = simulator.accept_offer(buyer(), &product.id, plan, offer);
        accepted.expect("it is offered");
        let created = simulator.create_service_account("customer-1");
        created.expect("the name is free");
    }

    /// What Portico would publish of an order that is billed by usage.
    async fn publish(&self) {
        let order = &self.order.entitlement;
        let event = json!({
            "id": "1", "type": "portico.access.granted", "time": Timestamp::now(),
            "data": {
                "account": self.order.account, "access": "live", "reason": LONG,
                "orders": [{"entitlement": order, "plan": "usage-plan", "state": "ENTITLEMENT_ACTIVE"}],
            },
        });
        let message = json!({
            "data": STANDARD.encode(event.to_string()),
            "attributes": {"ce-type": "portico.access.granted", "ce-subject": LONG},
        });
        let topic = "projects/example-project/topics/marketplace-changes";
        let origin = self.simulator.origin();
        let url = format!("{origin}/pubsub.googleapis.com/v1/{topic}:publish");
        let request = http_client(Duration::from_secs(30)).post(url);
        let request = request.header("authorization", self.simulator.authorization());
        let request = request.json(&json!({"messages": [message]}));
        let answer = request.send().await.expect("it answers");
        assert_eq!(answer.status(), 200);
        self.simulator.delivery_of_published().settled().await;
    }

    /// Signs the customer in to the application, as Portico would.
    async fn sign_in(&self, driver: &WebDriver) -> WebDriverResult<()> {
        let (origin, now) = (self.simulator.origin(), Timestamp::now().as_second());
        let signer = &self.simulator.settings().hand_off_signer;
        let order = &self.order.entitlement;
        let claims = json!({
            "iss": format!("https://www.googleapis.com/service_accounts/v1/metadata/x509/{signer}"),
            "aud": origin, "sub": self.order.account.as_str(),
            "google": {
                "user_identity": self.order.user.as_str(), "roles": [LONG], "orders": [order],
            },
            "jti": LONG, "iat": now, "exp": now + 60, "purpose": "signup", "verified_user": false,
            "new_user": true, "access": "live",
            "unverified_profile": {"company": LONG, "name": LONG, "email": format!("a@{LONG}.example")},
        });
        let key = &tokens::hand_off_signer()[0];
        let token = key.sign(&key.header(), &claims.to_string());
        let page = format!(
            "data:text/html,<form method=post action='{origin}/app/signup'>\
             <input name=portico-token value='{token}'></form>\
             <script>document.forms[0].submit()</script>",
        );
        driver.goto(page).await?;
        see(driver, "#account").await?;
        see(driver, "#use-1-usage_queries").await.map(|_| ())
    }
}

fn settings() -> Settings {
    let mut settings = Settings::default();
    for product in &mut settings.products {
        product.title = format!("{LONG} Analytics");
        for plan in &mut product.plans {
            plan.title = LONG.to_owned();
            for metric in &mut plan.metrics {
                metric.title = LONG.to_owned();
            }
        }
    }
    settings
}

fn pages() -> Arc<dyn Pages> {
    let storefront = Storefront {
        vendor: format!("{LONG} mbH & Co. KG"),
        summary: format!("{LONG} for everybody."),
        login_url: Some("http://localhost:1/login".to_owned()),
        ..Storefront::example("http://localhost:1/signup")
    };
    let portico = |path| ProgramEndpoint {
        url: format!("http://localhost:1/{path}"),
        audience: "http://localhost:1".to_owned(),
        caller: "application@example-project.iam.gserviceaccount.com".to_owned(),
    };
    Arc::new(LocalPages {
        marketplace: Website::new(storefront),
        application: Some(DemoApplication::new(PorticoEndpoints {
            service_account_links: Some(portico("service-account-links")),
            usage: Some(portico("usage")),
        })),
    })
}

/// Nothing on the page is wider than the phone.
async fn assert_fits(driver: &WebDriver, page: &str) -> WebDriverResult<()> {
    let script = "return [window.innerWidth, document.documentElement.scrollWidth];";
    let seen = driver.execute(script, Vec::new()).await?;
    let [screen, content]: [u32; 2] = seen.convert()?;
    assert_eq!(screen, PHONE, "{page}");
    assert!(content <= screen, "{page} is {content} pixels wide");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_wider_than_a_phone() {
    let crowded = Crowded::open().await;
    in_browser_on(Screen::Phone, Script::On, |driver| async move {
        let origin = crowded.simulator.origin();
        let customer = format!("/customers/{}/1", crowded.order.account);
        for path in [
            "/new",
            &customer,
            "/events",
            "/customers/none/1",
            "/app/events",
        ] {
            driver.goto(format!("{origin}{path}")).await?;
            assert_fits(&driver, path).await?;
        }
        driver.goto(format!("{origin}{customer}")).await?;
        click(&driver, ".who summary").await?;
        assert_fits(&driver, "the menu").await?;
        crowded.sign_in(&driver).await?;
        assert_fits(&driver, "the application").await
    })
    .await;
}
