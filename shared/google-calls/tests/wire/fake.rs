//! Google as one small server: for each host a queue of answers, and a record of what was asked.
//!
//! It is written on a bare socket because it must also do what no HTTP server does: hang, break off
//! in the middle, answer too much. The tests of `procurement` use this same file.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex},
    time::Duration,
};

use marketplace::{Deadline, GoogleOrigin};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// The metadata server's host. It answers with a good token unless a test plans another answer.
pub(crate) const METADATA: &str = "metadata.google.internal";

/// What the metadata server hands out.
pub(crate) const TOKEN: &str = "ya29.secret-of-the-metadata-server";

/// One answer.
#[derive(Debug, Clone)]
pub(crate) enum FakeAnswer {
    /// Status, one more header or none, body.
    Whole(u16, &'static str, String),
    /// Nothing, for as long as the other side waits.
    Hang,
    /// The connection closes without an answer.
    Close,
    /// The connection closes in the middle of the body.
    BreakOff,
}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Received {
    pub(crate) method: String,
    /// Path and query, without the host's segment.
    pub(crate) target: String,
    /// Lower-case names.
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: String,
}

/// The server; it ends with the value.
pub(crate) struct Fake {
    address: String,
    state: Arc<Mutex<FakeState>>,
    accepting: JoinHandle<()>,
}

#[derive(Default)]
struct FakeState {
    answers: HashMap<String, VecDeque<FakeAnswer>>,
    received: HashMap<String, Vec<Received>>,
}

impl FakeAnswer {
    pub(crate) fn json(status: u16, body: &str) -> Self {
        Self::Whole(status, "", body.to_owned())
    }
}

impl Fake {
    pub(crate) async fn start() -> Self {
        // The first test installs it; the others find it installed.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::<Mutex<FakeState>>::default();
        let shared = Arc::clone(&state);
        let accepting = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        Self {
            address,
            state,
            accepting,
        }
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    pub(crate) fn origin(&self) -> GoogleOrigin {
        GoogleOrigin::simulated_at(&self.address)
    }

    /// Adds an answer to the host's queue. An empty queue answers 418.
    pub(crate) fn then(&self, host: &str, answer: FakeAnswer) -> &Self {
        let mut state = self.state.lock().unwrap();
        state
            .answers
            .entry(host.to_owned())
            .or_default()
            .push_back(answer);
        drop(state);
        self
    }

    /// What the host was asked so far.
    pub(crate) fn received(&self, host: &str) -> Vec<Received> {
        let state = self.state.lock().unwrap();
        state.received.get(host).cloned().unwrap_or_default()
    }

    /// Method and target of what the host was asked so far.
    pub(crate) fn calls(&self, host: &str) -> Vec<String> {
        self.received(host)
            .iter()
            .map(|request| format!("{} {}", request.method, request.target))
            .collect()
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Time enough for anything on loopback.
pub(crate) fn soon() -> Deadline {
    Deadline::after(Duration::from_secs(20))
}

async fn serve(mut stream: TcpStream, state: Arc<Mutex<FakeState>>) {
    let Some((host, request)) = read(&mut stream).await else {
        return;
    };
    let answer = {
        let mut state = state.lock().unwrap();
        let answer = state.answers.get_mut(&host).and_then(VecDeque::pop_front);
        state
            .received
            .entry(host.clone())
            .or_default()
            .push(request);
        answer.unwrap_or_else(|| default_answer(&host))
    };
    match answer {
        FakeAnswer::Whole(status, header, body) => {
            let length = body.len();
            let separator = if header.is_empty() { "" } else { "\r\n" };
            let head = format!(
                "HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {length}\
                 {separator}{header}\r\n\r\n"
            );
            // The other side may have gone when the answer is too much for it.
            let _ = stream.write_all(head.as_bytes()).await;
            let _ = stream.write_all(body.as_bytes()).await;
        }
        FakeAnswer::Hang => std::future::pending().await,
        FakeAnswer::Close => {}
        FakeAnswer::BreakOff => {
            let started = b"HTTP/1.1 200 X\r\ncontent-length: 100\r\n\r\n{\"name\":";
            stream.write_all(started).await.unwrap();
        }
    }
}

fn default_answer(host: &str) -> FakeAnswer {
    if host == METADATA {
        let token =
            format!(r#"{{"access_token":"{TOKEN}","expires_in":3599,"token_type":"Bearer"}}"#);
        return FakeAnswer::json(200, &token);
    }
    FakeAnswer::json(418, "nothing was to be asked any more")
}

async fn read(stream: &mut TcpStream) -> Option<(String, Received)> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).await.ok()?;
    let mut words = line.split(' ');
    let method = words.next()?.to_owned();
    let path = words.next()?.strip_prefix('/')?;
    let (host, target) = path.split_at(path.find('/').unwrap_or(path.len()));
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).await.ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let length = headers.get("content-length").map(|n| n.parse().unwrap());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).await.ok()?;
    let request = Received {
        method,
        target: target.to_owned(),
        headers,
        body: String::from_utf8(body).unwrap(),
    };
    Some((host.to_owned(), request))
}
