//! Google's side of a sign-in: where the browser is sent, and whom Google names.
//!
//! Two answers of Google must name the token's user: the ID token, which is signed and tied to this
//! attempt by its nonce, and `UserInfo`, which Google's documents for the Marketplace ask for. Of the
//! addresses of `UserInfo` it is the one of Google's OpenID Connect discovery document: its id is
//! `sub`, as in the ID token, and always text.

use std::time::Duration;

use function_runtime::{Base, Secret};
use google_calls::Http;
use jiff::Timestamp;
use marketplace::{Deadline, UserIdentity};
use oauth2::basic::BasicErrorResponseType;
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, TokenResponse as _, TokenUrl,
};
use store::SignIn;
use url::{ParseError, Url};
use verification::{KeySet, SignInVerifier, VerificationError};

use super::exchange::{Exchange, GoogleUnavailable};
use super::settings::OAuthClient;
use super::user_info;
use super::wire::{Client, Tokens};

/// Longest time for each of Google's two answers, so that both fit into one request.
const STEP: Duration = Duration::from_secs(3);

/// Google, as one OAuth client sees it.
pub(super) struct Google {
    client_id: String,
    client_secret: Secret,
    redirect_uri: String,
    authorization: String,
    token: String,
    user_info: String,
    verifier: SignInVerifier,
    http: Http,
}

/// How the browser is sent to Google.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chooser {
    /// Google decides what to ask.
    IfNeeded,
    /// Google asks which account, also where the person is signed in to one.
    Shown,
}

/// Why the person at the browser is not proven to be the user.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotProven {
    /// It is somebody else.
    #[error("sign in the token's user: it is somebody else")]
    SomebodyElse,
    /// Google does not take the code: it was used, it is too old, or it is not ours.
    #[error("exchange the code: Google refused it ({0})")]
    Code(&'static str),
    /// The ID token is not good, or its keys cannot be had.
    #[error("verify the ID token: {0}")]
    IdToken(VerificationError),
    /// Google does not take its own access token.
    #[error("ask who signed in: Google refused with status {0}")]
    UserInfo(u16),
    /// Google gave no answer.
    #[error(transparent)]
    Unavailable(#[from] GoogleUnavailable),
    /// Google refuses this deployment: the client, its secret or the redirect address is wrong.
    #[error("exchange the code: Google refused the OAuth client ({0})")]
    Client(&'static str),
    /// One of our own addresses is none.
    #[error("write an address of the sign-in")]
    Address(#[from] ParseError),
}

impl Google {
    pub(super) fn new(client: &OAuthClient, base: &Base, callback: &str, http: Http) -> Self {
        let google = &base.google;
        let keys = KeySet::google_identity(google, http.clone());
        Self {
            client_id: client.id.clone(),
            client_secret: client.secret.clone(),
            redirect_uri: base.public_url.at(callback),
            authorization: google.https("accounts.google.com", "/o/oauth2/v2/auth"),
            token: google.https("oauth2.googleapis.com", "/token"),
            user_info: google.https("openidconnect.googleapis.com", "/v1/userinfo"),
            verifier: SignInVerifier::new(keys, client.audience.clone()),
            http,
        }
    }

    pub(super) async fn warm_up(&self) {
        self.verifier.warm_up().await;
    }

    /// Where the browser goes to sign in this user.
    pub(super) fn address(
        &self,
        attempt: &SignIn,
        user: &UserIdentity,
        chooser: Chooser,
    ) -> Result<Url, ParseError> {
        let verifier = PkceCodeVerifier::new(attempt.verifier.clone());
        let client = self.client()?;
        let mut request = client
            .authorize_url(|| CsrfToken::new(attempt.state.clone()))
            .add_scope(Scope::new("openid".to_owned()))
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .add_extra_param("nonce", attempt.nonce.as_str())
            .add_extra_param("login_hint", user.as_str());
        if chooser == Chooser::Shown {
            request = request.add_extra_param("prompt", "select_account");
        }
        Ok(request.url().0)
    }

    /// Proves by a code that the person who signed in is this user.
    pub(super) async fn prove(
        &self,
        user: &UserIdentity,
        (attempt, code): (&SignIn, String),
        (now, deadline): (Timestamp, Deadline),
    ) -> Result<(), NotProven> {
        let tokens = self.tokens(attempt, code, deadline.at_most(STEP)).await?;
        let access_token = tokens.access_token().secret();
        let id_token = &tokens.extra_fields().id_token;
        let soon = deadline.at_most(STEP);
        let (signed, told) = tokio::join!(
            self.verifier.verify(
                id_token,
                &attempt.nonce,
                marketplace::At {
                    now,
                    deadline: soon
                }
            ),
            user_info::id(&self.http, (&self.user_info, access_token), soon),
        );
        // Exact texts: the id is a number of 21 digits that no number type holds.
        let signed = signed.map_err(NotProven::IdToken)?;
        if signed.as_str() != user.as_str() || told? != user.as_str() {
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

    fn client(&self) -> Result<Client, ParseError> {
        let client = oauth2::Client::new(ClientId::new(self.client_id.clone()))
            .set_client_secret(ClientSecret::new(self.client_secret.expose().to_owned()))
            .set_auth_type(AuthType::RequestBody)
            .set_auth_uri(AuthUrl::new(self.authorization.clone())?)
            .set_token_uri(TokenUrl::new(self.token.clone())?)
            .set_redirect_uri(RedirectUrl::new(self.redirect_uri.clone())?);
        Ok(client)
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
