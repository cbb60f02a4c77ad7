//! What each of Google's hosts answers.
//!
//! Key endpoints, the metadata server, sign-in and the service account page have no discovery document:
//! they are the exceptions, each a table of paths. Every other host is an API whose requests [`discovery`](crate::discovery) has
//! checked; one more is one more module and one more line in [`perform`].

mod account_identity;
mod filter;
mod iam;
mod iam_credentials;
mod json;
mod keys;
mod metadata;
mod paging;
mod procurement;
mod procurement_json;
mod pubsub;
mod service_account_page;
mod service_control;
mod sign_in;

use jiff::Timestamp;

use crate::discovery::Operation;
use crate::google_error::GoogleError;
use crate::host_answer::HostAnswer;
use crate::hosts;
use crate::preset_resources;
use crate::simulated_google::SimulatedGoogle;

pub(crate) use iam::permission_missing;
pub(crate) use keys::KeyEndpoint;
pub(crate) use metadata::{MetadataRequest, MetadataServer, refused as refused_by_metadata_server};
pub use service_account_page::PageRefused;
pub(crate) use service_account_page::{
    browse as browse_service_account_page, is_page as is_service_account_page,
};
pub(crate) use sign_in::{SignInEndpoint, UserInfoForm, user_info};

type ApiResult = Result<HostAnswer, GoogleError>;

/// Whether only the account that the program runs as has roles there: it alone is linked to the vendor's
/// account in Producer Portal.
fn is_portico_s(host: &str) -> bool {
    let own = [
        hosts::PROCUREMENT,
        hosts::IAM,
        hosts::SERVICE_CONTROL,
        hosts::PUBSUB,
    ];
    own.contains(&host)
}

/// Answers a request that fits the documents and carries a valid access token, of the service account
/// `caller`.
pub(crate) fn perform(
    google: &SimulatedGoogle,
    host: &str,
    operation: &Operation,
    caller: &str,
    now: Timestamp,
) -> ApiResult {
    if let Some(answer) = google.preset_resources.answer(host, operation) {
        return Ok(answer);
    }
    if is_portico_s(host) && caller != google.settings.service_account {
        return Err(GoogleError::permission_denied());
    }
    match host {
        hosts::PROCUREMENT => procurement::perform(google, operation, now),
        hosts::IAM_CREDENTIALS => iam_credentials::perform(google, operation, caller, now),
        hosts::IAM => iam::perform(google, operation, now),
        hosts::SERVICE_CONTROL => service_control::perform(google, operation),
        hosts::PUBSUB => pubsub::perform(google, operation),
        _ if preset_resources::serves(host) => Err(GoogleError::not_found()),
        _ => Err(GoogleError::unimplemented()),
    }
}
