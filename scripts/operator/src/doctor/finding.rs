//! What a check found.

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Finding {
    /// It is as it should be; in what way.
    Fine(String),
    /// It is not.
    Problem(Advice),
    /// It is not known whether it is.
    Unknown(Advice),
}

/// Why, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Advice {
    pub(super) cause: String,
    pub(super) fix: String,
}

impl Finding {
    pub(super) fn fine(text: impl Into<String>) -> Self {
        Self::Fine(text.into())
    }

    pub(super) fn problem(cause: impl Into<String>, fix: impl Into<String>) -> Self {
        let (cause, fix) = (cause.into(), fix.into());
        Self::Problem(Advice { cause, fix })
    }

    pub(super) fn unknown(cause: impl Into<String>, fix: impl Into<String>) -> Self {
        let (cause, fix) = (cause.into(), fix.into());
        Self::Unknown(Advice { cause, fix })
    }
}

/// What was found, or that all is well if that is nothing.
pub(super) fn or_fine(found: Vec<Finding>, fine: &str) -> Vec<Finding> {
    if found.is_empty() {
        vec![Finding::fine(fine)]
    } else {
        found
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The causes of the problems that were found, which name no identity; `fine` or `unknown` in
    /// place of what is none.
    pub(in super::super) fn causes(found: impl IntoIterator<Item = Finding>) -> Vec<String> {
        let cause = |finding| match finding {
            Finding::Fine(_) => "fine".to_owned(),
            Finding::Unknown(_) => "unknown".to_owned(),
            Finding::Problem(Advice { cause, .. }) => {
                assert!(!cause.contains('@'), "{cause}");
                cause
            }
        };
        found.into_iter().map(cause).collect()
    }

    /// The cause of the first problem, or nothing.
    pub(in super::super) fn cause(found: impl IntoIterator<Item = Finding>) -> String {
        causes(found).into_iter().next().unwrap_or_default()
    }

    /// What to do about the only finding.
    pub(in super::super) fn fix(found: impl IntoIterator<Item = Finding>) -> String {
        let found: Vec<_> = found.into_iter().collect();
        match found.as_slice() {
            [Finding::Problem(advice) | Finding::Unknown(advice)] => advice.fix.clone(),
            other => panic!("{other:?}"),
        }
    }

    /// Asserts that exactly one problem was found, with this in its cause, or none if that is empty.
    #[track_caller]
    pub(in super::super) fn assert_cause(found: impl IntoIterator<Item = Finding>, part: &str) {
        match causes(found).as_slice() {
            [] if part.is_empty() => {}
            [cause] if !part.is_empty() && cause.contains(part) => {}
            other => panic!("{part:?}: {other:?}"),
        }
    }
}
