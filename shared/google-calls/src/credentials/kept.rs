//! The official client's credentials, built at first use and again after a failure.

use std::time::Instant;

use google_cloud_auth::{build_errors::Error, credentials as official};
use marketplace::GoogleOrigin;
use tokio::sync::Mutex;

/// The one scope all calls use. What the service account may do is decided by its roles.
const SCOPE: &str = "https://www.googleapis.com/auth/cloud-platform";

/// All calls go to this domain's hosts. Saying so saves a question to the metadata server.
pub(super) const UNIVERSE: &str = "googleapis.com";

/// What is built at the moment.
pub(super) struct Kept {
    source: Source,
    current: Mutex<Current>,
}

/// Credentials of the official client.
#[derive(Clone)]
pub(super) struct Built {
    pub(super) official: official::Credentials,
    pub(super) generation: Generation,
    pub(super) since: Instant,
}

/// Counts what was built, so that a failure that many saw discards once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Generation(u64);

#[derive(Default)]
struct Current {
    built: Option<Built>,
    next: Generation,
}

enum Source {
    ApplicationDefault,
    /// The base address of a metadata server.
    MetadataServer(String),
}

impl Kept {
    /// Nothing is built yet.
    pub(super) fn nothing(origin: &GoogleOrigin) -> Self {
        let source = if origin.is_simulated() {
            Source::MetadataServer(origin.http("metadata.google.internal", ""))
        } else {
            Source::ApplicationDefault
        };
        Self {
            source,
            current: Mutex::default(),
        }
    }

    /// What is built; if nothing is, it is built now.
    pub(super) async fn current(&self) -> Result<Built, Error> {
        let mut current = self.current.lock().await;
        if let Some(built) = &current.built {
            return Ok(built.clone());
        }
        let built = Built {
            official: self.source.build()?,
            generation: current.next,
            since: Instant::now(),
        };
        current.next.0 += 1;
        Ok(current.built.insert(built).clone())
    }

    /// Drops what is built, if it is still the same.
    pub(super) async fn discard(&self, generation: Generation) {
        let mut current = self.current.lock().await;
        current
            .built
            .take_if(|built| built.generation == generation);
    }
}

impl Source {
    fn build(&self) -> Result<official::Credentials, Error> {
        match self {
            Self::ApplicationDefault => official::Builder::default()
                .with_scopes([SCOPE])
                .with_universe_domain(UNIVERSE)
                .build(),
            Self::MetadataServer(endpoint) => official::mds::Builder::default()
                .with_endpoint(endpoint)
                .with_scopes([SCOPE])
                .with_universe_domain(UNIVERSE)
                .build(),
        }
    }
}
