//! Why a request was not answered as it asked.

use std::error::Error;
use std::time::Duration;

use super::body::BodyFault;
use super::panic_catcher::Panicked;
use crate::{Failure, Rejection};

/// Whatever stands between a request and its answer.
pub(super) enum Fault<E> {
    /// Its body could not be read.
    Body(BodyFault),
    /// The handler refused or failed.
    Handler(E),
    /// The handler panicked.
    Panicked(Panicked),
    /// The handler went far beyond its deadline.
    TimedOut,
}

impl<E: Failure> Fault<E> {
    /// What the caller is told.
    pub(super) fn rejection(&self) -> Rejection {
        match self {
            Self::Body(BodyFault::TooLarge) => Rejection::body_too_large(),
            Self::Body(BodyFault::TooSlow) => Rejection::body_too_slow(),
            Self::Body(BodyFault::Broken(_)) => {
                Rejection::bad_request("body-unreadable", "The request could not be read.")
            }
            Self::Handler(error) => error.rejection(),
            Self::Panicked(_) => Rejection::internal(),
            Self::TimedOut => Rejection::unavailable("timed-out", Duration::from_secs(5)),
        }
    }

    /// What the log is told: the error and every source of it.
    pub(super) fn chain(&self) -> String {
        match self {
            Self::Body(fault) => chain(fault),
            Self::Handler(error) => chain(error),
            Self::Panicked(panicked) => chain(panicked),
            Self::TimedOut => "the handler went beyond its deadline".to_owned(),
        }
    }
}

fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}
