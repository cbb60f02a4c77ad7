//! Hand-offs as large as they get.

use http::StatusCode;
use serde_json::json;

use crate::application::ExampleBrowser;
use crate::example::EXAMPLES;
use crate::portico::{Claims, Portico};

/// What HAND-OFF.md says that an application allows.
const LIMIT: usize = 32 * 1024;

fn with_256_orders(claims: &mut Claims) {
    let orders = (0..256).map(|number| format!("7d0e2f6a-93b1-4c55-8a7e-{number:012x}"));
    claims["google"]["orders"] = orders.collect::<Vec<_>>().into();
}

#[tokio::test]
async fn a_hand_off_with_256_orders_is_accepted() {
    let portico = Portico::start().await;
    let order = portico.google.buy();
    for example in EXAMPLES {
        let application = portico.application(example);
        let hand_off = portico.changed(&order, with_256_orders).await;
        assert!(hand_off.len() > 14_000, "{}", hand_off.len());
        let mut browser = ExampleBrowser::at(&application);
        let home = browser.arrive(&hand_off).await;
        home.shows("Welcome");
        home.shows("7d0e2f6a-93b1-4c55-8a7e-0000000000ff");
    }
}

#[tokio::test]
async fn a_form_of_32_kib_is_accepted_and_one_byte_more_is_not() {
    let portico = Portico::start().await;
    let order = portico.google.buy();
    for example in EXAMPLES {
        let application = portico.application(example);
        let hand_off = portico.changed(&order, |claims| {
            with_256_orders(claims);
            claims.insert("padding".to_owned(), json!("x".repeat(8_000)));
        });
        let field = format!("portico-token={}&x=", hand_off.await);
        let room = LIMIT - field.len();
        let larger = format!("{field}{}", "x".repeat(room + 1));
        let answer = application.post_signup(larger).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{example:?}");
        let largest = format!("{field}{}", "x".repeat(room));
        let answer = application.post_signup(largest).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{example:?}");
    }
}
