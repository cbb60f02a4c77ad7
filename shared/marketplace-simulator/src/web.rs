//! What a person sees: the Marketplace as a customer meets it, and a vendor's demo application.
//!
//! | route | does |
//! |---|---|
//! | `GET /` | to the customer who was there last, or as `/new` |
//! | `GET /new` | the listing, as seen by a new customer |
//! | `GET /customers/{account}/{person}` | the listing, as seen by this person of this customer |
//! | `POST /entrance/…` | how people sign in: their roles, and who comes back from Google's chooser |
//! | `POST /marketplace/…` | what customers do: purchase, register, manage, add a colleague |
//! | `POST /google/…` | what Google, time and the vendor's operator do: keys, faults, terms, approvals |
//! | `GET /assets/{file}` | style, script and pictures |
//! | `/app/…` | the demo application |

mod application;
mod assets;
mod bad_tokens;
mod bill;
mod customer_actions;
mod delivery_faults;
mod form;
mod google_actions;
mod listing;
mod log_rows;
mod login_options;
mod order_buttons;
mod order_transitions;
mod page;
mod private_offer;
mod purchase_progress;
mod scheduler;
mod service_account_rows;
mod storefront;
mod token_post;
mod visitor;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use function_runtime::{Request, Response};
use http::{Method, StatusCode};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use crate::simulator::Pages;
use crate::simulator::Simulator;
use application::Application;
use form::Form;
use page::Refusal;
use visitor::Me;

pub use scheduler::Scheduler;
pub use storefront::{ProgramEndpoint, Storefront};

/// How long a page that waits for a change is kept waiting: less than browsers do by themselves.
const PATIENCE: Duration = Duration::from_secs(25);

/// Pushes what is published to the vendor's own topics to the demo application, which shows it.
pub fn subscribe_application(simulator: &Simulator) {
    Application::subscribe(simulator);
}

/// The simulator's pages: give them to [`Simulator::serve`].
pub struct Website {
    storefront: Storefront,
    application: Application,
    scheduler: Option<Arc<Scheduler>>,
}

impl Website {
    /// The pages of a Marketplace that offers this.
    pub fn new(storefront: Storefront) -> Self {
        Self {
            application: Application::new(&storefront),
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
        if let Some(elsewhere) = own_address(simulator, request) {
            return Ok(function_runtime::redirect_303(&elsewhere));
        }
        match (&request.method, segments(path).as_slice()) {
            (&Method::POST, ["entrance", action]) => {
                page::check_origin(simulator, request)?;
                login_options::act(simulator, action, &Form::read(&request.body))
            }
            (_, ["app", rest @ ..]) => self.application.answer(simulator, request, rest),
            (&Method::GET, ["assets", file]) => assets::answer(file),
            (&Method::GET, [""]) => listing::latest(simulator, self, request),
            (&Method::GET, ["new"]) => listing::page(simulator, self, request, &Me::new_customer()),
            (&Method::GET, ["customers", account, person]) => {
                let me = Me::find(simulator, account, person)?;
                listing::page(simulator, self, request, &me)
            }
            (&Method::POST, [area @ ("marketplace" | "google"), action]) => {
                page::check_origin(simulator, request)?;
                let form = Form::read(&request.body);
                match *area {
                    "google" => {
                        google_actions::act(simulator, self.scheduler.as_deref(), action, &form)
                    }
                    _ => customer_actions::act(simulator, &self.storefront, action, &form),
                }
            }
            _ => Err(Refusal::NOT_FOUND),
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
            // Only these requests wait for Portico.
            if let Some(answered) = self.application.call(simulator, &request).await {
                return answered.unwrap_or_else(|refusal| page::refusal(&refusal));
            }
            let patience = Instant::now() + PATIENCE;
            loop {
                let (mut calls, mut state) = (simulator.calls().changes(), simulator.changes());
                let mut pushed = simulator.events().changes();
                let mut published = simulator.published().changes();
                let mut application = self.application.changes();
                let mut scheduled = self.scheduler.as_ref().map(|job| job.changes());
                let answered = self.answer(simulator, &request);
                let answer = answered.unwrap_or_else(|refusal| page::refusal(&refusal));
                if !waits(&request) || answer.status() != StatusCode::NOT_MODIFIED {
                    return answer;
                }
                tokio::select! {
                    _ = calls.changed() => {}
                    _ = state.changed() => {}
                    _ = pushed.changed() => {}
                    _ = published.changed() => {}
                    _ = application.changed() => {}
                    () = changed(scheduled.as_mut()) => {}
                    () = sleep_until(patience) => return answer,
                }
            }
        })
    }
}

/// Waits for a change; for ever if there is nothing that could change.
async fn changed(revision: Option<&mut watch::Receiver<u64>>) {
    match revision {
        // The website holds the sender, so waiting does not fail.
        Some(revision) => drop(revision.changed().await),
        None => std::future::pending().await,
    }
}

/// Whether the page would rather wait for a change than hear that there is none (RFC 7240).
fn waits(request: &Request) -> bool {
    request.header("prefer") == Some("wait")
}

/// The same page at the simulator's own address, if the browser asked by another name.
///
/// `localhost` is Portico's name: if the Marketplace answered to it too, both were one site, and
/// cookies behaved as they never do in production.
fn own_address(simulator: &Simulator, request: &Request) -> Option<String> {
    let origin = simulator.origin();
    let host = request.header("host")?;
    let is_own = origin.strip_prefix("http://") == Some(host);
    (!is_own && request.method == Method::GET).then(|| format!("{origin}{}", request.path()))
}

fn segments(path: &str) -> Vec<&str> {
    path.strip_prefix('/').unwrap_or(path).split('/').collect()
}
