//! How far a job has come that takes several requests.

use jiff::Timestamp;
use marketplace::Deadline;

use crate::documents::collections::CURSORS;
use crate::documents::record::{nested_record, stored_record};
use crate::{Document, Store, StoreUnavailable, Stored};

/// How many accounts and orders there are that nobody has ended, and how many of these Google does not find. Those whose
/// absence was confirmed a short while ago are counted among all, and by themselves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Accounts.
    pub accounts: u32,
    /// Accounts that are absent.
    pub absent_accounts: u32,
    /// Accounts that were closed a short while ago because they were absent.
    pub confirmed_accounts: u32,
    /// Orders.
    pub orders: u32,
    /// Orders that are absent.
    pub absent_orders: u32,
    /// Orders that were ended a short while ago because they were absent.
    pub confirmed_orders: u32,
    /// Accounts that could not be read; none in older records.
    pub unreadable_accounts: Option<u32>,
    /// Orders that could not be read; none in older records.
    pub unreadable_orders: Option<u32>,
}

/// Where a job goes on the next time it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The job.
    pub job: String,
    /// Which part of it comes next.
    pub phase: String,
    /// What that part has done already: a page's token or a record's id. None at its beginning.
    pub after: Option<String>,
    /// What the job has counted in this round; none if it counts nothing.
    pub tally: Option<Tally>,
    /// Since when what comes next has failed; none if it has not. It counts only if it is not older than `updated`:
    /// earlier versions move the cursor on and leave this.
    pub failing_since: Option<Timestamp>,
    /// When this round of the job began.
    pub started: Timestamp,
    /// When this record was last changed.
    pub updated: Timestamp,
}

impl Document {
    /// How far a job has come that takes several requests, by the job's name.
    pub fn cursor(job: &str) -> Self {
        Self::new(CURSORS, job)
    }
}

impl Store {
    /// How far a job has come, if it is under way.
    pub async fn cursor(
        &self,
        job: &str,
        deadline: Deadline,
    ) -> Result<Option<Stored<Cursor>>, StoreUnavailable> {
        self.one(Document::cursor(job), deadline).await
    }
}

nested_record!(Tally: accounts, absent_accounts, confirmed_accounts, orders, absent_orders, confirmed_orders,
    unreadable_accounts, unreadable_orders);

stored_record! {
    Cursor, in CURSORS, at |cursor| Document::cursor(&cursor.job);
    id: job;
    fields: phase, after, tally, failing_since, started, updated;
}
