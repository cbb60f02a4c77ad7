//! The pages of the Marketplace: how a customer's people come in.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use marketplace::{PlanId, ProductId, Role};
use marketplace_simulator::{Buyer, Chooser, Order, OrdersInTokens, Simulator};
use marketplace_website::Storefront;
use serde_json::{Value, json};

use crate::shop;

const LOGIN: &str = "http://localhost:8080/login";

/// A Marketplace with two products, and a customer who bought the first one twice.
struct Shop {
    sim: Simulator,
    order: Order,
    client: reqwest::Client,
}

impl Shop {
    async fn open(login_url: Option<&str>) -> Self {
        let storefront = Storefront {
            login_url: login_url.map(str::to_owned),
            ..Storefront::example("http://localhost:8080/signup")
        };
        let sim = shop::open(storefront, |settings| {
            settings.orders_in_tokens = OrdersInTokens::Listed;
            let mut other = settings.products[0].clone();
            other.id = ProductId::parse("reports.endpoints.example-partner.cloud.goog").unwrap();
            settings.products.push(other);
        });
        let sim = sim.await;
        let order = sim.buy();
        sim.buy_again(&order.account);
        Self {
            sim,
            order,
            client: shop::client(),
        }
    }

    async fn page(&self) -> String {
        let path = format!("/customers/{}/1", self.order.account);
        let url = format!("{}{path}", self.sim.origin());
        let page = self.client.get(url).send().await.unwrap();
        page.text().await.unwrap()
    }

    /// Status and body of the answer to the first person's form.
    async fn post(&self, path: &str, fields: &str) -> (u16, String) {
        let form = format!("account={}&person=1&{fields}", self.order.account);
        let url = format!("{}{path}", self.sim.origin());
        let response = self.client.post(url).body(form).send().await.unwrap();
        let status = response.status().as_u16();
        (status, response.text().await.unwrap())
    }

    fn buy_the_other_product(&self) -> Order {
        let product = &self.sim.settings().products[1].id;
        let plan = PlanId::parse("starter-plan").unwrap();
        let buyer = Buyer::Existing(self.order.account.clone());
        self.sim.purchase(buyer, product, &plan).unwrap()
    }
}

/// The orders in the token that the page posts.
fn orders(page: &str) -> Value {
    let field = "name=\"x-gcp-marketplace-token\" value=\"";
    let (_, token) = page.split_once(field).unwrap();
    let token = token.split('"').next().unwrap();
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap());
    let claims: Value = serde_json::from_slice(&claims.unwrap()).unwrap();
    claims["google"]["orders"].clone()
}

#[tokio::test]
async fn a_customer_can_come_in_with_sso_or_without_where_there_is_a_login() {
    let shop = Shop::open(Some(LOGIN)).await;
    let page = shop.page().await;
    for control in [
        "id=\"manage\"",
        "id=\"sso\"",
        "id=\"plain-login\" class=\"button quiet\" href=\"http://localhost:8080/login\"",
    ] {
        assert!(page.contains(control), "{control}");
    }
    let (status, page) = shop.post("/marketplace/manage", "way=straight").await;
    assert_eq!(status, 200);
    assert!(page.contains("<form method=\"post\" action=\"http://localhost:8080/login\">"));
    let without = Shop::open(None).await;
    let page = without.page().await;
    assert!(!page.contains("plain-login") && !page.contains("id=\"manage\""));
    let (status, _) = without.post("/marketplace/manage", "way=straight").await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn the_token_lists_the_orders_of_the_product_that_was_chosen() {
    let shop = Shop::open(Some(LOGIN)).await;
    let other = shop.buy_the_other_product();
    let products = shop.sim.settings().products.clone();
    let all = shop.sim.entitlements_of(&shop.order.account);
    let of_first: Vec<_> = all[..2].iter().map(|order| order.id.as_str()).collect();
    for (product, expected) in [
        (products[0].id.as_str(), json!(of_first)),
        (products[1].id.as_str(), json!([other.entitlement.as_str()])),
        ("third", json!([])),
    ] {
        let fields = format!("way=look&product={product}");
        let (_, page) = shop.post("/marketplace/manage", &fields).await;
        assert_eq!(orders(&page), expected, "{product}");
    }
    let (_, page) = shop.post("/marketplace/manage", "way=look").await;
    assert_eq!(orders(&page).as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_person_s_role_is_set_on_the_page() {
    let shop = Shop::open(None).await;
    let roles = || shop.sim.account(&shop.order.account).unwrap().users[0].clone();
    let editor = "role=project_editor";
    assert_eq!(shop.post("/entrance/role", editor).await.0, 303);
    assert_eq!(roles().roles, [Role::ProjectEditor]);
    let page = shop.page().await;
    assert!(page.contains("<option value=\"project_editor\" selected>"));
    assert_eq!(shop.post("/entrance/role", "role=").await.0, 303);
    assert_eq!(roles().roles, []);
}

#[tokio::test]
async fn the_chooser_is_set_on_the_page() {
    let shop = Shop::open(None).await;
    let choice = "chooser=somebody-else";
    assert_eq!(shop.post("/entrance/chooser", choice).await.0, 303);
    assert_eq!(shop.sim.chooser(), Chooser::SomebodyElse);
    let page = shop.page().await;
    assert!(page.contains("<option value=\"somebody-else\" selected>"));
    shop.post("/entrance/chooser", "chooser=as-chosen").await;
    assert_eq!(shop.sim.chooser(), Chooser::AsChosen);
}

#[tokio::test]
async fn another_site_cannot_set_a_role() {
    let shop = Shop::open(None).await;
    let url = format!("{}/entrance/role", shop.sim.origin());
    let request = shop.client.post(url);
    let request = request.header("origin", "https://other.example");
    let form = format!("account={}&person=1&role=", shop.order.account);
    let response = request.body(form).send().await.unwrap();
    assert_eq!(response.status(), 403);
    assert_eq!(shop.post("/entrance/other", "").await.0, 404);
}

#[tokio::test]
async fn an_hour_and_a_month_pass_on_the_page() {
    let shop = Shop::open(None).await;
    assert!(!shop.page().await.contains("ahead of your computer"));
    for (action, ahead) in [
        ("pass-hour", "1 hour"),
        ("pass-month", "31 days and 1 hour"),
    ] {
        assert_eq!(shop.post(&format!("/google/{action}"), "").await.0, 303);
        let page = shop.page().await;
        assert!(page.contains(&format!("{ahead} ahead of your computer")));
    }
    // There is no scheduler that could run.
    let (status, _) = shop.post("/google/run-scheduler", "job=report").await;
    assert_eq!(status, 404);
}
