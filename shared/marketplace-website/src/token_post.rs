//! The page that posts the Marketplace's token to the vendor, from another site, as in production.

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use function_runtime::Response;
use serde_json::Value;

use super::bad_tokens::BadToken;
use super::page::{self, Form};
use super::storefront::Storefront;

/// Why a token is posted, and where to.
pub(super) struct TokenPost<'a> {
    title: String,
    text: &'static str,
    target: &'a str,
    pace: Pace,
}

/// Whether the page waits for a click.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pace {
    Straight,
    Look,
}

#[derive(Template)]
#[template(path = "marketplace/post.html")]
struct PostPage<'a> {
    store: &'a Storefront,
    title: &'a str,
    text: &'a str,
    target: &'a str,
    token: &'a str,
    look: bool,
    header: String,
    claims: String,
}

impl<'a> TokenPost<'a> {
    pub(super) fn register(store: &'a Storefront, form: &Form) -> Self {
        Self {
            title: format!("Registering with {}", store.vendor),
            text: "Google Cloud Marketplace posts this token to the vendor’s sign-up page. It is \
                   valid for five minutes.",
            target: &store.signup_url,
            pace: Pace::of(form),
        }
    }

    pub(super) fn manage(store: &'a Storefront, form: &Form) -> Option<Self> {
        Some(Self {
            title: format!("To {}", store.vendor),
            text: "Google Cloud Marketplace posts this token to the vendor’s login page. It is \
                   valid for five minutes.",
            target: store.login_url.as_deref()?,
            pace: Pace::of(form),
        })
    }

    pub(super) fn bad(store: &'a Storefront, bad: BadToken) -> Self {
        Self {
            title: bad.label.to_owned(),
            text: bad.story,
            target: &store.signup_url,
            pace: Pace::Look,
        }
    }
}

impl Pace {
    fn of(form: &Form) -> Self {
        match form.value("way") {
            "look" => Self::Look,
            _ => Self::Straight,
        }
    }
}

/// Posts the token at once, or after a look at it.
pub(super) fn page(store: &Storefront, token: &str, post: &TokenPost<'_>) -> Response {
    let mut parts = token.split('.').map(readable);
    page::posting(&PostPage {
        store,
        title: &post.title,
        text: post.text,
        target: post.target,
        token,
        look: post.pace == Pace::Look,
        header: parts.next().unwrap_or_default(),
        claims: parts.next().unwrap_or_default(),
    })
}

/// A part of a token as a person reads it, if it is JSON at all.
fn readable(part: &str) -> String {
    let bytes = URL_SAFE_NO_PAD.decode(part).unwrap_or_default();
    match serde_json::from_slice::<Value>(&bytes) {
        Ok(value) => format!("{value:#}"),
        Err(_) => "not JSON".to_owned(),
    }
}
