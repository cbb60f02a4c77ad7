//! What no event announces is found by the scheduler's job.

use local::Mode;
use thirtyfour::error::WebDriverResult;
use thirtyfour::prelude::WebDriver;

use crate::journey::{click, see_text, visit};
use crate::tabs::{assert_events, change_tab, press, see_event, sign_up};

/// The job runs now; it is its first, second … call that is shown.
async fn run_scheduler(driver: &WebDriver, number: usize) -> WebDriverResult<()> {
    click(driver, "button[name=job][value=reconcile]").await?;
    see_text(driver, &format!("#job-reconcile-{number} .lamp"), "200").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspension_that_google_does_not_announce_is_found() {
    visit(Mode::Auto, |driver, portico| async move {
        let order = sign_up(&driver, &portico).await?;
        see_event(&driver, "portico.access.granted", 1).await?;
        change_tab(&driver).await?;
        press(&driver, &order, "google/suspend").await?;
        run_scheduler(&driver, 1).await?;
        change_tab(&driver).await?;
        see_event(&driver, "portico.access.ended", 1).await?;
        see_text(&driver, "#access", "Access: ended").await?;

        change_tab(&driver).await?;
        press(&driver, &order, "google/resume").await?;
        run_scheduler(&driver, 2).await?;
        change_tab(&driver).await?;
        see_event(&driver, "portico.access.granted", 2).await?;
        see_text(&driver, "#access", "Access: live").await?;
        let granted = "portico.access.granted";
        let (ended, signed_up) = ("portico.access.ended", "portico.account.signed-up");
        assert_events(&driver, &portico, &[ended, granted, granted, signed_up]).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_plan_whose_event_is_lost_is_approved_by_the_scheduler_s_call() {
    visit(Mode::Auto, |driver, portico| async move {
        let order = sign_up(&driver, &portico).await?;
        portico.simulator.delivered().await;
        change_tab(&driver).await?;
        click(&driver, "#delivery-fault option[value=lost]").await?;
        click(&driver, "form[action='/google/delivery-fault'] button").await?;
        see_text(&driver, ".notice", ARRANGED).await?;
        click(&driver, "button[name=plan][value=starter-plan]").await?;
        see_text(&driver, "#orders .chip", "active, new plan asked for").await?;
        run_scheduler(&driver, 1).await?;
        let changed = portico
            .simulator
            .entitlement_when(&order, |it| it.plan.as_str() == "starter-plan")
            .await;
        assert_eq!(changed.times_plan_changes_approved, 1);
        change_tab(&driver).await?;
        see_event(&driver, "portico.plan.changed", 1).await
    })
    .await;
}

const ARRANGED: &str = "Arranged. Buy, change or cancel something to see what Portico makes of it.";
