//! Sign-up in one click, with script and without.

use local::Mode;
use reqwest::StatusCode;

use crate::browser::{Script, in_browser};
use crate::journey::{Portico, click, press_into_new_window, purchase, see, see_arrival, visit};

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_buys_and_arrives_in_one_click() {
    visit(Mode::Auto, |driver, portico| async move {
        purchase(&driver, &portico.marketplace).await?;
        let account = portico.only_account();
        portico.assert_unknown(&account).await;
        let listing = driver.window().await?;
        press_into_new_window(&driver, "#register").await?;
        see_arrival(&driver, &account.id).await?;
        portico.assert_registered(&account.id, None).await;

        // Registering again is signing in again. Two tokens of one second are one token, whose
        // repeat leads to the session it began, so it is pressed until the token is a new one.
        for attempt in 0.. {
            assert!(attempt < 100, "the customer stays new");
            driver.switch_to_window(listing.clone()).await?;
            press_into_new_window(&driver, "#register").await?;
            see_arrival(&driver, &account.id).await?;
            if see(&driver, "#new-user").await?.text().await? == "no, seen before" {
                break;
            }
            driver.close_window().await?;
        }
        portico.assert_registered(&account.id, None).await;
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_script_every_step_has_a_button_and_a_hand_off_works_once() {
    let portico = Portico::start(Mode::Auto).await;
    in_browser(Script::Off, move |driver| async move {
        purchase(&driver, &portico.marketplace).await?;
        let account = portico.only_account().id;
        press_into_new_window(&driver, "#register").await?;
        click(&driver, "#continue").await?;
        let field = see(&driver, "input[name=portico-token]").await?;
        let token = field
            .attr("value")
            .await?
            .expect("the hand-off is in its field");
        click(&driver, "button[type=submit]").await?;
        see_arrival(&driver, &account).await?;
        portico.assert_registered(&account, None).await;

        let answer = post_elsewhere(&portico, &token).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
        Ok(())
    })
    .await;
}

/// Somebody else's browser posts the same hand-off: an HTTP client that keeps no cookie but the one
/// of the answer before.
async fn post_elsewhere(portico: &Portico, token: &str) -> reqwest::Response {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let client = client.build().expect("a client needs nothing");
    let hand_off = [("portico-token", token)];
    let address = format!("{}/app/signup", portico.marketplace);
    let answer = client
        .post(address)
        .form(&hand_off)
        .send()
        .await
        .expect("it answers");
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let cookie = answer.headers()["set-cookie"].clone();
    let home = client
        .get(format!("{}/app/", portico.marketplace))
        .header("cookie", cookie);
    home.send().await.expect("it answers")
}
