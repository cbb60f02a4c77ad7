//! The customer's bill: what it used, by month and metric.

use std::collections::BTreeMap;

use marketplace_simulator::{Bill, Billing, Entitlement, Metric, Quantity, Settings, Simulator};

use super::visitor::Me;

/// A millionth of a dollar, in which prices are.
const MICROS: i128 = 1_000_000;

pub(super) struct BillCard {
    pub(super) months: Vec<Month>,
    /// How many values are on the bill for the second time, or more often.
    pub(super) repeats: usize,
}

/// One month of the Marketplace's, which are those of Pacific time.
pub(super) struct Month {
    /// Such as `2026-01`.
    pub(super) name: String,
    pub(super) rows: Vec<BillRow>,
    pub(super) amount: String,
}

pub(super) struct BillRow {
    pub(super) metric: String,
    pub(super) quantity: String,
    pub(super) amount: String,
}

/// The bill of this person's account, if it has one to expect.
pub(super) fn card(simulator: &Simulator, me: &Me, bought: &[Entitlement]) -> Option<BillCard> {
    let bill = simulator.bill(me.account()?);
    let settings = simulator.settings();
    let is_expected = bought.iter().any(|it| is_by_usage(settings, it));
    if !is_expected && bill.lines.is_empty() {
        return None;
    }
    Some(BillCard {
        months: months(settings, &bill),
        repeats: bill.lines.iter().filter(|line| line.is_repeat).count(),
    })
}

fn is_by_usage(settings: &Settings, entitlement: &Entitlement) -> bool {
    let plans = settings.products.iter().flat_map(|product| &product.plans);
    let mut usage = plans.filter(|plan| plan.billing == Billing::Usage);
    usage.any(|plan| plan.id == entitlement.plan)
}

/// Newest first.
fn months(settings: &Settings, bill: &Bill) -> Vec<Month> {
    let mut months: BTreeMap<String, (Vec<BillRow>, i128)> = BTreeMap::new();
    for ((month, id), quantity) in bill.by_month() {
        let (rows, sum) = months.entry(month).or_default();
        let metric = metric(settings, &id);
        let cost = metric.map_or(0, |metric| cost(metric, quantity));
        *sum = sum.saturating_add(cost);
        rows.push(BillRow {
            metric: metric.map_or(id, |metric| metric.title.clone()),
            quantity: amount_of(quantity),
            amount: dollars(cost),
        });
    }
    let month = |(name, (rows, sum))| Month {
        name,
        rows,
        amount: dollars(sum),
    };
    months.into_iter().rev().map(month).collect()
}

fn metric<'a>(settings: &'a Settings, id: &str) -> Option<&'a Metric> {
    let plans = settings.products.iter().flat_map(|product| &product.plans);
    let mut metrics = plans.flat_map(|plan| &plan.metrics);
    metrics.find(|metric| metric.id == id)
}

/// In millionths of a dollar.
#[expect(clippy::cast_possible_truncation, reason = "a cast saturates")]
fn cost(metric: &Metric, quantity: Quantity) -> i128 {
    match quantity {
        Quantity::Int64(whole) => whole.saturating_mul(metric.price_micros.into()),
        Quantity::Double(fraction) => (fraction * f64::from(metric.price_micros)).round() as i128,
    }
}

/// Rounded to cents.
fn dollars(micros: i128) -> String {
    let cents = micros.saturating_add(MICROS / 200) / (MICROS / 100);
    format!("${}.{:02}", cents / 100, cents % 100)
}

/// A quantity as a customer reads it: to thousandths.
pub fn amount_of(quantity: Quantity) -> String {
    match quantity {
        Quantity::Int64(whole) => whole.to_string(),
        Quantity::Double(fraction) => {
            let text = format!("{fraction:.3}");
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_rounded_to_cents_and_quantities_to_thousandths() {
        for (micros, expected) in [
            (0, "$0.00"),
            (4_999, "$0.00"),
            (5_000, "$0.01"),
            (1_995_000, "$2.00"),
            (1_234_560_000, "$1234.56"),
        ] {
            assert_eq!(dollars(micros), expected);
        }
        for (quantity, expected) in [
            (Quantity::Int64(100), "100"),
            (Quantity::Double(100.0), "100"),
            (Quantity::Double(0.1 + 0.2), "0.3"),
        ] {
            assert_eq!(amount_of(quantity), expected);
        }
    }
}
