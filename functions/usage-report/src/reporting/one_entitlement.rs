//! The steps for one entitlement: close, read, write rows, send.

use std::sync::Arc;

use marketplace::{At, EntitlementId};
use store::{Entitlement, Meter, Store, StoreUnavailable, Stored, UsageReport};

use super::ReportRules;
use super::alerts::alert_if_long_pending;
use super::check_customer::CustomerCheck;
use super::claim_rows::claim_rows;
use super::close_hours::{close_hours, is_due, next_closing};
use super::ledger_rows::ClosedPeriod;
use super::read_usage::{ReadEnd, read_usage};
use super::send_rows::{RowSender, waiting_for_service};
use super::summary::ReportSummary;
use super::write_rows::WrittenRows;
use crate::create_meter::create_meter;
use crate::entitlement_end::{is_back, may_have_ended};
use crate::reopen::{Reopening, reopen};
use crate::service_control::ServiceControl;

/// How many periods are closed or read in one turn of an entitlement, including those that another
/// call was faster with.
const STEPS: usize = 4;

/// Reports the usage of one entitlement at a time.
#[derive(Clone)]
pub(super) struct EntitlementReporter {
    pub(super) store: Store,
    pub(super) rules: Arc<ReportRules>,
    check: CustomerCheck,
    sender: RowSender,
}

/// The result of closing and reporting.
pub(super) struct EntitlementDone {
    pub(super) summary: ReportSummary,
    /// Whether some closed usage is not read yet.
    pub(super) is_reading: bool,
}

/// The result of closing and reading.
#[derive(Default)]
struct ClosedUsage {
    /// Periods that were closed.
    periods: usize,
    rows: WrittenRows,
    is_reading: bool,
}

impl EntitlementReporter {
    pub(super) fn new(store: Store, control: ServiceControl, rules: ReportRules) -> Self {
        let check = CustomerCheck::new(store.clone(), control.clone(), rules.notify);
        Self {
            sender: RowSender::new(store.clone(), control, check.clone()),
            store,
            rules: Arc::new(rules),
            check,
        }
    }

    /// Closes the hours that are over, and reports them.
    pub(super) async fn close_and_report(
        &self,
        entitlement: &Entitlement,
        meter: Option<Stored<Meter>>,
        at: At,
    ) -> Result<EntitlementDone, StoreUnavailable> {
        let meter = match meter {
            Some(meter) => Some(meter),
            None => create_meter(&self.store, entitlement, at).await?,
        };
        let mut summary = ReportSummary {
            entitlements: 1,
            absent: usize::from(may_have_ended(entitlement)),
            ..ReportSummary::default()
        };
        let mut is_reading = false;
        if let Some(Stored { record: meter, .. }) = meter {
            let closed = self.close_and_read(entitlement, &meter, at).await?;
            is_reading = closed.is_reading;
            summary.closed = closed.periods;
            summary.held = closed.rows.held;
            if !closed.rows.to_send.is_empty() {
                let rows = self.store.reports(&closed.rows.to_send, at.deadline);
                let rows = rows.await?.into_iter().flatten().collect();
                summary.add(&self.sender.send(entitlement, rows, at).await?);
            } else if meter.stopped.is_some() && meter.ended.is_none() {
                self.check.check_without_usage(entitlement, at).await?;
            }
        }
        Ok(EntitlementDone {
            summary,
            is_reading,
        })
    }

    /// Closes what is due, and reads on where a closed period was read in part.
    async fn close_and_read(
        &self,
        entitlement: &Entitlement,
        meter: &Meter,
        at: At,
    ) -> Result<ClosedUsage, StoreUnavailable> {
        let mut closed = ClosedUsage::default();
        if meter.closing.is_none()
            && !is_back(entitlement, meter)
            && !is_due(&self.store, &self.rules, entitlement, meter, at).await?
        {
            return Ok(closed);
        }
        let mut is_new = false;
        for _ in 0..STEPS {
            let found = self.store.meter_and_gates(&entitlement.id, at.deadline);
            let Some((meter, gates)) = found.await? else {
                break;
            };
            let Some(closing) = &meter.record.closing else {
                if is_back(entitlement, &meter.record) {
                    match Box::pin(reopen(&self.store, &entitlement.id, at)).await? {
                        Reopening::Done | Reopening::Overtaken => continue,
                        Reopening::NotNow => break,
                    }
                }
                let next = next_closing(&self.rules, entitlement, &meter.record, at.now);
                let Some(next) = next else {
                    break;
                };
                is_new = close_hours(&self.store, entitlement, &meter, &gates, next, at).await?;
                closed.periods += usize::from(is_new);
                continue;
            };
            let position = if is_new {
                None
            } else {
                self.store
                    .reading_progress(&entitlement.id, at.deadline)
                    .await?
            };
            is_new = false;
            let period = ClosedPeriod {
                entitlement,
                meter: &meter,
                closing,
                now: at.now,
            };
            let read = read_usage(&self.store, &period, position, at).await?;
            closed.rows.add(read.rows);
            closed.is_reading = read.end == ReadEnd::Partial;
            if closed.is_reading {
                break;
            }
        }
        Ok(closed)
    }

    pub(super) async fn resend(
        &self,
        id: &EntitlementId,
        rows: Vec<Stored<UsageReport>>,
        at: At,
    ) -> Result<ReportSummary, StoreUnavailable> {
        let entitlement = self.store.entitlement(id, at.deadline).await?;
        let Some(Stored { record, .. }) = entitlement else {
            // Entitlements are never deleted; without this one the consumer is not known.
            for row in &rows {
                alert_if_long_pending(&row.record, at.now);
            }
            return Ok(ReportSummary {
                waiting: rows.len(),
                ..ReportSummary::default()
            });
        };
        if !record.is_of(&self.rules.provider) {
            return Ok(ReportSummary::default());
        }
        if self.rules.services.of(&record.product).is_none() {
            return Ok(waiting_for_service(&rows, at));
        }
        let claimed = claim_rows(&self.store, &record, rows, at).await?;
        let mut summary = self.sender.send(&record, claimed.rows, at).await?;
        summary.waiting += claimed.waiting;
        Ok(summary)
    }
}
