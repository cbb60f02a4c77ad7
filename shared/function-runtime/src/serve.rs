//! The server: accepts connections until it is asked to end, then finishes what was started.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{sleep, timeout};

use crate::Handler;

mod activity;
mod body;
mod connection;
mod exchange;
mod fault;
mod head;
mod limits;
mod panic_catcher;
mod request_log;

pub use limits::Limits;

/// How long to wait after the system refused a connection, for example for want of file
/// descriptors: long enough for some to be closed.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// How a server ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drain {
    /// Everything that was started has been answered.
    Complete,
    /// Something was still unfinished when the time was over.
    Cut,
}

/// What connections share.
struct Server<H> {
    handler: Arc<H>,
    limits: Limits,
    /// One for each connection that may be open.
    slots: Arc<Semaphore>,
    wanted: Wanted,
}

/// Whether a connection waits for a slot: one that is idle gives way to it.
#[derive(Default)]
struct Wanted {
    is_so: AtomicBool,
    notify: Notify,
}

impl Wanted {
    fn say(&self) {
        self.is_so.store(true, Ordering::Relaxed);
        self.notify.notify_one();
    }

    /// It has got one, by whatever way.
    fn is_over(&self) {
        self.is_so.store(false, Ordering::Relaxed);
    }

    /// Resolves when a slot is wanted, for one of those who ask.
    async fn wait(&self) {
        loop {
            self.notify.notified().await;
            // What was said may be over.
            if self.is_so.swap(false, Ordering::Relaxed) {
                return;
            }
        }
    }
}

/// Keeps a connection or the work of a request counted: the drain waits until all are dropped.
type Slot = Arc<OwnedSemaphorePermit>;

/// Serves until `shutdown` resolves, then stops accepting and answers every request whose head has
/// been read.
///
/// - `GET /health` is answered here: it says that the function listens, nothing else.
/// - A request that [`Handler::before_body`] refuses is answered before its body is read.
/// - Every other request is read whole, within [`Limits`] and [`Handler::body_limit`], before the
///   handler sees it.
/// - The handler runs in a task of its own: a client that goes away does not cut it off half-way,
///   and its panic is one 500.
/// - Every answer gets the security headers, and every request its one log line.
///
/// A slow head closes its connection, a later one as the first. A connection that waits for its next request may be kept
/// for long, but gives way as soon as another one wants its place.
///
/// Heads that are no HTTP are answered by hyper with a bare 400, 414 or 431, and get a log line that says why.
pub async fn serve<H: Handler>(
    listener: TcpListener,
    handler: Arc<H>,
    shutdown: impl Future<Output = ()>,
) -> Drain {
    serve_within(Limits::default(), listener, handler, shutdown).await
}

/// As [`serve`], within other limits.
pub async fn serve_within<H: Handler>(
    limits: Limits,
    listener: TcpListener,
    handler: Arc<H>,
    shutdown: impl Future<Output = ()>,
) -> Drain {
    let slots = Arc::new(Semaphore::new(slots(limits)));
    let server = Arc::new(Server {
        handler,
        limits,
        slots: Arc::clone(&slots),
        wanted: Wanted::default(),
    });
    let (ending, ended) = watch::channel(());
    let start = |slot, stream| {
        let slot = Arc::new(slot);
        let connection = connection::run(Arc::clone(&server), stream, slot, ended.clone());
        tokio::spawn(connection);
    };
    let mut next = None;
    tokio::select! {
        biased;
        () = shutdown => {}
        never = accept_all(&listener, &mut next, &server, start) => match never {},
    }
    accept_waiting(next, listener, &slots, start);
    drop(ending);
    let all = slots.acquire_many(limits.connections);
    if timeout(limits.drain, all).await.is_ok() {
        return Drain::Complete;
    }
    tracing::error!("failed to answer every request before the end");
    Drain::Cut
}

fn slots(limits: Limits) -> usize {
    usize::try_from(limits.connections).unwrap_or(Semaphore::MAX_PERMITS)
}

/// Accepts one connection after the other. One that has no slot yet is in `next`: only now that it is there, an idle one
/// has to give way.
async fn accept_all<H>(
    listener: &TcpListener,
    next: &mut Option<TcpStream>,
    server: &Server<H>,
    start: impl Fn(OwnedSemaphorePermit, TcpStream),
) -> Infallible {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => *next = Some(stream),
            Err(error) if is_the_client_s(&error) => continue,
            Err(error) => {
                tracing::warn!(%error, "failed to accept a connection");
                sleep(ACCEPT_PAUSE).await;
                continue;
            }
        }
        if server.slots.available_permits() == 0 {
            server.wanted.say();
        }
        // The semaphore is never closed; if it were, there would be nothing left to accept.
        let Ok(slot) = Arc::clone(&server.slots).acquire_owned().await else {
            return std::future::pending().await;
        };
        server.wanted.is_over();
        if let Some(stream) = next.take() {
            start(slot, stream);
        }
    }
}

/// Takes the one that was accepted last if it has no slot yet, and the connections that the system has accepted for
/// us, and closes the listener. Their requests may be on the way already.
fn accept_waiting(
    next: Option<TcpStream>,
    listener: TcpListener,
    slots: &Arc<Semaphore>,
    start: impl Fn(OwnedSemaphorePermit, TcpStream),
) {
    if let Some(stream) = next {
        let Ok(slot) = Arc::clone(slots).try_acquire_owned() else {
            return;
        };
        start(slot, stream);
    }
    let Ok(listener) = listener.into_std() else {
        return;
    };
    while let Ok(slot) = Arc::clone(slots).try_acquire_owned() {
        let Ok((stream, _)) = listener.accept() else {
            return;
        };
        let stream = stream
            .set_nonblocking(true)
            .and_then(|()| TcpStream::from_std(stream));
        if let Ok(stream) = stream {
            start(slot, stream);
        }
    }
}

fn is_the_client_s(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
    )
}
