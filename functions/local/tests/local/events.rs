//! What happens to orders reaches Portico, and from there the application.

use local::Mode;
use marketplace::{EntitlementId, EntitlementState};
use thirtyfour::By;
use thirtyfour::error::WebDriverResult;
use thirtyfour::prelude::{ElementQueryable, WebDriver};

use crate::browser::{Script, in_browser};
use crate::journey::{
    INTERVAL, PATIENCE, Portico, click, press_into_new_window, purchase, see_arrival, see_text,
};

/// The application lists so many events of this type, on the page as it is.
async fn hear(driver: &WebDriver, kind: &str, times: usize) -> WebDriverResult<()> {
    let events = format!("//*[@id='told']//li[code='{kind}']");
    let last = format!("({events})[{times}]");
    driver
        .query(By::XPath(last))
        .wait(PATIENCE, INTERVAL)
        .first()
        .await?;
    let all = driver.find_all(By::XPath(events)).await?;
    assert_eq!(all.len(), times, "{kind}");
    Ok(())
}

/// Presses the order's button for this action, in the Marketplace.
async fn press(driver: &WebDriver, order: &EntitlementId, action: &str) -> WebDriverResult<()> {
    let form = format!("form[action='/marketplace/{action}']");
    click(driver, &format!("[id='order-{order}'] {form} button")).await
}

/// One order, signed up for, in a tab of the Marketplace's and one of the application's.
async fn sign_up(driver: &WebDriver, portico: &Portico) -> WebDriverResult<EntitlementId> {
    purchase(driver, &portico.marketplace).await?;
    let account = portico.only_account().id;
    press_into_new_window(driver, "#register").await?;
    see_arrival(driver, &account).await?;
    portico.assert_registered(&account, None).await;
    Ok(portico.simulator.entitlements_of(&account)[0].id.clone())
}

/// To the other one of the two tabs.
async fn change_tab(driver: &WebDriver) -> WebDriverResult<()> {
    let here = driver.window().await?;
    let tabs = driver.windows().await?;
    let other = tabs.into_iter().find(|tab| *tab != here);
    driver
        .switch_to_window(other.expect("there are two tabs"))
        .await
}

/// Everything was taken in the end, and Google was asked for nothing it does not know.
async fn assert_all_taken(portico: &Portico) {
    portico.simulator.delivered().await;
    assert_eq!(portico.simulator.dead_letters(), []);
    assert_eq!(portico.simulator.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purchase_before_sign_up_ends_active_and_the_application_hears_of_it() {
    let portico = Portico::start(Mode::Auto).await;
    in_browser(Script::On, move |driver| async move {
        purchase(&driver, &portico.marketplace).await?;
        portico.simulator.delivered().await;
        let account = portico.only_account();
        portico.assert_unknown(&account).await;
        press_into_new_window(&driver, "#register").await?;
        see_arrival(&driver, &account.id).await?;
        portico.assert_registered(&account.id, None).await;
        hear(&driver, "portico.account.signed-up", 1).await?;
        hear(&driver, "portico.access.granted", 1).await?;
        see_text(&driver, "#access", "Access: live").await?;
        assert_all_taken(&portico).await;
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purchase_after_sign_up_is_approved_by_its_event_and_outlives_another_order() {
    let portico = Portico::start(Mode::Auto).await;
    in_browser(Script::On, move |driver| async move {
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

        press(&driver, &first, "cancel").await?;
        change_tab(&driver).await?;
        hear(&driver, "portico.access.granted", 2).await?;
        hear(&driver, "portico.order.ended", 1).await?;
        see_text(&driver, "#access", "Access: live").await?;
        assert_all_taken(&portico).await;
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_plan_is_approved_and_told() {
    let portico = Portico::start(Mode::Auto).await;
    in_browser(Script::On, move |driver| async move {
        let order = sign_up(&driver, &portico).await?;
        change_tab(&driver).await?;
        click(&driver, "button[name=plan][value=starter-plan]").await?;
        let changed = portico
            .simulator
            .entitlement_when(&order, |it| it.plan.as_str() == "starter-plan")
            .await;
        assert_eq!(changed.times_plan_changes_approved, 1);
        change_tab(&driver).await?;
        hear(&driver, "portico.plan.changed", 1).await?;
        assert_all_taken(&portico).await;
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancellation_is_reverted_and_then_comes_about() {
    let portico = Portico::start(Mode::Auto).await;
    in_browser(Script::On, move |driver| async move {
        let order = sign_up(&driver, &portico).await?;
        change_tab(&driver).await?;
        press(&driver, &order, "cancel-later").await?;
        change_tab(&driver).await?;
        hear(&driver, "portico.cancellation.scheduled", 1).await?;
        change_tab(&driver).await?;
        press(&driver, &order, "revert").await?;
        change_tab(&driver).await?;
        hear(&driver, "portico.cancellation.reverted", 1).await?;
        see_text(&driver, "#access", "Access: live").await?;
        change_tab(&driver).await?;
        press(&driver, &order, "cancel-later").await?;
        change_tab(&driver).await?;
        hear(&driver, "portico.cancellation.scheduled", 2).await?;
        change_tab(&driver).await?;
        click(&driver, "form[action='/google/advance'] button").await?;
        change_tab(&driver).await?;
        hear(&driver, "portico.access.ended", 1).await?;
        see_text(&driver, "#access", "Access: ended").await?;
        assert_all_taken(&portico).await;
        Ok(())
    })
    .await;
}
