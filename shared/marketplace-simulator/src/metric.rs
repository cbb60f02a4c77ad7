//! What usage is measured in.

use marketplace::ProductId;

/// A metric of a plan, as the service's configuration declares it. No two plans share one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metric {
    /// Such as `usage_queries`: the part of its full name after the service's.
    pub id: String,
    /// What the customer reads on the bill.
    pub title: String,
    /// The type that its values must have.
    pub value_type: ValueType,
    /// The price of one unit, in millionths of a dollar.
    pub price_micros: u32,
}

/// The declared type of a metric's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueType {
    /// Whole numbers: `int64Value`, a text in JSON.
    Int64,
    /// Fractions: `doubleValue`, a number in JSON.
    Double,
}

impl Metric {
    /// Its name in an operation: `{service}/{id}`.
    pub fn full_name(&self, service: &ProductId) -> String {
        format!("{service}/{}", self.id)
    }
}

impl ValueType {
    /// Its name, `int64` or `double`, as in Google's error texts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Int64 => "int64",
            Self::Double => "double",
        }
    }
}
