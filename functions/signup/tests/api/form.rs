//! Sign-up with a registration form.

use function_tests::refused::Refused;
use jiff::{SignedDuration, Timestamp};
use marketplace::Role;
use marketplace_simulator::{Matcher, Order};
use serde_json::json;
use store::{Approval, Purpose};

use crate::function::{Left, Setup, TestFunction};
use crate::open_form::{OpenForm, TYPED, opened};
use crate::refusals::{account, store};

pub(crate) async fn a_customer_registers_after_some_mistakes(setup: Setup) {
    let (function, order, browser, form) = opened(setup.form().with_events_topic()).await;
    assert_eq!(function.outcome(), "form-shown");

    let wrong = [
        ("company", "<b>Example</b>"),
        ("name", ""),
        ("email", "ada.keller@"),
    ];
    let page = form.submit_with(&browser, &wrong).await;
    function.answered(&page, 422, "form-corrected");
    assert_eq!(page.body.matches("aria-invalid=\"true\" aria").count(), 2);
    assert!(
        page.body
            .contains("value=\"&#60;b&#62;Example&#60;/b&#62;\"")
    );
    assert!(page.body.contains("value=\"ada.keller@\""));
    assert!(page.body.contains("Please fill this in."));
    assert_eq!(function.left(&order.account).await, Left::NOTHING);
    assert_eq!(function.simulator.calls().count(&Matcher::procurement()), 0);

    let page = OpenForm::on(&page).submit(&browser).await;
    let claims = function.claims(&page).await;
    assert_eq!(function.outcome(), "signed-up");
    assert_eq!(claims["new_user"], true);
    let profile = json!({
        "company": "Example & Söhne",
        "name": "Ada Keller",
        "email": "ada.keller@customer.example",
    });
    assert_eq!(claims["unverified_profile"], profile);
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
    let account = function.account(&order.account).await.unwrap();
    assert_eq!(account.company.as_deref(), Some("Example & Söhne"));
    let link = function.link(&order.account, &order.user).await.unwrap();
    assert_eq!(json!(link.profile), profile);
    let news = function.simulator.published().all();
    let data = &news[0].json()["data"];
    assert_eq!(data["account"], order.account.as_str());
    assert_eq!(data["unverified_company"], "Example & Söhne");
}

pub(crate) async fn a_landing_leaves_a_session_and_nothing_else(setup: Setup) {
    let (function, order, browser) = setup.form().start_with_browser().await;
    let since = Timestamp::now();
    let form = OpenForm::opened_by(&browser, &order).await;
    assert_eq!(function.left(&order.account).await, Left::NOTHING);
    assert_eq!(function.simulator.calls().count(&Matcher::procurement()), 0);
    let session = browser.session(&form.landing).await.unwrap().record;
    assert_eq!(session.purpose, Purpose::Signup);
    assert_eq!(session.handle, form.landing);
    assert_eq!(session.customer.account(), &order.account);
    assert_eq!(session.customer.user(), Some(&order.user));
    assert_eq!((session.completed, session.sign_in), (None, None));
    let half_an_hour = session.expires.duration_since(session.created);
    assert_eq!(half_an_hour, SignedDuration::from_mins(30));
    assert!(session.created >= since - SignedDuration::from_secs(1));
}

pub(crate) async fn the_fields_are_configured(setup: Setup) {
    let fields = setup.form().with("SIGNUP_FORM_FIELDS", "phone?,name");
    let (function, order, browser, form) = opened(fields).await;
    let typed = [("name", "Ada Keller"), ("company", "Not asked for")];
    let page = form.submit_with(&browser, &typed).await;
    let claims = function.claims(&page).await;
    assert_eq!(
        claims["unverified_profile"],
        json!({ "name": "Ada Keller" })
    );
    let account = function.account(&order.account).await.unwrap();
    assert_eq!(account.company, None);
}

pub(crate) async fn a_token_that_expired_while_the_form_was_open_does_not_matter(setup: Setup) {
    let (function, order, browser, form) = opened(setup.form()).await;
    browser.let_token_expire(&form.landing).await;
    let page = form.submit(&browser).await;
    assert_eq!(function.claims(&page).await["new_user"], true);
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
}

pub(crate) async fn a_session_that_expired_is_over(setup: Setup) {
    let (function, order, browser, form) = opened(setup.form()).await;
    browser.let_session_expire(&form.landing).await;
    OVER.check(&function, &browser.get(&form.target()).await, None);
    OVER.check(&function, &form.submit(&browser).await, None);
    assert_eq!(function.left(&order.account).await, Left::NOTHING);
    // A new landing begins again in the same browser.
    let form = OpenForm::opened_by(&browser, &order).await;
    assert_eq!(form.submit(&browser).await.status, 200);
}

