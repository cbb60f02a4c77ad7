//! A registration form in a browser.

use function_tests::wire::Answer;
use marketplace_simulator::Order;

use crate::function::{Browser, Setup, TestFunction};

/// What a customer who makes no mistake types.
pub(crate) const TYPED: [(&str, &str); 3] = [
    ("company", "Example & Söhne"),
    ("name", "Ada Keller"),
    ("email", "ada.keller@customer.example"),
];

/// A form that was opened.
#[derive(Debug, Clone)]
pub(crate) struct OpenForm {
    pub(crate) landing: String,
    pub(crate) confirmation: String,
}

/// A new customer's browser that has opened the form.
pub(crate) async fn opened(setup: Setup) -> (TestFunction, Order, Browser, OpenForm) {
    let (function, order, browser) = setup.start_with_browser().await;
    let form = OpenForm::opened_by(&browser, &order).await;
    (function, order, browser, form)
}

impl OpenForm {
    /// Lands, follows the redirect, and gets the empty form.
    pub(crate) async fn open(browser: &Browser, token: &str) -> Self {
        let landed = browser.land(token).await;
        assert_eq!((landed.status, landed.body.as_str()), (303, ""));
        let target = landed.header("location").unwrap();
        let page = browser.get(target).await;
        assert_eq!(page.status, 200, "{}", page.body);
        assert!(
            page.body
                .contains("<h1>Register with Example Analytics</h1>")
        );
        assert!(!page.body.contains("aria-invalid=\"true\" aria"));
        let form = Self::on(&page);
        assert_eq!(target, form.target());
        form
    }

    pub(crate) async fn opened_by(browser: &Browser, order: &Order) -> Self {
        Self::open(browser, &browser.function().buyers_token(order)).await
    }

    /// The form on this page.
    pub(crate) fn on(page: &Answer) -> Self {
        let action = "<form method=\"post\" action=\"/signup/register\" novalidate>";
        assert!(page.body.contains(action), "{}", page.body);
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.ends_with("form-action 'self'"), "{policy}");
        assert_eq!(page.header("referrer-policy"), Some("strict-origin"));
        Self {
            landing: page.field("landing").to_owned(),
            confirmation: page.field("confirmation").to_owned(),
        }
    }

    pub(crate) fn target(&self) -> String {
        format!("/signup/register?landing={}", self.landing)
    }

    /// Submits it with what is always right.
    pub(crate) async fn submit(&self, browser: &Browser) -> Answer {
        self.submit_with(browser, &TYPED).await
    }

    pub(crate) async fn submit_with(&self, browser: &Browser, typed: &[(&str, &str)]) -> Answer {
        let mut fields = vec![
            ("landing", self.landing.as_str()),
            ("confirmation", self.confirmation.as_str()),
        ];
        fields.extend(typed);
        for (_, typed) in typed {
            browser.function().keep_secret_from_log(typed);
        }
        browser.post("/signup/register", &fields).await
    }
}
