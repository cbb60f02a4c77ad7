//! *Grant access*: the customer lets the vendor work in their projects, once, and as long as they have
//! access.

use local::Mode;
use marketplace_simulator::ServiceAccount;
use thirtyfour::By;
use thirtyfour::error::WebDriverResult;
use thirtyfour::prelude::WebDriver;

use crate::journey::{Portico, click, see, see_text, visit};
use crate::tabs::{press_in_other_tab, see_event, sign_up};

const PROJECT: &str = "their-project";
const ROLES: [&str; 3] = [
    "bigquery.dataViewer",
    "bigquery.jobUser",
    "storage.objectViewer",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_grants_access_and_comes_back() {
    visit(Mode::Auto, |driver, portico| async move {
        sign_up(&driver, &portico).await?;
        ask_for(&driver, PROJECT).await?;
        see_what_is_asked(&driver, &portico).await?;
        see(&driver, &format!("input[value='{PROJECT}']:checked")).await?;
        click(&driver, "#grant").await?;

        see_granted(&driver, &portico).await?;
        let account = portico.only_service_account();
        see_text(&driver, "#service-account", &account.email).await?;
        let grants = portico.simulator.grants();
        let granted: Vec<_> = grants
            .iter()
            .map(|it| (it.unique_id.as_str(), it.project.as_str()))
            .collect();
        assert_eq!(granted, [(account.unique_id.as_str(), PROJECT)]);
        assert_eq!(grants[0].roles, ROLES);
        assert_eq!(portico.simulator.violations(), [""; 0]);
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_click_finds_the_same_service_account() {
    visit(Mode::Auto, |driver, portico| async move {
        sign_up(&driver, &portico).await?;
        ask_for(&driver, PROJECT).await?;
        click(&driver, "#leave").await?;
        see_text(&driver, "#granted h1", "No access was granted").await?;
        let first = portico.only_service_account();

        for _ in 0..2 {
            click(&driver, "#granted a.button").await?;
            ask_for(&driver, PROJECT).await?;
            see_what_is_asked(&driver, &portico).await?;
            click(&driver, "#grant").await?;
            see_granted(&driver, &portico).await?;
        }
        assert_eq!(portico.only_service_account(), first);
        assert_eq!(portico.simulator.grants().len(), 1);
        assert_eq!(portico.simulator.violations(), [""; 0]);
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_order_is_cancelled_nothing_can_be_granted_any_more() {
    visit(Mode::Auto, |driver, portico| async move {
        let order = sign_up(&driver, &portico).await?;
        ask_for(&driver, PROJECT).await?;
        see(&driver, "#grant").await?;
        let page = driver.current_url().await?;
        let application = format!("{}/app/", portico.marketplace);
        driver.goto(&application).await?;

        press_in_other_tab(&driver, &order, "marketplace/cancel").await?;
        see_event(&driver, "portico.access.ended", 1).await?;
        see_text(&driver, "#access", "Access: ended").await?;
        let buttons = driver.find_all(By::Css("#grant-access")).await?;
        assert_eq!(buttons.len(), 0);

        // A button of before, in a tab that was asleep.
        let script = "document.body.innerHTML = \
            '<form method=post action=/app/grant><button id=before>Grant access</button></form>'";
        driver.execute(script, Vec::new()).await?;
        click(&driver, "#before").await?;
        see_text(&driver, "#code", "access-ended").await?;
        // And Google's page of before.
        portico.simulator.delivered().await;
        assert!(portico.only_service_account().is_disabled);
        driver.goto(page.as_str()).await?;
        see_text(
            &driver,
            "#error",
            "Error 409: the service account is disabled.",
        )
        .await?;
        assert_eq!(portico.simulator.grants(), []);
        Ok(())
    })
    .await;
}

/// Presses *Grant access* in the application, where access is live, and asks for this project.
async fn ask_for(driver: &WebDriver, project: &str) -> WebDriverResult<()> {
    see_event(driver, "portico.access.granted", 1).await?;
    see(driver, "#projects").await?.send_keys(project).await?;
    click(driver, "#grant-access").await
}

/// Google's page shows the service, the customer's service account and all registered roles.
async fn see_what_is_asked(driver: &WebDriver, portico: &Portico) -> WebDriverResult<()> {
    let product = "product.endpoints.example-partner.cloud.goog";
    see_text(driver, "#service", product).await?;
    let account = portico.only_service_account();
    see_text(driver, "#service-account small", &account.email).await?;
    let shown = see(driver, "#service-account").await?.text().await?;
    let name = format!("Marketplace customer {}", portico.only_account().id);
    assert!(shown.starts_with(&name), "{shown}");
    let mut roles = Vec::new();
    for role in driver.find_all(By::Css("#roles code")).await? {
        roles.push(role.text().await?);
    }
    assert_eq!(roles, ROLES.map(|role| format!("roles/{role}")));
    Ok(())
}

/// The application shows what it was granted.
async fn see_granted(driver: &WebDriver, portico: &Portico) -> WebDriverResult<()> {
    see_text(driver, "#granted h1", "Thank you").await?;
    let address = driver.current_url().await?;
    let application = format!("{}/app/granted", portico.marketplace);
    assert_eq!(address.as_str(), application);
    let granted = format!("{PROJECT} {}", ROLES.join(", "));
    see_text(driver, "[data-project]", &granted).await
}

impl Portico {
    fn only_service_account(&self) -> ServiceAccount {
        let accounts = self.simulator.service_accounts();
        assert_eq!(accounts.len(), 1);
        accounts.into_iter().next().expect("there is one")
    }
}
