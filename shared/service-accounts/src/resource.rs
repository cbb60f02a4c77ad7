//! Service accounts as the IAM API has them.

use google_cloud_iam_admin_v1::model;
use marketplace::ServiceAccountEmail;

/// A service account as Google describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceAccount {
    /// Its address.
    pub email: ServiceAccountEmail,
    /// Its numeric id, which an account created later under the same address does not share.
    pub unique_id: String,
    /// A text for people.
    pub description: String,
    /// Whether it cannot be used.
    pub is_disabled: bool,
}

/// A service account to be created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewServiceAccount {
    /// The project to create it in.
    pub project: String,
    /// The part of its address before the `@`: 6–30 `a-z 0-9 -`, a letter first, no `-` last.
    pub id: String,
    /// At most 100 bytes.
    pub display_name: String,
    /// At most 256 bytes.
    pub description: String,
}

/// How an account is named in requests: its project, and its address or unique id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceAccountName {
    project: String,
    id: String,
}

impl ServiceAccountName {
    /// The account that has this address now.
    pub fn by_email(email: &ServiceAccountEmail) -> Self {
        Self {
            project: email.project(),
            id: email.as_str().to_owned(),
        }
    }

    /// The account with this unique id, never a later one at its address.
    ///
    /// The stored address only says in which project to look. If it is not readable, Google looks in all projects.
    pub fn by_unique_id(email: &str, unique_id: &str) -> Self {
        let email = ServiceAccountEmail::parse(email);
        Self {
            project: email.map_or_else(|_| "-".to_owned(), |email| email.project()),
            id: unique_id.to_owned(),
        }
    }

    /// The project it is in.
    pub fn project(&self) -> &str {
        &self.project
    }

    pub(crate) fn resource(&self) -> String {
        format!("projects/{}/serviceAccounts/{}", self.project, self.id)
    }
}

impl ServiceAccount {
    /// `None`: Google's answer lacks what every account has.
    pub(crate) fn from_google(account: model::ServiceAccount) -> Option<Self> {
        let email = ServiceAccountEmail::parse(account.email).ok()?;
        let unique_id = account.unique_id;
        let is_number = !unique_id.is_empty() && unique_id.bytes().all(|b| b.is_ascii_digit());
        is_number.then_some(Self {
            email,
            unique_id,
            description: account.description,
            is_disabled: account.disabled,
        })
    }
}
