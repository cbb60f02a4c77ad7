//! The end: nothing that was started is lost, nothing that was not holds it up.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use function_runtime::{Drain, Limits};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::client::{connect, get, read_answer};
use crate::server::{LIMITS, TestServer};

const GATE: &[u8] = b"GET /gate HTTP/1.1\r\nHost: a\r\n\r\n";

#[tokio::test]
async fn a_request_in_flight_is_answered_and_its_connection_closed() {
    let server = TestServer::start().await;
    let (address, handler) = (server.address, server.handler.clone());
    let mut client = connect(address).await;
    client.write_all(GATE).await.unwrap();
    handler.entered.acquire().await.unwrap().forget();
    let mut idle = connect(address).await;
    let ended = server.end();
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    // An idle connection is closed when the last call is over.
    assert_eq!(read_answer(&mut idle).await, None);
    handler.gate.add_permits(1);
    let answer = read_answer(&mut client).await.unwrap();
    assert_eq!(answer.body, "through");
    assert_eq!(answer.header("connection"), Some("close"));
    assert_eq!(ended.await.unwrap(), Drain::Complete);
}

#[tokio::test]
async fn half_open_and_idle_connections_do_not_hold_it_up() {
    let server = TestServer::start_within(Limits {
        head: Duration::from_mins(1),
        ..LIMITS
    })
    .await;
    let silent = connect(server.address).await;
    let mut half = connect(server.address).await;
    half.write_all(b"GET /plain HTTP/1.1\r\n").await.unwrap();
    let mut idle = connect(server.address).await;
    idle.write_all(b"GET /plain HTTP/1.1\r\nHost: a\r\n\r\nGET /pl")
        .await
        .unwrap();
    assert!(idle.read(&mut [0; 64]).await.unwrap() > 0);
    let since = Instant::now();
    assert_eq!(server.end().await.unwrap(), Drain::Complete);
    assert!(since.elapsed() < Duration::from_secs(3));
    drop((silent, half, idle));
}

#[tokio::test]
async fn a_request_sent_before_the_end_on_a_new_connection_is_answered() {
    let server = TestServer::start().await;
    let mut client = connect(server.address).await;
    let request = b"GET /plain HTTP/1.1\r\nHost: a\r\n\r\n";
    client.write_all(request).await.unwrap();
    let ended = server.end();
    assert_eq!(read_answer(&mut client).await.unwrap().body, "plain");
    assert_eq!(ended.await.unwrap(), Drain::Complete);
}

#[tokio::test]
async fn the_work_of_a_client_that_left_is_finished_first() {
    let server = TestServer::start().await;
    let handler = server.handler.clone();
    let mut client = connect(server.address).await;
    client.write_all(GATE).await.unwrap();
    handler.entered.acquire().await.unwrap().forget();
    drop(client);
    let ended = server.end();
    handler.gate.add_permits(1);
    assert_eq!(ended.await.unwrap(), Drain::Complete);
    assert_eq!(handler.left.available_permits(), 1);
}

#[tokio::test]
async fn it_ends_in_time_also_if_something_is_unfinished() {
    let server = TestServer::start_within(Limits {
        deadline: Duration::from_mins(1),
        drain: Duration::from_millis(100),
        ..LIMITS
    })
    .await;
    let handler = server.handler.clone();
    let mut client = connect(server.address).await;
    client.write_all(GATE).await.unwrap();
    handler.entered.acquire().await.unwrap().forget();
    assert_eq!(server.end().await.unwrap(), Drain::Cut);
}

/// Clients that ask again and again until they are refused; those who were answered are counted
/// and compared with what the handler saw.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_load_every_request_that_was_begun_is_answered() {
    let server = TestServer::start().await;
    let (address, handler) = (server.address, server.handler.clone());
    let clients: Vec<_> = (0..40)
        .map(|client| tokio::spawn(ask_until_refused(address, client % 2 == 0)))
        .collect();
    while handler.ended.load(Ordering::SeqCst) < 400 {
        tokio::task::yield_now().await;
    }
    assert_eq!(server.end().await.unwrap(), Drain::Complete);
    let mut answered = 0;
    for client in clients {
        answered += client.await.unwrap();
    }
    assert_eq!(answered, handler.started.load(Ordering::SeqCst));
    assert_eq!(answered, handler.ended.load(Ordering::SeqCst));
}

async fn ask_until_refused(address: std::net::SocketAddr, keep: bool) -> usize {
    let mut answered = 0;
    while let Ok(mut stream) = TcpStream::connect(address).await {
        while let Some(last) = asked(&mut stream).await {
            answered += 1;
            if last || !keep {
                break;
            }
        }
    }
    answered
}

/// One request; whether its answer was the connection's last, `None` if there was no answer.
async fn asked(stream: &mut TcpStream) -> Option<bool> {
    let request = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
    stream.write_all(request).await.ok()?;
    let mut answer = Vec::new();
    while !answer.ends_with(b"3 bytes") {
        if stream.read_buf(&mut answer).await.ok()? == 0 {
            assert!(answer.is_empty(), "cut off: {answer:?}");
            return None;
        }
    }
    Some(String::from_utf8_lossy(&answer).contains("connection: close"))
}

#[tokio::test]
async fn an_idle_server_ends_at_once() {
    let server = TestServer::start().await;
    assert_eq!(get(server.address, "/plain").await.status, 200);
    assert_eq!(server.end().await.unwrap(), Drain::Complete);
}
