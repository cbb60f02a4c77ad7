//! The service accounts that work in customers' projects.

use std::sync::Arc;

use google_calls::Credentials;
use google_cloud_gax::options::RequestOptionsBuilder as _;
use google_cloud_gax::retry_policy::{Aip194Strict, RetryPolicyExt as _};
use google_cloud_iam_admin_v1::client::Iam;
use marketplace::{Deadline, GoogleOrigin};
use tokio::sync::OnceCell;

const HOST: &str = "iam.googleapis.com";

/// Disables customers' service accounts.
#[derive(Clone)]
pub struct ServiceAccounts {
    endpoint: Option<String>,
    credentials: Credentials,
    client: Arc<OnceCell<Iam>>,
}

/// The service account may still work.
#[derive(Debug, thiserror::Error)]
pub enum ServiceAccountError {
    /// The client could not be built.
    #[error("build the client of the IAM API")]
    Client(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The API refused or did not answer.
    #[error("disable the service account")]
    Call(#[source] Box<google_cloud_gax::error::Error>),
    /// The request's time is up.
    #[error("disable the service account in time")]
    TimedOut,
}

impl ServiceAccounts {
    /// A client that has not called anybody yet.
    pub fn new(origin: &GoogleOrigin, credentials: Credentials) -> Self {
        Self {
            endpoint: origin.is_simulated().then(|| origin.https(HOST, "")),
            credentials,
            client: Arc::default(),
        }
    }

    /// Disables a service account. One that is disabled already stays so, and one that is gone can
    /// do no harm either.
    pub(crate) async fn disable(
        &self,
        email: &str,
        deadline: Deadline,
    ) -> Result<(), ServiceAccountError> {
        let disabled = tokio::time::timeout(deadline.remaining(), self.call(email, deadline)).await;
        match disabled.unwrap_or(Err(ServiceAccountError::TimedOut)) {
            Err(ServiceAccountError::Call(error)) if is_not_found(&error) => Ok(()),
            disabled => disabled,
        }
    }

    async fn call(&self, email: &str, deadline: Deadline) -> Result<(), ServiceAccountError> {
        self.client()
            .await?
            .disable_service_account()
            .set_name(format!("projects/-/serviceAccounts/{email}"))
            // It has the same effect twice as once.
            .with_idempotency(true)
            .with_retry_policy(
                Aip194Strict.with_attempt_limit(3).with_time_limit(deadline.remaining()),
            )
            .send()
            .await
            .map_err(|error| ServiceAccountError::Call(Box::new(error)))
    }

    async fn client(&self) -> Result<&Iam, ServiceAccountError> {
        self.client
            .get_or_try_init(|| async {
                let mut builder = Iam::builder().with_credentials(self.credentials.official());
                if let Some(endpoint) = &self.endpoint {
                    builder = builder.with_endpoint(endpoint.clone());
                }
                builder
                    .build()
                    .await
                    .map_err(|error| ServiceAccountError::Client(error.into()))
            })
            .await
    }
}

fn is_not_found(error: &google_cloud_gax::error::Error) -> bool {
    error.http_status_code() == Some(404)
}
