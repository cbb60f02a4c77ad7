#![doc = include_str!("../README.md")]

mod attempts;
#[cfg(feature = "credentials")]
mod call_error;
mod causes;
#[cfg(feature = "credentials")]
mod credentials;
#[cfg(feature = "credentials")]
mod google_api;
mod google_error;
mod http_client;
mod retry_after;

pub use attempts::{Verdict, repeated};
#[cfg(feature = "credentials")]
pub use call_error::{CallError, Unanswered, Unsent};
pub use causes::Causes;
#[cfg(feature = "credentials")]
pub use credentials::{Credentials, CredentialsUnavailable};
#[cfg(feature = "credentials")]
pub use google_api::GoogleApi;
pub use google_error::GoogleError;
pub use http_client::{Http, HttpUnavailable};
pub use retry_after::retry_after;
