//! A client that costs little: many connections, one request after the other on each.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// Connections at a time, where nothing else is said.
pub(crate) const CONNECTIONS: usize = 64;

/// Requests that are sent once each, in this order, by whichever connection is free.
#[derive(Clone)]
pub(crate) struct Requests {
    waiting: Arc<Waiting>,
    connections: usize,
}

struct Waiting {
    bytes: Vec<Vec<u8>>,
    count: usize,
    next: AtomicUsize,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    pub(crate) requests: usize,
    pub(crate) wall: Duration,
}

impl Requests {
    pub(crate) fn each(bytes: Vec<Vec<u8>>) -> Self {
        let count = bytes.len();
        Self::of(bytes, count)
    }

    pub(crate) fn repeat(bytes: Vec<u8>, count: usize) -> Self {
        Self::of(vec![bytes], count)
    }

    fn of(bytes: Vec<Vec<u8>>, count: usize) -> Self {
        let next = AtomicUsize::new(0);
        Self {
            waiting: Arc::new(Waiting { bytes, count, next }),
            connections: CONNECTIONS,
        }
    }

    pub(crate) fn at_once(self, connections: usize) -> Self {
        Self {
            connections,
            ..self
        }
    }

    fn next(&self) -> Option<&[u8]> {
        let Waiting { bytes, count, next } = &*self.waiting;
        let number = next.fetch_add(1, Ordering::Relaxed);
        let request = bytes.get(number % bytes.len().max(1))?;
        (number < *count).then_some(request)
    }
}

impl Load {
    pub(crate) fn per_second(&self) -> f64 {
        per(self.requests) / self.wall.as_secs_f64()
    }
}

/// A count as a number to divide by.
pub(crate) fn per(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// A form post of a Marketplace's token to sign-up.
pub(crate) fn sign_up(token: &str) -> Vec<u8> {
    landing("/signup", token)
}

/// A form post of a Marketplace's token to login.
pub(crate) fn log_in(token: &str) -> Vec<u8> {
    landing("/login", token)
}

/// A call of the vendor's application for a link to Google's service account page.
pub(crate) fn ask_for_link(token: &str, account: &str, user: &str) -> Vec<u8> {
    let redirect = "https://app.example.com/settings";
    let body = format!(r#"{{"account":"{account}","user":"{user}","redirect":"{redirect}"}}"#);
    call("/service-account-links", token, &body)
}

/// A call by somebody with an identity token.
pub(crate) fn call(path: &str, token: &str, body: &str) -> Vec<u8> {
    let header = format!("authorization: Bearer {token}");
    post(path, &header, "application/json", body)
}

fn landing(path: &str, token: &str) -> Vec<u8> {
    let body = format!("x-gcp-marketplace-token={token}");
    let header = "user-agent: Mozilla/5.0 (X11; Linux x86_64)";
    post(path, header, "application/x-www-form-urlencoded", &body)
}

fn post(path: &str, header: &str, media_type: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\n{header}\r\n\
         content-type: {media_type}\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// Sends all requests; every answer must have this status.
pub(crate) async fn run(
    address: SocketAddr,
    requests: Requests,
    status: u16,
) -> Result<Load, Box<dyn Error>> {
    let mut connections = Vec::new();
    for _ in 0..requests.connections {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        connections.push(stream);
    }
    let other = Arc::new(Mutex::new(None));
    let started = Instant::now();
    let mut running = JoinSet::new();
    for stream in connections {
        running.spawn(one_connection(
            stream,
            requests.clone(),
            status,
            Arc::clone(&other),
        ));
    }
    while let Some(ended) = running.join_next().await {
        ended??;
    }
    if let Some(other) = other.lock().unwrap_or_else(PoisonError::into_inner).take() {
        return Err(format!("an answer was {other} instead of {status}").into());
    }
    Ok(Load {
        requests: requests.waiting.count,
        wall: started.elapsed(),
    })
}

async fn one_connection(
    mut stream: TcpStream,
    requests: Requests,
    status: u16,
    other: Arc<Mutex<Option<u16>>>,
) -> io::Result<()> {
    let mut buffer = Vec::with_capacity(16 * 1024);
    while let Some(request) = requests.next() {
        stream.write_all(request).await?;
        buffer.clear();
        let answered = loop {
            if stream.read_buf(&mut buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if let Some(answered) = whole_answer(&buffer) {
                break answered;
            }
        };
        if answered != status {
            *other.lock().unwrap_or_else(PoisonError::into_inner) = Some(answered);
        }
    }
    Ok(())
}

/// The status, once all of an answer with a length is there.
pub(crate) fn whole_answer(bytes: &[u8]) -> Option<u16> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(bytes.get(..end)?).ok()?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))?;
    (bytes.len() >= end + 4 + length.parse::<usize>().ok()?).then_some(status)
}
