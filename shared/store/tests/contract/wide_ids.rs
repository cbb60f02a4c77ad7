//! Orders whose ids have more than letters and digits: the id of a document is not theirs.

use marketplace::{EntitlementId, PlanId};
use store::{Commit, Document, Entitlement, Shard, Store, WindowGate};

use crate::samples::{
    account_id, bare_entitlement, bare_link, customer_with, deadline, full_entitlement, full_link,
    moment, order,
};
use crate::usage_reading::reading;
use crate::usage_samples::{bare_meter, full_meter, gates, hour, record};

const WIDE: [&str; 4] = ["E:1", "E@1", "E+1~a", "E-1"];

/// In the order of their documents.
fn sorted() -> Vec<EntitlementId> {
    let mut ids = WIDE.map(order).to_vec();
    ids.sort_by_key(|id| id.percent_encoded().into_owned());
    ids
}

async fn store_all(store: &Store) {
    let orders = WIDE.map(|id| full_entitlement(id, "account-1"));
    let commit = orders.iter().fold(Commit::new(), Commit::create);
    store.commit(commit, deadline()).await.unwrap();
}

pub(crate) async fn orders_come_back_by_their_ids(store: Store) {
    store_all(&store).await;
    for id in WIDE {
        let found = store.entitlement(&order(id), deadline()).await;
        let found = found.unwrap().unwrap().record;
        assert_eq!(found, full_entitlement(id, "account-1"));
    }
    let some = store.entitlements(&sorted(), deadline()).await.unwrap();
    let some: Vec<_> = some.into_iter().map(|it| it.unwrap().record.id).collect();
    assert_eq!(some, sorted());
    let account = account_id("account-1");
    let of_account = store.entitlements_of(&account, deadline()).await;
    assert_eq!(of_account.unwrap().len(), WIDE.len());
}

pub(crate) async fn orders_are_paged_through_by_their_ids(store: Store) {
    store_all(&store).await;
    let mut found: Vec<EntitlementId> = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = store.walk_entitlements(after.as_deref(), 1, deadline());
        let page = page.await.unwrap();
        found.extend(page.records.into_iter().map(|it| it.record.id));
        assert!(found.len() <= WIDE.len());
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(found, sorted());
}

pub(crate) async fn an_order_of_the_account_is_no_other_one_at_a_landing(store: Store) {
    store_all(&store).await;
    let elsewhere = bare_entitlement("E:2", "account-2");
    let commit = Commit::new().create(&elsewhere);
    store.commit(commit, deadline()).await.unwrap();
    let orders = ["E:1", "E+1~a", "E:2", "E:3"].map(order).to_vec();
    let customer = customer_with("account-1", Some("user-1"), orders);
    let found = store.landing(&customer, moment(1)).await.unwrap();
    assert_eq!(found.entitlements.len(), WIDE.len());
    let others: Vec<_> = found.other_orders.into_iter().map(|it| it.record).collect();
    assert_eq!(others, [elsewhere]);
}

pub(crate) async fn usage_is_found_by_them(store: Store) {
    let usage = WIDE.map(|id| record(id, "a", 1));
    let commit = usage.iter().fold(Commit::new(), Commit::create);
    store.commit(commit, deadline()).await.unwrap();
    for id in WIDE {
        let hours = store::UsageHours {
            from: hour(0),
            before: None,
            after: None,
            limit: 9,
        };
        let found = store.usage_between(&order(id), hours, deadline()).await;
        assert_eq!(found.unwrap(), [record(id, "a", 1)]);
    }
}

pub(crate) async fn meters_gates_and_readings_come_back_by_them(store: Store) {
    let entitlement = order("E:1@a+b");
    let meter = store::Meter {
        entitlement: entitlement.clone(),
        ..full_meter()
    };
    let gates = gates(5).into_iter().map(|gate| WindowGate {
        entitlement: entitlement.clone(),
        ..gate
    });
    let gates: Vec<_> = gates.collect();
    let progress = store::ReadingProgress {
        entitlement: entitlement.clone(),
        ..reading()
    };
    let commit = gates.iter().fold(Commit::new(), Commit::create);
    let commit = commit.create(&meter).create(&progress).create(bare_meter());
    store.commit(commit, deadline()).await.unwrap();
    let found = store.meter_and_gates(&entitlement, deadline()).await;
    let (found_meter, found_gates) = found.unwrap().unwrap();
    assert_eq!(found_meter.record, meter);
    let found_gates: Vec<_> = found_gates.into_iter().map(|it| it.record).collect();
    assert_eq!(found_gates, gates);
    let found = store.reading_progress(&entitlement, deadline()).await;
    assert_eq!(found.unwrap().unwrap().record, progress);
    let gate = Document::window_gate(&entitlement, Shard::of(0));
    let delete = Commit::new().delete(gate);
    store.commit(delete, deadline()).await.unwrap();
    let found = store.meter_and_gates(&entitlement, deadline()).await;
    assert_eq!(found.unwrap().unwrap().1.len(), gates.len() - 1);
}

pub(crate) async fn a_plan_of_any_name_comes_back(store: Store) {
    for (number, plan) in ["Pro plan (annual)", "Pro/Max, 100 %", "..", "プラン"]
        .into_iter()
        .enumerate()
    {
        let stored = Entitlement {
            plan: Some(PlanId::parse(plan).unwrap()),
            ..full_entitlement(&format!("E-{number}"), "account-1")
        };
        let commit = Commit::new().create(&stored);
        store.commit(commit, deadline()).await.unwrap();
        let found = store.entitlement(&stored.id, deadline()).await;
        assert_eq!(found.unwrap().unwrap().record, stored);
    }
}

pub(crate) async fn a_link_may_name_them(store: Store) {
    let link = store::Link {
        orders: WIDE.map(order).to_vec(),
        ..full_link("account-1", "user-1")
    };
    let commit = Commit::new()
        .create(&link)
        .create(bare_link("account-1", "user-2"));
    store.commit(commit, deadline()).await.unwrap();
    let found = store.link(&link.account, &link.user, deadline()).await;
    assert!(found.unwrap().unwrap().record == link);
}
