//! The calls.

use google_calls::{Credentials, OfficialClient};
use google_cloud_gax::client_builder::internal::with_follow_redirects;
use google_cloud_gax::error::Error;
use google_cloud_gax::options::RequestOptionsBuilder;
use google_cloud_gax::retry_policy::{Aip194Strict, RetryPolicyExt as _};
use google_cloud_iam_admin_v1::client::Iam;
use google_cloud_iam_admin_v1::model;
use marketplace::{Deadline, GoogleOrigin};

use crate::error::understood;
use crate::{
    NewServiceAccount, Permission, ServiceAccount, ServiceAccountError, ServiceAccountName,
};

const HOST: &str = "iam.googleapis.com";

/// Creates, finds, enables and disables service accounts. Clones share one client.
#[derive(Clone)]
pub struct ServiceAccounts {
    client: OfficialClient<Iam>,
}

impl ServiceAccounts {
    /// A client that is not connected yet.
    pub fn new(origin: &GoogleOrigin, credentials: Credentials) -> Self {
        Self {
            client: OfficialClient::new(origin, HOST, credentials),
        }
    }

    /// Builds the client ahead of the first use. A failure is logged, and that use tries again.
    pub async fn warm_up(&self) {
        if let Err(error) = self.client().await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "failed to warm up"
            );
        }
    }

    /// Creates an account. The answer may be lost after it was created, so the call is repeated like any other; on
    /// [`AlreadyExists`](ServiceAccountError::AlreadyExists) the caller checks whose account it is.
    pub async fn create(
        &self,
        wanted: &NewServiceAccount,
        deadline: Deadline,
    ) -> Result<ServiceAccount, ServiceAccountError> {
        let call = async {
            let account = model::ServiceAccount::new()
                .set_display_name(wanted.display_name.as_str())
                .set_description(wanted.description.as_str());
            let call = self
                .client()
                .await?
                .create_service_account()
                .set_name(format!("projects/{}", wanted.project))
                .set_account_id(wanted.id.as_str())
                .set_service_account(account);
            let made = repeatable(call, deadline).send().await;
            read(made, Permission::Create, &wanted.project)
        };
        in_time(deadline, call).await
    }

    /// The account of this name.
    pub async fn find(
        &self,
        name: &ServiceAccountName,
        deadline: Deadline,
    ) -> Result<ServiceAccount, ServiceAccountError> {
        let call = async {
            let call = self.client().await?.get_service_account();
            let call = call.set_name(name.resource());
            let found = repeatable(call, deadline).send().await;
            read(found, Permission::Get, name.project())
        };
        in_time(deadline, call).await
    }

    /// Enables an account. One that is enabled already stays so.
    pub async fn enable(
        &self,
        name: &ServiceAccountName,
        deadline: Deadline,
    ) -> Result<(), ServiceAccountError> {
        let call = async {
            let call = self.client().await?.enable_service_account();
            let call = call.set_name(name.resource());
            let enabled = repeatable(call, deadline).send().await;
            enabled.map_err(|error| understood(error, Permission::Enable, name.project()))
        };
        in_time(deadline, call).await
    }

    /// Disables an account. One that is disabled already stays so, and for one that is gone nothing is left to do.
    pub async fn disable(
        &self,
        name: &ServiceAccountName,
        deadline: Deadline,
    ) -> Result<(), ServiceAccountError> {
        let call = async {
            let call = self.client().await?.disable_service_account();
            let call = call.set_name(name.resource());
            let disabled = repeatable(call, deadline).send().await;
            disabled.map_err(|error| understood(error, Permission::Disable, name.project()))
        };
        match in_time(deadline, call).await {
            Err(ServiceAccountError::NotFound) => Ok(()),
            disabled => disabled,
        }
    }

    async fn client(&self) -> Result<&Iam, ServiceAccountError> {
        self.client
            .get(async |credentials, endpoint| {
                // By themselves these clients follow redirects, and take the access token along.
                with_follow_redirects(Iam::builder(), false)
                    .with_credentials(credentials)
                    .with_endpoint(endpoint)
                    .build()
                    .await
                    .map_err(|error| ServiceAccountError::Client(error.into()))
            })
            .await
    }
}

/// Every call here may be repeated: twice has the same effect as once.
fn repeatable<Call: RequestOptionsBuilder>(call: Call, deadline: Deadline) -> Call {
    let policy = Aip194Strict.with_attempt_limit(3);
    call.with_idempotency(true)
        .with_retry_policy(policy.with_time_limit(deadline.remaining()))
}

fn read(
    answer: Result<model::ServiceAccount, Error>,
    permission: Permission,
    project: &str,
) -> Result<ServiceAccount, ServiceAccountError> {
    let account = answer.map_err(|error| understood(error, permission, project))?;
    ServiceAccount::from_google(account).ok_or(ServiceAccountError::Unclear)
}

async fn in_time<T>(
    deadline: Deadline,
    call: impl Future<Output = Result<T, ServiceAccountError>>,
) -> Result<T, ServiceAccountError> {
    let answered = tokio::time::timeout(deadline.remaining(), call).await;
    answered.unwrap_or(Err(ServiceAccountError::TimedOut))
}
