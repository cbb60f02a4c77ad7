//! An application that lives by this machine's clock, in a world that is ahead of it.

use std::time::Duration;

use jiff::Timestamp;
use marketplace_simulator::tokens::{self, IdentityClaims};
use marketplace_simulator::{ApplicationClock, Simulator};
use serde_json::{Value, json};

use crate::caller::{Caller, good};
use crate::endpoint::Endpoint;
use crate::published::PUBLISH;
use crate::relying_party::payload;

const IDENTITY: &str = "push@example-project.iam.gserviceaccount.com";
const SIGNER: &str = "/iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/hand-off@example-project.iam.gserviceaccount.com:signJwt";
const MONTH: Duration = Duration::from_hours(30 * 24);

/// A month has passed in its world.
async fn living_by(clock: ApplicationClock) -> Caller {
    let caller = Caller::set(|it| it.application_clock = clock).await;
    caller.sim.pass_time(MONTH);
    caller
}

fn is_now(second: &Value, now: Timestamp) -> bool {
    (second.as_i64().unwrap() - now.as_second()).abs() < 10
}

/// When the tokens were issued of a push to the application and of one to the functions.
async fn pushed(caller: &Caller) -> [Value; 2] {
    let (application, functions) = (
        Endpoint::subscriber(&[]).await,
        Endpoint::subscriber(&[]).await,
    );
    let sim = &caller.sim;
    sim.push_published_to(&application.url, IDENTITY, "application");
    sim.push_to(&functions.url, IDENTITY, "functions");
    let body = json!({"messages": [{"data": "YQ=="}]});
    good(caller.post_to(PUBLISH, &body)).await;
    sim.create_account();
    sim.delivery_of_published().settled().await;
    sim.delivered().await;
    [application, functions].map(|endpoint| payload(&endpoint.received()[0].token)["iat"].clone())
}

async fn signed(sim: &Caller, claims: &Value) -> String {
    let body = json!({"payload": claims.to_string()});
    let answer = good(sim.post_to(SIGNER, &body)).await;
    answer["signedJwt"].as_str().unwrap().to_owned()
}

fn in_seconds(sim: &Simulator, seconds: i64) -> i64 {
    sim.now().as_second() + seconds
}

#[tokio::test]
async fn by_default_the_application_lives_in_the_simulated_time() {
    let caller = living_by(ApplicationClock::default()).await;
    let [application, functions] = pushed(&caller).await;
    let now = caller.sim.now();
    assert!(is_now(&application, now) && is_now(&functions, now));
    let seconds = json!(caller.sim.application_now().as_second());
    assert!(is_now(&seconds, now));
}

#[tokio::test]
async fn pushes_to_an_application_with_a_clock_of_its_own_are_of_its_time() {
    let caller = living_by(ApplicationClock::Machine).await;
    let [application, functions] = pushed(&caller).await;
    assert!(is_now(&application, Timestamp::now()));
    assert!(is_now(&functions, caller.sim.now()));
    let seconds = json!(caller.sim.application_now().as_second());
    assert!(is_now(&seconds, Timestamp::now()));
}

#[tokio::test]
async fn a_hand_off_is_moved_back_by_what_the_world_is_ahead() {
    let caller = living_by(ApplicationClock::Machine).await;
    let sim = &caller.sim;
    let (issued, ends) = (in_seconds(sim, 0), in_seconds(sim, 300));
    let claims = json!({"sub": "a", "iat": issued, "exp": ends, "google": {"orders": ["b"]}});
    let token = signed(&caller, &claims).await;
    // What `signJwt` answers is what it was asked for.
    assert_eq!(payload(&token), claims);
    let month = 30 * 24 * 3_600;
    for _ in 0..2 {
        let moved = sim.by_machine_clock(&token).unwrap();
        let mut expected = claims.clone();
        expected["iat"] = json!(issued - month);
        expected["exp"] = json!(ends - month);
        assert_eq!(payload(&moved), expected);
        assert_eq!(moved.split('.').next(), token.split('.').next());
        // The key before is published still.
        sim.rotate_keys();
    }
    let without_times = signed(&caller, &json!({"sub": "a"})).await;
    let moved = sim.by_machine_clock(&without_times).unwrap();
    assert_eq!(payload(&moved), json!({"sub": "a"}));
}

#[tokio::test]
async fn a_page_is_the_same_but_for_its_hand_offs() {
    let caller = living_by(ApplicationClock::Machine).await;
    let sim = &caller.sim;
    let claims = json!({"sub": "a", "iat": in_seconds(sim, 0)});
    let token = signed(&caller, &claims).await;
    let moved = sim.by_machine_clock(&token).unwrap();
    assert_ne!(moved, token);
    let page = |token: &str| {
        format!(
            "<p>Größe 1.2.3, a.b.c …</p><input value=\"{token}\"><a href='{token}'>{token}x</a>{token}"
        )
    };
    // What only begins with a hand-off is none.
    let expected = page(&moved).replace(&format!("{moved}x"), &format!("{token}x"));
    assert_eq!(sim.hand_offs_by_machine_clock(&page(&token)), expected);
    for text in ["", "no token", "...", "a"] {
        assert_eq!(sim.hand_offs_by_machine_clock(text), text);
    }
}

#[tokio::test]
async fn only_hand_offs_are_moved_back() {
    let caller = living_by(ApplicationClock::Machine).await;
    let sim = &caller.sim;
    let order = sim.buy();
    for other in [
        sim.identity_token(IDENTITY, "audience"),
        sim.token(&order.account, &order.user),
        "text".to_owned(),
        String::new(),
    ] {
        assert_eq!(sim.by_machine_clock(&other), None, "{other}");
    }
}

#[tokio::test]
async fn an_identity_token_of_this_machine_s_time_is_moved_ahead() {
    let caller = living_by(ApplicationClock::Machine).await;
    let sim = &caller.sim;
    let claims = IdentityClaims::valid_at(Timestamp::now());
    for key in tokens::google_identity() {
        let token = sim.in_simulated_time(&claims.signed_by(key)).unwrap();
        let moved = payload(&token);
        assert!(is_now(&moved["iat"], sim.now()));
        let life = moved["exp"].as_i64().unwrap() - moved["iat"].as_i64().unwrap();
        assert_eq!(life, 3_600);
    }
    let hand_off = signed(&caller, &json!({"sub": "a"})).await;
    for other in [
        claims.signed_by(tokens::foreign()),
        hand_off,
        "a.b.c".to_owned(),
    ] {
        assert_eq!(sim.in_simulated_time(&other), None, "{other}");
    }
}
