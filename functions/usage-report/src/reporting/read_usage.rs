//! Reading the usage of a closed period, page by page. Only sums are kept.
//!
//! The rows of an hour are written when its last record was read. A call that has no time left stores
//! its position and what the hour adds up to so far, and the next call goes on there. The records do
//! not change any more and come in a fixed order, so every call that reads them makes the same rows,
//! wherever it starts. Every write demands the meter unchanged: when the closing is over, a late call
//! cannot bring it back.

use std::mem::take;
use std::time::Duration;

use jiff::Timestamp;
use marketplace::{At, Deadline};
use metering::{Labels, RunningTotals, Used, UserLabels, hour_of};
use store::{
    Commit, Document, Meter, PastEnd, ReadingProgress, Store, StoreUnavailable, Stored, UsageHours,
    UsageRecord, UsageReport,
};

use super::ledger_rows::{ClosedPeriod, HourTotals};
use super::try_commit;
use super::write_rows::{WrittenRows, write_rows};

/// Records read at once.
const RECORDS: usize = 1_000;

/// Pages that have to be read again at most when a process ends.
const PAGES: usize = 10;

/// How long one entitlement is read before others have a turn.
const TURN: Duration = Duration::from_millis(1_500);

/// With less time than this left, no further page is read.
const PAGE_RESERVE: Duration = Duration::from_millis(1_500);

/// The time that a page leaves for storing what was read before it.
const STORE_RESERVE: Duration = Duration::from_millis(500);

/// How the reading of a period ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ReadEnd {
    /// Everything was read, and the closing is over.
    Complete,
    Partial,
    /// Another call has changed the meter or written a row, and goes on.
    Overtaken,
}

pub(super) struct UsageRead {
    pub(super) rows: WrittenRows,
    pub(super) end: ReadEnd,
}

/// The position in the records, and what the hour adds up to before it.
struct Position {
    hour: Timestamp,
    /// The key of the last record.
    after: Option<String>,
    totals: RunningTotals,
    /// What was used in the hour after the end, if the entitlement ended within it.
    past_end: RunningTotals,
    /// Pages that were read since the position was stored.
    pages: usize,
}

impl Position {
    /// The stored position, if it is one in this period.
    fn new(period: &ClosedPeriod<'_>, stored: Option<Stored<ReadingProgress>>) -> Self {
        let (from, until) = (period.closing.from, period.closing.until);
        let stored = stored.map(|stored| stored.record);
        let stored = stored.filter(|stored| (stored.from, stored.until) == (from, until));
        let Some(stored) = stored else {
            return Self::start_of(hour_of(from));
        };
        let past_end = stored.past_end.filter(|it| it.after == stored.after);
        if past_end.is_none() && period.ends_within(stored.hour) {
            // An earlier version has added up what was used before the end and after it.
            return Self::start_of(stored.hour);
        }
        Self {
            hour: stored.hour,
            after: Some(stored.after),
            totals: stored.tally,
            past_end: past_end.map(|it| it.tally).unwrap_or_default(),
            pages: 0,
        }
    }

    fn start_of(hour: Timestamp) -> Self {
        Self {
            hour,
            after: None,
            totals: RunningTotals::default(),
            past_end: RunningTotals::default(),
            pages: 0,
        }
    }

    /// Adds a page, and returns the rows of the hours that it has completed.
    fn add(&mut self, page: &[UsageRecord], period: &ClosedPeriod<'_>) -> Vec<UsageReport> {
        let mut rows = Vec::new();
        for record in page {
            if record.hour != self.hour {
                rows.extend(self.rows(Some(record.hour), period));
                self.hour = record.hour;
            }
            if period.is_past_end(record) {
                self.past_end.add(used(record, UserLabels::LeftOut));
            } else {
                self.totals.add(used(record, period.closing.labels));
            }
        }
        self.after = page.last().map(|it| it.key.clone()).or(self.after.take());
        self.pages += 1;
        rows
    }

    /// The rows of the hour that was read, and of the empty hours that follow it.
    fn rows(&mut self, before: Option<Timestamp>, period: &ClosedPeriod<'_>) -> Vec<UsageReport> {
        period.rows(HourTotals {
            hour: self.hour,
            before,
            totals: take(&mut self.totals),
            past_end: take(&mut self.past_end),
        })
    }
}

