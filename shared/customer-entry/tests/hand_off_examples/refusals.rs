//! Hand-offs that an application must not accept.

use http::StatusCode;
use marketplace_simulator::tokens::{SigningKey, foreign};
use serde_json::{Value, json};

use crate::example::EXAMPLES;
use crate::portico::{Claims, Portico, key};

type Change = fn(&mut Claims);

/// One wrong thing each.
const BROKEN_CLAIMS: [(&str, Change); 16] = [
    ("expired", |claims| shift(claims, -120)),
    ("issued in the future", |claims| shift(claims, 120)),
    ("lives too long", |claims| {
        set(claims, "exp", json!(claims["iat"].as_i64().unwrap() + 3600));
    }),
    ("other audience", |claims| {
        set(claims, "aud", json!("https://other.example.com"));
    }),
    ("several audiences", |claims| {
        set(claims, "aud", json!([claims["aud"].clone()]));
    }),
    ("the Marketplace as issuer", |claims| {
        set(
            claims,
            "iss",
            json!(marketplace_simulator::tokens::MARKETPLACE_ISSUER),
        );
    }),
    ("no issuer", |claims| remove(claims, "iss")),
    ("no audience", |claims| remove(claims, "aud")),
    ("no account", |claims| remove(claims, "sub")),
    ("empty account", |claims| set(claims, "sub", json!(""))),
    ("no jti", |claims| remove(claims, "jti")),
    ("empty jti", |claims| set(claims, "jti", json!(""))),
    ("no iat", |claims| remove(claims, "iat")),
    ("no exp", |claims| remove(claims, "exp")),
    ("no google", |claims| remove(claims, "google")),
    ("no user", |claims| {
        set(claims, "google", json!({"roles": ["account_admin"]}));
    }),
];

#[tokio::test]
async fn each_broken_claim_is_refused() {
    let portico = Portico::start().await;
    let order = portico.google.buy();
    for example in EXAMPLES {
        let application = portico.application(example);
        for (what, break_it) in BROKEN_CLAIMS {
            let answer = application
                .receive(&portico.changed(&order, break_it).await)
                .await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{example:?}: {what}");
            assert_eq!(answer.cookies(), Vec::<&str>::new(), "{example:?}: {what}");
        }
        // The application as such works: the same without a change is accepted.
        let answer = application
            .receive(&portico.changed(&order, |_| ()).await)
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{example:?}");
    }
}

#[tokio::test]
async fn each_forgery_is_refused() {
    let portico = Portico::start().await;
    let order = portico.google.buy();
    for example in EXAMPLES {
        let application = portico.application(example);
        let claims = portico.claims(&order).await;
        let header = |alg: &str| json!({"alg": alg, "kid": key().kid}).to_string();
        let jku = json!({"alg": "RS256", "kid": foreign().kid, "jku": portico.google.origin()});
        let other_keys_kid = foreign().sign(&foreign().header(), &claims);
        let good = key().sign(&key().header(), &claims);
        let forgeries = [
            (
                "another key under the signer's id",
                foreign().sign(&key().header(), &claims),
            ),
            ("another key under its own id", other_keys_kid),
            (
                "another key and where to find it",
                foreign().sign(&jku.to_string(), &claims),
            ),
            (
                "no algorithm",
                SigningKey::unsigned(&header("none"), &claims),
            ),
            (
                "certificate as secret",
                key().sign_as_hmac(&header("HS256"), &claims),
            ),
            (
                "another RSA algorithm",
                key().sign(&header("RS512"), &claims),
            ),
            ("no key id", key().sign(r#"{"alg":"RS256"}"#, &claims)),
            (
                "a number as key id",
                key().sign(r#"{"alg":"RS256","kid":1}"#, &claims),
            ),
            ("no signature", good.rsplit_once('.').unwrap().0.to_owned()),
            ("no token", "token".to_owned()),
        ];
        for (what, forgery) in forgeries {
            let answer = application.receive(&forgery).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{example:?}: {what}");
        }
        application.answers(&good, StatusCode::SEE_OTHER).await;
    }
}

#[tokio::test]
async fn a_hand_off_works_once() {
    let portico = Portico::start().await;
    let order = portico.google.buy();
    for example in EXAMPLES {
        let application = portico.application(example);
        let hand_off = portico.hand_off(&order).await;
        application.answers(&hand_off, StatusCode::SEE_OTHER).await;
        let replay = application.answers(&hand_off, StatusCode::CONFLICT).await;
        assert_eq!(replay.cookies(), Vec::<&str>::new(), "{example:?}");

        // A repeated landing gets the same claims signed again: still one hand-off.
        let claims = portico.claims(&order).await;
        let first = key().sign(&key().header(), &claims);
        let second = key().sign(
            &json!({"alg": "RS256", "kid": key().kid}).to_string(),
            &claims,
        );
        assert_ne!(first, second);
        application.answers(&first, StatusCode::SEE_OTHER).await;
        application.answers(&second, StatusCode::CONFLICT).await;
    }
}

#[tokio::test]
async fn of_many_at_once_with_one_hand_off_one_gets_in() {
    let portico = Portico::start().await;
    let order = portico.google.buy();
    for example in EXAMPLES {
        let application = portico.application(example);
        let hand_off = portico.hand_off(&order).await;
        let post = || application.receive(&hand_off);
        let answers = tokio::join!(post(), post(), post(), post(), post(), post());
        let mut statuses = <[_; 6]>::from(answers).map(|answer| answer.status.as_u16());
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409, 409, 409, 409, 409], "{example:?}");
    }
}

#[tokio::test]
async fn a_form_without_exactly_one_hand_off_is_refused() {
    let portico = Portico::start().await;
    let order = portico.google.buy();
    for example in EXAMPLES {
        let application = portico.application(example);
        let hand_off = portico.hand_off(&order).await;
        let forms = [
            String::new(),
            format!("x-gcp-marketplace-token={hand_off}"),
            format!("portico-token={hand_off}&portico-token={hand_off}"),
            format!("portico-token={hand_off}&{}", "x".repeat(32 * 1024)),
        ];
        for form in forms {
            let answer = application.post_signup(form).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{example:?}");
        }
        application.answers(&hand_off, StatusCode::SEE_OTHER).await;
    }
}

fn set(claims: &mut Claims, claim: &str, value: Value) {
    claims.insert(claim.to_owned(), value);
}

fn remove(claims: &mut Claims, claim: &str) {
    claims.remove(claim);
}

fn shift(claims: &mut Claims, seconds: i64) {
    for claim in ["iat", "exp"] {
        let time = claims[claim].as_i64().unwrap();
        set(claims, claim, json!(time + seconds));
    }
}
