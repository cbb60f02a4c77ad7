//! Records in the order of their creation, found by id.

use std::collections::HashMap;

/// Records by id; each has an index that never changes, so that pages stay in step while it grows.
#[derive(Debug)]
pub(crate) struct Records<T> {
    indexes: HashMap<String, usize>,
    records: Vec<Option<T>>,
}

impl<T> Default for Records<T> {
    fn default() -> Self {
        Self {
            indexes: HashMap::new(),
            records: Vec::new(),
        }
    }
}

impl<T> Records<T> {
    /// Puts a new record at the end.
    pub(crate) fn put(&mut self, id: &str, record: T) {
        self.indexes.insert(id.to_owned(), self.records.len());
        self.records.push(Some(record));
    }

    pub(crate) fn get(&self, id: &str) -> Option<&T> {
        self.records.get(*self.indexes.get(id)?)?.as_ref()
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        self.records.get_mut(*self.indexes.get(id)?)?.as_mut()
    }

    /// Takes a record out; the indexes of the others stay.
    pub(crate) fn remove(&mut self, id: &str) -> Option<T> {
        self.records.get_mut(self.indexes.remove(id)?)?.take()
    }

    /// Oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.records.iter().flatten()
    }

    /// Oldest first, each to be changed.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.records.iter_mut().flatten()
    }

    /// Oldest first, each with its index.
    pub(crate) fn indexed(&self) -> impl Iterator<Item = (usize, &T)> {
        let indexed = self.records.iter().enumerate();
        indexed.filter_map(|(index, record)| Some((index, record.as_ref()?)))
    }
}
