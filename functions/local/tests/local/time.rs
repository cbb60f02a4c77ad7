//! Time passes for everybody at once.

use std::time::Duration;

use jiff::Timestamp;

use crate::journey::{
    click, first_user, press_into_new_window, purchase, see_arrival, see_text, signing_in, soon,
    visit_with,
};
use crate::tabs::see_event;
use crate::visits::{press_as, see_login, sign_in_at_google};

#[tokio::test(flavor = "multi_thread")]
async fn after_hours_customers_still_sign_up_sign_in_and_grant_access() {
    visit_with(signing_in(), |driver, portico| async move {
        purchase(&driver, &portico.marketplace).await?;
        let account = portico.only_account();
        // Longer than any token, key or session lives that was made before.
        portico.simulator.pass_time(Duration::from_hours(40));
        press_into_new_window(&driver, "#register").await?;
        sign_in_at_google(&driver, first_user(&account)).await?;
        see_arrival(&driver, &account.id).await?;
        portico.assert_registered(&account.id, None).await;
        see_event(&driver, "portico.access.granted", 1).await?;

        portico.simulator.pass_time(Duration::from_hours(40));
        click(&driver, "#grant-access").await?;
        click(&driver, "#leave").await?;
        see_text(&driver, "#granted h1", "No access was granted").await?;
        let user = portico.change_role();
        press_as(&driver, &portico, 1, "#manage").await?;
        see_login(&driver, &account.id, &user).await?;

        let link = portico.store.link(&account.id, &user, soon());
        let seen = link.await.expect("memory answers").expect("it is stored");
        let later = Timestamp::now() + Duration::from_hours(79);
        assert!(seen.record.last_seen > later, "{}", seen.record.last_seen);
        assert_eq!(portico.simulator.dead_letters(), []);
        assert_eq!(portico.simulator.violations(), [""; 0]);
        Ok(())
    })
    .await;
}
