//! Google's key endpoints, as far as a test needs them.

use std::sync::{Arc, Mutex};

use marketplace::GoogleOrigin;
use marketplace_simulator::tokens::{SigningKey, key_set_json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// What the endpoint answers.
#[derive(Clone)]
pub(crate) enum KeyAnswer {
    /// These bytes, and then the end of the connection.
    Bytes(Vec<u8>),
    /// The connection is closed without a word.
    Nothing,
    /// These bytes, but not before the test lets one answer go.
    Held(Vec<u8>),
}

/// A server on loopback that stands for all of Google.
pub(crate) struct KeyServer {
    pub(crate) origin: GoogleOrigin,
    shared: Arc<Shared>,
}

struct Shared {
    answer: Mutex<KeyAnswer>,
    paths: Mutex<Vec<String>>,
    released: Semaphore,
    asked: Semaphore,
}

impl KeyServer {
    pub(crate) async fn start(answer: KeyAnswer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            answer: Mutex::new(answer),
            paths: Mutex::default(),
            released: Semaphore::new(0),
            asked: Semaphore::new(0),
        });
        let server = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&server)));
            }
        });
        Self {
            origin: GoogleOrigin::simulated_at(&origin),
            shared,
        }
    }

    /// Publishes these keys for six hours.
    pub(crate) async fn publishing(keys: &[&SigningKey]) -> Self {
        Self::start(KeyAnswer::keys(keys)).await
    }

    pub(crate) fn answer_from_now_on(&self, answer: KeyAnswer) {
        *self.shared.answer.lock().unwrap() = answer;
    }

    /// How many requests came.
    pub(crate) fn requests(&self) -> usize {
        self.paths().len()
    }

    pub(crate) fn paths(&self) -> Vec<String> {
        self.shared.paths.lock().unwrap().clone()
    }

    /// Waits until one more request has come.
    pub(crate) async fn asked(&self) {
        self.shared.asked.acquire().await.unwrap().forget();
    }

    /// Lets one held answer go.
    pub(crate) fn release(&self) {
        self.shared.released.add_permits(1);
    }
}

impl KeyAnswer {
    pub(crate) fn keys(keys: &[&SigningKey]) -> Self {
        Self::ok("public, max-age=21600", &key_set_json(keys.iter().copied()))
    }

    pub(crate) fn ok(cache_control: &str, body: &str) -> Self {
        Self::Bytes(response(
            "200 OK",
            &format!("Cache-Control: {cache_control}\r\n"),
            body,
        ))
    }

    pub(crate) fn status(status: &str, header: &str) -> Self {
        Self::Bytes(response(status, header, ""))
    }

    pub(crate) fn held(self) -> Self {
        match self {
            Self::Bytes(bytes) => Self::Held(bytes),
            other => other,
        }
    }
}

fn response(status: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n{body}"
    )
    .into_bytes()
}

async fn serve(mut stream: TcpStream, shared: Arc<Shared>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8(head).unwrap();
    let path = head.split(' ').nth(1).unwrap().to_owned();
    shared.paths.lock().unwrap().push(path);
    let answer = shared.answer.lock().unwrap().clone();
    shared.asked.add_permits(1);
    let bytes = match answer {
        KeyAnswer::Nothing => return,
        KeyAnswer::Bytes(bytes) => bytes,
        KeyAnswer::Held(bytes) => {
            shared.released.acquire().await.unwrap().forget();
            bytes
        }
    };
    let _ = stream.write_all(&bytes).await;
}
