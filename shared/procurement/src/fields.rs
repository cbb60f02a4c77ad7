//! How the fields of a resource are read.

use serde::{Deserialize, Deserializer, de::IntoDeserializer};

/// A field that may be absent. Google writes absent fields as nothing, `null` or an empty text.
pub(crate) fn optional<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let text = Option::<String>::deserialize(deserializer)?;
    text.filter(|text| !text.is_empty())
        .map(|text| T::deserialize(text.into_deserializer()))
        .transpose()
}

/// The id in a resource name, which is its last segment.
pub(crate) fn id_in_name<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let name = String::deserialize(deserializer)?;
    let id = name.rsplit('/').next().unwrap_or_default();
    T::deserialize(id.into_deserializer())
}

/// The state of a resource that names none.
pub(crate) fn unspecified<T: From<String>>() -> T {
    T::from(String::new())
}
