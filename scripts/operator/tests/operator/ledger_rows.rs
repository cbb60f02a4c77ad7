//! Rows, meters and entitlements, as `/report` and the events leave them.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use marketplace::{EntitlementId, EntitlementState, PlanId, ProcurementAccountId, ProductId};
use metering::{Labels, MetricId, Quantity, UserLabels, hour_of};
use serde_json::Value;
use store::{Closing, Commit, Entitlement, Meter, Record, ReportState, UsageRecord, UsageReport};

use crate::deployment::{Deployment, soon};

/// The consumer of all that are made here.
pub(crate) const CONSUMER: &str = "project_number:111";

/// The id of an operation by a small number.
pub(crate) fn id(number: u32) -> String {
    format!("00000000-0000-5000-8000-{number:012}")
}

/// So long before now, to the microsecond: a store keeps no more.
pub(crate) fn ago(duration: Duration) -> Timestamp {
    let now = Timestamp::from_microsecond(Timestamp::now().as_microsecond()).expect("a time");
    now - SignedDuration::try_from(duration).expect("a duration")
}

pub(crate) fn hours(number: u64) -> Duration {
    Duration::from_hours(number)
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

/// An operation of the entitlement `E-1`, whose window is the hour of this number in March.
pub(crate) fn row(number: u32, state: ReportState) -> UsageReport {
    let start = at("2026-03-01T00:00:00Z") + SignedDuration::from_hours(i64::from(number));
    UsageReport {
        id: id(number),
        entitlement: EntitlementId::parse("E-1").expect("an id"),
        account: ProcurementAccountId::parse("account-1").expect("an id"),
        metric: MetricId::parse("requests").expect("an id"),
        start,
        end: start + SignedDuration::from_hours(1),
        labels: Labels::new(),
        value: Some(Quantity::Int64(i64::from(number))),
        consumer: Some(CONSUMER.to_owned()),
        state,
        reason: None,
        attempts: 1,
        created: ago(hours(2)),
        updated: ago(hours(1)),
    }
}

pub(crate) fn refused(number: u32) -> UsageReport {
    UsageReport {
        reason: Some("HTTP 400: Invalid consumer.".to_owned()),
        ..row(number, ReportState::Refused)
    }
}

pub(crate) fn held(number: u32) -> UsageReport {
    UsageReport {
        reason: Some("recorded too late".to_owned()),
        attempts: 0,
        ..row(number, ReportState::Held)
    }
}

pub(crate) fn meter(entitlement: &str, open: Timestamp) -> Meter {
    Meter {
        entitlement: EntitlementId::parse(entitlement).expect("an id"),
        account: ProcurementAccountId::parse("account-1").expect("an id"),
        open,
        ended: None,
        closing: None,
        stopped: None,
        stop_reason: None,
        gap: None,
        updated: ago(hours(1)),
    }
}

pub(crate) fn closing(meter: &Meter) -> Closing {
    Closing {
        from: meter.open - SignedDuration::from_hours(1),
        until: meter.open,
        labels: UserLabels::LeftOut,
        zero: Vec::new(),
    }
}

/// Usage of an hour that is over, in the window of its own time.
pub(crate) fn used(entitlement: &str, occurred: Timestamp) -> UsageRecord {
    UsageRecord {
        entitlement: EntitlementId::parse(entitlement).expect("an id"),
        key: "1".to_owned(),
        metric: MetricId::parse("requests").expect("an id"),
        quantity: Quantity::Int64(1),
        occurred,
        labels: Labels::new(),
        hour: hour_of(occurred),
        late: false,
        received: occurred,
        keep_until: occurred + SignedDuration::from_hours(2_400),
    }
}

impl Deployment {
    /// The configured product.
    pub(crate) fn product(&self) -> ProductId {
        self.simulator.settings().products[0].id.clone()
    }

    /// An entitlement of the configured product.
    pub(crate) fn entitlement(&self, id: &str) -> Entitlement {
        let created = ago(hours(24 * 365));
        Entitlement {
            plan: Some(PlanId::parse("usage-plan").expect("an id")),
            usage_reporting_id: Some(CONSUMER.to_owned()),
            ..Entitlement::new(
                &EntitlementId::parse(id).expect("an id"),
                &ProcurementAccountId::parse("account-1").expect("an id"),
                &self.product(),
                &EntitlementState::Active,
                created,
            )
        }
    }

    /// A deployment with the entitlement `E-1` and these rows.
    pub(crate) async fn with_rows(rows: &[UsageReport]) -> Self {
        let deployment = Self::open().await;
        deployment.keep(deployment.entitlement("E-1")).await;
        for row in rows {
            deployment.keep(row).await;
        }
        deployment
    }

    /// Stores a record in place of the stored one.
    pub(crate) async fn keep(&self, record: impl Into<Record>) {
        let commit = Commit::new().put(record);
        self.store.commit(commit, soon()).await.expect("stored");
    }

    /// Stores this many hundreds of rows.
    pub(crate) async fn keep_hundreds(&self, hundreds: u32, row: impl Fn(u32) -> UsageReport) {
        for first in (0..hundreds).map(|page| page * 100) {
            let rows = (first..first + 100).map(&row);
            let commit = rows.fold(Commit::new(), Commit::create);
            self.store.commit(commit, soon()).await.expect("stored");
        }
    }

    /// A row as it is stored.
    pub(crate) async fn row(&self, id: &str) -> UsageReport {
        let found = self.store.reports(&[id.to_owned()], soon()).await;
        let found = found.expect("read").into_iter().flatten().next();
        found.expect("a row").record
    }

    /// Retries (`usage retry`) or releases (`usage release`) operations; what that said.
    pub(crate) async fn report_again(&self, how: &str, arguments: &[&str]) -> String {
        let command = [&["usage", how], arguments, &["--yes"]].concat();
        self.done(&command).await
    }

    /// What `operator usage --json` says, with more arguments.
    pub(crate) async fn usage(&self, arguments: &[&str]) -> Value {
        let said = self.done(&[&["usage", "--json"], arguments].concat()).await;
        serde_json::from_str(&said).expect("JSON")
    }
}

/// The members of this name in a list.
pub(crate) fn each<'a>(list: &'a Value, member: &str) -> Vec<&'a Value> {
    let list = list.as_array().expect("a list");
    list.iter().map(|it| &it[member]).collect()
}
