//! The promises of the arithmetic, for any usage.

#![cfg(test)]

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use metering::{
    InForce, Labels, LatePolicy, MetricId, Period, Quantity, RunningTotals, Sum, Total, UsageTime,
    Used, Window, assign_window, hour_of,
};
use proptest::prelude::*;
use xsum::{Xsum as _, XsumLarge};

/// 2026-10-31T00:00Z: a month ends and daylight saving does too within the days that follow.
const BEGIN: i64 = 1_793_404_800;
const DAYS: i64 = 7 * 86_400;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).expect("a moment of this era")
}

/// One record: when it was used, when it arrived, what of, how much.
#[derive(Debug, Clone)]
struct Recorded {
    occurred: i64,
    arrived: i64,
    metric: usize,
    quantity: i64,
}

fn usage() -> impl Strategy<Value = Vec<Recorded>> {
    let record = (0..DAYS, 0..DAYS, 0..2_usize, 0..1_000_i64).prop_map(
        |(occurred, delay, metric, quantity)| Recorded {
            occurred: BEGIN + occurred,
            arrived: BEGIN + occurred + delay / 40,
            metric,
            quantity,
        },
    );
    proptest::collection::vec(record, 0..200)
}

/// When reports ran, in any rhythm.
fn reports() -> impl Strategy<Value = Vec<i64>> {
    proptest::collection::btree_set(BEGIN..BEGIN + 2 * DAYS, 1..60)
        .prop_map(|moments| moments.into_iter().collect())
}

fn metric(index: usize) -> MetricId {
    MetricId::parse(["requests", "bytes"][index]).expect("an id")
}

/// Windows and what was billed in them, by metric.
type Bill = BTreeMap<(Window, String), i64>;

/// Plays the records in the order of their arrival against reports at these moments, and a last one
/// after all of it.
fn play(mut records: Vec<Recorded>, reports: &[i64], in_force: InForce) -> (Bill, i64) {
    records.sort_by_key(|record| record.arrived);
    let mut open = in_force.start;
    let mut bill = Bill::new();
    let mut taken: Vec<(usize, i64, Timestamp)> = Vec::new();
    let mut accepted = 0;
    let mut arriving = records.into_iter().peekable();
    let last = BEGIN + 20 * DAYS;
    for moment in reports.iter().copied().chain([last]) {
        while let Some(record) = arriving.next_if(|record| record.arrived < moment) {
            let time = UsageTime {
                occurred: at(record.occurred),
                in_force,
                open,
            };
            let assigned = assign_window(time, LatePolicy::NextWindow, at(record.arrived));
            if let Ok(assigned) = assigned {
                taken.push((record.metric, record.quantity, assigned.hour));
                accepted += record.quantity;
            }
        }
        let Some(period) = Period::to_close(open, in_force.end, at(moment)) else {
            continue;
        };
        open = period.end();
        close(period, &mut taken, &mut bill);
    }
    assert_eq!(taken.len(), 0, "every record is closed in the end");
    (bill, accepted)
}

fn close(period: Period, taken: &mut Vec<(usize, i64, Timestamp)>, bill: &mut Bill) {
    let hours: Vec<_> = period.windows().map(Window::hour).collect();
    let (closed, rest): (Vec<_>, Vec<_>) = taken
        .drain(..)
        .partition(|(_, _, hour)| hours.contains(hour));
    *taken = rest;
    let labels = Labels::new();
    for window in period.windows() {
        let mut totals = RunningTotals::default();
        for (index, quantity, _) in closed.iter().filter(|(.., hour)| *hour == window.hour()) {
            totals.add(Used {
                metric: &metric(*index),
                quantity: Quantity::Int64(*quantity),
                labels: &labels,
            });
        }
        for aggregate in totals.aggregates(&[]) {
            let Total::Sum(Quantity::Int64(sum)) = aggregate.total else {
                panic!("not a sum of whole numbers: {aggregate:?}");
            };
            let row = (window, aggregate.metric.as_str().to_owned());
            assert_eq!(bill.insert(row, sum), None, "a window is billed once");
        }
    }
}

fn in_force(end: Option<i64>) -> InForce {
    InForce {
        start: at(BEGIN + 1_234),
        end: end.map(at),
    }
}

