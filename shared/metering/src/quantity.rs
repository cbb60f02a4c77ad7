//! How much was used.

use serde::{Deserialize, Serialize};

/// The declared type of a metric. Google refuses an operation whose value has the other type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ValueType {
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
    #[error("the quantity is negative")]
    Negative,
    /// The metric counts whole numbers.
    #[error("the quantity is not a whole number, as the metric demands")]
    NotWhole,
    /// The number is 2^63 or more, or 10^18 or more for a floating-point metric.
    #[error("the quantity is too large")]
    TooLarge,
}

/// What a window's records add up to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Total {
    /// A sum that can be reported.
    Sum(Quantity),
    /// A sum of 2^63 or more, which cannot be reported. It is a mistake, not usage.
    Overflow,
}

/// Every floating-point quantity is below this, so that no sum becomes infinite.
const LARGEST_DOUBLE: f64 = 1e18;

impl ValueType {
    /// Its name in the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Int64 => "int64",
            Self::Double => "double",
        }
    }

    /// Reads the type's name in the configuration.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Int64, Self::Double]
            .into_iter()
            .find(|known| known.as_str() == text)
    }
}

impl Quantity {
    /// Reads a JSON number as a quantity of this type.
    pub fn read(
        value_type: ValueType,
        number: &serde_json::Number,
    ) -> Result<Self, InvalidQuantity> {
        match value_type {
            ValueType::Int64 => whole(number).map(Self::Int64),
            ValueType::Double => {
                let value = number.as_f64().ok_or(InvalidQuantity::TooLarge)?;
                double(value).map(Self::Double)
            }
        }
    }

    /// The type of metric that it belongs to.
    pub fn value_type(self) -> ValueType {
        match self {
            Self::Int64(_) => ValueType::Int64,
            Self::Double(_) => ValueType::Double,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value_type: ValueType, json: &str) -> Result<Quantity, InvalidQuantity> {
        Quantity::read(value_type, &serde_json::from_str(json).unwrap())
    }

    #[test]
    fn whole_numbers_are_read_to_the_last_unit() {
        for (json, value) in [
            ("0", 0),
            ("9007199254740993", 9_007_199_254_740_993),
            ("9223372036854775807", i64::MAX),
        ] {
            assert_eq!(read(ValueType::Int64, json), Ok(Quantity::Int64(value)));
        }
    }

    #[test]
    fn anything_but_a_whole_number_from_zero_to_the_largest_is_refused() {
        for (json, problem) in [
            ("-1", InvalidQuantity::Negative),
            ("-0.5", InvalidQuantity::Negative),
            ("9223372036854775808", InvalidQuantity::TooLarge),
            ("1.5", InvalidQuantity::NotWhole),
            ("1.0", InvalidQuantity::NotWhole),
            ("1e300", InvalidQuantity::NotWhole),
        ] {
            assert_eq!(read(ValueType::Int64, json), Err(problem), "{json}");
        }
    }

    #[test]
    fn a_floating_point_metric_takes_whole_numbers_too() {
        assert_eq!(read(ValueType::Double, "3"), Ok(Quantity::Double(3.0)));
        assert_eq!(read(ValueType::Double, "0.1"), Ok(Quantity::Double(0.1)));
        let refused = |json| read(ValueType::Double, json).unwrap_err();
        assert_eq!(refused("-1e-9"), InvalidQuantity::Negative);
        assert_eq!(refused("1e18"), InvalidQuantity::TooLarge);
    }

    #[test]
    fn minus_zero_is_nothing_used() {
        let zero = read(ValueType::Double, "-0.0").unwrap();
        assert!(zero.is_zero());
        assert_eq!(format!("{zero:?}"), "Double(0.0)");
    }
}
