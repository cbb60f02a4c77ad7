//! What the person at the browser may do in the account that bought.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One of `google.roles` in the Marketplace's token.
///
/// Roles that Google adds later are carried and grant nothing by themselves: the code that decides
/// compares with the configured list.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Role {
    /// Billing account or order administrator of the billing account that bought.
    AccountAdmin,
    /// Entitlement administrator: editor of a project under that billing account.
    ProjectEditor,
    /// A role this version does not know, as Google wrote it.
    Other(String),
}

impl Role {
    /// The role as it stands in the token.
    pub fn as_str(&self) -> &str {
        match self {
            Self::AccountAdmin => "account_admin",
            Self::ProjectEditor => "project_editor",
            Self::Other(text) => text,
        }
    }
}

impl From<String> for Role {
    fn from(text: String) -> Self {
        match text.as_str() {
            "account_admin" => Self::AccountAdmin,
            "project_editor" => Self::ProjectEditor,
            _ => Self::Other(text),
        }
    }
}

impl From<Role> for String {
    fn from(role: Role) -> Self {
        role.as_str().to_owned()
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_keep_their_text() {
        for text in ["account_admin", "project_editor", "order_viewer", ""] {
            assert_eq!(Role::from(text.to_owned()).as_str(), text);
        }
    }
}
