//! The pages about events.

use askama::Template;
use function_runtime::{Request, Response};
use marketplace_simulator::Simulator;
use marketplace_website::page;

use super::cloud_event::EventText;
use super::message_page::product;

#[derive(Template)]
#[template(path = "application/events.html")]
struct EventsPage<'a> {
    product: &'a str,
    events: Vec<EventText>,
    names_accounts: bool,
}

/// The events of all customers. A real application would show them to its own staff.
pub(super) fn events(simulator: &Simulator, request: &Request, events: Vec<EventText>) -> Response {
    let page = EventsPage {
        product: product(simulator),
        events,
        names_accounts: true,
    };
    page::unless_known(request, &page)
}
