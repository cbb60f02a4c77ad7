//! What the application shows of the access that a customer has granted.

use askama::Template;
use function_runtime::{Request, Response};
use http::StatusCode;
use marketplace_simulator::{Grant, Simulator};
use marketplace_website::page;

use super::link_request::NoLink;
use super::message_page::product;

pub(super) struct GrantedAccess {
    /// The address of their service account, once they have a link.
    pub(super) service_account: Option<String>,
    pub(super) grants: Vec<Grant>,
}

#[derive(Template)]
#[template(path = "application/granted.html")]
struct Granted<'a> {
    product: &'a str,
    access: &'a GrantedAccess,
}

#[derive(Template)]
#[template(path = "application/no_link.html")]
struct NoLinkPage<'a> {
    product: &'a str,
    text: &'a str,
    /// The status that Portico answered, and its code; none if it did not.
    problem: Option<(u16, &'a str)>,
}

impl GrantedAccess {
    /// A real application cannot look this up: it tries what it needs, as the service account.
    pub(super) fn of(simulator: &Simulator, service_account: Option<String>) -> Self {
        let mut grants = simulator.grants();
        grants.retain(|grant| Some(&grant.service_account) == service_account.as_ref());
        Self {
            service_account,
            grants,
        }
    }
}

/// The customer is back from Google's page.
pub(super) fn granted(
    simulator: &Simulator,
    request: &Request,
    access: &GrantedAccess,
) -> Response {
    let page = Granted {
        product: product(simulator),
        access,
    };
    page::unless_known(request, &page)
}

/// Portico gave no link. A real application would notify its developers, and ask the customer to come back later.
pub(super) fn no_link(simulator: &Simulator, no_link: &NoLink) -> Response {
    let (status, text, problem) = match no_link {
        NoLink::Problem(problem) => (
            StatusCode::from_u16(problem.status).unwrap_or(StatusCode::BAD_GATEWAY),
            problem.detail.as_str(),
            Some((problem.status, problem.code.as_str())),
        ),
        NoLink::Unclear => (
            StatusCode::BAD_GATEWAY,
            "Portico did not answer, or not as it should.",
            None,
        ),
    };
    let page = NoLinkPage {
        product: product(simulator),
        text,
        problem,
    };
    page::own(status, &page)
}
