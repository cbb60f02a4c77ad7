//! Login: with SSO and without, to one order or several, for whom it was never meant, and twice.

use local::Mode;
use marketplace::EntitlementState;
use thirtyfour::By;

use crate::journey::{
    click, first_user, press_into_new_window, purchase, see, see_arrival, see_text, soon, visit,
};
use crate::tabs::sign_up;
use crate::visits::{post_from_elsewhere, press_as, see_login, sign_out};

#[tokio::test(flavor = "multi_thread")]
async fn without_sso_the_application_asks_for_its_own_login() {
    visit(Mode::Auto, |driver, portico| async move {
        purchase(&driver, &portico.marketplace).await?;
        press_into_new_window(&driver, "#plain-login").await?;
        see_text(&driver, "h1", "You are not signed in").await?;
        let address = driver.current_url().await?;
        let application = format!("{}/app/login", portico.marketplace);
        assert_eq!(address.as_str(), application);
        portico.assert_unknown(&portico.only_account()).await;
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_with_one_order_is_signed_in_to_it() {
    visit(Mode::Auto, |driver, portico| async move {
        let order = sign_up(&driver, &portico).await?;
        sign_out(&driver).await?;
        let (account, user) = (portico.only_account().id, portico.change_role());

        press_as(&driver, &portico, 1, "#manage").await?;
        see_login(&driver, &account, &user).await?;
        see_text(&driver, "#order", order.as_str()).await?;
        see_text(&driver, "#roles", "project_editor").await?;
        see_text(&driver, "#new-user", "no, seen before").await?;
        portico.assert_registered(&account, None).await;
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_with_three_orders_chooses_one() {
    visit(Mode::Auto, |driver, portico| async move {
        sign_up(&driver, &portico).await?;
        let account = portico.only_account();
        let simulator = &portico.simulator;
        let [wanted, _] = [(); 2].map(|()| simulator.buy_again(&account.id).entitlement);
        portico.assert_registered(&account.id, None).await;
        simulator.delivered().await;
        let stored = portico.stored(&wanted).await;
        assert_eq!(stored.state, EntitlementState::Active);

        press_as(&driver, &portico, 1, "#sso").await?;
        let row = format!("//label[.//input[@value='{wanted}']]");
        see(&driver, "h1").await?;
        assert_eq!(
            driver.find_all(By::Css("input[name=order]")).await?.len(),
            3
        );
        let said = driver.find(By::XPath(row)).await?.text().await?;
        let plan = stored.plan.expect("an order has a plan");
        let expected = format!("{}, plan {plan}\n{wanted} · in force", stored.product);
        assert_eq!(said, expected);
        click(&driver, &format!("input[value='{wanted}']")).await?;
        click(&driver, "button[type=submit]").await?;

        see_login(&driver, &account.id, first_user(&account)).await?;
        see_text(&driver, "#order", wanted.as_str()).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_is_linked_by_the_first_login_and_asked_before_another_session_ends() {
    visit(Mode::Auto, |driver, portico| async move {
        sign_up(&driver, &portico).await?;
        let account = portico.only_account().id;
        let colleague = portico.add_colleague();
        press_as(&driver, &portico, 2, "#sso").await?;
        see_text(&driver, "h1", "Somebody else is signed in here").await?;
        click(&driver, "#switch").await?;

        see_login(&driver, &account, &colleague).await?;
        see_text(&driver, "#new-user", "yes, first time here").await?;
        portico.assert_registered(&account, None).await;
        let links = portico.store.links_of(&account, soon()).await;
        assert_eq!(links.expect("memory answers").len(), 2);
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_sent_in_as_somebody_else_can_stay_who_they_are() {
    visit(Mode::Auto, |driver, portico| async move {
        sign_up(&driver, &portico).await?;
        let account = portico.only_account();
        let token = portico
            .simulator
            .token(&account.id, &portico.add_colleague());
        post_from_elsewhere(&driver, &portico, &token).await?;
        see_text(&driver, "h1", "Somebody else is signed in here").await?;
        click(&driver, "#stay").await?;
        see_arrival(&driver, &account.id).await?;
        see_text(&driver, "#user", first_user(&account).as_str()).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_posted_again_does_not_sign_in_again() {
    visit(Mode::Auto, |driver, portico| async move {
        sign_up(&driver, &portico).await?;
        let (account, user) = (portico.only_account().id, portico.change_role());
        press_as(&driver, &portico, 1, "#look-at-login").await?;
        let field = see(&driver, "input[name=x-gcp-marketplace-token]").await?;
        let token = field.attr("value").await?.expect("the token is there");
        click(&driver, "#continue").await?;
        see_login(&driver, &account, &user).await?;

        // The same hand-off, which opened the session that this browser has.
        post_from_elsewhere(&driver, &portico, &token).await?;
        see_login(&driver, &account, &user).await?;
        sign_out(&driver).await?;
        post_from_elsewhere(&driver, &portico, &token).await?;
        see_text(&driver, "h1", "Please open this from the Marketplace again").await
    })
    .await;
}
