//! Closing hours: after one commit no record joins them any more.

use jiff::{SignedDuration, Timestamp};
use marketplace::At;
use metering::{Metric, Period, hour_of};
use store::{
    Closing, Commit, Entitlement, Meter, Store, StoreUnavailable, Stored, UsageHours, WindowGate,
};

use super::ReportRules;
use super::try_commit;
use crate::config::ZeroUsage;
use crate::entitlement_end::{may_have_ended, past_end_of};

/// How long hours without usage may stay open. Leaving them open costs no report, but late usage
/// would go into windows that are long past.
const LONGEST_OPEN: SignedDuration = SignedDuration::from_hours(24);

/// How much is closed at once where zeros are reported: each hour has a row for each metric.
const LONGEST_WITH_ZEROS: SignedDuration = SignedDuration::from_hours(48);

/// Whether hours are to be closed now. Hours without usage stay open for a while: to find that out
/// costs a single read.
pub(super) async fn is_due(
    store: &Store,
    rules: &ReportRules,
    entitlement: &Entitlement,
    meter: &Meter,
    at: At,
) -> Result<bool, StoreUnavailable> {
    let Some(closing) = next_closing(rules, entitlement, meter, at.now) else {
        return Ok(false);
    };
    let is_last = past_end_of(entitlement, at.now).is_some();
    let is_long = closing.until.duration_since(closing.from) >= LONGEST_OPEN;
    if is_last || is_long || !closing.zero.is_empty() {
        return Ok(true);
    }
    let hours = UsageHours {
        from: hour_of(closing.from),
        before: Some(closing.until),
        after: None,
        limit: 1,
    };
    let found = store.usage_between(&entitlement.id, hours, at.deadline);
    Ok(!found.await?.is_empty())
}

/// The period to be closed next: up to the last full hour, or up to the end of the entitlement.
pub(super) fn next_closing(
    rules: &ReportRules,
    entitlement: &Entitlement,
    meter: &Meter,
    now: Timestamp,
) -> Option<Closing> {
    // While Google does not find the entitlement, what is closed might be too much: it may have ended before.
    if meter.ended.is_some() || may_have_ended(entitlement) {
        return None;
    }
    let zero = zero_metrics(rules, entitlement);
    let from = meter.open;
    let until = match past_end_of(entitlement, now) {
        // Hours that were closed before the end was known stay closed.
        Some(end) => end.max(from),
        None => Period::to_close(from, None, now)?.end(),
    };
    let longest = hour_of(from).saturating_add(LONGEST_WITH_ZEROS);
    let longest = longest.unwrap_or(Timestamp::MAX);
    Some(Closing {
        from,
        until: if zero.is_empty() {
            until
        } else {
            until.min(longest)
        },
        labels: rules.labels,
        zero,
    })
}

/// The metrics that are reported even if nothing was used of them.
fn zero_metrics(rules: &ReportRules, entitlement: &Entitlement) -> Vec<Metric> {
    match (rules.zero, &entitlement.plan) {
        (ZeroUsage::Report, Some(plan)) => rules.metrics.of_plan(plan).cloned().collect(),
        _ => Vec::new(),
    }
}

/// Closes a period for good. Whether this call did it: another one may have been faster.
pub(super) async fn close_hours(
    store: &Store,
    entitlement: &Entitlement,
    meter: &Stored<Meter>,
    gates: &[Stored<WindowGate>],
    closing: Closing,
    at: At,
) -> Result<bool, StoreUnavailable> {
    let end = past_end_of(entitlement, at.now);
    let ended = end.is_some_and(|end| closing.until >= end);
    let ended = ended.then_some(closing.until);
    let open = closing.until;
    let closed = Meter {
        open,
        ended,
        closing: Some(closing),
        updated: at.now,
        ..meter.record.clone()
    };
    let commit = Commit::new().replace(&closed, &meter.version);
    let commit = gates.iter().fold(commit, |commit, gate| {
        let moved = WindowGate {
            open,
            ended,
            ..gate.record.clone()
        };
        commit.replace(&moved, &gate.version)
    });
    try_commit(store, commit, at).await
}
