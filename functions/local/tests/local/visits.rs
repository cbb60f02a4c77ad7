//! Ways into the application for a customer who has signed up, and what it shows then.

use marketplace::{ProcurementAccountId, Role, UserIdentity};
use thirtyfour::error::WebDriverResult;
use thirtyfour::prelude::WebDriver;

use crate::journey::{Portico, click, first_user, press_into_new_window, see_arrival, see_text};

/// Presses a button of the Marketplace's as this person of the only customer, counted from 1, and
/// goes to the window that it opens.
pub(crate) async fn press_as(
    driver: &WebDriver,
    portico: &Portico,
    person: usize,
    css: &str,
) -> WebDriverResult<()> {
    let account = portico.only_account().id;
    let page = format!("{}/customers/{account}/{person}", portico.marketplace);
    driver.goto(page).await?;
    press_into_new_window(driver, css).await.map(|_| ())
}

/// Posts a Marketplace's token to login from a page of neither Portico nor the Marketplace, as anybody
/// can have a browser do it.
pub(crate) async fn post_from_elsewhere(
    driver: &WebDriver,
    portico: &Portico,
    token: &str,
) -> WebDriverResult<()> {
    let page = format!(
        "data:text/html,<form method=post action='{}'>\
         <input name=x-gcp-marketplace-token value='{token}'></form>\
         <script>document.forms[0].submit()</script>",
        portico.login
    );
    driver.goto(page).await
}

/// The application has signed this person in by a login.
pub(crate) async fn see_login(
    driver: &WebDriver,
    account: &ProcurementAccountId,
    user: &UserIdentity,
) -> WebDriverResult<()> {
    see_arrival(driver, account).await?;
    see_text(driver, "#purpose", "login").await?;
    see_text(driver, "#user", user.as_str()).await
}

/// Signs out of the application, on its page.
pub(crate) async fn sign_out(driver: &WebDriver) -> WebDriverResult<()> {
    click(driver, "form[action='/app/sign-out'] button").await?;
    see_text(driver, "h1", "You are not signed in").await
}

/// Chooses this person's account on Google's page.
pub(crate) async fn choose_account(driver: &WebDriver, user: &UserIdentity) -> WebDriverResult<()> {
    let button = format!("button[name=user][value='{}']", user.as_str());
    click(driver, &button).await
}

/// Signs in at Google as this person, and allows what is asked for.
pub(crate) async fn sign_in_at_google(
    driver: &WebDriver,
    user: &UserIdentity,
) -> WebDriverResult<()> {
    choose_account(driver, user).await?;
    click(driver, "#allow").await
}

impl Portico {
    /// Gives the first person another role, so that the next token is another one, also within the
    /// second of the last.
    pub(crate) fn change_role(&self) -> UserIdentity {
        let account = self.only_account();
        let user = first_user(&account);
        let changed = self
            .simulator
            .set_roles(&account.id, user, vec![Role::ProjectEditor]);
        changed.expect("the person is the customer's");
        user.clone()
    }

    /// A colleague of the first person, who was never here.
    pub(crate) fn add_colleague(&self) -> UserIdentity {
        let account = self.only_account().id;
        let added = self.simulator.add_user(&account, vec![Role::ProjectEditor]);
        added.expect("the account is there")
    }
}
