//! The one way to write: some documents at once, all of them or none.

use std::collections::BTreeSet;

use super::fields::Fields;
use crate::{Document, Record, StoreUnavailable, Version};

/// Writes that take effect together, and only if every precondition holds.
///
/// A document may stand in a commit once.
#[derive(Default)]
#[must_use = "a commit does nothing until a store is given it"]
pub struct Commit {
    writes: Vec<Write>,
}

/// One write, or one precondition without a write.
pub(crate) struct Write {
    pub(crate) document: Document,
    pub(crate) guard: Guard,
    pub(crate) change: Change,
}

/// What must be true of a document.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Guard {
    /// Nothing.
    Open,
    /// It does not exist.
    Absent,
    /// It exists in exactly this state.
    Unchanged(Version),
}

/// What becomes of a document.
pub(crate) enum Change {
    /// These fields are set, or removed where they have no value; others stay.
    Set(Fields),
    Delete,
    /// Nothing: only the precondition counts.
    Keep,
}

impl Write {
    /// Whether this write makes its own precondition fail, so that the commit it belongs to takes
    /// effect once at most.
    pub(crate) fn cannot_happen_twice(&self) -> bool {
        self.guard != Guard::Open && !matches!(self.change, Change::Keep)
    }
}

impl Commit {
    /// A commit that does nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Stores a record that must not exist yet.
    ///
    /// A session, replay or event that has expired may still be stored, for a day or so, and is in
    /// the way here although no read finds it.
    pub fn create(self, record: impl Into<Record>) -> Self {
        self.set(record.into(), Guard::Absent)
    }

    /// Stores a record in place of the one that was read as `version` and must not have changed.
    pub fn replace(self, record: impl Into<Record>, version: &Version) -> Self {
        self.set(record.into(), Guard::Unchanged(*version))
    }

    /// Stores a record without a condition: the last one wins.
    pub fn put(self, record: impl Into<Record>) -> Self {
        self.set(record.into(), Guard::Open)
    }

    /// Removes a document, if it exists.
    pub fn delete(self, document: Document) -> Self {
        self.with(document, Guard::Open, Change::Delete)
    }

    /// Writes nothing, but demands that a document that was read as `version` has not changed
    /// since.
    pub fn unchanged(self, document: Document, version: &Version) -> Self {
        self.with(document, Guard::Unchanged(*version), Change::Keep)
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }

    fn set(self, record: Record, guard: Guard) -> Self {
        self.with(record.document, guard, Change::Set(record.fields))
    }

    fn with(mut self, document: Document, guard: Guard, change: Change) -> Self {
        self.writes.push(Write {
            document,
            guard,
            change,
        });
        self
    }

    /// The writes, if a store can take them.
    pub(crate) fn into_writes(self) -> Result<Vec<Write>, StoreUnavailable> {
        let mut documents = BTreeSet::new();
        for Write { document, .. } in &self.writes {
            let problem = if !document.has_valid_id() {
                "a document id is malformed"
            } else if !documents.insert(document) {
                "one commit changes a document twice"
            } else {
                continue;
            };
            return Err(StoreUnavailable::Malformed {
                collection: document.collection,
                problem,
            });
        }
        Ok(self.writes)
    }
}
