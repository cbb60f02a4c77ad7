//! Identifiers from outside, checked once, where they come in.
//!
//! Google signs the account id of a token, but signed is not safe: the id goes into a URL path of
//! the Procurement API, a Firestore document name and log lines. Real ids are UUIDs or look like
//! `E-1234-5678-ABCD-EFGH`; no form is promised, so the alphabet is checked and not the shape. The crate's
//! documentation has a table of the alphabets.

mod alphabets;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::pasted_text;
use crate::percent_encoding::{percent_decoded, percent_encoded};

/// Why a text is not an identifier. It never carries the text itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidId {
    /// The text is empty, or has nothing but spaces.
    #[error("is empty")]
    Empty,
    /// The text is longer than so many bytes.
    #[error("is longer than {0} bytes")]
    TooLong(usize),
    /// The text has a character that the alphabet of this identifier does not have.
    #[error("has a character that no such id has")]
    Character,
    /// The text has a character that shows nothing: a control or format character, or one without a meaning.
    #[error("has a character that cannot be shown")]
    NotShown,
    /// `.`, `..`, or with `__` at its beginning or end: path segments with a meaning of their own, to
    /// URLs or to Firestore, by themselves or joined with another.
    #[error("is reserved")]
    Reserved,
    /// The text is not percent-encoded.
    #[error("has a percent sign without two hexadecimal digits after it, or is not UTF-8")]
    Encoding,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident: $check:path) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Accepts what is in the alphabet of this identifier.
            pub fn parse(text: impl Into<String>) -> Result<Self, InvalidId> {
                let text = text.into();
                $check(&text)?;
                Ok(Self(text))
            }

            /// The identifier as it was received.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The identifier as one segment of a path: everything but `A–Z a–z 0–9 - . _ ~` is percent-encoded. No
            /// two identifiers have the same.
            pub fn percent_encoded(&self) -> Cow<'_, str> {
                percent_encoded(&self.0)
            }

            /// The identifier that was percent-encoded. What need not be encoded may be.
            pub fn from_percent_encoded(text: &str) -> Result<Self, InvalidId> {
                Self::parse(percent_decoded(text).ok_or(InvalidId::Encoding)?)
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
    ProcurementAccountId: alphabets::customer
}

id! {
    /// An entitlement. Each order id equals an entitlement id, so `google.orders` of a token are
    /// these too.
    EntitlementId: alphabets::segment
}

id! {
    /// A Google user as the Marketplace names them: the obfuscated GAIA id in
    /// `google.user_identity`, equal to `sub` of their Google ID token.
    ///
    /// It identifies a person, so it has no `Display`, and `Debug` hides it.
    UserIdentity: alphabets::customer
}

id! {
    /// A product as the Procurement API names it, such as
    /// `product.endpoints.example-partner.cloud.goog`.
    ProductId: alphabets::segment
}

id! {
    /// A plan of a product, such as `standard-plan` or `Pro plan (annual)`.
    ///
    /// It is no segment of a resource name, and may have spaces and slashes: wherever it becomes part of a path or of
    /// a list, it is percent-encoded.
    PlanId: alphabets::plan
}

impl PlanId {
    /// The name as people read it: on one line, and without what cannot be seen. It is for a page, and names no plan to
    /// Google.
    pub fn shown(&self) -> String {
        pasted_text::line(&self.0)
    }
}

id! {
    /// The vendor in the Procurement API: the first segment of every resource name. A test provider is named after
    /// its project, which may have a domain in front: `DEMO-example.com:project`.
    ProviderId: alphabets::segment
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
