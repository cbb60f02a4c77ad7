//! Who calls a route that is not for customers.

use std::fmt;

/// A service that proved its identity: Pub/Sub's push, Cloud Scheduler, or the vendor's application.
///
/// Only verification makes one.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifiedCaller {
    email: String,
    subject: String,
}

impl VerifiedCaller {
    pub(crate) const fn new(email: String, subject: String) -> Self {
        Self { email, subject }
    }

    /// The caller's e-mail, exactly as it was accepted. Not for logs.
    pub fn email(&self) -> &str {
        &self.email
    }

    /// The caller's unique id at Google: `sub`.
    pub fn subject(&self) -> &str {
        &self.subject
    }
}

impl fmt::Debug for VerifiedCaller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VerifiedCaller(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_the_caller_is_is_not_shown() {
        let caller = VerifiedCaller::new("push@example.com".to_owned(), "112233".to_owned());
        assert_eq!(format!("{caller:?}"), "VerifiedCaller(…)");
    }
}
