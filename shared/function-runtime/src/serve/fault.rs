//! Why a request was not answered as it asked.

use std::time::Duration;

use marketplace::ErrorChain;

use super::body::BodyFault;
use super::head::HeadFault;
use super::panic_catcher::Panicked;
use crate::{Failure, Rejection};

/// What stands between a request and its answer.
pub(super) enum Fault<E> {
    /// The handler refused its head, so its body was not read.
    Head(E),
    /// Its body could not be read.
    Body(BodyFault),
    /// The handler refused or failed.
    Handler(E),
    /// The handler panicked.
    Panicked(Panicked),
    /// The handler went far beyond its deadline.
    TimedOut,
    /// Its head is larger than we take.
    LargeHead,
}

impl<E: Failure> Fault<E> {
    /// What the caller reads.
    pub(super) fn rejection(&self) -> Rejection {
        match self {
            Self::Body(BodyFault::Head(HeadFault::Host)) => {
                Rejection::bad_request("host-unclear", "The request must name one host.")
            }
            Self::Body(BodyFault::Head(HeadFault::TransferCoding)) => {
                Rejection::unknown_transfer_coding()
            }
            Self::Body(BodyFault::TooLarge) => Rejection::body_too_large(),
            Self::Body(BodyFault::TooSlow) => Rejection::body_too_slow(),
            Self::Body(BodyFault::Broken(_)) => {
                Rejection::bad_request("body-unreadable", "The request could not be read.")
            }
            Self::Head(error) | Self::Handler(error) => error.rejection(),
            Self::Panicked(_) => Rejection::internal(),
            Self::TimedOut => Rejection::unavailable("timed-out", Duration::from_secs(5)),
            Self::LargeHead => Rejection::head_too_large(),
        }
    }

    /// For the log: the error and every source of it.
    pub(super) fn chain(&self) -> String {
        match self {
            Self::Body(fault) => ErrorChain(fault).to_string(),
            Self::Head(error) | Self::Handler(error) => ErrorChain(error).to_string(),
            Self::Panicked(panicked) => ErrorChain(panicked).to_string(),
            Self::TimedOut => "the handler went beyond its deadline".to_owned(),
            Self::LargeHead => "the head is too large".to_owned(),
        }
    }
}
