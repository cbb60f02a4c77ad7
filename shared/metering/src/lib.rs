#![doc = include_str!("../README.md")]

mod answer;
mod metric;
mod operation;
mod place;
mod quantity;
mod span;
mod sum;
mod tally;

pub use answer::{CheckError, Verdict};
pub use metric::{InvalidMetrics, Metric, MetricId, Metrics};
pub use operation::operation_id;
pub use place::{LatePolicy, Life, Misplaced, Placed, place};
pub use quantity::{InvalidQuantity, Kind, Quantity, Total};
pub use span::{Span, Window, hour_of};
pub use sum::Sum;
pub use tally::{Aggregate, Labels, Tally, Used, UserLabels};
