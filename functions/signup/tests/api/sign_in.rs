//! Sign-up with Google sign-in required: who gets through, and who does not.

use function_tests::open_sign_in::OpenSignIn;
use marketplace_simulator::{Chooser, Matcher};

use crate::form::{OVER, another_token};
use crate::function::{Left, Setup, TestFunction};
use crate::open_form::OpenForm;
use crate::refusals::{account, store};

/// Nobody was looked up, approved or handed over at Google, and nothing but sessions is stored.
async fn nothing_happened(function: &TestFunction, order: &marketplace_simulator::Order) {
    assert_eq!(function.left(&order.account).await, Left::NOTHING);
    let calls = function.simulator.calls();
    assert_eq!(calls.count(&Matcher::procurement()), 0);
    assert_eq!(calls.count(&Matcher::sign_jwt()), 0);
}

pub(crate) async fn the_right_person_is_signed_up(setup: Setup) {
    let (function, order, browser, sign_in) = setup.signing_in().sent_to_google().await;
    nothing_happened(&function, &order).await;
    let client = function.simulator.oauth_client();
    let redirect_uri = format!("http://{}/signup/callback", function.address);
    let session = browser.session(&sign_in.landing).await.unwrap().record;
    let attempt = session.sign_in.unwrap();
    let challenge = sign_in.query["code_challenge"].as_str();
    assert_ne!(challenge, attempt.verifier);
    let expected = [
        ("client_id", client.id.as_str()),
        ("code_challenge", challenge),
        ("code_challenge_method", "S256"),
        ("login_hint", order.user.as_str()),
        ("nonce", &attempt.nonce),
        ("redirect_uri", &redirect_uri),
        ("response_type", "code"),
        ("scope", "openid email"),
        ("state", &attempt.state),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(sign_in.query, expected.into());
    let cookies = browser.cookies();
    assert_eq!(cookies.len(), 1);
    assert!(cookies.values().all(|id| !attempt.state.contains(id)));

    let page = sign_in.by(&browser, &order.user).await;
    let claims = function.claims(&page).await;
    assert_eq!(function.outcome(), "signed-up");
    assert_eq!(claims["verified_user"], true);
    assert_eq!(claims["google"]["user_identity"], order.user.as_str());
    assert_eq!(claims["new_user"], true);
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
    let session = browser.session(&sign_in.landing).await.unwrap().record;
    assert!(session.completed.is_some());
}

pub(crate) async fn the_right_person_gets_the_form_and_no_other_gets_it(setup: Setup) {
    let (function, order, browser, sign_in) = setup.signing_in().form().sent_to_google().await;
    let form = format!("/signup/register?landing={}", sign_in.landing);
    let early = browser.get(&form).await;
    assert_eq!(function.outcome(), "sign-in-due");
    assert_eq!(
        early.header("location"),
        Some(sign_in.another_try().as_str())
    );

    let back = sign_in.by(&browser, &order.user).await;
    assert_eq!(function.outcome(), "signed-in");
    assert_eq!(
        (back.status, back.header("location")),
        (303, Some(form.as_str()))
    );
    nothing_happened(&function, &order).await;
    let form = OpenForm::on(&browser.get(&form).await);
    let claims = function.claims(&form.submit(&browser).await).await;
    assert_eq!(claims["verified_user"], true);
    assert_eq!(claims["unverified_profile"]["name"], "Ada Keller");
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
}

pub(crate) async fn the_wrong_person_tries_again_with_the_account_chooser(setup: Setup) {
    let (function, order, browser, first) = setup.signing_in().sent_to_google().await;
    function.simulator.set_chooser(Chooser::SomebodyElse);
    function.keep_secret(function.simulator.stranger().as_str());
    let page = first.by(&browser, &order.user).await;
    function.answered(&page, 403, "wrong-person");
    assert!(page.body.contains("That was another Google account"));
    nothing_happened(&function, &order).await;

    // Another colleague is as wrong as a stranger.
    function.simulator.set_chooser(Chooser::AsChosen);
    let role = vec![marketplace::Role::AccountAdmin];
    let colleague = function.simulator.add_user(&order.account, role).unwrap();
    let second = first.again(&browser, &page).await;
    assert_ne!(second.query["state"], first.query["state"]);
    assert_ne!(second.query["nonce"], first.query["nonce"]);
    assert_ne!(
        second.query["code_challenge"],
        first.query["code_challenge"]
    );
    assert_eq!(second.query["login_hint"], order.user.as_str());
    let page = second.by(&browser, &colleague).await;
    assert_eq!(function.outcome(), "wrong-person");
    nothing_happened(&function, &order).await;

    let third = second.again(&browser, &page).await;
    let page = third.by(&browser, &order.user).await;
    let claims = function.claims(&page).await;
    assert_eq!(claims["google"]["user_identity"], order.user.as_str());
    assert_eq!(claims["verified_user"], true);
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
}

pub(crate) async fn a_customer_who_does_not_consent_may_try_again(setup: Setup) {
    let (function, order, browser, sign_in) = setup.signing_in().sent_to_google().await;
    let page = sign_in.denied(&browser).await;
    function.answered(&page, 403, "sign-in-denied");
    assert!(page.body.contains("You have not signed in"));
    nothing_happened(&function, &order).await;
    let again = sign_in.again(&browser, &page).await;
    let page = again.by(&browser, &order.user).await;
    assert_eq!(function.claims(&page).await["verified_user"], true);
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
}

pub(crate) async fn a_known_customer_signs_in_too(setup: Setup) {
    let before = setup.start().await;
    let order = before.buyer();
    let first = before.browser().arrive(&order).await;
    assert_eq!(before.claims(&first).await["verified_user"], false);
    let function = Setup::beside(&before).form().signing_in().start().await;
    let browser = function.browser();
    let token = another_token(&function, &order);
    let sign_in = OpenSignIn::on(&browser, &browser.land(&token).await);
    let page = sign_in.by(&browser, &order.user).await;
    let claims = function.claims(&page).await;
    assert_eq!(function.outcome(), "handed-over");
    assert_eq!(
        (&claims["verified_user"], &claims["new_user"]),
        (&true.into(), &false.into())
    );

    // The same token again: the same hand-off, after the same checks.
    let browser = function.browser();
    let sign_in = OpenSignIn::on(&browser, &browser.land(&token).await);
    let page = sign_in.by(&browser, &order.user).await;
    assert_eq!(function.claims(&page).await, claims);
    assert_eq!(function.outcome(), "handed-over-again");
}

pub(crate) async fn a_rejected_account_is_not_sent_to_google(setup: Setup) {
    let (function, order) = setup.signing_in().start_with_customer().await;
    let rejected = store::Approval::Rejected;
    store(&function, &account(&order, rejected, None)).await;
    let page = function.browser().arrive(&order).await;
    function.answered(&page, 403, "account-rejected");
}

pub(crate) async fn an_account_that_is_rejected_meanwhile_is_not_sent_to_google_again(
    setup: Setup,
) {
    let (function, order, browser, sign_in) = setup.signing_in().sent_to_google().await;
    let rejected = store::Approval::Rejected;
    store(&function, &account(&order, rejected, None)).await;
    let page = browser.get(&sign_in.another_try()).await;
    function.answered(&page, 403, "account-rejected");
    let page = sign_in.by(&browser, &order.user).await;
    function.answered(&page, 403, "account-rejected");
}

pub(crate) async fn a_token_whose_hand_off_is_over_is_not_sent_to_google(setup: Setup) {
    let (function, order, browser) = setup.signing_in().start_with_browser().await;
    let token = function.buyers_token(&order);
    let sign_in = OpenSignIn::on(&browser, &browser.land(&token).await);
    assert_eq!(sign_in.by(&browser, &order.user).await.status, 200);
    function.let_hand_off_expire(&token).await;
    let answer = function.browser().land(&token).await;
    function.led_to_login(&answer, "token-spent");
}

pub(crate) async fn a_form_from_before_sign_in_was_required_is_over(setup: Setup) {
    let before = setup.form().start().await;
    let order = before.buyer();
    let old = before.browser();
    let form = OpenForm::opened_by(&old, &order).await;
    let function = Setup::beside(&before).form().signing_in().start().await;
    let browser = function.browser().with_cookies_of(&old);
    let page = form.submit(&browser).await;
    OVER.check(&function, &page, Some(&order));
    nothing_happened(&function, &order).await;
}
