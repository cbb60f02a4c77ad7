//! Whether calls of the function bring an identity token that it accepts.

use super::cloud_resources::OidcToken;
use super::deployment::{Deployment, EVENTS};
use super::unreadable::Unread;

/// The identity token that the function accepts of a caller.
#[derive(Debug, Clone, Copy)]
pub(super) struct AcceptedToken<'a> {
    pub(super) audience: &'a str,
    pub(super) identity: &'a str,
    /// The variable that names the identity.
    pub(super) variable: &'static str,
}

impl<'a> AcceptedToken<'a> {
    pub(super) fn of(deployment: &'a Deployment, variable: &'static str) -> Result<Self, Unread> {
        let accepted = deployment.variable(EVENTS, variable)?;
        Ok(Self {
            audience: deployment.variable(EVENTS, "IDENTITY_AUDIENCE")?,
            // Beside the e-mail address there may be the account's unique id.
            identity: accepted.split('=').next().unwrap_or_default(),
            variable,
        })
    }

    /// What is wrong with the token of calls to this address, to follow `it pushes`.
    pub(super) fn judge(&self, token: Option<&OidcToken>, address: &str) -> Option<String> {
        let Some(token) = token else {
            return Some("without an identity token".to_owned());
        };
        if token.service_account_email != self.identity {
            return Some(format!("as another service account than {}", self.variable));
        }
        // Without an audience, it is the address as it is written (Pub/Sub's documentation of push).
        let audience = match token.audience.as_str() {
            "" => address,
            audience => audience,
        };
        let accepted = self.audience;
        (audience != accepted).then(|| {
            format!(
                "for the audience {audience:?}, and IDENTITY_AUDIENCE of the function is \
                 {accepted:?}"
            )
        })
    }
}
