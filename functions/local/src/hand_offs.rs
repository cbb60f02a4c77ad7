//! Hand-offs on their way to an application that lives by this machine's clock.
//!
//! The functions live in simulated time, and `signJwt` signs for them what they ask for: they compare, and post
//! nothing else. So it is only here, behind them, that a hand-off is moved back to the time of the application.

use bytes::Bytes;
use function_runtime::Response;
use http_body_util::{BodyExt as _, Full};
use marketplace_simulator::Simulator;

/// The answer with its hand-off as it would be by this machine's clock. Any other answer stays as it is.
pub(crate) async fn moved(simulator: &Simulator, answer: Response) -> Response {
    let (head, body) = answer.into_parts();
    let Ok(body) = body.collect().await;
    let body = body.to_bytes();
    let body = match std::str::from_utf8(&body) {
        Ok(page) => Bytes::from(simulator.hand_offs_by_machine_clock(page)),
        Err(_) => body,
    };
    Response::from_parts(head, Full::new(body))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::StatusCode;
    use marketplace_simulator::{Settings, tokens};
    use serde_json::json;

    use super::*;

    async fn body(answer: Response) -> Bytes {
        let Ok(body) = answer.into_body().collect().await;
        body.to_bytes()
    }

    fn form(token: &str) -> String {
        format!("<input type=\"hidden\" name=\"portico-token\" value=\"{token}\">")
    }

    #[tokio::test]
    async fn only_the_hand_off_in_a_page_is_moved_back() {
        let simulator = Simulator::new(Settings::default(), "http://127.0.0.1:1");
        simulator.pass_time(Duration::from_hours(24 * 30));
        let [key, _] = tokens::hand_off_signer();
        let issued = simulator.now().as_second();
        let hand_off = |issued: i64| {
            let claims = json!({"exp": issued + 300, "iat": issued, "sub": "a"});
            key.sign(&key.header(), &claims.to_string())
        };
        let page = form(&hand_off(issued));
        let answer = function_runtime::html(StatusCode::OK, page);
        let moved = moved(&simulator, answer).await;
        assert_eq!(moved.headers()["content-type"], "text/html; charset=utf-8");
        let expected = form(&hand_off(issued - 30 * 24 * 3_600));
        assert_eq!(body(moved).await, expected);
    }

    #[tokio::test]
    async fn what_is_no_text_stays_as_it_is() {
        let simulator = Simulator::new(Settings::default(), "http://127.0.0.1:1");
        simulator.pass_time(Duration::from_hours(1));
        for other in [&b"\xff\xfe"[..], b"", b"<p>no token</p>"] {
            let answer = function_runtime::html(StatusCode::OK, other);
            assert_eq!(body(moved(&simulator, answer).await).await, other);
        }
    }
}
