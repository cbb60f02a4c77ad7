//! How far a job has come that takes several requests.

use jiff::Timestamp;

use crate::document::CURSORS;
use crate::fields::{Fields, Reader};
use crate::record::{Decode, Encode};
use crate::{Document, StoreUnavailable};

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
