//! What is common to all records.

use std::fmt;

use super::fields::{Fields, Reader};
use super::value::StoredFields;
use crate::{Document, StoreUnavailable};

/// A record on its way into the store. Each of this crate's records turns into one.
pub struct Record {
    pub(crate) document: Document,
    pub(crate) fields: Fields,
}

/// A record as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored<T> {
    /// The record.
    pub record: T,
    /// Which state of the document this is, for [`Commit::replace`](crate::Commit::replace).
    pub version: Version,
}

/// One state of one document. It says nothing of other documents, or of another store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version(pub(crate) i64);

/// A document as a store hands it out.
#[derive(Clone)]
pub(crate) struct StoredDocument {
    pub(crate) id: String,
    pub(crate) fields: StoredFields,
    pub(crate) version: Version,
}

/// How one kind of record is written.
pub(crate) trait Encode {
    fn document(&self) -> Document;
    fn fields(&self) -> Fields;
}

/// How one kind of record is read.
pub(crate) trait Decode: Sized {
    const COLLECTION: &'static str;

    fn decode(id: &str, reader: Reader<'_>) -> Result<Self, StoreUnavailable>;
}

impl StoredDocument {
    pub(crate) fn decode<T: Decode>(self) -> Result<Stored<T>, StoreUnavailable> {
        let record = T::decode(&self.id, Reader::new(T::COLLECTION, &self.fields))?;
        Ok(Stored {
            record,
            version: self.version,
        })
    }
}

impl<T: Encode> Encode for &T {
    fn document(&self) -> Document {
        T::document(self)
    }

    fn fields(&self) -> Fields {
        T::fields(self)
    }
}

impl<T: Encode> From<T> for Record {
    fn from(record: T) -> Self {
        Self {
            document: record.document(),
            fields: record.fields(),
        }
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record")
            .field("collection", &self.document.collection)
            .finish_non_exhaustive()
    }
}
