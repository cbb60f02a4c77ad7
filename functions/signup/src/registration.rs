//! A customer who registers, in one request.

use customer_entry::Entry;
use store::Landing;

use crate::form_fields::Profile;

/// A customer who registers.
#[derive(Debug, Clone)]
pub(crate) struct Registration {
    pub(crate) entry: Entry,
    /// What was typed in the form, if this request brought one.
    pub(crate) typed: Option<Profile>,
}

impl Registration {
    /// What this user typed, now or before.
    pub(crate) fn profile(&self, landing: &Landing) -> Profile {
        let before = landing.link.as_ref().map(|link| &link.record.profile);
        let profile = self.typed.as_ref().or(before);
        profile.cloned().unwrap_or_default()
    }
}

impl From<Entry> for Registration {
    fn from(entry: Entry) -> Self {
        Self { entry, typed: None }
    }
}
