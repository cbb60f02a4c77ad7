//! What becomes of one record: a pure decision.

use jiff::{SignedDuration, Timestamp};
use marketplace::{EntitlementState, Products};
use metering::{InvalidQuantity, LatePolicy, Life, Metrics, Misplaced, Quantity, place};
use store::{Entitlement, UsageRecord, WindowGate};

use crate::body::Given;

/// How old usage may be. Together with [`KEPT`] it makes sure that a repetition is recognised, or
/// refused.
const OLDEST: SignedDuration = SignedDuration::from_hours(60 * 24);

/// How long a record is kept after it arrived, at least.
const KEPT: SignedDuration = SignedDuration::from_hours(100 * 24);

/// What holds for every record.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    pub(crate) products: Products,
    pub(crate) metrics: Metrics,
    pub(crate) late: LatePolicy,
}

/// What a record meets in the store.
#[derive(Clone, Copy)]
pub(crate) struct Met<'a> {
    pub(crate) entitlement: Option<&'a Entitlement>,
    pub(crate) gate: Option<&'a WindowGate>,
    /// What is stored under its key.
    pub(crate) stored: Option<&'a UsageRecord>,
}

/// What becomes of a record.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Decision {
    /// It is stored like this.
    Take(UsageRecord),
    /// It is stored already, and said the same.
    Duplicate,
    /// It is not stored.
    Refuse(Refusal),
}

/// Why a record is not stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    Malformed,
    MetricUnknown,
    Quantity(InvalidQuantity),
    KeyReused,
    EntitlementUnknown,
    NotActiveYet,
    NeverActive,
    Suspended,
    MetricOfOtherPlan,
    TooOld,
    Misplaced(Misplaced),
}

/// Decides on one record. A repetition is recognised before anything else is looked at: whatever
/// has happened since, it was taken.
pub(crate) fn decide(given: &Given, met: Met<'_>, rules: &Rules, now: Timestamp) -> Decision {
    match decided(given, met, rules, now) {
        Ok(decision) => decision,
        Err(refusal) => Decision::Refuse(refusal),
    }
}

fn decided(
    given: &Given,
    met: Met<'_>,
    rules: &Rules,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let metric = rules.metrics.find(&given.metric);
    let metric = metric.ok_or(Refusal::MetricUnknown)?;
    let quantity = Quantity::read(metric.kind, &given.quantity).map_err(Refusal::Quantity)?;
    let mut record = UsageRecord {
        entitlement: given.entitlement.clone(),
        key: given.idempotency_key.clone(),
        metric: metric.id.clone(),
        quantity,
        occurred: given.occurred_at,
        labels: given.labels.clone(),
        hour: given.occurred_at,
        late: false,
        received: now,
        keep_until: now.saturating_add(KEPT).unwrap_or(Timestamp::MAX),
    };
    match met.stored {
        Some(stored) if stored.says_the_same_as(&record) => return Ok(Decision::Duplicate),
        Some(_) => return Err(Refusal::KeyReused),
        None => {}
    }
    let entitlement = met.entitlement.ok_or(Refusal::EntitlementUnknown)?;
    if !rules.products.serves(&entitlement.product) {
        return Err(Refusal::EntitlementUnknown);
    }
    let life = life(entitlement, met.gate, record.occurred)?;
    // Before Google last changed the entitlement, it may have had another plan.
    let of_now = record.occurred >= entitlement.update_time;
    if of_now
        && entitlement
            .plan
            .as_ref()
            .is_some_and(|plan| *plan != metric.plan)
    {
        return Err(Refusal::MetricOfOtherPlan);
    }
    if now.duration_since(record.occurred) > OLDEST && record.occurred >= life.start {
        return Err(Refusal::TooOld);
    }
    let open = met.gate.map_or(life.start, |gate| gate.open);
    let placed = place(record.occurred, life, (open, rules.late), now);
    let placed = placed.map_err(Refusal::Misplaced)?;
    record.hour = placed.hour;
    record.late = placed.late;
    Ok(Decision::Take(record))
}

/// When the entitlement was in force, as far as that is known.
fn life(
    entitlement: &Entitlement,
    gate: Option<&WindowGate>,
    occurred: Timestamp,
) -> Result<Life, Refusal> {
    let start = entitlement.create_time;
    if let Some(end) = gate.and_then(|gate| gate.ended).or(ended(entitlement)) {
        // Google gives every entitlement with usage an id for it when it becomes active.
        if gate.is_none() && entitlement.usage_reporting_id.is_none() {
            return Err(Refusal::NeverActive);
        }
        let end = Some(end);
        return Ok(Life { start, end });
    }
    if entitlement.state == EntitlementState::ActivationRequested {
        return Err(Refusal::NotActiveYet);
    }
    if !entitlement.state.is_live() && occurred >= entitlement.update_time {
        return Err(Refusal::Suspended);
    }
    Ok(Life { start, end: None })
}

/// When the entitlement ended, if it has. A suspended one may go on.
pub(crate) fn ended(entitlement: &Entitlement) -> Option<Timestamp> {
    match entitlement.state {
        EntitlementState::Cancelled => Some(entitlement.update_time),
        _ => entitlement.deleted,
    }
}

#[cfg(test)]
#[path = "decide/table.rs"]
mod table;
