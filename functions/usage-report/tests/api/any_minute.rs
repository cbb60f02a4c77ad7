//! Orders that vanish and come back at any minute, with usage around it.

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use marketplace_simulator::{Order, Quantity};
use store::{ReportState, Store};

use crate::function::{QUERIES, START, TestFunction, at, record};

/// One customer's time, and what has to come of it.
struct Life<'a> {
    function: &'a TestFunction,
    order: Order,
    rng: Rng,
    now: Timestamp,
    keys: usize,
    /// Units that have to be billed.
    billed: i64,
    /// Units that have to be held.
    held: i64,
}

impl Life<'_> {
    fn wait(&mut self, minutes: std::ops::Range<i64>) {
        let minutes = SignedDuration::from_mins(self.rng.i64(minutes));
        self.now = self.now.saturating_add(minutes).unwrap();
    }

    /// Uses something now. Returns the record's number, its units and the status of the answer.
    async fn uses(&mut self) -> (usize, i64, String) {
        self.keys += 1;
        let units = self.rng.i64(1..100);
        let status = self.records(self.keys, units, self.now).await;
        (self.keys, units, status)
    }

    async fn records(&self, key: usize, units: i64, used: Timestamp) -> String {
        let record = record(&self.order, &key.to_string(), units, &used.to_string());
        let (status, body) = self.function.record(&self.now.to_string(), &[record]).await;
        assert_eq!(status, 200, "{body}");
        body["records"][0]["status"].as_str().unwrap().to_owned()
    }

    async fn report(&self) {
        self.function.report_at(self.now).await;
    }

    async fn live(&mut self) {
        for _ in 0..3 {
            let (_, units, status) = self.uses().await;
            assert!(status.starts_with("accepted"), "{status}");
            self.billed += units;
            self.wait(1..70);
            if self.rng.bool() {
                self.report().await;
            }
        }
    }

    /// Google does not find the order for a while; what was used meanwhile.
    async fn vanish(&mut self) -> (String, i64) {
        // Between two records.
        let since = self
            .now
            .saturating_sub(SignedDuration::from_secs(30))
            .unwrap();
        let since = since.max(at(START)).to_string();
        self.function.miss(&self.order, &since).await;
        let mut used = 0;
        for _ in 0..self.rng.usize(0..4) {
            let (_, units, status) = self.uses().await;
            assert!(status.starts_with("accepted"), "{status}");
            used += units;
            self.wait(0..50);
            self.report().await;
        }
        (since, used)
    }

    /// It is gone, and comes back.
    async fn end(&mut self, since: &str) {
        self.function.confirm_absence(&self.order, since).await;
        if self.rng.bool() {
            self.report().await;
        }
        self.wait(1..200);
        let (key, units, status) = self.uses().await;
        assert_eq!(status, "refused");
        let used = self.now;
        self.report().await;
        self.wait(0..90);
        self.function.find_again(&self.order).await;
        if self.rng.bool() {
            self.report().await;
        }
        // The application sends again what was refused.
        assert_eq!(self.records(key, units, used).await, "accepted-late");
        self.billed += units;
        // It does not end again before it is open.
        self.wait(62..200);
    }
}

pub(crate) async fn an_end_at_any_minute_bills_what_was_before_it_once(store: Store) {
    let lives = match store {
        Store::Memory(_) => 60,
        Store::Firestore(_) => 4,
    };
    let function = TestFunction::start(store).await;
    for seed in 0..lives {
        let order = function.customer().await;
        let mut life = Life {
            function: &function,
            order,
            rng: Rng::with_seed(seed),
            now: at(START),
            keys: 0,
            billed: 0,
            held: 0,
        };
        life.wait(1..120);
        for _ in 0..3 {
            life.live().await;
            let (since, used) = life.vanish().await;
            if life.rng.bool() {
                life.held += used;
                life.end(&since).await;
            } else {
                life.billed += used;
                life.function.find_again(&life.order).await;
            }
        }
        for _ in 0..3 {
            life.wait(61..62);
            life.report().await;
        }
        let billed = function.billed(&life.order, QUERIES);
        assert_eq!(billed, Some(Quantity::Int64(life.billed.into())), "{seed}");
        let rows = function.rows(ReportState::Held).await.into_iter();
        let held = rows.filter(|row| row.entitlement == life.order.entitlement);
        let held = held.map(|row| match row.value {
            Some(metering::Quantity::Int64(units)) => units,
            other => panic!("{other:?}"),
        });
        assert_eq!(held.sum::<i64>(), life.held, "{seed}");
    }
}
