//! What customers use, from the demo application to the bill.

use std::time::Duration;

use jiff::tz::TimeZone;
use local::Mode;
use marketplace::EntitlementId;
use marketplace_simulator::{Fault, Matcher, Quantity, Simulator};
use thirtyfour::By;
use thirtyfour::error::WebDriverResult;
use thirtyfour::prelude::{ElementQueryable, WebDriver};

use crate::journey::{INTERVAL, PATIENCE, Portico, click, see, see_text, visit};
use crate::tabs::{change_tab, press_in_other_tab, see_event, sign_up_for};

const QUERIES: &str = "usage_queries";
const SCANNED: &str = "usage_gib_scanned";

#[tokio::test(flavor = "multi_thread")]
async fn what_a_customer_uses_is_on_its_bill_when_the_hour_is_over() {
    visit(Mode::Auto, |driver, portico| async move {
        let order = begin(&driver, &portico).await?;
        click(&driver, "#use-1-usage_queries").await?;
        see_recorded(&driver, "Queries: 1").await?;
        use_it(&driver, QUERIES, "150").await?;
        see_recorded(&driver, "Queries: 151").await?;
        use_it(&driver, SCANNED, "250.5").await?;
        see_recorded(&driver, "Queries: 151, GiB scanned: 250.5").await?;
        see_text(&driver, ".records li:first-child .chip", "accepted").await?;

        change_tab(&driver).await?;
        // The hour is not over.
        click(&driver, "button[name=job][value=report]").await?;
        see_text(&driver, "#job-report-1 .said", "looked at 1, reported 0").await?;
        see_containing(&driver, "//*[@id='bill']", "Nothing has been reported yet.").await?;
        let_an_hour_pass(&driver).await?;
        let said = "looked at 1, reported 2, 1 closed";
        see_text(&driver, "#job-report-2 .said", said).await?;
        see_containing(&driver, "//*[@id='elsewhen']", " ahead of your computer.").await?;
        let bill = [
            "GiB scanned 250.5 $1.25",
            "Queries 151 $3.02",
            "Total $4.27",
        ];
        portico.see_bill(&driver, &bill).await?;
        portico.assert_billed(&order, QUERIES, Quantity::Int64(151));
        portico.assert_billed(&order, SCANNED, Quantity::Double(250.5));
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_clicked_twice_and_sent_again_is_billed_once() {
    visit(Mode::Auto, |driver, portico| async move {
        let order = begin(&driver, &portico).await?;
        let script = "const form = new FormData(document.querySelector('#usage form')); \
            for (let i = 0; i < 2; i++) fetch('/app/use', \
            {method: 'POST', body: new URLSearchParams(form)});";
        driver.execute(script, Vec::new()).await?;
        see_recorded(&driver, "Queries: 1").await?;
        see_last(&driver, "Sent 2 times.").await?;
        click(&driver, "#again-1").await?;
        see_text(&driver, ".records .chip", "duplicate").await?;
        see_last(&driver, "it counts once. Sent 3 times.").await?;
        driver.refresh().await?;
        see_recorded(&driver, "Queries: 1").await?;

        change_tab(&driver).await?;
        let_an_hour_pass(&driver).await?;
        portico
            .see_bill(&driver, &["Queries 1 $0.02", "Total $0.02"])
            .await?;
        change_tab(&driver).await?;
        click(&driver, "#again-1").await?;
        see_last(&driver, "it counts once. Sent 4 times.").await?;
        change_tab(&driver).await?;
        let_an_hour_pass(&driver).await?;
        click(&driver, "button[name=job][value=report]").await?;
        see_text(&driver, "#job-report-2 .lamp", "200").await?;
        portico.assert_billed(&order, QUERIES, Quantity::Int64(1));
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_of_google_s_that_is_lost_doubles_no_bill() {
    visit(Mode::Auto, |driver, portico| async move {
        let order = begin(&driver, &portico).await?;
        use_it(&driver, QUERIES, "7").await?;
        see_recorded(&driver, "Queries: 7").await?;
        let (faults, lost) = (portico.simulator.faults(), Fault::cut().after_effect());
        faults.next(Matcher::report_usage(), lost);
        change_tab(&driver).await?;
        let_an_hour_pass(&driver).await?;
        let said = "looked at 1, reported 0, 1 closed, 1 pending";
        see_text(&driver, "#job-report-1 .said", said).await?;
        let_an_hour_pass(&driver).await?;
        see_text(&driver, "#job-report-2 .said", "looked at 1, reported 1").await?;
        portico
            .see_bill(&driver, &["Queries 7 $0.14", "Total $0.14"])
            .await?;
        assert!(portico.simulator.operations().len() > 1);
        portico.assert_billed(&order, QUERIES, Quantity::Int64(7));
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_used_of_an_order_that_is_cancelled_is_billed_at_once() {
    visit(Mode::Auto, |driver, portico| async move {
        let order = begin(&driver, &portico).await?;
        use_it(&driver, SCANNED, "1000").await?;
        see_recorded(&driver, "GiB scanned: 1000").await?;
        press_in_other_tab(&driver, &order, "marketplace/cancel").await?;
        see_event(&driver, "portico.access.ended", 1).await?;
        see(&driver, "#usage .stop").await?;
        assert_eq!(driver.find_all(By::Css("#usage .uses")).await?.len(), 0);

        change_tab(&driver).await?;
        click(&driver, "button[name=job][value=report]").await?;
        let bill = ["GiB scanned 1000 $5.00", "Total $5.00"];
        portico.see_bill(&driver, &bill).await?;
        portico.assert_billed(&order, SCANNED, Quantity::Double(1000.0));
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_cannot_be_billed_is_not_served_until_it_passes() {
    visit(Mode::Auto, |driver, portico| async move {
        let order = begin(&driver, &portico).await?;
        use_it(&driver, QUERIES, "1").await?;
        see_recorded(&driver, "Queries: 1").await?;
        let consumer = portico.simulator.entitlement(&order).expect("it is there");
        let consumer = consumer.usage_reporting_id.expect("it is active");
        portico
            .simulator
            .fail_checks(&consumer, &["BILLING_DISABLED"]);
        change_tab(&driver).await?;
        let_an_hour_pass(&driver).await?;
        change_tab(&driver).await?;
        see_event(&driver, "portico.usage.stop-serving", 1).await?;
        see_text(&driver, "#stopped-1 code", "BILLING_DISABLED").await?;
        assert_eq!(driver.find_all(By::Css("#usage .uses")).await?.len(), 0);

        portico.simulator.fail_checks(&consumer, &[]);
        change_tab(&driver).await?;
        click(&driver, "button[name=job][value=report]").await?;
        change_tab(&driver).await?;
        see_event(&driver, "portico.usage.resume-serving", 1).await?;
        use_it(&driver, QUERIES, "2").await?;
        see_recorded(&driver, "Queries: 3").await?;
        // Used is used.
        portico.assert_billed(&order, QUERIES, Quantity::Int64(1));
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_portico_cannot_take_is_sent_with_the_next_and_what_it_refuses_is_not() {
    visit(Mode::Auto, |driver, portico| async move {
        let order = begin(&driver, &portico).await?;
        use_it(&driver, QUERIES, "-1").await?;
        let refused = "quantity-negative: Usage cannot be taken back.";
        see_last(&driver, refused).await?;
        // Too old to be used, and not to be had again: who calls cannot be checked.
        let faults = portico.simulator.faults();
        faults.always(Matcher::identity_keys(), Fault::status(500));
        change_tab(&driver).await?;
        click(&driver, "form[action='/google/pass-month'] button").await?;
        see_containing(&driver, "//*[@id='elsewhen']", " 31 days").await?;
        settle(&portico.simulator);
        change_tab(&driver).await?;
        use_it(&driver, QUERIES, "3").await?;
        let kept = "Portico answered 503: it is kept here, and sent again with the next one.";
        see_last(&driver, kept).await?;
        see_recorded(&driver, "nothing").await?;
        faults.clear();
        change_tab(&driver).await?;
        let_an_hour_pass(&driver).await?;
        change_tab(&driver).await?;
        use_it(&driver, QUERIES, "4").await?;
        see_recorded(&driver, "Queries: 7").await?;
        change_tab(&driver).await?;
        let_an_hour_pass(&driver).await?;
        portico
            .see_bill(&driver, &["Queries 7 $0.14", "Total $0.14"])
            .await?;
        portico.assert_billed(&order, QUERIES, Quantity::Int64(7));
        Ok(())
    })
    .await;
}

/// A customer with an order that is billed by usage, in the application.
async fn begin(driver: &WebDriver, portico: &Portico) -> WebDriverResult<EntitlementId> {
    settle(&portico.simulator);
    let order = sign_up_for(driver, portico, "Pay as you go").await?;
    see_event(driver, "portico.access.granted", 1).await?;
    Ok(order)
}

/// Lets time pass until no hour ends during a test, and no month of Google's bills, which are those of
/// Pacific time, in the hours that a test lets pass.
fn settle(simulator: &Simulator) {
    loop {
        let now = simulator.now().to_zoned(TimeZone::UTC);
        if now.minute() >= 50 {
            simulator.pass_time(Duration::from_mins(11));
        } else if now.day() == 1 && (3..=8).contains(&now.hour()) {
            simulator.pass_time(Duration::from_hours(1));
        } else {
            return;
        }
    }
}

async fn use_it(driver: &WebDriver, metric: &str, quantity: &str) -> WebDriverResult<()> {
    let field = see(driver, &format!("#quantity-1-{metric}")).await?;
    field.clear().await?;
    field.send_keys(quantity).await?;
    click(driver, &format!("#use-1-{metric}")).await
}

/// The application shows what it has recorded so far.
async fn see_recorded(driver: &WebDriver, total: &str) -> WebDriverResult<()> {
    see_text(driver, "#recorded-1 b", total).await
}

/// The application says this of its last record.
async fn see_last(driver: &WebDriver, words: &str) -> WebDriverResult<()> {
    see_containing(driver, "//*[@class='records']/li[1]", words).await
}

/// The element at this place contains these words.
async fn see_containing(driver: &WebDriver, place: &str, words: &str) -> WebDriverResult<()> {
    let found = driver.query(By::XPath(format!("{place}[contains(., '{words}')]")));
    found.wait(PATIENCE, INTERVAL).single().await.map(|_| ())
}

async fn let_an_hour_pass(driver: &WebDriver) -> WebDriverResult<()> {
    click(driver, "form[action='/google/pass-hour'] button").await
}

impl Portico {
    /// The bill on the page comes to these rows, without their month.
    async fn see_bill(&self, driver: &WebDriver, rows: &[&str]) -> WebDriverResult<()> {
        let first = driver.query(By::Css("#bill tbody tr"));
        first.wait(PATIENCE, INTERVAL).first().await?;
        let bill = self.simulator.bill(&self.only_account().id);
        let months = bill.by_month();
        for (index, row) in rows.iter().enumerate() {
            let month = months.keys().next().map_or("", |(month, _)| month);
            let css = format!("#bill tbody tr:nth-child({})", index + 1);
            see_text(driver, &css, &format!("{month} {row}")).await?;
        }
        let shown = driver.find_all(By::Css("#bill tbody tr")).await?;
        assert_eq!(shown.len(), rows.len());
        Ok(())
    }

    /// Google bills so much, once, and was asked for nothing it does not know.
    fn assert_billed(&self, order: &EntitlementId, metric: &str, quantity: Quantity) {
        let bill = self.simulator.bill(&self.only_account().id);
        assert_eq!(bill.total(order, metric), Some(quantity));
        assert_eq!(self.simulator.counted_twice(), [""; 0]);
        assert_eq!(self.simulator.violations(), [""; 0]);
    }
}
