//! The part of the configuration that decides what is reported.

use marketplace::Products;
use metering::{Metrics, UserLabels};
use outbox::Notify;

use crate::config::ZeroUsage;

#[derive(Debug, Clone)]
pub(crate) struct ReportRules {
    pub(crate) products: Products,
    pub(crate) metrics: Metrics,
    pub(crate) zero: ZeroUsage,
    pub(crate) labels: UserLabels,
    pub(crate) notify: Notify,
}
