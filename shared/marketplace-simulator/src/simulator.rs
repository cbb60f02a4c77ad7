//! The handle by which tests and pages see and change the simulated Google.

mod application_time;
mod customers;
mod due;
mod handler;
mod messages;
mod orders;
mod pages;
mod preset_resources;
mod producer_portal;
mod server;
mod service_account_page;
mod service_accounts;
mod sign_in;
mod signing;
mod usage;

use std::io;
use std::sync::Arc;

use marketplace::{EntitlementId, ProcurementAccountId};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::call_log::CallLog;
use crate::faults::Faults;
use crate::marketplace_state::{Account, Entitlement};
use crate::settings::Settings;
use crate::simulated_google::SimulatedGoogle;
pub use handler::{NeverFails, SimulatorHandler};
pub use pages::Pages;
use server::Server;

/// Everything of Google that Portico talks to. Clones share one state.
///
/// A simulator that was started ends when its last clone is dropped, or by [`shutdown`](Self::shutdown).
#[derive(Clone)]
pub struct Simulator {
    google: Arc<SimulatedGoogle>,
    server: Option<Arc<Server>>,
}

impl Simulator {
    /// Starts a simulator on a free port of `127.0.0.1`.
    ///
    /// # Panics
    ///
    /// If no port can be bound: a test could do nothing else.
    #[expect(clippy::expect_used, reason = "a test cannot go on without a port")]
    pub async fn start(settings: Settings) -> Self {
        let bound = TcpListener::bind("127.0.0.1:0").await;
        let listener = bound.expect("a port of the loopback interface is free");
        let started = Self::serve(settings, listener, None).await;
        started.expect("a port of the loopback interface is free")
    }

    /// Starts a simulator on this listener, with pages for every other path.
    pub async fn serve(
        settings: Settings,
        listener: TcpListener,
        pages: Option<Arc<dyn Pages>>,
    ) -> io::Result<Self> {
        let origin = format!("http://{}", listener.local_addr()?);
        let simulator = Self::new(settings, &origin);
        let server = Server::start(listener, simulator.handler(pages)).await?;
        Ok(Self {
            server: Some(Arc::new(server)),
            ..simulator
        })
    }

    /// A simulator that another server serves, at this origin, through its [`handler`](Self::handler).
    /// Faults that cut or slow a connection have no effect then but their mark in a header.
    pub fn new(settings: Settings, origin: &str) -> Self {
        let google = Arc::new(SimulatedGoogle::new(settings, origin));
        due::bring_about(&google);
        Self {
            google,
            server: None,
        }
    }

    /// What answers its requests.
    pub fn handler(&self, pages: Option<Arc<dyn Pages>>) -> SimulatorHandler {
        let without_server = Self {
            google: Arc::clone(&self.google),
            // The server owns its handler; a handler that owned the server would never end.
            server: None,
        };
        SimulatorHandler::new(without_server, pages)
    }

    /// Ends the server, if it has one, and waits until its port is free. Calls that hang are released.
    pub async fn shutdown(&self) {
        self.google.faults.clear();
        if let Some(server) = &self.server {
            server.shutdown().await;
        }
    }

    /// Where it is served, such as `http://127.0.0.1:9000`: the value of `GOOGLE_ORIGIN`.
    pub fn origin(&self) -> String {
        self.google.origin.clone()
    }

    /// How it is set up.
    pub fn settings(&self) -> &Settings {
        &self.google.settings
    }

    /// What was called, and what was answered.
    pub fn calls(&self) -> CallLog {
        self.google.calls.clone()
    }

    /// What is to go wrong.
    pub fn faults(&self) -> Faults {
        self.google.faults.clone()
    }

    /// Every request so far that does not fit what Google documents, one line each; the first thousand.
    /// A test asserts that there is none.
    pub fn violations(&self) -> Vec<String> {
        self.google.violations()
    }

    /// The account with this id.
    pub fn account(&self, id: &ProcurementAccountId) -> Option<Account> {
        self.google
            .read(|state| state.accounts.get(id.as_str()).cloned())
    }

    /// Every account, oldest first.
    pub fn accounts(&self) -> Vec<Account> {
        self.google
            .read(|state| state.accounts.iter().cloned().collect())
    }

    /// The entitlement with this id.
    pub fn entitlement(&self, id: &EntitlementId) -> Option<Entitlement> {
        self.google
            .read(|state| state.entitlements.get(id.as_str()).cloned())
    }

    /// Every entitlement, oldest first.
    pub fn entitlements(&self) -> Vec<Entitlement> {
        self.google
            .read(|state| state.entitlements.iter().cloned().collect())
    }

    /// What the account bought, oldest first.
    pub fn entitlements_of(&self, account: &ProcurementAccountId) -> Vec<Entitlement> {
        self.google.read(|state| {
            let entitlements = state.entitlements.iter();
            let own = entitlements.filter(|entitlement| &entitlement.account == account);
            own.cloned().collect()
        })
    }

    /// Changes whenever an account or entitlement may have changed.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.google.changes()
    }

    /// Waits until the account is as wanted, and returns it.
    pub async fn account_when(
        &self,
        id: &ProcurementAccountId,
        wanted: impl Fn(&Account) -> bool,
    ) -> Account {
        self.when(|| self.account(id).filter(|account| wanted(account)))
            .await
    }

    /// Waits until the entitlement is as wanted, and returns it.
    pub async fn entitlement_when(
        &self,
        id: &EntitlementId,
        wanted: impl Fn(&Entitlement) -> bool,
    ) -> Entitlement {
        self.when(|| {
            self.entitlement(id)
                .filter(|entitlement| wanted(entitlement))
        })
        .await
    }

    pub(crate) fn google(&self) -> &SimulatedGoogle {
        &self.google
    }

    async fn when<T>(&self, look: impl Fn() -> Option<T>) -> T {
        let mut changes = self.changes();
        loop {
            if let Some(found) = look() {
                return found;
            }
            // The state holds the sender, so there is always a next change to wait for.
            if changes.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }
}
