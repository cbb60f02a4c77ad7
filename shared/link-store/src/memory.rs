//! The store in memory: for tests and for trying Portico out.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::commit::{Change, Guard, Write};
use crate::query::Query;
use crate::record::{StoredDocument, Version};
use crate::value::StoredFields;
use crate::{CommitError, Document};

/// Documents in memory, shared by all clones and gone with the last one.
///
/// It behaves as Firestore does wherever that can be seen: a commit is atomic, a write that
/// changes nothing keeps the version, fields of a newer version survive.
#[derive(Clone, Default)]
pub struct MemoryLinkStore(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    documents: BTreeMap<Document, Entry>,
    last_version: i64,
}

#[derive(Clone)]
struct Entry {
    fields: StoredFields,
    version: Version,
}

impl MemoryLinkStore {
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
        let entries = state.documents.iter();
        let found = entries.filter(|(document, entry)| query.matches(document, &entry.fields));
        let found = found.map(|(document, entry)| stored_document(document, entry));
        found.take(query.limit.unwrap_or(usize::MAX)).collect()
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

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
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
                self.documents.remove(&write.document);
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
                    self.documents
                        .insert(write.document, Entry { fields, version });
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
    use crate::fields::Fields;
    use crate::value::Value;

    fn put(store: &MemoryLinkStore, fields: Fields) {
        let write = Write {
            document: Document::outbox("1"),
            guard: Guard::Open,
            change: Change::Set(fields),
        };
        store.commit(vec![write]).unwrap();
    }

    #[test]
    fn fields_of_a_newer_version_survive() {
        let store = MemoryLinkStore::default();
        put(&store, Fields::new().with("newer", "n").with("old", "o"));
        put(&store, Fields::new().with("old", None::<&str>));
        let found = store.fetch(&[Document::outbox("1")]);
        let found = found.into_iter().next().unwrap().unwrap().fields;
        let newer = ("newer".to_owned(), Value::Text("n".to_owned()));
        assert!(found == StoredFields::from([newer]));
    }
}
