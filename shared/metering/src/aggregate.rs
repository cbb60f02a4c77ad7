//! What a closed span adds up to.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{Kind, Metric, MetricId, Quantity, Span, Total, Window};

/// What the customer's cost breakdown is split by: key and value, as the application set them.
pub type Labels = BTreeMap<String, String>;

/// Whether usage is reported by its labels. Google calls `userLabels` a private preview.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserLabels {
    /// Everything of a window and metric is one operation, whatever its labels.
    LeftOut,
    /// Each set of labels is an operation of its own.
    Reported,
}

/// What the aggregation needs of one record.
#[derive(Debug, Clone, Copy)]
pub struct Used<'a> {
    /// What was used.
    pub metric: &'a MetricId,
    /// How much.
    pub quantity: Quantity,
    /// The hour of its window, as it was placed.
    pub hour: Timestamp,
    /// How it is labelled; empty where labels are not reported.
    pub labels: &'a Labels,
}

/// What one operation reports.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregate {
    /// When.
    pub window: Window,
    /// What.
    pub metric: MetricId,
    /// Labelled how.
    pub labels: Labels,
    /// How much.
    pub total: Total,
}

type Group<'a> = (&'a MetricId, &'a Labels);

/// Adds up the records of this span: one aggregate for each window, metric and set of labels, in
/// that order.
///
/// `zero` are the metrics that are reported although nothing was used of them; without it, what adds
/// up to nothing is left out.
pub fn aggregate<'a>(
    span: Span,
    records: impl IntoIterator<Item = Used<'a>>,
    zero: &[Metric],
) -> Vec<Aggregate> {
    let mut hours: BTreeMap<Timestamp, BTreeMap<Group<'_>, Vec<Quantity>>> = BTreeMap::new();
    for record in records {
        let groups = hours.entry(record.hour).or_default();
        let group = groups.entry((record.metric, record.labels)).or_default();
        group.push(record.quantity);
    }
    let no_labels = Labels::new();
    let mut aggregates = Vec::new();
    for window in span.windows() {
        let mut groups = hours.remove(&window.hour()).unwrap_or_default();
        for metric in zero {
            if !groups.keys().any(|(id, _)| **id == metric.id) {
                groups.insert((&metric.id, &no_labels), vec![nothing(metric.kind)]);
            }
        }
        let reported = |id: &MetricId| zero.iter().any(|metric| metric.id == *id);
        aggregates.extend(groups.into_iter().filter_map(|((metric, labels), used)| {
            let total = Total::of(kind_of(&used), used);
            let keep = reported(metric) || !is_nothing(total);
            keep.then(|| Aggregate {
                window,
                metric: metric.clone(),
                labels: labels.clone(),
                total,
            })
        }));
    }
    aggregates
}

/// A metric has one type; but who has declared the wrong one first has records of both.
fn kind_of(used: &[Quantity]) -> Kind {
    let double = used.iter().any(|quantity| quantity.kind() == Kind::Double);
    if double { Kind::Double } else { Kind::Int64 }
}

fn nothing(kind: Kind) -> Quantity {
    match kind {
        Kind::Int64 => Quantity::Int64(0),
        Kind::Double => Quantity::Double(0.0),
    }
}

fn is_nothing(total: Total) -> bool {
    match total {
        Total::Sum(quantity) => quantity.is_zero(),
        Total::Overflow => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Metrics;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn span() -> Span {
        Span::between(at("2026-01-21T01:20:00Z"), at("2026-01-21T03:00:00Z")).unwrap()
    }

    fn summary(aggregates: &[Aggregate]) -> Vec<(String, &str, Total)> {
        let line = |a: &Aggregate| a.window.start.to_string();
        aggregates
            .iter()
            .map(|a| (line(a), a.metric.as_str(), a.total))
            .collect()
    }

    #[test]
    fn records_add_up_by_window_metric_and_labels() {
        let (requests, storage) = (
            MetricId::parse("requests").unwrap(),
            MetricId::parse("storage").unwrap(),
        );
        let (plain, prod) = (
            Labels::new(),
            Labels::from([("environment".to_owned(), "prod".to_owned())]),
        );
        let used = |metric, quantity, hour, labels| Used {
            metric,
            quantity,
            hour: at(hour),
            labels,
        };
        let (one, two) = ("2026-01-21T01:00:00Z", "2026-01-21T02:00:00Z");
        let records = [
            used(&requests, Quantity::Int64(2), two, &plain),
            used(&requests, Quantity::Int64(3), one, &plain),
            used(&storage, Quantity::Double(0.5), two, &plain),
            used(&requests, Quantity::Int64(5), one, &prod),
            used(&requests, Quantity::Int64(7), one, &plain),
            used(&storage, Quantity::Double(0.0), one, &plain),
        ];
        let aggregates = aggregate(span(), records, &[]);
        let int = |value| Total::Sum(Quantity::Int64(value));
        assert_eq!(
            summary(&aggregates),
            [
                ("2026-01-21T01:20:00Z".to_owned(), "requests", int(10)),
                ("2026-01-21T01:20:00Z".to_owned(), "requests", int(5)),
                ("2026-01-21T02:00:00Z".to_owned(), "requests", int(2)),
                (
                    "2026-01-21T02:00:00Z".to_owned(),
                    "storage",
                    Total::Sum(Quantity::Double(0.5))
                ),
            ]
        );
        let labels: Vec<_> = aggregates.iter().map(|a| a.labels.len()).collect();
        assert_eq!(labels, [0, 1, 0, 0]);
    }

    #[test]
    fn nothing_used_is_reported_where_that_is_wanted() {
        let metrics = Metrics::parse("pro/requests:int64,pro/storage:double").unwrap();
        let zero: Vec<_> = metrics.iter().cloned().collect();
        let requests = MetricId::parse("requests").unwrap();
        let labels = Labels::new();
        let used = Used {
            metric: &requests,
            quantity: Quantity::Int64(4),
            hour: at("2026-01-21T02:00:00Z"),
            labels: &labels,
        };
        let aggregates = aggregate(span(), [used], &zero);
        let (int, double) = (
            |value| Total::Sum(Quantity::Int64(value)),
            Total::Sum(Quantity::Double(0.0)),
        );
        assert_eq!(
            summary(&aggregates),
            [
                ("2026-01-21T01:20:00Z".to_owned(), "requests", int(0)),
                ("2026-01-21T01:20:00Z".to_owned(), "storage", double),
                ("2026-01-21T02:00:00Z".to_owned(), "requests", int(4)),
                ("2026-01-21T02:00:00Z".to_owned(), "storage", double),
            ]
        );
    }
}
