//! Path templates such as `v1/providers/{providersId}/accounts/{accountsId}:approve`.

use std::fmt;

use serde::Deserialize;

/// A path with variables, each a whole segment, and an optional verb at the end.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub(crate) struct Template {
    text: String,
    segments: Vec<Segment>,
    verb: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Literal(String),
    Variable,
}

impl From<String> for Template {
    fn from(text: String) -> Self {
        let (path, verb) = match text.rsplit_once(':') {
            Some((path, verb)) => (path, Some(verb.to_owned())),
            None => (text.as_str(), None),
        };
        let segments = path
            .split('/')
            .map(|segment| {
                if segment.starts_with('{') {
                    Segment::Variable
                } else {
                    Segment::Literal(segment.to_owned())
                }
            })
            .collect();
        Self {
            text: text.clone(),
            segments,
            verb,
        }
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Template {
    /// The values of the variables in order, if this path (decoded, without the first slash) fits.
    ///
    /// A colon belongs to the verb: no id that Google issues here has one.
    pub(crate) fn variables(&self, path: &[String]) -> Option<Vec<String>> {
        let (last, rest) = path.split_last()?;
        let (last, verb) = match last.rsplit_once(':') {
            Some((last, verb)) => (last, Some(verb)),
            None => (last.as_str(), None),
        };
        if verb != self.verb.as_deref() || path.len() != self.segments.len() {
            return None;
        }
        let mut variables = Vec::new();
        let given = rest.iter().map(String::as_str).chain([last]);
        for (segment, given) in self.segments.iter().zip(given) {
            match segment {
                Segment::Literal(literal) if literal == given => {}
                Segment::Variable if !given.is_empty() => variables.push(given.to_owned()),
                _ => return None,
            }
        }
        Some(variables)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(template: &str, path: &str) -> Option<Vec<String>> {
        let path: Vec<String> = path.split('/').map(str::to_owned).collect();
        Template::from(template.to_owned()).variables(&path)
    }

    #[test]
    fn variables_are_whole_segments() {
        let template = "v1/providers/{p}/accounts/{a}:approve";
        assert_eq!(
            variables(template, "v1/providers/x/accounts/y:approve"),
            Some(vec!["x".to_owned(), "y".to_owned()])
        );
        for path in [
            "v1/providers/x/accounts/y",
            "v1/providers/x/accounts/y:reject",
            "v1/providers/x/accounts/:approve",
            "v1/providers/x/accounts/y/z:approve",
            "v1/providers//accounts/y:approve",
            "v2/providers/x/accounts/y:approve",
        ] {
            assert_eq!(variables(template, path), None, "{path}");
        }
    }

    #[test]
    fn a_verb_is_no_part_of_an_id() {
        assert_eq!(variables("v1/a/{a}", "v1/a/y:approve"), None);
        assert_eq!(variables("v1/a/{a}", "v1/a/y"), Some(vec!["y".to_owned()]));
    }
}
