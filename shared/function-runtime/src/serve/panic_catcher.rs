//! Panics of one request kept from the others.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

/// A future panicked. Where, the panic hook has logged.
#[derive(Debug, thiserror::Error)]
#[error("the handler panicked")]
pub(super) struct Panicked;

/// The output of a future, unless it panics. It is not polled again after that, so that nothing
/// half changed of its own is seen; what it shares, it shares behind locks and channels.
pub(super) async fn caught<F: Future>(future: F) -> Result<F::Output, Panicked> {
    let mut future = pin!(future);
    poll_fn(
        move |context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(poll) => poll.map(Ok),
            Err(_) => Poll::Ready(Err(Panicked)),
        },
    )
    .await
}
