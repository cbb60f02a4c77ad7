//! Logs: one JSON object per line as Cloud Logging reads them, or plain text on a terminal.
//!
//! Field names are `snake_case` in the code and camelCase in the log (`account_id` becomes
//! `accountId`), which is how `tracing-stackdriver` writes them. There are no spans: what belongs
//! to a request carries its trace instead, so Cloud Logging shows it under the request's own entry.
//!
//! Tokens, cookies, bodies, queries, e-mail addresses and user identities are never logged.

use std::io::{self, IsTerminal};

use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::filter::{FilterExt, Targets, filter_fn};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

use crate::Env;
use crate::config::log_level;
use crate::config::variables::GOOGLE_CLOUD_PROJECT;

mod panics;
mod trace_context;
mod trace_writer;

pub(crate) use trace_context::{in_trace, trace_of};

/// Our crates, as they name themselves in log lines. Only they may log below `warn`: what
/// dependencies log at `debug` holds headers and bodies.
const OUR_CRATES: [&str; 16] = [
    "approval",
    "callers",
    "customer_entry",
    "function_runtime",
    "function_tests",
    "google_calls",
    "lifecycle",
    "marketplace",
    "marketplace_simulator",
    "metering",
    "operations",
    "outbox",
    "procurement",
    "service_accounts",
    "store",
    "verification",
];

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For Cloud Logging.
    Json,
    /// For a person at a terminal.
    Text,
}

/// Starts logging to standard output and turns panics into log lines.
///
/// `function` is the crate name of the function, whose own lines follow `LOG_LEVEL`. The second
/// call in a process does nothing.
pub fn init(env: &dyn Env, function: &str) {
    let format = if io::stdout().is_terminal() {
        Format::Text
    } else {
        Format::Json
    };
    let started = subscriber(env, function, format, io::stdout).try_init();
    if started.is_ok() {
        panics::log_panics();
    }
}

/// The subscriber that [`init`] installs, for any writer: tests read what was logged from it.
pub fn subscriber<W>(
    env: &dyn Env,
    function: &str,
    format: Format,
    writer: W,
) -> impl Subscriber + Send + Sync + use<W>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    // `tracing-stackdriver` panics on spans whose fields it cannot read, so it is shown none.
    let events = filter_fn(|metadata: &Metadata<'_>| metadata.is_event());
    let filter = levels(log_level(env), function).and(events);
    let layer = match format {
        Format::Json => {
            let project = env.get(GOOGLE_CLOUD_PROJECT.name);
            tracing_stackdriver::layer()
                .with_source_location(false)
                .with_writer(trace_writer::TraceWriter::new(writer, project))
                .boxed()
        }
        Format::Text => tracing_subscriber::fmt::layer()
            .with_ansi(false)
            .with_target(false)
            .with_writer(writer)
            .boxed(),
    };
    tracing_subscriber::registry().with(layer.with_filter(filter))
}

fn levels(level: Level, function: &str) -> Targets {
    OUR_CRATES
        .iter()
        .map(|name| (*name).to_owned())
        .chain([function.replace('-', "_")])
        .fold(
            Targets::new().with_default(level.min(Level::WARN)),
            |targets, name| targets.with_target(name, level),
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shared_crate_may_log() {
        let shared = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
        let mut crates: Vec<_> = std::fs::read_dir(shared)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.join("Cargo.toml").exists())
            .map(|path| {
                path.file_name()
                    .unwrap()
                    .to_string_lossy()
                    .replace('-', "_")
            })
            .collect();
        crates.sort();
        assert_eq!(crates, OUR_CRATES);
    }

    #[test]
    fn dependencies_never_log_below_warnings() {
        let targets = levels(Level::DEBUG, "sso-login");
        assert!(targets.would_enable("sso_login::handler", &Level::DEBUG));
        assert!(targets.would_enable("function_runtime", &Level::DEBUG));
        assert!(targets.would_enable("hyper", &Level::WARN));
        assert!(!targets.would_enable("hyper", &Level::INFO));
        let quiet = levels(Level::ERROR, "signup");
        assert!(!quiet.would_enable("hyper", &Level::WARN));
        assert!(!quiet.would_enable("signup", &Level::WARN));
    }
}
