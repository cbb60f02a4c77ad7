#![doc = include_str!("../README.md")]

mod google_answer;
mod metric;
mod operation_id;
mod quantity;
mod record_window;
mod running_totals;
mod services;
mod sum;
mod windows;

pub use google_answer::{CheckProblem, ReportOutcome};
pub use metric::{InvalidMetricId, InvalidMetrics, Metric, MetricId, Metrics};
pub use operation_id::operation_id;
pub use quantity::{InvalidQuantity, Quantity, Total, ValueType};
pub use record_window::{AssignedWindow, InForce, LatePolicy, NoWindow, UsageTime, assign_window};
pub use running_totals::{Aggregate, Labels, RunningTotals, Used, UserLabels};
pub use services::{InvalidServices, Services};
pub use sum::Sum;
pub use windows::{Period, Window, hour_of};
