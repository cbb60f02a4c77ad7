//! The members of each line.

use std::collections::BTreeMap;

use jiff::Timestamp;
use marketplace::{
    EntitlementId, EntitlementState, PlanId, ProcurementAccountId, ProductId, ProviderId, Role,
    UserIdentity,
};
use metering::{Labels, MetricId};
use serde::Serialize;
use serde_json::Value;

/// A line of an export. What is not stored is `null`.
#[derive(Debug, Serialize)]
#[serde(tag = "record", rename_all = "kebab-case")]
pub(in crate::export) enum Line<'a> {
    Account {
        account: &'a ProcurementAccountId,
        provider: Option<&'a ProviderId>,
        approval: &'static str,
        rejected: Option<Timestamp>,
        rejection_confirmed: Option<Timestamp>,
        company: Option<&'a str>,
        service_account: Option<&'a str>,
        service_account_unique_id: Option<&'a str>,
        service_account_disabled: Option<Timestamp>,
        created: Timestamp,
        updated: Timestamp,
        opened: Option<Timestamp>,
        absent_since: Option<Timestamp>,
        absence_accepted: Option<Timestamp>,
        closed: Option<Timestamp>,
        closed_because: Option<&'static str>,
        erase_held_until: Option<Timestamp>,
        erase_held_by: Option<&'a str>,
        erase_asked: Option<Timestamp>,
        erased: Option<Timestamp>,
        order_left: Option<Timestamp>,
    },
    Link {
        account: &'a ProcurementAccountId,
        user: &'a UserIdentity,
        profile: &'a BTreeMap<String, String>,
        roles: &'a [Role],
        orders: &'a [EntitlementId],
        first_seen: Timestamp,
        last_seen: Timestamp,
    },
    Order {
        entitlement: &'a EntitlementId,
        account: &'a ProcurementAccountId,
        provider: Option<&'a ProviderId>,
        product: &'a ProductId,
        plan: Option<&'a PlanId>,
        offer: Option<&'a str>,
        state: &'a EntitlementState,
        usage_reporting_id: Option<&'a str>,
        create_time: Timestamp,
        update_time: Timestamp,
        subscription_end: Option<Timestamp>,
        starts: Option<Timestamp>,
        unruled: Option<&'static str>,
        absent_since: Option<Timestamp>,
        absence_accepted: Option<Timestamp>,
        deleted: Option<Timestamp>,
        absence_confirmed: Option<Timestamp>,
    },
    Journal {
        id: &'a str,
        at: Timestamp,
        kind: &'static str,
        account: Option<&'a ProcurementAccountId>,
        entitlement: Option<&'a EntitlementId>,
        actor: Option<&'a str>,
        details: &'a BTreeMap<String, String>,
    },
    JournalText {
        id: &'a str,
        account: &'a ProcurementAccountId,
        text: &'a str,
    },
    Usage {
        entitlement: &'a EntitlementId,
        key: &'a str,
        metric: &'a MetricId,
        quantity: Value,
        occurred: Timestamp,
        labels: &'a Labels,
        hour: Timestamp,
        late: bool,
        received: Timestamp,
        keep_until: Timestamp,
    },
    Operation {
        id: &'a str,
        entitlement: &'a EntitlementId,
        account: &'a ProcurementAccountId,
        metric: &'a MetricId,
        start: Timestamp,
        end: Timestamp,
        labels: &'a Labels,
        value: Option<Value>,
        consumer: Option<&'a str>,
        state: &'static str,
        reason: Option<&'a str>,
        attempts: u32,
        created: Timestamp,
        updated: Timestamp,
    },
}
