//! Requests that are not what the Marketplace sends: each is refused, and nothing happens.

use marketplace_simulator::Order;

use crate::browser::{Browser, TOKEN};
use crate::customer_function::CustomerFunction;
use crate::refused::Refused;
use crate::setup::FunctionSetup;
use crate::wire::{bare, form_post};

const FORM_TYPE: &str = "Content-Type: application/x-www-form-urlencoded\r\n";

const UNREADABLE: Refused =
    Refused::new(400, "unreadable-form", "the posted form was not readable: ");

/// Makes these tests for a function that customers visit.
#[macro_export]
macro_rules! request_fault_tests {
    ($function:ty: $($name:ident),+) => { $(
        #[tokio::test]
        async fn $name() {
            let unposted = $crate::request_faults::UnpostedToken::<$function>::start().await;
            unposted.$name().await;
            unposted.nothing_happened().await;
        }
    )+ };
    ($function:ty) => {
        $crate::request_fault_tests! {
            $function:
                a_body_that_is_too_large_is_a_413,
                another_content_type_is_a_415,
                a_form_that_is_not_exactly_one_token_is_a_400,
                a_token_in_the_query_or_a_header_is_none,
                twenty_kilobytes_of_cookies_get_a_page_that_says_what_to_do,
                a_wrong_method_is_a_405_that_says_which_are_right,
                an_unknown_path_is_a_404
        }
    };
}

/// A function, and the token of a customer who has not posted it.
pub struct UnpostedToken<F: CustomerFunction> {
    /// The function.
    pub function: F,
    order: Order,
    /// The token.
    pub token: String,
    before: F::Left,
}

impl<F: CustomerFunction> UnpostedToken<F> {
    /// In front of an empty store in memory.
    pub async fn start() -> Self {
        let (function, order) = FunctionSetup::<F>::memory().start_with_customer().await;
        let token = function.buyers_token(&order);
        function.keep_secret(&token);
        function.keep_secret(order.user.as_str());
        Self {
            before: function.left_of(&order.account).await,
            function,
            order,
            token,
        }
    }

    /// Nothing is stored, and Google was asked nothing.
    pub async fn nothing_happened(&self) {
        let left = self.function.left_of(&self.order.account).await;
        assert_eq!(left, self.before);
        assert_eq!(self.function.simulator.calls().all(), []);
    }

    fn browser(&self) -> Browser<F> {
        Browser::new(&self.function)
    }

    async fn is_refused(&self, request: impl AsRef<[u8]>, refused: Refused) {
        let page = self.browser().send(request).await;
        refused.check(&self.function, &page, None);
    }

    /// Sent or announced.
    pub async fn a_body_that_is_too_large_is_a_413(&self) {
        let too_large = Refused::new(413, "body-too-large", "");
        let fields = [(TOKEN, self.token.as_str()), ("x", &"x".repeat(20 * 1024))];
        for path in [F::LANDING, F::FORM] {
            self.is_refused(form_post(path, &fields, ""), too_large)
                .await;
        }
        let announced = format!(
            "POST {} HTTP/1.1\r\nHost: a\r\n{FORM_TYPE}Content-Length: 30000\r\n\r\n",
            F::LANDING
        );
        self.is_refused(announced, too_large).await;
    }

    /// None, another one, or two.
    pub async fn another_content_type_is_a_415(&self) {
        let wrong = Refused::new(415, "wrong-content-type", UNREADABLE.error);
        let body = format!("{TOKEN}={}", self.token);
        for headers in [
            "",
            "Content-Type: text/plain\r\n",
            "Content-Type: application/json\r\n",
            "Content-Type: multipart/form-data; boundary=x\r\n",
            "Content-Type: application/x-www-form-urlencoded\r\nContent-Type: text/plain\r\n",
        ] {
            self.is_refused(post::<F>(headers, &body), wrong).await;
        }
    }

