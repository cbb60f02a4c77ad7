use std::{
    error::Error,
    time::{Duration, Instant},
};

use google_calls::{CallError, Unanswered, Unsent};
use marketplace::Deadline;
use procurement::{ProcurementError, Unavailable};

use crate::{
    HOST, account_id, client,
    fake::{Fake, FakeAnswer as Answer, METADATA, TOKEN, soon},
};

const ACCOUNT: &str = r#"{"name":"providers/example-partner/accounts/E-1234"}"#;

fn google(code: u16, status: &str) -> Answer {
    let message = "Google's own words.";
    let body =
        format!(r#"{{"error":{{"code":{code},"message":"{message}","status":"{status}"}}}}"#);
    Answer::json(code, &body)
}

async fn approve(answers: &[Answer], deadline: Deadline) -> (Option<ProcurementError>, usize) {
    let fake = Fake::start().await;
    for answer in answers {
        fake.then(HOST, answer.clone());
    }
    let result = client(&fake).approve_account(&account_id(), deadline).await;
    (result.err(), fake.calls(HOST).len())
}

async fn read(answers: &[Answer], deadline: Deadline) -> (Option<ProcurementError>, usize) {
    let fake = Fake::start().await;
    for answer in answers {
        fake.then(HOST, answer.clone());
    }
    let result = client(&fake).account(&account_id(), deadline).await;
    (result.err(), fake.calls(HOST).len())
}

#[tokio::test]
async fn refusals_are_distinguished_and_not_repeated() {
    for (answer, expected) in [
        (google(404, "NOT_FOUND"), "NotFound"),
        (google(400, "FAILED_PRECONDITION"), "Refused"),
        (google(400, "INVALID_ARGUMENT"), "Refused"),
        (google(409, "ABORTED"), "Refused"),
        (Answer::json(400, "<html>"), "Refused"),
        (google(403, "PERMISSION_DENIED"), "Denied"),
        (google(418, "TEAPOT"), "Unavailable"),
        (Answer::json(404, "<html>"), "Unavailable"),
        (
            Answer::Whole(302, "location: /x", String::new()),
            "Unavailable",
        ),
    ] {
        for (error, calls) in [
            approve(std::slice::from_ref(&answer), soon()).await,
            read(std::slice::from_ref(&answer), soon()).await,
        ] {
            let error = error.unwrap();
            let shown = format!("{error:?}");
            assert!(shown.starts_with(expected), "{answer:?}: {shown}");
            assert_eq!(calls, 1, "{answer:?}");
            assert!(!error.may_have_taken_effect(), "{answer:?}");
        }
    }
}

#[tokio::test]
async fn the_log_gets_googles_status_and_message() {
    let (error, _) = approve(&[google(400, "FAILED_PRECONDITION")], soon()).await;
    assert_eq!(
        error.unwrap().to_string(),
        "the Procurement API refused the call \
         (400 FAILED_PRECONDITION: Google's own words.)"
    );
    let (error, _) = approve(&[google(500, "INTERNAL")], soon()).await;
    let error = error.unwrap();
    assert_eq!(
        error.to_string(),
        "the Procurement API gave no usable answer"
    );
    assert_eq!(
        error.source().unwrap().to_string(),
        "Google answered 500 INTERNAL: Google's own words."
    );
}

#[tokio::test]
async fn reading_is_repeated_and_approving_is_not() {
    for answer in [
        google(500, "INTERNAL"),
        google(503, "UNAVAILABLE"),
        Answer::Close,
        Answer::BreakOff,
        Answer::json(200, "garbage"),
    ] {
        let answers = [answer.clone(), Answer::json(200, ACCOUNT)];
        let (error, calls) = read(&answers, soon()).await;
        assert!(error.is_none(), "{answer:?}: {error:?}");
        assert_eq!(calls, 2, "{answer:?}");

        let (error, calls) = approve(&answers, soon()).await;
        let error = error.unwrap();
        assert!(
            matches!(error, ProcurementError::Unavailable(_)),
            "{answer:?}: {error:?}"
        );
        assert!(error.may_have_taken_effect(), "{answer:?}");
        assert_eq!(calls, 1, "{answer:?}");
    }
}

#[tokio::test]
async fn a_limit_is_waited_for() {
    let limit = Answer::Whole(429, "retry-after: 1", String::new());
    let started = Instant::now();
    let (error, calls) = approve(&[limit, Answer::json(200, "{}")], soon()).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(calls, 2);
    assert!(started.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn a_limit_beyond_the_deadline_is_reported_with_its_wait() {
    let limit = Answer::Whole(429, "retry-after: 120", String::new());
    let (error, calls) = read(&[limit], soon()).await;
    let error = error.unwrap();
    assert!(
        matches!(error, ProcurementError::Unavailable(_)),
        "{error:?}"
    );
    assert_eq!(error.retry_after(), Some(Duration::from_mins(2)));
    assert!(!error.may_have_taken_effect());
    assert_eq!(calls, 1);
}

#[tokio::test]
async fn a_server_in_trouble_is_asked_three_times() {
    let trouble = google(500, "INTERNAL");
    let answers = [trouble.clone(), trouble.clone(), trouble.clone(), trouble];
    let (error, calls) = read(&answers, soon()).await;
    assert!(matches!(error, Some(ProcurementError::Unavailable(_))));
    assert_eq!(calls, 3);
}

#[tokio::test]
async fn an_identity_that_stays_unknown_is_denied() {
    let unknown = google(401, "UNAUTHENTICATED");
    let (error, calls) = approve(&[unknown.clone(), unknown.clone(), unknown], soon()).await;
    let error = error.unwrap();
    assert!(matches!(error, ProcurementError::Denied(_)), "{error:?}");
    assert_eq!(calls, 3);
}

#[tokio::test]
async fn a_hanging_approval_ends_at_the_deadline_and_may_have_happened() {
    let fake = Fake::start().await;
    fake.then(HOST, Answer::Hang);
    let client = client(&fake);
    client.warm_up().await;
    let started = Instant::now();
    let deadline = Deadline::after(Duration::from_millis(800));
    let result = client.approve_account(&account_id(), deadline).await;
    assert!(started.elapsed() < Duration::from_secs(3));
    let error = result.unwrap_err();
    assert!(
        matches!(
            error,
            ProcurementError::Unavailable(Unavailable::Call(CallError::Unanswered(
                Unanswered::TimedOut
            )))
        ),
        "{error:?}"
    );
    assert!(error.may_have_taken_effect());
    assert_eq!(fake.calls(HOST).len(), 1);
}

#[tokio::test]
async fn a_huge_answer_is_refused() {
    let huge = format!(r#"{{"name":"{}"}}"#, "x".repeat(5 * 1024 * 1024));
    let (error, calls) = read(&[Answer::json(200, &huge)], soon()).await;
    assert!(
        matches!(
            error,
            Some(ProcurementError::Unavailable(Unavailable::Call(
                CallError::Unanswered(Unanswered::TooLarge { .. })
            )))
        ),
        "{error:?}"
    );
    assert_eq!(calls, 1);
}

#[tokio::test]
async fn without_a_token_nothing_is_approved() {
    let fake = Fake::start().await;
    for _ in 0..3 {
        fake.then(METADATA, Answer::json(404, ""));
    }
    let error = client(&fake)
        .approve_account(&account_id(), soon())
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            ProcurementError::Unavailable(Unavailable::Call(CallError::Unsent(
                Unsent::Credentials(_)
            )))
        ),
        "{error:?}"
    );
    assert!(!error.may_have_taken_effect());
    assert_eq!(fake.calls(HOST), Vec::<String>::new());
}

#[tokio::test]
async fn errors_show_no_token_and_no_answer() {
    for answer in [
        Answer::json(200, r#"{"name": "of a customer"#),
        Answer::json(200, r#"{"name": "of a customer"}"#),
        Answer::json(400, r#"{"name": "of a customer"}"#),
    ] {
        let answers = [answer.clone(), answer.clone(), answer.clone()];
        let (error, _) = read(&answers, soon()).await;
        let shown = format!("{error:?}");
        assert!(!shown.contains(TOKEN), "{shown}");
        assert!(!shown.contains("of a customer"), "{shown}");
    }
}
