//! How far a job has come that takes several requests.

use jiff::Timestamp;
use marketplace::Deadline;

use crate::documents::collections::CURSORS;
use crate::documents::fields::{Fields, Reader};
use crate::documents::record::{Decode, Encode};
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

impl Encode for Cursor {
    fn document(&self) -> Document {
        Document::cursor(&self.job)
    }

    fn fields(&self) -> Fields {
        Fields::new()
            .with("phase", self.phase.as_str())
            .with("after", self.after.as_deref())
            .with("started", self.started)
            .with("updated", self.updated)
    }
}

impl Decode for Cursor {
    const COLLECTION: &'static str = CURSORS;

    fn decode(id: &str, reader: Reader<'_>) -> Result<Self, StoreUnavailable> {
        Ok(Self {
            job: id.to_owned(),
            phase: reader.required("phase")?,
            after: reader.optional("after")?,
            started: reader.required("started")?,
            updated: reader.required("updated")?,
        })
    }
}
