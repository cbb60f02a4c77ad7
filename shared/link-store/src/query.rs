//! The few ways in which documents are looked for other than by id.

use crate::Document;
use crate::value::{StoredFields, Value};

/// Documents of one collection in the order of their ids.
///
/// Every one of these is served by the indexes that Firestore keeps by itself.
#[derive(Default)]
pub(crate) struct Query {
    pub(crate) collection: &'static str,
    /// A field that must have exactly this text.
    pub(crate) equal: Option<(&'static str, String)>,
    /// Only ids after this one.
    pub(crate) after: Option<String>,
    pub(crate) limit: Option<usize>,
}

impl Query {
    pub(crate) fn matches(&self, document: &Document, fields: &StoredFields) -> bool {
        let equal = self.equal.as_ref().is_none_or(
            |(field, text)| matches!(fields.get(*field), Some(Value::Text(found)) if found == text),
        );
        let after = self.after.as_ref().is_none_or(|id| document.id > *id);
        document.collection == self.collection && equal && after
    }
}
