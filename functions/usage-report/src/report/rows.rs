//! From the records of a closed span to rows of the ledger.

use approval::At;
use jiff::{SignedDuration, Timestamp};
use link_store::{
    Closing, Entitlement, Meter, ReportState, StoreUnavailable, UsageRecord, UsageReport,
};
use metering::{
    Aggregate, Labels, Span, Total, Used, UserLabels, aggregate, hour_of, operation_id,
};

use super::Reporter;

/// Records read at once.
const RECORDS: usize = 1_000;

/// Why a row of usage after an entitlement's end is held.
const AFTER_END: &str = "recorded before the entitlement's end was known, and after it";

/// Why a row without a value is held.
const OVERFLOW: &str = "the window's total is 2^63 or more";

impl Reporter {
    /// The rows of a closed span, the same ones whenever they are made.
    pub(super) async fn rows(
        &self,
        entitlement: &Entitlement,
        meter: &Meter,
        closing: &Closing,
        at: At,
    ) -> Result<Vec<UsageReport>, StoreUnavailable> {
        // After the last window nothing is left behind.
        let before = meter.ended.is_none().then_some(closing.until);
        let hours = (hour_of(closing.from), before);
        let records = self.records(entitlement, hours, at).await?;
        let is_within = |record: &&UsageRecord| record.hour < closing.until;
        let (within, after): (Vec<_>, Vec<_>) = records.iter().partition(is_within);
        let mut rows = Vec::new();
        if let Some(span) = Span::between(closing.from, closing.until) {
            let used = within
                .into_iter()
                .map(|record| used(record, closing.labels));
            let aggregates = aggregate(span, used, &closing.zero);
            rows.extend(
                aggregates
                    .into_iter()
                    .map(|it| row(entitlement, it, None, at.now)),
            );
        }
        let last = after.iter().map(|record| record.hour).max();
        let past = last.and_then(|hour| hour.checked_add(SignedDuration::from_hours(1)).ok());
        if let Some(span) = past.and_then(|past| Span::between(closing.until, past)) {
            let used = after.into_iter().map(|record| used(record, closing.labels));
            let aggregates = aggregate(span, used, &[]);
            let held = Some(AFTER_END);
            rows.extend(
                aggregates
                    .into_iter()
                    .map(|it| row(entitlement, it, held, at.now)),
            );
        }
        Ok(rows)
    }

    async fn records(
        &self,
        entitlement: &Entitlement,
        hours: (Timestamp, Option<Timestamp>),
        at: At,
    ) -> Result<Vec<UsageRecord>, StoreUnavailable> {
        let mut records: Vec<UsageRecord> = Vec::new();
        loop {
            let after = (records.last(), RECORDS);
            let page = self
                .store
                .usage_between(&entitlement.id, hours, after, at.deadline);
            let page = page.await?;
            let is_last = page.len() < RECORDS;
            records.extend(page);
            if is_last {
                return Ok(records);
            }
        }
    }
}

/// The row of an aggregate, held if there is a reason for it.
fn row(
    entitlement: &Entitlement,
    aggregate: Aggregate,
    held: Option<&str>,
    now: Timestamp,
) -> UsageReport {
    let value = match aggregate.total {
        Total::Sum(quantity) => Some(quantity),
        Total::Overflow => None,
    };
    let reason = held.or(value.is_none().then_some(OVERFLOW));
    let Aggregate {
        window,
        metric,
        labels,
        ..
    } = aggregate;
    let id = operation_id(&entitlement.id, &metric, window, &labels);
    UsageReport {
        id: id.to_string(),
        entitlement: entitlement.id.clone(),
        account: entitlement.account.clone(),
        metric,
        start: window.start,
        end: window.end,
        labels,
        value,
        consumer: entitlement.usage_reporting_id.clone(),
        state: match reason {
            Some(_) => ReportState::Held,
            None => ReportState::Pending,
        },
        reason: reason.map(str::to_owned),
        attempts: 0,
        created: now,
        updated: now,
    }
}

fn used(record: &UsageRecord, labels: UserLabels) -> Used<'_> {
    static NONE: Labels = Labels::new();
    Used {
        metric: &record.metric,
        quantity: record.quantity,
        hour: record.hour,
        labels: match labels {
            UserLabels::LeftOut => &NONE,
            UserLabels::Reported => &record.labels,
        },
    }
}
