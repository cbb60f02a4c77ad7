//! The connection to Firestore: made when it is first needed, and again after it failed.

use std::sync::{Arc, PoisonError, RwLock};

use gcloud_sdk::google::firestore::v1::firestore_client::FirestoreClient;
use gcloud_sdk::google_cloud_auth::credentials::{
    Builder, CacheableResource, Credentials, CredentialsProvider, EntityTag,
};
use gcloud_sdk::google_cloud_auth::errors::CredentialsError;
use gcloud_sdk::{GoogleApi, GoogleAuthMiddleware};
use http::header::AUTHORIZATION;
use http::{Extensions, HeaderMap, HeaderValue};
use tokio::sync::{Mutex, OnceCell};

use super::FirestoreSettings;
use super::call_failure::CallFailure;

const FIRESTORE: &str = "https://firestore.googleapis.com";

/// All that is done needs no more.
const SCOPE: &str = "https://www.googleapis.com/auth/datastore";

/// A connection that can be used.
#[derive(Clone)]
pub(super) struct Client(Arc<GoogleApi<FirestoreClient<GoogleAuthMiddleware>>>);

/// The one connection of a process, shared by all requests.
pub(super) struct Connection {
    settings: FirestoreSettings,
    credentials: OnceCell<Credentials>,
    current: RwLock<Option<Client>>,
    /// Held while a connection is made, so that other requests wait for the same one.
    connecting: Mutex<()>,
}

impl Client {
    pub(super) fn calls(&self) -> FirestoreClient<GoogleAuthMiddleware> {
        self.0.get()
    }
}

impl Connection {
    pub(super) fn new(settings: FirestoreSettings) -> Self {
        Self {
            settings,
            credentials: OnceCell::new(),
            current: RwLock::new(None),
            connecting: Mutex::new(()),
        }
    }

    /// The connection, made if there is none.
    pub(super) async fn client(&self) -> Result<Client, CallFailure> {
        if let Some(client) = self.current() {
            return Ok(client);
        }
        let _connecting = self.connecting.lock().await;
        if let Some(client) = self.current() {
            return Ok(client);
        }
        let client = self.connect().await?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(client.clone());
        Ok(client)
    }

    /// Drops a connection, unless it has been replaced already.
    pub(super) fn forget(&self, client: &Client) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if current
            .as_ref()
            .is_some_and(|c| Arc::ptr_eq(&c.0, &client.0))
        {
            *current = None;
        }
    }

    fn current(&self) -> Option<Client> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        current.clone()
    }

    async fn connect(&self) -> Result<Client, CallFailure> {
        let url = match &self.settings.emulator {
            Some(emulator) => format!("http://{emulator}"),
            None => FIRESTORE.to_owned(),
        };
        let connected = GoogleApi::from_function_with_credentials(
            FirestoreClient::new,
            url,
            Some(self.settings.database_name()),
            self.credentials().await?,
        );
        match connected.await {
            Ok(api) => Ok(Client(Arc::new(api))),
            Err(error) => Err(CallFailure::unreachable(error.to_string())),
        }
    }

    /// The credentials outlive connections: they keep the access token.
    async fn credentials(&self) -> Result<Credentials, CallFailure> {
        let made = self.credentials.get_or_try_init(|| async {
            if self.settings.emulator.is_some() {
                return Ok(Credentials::from(Owner(EntityTag::new())));
            }
            // Reading the certificate authorities takes some milliseconds, and panics where there
            // are none.
            let built =
                tokio::task::spawn_blocking(|| Builder::default().with_scopes([SCOPE]).build());
            let built = built
                .await
                .map_err(|error| CallFailure::unreachable(error.to_string()))?;
            built.map_err(|error| CallFailure::unreachable(error.to_string()))
        });
        made.await.cloned()
    }
}

/// What the emulator takes for full rights.
#[derive(Debug)]
struct Owner(EntityTag);

impl CredentialsProvider for Owner {
    async fn headers(
        &self,
        known: Extensions,
    ) -> Result<CacheableResource<HeaderMap>, CredentialsError> {
        if known.get::<EntityTag>() == Some(&self.0) {
            return Ok(CacheableResource::NotModified);
        }
        let owner = HeaderValue::from_static("Bearer owner");
        Ok(CacheableResource::New {
            entity_tag: self.0.clone(),
            data: HeaderMap::from_iter([(AUTHORIZATION, owner)]),
        })
    }

    async fn universe_domain(&self) -> Option<String> {
        None
    }
}