proptest! {
    #[test]
    fn every_record_is_billed_once_whenever_reports_run(
        records in usage(),
        reports in reports(),
        end in proptest::option::of(BEGIN + 2_000..BEGIN + DAYS),
    ) {
        let (bill, accepted) = play(records, &reports, in_force(end));
        prop_assert_eq!(bill.values().sum::<i64>(), accepted);
    }

    #[test]
    fn the_order_of_arrival_within_an_hour_makes_no_difference(
        records in usage(),
        seed in any::<u64>(),
    ) {
        let arrived_at_once = |records: &[Recorded]| -> Vec<Recorded> {
            let arrived = BEGIN + 2 * DAYS;
            records.iter().map(|r| Recorded { arrived, ..r.clone() }).collect()
        };
        let mut shuffled = records.clone();
        let length = shuffled.len().max(1);
        let turn = usize::try_from(seed % length as u64).expect("small");
        shuffled.rotate_left(turn);
        shuffled.reverse();
        let one = play(arrived_at_once(&records), &[], in_force(None));
        let other = play(arrived_at_once(&shuffled), &[], in_force(None));
        prop_assert_eq!(one, other);
    }

    #[test]
    fn windows_touch_and_never_overlap(start in 0..DAYS, length in 1..DAYS) {
        let period = Period::between(at(BEGIN + start), at(BEGIN + start + length))
            .expect("time between them");
        let windows: Vec<_> = period.windows().collect();
        prop_assert_eq!(windows.first().map(|w| w.start), Some(period.start()));
        prop_assert_eq!(windows.last().map(|w| w.end), Some(period.end()));
        for pair in windows.windows(2) {
            prop_assert_eq!(pair[0].end, pair[1].start);
        }
        for window in windows {
            prop_assert!(window.start < window.end);
            let long = window.end.duration_since(window.start);
            prop_assert!(long <= SignedDuration::from_hours(1));
            prop_assert_eq!(window.hour(), hour_of(window.start));
        }
    }

    #[test]
    fn no_window_crosses_a_month_of_googles_bills(day in 0..365_i64 * 3, length in 1..DAYS) {
        let pacific = TimeZone::get("America/Los_Angeles").expect("a time zone");
        let start = at(BEGIN + day * 86_400 + 777);
        let period = Period::between(start, at(start.as_second() + length)).expect("time");
        for window in period.windows() {
            let first = window.start.to_zoned(pacific.clone());
            let last = window.end.checked_sub(SignedDuration::from_nanos(1)).expect("a moment");
            let last = last.to_zoned(pacific.clone());
            prop_assert_eq!((first.year(), first.month()), (last.year(), last.month()));
        }
    }

    #[test]
    fn sums_are_the_same_in_any_order(quantities in quantities(), seed in any::<u64>()) {
        let sum: Sum = quantities.iter().copied().collect();
        let mut shuffled = quantities.clone();
        fastrand::Rng::with_seed(seed).shuffle(&mut shuffled);
        // The parts too: nothing tells the order any more.
        prop_assert_eq!(&shuffled.into_iter().collect::<Sum>(), &sum);
        prop_assert_eq!(bits(sum.total()), bits(at_once(&quantities)));
    }

    #[test]
    fn totals_are_the_same_wherever_reading_was_interrupted(
        used in proptest::collection::vec((0..3_usize, quantity(), 0..4_u8), 0..60),
        cuts in proptest::collection::vec(any::<bool>(), 60),
        seed in any::<u64>(),
    ) {
        let labels = |number: u8| match number {
            0 => Labels::new(),
            _ => Labels::from([("\"key\"".to_owned(), format!("{number} \\ ä"))]),
        };
        let add = |totals: &mut RunningTotals, (index, quantity, number): (usize, Quantity, u8)| {
            let id = MetricId::parse(["requests", "bytes", "hours"][index]).expect("an id");
            totals.add(Used { metric: &id, quantity, labels: &labels(number) });
        };
        let mut whole = RunningTotals::default();
        for record in used.iter().copied() {
            add(&mut whole, record);
        }
        let mut shuffled = used;
        fastrand::Rng::with_seed(seed).shuffle(&mut shuffled);
        let mut kept = String::new();
        let mut part = RunningTotals::default();
        for (record, cut) in shuffled.into_iter().zip(cuts) {
            add(&mut part, record);
            if cut {
                kept = part.to_text();
                part = RunningTotals::parse(&kept).expect("totals");
            }
        }
        prop_assert!(kept.len() < 100_000);
        prop_assert_eq!(&part, &whole);
        prop_assert_eq!(part.to_text(), whole.to_text());
        prop_assert_eq!(part.aggregates(&[]), whole.aggregates(&[]));
    }
}

/// Quantities of both kinds: any that can be recorded, the least and the largest among them.
fn quantity() -> impl Strategy<Value = Quantity> {
    prop_oneof![
        (0..=i64::MAX).prop_map(Quantity::Int64),
        (0..1_000_i64).prop_map(Quantity::Int64),
        (0.0..1e18_f64).prop_map(Quantity::Double),
        (0..1e18_f64.to_bits()).prop_map(|bits| Quantity::Double(f64::from_bits(bits))),
        (0..100_u64).prop_map(|bits| Quantity::Double(f64::from_bits(bits))),
    ]
}

/// Of one kind or mixed.
fn quantities() -> impl Strategy<Value = Vec<Quantity>> {
    let is_double = |quantity: &Quantity| matches!(quantity, Quantity::Double(_));
    let doubles = quantity().prop_filter("of the other kind", is_double);
    let whole = quantity().prop_filter("of the other kind", move |it| !is_double(it));
    prop_oneof![
        proptest::collection::vec(doubles, 0..40),
        proptest::collection::vec(whole, 0..40),
        proptest::collection::vec(quantity(), 0..40),
    ]
}

/// The total as it was always made: all numbers at hand.
fn at_once(quantities: &[Quantity]) -> Total {
    let mut whole = 0_i128;
    let mut doubles = XsumLarge::new();
    let mut is_double = false;
    for quantity in quantities {
        match quantity {
            Quantity::Int64(value) => whole += i128::from(*value),
            Quantity::Double(value) => {
                is_double = true;
                doubles.add(*value);
            }
        }
    }
    if !is_double {
        return match i64::try_from(whole) {
            Ok(sum) => Total::Sum(Quantity::Int64(sum)),
            Err(_) => Total::Overflow,
        };
    }
    // 32 bits at a time, which are exact.
    for piece in 0..4_i32 {
        let digits = u32::try_from((whole >> (32 * piece)) & 0xffff_ffff).expect("32 bits");
        doubles.add(f64::from(digits) * 2_f64.powi(32 * piece));
    }
    Total::Sum(Quantity::Double(doubles.sum() + 0.0))
}

/// To be compared bit for bit.
fn bits(total: Total) -> Option<(bool, u64)> {
    match total {
        Total::Sum(Quantity::Int64(value)) => Some((false, u64::try_from(value).expect("a sum"))),
        Total::Sum(Quantity::Double(value)) => Some((true, value.to_bits())),
        Total::Overflow => None,
    }
}
