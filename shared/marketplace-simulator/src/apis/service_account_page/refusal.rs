//! What the page says instead of showing what was asked for.

use http::StatusCode;
use marketplace::service_account_page::InvalidPage;

/// Why the page is not shown, or nothing is granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PageRefused {
    /// The address does not fit Google's grammar, or what the vendor has registered.
    #[error("{0}")]
    Unreadable(#[from] InvalidPage),
    /// The address is not one of this simulator's page.
    #[error("the address is not one of the page")]
    Elsewhere,
    /// There is no such service account, or it is not known everywhere yet.
    #[error(
        "the service account does not exist; one that was just created is not known for a minute or more"
    )]
    Unknown,
    /// Nobody can act as the service account.
    #[error("the service account is disabled")]
    Disabled,
    /// The customer chose no project.
    #[error("no project was chosen")]
    NoProject,
    /// The product needs access to one project only, and the customer chose several.
    #[error("the product needs access to one project only")]
    OneProjectOnly,
    /// The customer chose a project that is not theirs.
    #[error("a project was chosen that is not among the customer's")]
    NotOffered,
}

impl PageRefused {
    /// The HTTP status of the page that says so.
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::Elsewhere | Self::Unknown => StatusCode::NOT_FOUND,
            Self::Disabled => StatusCode::CONFLICT,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// Whether the address has a form that Google does not document; another may name what is not
    /// registered, which depends on values that a test may have chosen.
    pub(super) fn is_violation(self) -> bool {
        let Self::Unreadable(error) = self else {
            return false;
        };
        !matches!(
            error,
            InvalidPage::Service | InvalidPage::RoleNotRegistered | InvalidPage::RedirectHost
        )
    }
}
