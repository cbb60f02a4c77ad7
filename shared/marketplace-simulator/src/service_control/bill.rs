//! What a customer pays for.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use marketplace::EntitlementId;

use super::operation::{Quantity, UsageOperation, UsageOutcome};
use crate::marketplace_state::Consumer;

/// The rule of `America/Los_Angeles` since 2007: no table of time zones is needed for it.
const PACIFIC: &str = "PST8PDT,M3.2.0,M11.1.0";

/// Everything that was counted for one customer, in the order in which it was counted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bill {
    /// One line for each counted value.
    pub lines: Vec<BillLine>,
}

/// One counted value.
#[derive(Debug, Clone, PartialEq)]
pub struct BillLine {
    /// The entitlement that was used.
    pub entitlement: EntitlementId,
    /// Id of the metric, without the service's name.
    pub metric: String,
    /// Begin of the window.
    pub start: Timestamp,
    /// End of the window.
    pub end: Timestamp,
    /// How much.
    pub quantity: Quantity,
    /// The operation that reported it.
    pub operation_id: String,
    /// As the operation had them.
    pub user_labels: BTreeMap<String, String>,
    /// Whether the operation's id had been counted before: the customer pays twice.
    pub is_repeat: bool,
}

impl Bill {
    /// The sum of each metric, by entitlement and metric id.
    pub fn totals(&self) -> BTreeMap<(EntitlementId, String), Quantity> {
        let mut totals = BTreeMap::new();
        for line in &self.lines {
            let key = (line.entitlement.clone(), line.metric.clone());
            add(&mut totals, key, line.quantity);
        }
        totals
    }

    /// The sum of each metric over all entitlements, by month of the window's begin, such as `2026-01`,
    /// and metric id. Google bills by months of Pacific time.
    pub fn by_month(&self) -> BTreeMap<(String, String), Quantity> {
        let pacific = TimeZone::posix(PACIFIC).unwrap_or(TimeZone::UTC);
        let mut months = BTreeMap::new();
        for line in &self.lines {
            let begin = line.start.to_zoned(pacific.clone());
            let key = (begin.strftime("%Y-%m").to_string(), line.metric.clone());
            add(&mut months, key, line.quantity);
        }
        months
    }

    /// The sum of one metric; none if nothing of it was counted.
    pub fn total(&self, entitlement: &EntitlementId, metric: &str) -> Option<Quantity> {
        let lines = self.lines.iter();
        lines
            .filter(|line| &line.entitlement == entitlement && line.metric == metric)
            .map(|line| line.quantity)
            .reduce(Quantity::plus)
    }
}

fn add<K: Ord>(sums: &mut BTreeMap<K, Quantity>, key: K, quantity: Quantity) {
    let sum = sums.get(&key).copied();
    sums.insert(key, sum.map_or(quantity, |sum| sum.plus(quantity)));
}

/// What an operation puts on the bill.
pub(super) fn lines<'a>(
    operation: &'a UsageOperation,
    consumer: &'a Consumer,
) -> impl Iterator<Item = BillLine> + 'a {
    operation.values.iter().filter_map(|value| {
        let (_, metric) = value.metric.split_once('/')?;
        Some(BillLine {
            entitlement: consumer.entitlement.clone(),
            metric: metric.to_owned(),
            start: value.start,
            end: value.end,
            quantity: value.quantity?,
            operation_id: operation.operation_id.clone(),
            user_labels: operation.user_labels.clone(),
            is_repeat: operation.outcome == UsageOutcome::CountedAgain,
        })
    })
}
