//! The page of a sign-in that did not go through, with another try.

use askama::Template;
use function_runtime::Response;
use http::StatusCode;

use super::{POLICIES, STYLE, answer};
use crate::Branding;

/// Why there is nothing to go on with yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignInTrouble {
    /// Somebody else signed in. Neither of the two is named.
    SomebodyElse,
    /// The person did not consent.
    Denied,
    /// Google, or the check of what it said, refused the sign-in.
    Refused,
    /// The callback is of an attempt that is over.
    Over,
}

/// What the log, the status line and the customer get of it.
struct TroubleTexts {
    name: &'static str,
    status: StatusCode,
    title: &'static str,
    text: &'static str,
}

impl SignInTrouble {
    /// Its name in the log.
    pub(crate) fn name(self) -> &'static str {
        self.texts().name
    }

    fn texts(self) -> TroubleTexts {
        let (name, status, title, text) = match self {
            Self::SomebodyElse => (
                "wrong-person",
                StatusCode::FORBIDDEN,
                "That was another Google account",
                "You came from Google Cloud Marketplace with one Google account and signed in with \
                 another. Please choose the account that you use in the Marketplace.",
            ),
            Self::Denied => (
                "sign-in-denied",
                StatusCode::FORBIDDEN,
                "You have not signed in",
                "Google was not allowed to tell us who you are. We only compare your Google account \
                 with the one that you use in Google Cloud Marketplace.",
            ),
            Self::Refused => (
                "sign-in-refused",
                StatusCode::FORBIDDEN,
                "The sign-in did not work",
                "Google could not confirm who you are. Please try again: that usually helps.",
            ),
            Self::Over => (
                "sign-in-over",
                StatusCode::GONE,
                "This sign-in is over",
                "It was used before, or you have started another one since.",
            ),
        };
        TroubleTexts {
            name,
            status,
            title,
            text,
        }
    }
}

/// The page that says what happened and leads to another try.
pub(crate) fn sign_in(branding: &Branding, trouble: SignInTrouble, another_try: &str) -> Response {
    let texts = trouble.texts();
    let page = SignInPage {
        branding,
        style: STYLE,
        title: texts.title,
        text: texts.text,
        another_try,
    };
    let page = page.render();
    answer(texts.status, page, &POLICIES.plain, "no-referrer")
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage<'a> {
    branding: &'a Branding,
    style: &'a str,
    title: &'a str,
    text: &'a str,
    another_try: &'a str,
}
