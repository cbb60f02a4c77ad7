//! What happens to one customer, from the sign-up on, as it is stored and published: `examples/news.json` has the same
//! events, and the examples for the developers of the application are tested with that file.

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use marketplace::{Deadline, EntitlementId, EntitlementState, PlanId, ProcurementAccountId};
use serde_json::Value;
use store::{Account, Approval, Closed, ClosedBecause, Commit, Entitlement, OutboxEntry, Store};

use super::{at, entitlement};
use crate::cloud_event::message;
use crate::{AccountCommit, News, Notify, OrderChange};

const SOURCE: &str = "//cloudcommerceprocurement.googleapis.com/providers/example-partner";

/// The types in the order in which it happened.
const TYPES: [&str; 15] = [
    "portico.account.signed-up",
    "portico.access.granted",
    "portico.cancellation.scheduled",
    "portico.cancellation.reverted",
    "portico.plan.changed",
    "portico.order.changed",
    "portico.usage.stop-serving",
    "portico.usage.resume-serving",
    "portico.access.granted",
    "portico.order.ended",
    "portico.account.closed",
    "portico.access.ended",
    "portico.account.deleted",
    "portico.account.reopened",
    "portico.account.state",
];

struct Customer(Store);

struct Orders {
    first: Entitlement,
    ending: Entitlement,
    kept: Entitlement,
    premium: Entitlement,
    renewed: Entitlement,
    cancelled: Entitlement,
    second: Entitlement,
}

#[tokio::test]
async fn the_examples_read_news_as_it_is_written() {
    let written = published(&in_order(everything_that_is_told().await));
    let example: Value = serde_json::from_str(include_str!("../../examples/news.json")).unwrap();
    for (number, event) in written.iter().enumerate() {
        assert_eq!(&example[number], event, "the event with the index {number}");
    }
    assert_eq!(example.as_array().unwrap().len(), written.len());
    let described = include_str!("../../CLOUDEVENTS.md");
    for kind in TYPES {
        assert!(described.contains(&format!("| `{kind}` |")), "{kind}");
    }
}

#[tokio::test]
async fn news_is_put_in_order_by_its_sequence() {
    // A store hands the entries out in the order of their ids, which are hashes.
    let entries = everything_that_is_told().await;
    let ordered = in_order(entries.clone());
    assert_ne!(entries, ordered);
    let types: Vec<_> = ordered.iter().map(|entry| entry.kind.as_str()).collect();
    assert_eq!(types, TYPES);
    // The time is no order: one clock was late, and one commit has two news.
    assert!(!ordered.is_sorted_by_key(|entry| entry.occurred));
}

fn in_order(mut entries: Vec<OutboxEntry>) -> Vec<OutboxEntry> {
    entries.sort_by_key(|entry| entry.sequence.clone());
    entries
}

fn published(entries: &[OutboxEntry]) -> Vec<Value> {
    let event = |entry| {
        let data = message(entry, SOURCE)["data"].take();
        let event = BASE64_STANDARD.decode(data.as_str().unwrap()).unwrap();
        serde_json::from_slice(&event).unwrap()
    };
    entries.iter().map(event).collect()
}

async fn everything_that_is_told() -> Vec<OutboxEntry> {
    let customer = Customer(Store::memory());
    let orders = Orders::new();
    customer.buys_and_changes(&orders).await;
    customer.is_stopped_and_buys_more(&orders).await;
    customer.is_closed_and_comes_back(&orders).await;
    let entries = customer.0.outbox_batch(100, soon()).await.unwrap();
    entries.into_iter().map(|entry| entry.record).collect()
}

fn soon() -> Deadline {
    Deadline::after(Duration::from_secs(5))
}

