//! One connection, from its first byte to its orderly end.

use std::convert::Infallible;
use std::future::pending;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http::header::CONNECTION;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::{Limits, Server, Slot, exchange};
use crate::Handler;

/// After the server was asked to end, how long a connection may still bring a request: one that was sent before
/// its client could know.
const LAST_CALL: Duration = Duration::from_millis(100);

/// After the last answer, how long its bytes may take to leave, and how long a client may pause that is still
/// sending the body of a request that was refused.
const LINGER: Duration = Duration::from_millis(500);

/// Memory for what a connection has received and not yet handed on, in bytes.
const BUFFER: usize = 64 * 1024;

/// What a connection is doing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Activity {
    /// Its first request has not arrived.
    Fresh,
    /// A request is being answered.
    Busy,
    /// It waits for its next request.
    Idle,
    /// It is closed after an answer, and perhaps a body is still on its way.
    Closing,
}

/// Serves a connection until it is closed, or in an orderly way after `ending` is dropped.
pub(super) async fn run<H: Handler>(
    server: Arc<Server<H>>,
    mut stream: TcpStream,
    slot: Slot,
    ending: watch::Receiver<()>,
) {
    // Answers are small and written at once: waiting for more bytes only delays them.
    _ = stream.set_nodelay(true);
    let _counted = Arc::clone(&slot);
    let limit = server.limits.body;
    let (activity, watched) = watch::channel(Activity::Fresh);
    exchange_all(server, &mut stream, slot, activity, ending).await;
    let is_closing = *watched.borrow() == Activity::Closing;
    if is_closing {
        _ = timeout(limit, discard(&stream)).await;
    }
}

async fn exchange_all<H: Handler>(
    server: Arc<Server<H>>,
    stream: &mut TcpStream,
    slot: Slot,
    activity: watch::Sender<Activity>,
    mut ending: watch::Receiver<()>,
) {
    let limits = server.limits;
    let mut watched = activity.subscribe();
    let activity = Arc::new(activity);
    let service = service_fn(move |request| {
        let (server, slot) = (Arc::clone(&server), Arc::clone(&slot));
        let activity = Arc::clone(&activity);
        activity.send_replace(Activity::Busy);
        async move {
            let answer = exchange::answer(server, request, slot).await;
            // What was not read of a body ends the connection.
            let is_last = answer.headers().contains_key(CONNECTION);
            activity.send_replace(if is_last {
                Activity::Closing
            } else {
                Activity::Idle
            });
            Ok::<_, Infallible>(answer)
        }
    });
    let connection = builder(limits).serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    // What ends a connection early is the client's affair: nobody is left to answer.
    tokio::select! {
        _ = connection.as_mut() => return,
        () = stays_fresh(watched.clone(), limits.head) => return,
        _ = ending.changed() => {}
    }
    tokio::select! {
        _ = connection.as_mut() => return,
        () = sleep(LAST_CALL) => {}
    }
    connection.as_mut().graceful_shutdown();
    tokio::select! {
        _ = connection => {}
        () = falls_quiet(&mut watched) => {}
    }
}

/// hyper's own time-out covers the wait for a next request as well as its head. A head that is too large is answered
/// with words as long as it fits into the buffer: hyper would answer it with nothing.
fn builder(limits: Limits) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(limits.idle)
        .max_buf_size(BUFFER);
    builder
}

/// Resolves if the first request does not arrive in time.
async fn stays_fresh(mut activity: watch::Receiver<Activity>, limit: Duration) {
    let arrived = activity.wait_for(|activity| *activity != Activity::Fresh);
    if timeout(limit, arrived).await.is_ok() {
        pending::<()>().await;
    }
}

/// Resolves when no request is being answered and the last answer has had its time to leave. A
/// client that sent half a head is not waited for.
async fn falls_quiet(activity: &mut watch::Receiver<Activity>) {
    let is_busy = |activity: &Activity| *activity == Activity::Busy;
    loop {
        if activity
            .wait_for(|activity| !is_busy(activity))
            .await
            .is_err()
        {
            return;
        }
        if timeout(LINGER, activity.wait_for(is_busy)).await.is_err() {
            return;
        }
    }
}

/// Throws away what a client still sends after it was answered, until it has closed the connection or paused: one that
/// is closed while bytes arrive is reset, and the client may lose the answer.
async fn discard(stream: &TcpStream) {
    while let Ok(Ok(())) = timeout(LINGER, stream.readable()).await {
        let mut bytes = [0; 4096];
        let is_open = match stream.try_read(&mut bytes) {
            Ok(read) => read > 0,
            Err(error) => error.kind() == io::ErrorKind::WouldBlock,
        };
        if !is_open {
            return;
        }
    }
}
