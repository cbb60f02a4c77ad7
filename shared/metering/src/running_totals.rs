//! What the records of one window add up to, also if they are not all read at once.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::sum::{Parts, Sum};
use crate::{Metric, MetricId, Quantity, Total, ValueType};

/// What the customer's cost breakdown is split by: keys and values that the application chose.
pub type Labels = BTreeMap<String, String>;

/// Whether usage is reported by its labels. Google calls `userLabels` a private preview.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserLabels {
    /// All usage of a metric in a window is one operation; labels are ignored.
    LeftOut,
    /// Each set of labels is an operation of its own.
    Reported,
}

/// The part of a record that is added up.
#[derive(Debug, Clone, Copy)]
pub struct Used<'a> {
    /// What was used.
    pub metric: &'a MetricId,
    /// How much.
    pub quantity: Quantity,
    /// Its labels; empty where labels are not reported.
    pub labels: &'a Labels,
}

/// What one operation reports.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregate {
    /// What was used.
    pub metric: MetricId,
    /// The labels that all of it has.
    pub labels: Labels,
    /// How much was used.
    pub total: Total,
}

/// What the records of one window add up to so far, by metric and labels.
///
/// Their text has less than [`LARGEST`](Self::LARGEST) bytes, plus 600 and the name for each metric.
/// That limits how many sets of labels there are. Usage under further sets is added to the usage
/// without labels: the customer's bill is the same, only its breakdown is less detailed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RunningTotals {
    sums: BTreeMap<MetricId, BTreeMap<Labels, Sum>>,
    /// How much of [`LARGEST`](Self::LARGEST) the sets of labels take.
    used_size: usize,
    unlabelled: u64,
}

#[derive(Deserialize)]
struct Written {
    sums: Vec<Line>,
    unlabelled: u64,
}

/// Metric, labels, whole number, and the bits of the floating-point numbers: a decimal text of such a
/// number is not always read as the same number.
#[derive(Serialize, Deserialize)]
struct Line(MetricId, Labels, String, Option<Vec<u64>>);

impl RunningTotals {
    /// How long the text of the sets of labels may be, so that it fits into a document of 1 MiB.
    ///
    /// It must not change: when one release has written some rows of an hour, the next release must
    /// come to the same rows.
    pub const LARGEST: usize = 900_000;

    /// The longest text of a sum: 39 digits, 23 numbers of 20 digits, and the separators.
    const SUM: usize = 600;

    /// Adds one record.
    pub fn add(&mut self, used: Used<'_>) {
        let Used {
            metric,
            quantity,
            labels,
        } = used;
        let by_labels = self.sums.get_mut(metric);
        if let Some(sum) = by_labels.and_then(|sums| sums.get_mut(labels)) {
            sum.add(quantity);
            return;
        }
        let size = text_size(metric, labels);
        let labels = if self.used_size + size <= Self::LARGEST {
            self.used_size += size;
            labels.clone()
        } else {
            self.unlabelled += 1;
            Labels::new()
        };
        let sums = self.sums.entry(metric.clone()).or_default();
        sums.entry(labels).or_default().add(quantity);
    }

    /// How many records were added without their labels, because there was no space for another set.
    pub fn unlabelled(&self) -> u64 {
        self.unlabelled
    }

    /// One aggregate for each metric and set of labels, in that order.
    ///
    /// `zero` are the metrics that are reported even if nothing was used of them. A total of zero of
    /// any other metric is left out.
    pub fn aggregates(self, zero: &[Metric]) -> Vec<Aggregate> {
        let mut sums = self.sums;
        for metric in zero {
            let unused = || BTreeMap::from([(Labels::new(), zero_of(metric.value_type))]);
            sums.entry(metric.id.clone()).or_insert_with(unused);
        }
        let reported = |id: &MetricId| zero.iter().any(|metric| metric.id == *id);
        let aggregates = sums.into_iter().flat_map(|(metric, sums)| {
            let all = reported(&metric);
            let aggregates = sums.into_iter().map(move |(labels, sum)| Aggregate {
                metric: metric.clone(),
                labels,
                total: sum.total(),
            });
            aggregates.filter(move |it| all || !is_zero(it.total))
        });
        aggregates.collect()
    }

    /// The text to be stored, which [`parse`](Self::parse) reads.
    pub fn to_text(&self) -> String {
        let lines = self.sums.iter().flat_map(|(metric, sums)| {
            sums.iter().map(|(labels, sum)| {
                let bits = |parts: &Parts| parts.0.iter().map(|part| part.to_bits()).collect();
                let (whole, double) = (sum.whole.to_string(), sum.double.as_ref().map(bits));
                Line(metric.clone(), labels.clone(), whole, double)
            })
        });
        let sums: Vec<_> = lines.collect();
        json!({ "sums": sums, "unlabelled": self.unlabelled }).to_string()
    }

    /// Reads the text of [`to_text`](Self::to_text): the result equals what was written.
    pub fn parse(text: &str) -> Option<Self> {
        let written: Written = serde_json::from_str(text).ok()?;
        let mut totals = Self {
            unlabelled: written.unlabelled,
            ..Self::default()
        };
        for Line(metric, labels, whole, bits) in written.sums {
            let parts = |bits: Vec<u64>| Parts(bits.into_iter().map(f64::from_bits).collect());
            let sum = Sum {
                whole: whole.parse().ok()?,
                double: bits.map(parts),
            };
            let sets = totals.sums.entry(metric.clone()).or_default();
            totals.used_size += text_size(&metric, &labels);
            sets.insert(labels, sum);
        }
        Some(totals)
    }
}

/// The most that a set of labels adds to the text. Usage without labels always fits.
fn text_size(metric: &MetricId, labels: &Labels) -> usize {
    if labels.is_empty() {
        return 0;
    }
    let labels = serde_json::to_string(labels).map_or(usize::MAX, |text| text.len());
    labels.saturating_add(metric.as_str().len() + RunningTotals::SUM)
}

fn zero_of(value_type: ValueType) -> Sum {
    let zero = match value_type {
        ValueType::Int64 => Quantity::Int64(0),
        ValueType::Double => Quantity::Double(0.0),
    };
    Sum::from_iter([zero])
}

fn is_zero(total: Total) -> bool {
    match total {
        Total::Sum(quantity) => quantity.is_zero(),
        Total::Overflow => false,
    }
}

#[cfg(test)]
mod tests;
