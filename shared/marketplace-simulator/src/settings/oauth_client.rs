//! The program that is registered with Google.

use std::time::Duration;

/// The vendor's OAuth client, a web application. [`Default`] has no redirect URI: give them here, or
/// later to [`register_redirect_uri`](crate::Simulator::register_redirect_uri).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OAuthClient {
    /// `client_id`.
    pub id: String,
    /// `client_secret`.
    pub secret: String,
    /// Where customers may be sent back to, compared as text.
    pub redirect_uris: Vec<String>,
    /// How long an authorization code can be exchanged.
    pub code_lifetime: Duration,
}

impl Default for OAuthClient {
    fn default() -> Self {
        Self {
            id: "123456789012-example.apps.googleusercontent.com".to_owned(),
            secret: "example-client-secret".to_owned(),
            redirect_uris: Vec::new(),
            code_lifetime: Duration::from_mins(10),
        }
    }
}
