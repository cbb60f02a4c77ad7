//! How keys are fetched, shared, refreshed and replaced.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use marketplace_simulator::tokens::{MarketplaceClaims, SigningKey, key_set_json, marketplace};
use tokio::task::JoinSet;
use verification::{BrokenRule, KeysUnavailable, VerificationError};

use crate::key_server::{KeyAnswer, KeyServer};
use crate::support::{Marketplace, at, request_at};

const HOUR: i64 = 3600;

fn token(key: &SigningKey, second: i64) -> String {
    MarketplaceClaims::valid_at(at(second)).signed_by(key)
}

/// Waits, without a clock, until the fetch in flight has changed what is answered.
async fn until_known(google: &Marketplace, key: &SigningKey, second: i64) {
    while google.verify_at(&token(key, second), second).await.is_err() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_hundred_first_tokens_cause_one_fetch() {
    let [first, ..] = marketplace();
    let google = Arc::new(Marketplace::answering(KeyAnswer::keys(&[first]).held()).await);
    let mut customers = JoinSet::new();
    for _ in 0..100 {
        let google = Arc::clone(&google);
        customers.spawn(async move { google.verify_at(&token(first, 0), 0).await });
    }
    google.server.asked().await;
    google.server.release();
    while let Some(customer) = customers.join_next().await {
        assert!(customer.unwrap().is_ok());
    }
    assert_eq!(google.server.requests(), 1);
}

#[tokio::test]
async fn keys_rotate_under_load_with_one_fetch() {
    let [first, second, _] = marketplace();
    let google = Arc::new(Marketplace::with(KeyServer::publishing(&[first]).await));
    assert!(google.verify_at(&token(first, 0), 0).await.is_ok());
    google
        .server
        .answer_from_now_on(KeyAnswer::keys(&[first, second]).held());
    let mut customers = JoinSet::new();
    for number in 0..100 {
        let google = Arc::clone(&google);
        let key = [first, second][number % 2];
        customers.spawn(async move { google.verify_at(&token(key, 60), 60).await });
    }
    // The first fetch, then the one that all who have the new key wait for.
    google.server.asked().await;
    google.server.asked().await;
    google.server.release();
    while let Some(customer) = customers.join_next().await {
        assert!(customer.unwrap().is_ok());
    }
    assert_eq!(google.server.requests(), 2);
}

/// Lets each of these requests go as far as it comes without an answer.
async fn all_wait<F: Future>(requests: &mut [Pin<Box<F>>]) {
    for request in requests {
        poll_fn(|context| {
            assert!(request.as_mut().poll(context).is_pending());
            Poll::Ready(())
        })
        .await;
    }
}

#[tokio::test]
async fn all_who_joined_a_fetch_that_failed_begin_one_more_once() {
    let [first, ..] = marketplace();
    let failing = || KeyAnswer::status("404 Not Found", "").held();
    let failed = KeysUnavailable::Status(404);
    for (next, expected) in [
        (KeyAnswer::keys(&[first]).held(), None),
        (failing(), Some(failed.into())),
    ] {
        let google = Marketplace::answering(failing()).await;
        let token = token(first, 0);
        let request = || Box::pin(google.verify_at(&token, 0));
        let mut first_request = [request()];
        all_wait(&mut first_request).await;
        google.server.asked().await;
        let mut joined: Vec<_> = (0..20).map(|_| request()).collect();
        all_wait(&mut joined).await;
        google.server.answer_from_now_on(next);
        google.server.release();
        let [first_request] = first_request;
        assert_eq!(first_request.await.err(), Some(failed.into()));
        all_wait(&mut joined).await;
        google.server.asked().await;
        google.server.release();
        for request in joined {
            assert_eq!(request.await.err(), expected);
        }
        assert_eq!(google.server.requests(), 2);
    }
}

#[tokio::test]
async fn a_withdrawn_key_is_refused_after_the_next_fetch() {
    let [first, second, _] = marketplace();
    let google = Marketplace::with(KeyServer::publishing(&[first]).await);
    assert!(google.verify_at(&token(first, 0), 0).await.is_ok());
    google.server.answer_from_now_on(KeyAnswer::keys(&[second]));
    assert!(google.verify_at(&token(second, 60), 60).await.is_ok());
    assert_eq!(
        google.verify_at(&token(first, 61), 61).await,
        Err(BrokenRule::UnknownKey.into())
    );
}

#[tokio::test]
async fn made_up_key_ids_cause_one_fetch_in_ten_seconds() {
    let [first, second, _] = marketplace();
    let google = Marketplace::with(KeyServer::publishing(&[first]).await);
    for (second_of_token, requests) in [(0, 1), (9, 1), (10, 2), (19, 2), (20, 3)] {
        for _ in 0..20 {
            assert_eq!(
                google
                    .verify_at(&token(second, second_of_token), second_of_token)
                    .await,
                Err(BrokenRule::UnknownKey.into())
            );
        }
        assert_eq!(google.server.requests(), requests, "{second_of_token}");
    }
}

#[tokio::test]
async fn keys_are_refreshed_before_they_expire_while_the_old_ones_are_used() {
    let [first, second, _] = marketplace();
    let google =
        Marketplace::answering(KeyAnswer::ok("max-age=3600", &key_set_json([first]))).await;
    assert!(google.verify_at(&token(first, 0), 0).await.is_ok());
    google.server.asked().await;

    let due = HOUR - 600;
    google
        .server
        .answer_from_now_on(KeyAnswer::keys(&[second]).held());
    for _ in 0..10 {
        assert!(google.verify_at(&token(first, due), due).await.is_ok());
    }
    google.server.asked().await;
    google.server.release();
    until_known(&google, second, due).await;
    assert_eq!(google.server.requests(), 2);
}

#[tokio::test]
async fn an_expired_key_is_not_used_before_it_was_asked_for_again() {
    let [first, second, _] = marketplace();
    let google = Marketplace::answering(KeyAnswer::ok("no-store", &key_set_json([first]))).await;
    assert!(google.verify_at(&token(first, 0), 0).await.is_ok());
    google.server.answer_from_now_on(KeyAnswer::keys(&[second]));
    assert_eq!(
        google.verify_at(&token(first, 60), 60).await,
        Err(BrokenRule::UnknownKey.into())
    );
    assert_eq!(google.server.requests(), 2);
}

#[tokio::test]
async fn a_fetch_outlives_the_client_that_began_it() {
    let [first, ..] = marketplace();
    let google = Arc::new(Marketplace::answering(KeyAnswer::keys(&[first]).held()).await);
    let customer = {
        let google = Arc::clone(&google);
        tokio::spawn(async move { google.verify_at(&token(first, 0), 0).await })
    };
    google.server.asked().await;
    customer.abort();
    assert!(customer.await.unwrap_err().is_cancelled());
    google.server.release();
    assert!(google.verify_at(&token(first, 0), 0).await.is_ok());
    assert_eq!(google.server.requests(), 1);
}

#[tokio::test]
async fn clones_share_their_keys() {
    let [first, ..] = marketplace();
    let google = Marketplace::with(KeyServer::publishing(&[first]).await);
    let clone = google.verifier.clone();
    assert!(google.verify_at(&token(first, 0), 0).await.is_ok());
    let customer = clone.verify(&token(first, 0), request_at(0)).await;
    assert!(customer.is_ok());
    assert_eq!(google.server.requests(), 1);
}

#[tokio::test]
async fn warming_up_fetches_once_and_survives_a_failure() {
    let [first, ..] = marketplace();
    let google = Marketplace::with(KeyServer::publishing(&[first]).await);
    google.verifier.warm_up().await;
    google.verifier.warm_up().await;
    assert_eq!(google.server.requests(), 1);

    let google = Marketplace::answering(KeyAnswer::status("404 Not Found", "")).await;
    google.verifier.warm_up().await;
    assert!(matches!(
        google.verify_at(&token(first, 0), 0).await,
        Err(VerificationError::Unavailable(_))
    ));
}

#[tokio::test]
async fn a_malformed_token_causes_no_fetch() {
    let google = Marketplace::answering(KeyAnswer::Nothing).await;
    assert_eq!(
        google.rule("no.token.atall").await,
        Some(BrokenRule::HeaderEncoding)
    );
    assert_eq!(google.server.requests(), 0);
}