/// Reads on from the stored position, writes the rows of every hour that was read, and in the end
/// that the closing is over.
pub(super) async fn read_usage(
    store: &Store,
    period: &ClosedPeriod<'_>,
    stored: Option<Stored<ReadingProgress>>,
    at: At,
) -> Result<UsageRead, StoreUnavailable> {
    let turn = Deadline::after(TURN);
    let mut position = Position::new(period, stored);
    let mut rows = WrittenRows::default();
    let end = loop {
        let page = match read_page(store, period, &position, at).await {
            Ok(page) => page,
            Err(error) => {
                // Whether the position could be stored or not, the call has failed.
                store_position(store, period, &mut position, at).await.ok();
                return Err(error);
            }
        };
        let mut complete = position.add(&page, period);
        let is_last = page.len() < RECORDS;
        let last = is_last.then(|| {
            complete.extend(position.rows(None, period));
            end_of_closing(period)
        });
        rows.add(write_rows(store, complete, last, at).await?);
        if rows.is_overtaken {
            break ReadEnd::Overtaken;
        }
        if is_last {
            break ReadEnd::Complete;
        }
        let is_over = turn.has_passed() || at.deadline.remaining() < PAGE_RESERVE;
        if (is_over || position.pages >= PAGES)
            && !store_position(store, period, &mut position, at).await?
        {
            break ReadEnd::Overtaken;
        }
        if is_over {
            break ReadEnd::Partial;
        }
    };
    Ok(UsageRead { rows, end })
}

async fn read_page(
    store: &Store,
    period: &ClosedPeriod<'_>,
    position: &Position,
    at: At,
) -> Result<Vec<UsageRecord>, StoreUnavailable> {
    // After the last window no record may be left unread.
    let is_last = period.meter.record.ended.is_some();
    let before = (!is_last).then_some(period.closing.until);
    let after = position.after.as_deref().map(|key| (position.hour, key));
    let left = at.deadline.remaining().saturating_sub(STORE_RESERVE);
    let until = at.deadline.at_most(left);
    let hours = UsageHours {
        from: position.hour,
        before,
        after,
        limit: RECORDS,
    };
    let found = store.usage_between(&period.entitlement.id, hours, until);
    found.await
}

/// Stores where the next call goes on. Returns false if the closing has changed since it was read.
async fn store_position(
    store: &Store,
    period: &ClosedPeriod<'_>,
    position: &mut Position,
    at: At,
) -> Result<bool, StoreUnavailable> {
    let Some(after) = position.after.clone().filter(|_| position.pages > 0) else {
        return Ok(true);
    };
    let entitlement = &period.entitlement.id;
    let reading = ReadingProgress {
        entitlement: entitlement.clone(),
        from: period.closing.from,
        until: period.closing.until,
        hour: position.hour,
        past_end: past_end(period, position, &after),
        after,
        tally: position.totals.clone(),
        updated: at.now,
    };
    position.pages = 0;
    // Of two calls that read at once the later one wins: its position may be an earlier one, but it is
    // never wrong.
    let meter = Document::meter(entitlement);
    let commit = Commit::new().unchanged(meter, &period.meter.version);
    try_commit(store, commit.put(reading), at).await
}

/// What is stored of the usage after the end.
fn past_end(period: &ClosedPeriod<'_>, position: &Position, after: &str) -> Option<PastEnd> {
    let is_split = period.ends_within(position.hour);
    is_split.then(|| PastEnd {
        after: after.to_owned(),
        tally: position.past_end.clone(),
    })
}

fn end_of_closing(period: &ClosedPeriod<'_>) -> Commit {
    let meter = Meter {
        closing: None,
        updated: period.now,
        ..period.meter.record.clone()
    };
    // Mostly there is no position to delete; but one that another call has left must not stay for ever.
    Commit::new()
        .replace(&meter, &period.meter.version)
        .delete(Document::reading_progress(&period.entitlement.id))
}

fn used(record: &UsageRecord, labels: UserLabels) -> Used<'_> {
    static NONE: Labels = Labels::new();
    Used {
        metric: &record.metric,
        quantity: record.quantity,
        labels: match labels {
            UserLabels::LeftOut => &NONE,
            UserLabels::Reported => &record.labels,
        },
    }
}
