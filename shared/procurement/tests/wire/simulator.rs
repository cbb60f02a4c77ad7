use std::time::Duration;

use google_calls::{Credentials, GoogleApi, Http};
use marketplace::{ApprovalState, EntitlementState, GoogleOrigin};
use marketplace_simulator::{Activation, Fault, Matcher, Settings, Simulator};
use procurement::{Approval, Procurement, ProcurementError};

use crate::{account_id, entitlement_id, fake::soon};

async fn start() -> (Simulator, Procurement) {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let settings = Settings {
        activation: Activation::AtOnce,
        ..Settings::default()
    };
    let provider = settings.provider.clone();
    let simulator = Simulator::start(settings).await;
    let origin = GoogleOrigin::simulated_at(&simulator.origin());
    let credentials = Credentials::new(&origin);
    let client = Procurement::new(&origin, provider, GoogleApi::new(Http::new(), credentials));
    (simulator, client)
}

#[tokio::test]
async fn a_customer_is_approved_and_then_the_order() {
    let (simulator, client) = start().await;
    let order = simulator.buy();
    simulator.buy();

    let account = client.account(&order.account, soon()).await.unwrap();
    let sign_up = account.approval(Approval::SIGN_UP).unwrap();
    assert_eq!(sign_up.state, ApprovalState::Pending);
    assert!(account.create_time.is_some() && account.update_time.is_some());

    let early = client.approve_entitlement(&order.entitlement, soon()).await;
    assert!(
        matches!(early, Err(ProcurementError::Refused(_))),
        "{early:?}"
    );

    client
        .approve_account(&order.account, soon())
        .await
        .unwrap();
    let account = client.account(&order.account, soon()).await.unwrap();
    let sign_up = account.approval(Approval::SIGN_UP).unwrap();
    assert_eq!(sign_up.state, ApprovalState::Approved);

    let orders = client
        .entitlements_of(&order.account, soon())
        .await
        .unwrap();
    let [waiting] = orders.entitlements.try_into().unwrap();
    assert_eq!(waiting.id, order.entitlement);
    assert_eq!(waiting.account, order.account);
    assert_eq!(waiting.state, EntitlementState::ActivationRequested);
    let product = &simulator.settings().products[0].id;
    assert_eq!(waiting.product_id().as_ref(), Some(product));

    client
        .approve_entitlement(&waiting.id, soon())
        .await
        .unwrap();
    let active = client.entitlement(&waiting.id, soon()).await.unwrap();
    assert_eq!(active.state, EntitlementState::Active);
    assert_eq!(simulator.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn the_vendors_other_decisions_take_effect() {
    let (simulator, client) = start().await;
    let order = simulator.buy();
    let plan = simulator.settings().products[0].plans[1].id.clone();
    client
        .approve_account(&order.account, soon())
        .await
        .unwrap();

    let id = &order.entitlement;
    client
        .set_message_to_user(id, "tomorrow", soon())
        .await
        .unwrap();
    let changed = client.entitlement(id, soon()).await.unwrap();
    assert_eq!(changed.message_to_user.as_deref(), Some("tomorrow"));

    client.approve_entitlement(id, soon()).await.unwrap();
    simulator.request_plan_change(id, &plan).unwrap();
    client
        .reject_plan_change(id, &plan, "not offered", soon())
        .await
        .unwrap();
    simulator.request_plan_change(id, &plan).unwrap();
    let asked = client.entitlement(id, soon()).await.unwrap();
    assert_eq!(asked.new_pending_plan.as_ref(), Some(&plan));
    client.approve_plan_change(id, &plan, soon()).await.unwrap();

    let second = simulator.buy_again(&order.account).entitlement;
    client
        .reject_entitlement(&second, "sold out", soon())
        .await
        .unwrap();
    let other = simulator.create_account();
    client
        .reject_account(&other, "no contract", soon())
        .await
        .unwrap();
    let rejected = client.account(&other, soon()).await.unwrap();
    let sign_up = rejected.approval(Approval::SIGN_UP).unwrap();
    assert_eq!(sign_up.state, ApprovalState::Rejected);
    assert_eq!(simulator.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn every_page_is_reached() {
    let (simulator, client) = start().await;
    let account = simulator.create_account();
    for _ in 0..401 {
        simulator.buy_again(&account);
    }
    let orders = client.entitlements_of(&account, soon()).await.unwrap();
    assert_eq!(orders.entitlements.len(), 401);
    let lists = Matcher::procurement().path("/entitlements");
    assert_eq!(simulator.calls().count(&lists), 3);

    let first = client.entitlements(None, soon()).await.unwrap();
    let second = client
        .entitlements(first.next.as_ref(), soon())
        .await
        .unwrap();
    let third = client
        .entitlements(second.next.as_ref(), soon())
        .await
        .unwrap();
    assert_eq!(third.resources.len(), 1);
    assert_eq!(third.next, None);
    let accounts = client.accounts(None, soon()).await.unwrap();
    assert_eq!(accounts.resources.len(), 1);
    assert_eq!(simulator.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    let (_simulator, client) = start().await;
    let account = client.account(&account_id(), soon()).await;
    let entitlement = client.entitlement(&entitlement_id(), soon()).await;
    assert!(matches!(account, Err(ProcurementError::NotFound(_))));
    assert!(matches!(entitlement, Err(ProcurementError::NotFound(_))));
}

#[tokio::test]
async fn a_lost_answer_says_that_the_approval_may_have_happened() {
    for lost in [
        Fault::cut().after_effect(),
        Fault::cut_mid_body(),
        Fault::status(500).after_effect(),
        Fault::garbage().after_effect(),
    ] {
        let (simulator, client) = start().await;
        let order = simulator.buy();
        let approvals = Matcher::procurement().path(":approve");
        let planned = simulator.faults().next(approvals.clone(), lost);

        let error = client
            .approve_account(&order.account, soon())
            .await
            .unwrap_err();

        assert!(error.may_have_taken_effect(), "{lost:?}: {error:?}");
        assert_eq!(planned.hits(), 1);
        assert_eq!(simulator.calls().count(&approvals), 1, "{lost:?}");
        let approved = simulator.account(&order.account).unwrap();
        assert_eq!(approved.times_approved, 1, "{lost:?}");
    }
}

#[tokio::test]
async fn reading_outlives_what_passes_and_a_token_that_ended() {
    let (simulator, client) = start().await;
    let order = simulator.buy();
    client.warm_up().await;
    simulator.revoke_access_tokens();
    simulator
        .faults()
        .next(Matcher::procurement(), Fault::status(503));
    client.account(&order.account, soon()).await.unwrap();

    let limit = Fault::status(429).retry_after(Duration::from_mins(10));
    simulator.faults().next(Matcher::procurement(), limit);
    let error = client.account(&order.account, soon()).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_mins(10)));
}
