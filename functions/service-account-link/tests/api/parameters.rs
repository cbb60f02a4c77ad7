//! What the application may ask for.

use marketplace_simulator::Matcher;
use serde_json::{Value, json};
use store::Store;

use crate::environment::SERVICE;
use crate::function::TestFunction;

/// The body with these members more, or other ones.
fn with(body: &Value, members: &Value) -> Value {
    let mut body = body.clone();
    for (name, value) in members.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

pub(crate) async fn what_is_asked_for_stands_in_the_address(store: Store) {
    let (function, customer) = TestFunction::with_customer(store).await;
    let body = customer.body();
    let email = function.ask(&body).await.email().to_owned();
    let origin = function.simulator.origin();
    let base = format!(
        "{origin}/console.cloud.google.com/marketplace-saas/service-account/{SERVICE}/{email}"
    );
    let fifty: Vec<_> = (0..50).map(|n| format!("project-{n}")).collect();
    for (asked, parameters) in [
        (json!({}), String::new()),
        (json!({ "single": false }), String::new()),
        (json!({ "single": true }), ";single=true".to_owned()),
        (
            json!({ "hints": fifty }),
            format!(";hints={}", fifty.join(",")),
        ),
        (
            json!({ "hints": ["example.com:reports-2013"] }),
            ";hints=example.com%3Areports-2013".to_owned(),
        ),
        (
            json!({ "filter": ["storage.objectViewer", "bigquery.dataViewer"] }),
            ";filter=storage.objectViewer,bigquery.dataViewer".to_owned(),
        ),
        (
            json!({ "redirect": "https://eu.example.org/a?b=c;d,e" }),
            ";redirect=https%3A%2F%2Feu.example.org%2Fa%3Fb%3Dc%3Bd%2Ce".to_owned(),
        ),
        (
            json!({
                "redirect": "https://app.example.com",
                "filter": ["bigquery.dataViewer"],
                "hints": ["project-1", "project-2"],
                "single": true,
            }),
            ";single=true;hints=project-1,project-2;filter=bigquery.dataViewer\
             ;redirect=https%3A%2F%2Fapp.example.com"
                .to_owned(),
        ),
    ] {
        let answer = function.ask(&with(&body, &asked)).await;
        assert_eq!(answer.link()["url"], format!("{base}{parameters}"));
    }
}

pub(crate) async fn a_body_that_is_not_the_documented_one_is_refused(store: Store) {
    let (function, customer) = TestFunction::with_customer(store).await;
    let body = customer.body();
    let token = function.token();
    let wrong = [
        json!({ "account": null }),
        json!({ "account": "" }),
        json!({ "account": "../accounts" }),
        json!({ "user": 7 }),
        json!({ "user": "ada@example.com" }),
        json!({ "email": "ada@example.com" }),
        json!({ "service_account": "a@b.iam.gserviceaccount.com" }),
        json!({ "single": "true" }),
        json!({ "hints": "project-1" }),
        json!({ "hints": [["project-1"]] }),
        json!({ "filter": null }),
        json!({ "redirect": ["https://app.example.com"] }),
    ];
    let mut texts: Vec<_> = wrong.iter().map(|it| with(&body, it).to_string()).collect();
    let twice = body.to_string().replacen('{', "{\"user\":\"1\",", 1);
    texts.extend([
        String::new(),
        "[]".to_owned(),
        "account=a&user=1".to_owned(),
        twice,
    ]);
    for text in texts {
        let bytes = text.clone().into_bytes();
        let answer = function.post(Some(&token), bytes, None).await;
        assert_eq!(answer.refusal(), (400, "body-malformed"), "{text}");
    }
    assert_eq!(function.simulator.calls().count(&Matcher::iam()), 0);
}

pub(crate) async fn a_parameter_that_may_not_stand_in_the_address_is_refused(store: Store) {
    let (function, customer) = TestFunction::with_customer(store).await;
    let body = customer.body();
    let thousand: Vec<_> = (0..1_000).map(|n| format!("project-{n}")).collect();
    let redirects = [
        "",
        "/settings",
        "http://app.example.com/",
        "https://app.example.com.evil.example/",
        "https://evil.example/?https://app.example.com/",
        "https://app.example.com@evil.example/",
        "https://user@app.example.com/",
        "https://app.example.com:8443/",
        "https://app.example.com\\@evil.example/",
        "https:\\\\app.example.com/",
        "https://www.app.example.com/",
        "https://example.org/",
        "https://evilexample.org/",
        "https://app\u{ff0e}example.com/",
        "https://\u{430}pp.example.com/",
        "https://app.example.com/\r\nLocation: https://evil.example/",
        "javascript:alert(1)",
        "http://127.0.0.1:9090/",
    ];
    let hints = [
        json!([]),
        json!([""]),
        json!(["Project-1"]),
        json!(["project-1", "project-1"]),
        json!(["project-1;redirect=https%3A%2F%2Fevil.example"]),
        json!(["project-1,project-2"]),
        json!(["example.com:"]),
        json!(["localhost:project-1"]),
        json!(thousand),
    ];
    let filters = [
        json!([]),
        json!(["owner"]),
        json!(["roles/bigquery.dataViewer"]),
        json!(["projects/p/roles/bigquery.dataViewer"]),
        json!(["bigquery.dataViewer", "bigquery.dataViewer"]),
        json!(["bigquery.dataviewer"]),
    ];
    let asked = redirects.map(|text| (json!({ "redirect": text }), "redirect-invalid"));
    let hints = hints.map(|list| (json!({ "hints": list }), "hints-invalid"));
    let filters = filters.map(|list| (json!({ "filter": list }), "filter-invalid"));
    for (members, code) in asked.into_iter().chain(hints).chain(filters) {
        let answer = function.ask(&with(&body, &members)).await;
        assert_eq!(answer.refusal(), (400, code), "{members}");
        let detail = answer.body["detail"].as_str().unwrap();
        let (member, _) = code.split_once('-').unwrap();
        assert!(detail.contains(&format!("`{member}`")), "{detail}");
    }
    // Nothing was made for a request that is refused.
    assert_eq!(function.simulator.service_accounts(), []);
}
