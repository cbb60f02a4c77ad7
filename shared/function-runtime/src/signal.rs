//! When to end.

use std::future;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Waits until the process is asked to end.
///
/// SIGTERM comes from Cloud Run, ten seconds before it kills the container; SIGINT from a terminal.
pub async fn shutdown_signal() {
    let (mut terminate, mut interrupt) = (
        listen(SignalKind::terminate()),
        listen(SignalKind::interrupt()),
    );
    tokio::select! {
        () = received(terminate.as_mut()) => tracing::info!("received SIGTERM"),
        () = received(interrupt.as_mut()) => tracing::info!("received SIGINT"),
    }
}

fn listen(kind: SignalKind) -> Option<Signal> {
    signal(kind)
        .inspect_err(|error| tracing::error!(%error, "failed to listen for a signal"))
        .ok()
}

async fn received(signal: Option<&mut Signal>) {
    match signal {
        Some(signal) => _ = signal.recv().await,
        None => future::pending().await,
    }
}
