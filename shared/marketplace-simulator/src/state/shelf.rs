//! Records in the order of their creation, found by id.

use std::collections::HashMap;

/// Records by id; each has a place that never changes, so that pages stay in step while it grows.
#[derive(Debug)]
pub(crate) struct Shelf<T> {
    places: HashMap<String, usize>,
    records: Vec<T>,
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self {
            places: HashMap::new(),
            records: Vec::new(),
        }
    }
}

impl<T> Shelf<T> {
    /// Puts a new record at the end.
    pub(crate) fn put(&mut self, id: &str, record: T) {
        self.places.insert(id.to_owned(), self.records.len());
        self.records.push(record);
    }

    pub(crate) fn get(&self, id: &str) -> Option<&T> {
        self.records.get(*self.places.get(id)?)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        self.records.get_mut(*self.places.get(id)?)
    }

    /// Oldest first; the position is the record's place.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, T> {
        self.records.iter()
    }

    pub(crate) fn iter_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.records.iter_mut()
    }
}
