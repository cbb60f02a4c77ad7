//! The id of an operation.

use marketplace::EntitlementId;
use uuid::Uuid;

use crate::{Labels, MetricId, Window};

/// The namespace of Portico's operation ids, a random UUID of its own (RFC 9562, section 5.5).
const NAMESPACE: Uuid = Uuid::from_u128(0x7f0c_1d5e_92b4_4e0a_a6d3_58c1_4be0_93f7);

/// The id of the operation that reports this usage. The same content always has the same id, so that
/// Google recognises a report that is sent again because its answer was lost.
///
/// A UUID of version 5, as Service Control recommends for ids computed from known data.
pub fn operation_id(
    entitlement: &EntitlementId,
    metric: &MetricId,
    window: Window,
    labels: &Labels,
) -> Uuid {
    let (start, end) = (window.start.to_string(), window.end.to_string());
    let fixed = [entitlement.as_str(), metric.as_str(), &start, &end];
    let labels = labels.iter().flat_map(|(key, value)| [key.as_str(), value]);
    let mut name = Vec::new();
    for part in fixed.into_iter().chain(labels) {
        // With its length in front, no part can run into the next.
        name.extend_from_slice(&(part.len() as u64).to_be_bytes());
        name.extend_from_slice(part.as_bytes());
    }
    Uuid::new_v5(&NAMESPACE, &name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn window(start: &str, end: &str) -> Window {
        Window {
            start: start.parse().unwrap(),
            end: end.parse().unwrap(),
        }
    }

    fn id(entitlement: &str, metric: &str, end: &str, labels: &[(&str, &str)]) -> Uuid {
        let labels = labels
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        operation_id(
            &EntitlementId::parse(entitlement).unwrap(),
            &MetricId::parse(metric).unwrap(),
            window("2026-01-21T01:00:00Z", end),
            &labels.collect(),
        )
    }

    #[test]
    fn an_operation_keeps_its_name_for_ever() {
        let id = id("order-1", "requests", "2026-01-21T02:00:00Z", &[]);
        // Written down: a new release must send again under the name of the old one.
        assert_eq!(id.to_string(), "071ed8d2-5478-56c4-8271-20a4042d733e");
        assert_eq!(id.get_version_num(), 5);
    }

    #[test]
    fn different_content_has_another_name() {
        let end = "2026-01-21T02:00:00Z";
        let ids = BTreeSet::from([
            id("order-1", "requests", end, &[]),
            id("order-2", "requests", end, &[]),
            id("order-1", "storage", end, &[]),
            id("order-1", "requests", "2026-01-21T01:30:00Z", &[]),
            id("order-1", "requests", end, &[("a", "bc")]),
            id("order-1", "requests", end, &[("ab", "c")]),
            id("order-1", "requests", end, &[("ab", ""), ("c", "")]),
        ]);
        assert_eq!(ids.len(), 7);
    }
}
