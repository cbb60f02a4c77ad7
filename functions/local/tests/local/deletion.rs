//! The end of a customer.

use local::Mode;

use crate::journey::{click, see_text, visit};
use crate::tabs::{assert_events, change_tab, press_in_other_tab, see_event, sign_up};

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_account_is_erased_by_portico_and_by_the_application() {
    visit(Mode::Auto, |driver, portico| async move {
        let order = sign_up(&driver, &portico).await?;
        let account = portico.only_account();
        see_event(&driver, "portico.access.granted", 1).await?;
        press_in_other_tab(&driver, &order, "marketplace/cancel").await?;
        see_event(&driver, "portico.access.ended", 1).await?;
        change_tab(&driver).await?;
        click(&driver, "form[action='/google/delete-account'] button").await?;
        change_tab(&driver).await?;
        see_event(&driver, "portico.account.closed", 1).await?;
        see_text(&driver, "#access", "Access: ended").await?;

        // The account is closed at once, and erased when the days for that have passed.
        change_tab(&driver).await?;
        click(&driver, "form[action='/google/pass-month'] button").await?;
        click(&driver, "button[name=job][value=reconcile]").await?;

        // The application's tab has followed, without a reload by hand.
        change_tab(&driver).await?;
        see_text(&driver, "h1", "This account was deleted").await?;
        assert_events(&driver, &portico, &["portico.account.deleted"]).await?;
        let erased = "Erased what was kept of this account, 4 events, and ended 1 session.";
        see_text(&driver, "#feed li .soft", erased).await?;
        portico.assert_erased(&account).await;
        Ok(())
    })
    .await;
}
