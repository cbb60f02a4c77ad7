//! Reporting: what is pending, then a round over every entitlement, as far as the time of a call
//! goes.
//!
//! What keeps a bill right if calls overlap or end anywhere:
//!
//! - A window is closed by one commit; its operations follow from what is stored and nothing else.
//! - What is closed is read in as many parts and calls as it takes. Each part demands the meter
//!   as it was, and goes on with exact sums: the operations come out as if read at once.
//! - Of several that close the same window, each sends the rows that it has written, and only those.
//! - A row that was written or tried a moment ago is left to whoever did it; any other one is
//!   claimed by a commit before it is sent again.

mod close;
mod reading;
mod round;
mod rows;
mod send;
mod serving;
mod tally;

use std::sync::Arc;
use std::time::Duration;

use google_calls::Causes;
use jiff::{SignedDuration, Timestamp};
use marketplace::At;
use marketplace::{EntitlementId, Products};
use metering::{Metrics, UserLabels};
use outbox::Notify;
use store::{Entitlement, Meter, Store, StoreUnavailable, Stored, UsageReport};
use tokio::task::JoinSet;

use self::send::log_if_long;
pub use self::tally::Reported;
use crate::config::ZeroUsage;
use crate::record::make_meter;
use crate::service_control::ServiceControl;

/// What is left of a call's time when no further page is begun.
const RESERVE: Duration = Duration::from_millis(2_500);

/// What is left for the cursor and the outbox when work is given up.
const KEEPING: Duration = Duration::from_secs(1);

/// How long a window may be overdue before somebody should look.
const LATE: SignedDuration = SignedDuration::from_hours(3);

/// Entitlements worked at at the same time.
const PARALLEL: usize = 8;

/// Closes and reports.
#[derive(Clone)]
pub(crate) struct Reporter {
    store: Store,
    control: ServiceControl,
    terms: Arc<Terms>,
}

/// What is reported, and how.
#[derive(Debug, Clone)]
pub(crate) struct Terms {
    pub(crate) products: Products,
    pub(crate) metrics: Metrics,
    pub(crate) zero: ZeroUsage,
    pub(crate) labels: UserLabels,
    pub(crate) notify: Notify,
}

/// An entitlement whose closed usage is not all read.
struct Unread {
    entitlement: Box<Entitlement>,
    /// Since when its usage was open, or what follows it is.
    open: Option<Timestamp>,
}

/// What work has come to.
#[derive(Default)]
struct Work {
    done: Reported,
    unread: Vec<Unread>,
}

/// One piece of work.
enum Task {
    /// Rows of one entitlement to be sent again.
    Again(EntitlementId, Vec<Stored<UsageReport>>),
    /// An entitlement whose windows may have to be closed.
    Close(Box<Entitlement>, Option<Stored<Meter>>),
}

impl Reporter {
    pub(crate) fn new(store: Store, control: ServiceControl, terms: Terms) -> Self {
        Self {
            store,
            control,
            terms: Arc::new(terms),
        }
    }

    /// Sends again what is pending, then goes on with the current round over the entitlements, or
    /// begins one, as long as the time allows.
    pub(crate) async fn report(&self, at: At) -> Result<Reported, StoreUnavailable> {
        let mut work = Work::default();
        let (pending, entitlements) = tokio::try_join!(
            self.store.cursor(round::PENDING, at.deadline),
            self.store.cursor(round::ENTITLEMENTS, at.deadline),
        )?;
        let sent = Box::pin(self.all_pending(pending, &mut work, at)).await?;
        let looked_at = Box::pin(self.all_entitlements(entitlements, &mut work, at)).await?;
        let Work { mut done, unread } = work;
        for unread in &unread {
            log_if_late(&unread.entitlement.id, unread.open, at.now);
        }
        done.reading = unread.len();
        done.finished = sent && looked_at && unread.is_empty();
        Ok(done)
    }

