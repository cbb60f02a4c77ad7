//! A posted form.

/// The fields of a form; the first of a name counts.
#[derive(Debug)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// The fields of a body of `application/x-www-form-urlencoded`.
    #[must_use]
    pub fn read(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    /// The value of a field, empty if there is none.
    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        let field = self.0.iter().find(|(field, _)| field == name);
        field.map_or("", |(_, value)| value)
    }
}
