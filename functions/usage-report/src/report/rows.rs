//! From what hours add up to, to rows of the ledger.

use jiff::{SignedDuration, Timestamp};
use metering::{Aggregate, Metric, Span, Tally, Total, Window, operation_id};
use store::{Closing, Entitlement, Meter, ReportState, Stored, UsageReport};

/// Why a row of usage after an entitlement's end is held.
const AFTER_END: &str = "recorded before the entitlement's end was known, and after it";

/// Why a row without a value is held.
const OVERFLOW: &str = "the window's total is 2^63 or more";

/// A span that is closed, and whose rows are to be written.
#[derive(Clone, Copy)]
pub(super) struct ClosedSpan<'a> {
    pub(super) entitlement: &'a Entitlement,
    /// Every write that belongs to the closing demands it unchanged.
    pub(super) meter: &'a Stored<Meter>,
    pub(super) closing: &'a Closing,
    pub(super) now: Timestamp,
}

impl ClosedSpan<'_> {
    /// The rows of the hours from one on and before another, the same ones whenever they are made.
    /// The tally is of the first hour; in the others nothing was used.
    pub(super) fn rows(
        &self,
        (hour, before): (Timestamp, Option<Timestamp>),
        tally: Tally,
    ) -> Vec<UsageReport> {
        self.log_left_out(hour, &tally);
        let Closing {
            from, until, zero, ..
        } = self.closing;
        let span = Span::between(*from, *until).filter(|_| hour < *until);
        let Some(span) = span else {
            let end = hour.saturating_add(SignedDuration::from_hours(1));
            let window = Window {
                start: hour.max(*until),
                end: end.unwrap_or(hour),
            };
            return self.rows_of(window, (tally, &[]), Some(AFTER_END));
        };
        let windows = span.windows().filter(|window| {
            let of = window.hour();
            hour <= of && before.is_none_or(|before| of < before)
        });
        let mut first = Some(tally);
        let rows = windows.map(|window| {
            let tally = first.take().unwrap_or_default();
            self.rows_of(window, (tally, zero), None)
        });
        rows.collect::<Vec<_>>().concat()
    }

    fn rows_of(
        &self,
        window: Window,
        (tally, zero): (Tally, &[Metric]),
        held: Option<&str>,
    ) -> Vec<UsageReport> {
        let aggregates = tally.aggregates(zero).into_iter();
        aggregates.map(|it| self.row(window, it, held)).collect()
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

    fn log_left_out(&self, hour: Timestamp, tally: &Tally) {
        if tally.unlabelled() > 0 {
            tracing::warn!(
                entitlement_id = self.entitlement.id.as_str(),
                %hour,
                records = tally.unlabelled(),
                "an hour has too many sets of labels: some usage is reported without labels"
            );
        }
    }
}
