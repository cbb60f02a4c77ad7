//! An application that lives by this machine's clock, in a world that may be ahead of it.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use function_runtime::{Request, Response};
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};
use jiff::Timestamp;
use marketplace_simulator::Simulator;
use serde_json::Value;

use crate::hand_offs;

/// Moves what the application sends into simulated time.
pub(crate) struct ApplicationTime {
    simulator: Simulator,
    /// By how much each record of usage was moved when it came first: one that is sent again is the same.
    moved: Mutex<BTreeMap<String, Duration>>,
}

impl ApplicationTime {
    pub(crate) fn in_world_of(simulator: &Simulator) -> Self {
        Self {
            simulator: simulator.clone(),
            moved: Mutex::default(),
        }
    }

    /// A call of the application's, as it would be if the application lived in simulated time. What
    /// cannot be read stays as it is, for the function to refuse.
    pub(crate) fn simulate(&self, request: &mut Request) {
        if !self.ahead().is_zero() {
            self.move_token(&mut request.headers);
        }
        if request.path() == "/usage"
            && let Some(moved) = self.moved_usage(&request.body)
        {
            request.body = moved.into();
        }
    }

    /// An answer to a customer, with its hand-off as it would be by this machine's clock.
    pub(crate) async fn move_hand_off(&self, page: Response) -> Response {
        if self.ahead().is_zero() {
            page
        } else {
            hand_offs::moved(&self.simulator, page).await
        }
    }

    fn ahead(&self) -> Duration {
        self.simulator.clock().ahead()
    }

    fn move_token(&self, headers: &mut HeaderMap) {
        let mut values = headers.get_all(AUTHORIZATION).iter();
        let (Some(only), None) = (values.next(), values.next()) else {
            return;
        };
        // The scheme is written in any case: RFC 9110, section 11.1.
        let token = only.to_str().ok().and_then(|it| it.split_once(' '));
        let token = token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Bearer"));
        let token = token.map(|(_, token)| token);
        let moved = token.and_then(|token| self.simulator.in_simulated_time(token));
        let moved = moved.and_then(|token| HeaderValue::try_from(format!("Bearer {token}")).ok());
        if let Some(moved) = moved {
            headers.insert(AUTHORIZATION, moved);
        }
    }

    /// None if nothing is to be moved.
    fn moved_usage(&self, body: &[u8]) -> Option<String> {
        let mut usage: Value = serde_json::from_slice(body).ok()?;
        let mut is_moved = false;
        for record in usage.get_mut("records")?.as_array_mut()? {
            is_moved |= self.move_record(record).unwrap_or_default();
        }
        is_moved.then(|| usage.to_string())
    }

    /// Whether it was moved.
    fn move_record(&self, record: &mut Value) -> Option<bool> {
        let id = ["entitlement", "idempotency_key"].map(|name| record.get(name));
        let [Some(entitlement), Some(key)] = id else {
            return None;
        };
        let by = self.first_moved_by(format!("{entitlement} {key}"));
        let time = record.get_mut("occurred_at")?;
        let occurred_at: Timestamp = time.as_str()?.parse().ok()?;
        *time = Value::from(occurred_at.checked_add(by).ok()?.to_string());
        Some(!by.is_zero())
    }

    fn first_moved_by(&self, record: String) -> Duration {
        let ahead = self.ahead();
        let mut moved = self.moved.lock().unwrap_or_else(PoisonError::into_inner);
        *moved.entry(record).or_insert(ahead)
    }
}

#[cfg(test)]
mod tests {
    use marketplace_simulator::Settings;
    use serde_json::json;

    use super::*;

    const DAY: Duration = Duration::from_hours(24);

    fn time() -> ApplicationTime {
        let simulator = Simulator::new(Settings::default(), "http://127.0.0.1:9090");
        ApplicationTime::in_world_of(&simulator)
    }

    fn usage(key: &str) -> String {
        let record = json!({
            "entitlement": "a", "idempotency_key": key, "quantity": 1.5,
            "occurred_at": "2026-01-21T01:17:05Z",
        });
        json!({"records": [record]}).to_string()
    }

    fn moved(time: &ApplicationTime, key: &str) -> String {
        let body = time.moved_usage(usage(key).as_bytes()).unwrap();
        let body: Value = serde_json::from_str(&body).unwrap();
        let [record] = body["records"].as_array().unwrap().as_slice() else {
            panic!("one record");
        };
        assert_eq!(record["quantity"], 1.5);
        record["occurred_at"].as_str().unwrap().to_owned()
    }

    #[test]
    fn usage_is_of_the_simulated_time_at_which_it_came_first() {
        let time = time();
        assert_eq!(time.moved_usage(usage("first").as_bytes()), None);
        time.simulator.pass_time(DAY);
        assert_eq!(moved(&time, "second"), "2026-01-22T01:17:05Z");
        time.simulator.pass_time(DAY);
        assert_eq!(moved(&time, "third"), "2026-01-23T01:17:05Z");
        assert_eq!(moved(&time, "second"), "2026-01-22T01:17:05Z");
        assert_eq!(time.moved_usage(usage("first").as_bytes()), None);
    }

    #[test]
    fn a_token_is_moved_whatever_the_case_of_its_scheme() {
        let time = time();
        let token = time.simulator.identity_token("a@example.com", "b");
        time.simulator.pass_time(DAY);
        for scheme in ["Bearer", "bearer", "BEARER"] {
            let sent = HeaderValue::try_from(format!("{scheme} {token}")).unwrap();
            let mut headers = HeaderMap::from_iter([(AUTHORIZATION, sent.clone())]);
            time.move_token(&mut headers);
            assert_ne!(headers[AUTHORIZATION], sent, "{scheme}");
        }
    }

    #[test]
    fn what_cannot_be_read_stays_as_it_is() {
        let time = time();
        time.simulator.pass_time(DAY);
        for body in [
            "",
            "[]",
            r#"{"records":[]}"#,
            r#"{"records":[1,{}]}"#,
            r#"{"records":[{"entitlement":"a","idempotency_key":"b","occurred_at":"now"}]}"#,
        ] {
            assert_eq!(time.moved_usage(body.as_bytes()), None, "{body}");
        }
    }
}
