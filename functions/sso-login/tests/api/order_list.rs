//! The list of orders in a browser.

use function_tests::wire::Answer;
use marketplace_simulator::Order;

use crate::function::{Browser, Setup, TestFunction};

/// A list that was opened.
#[derive(Debug, Clone)]
pub(crate) struct OrderList {
    pub(crate) landing: String,
    pub(crate) confirmation: String,
    /// Ids of the orders, and whether each can be chosen.
    pub(crate) orders: Vec<(String, bool)>,
    pub(crate) page: String,
}

/// The browser of a customer with two orders, which has opened their list.
pub(crate) async fn opened(setup: Setup) -> (TestFunction, [Order; 2], Browser, OrderList) {
    let function = setup.with_orders().start().await;
    let orders = function.with_two_orders().await;
    let browser = function.browser();
    let list = OrderList::opened_by(&browser, &orders[0]).await;
    (function, orders, browser, list)
}

impl OrderList {
    /// Lands, follows the redirect, and gets the list.
    pub(crate) async fn open(browser: &Browser, token: &str) -> Self {
        let landed = browser.land(token).await;
        assert_eq!((landed.status, landed.body.as_str()), (303, ""));
        let target = landed.header("location").unwrap();
        let page = browser.get(target).await;
        assert_eq!(page.status, 200, "{}", page.body);
        let list = Self::on(&page);
        assert_eq!(target, list.target());
        list
    }

    pub(crate) async fn opened_by(browser: &Browser, order: &Order) -> Self {
        Self::open(browser, &browser.function().buyers_token(order)).await
    }

    /// The list on this page.
    pub(crate) fn on(page: &Answer) -> Self {
        let action = "<form method=\"post\" action=\"/login/orders\">";
        assert!(page.body.contains(action), "{}", page.body);
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.ends_with("form-action 'self'"), "{policy}");
        assert_eq!(page.header("referrer-policy"), Some("strict-origin"));
        Self {
            landing: page.field("landing").to_owned(),
            confirmation: page.field("confirmation").to_owned(),
            orders: choices(&page.body),
            page: page.body.clone(),
        }
    }

    pub(crate) fn target(&self) -> String {
        format!("/login/orders?landing={}", self.landing)
    }

    /// Chooses this order.
    pub(crate) async fn choose(&self, browser: &Browser, order: &str) -> Answer {
        self.send(browser, &[("order", order)]).await
    }

    pub(crate) async fn send(&self, browser: &Browser, fields: &[(&str, &str)]) -> Answer {
        let mut all = vec![
            ("landing", self.landing.as_str()),
            ("confirmation", self.confirmation.as_str()),
        ];
        all.extend(fields);
        browser.post("/login/orders", &all).await
    }
}

fn choices(page: &str) -> Vec<(String, bool)> {
    let inputs = page.split("<input type=\"radio\" name=\"order\" value=\"");
    let inputs = inputs.skip(1).map(|rest| {
        let (id, rest) = rest.split_once('"').unwrap();
        let (attributes, _) = rest.split_once('>').unwrap();
        (id.to_owned(), !attributes.contains("disabled"))
    });
    inputs.collect()
}
