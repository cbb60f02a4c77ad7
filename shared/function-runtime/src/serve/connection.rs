//! One connection, from its first byte to its orderly end.

use std::convert::Infallible;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http::Request;
use http::header::CONNECTION;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::activity::{Activity, Phase, Watched, falls_silent, is_late, until};
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
    let (activity, watched) = watch::channel(Activity::default());
    exchange_all(server, &mut stream, slot, activity, ending).await;
    let is_closing = watched.borrow().phase == Phase::Closing;
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
    let room = Arc::clone(&server);
    let mut watched = activity.subscribe();
    let activity = Arc::new(activity);
    let by_hyper = Arc::clone(&activity);
    let stream = Watched::new(stream, Arc::clone(&activity));
    let service = service_fn(move |request: Request<Incoming>| {
        let (server, slot) = (Arc::clone(&server), Arc::clone(&slot));
        let activity = Arc::clone(&activity);
        activity.send_modify(|now| now.begins(request.body()));
        async move {
            let answer = exchange::answer(server, request, slot).await;
            // What was not read of a body ends the connection.
            let is_last = answer.headers().contains_key(CONNECTION);
            activity.send_modify(|now| now.ends(is_last));
            Ok::<_, Infallible>(answer)
        }
    });
    let connection = builder(limits).serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    tokio::select! {
        ended = connection.as_mut() => return note(ended, &by_hyper),
        () = is_late(watched.clone(), limits.head) => return,
        () = gives_way(watched.clone(), &room) => return,
        _ = ending.changed() => {}
    }
    tokio::select! {
        ended = connection.as_mut() => return note(ended, &by_hyper),
        () = sleep(LAST_CALL) => {}
    }
    connection.as_mut().graceful_shutdown();
    tokio::select! {
        ended = connection => note(ended, &by_hyper),
        () = falls_quiet(&mut watched) => {}
    }
}

/// A head that is no HTTP was answered by hyper, so that no handler saw it: it gets its line here, and what its client
/// still sends is read, as after an answer of ours. What else ends a connection early is the client's affair: nobody is
/// left to answer.
fn note(ended: hyper::Result<()>, activity: &watch::Sender<Activity>) {
    if let Err(error) = ended
        && error.is_parse()
    {
        // The error names a part of the head, and quotes nothing of it.
        tracing::info!(%error, "a head that is no HTTP was refused");
        activity.send_modify(|now| now.ends(true));
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

/// Resolves when the connection has waited for longer than a head may take, and another one wants its place. Until
/// then it stays: whoever keeps it may be about to use it.
async fn gives_way<H>(mut activity: watch::Receiver<Activity>, server: &Server<H>) {
    loop {
        falls_silent(&mut activity, server.limits.head).await;
        tokio::select! {
            () = until(&mut activity, |now| now.phase != Phase::Idle) => {}
            () = server.wanted.wait() => return,
        }
    }
}

/// Resolves when no request is being answered and the last answer has had its time to leave. A
/// client that sent half a head is not waited for.
async fn falls_quiet(activity: &mut watch::Receiver<Activity>) {
    let is_busy = |now: &Activity| now.phase == Phase::Busy;
    loop {
        until(activity, |now| !is_busy(now)).await;
        if timeout(LINGER, until(activity, is_busy)).await.is_err() {
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
