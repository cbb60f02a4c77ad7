//! Customers who arrive with a good hand-off.

use http::StatusCode;

use crate::application::{ExampleBrowser, ORIGIN};
use crate::example::EXAMPLES;
use crate::portico::Portico;

const SESSION: &str = "__Host-session";

#[tokio::test]
async fn a_customer_is_signed_in_and_the_application_has_learned_who_it_is() {
    let portico = Portico::start().await;
    let order = portico.google.buy();
    for example in EXAMPLES {
        let application = portico.application(example);
        let mut browser = ExampleBrowser::at(&application);
        let page = browser.arrive(&portico.hand_off(&order).await).await;
        assert_eq!(page.status, StatusCode::OK, "{example:?}");
        let learned = [
            ("sub", format!("&quot;{}&quot;", order.account)),
            (
                "user_identity",
                format!("&quot;{}&quot;", order.user.as_str()),
            ),
            ("orders", format!("[&quot;{}&quot;]", order.entitlement)),
            ("purpose", "&quot;signup&quot;".to_owned()),
            ("verified_user", "false".to_owned()),
            ("new_user", "true".to_owned()),
            ("access", "&quot;pending&quot;".to_owned()),
        ];
        for (name, value) in learned {
            page.shows(&format!("<dt>{name}<dd>{value}"));
        }
        assert!(
            page.text.contains("&lt;Müller &amp; Söhne&gt;"),
            "{example:?}: {}",
            page.text
        );
        let kept: Vec<&str> = browser.cookies.keys().map(String::as_str).collect();
        assert_eq!(kept, [SESSION], "{example:?}");
    }
    assert_eq!(portico.google.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn the_post_signs_nobody_in_by_itself() {
    let portico = Portico::start().await;
    let order = portico.google.buy();
    for example in EXAMPLES {
        let application = portico.application(example);
        let hand_off = portico.hand_off(&order).await;
        let answer = application.answers(&hand_off, StatusCode::SEE_OTHER).await;
        assert_eq!(answer.location(), Some("/welcome"), "{example:?}");
        let cookies = answer.cookies();
        let [cookie] = cookies.as_slice() else {
            panic!("{example:?}: {cookies:?}")
        };
        assert!(
            cookie.starts_with("__Host-pending="),
            "{example:?}: {cookie}"
        );
    }
}

#[tokio::test]
async fn the_same_customer_again_gets_a_new_session() {
    let portico = Portico::start().await;
    let order = portico.google.buy();
    for example in EXAMPLES {
        let application = portico.application(example);
        let mut browser = ExampleBrowser::at(&application);
        browser.arrive(&portico.hand_off(&order).await).await;
        let before = browser.cookies[SESSION].clone();
        let page = browser.arrive(&portico.hand_off(&order).await).await;
        page.shows("Welcome");
        assert_ne!(browser.cookies[SESSION], before, "{example:?}");

        // What was the session's id before is nobody's now.
        browser.cookies.insert(SESSION.to_owned(), before);
        let page = browser.open("/").await;
        page.shows("You are not signed in");
    }
}

#[tokio::test]
async fn somebody_else_s_session_is_replaced_only_when_the_customer_says_so() {
    let portico = Portico::start().await;
    let (present, arriving) = (portico.google.buy(), portico.google.buy());
    for example in EXAMPLES {
        let application = portico.application(example);
        let mut browser = ExampleBrowser::at(&application);
        browser.arrive(&portico.hand_off(&present).await).await;
        let session = browser.cookies[SESSION].clone();

        let page = browser.arrive(&portico.hand_off(&arriving).await).await;
        page.shows("You are signed in as somebody else");
        assert_eq!(browser.cookies[SESSION], session, "{example:?}");
        let page = browser.press("stay", ORIGIN).await;
        page.shows(present.account.as_str());
        assert_eq!(browser.cookies[SESSION], session, "{example:?}");

        browser.arrive(&portico.hand_off(&arriving).await).await;
        let page = browser.press("switch", "https://elsewhere.example").await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{example:?}");
        let page = browser.press("switch", ORIGIN).await;
        page.shows(arriving.account.as_str());
        assert_ne!(browser.cookies[SESSION], session, "{example:?}");
    }
}
