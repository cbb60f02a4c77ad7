//! A tab of the Marketplace's and one of the application's, and what each shows.

use marketplace::EntitlementId;
use thirtyfour::By;
use thirtyfour::error::WebDriverResult;
use thirtyfour::prelude::{ElementQueryable, WebDriver};

use crate::journey::{
    INTERVAL, PATIENCE, Portico, click, press_into_new_window, purchase_plan, see_arrival,
};

/// The application lists so many events of this type, on the page as it is.
pub(crate) async fn see_event(driver: &WebDriver, kind: &str, times: usize) -> WebDriverResult<()> {
    let events = format!("//*[@id='feed']//li[code='{kind}']");
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

/// Presses the order's button for this action, such as `marketplace/cancel`, in the Marketplace.
pub(crate) async fn press(
    driver: &WebDriver,
    order: &EntitlementId,
    action: &str,
) -> WebDriverResult<()> {
    let form = format!("form[action='/{action}']");
    click(driver, &format!("[id='order-{order}'] {form} button")).await
}

/// As [`press`] in the tab that is not in front; then this one is in front again.
pub(crate) async fn press_in_other_tab(
    driver: &WebDriver,
    order: &EntitlementId,
    action: &str,
) -> WebDriverResult<()> {
    change_tab(driver).await?;
    press(driver, order, action).await?;
    change_tab(driver).await
}

/// One order, signed up for, in a tab of the Marketplace's and one of the application's.
pub(crate) async fn sign_up(
    driver: &WebDriver,
    portico: &Portico,
) -> WebDriverResult<EntitlementId> {
    sign_up_for(driver, portico, "Standard").await
}

/// The same with an order of this plan.
pub(crate) async fn sign_up_for(
    driver: &WebDriver,
    portico: &Portico,
    plan: &str,
) -> WebDriverResult<EntitlementId> {
    purchase_plan(driver, &portico.marketplace, plan).await?;
    let account = portico.only_account().id;
    press_into_new_window(driver, "#register").await?;
    see_arrival(driver, &account).await?;
    portico.assert_registered(&account, None).await;
    Ok(portico.simulator.entitlements_of(&account)[0].id.clone())
}

/// To the other one of the two tabs.
pub(crate) async fn change_tab(driver: &WebDriver) -> WebDriverResult<()> {
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

/// The application's page of events shows these types and no other, in any order.
pub(crate) async fn assert_events(
    driver: &WebDriver,
    portico: &Portico,
    expected: &[&str],
) -> WebDriverResult<()> {
    assert_all_taken(portico).await;
    portico.simulator.delivery_of_published().settled().await;
    driver
        .goto(format!("{}/app/events", portico.marketplace))
        .await?;
    let mut shown = Vec::new();
    for kind in driver.find_all(By::Css("#feed .kind")).await? {
        shown.push(kind.text().await?);
    }
    shown.sort();
    assert_eq!(shown, expected);
    Ok(())
}
