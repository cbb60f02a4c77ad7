//! The rows of the ledger for what hours add up to.

use jiff::{SignedDuration, Timestamp};
use metering::{Aggregate, Period, RunningTotals, Total, Window, hour_of, operation_id};
use store::{Closing, Entitlement, Meter, ReportState, Stored, UsageRecord, UsageReport};

/// Why a row of usage after an entitlement's end is held.
const AFTER_END: &str = "recorded before the entitlement's end was known, and after it";

/// Why a row of usage is held for which no time in force is left.
const NO_WINDOW: &str = "recorded for a window that did not begin before the entitlement's end: some of it may be of a time in force";

/// Why a row without a value is held.
const OVERFLOW: &str = "the window's total is 2^63 or more";

/// A closed period whose rows are to be written.
#[derive(Clone, Copy)]
pub(super) struct ClosedPeriod<'a> {
    pub(super) entitlement: &'a Entitlement,
    /// Every write that belongs to the closing demands it unchanged.
    pub(super) meter: &'a Stored<Meter>,
    pub(super) closing: &'a Closing,
    pub(super) now: Timestamp,
}

/// What an hour adds up to. In the hours that follow it nothing was used.
pub(super) struct HourTotals {
    pub(super) hour: Timestamp,
    /// The next hour with usage; none if there is none.
    pub(super) before: Option<Timestamp>,
    pub(super) totals: RunningTotals,
    /// What was used after the end, in the hour in which the entitlement ended.
    pub(super) past_end: RunningTotals,
}

impl ClosedPeriod<'_> {
    /// The rows of an hour and of the empty hours after it: always the same ones, whenever they are
    /// made.
    pub(super) fn rows(&self, used: HourTotals) -> Vec<UsageReport> {
        let HourTotals {
            hour,
            before,
            totals,
            past_end,
        } = used;
        self.warn_of_unlabelled(hour, &totals);
        let Closing {
            from, until, zero, ..
        } = self.closing;
        let period = Period::between(*from, *until).filter(|_| hour < *until);
        let Some(period) = period else {
            let end = hour.saturating_add(SignedDuration::from_hours(1));
            let window = Window {
                start: hour.max(*until),
                end: end.unwrap_or(hour),
            };
            let reason = if from < until { AFTER_END } else { NO_WINDOW };
            return self.rows_of(window, totals.aggregates(&[]), Some(reason));
        };
        let windows = period.windows().filter(|window| {
            let of = window.hour();
            hour <= of && before.is_none_or(|before| of < before)
        });
        let mut first = Some(totals);
        let rows = windows.map(|window| {
            let totals = first.take().unwrap_or_default();
            self.rows_of(window, totals.aggregates(zero), None)
        });
        let mut rows = rows.collect::<Vec<_>>().concat();
        rows.extend(self.rows_past_end(past_end));
        rows
    }

    /// Whether the entitlement ended within this hour. Then the usage of the hour is split at the end.
    pub(super) fn ends_within(&self, hour: Timestamp) -> bool {
        let Closing { from, until, .. } = self.closing;
        from < until && hour < *until && hour_of(*until) == hour
    }

    /// Whether usage is held because it was recorded for a time after the end, in the hour of the end. Late usage is
    /// of an earlier time.
    pub(super) fn is_past_end(&self, record: &UsageRecord) -> bool {
        self.ends_within(record.hour) && self.closing.until <= record.occurred
    }

    fn rows_past_end(&self, totals: RunningTotals) -> Vec<UsageReport> {
        let start = self.closing.until;
        let end = hour_of(start).saturating_add(SignedDuration::from_hours(1));
        let window = Window {
            start,
            end: end.unwrap_or(start),
        };
        self.rows_of(window, totals.aggregates(&[]), Some(AFTER_END))
    }

    fn rows_of(
        &self,
        window: Window,
        aggregates: Vec<Aggregate>,
        held: Option<&str>,
    ) -> Vec<UsageReport> {
        let rows = aggregates.into_iter();
        rows.map(|it| self.row(window, it, held)).collect()
    }

    /// The row of an aggregate, held if there is a reason for it.
    fn row(&self, window: Window, aggregate: Aggregate, held: Option<&str>) -> UsageReport {
        let Self {
            entitlement, now, ..
        } = *self;
        let Aggregate {
            metric,
            labels,
            total,
        } = aggregate;
        let value = match total {
            Total::Sum(quantity) => Some(quantity),
            Total::Overflow => None,
        };
        let reason = held.or(value.is_none().then_some(OVERFLOW));
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

    fn warn_of_unlabelled(&self, hour: Timestamp, totals: &RunningTotals) {
        if totals.unlabelled() > 0 {
            tracing::warn!(
                entitlement_id = self.entitlement.id.as_str(),
                %hour,
                records = totals.unlabelled(),
                "an hour has too many sets of labels: some usage is reported without labels"
            );
        }
    }
}
