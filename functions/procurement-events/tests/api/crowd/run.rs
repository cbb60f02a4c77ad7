//! A run of many events: the customers, what they change their minds about, and what it must end at.
//!
//! `scripts/bench.sh` measures the same run (`functions/local/examples/bench` has this file as a
//! module), so it knows nothing of these tests and panics nowhere.

use std::error::Error;
use std::fmt;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use marketplace::{Deadline, EntitlementId, PlanId};
use marketplace_simulator::{Backoff, Order, Push, Simulator};
use store::{Account, Approval, Commit, Link, Store};

/// Deliveries under way at a time.
const PARALLEL: usize = 16;

/// Each event is delivered once to so many times.
const COPIES: usize = 3;

/// More rounds than any run needs.
const ROUNDS: u64 = 1_000;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    /// Events at least; the last changes may bring some more.
    pub(crate) events: usize,
    /// Two of each customer.
    pub(crate) entitlements: usize,
}

/// The function, and those around it.
pub(crate) struct Crowd {
    pub(crate) simulator: Simulator,
    pub(crate) store: Store,
    chance: Chance,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Figures {
    pub(crate) events: usize,
    /// Copies included; those that were refused and came again count once.
    pub(crate) deliveries: usize,
    /// Attempts that were answered by something else than an acknowledgement.
    pub(crate) refused: usize,
    pub(crate) wall: Duration,
}

/// A small generator of its own, so that a run can be repeated.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % end.max(1)
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            events,
            deliveries,
            refused,
            wall,
        } = self;
        let rate =
            |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / wall.as_secs_f64();
        write!(
            f,
            "{:.0} events/s: {events} events in {deliveries} deliveries, {refused} more refused",
            rate(*events)
        )
    }
}

impl Crowd {
    pub(crate) fn new(simulator: Simulator, store: Store) -> Self {
        Self {
            simulator,
            store,
            chance: Chance(7),
        }
    }

    /// Delivers the events of these customers, shuffled, while they change their
    /// minds, until everything is acknowledged.
    pub(crate) async fn run(&mut self, size: Size, push: Push) -> Result<Figures, Box<dyn Error>> {
        let delivery = self.simulator.delivery();
        delivery.hold();
        self.simulator.subscribe(push.backoff(Backoff {
            first: Duration::from_millis(5),
            longest: Duration::from_millis(100),
            max_attempts: None,
        }));
        let orders = self.customers(size.entitlements).await?;
        let events = self.simulator.events();
        let mut deliveries = 0;
        let started = Instant::now();
        for seed in 0..ROUNDS {
            let are_enough = events.count() >= size.events;
            let (round, ()) = tokio::join!(
                delivery.deliver_all(seed, COPIES, PARALLEL),
                self.change_minds(&orders, size.events),
            );
            deliveries += round.deliveries;
            if are_enough && round.messages == 0 {
                let wall = started.elapsed();
                let attempts = events.all().into_iter().flat_map(|event| event.attempts);
                return Ok(Figures {
                    events: events.count(),
                    deliveries,
                    refused: attempts.filter(|it| !it.is_acknowledged()).count(),
                    wall,
                });
            }
        }
        Err("the events find no end".into())
    }

    /// Wherever the store has something else than Google, or an approval did not take effect
    /// exactly once; one line each.
    pub(crate) async fn differences(&self) -> Result<Vec<String>, Box<dyn Error>> {
        let mut found = Vec::new();
        for order in self.simulator.entitlements() {
            let stored = self.store.entitlement(&order.id, soon()).await?;
            let stored = stored.map(|it| (it.record.state, it.record.plan, it.record.update_time));
            let google = (order.state, Some(order.plan), order.update_time);
            if stored.as_ref() != Some(&google) || order.times_approved != 1 {
                let times = order.times_approved;
                found.push(format!(
                    "{stored:?}, Google {google:?}, approved {times} times"
                ));
            }
        }
        for account in self.simulator.accounts() {
            let stored = self.store.account(&account.id, soon()).await?;
            let stored = stored.map(|it| it.record.approval);
            let times = account.times_approved;
            if stored != Some(Approval::Approved) || times != 1 {
                found.push(format!("account {stored:?}, approved {times} times"));
            }
        }
        Ok(found)
    }

    /// Customers with two orders each, who have just signed up.
    async fn customers(&self, entitlements: usize) -> Result<Vec<EntitlementId>, Box<dyn Error>> {
        let mut orders = Vec::new();
        while orders.len() < entitlements {
            let first = self.simulator.buy();
            self.store.commit(sign_up(&first), soon()).await?;
            orders.push(self.simulator.buy_again(&first.account).entitlement);
            orders.push(first.entitlement);
        }
        Ok(orders)
    }

    /// One change for each order, as long as there are not events enough.
    async fn change_minds(&mut self, orders: &[EntitlementId], events: usize) {
        for _ in orders {
            if self.simulator.events().count() >= events {
                return;
            }
            if let Some(order) = orders.get(self.chance.below(orders.len())) {
                self.change(order);
            }
            // Deliveries go on between the changes.
            tokio::task::yield_now().await;
        }
    }

    fn change(&mut self, order: &EntitlementId) {
        let simulator = &self.simulator;
        let plan = if self.chance.below(2) == 0 {
            "starter-plan"
        } else {
            "standard-plan"
        };
        // What an order's state does not allow, a customer cannot do.
        _ = match self.chance.below(12) {
            0..=2 => match PlanId::parse(plan) {
                Ok(plan) => simulator.request_plan_change(order, &plan),
                Err(_) => Ok(()),
            },
            3 => simulator.withdraw_plan_change(order),
            4 | 5 => simulator.cancel_at_term_end(order),
            6 | 7 => simulator.revert_cancellation(order),
            8 if self.chance.below(20) == 0 && self.is_approved(order) => simulator.cancel(order),
            _ => simulator.renew(order),
        };
    }

    fn is_approved(&self, order: &EntitlementId) -> bool {
        let order = self.simulator.entitlement(order);
        order.is_some_and(|order| order.times_approved > 0)
    }
}

/// What sign-up stores before it calls Google.
fn sign_up(order: &Order) -> Commit {
    let now = Timestamp::now();
    let account = Account::new(&order.account, Approval::Approving, now);
    let link = Link {
        account: order.account.clone(),
        user: order.user.clone(),
        profile: [].into(),
        roles: Vec::new(),
        orders: Vec::new(),
        first_seen: now,
        last_seen: now,
    };
    Commit::new().put(&account).put(&link)
}

fn soon() -> Deadline {
    Deadline::after(Duration::from_secs(30))
}
