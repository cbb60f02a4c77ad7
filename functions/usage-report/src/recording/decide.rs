//! Whether one record is stored: a pure decision.

use jiff::{SignedDuration, Timestamp};
use marketplace::{EntitlementState, ProviderId};
use metering::{
    AssignedWindow, InForce, LatePolicy, Metrics, Quantity, Services, UsageTime, assign_window,
};
use store::{Entitlement, UsageRecord, WindowGate};

use super::refusals::Refusal;
use super::request_body::SentRecord;
use crate::entitlement_end::end_of;

/// How old usage may be. As it is less than [`KEPT`], a repeated record is either recognised or
/// refused.
const OLDEST: SignedDuration = SignedDuration::from_hours(60 * 24);

/// How long a record is kept at least after it arrived.
const KEPT: SignedDuration = SignedDuration::from_hours(100 * 24);

/// The part of the configuration that decides about records.
#[derive(Debug, Clone)]
pub(crate) struct RecordRules {
    /// Orders of another provider are as if there were none.
    pub(crate) provider: ProviderId,
    pub(crate) services: Services,
    pub(crate) metrics: Metrics,
    pub(crate) late: LatePolicy,
}

/// What the store has about a record that was sent.
#[derive(Clone, Copy)]
pub(crate) struct StoredState<'a> {
    pub(crate) entitlement: Option<&'a Entitlement>,
    pub(crate) gate: Option<&'a WindowGate>,
    /// The record that is stored under its key.
    pub(crate) same_key: Option<&'a UsageRecord>,
}

/// What to do with a record.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum RecordDecision {
    Store(UsageRecord),
    /// It is stored already, with the same content.
    Duplicate,
    Refuse(Refusal),
    /// The entitlement is in force again, and its gates say still that it has ended. Once they are open, the record
    /// can be decided about.
    Reopen,
}

/// Decides about one record. A repeated record is recognised before anything else is examined: it was
/// stored once, even if anything has changed since.
pub(crate) fn decide(
    sent: &SentRecord,
    stored: StoredState<'_>,
    rules: &RecordRules,
    now: Timestamp,
) -> RecordDecision {
    try_decide(sent, stored, rules, now).unwrap_or_else(RecordDecision::Refuse)
}

fn try_decide(
    sent: &SentRecord,
    stored: StoredState<'_>,
    rules: &RecordRules,
    now: Timestamp,
) -> Result<RecordDecision, Refusal> {
    if let Some(known) = stored.same_key {
        return if is_repeated(sent, known) {
            Ok(RecordDecision::Duplicate)
        } else {
            Err(Refusal::KeyReused)
        };
    }
    let metric = rules.metrics.find(&sent.metric);
    let metric = metric.ok_or(Refusal::MetricUnknown)?;
    let quantity = Quantity::read(metric.value_type, &sent.quantity).map_err(Refusal::Quantity)?;
    let mut record = UsageRecord {
        entitlement: sent.entitlement.clone(),
        key: sent.idempotency_key.clone(),
        metric: metric.id.clone(),
        quantity,
        occurred: sent.occurred_at,
        labels: sent.labels.clone(),
        hour: sent.occurred_at,
        late: false,
        received: now,
        keep_until: now.saturating_add(KEPT).unwrap_or(Timestamp::MAX),
    };
    let entitlement = stored.entitlement.ok_or(Refusal::EntitlementUnknown)?;
    if !entitlement.is_of(&rules.provider) {
        return Err(Refusal::EntitlementUnknown);
    }
    if rules.services.of(&entitlement.product).is_none() {
        return Err(Refusal::ProductWithoutService);
    }
    if stored.gate.is_some_and(|gate| gate.ended.is_some()) && !entitlement.has_ended() {
        return Ok(RecordDecision::Reopen);
    }
    let in_force = in_force(entitlement, stored.gate, record.occurred)?;
    // Before Google last changed the entitlement, it may have had another plan.
    let is_of_this_plan = record.occurred >= entitlement.update_time;
    let plan = entitlement.plan.as_ref();
    if is_of_this_plan && plan.is_some_and(|plan| *plan != metric.plan) {
        return Err(Refusal::MetricOfOtherPlan);
    }
    if now.duration_since(record.occurred) > OLDEST && record.occurred >= in_force.start {
        return Err(Refusal::TooOld);
    }
    let window = window(record.occurred, in_force, stored.gate, rules.late, now)?;
    record.hour = window.hour;
    record.late = window.late;
    Ok(RecordDecision::Store(record))
}

/// Whether a record says the same as the one that is stored under its key. Only the stored one decides: its metric may
/// have been taken out of the configuration since, or have another type there.
fn is_repeated(sent: &SentRecord, known: &UsageRecord) -> bool {
    let quantity = Quantity::read(known.quantity.value_type(), &sent.quantity);
    sent.entitlement == known.entitlement
        && sent.idempotency_key == known.key
        && sent.metric == known.metric.as_str()
        && quantity == Ok(known.quantity)
        && sent.occurred_at.as_microsecond() == known.occurred.as_microsecond()
        && sent.labels == known.labels
}

/// The window of usage of this time.
fn window(
    occurred: Timestamp,
    in_force: InForce,
    gate: Option<&WindowGate>,
    late: LatePolicy,
    now: Timestamp,
) -> Result<AssignedWindow, Refusal> {
    let of_a_gap = |gate: &WindowGate| gate.gap.is_some_and(|gap| gap.contains(occurred));
    let is_of_a_gap = gate.is_some_and(of_a_gap);
    let is_before_end = in_force.end.is_none_or(|end| occurred < end);
    let is_closed = gate.is_some_and(|gate| gate.ended.is_some());
    let time = UsageTime {
        occurred,
        // The entitlement may end again before its meter is open. Until that is closed, the window of the gap is there.
        in_force: InForce {
            end: in_force
                .end
                .filter(|_| !is_of_a_gap || !is_before_end || is_closed),
            ..in_force
        },
        open: gate.map_or(in_force.start, |gate| gate.open),
    };
    // In the gap the customer could use the product, and nobody could have recorded it in time.
    let late = if is_of_a_gap {
        LatePolicy::NextWindow
    } else {
        late
    };
    assign_window(time, late, now).map_err(Refusal::NoWindow)
}

/// When the entitlement was in force, as far as that is known.
fn in_force(
    entitlement: &Entitlement,
    gate: Option<&WindowGate>,
    occurred: Timestamp,
) -> Result<InForce, Refusal> {
    let start = entitlement.create_time;
    if let Some(end) = gate.and_then(|gate| gate.ended).or(end_of(entitlement)) {
        // Google gives every entitlement with usage an id for it when it becomes active.
        if gate.is_none() && entitlement.usage_reporting_id.is_none() {
            return Err(Refusal::NeverActive);
        }
        let end = Some(end);
        return Ok(InForce { start, end });
    }
    if entitlement.state == EntitlementState::ActivationRequested {
        return Err(Refusal::NotActiveYet);
    }
    if !entitlement.state.is_live() && occurred >= entitlement.update_time {
        return Err(Refusal::Suspended);
    }
    Ok(InForce { start, end: None })
}

#[cfg(test)]
mod tests;
