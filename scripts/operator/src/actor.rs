//! Who gives the command.

use std::time::Duration;

use form_urlencoded::Serializer;
use google_calls::{Credentials, GoogleApi, Http};
use marketplace::{Deadline, GoogleOrigin};
use operations::Actor;
use serde::Deserialize;

use crate::error::CommandError;

/// How long Google is asked whose the credentials are.
const PATIENCE: Duration = Duration::from_secs(5);

/// What Google says of an access token. It has no address without the scope for that.
#[derive(Deserialize)]
struct TokenInfo {
    #[serde(default)]
    email: Option<String>,
}

/// The person behind the credentials, or the one that they say they are.
pub(crate) async fn actor(
    google: &GoogleOrigin,
    declared: Option<&str>,
) -> Result<Actor, CommandError> {
    let email = email(google).await;
    Actor::of(email.as_deref(), declared).ok_or(CommandError::Nobody)
}

/// The address that the credentials belong to, if Google says so.
async fn email(google: &GoogleOrigin) -> Option<String> {
    let (credentials, deadline) = (Credentials::new(google), Deadline::after(PATIENCE));
    let authorization = credentials.authorization(deadline).await.ok()?;
    let token = authorization.to_str().ok()?.strip_prefix("Bearer ")?;
    let query = Serializer::new(String::new())
        .append_pair("access_token", token)
        .finish();
    let url = google.https("oauth2.googleapis.com", &format!("/tokeninfo?{query}"));
    let api = GoogleApi::new(Http::new(), credentials);
    let info: TokenInfo = api.get(&url, deadline).await.ok()?;
    info.email
}