    /// Works at some things at a time; says whether there was time for all.
    async fn work(&self, tasks: Vec<Task>, work: &mut Work, at: At) -> bool {
        let left = at.deadline.remaining().saturating_sub(KEEPING);
        let at = At {
            deadline: at.deadline.at_most(left),
            ..at
        };
        let mut waiting = tasks.into_iter();
        let mut under_way = JoinSet::new();
        loop {
            while under_way.len() < PARALLEL
                && at.deadline.remaining() >= RESERVE / 2
                && let Some(task) = waiting.next()
            {
                let reporter = self.clone();
                under_way.spawn(async move { Box::pin(reporter.work_at(task, at)).await });
            }
            match under_way.join_next().await {
                Some(Ok(Ok((more, unread)))) => {
                    work.done.add(&more);
                    work.unread.extend(unread);
                }
                Some(Ok(Err((entitlement, error)))) => {
                    work.done.failed += 1;
                    tracing::warn!(
                        entitlement_id = entitlement.as_str(),
                        error = %Causes(&error),
                        "usage could not be closed or reported now"
                    );
                }
                Some(Err(_)) => work.done.failed += 1,
                None => return waiting.next().is_none(),
            }
        }
    }

    async fn work_at(
        &self,
        task: Task,
        at: At,
    ) -> Result<(Reported, Option<Unread>), (EntitlementId, StoreUnavailable)> {
        match task {
            Task::Again(id, rows) => {
                let done = Box::pin(self.send_again(&id, rows, at)).await;
                done.map(|done| (done, None)).map_err(|error| (id, error))
            }
            Task::Close(entitlement, meter) => {
                let open = meter.as_ref().map(|meter| meter.record.open);
                let done = Box::pin(self.close_and_report(&entitlement, meter, at)).await;
                match done {
                    Ok((done, is_reading)) => {
                        let unread = is_reading.then_some(Unread { entitlement, open });
                        Ok((done, unread))
                    }
                    Err(error) => {
                        log_if_late(&entitlement.id, open, at.now);
                        Err((entitlement.id, error))
                    }
                }
            }
        }
    }

    /// What was done, and whether there is more to be read.
    async fn close_and_report(
        &self,
        entitlement: &Entitlement,
        meter: Option<Stored<Meter>>,
        at: At,
    ) -> Result<(Reported, bool), StoreUnavailable> {
        let meter = match meter {
            Some(meter) => Some(meter),
            None => make_meter(&self.store, entitlement, at).await?,
        };
        let mut done = Reported {
            entitlements: 1,
            ..Reported::default()
        };
        let Some(meter) = meter else {
            return Ok((done, false));
        };
        let closings = self
            .close(entitlement, meter.record.clone(), &mut done, at)
            .await?;
        let rows = closings.rows;
        if !rows.is_empty() {
            let rows = self.store.reports(&rows, at.deadline).await?;
            let rows = rows.into_iter().flatten().collect();
            self.send(entitlement, rows, &mut done, at).await?;
        } else if meter.record.stopped.is_some() && meter.record.ended.is_none() {
            self.check_again(entitlement, at).await?;
        }
        Ok((done, closings.is_reading))
    }

    async fn send_again(
        &self,
        id: &EntitlementId,
        rows: Vec<Stored<UsageReport>>,
        at: At,
    ) -> Result<Reported, StoreUnavailable> {
        let mut done = Reported::default();
        let entitlement = self.store.entitlement(id, at.deadline).await?;
        let Some(entitlement) = entitlement else {
            // Nobody deletes one; without it the consumer is not known.
            done.waiting += rows.len();
            for row in rows {
                log_if_long(&row.record, at.now);
            }
            return Ok(done);
        };
        let rows = self.claim(&entitlement.record, rows, &mut done, at).await?;
        self.send(&entitlement.record, rows, &mut done, at).await?;
        Ok(done)
    }
}

/// Says that somebody should look, if what was open since then could not be closed for hours.
fn log_if_late(entitlement: &EntitlementId, open: Option<Timestamp>, now: Timestamp) {
    if open.is_some_and(|open| now.duration_since(open) > LATE) {
        tracing::error!(
            alert = "usage-closing-late",
            entitlement_id = entitlement.as_str(),
            "a customer's usage has been overdue for hours and is not all read yet: the store \
             fails, or it is more than the calls of /report can read"
        );
    }
}
