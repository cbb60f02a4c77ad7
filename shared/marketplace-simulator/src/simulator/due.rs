//! What falls due while nobody makes time pass.

use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::sleep;

use crate::settings::Activation;
use crate::simulated_google::SimulatedGoogle;

/// Brings it about from now on, until the simulator ends. Only where activation takes a time of its own, and
/// there is a runtime.
pub(super) fn bring_about(google: &Arc<SimulatedGoogle>) {
    if let (Activation::After(_), Ok(runtime)) = (google.settings.activation, Handle::try_current())
    {
        runtime.spawn(run(Arc::downgrade(google), google.changes()));
    }
}

async fn run(google: Weak<SimulatedGoogle>, mut changes: watch::Receiver<u64>) {
    loop {
        changes.mark_unchanged();
        let Some(due) = google.upgrade().map(|google| google.until_due()) else {
            return;
        };
        // Only where the simulator has ended, there are no more changes.
        let one_more = async { changes.changed().await.is_ok() };
        let goes_on = tokio::select! {
            goes_on = one_more => goes_on,
            () = after(due) => catch_up(&google),
        };
        if !goes_on {
            return;
        }
    }
}

/// Whether the simulator goes on.
fn catch_up(google: &Weak<SimulatedGoogle>) -> bool {
    let google = google.upgrade();
    if let Some(google) = &google {
        google.catch_up();
    }
    google.is_some()
}

async fn after(wait: Option<Duration>) {
    match wait {
        Some(wait) => sleep(wait).await,
        None => std::future::pending().await,
    }
}
