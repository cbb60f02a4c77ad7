//! What happens while Google's keys cannot be had.

use std::time::{Duration, Instant};

use function_tests::log::Log;
use google_calls::Http;
use marketplace::{At, Deadline, GoogleOrigin};
use marketplace_simulator::tokens::{MarketplaceClaims, key_set_json, marketplace};
use tokio::net::TcpListener;
use verification::{
    Audiences, KeySet, KeysUnavailable, MarketplaceVerifier, VerificationError, VerifiedCustomer,
};

use crate::key_server::{KeyAnswer, KeyServer};
use crate::support::{Marketplace, at, claims, http, key, list, request_at};

const HOUR: i64 = 3600;

/// Asks for a customer at this second, with a token issued then.
async fn customer(
    google: &Marketplace,
    second: i64,
) -> Result<VerifiedCustomer, VerificationError> {
    let token = MarketplaceClaims::valid_at(at(second)).signed_by(key());
    google.verify_at(&token, second).await
}

/// A verifier whose key endpoint refuses connections.
async fn down() -> MarketplaceVerifier {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let keys = KeySet::marketplace(&GoogleOrigin::simulated_at(&origin), http());
    let audiences = Audiences::parse(list(&["signup.example.com"])).unwrap();
    MarketplaceVerifier::new(keys, audiences)
}

/// A request at this second that has so little time.
fn short(second: i64, time: Duration) -> At {
    At {
        now: at(second),
        deadline: Deadline::after(time),
    }
}

async fn first_customer(answer: KeyAnswer) -> (Option<VerificationError>, usize) {
    let google = Marketplace::answering(answer).await;
    let error = customer(&google, 0).await.err();
    (error, google.server.requests())
}

#[tokio::test]
async fn an_endpoint_that_is_down_is_no_fault_of_the_customer() {
    let token = claims().signed_by(key());
    let verified = down().await.verify(&token, request_at(0)).await;
    assert_eq!(verified, Err(KeysUnavailable::Unreachable.into()));
}

#[tokio::test]
async fn why_keys_could_not_be_had_is_logged_with_every_cause_and_nothing_of_the_token() {
    let (log, _capturing) = Log::capture("verification");
    let token = claims().signed_by(key());
    let refused = down().await.verify(&token, request_at(0)).await;
    assert!(refused.is_err());
    let lines = log.lines();
    let [line] = &lines[..] else {
        panic!("{lines:?}");
    };
    assert_eq!(line["message"], "Google's keys were not refreshed");
    assert_eq!(line["reason"], "Google's keys cannot be reached");
    let error = line["error"].as_str().unwrap();
    // The first part is the client's, the last the system's.
    assert!(error.starts_with("error sending request: "), "{error}");
    assert!(error.contains("Connection refused"), "{error}");
    assert!(!log.text().contains(&token));
}

#[tokio::test]
async fn an_outage_writes_an_error_every_ten_seconds_however_many_ask() {
    let (log, _capturing) = Log::capture("verification");
    let google = down().await;
    for second in [0, 1, 2, 10] {
        let token = MarketplaceClaims::valid_at(at(second)).signed_by(key());
        for _ in 0..3 {
            assert!(google.verify(&token, request_at(second)).await.is_err());
        }
    }
    let lines = log.lines();
    let severities: Vec<_> = lines.iter().map(|line| &line["severity"]).collect();
    assert_eq!(severities, ["ERROR", "WARNING", "WARNING", "ERROR"]);
}

#[tokio::test]
async fn made_up_key_ids_during_an_outage_write_one_error() {
    let (log, _capturing) = Log::capture("verification");
    let google = Marketplace::answering(KeyAnswer::keys(&[key()])).await;
    assert!(customer(&google, 0).await.is_ok());
    google
        .server
        .answer_from_now_on(KeyAnswer::status("404 Not Found", ""));
    for second in 20..30 {
        let made_up = MarketplaceClaims::valid_at(at(second)).signed_by(&marketplace()[2]);
        let refused = google.verify_at(&made_up, second).await;
        assert_eq!(refused.err(), Some(KeysUnavailable::Status(404).into()));
        assert!(customer(&google, second).await.is_ok());
    }
    let lines = log.lines();
    let severities: Vec<_> = lines.iter().map(|line| &line["severity"]).collect();
    assert_eq!(severities, ["ERROR"]);
}

