//! Why a customer who arrived cannot go on, and the text of the page for each reason.

use std::time::Duration;

use function_runtime::{Failure, Rejection};
use http::StatusCode;
use verification::VerificationError;

use crate::unverified_form::FormProblem;

/// Why a customer who arrived cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum LandingError {
    /// The body is not the form that the Marketplace or a page of ours posts.
    #[error("the posted form was not readable")]
    Form(#[from] FormProblem),
    /// The token is not good, or could not be checked.
    #[error("the token was not accepted")]
    Token(#[from] VerificationError),
    /// The token names no user, so nobody can be linked.
    #[error("the token names no user")]
    NoUser,
    /// The token carries none of the accepted roles.
    #[error("the token has no accepted role")]
    Role,
    /// There is no session for this landing in this browser, or no longer.
    #[error("this browser has no open session of this landing")]
    Over,
    /// A form of ours was not made for this session.
    #[error("the form does not belong to its session")]
    NotConfirmed,
}

impl Failure for LandingError {
    fn rejection(&self) -> Rejection {
        match self {
            Self::Form(FormProblem::ContentType) => Rejection::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "wrong-content-type",
                "This page expects the form that Google Cloud Marketplace sends.",
            ),
            Self::Form(_) => Rejection::new(
                StatusCode::BAD_REQUEST,
                "unreadable-form",
                "This page is opened by a button in Google Cloud Marketplace. Please use it again.",
            ),
            Self::Token(VerificationError::Rejected(_)) => Rejection::new(
                StatusCode::UNAUTHORIZED,
                "token-refused",
                "Your visit could not be confirmed. Please open the product in Google Cloud \
                 Marketplace again and use its button; the confirmation is valid for five minutes.",
            ),
            Self::Token(VerificationError::Unavailable(_)) => unavailable(
                "verification-unavailable",
                "Google cannot be reached to confirm your visit. Please reload this page in a \
                 moment.",
            )
            .logged_apart(),
            Self::NoUser => Rejection::forbidden(
                "no-user",
                "Google Cloud Marketplace did not say who you are. Please sign in there with your \
                 own account, or ask the administrator of your billing account to register.",
            ),
            Self::Role => Rejection::forbidden(
                "role-not-accepted",
                "Your role in Google Cloud does not allow this. Please ask the administrator of \
                 your billing account to register, or to give you a role that may.",
            ),
            Self::Over => Rejection::new(
                StatusCode::GONE,
                "landing-over",
                "This visit is over: it was completed, or it was left open for too long. Please \
                 open the product in Google Cloud Marketplace again.",
            ),
            Self::NotConfirmed => Rejection::forbidden(
                "form-not-confirmed",
                "This form does not belong to your visit. Please open the product in Google Cloud \
                 Marketplace again.",
            ),
        }
    }
}

/// 503: the customer may reload the page in a moment.
pub(crate) fn unavailable(code: &'static str, message: &'static str) -> Rejection {
    Rejection::new(StatusCode::SERVICE_UNAVAILABLE, code, message)
        .with_retry_after(Duration::from_secs(5))
}
