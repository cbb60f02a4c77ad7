//! Verifiers with everything in place, and the moment all tests happen at.

use std::time::Duration;

use google_calls::Http;
use jiff::Timestamp;
use marketplace::{At, Deadline};
use marketplace_simulator::tokens::{
    IdentityClaims, MarketplaceClaims, SigningKey, WEAK_TOKEN_ISSUED_AT, google_identity,
    marketplace,
};
use verification::{
    AcceptedEmails, Audiences, BrokenRule, IdentityVerifier, KeySet, MarketplaceVerifier,
    VerificationError, VerifiedCaller, VerifiedCustomer,
};

use crate::key_server::{KeyAnswer, KeyServer};

/// This many seconds after the moment all tests begin at.
pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(WEAK_TOKEN_ISSUED_AT + second).unwrap()
}

pub(crate) fn deadline() -> Deadline {
    Deadline::after(Duration::from_secs(8))
}

/// A request that arrives then.
pub(crate) fn request_at(second: i64) -> At {
    At {
        now: at(second),
        deadline: deadline(),
    }
}

pub(crate) fn list(entries: &[&str]) -> Vec<String> {
    entries.iter().map(|entry| (*entry).to_owned()).collect()
}

pub(crate) fn http() -> Http {
    // Another test of this process may have been first.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    Http::new()
}

/// The key that signs for the Marketplace where nothing else is said.
pub(crate) fn key() -> &'static SigningKey {
    &marketplace()[0]
}

pub(crate) fn claims() -> MarketplaceClaims {
    MarketplaceClaims::valid_at(at(0))
}

/// A verifier of Marketplace tokens and the endpoint it gets its keys from.
pub(crate) struct Marketplace {
    pub(crate) server: KeyServer,
    pub(crate) verifier: MarketplaceVerifier,
}

impl Marketplace {
    pub(crate) async fn start() -> Self {
        Self::with(KeyServer::publishing(&[key(), &marketplace()[1]]).await)
    }

    pub(crate) async fn answering(answer: KeyAnswer) -> Self {
        Self::with(KeyServer::start(answer).await)
    }

    pub(crate) fn with(server: KeyServer) -> Self {
        let keys = KeySet::marketplace(&server.origin, http());
        let audiences = Audiences::parse(list(&["signup.example.com", "example.com"])).unwrap();
        Self {
            server,
            verifier: MarketplaceVerifier::new(keys, audiences),
        }
    }

    pub(crate) async fn verify(&self, token: &str) -> Result<VerifiedCustomer, VerificationError> {
        self.verify_at(token, 0).await
    }

    pub(crate) async fn verify_at(
        &self,
        token: &str,
        second: i64,
    ) -> Result<VerifiedCustomer, VerificationError> {
        self.verifier.verify(token, request_at(second)).await
    }

    /// Which rule the token breaks; `None` if none.
    pub(crate) async fn rule(&self, token: &str) -> Option<BrokenRule> {
        rule(&self.verify(token).await)
    }
}

/// A verifier of Google identity tokens and the endpoint it gets its keys from.
pub(crate) struct Identity {
    pub(crate) server: KeyServer,
    pub(crate) verifier: IdentityVerifier,
}

impl Identity {
    pub(crate) async fn start() -> Self {
        Self::accepting(&[
            "push@example-project.iam.gserviceaccount.com",
            "scheduler@example-project.iam.gserviceaccount.com",
        ])
        .await
    }

    pub(crate) async fn accepting(callers: &[&str]) -> Self {
        let server = KeyServer::publishing(&[&google_identity()[0]]).await;
        let keys = KeySet::google_identity(&server.origin, http());
        let audiences = Audiences::parse(list(&["https://events.example.com/events"])).unwrap();
        let callers = AcceptedEmails::parse(list(callers));
        Self {
            server,
            verifier: IdentityVerifier::new(keys, audiences, callers.unwrap()),
        }
    }

    pub(crate) async fn verify(&self, token: &str) -> Result<VerifiedCaller, VerificationError> {
        self.verifier.verify(token, request_at(0)).await
    }

    pub(crate) async fn rule(&self, claims: &IdentityClaims) -> Option<BrokenRule> {
        rule(&self.verify(&claims.signed_by(&google_identity()[0])).await)
    }
}

pub(crate) fn rule<T>(result: &Result<T, VerificationError>) -> Option<BrokenRule> {
    match result {
        Ok(_) => None,
        Err(VerificationError::Rejected(rule)) => Some(*rule),
        Err(VerificationError::Unavailable(reason)) => panic!("no keys: {reason}"),
    }
}
