use std::time::{Duration, Instant};

use google_calls::{CallError, Credentials, GoogleApi, Http, Unanswered, Unsent};
use marketplace::{Deadline, GoogleOrigin};
use serde_json::{Value, json};

use crate::fake::{Fake, FakeAnswer, METADATA, TOKEN, soon};

const HOST: &str = "example.googleapis.com";

fn api(fake: &Fake) -> GoogleApi {
    GoogleApi::new(Http::new(), Credentials::new(&fake.origin()))
}

async fn read(fake: &Fake, deadline: Deadline) -> Result<Value, CallError> {
    let url = fake.origin().https(HOST, "/v1/thing");
    api(fake).get(&url, deadline).await
}

async fn change(fake: &Fake, deadline: Deadline) -> Result<Value, CallError> {
    let url = fake.origin().https(HOST, "/v1/thing");
    api(fake).post(&url, &json!({"a": 1}), deadline).await
}

#[tokio::test]
async fn a_call_carries_the_token_and_the_body() {
    let fake = Fake::start().await;
    fake.then(HOST, FakeAnswer::json(200, r#"{"b":2}"#));
    assert_eq!(change(&fake, soon()).await.unwrap(), json!({"b": 2}));
    let [request] = fake.received(HOST).try_into().unwrap();
    assert_eq!(request.method, "POST");
    assert_eq!(request.target, "/v1/thing");
    assert_eq!(request.body, r#"{"a":1}"#);
    assert_eq!(request.headers["authorization"], format!("Bearer {TOKEN}"));
    assert_eq!(request.headers["content-type"], "application/json");
}

#[tokio::test]
async fn client_and_token_are_warmed_up_without_a_call() {
    let fake = Fake::start().await;
    api(&fake).warm_up().await;
    assert_eq!(fake.calls(METADATA).len(), 1);
    assert_eq!(fake.calls(HOST), Vec::<String>::new());
}

#[tokio::test]
async fn reading_survives_what_passes() {
    for passing in [
        FakeAnswer::json(500, ""),
        FakeAnswer::json(503, "<html>"),
        FakeAnswer::Whole(429, "retry-after: 0", String::new()),
        FakeAnswer::Close,
        FakeAnswer::BreakOff,
        FakeAnswer::json(200, "<html>"),
    ] {
        let fake = Fake::start().await;
        fake.then(HOST, passing.clone())
            .then(HOST, FakeAnswer::json(200, "{}"));
        assert_eq!(read(&fake, soon()).await.unwrap(), json!({}), "{passing:?}");
        assert_eq!(fake.calls(HOST).len(), 2);
    }
}

#[tokio::test]
async fn a_change_is_repeated_only_when_it_was_turned_away() {
    for (failure, calls) in [
        (FakeAnswer::Whole(429, "retry-after: 0", String::new()), 2),
        (FakeAnswer::json(500, ""), 1),
        (FakeAnswer::json(503, ""), 1),
        (FakeAnswer::BreakOff, 1),
        (FakeAnswer::json(200, "garbage"), 1),
        (FakeAnswer::json(409, ""), 1),
    ] {
        let fake = Fake::start().await;
        fake.then(HOST, failure.clone())
            .then(HOST, FakeAnswer::json(200, "{}"));
        let result = change(&fake, soon()).await;
        assert_eq!(result.is_ok(), calls == 2, "{failure:?}: {result:?}");
        assert_eq!(fake.calls(HOST).len(), calls, "{failure:?}");
    }
}

#[tokio::test]
async fn a_refused_token_is_replaced_once() {
    let fake = Fake::start().await;
    let new = r#"{"access_token":"new","expires_in":3599,"token_type":"Bearer"}"#;
    let api = api(&fake);
    api.warm_up().await;
    fake.then(METADATA, FakeAnswer::json(200, new))
        .then(HOST, FakeAnswer::json(401, ""))
        .then(HOST, FakeAnswer::json(200, "{}"));
    let url = fake.origin().https(HOST, "/v1/thing");

    let answer: Value = api.post(&url, &json!({}), soon()).await.unwrap();

    assert_eq!(answer, json!({}));
    let bearers: Vec<_> = fake
        .received(HOST)
        .iter()
        .map(|request| request.headers["authorization"].clone())
        .collect();
    assert_eq!(
        bearers,
        [format!("Bearer {TOKEN}"), "Bearer new".to_owned()]
    );
    assert_eq!(fake.calls(METADATA).len(), 2);
}

#[tokio::test]
async fn a_hanging_call_ends_at_the_deadline_and_leaves_time_for_another() {
    let fake = Fake::start().await;
    for _ in 0..3 {
        fake.then(HOST, FakeAnswer::Hang);
    }
    let api = api(&fake);
    api.warm_up().await;
    let url = fake.origin().https(HOST, "/v1/thing");
    let started = Instant::now();
    let deadline = Deadline::after(Duration::from_millis(1_500));
    let error: Result<Value, _> = api.get(&url, deadline).await;
    assert!(started.elapsed() < Duration::from_secs(5));
    assert!(fake.calls(HOST).len() > 1, "{:?}", fake.calls(HOST));
    assert!(
        matches!(error, Err(CallError::Unanswered(Unanswered::TimedOut))),
        "{error:?}"
    );
}

#[tokio::test]
async fn one_hanging_answer_does_not_fail_the_read() {
    let fake = Fake::start().await;
    fake.then(HOST, FakeAnswer::Hang)
        .then(HOST, FakeAnswer::json(200, "{}"));
    let deadline = Deadline::after(Duration::from_secs(4));
    assert_eq!(read(&fake, deadline).await.unwrap(), json!({}));
}

#[tokio::test]
async fn a_wait_beyond_the_deadline_is_reported_at_once() {
    let fake = Fake::start().await;
    fake.then(
        HOST,
        FakeAnswer::Whole(429, "retry-after: 3600", String::new()),
    );
    let error = read(&fake, soon()).await.unwrap_err();
    let CallError::Answered { error, retry_after } = error else {
        panic!("{error:?}");
    };
    assert_eq!(error.code, 429);
    assert_eq!(retry_after, Some(Duration::from_hours(1)));
    assert_eq!(fake.calls(HOST).len(), 1);
}

#[tokio::test]
async fn a_huge_answer_is_not_read_to_its_end() {
    let fake = Fake::start().await;
    let huge = format!("\"{}\"", "x".repeat(5 * 1024 * 1024));
    fake.then(HOST, FakeAnswer::json(200, &huge));
    let error = read(&fake, soon()).await.unwrap_err();
    assert!(
        matches!(
            error,
            CallError::Unanswered(Unanswered::TooLarge { limit: 4_194_304 })
        ),
        "{error:?}"
    );
    assert_eq!(fake.calls(HOST).len(), 1);
}

#[tokio::test]
async fn a_redirect_is_an_error_and_the_token_stays_here() {
    let fake = Fake::start().await;
    fake.then(
        HOST,
        FakeAnswer::Whole(302, "location: /elsewhere", String::new()),
    );
    let error = read(&fake, soon()).await.unwrap_err();
    assert_eq!(error.to_string(), "Google answered 302");
    assert_eq!(fake.calls("elsewhere"), Vec::<String>::new());
}

#[tokio::test]
async fn without_a_token_nothing_is_sent() {
    let fake = Fake::start().await;
    for _ in 0..3 {
        fake.then(METADATA, FakeAnswer::json(404, ""));
    }
    let error = change(&fake, soon()).await.unwrap_err();
    assert!(
        matches!(error, CallError::Unsent(Unsent::Credentials(_))),
        "{error:?}"
    );
    assert!(!error.may_have_taken_effect());
    assert_eq!(fake.calls(METADATA).len(), 3);
    assert_eq!(fake.calls(HOST), Vec::<String>::new());
}

#[tokio::test]
async fn without_a_connection_nothing_has_taken_effect() {
    let fake = Fake::start().await;
    // Port 1 is reserved and has no listener.
    let nobody = GoogleOrigin::simulated_at("http://127.0.0.1:1");
    let url = nobody.https(HOST, "/v1/thing");
    let result: Result<Value, _> = api(&fake).post(&url, &json!({}), soon()).await;
    let error = result.unwrap_err();
    assert!(
        matches!(error, CallError::Unsent(Unsent::Connection(_))),
        "{error:?}"
    );
    assert!(!error.may_have_taken_effect());
}

#[tokio::test]
async fn a_passed_deadline_sends_nothing() {
    let fake = Fake::start().await;
    let error = change(&fake, Deadline::after(Duration::ZERO)).await;
    assert!(
        matches!(error, Err(CallError::Unsent(Unsent::TooLate))),
        "{error:?}"
    );
    assert_eq!(fake.calls(HOST), Vec::<String>::new());
}

#[tokio::test]
async fn no_error_shows_the_token_or_a_body() {
    for failure in [
        FakeAnswer::json(200, r#"{"secret": "of a customer"#),
        FakeAnswer::json(400, r#"{"secret": "of a customer"}"#),
        FakeAnswer::BreakOff,
    ] {
        let fake = Fake::start().await;
        fake.then(HOST, failure);
        let error = change(&fake, soon()).await.unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(
            !shown.contains(TOKEN) && !shown.contains("of a customer"),
            "{shown}"
        );
    }
}
