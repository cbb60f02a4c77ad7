//! Answers that are cut off or slowed down on their way back.
//!
//! The server answers whole messages; a handler cannot break a connection. So a simulator listens
//! here, forwards every connection, and looks at the answers that come back: one with the header
//! [`MARK`] is treated as that header says. The header itself goes no further.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use http::HeaderValue;
use http::header::HeaderName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// Says how an answer is broken.
pub(crate) const MARK: HeaderName = HeaderName::from_static("x-simulated-transport");

/// Longer than any head of ours, so that one read has all of it: a head is one write, and one
/// segment on a loopback interface.
const BUFFER: usize = 64 * 1024;
const PIECES: usize = 16;

/// How an answer is broken on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TransportFault {
    /// Not at all: the connection is closed.
    Cut,
    /// Until half of the body, then the connection is closed.
    CutMidBody,
    /// In pieces, with a pause before each.
    Slow(Duration),
}

impl TransportFault {
    pub(crate) fn value(self) -> HeaderValue {
        match self {
            Self::Cut => HeaderValue::from_static("cut"),
            Self::CutMidBody => HeaderValue::from_static("cut-mid-body"),
            Self::Slow(pause) => {
                HeaderValue::from(u64::try_from(pause.as_millis()).unwrap_or(u64::MAX))
            }
        }
    }

    fn parse(value: &str) -> Option<Self> {
        match value {
            "cut" => Some(Self::Cut),
            "cut-mid-body" => Some(Self::CutMidBody),
            milliseconds => Some(Self::Slow(Duration::from_millis(
                milliseconds.parse().ok()?,
            ))),
        }
    }
}

/// Forwards connections until it is dropped, which closes all of them.
pub(crate) async fn forward(listener: TcpListener, server: SocketAddr) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => if let Ok((client, _)) = accepted {
                connections.spawn(connection(client, server));
            },
            // Finished connections are forgotten as they finish.
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection(client: TcpStream, server: SocketAddr) -> io::Result<()> {
    let server = TcpStream::connect(server).await?;
    // Without this, a head and a body written apart wait for each other's acknowledgement.
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (mut from_client, to_client) = client.into_split();
    let (from_server, mut to_server) = server.into_split();
    let requests = async {
        tokio::io::copy(&mut from_client, &mut to_server).await?;
        to_server.shutdown().await
    };
    let answers = answers(from_server, to_client);
    tokio::pin!(requests);
    tokio::pin!(answers);
    // When the answers have ended, so has the connection; when the requests have, the last
    // answer is still on its way.
    tokio::select! {
        ended = &mut answers => ended,
        _ = &mut requests => answers.await,
    }
}

/// Copies answers until the server closes, or one is to be cut off.
async fn answers(mut from: OwnedReadHalf, mut to: OwnedWriteHalf) -> io::Result<()> {
    let mut buffer = vec![0; BUFFER];
    loop {
        let length = from.read(&mut buffer).await?;
        let Some(bytes) = buffer.get(..length).filter(|bytes| !bytes.is_empty()) else {
            return to.shutdown().await;
        };
        let Some(marked) = Marked::find(bytes) else {
            to.write_all(bytes).await?;
            continue;
        };
        match marked.transport {
            TransportFault::Cut => return Ok(()),
            TransportFault::CutMidBody => {
                to.write_all(&marked.head).await?;
                let half = marked.body.len() / 2;
                return to
                    .write_all(marked.body.get(..half).unwrap_or_default())
                    .await;
            }
            TransportFault::Slow(pause) => {
                to.write_all(&marked.head).await?;
                for piece in marked
                    .body
                    .chunks(marked.body.len().div_ceil(PIECES).max(1))
                {
                    tokio::time::sleep(pause).await;
                    to.write_all(piece).await?;
                }
            }
        }
    }
}

struct Marked<'a> {
    transport: TransportFault,
    /// The head without the mark, up to and with the empty line.
    head: Vec<u8>,
    body: &'a [u8],
}

impl<'a> Marked<'a> {
    fn find(bytes: &'a [u8]) -> Option<Self> {
        if !bytes.starts_with(b"HTTP/1.1 ") {
            return None;
        }
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
        let (head, body) = bytes.split_at_checked(end)?;
        let head = std::str::from_utf8(head).ok()?;
        let name = format!("{MARK}: ");
        let is_mark = |line: &&str| line.starts_with(&name);
        let mark = head.split_inclusive("\r\n").find(is_mark)?;
        let transport = TransportFault::parse(mark.trim_end().strip_prefix(&name)?)?;
        let head = head.replacen(mark, "", 1).into_bytes();
        Some(Self {
            transport,
            head,
            body,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_is_found_in_a_head_only_and_taken_out_of_it() {
        let answer = b"HTTP/1.1 200 OK\r\nx-simulated-transport: cut\r\na: b\r\n\r\nbody";
        let marked = Marked::find(answer).unwrap();
        assert_eq!(marked.transport, TransportFault::Cut);
        assert_eq!(marked.head, b"HTTP/1.1 200 OK\r\na: b\r\n\r\n");
        assert_eq!(marked.body, b"body");
        for other in [
            &b"HTTP/1.1 200 OK\r\n\r\nx-simulated-transport: cut\r\n"[..],
            b"x-simulated-transport: cut\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nx-simulated-transport: cut\r\n",
        ] {
            assert!(Marked::find(other).is_none());
        }
    }

    #[test]
    fn a_transport_survives_its_header() {
        for transport in [
            TransportFault::Cut,
            TransportFault::CutMidBody,
            TransportFault::Slow(Duration::from_millis(20)),
        ] {
            let value = transport.value();
            assert_eq!(
                TransportFault::parse(value.to_str().unwrap()),
                Some(transport)
            );
        }
    }
}
