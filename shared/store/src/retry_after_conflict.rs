//! What to do when another request changed the same documents first: read everything again, and try again.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable as _};

use crate::CommitError;

/// An error that may mean that another request was faster.
pub trait Contended {
    /// Whether trying again from what is stored now makes sense.
    fn is_contended(&self) -> bool;
}

impl Contended for CommitError {
    fn is_contended(&self) -> bool {
        matches!(self, Self::Conflict)
    }
}

/// Runs `attempt` until it is not contended, with pauses in between: of many who change one account at once each
/// gets its turn within a second or so. After that the last error is returned.
///
/// `attempt` has to read **everything** that its commit demands unchanged. What was read outside of it stays
/// what it was, and then no attempt can succeed.
pub async fn retry_contended<T, E, F>(attempt: impl FnMut() -> F) -> Result<T, E>
where
    E: Contended,
    F: Future<Output = Result<T, E>>,
{
    let pauses = ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(5))
        .with_max_delay(Duration::from_millis(200))
        .with_max_times(12)
        .with_jitter();
    attempt.retry(pauses).when(E::is_contended).await
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_attempt_is_made_again_until_nobody_else_was_faster() {
        let attempts = Cell::new(0);
        let done = retry_contended(|| async {
            attempts.set(attempts.get() + 1);
            if attempts.get() < 4 {
                return Err(CommitError::Conflict);
            }
            Ok(attempts.get())
        })
        .await;
        assert_eq!(done.unwrap(), 4);
    }

    #[tokio::test(start_paused = true)]
    async fn an_attempt_that_is_always_contended_ends_with_that_error() {
        let attempts = Cell::new(0);
        let done: Result<(), _> = retry_contended(|| async {
            attempts.set(attempts.get() + 1);
            Err(CommitError::Conflict)
        })
        .await;
        assert!(done.unwrap_err().is_contended());
        assert_eq!(attempts.get(), 13);
    }
}
