//! Google refuses a sign-in, or what it says is not good, or of somebody else.

use function_tests::open_sign_in::OpenSignIn;
use marketplace_simulator::tokens::{IdentityClaims, SigningKey, foreign};
use marketplace_simulator::{Fault, Matcher, Order};
use serde_json::Value;

use crate::function::TestFunction;
use crate::sign_in_faults::{quick, the_next_try_works};

/// The sign-in is refused with this outcome, and the log says why.
async fn is_refused(
    function: &TestFunction,
    outcome: &str,
    logged: &str,
    change: impl FnOnce(&TestFunction),
) {
    let order = function.buyer();
    let browser = function.browser();
    let sign_in = OpenSignIn::start(&browser, &order).await;
    change(function);
    let page = sign_in.by(&browser, &order.user).await;
    assert_eq!(
        (page.status, function.outcome().as_str()),
        (403, outcome),
        "{logged}"
    );
    if outcome == "sign-in-refused" {
        assert!(warning(function, &order).ends_with(logged), "{logged}");
    }
    the_next_try_works(&browser, &order, &sign_in, &page).await;
}

/// The error of the one warning about this order's account.
fn warning(function: &TestFunction, order: &Order) -> String {
    let mut lines = function.log.lines();
    lines.retain(|line| line["message"] == "a sign-in was refused");
    lines.retain(|line| line["accountId"] == order.account.as_str());
    assert_eq!(lines.len(), 1, "{lines:?}");
    lines[0]["error"].as_str().unwrap().to_owned()
}

type Write = fn(IdentityClaims, &SigningKey) -> String;

#[tokio::test]
async fn an_id_token_that_is_not_good_is_refused() {
    let writes: [(&str, Write); 10] = [
        ("nonce", |claims, key| {
            claims.set("nonce", "other").signed_by(key)
        }),
        ("nonce", |claims, key| {
            claims.without("nonce").signed_by(key)
        }),
        ("audience", |claims, key| {
            claims.set("aud", "other").signed_by(key)
        }),
        ("authorized_party", |claims, key| {
            claims.set("azp", "other").signed_by(key)
        }),
        ("issuer", |claims, key| {
            claims.set("iss", "https://example.com").signed_by(key)
        }),
        ("expired", |claims, key| {
            claims.set("iat", 1_000).set("exp", 2_000).signed_by(key)
        }),
        ("subject_missing", |claims, key| {
            claims.without("sub").signed_by(key)
        }),
        ("unknown_key", |claims, _| claims.signed_by(foreign())),
        ("algorithm", |claims, key| {
            key.sign_as_hmac(r#"{"alg":"HS256","typ":"JWT"}"#, &claims.json())
        }),
        ("not_three_parts", |_, _| "no token".to_owned()),
    ];
    let function = quick().start().await;
    for (rule, write) in writes {
        let logged = format!("it breaks the rule {rule}");
        is_refused(&function, "sign-in-refused", &logged, |function| {
            function.simulator.write_id_tokens(write);
        })
        .await;
    }
}

#[tokio::test]
async fn ids_that_are_not_all_the_same_are_of_the_wrong_person() {
    let function = quick().start().await;
    is_refused(&function, "wrong-person", "", |function| {
        let another = function.simulator.stranger();
        function
            .simulator
            .write_id_tokens(move |claims, key| claims.set("sub", another.as_str()).signed_by(key));
    })
    .await;
    let user_infos: [fn(Value) -> Value; 4] = [
        |body| with_sub(body, "108437912365498732145"),
        |body| with_sub(body, ""),
        |body| {
            let spaced = format!(" {}", body["sub"].as_str().unwrap());
            with_sub(body, &spaced)
        },
        |body| {
            let zero = format!("0{}", body["sub"].as_str().unwrap());
            with_sub(body, &zero)
        },
    ];
    for write in user_infos {
        is_refused(&function, "wrong-person", "", |function| {
            function.simulator.write_user_info(write);
        })
        .await;
    }
}

fn with_sub(mut body: Value, sub: &str) -> Value {
    body["sub"] = sub.into();
    body
}

#[tokio::test]
async fn a_code_that_google_refuses_leads_to_another_try() {
    let (function, order, browser, sign_in) = quick().sent_to_google().await;
    let callback = sign_in.callback(&browser, &order.user);
    function.simulator.expire_codes();
    let page = browser.get(&callback).await;
    function.answered(&page, 403, "sign-in-refused");
    assert!(warning(&function, &order).ends_with("Google refused it (invalid_grant)"));
    the_next_try_works(&browser, &order, &sign_in, &page).await;
}

#[tokio::test]
async fn an_access_token_that_user_info_refuses_leads_to_another_try() {
    let function = quick().start().await;
    for status in [400, 401, 403, 404] {
        let logged = format!("Google refused with status {status}");
        is_refused(&function, "sign-in-refused", &logged, |function| {
            let fault = Fault::status(status);
            function
                .simulator
                .faults()
                .next(Matcher::user_info(), fault);
        })
        .await;
    }
}
