//! What happens to orders reaches Portico, and from there the application.

use local::Mode;
use marketplace::EntitlementState;

use crate::journey::{click, press_into_new_window, purchase, see_arrival, see_text, visit};
use crate::tabs::{assert_events, change_tab, press, press_in_other_tab, see_event, sign_up};

#[tokio::test(flavor = "multi_thread")]
async fn a_purchase_before_sign_up_ends_active_and_the_application_is_notified() {
    visit(Mode::Auto, |driver, portico| async move {
        purchase(&driver, &portico.marketplace).await?;
        portico.simulator.delivered().await;
        let account = portico.only_account();
        portico.assert_unknown(&account).await;
        press_into_new_window(&driver, "#register").await?;
        see_arrival(&driver, &account.id).await?;
        portico.assert_registered(&account.id, None).await;
        see_event(&driver, "portico.account.signed-up", 1).await?;
        see_event(&driver, "portico.access.granted", 1).await?;
        see_text(&driver, "#access", "Access: live").await?;
        let expected = ["portico.access.granted", "portico.account.signed-up"];
        assert_events(&driver, &portico, &expected).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purchase_after_sign_up_is_approved_by_its_event_and_outlives_another_order() {
    visit(Mode::Auto, |driver, portico| async move {
        let first = sign_up(&driver, &portico).await?;
        change_tab(&driver).await?;
        click(&driver, "[aria-label='Purchase Starter']").await?;
        see_text(
            &driver,
            "#orders li:nth-child(2) b",
            "Example Analytics, Standard",
        )
        .await?;
        let account = portico.only_account().id;
        let orders = portico.simulator.entitlements_of(&account);
        let second = orders.last().expect("there are two").id.clone();
        let approved = portico
            .simulator
            .entitlement_when(&second, |it| it.state == EntitlementState::Active)
            .await;
        assert_eq!(approved.times_approved, 1);

        press(&driver, &first, "marketplace/cancel").await?;
        change_tab(&driver).await?;
        see_event(&driver, "portico.access.granted", 2).await?;
        see_event(&driver, "portico.order.ended", 1).await?;
        see_text(&driver, "#access", "Access: live").await?;
        let expected = [
            "portico.access.granted",
            "portico.access.granted",
            "portico.account.signed-up",
            "portico.order.ended",
        ];
        assert_events(&driver, &portico, &expected).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_plan_is_approved_and_published() {
    visit(Mode::Auto, |driver, portico| async move {
        let order = sign_up(&driver, &portico).await?;
        see_event(&driver, "portico.access.granted", 1).await?;
        change_tab(&driver).await?;
        click(&driver, "button[name=plan][value=starter-plan]").await?;
        let changed = portico
            .simulator
            .entitlement_when(&order, |it| it.plan.as_str() == "starter-plan")
            .await;
        assert_eq!(changed.times_plan_changes_approved, 1);
        change_tab(&driver).await?;
        see_event(&driver, "portico.plan.changed", 1).await?;
        let expected = [
            "portico.access.granted",
            "portico.account.signed-up",
            "portico.plan.changed",
        ];
        assert_events(&driver, &portico, &expected).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancellation_is_reverted_and_then_comes_about() {
    visit(Mode::Auto, |driver, portico| async move {
        let order = sign_up(&driver, &portico).await?;
        see_event(&driver, "portico.access.granted", 1).await?;
        press_in_other_tab(&driver, &order, "marketplace/cancel-later").await?;
        see_event(&driver, "portico.cancellation.scheduled", 1).await?;
        press_in_other_tab(&driver, &order, "marketplace/revert").await?;
        see_event(&driver, "portico.cancellation.reverted", 1).await?;
        see_text(&driver, "#access", "Access: live").await?;
        press_in_other_tab(&driver, &order, "marketplace/cancel-later").await?;
        see_event(&driver, "portico.cancellation.scheduled", 2).await?;
        change_tab(&driver).await?;
        click(&driver, "form[action='/google/pass-month'] button").await?;
        change_tab(&driver).await?;
        see_event(&driver, "portico.access.ended", 1).await?;
        see_text(&driver, "#access", "Access: ended").await?;
        let expected = [
            "portico.access.ended",
            "portico.access.granted",
            "portico.account.signed-up",
            "portico.cancellation.reverted",
            "portico.cancellation.scheduled",
            "portico.cancellation.scheduled",
        ];
        assert_events(&driver, &portico, &expected).await
    })
    .await;
}
