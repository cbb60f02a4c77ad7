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

    fn decode(reader: Reader<'_>) -> Result<Self, StoreUnavailable>;
}

/// How one kind of record is written and read, from one list of its fields. Each is stored under its
/// own name, or under the one behind `as`; a plan with a name that earlier versions cannot read, under the
/// one behind `wide`. `id` is the field that stands in the document's id alone;
/// what is `computed` is written and never read.
macro_rules! stored_record {
    (@name $field:ident) => {
        stringify!($field)
    };
    (@name $field:ident as $name:literal) => {
        $name
    };
    (@wide) => {
        None
    };
    (@wide $wide:literal) => {
        Some($wide)
    };
    (
        $record:ty, in $collection:ident, at |$it:ident| $document:expr;
        $(id: $id:ident;)?
        fields: $($field:ident $(as $name:literal)? $(wide $wide:literal)?),+;
        $(computed: $computed:literal = $value:expr;)?
    ) => {
        impl $crate::documents::record::Encode for $record {
            fn document(&self) -> $crate::Document {
                let $it = self;
                $document
            }

            fn fields(&self) -> $crate::documents::fields::Fields {
                $crate::documents::fields::Fields::new()
                    $(.with(
                        $crate::documents::record::stored_record!(@name $field $(as $name)?),
                        &self.$field,
                    )$(.with(
                        $wide,
                        &$crate::documents::plan_name::WideName(&self.$field),
                    ))?)+
                    $(.with($computed, &{
                        let $it = self;
                        $value
                    }))?
            }
        }

        impl $crate::documents::record::Decode for $record {
            const COLLECTION: &'static str = $collection;

            fn decode(
                reader: $crate::documents::fields::Reader<'_>,
            ) -> Result<Self, $crate::StoreUnavailable> {
                Ok(Self {
                    $($id: reader.id()?,)?
                    $($field: reader.read_either(
                        $crate::documents::record::stored_record!(@name $field $(as $name)?),
                        $crate::documents::record::stored_record!(@wide $($wide)?),
                    )?,)+
                })
            }
        }
    };
}

/// How a map within a record is written and read: each field under its own name.
macro_rules! nested_record {
    ($record:ty: $($field:ident),+) => {
        impl $crate::documents::value::ToValue for $record {
            fn to_value(&self) -> Option<$crate::documents::value::Value> {
                let fields = $crate::documents::fields::Fields::new();
                Some(fields$(.with(stringify!($field), &self.$field))+.to_map())
            }
        }

        impl $crate::documents::fields::Field for $record {
            fn read(
                reader: $crate::documents::fields::Reader<'_>,
                name: &'static str,
            ) -> Result<Self, $crate::StoreUnavailable> {
                let reader = reader.nested(name)?;
                Ok(Self {
                    $($field: reader.read(stringify!($field))?,)+
                })
            }
        }
    };
}

pub(crate) use {nested_record, stored_record};

impl StoredDocument {
    pub(crate) fn decode<T: Decode>(self) -> Result<Stored<T>, StoreUnavailable> {
        let record = T::decode(Reader::new(T::COLLECTION, &self.id, &self.fields))?;
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
