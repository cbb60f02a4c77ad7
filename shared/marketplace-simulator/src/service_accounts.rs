//! Service accounts, one set for every project.

use jiff::Timestamp;

use crate::google_error::GoogleError;
use crate::state::{Shelf, random_digits};

/// A service account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceAccount {
    /// Id of its project.
    pub project: String,
    /// Its address.
    pub email: String,
    /// 21 digits that no other account ever has.
    pub unique_id: String,
    /// What a person reads; may be empty.
    pub display_name: String,
    /// What a person reads; may be empty.
    pub description: String,
    /// Whether it can be used.
    pub is_disabled: bool,
    /// When it was created.
    pub created: Timestamp,
    /// How many calls disabled it that had been enabled.
    pub times_disabled: u32,
}

/// What somebody wants to create.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) project: &'a str,
    pub(crate) account_id: &'a str,
    pub(crate) display_name: &'a str,
    pub(crate) description: &'a str,
}

/// Every service account, by e-mail.
#[derive(Debug, Default)]
pub(crate) struct ServiceAccounts {
    accounts: Shelf<ServiceAccount>,
}

impl ServiceAccounts {
    /// A new account; ids, texts and the project's quota are checked.
    pub(crate) fn create(
        &mut self,
        wanted: Wanted<'_>,
        quota: usize,
        now: Timestamp,
    ) -> Result<&ServiceAccount, GoogleError> {
        let Wanted {
            project,
            account_id,
            display_name,
            description,
        } = wanted;
        if !is_account_id(account_id) || display_name.len() > 100 || description.len() > 256 {
            return Err(GoogleError::of_status(400));
        }
        let email = format!("{account_id}@{project}.iam.gserviceaccount.com");
        if self.accounts.get(&email).is_some() {
            let text = format!("Service account {account_id} already exists within project.");
            return Err(GoogleError::already_exists(text));
        }
        if self.of_project(project).count() >= quota {
            return Err(GoogleError::of_status(429));
        }
        let account = ServiceAccount {
            project: project.to_owned(),
            email: email.clone(),
            unique_id: random_digits(21),
            display_name: display_name.to_owned(),
            description: description.to_owned(),
            is_disabled: false,
            created: now,
            times_disabled: 0,
        };
        self.accounts.put(&email, account);
        self.accounts.get(&email).ok_or_else(GoogleError::not_found)
    }

    /// The account with this e-mail or unique id, in this project or, for `-`, in any. What is missing
    /// is not found in a named project, and nobody's business in the wildcard.
    pub(crate) fn find(&self, project: &str, id: &str) -> Result<&ServiceAccount, GoogleError> {
        let is_it = |it: &&ServiceAccount| {
            (it.email == id || it.unique_id == id) && (project == "-" || it.project == project)
        };
        self.accounts
            .iter()
            .find(is_it)
            .ok_or_else(|| match project {
                "-" => GoogleError::permission_denied(),
                _ => GoogleError::not_found(),
            })
    }

    /// Enables or disables; an account that is so already is no error.
    pub(crate) fn set_disabled(
        &mut self,
        project: &str,
        id: &str,
        is_disabled: bool,
    ) -> Result<(), GoogleError> {
        let email = self.find(project, id)?.email.clone();
        if let Some(account) = self.accounts.get_mut(&email) {
            account.times_disabled += u32::from(is_disabled && !account.is_disabled);
            account.is_disabled = is_disabled;
        }
        Ok(())
    }

    pub(crate) fn delete(&mut self, project: &str, id: &str) -> Result<(), GoogleError> {
        let email = self.find(project, id)?.email.clone();
        self.accounts.remove(&email);
        Ok(())
    }

    /// Each with its place, oldest first.
    pub(crate) fn placed(&self) -> impl Iterator<Item = (usize, &ServiceAccount)> {
        self.accounts.placed()
    }

    /// Oldest first.
    pub(crate) fn all(&self) -> impl Iterator<Item = &ServiceAccount> {
        self.accounts.iter()
    }

    fn of_project(&self, project: &str) -> impl Iterator<Item = &ServiceAccount> {
        self.all().filter(move |it| it.project == project)
    }
}

/// 6 to 30 lower-case letters, digits and hyphens, a letter first and no hyphen last.
fn is_account_id(id: &str) -> bool {
    let is_inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (6..=30).contains(&id.len())
        && id.starts_with(|c: char| c.is_ascii_lowercase())
        && !id.ends_with('-')
        && id.bytes().all(is_inner)
}
