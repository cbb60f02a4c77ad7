//! Everything a customer sees.
//!
//! Pages are complete without script and without any third party. Each goes out under a content
//! security policy that allows exactly its own inline style and script, by hash. Pages with a form
//! send `Referrer-Policy: strict-origin`, because `no-referrer` makes browsers post
//! `Origin: null`; and a form's answer never redirects away from our origin, because browsers apply
//! `form-action` to the redirects that follow a post. The hand-off page alone has no `form-action`:
//! its target is configuration, and the application may redirect on.
//!
//! Browsers do not check the registration form, and do not limit what is pasted: they would refuse what we
//! understand, such as an address without `https://`, and cut off silently what is too long.

mod forms;
mod rejections;
mod sign_in_trouble;

use std::sync::LazyLock;

use askama::Template;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use function_runtime::{Response, html};
use http::{HeaderValue, StatusCode, header};
use sha2::{Digest as _, Sha256};
use url::Url;

pub use self::forms::{FormTarget, Input, OrderRow, orders, register};
pub(crate) use self::rejections::RejectionPages;
pub(crate) use self::sign_in_trouble::{SignInTrouble, sign_in};
use crate::Branding;

const STYLE: &str = include_str!("../templates/style.css");
const SUBMIT: &str = "document.forms[0].submit()";

/// What a page says that has nothing but a title and a sentence.
#[derive(Debug, Clone, Copy)]
pub struct PageMessage<'a> {
    /// The title.
    pub title: &'a str,
    /// The sentence.
    pub text: &'a str,
}

/// A page with a title, a sentence, and the two ways out.
pub fn message(branding: &Branding, status: StatusCode, message: &PageMessage<'_>) -> Response {
    let page = MessagePage {
        branding,
        style: STYLE,
        title: message.title,
        message: message.text,
    };
    answer(status, page.render(), &POLICIES.plain, "no-referrer")
}

/// The page that posts the hand-off to the application, by itself or by its button.
pub(crate) fn hand_off(branding: &Branding, application: &Url, token: &str) -> Response {
    let page = HandOffPage {
        branding,
        style: STYLE,
        script: SUBMIT,
        action: application.as_str(),
        token,
    };
    answer(
        StatusCode::OK,
        page.render(),
        &POLICIES.hand_off,
        "strict-origin",
    )
}

#[derive(Template)]
#[template(path = "message.html")]
struct MessagePage<'a> {
    branding: &'a Branding,
    style: &'a str,
    title: &'a str,
    message: &'a str,
}

#[derive(Template)]
#[template(path = "hand_off.html")]
struct HandOffPage<'a> {
    branding: &'a Branding,
    style: &'a str,
    script: &'a str,
    action: &'a str,
    token: &'a str,
}

struct Policies {
    plain: HeaderValue,
    form: HeaderValue,
    hand_off: HeaderValue,
}

static POLICIES: LazyLock<Policies> = LazyLock::new(|| {
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
    let base = format!(
        "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; style-src {}",
        hash(STYLE)
    );
    // Visible ASCII by construction; should that ever change, the strictest policy is sent.
    let value = |text: String| {
        HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("default-src 'none'"))
    };
    Policies {
        plain: value(format!("{base}; form-action 'none'")),
        form: value(format!("{base}; form-action 'self'")),
        hand_off: value(format!("{base}; script-src {}", hash(SUBMIT))),
    }
});

fn answer(
    status: StatusCode,
    page: askama::Result<String>,
    policy: &HeaderValue,
    referrer: &'static str,
) -> Response {
    // Rendering writes to memory and cannot fail; an empty page is still no panic.
    rendered(status, page.unwrap_or_default(), policy, referrer)
}

fn rendered(
    status: StatusCode,
    page: impl Into<Bytes>,
    policy: &HeaderValue,
    referrer: &'static str,
) -> Response {
    let mut response = html(status, page);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy.clone());
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static(referrer));
    response
}
