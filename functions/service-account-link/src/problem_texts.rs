//! The problem documents that only this function answers. The README has the table.

use std::time::Duration;

use function_runtime::Rejection;
use http::StatusCode;
use marketplace::service_account_page::InvalidPage;
use service_accounts::{Permission, ServiceAccountError};

use crate::customer::NoAccess;

/// The code of a permission that the vendor's operator has to grant.
pub(crate) const PERMISSION_MISSING: &str = "iam-permission-missing";

/// The code of a project that is full.
pub(crate) const QUOTA_EXHAUSTED: &str = "service-account-quota-exhausted";

/// Google and the store are usually back within seconds.
pub(crate) const SOON: Duration = Duration::from_secs(10);

/// Nothing changes before a person has done something.
const AFTER_A_PERSON: Duration = Duration::from_mins(5);

// What only a person can settle. Nothing is replaced silently, for the customer has granted access to one
// account and to no other.

/// Somebody has disabled it, and it was not Portico.
pub(crate) const DISABLED: Rejection = conflict(
    "service-account-disabled",
    "Somebody has disabled the customer's service account. An operator has to find out why, and may \
     enable it.",
);

pub(crate) const DELETED: Rejection = conflict(
    "service-account-deleted",
    "Somebody has deleted the customer's service account. An operator can undelete it for 30 days; a \
     new one would have none of the access that the customer granted.",
);

/// Somebody has deleted it and made another.
pub(crate) const REPLACED: Rejection = conflict(
    "service-account-replaced",
    "The customer's service account is not the one that was made for it: somebody has deleted that \
     and made another. It has none of the access that the customer granted.",
);

/// Its description does not name the customer.
pub(crate) const NOT_OURS: Rejection = conflict(
    "service-account-not-ours",
    "At the customer's address there is a service account that was not made for this customer, or \
     its description was changed. An operator has to look at it.",
);

const fn conflict(code: &'static str, message: &'static str) -> Rejection {
    Rejection::new(StatusCode::CONFLICT, code, message)
}

pub(crate) fn no_access(reason: NoAccess) -> Rejection {
    let missing = |code, message| Rejection::new(StatusCode::NOT_FOUND, code, message);
    match reason {
        NoAccess::AccountUnknown => missing(
            "account-unknown",
            "Nobody has signed up with this account. Take `account` from your own session, as the \
             hand-off brought it.",
        ),
        NoAccess::AccountDeleted => missing(
            "account-deleted",
            "This account was closed, because Google does not have it any more. The customer can sign up \
             again in the Marketplace.",
        ),
        NoAccess::UserNotLinked => missing(
            "user-not-linked",
            "This user has not signed up or signed in with this account. Take `account` and `user` \
             from one and the same session.",
        ),
        NoAccess::AccountRejected => conflict(
            "account-rejected",
            "An operator has rejected this customer's sign-up.",
        ),
        NoAccess::AccountNotApproved => conflict(
            "account-not-approved",
            "The customer's sign-up is not confirmed to Google yet. Try again when you hear that they have \
             signed up.",
        ),
        NoAccess::AccessPending => conflict(
            "access-pending",
            "None of the customer's orders is in force yet. Try again when you hear that access was \
             granted.",
        ),
        NoAccess::AccessEnded => conflict(
            "access-ended",
            "All of the customer's orders have ended. The service account is disabled until one is \
             in force again.",
        ),
    }
}

pub(crate) fn of_service_account(error: &ServiceAccountError) -> Rejection {
    match error {
        ServiceAccountError::Forbidden { permission, .. } => {
            let message = permission_missing(*permission);
            Rejection::new(StatusCode::SERVICE_UNAVAILABLE, PERMISSION_MISSING, message)
                .with_retry_after(AFTER_A_PERSON)
        }
        ServiceAccountError::Exhausted { .. } => Rejection::new(
            StatusCode::SERVICE_UNAVAILABLE,
            QUOTA_EXHAUSTED,
            "The project holds as many service accounts as it may, 100 by default. An operator has to \
             raise the quota \"Service Account Count\" of the IAM API in that project, or delete \
             accounts of customers who are gone; then this call makes the account.",
        )
        .with_retry_after(AFTER_A_PERSON),
        ServiceAccountError::NotFound | ServiceAccountError::AlreadyExists => {
            Rejection::unavailable("service-account-not-known-yet", SOON)
        }
        ServiceAccountError::Client(_)
        | ServiceAccountError::Unavailable(_)
        | ServiceAccountError::Unclear
        | ServiceAccountError::TimedOut => Rejection::unavailable("iam-unavailable", SOON),
    }
}

macro_rules! permission_missing {
    ($name:literal) => {
        concat!(
            "Portico's own service account lacks the permission iam.serviceAccounts.",
            $name,
            " on the project, or the IAM API is off there. An operator has to grant it."
        )
    };
}

const fn permission_missing(permission: Permission) -> &'static str {
    match permission {
        Permission::Create => permission_missing!("create"),
        Permission::Get => permission_missing!("get"),
        Permission::Enable => permission_missing!("enable"),
        Permission::Disable => permission_missing!("disable"),
    }
}

pub(crate) fn invalid_page(error: InvalidPage) -> Rejection {
    let (code, message) = match error {
        InvalidPage::HintsEmpty => (
            "hints-invalid",
            "`hints` is empty. Leave it out if there is no project to name.",
        ),
        InvalidPage::TooManyHints => ("hints-invalid", "`hints` has more than 50 projects."),
        InvalidPage::HintsTooLong => (
            "hints-invalid",
            "`hints` is longer than 2000 characters in the address. Name fewer projects.",
        ),
        InvalidPage::Hint => (
            "hints-invalid",
            "`hints` has something that is not a project id: 6 to 30 lower-case letters, digits and \
             hyphens, a letter first and no hyphen last; a project of a domain has the domain and a \
             colon in front, such as example.com:reports-2013.",
        ),
        InvalidPage::HintTwice => ("hints-invalid", "`hints` has a project twice."),
        InvalidPage::FilterEmpty => (
            "filter-invalid",
            "`filter` is empty. Leave it out to ask for all registered roles.",
        ),
        InvalidPage::RoleWithPrefix => (
            "filter-invalid",
            "`filter` names roles without `roles/`, such as `bigquery.dataViewer`.",
        ),
        InvalidPage::RoleNotRegistered => (
            "filter-invalid",
            "`filter` has a role that is not among SERVICE_ACCOUNT_ROLES.",
        ),
        InvalidPage::RoleTwice => ("filter-invalid", "`filter` has a role twice."),
        InvalidPage::RedirectTooLong => (
            "redirect-invalid",
            "`redirect` is longer than 1024 characters.",
        ),
        InvalidPage::RedirectCharacter => (
            "redirect-invalid",
            "`redirect` has a character that no address has. Encode what is not ASCII.",
        ),
        InvalidPage::RedirectScheme => (
            "redirect-invalid",
            "`redirect` must be an absolute address that begins with https://.",
        ),
        InvalidPage::RedirectHost => (
            "redirect-invalid",
            "The host of `redirect` must be one of REDIRECT_DOMAINS, in lower case, without user \
             name and port.",
        ),
        InvalidPage::Service
        | InvalidPage::Address
        | InvalidPage::Email
        | InvalidPage::Parameter
        | InvalidPage::Encoding
        | InvalidPage::NotCanonical => return Rejection::internal(),
    };
    Rejection::bad_request(code, message)
}
