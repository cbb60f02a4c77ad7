//! Labels as they are sent: each name once. A map of serde's takes the last of two without a word.

use std::collections::btree_map::Entry;
use std::fmt;

use metering::Labels;
use serde::Deserializer;
use serde::de::{Error, MapAccess, Visitor};

struct UniqueLabels;

/// Reads an object of texts, and refuses one that has a name twice.
pub(super) fn unique_labels<'de, D: Deserializer<'de>>(object: D) -> Result<Labels, D::Error> {
    object.deserialize_map(UniqueLabels)
}

impl<'de> Visitor<'de> for UniqueLabels {
    type Value = Labels;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of texts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Labels, A::Error> {
        let mut labels = Labels::new();
        while let Some((name, value)) = object.next_entry::<String, String>()? {
            match labels.entry(name) {
                Entry::Vacant(entry) => {
                    entry.insert(value);
                }
                Entry::Occupied(_) => return Err(A::Error::custom("a label is named twice")),
            }
        }
        Ok(labels)
    }
}
