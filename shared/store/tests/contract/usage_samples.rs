//! Records of usage for tests: full ones, and bare ones without anything optional.

use metering::{Labels, Metric, MetricId, Quantity, UserLabels};
use store::{Closing, Meter, ReportState, Shard, UsageGap, UsageRecord, UsageReport, WindowGate};

use crate::samples::{account_id, at, order};

/// 2026-11-18T11:00:00Z, and hours after it.
pub(crate) fn hour(number: i64) -> jiff::Timestamp {
    metering::hour_of(at(number * 3_600))
}

fn labels() -> Labels {
    let environment = ("environment".to_owned(), "prod".to_owned());
    let reserved = "cloudmarketplace.googleapis.com/resource_name".to_owned();
    Labels::from([environment, (reserved, "ä".to_owned())])
}

pub(crate) fn record(entitlement: &str, key: &str, number: i64) -> UsageRecord {
    UsageRecord {
        entitlement: order(entitlement),
        key: key.to_owned(),
        metric: MetricId::parse("requests").unwrap(),
        quantity: Quantity::Int64(i64::MAX),
        occurred: at(1),
        labels: Labels::new(),
        hour: hour(number),
        late: false,
        received: at(2),
        keep_until: at(3),
    }
}

pub(crate) fn full_record() -> UsageRecord {
    UsageRecord {
        quantity: Quantity::Double(0.1),
        labels: labels(),
        late: true,
        ..record("E-1", "a key / of \u{1f600}", 1)
    }
}

pub(crate) fn bare_meter() -> Meter {
    Meter {
        entitlement: order("E-1"),
        account: account_id("account-1"),
        open: at(0),
        ended: None,
        closing: None,
        stopped: None,
        stop_reason: None,
        gap: None,
        updated: at(1),
    }
}

pub(crate) fn full_meter() -> Meter {
    Meter {
        ended: Some(at(5)),
        closing: Some(Closing {
            from: at(0),
            until: at(5),
            labels: UserLabels::Reported,
            zero: vec![Metric::parse("pro/requests:int64").unwrap()],
        }),
        stopped: Some(at(6)),
        stop_reason: Some("BILLING_DISABLED".to_owned()),
        gap: Some(UsageGap {
            from: at(-9),
            until: at(0),
        }),
        ..bare_meter()
    }
}

pub(crate) fn gates(open: i64) -> Vec<WindowGate> {
    let gate = |shard| WindowGate {
        entitlement: order("E-1"),
        shard,
        open: at(open),
        ended: (open > 0).then(|| at(open)),
        gap: (open > 0).then(|| UsageGap {
            from: at(-9),
            until: at(0),
        }),
    };
    Shard::all().map(gate).collect()
}

pub(crate) fn bare_report(id: &str) -> UsageReport {
    UsageReport {
        id: id.to_owned(),
        entitlement: order("E-1"),
        account: account_id("account-1"),
        metric: MetricId::parse("requests").unwrap(),
        start: at(0),
        end: at(5),
        labels: Labels::new(),
        value: None,
        consumer: None,
        state: ReportState::Held,
        reason: None,
        attempts: 0,
        created: at(6),
        updated: at(7),
    }
}

pub(crate) fn full_report(id: &str) -> UsageReport {
    UsageReport {
        labels: labels(),
        value: Some(Quantity::Double(1e-300)),
        consumer: Some("project_number:123".to_owned()),
        state: ReportState::Refused,
        reason: Some("why".to_owned()),
        attempts: 3,
        ..bare_report(id)
    }
}
