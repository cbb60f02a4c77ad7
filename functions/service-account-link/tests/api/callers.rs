//! Who may call.

use jiff::Timestamp;
use marketplace_simulator::{Fault, Matcher, tokens};
use store::Store;

use crate::environment::{AUDIENCE, CALLER};
use crate::function::TestFunction;

pub(crate) async fn nobody_is_let_in_without_the_right_identity(store: Store) {
    let function = TestFunction::start(store).await;
    let customer = function.customer().await;
    let simulator = &function.simulator;
    let good = simulator.identity_token(CALLER, AUDIENCE);
    let (claims, signature) = good.rsplit_once('.').unwrap();
    let valid = || {
        tokens::IdentityClaims::valid_at(Timestamp::now())
            .set("aud", AUDIENCE)
            .set("email", CALLER)
    };
    let signed = |claims: tokens::IdentityClaims| {
        let key = tokens::google_identity();
        // The first is the simulator's key of now.
        claims.signed_by(key.first().unwrap())
    };
    let past = Timestamp::now().as_second() - 7_200;
    let forged = [
        None,
        Some(String::new()),
        Some("x".to_owned()),
        // What Cloud Run's own check leaves of a token.
        Some(format!("{claims}.SIGNATURE_REMOVED_BY_GOOGLE")),
        Some(format!(
            "{claims}.{}",
            signature.chars().rev().collect::<String>()
        )),
        // Of somebody else, or for somebody else.
        Some(
            simulator.identity_token("stranger@example-project.iam.gserviceaccount.com", AUDIENCE),
        ),
        Some(simulator.identity_token(CALLER, "https://events.example.com")),
        Some(simulator.identity_token(CALLER, &format!("{AUDIENCE}/"))),
        Some(simulator.identity_token(&CALLER.to_uppercase(), AUDIENCE)),
        // Not verified, expired, without an e-mail.
        Some(signed(valid().set("email_verified", false))),
        Some(signed(valid().set("email_verified", "true"))),
        Some(signed(valid().without("email_verified"))),
        Some(signed(valid().without("email"))),
        Some(signed(valid().set("iat", past).set("exp", past + 3_600))),
        Some(signed(valid().set("iss", tokens::MARKETPLACE_ISSUER))),
        // The Marketplace's token, and ours signed with the Marketplace's key.
        Some(simulator.token(customer.id(), customer.user())),
        Some(valid().signed_by(simulator.signing_key())),
        Some(valid().signed_by(tokens::foreign())),
    ];
    for token in forged {
        // A caller that is refused does not learn whether the body was good either.
        for body in [customer.body().to_string(), "{".to_owned()] {
            let answer = function
                .post(token.as_deref(), body.into_bytes(), None)
                .await;
            assert_eq!(answer.refusal(), (401, "not-authenticated"), "{token:?}");
        }
    }
    // Nobody was asked but for the keys.
    assert_eq!(simulator.calls().count(&Matcher::iam()), 0);
    assert_eq!(simulator.calls().count(&Matcher::access_token()), 0);
    let body = customer.body().to_string().into_bytes();
    let answer = function.post(Some(&signed(valid())), body, None).await;
    assert_eq!(answer.status, 200);
}

pub(crate) async fn only_one_address_answers_and_only_to_a_post(store: Store) {
    let function = TestFunction::start(store).await;
    for (path, status) in [
        ("/", 404),
        ("/service-account-links/", 404),
        ("/service-account-links/x", 404),
        ("/service-account-links", 405),
    ] {
        let url = format!("{}{path}", function.origin);
        let request = function.client.get(url).bearer_auth(function.token());
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{path}");
        let allow = (status == 405).then_some("POST");
        let allowed = answer.headers().get("allow").map(|it| it.to_str().unwrap());
        assert_eq!(allowed, allow);
    }
    let answer = function
        .post(Some(&function.token()), vec![b' '; 17_000], None)
        .await;
    assert_eq!(answer.refusal(), (413, "body-too-large"));
}

#[tokio::test]
async fn without_keys_no_caller_is_refused_for_good() {
    let function = TestFunction::start(Store::memory()).await;
    let customer = function.customer().await;
    let keys = Matcher::any().path("/oauth2/v1/certs");
    function.simulator.faults().always(keys, Fault::status(500));
    let answer = function.ask(&customer.body()).await;
    assert_eq!(answer.refusal(), (503, "keys-unavailable"));
}
