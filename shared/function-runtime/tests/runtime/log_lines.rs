//! The log as Cloud Logging gets it.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use function_runtime::MapEnv;
use function_runtime::telemetry::{Format, subscriber};
use serde_json::{Value, json};
use tracing::Dispatch;
use tracing::subscriber::{DefaultGuard, NoSubscriber, set_default};

use crate::client::{get, send};
use crate::server::TestServer;

/// What is logged on this thread, which is all of a test's.
#[derive(Clone)]
struct Log {
    written: Arc<Mutex<Vec<u8>>>,
    /// As long as there is but one subscriber in a process, `tracing` asks the thread that comes to a place first
    /// whether anybody listens there, and believes it for all: a test that does not listen would make another one deaf.
    _second: Dispatch,
}

impl Log {
    fn capture(env: &MapEnv, format: Format) -> (Self, DefaultGuard) {
        let log = Self {
            written: Arc::default(),
            _second: Dispatch::new(NoSubscriber::new()),
        };
        let writer = log.clone();
        let logs = subscriber(env, "function-runtime", format, move || writer.clone());
        (log, set_default(logs))
    }

    fn text(&self) -> String {
        String::from_utf8(self.written.lock().unwrap().clone()).unwrap()
    }

    fn lines(&self) -> Vec<Value> {
        self.text()
            .lines()
            .map(|line| serde_json::from_str(line).expect("one JSON object a line"))
            .collect()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.written.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn project() -> MapEnv {
    MapEnv::new().with("GOOGLE_CLOUD_PROJECT", "vendor-1")
}

/// Takes out what differs from run to run, after a look at its form.
fn without_times(mut line: Value) -> Value {
    let object = line.as_object_mut().unwrap();
    let time = object.remove("time").unwrap();
    assert!(time.as_str().unwrap().parse::<jiff::Timestamp>().is_ok());
    assert!(object.remove("durationMs").unwrap().is_u64());
    let request = object["httpRequest"].as_object_mut().unwrap();
    let latency = request.remove("latency").unwrap();
    let seconds = latency.as_str().unwrap().strip_suffix('s').unwrap();
    assert!(seconds.parse::<f64>().is_ok());
    line
}

#[tokio::test]
async fn a_request_is_one_line_without_query_cookie_and_body() {
    let (log, _guard) = Log::capture(&project(), Format::Json);
    let server = TestServer::start().await;
    let request = "POST /sign-up?code=hunter2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\
         Cookie: a=hunter2\r\nAuthorization: Bearer hunter2\r\nUser-Agent: Browser/1\r\n\
         traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n\
         Content-Length: 9\r\n\r\na=hunter2";
    assert_eq!(send(server.address, request).await.unwrap().status, 303);
    assert!(!log.text().contains("hunter2"), "{}", log.text());
    let [line] = log.lines().try_into().expect("one line");
    assert_eq!(
        without_times(line),
        json!({
            "severity": "INFO",
            "message": "POST /sign-up 303",
            "target": "function_runtime::serve::request_log",
            "logging.googleapis.com/trace":
                "projects/vendor-1/traces/0af7651916cd43dd8448eb211c80319c",
            "logging.googleapis.com/spanId": "b7ad6b7169203331",
            "logging.googleapis.com/trace_sampled": true,
            "accountId": "account-1",
            "outcome": "handed-over",
            "httpRequest": {
                "requestMethod": "POST",
                "requestUrl": "/sign-up",
                "status": 303,
                "requestSize": "9",
                "responseSize": "0",
                "userAgent": "Browser/1",
                "protocol": "HTTP/1.1",
            },
        })
    );
}

#[tokio::test]
async fn google_s_own_trace_header_is_understood() {
    let (log, _guard) = Log::capture(&MapEnv::new(), Format::Json);
    let server = TestServer::start().await;
    let request = "GET /plain HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\
         X-Cloud-Trace-Context: 0af7651916cd43dd8448eb211c80319c/255;o=0\r\n\r\n";
    send(server.address, request).await.unwrap();
    let [line] = log.lines().try_into().expect("one line");
    let trace = |key: &str| line[format!("logging.googleapis.com/{key}")].clone();
    assert_eq!(trace("trace"), "0af7651916cd43dd8448eb211c80319c");
    assert_eq!(trace("spanId"), "00000000000000ff");
    assert_eq!(trace("trace_sampled"), false);
}

#[tokio::test]
async fn a_failure_of_ours_is_an_error_with_its_sources() {
    let (log, _guard) = Log::capture(&project(), Format::Json);
    let server = TestServer::start().await;
    for (target, severity, code, error) in [
        (
            "/store",
            "ERROR",
            "store-unavailable",
            "failed to reach the store: no route",
        ),
        (
            "/hang",
            "ERROR",
            "timed-out",
            "the handler went beyond its deadline",
        ),
        ("/panic", "ERROR", "internal", "the handler panicked"),
        // An error by itself, once for all requests.
        ("/keys", "WARNING", "keys-unavailable", "there are no keys"),
        ("/nothing", "INFO", "not-found", "nothing there"),
    ] {
        get(server.address, target).await;
        let line = log.lines().pop().unwrap();
        assert_eq!(line["severity"], severity, "{line}");
        assert_eq!(line["errorCode"], code);
        assert_eq!(line["error"], error);
        assert!(line.get("logging.googleapis.com/trace").is_none());
    }
    assert_eq!(log.lines().len(), 5);
}

#[tokio::test]
async fn refused_bodies_are_logged_and_probes_are_not() {
    let (log, _guard) = Log::capture(&project(), Format::Json);
    let server = TestServer::start().await;
    get(server.address, "/health").await;
    assert!(log.text().is_empty());
    let request = "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\
         Content-Length: 1001\r\n\r\n";
    send(server.address, request).await.unwrap();
    let [line] = log.lines().try_into().expect("one line");
    assert_eq!(line["message"], "POST /echo 413");
    assert_eq!(line["errorCode"], "body-too-large");
}

#[tokio::test]
async fn a_request_that_is_refused_by_its_head_is_one_line_with_the_reason() {
    let (log, _guard) = Log::capture(&project(), Format::Json);
    let server = TestServer::start().await;
    let request = "POST /identity HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n";
    send(server.address, request).await.unwrap();
    let [line] = log.lines().try_into().expect("one line");
    assert_eq!(line["message"], "POST /identity 401");
    assert_eq!(line["severity"], "INFO");
    assert_eq!(line["errorCode"], "not-authenticated");
    assert_eq!(line["error"], "who calls is not shown");
}

#[tokio::test]
async fn a_head_that_is_no_http_is_one_line_that_quotes_nothing() {
    let (log, _guard) = Log::capture(&project(), Format::Json);
    let server = TestServer::start().await;
    let too_many = "A: hunter2\r\n".repeat(101);
    for head in [
        "hunter2\r\n\r\n".to_owned(),
        "GET /plain HTTP/1.1\r\nhunter2\r\n\r\n".to_owned(),
        format!("GET /plain HTTP/1.1\r\n{too_many}\r\n"),
    ] {
        let before = log.lines().len();
        let answer = send(server.address, head).await.unwrap();
        assert!(matches!(answer.status, 400 | 431), "{}", answer.status);
        let lines = log.lines();
        assert_eq!(lines.len(), before + 1);
        let line = lines.last().unwrap();
        assert_eq!(line["severity"], "INFO");
        assert_eq!(line["message"], "a head that is no HTTP was refused");
        assert!(line["error"].is_string(), "{line}");
    }
    assert!(!log.text().contains("hunter2"), "{}", log.text());
}

#[tokio::test]
async fn what_clients_say_is_bounded_and_cannot_forge_lines() {
    let (log, _guard) = Log::capture(&project(), Format::Json);
    let server = TestServer::start().await;
    let agent = format!("\"}},{{\"severity\":\"ALERT\"\\{}", " a".repeat(1000));
    let target = format!("/{}", "b".repeat(3000));
    let request = format!(
        "GET {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nUser-Agent: {agent}\r\n\
         traceparent: 00-\"-b7ad6b7169203331-01\r\n\r\n"
    );
    send(server.address, request).await.unwrap();
    let [line] = log.lines().try_into().expect("one line");
    assert_eq!(line["message"], "GET /… 404");
    let logged = line["httpRequest"]["userAgent"].as_str().unwrap();
    assert_eq!(logged, &agent[..200]);
}

#[tokio::test]
async fn addresses_and_tokens_that_clients_put_anywhere_are_not_logged() {
    let (log, _guard) = Log::capture(&project(), Format::Json);
    let server = TestServer::start().await;
    for secret in [
        "ada@example.com",
        "eyJhbGciOiJSUzI1NiJ9.e30.c2ln",
        "ya29.a0",
    ] {
        let request = format!(
            "GET /{secret}/{secret} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\
             User-Agent: Browser/1 ({secret}; Bearer {secret})\r\n\r\n"
        );
        send(server.address, request).await.unwrap();
        assert!(!log.text().contains(secret), "{}", log.text());
        let line = log.lines().pop().unwrap();
        assert_eq!(line["message"], "GET /…/… 404");
        let agent = &line["httpRequest"]["userAgent"];
        assert_eq!(agent, "Browser/1 (…; Bearer …)");
    }
}

#[tokio::test]
async fn a_terminal_gets_readable_text() {
    let (log, _guard) = Log::capture(&project(), Format::Text);
    let server = TestServer::start().await;
    get(server.address, "/plain?hunter2").await;
    assert!(log.text().contains("GET /plain 200"), "{}", log.text());
    assert!(!log.text().contains("hunter2"));
}

#[tokio::test]
async fn the_level_decides_what_is_logged() {
    let env = project().with("LOG_LEVEL", "error");
    let (log, _guard) = Log::capture(&env, Format::Json);
    let server = TestServer::start().await;
    get(server.address, "/plain").await;
    assert!(log.text().is_empty());
    get(server.address, "/store").await;
    assert_eq!(log.lines().len(), 1);
}

#[tokio::test]
async fn spans_of_dependencies_do_not_reach_the_log() {
    let (log, _guard) = Log::capture(&project(), Format::Json);
    let span = tracing::error_span!("request", token = "hunter2").entered();
    tracing::error!(target: "function_runtime", "inside");
    drop(span);
    let [line] = log.lines().try_into().expect("one line");
    assert_eq!(line["message"], "inside");
    assert!(line.get("span").is_none());
}
