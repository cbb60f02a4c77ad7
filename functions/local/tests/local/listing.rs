//! The listing, as it stays right while a customer looks at it.

use std::net::TcpListener;
use std::time::Duration;

use local::Mode;
use thirtyfour::By;
use thirtyfour::error::WebDriverResult;
use thirtyfour::prelude::{ElementQueryable, WebDriver};

use crate::journey::{INTERVAL, PATIENCE, purchase, see, visit};
use crate::tabs::{change_tab, sign_up};

/// The element with this id contains these words.
async fn see_words(driver: &WebDriver, id: &str, words: &str) -> WebDriverResult<()> {
    let place = format!("//*[@id='{id}'][contains(., '{words}')]");
    let found = driver.query(By::XPath(place)).wait(PATIENCE, INTERVAL);
    found.single().await.map(|_| ())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_of_the_log_that_comes_back_stands_where_it_stood() {
    visit(Mode::Auto, |driver, portico| async move {
        purchase(&driver, &portico.marketplace).await?;
        for _ in 0..3 {
            portico.simulator.buy();
        }
        see(&driver, "#log-rows li:nth-child(4)").await?;
        // As if newer rows were left out, so that the page has room for these again.
        let script = "const fresh = document.cloneNode(true); \
            const list = document.getElementById('log-rows'); \
            const ids = () => [...list.children].map((row) => row.id); \
            const before = ids(); \
            list.children[2].remove(); list.children[0].remove(); \
            swap(fresh); \
            return [before, ids()];";
        let seen = driver.execute(script, Vec::new()).await?;
        let [before, after]: [Vec<String>; 2] = seen.convert()?;
        assert_eq!(after, before);
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_simulated_clock_stays_in_sight_and_goes_on() {
    visit(Mode::Auto, |driver, portico| async move {
        purchase(&driver, &portico.marketplace).await?;
        see_words(&driver, "elsewhen", "as on your computer.").await?;
        let script = "window.scrollTo(0, document.documentElement.scrollHeight); \
            const box = document.getElementById('elsewhen').getBoundingClientRect(); \
            return window.scrollY > 0 && box.height > 0 && box.top >= 0 && box.bottom <= window.innerHeight;";
        let is_seen: bool = driver.execute(script, Vec::new()).await?.convert()?;
        assert!(is_seen);
        portico.simulator.pass_time(Duration::from_hours(26));
        let ahead = "1 day and 2 hours ahead of your computer.";
        see_words(&driver, "elsewhen", ahead).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn once_the_account_is_approved_nothing_offers_to_reject_it() {
    visit(Mode::Auto, |driver, portico| async move {
        purchase(&driver, &portico.marketplace).await?;
        see(&driver, "#reject-account").await?;
        let account = portico.only_account().id;
        let approved = portico.simulator.approve_account(&account);
        approved.expect("it waits for that");
        let said = "so Google does not let it be rejected any more.";
        see_words(&driver, "account-controls", said).await?;
        let left = driver.find_all(By::Css("#reject-account")).await?;
        assert!(left.is_empty());
        see(&driver, "#reset-account").await.map(|_| ())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_that_is_not_there_is_named_and_its_events_wait() {
    visit(Mode::Auto, |driver, portico| async move {
        let deserted = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = deserted.local_addr().expect("it has an address");
        drop(deserted);
        let (url, audience) = (
            format!("http://{address}/events"),
            format!("http://{address}"),
        );
        let identity = "application-push@example-project.iam.gserviceaccount.com";
        portico
            .simulator
            .push_published_to(&url, identity, &audience);
        sign_up(&driver, &portico).await?;
        change_tab(&driver).await?;
        let why = "connection refused: nobody listens there";
        see_words(&driver, "undelivered", why).await?;
        see_words(&driver, "log-rows", why).await?;
        driver
            .goto(format!("{}/events", portico.marketplace))
            .await?;
        see_words(&driver, "published", &format!("waits: {why}")).await?;
        see_words(
            &driver,
            "published",
            "\"ce-type\": \"portico.account.signed-up\"",
        )
        .await
    })
    .await;
}
