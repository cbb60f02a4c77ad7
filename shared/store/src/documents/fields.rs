//! How a record becomes fields, and fields a record.

use super::document_id::FromDocumentId;
use super::value::{FromValue, StoredFields, ToValue, Value};
use crate::StoreUnavailable;

/// Every field that this version knows of a record, those without a value too.
///
/// Writing names them all, and only them: a field that has lost its value is removed, and one that
/// a newer version added stays as it is.
pub(crate) struct Fields(Vec<(&'static str, Option<Value>)>);

impl Fields {
    pub(crate) fn new() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn with(mut self, name: &'static str, value: &(impl ToValue + ?Sized)) -> Self {
        self.0.push((name, value.to_value()));
        self
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|(name, _)| *name)
    }

    /// The fields that have a value.
    pub(crate) fn stored(&self) -> StoredFields {
        let present = self.0.iter();
        let present = present.filter_map(|(name, value)| {
            let value = value.clone()?;
            Some(((*name).to_owned(), value))
        });
        present.collect()
    }

    /// Whether these fields stand in a document as they were to be written.
    pub(crate) fn stand_in(&self, stored: &StoredFields) -> bool {
        let mut fields = self.0.iter();
        fields.all(|(name, value)| stored.get(*name) == value.as_ref())
    }

    /// The fields as a map within a document.
    pub(crate) fn to_map(&self) -> Value {
        Value::Map(self.stored())
    }
}

/// Reads the fields of one document. What is missing or of another type is an error that names
/// collection and field, and never the content.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    collection: &'static str,
    id: &'a str,
    fields: &'a StoredFields,
}

/// What can be read from a document under a name.
pub(crate) trait Field: Sized {
    fn read(reader: Reader<'_>, name: &'static str) -> Result<Self, StoreUnavailable>;
}

impl<'a> Reader<'a> {
    pub(crate) fn new(collection: &'static str, id: &'a str, fields: &'a StoredFields) -> Self {
        Self {
            collection,
            id,
            fields,
        }
    }

    /// What the document's id says.
    pub(crate) fn id<T: FromDocumentId>(&self) -> Result<T, StoreUnavailable> {
        T::from_document_id(self.id).ok_or_else(|| self.wrong("id"))
    }

    pub(crate) fn read<T: Field>(self, name: &'static str) -> Result<T, StoreUnavailable> {
        T::read(self, name)
    }

    /// What stands under the first name, or else under the other one.
    pub(crate) fn read_either<T: Field>(
        self,
        name: &'static str,
        other: Option<&'static str>,
    ) -> Result<T, StoreUnavailable> {
        let other = other.filter(|_| !self.fields.contains_key(name));
        self.read(other.unwrap_or(name))
    }

    /// A map within the document, read like a document.
    pub(crate) fn nested(&self, name: &'static str) -> Result<Self, StoreUnavailable> {
        match self.fields.get(name) {
            Some(Value::Map(fields)) => Ok(Self { fields, ..*self }),
            _ => Err(self.wrong(name)),
        }
    }

    pub(crate) fn wrong(&self, field: &'static str) -> StoreUnavailable {
        StoreUnavailable::Undecodable {
            collection: self.collection,
            field,
        }
    }
}

impl<T: FromValue> Field for T {
    fn read(reader: Reader<'_>, name: &'static str) -> Result<Self, StoreUnavailable> {
        let value = reader.fields.get(name).and_then(T::from_value);
        value.ok_or_else(|| reader.wrong(name))
    }
}

impl<T: Field> Field for Option<T> {
    fn read(reader: Reader<'_>, name: &'static str) -> Result<Self, StoreUnavailable> {
        let stored = reader.fields.contains_key(name);
        stored.then(|| reader.read(name)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored() -> StoredFields {
        Fields::new()
            .with("name", "a secret")
            .with("absent", &None::<String>)
            .with("newer", &Value::Foreign)
            .stored()
    }

    #[test]
    fn a_field_without_a_value_is_not_stored() {
        assert!(!stored().contains_key("absent"));
    }

    #[test]
    fn a_missing_field_is_named() {
        let stored = stored();
        let error = Reader::new("things", "id", &stored).read::<String>("absent");
        assert_eq!(
            error.unwrap_err().to_string(),
            "a document of `things` cannot be read: its field `absent` is missing or malformed"
        );
    }

    #[test]
    fn a_field_of_another_type_is_named_without_its_content() {
        let stored = stored();
        let reader = Reader::new("things", "id", &stored);
        let errors = [
            reader.read::<bool>("name").unwrap_err(),
            reader.read::<Option<bool>>("name").unwrap_err(),
            reader.nested("name").map(|_| ()).unwrap_err(),
        ];
        for error in errors {
            assert_eq!(
                error.to_string(),
                "a document of `things` cannot be read: its field `name` is missing or malformed"
            );
        }
        assert!(reader.read::<String>("newer").is_err());
    }
}
