//! A month of many customers, in which everything goes wrong that can.
//!
//! `PORTICO_MONTH=CUSTOMERS,DAYS,SEED` plays another one.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use marketplace_simulator::{Fault, Matcher, Order, Quantity};
use serde_json::{Value, json};
use store::Store;
use tokio::time::timeout;

use crate::function::{QUERIES, SCANNED, TestFunction, at, read, request};

#[derive(Clone, Copy)]
struct Play {
    customers: usize,
    days: i64,
    seed: u64,
}

impl Play {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests have no configuration; the other reader is function-runtime"
    )]
    fn wanted() -> Self {
        let wanted = std::env::var("PORTICO_MONTH").unwrap_or_else(|_| "200,31,1".to_owned());
        let numbers = wanted.split(',').map(|it| it.parse().expect("a number"));
        let numbers: Vec<u64> = numbers.collect();
        Self {
            customers: usize::try_from(numbers[0]).expect("a number"),
            days: i64::try_from(numbers[1]).expect("a number"),
            seed: numbers[2],
        }
    }
}

/// What the application has recorded: units by customer, in eighths for the floating-point metric so
/// that sums are exact.
type Used = BTreeMap<(usize, &'static str), i64>;

struct Month {
    function: TestFunction,
    orders: Vec<Order>,
    rng: Rng,
    used: Used,
    keys: u64,
    standing: Vec<Standing>,
}

/// How a customer's order stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    InForce,
    /// It vanished, and came back at this moment at the latest.
    BackSince(Timestamp),
    /// Google does not find it. If it is only Google's mistake, the customer goes on.
    Absent {
        since: Timestamp,
        by_mistake: bool,
    },
    /// Its absence was confirmed.
    Gone,
    /// The customer has cancelled.
    Ended,
}

impl Standing {
    /// Whether the customer uses something.
    fn is_used(self) -> bool {
        match self {
            Self::InForce | Self::BackSince(_) => true,
            Self::Absent { by_mistake, .. } => by_mistake,
            Self::Gone | Self::Ended => false,
        }
    }

    /// Whether it may end. One that has just come back may not be open before the next hour.
    fn may_end(self, now: Timestamp) -> bool {
        match self {
            Self::InForce => true,
            Self::BackSince(back) => now.duration_since(back) > SignedDuration::from_hours(12),
            _ => false,
        }
    }
}

#[tokio::test]
async fn a_month_of_faults_and_crashes_is_billed_to_the_unit() {
    let play = Play::wanted();
    let mut month = Month::begin(play).await;
    // It spans the change to daylight saving time.
    let start = at("2026-03-01T09:20:00Z");
    let mut now = start;
    let end = start
        .saturating_add(SignedDuration::from_hours(24 * play.days))
        .unwrap();
    while now < end {
        month.hour(now, play).await;
        now = now.saturating_add(SignedDuration::from_hours(1)).unwrap();
    }
    month.function.simulator.faults().clear();
    month.find_all_again(now).await;
    for hours in 1..=5 {
        let later = now
            .saturating_add(SignedDuration::from_hours(hours))
            .unwrap();
        month.function.report_at(later).await;
    }
    month.assert_billed().await;
}

impl Month {
    async fn begin(play: Play) -> Self {
        let function = TestFunction::where_repeats_count_once(Store::memory()).await;
        let mut orders = Vec::new();
        for _ in 0..play.customers {
            orders.push(function.customer().await);
        }
        Self {
            function,
            standing: vec![Standing::InForce; orders.len()],
            orders,
            rng: Rng::with_seed(play.seed),
            used: Used::new(),
            keys: 0,
        }
    }

    /// Some customers use something, now and then one cancels, and the scheduler calls, mostly.
    async fn hour(&mut self, now: Timestamp, play: Play) {
        let minutes = SignedDuration::from_mins(self.rng.i64(1..40));
        let moment = now.saturating_add(minutes).unwrap();
        // Some twenty-five records for each customer in the month.
        let records = self.rng.usize(0..play.customers / 16 + 2);
        let mut batch = Vec::new();
        for _ in 0..records {
            batch.extend(self.record(moment));
        }
        self.take(&batch, moment).await;
        if self.one_in(37) {
            self.cancel(moment).await;
        }
        if self.one_in(5) {
            self.vanish(moment).await;
        }
        self.come_back(moment).await;
        if !self.one_in(8) {
            self.trouble();
            self.report(moment).await;
            self.function.simulator.faults().clear();
        }
    }

    fn one_in(&mut self, count: u32) -> bool {
        self.rng.u32(..count) == 0
    }

    fn record(&mut self, now: Timestamp) -> Option<Value> {
        let customer = self.rng.usize(..self.orders.len());
        if !self.standing[customer].is_used() {
            return None;
        }
        let metric = [QUERIES, SCANNED][self.rng.usize(..2)];
        let units = self.rng.i64(0..1_000);
        *self.used.entry((customer, metric)).or_default() += units;
        self.keys += 1;
        let quantity = match metric {
            QUERIES => json!(units),
            #[expect(clippy::cast_precision_loss, reason = "it is small")]
            _ => json!(units as f64 / 8.0),
        };
        // Some of it is recorded late, some very late.
        let ago = SignedDuration::from_mins(self.rng.i64(0..10) * self.rng.i64(0..30));
        let occurred = now
            .saturating_sub(ago)
            .unwrap()
            .max(at("2026-03-01T09:20:00Z"));
        Some(json!({
            "entitlement": self.orders[customer].entitlement,
            "metric": metric,
            "quantity": quantity,
            "occurred_at": occurred,
            "idempotency_key": format!("key-{}", self.keys),
        }))
    }

