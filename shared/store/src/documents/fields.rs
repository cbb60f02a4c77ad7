//! How a record becomes fields, and fields a record.

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

    pub(crate) fn with(mut self, name: &'static str, value: impl ToValue) -> Self {
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

/// Reads the fields of one document. Whatever is missing or of another type is an error that
/// names collection and field, and never the content.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    collection: &'static str,
    fields: &'a StoredFields,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(collection: &'static str, fields: &'a StoredFields) -> Self {
        Self { collection, fields }
    }

    pub(crate) fn optional<T: FromValue>(
        &self,
        field: &'static str,
    ) -> Result<Option<T>, StoreUnavailable> {
        self.fields
            .get(field)
            .map(|value| T::from_value(value).ok_or_else(|| self.wrong(field)))
            .transpose()
    }

    pub(crate) fn required<T: FromValue>(
        &self,
        field: &'static str,
    ) -> Result<T, StoreUnavailable> {
        self.optional(field)?.ok_or_else(|| self.wrong(field))
    }

    /// A map within the document, read like a document.
    pub(crate) fn nested(&self, field: &'static str) -> Result<Option<Self>, StoreUnavailable> {
        match self.fields.get(field) {
            None => Ok(None),
            Some(Value::Map(fields)) => Ok(Some(Self::new(self.collection, fields))),
            Some(_) => Err(self.wrong(field)),
        }
    }

    pub(crate) fn wrong(&self, field: &'static str) -> StoreUnavailable {
        StoreUnavailable::Undecodable {
            collection: self.collection,
            field,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored() -> StoredFields {
        Fields::new()
            .with("name", "a secret")
            .with("absent", None::<&str>)
            .with("newer", Value::Foreign)
            .stored()
    }

    #[test]
    fn a_field_without_a_value_is_not_stored() {
        assert!(!stored().contains_key("absent"));
    }

    #[test]
    fn a_missing_field_is_named() {
        let stored = stored();
        let error = Reader::new("things", &stored).required::<String>("absent");
        assert_eq!(
            error.unwrap_err().to_string(),
            "a document of `things` cannot be read: its field `absent` is missing or malformed"
        );
    }

    #[test]
    fn a_field_of_another_type_is_named_without_its_content() {
        let stored = stored();
        let reader = Reader::new("things", &stored);
        let errors = [
            reader.required::<bool>("name").unwrap_err(),
            reader.optional::<bool>("name").unwrap_err(),
            reader.nested("name").map(|_| ()).unwrap_err(),
        ];
        for error in errors {
            assert_eq!(
                error.to_string(),
                "a document of `things` cannot be read: its field `name` is missing or malformed"
            );
        }
        assert!(reader.required::<String>("newer").is_err());
    }
}
