//! Every limit, reached from outside.

use std::sync::atomic::Ordering;
use std::time::Duration;

use function_runtime::Limits;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::client::{connect, get, read_answer, send};
use crate::server::{LIMITS, TestServer};

fn posted(target: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

fn chunked(target: &str, chunks: usize) -> String {
    let head = format!("POST {target} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n");
    let chunk = format!("64\r\n{}\r\n", "a".repeat(100));
    format!(
        "{head}Connection: close\r\n\r\n{}0\r\n\r\n",
        chunk.repeat(chunks)
    )
}

#[tokio::test]
async fn a_body_up_to_the_limit_is_read_whole() {
    let server = TestServer::start().await;
    let announced = posted("/echo", &"a".repeat(1000));
    for request in [announced, chunked("/echo", 10)] {
        let answer = send(server.address, request).await.unwrap();
        assert_eq!((answer.status, answer.body.as_str()), (200, "1000 bytes"));
    }
    let large = posted("/large", &"a".repeat(1_000_000));
    let answer = send(server.address, large).await.unwrap();
    assert_eq!(answer.body, "1000000 bytes");
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_413_and_the_handler_never_sees_it() {
    let server = TestServer::start().await;
    let announced = posted("/echo", &"a".repeat(1001));
    let by_far = posted("/echo", &"a".repeat(900_000));
    for request in [
        announced,
        by_far,
        chunked("/echo", 11),
        chunked("/echo", 5000),
    ] {
        let answer = send(server.address, request).await.unwrap();
        assert_eq!(answer.status, 413);
        assert_eq!(answer.header("connection"), Some("close"));
        assert!(answer.body.contains("body-too-large"), "{}", answer.body);
    }
    assert_eq!(server.handler.started.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_client_that_asks_before_sending_too_much_is_answered_at_once() {
    let server = TestServer::start().await;
    let asking =
        "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n";
    assert_eq!(send(server.address, asking).await.unwrap().status, 413);
}

#[tokio::test]
async fn a_body_that_does_not_arrive_is_408() {
    let server = TestServer::start().await;
    let stuck = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc";
    let answer = send(server.address, stuck).await.unwrap();
    assert_eq!(answer.status, 408);
    assert_eq!(answer.header("connection"), Some("close"));
    assert_eq!(server.handler.started.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_body_that_is_none_is_400() {
    let server = TestServer::start().await;
    let broken = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n";
    assert_eq!(send(server.address, broken).await.unwrap().status, 400);
}

#[tokio::test]
async fn a_request_names_one_host_unless_it_is_older() {
    let server = TestServer::start().await;
    let close = "Connection: close\r\n\r\n";
    for path in ["/plain", "/health"] {
        for (version, hosts, status) in [
            ("1.1", "Host: a\r\n", 200),
            ("1.1", "", 400),
            ("1.1", "Host: a\r\nHost: a\r\n", 400),
            ("1.1", "Host: a\r\nA: b\r\nhost: b\r\n", 400),
            ("1.0", "", 200),
            ("1.0", "Host: a\r\nHost: b\r\n", 400),
        ] {
            let head = format!("GET {path} HTTP/{version}\r\n{hosts}{close}");
            let answer = send(server.address, head).await.unwrap();
            assert_eq!(answer.status, status, "{path} {version} {hosts}");
            if status == 400 {
                assert!(answer.body.contains("host-unclear"), "{}", answer.body);
                assert_eq!(answer.header("connection"), Some("close"));
            }
        }
    }
    assert_eq!(server.handler.started.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_body_that_is_coded_otherwise_is_501_and_never_read() {
    let server = TestServer::start().await;
    for (codings, status) in [
        ("Transfer-Encoding: gzip, chunked\r\n", 501),
        (
            "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n",
            501,
        ),
        // By hyper: where such a body ends is not known.
        ("Transfer-Encoding: gzip\r\n", 400),
        ("Transfer-Encoding: chunked, gzip\r\n", 400),
    ] {
        let head = format!("POST /echo HTTP/1.1\r\nHost: a\r\n{codings}\r\n");
        let answer = send(server.address, head).await.unwrap();
        assert_eq!(answer.status, status, "{codings}");
        if status == 501 {
            let code = "transfer-coding-unknown";
            assert!(answer.body.contains(code), "{}", answer.body);
            assert_eq!(answer.header("connection"), Some("close"));
        }
    }
    assert_eq!(server.handler.started.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_head_that_does_not_arrive_closes_the_connection() {
    let server = TestServer::start().await;
    for head in ["", "GET /plain HTTP/1.1\r\nHost: a\r\n"] {
        let closed = timeout(Duration::from_secs(5), send(server.address, head)).await;
        assert_eq!(closed, Ok(None));
    }
}

/// A connection on which one request has been answered.
async fn answered(server: &TestServer, request: &str) -> TcpStream {
    let mut kept = connect(server.address).await;
    kept.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"plain") {
        assert!(kept.read_buf(&mut answer).await.unwrap() > 0);
    }
    kept
}

const KEPT: &str = "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n";

#[tokio::test]
async fn a_later_head_has_no_more_time_than_the_first() {
    let server = TestServer::start().await;
    let mut kept = answered(&server, KEPT).await;
    kept.write_all(b"GET /plain HTTP/1.1\r\n").await.unwrap();
    // Nor if it came together with the first request.
    let mut ahead = answered(&server, &format!("{KEPT}GET /pl")).await;
    for connection in [&mut kept, &mut ahead] {
        let closed = timeout(Duration::from_secs(5), read_answer(connection)).await;
        assert_eq!(closed, Ok(None));
    }
    // Also not if it goes on arriving.
    let (mut reading, mut writing) = answered(&server, KEPT).await.into_split();
    let dripping = async {
        while writing.write_all(b"G").await.is_ok() {
            tokio::time::sleep(LIMITS.head / 10).await;
        }
    };
    let ended = async {
        let mut bytes = Vec::new();
        _ = reading.read_to_end(&mut bytes).await;
        assert_eq!(bytes, b"");
    };
    let both = async { tokio::join!(dripping, ended) };
    assert!(timeout(Duration::from_secs(5), both).await.is_ok());
}

#[tokio::test]
async fn a_connection_may_wait_while_there_is_room_and_is_used_again() {
    let server = TestServer::start().await;
    let mut kept = answered(&server, KEPT).await;
    let silence = timeout(2 * LIMITS.head, kept.read_u8()).await;
    assert!(silence.is_err(), "{silence:?}");
    let again = "GET /plain HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let (beginning, end) = again.split_at(10);
    kept.write_all(beginning.as_bytes()).await.unwrap();
    kept.write_all(end.as_bytes()).await.unwrap();
    assert_eq!(read_answer(&mut kept).await.unwrap().body, "plain");
}

#[tokio::test]
async fn a_silent_connection_gives_way_to_one_that_wants_its_place() {
    let server = TestServer::start_within(Limits {
        connections: 1,
        ..LIMITS
    })
    .await;
    let posted = "POST /posted HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n";
    // The second one waits with half a head that arrived together with a body.
    for request in [KEPT.to_owned(), format!("{posted}aGET /pl")] {
        let mut silent = answered(&server, &request).await;
        let answer = timeout(Duration::from_secs(5), get(server.address, "/plain")).await;
        assert_eq!(answer.unwrap().body, "plain");
        assert_eq!(silent.read(&mut [0; 1]).await.unwrap_or(0), 0);
    }
}

#[tokio::test]
async fn a_silent_connection_stays_while_nobody_wants_its_place() {
    let server = TestServer::start_within(Limits {
        connections: 2,
        ..LIMITS
    })
    .await;
    // All places are taken, by two that wait.
    let mut first = answered(&server, KEPT).await;
    let mut second = answered(&server, KEPT).await;
    let silence = timeout(2 * LIMITS.head, first.read_u8()).await;
    assert!(silence.is_err(), "{silence:?}");
    // One of them gives way to a third, and the other stays.
    let answer = timeout(Duration::from_secs(5), get(server.address, "/plain")).await;
    assert_eq!(answer.unwrap().body, "plain");
    let mut open = 0;
    for kept in [&mut first, &mut second] {
        let silence = timeout(2 * LIMITS.head, kept.read_u8()).await;
        open += usize::from(silence.is_err());
    }
    assert_eq!(open, 1);
}

#[tokio::test]
async fn a_connection_that_waits_for_its_next_request_is_closed_in_the_end() {
    let idle = Duration::from_millis(200);
    let server = TestServer::start_within(Limits { idle, ..LIMITS }).await;
    let kept = "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n";
    let closed = timeout(Duration::from_secs(5), send(server.address, kept)).await;
    assert_eq!(closed.unwrap().unwrap().body, "plain");
}

#[tokio::test]
async fn a_head_that_is_too_large_is_431_and_says_what_to_do() {
    let server = TestServer::start().await;
    for size in [16 * 1024, 20_000, 60_000] {
        let cookie = "a".repeat(size);
        let head = format!(
            "GET /plain HTTP/1.1\r\nHost: a\r\nConnection: close\r\nCookie: {cookie}\r\n\r\n"
        );
        let answer = send(server.address, head).await.unwrap();
        assert_eq!(answer.status, 431);
        assert!(answer.body.contains("head-too-large"), "{}", answer.body);
        assert!(answer.body.contains("delete the cookies"));
    }
    assert_eq!(server.handler.started.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_head_up_to_the_limit_is_read() {
    let server = TestServer::start().await;
    let cookie = "a".repeat(16_000);
    let head =
        format!("GET /plain HTTP/1.1\r\nHost: a\r\nConnection: close\r\nCookie: {cookie}\r\n\r\n");
    assert_eq!(send(server.address, head).await.unwrap().body, "plain");
}

#[tokio::test]
async fn an_answer_to_what_is_no_http_arrives_while_the_client_still_sends() {
    let server = TestServer::start().await;
    let request = format!("no http at all\r\n\r\n{}", "a".repeat(900_000));
    assert_eq!(send(server.address, request).await.unwrap().status, 400);
}

#[tokio::test]
async fn a_head_with_too_many_headers_is_431() {
    let server = TestServer::start().await;
    let headers = "A: b\r\n".repeat(101);
    let head = format!("GET /plain HTTP/1.1\r\n{headers}\r\n");
    assert_eq!(send(server.address, head).await.unwrap().status, 431);
}

#[tokio::test]
async fn connections_beyond_the_limit_wait_for_others_to_close() {
    let server = TestServer::start_within(Limits {
        connections: 1,
        head: Duration::from_mins(1),
        ..LIMITS
    })
    .await;
    let mut first = connect(server.address).await;
    let kept = b"GET /gate HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    first.write_all(kept).await.unwrap();
    server.handler.entered.acquire().await.unwrap().forget();
    let second = tokio::spawn(get(server.address, "/plain"));
    tokio::task::yield_now().await;
    assert_eq!(server.handler.started.load(Ordering::SeqCst), 1);
    server.handler.gate.add_permits(1);
    assert_eq!(read_answer(&mut first).await.unwrap().body, "through");
    assert_eq!(second.await.unwrap().body, "plain");
}

#[tokio::test]
async fn the_handler_is_given_its_deadline() {
    let server = TestServer::start().await;
    assert_eq!(get(server.address, "/deadline").await.body, "true");
}
