//! A posted HTML form, read strictly.

use http::{HeaderMap, header};

/// The field in which the Marketplace posts its token.
pub const TOKEN_FIELD: &str = "x-gcp-marketplace-token";

/// The largest body of a form, in bytes: the longest token that is looked at, 16 KiB, and its field's name. A browser
/// encodes nothing of a token.
pub const FORM_LIMIT: usize = 20 * 1024;

/// More fields than any form of ours or of the Marketplace has.
const MAX_FIELDS: usize = 32;

/// A decoded `application/x-www-form-urlencoded` body or query. Nothing in it is verified.
#[derive(Clone)]
pub struct UnverifiedForm(Vec<(String, String)>);

/// Why a body is not a form we can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FormProblem {
    /// The content type is not `application/x-www-form-urlencoded`.
    #[error("the content type is not application/x-www-form-urlencoded")]
    ContentType,
    /// A name or value is not UTF-8 once decoded.
    #[error("the form is not UTF-8")]
    NotUtf8,
    /// More than 32 fields.
    #[error("the form has too many fields")]
    TooManyFields,
    /// A field that must stand once is missing.
    #[error("a field is missing")]
    Missing,
    /// A field that must be there once was posted twice: we do not guess which one counts.
    #[error("a field was posted twice")]
    Twice,
}

impl UnverifiedForm {
    /// Reads a body by its content type.
    pub fn read(headers: &HeaderMap, body: &[u8]) -> Result<Self, FormProblem> {
        if !is_form(headers) {
            return Err(FormProblem::ContentType);
        }
        Self::decode(body)
    }

    /// Reads a query, which is written as a form is.
    pub fn query(query: &str) -> Result<Self, FormProblem> {
        Self::decode(query.as_bytes())
    }

    fn decode(body: &[u8]) -> Result<Self, FormProblem> {
        let text = std::str::from_utf8(body).map_err(|_| FormProblem::NotUtf8)?;
        let fields: Vec<(String, String)> = form_urlencoded::parse(body)
            .take(MAX_FIELDS + 1)
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        if fields.len() > MAX_FIELDS {
            return Err(FormProblem::TooManyFields);
        }
        // The decoder replaces what is not UTF-8 by U+FFFD. People paste that character too, out of damaged texts.
        let decoded: usize = fields
            .iter()
            .map(|(name, value)| replacement_characters(name) + replacement_characters(value))
            .sum();
        if decoded > 0 && decoded != written_replacement_characters(text) {
            return Err(FormProblem::NotUtf8);
        }
        Ok(Self(fields))
    }

    /// The value of a field that must stand exactly once.
    pub fn once(&self, name: &str) -> Result<&str, FormProblem> {
        self.at_most_once(name)?.ok_or(FormProblem::Missing)
    }

    /// The value of a field that may be missing but not stand twice.
    pub fn at_most_once(&self, name: &str) -> Result<Option<&str>, FormProblem> {
        let mut values = self
            .0
            .iter()
            .filter(|(n, _)| n == name)
            .map(|(_, value)| value.as_str());
        let first = values.next();
        if values.next().is_some() {
            return Err(FormProblem::Twice);
        }
        Ok(first)
    }
}

impl std::fmt::Debug for UnverifiedForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "UnverifiedForm({} fields)", self.0.len())
    }
}

fn replacement_characters(text: &str) -> usize {
    text.matches(char::REPLACEMENT_CHARACTER).count()
}

/// How often U+FFFD itself is in an encoded form.
fn written_replacement_characters(form: &str) -> usize {
    let encoded = form.to_ascii_lowercase();
    encoded.matches("%ef%bf%bd").count() + replacement_characters(form)
}

fn is_form(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return false;
    };
    let Ok(value) = value.to_str() else {
        return false;
    };
    let essence = value.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    const FORM: &str = "application/x-www-form-urlencoded";

    fn read(content_type: &'static str, body: &[u8]) -> Result<UnverifiedForm, FormProblem> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        UnverifiedForm::read(&headers, body)
    }

    #[test]
    fn the_token_is_read_by_its_decoded_name() {
        let form = read(FORM, b"x%2Dgcp-marketplace-token=a.b.c&other=1").unwrap();
        assert_eq!(form.once(TOKEN_FIELD), Ok("a.b.c"));
    }

    #[test]
    fn a_content_type_may_have_a_charset() {
        assert!(read("Application/X-WWW-Form-Urlencoded; charset=UTF-8", b"").is_ok());
    }

    #[test]
    fn another_content_type_is_refused() {
        for content_type in ["application/json", "multipart/form-data; boundary=x", ""] {
            assert_eq!(
                read(content_type, b"a=1").unwrap_err(),
                FormProblem::ContentType
            );
        }
        assert_eq!(
            UnverifiedForm::read(&HeaderMap::new(), b"a=1").unwrap_err(),
            FormProblem::ContentType
        );
    }

    #[test]
    fn two_content_types_are_refused() {
        let mut headers = HeaderMap::new();
        headers.append(header::CONTENT_TYPE, HeaderValue::from_static(FORM));
        headers.append(header::CONTENT_TYPE, HeaderValue::from_static(FORM));
        assert_eq!(
            UnverifiedForm::read(&headers, b"").unwrap_err(),
            FormProblem::ContentType
        );
    }

    #[test]
    fn what_is_not_utf8_is_refused() {
        for body in [&b"a=\xff"[..], b"a=%FF", b"%C3=1"] {
            assert_eq!(read(FORM, body).unwrap_err(), FormProblem::NotUtf8);
        }
    }

    #[test]
    fn a_replacement_character_that_somebody_pasted_is_read() {
        for body in ["a=x%EF%BF%BD", "a=x%ef%bf%BD", "a=x\u{fffd}"] {
            let form = read(FORM, body.as_bytes()).unwrap();
            assert_eq!(form.once("a"), Ok("x\u{fffd}"));
        }
        for body in [
            "a=%EF%BF%BD%FF",
            "a=%E2%82%EF%BF%BD",
            "a=%25EF%25BF%25BD%FF",
        ] {
            let read = read(FORM, body.as_bytes());
            assert_eq!(read.unwrap_err(), FormProblem::NotUtf8);
        }
    }

    #[test]
    fn a_missing_field_is_refused() {
        assert_eq!(
            read(FORM, b"").unwrap().once(TOKEN_FIELD),
            Err(FormProblem::Missing)
        );
    }

    #[test]
    fn a_field_that_stands_twice_is_refused() {
        assert_eq!(
            read(FORM, b"a=1&a=1").unwrap().once("a"),
            Err(FormProblem::Twice)
        );
    }

    #[test]
    fn too_many_fields_are_refused() {
        assert_eq!(
            read(FORM, "a=1&".repeat(33).as_bytes()).unwrap_err(),
            FormProblem::TooManyFields
        );
    }
}
