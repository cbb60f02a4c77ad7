//! The exact sum of quantities.

use xsum::{Xsum as _, XsumSmall};

use crate::{Quantity, Total};

/// What quantities add up to, exactly. It is the same in any order, and with any interruptions:
/// nothing is rounded before [`total`](Self::total).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sum {
    /// Of the whole numbers. 2^64 records of the largest quantity fit.
    pub(crate) whole: i128,
    /// Of the floating-point numbers; none if there were none.
    pub(crate) double: Option<Parts>,
}

/// An exact sum of floating-point numbers as a short list of such numbers: the rounded sum, then the
/// rounded rest, and so on. Each sum has exactly one such list, of 23 numbers at most, and mostly of
/// one or two.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Parts(pub(crate) Vec<f64>);

impl Sum {
    /// Adds one quantity.
    pub fn add(&mut self, quantity: Quantity) {
        match quantity {
            Quantity::Int64(value) => self.whole += i128::from(value),
            Quantity::Double(value) => self.double.get_or_insert_default().add(value),
        }
    }

    /// The rounded total. A metric has one type; but if it was declared with the wrong type at first,
    /// there are records of both, and the whole numbers are added to the others.
    pub fn total(&self) -> Total {
        let Some(Parts(parts)) = &self.double else {
            return match i64::try_from(self.whole) {
                Ok(sum) => Total::Sum(Quantity::Int64(sum)),
                Err(_) => Total::Overflow,
            };
        };
        let mut sum = XsumSmall::new();
        sum.add_list(parts);
        sum.add_list(&whole_in_parts(self.whole));
        Total::Sum(Quantity::Double(sum.sum() + 0.0))
    }
}

impl FromIterator<Quantity> for Sum {
    fn from_iter<T: IntoIterator<Item = Quantity>>(quantities: T) -> Self {
        let mut sum = Self::default();
        for quantity in quantities {
            sum.add(quantity);
        }
        sum
    }
}

impl Parts {
    fn add(&mut self, value: f64) {
        let mut sum = XsumSmall::new();
        sum.add_list(&self.0);
        sum.add(value);
        self.0.clear();
        loop {
            let part = sum.sum();
            if part.abs() <= 0.0 {
                return;
            }
            self.0.push(part);
            sum.add(-part);
        }
    }
}

/// Numbers that add up to this one exactly: a floating-point number holds 53 bits.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "what is lost of a part is in the next, and a rounded part is a whole number"
)]
fn whole_in_parts(value: i128) -> Vec<f64> {
    let mut parts = Vec::new();
    let mut rest = value;
    while rest != 0 {
        let part = rest as f64;
        parts.push(part);
        rest -= part as i128;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(quantities: impl IntoIterator<Item = Quantity>) -> Total {
        quantities.into_iter().collect::<Sum>().total()
    }

    #[test]
    fn a_sum_that_cannot_be_reported_is_an_overflow() {
        let most = Quantity::Int64(i64::MAX);
        assert_eq!(total([most]), Total::Sum(most));
        assert_eq!(total([most, Quantity::Int64(1)]), Total::Overflow);
    }

    #[test]
    fn tenths_add_up_to_what_they_are() {
        let one = Total::Sum(Quantity::Double(1.0));
        assert_eq!(total([Quantity::Double(0.1); 10]), one);
    }

    #[test]
    fn what_was_recorded_as_whole_numbers_counts_in_a_floating_point_total() {
        let mixed = [Quantity::Int64(2), Quantity::Double(0.5)];
        assert_eq!(total(mixed), Total::Sum(Quantity::Double(2.5)));
        // Rounded once: each of these alone would be rounded down.
        let beyond = Quantity::Int64((1 << 53) + 1);
        let sum = Total::Sum(Quantity::Double(18_014_398_509_481_988.0));
        assert_eq!(total([beyond, beyond, Quantity::Double(2.0)]), sum);
    }

    #[test]
    fn nothing_adds_up_to_nothing() {
        assert_eq!(total([]), Total::Sum(Quantity::Int64(0)));
        let zeros = [Quantity::Double(0.0); 2];
        assert_eq!(format!("{:?}", total(zeros)), "Sum(Double(0.0))");
    }

    #[test]
    fn numbers_far_too_small_beside_the_rest_are_not_lost() {
        let least = f64::from_bits(1);
        let sum: Sum = [1e17, least, 0.5]
            .map(Quantity::Double)
            .into_iter()
            .collect();
        assert_eq!(sum.double, Some(Parts(vec![1e17, 0.5, least])));
    }
}
