//! Where an application's keys come from, and how often.

use http::StatusCode;
use marketplace_simulator::Fault;
use marketplace_simulator::tokens::foreign;

use crate::example::EXAMPLES;
use crate::portico::{Portico, signer_keys};

#[tokio::test]
async fn keys_are_fetched_once_for_many_customers() {
    for example in EXAMPLES {
        let portico = Portico::start().await;
        let order = portico.google.buy();
        let application = portico.application(example);
        for _ in 0..3 {
            let hand_off = portico.hand_off(&order).await;
            application.answers(&hand_off, StatusCode::SEE_OTHER).await;
        }
        assert_eq!(portico.key_fetches(), 1, "{example:?}");
    }
}

#[tokio::test]
async fn an_unknown_key_id_causes_one_fetch_however_often_it_comes() {
    for example in EXAMPLES {
        let portico = Portico::start().await;
        let order = portico.google.buy();
        let application = portico.application(example);
        application.receive(&portico.hand_off(&order).await).await;
        for _ in 0..5 {
            let forged = foreign().sign(&foreign().header(), &portico.claims(&order).await);
            application.answers(&forged, StatusCode::FORBIDDEN).await;
        }
        assert_eq!(portico.key_fetches(), 2, "{example:?}");
        let hand_off = portico.hand_off(&order).await;
        application.answers(&hand_off, StatusCode::SEE_OTHER).await;
    }
}

#[tokio::test]
async fn a_key_that_is_new_since_the_last_fetch_is_accepted() {
    // The signer has two keys here, which are both published from the start. The Marketplace's
    // signer has three, so only after a rotation there is one that nobody has seen.
    const KEYS: &str = "/www.googleapis.com/robot/v1/metadata/x509/\
        cloud-commerce-partner@system.gserviceaccount.com";
    for example in EXAMPLES {
        let portico = Portico::start().await;
        let order = portico.google.buy();
        let application = portico.application_with_keys(example, KEYS);
        // Portico itself has to wait before it asks for a new key, so it verifies both before.
        for claims in [portico.claims(&order).await, portico.claims(&order).await] {
            let key = portico.google.signing_key();
            let hand_off = key.sign(&key.header(), &claims);
            application.answers(&hand_off, StatusCode::SEE_OTHER).await;
            portico.google.rotate_keys();
        }
    }
}

#[tokio::test]
async fn while_the_keys_cannot_be_fetched_the_customer_is_asked_to_try_again() {
    for example in EXAMPLES {
        let portico = Portico::start().await;
        let order = portico.google.buy();
        for fault in [Fault::status(503), Fault::garbage(), Fault::cut()] {
            portico.google.faults().always(signer_keys(), fault);
            let application = portico.application(example);
            let hand_off = portico.hand_off(&order).await;
            for _ in 0..2 {
                let answer = application
                    .answers(&hand_off, StatusCode::SERVICE_UNAVAILABLE)
                    .await;
                assert!(answer.headers.contains_key("retry-after"), "{example:?}");
            }
            portico.google.faults().clear();
        }
        assert_eq!(portico.key_fetches(), 3, "{example:?}");
    }
}
