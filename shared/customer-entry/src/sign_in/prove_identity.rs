//! The proof that the person who signed in is the token's user.
//!
//! Two answers of Google must name that user: the ID token, which is signed and tied to this attempt by
//! its nonce, and `UserInfo`, which Google's documents for the Marketplace ask for. Of the addresses of
//! `UserInfo` it is the one of Google's OpenID Connect discovery document: its id is `sub`, as in the ID
//! token, and always text.

use std::time::Duration;

use marketplace::{At, Deadline, UserIdentity};
use oauth2::basic::BasicErrorResponseType;
use oauth2::{AuthorizationCode, PkceCodeVerifier, RequestTokenError, TokenResponse as _};
use store::SignIn;

use super::exchange::{Exchange, GoogleUnavailable};
use super::google_client::GoogleClient;
use super::not_proven::NotProven;
use super::oauth_types::Tokens;
use super::user_info;

/// Longest time for each of Google's two answers, so that both fit into one request.
const STEP: Duration = Duration::from_secs(3);

impl GoogleClient {
    /// Proves by a code that the person who signed in is this user.
    pub(super) async fn prove(
        &self,
        user: &UserIdentity,
        attempt: &SignIn,
        code: String,
        at: At,
    ) -> Result<(), NotProven> {
        let tokens = self
            .tokens(attempt, code, at.deadline.at_most(STEP))
            .await?;
        let access_token = tokens.access_token().secret();
        let id_token = &tokens.extra_fields().id_token;
        let soon = at.deadline.at_most(STEP);
        let (signed, named) = tokio::join!(
            self.verifier.verify(
                id_token,
                &attempt.nonce,
                At {
                    deadline: soon,
                    ..at
                }
            ),
            user_info::id(&self.http, &self.user_info, access_token, soon),
        );
        // Exact texts: the id is a number of 21 digits that no number type holds.
        let signed = signed.map_err(NotProven::IdToken)?;
        if signed.as_str() != user.as_str() || named? != user.as_str() {
            return Err(NotProven::SomebodyElse);
        }
        Ok(())
    }

    async fn tokens(
        &self,
        attempt: &SignIn,
        code: String,
        deadline: Deadline,
    ) -> Result<Tokens, NotProven> {
        let exchange = Exchange {
            http: self.http.clone(),
            deadline,
        };
        let client = self.client()?;
        let request = client
            .exchange_code(AuthorizationCode::new(code))
            .set_pkce_verifier(PkceCodeVerifier::new(attempt.verifier.clone()));
        request
            .request_async(&exchange)
            .await
            .map_err(|error| match error {
                RequestTokenError::Request(error) => error.into(),
                RequestTokenError::ServerResponse(answer) => refusal(answer.error()),
                // They hold what was read, which may be a token.
                RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
                    GoogleUnavailable::Malformed.into()
                }
            })
    }
}

fn refusal(error: &BasicErrorResponseType) -> NotProven {
    use BasicErrorResponseType as Error;
    match error {
        Error::InvalidClient => NotProven::Client("invalid_client"),
        Error::UnauthorizedClient => NotProven::Client("unauthorized_client"),
        Error::Extension(name) if name == "redirect_uri_mismatch" => {
            NotProven::Client("redirect_uri_mismatch")
        }
        Error::InvalidGrant => NotProven::Code("invalid_grant"),
        _ => NotProven::Code("for another reason"),
    }
}