#[tokio::test]
async fn a_connection_cut_short_is_tried_again() {
    let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{".to_vec();
    for answer in [KeyAnswer::Nothing, KeyAnswer::Bytes(cut)] {
        assert_eq!(
            first_customer(answer).await,
            (Some(KeysUnavailable::Unreachable.into()), 3)
        );
    }
}

#[tokio::test]
async fn a_passing_status_is_tried_again_and_a_final_one_is_not() {
    for (status, attempts) in [
        ("500 Internal Server Error", 3),
        ("503 Service Unavailable", 3),
        ("429 Too Many Requests", 3),
        ("404 Not Found", 1),
        ("403 Forbidden", 1),
        ("204 No Content", 1),
        ("304 Not Modified", 1),
    ] {
        let code: u16 = status.get(..3).unwrap().parse().unwrap();
        assert_eq!(
            first_customer(KeyAnswer::status(status, "")).await,
            (Some(KeysUnavailable::Status(code).into()), attempts),
            "{status}"
        );
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let elsewhere = KeyServer::publishing(&[key()]).await;
    let location = format!("Location: {}\r\n", elsewhere.origin.https("elsewhere", "/"));
    for status in [
        "301 Moved Permanently",
        "302 Found",
        "307 Temporary Redirect",
    ] {
        let code: u16 = status.get(..3).unwrap().parse().unwrap();
        assert_eq!(
            first_customer(KeyAnswer::status(status, &location)).await,
            (Some(KeysUnavailable::Status(code).into()), 1)
        );
    }
    assert_eq!(elsewhere.requests(), 0);
}

#[tokio::test]
async fn garbage_and_emptiness_are_outages() {
    let huge = format!("{{\"a\":\"{}\"}}", "x".repeat(64 * 1024));
    for (body, reason) in [
        ("<html>Sorry</html>", KeysUnavailable::Malformed),
        ("", KeysUnavailable::Malformed),
        ("{}", KeysUnavailable::NoUsableKey),
        (r#"{"keys":[{"kty":"RSA"}]}"#, KeysUnavailable::NoUsableKey),
        (huge.as_str(), KeysUnavailable::TooLarge),
    ] {
        assert_eq!(
            first_customer(KeyAnswer::ok("max-age=600", body)).await,
            (Some(reason.into()), 1)
        );
    }
}

#[tokio::test]
async fn a_body_without_end_is_cut_off() {
    let mut chunks = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    for _ in 0..100 {
        chunks.extend_from_slice(b"400\r\n");
        chunks.extend_from_slice(&[b' '; 1024]);
        chunks.extend_from_slice(b"\r\n");
    }
    assert_eq!(
        first_customer(KeyAnswer::Bytes(chunks)).await,
        (Some(KeysUnavailable::TooLarge.into()), 1)
    );
}

#[tokio::test]
async fn a_request_waits_no_longer_than_its_deadline() {
    let google = Marketplace::answering(KeyAnswer::keys(&[key()]).held()).await;
    let token = claims().signed_by(key());
    let started = Instant::now();
    let short = short(0, Duration::from_millis(50));
    let verified = google.verifier.verify(&token, short).await;
    assert_eq!(verified, Err(KeysUnavailable::TimedOut.into()));
    assert!(started.elapsed() < Duration::from_secs(2));
    // What it began serves the next one.
    google.server.asked().await;
    google.server.release();
    assert!(google.verify(&token).await.is_ok());
    assert_eq!(google.server.requests(), 1);
}

#[tokio::test]
async fn while_there_are_no_keys_each_second_has_one_fetch() {
    let google = Marketplace::answering(KeyAnswer::status("404 Not Found", "")).await;
    for (second, requests) in [(0, 1), (0, 1), (1, 2), (1, 2)] {
        assert_eq!(
            customer(&google, second).await,
            Err(KeysUnavailable::Status(404).into())
        );
        assert_eq!(google.server.requests(), requests);
    }
    google.server.answer_from_now_on(KeyAnswer::keys(&[key()]));
    assert!(customer(&google, 2).await.is_ok());
}

#[tokio::test]
async fn stale_keys_are_used_for_a_day_and_no_longer() {
    let google =
        Marketplace::answering(KeyAnswer::ok("max-age=3600", &key_set_json([key()]))).await;
    assert!(customer(&google, 0).await.is_ok());
    google
        .server
        .answer_from_now_on(KeyAnswer::status("404 Not Found", ""));
    for second in [HOUR, HOUR + 5, 6 * HOUR, 24 * HOUR - 1] {
        assert!(customer(&google, second).await.is_ok(), "{second}");
    }
    assert_eq!(
        customer(&google, 24 * HOUR).await,
        Err(KeysUnavailable::Status(404).into())
    );
    google.server.answer_from_now_on(KeyAnswer::keys(&[key()]));
    assert!(customer(&google, 24 * HOUR + 1).await.is_ok());
}

#[tokio::test]
async fn emptiness_does_not_replace_good_keys() {
    let google = Marketplace::answering(KeyAnswer::ok("max-age=60", &key_set_json([key()]))).await;
    assert!(customer(&google, 0).await.is_ok());
    google
        .server
        .answer_from_now_on(KeyAnswer::ok("max-age=600", "{}"));
    assert!(customer(&google, 60).await.is_ok());
    assert_eq!(google.server.requests(), 2);
}

#[tokio::test]
async fn a_slow_endpoint_delays_a_customer_with_a_stale_key_only_a_little() {
    let google = Marketplace::answering(KeyAnswer::ok("max-age=60", &key_set_json([key()]))).await;
    assert!(customer(&google, 0).await.is_ok());
    google
        .server
        .answer_from_now_on(KeyAnswer::keys(&[key()]).held());
    let token = MarketplaceClaims::valid_at(at(60)).signed_by(key());
    let short = short(60, Duration::from_millis(50));
    assert!(google.verifier.verify(&token, short).await.is_ok());
}

#[tokio::test]
async fn an_unknown_key_during_an_outage_is_not_refused_for_good() {
    let google = Marketplace::with(KeyServer::publishing(&[key()]).await);
    assert!(customer(&google, 0).await.is_ok());
    google
        .server
        .answer_from_now_on(KeyAnswer::status("404 Not Found", ""));
    let rotated = &marketplace()[2];
    for (second, requests) in [(10, 2), (15, 2), (20, 3)] {
        let token = MarketplaceClaims::valid_at(at(second)).signed_by(rotated);
        assert_eq!(
            google.verify_at(&token, second).await,
            Err(KeysUnavailable::Status(404).into())
        );
        assert_eq!(google.server.requests(), requests, "{second}");
        // A token with a known key is not affected.
        assert!(customer(&google, second).await.is_ok());
    }
}

#[tokio::test]
async fn a_fetch_lost_with_its_runtime_is_started_again() {
    let google = Marketplace::answering(KeyAnswer::keys(&[key()])).await;
    let verifier = google.verifier.clone();
    let token = claims().signed_by(key());
    let lost = token.clone();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let passed = short(0, Duration::ZERO);
        runtime.block_on(async { verifier.verify(&lost, passed).await.is_err() })
    })
    .join()
    .unwrap();
    assert!(google.verify(&token).await.is_ok());
}

#[test]
fn a_key_set_shows_where_it_is_from() {
    let keys = KeySet::google_identity(&GoogleOrigin::google(), Http::new());
    assert_eq!(
        format!("{keys:?}"),
        r#"KeySet("https://www.googleapis.com/oauth2/v1/certs")"#
    );
    let keys = KeySet::marketplace(&GoogleOrigin::google(), Http::new());
    assert_eq!(
        format!("{keys:?}"),
        r#"KeySet("https://www.googleapis.com/robot/v1/metadata/x509/cloud-commerce-partner@system.gserviceaccount.com")"#
    );
}
