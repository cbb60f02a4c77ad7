//! Windows of usage: "start of the next = end of the last".

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;

use super::operation::{UsageOperation, UsageValue};

/// The windows that were counted. Each value with other labels is a series of its own.
#[derive(Debug, Default)]
pub(super) struct Windows(HashMap<String, BTreeMap<Timestamp, Timestamp>>);

impl Windows {
    /// Adds the windows of an operation, and says with which ones they overlap.
    pub(super) fn add(&mut self, operation: &UsageOperation) -> Vec<String> {
        let add = |value: &UsageValue| {
            let windows = self.0.entry(series(operation, value)).or_default();
            let before = windows.range(..value.end).next_back();
            let overlap = before.filter(|(_, end)| **end > value.start);
            let overlap = overlap.map(|(start, end)| {
                let UsageOperation { consumer_id, .. } = operation;
                let UsageValue { metric, .. } = value;
                format!(
                    "windows of {consumer_id} and {metric} overlap: {} to {} and {start} to {end}",
                    value.start, value.end
                )
            });
            // A longer window with the same start must not become shorter.
            let end = windows.entry(value.start).or_insert(value.end);
            *end = value.end.max(*end);
            overlap
        };
        operation.values.iter().filter_map(add).collect()
    }
}

fn series(operation: &UsageOperation, value: &UsageValue) -> String {
    let UsageOperation {
        consumer_id,
        user_labels,
        ..
    } = operation;
    let UsageValue { metric, labels, .. } = value;
    format!("{consumer_id} {metric} {labels:?} {user_labels:?}")
}

/// Time that no window covers, though windows before and after it were reported. What was refused
/// covers its time as well: the program did not leave it out.
pub(super) fn gaps(operations: &[UsageOperation]) -> Vec<String> {
    let mut series: BTreeMap<(&str, &str), Vec<(Timestamp, Timestamp)>> = BTreeMap::new();
    for operation in operations {
        for value in &operation.values {
            let key = (operation.consumer_id.as_str(), value.metric.as_str());
            let windows = series.entry(key).or_default();
            windows.push((value.start, value.end));
        }
    }
    let mut gaps = Vec::new();
    for ((consumer, metric), mut windows) in series {
        windows.sort_unstable();
        let mut covered = windows.first().map_or(Timestamp::MIN, |(_, end)| *end);
        for (start, end) in windows {
            if start > covered {
                gaps.push(format!(
                    "no window of {consumer} and {metric} from {covered} to {start}"
                ));
            }
            covered = covered.max(end);
        }
    }
    gaps
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::operation::{Quantity, UsageOutcome};
    use super::*;

    fn operation(start: i64, end: i64) -> UsageOperation {
        let [start, end] = [start, end].map(|second| Timestamp::from_second(second).unwrap());
        UsageOperation {
            service: "s".to_owned(),
            operation_id: format!("{start}"),
            consumer_id: "c".to_owned(),
            start,
            end,
            values: vec![UsageValue {
                metric: "s/m".to_owned(),
                quantity: Some(Quantity::Int64(1)),
                labels: BTreeMap::new(),
                start,
                end,
            }],
            labels: BTreeMap::new(),
            user_labels: BTreeMap::new(),
            outcome: UsageOutcome::Counted,
        }
    }

    #[test]
    fn windows_overlap_unless_one_ends_before_the_other_begins() {
        for (second, expected) in [
            ((0, 10), 0),
            ((20, 30), 0),
            ((10, 20), 1),
            ((12, 15), 1),
            ((5, 11), 1),
            ((19, 25), 1),
            ((5, 25), 1),
        ] {
            let mut windows = Windows::default();
            assert_eq!(windows.add(&operation(10, 20)), Vec::<String>::new());
            let overlaps = windows.add(&operation(second.0, second.1));
            assert_eq!(overlaps.len(), expected, "{second:?}");
        }
    }

    #[test]
    fn gaps_are_found_whatever_the_order_of_arrival() {
        let all = [(0, 10), (10, 20), (20, 30), (40, 50)].map(|(a, b)| operation(a, b));
        let [first, second, third, last] = all;
        let count = |operations: &[&UsageOperation]| {
            let operations: Vec<_> = operations.iter().map(|&it| it.clone()).collect();
            gaps(&operations).len()
        };
        assert_eq!(count(&[]), 0);
        assert_eq!(count(&[&third, &first, &second]), 0);
        assert_eq!(count(&[&third, &first]), 1);
        assert_eq!(count(&[&last, &third, &first]), 2);
    }
}
