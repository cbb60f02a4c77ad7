//! Portico's news, as Pub/Sub pushes them: who may, in which order, and how often.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::StatusCode;
use jiff::Timestamp;
use marketplace_simulator::tokens::{IdentityClaims, SigningKey, foreign, google_identity};
use serde_json::{Value, json};

use crate::application::{Application, ExampleBrowser, PUSH_AUDIENCE, PUSH_IDENTITY};
use crate::example::EXAMPLES;
use crate::portico::{Claims, Portico};

const ACCOUNT: &str = "A-1";
const GRANTED: &str = "portico.access.granted";
const DELETED: &str = "portico.account.deleted";

/// What happens to one customer, in that order. After so many they have two orders in force.
const UNTIL_TWO_ORDERS: usize = 9;

fn events() -> Vec<Value> {
    serde_json::from_str(include_str!("../../../outbox/examples/news.json")).unwrap()
}

fn event(kind: &str) -> Value {
    let mut events = events().into_iter();
    events.find(|event| event["type"] == kind).unwrap()
}

fn wrapped(event: &Value) -> String {
    let data = BASE64_STANDARD.encode(event.to_string());
    json!({"message": {"data": data, "messageId": "1"}, "subscription": "s"}).to_string()
}

fn of_the_account(claims: &mut Claims) {
    claims.insert("sub".to_owned(), json!(ACCOUNT));
}

#[tokio::test]
async fn news_that_comes_twice_and_in_another_order_ends_in_the_truth() {
    let portico = Portico::start().await;
    let (order, events) = (portico.google.buy(), events());
    for example in EXAMPLES {
        let application = portico.application(example);
        // Steps of five of nine: each comes twice, and most after some that are newer.
        for step in 0..2 * UNTIL_TWO_ORDERS {
            let event = &events[step * 5 % UNTIL_TWO_ORDERS];
            assert_eq!(portico.push(&application, event).await, StatusCode::OK);
        }
        let hand_off = portico.changed(&order, of_the_account).await;
        let home = ExampleBrowser::at(&application).arrive(&hand_off).await;
        home.shows("Access: live");
        assert_eq!(home.text.matches("<td>yes").count(), 2, "{example:?}");
    }
}

#[tokio::test]
async fn a_deleted_customer_is_signed_out_and_older_news_brings_nothing_back() {
    let portico = Portico::start().await;
    let order = portico.google.buy();
    for example in EXAMPLES {
        let application = portico.application(example);
        let mut browser = ExampleBrowser::at(&application);
        portico.push(&application, &event(GRANTED)).await;
        let hand_off = portico.changed(&order, of_the_account).await;
        browser.arrive(&hand_off).await.shows("Access: live");

        for kind in [DELETED, DELETED, GRANTED] {
            let status = portico.push(&application, &event(kind)).await;
            assert_eq!(status, StatusCode::OK, "{example:?}: {kind}");
        }
        browser.open("/").await.shows("You are not signed in");
        let hand_off = portico.changed(&order, of_the_account).await;
        browser.arrive(&hand_off).await.shows("Access: ended");
    }
}

#[tokio::test]
async fn only_the_subscription_pushes() {
    let portico = Portico::start().await;
    let (key, body) = (&google_identity()[0], wrapped(&event(GRANTED)));
    let refused = [
        (
            "another audience",
            good().set("aud", "https://other.example.com"),
        ),
        (
            "several audiences",
            good().set("aud", json!([PUSH_AUDIENCE, "https://other.example.com"])),
        ),
        ("no audience", good().without("aud")),
        (
            "another identity",
            good().set(
                "email",
                "application@example-project.iam.gserviceaccount.com",
            ),
        ),
        ("no address", good().without("email")),
        (
            "an address that is not verified",
            good().set("email_verified", false),
        ),
        (
            "an address of which nothing is said",
            good().without("email_verified"),
        ),
        ("another issuer", good().set("iss", "https://example.com")),
        ("expired", good().set("exp", 1_700_000_000)),
        ("no expiry", good().without("exp")),
    ];
    let forged = [
        ("another key", good().signed_by(foreign())),
        (
            "another key under Google's id",
            foreign().sign(&key.header(), &good().json()),
        ),
        (
            "no signature",
            SigningKey::unsigned(r#"{"alg":"none"}"#, &good().json()),
        ),
        ("no token", "token".to_owned()),
    ];
    let refused = refused.map(|(what, claims)| (what, claims.signed_by(key)));
    for example in EXAMPLES {
        let application = portico.application(example);
        for (what, token) in refused.iter().chain(&forged) {
            let status = application.push(Some(token), body.clone()).await;
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{example:?}: {what}");
        }
        let status = application.push(None, body.clone()).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{example:?}");
        let status = application
            .push(Some(&good().signed_by(key)), body.clone())
            .await;
        assert_eq!(status, StatusCode::OK, "{example:?}");
    }
}

#[tokio::test]
async fn what_is_no_news_is_refused_so_that_operators_see_it() {
    let portico = Portico::start().await;
    for example in EXAMPLES {
        let application = portico.application(example);
        let bodies = [
            "",
            "{}",
            "[]",
            r#"{"message": {}}"#,
            r#"{"message": {"data": "?"}}"#,
            r#"{"message": {"data": "e30="}}"#,
        ];
        for body in bodies {
            let token = portico.push_token();
            let status = application.push(Some(&token), body.to_owned()).await;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{example:?}: {body}");
        }
    }
}

/// What Pub/Sub says who it is.
fn good() -> IdentityClaims {
    IdentityClaims::valid_at(Timestamp::now())
        .set("aud", PUSH_AUDIENCE)
        .set("email", PUSH_IDENTITY)
}

impl Portico {
    async fn push(&self, application: &Application, event: &Value) -> StatusCode {
        let token = self.push_token();
        application.push(Some(&token), wrapped(event)).await
    }
}
