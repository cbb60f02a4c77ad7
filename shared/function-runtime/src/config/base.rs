//! What every function reads from its environment.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use marketplace::GoogleOrigin;

use super::variables::{GOOGLE_ORIGIN, LOG_LEVEL, PORT, PUBLIC_URL};
use super::{Env, Expected, PublicUrl, Reader, parse, test_seams};

/// The settings that every function has.
#[derive(Debug, Clone)]
pub struct Base {
    /// Read from `PORT`.
    pub port: u16,
    /// Read from `PUBLIC_URL`.
    pub public_url: PublicUrl,
    /// Read from `GOOGLE_ORIGIN`; Google itself without it.
    pub google: GoogleOrigin,
}

impl Base {
    /// Reads them. `None` after a problem was recorded.
    pub fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let port = reader.required(&PORT, parse::port);
        let public_url = reader.required(&PUBLIC_URL, PublicUrl::parse);
        let at_home = public_url.as_ref().is_some_and(PublicUrl::is_loopback);
        if at_home && reader.is_set(test_seams::CLOUD_RUN_SERVICE) {
            reader.refuse(
                &PUBLIC_URL,
                "is on localhost, where nobody reaches Cloud Run",
            );
        }
        // Telemetry has read it long before; here a wrong one is reported with the other problems.
        let level = reader.required(&LOG_LEVEL, level);
        let google = google_origin(reader);
        level?;
        Some(Self {
            port: port?,
            public_url: public_url?,
            google: google?,
        })
    }

    /// Where to listen: on every interface, as Cloud Run wants it, but on a laptop only where the
    /// laptop itself can reach it.
    pub fn address(&self) -> SocketAddr {
        let interface = if self.public_url.is_loopback() {
            Ipv4Addr::LOCALHOST
        } else {
            Ipv4Addr::UNSPECIFIED
        };
        SocketAddr::new(IpAddr::V4(interface), self.port)
    }
}

/// Where Google is: read from `GOOGLE_ORIGIN`, Google itself without it. `None` after a problem was
/// recorded.
pub fn google_origin(reader: &mut Reader<'_>) -> Option<GoogleOrigin> {
    let simulator = reader.optional(&GOOGLE_ORIGIN, test_seams::simulator_origin);
    if !matches!(simulator, Some(None)) {
        test_seams::check(reader, &GOOGLE_ORIGIN);
    }
    let google = simulator?.map_or_else(GoogleOrigin::google, |origin| {
        GoogleOrigin::simulated_at(&origin)
    });
    Some(google)
}

/// The configured level, `info` if it cannot be read.
pub(crate) fn log_level(env: &dyn Env) -> tracing::Level {
    env.get(LOG_LEVEL.name)
        .and_then(|text| level(text.trim()).ok())
        .unwrap_or(tracing::Level::INFO)
}

fn level(text: &str) -> Result<tracing::Level, Expected> {
    use tracing::Level;
    let levels = [Level::ERROR, Level::WARN, Level::INFO, Level::DEBUG];
    parse::one_of(text, &["error", "warn", "info", "debug"], levels)
}
