//! The simulated Google and a client of it.

use std::ops::Deref;
use std::time::Duration;

use google_calls::Credentials;
use marketplace::{Deadline, GoogleOrigin};
use marketplace_simulator::{Settings, Simulator};
use service_accounts::{NewServiceAccount, ServiceAccounts};

pub(crate) const PROJECT: &str = "vendor-customers";

/// When it is dropped, it makes sure that Google was asked nothing that Google would refuse.
pub(crate) struct Simulated {
    pub(crate) simulator: Simulator,
    accounts: ServiceAccounts,
}

impl Simulated {
    pub(crate) async fn start(settings: Settings) -> Self {
        // Another test may have been first.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let simulator = Simulator::start(settings).await;
        let origin = GoogleOrigin::simulated_at(&simulator.origin());
        let accounts = ServiceAccounts::new(&origin, Credentials::new(&origin));
        Self {
            simulator,
            accounts,
        }
    }
}

impl Deref for Simulated {
    type Target = ServiceAccounts;

    fn deref(&self) -> &ServiceAccounts {
        &self.accounts
    }
}

impl Drop for Simulated {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(self.simulator.violations(), Vec::<String>::new());
        }
    }
}

pub(crate) fn wanted(id: &str) -> NewServiceAccount {
    NewServiceAccount {
        project: PROJECT.to_owned(),
        id: id.to_owned(),
        display_name: "Customer".to_owned(),
        description: "Whose it is".to_owned(),
    }
}

pub(crate) fn soon() -> Deadline {
    Deadline::after(Duration::from_secs(20))
}
