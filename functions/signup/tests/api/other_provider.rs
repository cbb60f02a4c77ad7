//! A store that belongs to another provider than the one that is configured.

use function_tests::records::{account, earlier};
use function_tests::refused::Refused;
use function_tests::visited::soon;
use marketplace::ProviderId;
use marketplace_simulator::{Fault, Matcher, Order};
use store::{Approval, Commit, Deployment};

use crate::function::{Left, Setup, TestFunction};
use crate::open_form::opened;

const OTHER: Refused = Refused::new(
    503,
    "other-provider",
    "the store belongs to another provider than PROCUREMENT_PROVIDER: `operator doctor`",
)
.retry_after("300");

/// The store belongs to this provider.
pub(crate) async fn give_to(function: &TestFunction, provider: ProviderId) {
    let owner = Deployment {
        provider,
        since: earlier(),
    };
    function.stored(Commit::new().put(&owner)).await;
}

/// An operator gives the store to another provider.
async fn give_away(function: &TestFunction) {
    give_to(function, ProviderId::parse("other-partner").unwrap()).await;
}

async fn nothing_happened(function: &TestFunction, order: &Order) {
    assert_eq!(function.left(&order.account).await, Left::NOTHING);
    assert_eq!(function.simulator.calls().count(&Matcher::procurement()), 0);
}

pub(crate) async fn a_store_of_another_provider_registers_nobody(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    give_away(&function).await;
    let page = function.browser().arrive(&order).await;
    OTHER.check(&function, &page, Some(&order));
    // One line that says it all.
    assert_eq!(function.log.lines().len(), 1, "{}", function.log.text());
    nothing_happened(&function, &order).await;
}

pub(crate) async fn a_form_that_was_open_registers_nobody_there(setup: Setup) {
    let (function, order, browser, form) = opened(setup.form()).await;
    give_away(&function).await;
    // An instance that has not asked within the last minute.
    let other = Setup::beside(&function).form().start().await;
    let elsewhere = other.browser().with_cookies_of(&browser);
    let page = form.submit(&elsewhere).await;
    OTHER.check(&other, &page, Some(&order));
    nothing_happened(&other, &order).await;
}

pub(crate) async fn a_sign_in_that_was_open_registers_nobody_there(setup: Setup) {
    let (function, order, browser, sign_in) = setup.signing_in().sent_to_google().await;
    give_away(&function).await;
    let origin = format!("http://{}", function.address);
    let other = Setup::beside(&function).signing_in();
    let other = other.with("PUBLIC_URL", &origin).start().await;
    let callback = sign_in.callback(&browser, &order.user);
    let elsewhere = other.browser().with_cookies_of(&browser);
    let page = elsewhere.get(&callback).await;
    OTHER.check(&other, &page, Some(&order));
    nothing_happened(&other, &order).await;
}

pub(crate) async fn an_empty_store_belongs_to_the_first_provider_that_registers_somebody(
    setup: Setup,
) {
    let (function, order) = setup.start_with_customer().await;
    let page = function.browser().arrive(&order).await;
    function.claims(&page).await;
    let owner = function.store.deployment(soon()).await.unwrap().unwrap();
    let provider = &function.simulator.settings().provider;
    assert_eq!(&owner.record.provider, provider);
}

/// A store that an earlier version has filled, and perhaps with the customers of another provider.
pub(crate) async fn in_a_store_of_nobody_an_account_is_marked_only_when_google_has_found_it(
    setup: Setup,
) {
    let (function, order) = setup.start_with_customer().await;
    let known = function.buyer();
    for (order, approval) in [(&order, Approval::None), (&known, Approval::Approved)] {
        let account = account(order, approval, earlier());
        function.stored(Commit::new().create(account)).await;
    }
    let faults = function.simulator.faults();
    faults.always(Matcher::procurement(), Fault::status(404));
    let page = function.browser().arrive(&order).await;
    function.answered(&page, 503, "registration-being-completed");
    // This one is let in without a question to Google.
    let page = function.browser().arrive(&known).await;
    function.claims(&page).await;
    for order in [&order, &known] {
        let account = function.account(&order.account).await.unwrap();
        assert_eq!(account.provider, None);
    }
    faults.clear();
    let page = function.browser().arrive(&order).await;
    function.claims(&page).await;
    let account = function.account(&order.account).await.unwrap();
    let provider = &function.simulator.settings().provider;
    assert_eq!(account.provider.as_ref(), Some(provider));
    // Whose the others are, reconciliation finds out.
    assert_eq!(function.store.deployment(soon()).await.unwrap(), None);
}
