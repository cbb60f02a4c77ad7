//! Records in the order of their creation, found by id.

use std::collections::HashMap;

/// Records by id; each has a place that never changes, so that pages stay in step while it grows.
#[derive(Debug)]
pub(crate) struct Shelf<T> {
    places: HashMap<String, usize>,
    records: Vec<Option<T>>,
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
        self.records.push(Some(record));
    }

    pub(crate) fn get(&self, id: &str) -> Option<&T> {
        self.records.get(*self.places.get(id)?)?.as_ref()
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        self.records.get_mut(*self.places.get(id)?)?.as_mut()
    }

    /// Takes a record out; the places of the others stay.
    pub(crate) fn remove(&mut self, id: &str) -> Option<T> {
        self.records.get_mut(self.places.remove(id)?)?.take()
    }

    /// Oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.records.iter().flatten()
    }

    /// Oldest first, each to be changed.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.records.iter_mut().flatten()
    }

    /// Oldest first, each with its place.
    pub(crate) fn placed(&self) -> impl Iterator<Item = (usize, &T)> {
        let placed = self.records.iter().enumerate();
        placed.filter_map(|(place, record)| Some((place, record.as_ref()?)))
    }
}
