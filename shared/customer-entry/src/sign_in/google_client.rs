//! Google as one OAuth client sees it, and the address at which a person signs in there.

use function_runtime::{Base, Secret};
use google_calls::Http;
use marketplace::UserIdentity;
use oauth2::{
    AuthType, AuthUrl, ClientId, ClientSecret, CsrfToken, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, Scope, TokenUrl,
};
use store::SignIn;
use url::{ParseError, Url};
use verification::{KeySet, SignInVerifier};

use super::oauth_types::Client;
use crate::google_sign_in_settings::OAuthClient;

/// Google, as one OAuth client sees it.
pub(super) struct GoogleClient {
    client_id: String,
    client_secret: Secret,
    redirect_uri: String,
    authorization: String,
    token: String,
    pub(super) user_info: String,
    pub(super) verifier: SignInVerifier,
    pub(super) http: Http,
}

/// How the browser is sent to Google.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AccountChooser {
    /// Google decides what to ask.
    IfNeeded,
    /// Google asks which account, also where the person is signed in to one.
    Shown,
}

impl GoogleClient {
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
        chooser: AccountChooser,
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
        if chooser == AccountChooser::Shown {
            request = request.add_extra_param("prompt", "select_account");
        }
        Ok(request.url().0)
    }

    pub(super) fn client(&self) -> Result<Client, ParseError> {
        let client = oauth2::Client::new(ClientId::new(self.client_id.clone()))
            .set_client_secret(ClientSecret::new(self.client_secret.expose().to_owned()))
            .set_auth_type(AuthType::RequestBody)
            .set_auth_uri(AuthUrl::new(self.authorization.clone())?)
            .set_token_uri(TokenUrl::new(self.token.clone())?)
            .set_redirect_uri(RedirectUrl::new(self.redirect_uri.clone())?);
        Ok(client)
    }
}
