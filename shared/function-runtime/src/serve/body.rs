//! A request's body, read whole or not at all.

use std::error::Error;

use bytes::Bytes;
use http::HeaderMap;
use http::header::EXPECT;
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use tokio::time::{Instant, timeout_at};

use super::head::HeadFault;

/// How much of a body that is too large is still read and thrown away, in bytes. A client reads
/// the answer only after it has sent everything, and a connection closed before that loses it.
const DISCARDED: usize = 1024 * 1024;

/// How much room an announced body is given before it arrives, in bytes: many announce more than they send.
const ROOM: usize = 64 * 1024;

/// Why there is no body.
#[derive(Debug, thiserror::Error)]
pub(super) enum BodyFault {
    /// The head before it is refused.
    #[error(transparent)]
    Head(#[from] HeadFault),
    /// It is larger than the path takes.
    #[error("the body is too large")]
    TooLarge,
    /// It took too long.
    #[error("the body is too slow")]
    TooSlow,
    /// It is no valid body, or the client left.
    #[error("failed to read the body")]
    Broken(#[source] Box<dyn Error + Send + Sync>),
}

/// Reads a body of at most `limit` bytes.
pub(super) async fn read(
    mut body: Incoming,
    headers: &HeaderMap,
    limit: usize,
    until: Instant,
) -> Result<Bytes, BodyFault> {
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    let read = if announced > limit {
        Err(BodyFault::TooLarge)
    } else {
        timeout_at(until, collect(&mut body, announced, limit))
            .await
            .unwrap_or(Err(BodyFault::TooSlow))
    };
    // A client that asks first (`Expect: 100-continue`) has sent nothing yet.
    if matches!(read, Err(BodyFault::TooLarge)) && !headers.contains_key(EXPECT) {
        _ = timeout_at(until, discard(&mut body)).await;
    }
    read
}

/// Copies the body as it arrives. A list of its pieces would take twice its size once they are joined, and many
/// times that if each piece is a byte.
async fn collect(body: &mut Incoming, announced: usize, limit: usize) -> Result<Bytes, BodyFault> {
    let mut whole = Vec::with_capacity(announced.min(ROOM));
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| BodyFault::Broken(error.into()))?;
        // Trailers are no part of it.
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if data.len() > limit.saturating_sub(whole.len()) {
            return Err(BodyFault::TooLarge);
        }
        whole.extend_from_slice(&data);
    }
    Ok(whole.into())
}

async fn discard(body: &mut Incoming) {
    let mut left = DISCARDED;
    while let Some(Ok(frame)) = body.frame().await {
        let size = frame.data_ref().map_or(0, Bytes::len);
        match left.checked_sub(size) {
            Some(rest) => left = rest,
            None => return,
        }
    }
}
