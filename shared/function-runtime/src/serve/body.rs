//! A request's body, read whole or not at all.

use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http::header::EXPECT;
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use tokio::time::{Instant, timeout_at};

/// How much of a body that is too large is still read and thrown away, in bytes. A client reads
/// the answer only after it has sent everything, and a connection closed before that loses it.
const DISCARDED: usize = 1024 * 1024;

/// Why there is no body.
#[derive(Debug, thiserror::Error)]
pub(super) enum BodyFault {
    /// It is larger than the path takes.
    #[error("the body is too large")]
    TooLarge,
    /// It took too long.
    #[error("the body is too slow")]
    TooSlow,
    /// It is no valid body, or the client left.
    #[error("failed to read the body")]
    Broken(#[source] hyper::Error),
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
    // Whoever asked first (`Expect: 100-continue`) has sent nothing yet and needs not begin.
    if matches!(read, Err(BodyFault::TooLarge)) && !headers.contains_key(EXPECT) {
        _ = timeout_at(until, discard(&mut body)).await;
    }
    read
}

async fn collect(body: &mut Incoming, announced: usize, limit: usize) -> Result<Bytes, BodyFault> {
    let mut whole = BytesMut::with_capacity(announced);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(BodyFault::Broken)?;
        if let Some(data) = frame.data_ref() {
            if whole.len() + data.len() > limit {
                return Err(BodyFault::TooLarge);
            }
            whole.extend_from_slice(data);
        }
    }
    Ok(whole.freeze())
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
