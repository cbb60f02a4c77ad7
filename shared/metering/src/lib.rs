#![doc = include_str!("../README.md")]

mod aggregate;
mod answer;
mod metric;
mod operation;
mod place;
mod quantity;
mod span;

pub use aggregate::{Aggregate, Labels, Used, UserLabels, aggregate};
pub use answer::{CheckError, Verdict};
pub use metric::{InvalidMetrics, Metric, MetricId, Metrics};
pub use operation::operation_id;
pub use place::{LatePolicy, Life, Misplaced, Placed, place};
pub use quantity::{InvalidQuantity, Kind, Quantity, Total};
pub use span::{Span, Window, hour_of};
