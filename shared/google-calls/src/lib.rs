#![doc = include_str!("../README.md")]

mod attempts;
mod body;
#[cfg(feature = "credentials")]
mod call_error;
#[cfg(feature = "credentials")]
mod credentials;
#[cfg(feature = "credentials")]
mod google_api;
mod google_error;
mod http_client;
#[cfg(feature = "credentials")]
mod official_client;
mod retry_after;

pub use attempts::{Verdict, jittered, repeated};
pub use body::{BodyError, read_body};
#[cfg(feature = "credentials")]
pub use call_error::{CallError, Unanswered, Unsent};
#[cfg(feature = "credentials")]
pub use credentials::{Credentials, CredentialsUnavailable};
#[cfg(feature = "credentials")]
pub use google_api::GoogleApi;
pub use google_error::GoogleError;
pub use http_client::{Http, HttpUnavailable};
/// The name that this had here before.
pub use marketplace::ErrorChain as Causes;
#[cfg(feature = "credentials")]
pub use official_client::OfficialClient;
pub use retry_after::retry_after;
