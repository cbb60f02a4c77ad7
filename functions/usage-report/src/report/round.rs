//! Which work there is, a page at a time, and where the next call goes on.

use std::collections::BTreeMap;
use std::mem::take;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use marketplace::At;
use marketplace::EntitlementId;
use store::{
    Commit, CommitError, Cursor, Document, Entitlement, Meter, ReportState, StoreUnavailable,
    Stored, UsageReport,
};

use super::{RESERVE, Reporter, Task, Work};
use crate::config::ZeroUsage;

/// What Google has to be told again, as a job with a cursor.
pub(super) const PENDING: &str = "usage-report-pending";

/// What there is to close, as a job with a cursor.
pub(super) const ENTITLEMENTS: &str = "usage-report-entitlements";

/// What is left when what is pending waits for the next call, so that windows are closed even while
/// Google does not answer.
const RESERVE_FOR_CLOSING: Duration = Duration::from_secs(5);

/// Rows in a page of what is pending.
const PENDING_PAGE: usize = 64;

/// Entitlements in a page.
const PAGE: usize = 50;

/// How long a row belongs to whoever wrote or tried it last: longer than any call.
const CLAIM: SignedDuration = SignedDuration::from_secs(30);

/// How far a part of the work has come.
struct Place {
    job: &'static str,
    after: Option<String>,
    started: Timestamp,
}

impl Place {
    fn of(job: &'static str, cursor: Option<Stored<Cursor>>, at: At) -> Self {
        let cursor = cursor.map(|stored| stored.record);
        Self {
            job,
            started: cursor.as_ref().map_or(at.now, |cursor| cursor.started),
            after: cursor.and_then(|cursor| cursor.after),
        }
    }

    /// The next call goes on here.
    fn kept(&self, at: At) -> Commit {
        Commit::new().put(Cursor {
            job: self.job.to_owned(),
            phase: "page".to_owned(),
            after: self.after.clone(),
            started: self.started,
            updated: at.now,
        })
    }

    /// The next call begins anew.
    fn left(&self) -> Commit {
        Commit::new().delete(Document::cursor(self.job))
    }
}

impl Reporter {
    /// Whether all that was pending was tried.
    pub(super) async fn all_pending(
        &self,
        cursor: Option<Stored<Cursor>>,
        work: &mut Work,
        at: At,
    ) -> Result<bool, StoreUnavailable> {
        let was_under_way = cursor.is_some();
        let mut place = Place::of(PENDING, cursor, at);
        while at.deadline.remaining() >= RESERVE_FOR_CLOSING {
            place.after = self.pending(place.after.as_deref(), work, at).await?;
            if place.after.is_none() {
                if was_under_way {
                    self.keep(place.left(), at).await?;
                }
                return Ok(true);
            }
        }
        self.keep(place.kept(at), at).await?;
        Ok(false)
    }

    /// Whether the round is complete.
    pub(super) async fn all_entitlements(
        &self,
        cursor: Option<Stored<Cursor>>,
        work: &mut Work,
        at: At,
    ) -> Result<bool, StoreUnavailable> {
        let mut place = Place::of(ENTITLEMENTS, cursor, at);
        while at.deadline.remaining() >= RESERVE {
            let after = place.after.as_deref();
            match Box::pin(self.entitlements(after, work, at)).await? {
                Some(Some(last)) => {
                    place.after = Some(last);
                    self.keep(place.kept(at), at).await?;
                }
                Some(None) => {
                    self.keep(place.left(), at).await?;
                    return Box::pin(self.read_on(work, at)).await;
                }
                // Not all of the page was done: the next call begins it again.
                None => return Ok(false),
            }
        }
        Ok(false)
    }

