//! Stands between the function and the Firestore emulator. It can be closed, and it can hold or
//! refuse single calls, so that others surely come first.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Either, Empty, Full};
use hyper::body::Incoming;
use hyper::client::conn::http2::{SendRequest, handshake};
use hyper::server::conn::http2::Builder;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use store::Store;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{oneshot, watch};

use crate::emulator::{host, new_project, store};

/// What gRPC calls a precondition that does not hold.
const FAILED_PRECONDITION: &str = "9";

/// An address that refuses connections, kept from everybody else.
pub struct ReservedAddress(TcpSocket);

/// A way to the emulator. It ends with the test's runtime.
pub struct FirestoreProxy {
    address: SocketAddr,
    passage: Arc<Passage>,
}

/// A call that waits in the gate.
pub struct Held {
    arrived: oneshot::Receiver<()>,
    release: oneshot::Sender<()>,
}

struct Passage {
    open: watch::Sender<bool>,
    plan: Mutex<PlannedFaults>,
}

#[derive(Default)]
struct PlannedFaults {
    hold: Option<Hold>,
    refuse: Option<&'static str>,
}

/// The call to hold: its method, and a part of its message.
struct Hold {
    method: &'static str,
    part: String,
    arrived: oneshot::Sender<()>,
    released: oneshot::Receiver<()>,
}

type Body = Either<Incoming, Empty<Bytes>>;

impl Default for ReservedAddress {
    fn default() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        Self(socket)
    }
}

impl ReservedAddress {
    /// An empty store that cannot be reached yet.
    pub fn store(&self) -> Store {
        let address = self.0.local_addr().unwrap();
        store(&new_project(), &address.to_string())
    }

    /// Leads to the emulator from now on, under the same address.
    pub fn open(self) -> FirestoreProxy {
        let listener = self.0.listen(1024).unwrap();
        let address = listener.local_addr().unwrap();
        let passage = Arc::new(Passage {
            open: watch::Sender::new(true),
            plan: Mutex::default(),
        });
        tokio::spawn(accept(listener, Arc::clone(&passage)));
        FirestoreProxy { address, passage }
    }
}

impl FirestoreProxy {
    /// An open gate.
    pub fn start() -> Self {
        ReservedAddress::default().open()
    }

    /// An empty store behind this gate.
    pub fn store(&self) -> Store {
        store(&new_project(), &self.address.to_string())
    }

    /// Where it is, as `FIRESTORE_EMULATOR_HOST` has it.
    pub fn host(&self) -> String {
        self.address.to_string()
    }

    /// Cuts every connection, and each new one at once.
    pub fn close(&self) {
        self.passage.open.send_replace(false);
    }

    /// Lets everything through again.
    pub fn open(&self) {
        self.passage.open.send_replace(true);
    }

    /// Holds the next call of this method whose message contains this text.
    pub fn hold(&self, method: &'static str, part: &str) -> Held {
        let (arrived, has_arrived) = oneshot::channel();
        let (release, released) = oneshot::channel();
        self.passage.plan().hold = Some(Hold {
            method,
            part: part.to_owned(),
            arrived,
            released,
        });
        Held {
            arrived: has_arrived,
            release,
        }
    }

    /// Refuses every call of this method from now on, as if others were always faster.
    pub fn refuse(&self, method: &'static str) {
        self.passage.plan().refuse = Some(method);
    }

    /// Lets everything through again.
    pub fn refuse_no_more(&self) {
        self.passage.plan().refuse = None;
    }
}

impl Held {
    /// Waits until the call is there; what comes back lets it go.
    pub async fn arrived(self) -> oneshot::Sender<()> {
        self.arrived.await.expect("the gate stands");
        self.release
    }
}

impl Passage {
    fn plan(&self) -> std::sync::MutexGuard<'_, PlannedFaults> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn refuses(&self, path: &str) -> bool {
        let refused = self.plan().refuse;
        refused.is_some_and(|method| path.ends_with(method))
    }

    fn take_hold(&self, path: &str, message: &[u8]) -> Option<Hold> {
        let mut plan = self.plan();
        let fits = |hold: &mut Hold| {
            let part = hold.part.as_bytes();
            path.ends_with(hold.method) && message.windows(part.len()).any(|it| it == part)
        };
        plan.hold.take_if(fits)
    }

    async fn pass(
        &self,
        request: Request<Incoming>,
        mut emulator: SendRequest<Full<Bytes>>,
    ) -> Result<Response<Body>, hyper::Error> {
        let (head, body) = request.into_parts();
        let message = body.collect().await?.to_bytes();
        if self.refuses(head.uri.path()) {
            return Ok(refusal());
        }
        if let Some(hold) = self.take_hold(head.uri.path(), &message) {
            let _ = hold.arrived.send(());
            let _ = hold.released.await;
        }
        let request = Request::from_parts(head, Full::new(message));
        let answer = emulator.send_request(request).await?;
        Ok(answer.map(Either::Left))
    }
}

/// gRPC has its status in the trailers, or in the head where there is nothing else.
fn refusal() -> Response<Body> {
    Response::builder()
        .status(StatusCode::OK)
        .header("content-type", "application/grpc")
        .header("grpc-status", FAILED_PRECONDITION)
        .body(Either::Right(Empty::new()))
        .unwrap()
}

async fn accept(listener: TcpListener, passage: Arc<Passage>) {
    while let Ok((connection, _)) = listener.accept().await {
        if *passage.open.borrow() {
            tokio::spawn(forward(connection, Arc::clone(&passage)));
        }
    }
}

async fn forward(connection: TcpStream, passage: Arc<Passage>) -> Result<(), Infallible> {
    let emulator = TcpStream::connect(host()).await.unwrap();
    for end in [&connection, &emulator] {
        // Small frames must not wait for each other.
        end.set_nodelay(true).unwrap();
    }
    let (emulator, driver) = handshake(TokioExecutor::new(), TokioIo::new(emulator))
        .await
        .unwrap();
    tokio::spawn(driver);
    let mut open = passage.open.subscribe();
    let passing = service_fn(|request| {
        let (passage, emulator) = (Arc::clone(&passage), emulator.clone());
        async move { passage.pass(request, emulator).await }
    });
    let served =
        Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(connection), passing);
    tokio::select! {
        _ = served => {}
        _ = open.wait_for(|open| !open) => {}
    }
    Ok(())
}