impl Orders {
    fn new() -> Self {
        use EntitlementState::{Active, Cancelled, PendingCancellation};
        let premium = Entitlement {
            plan: Some(PlanId::parse("premium").unwrap()),
            ..entitlement(&Active, 4)
        };
        let renewed = Entitlement {
            subscription_end: Some(at(1_000_000)),
            offer: Some("projects/1/services/ours/privateOffers/o1".to_owned()),
            update_time: at(5),
            ..premium.clone()
        };
        let cancelled = Entitlement {
            state: Cancelled,
            update_time: at(9),
            ..renewed.clone()
        };
        let second = Entitlement {
            id: EntitlementId::parse("E-2").unwrap(),
            ..entitlement(&Active, 8)
        };
        Self {
            first: entitlement(&Active, 1),
            ending: entitlement(&PendingCancellation, 2),
            kept: entitlement(&Active, 3),
            premium,
            renewed,
            cancelled,
            second,
        }
    }
}

impl Customer {
    async fn buys_and_changes(&self, orders: &Orders) {
        let signs_up = |account: &mut Account| account.company = Some("Müller & Söhne".to_owned());
        self.commit(0, signs_up, &[], vec![News::SignedUp]).await;
        let previous = orders.kept.plan.clone();
        for (second, order, change) in [
            (1, &orders.first, OrderChange::AccessGranted),
            (2, &orders.ending, OrderChange::CancellationScheduled),
            (3, &orders.kept, OrderChange::CancellationReverted),
            (4, &orders.premium, OrderChange::PlanChanged { previous }),
            (5, &orders.renewed, OrderChange::TermsChanged),
        ] {
            let news = News::of_order(change, order);
            self.commit(second, |_| (), &[order], vec![news]).await;
        }
    }

    async fn is_stopped_and_buys_more(&self, orders: &Orders) {
        let Orders {
            renewed,
            cancelled,
            second,
            ..
        } = orders;
        let stop = News::StopServing {
            order: renewed.clone(),
            reason: "BILLING_DISABLED".to_owned(),
        };
        let resume = News::ResumeServing {
            order: renewed.clone(),
        };
        let granted = News::of_order(OrderChange::AccessGranted, second);
        let ended = News::of_order(OrderChange::OrderEnded, cancelled);
        self.commit(6, |_| (), &[renewed], vec![stop]).await;
        // This instance's clock is late.
        self.commit(4, |_| (), &[renewed], vec![resume]).await;
        self.commit(8, |_| (), &[renewed, second], vec![granted])
            .await;
        self.commit(9, |_| (), &[cancelled, second], vec![ended])
            .await;
    }

    async fn is_closed_and_comes_back(&self, orders: &Orders) {
        let all = [&orders.cancelled, &orders.second];
        let ended = News::of_order(OrderChange::AccessEnded, &orders.second);
        let close = |account: &mut Account| {
            account.closed = Some(Closed {
                at: at(10),
                because: ClosedBecause::Deleted,
            });
        };
        let erase = |account: &mut Account| account.erased = Some(at(11));
        let reopen = |account: &mut Account| {
            account.closed = None;
            account.erased = None;
        };
        self.commit(10, close, &all, vec![News::Closed, ended])
            .await;
        self.commit(11, erase, &all, vec![News::Deleted]).await;
        self.commit(12, reopen, &all, vec![News::Reopened]).await;
        self.commit(13, |_| (), &all, vec![News::Announced]).await;
    }

    /// Changes the account, which has these orders afterwards.
    async fn commit(
        &self,
        second: i64,
        change: impl FnOnce(&mut Account),
        orders: &[&Entitlement],
        news: Vec<News>,
    ) {
        let id = ProcurementAccountId::parse("A-1").unwrap();
        let known = self.0.account(&id, soon()).await.unwrap();
        let mut account = known.as_ref().map_or_else(
            || Account::new(&id, Approval::Approved, at(0)),
            |known| known.record.clone(),
        );
        change(&mut account);
        let commit = AccountCommit {
            known: known.as_ref(),
            account,
            orders: orders.to_vec(),
            news,
        };
        let commit = commit.add_to(Commit::new(), Notify::On, at(second));
        self.0.commit(commit, soon()).await.unwrap();
    }
}
