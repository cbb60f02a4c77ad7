//! The log lines that call an operator. The README explains each; Terraform has a metric and an alert
//! for them.

use jiff::{SignedDuration, Timestamp};
use marketplace::EntitlementId;
use store::UsageReport;

/// How long a window may be overdue before an operator should look.
const LATE: SignedDuration = SignedDuration::from_hours(3);

/// How long a row may be pending before an operator should look.
const LONG_PENDING: SignedDuration = SignedDuration::from_hours(2);

/// Calls an operator if usage that is open since `open` could not be closed for hours.
pub(super) fn alert_if_late(entitlement: &EntitlementId, open: Option<Timestamp>, now: Timestamp) {
    if open.is_some_and(|open| now.duration_since(open) > LATE) {
        tracing::error!(
            alert = "usage-closing-late",
            entitlement_id = entitlement.as_str(),
            "a customer's usage has been overdue for hours and is not all read yet: the store \
             fails, or there is more usage than the calls of /report can read"
        );
    }
}

pub(super) fn alert_if_long_pending(row: &UsageReport, now: Timestamp) {
    let reason = row.reason.as_deref();
    alert_if_waiting_for(
        reason.unwrap_or("it waits for the usageReportingId"),
        row,
        now,
    );
}

/// Calls an operator if a row has been pending for long because its product has no service.
pub(super) fn alert_if_long_without_service(row: &UsageReport, now: Timestamp) {
    alert_if_waiting_for("SERVICE_NAME names no service for its product", row, now);
}

fn alert_if_waiting_for(reason: &str, row: &UsageReport, now: Timestamp) {
    if now.duration_since(row.created) <= LONG_PENDING {
        return;
    }
    tracing::error!(
        alert = "usage-report-pending",
        entitlement_id = row.entitlement.as_str(),
        operation_id = row.id,
        metric = row.metric.as_str(),
        attempts = row.attempts,
        reason,
        "a report of usage has been pending for more than two hours"
    );
}

pub(super) fn alert_held(row: &UsageReport) {
    tracing::error!(
        alert = "usage-report-held",
        entitlement_id = row.entitlement.as_str(),
        operation_id = row.id,
        metric = row.metric.as_str(),
        reason = row.reason,
        "usage is held and not reported"
    );
}

pub(super) fn alert_refused(row: &UsageReport) {
    tracing::error!(
        alert = "usage-report-refused",
        entitlement_id = row.entitlement.as_str(),
        operation_id = row.id,
        metric = row.metric.as_str(),
        reason = row.reason,
        "Google refused a report of usage"
    );
}

pub(super) fn alert_set_up_wrong(entitlement: &EntitlementId, reason: &str) {
    tracing::error!(
        alert = "usage-set-up-wrong",
        entitlement_id = entitlement.as_str(),
        reason,
        "Google's check says that the set-up is wrong"
    );
}

/// Once in a call of `/report`: usage of these orders is refused or waits, and is billed to nobody.
pub(super) fn warn_of_orders_without_service(orders: usize) {
    if orders > 0 {
        tracing::error!(
            orders,
            "orders are in force of products for which SERVICE_NAME names no service: their usage is not reported"
        );
    }
}
