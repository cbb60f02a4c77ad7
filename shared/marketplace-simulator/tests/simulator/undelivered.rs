//! An application that does not take what is pushed to it.

use std::time::Duration;

use marketplace_simulator::{Attempt, Backoff, Message, MessageOutcome, Obstacle, Push};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::caller::{Caller, good};
use crate::endpoint::Endpoint;
use crate::published::PUBLISH;

const IDENTITY: &str = "application-push@example-project.iam.gserviceaccount.com";
/// Longer than anything takes here that answers.
const PATIENCE: Duration = Duration::from_secs(20);

/// What an application does with a connection.
#[derive(Clone)]
enum Behaviour {
    Answers(String),
    HangsUp,
    NeverAnswers,
}

impl Behaviour {
    async fn meet(self, mut stream: TcpStream) {
        let mut begin = [0; 1];
        stream.read_exact(&mut begin).await.unwrap();
        match self {
            Self::Answers(text) => {
                stream.write_all(text.as_bytes()).await.unwrap();
                // The caller hangs up, as it is told to.
                let _ = stream.read_to_end(&mut Vec::new()).await;
            }
            Self::HangsUp => {}
            Self::NeverAnswers => std::future::pending().await,
        }
    }
}

/// The address of an application that does so.
async fn application(behaviour: Behaviour) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/events", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(behaviour.clone().meet(stream));
        }
    });
    url
}

/// A published message that was pushed there twice at least.
async fn pushed_to(url: &str, time_out: Duration) -> (Caller, Message) {
    let caller = Caller::start().await;
    let push = Push::to(url, IDENTITY, "application").backoff(Backoff {
        first: Duration::from_millis(1),
        longest: Duration::from_millis(5),
        max_attempts: None,
    });
    caller.sim.subscribe_application(Push {
        acknowledge_within: time_out,
        ..push
    });
    let body = json!({"messages": [{"data": "YQ=="}]});
    good(caller.post_to(PUBLISH, &body)).await;
    let is_repeated = |all: &[Message]| all.iter().any(|it| it.attempts.len() > 1);
    let mut all = caller.sim.published().when(is_repeated).await;
    (caller, all.remove(0))
}

/// It waits, and each attempt says why.
#[track_caller]
fn check_waits(message: &Message, why: &str) {
    assert_eq!(message.outcome, MessageOutcome::Waiting);
    for attempt in &message.attempts {
        assert_eq!(attempt.why_not().as_deref(), Some(why));
    }
    assert_eq!(message.why_not().as_deref(), Some(why));
}

#[tokio::test]
async fn where_nobody_listens_the_connection_is_refused() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/events", listener.local_addr().unwrap());
    drop(listener);
    let (_caller, message) = pushed_to(&url, PATIENCE).await;
    check_waits(&message, "connection refused: nobody listens there");
    let obstacle = message.attempts[0].obstacle;
    assert_eq!(obstacle, Some(Obstacle::ConnectionRefused));
}

#[tokio::test]
async fn an_application_that_answers_an_error_is_asked_again_until_it_does_not() {
    let application = Endpoint::subscriber(&[500, 500]).await;
    let (caller, _) = pushed_to(&application.url, PATIENCE).await;
    caller.sim.delivery_of_published().settled().await;
    let [message] = caller.sim.published().all().try_into().unwrap();
    let why: Vec<_> = message.attempts.iter().map(Attempt::why_not).collect();
    let refused = || Some("answered 500".to_owned());
    assert_eq!(why, [refused(), refused(), None]);
    assert_eq!(message.outcome, MessageOutcome::Acknowledged);
    assert_eq!(message.why_not(), None);
    assert_eq!(application.received().len(), 3);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Endpoint::subscriber(&[]).await;
    let answer = format!(
        "HTTP/1.1 307 Temporary Redirect\r\nlocation: {}\r\ncontent-length: 0\r\n\
         connection: close\r\n\r\n",
        elsewhere.url
    );
    let url = application(Behaviour::Answers(answer)).await;
    let (_caller, message) = pushed_to(&url, PATIENCE).await;
    let why = "answered 307: a redirect to another place is not followed";
    check_waits(&message, why);
    assert!(elsewhere.received().is_empty());
}

#[tokio::test]
async fn an_application_that_is_too_slow_is_asked_again() {
    let url = application(Behaviour::NeverAnswers).await;
    let (_caller, message) = pushed_to(&url, Duration::from_millis(100)).await;
    check_waits(&message, "no answer within 0.1 s");
}

#[tokio::test]
async fn a_connection_that_ends_without_an_answer_says_so() {
    let url = application(Behaviour::HangsUp).await;
    let (_caller, message) = pushed_to(&url, PATIENCE).await;
    check_waits(&message, "the connection ended without an answer");
}

#[tokio::test]
async fn an_address_that_is_none_says_so() {
    let (_caller, message) = pushed_to("127.0.0.1:3000/events", PATIENCE).await;
    check_waits(&message, "not an address that can be called");
}