pub(crate) const OVER: Refused = Refused::new(
    410,
    "landing-over",
    "this browser has no open session of this landing",
);

pub(crate) async fn a_known_customer_skips_the_form(setup: Setup) {
    let (function, order, browser) = setup.form().start_with_browser().await;
    let token = function.buyers_token(&order);
    let form = OpenForm::open(&browser, &token).await;
    let first = function.claims(&form.submit(&browser).await).await;
    for (token, outcome) in [
        (token, "handed-over-again"),
        (another_token(&function, &order), "handed-over"),
    ] {
        let page = function.browser().land(&token).await;
        let claims = function.claims(&page).await;
        assert_eq!(function.outcome(), outcome);
        assert_eq!(claims["unverified_profile"], first["unverified_profile"]);
        assert_eq!(
            claims["jti"] == first["jti"],
            outcome == "handed-over-again"
        );
    }
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
}

/// Another token of this customer: it lives shorter than those of [`TestFunction::buyers_token`].
pub(crate) fn another_token(function: &TestFunction, order: &Order) -> String {
    let claims = function.simulator.token_claims(&order.account, &order.user);
    let expires = claims.issued_at() + 200;
    function.simulator.sign(&claims.set("exp", expires))
}

pub(crate) async fn a_colleague_fills_in_a_form_of_their_own(setup: Setup) {
    let (function, order, browser, form) = opened(setup.form()).await;
    assert_eq!(form.submit(&browser).await.status, 200);
    let roles = vec![Role::ProjectEditor];
    let user = function.simulator.add_user(&order.account, roles).unwrap();
    let colleague = Order { user, ..order };
    let form = OpenForm::opened_by(&browser, &colleague).await;
    let typed = [TYPED[0], ("name", "Bruno Sato"), TYPED[2]];
    let page = form.submit_with(&browser, &typed).await;
    let claims = function.claims(&page).await;
    assert_eq!(claims["unverified_profile"]["name"], "Bruno Sato");
    assert_eq!(claims["new_user"], true);
    let left = Left {
        links: 2,
        ..Left::SIGNED_UP
    };
    assert_eq!(function.left(&colleague.account).await, left);
}

pub(crate) async fn a_rejected_account_gets_no_form(setup: Setup) {
    let (function, order, browser, form) = opened(setup.form()).await;
    function.simulator.reject_account(&order.account).unwrap();
    let rejected = Refused::new(403, "account-rejected", "the account was rejected");
    // It is found out at the end of the first form; then there is no second one.
    rejected.check(&function, &form.submit(&browser).await, Some(&order));
    rejected.check(&function, &browser.arrive(&order).await, Some(&order));
    rejected.check(&function, &form.submit(&browser).await, Some(&order));
    let left = Left {
        approval: Some(Approval::Rejected),
        ..Left::INTENT
    };
    assert_eq!(function.left(&order.account).await, left);
}

pub(crate) async fn an_account_that_is_rejected_while_the_form_is_open_is_told_so_before_it_is_filled_in(
    setup: Setup,
) {
    let (function, order, browser, form) = opened(setup.form()).await;
    store(&function, &account(&order, Approval::Rejected, None)).await;
    let rejected = Refused::new(403, "account-rejected", "the account was rejected");
    let page = browser.get(&form.target()).await;
    rejected.check(&function, &page, Some(&order));
    // Before its mistakes are looked at.
    let page = form.submit_with(&browser, &[("name", "")]).await;
    rejected.check(&function, &page, Some(&order));
    assert_eq!(function.simulator.calls().count(&Matcher::procurement()), 0);
}

pub(crate) async fn a_new_customer_of_an_account_deleted_before_gets_the_form(setup: Setup) {
    let (function, order) = setup.form().start_with_customer().await;
    let before = Timestamp::now() - SignedDuration::from_mins(1);
    let tombstone = account(&order, Approval::Approved, Some(before));
    store(&function, &tombstone).await;
    let browser = function.browser();
    let form = OpenForm::opened_by(&browser, &order).await;
    let page = form.submit(&browser).await;
    assert_eq!(function.claims(&page).await["new_user"], true);
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
    let account = function.account(&order.account).await.unwrap();
    assert_eq!(account.company.as_deref(), Some("Example & Söhne"));
}

pub(crate) async fn the_form_of_a_completed_registration_leads_to_the_login_page(setup: Setup) {
    let (function, _, browser, form) = opened(setup.form()).await;
    assert_eq!(form.submit(&browser).await.status, 200);
    let back = browser.get(&form.target()).await;
    function.led_to_login(&back, "already-registered");
}
