#![doc = include_str!("../README.md")]

mod attempts;
mod body;
mod call_error;
mod credentials;
mod google_api;
mod google_error;
mod http_client;
mod official_client;
mod retry_after;

pub use attempts::{RetryVerdict, jittered, repeated};
pub use body::{BodyError, read_body};
pub use call_error::{CallError, Unanswered, Unsent};
pub use credentials::{Credentials, CredentialsUnavailable};
pub use google_api::GoogleApi;
pub use google_error::GoogleError;
pub use http_client::{Http, HttpUnavailable};
/// The name that this had here before.
pub use official_client::OfficialClient;
pub use retry_after::retry_after;
