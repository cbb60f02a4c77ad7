//! What a connection is doing, and for how long.

use std::future::pending;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::watch;
use tokio::time::timeout;

/// What a connection is doing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Its first head has not arrived, or a part of a later one has.
    Head,
    /// A request is being answered.
    Busy,
    /// It waits for its next request.
    Idle,
}

/// The same, after how many answers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Activity {
    pub(super) phase: Phase,
    answers: u64,
}

impl Default for Activity {
    fn default() -> Self {
        Self {
            phase: Phase::Head,
            answers: 0,
        }
    }
}

impl Activity {
    /// One more request has its answer.
    pub(super) fn answered(&mut self) {
        self.phase = Phase::Idle;
        self.answers += 1;
    }
}

/// Resolves when this is so; never, once the connection is gone.
pub(super) async fn until(
    activity: &mut watch::Receiver<Activity>,
    is_so: impl Fn(&Activity) -> bool,
) {
    if activity.wait_for(is_so).await.is_err() {
        pending::<()>().await;
    }
}

/// Resolves when a head, the first or a later one, takes longer than this.
pub(super) async fn is_late(mut activity: watch::Receiver<Activity>, limit: Duration) {
    stays(&mut activity, Phase::Head, limit).await;
}

/// Resolves when the connection has waited for its next request for this long.
pub(super) async fn falls_silent(activity: &mut watch::Receiver<Activity>, limit: Duration) {
    stays(activity, Phase::Idle, limit).await;
}

async fn stays(activity: &mut watch::Receiver<Activity>, phase: Phase, limit: Duration) {
    loop {
        until(activity, |now| now.phase == phase).await;
        let since = *activity.borrow();
        // The number of answers tells one wait from the next, also if what was between went by unseen.
        let is_over = until(activity, |now| *now != since);
        if timeout(limit, is_over).await.is_err() {
            return;
        }
    }
}

/// A stream that notices when a connection that waits is sent something: its next head has begun.
pub(super) struct Watched<S> {
    stream: S,
    activity: Arc<watch::Sender<Activity>>,
}

impl<S> Watched<S> {
    pub(super) fn new(stream: S, activity: Arc<watch::Sender<Activity>>) -> Self {
        Self { stream, activity }
    }

    fn received(&self) {
        self.activity.send_if_modified(|now| {
            let has_waited = now.phase == Phase::Idle;
            if has_waited {
                now.phase = Phase::Head;
            }
            has_waited
        });
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.received();
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
