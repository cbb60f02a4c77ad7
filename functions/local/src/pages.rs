//! Who answers a browser: the Marketplace, and the demo application beside it.

use std::future::Future;
use std::pin::Pin;

use function_runtime::{Request, Response};
use marketplace_simulator::{Pages, Simulator};
use marketplace_website::Website;

use crate::demo_application::DemoApplication;

/// The Marketplace's pages, and below `/app` those of the demo application, if there is one.
pub struct LocalPages {
    /// The Marketplace.
    pub marketplace: Website,
    /// The vendor's application; none where the vendor has one of its own.
    pub application: Option<DemoApplication>,
}

impl Pages for LocalPages {
    fn handle<'a>(
        &'a self,
        simulator: &'a Simulator,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Response> + Send + 'a>> {
        match &self.application {
            Some(application) if DemoApplication::has(request.path()) => {
                application.handle(simulator, request)
            }
            _ => self.marketplace.handle(simulator, request),
        }
    }
}
