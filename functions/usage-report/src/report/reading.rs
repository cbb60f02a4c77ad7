//! ReadingProgress what was used in a closed span: page by page, and nothing is kept but sums.
//!
//! The rows of an hour are written when its last record was read. A call that has no more time
//! stores how far it has come, and what the hour adds up to so far; the next one goes on there. As
//! the records do not change any more and come in one order, every call that reads them makes the
//! same rows, wherever it began. Whoever stores or writes anything demands the meter as it read it:
//! when the closing is over, nobody who is late can bring it back.

use std::mem::take;
use std::time::Duration;

use jiff::Timestamp;
use marketplace::At;
use marketplace::Deadline;
use metering::{Labels, Tally, Used, UserLabels, hour_of};
use store::{
    Commit, Document, Meter, ReadingProgress, StoreUnavailable, Stored, UsageHours, UsageRecord,
    UsageReport,
};

use super::rows::ClosedSpan;
use super::{Reported, Reporter};

/// Records read at once.
const RECORDS: usize = 1_000;

/// Pages whose reading is repeated at most when a process ends.
const PAGES: usize = 10;

/// How long one entitlement is read before it is the turn of the others.
const SLICE: Duration = Duration::from_millis(1_500);

/// What is left of the time for reading and sending when no further page is read.
const RESERVE: Duration = Duration::from_millis(1_500);

/// What a page may not use up of that time: what was read before must be stored.
const KEEPING: Duration = Duration::from_millis(500);

/// How far the reading of a span has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Read {
    /// To its end, and the closing is over.
    Whole,
    /// Not to its end; the next call goes on.
    InPart,
    /// Somebody else has changed the meter or written a row, and goes on.
    Overtaken,
}

/// Where reading goes on, and what came before.
struct Place {
    hour: Timestamp,
    /// The key of the last record.
    after: Option<String>,
    tally: Tally,
    /// Pages that were read since it was stored.
    pages: usize,
}

impl Place {
    /// Where `kept` left off, if that was in this span.
    fn of(span: &ClosedSpan<'_>, kept: Option<Stored<ReadingProgress>>) -> Self {
        let (from, until) = (span.closing.from, span.closing.until);
        let kept = kept.map(|kept| kept.record);
        let mut place = Self {
            hour: hour_of(from),
            after: None,
            tally: Tally::default(),
            pages: 0,
        };
        if let Some(kept) = kept.filter(|kept| (kept.from, kept.until) == (from, until)) {
            place.hour = kept.hour;
            place.after = Some(kept.after);
            place.tally = kept.tally;
        }
        place
    }

    /// Adds a page, and answers the rows of the hours that it has completed.
    fn add(&mut self, page: &[UsageRecord], span: &ClosedSpan<'_>) -> Vec<UsageReport> {
        let mut rows = Vec::new();
        for record in page {
            if record.hour != self.hour {
                let hours = (self.hour, Some(record.hour));
                rows.extend(span.rows(hours, take(&mut self.tally)));
                self.hour = record.hour;
            }
            self.tally.add(used(record, span.closing.labels));
        }
        self.after = page.last().map(|it| it.key.clone()).or(self.after.take());
        self.pages += 1;
        rows
    }
}

impl Reporter {
    /// Reads on where `kept` says, writes the rows of every hour that was read, and at last that the
    /// span is done with. To `mine` come the ids of the rows that this very call has written and is
    /// to send.
    pub(super) async fn read(
        &self,
        span: &ClosedSpan<'_>,
        kept: Option<Stored<ReadingProgress>>,
        (mine, done): (&mut Vec<String>, &mut Reported),
        at: At,
    ) -> Result<Read, StoreUnavailable> {
        let slice = Deadline::after(SLICE);
        let mut place = Place::of(span, kept);
        loop {
            let page = match self.page(span, &place, at).await {
                Ok(page) => page,
                Err(error) => {
                    // Whether it could be stored or not, the call has failed.
                    self.keep_place(span, &mut place, at).await.ok();
                    return Err(error);
                }
            };
            let mut rows = place.add(&page, span);
            let is_last = page.len() < RECORDS;
            let last = is_last.then(|| {
                rows.extend(span.rows((place.hour, None), take(&mut place.tally)));
                done_with(span)
            });
            if !self.write_rows(rows, last, (mine, done), at).await? {
                return Ok(Read::Overtaken);
            }
            if is_last {
                return Ok(Read::Whole);
            }
            let is_over = slice.has_passed() || at.deadline.remaining() < RESERVE;
            if (is_over || place.pages >= PAGES) && !self.keep_place(span, &mut place, at).await? {
                return Ok(Read::Overtaken);
            }
            if is_over {
                return Ok(Read::InPart);
            }
        }
    }

    async fn page(
        &self,
        span: &ClosedSpan<'_>,
        place: &Place,
        at: At,
    ) -> Result<Vec<UsageRecord>, StoreUnavailable> {
        // After the last window nothing is left behind.
        let is_last = span.meter.record.ended.is_some();
        let before = (!is_last).then_some(span.closing.until);
        let after = place.after.as_deref().map(|key| (place.hour, key));
        let left = at.deadline.remaining().saturating_sub(KEEPING);
        let until = at.deadline.at_most(left);
        let hours = UsageHours {
            from: place.hour,
            before,
            after,
            limit: RECORDS,
        };
        let entitlement = &span.entitlement.id;
        self.store.usage_between(entitlement, hours, until).await
    }

    /// Stores where the next call goes on; not if the closing is no more as it was read.
    async fn keep_place(
        &self,
        span: &ClosedSpan<'_>,
        place: &mut Place,
        at: At,
    ) -> Result<bool, StoreUnavailable> {
        let Some(after) = place.after.clone().filter(|_| place.pages > 0) else {
            return Ok(true);
        };
        let entitlement = &span.entitlement.id;
        let reading = ReadingProgress {
            entitlement: entitlement.clone(),
            from: span.closing.from,
            until: span.closing.until,
            hour: place.hour,
            after,
            tally: place.tally.clone(),
            updated: at.now,
        };
        // Of two that read at once the last one wins: that one may go back, but never astray.
        let commit = Commit::new().unchanged(Document::meter(entitlement), &span.meter.version);
        place.pages = 0;
        self.passes(commit.put(reading), at).await
    }
}

/// The end of a closing.
fn done_with(span: &ClosedSpan<'_>) -> Commit {
    let meter = Meter {
        closing: None,
        updated: span.now,
        ..span.meter.record.clone()
    };
    // Mostly there is none to delete; but one that another call has left must not stay for ever.
    Commit::new()
        .replace(&meter, &span.meter.version)
        .delete(Document::reading_progress(&span.entitlement.id))
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
