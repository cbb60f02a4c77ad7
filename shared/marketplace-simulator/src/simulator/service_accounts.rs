//! Service accounts, as a test sees and makes them.

use super::Simulator;
use crate::marketplace_state::NotPossible;
use crate::service_accounts::{ServiceAccount, Wanted};
use crate::settings::{Propagation, Settings};

impl Simulator {
    /// Every service account that was created, oldest first.
    pub fn service_accounts(&self) -> Vec<ServiceAccount> {
        self.google.service_accounts().all().cloned().collect()
    }

    /// The service account with this e-mail or unique id.
    pub fn service_account(&self, id: &str) -> Option<ServiceAccount> {
        let accounts = self.google.service_accounts();
        accounts.find("-", id).cloned()
    }

    /// Whether the service account with this e-mail is known everywhere by now.
    pub fn is_known_everywhere(&self, email: &str) -> bool {
        let accounts = self.google.service_accounts();
        let mut known = accounts.indexed(self.now());
        known.any(|(_, account)| account.email == email)
    }

    /// Creates a service account in the settings' project, as if long ago: it is known everywhere.
    pub fn create_service_account(&self, account_id: &str) -> Result<ServiceAccount, NotPossible> {
        let settings = Settings {
            service_account_propagation: Propagation::AtOnce,
            ..self.google.settings.as_ref().clone()
        };
        let wanted = Wanted {
            project: &settings.project.id,
            account_id,
            display_name: "",
            description: "",
        };
        let mut accounts = self.google.service_accounts();
        let made = accounts.create(wanted, &settings, self.now());
        made.cloned().map_err(|_| NotPossible::WrongState)
    }

    /// Every service account is known everywhere from now on; one that is created later is not.
    pub fn propagate_service_accounts(&self) {
        self.google.service_accounts().propagate();
        self.google.change(|_| ());
    }
}
