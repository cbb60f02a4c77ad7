//! What is registered with Google's Partner Engineer, name by name.

use std::fmt;

use crate::service_account_email::is_label;

/// Longest service name, in characters.
const LONGEST_SERVICE: usize = 100;

/// Most roles that may be registered.
const MOST_ROLES: usize = 40;

/// Longest name of a role, in characters. Source: IAM, "Create custom roles".
const LONGEST_ROLE: usize = 64;

/// The name of the vendor's service, such as `product.endpoints.example-partner.cloud.goog`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceName(String);

/// The roles that the vendor has registered: 1 to 40, none twice, each without `roles/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantableRoles(Vec<String>);

impl ServiceName {
    /// Accepts a host name in lower case of at most 100 characters.
    pub fn parse(text: impl Into<String>) -> Option<Self> {
        let text = text.into();
        (text.len() <= LONGEST_SERVICE && text.split('.').all(is_label)).then_some(Self(text))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ServiceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl GrantableRoles {
    /// Accepts names of predefined roles, such as `bigquery.dataViewer`. Custom roles, whose names
    /// have slashes, are not documented for the page.
    pub fn parse(roles: Vec<String>) -> Option<Self> {
        let mut different = roles.clone();
        different.sort_unstable();
        different.dedup();
        let is_good = (1..=MOST_ROLES).contains(&roles.len())
            && different.len() == roles.len()
            && roles.iter().all(|role| is_role(role));
        is_good.then_some(Self(roles))
    }

    /// The roles, in the order in which they were given.
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }
}

fn is_role(text: &str) -> bool {
    let is_inner = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_');
    text.len() <= LONGEST_ROLE
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(is_inner)
}
