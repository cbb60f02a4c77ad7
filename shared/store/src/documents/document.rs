//! Where a record is stored.

/// The address of one document: its collection and its id.
///
/// It has no `Debug`: the id of a link holds a user identity.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Document {
    pub(crate) collection: &'static str,
    pub(crate) id: String,
}

impl Document {
    pub(crate) fn new(collection: &'static str, id: impl Into<String>) -> Self {
        Self {
            collection,
            id: id.into(),
        }
    }

    /// Whether Firestore takes the id. Only those that callers hand over as text can fail.
    ///
    /// Source: Firestore's limits on document ids.
    pub(crate) fn has_valid_id(&self) -> bool {
        let id = self.id.as_str();
        let reserved = id == "." || id == ".." || (id.starts_with("__") && id.ends_with("__"));
        !id.is_empty() && id.len() <= 1_500 && !id.contains('/') && !reserved
    }
}

/// Two lower-case digits for each byte: how the ids of documents show a hash.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
    digits.collect::<Vec<_>>().concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_firestore_refuses_are_known() {
        for id in ["", ".", "..", "__a__", "a/b", &"x".repeat(1_501)] {
            assert!(!Document::outbox(id).has_valid_id(), "{id}");
        }
        assert!(Document::event("0123456789abcdef").has_valid_id());
    }
}
