//! The few ways in which documents are looked for other than by id.

use marketplace::ProcurementAccountId;

use super::value::{StoredFields, Value};
use crate::Document;

/// Documents of one collection in the order of their ids; of a range first in that of its texts.
///
/// Every one of these is served by the indexes that Firestore keeps by itself.
#[derive(Clone, Default)]
pub(crate) struct Query {
    pub(crate) collection: &'static str,
    /// A field that must have exactly this text.
    pub(crate) equal: Option<(&'static str, String)>,
    /// A field whose text must lie between two others.
    pub(crate) range: Option<TextRange>,
    /// Only ids after this one. Not for a range, which has its own.
    pub(crate) after: Option<String>,
    pub(crate) limit: Option<usize>,
}

/// Texts from one on and before another.
#[derive(Clone)]
pub(crate) struct TextRange {
    pub(crate) field: &'static str,
    pub(crate) from: String,
    pub(crate) before: String,
    /// Only what follows this text of this id.
    pub(crate) after: Option<(String, String)>,
}

impl TextRange {
    fn contains(&self, text: &str, id: &str) -> bool {
        let after = self.after.as_ref();
        self.from.as_str() <= text
            && text < self.before.as_str()
            && after.is_none_or(|(last, last_id)| (text, id) > (last.as_str(), last_id.as_str()))
    }
}

impl Query {
    /// All documents of an account.
    pub(crate) fn of_account(collection: &'static str, account: &ProcurementAccountId) -> Self {
        let all = Self {
            collection,
            ..Self::default()
        };
        all.with("account", account.as_str())
    }

    /// At most `limit` documents, from the one after `after` on.
    pub(crate) fn page(collection: &'static str, after: Option<&str>, limit: usize) -> Self {
        Self {
            collection,
            after: after.map(ToOwned::to_owned),
            limit: Some(limit),
            ..Self::default()
        }
    }

    /// Only those that have exactly this text in this field.
    pub(crate) fn with(self, field: &'static str, text: &str) -> Self {
        Self {
            equal: Some((field, text.to_owned())),
            ..self
        }
    }

    /// Whether a document is one of those asked for.
    pub(crate) fn matches(&self, document: &Document, fields: &StoredFields) -> bool {
        let equal = self.equal.as_ref().is_none_or(
            |(field, text)| matches!(fields.get(*field), Some(Value::Text(found)) if found == text),
        );
        let after = self.after.as_ref().is_none_or(|id| document.id > *id);
        let range = self.range.as_ref().is_none_or(|range| {
            matches!(fields.get(range.field), Some(Value::Text(text)) if range.contains(text, &document.id))
        });
        document.collection == self.collection && equal && after && range
    }
}
