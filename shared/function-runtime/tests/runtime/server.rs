//! A server with a handler that does what its path says.

use std::convert::Infallible;
use std::future::pending;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use function_runtime::{
    Drain, Failure, Handler, Limits, Outcome, Rejection, Request, Response, problem, redirect_303,
    serve_within, text,
};
use http::header::AUTHORIZATION;
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode};
use marketplace::ProcurementAccountId;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinHandle;

/// Short enough to wait for, long enough for a busy machine.
pub(crate) const LIMITS: Limits = Limits {
    connections: 100,
    head_size: 16 * 1024,
    head: Duration::from_millis(300),
    idle: Duration::from_mins(1),
    body: Duration::from_millis(300),
    deadline: Duration::from_millis(500),
    margin: Duration::from_millis(50),
    drain: Duration::from_secs(5),
};

pub(crate) struct TestServer {
    pub(crate) address: SocketAddr,
    pub(crate) handler: Arc<TestHandler>,
    shutdown: oneshot::Sender<Infallible>,
    running: JoinHandle<Drain>,
}

impl TestServer {
    pub(crate) async fn start() -> Self {
        Self::start_within(LIMITS).await
    }

    pub(crate) async fn start_within(limits: Limits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let handler = Arc::new(TestHandler::default());
        let (shutdown, asked) = oneshot::channel();
        let asked = async { _ = asked.await };
        let running = tokio::spawn(serve_within(limits, listener, Arc::clone(&handler), asked));
        Self {
            address,
            handler,
            shutdown,
            running,
        }
    }

    /// Asks the server to end.
    pub(crate) fn end(self) -> JoinHandle<Drain> {
        drop(self.shutdown);
        self.running
    }
}

pub(crate) struct TestHandler {
    /// How many requests have been handed to the handler.
    pub(crate) started: AtomicUsize,
    /// How many the handler has answered.
    pub(crate) ended: AtomicUsize,
    /// `/gate` waits for a permit of this.
    pub(crate) gate: Semaphore,
    /// Gets a permit whenever `/gate` is entered.
    pub(crate) entered: Semaphore,
    /// Gets a permit whenever `/gate` is left.
    pub(crate) left: Semaphore,
}

impl Default for TestHandler {
    fn default() -> Self {
        Self {
            started: AtomicUsize::new(0),
            ended: AtomicUsize::new(0),
            gate: Semaphore::new(0),
            entered: Semaphore::new(0),
            left: Semaphore::new(0),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum TestError {
    #[error("nothing there")]
    NotFound,
    #[error("wrong method")]
    Method,
    #[error("who calls is not shown")]
    Identity,
    #[error("failed to reach the store")]
    Store(#[source] std::io::Error),
    #[error("there are no keys")]
    Keys,
}

impl Failure for TestError {
    fn rejection(&self) -> Rejection {
        match self {
            Self::NotFound => Rejection::not_found(),
            Self::Method => Rejection::method_not_allowed("GET"),
            Self::Identity => Rejection::unauthorized("not-authenticated", "Say who you are."),
            Self::Store(_) => {
                Rejection::unavailable("store-unavailable", Duration::from_millis(1500))
            }
            Self::Keys => {
                Rejection::unavailable("keys-unavailable", Duration::from_secs(1)).logged_apart()
            }
        }
    }

    fn account(&self) -> Option<&ProcurementAccountId> {
        None
    }
}

impl Handler for TestHandler {
    type Error = TestError;

    fn before_body(&self, head: &Parts) -> Result<(), TestError> {
        let is_shown = head.headers.contains_key(AUTHORIZATION);
        match head.uri.path() {
            "/identity" if !is_shown => Err(TestError::Identity),
            _ => Ok(()),
        }
    }

    async fn handle(&self, request: Request) -> Result<Response, TestError> {
        self.started.fetch_add(1, Ordering::SeqCst);
        let answer = self.route(&request).await;
        self.ended.fetch_add(1, Ordering::SeqCst);
        answer
    }

    fn render(&self, rejection: &Rejection, path: &str) -> Response {
        assert!(path != "/render-panics", "rendering panics");
        problem(rejection)
    }

    fn body_limit(&self, path: &str) -> usize {
        if path == "/large" { 1024 * 1024 } else { 1000 }
    }
}

impl TestHandler {
    async fn route(&self, request: &Request) -> Result<Response, TestError> {
        match (&request.method, request.path()) {
            (&Method::GET, "/plain") | (_, "/posted") => Ok(text(StatusCode::OK, "plain")),
            (_, "/plain") => Err(TestError::Method),
            (_, "/echo" | "/large" | "/identity") => Ok(text(
                StatusCode::OK,
                format!("{} bytes", request.body.len()),
            )),
            (_, "/deadline") => {
                let left = request.deadline.remaining() <= LIMITS.deadline;
                Ok(text(StatusCode::OK, left.to_string()))
            }
            (_, "/panic") => panic!("the token is {}", request.uri),
            (_, "/hang") => pending().await,
            (_, "/gate") => {
                self.entered.add_permits(1);
                self.gate.acquire().await.unwrap().forget();
                self.left.add_permits(1);
                Ok(text(StatusCode::OK, "through"))
            }
            (_, "/store") => Err(TestError::Store(std::io::Error::other("no route"))),
            (_, "/keys") => Err(TestError::Keys),
            (_, "/sign-up") => Ok(handed_over()),
            (_, "/own-headers") => Ok(own_headers()),
            _ => Err(TestError::NotFound),
        }
    }
}

fn handed_over() -> Response {
    let mut response = redirect_303("/next?state=secret");
    response.extensions_mut().insert(Outcome {
        name: "handed-over",
        account: ProcurementAccountId::parse("account-1").ok(),
    });
    response
}

fn own_headers() -> Response {
    let mut response = text(StatusCode::OK, "");
    for (name, value) in [
        ("content-security-policy", "default-src 'self'"),
        ("referrer-policy", "strict-origin"),
        ("cache-control", "private"),
    ] {
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    }
    response
}
