//! How an application receives what is published: a push of Pub/Sub's, of its own subscription.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use function_runtime::Request;
use jsonwebtoken::{Algorithm, Validation, decode, decode_header};
use marketplace_simulator::Simulator;
use serde::Deserialize;

use super::cloud_event::CloudEvent;
use super::hand_off::published_key;
use super::raw_push::RawPush;
use crate::environment::APPLICATION_PUSH_IDENTITY;

const ISSUER: &str = "https://accounts.google.com";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// It does not come from the application's subscription.
    Stranger,
    Unreadable,
}

#[derive(Deserialize)]
struct Caller {
    exp: i64,
    email: String,
    email_verified: bool,
}

#[derive(Deserialize)]
struct Envelope {
    message: PushedMessage,
}

#[derive(Deserialize)]
struct PushedMessage {
    data: String,
}

/// Has what is published to the vendor's topic pushed to the application.
pub(super) fn subscribe(simulator: &Simulator) {
    let origin = simulator.origin();
    simulator.push_published_to(
        &format!("{origin}/app/events"),
        APPLICATION_PUSH_IDENTITY,
        &origin,
    );
}

/// Verifies who pushes, and reads what is pushed.
pub(super) fn receive(simulator: &Simulator, request: &Request) -> Result<CloudEvent, Refused> {
    if !is_ours(simulator, request).unwrap_or_default() {
        return Err(Refused::Stranger);
    }
    let event = read(&request.body).ok_or(Refused::Unreadable)?;
    Ok(CloudEvent {
        raw: RawPush::of(request),
        ..event
    })
}

/// Whether the identity token is Google's, for this application, and of its own subscription.
fn is_ours(simulator: &Simulator, request: &Request) -> Option<bool> {
    let header = request.header("authorization")?;
    let unverified_token = header.strip_prefix("Bearer ")?;
    let key_id = decode_header(unverified_token).ok()?.kid?;
    let key = published_key(&simulator.identity_keys(), &key_id).ok()?;
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_required_spec_claims(&["iss", "aud", "exp"]);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[simulator.origin()]);
    // The library would read this machine's clock, and the world's may be ahead.
    validation.validate_exp = false;
    let caller = decode::<Caller>(unverified_token, &key, &validation).ok()?;
    let Caller {
        exp,
        email,
        email_verified,
    } = caller.claims;
    Some(email_verified && email == APPLICATION_PUSH_IDENTITY && request.now.as_second() < exp)
}

fn read(body: &[u8]) -> Option<CloudEvent> {
    let envelope: Envelope = serde_json::from_slice(body).ok()?;
    let data = STANDARD.decode(envelope.message.data).ok()?;
    serde_json::from_slice(&data).ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bytes::Bytes;
    use http::{HeaderMap, Method};
    use jiff::Timestamp;
    use marketplace::Deadline;
    use marketplace_simulator::Settings;
    use marketplace_simulator::tokens::{self, IdentityClaims, SigningKey};
    use serde_json::json;

    use super::*;

    const ORIGIN: &str = "http://127.0.0.1:9090";

    fn claims() -> IdentityClaims {
        IdentityClaims::valid_at(Timestamp::now())
            .set("aud", ORIGIN)
            .set("email", APPLICATION_PUSH_IDENTITY)
    }

    fn push(
        claims: &IdentityClaims,
        key: &SigningKey,
        body: String,
    ) -> Result<CloudEvent, Refused> {
        let simulator = Simulator::new(Settings::default(), ORIGIN);
        let bearer = format!("Bearer {}", claims.signed_by(key));
        let mut headers = HeaderMap::new();
        headers.insert("authorization", bearer.parse().unwrap());
        let request = Request {
            method: Method::POST,
            uri: "/app/events".parse().unwrap(),
            headers,
            body: Bytes::from(body),
            now: Timestamp::now(),
            deadline: Deadline::after(Duration::from_secs(5)),
        };
        receive(&simulator, &request)
    }

    fn good_key() -> &'static SigningKey {
        &tokens::google_identity()[0]
    }

    fn body() -> String {
        let event = json!({
            "id": "1", "type": "portico.access.granted", "time": "2026-01-21T00:21:40Z",
            "data": {"account": "a", "access": "live"},
        });
        json!({"message": {"data": STANDARD.encode(event.to_string())}}).to_string()
    }

    #[test]
    fn a_push_of_the_subscription_is_read() {
        let event = push(&claims(), good_key(), body()).unwrap();
        assert_eq!(event.kind, "portico.access.granted");
        assert_eq!(event.data.account, "a");
    }

    #[test]
    fn a_push_is_kept_as_it_came_without_its_signature() {
        let raw = push(&claims(), good_key(), body()).unwrap().raw;
        let headers = "authorization: Bearer … (an identity token, see its claims)";
        assert_eq!(raw.headers, headers);
        assert!(
            raw.claims.contains(APPLICATION_PUSH_IDENTITY),
            "{}",
            raw.claims
        );
        assert!(raw.body.contains("\"message\""), "{}", raw.body);
        assert!(raw.data.contains("\"access\": \"live\""), "{}", raw.data);
    }

    #[test]
    fn another_identity_audience_or_key_is_a_stranger() {
        let other = "somebody@example-project.iam.gserviceaccount.com";
        for (claims, key) in [
            (claims().set("email", other), good_key()),
            (claims().set("email_verified", false), good_key()),
            (claims().set("aud", "http://127.0.0.1:9091"), good_key()),
            (claims().set("iss", "https://example.com"), good_key()),
            (claims().set("exp", 1_700_000_000), good_key()),
            (claims(), &tokens::marketplace()[0]),
        ] {
            let answer = push(&claims, key, body());
            assert_eq!(answer.map(|event| event.id), Err(Refused::Stranger));
        }
    }

    #[test]
    fn what_carries_no_event_is_unreadable() {
        for body in [
            "",
            "{}",
            r#"{"message":{"data":"?"}}"#,
            r#"{"message":{"data":"e30="}}"#,
        ] {
            let answer = push(&claims(), good_key(), body.to_owned());
            assert_eq!(answer.map(|event| event.id), Err(Refused::Unreadable));
        }
    }
}
