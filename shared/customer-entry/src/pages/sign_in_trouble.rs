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

impl SignInTrouble {
    /// Its name in the log.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::SomebodyElse => "wrong-person",
            Self::Denied => "sign-in-denied",
            Self::Refused => "sign-in-refused",
            Self::Over => "sign-in-over",
        }
    }

    fn status(self) -> StatusCode {
        match self {
            Self::SomebodyElse | Self::Denied | Self::Refused => StatusCode::FORBIDDEN,
            Self::Over => StatusCode::GONE,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::SomebodyElse => "That was another Google account",
            Self::Denied => "You have not signed in",
            Self::Refused => "The sign-in did not work",
            Self::Over => "This sign-in is over",
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::SomebodyElse => {
                "You came from Google Cloud Marketplace with one Google account and signed in with \
                 another. Please choose the account that you use in the Marketplace."
            }
            Self::Denied => {
                "Google was not allowed to tell us who you are. We only compare your Google \
                 account with the one that you use in Google Cloud Marketplace."
            }
            Self::Refused => {
                "Google could not confirm who you are. Please try again: that usually helps."
            }
            Self::Over => "It was used before, or you have started another one since.",
        }
    }
}

/// The page that says what happened and leads to another try.
pub(crate) fn sign_in(branding: &Branding, trouble: SignInTrouble, another_try: &str) -> Response {
    let page = SignInPage {
        branding,
        style: STYLE,
        title: trouble.title(),
        text: trouble.text(),
        another_try,
    };
    answer(
        trouble.status(),
        page.render(),
        &POLICIES.plain,
        "no-referrer",
    )
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
