//! Forms filled in from address books, documents and web pages.

use function_tests::visited::soon;
use marketplace::pasted_text;
use serde_json::{Value, json};
use store::Link;

use crate::form::another_token;
use crate::function::{Left, Setup, TestFunction};
use crate::open_form::{OpenForm, opened};

const ALL_FIELDS: &str = "company?,name?,email?,phone?,website?";

/// A customer of their own, who pastes this; what the application gets.
async fn registered_with(function: &TestFunction, pasted: &[(&str, &str)]) -> Value {
    let order = function.simulator.buy();
    let browser = function.browser();
    let form = OpenForm::opened_by(&browser, &order).await;
    let page = form.submit_with(&browser, pasted).await;
    assert_eq!(page.status, 200, "{pasted:?}: {}", page.body);
    let mut claims = function.claims(&page).await;
    let profile = claims["unverified_profile"].take();
    let link = function.link(&order.account, &order.user).await.unwrap();
    assert_eq!(json!(link.profile), profile);
    profile
}

pub(crate) async fn a_phone_number_is_understood_as_address_books_write_it(setup: Setup) {
    let function = setup
        .form()
        .with("SIGNUP_FORM_FIELDS", "phone")
        .start()
        .await;
    for (pasted, number) in [
        ("\u{202d}+49 30 901820\u{202c}", "+49 30 901820"),
        ("+49\u{a0}30\u{a0}901820", "+49 30 901820"),
        ("+49\u{2013}30\u{2013}901820", "+49-30-901820"),
        ("+1 650 555 0100 ext. 12", "+1 650 555 0100 ext. 12"),
        ("+1.650.555.0100 x12", "+1.650.555.0100 ext. 12"),
        ("＋４９（３０）９０１８２０", "+49(30)901820"),
    ] {
        let profile = registered_with(&function, &[("phone", pasted)]).await;
        assert_eq!(profile, json!({ "phone": number }));
    }
}

pub(crate) async fn every_field_is_cleaned_before_it_is_checked_and_stored(setup: Setup) {
    let fields = setup.form().with("SIGNUP_FORM_FIELDS", ALL_FIELDS);
    let (function, order, browser, form) = opened(fields.with_events_topic()).await;
    let pasted = [
        (
            "company",
            "\u{feff}Example\u{a0}& Söh\u{ad}ne\u{202e}\u{3164}",
        ),
        ("name", "می\u{200c}خواهم Kel\u{200d}ler\u{2028}"),
        ("email", "Ada Keller <mailto:ada@customer.example>;"),
        ("phone", "tel:+49\u{2011}30\u{2011}901820"),
        ("website", "\u{200b}customer.example\u{3000}"),
    ];
    let page = form.submit_with(&browser, &pasted).await;
    let claims = function.claims(&page).await;
    let profile = json!({
        "company": "Example & Söhne",
        "name": "می\u{200c}خواهم Keller",
        "email": "ada@customer.example",
        "phone": "+49-30-901820",
        "website": "https://customer.example",
    });
    assert_eq!(claims["unverified_profile"], profile);
    let link = function.link(&order.account, &order.user).await.unwrap();
    assert_eq!(json!(link.profile), profile);
    let account = function.account(&order.account).await.unwrap();
    assert_eq!(account.company.as_deref(), Some("Example & Söhne"));
    let news = function.simulator.published().all();
    assert_eq!(
        news[0].json()["data"]["unverified_company"],
        "Example & Söhne"
    );
}

pub(crate) async fn a_field_that_shows_nothing_is_empty(setup: Setup) {
    let fields = setup.form().with("SIGNUP_FORM_FIELDS", "company,phone?");
    let (function, order, browser, mut form) = opened(fields).await;
    for nothing in [
        "\u{3164}",
        "\u{115f}",
        "\u{2800}",
        "\u{200d}\u{200e}\u{a0}\u{feff}",
    ] {
        let page = form.submit_with(&browser, &[("company", nothing)]).await;
        function.answered(&page, 422, "form-corrected");
        assert!(
            page.body
                .contains("has only characters that cannot be seen.")
        );
        assert!(
            page.body
                .contains("autocomplete=\"organization\" value=\"\"")
        );
        form = OpenForm::on(&page);
    }
    assert_eq!(function.left(&order.account).await, Left::NOTHING);
    let typed = [("company", "Example"), ("phone", "\u{2800}")];
    let page = form.submit_with(&browser, &typed).await;
    let claims = function.claims(&page).await;
    assert_eq!(
        claims["unverified_profile"],
        json!({ "company": "Example" })
    );
}

pub(crate) async fn a_refusal_says_what_is_wrong_with_each_field(setup: Setup) {
    let fields = setup.form().with("SIGNUP_FORM_FIELDS", ALL_FIELDS);
    let (function, order, browser, form) = opened(fields).await;
    // A browser that checks or cuts what is pasted would not let us say it.
    let page = browser.get(&form.target()).await;
    assert!(page.body.contains(" novalidate>") && !page.body.contains("maxlength"));
    let long = "a".repeat(201);
    let wrong = [
        ("company", long.as_str()),
        ("name", "M\u{fffd}ller <\u{202e}b>"),
        ("email", "ada@example.com, bob@example.com"),
        ("phone", "+49 30 call me"),
        ("website", "ftp://customer.example"),
    ];
    let page = form.submit_with(&browser, &wrong).await;
    function.answered(&page, 422, "form-corrected");
    for says in [
        "This is too long: it has 201 characters, and at most 200 fit.",
        "This has a character that was damaged on its way (\u{fffd}).",
        "This has more than one “@”.",
        "This has the letter “c”.",
        "This starts with “ftp:”.",
        // Nothing that was typed is lost, but for what cannot be seen.
        &format!("value=\"{long}\""),
        "value=\"M\u{fffd}ller &#60;b&#62;\"",
        "value=\"ftp://customer.example\"",
    ] {
        assert!(page.body.contains(says), "{says}: {}", page.body);
    }
    assert_eq!(pasted_text::for_terminal(&page.body), page.body);
    assert_eq!(function.left(&order.account).await, Left::NOTHING);
}

pub(crate) async fn what_an_earlier_version_stored_is_cleaned_when_it_is_handed_over(setup: Setup) {
    let (function, order, browser, form) = opened(setup.form()).await;
    assert_eq!(form.submit(&browser).await.status, 200);
    let stored = function.store.link(&order.account, &order.user, soon());
    let stored = stored.await.unwrap().unwrap();
    let as_pasted = |link: &mut Link| {
        let name = "\u{202d}Ada\u{a0}Kel\u{200b}ler\u{202c}".to_owned();
        link.profile = [
            ("name".to_owned(), name),
            ("company".to_owned(), "\u{3164}".to_owned()),
        ]
        .into();
    };
    function.change(stored, as_pasted).await;
    let page = function
        .browser()
        .land(&another_token(&function, &order))
        .await;
    let claims = function.claims(&page).await;
    assert_eq!(
        claims["unverified_profile"],
        json!({ "name": "Ada Keller" })
    );
}
