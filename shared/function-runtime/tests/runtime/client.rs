//! A client that sends exactly the bytes that a test gives it.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// An answer, read to the end of its connection.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ServerAnswer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl ServerAnswer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(n, _)| n == name);
        let (_, value) = found.next()?;
        assert!(found.next().is_none(), "{name} is sent twice");
        Some(value)
    }

    fn parse(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").expect("a whole head");
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1));
        Self {
            status: status.expect("a status").parse().unwrap(),
            headers: lines
                .map(|line| line.split_once(": ").expect("a header"))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            body: body.to_owned(),
        }
    }
}

pub(crate) async fn connect(address: SocketAddr) -> TcpStream {
    TcpStream::connect(address).await.unwrap()
}

/// Sends bytes and reads until the server closes. `None`: it closed without an answer.
pub(crate) async fn send(address: SocketAddr, bytes: impl AsRef<[u8]>) -> Option<ServerAnswer> {
    let mut stream = connect(address).await;
    stream.write_all(bytes.as_ref()).await.unwrap();
    read_answer(&mut stream).await
}

pub(crate) async fn read_answer(stream: &mut TcpStream) -> Option<ServerAnswer> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    (!bytes.is_empty()).then(|| ServerAnswer::parse(&String::from_utf8(bytes).unwrap()))
}

/// Sends a request without a body on a connection of its own.
pub(crate) async fn request(address: SocketAddr, method: &str, target: &str) -> ServerAnswer {
    let bytes = format!("{method} {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    send(address, bytes).await.expect("an answer")
}

pub(crate) async fn get(address: SocketAddr, target: &str) -> ServerAnswer {
    request(address, "GET", target).await
}
