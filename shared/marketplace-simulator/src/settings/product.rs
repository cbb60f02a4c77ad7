//! What the vendor sells: products, their plans, and the metrics of usage.

use marketplace::{PlanId, ProductId};

use super::id;

/// Something that the vendor sells.
#[derive(Debug, Clone, PartialEq)]
pub struct Product {
    /// Such as `product.endpoints.example-partner.cloud.goog`.
    pub id: ProductId,
    /// The name on the pages.
    pub title: String,
    /// At least one.
    pub plans: Vec<Plan>,
}

/// One way to pay for a product.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Such as `standard-plan`.
    pub id: PlanId,
    /// The name on the pages.
    pub title: String,
    /// The price as the customer reads it.
    pub price: String,
    /// How the plan is billed.
    pub billing: Billing,
    /// What usage is measured in; none if the price is fixed.
    pub metrics: Vec<Metric>,
}

/// How a plan is billed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Billing {
    /// A fixed price.
    Flat,
    /// By usage: entitlements have a `usageReportingId`.
    Usage,
}

/// A metric of a plan, as the service's configuration declares it. No two plans share one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metric {
    /// Such as `usage_queries`: the part of its full name after the service's.
    pub id: String,
    /// The name on the bill.
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

impl Default for Product {
    fn default() -> Self {
        Self {
            id: id(ProductId::parse(
                "product.endpoints.example-partner.cloud.goog",
            )),
            title: "Example Analytics".to_owned(),
            plans: vec![
                Plan::new("starter-plan", "Starter", "$49 a month", Billing::Flat),
                Plan::new("standard-plan", "Standard", "$199 a month", Billing::Flat),
                Plan::new(
                    "usage-plan",
                    "Pay as you go",
                    "$0.02 a query, $0.005 a GiB",
                    Billing::Usage,
                )
                .metered(usage_metrics()),
            ],
        }
    }
}

impl Plan {
    fn new(plan: &str, title: &str, price: &str, billing: Billing) -> Self {
        Self {
            id: id(PlanId::parse(plan)),
            title: title.to_owned(),
            price: price.to_owned(),
            billing,
            metrics: Vec::new(),
        }
    }

    fn metered(mut self, metrics: Vec<Metric>) -> Self {
        self.metrics = metrics;
        self
    }
}

fn usage_metrics() -> Vec<Metric> {
    vec![
        Metric {
            id: "usage_queries".to_owned(),
            title: "Queries".to_owned(),
            value_type: ValueType::Int64,
            price_micros: 20_000,
        },
        Metric {
            id: "usage_gib_scanned".to_owned(),
            title: "GiB scanned".to_owned(),
            value_type: ValueType::Double,
            price_micros: 5_000,
        },
    ]
}
