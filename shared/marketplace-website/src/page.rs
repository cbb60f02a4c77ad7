//! What every page has in common: its headers, its forms, the wait for a change, and the page that says no.
//!
//! Pages of others at this origin, such as a vendor's demo application, are made of the same.

mod form;
mod waiting;

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use function_runtime::{Request, Response, html, text};
use http::{HeaderValue, Method, StatusCode, header};
use marketplace_simulator::{NotPossible, Simulator};
use sha2::{Digest as _, Sha256};

pub use form::Form;
pub use marketplace_simulator::cookie;
pub use waiting::answer_when_changed;

/// Only what this origin serves itself, and forms only to itself.
const OWN: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
                   connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// The same for a page whose form is for somebody else, who may redirect on.
const POSTING: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
                       base-uri 'none'; frame-ancestors 'none'";

/// Why there is no page of the kind that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// The status of the answer.
    pub status: StatusCode,
    /// The heading.
    pub title: &'static str,
    /// What the person reads.
    pub text: &'static str,
}

/// A word with a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chip {
    /// The word, or a few.
    pub text: &'static str,
    /// `good`, `wait`, `bad`, or none.
    pub tone: &'static str,
}

impl Refusal {
    /// There is no such page, or no such customer any more.
    pub const NOT_FOUND: Self = Self {
        status: StatusCode::NOT_FOUND,
        title: "There is nothing here",
        text: "Google deletes a customer’s account some time after its last order, and the simulator \
               forgets all customers when it is restarted.",
    };
    /// Another site made this browser post.
    pub const FOREIGN: Self = Self {
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
struct MessagePage<'a> {
    title: &'static str,
    text: &'static str,
    back: &'a str,
}

/// A page of this origin's, whose forms are for this origin.
pub fn own(status: StatusCode, page: &impl Template) -> Response {
    with_policy(status, page, OWN)
}

/// A page with a form for somebody else.
pub(crate) fn posting(page: &impl Template) -> Response {
    with_policy(StatusCode::OK, page, POSTING)
}

/// The page, or 304 if the browser has it as it is.
pub fn unless_known(request: &Request, page: &impl Template) -> Response {
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

/// The page that says no, and leads to the Marketplace.
pub fn refusal(refusal: &Refusal) -> Response {
    refusal_with_way_back(refusal, "/")
}

/// The page that says no, and leads back to this path.
pub(crate) fn refusal_with_way_back(refusal: &Refusal, back: &str) -> Response {
    let page = MessagePage {
        title: refusal.title,
        text: refusal.text,
        back,
    };
    own(refusal.status, &page)
}

/// Refuses what another site made this browser post.
pub fn check_origin(simulator: &Simulator, request: &Request) -> Result<(), Refusal> {
    match request.header("origin") {
        Some(origin) if origin != simulator.origin() => Err(Refusal::FOREIGN),
        _ => Ok(()),
    }
}

/// A file that a page loads, of this content type.
pub fn asset(kind: &'static str, body: &'static str) -> Response {
    let mut response = text(StatusCode::OK, body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

/// The segments of a path: one empty one of `/`.
pub fn segments(path: &str) -> Vec<&str> {
    path.strip_prefix('/').unwrap_or(path).split('/').collect()
}

/// The same page at the simulator's own address, if the browser asked by another name.
///
/// `localhost` is Portico's name: if the Marketplace answered to it too, both were one site, and
/// cookies behaved as they never do in production.
pub fn own_address(simulator: &Simulator, request: &Request) -> Option<String> {
    let origin = simulator.origin();
    let host = request.header("host")?;
    let is_own = origin.strip_prefix("http://") == Some(host);
    (!is_own && request.method == Method::GET).then(|| format!("{origin}{}", request.path()))
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
