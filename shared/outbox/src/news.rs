//! Builds the news for the vendor's application: one outbox entry for each change.
//!
//! Kinds and data are an interface: `CLOUDEVENTS.md` describes them, and they only ever grow. Each entry carries the
//! state of all orders of its account, so that the newest one alone is enough to know where the customer stands.

use jiff::Timestamp;
use marketplace::{Access, pasted_text};
use serde_json::{Map, Value, json};
use store::{Account, Commit, Entitlement, OutboxEntry};

use crate::{OrderChange, Sequence, stable_id};

/// Whether the vendor's application is notified of changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notify {
    /// Changes are written to the outbox, from where they are published.
    On,
    /// There is no topic, so no entry is written: it would never be published.
    Off,
}

/// One thing that the application is notified of.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// A user with an accepted role has signed up, and the account is approved.
    SignedUp,
    /// The account was closed: nobody has access by it.
    Closed,
    /// The account is there again.
    Reopened,
    /// What was stored about the users of the closed account was erased.
    Deleted,
    /// Something has changed about an order.
    Order {
        /// What.
        change: OrderChange,
        /// The order as it is now.
        order: Entitlement,
        /// When it changed.
        changed: Timestamp,
    },
    /// Google said that it can no longer bill this order's customer. The order may still be in force.
    StopServing {
        /// The order.
        order: Entitlement,
        /// One of Google's codes.
        reason: String,
    },
    /// Google said that it can bill the customer again.
    ResumeServing {
        /// The order.
        order: Entitlement,
    },
    /// An operator had the present state published: nothing has changed.
    Announced,
}

/// What every news about an account carries.
pub(crate) struct AccountState<'a> {
    pub(crate) account: &'a Account,
    /// All stored orders of the account.
    pub(crate) orders: &'a [&'a Entitlement],
    pub(crate) now: Timestamp,
}

impl Notify {
    /// The commit with these entries, if the application is notified.
    pub(crate) fn add_to(
        self,
        commit: Commit,
        entries: impl IntoIterator<Item = OutboxEntry>,
    ) -> Commit {
        match self {
            Self::On => entries.into_iter().fold(commit, Commit::put),
            Self::Off => commit,
        }
    }
}

impl News {
    /// The news about an order that has changed, dated as Google dates the change.
    pub fn of_order(change: OrderChange, order: &Entitlement) -> Self {
        Self::Order {
            change,
            order: order.clone(),
            changed: order.deleted.unwrap_or(order.update_time),
        }
    }

    /// The type of the `CloudEvent`.
    fn kind(&self) -> &'static str {
        match self {
            Self::SignedUp => "portico.account.signed-up",
            Self::Closed => "portico.account.closed",
            Self::Reopened => "portico.account.reopened",
            Self::Deleted => "portico.account.deleted",
            Self::Order { change, .. } => change.kind(),
            Self::StopServing { .. } => "portico.usage.stop-serving",
            Self::ResumeServing { .. } => "portico.usage.resume-serving",
            Self::Announced => "portico.account.state",
        }
    }

    fn occurred(&self, now: Timestamp) -> Timestamp {
        match self {
            Self::Order { changed, .. } => *changed,
            _ => now,
        }
    }

    /// The outbox entry, in this place among the news about its account.
    pub(crate) fn entry(&self, state: &AccountState<'_>, sequence: Sequence) -> OutboxEntry {
        let account = &state.account.id;
        let (kind, sequence) = (self.kind(), sequence.to_string());
        OutboxEntry {
            id: stable_id(&[account.as_str(), kind, &sequence]),
            kind: kind.to_owned(),
            account: account.clone(),
            data: Value::Object(self.data(state)),
            occurred: self.occurred(state.now),
            sequence: Some(sequence),
        }
    }

    fn data(&self, state: &AccountState<'_>) -> Map<String, Value> {
        let mut data = Map::new();
        let mut add = |name: &str, value: Value| {
            data.insert(name.to_owned(), value);
        };
        add("account", json!(state.account.id));
        add("access", json!(access(state)));
        add(
            "orders",
            state.orders.iter().map(|order| described(order)).collect(),
        );
        match self {
            Self::SignedUp => add("unverified_company", json!(company(state.account))),
            Self::Order { change, order, .. } => {
                if let Value::Object(members) = described(order) {
                    members
                        .into_iter()
                        .for_each(|(name, value)| add(&name, value));
                }
                if let OrderChange::PlanChanged { previous } = change {
                    add("previous_plan", json!(previous));
                }
            }
            Self::StopServing { order, .. } | Self::ResumeServing { order } => {
                add("entitlement", json!(order.id));
                add("product", json!(order.product));
                add("plan", json!(order.plan));
                add("state", json!(order.state.as_str()));
            }
            Self::Closed | Self::Reopened | Self::Deleted | Self::Announced => {}
        }
        if let Self::StopServing { reason, .. } = self {
            add("reason", json!(reason));
        }
        data
    }
}

fn access(state: &AccountState<'_>) -> Access {
    state.account.access(state.orders.iter().copied())
}

/// What can be seen of the company that was typed. Earlier versions stored it as it was pasted.
fn company(account: &Account) -> Option<String> {
    let company = account.company.as_deref().map(pasted_text::line);
    company.filter(|company| !company.is_empty())
}

fn described(order: &Entitlement) -> Value {
    json!({
        "entitlement": order.id,
        "product": order.product,
        "plan": order.plan,
        "offer": order.offer,
        "state": order.state.as_str(),
        "subscription_end": order.subscription_end,
    })
}

impl OrderChange {
    /// The type of the `CloudEvent`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::AccessGranted => "portico.access.granted",
            Self::PlanChanged { .. } => "portico.plan.changed",
            Self::TermsChanged => "portico.order.changed",
            Self::CancellationScheduled => "portico.cancellation.scheduled",
            Self::CancellationReverted => "portico.cancellation.reverted",
            Self::OrderEnded => "portico.order.ended",
            Self::AccessEnded => "portico.access.ended",
        }
    }
}

#[cfg(test)]
mod tests;
