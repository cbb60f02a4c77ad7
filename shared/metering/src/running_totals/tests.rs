use super::*;
use crate::Metrics;

fn metric(id: &str) -> MetricId {
    MetricId::parse(id).unwrap()
}

fn labels(value: &str) -> Labels {
    Labels::from([("environment".to_owned(), value.to_owned())])
}

fn totals(used: &[(&str, Quantity, Labels)]) -> RunningTotals {
    let mut totals = RunningTotals::default();
    for (id, quantity, labels) in used {
        totals.add(Used {
            metric: &metric(id),
            quantity: *quantity,
            labels,
        });
    }
    totals
}

fn summary(aggregates: &[Aggregate]) -> Vec<(&str, usize, Total)> {
    let each = aggregates.iter();
    each.map(|it| (it.metric.as_str(), it.labels.len(), it.total))
        .collect()
}

fn int(value: i64) -> Total {
    Total::Sum(Quantity::Int64(value))
}

#[test]
fn records_add_up_by_metric_and_labels() {
    let totals = totals(&[
        ("requests", Quantity::Int64(3), Labels::new()),
        ("storage", Quantity::Double(0.5), Labels::new()),
        ("requests", Quantity::Int64(5), labels("prod")),
        ("requests", Quantity::Int64(7), Labels::new()),
        ("idle", Quantity::Double(0.0), Labels::new()),
    ]);
    assert_eq!(
        summary(&totals.aggregates(&[])),
        [
            ("requests", 0, int(10)),
            ("requests", 1, int(5)),
            ("storage", 0, Total::Sum(Quantity::Double(0.5))),
        ]
    );
}

#[test]
fn zero_is_reported_where_that_is_wanted() {
    let metrics = Metrics::parse("pro/requests:int64,pro/storage:double").unwrap();
    let zero: Vec<_> = metrics.iter().cloned().collect();
    let none = Total::Sum(Quantity::Double(0.0));
    let aggregates = RunningTotals::default().aggregates(&zero);
    assert_eq!(
        summary(&aggregates),
        [("requests", 0, int(0)), ("storage", 0, none)]
    );
    let used = totals(&[("requests", Quantity::Int64(4), labels("prod"))]);
    let aggregates = used.aggregates(&zero);
    assert_eq!(
        summary(&aggregates),
        [("requests", 1, int(4)), ("storage", 0, none)]
    );
}

#[test]
fn labels_that_do_not_fit_are_left_out_and_nothing_else() {
    let count = 5_000_u64;
    let mut whole = RunningTotals::default();
    for number in (0..count).chain(0..count) {
        whole.add(Used {
            metric: &metric("requests"),
            quantity: Quantity::Int64(1),
            labels: &labels(&format!("\"{number}\"")),
        });
        // The same after an interruption anywhere.
        if number % 1_000 == 7 {
            assert_eq!(
                RunningTotals::parse(&whole.to_text()).as_ref(),
                Some(&whole)
            );
        }
    }
    assert!(whole.to_text().len() < 1_000_000);
    let unlabelled = whole.unlabelled();
    let aggregates = whole.aggregates(&[]);
    let sets = aggregates.len() - 1;
    assert!(sets > 1_000, "{sets}");
    let left = 2 * (count - u64::try_from(sets).unwrap());
    assert_eq!(unlabelled, left);
    assert_eq!(aggregates[0].labels, Labels::new());
    assert_eq!(aggregates[0].total, int(i64::try_from(left).unwrap()));
    let each = aggregates.iter().skip(1);
    assert!(each.into_iter().all(|it| it.total == int(2)));
}

#[test]
fn other_texts_are_not_read_as_totals() {
    for text in [
        "",
        "{}",
        r#"{"sums":[["requests",{},"1.5",null]],"unlabelled":0}"#,
        r#"{"sums":[["",{},"1",null]],"unlabelled":0}"#,
    ] {
        assert_eq!(RunningTotals::parse(text), None, "{text}");
    }
}
