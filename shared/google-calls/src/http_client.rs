//! The HTTP client that all calls share.

use std::{sync::Arc, time::Duration};

use marketplace::ErrorChain;
use tokio::{sync::OnceCell, task};

/// Longest wait for a TCP and TLS connection. Google is near: one that takes longer will not come.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Longest time for one exchange, body included. It is below the 8 s that a request has, and a net
/// under callers that set a shorter one by their deadline.
const EXCHANGE_TIMEOUT: Duration = Duration::from_secs(6);

/// How long an unused connection is trusted. An instance without requests gets no CPU, so the other
/// side may have closed the connection long before we can notice.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// Connections kept for one host while unused; HTTP/2 needs one.
const POOL_IDLE_PER_HOST: usize = 4;

/// The shared HTTP client: built at first use, once, off the request's thread.
///
/// It follows no redirects, takes no proxy from the environment, and trusts the certificate
/// authorities of the system (in an image: its CA file).
#[derive(Clone, Debug, Default)]
pub struct Http {
    client: Arc<OnceCell<reqwest::Client>>,
}

/// The HTTP client could not be built. The next call tries again.
#[derive(Debug, thiserror::Error)]
pub enum HttpUnavailable {
    /// The TLS configuration was refused; most often the image has no CA certificates.
    #[error("the HTTP client cannot be built: are the CA certificates installed?")]
    Configuration(#[source] reqwest::Error),
    /// The building thread was lost; most often no crypto provider is installed.
    #[error("the HTTP client cannot be built: is a crypto provider installed?")]
    Interrupted(#[source] task::JoinError),
}

impl Http {
    /// A client that is not built yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The client; concurrent callers wait for one build.
    ///
    /// Reading the CA certificates takes milliseconds, so it happens on a blocking thread.
    pub async fn client(&self) -> Result<reqwest::Client, HttpUnavailable> {
        self.client
            .get_or_try_init(|| async {
                task::spawn_blocking(build)
                    .await
                    .map_err(HttpUnavailable::Interrupted)?
                    .map_err(HttpUnavailable::Configuration)
            })
            .await
            .cloned()
    }

    /// Builds the client ahead of its first use. A failure is logged, and left to that first use.
    pub async fn warm_up(&self) {
        if let Err(error) = self.client().await {
            tracing::warn!(error = %ErrorChain(&error), "failed to warm up");
        }
    }
}

fn build() -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .user_agent(concat!("portico/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(EXCHANGE_TIMEOUT)
        .pool_idle_timeout(POOL_IDLE_TIMEOUT)
        .pool_max_idle_per_host(POOL_IDLE_PER_HOST)
        .build()
}
