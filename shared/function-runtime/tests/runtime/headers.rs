//! What every answer carries.

use crate::client::{ServerAnswer, get, request, send};
use crate::server::TestServer;

const EVERYWHERE: [(&str, &str); 9] = [
    (
        "content-security-policy",
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cache-control", "no-store"),
    ("strict-transport-security", "max-age=63072000"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];

const OTHERS: [&str; 7] = [
    "allow",
    "connection",
    "content-length",
    "content-type",
    "date",
    "location",
    "retry-after",
];

/// Every header is one we mean to send, and none is missing.
fn check(answer: &ServerAnswer) {
    for (name, value) in EVERYWHERE {
        assert_eq!(answer.header(name), Some(value), "{answer:?}");
    }
    assert!(answer.header("date").is_some());
    for (name, _) in &answer.headers {
        let known = OTHERS.contains(&name.as_str()) || EVERYWHERE.iter().any(|(n, _)| n == name);
        assert!(known, "{name} is not meant to be sent");
    }
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let server = TestServer::start().await;
    for (target, status) in [
        ("/plain", 200),
        ("/sign-up", 303),
        ("/nothing", 404),
        ("/panic", 500),
        ("/hang", 503),
        ("/store", 503),
        ("/health", 200),
    ] {
        let answer = get(server.address, target).await;
        assert_eq!(answer.status, status, "{target}");
        check(&answer);
    }
    let too_large = format!(
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n{}",
        "a".repeat(1001)
    );
    let answer = send(server.address, too_large).await.unwrap();
    assert_eq!(answer.status, 413);
    check(&answer);
    check(&request(server.address, "POST", "/plain").await);
    check(&request(server.address, "POST", "/health").await);
    check(&request(server.address, "HEAD", "/plain").await);
}

#[tokio::test]
async fn a_page_may_set_its_own() {
    let server = TestServer::start().await;
    let answer = get(server.address, "/own-headers").await;
    let policy = answer.header("content-security-policy");
    assert_eq!(policy, Some("default-src 'self'"));
    assert_eq!(answer.header("referrer-policy"), Some("strict-origin"));
    assert_eq!(answer.header("cache-control"), Some("private"));
    assert_eq!(answer.header("x-frame-options"), Some("DENY"));
}

#[tokio::test]
async fn health_says_that_it_listens() {
    let server = TestServer::start().await;
    assert_eq!(get(server.address, "/health?a").await.body, "ok");
    let head = request(server.address, "HEAD", "/health").await;
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    let post = request(server.address, "POST", "/health").await;
    assert_eq!(
        (post.status, post.header("allow")),
        (405, Some("GET, HEAD"))
    );
}

#[tokio::test]
async fn a_rejection_carries_its_advice() {
    let server = TestServer::start().await;
    let method = request(server.address, "POST", "/plain").await;
    assert_eq!((method.status, method.header("allow")), (405, Some("GET")));
    let store = get(server.address, "/store").await;
    assert_eq!(
        (store.status, store.header("retry-after")),
        (503, Some("2"))
    );
    assert!(!store.body.contains("route"), "{}", store.body);
}
