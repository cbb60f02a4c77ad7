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
        Self::Problem(Advice {
            cause: cause.into(),
            fix: fix.into(),
        })
    }

    pub(super) fn unknown(cause: impl Into<String>, fix: impl Into<String>) -> Self {
        Self::Unknown(Advice {
            cause: cause.into(),
            fix: fix.into(),
        })
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
