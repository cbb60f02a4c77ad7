//! What the application hears, and what is stored in the end.

use std::collections::BTreeSet;

use function_tests::log::Log;
use marketplace::{EntitlementId, EntitlementState, ProcurementAccountId};
use serde_json::Value;
use store::{Account, Approval, Entitlement, HandledEvent, JournalEntry, JournalKind};

use crate::function::{TestFunction, soon};

impl TestFunction {
    pub(crate) fn published(&self) -> Vec<Value> {
        let messages = self.simulator.published().all().into_iter();
        messages
            .map(|message| {
                let event = message.json();
                assert_eq!(event["id"], message.attributes["ce-id"].as_str());
                assert_eq!(event["type"], message.attributes["ce-type"].as_str());
                event
            })
            .collect()
    }

    /// What was published about an account. Each has its place after the ones before, and carries all orders.
    pub(crate) fn told(&self, id: &ProcurementAccountId) -> Vec<Value> {
        let subject = format!("accounts/{id}");
        let mut told = self.published();
        told.retain(|event| event["subject"] == subject.as_str());
        let ids: BTreeSet<_> = told.iter().map(|event| event["id"].to_string()).collect();
        assert_eq!(ids.len(), told.len(), "{told:?}");
        let places = told.iter().map(|event| event["sequence"].as_str().unwrap());
        let places: Vec<_> = places.collect();
        assert!(places.iter().all(|place| place.len() == 20), "{places:?}");
        assert!(places.is_sorted_by(|one, next| one < next), "{places:?}");
        for event in &told {
            assert!(event["data"]["orders"].is_array(), "{event}");
        }
        told
    }

    /// The types of all that was published, in their order.
    pub(crate) fn notifications(&self) -> Vec<String> {
        let published = self.published().into_iter();
        let types = published.map(|event| event["type"].as_str().map(ToOwned::to_owned));
        types.map(Option::unwrap).collect()
    }

    /// How many changes of this type the application hears of: published, which may happen to one
    /// more than once, or still in the outbox, since no answer waits for publishing.
    pub(crate) async fn changes(&self, kind: &str) -> usize {
        // Read first: what leaves the outbox meanwhile is published then.
        let waiting = self.store.outbox_batch(1_000, soon()).await.unwrap();
        let waiting = waiting
            .into_iter()
            .filter(|entry| entry.record.kind == kind);
        let published = self.published().into_iter();
        let published = published.filter(|event| event["type"] == kind);
        let ids: BTreeSet<_> = published
            .map(|event| event["id"].as_str().unwrap().to_owned())
            .chain(waiting.map(|entry| entry.record.id))
            .collect();
        ids.len()
    }

    pub(crate) async fn account(&self, id: &ProcurementAccountId) -> Option<Account> {
        let stored = self.store.account(id, soon()).await.unwrap();
        stored.map(|stored| stored.record)
    }

    pub(crate) async fn approval(&self, id: &ProcurementAccountId) -> Approval {
        self.account(id).await.unwrap().approval
    }

    /// An entitlement's state at Google, and how often it was approved there.
    pub(crate) fn at_google(&self, id: &EntitlementId) -> (EntitlementState, u32) {
        let found = self.simulator.entitlement(id).unwrap();
        (found.state, found.times_approved)
    }

    pub(crate) fn times_disabled(&self, email: &str) -> u32 {
        let found = self.simulator.service_account(email);
        found.unwrap().times_disabled
    }

    pub(crate) async fn events_with_outcome(&self, outcome: &str) -> Vec<HandledEvent> {
        let found = self
            .store
            .walk_events_with_outcome(outcome, None, 100, soon());
        let found = found.await.unwrap().records.into_iter();
        found.map(|receipt| receipt.record).collect()
    }

    /// The journal's lines about messages that were kept.
    pub(crate) async fn kept_messages(&self) -> Vec<JournalEntry> {
        let lines = self.store.journal_after(None, 100, soon()).await.unwrap();
        let kept = lines
            .into_iter()
            .filter(|line| line.kind == JournalKind::MessageKept);
        kept.collect()
    }

    /// The journal's lines of this kind about an account.
    pub(crate) async fn journal(
        &self,
        id: &ProcurementAccountId,
        kind: JournalKind,
    ) -> Vec<JournalEntry> {
        let lines = self.store.journal_of(id, soon()).await.unwrap();
        let lines = lines.records.into_iter().map(|line| line.record);
        lines.filter(|line| line.kind == kind).collect()
    }

    pub(crate) async fn unpublished(&self) -> usize {
        self.store.outbox_batch(9, soon()).await.unwrap().len()
    }

    pub(crate) async fn entitlement(&self, id: &EntitlementId) -> Option<Entitlement> {
        let stored = self.store.entitlement(id, soon()).await.unwrap();
        stored.map(|stored| stored.record)
    }

    /// Whether the store has of an entitlement what Google has.
    pub(crate) async fn is_up_to_date(&self, id: &EntitlementId) -> bool {
        let stored = self.entitlement(id).await;
        let google = self.simulator.entitlement(id);
        let stored = stored.map(|it| (it.state, it.plan, it.update_time));
        stored == google.map(|it| (it.state, Some(it.plan), it.update_time))
    }
}

/// The types of these news.
pub(crate) fn types(told: &[Value]) -> Vec<&str> {
    let types = told.iter().map(|event| event["type"].as_str());
    types.map(Option::unwrap).collect()
}

/// The errors with this name for alerts.
pub(crate) fn alerts(log: &Log, name: &str) -> Vec<Value> {
    let mut lines = log.lines();
    lines.retain(|line| line["severity"] == "ERROR" && line["alert"] == name);
    lines
}

/// What these warnings about the resource with this id say in a field.
pub(crate) fn warned(log: &Log, id: &str, field: &str) -> Vec<String> {
    let mut lines = log.lines();
    lines.retain(|line| line["severity"] == "WARNING" && line["resource"] == id);
    let said = lines.iter().filter_map(|line| line[field].as_str());
    said.map(ToOwned::to_owned).collect()
}
