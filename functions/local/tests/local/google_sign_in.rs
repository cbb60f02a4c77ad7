//! Where Google is asked who sits at the browser, at sign-up and at login.

use thirtyfour::error::WebDriverResult;
use thirtyfour::prelude::WebDriver;

use crate::journey::{
    Portico, click, first_user, press_into_new_window, purchase, see, see_arrival, see_text,
    signing_in, soon, visit_with,
};
use crate::visits::{choose_account, press_as, see_login, sign_in_at_google};

const PROVEN: &str = "yes\nGoogle sign-in proved who is at the browser.";

/// Buys, and registers as who the Marketplace says.
async fn sign_up(driver: &WebDriver, portico: &Portico) -> WebDriverResult<()> {
    purchase(driver, &portico.marketplace).await?;
    press_into_new_window(driver, "#register").await?;
    let account = portico.only_account();
    sign_in_at_google(driver, first_user(&account)).await?;
    see_arrival(driver, &account.id).await
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_registered_before_google_says_who_it_is() {
    visit_with(signing_in(), |driver, portico| async move {
        purchase(&driver, &portico.marketplace).await?;
        press_into_new_window(&driver, "#register").await?;
        click(&driver, "#meant").await?;
        see(&driver, "#allow").await?;
        let account = portico.only_account();
        portico.assert_unknown(&account).await;

        click(&driver, "#deny").await?;
        see_text(&driver, "h1", "You have not signed in").await?;
        portico.assert_unknown(&account).await;

        click(&driver, "#again").await?;
        sign_in_at_google(&driver, first_user(&account)).await?;
        see_arrival(&driver, &account.id).await?;
        see_text(&driver, "#purpose", "signup").await?;
        see_text(&driver, "#verified-user", PROVEN).await?;
        portico.assert_registered(&account.id, None).await;
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_right_person_is_signed_in() {
    visit_with(signing_in(), |driver, portico| async move {
        sign_up(&driver, &portico).await?;
        let account = portico.only_account();
        portico.assert_registered(&account.id, None).await;

        // Google knows this browser and what was allowed: it asks nothing.
        let user = portico.change_role();
        press_as(&driver, &portico, 1, "#manage").await?;
        see_login(&driver, &account.id, &user).await?;
        see_text(&driver, "#verified-user", PROVEN).await?;

        let colleague = portico.add_colleague();
        press_as(&driver, &portico, 2, "#manage").await?;
        sign_in_at_google(&driver, &colleague).await?;
        click(&driver, "#switch").await?;
        see_login(&driver, &account.id, &colleague).await?;
        see_text(&driver, "#verified-user", PROVEN).await?;
        see_text(&driver, "#new-user", "yes, first time here").await?;
        assert_eq!(portico.simulator.violations(), [""; 0]);
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wrong_person_learns_nothing_and_gets_another_try_as_the_right_one() {
    visit_with(signing_in(), |driver, portico| async move {
        sign_up(&driver, &portico).await?;
        let account = portico.only_account();
        let (here, meant) = (first_user(&account), portico.add_colleague());

        press_as(&driver, &portico, 2, "#sso").await?;
        choose_account(&driver, here).await?;
        see_text(&driver, "h1", "That was another Google account").await?;
        let page = driver.source().await?;
        for secret in [here.as_str(), meant.as_str(), account.id.as_str()] {
            assert!(!page.contains(secret), "{secret}");
        }
        let link = portico.store.link(&account.id, &meant, soon()).await;
        assert!(link.expect("memory answers").is_none());

        click(&driver, "#again").await?;
        sign_in_at_google(&driver, &meant).await?;
        click(&driver, "#switch").await?;
        see_login(&driver, &account.id, &meant).await?;
        see_text(&driver, "#verified-user", PROVEN).await?;
        assert_eq!(portico.simulator.violations(), [""; 0]);
        Ok(())
    })
    .await;
}