    /// The application repeats what it has sent until it is answered, and sometimes once more.
    async fn take(&mut self, records: &[Value], now: Timestamp) {
        let body = json!({ "records": records }).to_string();
        for _ in 0..=usize::from(self.one_in(5)) {
            while self.answer(&body, now).await != 200 {
                // An order is back, and the hours before its end are not all read yet.
                self.function.report_at(now).await;
            }
        }
    }

    async fn answer(&self, body: &str, now: Timestamp) -> u16 {
        let TestFunction {
            handler, caller, ..
        } = &self.function;
        let answer = handler.record(caller, body.as_bytes(), request(now)).await;
        let (status, body) = read(answer.unwrap()).await;
        assert_eq!(body["refused"], json!(0), "{body}");
        status
    }

    async fn cancel(&mut self, now: Timestamp) {
        let customer = self.rng.usize(..self.orders.len());
        if !self.standing[customer].may_end(now) {
            return;
        }
        self.standing[customer] = Standing::Ended;
        // All that was used until now was used before.
        let end = now.saturating_add(SignedDuration::from_secs(1)).unwrap();
        self.function
            .cancel(&self.orders[customer], &end.to_string())
            .await;
    }

    /// Google does not find an order from now on.
    async fn vanish(&mut self, now: Timestamp) {
        let customer = self.rng.usize(..self.orders.len());
        if !self.standing[customer].may_end(now) {
            return;
        }
        // All that was used until now was used before.
        let since = now.saturating_add(SignedDuration::from_secs(1)).unwrap();
        let by_mistake = self.rng.bool();
        self.standing[customer] = Standing::Absent { since, by_mistake };
        let order = &self.orders[customer];
        self.function.miss(order, &since.to_string()).await;
    }

    /// Some of what is absent is gone, and some of it comes back.
    async fn come_back(&mut self, now: Timestamp) {
        for customer in 0..self.orders.len() {
            let order = self.orders[customer].clone();
            let standing = self.standing[customer];
            match standing {
                Standing::Absent { since, by_mistake } if now > since && self.one_in(6) => {
                    if by_mistake {
                        self.find_again(customer, now).await;
                    } else {
                        self.function
                            .confirm_absence(&order, &since.to_string())
                            .await;
                        self.standing[customer] = Standing::Gone;
                    }
                }
                Standing::Gone if self.one_in(20) => self.find_again(customer, now).await,
                _ => {}
            }
        }
    }

    async fn find_again(&mut self, customer: usize, now: Timestamp) {
        self.function.find_again(&self.orders[customer]).await;
        self.standing[customer] = Standing::BackSince(now);
    }

    async fn find_all_again(&mut self, now: Timestamp) {
        for customer in 0..self.orders.len() {
            let standing = self.standing[customer];
            if matches!(standing, Standing::Absent { .. } | Standing::Gone) {
                self.find_again(customer, now).await;
            }
        }
    }

    fn trouble(&mut self) {
        let faults = self.function.simulator.faults();
        for _ in 0..self.rng.usize(..4) {
            let fault = match self.rng.u8(..8) {
                0 => Fault::status(429),
                1 => Fault::status(500),
                2 => Fault::status(503),
                3 => Fault::cut(),
                4 => Fault::cut_mid_body(),
                5 => Fault::garbage(),
                6 => Fault::status(500).after_effect(),
                _ => Fault::cut().after_effect(),
            };
            let n = self.rng.usize(1..20);
            faults.nth(n, Matcher::service_control(), fault);
        }
    }

    /// One call of the scheduler's; one in five ends in the middle of something.
    async fn report(&mut self, now: Timestamp) {
        let function = &self.function;
        let (handler, caller) = (Arc::clone(&function.handler), function.caller.clone());
        let mut call =
            tokio::spawn(async move { handler.report(&caller, request(now)).await.is_ok() });
        if self.one_in(5) {
            let patience = Duration::from_micros(self.rng.u64(..40_000));
            if timeout(patience, &mut call).await.is_err() {
                call.abort();
                // It may have ended just then.
                let _ = call.await;
            }
            return;
        }
        assert!(call.await.unwrap());
    }

    async fn assert_billed(&self) {
        let function = &self.function;
        function.assert_nothing_waits().await;
        let mut billed = Used::new();
        for (customer, order) in self.orders.iter().enumerate() {
            for metric in [QUERIES, SCANNED] {
                let units = match function.billed(order, metric) {
                    None => continue,
                    Some(Quantity::Int64(units)) => i64::try_from(units).unwrap(),
                    #[expect(clippy::cast_possible_truncation, reason = "eighths are exact")]
                    Some(Quantity::Double(sum)) => (sum * 8.0) as i64,
                };
                billed.insert((customer, metric), units);
            }
        }
        let mut used = self.used.clone();
        used.retain(|_, units| *units > 0);
        assert_eq!(billed, used);
        let operations = function.simulator.operations();
        assert!(operations.len() > self.orders.len(), "the month was busy");
    }
}
