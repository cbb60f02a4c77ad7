//! The pages for rejections.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use askama::Template as _;
use bytes::Bytes;
use function_runtime::{Rejection, Response};
use http::StatusCode;

use super::{MessagePage, POLICIES, STYLE, rendered};
use crate::Branding;

/// The pages of one function, each rendered once: most requests that are refused, by far, are none of a customer's, and
/// they should cost little.
#[derive(Default)]
pub(crate) struct RejectionPages(Mutex<BTreeMap<Said, Bytes>>);

/// Title and sentence. Both are constants of the program, so that there are only so many pages.
type Said = (&'static str, &'static str);

impl RejectionPages {
    /// The page for a rejection, under the one branding that the function has.
    pub(crate) fn page(&self, branding: &Branding, rejection: &Rejection) -> Response {
        let said = (title(rejection), rejection.message);
        let page = {
            // Nothing panics while it holds the lock, and pages are only added.
            let mut pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let page = pages.entry(said).or_insert_with(|| render(branding, said));
            page.clone()
        };
        rendered(rejection.status, page, &POLICIES.plain, "no-referrer")
    }
}

fn render(branding: &Branding, (title, message): Said) -> Bytes {
    let page = MessagePage {
        branding,
        style: STYLE,
        title,
        message,
    };
    // Rendering writes to memory and cannot fail; an empty page is still no panic.
    page.render().unwrap_or_default().into()
}

fn title(rejection: &Rejection) -> &'static str {
    match rejection.status {
        StatusCode::NOT_FOUND => "There is nothing here",
        StatusCode::SERVICE_UNAVAILABLE => "This does not work at the moment",
        StatusCode::GONE => "This page has expired",
        StatusCode::FORBIDDEN => "We cannot let you in yet",
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => "Your browser sends too many cookies",
        status if status.is_server_error() => "Something went wrong on our side",
        _ => "Please start again from the Marketplace",
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;
    use url::Url;

    use super::*;
    use crate::pages::{PageMessage, message};

    fn branding() -> Branding {
        let url = |text: &str| Url::parse(text).unwrap();
        Branding {
            vendor_name: "Example & Söhne".to_owned(),
            support_url: url("https://example.com/support"),
            listing_url: url("https://example.com/listing"),
        }
    }

    #[tokio::test]
    async fn a_page_that_was_rendered_before_is_the_same_again() {
        let (branding, pages) = (branding(), RejectionPages::default());
        let rejections = [
            Rejection::not_found(),
            Rejection::head_too_large(),
            // Of one status, but another sentence.
            Rejection::bad_request("a", "One."),
            Rejection::bad_request("b", "Another."),
            Rejection::not_found(),
        ];
        for rejection in rejections {
            let said = PageMessage {
                title: title(&rejection),
                text: rejection.message,
            };
            let expected = message(&branding, rejection.status, &said);
            for _ in 0..2 {
                let page = pages.page(&branding, &rejection);
                assert_eq!(page.status(), rejection.status);
                assert_eq!(page.headers(), expected.headers());
                let page = page.into_body().collect().await.unwrap().to_bytes();
                let expected = expected.clone().into_body().collect().await;
                assert_eq!(page, expected.unwrap().to_bytes());
            }
        }
    }
}
