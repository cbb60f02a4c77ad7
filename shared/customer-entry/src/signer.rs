//! The signature of a hand-off, by the IAM Credentials API: no private key exists in a deployment.

use google_calls::{Credentials, OfficialClient};
use google_cloud_gax::options::RequestOptionsBuilder as _;
use google_cloud_gax::retry_policy::{Aip194Strict, RetryPolicyExt as _};
use google_cloud_iam_credentials_v1::client::IAMCredentials;
use marketplace::{Deadline, GoogleOrigin};

const HOST: &str = "iamcredentials.googleapis.com";

/// Signs hand-offs as one service account that has no other use.
#[derive(Debug)]
pub struct Signer {
    service_account: String,
    client: OfficialClient<IAMCredentials>,
}

/// The hand-off could not be signed. Nothing is wrong with the customer.
#[derive(Debug, thiserror::Error)]
pub enum SigningUnavailable {
    /// The client could not be built.
    #[error("build the client of the IAM Credentials API")]
    Client(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The API refused or did not answer.
    #[error("sign the hand-off")]
    Call(#[source] Box<google_cloud_gax::error::Error>),
    /// The request's time is up.
    #[error("sign the hand-off in time")]
    Deadline,
}

impl Signer {
    /// A signer that has not called anybody yet.
    pub fn new(origin: &GoogleOrigin, service_account: String, credentials: Credentials) -> Self {
        Self {
            service_account,
            client: OfficialClient::new(origin, HOST, credentials),
        }
    }

    /// Signs these claims as an RS256 JWT.
    pub async fn sign(
        &self,
        claims: String,
        deadline: Deadline,
    ) -> Result<String, SigningUnavailable> {
        tokio::time::timeout(deadline.remaining(), self.call(claims, deadline))
            .await
            .map_err(|_| SigningUnavailable::Deadline)?
    }

    /// Builds the client ahead of the first customer; what fails is tried again when needed.
    pub async fn warm_up(&self) {
        if let Err(error) = self.client().await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "hand-off signer is not ready"
            );
        }
    }

    async fn call(&self, claims: String, deadline: Deadline) -> Result<String, SigningUnavailable> {
        let answer = self
            .client()
            .await?
            .sign_jwt()
            .set_name(format!("projects/-/serviceAccounts/{}", self.service_account))
            .set_payload(claims)
            // Signing again only makes another signature of the same claims.
            .with_idempotency(true)
            .with_retry_policy(
                Aip194Strict.with_attempt_limit(3).with_time_limit(deadline.remaining()),
            )
            .send()
            .await
            .map_err(|error| SigningUnavailable::Call(Box::new(error)))?;
        Ok(answer.signed_jwt)
    }

    async fn client(&self) -> Result<&IAMCredentials, SigningUnavailable> {
        self.client
            .get(async |credentials, endpoint| {
                IAMCredentials::builder()
                    .with_credentials(credentials)
                    .with_endpoint(endpoint)
                    .build()
                    .await
                    .map_err(|error| SigningUnavailable::Client(error.into()))
            })
            .await
    }
}
