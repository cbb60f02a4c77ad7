//! What each of Google's hosts answers.
//!
//! Key endpoints, the metadata server and sign-in have no discovery document: they are the exceptions,
//! each a table of paths. Every other host is an API whose requests [`discovery`](crate::discovery) has
//! checked; one more is one more module and one more line in [`perform`].

mod filter;
mod iam;
mod iam_credentials;
mod keys;
mod metadata;
mod paging;
mod procurement;
mod pubsub;
mod resources;
mod service_control;
mod sign_in;

use jiff::Timestamp;

use crate::answer::Answer;
use crate::cloud;
use crate::discovery::Operation;
use crate::google_error::GoogleError;
use crate::hosts;
use crate::world::World;

pub(crate) use iam::permission_missing;
pub(crate) use keys::KeyEndpoint;
pub(crate) use metadata::MetadataPath;
pub(crate) use sign_in::SignInEndpoint;

/// Answers a request that fits the documents and carries a valid access token.
pub(crate) fn perform(
    world: &World,
    host: &str,
    operation: &Operation,
    now: Timestamp,
) -> Result<Answer, GoogleError> {
    if let Some(told) = world.cloud.answer(host, operation) {
        return Ok(told);
    }
    match host {
        hosts::PROCUREMENT => procurement::perform(world, operation, now),
        hosts::IAM_CREDENTIALS => iam_credentials::perform(world, operation, now),
        hosts::IAM => iam::perform(world, operation, now),
        hosts::SERVICE_CONTROL => service_control::perform(world, operation),
        hosts::PUBSUB => pubsub::perform(world, operation),
        _ if cloud::is_told(host) => Err(GoogleError::not_found()),
        _ => Err(GoogleError::unimplemented()),
    }
}
