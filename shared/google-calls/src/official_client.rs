//! The clients of Google's official libraries.

use std::{fmt, sync::Arc};

use google_cloud_auth::credentials as official;
use marketplace::GoogleOrigin;
use tokio::sync::OnceCell;

use crate::Credentials;

/// A client of one of Google's official libraries: built once, at its first use, and again at the next use after
/// building it failed. Clones share one client.
pub struct OfficialClient<C> {
    endpoint: String,
    credentials: Credentials,
    client: Arc<OnceCell<C>>,
}

impl<C> OfficialClient<C> {
    /// A client for this host of Google's that is not built yet.
    pub fn new(origin: &GoogleOrigin, host: &str, credentials: Credentials) -> Self {
        Self {
            endpoint: origin.https(host, ""),
            credentials,
            client: Arc::default(),
        }
    }

    /// The client. `build` makes it from the credentials and the endpoint; concurrent callers wait for one build.
    pub async fn get<E>(
        &self,
        build: impl AsyncFnOnce(official::Credentials, &str) -> Result<C, E>,
    ) -> Result<&C, E> {
        self.client
            .get_or_try_init(|| build(self.credentials.official(), &self.endpoint))
            .await
    }
}

impl<C> Clone for OfficialClient<C> {
    fn clone(&self) -> Self {
        Self {
            endpoint: self.endpoint.clone(),
            credentials: self.credentials.clone(),
            client: Arc::clone(&self.client),
        }
    }
}

impl<C> fmt::Debug for OfficialClient<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OfficialClient")
            .field(&self.endpoint)
            .finish()
    }
}
