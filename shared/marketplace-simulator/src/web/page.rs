//! What every page has in common: its headers, and the page that says no.

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use function_runtime::{Request, Response, html};
use http::{HeaderValue, StatusCode, header};
use sha2::{Digest as _, Sha256};

use crate::marketplace_state::NotPossible;
use crate::simulator::Simulator;

/// Only what this origin serves itself, and forms only to itself.
const OWN: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
                   connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// The same for a page whose form is for somebody else, who may redirect on.
const POSTING: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
                       base-uri 'none'; frame-ancestors 'none'";

/// Why there is no page of the kind that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) title: &'static str,
    pub(super) text: &'static str,
}

impl Refusal {
    pub(super) const NOT_FOUND: Self = Self {
        status: StatusCode::NOT_FOUND,
        title: "There is nothing here",
        text: "Google deletes a customer’s account some time after its last order, and the simulator \
               forgets all customers when it is restarted.",
    };
    pub(super) const FOREIGN: Self = Self {
        status: StatusCode::FORBIDDEN,
        title: "Not from here",
        text: "This was posted from another site. Use the buttons of the Marketplace.",
    };
}

impl From<NotPossible> for Refusal {
    fn from(reason: NotPossible) -> Self {
        let text = match reason {
            NotPossible::UnknownAccount => "There is no such customer.",
            NotPossible::UnknownUser => "This customer has no such user.",
            NotPossible::UnknownEntitlement => "There is no such order.",
            NotPossible::UnknownPlan => "This plan is not for sale.",
            NotPossible::WrongState => {
                "It has been decided already, and Google allows no other \
                                        decision now."
            }
        };
        Self {
            status: StatusCode::CONFLICT,
            title: "Google would not do that",
            text,
        }
    }
}

#[derive(Template)]
#[template(path = "marketplace/message.html")]
struct MessagePage {
    title: &'static str,
    text: &'static str,
}

pub(super) fn own(status: StatusCode, page: &impl Template) -> Response {
    with_policy(status, page, OWN)
}

/// A page with a form for somebody else.
pub(super) fn posting(page: &impl Template) -> Response {
    with_policy(StatusCode::OK, page, POSTING)
}

/// The page, or 304 if the browser has it as it is.
pub(super) fn unless_known(request: &Request, page: &impl Template) -> Response {
    let body = render(page);
    let tag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(Sha256::digest(&body)));
    if request.header("if-none-match") == Some(&tag) {
        return function_runtime::status(StatusCode::NOT_MODIFIED);
    }
    let mut response = answer(StatusCode::OK, body, OWN);
    if let Ok(tag) = HeaderValue::try_from(tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

pub(super) fn refusal(refusal: &Refusal) -> Response {
    let page = MessagePage {
        title: refusal.title,
        text: refusal.text,
    };
    own(refusal.status, &page)
}

/// Refuses what another site made this browser post.
pub(super) fn check_origin(simulator: &Simulator, request: &Request) -> Result<(), Refusal> {
    match request.header("origin") {
        Some(origin) if origin != simulator.origin() => Err(Refusal::FOREIGN),
        _ => Ok(()),
    }
}

fn with_policy(status: StatusCode, page: &impl Template, policy: &'static str) -> Response {
    answer(status, render(page), policy)
}

fn answer(status: StatusCode, body: String, policy: &'static str) -> Response {
    let mut response = html(status, body);
    let headers = response.headers_mut();
    let policy = HeaderValue::from_static(policy);
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    // With `no-referrer`, browsers post `Origin: null`.
    let referrer = HeaderValue::from_static("strict-origin");
    headers.insert(header::REFERRER_POLICY, referrer);
    response
}

/// Rendering writes to memory and cannot fail; an empty page is still no panic.
fn render(page: &impl Template) -> String {
    page.render().unwrap_or_default()
}
