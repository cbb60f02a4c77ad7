//! The signature of a hand-off, by the IAM Credentials API: no private key exists in a deployment.

use google_calls::{Credentials, OfficialClient};
use google_cloud_gax::options::RequestOptionsBuilder as _;
use google_cloud_gax::retry_policy::{Aip194Strict, RetryPolicyExt as _};
use google_cloud_iam_credentials_v1::client::IAMCredentials;
use marketplace::{Deadline, GoogleOrigin};

const HOST: &str = "iamcredentials.googleapis.com";

/// Signs hand-offs as one service account that has no other use.
#[derive(Debug)]
pub struct HandOffSigner {
    service_account: String,
    client: OfficialClient<IAMCredentials>,
}

/// The hand-off could not be signed. Nothing is wrong with the customer.
#[derive(Debug, thiserror::Error)]
pub enum HandOffError {
    /// The claims could not be written.
    #[error("the claims were not written")]
    Claims(#[from] serde_json::Error),
    /// The client could not be built.
    #[error("the client of the IAM Credentials API was not built")]
    Client(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The API refused or did not answer.
    #[error("the IAM Credentials API did not sign")]
    Call(#[source] Box<google_cloud_gax::error::Error>),
    /// The request's time is up.
    #[error("the IAM Credentials API did not answer in time")]
    Deadline,
}

impl HandOffSigner {
    /// A signer that has not called anybody yet.
    pub fn new(origin: &GoogleOrigin, service_account: String, credentials: Credentials) -> Self {
        Self {
            service_account,
            client: OfficialClient::new(origin, HOST, credentials),
        }
    }

    /// Signs these claims as an RS256 JWT.
    pub async fn sign(&self, claims: String, deadline: Deadline) -> Result<String, HandOffError> {
        tokio::time::timeout(deadline.remaining(), self.call(claims, deadline))
            .await
            .map_err(|_| HandOffError::Deadline)?
    }

    /// Builds the client ahead of the first customer; what fails is tried again when needed.
    pub async fn warm_up(&self) {
        if let Err(error) = self.client().await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "the signer of hand-offs is not ready"
            );
        }
    }

    async fn call(&self, claims: String, deadline: Deadline) -> Result<String, HandOffError> {
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
            .map_err(|error| HandOffError::Call(Box::new(error)))?;
        Ok(answer.signed_jwt)
    }

    async fn client(&self) -> Result<&IAMCredentials, HandOffError> {
        self.client
            .get(async |credentials, endpoint| {
                IAMCredentials::builder()
                    .with_credentials(credentials)
                    .with_endpoint(endpoint)
                    .build()
                    .await
                    .map_err(|error| HandOffError::Client(error.into()))
            })
            .await
    }
}
