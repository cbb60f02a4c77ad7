//! Requests that are not what the Marketplace sends.

use function_tests::browser::TOKEN;
use function_tests::refused::Refused;
use function_tests::wire::{bare, form_post};
use marketplace_simulator::Order;

use crate::function::{Left, Setup, TestFunction};

const FORM: &str = "application/x-www-form-urlencoded";

const UNREADABLE: Refused = Refused {
    status: 400,
    code: "unreadable-form",
    retry_after: None,
    error: "the posted form was not readable: ",
};

struct Ready {
    function: TestFunction,
    order: Order,
    token: String,
    before: Left,
}

async fn ready() -> Ready {
    let function = Setup::memory().start().await;
    let order = function.registered().await;
    let token = function.buyers_token(&order);
    function.keep_secret(&token);
    function.keep_secret(order.user.as_str());
    let before = function.left(&order.account).await;
    Ready {
        function,
        order,
        token,
        before,
    }
}

impl Ready {
    async fn nothing_happened(&self) {
        let left = self.function.left(&self.order.account).await;
        assert_eq!(left, self.before);
        assert_eq!(self.function.simulator.calls().all(), []);
    }
}

fn post(headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST /login HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{headers}\
         Content-Length: {length}\r\n\r\n{body}"
    )
}

#[tokio::test]
async fn a_body_that_is_too_large_is_a_413() {
    let ready = ready().await;
    let function = &ready.function;
    let too_large = Refused {
        status: 413,
        code: "body-too-large",
        retry_after: None,
        error: "",
    };
    let fields = [(TOKEN, ready.token.as_str()), ("x", &"x".repeat(16 * 1024))];
    for target in ["/login", "/login/orders"] {
        let page = function.browser().post(target, &fields).await;
        too_large.check(function, &page, None);
    }
    ready.nothing_happened().await;
}

#[tokio::test]
async fn a_body_that_is_no_form_is_a_415() {
    let ready = ready().await;
    let wrong = Refused {
        status: 415,
        code: "wrong-content-type",
        ..UNREADABLE
    };
    let body = format!("{TOKEN}={}", ready.token);
    for headers in [
        "",
        "Content-Type: text/plain\r\n",
        "Content-Type: application/json\r\n",
        "Content-Type: multipart/form-data; boundary=x\r\n",
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Type: text/plain\r\n",
    ] {
        let page = ready.function.browser().send(post(headers, &body)).await;
        wrong.check(&ready.function, &page, None);
    }
    ready.nothing_happened().await;
}

#[tokio::test]
async fn a_form_that_is_not_exactly_one_token_is_a_400() {
    let ready = ready().await;
    let token = &ready.token;
    let twice = format!("{TOKEN}={token}&{TOKEN}={token}");
    let many = format!("{TOKEN}={token}{}", "&x=1".repeat(40));
    for (body, error) in [
        ("", "a field is missing"),
        ("token=a", "a field is missing"),
        (twice.as_str(), "a field stands twice"),
        (many.as_str(), "the form has too many fields"),
        ("x-gcp-marketplace-token=%FF", "the form is not UTF-8"),
    ] {
        let request = post(&format!("Content-Type: {FORM}\r\n"), body);
        let page = ready.function.browser().send(request).await;
        let refused = Refused {
            error,
            ..UNREADABLE
        };
        refused.check(&ready.function, &page, None);
    }
    ready.nothing_happened().await;
}

#[tokio::test]
async fn a_token_in_the_query_or_a_header_is_none() {
    let ready = ready().await;
    let (function, token) = (&ready.function, &ready.token);
    let browser = function.browser();
    let target = format!("/login?{TOKEN}={token}");
    UNREADABLE.check(function, &browser.post(&target, &[]).await, None);
    let headers = format!(
        "Content-Type: {FORM}\r\n{TOKEN}: {token}\r\nAuthorization: Bearer {token}\r\n\
         Cookie: {TOKEN}={token}\r\n"
    );
    UNREADABLE.check(function, &browser.send(post(&headers, "")).await, None);
    ready.nothing_happened().await;
}

#[tokio::test]
async fn a_wrong_method_is_a_405_that_says_which_are_right() {
    let ready = ready().await;
    let browser = ready.function.browser();
    let wrong = Refused {
        status: 405,
        code: "method-not-allowed",
        retry_after: None,
        error: "the path does not accept this method",
    };
    for path in ["/login", "/login/orders"] {
        for method in ["PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"] {
            let page = browser.send(bare(method, path, "")).await;
            wrong.check(&ready.function, &page, None);
            assert_eq!(page.header("allow"), Some("GET, HEAD, POST"));
        }
    }
    let request = form_post("/login", &[(TOKEN, &ready.token)], "").replacen("POST", "PUT", 1);
    wrong.check(&ready.function, &browser.send(request).await, None);
    ready.nothing_happened().await;
}

#[tokio::test]
async fn an_unknown_path_is_a_404() {
    let ready = ready().await;
    let browser = ready.function.browser();
    let unknown = Refused {
        status: 404,
        code: "not-found",
        retry_after: None,
        error: "nothing has this path",
    };
    for path in [
        "/",
        "/login/",
        "/Login",
        "/signup",
        "/login/orders/",
        "/login/callback",
        "/%2e%2e/login",
    ] {
        unknown.check(&ready.function, &browser.get(path).await, None);
        let page = browser.post(path, &[(TOKEN, &ready.token)]).await;
        unknown.check(&ready.function, &page, None);
    }
    ready.nothing_happened().await;
}
