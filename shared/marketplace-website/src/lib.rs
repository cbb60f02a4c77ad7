#![doc = include_str!("../README.md")]

mod assets;
mod bad_tokens;
mod bill;
mod clock_line;
mod customer_actions;
mod delivery_faults;
mod google_actions;
mod listing;
mod log_rows;
mod login_options;
mod order_buttons;
mod order_transitions;
pub mod page;
mod private_offer;
mod program_endpoint;
mod published_events;
mod purchase_progress;
mod scheduler;
mod service_account_rows;
mod storefront;
mod token_post;
mod visitor;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use function_runtime::{Request, Response};
use http::Method;
use marketplace_simulator::{Pages, Simulator};

use page::{Form, Refusal};
use visitor::Me;

pub use bill::amount_of;
pub use program_endpoint::ProgramEndpoint;
pub use scheduler::Scheduler;
pub use storefront::Storefront;

/// The Marketplace's pages: give them to [`Simulator::serve`].
pub struct Website {
    storefront: Storefront,
    scheduler: Option<Arc<Scheduler>>,
}

impl Website {
    /// The pages of a Marketplace that offers this.
    pub fn new(storefront: Storefront) -> Self {
        Self {
            storefront,
            scheduler: None,
        }
    }

    /// With buttons that run its jobs at once, and their calls in the log. The caller
    /// [runs](Scheduler::run) it.
    #[must_use]
    pub fn with_scheduler(mut self, scheduler: Arc<Scheduler>) -> Self {
        self.scheduler = Some(scheduler);
        self
    }

    fn answer(&self, simulator: &Simulator, request: &Request) -> Result<Response, Refusal> {
        let path = request.path();
        if let Some(elsewhere) = page::own_address(simulator, request) {
            return Ok(function_runtime::redirect_303(&elsewhere));
        }
        match (&request.method, page::segments(path).as_slice()) {
            (&Method::GET, ["assets", file]) => assets::answer(file),
            (&Method::GET, [""]) => listing::latest(simulator, self, request),
            (&Method::GET, ["events"]) => Ok(published_events::page(simulator, request)),
            (&Method::GET, ["new"]) => listing::page(simulator, self, request, &Me::new_customer()),
            (&Method::GET, ["customers", account, person]) => {
                let me = Me::find(simulator, account, person)?;
                listing::page(simulator, self, request, &me)
            }
            (&Method::POST, [area @ ("entrance" | "marketplace" | "google"), action]) => {
                page::check_origin(simulator, request)?;
                let form = Form::read(&request.body);
                let answer = self.act(simulator, area, action, &form);
                Ok(answer.unwrap_or_else(|reason| {
                    page::refusal_with_way_back(&reason, &Me::path_of(simulator, &form))
                }))
            }
            _ => Err(Refusal::NOT_FOUND),
        }
    }

    fn act(
        &self,
        simulator: &Simulator,
        area: &str,
        action: &str,
        form: &Form,
    ) -> Result<Response, Refusal> {
        match area {
            "entrance" => login_options::act(simulator, action, form),
            "google" => google_actions::act(simulator, self.scheduler.as_deref(), action, form),
            _ => customer_actions::act(simulator, &self.storefront, action, form),
        }
    }
}

impl Pages for Website {
    fn handle<'a>(
        &'a self,
        simulator: &'a Simulator,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Response> + Send + 'a>> {
        Box::pin(async move {
            let scheduled = self.scheduler.as_ref().map(|scheduler| scheduler.changes());
            let answer = || self.answer(simulator, &request);
            page::answer_when_changed(simulator, &request, scheduled, answer).await
        })
    }
}
