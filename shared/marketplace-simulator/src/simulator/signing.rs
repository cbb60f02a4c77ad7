//! What Google signs and issues: tokens, and the keys behind them.

mod service_account_file;

use http::HeaderValue;
use marketplace::{ProcurementAccountId, ProductId, UserIdentity};
use serde_json::Value;

use super::Simulator;
use crate::marketplace_state::Entitlement;
use crate::settings::{KeyLifetime, OrdersInTokens};
use crate::tokens::{IdentityClaims, MarketplaceClaims, SigningKey};

impl Simulator {
    /// The token that the Marketplace posts when this user signs up or logs in now.
    pub fn token(&self, account: &ProcurementAccountId, user: &UserIdentity) -> String {
        self.sign(&self.token_claims(account, user))
    }

    /// The claims of [`token`](Self::token), for a test to break one. A user that the account does not
    /// have gets the role `account_admin`; the orders are those of all products.
    pub fn token_claims(
        &self,
        account: &ProcurementAccountId,
        user: &UserIdentity,
    ) -> MarketplaceClaims {
        self.claims(account, user, |_| true)
    }

    /// The token that the Marketplace posts when this user logs in to a product.
    pub fn product_token(
        &self,
        account: &ProcurementAccountId,
        user: &UserIdentity,
        product: &ProductId,
    ) -> String {
        self.sign(&self.product_token_claims(account, user, product))
    }

    /// The claims of [`product_token`](Self::product_token): as
    /// [`token_claims`](Self::token_claims), but `google.orders` lists the orders of this product alone.
    pub fn product_token_claims(
        &self,
        account: &ProcurementAccountId,
        user: &UserIdentity,
        product: &ProductId,
    ) -> MarketplaceClaims {
        self.claims(account, user, |order| &order.product == product)
    }

    /// Signs claims with the Marketplace's key of now.
    pub fn sign(&self, claims: &MarketplaceClaims) -> String {
        claims.signed_by(self.signing_key())
    }

    /// The Marketplace's key of now.
    pub fn signing_key(&self) -> &'static SigningKey {
        self.google.keys.marketplace.current()
    }

    /// The identity token of a service account for this audience.
    pub fn identity_token(&self, email: &str, audience: &str) -> String {
        IdentityClaims::valid_at(self.now())
            .set("aud", audience)
            .set("email", email)
            .signed_by(self.google.keys.identity.current())
    }

    /// The keys that verify what `signJwt` signs, as a JWK set: what the signer's address publishes.
    pub fn signed_jwt_keys(&self) -> String {
        self.google.keys.hand_off.jwk_set()
    }

    /// The keys that verify identity tokens, as a JWK set: what `oauth2/v3/certs` publishes.
    pub fn identity_keys(&self) -> String {
        self.google.keys.identity.jwk_set()
    }

    /// Signs with new keys from now on, all signers. The keys before are still published, those before
    /// them no longer.
    pub fn rotate_keys(&self) {
        self.google.keys.rotate();
    }

    /// What the key endpoints say from now on about how long keys may be kept.
    pub fn set_key_lifetime(&self, lifetime: KeyLifetime) {
        self.google.set_key_lifetime(lifetime);
    }

    /// `Authorization` as a function of Portico's sends it, with a token of the metadata server.
    #[expect(
        clippy::missing_panics_doc,
        clippy::expect_used,
        reason = "a token of ours is ASCII"
    )]
    pub fn authorization(&self) -> HeaderValue {
        let (tokens, now) = (&self.google.access_tokens, jiff::Timestamp::now());
        let (token, _) = tokens.current(&self.google.settings.service_account, now);
        HeaderValue::try_from(format!("Bearer {token}")).expect("a token is ASCII")
    }

    /// Ends every access token before its time.
    pub fn revoke_access_tokens(&self) {
        self.google.access_tokens.revoke();
    }

    fn claims(
        &self,
        account: &ProcurementAccountId,
        user: &UserIdentity,
        is_listed: impl Fn(&Entitlement) -> bool,
    ) -> MarketplaceClaims {
        let claims = MarketplaceClaims::valid_at(self.now())
            .set("aud", self.google.settings.audience.as_str())
            .set("sub", account.as_str())
            .set_google("user_identity", user.as_str());
        self.google.read(|state| {
            let account_of_user = state.accounts.get(account.as_str());
            let roles = account_of_user.and_then(|account| account.user(user));
            let claims = match roles {
                Some(user) => {
                    let roles = user.roles.iter().map(|role| Value::from(role.as_str()));
                    claims.set_google("roles", roles.collect::<Value>())
                }
                None => claims,
            };
            match self.google.settings.orders_in_tokens {
                OrdersInTokens::Absent => claims,
                OrdersInTokens::Listed => {
                    let orders = state.orders_of(account);
                    let orders = orders
                        .into_iter()
                        .filter(|order| is_listed(order))
                        .map(|order| Value::from(order.id.as_str()));
                    claims.set_google("orders", orders.collect::<Value>())
                }
            }
        })
    }
}
