//! What one window's records add up to, also if they are not all read at once.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::sum::{Parts, Sum};
use crate::{Kind, Metric, MetricId, Quantity, Total};

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

/// What the tally needs of one record.
#[derive(Debug, Clone, Copy)]
pub struct Used<'a> {
    /// What was used.
    pub metric: &'a MetricId,
    /// How much.
    pub quantity: Quantity,
    /// How it is labelled; empty where labels are not reported.
    pub labels: &'a Labels,
}

/// What one operation reports.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregate {
    /// What.
    pub metric: MetricId,
    /// Labelled how.
    pub labels: Labels,
    /// How much.
    pub total: Total,
}

/// What the records of one window add up to so far, by metric and labels.
///
/// As a text it has less than [`LARGEST`](Self::LARGEST) bytes, beside 600 and its name for each
/// metric: that bounds how many sets of labels there are. Whatever comes after them under a set of
/// its own is added to what has no labels: the customer's bill is the same, its breakdown less fine.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tally {
    sums: BTreeMap<MetricId, BTreeMap<Labels, Sum>>,
    /// What the sets of labels take of the room there is.
    taken: usize,
    unlabelled: u64,
}

/// A tally as it is written.
#[derive(Deserialize)]
struct Written {
    sums: Vec<Line>,
    unlabelled: u64,
}

/// Metric, labels, whole number, and the bits of the floating-point numbers: texts of such numbers
/// are not always read as what was written.
#[derive(Serialize, Deserialize)]
struct Line(MetricId, Labels, String, Option<Vec<u64>>);

impl Tally {
    /// How long the text of the sets of labels may be, so that it fits into a document of 1 MiB.
    ///
    /// It must stay as it is: an hour whose rows were written in part by one release has to come
    /// out the same with the next.
    pub const LARGEST: usize = 900_000;

    /// The longest text of a sum: 39 digits, 23 numbers of 20, and what stands between them.
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
        let room = room(metric, labels);
        let labels = if self.taken + room <= Self::LARGEST {
            self.taken += room;
            labels.clone()
        } else {
            self.unlabelled += 1;
            Labels::new()
        };
        let sums = self.sums.entry(metric.clone()).or_default();
        sums.entry(labels).or_default().add(quantity);
    }

    /// How many records had labels that there was no room for.
    pub fn unlabelled(&self) -> u64 {
        self.unlabelled
    }

    /// One aggregate for each metric and set of labels, in that order.
    ///
    /// `zero` are the metrics that are reported although nothing was used of them; without it, what
    /// adds up to nothing is left out.
    pub fn aggregates(self, zero: &[Metric]) -> Vec<Aggregate> {
        let mut sums = self.sums;
        for metric in zero {
            let nothing = || BTreeMap::from([(Labels::new(), nothing(metric.kind))]);
            sums.entry(metric.id.clone()).or_insert_with(nothing);
        }
        let reported = |id: &MetricId| zero.iter().any(|metric| metric.id == *id);
        let aggregates = sums.into_iter().flat_map(|(metric, sums)| {
            let all = reported(&metric);
            let aggregates = sums.into_iter().map(move |(labels, sum)| Aggregate {
                metric: metric.clone(),
                labels,
                total: sum.total(),
            });
            aggregates.filter(move |it| all || !is_nothing(it.total))
        });
        aggregates.collect()
    }

    /// The text that [`parse`](Self::parse) reads.
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

    /// Reads a tally exactly as it was when it was written.
    pub fn parse(text: &str) -> Option<Self> {
        let written: Written = serde_json::from_str(text).ok()?;
        let mut tally = Self {
            unlabelled: written.unlabelled,
            ..Self::default()
        };
        for Line(metric, labels, whole, bits) in written.sums {
            let parts = |bits: Vec<u64>| Parts(bits.into_iter().map(f64::from_bits).collect());
            let sum = Sum {
                whole: whole.parse().ok()?,
                double: bits.map(parts),
            };
            let sets = tally.sums.entry(metric.clone()).or_default();
            tally.taken += room(&metric, &labels);
            sets.insert(labels, sum);
        }
        Some(tally)
    }
}

/// The room that a set of labels takes, whatever it adds up to. What has no labels always fits.
fn room(metric: &MetricId, labels: &Labels) -> usize {
    if labels.is_empty() {
        return 0;
    }
    let labels = serde_json::to_string(labels).map_or(usize::MAX, |text| text.len());
    labels.saturating_add(metric.as_str().len() + Tally::SUM)
}

fn nothing(kind: Kind) -> Sum {
    let nothing = match kind {
        Kind::Int64 => Quantity::Int64(0),
        Kind::Double => Quantity::Double(0.0),
    };
    Sum::from_iter([nothing])
}

fn is_nothing(total: Total) -> bool {
    match total {
        Total::Sum(quantity) => quantity.is_zero(),
        Total::Overflow => false,
    }
}

#[cfg(test)]
#[path = "tally/tests.rs"]
mod tests;
