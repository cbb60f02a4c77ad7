//! An application of the developer's own in place of the demo application.

mod vendor;

use std::time::Duration;

use http::StatusCode;
use jiff::Timestamp;
use marketplace::PlanId;
use marketplace_simulator::{Buyer, Order};
use serde_json::{Value, json};

use crate::journey::{
    ONE_CLICK, Portico, first_user, press_into_new_window, purchase, see_text, visit_with,
};
use crate::visits::press_as;
use vendor::{Vendor, client};

const GRANTED: &str = "portico.access.granted";

/// A world for this application, which has pasted what it has to know.
async fn world(vendor: &Vendor) -> Portico {
    let portico = Portico::start_with(vendor.options()).await;
    vendor.paste(&portico.environment);
    portico
}

/// An order that is billed by usage, of a new customer.
fn buy(portico: &Portico) -> Order {
    let product = &portico.simulator.settings().products[0].id;
    let plan = PlanId::parse("usage-plan").expect("a plan");
    let order = portico.simulator.purchase(Buyer::New, product, &plan);
    order.expect("it is sold")
}

/// Posts the Marketplace's token to Portico, and what Portico answers to the application: the account that
/// arrives there, and why.
async fn visit(portico: &Portico, address: &str, order: &Order) -> (String, String) {
    let token = portico.simulator.token(&order.account, &order.user);
    let form = [("x-gcp-marketplace-token", token)];
    let answer = client().post(address).form(&form).send().await;
    let answer = answer.expect("Portico answers");
    assert_eq!(answer.status(), 200);
    let page = answer.text().await.expect("a page");
    let hand_off = between(&page, "name=\"portico-token\" value=\"", "\"");
    let action = between(&page, "action=\"", "\"");
    let form = [("portico-token", hand_off)];
    let answer = client().post(action).form(&form).send().await;
    let answer = answer.expect("the application answers");
    assert_eq!(answer.status(), 200);
    let page = answer.text().await.expect("a page");
    let account = between(&page, "id=account>", "<");
    (
        account.to_owned(),
        between(&page, "id=purpose>", "<").to_owned(),
    )
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text.split_once(before).expect("it is there");
    rest.split_once(after).expect("it ends").0
}

/// One use, at this time by the application's clock.
fn usage(order: &Order, key: &str) -> Value {
    json!({"records": [{
        "entitlement": order.entitlement.as_str(), "metric": "usage_queries", "quantity": 1,
        "occurred_at": Timestamp::now().to_string(), "idempotency_key": key,
    }]})
}

