//! Where the next call goes on with a job of many pages.

use jiff::Timestamp;
use marketplace::At;
use store::{Commit, Cursor, Document, Store, StoreUnavailable, Stored};

use super::parallel::Progress;
use super::try_commit;

/// How far a job has come.
pub(super) struct JobCursor {
    job: &'static str,
    /// The id of the last document of the last page.
    pub(super) after: Option<String>,
    started: Timestamp,
}

/// The work on one page of a job.
pub(super) struct JobPage {
    pub(super) progress: Progress,
    /// The id of its last document, if there may be more.
    pub(super) last: Option<String>,
}

impl JobCursor {
    /// The stored cursor of the job, or its start.
    pub(super) fn new(job: &'static str, stored: Option<Stored<Cursor>>, now: Timestamp) -> Self {
        let cursor = stored.map(|stored| stored.record);
        Self {
            job,
            started: cursor.as_ref().map_or(now, |cursor| cursor.started),
            after: cursor.and_then(|cursor| cursor.after),
        }
    }

    /// The next call goes on here.
    pub(super) async fn save(&self, store: &Store, at: At) -> Result<(), StoreUnavailable> {
        let cursor = Cursor {
            job: self.job.to_owned(),
            phase: "page".to_owned(),
            after: self.after.clone(),
            tally: None,
            failing_since: None,
            started: self.started,
            updated: at.now,
        };
        try_commit(store, Commit::new().put(cursor), at).await?;
        Ok(())
    }

    /// The next call starts from the beginning.
    pub(super) async fn remove(&self, store: &Store, at: At) -> Result<(), StoreUnavailable> {
        let commit = Commit::new().delete(Document::cursor(self.job));
        try_commit(store, commit, at).await?;
        Ok(())
    }
}
