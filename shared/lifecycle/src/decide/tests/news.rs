//! What an application believes by the news it gets, against what is stored: orders change, move between accounts,
//! vanish and come back, and news arrives in any order, twice, or not at all.

mod application;
mod google;
mod portico;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use marketplace::{EntitlementState as State, ProcurementAccountId};
use proptest::prelude::*;
use store::OutboxEntry;

use self::application::Application;
use self::google::{ACCOUNTS, Google, ORDERS, Thing, account_id, order_id};
use self::portico::Portico;
use super::records::at;
use crate::decide::{Absent, ResourceAnswer};

/// What a customer, Google or chance does.
#[derive(Debug, Clone)]
enum Op {
    /// The order is bought, or changes its state or terms.
    Enter {
        order: usize,
        state: State,
        terms: usize,
    },
    /// Google moves the order to the other account, and the next time back.
    Move(usize),
    Vanish(Thing),
    ComeBack(Thing),
    WaitHours(i64),
    /// An event has it looked at. Google answers from so many changes ago, and this instance's clock is late by so
    /// many seconds.
    Look {
        thing: Thing,
        lag: usize,
        late: i64,
    },
    /// Everything is looked at, and what has been absent for a day is confirmed.
    Reconcile,
}

fn answered<T>(found: Option<T>, absent: Absent, now: Timestamp) -> ResourceAnswer<T> {
    found.map_or(ResourceAnswer::Absent(absent, now), ResourceAnswer::Found)
}

struct World {
    seconds: i64,
    google: Google,
    portico: Portico,
}

impl World {
    async fn perform(&mut self, op: Op) {
        self.seconds += 1;
        let now = at(self.seconds);
        match op {
            Op::Enter {
                order,
                state,
                terms,
            } => self.google.enter(order, &state, terms, now),
            Op::Move(order) => self.google.move_order(order, now),
            Op::Vanish(thing) => {
                self.google.vanished.insert(thing);
            }
            Op::ComeBack(thing) => {
                self.google.vanished.remove(&thing);
            }
            Op::WaitHours(hours) => self.seconds += hours * 3_600,
            Op::Look { thing, lag, late } => {
                let now = at(self.seconds - late);
                self.look(thing, lag, Absent::Unconfirmed, now).await;
            }
            Op::Reconcile => {
                for thing in Thing::all() {
                    self.look(thing, 0, Absent::Unconfirmed, now).await;
                    if self.google.vanished.contains(&thing) {
                        // Refuted unless it has been absent for long.
                        self.look(thing, 0, Absent::Confirmed, now).await;
                    }
                }
            }
        }
    }

    async fn look(&mut self, thing: Thing, lag: usize, absent: Absent, now: Timestamp) {
        let portico = &mut self.portico;
        match thing {
            Thing::Account(number) => {
                let answer = answered(self.google.account(number), absent, now);
                let id = account_id(number);
                Box::pin(portico.sync_account(&id, &answer, now)).await;
            }
            Thing::Order(number) => {
                let answer = answered(self.google.order(number, lag), absent, now);
                let id = order_id(number);
                Box::pin(portico.sync_order(&id, &answer, now)).await;
            }
        }
    }

    async fn assert_believed(&self, fates: &[u32]) {
        let news = self.portico.news().await;
        let [all, some] = [false, true].map(|loses| told(&news, fates, loses));
        let in_force = in_force_by_types(&news);
        for account in (0..ACCOUNTS).map(account_id) {
            let stored = self.portico.served(&account).await;
            assert_eq!(all.served(&account), stored);
            assert_eq!(some.served(&account), stored);
            let orders = in_force.iter().filter(|(owner, _)| *owner == account);
            let served = stored.iter().flat_map(BTreeMap::keys);
            assert!(orders.map(|(_, order)| order).eq(served));
        }
    }

    async fn assert_as_at_google(&self) {
        for account in (0..ACCOUNTS).map(account_id) {
            let stored = self.portico.account(&account).await.unwrap().record;
            assert_eq!((stored.closed, stored.absent), (None, None));
        }
        for order in 0..ORDERS {
            let stored = self.portico.order(&order_id(order)).await;
            let stored = stored.map(|stored| stored.record);
            assert_eq!(stored.as_ref(), self.google.newest(order));
        }
    }
}

/// An application to which the news came in an order of chance, and some twice. Some may be lost, but of each account
/// not the newest.
fn told(news: &[OutboxEntry], fates: &[u32], loses: bool) -> Application {
    let fate = |number: usize| fates[number % fates.len()];
    let is_newest = |place: usize| {
        let next = news.get(place + 1);
        next.is_none_or(|next| next.account != news[place].account)
    };
    let arrivals = (0..news.len()).flat_map(|place| {
        let times = match fate(place) % 3 {
            0 if loses && !is_newest(place) => 0,
            1 => 2,
            _ => 1,
        };
        (0..times).map(move |time| (fate(place + 17 * time + 1), place))
    });
    let mut arrivals: Vec<_> = arrivals.collect();
    arrivals.sort_unstable();
    let mut application = Application::default();
    for (_, place) in arrivals {
        application.receive(&news[place]);
    }
    application
}

/// The orders in force as one knows them who goes by the types of the news alone: each is granted once before it
/// ends, and ends once.
fn in_force_by_types(news: &[OutboxEntry]) -> BTreeSet<(ProcurementAccountId, String)> {
    let mut in_force = BTreeSet::new();
    for entry in news {
        let order = || {
            let order = entry.data["entitlement"].as_str().unwrap();
            (entry.account.clone(), order.to_owned())
        };
        match entry.kind.as_str() {
            "portico.access.granted" => assert!(in_force.insert(order()), "{entry:?}"),
            "portico.access.ended" | "portico.order.ended" => {
                assert!(in_force.remove(&order()), "{entry:?}");
            }
            _ => {}
        }
    }
    in_force
}

fn ops() -> impl Strategy<Value = Vec<Op>> {
    let order = || 0..ORDERS;
    let thing = || {
        prop_oneof![
            1 => (0..ACCOUNTS).prop_map(Thing::Account),
            2 => order().prop_map(Thing::Order),
        ]
    };
    let state = prop::sample::select(State::KNOWN);
    let op = prop_oneof![
        4 => (order(), state, 0..4_usize)
            .prop_map(|(order, state, terms)| Op::Enter { order, state, terms }),
        2 => order().prop_map(Op::Move),
        2 => thing().prop_map(Op::Vanish),
        2 => thing().prop_map(Op::ComeBack),
        2 => (1..30_i64).prop_map(Op::WaitHours),
        8 => (thing(), 0..3_usize, prop_oneof![0..3_i64, 0..90_000_i64])
            .prop_map(|(thing, lag, late)| Op::Look { thing, lag, late }),
        2 => Just(Op::Reconcile),
    ];
    prop::collection::vec(op, 0..40)
}

proptest! {
    #[test]
    fn however_news_arrives_the_application_believes_what_is_stored(
        ops in ops(),
        fates in prop::collection::vec(any::<u32>(), 50),
    ) {
        let mut world = World { seconds: 0, google: Google::default(), portico: Portico::new() };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            for op in ops {
                world.perform(op).await;
            }
            world.assert_believed(&fates).await;
            // What had vanished comes back, and is looked at once more.
            world.google.vanished.clear();
            world.perform(Op::Reconcile).await;
            world.assert_believed(&fates).await;
            world.assert_as_at_google().await;
        });
    }
}
