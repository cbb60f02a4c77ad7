//! Service accounts, as a test sees and makes them.

use jiff::Timestamp;

use super::Simulator;
use crate::service_accounts::{ServiceAccount, Wanted};
use crate::state::NotPossible;

impl Simulator {
    /// Every service account that was created, oldest first.
    pub fn service_accounts(&self) -> Vec<ServiceAccount> {
        self.world.service_accounts().all().cloned().collect()
    }

    /// The service account with this e-mail or unique id.
    pub fn service_account(&self, id: &str) -> Option<ServiceAccount> {
        let accounts = self.world.service_accounts();
        accounts.find("-", id).ok().cloned()
    }

    /// Creates a service account in the settings' project.
    pub fn create_service_account(&self, account_id: &str) -> Result<ServiceAccount, NotPossible> {
        let settings = &self.world.settings;
        let wanted = Wanted {
            project: &settings.project.id,
            account_id,
            display_name: "",
            description: "",
        };
        let mut accounts = self.world.service_accounts();
        let made = accounts.create(wanted, settings.service_account_quota, Timestamp::now());
        made.cloned().map_err(|_| NotPossible::WrongState)
    }
}
