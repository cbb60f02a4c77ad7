//! How far a job has come that takes several requests.

use jiff::Timestamp;
use marketplace::Deadline;

use crate::documents::collections::CURSORS;
use crate::documents::record::stored_record;
use crate::{Document, Store, StoreUnavailable, Stored};

/// Where a job goes on the next time it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The job.
    pub job: String,
    /// Which part of it comes next.
    pub phase: String,
    /// What that part has done already: a page's token or a record's id. None at its beginning.
    pub after: Option<String>,
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

stored_record! {
    Cursor, in CURSORS, at |cursor| Document::cursor(&cursor.job);
    id: job;
    fields: phase, after, started, updated;
}
