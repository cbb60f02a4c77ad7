//! A customer's other people, called in on the Marketplace's page.

use local::Mode;

use crate::journey::{click, press_into_new_window, see, see_text, visit};
use crate::tabs::{change_tab, sign_up};
use crate::visits::see_login;

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_is_added_in_the_menu_and_can_sign_in() {
    visit(Mode::Auto, |driver, portico| async move {
        sign_up(&driver, &portico).await?;
        change_tab(&driver).await?;
        click(&driver, ".who summary").await?;
        click(&driver, "form[action='/marketplace/colleague'] button").await?;
        // The page that follows shows the colleague's menu, closed.
        see(&driver, ".who:not([open])").await?;
        let account = portico.only_account();
        let [_, colleague] = account.users.as_slice() else {
            panic!("there are two people");
        };
        see_text(&driver, ".who summary b", &colleague.name).await?;
        let address = driver.current_url().await?;
        let page = format!("{}/customers/{}/2", portico.marketplace, account.id);
        assert_eq!(address.as_str(), page);

        press_into_new_window(&driver, "#sso").await?;
        click(&driver, "#switch").await?;
        see_login(&driver, &account.id, &colleague.identity).await
    })
    .await;
}
