//! What must not let anybody in.

use local::Mode;
use reqwest::{Client, StatusCode, redirect::Policy};
use thirtyfour::By;

use crate::journey::{Portico, click, press_into_new_window, purchase, see, see_text, visit};

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_token_of_the_page_is_refused_and_leaves_nothing() {
    visit(Mode::Auto, |driver, portico| async move {
        purchase(&driver, &portico.marketplace).await?;
        let account = portico.only_account();
        let listing = driver.window().await?;
        let kinds = driver.find_all(By::Css("#bad-token option")).await?.len();
        assert!(kinds >= 10);
        for number in 1..=kinds {
            driver.switch_to_window(listing.clone()).await?;
            click(&driver, &format!("#bad-token option:nth-child({number})")).await?;
            press_into_new_window(&driver, "form[action='/marketplace/bad-token'] button").await?;
            click(&driver, "#continue").await?;
            see(&driver, ".ways").await?;
            let address = driver.current_url().await?;
            assert_eq!(address.as_str(), portico.signup);
            driver.close_window().await?;
        }
        portico.assert_unknown(&account).await;
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_account_stays_outside() {
    visit(Mode::Auto, |driver, portico| async move {
        purchase(&driver, &portico.marketplace).await?;
        click(&driver, "form[action='/google/reject'] button").await?;
        see_text(&driver, "#signup-state", "rejected").await?;
        press_into_new_window(&driver, "#register").await?;
        see(&driver, ".ways").await?;
        assert_eq!(portico.only_account().times_approved, 0);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_application_refuses_what_is_no_hand_off_of_its_own() {
    let portico = Portico::start(Mode::Auto).await;
    let order = portico.simulator.buy();
    let token = portico.simulator.token(&order.account, &order.user);
    for unverified_token in ["", "a.b.c", &token] {
        let address = format!("{}/app/signup", portico.marketplace);
        let form = [("portico-token", unverified_token)];
        let answer = client()
            .post(address)
            .form(&form)
            .send()
            .await
            .expect("it answers");
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
        assert!(answer.headers().get("set-cookie").is_none());
    }
}

#[tokio::test]
async fn the_pages_take_no_order_from_another_site() {
    let portico = Portico::start(Mode::Auto).await;
    for action in [
        "marketplace/purchase",
        "google/rotate-keys",
        "app/switch",
        "app/sign-out",
    ] {
        let address = format!("{}/{action}", portico.marketplace);
        let post = client()
            .post(address)
            .header("origin", "http://localhost:1");
        let answer = post.send().await.expect("it answers");
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{action}");
    }
}

fn client() -> Client {
    let client = Client::builder().redirect(Policy::none());
    client.build().expect("a client needs nothing")
}
