//! From a posted token to a customer who may be linked.

use std::time::Duration;

use function_runtime::{Failure, Rejection};
use http::HeaderMap;
use jiff::Timestamp;
use marketplace::{Deadline, Role, UserIdentity};
use verification::{MarketplaceVerifier, VerificationError, VerifiedCustomer};

use crate::form::{FormProblem, TOKEN_FIELD, UnverifiedForm};

/// A verified customer with everything that linking and hand-off need.
#[derive(Debug, Clone)]
pub struct Entrant {
    customer: VerifiedCustomer,
    user: UserIdentity,
}

/// Why a customer who arrived cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum LandingError {
    /// The body is not the form that the Marketplace posts.
    #[error("read the posted form")]
    Form(#[from] FormProblem),
    /// The token is not good, or could not be checked.
    #[error("verify the token")]
    Token(#[from] VerificationError),
    /// The token names no user, so nobody can be linked.
    #[error("link a user: the token names none")]
    NoUser,
    /// The token carries none of the accepted roles.
    #[error("link the user: the token carries no accepted role")]
    Role,
    /// There is no session for this landing in this browser, or no longer.
    #[error("find the session of this landing")]
    Over,
    /// A form of ours was not made for this session.
    #[error("match the form with its session")]
    NotConfirmed,
}

impl Entrant {
    /// Admits a verified customer, if the token names a user with an accepted role.
    ///
    /// Without this check, whoever may merely look at a product in a customer's console could bind
    /// himself to the customer's account.
    pub fn admit(customer: VerifiedCustomer, accepted: &[Role]) -> Result<Self, LandingError> {
        let Some(user) = customer.user().cloned() else {
            return Err(LandingError::NoUser);
        };
        if !customer.roles().iter().any(|role| accepted.contains(role)) {
            return Err(LandingError::Role);
        }
        Ok(Self { customer, user })
    }

    /// The customer as the token says.
    pub fn customer(&self) -> &VerifiedCustomer {
        &self.customer
    }

    /// The user the token names.
    pub fn user(&self) -> &UserIdentity {
        &self.user
    }
}

/// Verifies the token in a posted form. A token anywhere else, in a query or a header, is not one.
pub async fn land(
    verifier: &MarketplaceVerifier,
    headers: &HeaderMap,
    body: &[u8],
    (now, deadline): (Timestamp, Deadline),
) -> Result<VerifiedCustomer, LandingError> {
    let form = UnverifiedForm::read(headers, body)?;
    let unverified_token = form.once(TOKEN_FIELD)?;
    Ok(verifier
        .verify(unverified_token, marketplace::At { now, deadline })
        .await?)
}

impl Failure for LandingError {
    fn rejection(&self) -> Rejection {
        match self {
            Self::Form(FormProblem::ContentType) => Rejection::new(
                http::StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "wrong-content-type",
                "This page expects the form that Google Cloud Marketplace sends.",
            ),
            Self::Form(_) => Rejection::new(
                http::StatusCode::BAD_REQUEST,
                "unreadable-form",
                "This page is opened by a button in Google Cloud Marketplace. Please use it again.",
            ),
            Self::Token(VerificationError::Rejected(_)) => Rejection::new(
                http::StatusCode::UNAUTHORIZED,
                "token-refused",
                "Your visit could not be confirmed. Please open the product in Google Cloud \
                 Marketplace again and use its button; the confirmation is valid for five minutes.",
            ),
            Self::Token(VerificationError::Unavailable(_)) => Rejection::new(
                http::StatusCode::SERVICE_UNAVAILABLE,
                "verification-unavailable",
                "Google cannot be reached to confirm your visit. Please reload this page in a \
                 moment.",
            )
            .with_retry_after(Duration::from_secs(5)),
            Self::NoUser => Rejection::new(
                http::StatusCode::FORBIDDEN,
                "no-user",
                "Google Cloud Marketplace did not say who you are. Please sign in there with your \
                 own account, or ask the administrator of your billing account to register.",
            ),
            Self::Role => Rejection::new(
                http::StatusCode::FORBIDDEN,
                "role-not-accepted",
                "Your role in Google Cloud does not allow this. Please ask the administrator of \
                 your billing account to register, or to give you a role that may.",
            ),
            Self::Over => Rejection::new(
                http::StatusCode::GONE,
                "landing-over",
                "This visit is over: it was completed, or it was left open for too long. Please \
                 open the product in Google Cloud Marketplace again.",
            ),
            Self::NotConfirmed => Rejection::new(
                http::StatusCode::FORBIDDEN,
                "form-not-confirmed",
                "This form does not belong to your visit. Please open the product in Google Cloud \
                 Marketplace again.",
            ),
        }
    }
}
