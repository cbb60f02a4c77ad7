//! Requests that are refused before their bodies are read.

use std::sync::atomic::Ordering;
use std::time::Duration;

use function_runtime::Limits;
use tokio::time::timeout;

use crate::client::{ServerAnswer, send};
use crate::server::{LIMITS, TestServer};

/// A server that would wait longer for a body than any test here.
async fn patient() -> TestServer {
    let body = Duration::from_mins(1);
    TestServer::start_within(Limits { body, ..LIMITS }).await
}

async fn sent_at_once(server: &TestServer, request: impl AsRef<[u8]>) -> ServerAnswer {
    let answer = timeout(Duration::from_secs(10), send(server.address, request)).await;
    answer.expect("it is not waited for").expect("an answer")
}

#[tokio::test]
async fn a_head_that_is_refused_is_answered_without_its_body() {
    let server = patient().await;
    for announced in ["Content-Length: 10", "Transfer-Encoding: chunked"] {
        let head = format!("POST /identity HTTP/1.1\r\nHost: a\r\n{announced}\r\n\r\n");
        let answer = sent_at_once(&server, head).await;
        assert_eq!(answer.status, 401);
        assert_eq!(answer.header("connection"), Some("close"));
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        assert!(answer.body.contains("not-authenticated"), "{}", answer.body);
    }
    assert_eq!(server.handler.started.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_client_that_asks_before_it_sends_is_not_told_to_send() {
    let server = patient().await;
    let asking = "POST /identity HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\
         Content-Length: 10\r\n\r\n";
    // The first thing that it reads: there is no `100 Continue` before it.
    assert_eq!(sent_at_once(&server, asking).await.status, 401);
}

#[tokio::test]
async fn a_client_that_sends_a_large_body_all_the_same_reads_the_answer() {
    let server = patient().await;
    let body = "a".repeat(4_000_000);
    let request = format!(
        "POST /identity HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    assert_eq!(sent_at_once(&server, request).await.status, 401);
}

#[tokio::test]
async fn a_head_that_is_not_refused_is_followed_by_its_body() {
    let server = patient().await;
    let request = "POST /identity HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\
         Authorization: Bearer a\r\nContent-Length: 3\r\n\r\nabc";
    assert_eq!(sent_at_once(&server, request).await.body, "3 bytes");
}
