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

async fn ready() -> (TestFunction, Order, String) {
    let function = Setup::memory().start().await;
    let order = function.buyer();
    let token = function.buyers_token(&order);
    function.keep_secret(&token);
    function.keep_secret(order.user.as_str());
    (function, order, token)
}

async fn nothing_happened(function: &TestFunction, order: &Order) {
    assert_eq!(function.left(&order.account).await, Left::NOTHING);
    assert_eq!(function.simulator.calls().all(), []);
}

fn post(headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST /signup HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{headers}\
         Content-Length: {length}\r\n\r\n{body}"
    )
}

#[tokio::test]
async fn a_body_that_is_too_large_is_a_413() {
    let (function, order, token) = ready().await;
    let too_large = Refused {
        status: 413,
        code: "body-too-large",
        retry_after: None,
        error: "",
    };
    let fields = [(TOKEN, token.as_str()), ("x", &"x".repeat(16 * 1024))];
    let page = function.browser().post("/signup", &fields).await;
    too_large.check(&function, &page, None);
    let announced = format!(
        "POST /signup HTTP/1.1\r\nHost: a\r\nContent-Type: {FORM}\r\nContent-Length: 20000\r\n\r\n"
    );
    let page = function.browser().send(announced).await;
    too_large.check(&function, &page, None);
    nothing_happened(&function, &order).await;
}

#[tokio::test]
async fn another_content_type_is_a_415() {
    let (function, order, token) = ready().await;
    let wrong = Refused {
        status: 415,
        code: "wrong-content-type",
        ..UNREADABLE
    };
    let body = format!("{TOKEN}={token}");
    for headers in [
        "",
        "Content-Type: text/plain\r\n",
        "Content-Type: application/json\r\n",
        "Content-Type: multipart/form-data; boundary=x\r\n",
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Type: text/plain\r\n",
    ] {
        let page = function.browser().send(post(headers, &body)).await;
        wrong.check(&function, &page, None);
    }
    nothing_happened(&function, &order).await;
}

#[tokio::test]
async fn a_form_that_is_not_exactly_one_token_is_a_400() {
    let (function, order, token) = ready().await;
    let twice = format!("{TOKEN}={token}&{TOKEN}={token}");
    let many = format!("{TOKEN}={token}{}", "&x=1".repeat(40));
    for (body, error) in [
        ("", "a field is missing"),
        ("token=a", "a field is missing"),
        ("X-GCP-Marketplace-Token=a", "a field is missing"),
        (twice.as_str(), "a field stands twice"),
        (many.as_str(), "the form has too many fields"),
        ("x-gcp-marketplace-token=%FF", "the form is not UTF-8"),
        ("x=%C3&x-gcp-marketplace-token=a", "the form is not UTF-8"),
    ] {
        let request = post(&format!("Content-Type: {FORM}\r\n"), body);
        let page = function.browser().send(request).await;
        Refused {
            error,
            ..UNREADABLE
        }
        .check(&function, &page, None);
    }
    let mut bytes = post(&format!("Content-Type: {FORM}\r\n"), "x=1").into_bytes();
    *bytes.last_mut().unwrap() = 0xff;
    let page = function.browser().send(bytes).await;
    UNREADABLE.check(&function, &page, None);
    nothing_happened(&function, &order).await;
}

#[tokio::test]
async fn a_token_in_the_query_or_a_header_is_none() {
    let (function, order, token) = ready().await;
    let browser = function.browser();
    let target = format!("/signup?{TOKEN}={token}");
    UNREADABLE.check(&function, &browser.post(&target, &[]).await, None);
    let headers = format!(
        "Content-Type: {FORM}\r\n{TOKEN}: {token}\r\nAuthorization: Bearer {token}\r\n\
         Cookie: {TOKEN}={token}\r\n"
    );
    UNREADABLE.check(&function, &browser.send(post(&headers, "")).await, None);
    // A GET is explained, whatever it carries.
    let page = browser.get(&target).await;
    assert_eq!(page.status, 200);
    assert_eq!(function.outcome(), "explained");
    assert!(!page.body.contains(&token));
    nothing_happened(&function, &order).await;
}

#[tokio::test]
async fn a_wrong_method_is_a_405_that_says_which_are_right() {
    let (function, order, token) = ready().await;
    let browser = function.browser();
    let wrong = Refused {
        status: 405,
        code: "method-not-allowed",
        retry_after: None,
        error: "the path does not accept this method",
    };
    for path in ["/signup", "/signup/register"] {
        for method in ["PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"] {
            let page = browser.send(bare(method, path, "")).await;
            wrong.check(&function, &page, None);
            assert_eq!(page.header("allow"), Some("GET, HEAD, POST"));
        }
    }
    let request = form_post("/signup", &[(TOKEN, &token)], "").replacen("POST", "PUT", 1);
    wrong.check(&function, &browser.send(request).await, None);
    nothing_happened(&function, &order).await;
}

#[tokio::test]
async fn an_unknown_path_is_a_404() {
    let (function, order, token) = ready().await;
    let browser = function.browser();
    let unknown = Refused {
        status: 404,
        code: "not-found",
        retry_after: None,
        error: "nothing has this path",
    };
    for path in [
        "/",
        "/signup/",
        "/Signup",
        "/login",
        "/signup/callback",
        "/%2e%2e/signup",
    ] {
        unknown.check(&function, &browser.get(path).await, None);
        let page = browser.post(path, &[(TOKEN, &token)]).await;
        unknown.check(&function, &page, None);
    }
    nothing_happened(&function, &order).await;
}

#[tokio::test]
async fn a_head_is_a_get_without_a_body() {
    let (function, _, _) = ready().await;
    let browser = function.browser();
    let head = browser.send(bare("HEAD", "/signup", "")).await;
    let get = browser.get("/signup").await;
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    assert_eq!(head.header("content-length"), get.header("content-length"));
    assert!(get.body.contains("Registration starts in the Marketplace"));
}
