//! Service accounts, one set for every project.

mod propagation;
mod rules;

use jiff::Timestamp;

use crate::google_error::GoogleError;
use crate::random;
use crate::records::Records;
use crate::settings::Settings;
use propagation::Spread;

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

/// The service account that a caller wants.
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
    accounts: Records<Kept>,
}

/// An account, and who knows of it.
#[derive(Debug)]
struct Kept {
    account: ServiceAccount,
    spread: Spread,
}

impl ServiceAccounts {
    /// A new account; ids, texts and the project's quota are checked. What was deleted counts no more,
    /// and its address can be had again, for an account of another unique id.
    pub(crate) fn create(
        &mut self,
        wanted: Wanted<'_>,
        settings: &Settings,
        now: Timestamp,
    ) -> Result<&ServiceAccount, GoogleError> {
        let email = rules::checked(wanted)?;
        let Wanted {
            project,
            account_id: id,
            ..
        } = wanted;
        if self.accounts.get(&email).is_some() {
            let text = format!("Service account {id} already exists within project {project}.");
            return Err(GoogleError::already_exists(text));
        }
        let of_project = self.all().filter(|it| it.project == project);
        if of_project.count() >= settings.service_account_quota {
            return Err(GoogleError::too_many_service_accounts());
        }
        let account = ServiceAccount {
            project: project.to_owned(),
            email: email.clone(),
            unique_id: random::digits(21),
            display_name: wanted.display_name.to_owned(),
            description: wanted.description.to_owned(),
            is_disabled: false,
            created: now,
            times_disabled: 0,
        };
        let spread = Spread::of(settings.service_account_propagation, now);
        self.accounts.put(&email, Kept { account, spread });
        let kept = self.accounts.get(&email);
        Ok(&kept.ok_or_else(GoogleError::not_found)?.account)
    }

    /// The account with this e-mail or unique id, in this project or, for `-`, in any, whether it is
    /// known everywhere or not.
    pub(crate) fn find(&self, project: &str, id: &str) -> Option<&ServiceAccount> {
        self.all().find(|it| it.is_named(project, id))
    }

    /// The same, as a call finds it. What is missing, or not known everywhere yet, is not found in a
    /// named project, and refused in the wildcard.
    pub(crate) fn called(
        &mut self,
        project: &str,
        id: &str,
        now: Timestamp,
    ) -> Result<&mut ServiceAccount, GoogleError> {
        let missing = || match project {
            "-" => GoogleError::permission_denied(),
            _ => GoogleError::not_found(),
        };
        let email = self.find(project, id).map(|it| it.email.clone());
        let kept = email.and_then(|email| self.accounts.get_mut(&email));
        let kept = kept.ok_or_else(missing)?;
        if !kept.spread.is_everywhere(now) {
            kept.spread = kept.spread.missed();
            return Err(missing());
        }
        Ok(&mut kept.account)
    }

    pub(crate) fn delete(
        &mut self,
        project: &str,
        id: &str,
        now: Timestamp,
    ) -> Result<(), GoogleError> {
        let email = self.called(project, id, now)?.email.clone();
        self.accounts.remove(&email);
        Ok(())
    }

    /// From now on every account is known everywhere.
    pub(crate) fn propagate(&mut self) {
        for kept in self.accounts.iter_mut() {
            kept.spread = Spread::Everywhere;
        }
    }

    /// Each that is known everywhere, with its place, oldest first.
    pub(crate) fn indexed(&self, now: Timestamp) -> impl Iterator<Item = (usize, &ServiceAccount)> {
        let known = self.accounts.indexed();
        let known = known.filter(move |(_, kept)| kept.spread.is_everywhere(now));
        known.map(|(place, kept)| (place, &kept.account))
    }

    /// Oldest first.
    pub(crate) fn all(&self) -> impl Iterator<Item = &ServiceAccount> {
        self.accounts.iter().map(|kept| &kept.account)
    }
}

impl ServiceAccount {
    fn is_named(&self, project: &str, id: &str) -> bool {
        (self.email == id || self.unique_id == id) && (project == "-" || self.project == project)
    }

    /// Enables or disables; an account that is so already is no error.
    pub(crate) fn set_disabled(&mut self, is_disabled: bool) {
        self.times_disabled += u32::from(is_disabled && !self.is_disabled);
        self.is_disabled = is_disabled;
    }
}
