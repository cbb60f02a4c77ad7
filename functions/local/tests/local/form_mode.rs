//! Sign-up with a registration form.

use local::Mode;

use crate::journey::{
    click, fill_in, press_into_new_window, purchase, see, see_arrival, see_text, visit,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_buys_registers_with_a_mistake_and_arrives() {
    visit(Mode::Form, |driver, portico| async move {
        purchase(&driver, &portico.marketplace).await?;
        let listing = driver.window().await?;
        let account = portico.only_account();
        portico.assert_unknown(&account).await;

        press_into_new_window(&driver, "#register").await?;
        fill_in(&driver, "Keller Instruments", "ada@nowhere").await?;
        see(&driver, "#email-problem").await?;
        portico.assert_unknown(&portico.only_account()).await;
        fill_in(&driver, "Keller Instruments", "ada@keller.example").await?;

        see_arrival(&driver, &account.id).await?;
        see_text(&driver, "#company", "Keller Instruments").await?;
        see_text(&driver, "#purpose", "signup").await?;
        portico
            .assert_registered(&account.id, Some("Keller Instruments"))
            .await;

        // The Marketplace's own tab has followed, without a reload.
        driver.switch_to_window(listing).await?;
        see_text(&driver, "#signup-state", "approved").await?;
        see_text(&driver, "#orders .chip", "active").await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_back_button_and_a_second_click_lead_to_the_same_session() {
    visit(Mode::Form, |driver, portico| async move {
        purchase(&driver, &portico.marketplace).await?;
        let account = portico.only_account().id;
        press_into_new_window(&driver, "#register").await?;
        see(&driver, "#company").await?;
        let fill = "for (const [id, value] of Object.entries(arguments[0])) \
                    document.getElementById(id).value = value; \
                    document.forms[0].requestSubmit(); document.forms[0].requestSubmit();";
        let typed = serde_json::json!({
            "company": "Keller Instruments", "name": "Ada", "email": "ada@keller.example",
        });
        driver.execute(fill, vec![typed]).await?;
        see_arrival(&driver, &account).await?;
        portico
            .assert_registered(&account, Some("Keller Instruments"))
            .await;

        driver.back().await?;
        see_arrival(&driver, &account).await?;
        portico
            .assert_registered(&account, Some("Keller Instruments"))
            .await;
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_with_two_accounts_do_not_mix() {
    visit(Mode::Form, |driver, portico| async move {
        let listing = driver.window().await?;
        let new_customer = format!("{}/new", portico.marketplace);
        purchase(&driver, &new_customer).await?;
        let first_tab = press_into_new_window(&driver, "#register").await?;
        see(&driver, "#company").await?;
        driver.switch_to_window(listing).await?;
        purchase(&driver, &new_customer).await?;
        press_into_new_window(&driver, "#register").await?;
        let accounts = portico.simulator.accounts();
        let [first, second] = accounts.as_slice() else {
            panic!("there are two customers");
        };

        fill_in(&driver, "Second", "b@second.example").await?;
        see_arrival(&driver, &second.id).await?;
        driver.switch_to_window(first_tab).await?;
        fill_in(&driver, "First", "a@first.example").await?;

        // The application asks before it replaces a session of somebody else.
        see_text(&driver, "h1", "Somebody else is signed in here").await?;
        portico.assert_registered(&first.id, Some("First")).await;
        portico.assert_registered(&second.id, Some("Second")).await;
        click(&driver, "#stay").await?;
        see_arrival(&driver, &second.id).await?;

        driver
            .goto(format!("{}/customers/{}/1", portico.marketplace, first.id))
            .await?;
        press_into_new_window(&driver, "#register").await?;
        click(&driver, "#switch").await?;
        see_arrival(&driver, &first.id).await
    })
    .await;
}