    /// None, two, too many fields, or no text.
    pub async fn a_form_that_is_not_exactly_one_token_is_a_400(&self) {
        let token = &self.token;
        let twice = format!("{TOKEN}={token}&{TOKEN}={token}");
        let many = format!("{TOKEN}={token}{}", "&x=1".repeat(40));
        for (body, error) in [
            ("", "a field is missing"),
            ("token=a", "a field is missing"),
            ("X-GCP-Marketplace-Token=a", "a field is missing"),
            (twice.as_str(), "a field was posted twice"),
            (many.as_str(), "the form has too many fields"),
            ("x-gcp-marketplace-token=%FF", "the form is not UTF-8"),
            ("x=%C3&x-gcp-marketplace-token=a", "the form is not UTF-8"),
        ] {
            let refused = Refused {
                error,
                ..UNREADABLE
            };
            self.is_refused(post::<F>(FORM_TYPE, body), refused).await;
        }
        let mut bytes = post::<F>(FORM_TYPE, "x=1").into_bytes();
        *bytes.last_mut().unwrap() = 0xff;
        self.is_refused(bytes, UNREADABLE).await;
    }

    /// It is read from the form alone.
    pub async fn a_token_in_the_query_or_a_header_is_none(&self) {
        let token = &self.token;
        let target = format!("{}?{TOKEN}={token}", F::LANDING);
        self.is_refused(form_post(&target, &[], ""), UNREADABLE)
            .await;
        let headers = format!(
            "{FORM_TYPE}{TOKEN}: {token}\r\nAuthorization: Bearer {token}\r\n\
             Cookie: {TOKEN}={token}\r\n"
        );
        self.is_refused(post::<F>(&headers, ""), UNREADABLE).await;
    }

    /// And a line in the log.
    pub async fn twenty_kilobytes_of_cookies_get_a_page_that_says_what_to_do(&self) {
        let too_large = Refused::new(431, "head-too-large", "the head is too large");
        let cookies = format!("Cookie: a={}\r\n", "x".repeat(20_000));
        let post = form_post(F::LANDING, &[(TOKEN, &self.token)], &cookies);
        for request in [bare("GET", F::LANDING, &cookies), post] {
            let page = self.browser().send(request).await;
            too_large.check(&self.function, &page, None);
            assert!(page.body.contains("Your browser sends too many cookies"));
            assert!(page.body.contains("please delete the cookies"));
        }
    }

    /// With and without the token.
    pub async fn a_wrong_method_is_a_405_that_says_which_are_right(&self) {
        let error = "the path does not accept this method";
        let wrong = Refused::new(405, "method-not-allowed", error);
        for path in [F::LANDING, F::FORM] {
            for method in ["PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"] {
                let page = self.browser().send(bare(method, path, "")).await;
                wrong.check(&self.function, &page, None);
                assert_eq!(page.header("allow"), Some("GET, HEAD, POST"));
            }
        }
        let request = form_post(F::LANDING, &[(TOKEN, &self.token)], "");
        self.is_refused(request.replacen("POST", "PUT", 1), wrong)
            .await;
    }

    /// Almost its own paths, and those of the other function.
    pub async fn an_unknown_path_is_a_404(&self) {
        let unknown = Refused::new(404, "not-found", "nothing has this path");
        let (own, form) = (F::LANDING, F::FORM);
        let others = ["/login", "/signup"]
            .into_iter()
            .filter(|path| *path != own);
        let mut paths: Vec<_> = others.map(ToOwned::to_owned).collect();
        paths.extend(["/", "/Login", "/Signup"].map(ToOwned::to_owned));
        paths.extend([format!("{own}//"), format!("{form}/")]);
        paths.extend([format!("{own}/callback"), format!("/%2e%2e{own}")]);
        for path in paths {
            self.is_refused(bare("GET", &path, ""), unknown).await;
            let post = form_post(&path, &[(TOKEN, &self.token)], "");
            self.is_refused(post, unknown).await;
        }
    }
}

fn post<F: CustomerFunction>(headers: &str, body: &str) -> String {
    format!(
        "POST {} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{headers}\
         Content-Length: {}\r\n\r\n{body}",
        F::LANDING,
        body.len()
    )
}
