//! What a connection is doing, and for how long.

use std::future::pending;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::body::{Body as _, Incoming};
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
    /// It is closed after an answer, and perhaps a body is still on its way.
    Closing,
}

/// The same, and what is needed to tell what comes next.
#[derive(Clone, Copy)]
pub(super) struct Activity {
    pub(super) phase: Phase,
    answers: u64,
    /// Whether the request that is answered, or was last, has a body.
    has_body: bool,
    /// Whether what was received last ends with an empty line, as a head does.
    is_at_end: bool,
}

impl Default for Activity {
    fn default() -> Self {
        Self {
            phase: Phase::Head,
            answers: 0,
            has_body: false,
            is_at_end: false,
        }
    }
}

impl Activity {
    /// The head of a request has arrived.
    pub(super) fn begins(&mut self, body: &Incoming) {
        self.phase = Phase::Busy;
        self.has_body = !body.is_end_stream();
    }

    /// It has its answer. What follows a head without a body is a part of the next head; what follows a body is not
    /// looked at, and counts as silence.
    pub(super) fn ends(&mut self, is_last: bool) {
        let has_next_begun = !self.has_body && !self.is_at_end;
        self.phase = if is_last {
            Phase::Closing
        } else if has_next_begun {
            Phase::Head
        } else {
            Phase::Idle
        };
        self.answers += 1;
    }

    fn receives(&mut self, ends_with_empty_line: bool) -> bool {
        self.is_at_end = ends_with_empty_line;
        let has_waited = self.phase == Phase::Idle;
        if has_waited {
            self.phase = Phase::Head;
        }
        has_waited
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
        let answers = activity.borrow().answers;
        // The number of answers tells one wait from the next, also if what was between went by unseen.
        let is_over = until(activity, |now| now.phase != phase || now.answers != answers);
        if timeout(limit, is_over).await.is_err() {
            return;
        }
    }
}

/// A stream that notices when a connection that waits is sent something: its next head has begun.
pub(super) struct Watched<S> {
    stream: S,
    activity: Arc<watch::Sender<Activity>>,
    /// The last bytes received.
    last: [u8; 3],
}

impl<S> Watched<S> {
    pub(super) fn new(stream: S, activity: Arc<watch::Sender<Activity>>) -> Self {
        let last = [0; 3];
        Self {
            stream,
            activity,
            last,
        }
    }

    fn received(&mut self, bytes: &[u8]) {
        let [_, second, third] = self.last;
        self.last = match *bytes {
            [] => return,
            [only] => [second, third, only],
            [first, last] => [third, first, last],
            [.., first, middle, last] => [first, middle, last],
        };
        let is_at_end = matches!(self.last, [b'\n', b'\r', b'\n'] | [_, b'\n', b'\n']);
        self.activity
            .send_if_modified(|now| now.receives(is_at_end));
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
        self.received(buffer.filled().get(before..).unwrap_or_default());
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
