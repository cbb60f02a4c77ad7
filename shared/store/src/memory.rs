//! The store in memory: for tests and for trying Portico out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::documents::collections::{REPORTS, USAGE};
use crate::documents::commit::{Change, Guard, Write};
use crate::documents::query::Query;
use crate::documents::record::{StoredDocument, Version};
use crate::documents::value::{StoredFields, Value};
use crate::{CommitError, Document};

/// Documents in memory, shared by all clones and gone with the last one.
///
/// It behaves as Firestore does wherever that can be seen: a commit is atomic, a write that
/// changes nothing keeps the version, fields of a newer version survive.
#[derive(Clone, Default)]
pub struct MemoryStore(Arc<Mutex<MemoryState>>);

/// What is looked for among so many documents that it has an index here too, as every field has in
/// Firestore.
const INDEXED: [(&str, &str); 2] = [(REPORTS, "state"), (USAGE, "window")];

#[derive(Default)]
struct MemoryState {
    documents: BTreeMap<Document, Entry>,
    /// Field, text and document.
    index: BTreeSet<(&'static str, String, Document)>,
    last_version: i64,
}

#[derive(Clone)]
struct Entry {
    fields: StoredFields,
    version: Version,
}

impl MemoryStore {
    pub(crate) fn fetch(&self, documents: &[Document]) -> Vec<Option<StoredDocument>> {
        let state = self.state();
        let entries = documents.iter().map(|document| {
            let entry = state.documents.get(document)?;
            Some(stored_document(document, entry))
        });
        entries.collect()
    }

    pub(crate) fn select(&self, query: &Query) -> Vec<StoredDocument> {
        let state = self.state();
        let limit = query.limit.unwrap_or(usize::MAX);
        let ids = state.candidates(query);
        let found = ids.filter_map(|(document, entry)| {
            let matches = query.matches(document, &entry.fields);
            matches.then(|| stored_document(document, entry))
        });
        found.take(limit).collect()
    }

    pub(crate) fn commit(&self, writes: Vec<Write>) -> Result<(), CommitError> {
        let mut state = self.state();
        if !writes.iter().all(|write| state.allows(write)) {
            return Err(CommitError::Conflict);
        }
        for write in writes {
            state.apply(write);
        }
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, MemoryState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl MemoryState {
    /// Every document that may match, in the order of the query.
    fn candidates(&self, query: &Query) -> Box<dyn Iterator<Item = (&Document, &Entry)> + '_> {
        let equal = query.equal.as_ref();
        let equal = equal.map(|(field, text)| (*field, text.clone(), text.clone()));
        let range = query.range.as_ref();
        let after = range.and_then(|range| range.after.clone());
        let range = range.map(|range| (range.field, range.from.clone(), range.before.clone()));
        let wanted = equal.or(range);
        let start = |id: &str| Document {
            collection: query.collection,
            id: id.to_owned(),
        };
        let indexed = wanted.filter(|(field, ..)| INDEXED.contains(&(query.collection, field)));
        if let Some((field, from, to)) = indexed {
            let (text, id) = after.unwrap_or_else(|| (from, String::new()));
            let entries = self.index.range((field, text, start(&id))..);
            let entries = entries.take_while(move |(of, text, _)| *of == field && *text <= to);
            let found =
                entries.filter_map(|(_, _, document)| self.documents.get_key_value(document));
            return Box::new(found);
        }
        let first = start(query.after.as_deref().unwrap_or_default());
        let entries = self.documents.range(first..);
        let collection = query.collection;
        Box::new(entries.take_while(move |(found, _)| found.collection == collection))
    }

    /// Takes a document out of the index or puts it in.
    fn reindex(&mut self, document: &Document, before: Option<&Entry>, after: Option<&Entry>) {
        for (collection, field) in INDEXED {
            if collection != document.collection {
                continue;
            }
            let key = |entry: &Entry| match entry.fields.get(field) {
                Some(Value::Text(text)) => Some((field, text.clone(), document.clone())),
                _ => None,
            };
            if let Some(key) = before.and_then(key) {
                self.index.remove(&key);
            }
            self.index.extend(after.and_then(key));
        }
    }

    fn allows(&self, write: &Write) -> bool {
        let current = self.documents.get(&write.document);
        match write.guard {
            Guard::Open => true,
            Guard::Absent => current.is_none(),
            Guard::Unchanged(version) => current.is_some_and(|entry| entry.version == version),
        }
    }

    fn apply(&mut self, write: Write) {
        match write.change {
            Change::Keep => {}
            Change::Delete => {
                let removed = self.documents.remove(&write.document);
                self.reindex(&write.document, removed.as_ref(), None);
            }
            Change::Set(fields) => {
                let current = self.documents.get(&write.document);
                let mut merged = current.map_or_else(StoredFields::new, |e| e.fields.clone());
                for name in fields.names() {
                    merged.remove(name);
                }
                merged.extend(fields.stored());
                if current.is_none_or(|entry| entry.fields != merged) {
                    self.last_version += 1;
                    let version = Version(self.last_version);
                    let fields = merged;
                    let entry = Entry { fields, version };
                    let before = self.documents.insert(write.document.clone(), entry.clone());
                    self.reindex(&write.document, before.as_ref(), Some(&entry));
                }
            }
        }
    }
}

fn stored_document(document: &Document, entry: &Entry) -> StoredDocument {
    StoredDocument {
        id: document.id.clone(),
        fields: entry.fields.clone(),
        version: entry.version,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::fields::Fields;

    fn put(store: &MemoryStore, fields: Fields) {
        let write = Write {
            document: Document::outbox("1"),
            guard: Guard::Open,
            change: Change::Set(fields),
        };
        store.commit(vec![write]).unwrap();
    }

    #[test]
    fn fields_of_a_newer_version_survive() {
        let store = MemoryStore::default();
        put(&store, Fields::new().with("newer", "n").with("old", "o"));
        put(&store, Fields::new().with("old", &None::<String>));
        let found = store.fetch(&[Document::outbox("1")]);
        let found = found.into_iter().next().unwrap().unwrap().fields;
        let newer = ("newer".to_owned(), Value::Text("n".to_owned()));
        assert!(found == StoredFields::from([newer]));
    }
}
