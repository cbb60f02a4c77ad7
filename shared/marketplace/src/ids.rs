//! Identifiers from outside, checked against a safe alphabet before they become part of a path.
//!
//! Google signs the account id of a token, but signed is not safe: the id goes into a URL path of
//! the Procurement API, a Firestore document name and log lines. Real ids are UUIDs or look like
//! `E-1234-5678-ABCD-EFGH`; no form is promised, so the alphabet is checked and not the shape.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The longest identifier accepted, in bytes.
///
/// Firestore allows 1,500 for a document id; links join two identifiers in one.
const MAX_LENGTH: usize = 128;

/// Why a text is not an identifier. It never carries the text itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidId {
    /// The text is empty.
    #[error("is empty")]
    Empty,
    /// The text is longer than 128 bytes.
    #[error("is longer than 128 bytes")]
    TooLong,
    /// The text has a character other than `A–Z a–z 0–9 . _ -`.
    #[error("has a character other than letters, digits, `.`, `_` and `-`")]
    Character,
    /// `.`, `..`, or with `__` at its beginning or end: path segments with a meaning of their own, to
    /// URLs or to Firestore, by themselves or joined with another.
    #[error("is reserved")]
    Reserved,
}

fn check(text: &str) -> Result<(), InvalidId> {
    if text.is_empty() {
        return Err(InvalidId::Empty);
    }
    if text.len() > MAX_LENGTH {
        return Err(InvalidId::TooLong);
    }
    if !text
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
    {
        return Err(InvalidId::Character);
    }
    if text == "." || text == ".." || text.starts_with("__") || text.ends_with("__") {
        return Err(InvalidId::Reserved);
    }
    Ok(())
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Accepts 1–128 characters of `A–Z a–z 0–9 . _ -` that are no reserved path segment.
            pub fn parse(text: impl Into<String>) -> Result<Self, InvalidId> {
                let text = text.into();
                check(&text)?;
                Ok(Self(text))
            }

            /// The identifier as it was received.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                Self::parse(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    };
}

macro_rules! shown {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }
    )*};
}

id! {
    /// A customer's procurement account: `sub` of the Marketplace's token, the last segment of
    /// `providers/{provider}/accounts/{account}`.
    ProcurementAccountId
}

id! {
    /// An entitlement. Each order id equals an entitlement id, so `google.orders` of a token are
    /// these too.
    EntitlementId
}

id! {
    /// A Google user as the Marketplace names them: the obfuscated GAIA id in
    /// `google.user_identity`, equal to `sub` of their Google ID token.
    ///
    /// It identifies a person, so it has no `Display`, and `Debug` hides it.
    UserIdentity
}

id! {
    /// A product as the Procurement API names it, such as
    /// `product.endpoints.example-partner.cloud.goog`.
    ProductId
}

id! {
    /// A plan of a product, such as `standard-plan`.
    PlanId
}

id! {
    /// The vendor in the Procurement API: the first segment of every resource name.
    ProviderId
}

shown!(
    ProcurementAccountId,
    EntitlementId,
    ProductId,
    PlanId,
    ProviderId
);

impl fmt::Debug for UserIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserIdentity(…)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ids_seen_at_google_are_accepted() {
        for text in [
            "0f6b3c1e-5d2a-4e7b-9c88-1a2b3c4d5e6f",
            "E-1234-5678-ABCD-EFGH",
            "product.endpoints.example-partner.cloud.goog",
            "108437912365498732145",
        ] {
            assert_eq!(ProcurementAccountId::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn path_characters_and_reserved_names_are_refused() {
        for (text, reason) in [
            ("", InvalidId::Empty),
            ("a/b", InvalidId::Character),
            ("a b", InvalidId::Character),
            ("a%2Fb", InvalidId::Character),
            ("a\u{0}", InvalidId::Character),
            ("ä", InvalidId::Character),
            (".", InvalidId::Reserved),
            ("..", InvalidId::Reserved),
            ("__a__", InvalidId::Reserved),
            ("__a", InvalidId::Reserved),
            ("a__", InvalidId::Reserved),
        ] {
            assert_eq!(EntitlementId::parse(text), Err(reason), "{text:?}");
        }
        assert_eq!(PlanId::parse("x".repeat(129)), Err(InvalidId::TooLong));
    }

    #[test]
    fn an_invalid_id_does_not_deserialize() {
        assert!(serde_json::from_str::<EntitlementId>("\"a/b\"").is_err());
    }

    #[test]
    fn a_user_identity_is_not_shown() {
        let user = UserIdentity::parse("108437912365498732145").unwrap();
        assert!(!format!("{user:?}").contains("1084"));
    }

    proptest! {
        #[test]
        fn everything_accepted_is_one_safe_path_segment(text in ".{0,140}") {
            if let Ok(id) = ProcurementAccountId::parse(text.clone()) {
                prop_assert_eq!(id.as_str(), &text);
                prop_assert!(!text.contains(['/', '?', '#', '%', ' ', '\\']));
            }
        }
    }
}
