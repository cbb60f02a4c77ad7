//! The seam for what a person sees: the simulator's own pages.

use std::future::Future;
use std::pin::Pin;

use function_runtime::{Request, Response};

use super::Simulator;

/// Answers every request that is for none of Google's hosts.
pub trait Pages: Send + Sync + 'static {
    /// Answers one request; what there is to show is read and changed through the simulator.
    fn handle<'a>(
        &'a self,
        simulator: &'a Simulator,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Response> + Send + 'a>>;
}
