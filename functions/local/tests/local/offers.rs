//! A private offer that begins later.

use local::Mode;
use marketplace::EntitlementState;

use crate::journey::{click, press_into_new_window, see, see_arrival, see_text, visit};
use crate::tabs::{assert_events, change_tab, press, see_event};

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_gives_access_from_its_start_and_not_before() {
    visit(Mode::Auto, |driver, portico| async move {
        driver.goto(&portico.marketplace).await?;
        click(&driver, "#offer-start option[value=later]").await?;
        click(&driver, "form[action='/marketplace/accept-offer'] button").await?;
        see(&driver, "#register").await?;
        let account = portico.only_account().id;
        let order = portico.simulator.entitlements_of(&account)[0].id.clone();
        press_into_new_window(&driver, "#register").await?;
        see_arrival(&driver, &account).await?;
        portico
            .simulator
            .entitlement_when(&order, |it| it.is_approved)
            .await;
        portico.simulator.delivered().await;
        let stored = portico.stored(&order).await;
        assert_eq!(stored.state, EntitlementState::ActivationRequested);
        see_text(&driver, "#access", "Access: pending").await?;
        assert_events(&driver, &portico, &["portico.account.signed-up"]).await?;

        driver.back().await?;
        change_tab(&driver).await?;
        see_text(&driver, "#orders .chip", "approved, not active yet").await?;
        press(&driver, &order, "google/pass-time").await?;
        see_text(&driver, "#orders .chip", "active").await?;
        change_tab(&driver).await?;
        see_event(&driver, "portico.access.granted", 1).await?;
        see_text(&driver, "#access", "Access: live").await?;
        let approved = portico.simulator.entitlement(&order).expect("it is there");
        assert_eq!(approved.times_approved, 1);
        let expected = ["portico.access.granted", "portico.account.signed-up"];
        assert_events(&driver, &portico, &expected).await
    })
    .await;
}
