//! Access tokens.

mod kept;

use std::{fmt, sync::Arc, time::Duration};

use google_cloud_auth::{
    build_errors,
    credentials::{self as official, CacheableResource, CredentialsProvider},
    errors::CredentialsError,
};
use http::{Extensions, HeaderMap, HeaderValue, header::AUTHORIZATION};
use marketplace::{Deadline, ErrorChain, GoogleOrigin};
use tokio::{
    task::{self, JoinError},
    time,
};

pub(crate) use self::kept::Generation;
use self::kept::{Kept, UNIVERSE};

/// How long a token is waited for where no request's deadline is at hand.
const PATIENCE: Duration = Duration::from_secs(5);

/// The identity that calls are made with: the function's service account on Cloud Run, application
/// default credentials elsewhere, the simulator's metadata server under a simulated origin.
///
/// Nothing is built or fetched before the first use, which must be on a tokio runtime. The token is
/// then kept and refreshed before it expires. After a failure everything is built again: the official
/// client keeps some errors for ever, and others for ten seconds.
#[derive(Clone)]
pub struct Credentials {
    kept: Arc<Kept>,
}

/// There is no access token. The next call tries again.
#[derive(Debug, thiserror::Error)]
pub enum CredentialsUnavailable {
    /// Application default credentials cannot be read or are not understood.
    #[error("the credentials cannot be loaded")]
    Configuration(#[source] build_errors::Error),
    /// The token could not be fetched.
    #[error("no access token can be fetched")]
    Fetch(#[source] CredentialsError),
    /// The fetching task was lost; most often the image has no CA certificates.
    #[error("no access token can be fetched: are the CA certificates installed?")]
    Interrupted(#[source] JoinError),
    /// The token did not come in time.
    #[error("no access token came in time")]
    TimedOut,
    /// These credentials are not of the kind that makes a bearer token.
    #[error("these credentials make no bearer token")]
    NotBearer,
}

impl Credentials {
    /// Credentials that are not loaded yet.
    pub fn new(origin: &GoogleOrigin) -> Self {
        Self {
            kept: Arc::new(Kept::nothing(origin)),
        }
    }

    /// The value of an `Authorization` header: `Bearer` and an access token, marked sensitive.
    pub async fn authorization(
        &self,
        deadline: Deadline,
    ) -> Result<HeaderValue, CredentialsUnavailable> {
        let mut value = self
            .headers(deadline)
            .await?
            .remove(AUTHORIZATION)
            .ok_or(CredentialsUnavailable::NotBearer)?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// All headers that authenticate a call: `Authorization`, and for a developer's own
    /// credentials the project that is charged.
    pub async fn headers(&self, deadline: Deadline) -> Result<HeaderMap, CredentialsUnavailable> {
        let (headers, _generation) = self.token(deadline).await?;
        Ok(headers)
    }

    /// The same credentials for the official API clients. Cheap: nothing is loaded or fetched
    /// before such a client makes a call.
    pub fn official(&self) -> official::Credentials {
        official::Credentials::from(self.clone())
    }

    /// Fetches the token ahead of its first use. A failure is logged, and left to that first use.
    pub async fn warm_up(&self) {
        if let Err(error) = self.headers(Deadline::after(PATIENCE)).await {
            tracing::warn!(error = %ErrorChain(&error), "failed to warm up");
        }
    }

    /// As [`headers`](Self::headers), with what [`discard`](Self::discard) wants to know.
    pub(crate) async fn token(
        &self,
        deadline: Deadline,
    ) -> Result<(HeaderMap, Generation), CredentialsUnavailable> {
        match self.resource(Extensions::new(), deadline).await? {
            (CacheableResource::New { data, .. }, generation) => Ok((data, generation)),
            (CacheableResource::NotModified, _) => Err(CredentialsUnavailable::NotBearer),
        }
    }

    /// Builds everything again at the next use, unless that has happened since: the token was refused.
    pub(crate) async fn discard(&self, generation: Generation) {
        self.kept.discard(generation).await;
    }

    async fn resource(
        &self,
        extensions: Extensions,
        deadline: Deadline,
    ) -> Result<(CacheableResource<HeaderMap>, Generation), CredentialsUnavailable> {
        if deadline.has_passed() {
            return Err(CredentialsUnavailable::TimedOut);
        }
        let built = self.kept.current().await;
        let built = built.map_err(CredentialsUnavailable::Configuration)?;
        let official = built.official.clone();
        // The official client panics where it finds no CA certificates, so it runs as a task.
        let fetch = task::spawn(async move { official.headers(extensions).await });
        let error = match time::timeout(deadline.remaining(), fetch).await {
            Ok(Ok(Ok(headers))) => return Ok((headers, built.generation)),
            Ok(Ok(Err(error))) => CredentialsUnavailable::Fetch(error),
            Ok(Err(error)) => CredentialsUnavailable::Interrupted(error),
            // One impatient caller must not stop a fetch that others wait for.
            Err(_) if built.since.elapsed() < PATIENCE => {
                return Err(CredentialsUnavailable::TimedOut);
            }
            Err(_) => CredentialsUnavailable::TimedOut,
        };
        self.discard(built.generation).await;
        Err(error)
    }
}

/// It shows nothing: what is inside is a secret.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials")
    }
}

impl CredentialsProvider for Credentials {
    async fn headers(
        &self,
        extensions: Extensions,
    ) -> Result<CacheableResource<HeaderMap>, CredentialsError> {
        self.resource(extensions, Deadline::after(PATIENCE))
            .await
            .map(|(headers, _generation)| headers)
            .map_err(|error| match error {
                CredentialsUnavailable::Fetch(error) => error,
                other => CredentialsError::from_source(true, other),
            })
    }

    async fn universe_domain(&self) -> Option<String> {
        Some(UNIVERSE.to_owned())
    }
}
