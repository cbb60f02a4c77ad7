//! Who may call: by e-mail address, and by unique id where it is configured.

use std::fmt;

use crate::audiences::{InvalidList, check};

/// The longest unique id of a service account. Google's have 21 digits.
const MAX_UNIQUE_ID: usize = 30;

/// The identities that may call: at least one, by exact e-mail addresses.
///
/// Where an address has a unique id beside it, only the account with this id is accepted: after an account was
/// deleted, another one can be made at its address.
#[derive(Clone, PartialEq, Eq)]
pub struct AcceptedEmails(Vec<Accepted>);

#[derive(Clone, PartialEq, Eq)]
struct Accepted {
    email: String,
    unique_id: Option<String>,
}

/// Why a caller is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The e-mail address is not configured.
    Stranger,
    /// The address is configured with another unique id.
    Replaced,
}

impl AcceptedEmails {
    /// Accepts a non-empty list of printable ASCII texts: `EMAIL`, or `EMAIL=UNIQUE_ID`.
    pub fn parse(list: Vec<String>) -> Result<Self, InvalidList> {
        check(&list)?;
        let entries = list.into_iter().map(|entry| Accepted::parse(&entry));
        let entries: Vec<_> = entries.collect::<Result<_, _>>()?;
        let is_unpinned_too = |pinned: &Accepted| {
            let mut others = entries.iter();
            others.any(|other| other.email == pinned.email && other.unique_id.is_none())
        };
        let mut pinned = entries.iter().filter(|entry| entry.unique_id.is_some());
        if pinned.any(is_unpinned_too) {
            return Err(InvalidList::OnlyPartlyPinned);
        }
        Ok(Self(entries))
    }

    /// Whether the account of this address and unique id (`sub`) may call.
    pub(crate) fn accept(&self, email: &str, unique_id: &str) -> Result<(), Refusal> {
        let mut refusal = Refusal::Stranger;
        for accepted in self.0.iter().filter(|accepted| accepted.email == email) {
            match &accepted.unique_id {
                Some(pinned) if pinned != unique_id => refusal = Refusal::Replaced,
                _ => return Ok(()),
            }
        }
        Err(refusal)
    }
}

impl Accepted {
    fn parse(entry: &str) -> Result<Self, InvalidList> {
        let (email, unique_id) = match entry.split_once('=') {
            Some((email, unique_id)) => (email, Some(unique_id)),
            None => (entry, None),
        };
        if !email.contains('@') {
            return Err(InvalidList::NotAnEmail);
        }
        if unique_id.is_some_and(|id| !is_unique_id(id)) {
            return Err(InvalidList::UniqueId);
        }
        Ok(Self {
            email: email.to_owned(),
            unique_id: unique_id.map(ToOwned::to_owned),
        })
    }
}

fn is_unique_id(text: &str) -> bool {
    (1..=MAX_UNIQUE_ID).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// E-mail addresses do not belong in a log.
impl fmt::Debug for AcceptedEmails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AcceptedEmails({})", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn emails(entries: &[&str]) -> Result<AcceptedEmails, InvalidList> {
        AcceptedEmails::parse(entries.iter().map(|entry| (*entry).to_owned()).collect())
    }

    #[test]
    fn an_entry_that_names_no_account_is_refused() {
        let long = format!("a@b={}", "1".repeat(31));
        for (entries, reason) in [
            (&["a@b", ""][..], InvalidList::EmptyEntry),
            (&[], InvalidList::Empty),
            (&["a @b"], InvalidList::Character),
            (&["a.example.com"], InvalidList::NotAnEmail),
            (&["a.example.com=1@b"], InvalidList::NotAnEmail),
            (&["a@b="], InvalidList::UniqueId),
            (&["a@b=1x"], InvalidList::UniqueId),
            (&["a@b=1=2"], InvalidList::UniqueId),
            (&[long.as_str()], InvalidList::UniqueId),
            (&["a@b=1", "a@b"], InvalidList::OnlyPartlyPinned),
        ] {
            assert_eq!(emails(entries), Err(reason), "{entries:?}");
        }
    }

    #[test]
    fn an_address_alone_accepts_every_account_of_that_address() {
        let accepted = emails(&["a@b", "c@d"]).unwrap();
        assert_eq!(accepted.accept("a@b", "1"), Ok(()));
        assert_eq!(accepted.accept("c@d", "2"), Ok(()));
        for email in ["", "A@b", "a@b=1", "a@", "e@f"] {
            assert_eq!(accepted.accept(email, "1"), Err(Refusal::Stranger));
        }
    }

    #[test]
    fn an_address_with_a_unique_id_accepts_that_account_alone() {
        let accepted = emails(&["a@b=1", "a@b=2", "c@d=3"]).unwrap();
        for id in ["1", "2"] {
            assert_eq!(accepted.accept("a@b", id), Ok(()));
        }
        for id in ["", "3", "11"] {
            assert_eq!(accepted.accept("a@b", id), Err(Refusal::Replaced));
        }
        assert_eq!(accepted.accept("e@f", "1"), Err(Refusal::Stranger));
    }

    #[test]
    fn accepted_emails_are_not_shown() {
        let accepted = emails(&["push@example.com=112233"]).unwrap();
        assert_eq!(format!("{accepted:?}"), "AcceptedEmails(1)");
    }
}
