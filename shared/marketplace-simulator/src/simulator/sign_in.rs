//! Sign in with Google, as a test goes through it and breaks it.

use std::sync::Arc;

use marketplace::UserIdentity;
use serde_json::Value;
use url::Url;

use super::Simulator;
use crate::hosts;
use crate::marketplace_state::stranger;
use crate::settings::OAuthClient;
use crate::sign_in::{Chooser, SignInRefused, Switches};
use crate::tokens::{IdentityClaims, SigningKey};

/// Below the simulator's origin, where a browser is sent to sign in.
const AUTHORIZATION_PATH: &str = "/o/oauth2/v2/auth";

impl Simulator {
    /// The vendor's OAuth client: what `GOOGLE_CLIENT_ID` and `GOOGLE_CLIENT_SECRET` are set to.
    pub fn oauth_client(&self) -> &OAuthClient {
        &self.google.settings.oauth_client
    }

    /// Registers one more redirect URI, for programs whose port is known late.
    pub fn register_redirect_uri(&self, redirect_uri: &str) {
        self.google.sign_ins.register(redirect_uri);
    }

    /// Signs this user in as a browser would that was sent to `url`: chooses the account, allows
    /// everything, and returns the address that the browser is sent back to. The user need not be
    /// anybody's customer. It goes through the [`Chooser`], but not through sessions: with any `prompt`,
    /// the person is asked and says yes.
    ///
    /// # Errors
    ///
    /// What Google shows as a page of its own, without sending the browser back.
    pub fn sign_in(&self, url: &str, user: &UserIdentity) -> Result<String, SignInRefused> {
        let wanted = self.google.authorization(&self.authorization_query(url)?)?;
        let user = self.google.person(user);
        Ok(self.google.grant(&wanted, &user, self.now()))
    }

    /// As [`sign_in`](Self::sign_in) by somebody who presses *Deny*.
    ///
    /// # Errors
    ///
    /// What Google shows as a page of its own, without sending the browser back.
    pub fn deny_sign_in(&self, url: &str) -> Result<String, SignInRefused> {
        let wanted = self.google.authorization(&self.authorization_query(url)?)?;
        Ok(wanted.failed("access_denied"))
    }

    /// Who comes back from the account chooser from now on.
    pub fn set_chooser(&self, chooser: Chooser) {
        self.google.sign_ins.switches().chooser = chooser;
        self.google.change(|_| ());
    }

    /// Who comes back from the account chooser.
    pub fn chooser(&self) -> Chooser {
        self.google.sign_ins.switches().chooser
    }

    /// Somebody with a Google account who is nobody's customer.
    pub fn stranger(&self) -> UserIdentity {
        stranger()
    }

    /// Ends every authorization code that has not been exchanged.
    pub fn expire_codes(&self) {
        self.google.sign_ins.expire_codes();
    }

    /// Writes ID tokens of sign-ins this way from now on; it is given the claims and the key of a good
    /// one, such as `|claims, key| claims.set("nonce", "another").signed_by(key)`.
    pub fn write_id_tokens(
        &self,
        write: impl Fn(IdentityClaims, &SigningKey) -> String + Send + Sync + 'static,
    ) {
        self.google.sign_ins.switches().id_token = Some(Arc::new(write));
    }

    /// Writes the token endpoint's good answers this way from now on; it is given the JSON object of
    /// a good one.
    pub fn write_token_answers(&self, write: impl Fn(Value) -> Value + Send + Sync + 'static) {
        self.google.sign_ins.switches().token_answer = Some(Arc::new(write));
    }

    /// Writes UserInfo's good answers this way from now on; it is given the JSON object of a good one.
    pub fn write_user_info(&self, write: impl Fn(Value) -> Value + Send + Sync + 'static) {
        self.google.sign_ins.switches().user_info = Some(Arc::new(write));
    }

    /// Takes back [`set_chooser`](Self::set_chooser) and everything that writes otherwise than Google.
    pub fn sign_in_as_google(&self) {
        *self.google.sign_ins.switches() = Switches::default();
        self.google.change(|_| ());
    }

    /// The query, if the address is the one that browsers are sent to.
    fn authorization_query(&self, url: &str) -> Result<String, SignInRefused> {
        let own = format!(
            "{}/{}{AUTHORIZATION_PATH}",
            self.google.origin,
            hosts::ACCOUNTS
        );
        let parsed = Url::parse(url).ok();
        let query = parsed
            .filter(|_| url.split('?').next() == Some(&own))
            .and_then(|url| url.query().map(str::to_owned));
        query.ok_or_else(|| SignInRefused::elsewhere(&own))
    }
}
