//! One connection, from its first byte to its orderly end.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http::Request;
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

/// After the last answer, how long its bytes may take to leave.
const LINGER: Duration = Duration::from_millis(500);

/// Memory for what a connection has received and not yet handed on, in bytes.
const BUFFER: usize = 64 * 1024;

/// Serves a connection until it is closed, or in an orderly way after `ending` is dropped.
pub(super) async fn run<H: Handler>(
    server: Arc<Server<H>>,
    stream: TcpStream,
    slot: Slot,
    mut ending: watch::Receiver<()>,
) {
    // Answers are small and written at once: waiting for more bytes only delays them.
    _ = stream.set_nodelay(true);
    let limits = server.limits;
    let room = Arc::clone(&server);
    let (activity, mut watched) = watch::channel(Activity::default());
    let activity = Arc::new(activity);
    let stream = Watched::new(stream, Arc::clone(&activity));
    let service = service_fn(move |request: Request<Incoming>| {
        let (server, slot) = (Arc::clone(&server), Arc::clone(&slot));
        let activity = Arc::clone(&activity);
        activity.send_modify(|now| now.begins(request.body()));
        async move {
            let answer = exchange::answer(server, request, slot).await;
            activity.send_modify(Activity::ends);
            Ok::<_, Infallible>(answer)
        }
    });
    let connection = builder(limits).serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    // What ends a connection early is the client's affair: nobody is left to answer.
    tokio::select! {
        _ = connection.as_mut() => return,
        () = is_late(watched.clone(), limits.head) => return,
        () = gives_way(watched.clone(), &room) => return,
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

/// hyper's own time-out covers the wait for a next request as well as its head.
fn builder(limits: Limits) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(limits.idle)
        .max_header_size(limits.head_size)
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
            () = server.wanted.notified() => {
                // A place may have become free by itself.
                if server.slots.available_permits() == 0 {
                    return;
                }
            }
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