/// The application uses Portico for this order: usage, and a link to Google's page that leads back to it.
async fn assert_served(vendor: &Vendor, order: &Order, key: &str) {
    let (status, said) = vendor.call("/usage", &usage(order, key)).await;
    assert_eq!((status, &said["refused"]), (200, &json!(0)), "{said}");
    let asked = json!({
        "account": order.account.as_str(), "user": order.user.as_str(),
        "redirect": format!("{}/settings", vendor.origin()),
    });
    let (status, said) = vendor.call("/service-account-links", &asked).await;
    assert_eq!(status, 200, "{said}");
    assert!(said["url"].is_string(), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_arrive_in_it_from_a_sign_up_and_from_a_login() {
    let vendor = Vendor::start().await;
    let options = vendor.options();
    visit_with(options, |driver, portico| async move {
        vendor.paste(&portico.environment);
        purchase(&driver, &portico.marketplace).await?;
        let account = portico.only_account();
        press_into_new_window(&driver, "#register").await?;
        see_text(&driver, "#account", account.id.as_str()).await?;
        see_text(&driver, "#purpose", "signup").await?;
        let arrived = driver.current_url().await?;
        assert_eq!(arrived.as_str(), format!("{}/signup", vendor.origin()));
        portico.assert_registered(&account.id, None).await;
        vendor.heard(GRANTED, account.id.as_str()).await;

        portico.change_role();
        press_as(&driver, &portico, 1, "#manage").await?;
        see_text(&driver, "#purpose", "login").await?;
        press_as(&driver, &portico, 1, "#plain-login").await?;
        see_text(&driver, "h1", "Please sign in").await?;
        vendor.assert_content();
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn it_calls_portico_with_what_the_metadata_server_gives_it() {
    let vendor = Vendor::start().await;
    let portico = world(&vendor).await;
    let order = buy(&portico);
    let account = order.account.as_str();
    let arrived = visit(&portico, &portico.signup, &order).await;
    assert_eq!(arrived, (account.to_owned(), "signup".to_owned()));
    vendor.heard(GRANTED, account).await;
    assert_served(&vendor, &order, "first").await;
    vendor.assert_content();
    assert_eq!(portico.simulator.violations(), [""; 0]);
}

#[tokio::test]
async fn nobody_else_may_call_portico() {
    let vendor = Vendor::start().await;
    let portico = world(&vendor).await;
    let address = vendor.variable("PORTICO_URL");
    portico.simulator.pass_time(Duration::from_hours(1));
    let stranger = "stranger@example-project.iam.gserviceaccount.com";
    for token in [
        portico.simulator.identity_token(stranger, &address),
        vendor.identity_token("http://localhost:1").await,
        "not.a.token".to_owned(),
    ] {
        for path in ["/usage", "/service-account-links"] {
            let request = client().post(format!("{address}{path}")).json(&json!({}));
            let answer = request.bearer_auth(&token).send().await;
            assert_eq!(answer.expect("it answers").status(), 401, "{path}");
        }
    }
}

#[tokio::test]
async fn after_a_month_every_journey_is_good_by_this_machine_s_clock() {
    let vendor = Vendor::start().await;
    let portico = world(&vendor).await;
    let old = buy(&portico);
    visit(&portico, &portico.signup, &old).await;
    vendor.heard(GRANTED, old.account.as_str()).await;
    portico.simulator.pass_time(Duration::from_hours(31 * 24));

    let (_, purpose) = visit(&portico, &portico.login, &old).await;
    assert_eq!(purpose, "login");
    let new = buy(&portico);
    let (account, purpose) = visit(&portico, &portico.signup, &new).await;
    assert_eq!(
        (account.as_str(), purpose.as_str()),
        (new.account.as_str(), "signup")
    );
    vendor.heard(GRANTED, new.account.as_str()).await;
    for (order, key) in [(&old, "old"), (&new, "new")] {
        assert_served(&vendor, order, key).await;
    }
    vendor.assert_content();
    assert_eq!(portico.simulator.violations(), [""; 0]);
}

#[tokio::test]
async fn what_is_used_is_sent_again_after_time_has_passed_and_counts_once() {
    let vendor = Vendor::start().await;
    let portico = world(&vendor).await;
    let order = buy(&portico);
    visit(&portico, &portico.signup, &order).await;
    vendor.heard(GRANTED, order.account.as_str()).await;
    let record = usage(&order, "key");
    let (_, said) = vendor.call("/usage", &record).await;
    assert_eq!(said["accepted"], 1, "{said}");
    portico.simulator.pass_time(Duration::from_hours(31 * 24));
    let (_, said) = vendor.call("/usage", &record).await;
    assert_eq!(said["duplicate"], 1, "{said}");
}

#[tokio::test]
async fn what_it_does_not_take_waits_and_is_delivered() {
    let vendor = Vendor::start().await;
    let answers = [
        StatusCode::INTERNAL_SERVER_ERROR,
        StatusCode::FOUND,
        StatusCode::TEMPORARY_REDIRECT,
        StatusCode::NOT_FOUND,
        StatusCode::UNAUTHORIZED,
    ];
    vendor.answer_next(&answers);
    let portico = world(&vendor).await;
    let order = buy(&portico);
    visit(&portico, &portico.signup, &order).await;
    vendor.heard(GRANTED, order.account.as_str()).await;
    portico.simulator.delivery_of_published().settled().await;
    let messages = portico.simulator.published().all();
    let attempts = messages.iter().flat_map(|message| &message.attempts);
    let answered: Vec<_> = attempts.filter_map(|attempt| attempt.status).collect();
    for status in answers {
        assert!(
            answered.contains(&status.as_u16()),
            "{status}: {answered:?}"
        );
    }
    vendor.assert_content();
}

#[tokio::test]
async fn one_that_is_not_there_is_waited_for_and_the_page_says_so() {
    let vendor = Vendor::absent().await;
    let portico = world(&vendor).await;
    let order = buy(&portico);
    let token = portico.simulator.token(&order.account, &order.user);
    let form = [("x-gcp-marketplace-token", token)];
    let answer = client().post(&portico.signup).form(&form).send().await;
    assert_eq!(answer.expect("Portico answers").status(), 200);
    let published = portico.simulator.published();
    published
        .when(|all| all.iter().any(|message| !message.attempts.is_empty()))
        .await;
    let page = format!("{}/customers/{}/1", portico.marketplace, order.account);
    let page = client().get(page).send().await.expect("it answers");
    let page = page.text().await.expect("a page");
    assert!(page.contains("Pub/Sub pushes to the application"), "{page}");

    vendor.appear().await;
    vendor.heard(GRANTED, order.account.as_str()).await;
    portico.simulator.delivery_of_published().settled().await;
    vendor.assert_content();
}

#[tokio::test]
async fn a_slow_one_hears_one_event_at_a_time_and_each_once() {
    let vendor = Vendor::start().await;
    vendor.hold();
    let portico = world(&vendor).await;
    let order = buy(&portico);
    visit(&portico, &portico.signup, &order).await;
    vendor.pushed(1).await;
    let published = portico.simulator.published();
    published.when(|all| all.len() >= 2).await;
    assert_eq!(vendor.pushes(), 1);
    vendor.release();
    vendor.heard(GRANTED, order.account.as_str()).await;
    portico.simulator.delivery_of_published().settled().await;
    for message in published.all() {
        assert_eq!(message.attempts.len(), 1, "{message:?}");
    }
    vendor.assert_content();
}

#[tokio::test]
async fn two_worlds_on_one_computer_do_not_meet() {
    let vendors = [Vendor::start().await, Vendor::start().await];
    let mut worlds = Vec::new();
    for vendor in &vendors {
        worlds.push(world(vendor).await);
    }
    let mut accounts = Vec::new();
    for (vendor, portico) in vendors.iter().zip(&worlds) {
        let order = buy(portico);
        visit(portico, &portico.signup, &order).await;
        vendor.heard(GRANTED, order.account.as_str()).await;
        assert_served(vendor, &order, "key").await;
        accounts.push(order.account.to_string());
    }
    for (vendor, account) in vendors.iter().zip(accounts) {
        assert_eq!(vendor.accounts(), [account]);
        vendor.assert_content();
    }
}

#[tokio::test]
async fn without_one_there_is_nothing_to_paste() {
    let portico = Portico::start_with(ONE_CLICK).await;
    assert_eq!(portico.environment, "");
    let order = portico.simulator.buy();
    let account = portico.simulator.account(&order.account);
    assert_eq!(first_user(&account.expect("it is there")), &order.user);
}
