//! Handlers that go wrong, and clients that leave.

use std::sync::atomic::Ordering;

use tokio::io::AsyncWriteExt;

use crate::client::{connect, get};
use crate::server::TestServer;

#[tokio::test]
async fn a_panic_is_one_500_and_the_server_goes_on() {
    let server = TestServer::start().await;
    for _ in 0..3 {
        let answer = get(server.address, "/panic?secret").await;
        assert_eq!(answer.status, 500);
        assert!(answer.body.contains("\"internal\""), "{}", answer.body);
        assert!(!answer.body.contains("secret"), "{}", answer.body);
    }
    assert_eq!(get(server.address, "/plain").await.status, 200);
}

#[tokio::test]
async fn a_panic_while_rendering_is_still_a_500() {
    let server = TestServer::start().await;
    assert_eq!(get(server.address, "/render-panics").await.status, 500);
    assert_eq!(get(server.address, "/plain").await.status, 200);
}

#[tokio::test]
async fn a_handler_beyond_its_deadline_is_cut_off_with_503() {
    let server = TestServer::start().await;
    let answer = get(server.address, "/hang").await;
    assert_eq!(answer.status, 503);
    assert_eq!(answer.header("retry-after"), Some("5"));
    assert!(answer.body.contains("timed-out"), "{}", answer.body);
}

#[tokio::test]
async fn a_client_that_leaves_does_not_stop_the_work() {
    let server = TestServer::start().await;
    let mut client = connect(server.address).await;
    let request = b"GET /gate HTTP/1.1\r\nHost: a\r\n\r\n";
    client.write_all(request).await.unwrap();
    server.handler.entered.acquire().await.unwrap().forget();
    drop(client);
    // Answered on another connection, so the server has had its chance to notice.
    assert_eq!(get(server.address, "/plain").await.status, 200);
    server.handler.gate.add_permits(1);
    server.handler.left.acquire().await.unwrap().forget();
    assert_eq!(server.handler.started.load(Ordering::SeqCst), 2);
}
