//! How much was used, and how it adds up.

use serde::{Deserialize, Serialize};
use xsum::{Xsum as _, XsumLarge};

/// The declared type of a metric. Google refuses an operation whose value has the other type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Whole numbers.
    Int64,
    /// Floating-point numbers.
    Double,
}

/// How much one record says was used: never negative, never infinite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Quantity {
    /// Of a metric of whole numbers.
    Int64(i64),
    /// Of a metric of floating-point numbers.
    Double(f64),
}

/// Why a number is not a quantity of its metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidQuantity {
    /// Usage cannot be taken back: a negative value is not documented by Google.
    #[error("is negative")]
    Negative,
    /// The metric counts whole numbers.
    #[error("is not a whole number, as the metric demands")]
    NotWhole,
    /// The number is 2^63 or more, or 10^18 or more for a floating-point metric.
    #[error("is too large")]
    TooLarge,
}

/// What a window's records add up to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Total {
    /// A sum that can be reported.
    Sum(Quantity),
    /// A sum of 2^63 or more, which Google cannot be told. Whatever it is, it is not usage.
    Overflow,
}

/// The largest quantity of a floating-point record: no sum of such becomes infinite.
const LARGEST_DOUBLE: f64 = 1e18;

impl Kind {
    /// The type's name in the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Int64 => "int64",
            Self::Double => "double",
        }
    }

    /// Reads its name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Int64, Self::Double]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

impl Quantity {
    /// Reads a JSON number as a quantity of this kind.
    pub fn read(kind: Kind, number: &serde_json::Number) -> Result<Self, InvalidQuantity> {
        match kind {
            Kind::Int64 => whole(number).map(Self::Int64),
            Kind::Double => {
                let value = number.as_f64().ok_or(InvalidQuantity::TooLarge)?;
                double(value).map(Self::Double)
            }
        }
    }

    /// The kind of metric it is of.
    pub fn kind(self) -> Kind {
        match self {
            Self::Int64(_) => Kind::Int64,
            Self::Double(_) => Kind::Double,
        }
    }

    /// Whether nothing was used.
    pub fn is_zero(self) -> bool {
        match self {
            Self::Int64(value) => value == 0,
            Self::Double(value) => value <= 0.0,
        }
    }
}

impl Total {
    /// Adds quantities to one of this kind. Whole numbers may be added to a floating-point total;
    /// whole totals leave out what is not whole, because a metric has one type.
    pub fn of(kind: Kind, quantities: impl IntoIterator<Item = Quantity>) -> Self {
        match kind {
            Kind::Int64 => whole_total(quantities),
            Kind::Double => double_total(quantities),
        }
    }
}

fn whole(number: &serde_json::Number) -> Result<i64, InvalidQuantity> {
    match number.as_i64() {
        Some(value) if value < 0 => Err(InvalidQuantity::Negative),
        Some(value) => Ok(value),
        None if number.is_u64() => Err(InvalidQuantity::TooLarge),
        None if number.as_f64().is_some_and(|value| value < 0.0) => Err(InvalidQuantity::Negative),
        None => Err(InvalidQuantity::NotWhole),
    }
}

fn double(value: f64) -> Result<f64, InvalidQuantity> {
    if value < 0.0 {
        Err(InvalidQuantity::Negative)
    } else if value < LARGEST_DOUBLE {
        // Minus zero is zero: two ways to write nothing would be two contents.
        Ok(value + 0.0)
    } else {
        Err(InvalidQuantity::TooLarge)
    }
}

fn whole_total(quantities: impl IntoIterator<Item = Quantity>) -> Total {
    let values = quantities
        .into_iter()
        .filter_map(|quantity| match quantity {
            Quantity::Int64(value) => Some(i128::from(value)),
            Quantity::Double(_) => None,
        });
    // 2^64 records of the largest quantity fit.
    match i64::try_from(values.sum::<i128>()) {
        Ok(sum) => Total::Sum(Quantity::Int64(sum)),
        Err(_) => Total::Overflow,
    }
}

/// Exact, and rounded once: the order of the records makes no difference.
fn double_total(quantities: impl IntoIterator<Item = Quantity>) -> Total {
    let mut sum = XsumLarge::new();
    for quantity in quantities {
        match quantity {
            Quantity::Double(value) => sum.add(value),
            Quantity::Int64(value) => sum.add(as_double(value)),
        }
    }
    Total::Sum(Quantity::Double(sum.sum() + 0.0))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a floating-point metric is told so, and has no more precision"
)]
fn as_double(value: i64) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: Kind, json: &str) -> Result<Quantity, InvalidQuantity> {
        Quantity::read(kind, &serde_json::from_str(json).unwrap())
    }

    #[test]
    fn whole_numbers_are_read_to_the_last_unit() {
        for (json, value) in [
            ("0", 0),
            ("9007199254740993", 9_007_199_254_740_993),
            ("9223372036854775807", i64::MAX),
        ] {
            assert_eq!(read(Kind::Int64, json), Ok(Quantity::Int64(value)));
        }
    }

    #[test]
    fn what_is_no_whole_number_from_zero_to_the_largest_is_refused() {
        for (json, problem) in [
            ("-1", InvalidQuantity::Negative),
            ("-0.5", InvalidQuantity::Negative),
            ("9223372036854775808", InvalidQuantity::TooLarge),
            ("1.5", InvalidQuantity::NotWhole),
            ("1.0", InvalidQuantity::NotWhole),
            ("1e300", InvalidQuantity::NotWhole),
        ] {
            assert_eq!(read(Kind::Int64, json), Err(problem), "{json}");
        }
    }

    #[test]
    fn a_floating_point_metric_takes_whole_numbers_too() {
        assert_eq!(read(Kind::Double, "3"), Ok(Quantity::Double(3.0)));
        assert_eq!(read(Kind::Double, "0.1"), Ok(Quantity::Double(0.1)));
        assert_eq!(read(Kind::Double, "-1e-9"), Err(InvalidQuantity::Negative));
        assert_eq!(read(Kind::Double, "1e18"), Err(InvalidQuantity::TooLarge));
    }

    #[test]
    fn minus_zero_is_nothing_used() {
        let zero = read(Kind::Double, "-0.0").unwrap();
        assert!(zero.is_zero());
        assert_eq!(format!("{zero:?}"), "Double(0.0)");
    }

    #[test]
    fn a_sum_that_google_cannot_be_told_is_none() {
        let most = Quantity::Int64(i64::MAX);
        assert_eq!(Total::of(Kind::Int64, [most]), Total::Sum(most));
        let more = [most, Quantity::Int64(1)];
        assert_eq!(Total::of(Kind::Int64, more), Total::Overflow);
    }

    #[test]
    fn tenths_add_up_to_what_they_are() {
        let tenths = [Quantity::Double(0.1); 10];
        let one = Total::Sum(Quantity::Double(1.0));
        assert_eq!(Total::of(Kind::Double, tenths), one);
    }

    #[test]
    fn what_was_recorded_as_whole_numbers_counts_in_a_floating_point_total() {
        let mixed = [Quantity::Int64(2), Quantity::Double(0.5)];
        let total = Total::Sum(Quantity::Double(2.5));
        assert_eq!(Total::of(Kind::Double, mixed), total);
    }

    #[test]
    fn nothing_adds_up_to_nothing() {
        let int = Total::Sum(Quantity::Int64(0));
        assert_eq!(Total::of(Kind::Int64, []), int);
        let double = Total::Sum(Quantity::Double(0.0));
        assert_eq!(Total::of(Kind::Double, []), double);
    }
}
