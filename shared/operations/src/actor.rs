//! Who decides.

/// The person behind a decision, as the journal names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor(String);

impl Actor {
    /// By the e-mail address of the credentials, and by the name that they gave themselves. A service account is
    /// nobody: behind it may be any person who can act as it.
    pub fn of(email: Option<&str>, declared: Option<&str>) -> Option<Self> {
        let declared = declared.map(|name| format!("self-declared:{name}"));
        match (email, declared) {
            (Some(email), Some(declared)) => Some(Self(format!("{email} (as {declared})"))),
            (Some(email), None) if !is_service_account(email) => Some(Self(email.to_owned())),
            (None, Some(declared)) => Some(Self(declared)),
            (_, None) => None,
        }
    }

    /// As it stands in the journal.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_service_account(email: &str) -> bool {
    email.ends_with(".gserviceaccount.com")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_named_by_their_address_and_a_name_of_their_own_is_marked() {
        const ROBOT: &str = "operator@p.iam.gserviceaccount.com";
        let of = |email, declared| Actor::of(email, declared).map(|actor| actor.0);
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(of(Some("a@example.com"), None), text("a@example.com"));
        assert_eq!(
            of(Some("a@example.com"), Some("Ann")),
            text("a@example.com (as self-declared:Ann)")
        );
        assert_eq!(
            of(Some(ROBOT), Some("Ann")),
            text("operator@p.iam.gserviceaccount.com (as self-declared:Ann)")
        );
        assert_eq!(of(None, Some("Ann")), text("self-declared:Ann"));
    }

    #[test]
    fn a_service_account_or_nothing_names_no_person() {
        assert_eq!(Actor::of(None, None), None);
        assert_eq!(Actor::of(Some("a@p.iam.gserviceaccount.com"), None), None);
    }
}