    /// Goes on with what was not all read, in turn. Whether there was time for a turn of each.
    async fn read_on(&self, work: &mut Work, at: At) -> Result<bool, StoreUnavailable> {
        // Who has another turn was looked at before.
        let looked_at = work.done.entitlements;
        let mut all = true;
        while all && !work.unread.is_empty() && at.deadline.remaining() >= RESERVE {
            let unread = take(&mut work.unread).into_iter();
            let unread: Vec<_> = unread.map(|it| it.entitlement).collect();
            let ids: Vec<_> = unread.iter().map(|it| it.id.clone()).collect();
            let meters = self.store.meters(&ids, at.deadline).await?;
            let tasks = unread.into_iter().zip(meters);
            let tasks = tasks.map(|(entitlement, meter)| Task::Close(entitlement, meter));
            all = self.work(tasks.collect(), work, at).await;
        }
        work.done.entitlements = looked_at;
        Ok(all)
    }

    async fn keep(&self, commit: Commit, at: At) -> Result<(), StoreUnavailable> {
        match self.store.commit(commit, at.deadline).await {
            Ok(()) | Err(CommitError::Conflict) => Ok(()),
            Err(CommitError::Unavailable(error)) => Err(error),
        }
    }

    /// Sends a page of pending rows again; the last of them, if there may be more. Whatever is not
    /// sent now is pending still, in the next round.
    async fn pending(
        &self,
        after: Option<&str>,
        work: &mut Work,
        at: At,
    ) -> Result<Option<String>, StoreUnavailable> {
        let state = ReportState::Pending;
        let rows = self
            .store
            .reports_with_state(state, after, PENDING_PAGE, at.deadline)
            .await?;
        let last = rows.last().map(|row| row.record.id.clone());
        let last = last.filter(|_| rows.len() == PENDING_PAGE);
        let mut by_entitlement: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for row in rows {
            if !is_claimed(&row.record, at.now) {
                let of = row.record.entitlement.clone();
                by_entitlement.entry(of).or_default().push(row);
            }
        }
        let tasks = by_entitlement.into_iter();
        let tasks = tasks.map(|(entitlement, rows)| Task::Again(entitlement, rows));
        self.work(tasks.collect(), work, at).await;
        Ok(last)
    }

    /// Works at a page of entitlements. Answers the last of them if there may be more; nothing at
    /// all if the time did not suffice for the page.
    async fn entitlements(
        &self,
        after: Option<&str>,
        work: &mut Work,
        at: At,
    ) -> Result<Option<Option<String>>, StoreUnavailable> {
        let after = after.and_then(|after| EntitlementId::parse(after).ok());
        let found = self
            .store
            .entitlements_after(after.as_ref(), PAGE, at.deadline)
            .await?;
        let last = found.last().map(|it| it.record.id.to_string());
        let last = last.filter(|_| found.len() == PAGE);
        let served = found.into_iter().map(|it| it.record);
        let served: Vec<_> = served
            .filter(|it| self.terms.products.serves(&it.product))
            .collect();
        let ids: Vec<_> = served.iter().map(|it| it.id.clone()).collect();
        let meters = self.store.meters(&ids, at.deadline).await?;
        let tasks = served
            .into_iter()
            .zip(meters)
            .filter(|(entitlement, meter)| {
                self.needs_a_look(entitlement, meter.as_ref().map(|meter| &meter.record))
            });
        let tasks = tasks.map(|(entitlement, meter)| Task::Close(Box::new(entitlement), meter));
        let complete = self.work(tasks.collect(), work, at).await;
        Ok(complete.then_some(last))
    }

    /// Without a meter nothing was recorded, and with its last window reported nothing will be.
    fn needs_a_look(&self, entitlement: &Entitlement, meter: Option<&Meter>) -> bool {
        if let Some(meter) = meter {
            return meter.ended.is_none() || meter.closing.is_some();
        }
        let plan = entitlement.plan.as_ref();
        let mut metrics = plan
            .into_iter()
            .flat_map(|it| self.terms.metrics.of_plan(it));
        let is_metered = metrics.next().is_some();
        self.terms.zero == ZeroUsage::Report && entitlement.state.is_live() && is_metered
    }
}

/// Whether somebody may be sending this row just now. A clock that stepped back holds it up no
/// longer than that.
fn is_claimed(row: &UsageReport, now: Timestamp) -> bool {
    now.duration_since(row.updated).abs() < CLAIM
}
