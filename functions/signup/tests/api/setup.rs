//! How the function under test is set up: which store, which variables, which Google.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use function_runtime::{Limits, serve_within, start};
use link_store::LinkStore;
use marketplace_simulator::{Settings, Simulator};
use signup::{Clients, Config, build};
use tokio::net::TcpListener;

use crate::emulator;
use crate::environment::environment;
use crate::function::TestFunction;
use crate::log::Log;

/// A function that has not been started.
pub(crate) struct Setup {
    store: LinkStore,
    simulated: Settings,
    simulator: Option<Simulator>,
    variables: BTreeMap<&'static str, String>,
    limits: Limits,
}

impl Setup {
    /// In front of an empty store in memory.
    pub(crate) fn memory() -> Self {
        Self::over(LinkStore::memory())
    }

    /// In front of an empty project of the Firestore emulator.
    pub(crate) fn firestore() -> Self {
        let project = emulator::new_project();
        Self::over(emulator::store(&project, &emulator::host()))
    }

    /// In front of this store.
    pub(crate) fn over(store: LinkStore) -> Self {
        Self {
            store,
            simulated: Settings::default(),
            simulator: None,
            variables: BTreeMap::new(),
            limits: Limits::default(),
        }
    }

    /// The same store, with a Google that never heard of the customers in it.
    pub(crate) fn anew(&self) -> Self {
        Self::over(self.store.clone())
    }

    /// One more instance of this function: the same store, the same Google.
    pub(crate) fn beside(function: &TestFunction) -> Self {
        Self {
            simulator: Some(function.simulator.clone()),
            ..Self::over(function.store.clone())
        }
    }

    /// With a form of company, name and e-mail.
    pub(crate) fn form(self) -> Self {
        self.with("SIGNUP_MODE", "form")
    }

    /// With Google sign-in required.
    pub(crate) fn signing_in(self) -> Self {
        let client = Settings::default().oauth_client;
        self.with("GOOGLE_SIGN_IN", "required")
            .with("GOOGLE_CLIENT_ID", &client.id)
            .with("GOOGLE_CLIENT_SECRET", &client.secret)
    }

    /// With a topic of the vendor's that hears of changes.
    pub(crate) fn telling(self) -> Self {
        let topics = Settings::default().topics;
        self.with("EVENTS_TOPIC", topics.first().expect("a topic"))
    }

    /// With this variable set.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.variables.insert(name, value.to_owned());
        self
    }

    /// With a Google that is set up so.
    pub(crate) fn simulated(mut self, settings: Settings) -> Self {
        self.simulated = settings;
        self
    }

    /// With so much time for a request, for tests in which somebody never answers.
    pub(crate) fn within(mut self, deadline: Duration) -> Self {
        self.limits.deadline = deadline;
        self
    }

    pub(crate) async fn start(self) -> TestFunction {
        start::install_crypto_provider();
        let (log, logging) = Log::capture();
        let simulator = match self.simulator {
            Some(simulator) => simulator,
            None => Simulator::start(self.simulated).await,
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        simulator.register_redirect_uri(&format!("http://{address}/signup/callback"));
        let mut variables = environment(&format!("http://{address}"), &simulator);
        variables.insert("LINK_STORE".to_owned(), "memory".to_owned());
        variables.extend(self.variables.into_iter().map(|(k, v)| (k.to_owned(), v)));
        let config = Config::from_env(&variables.into_iter().collect::<function_runtime::MapEnv>());
        let config = config.unwrap();
        let clients = Clients::with_store(&config, self.store.clone());
        let handler = Arc::new(build(config, clients));
        let until_dropped = std::future::pending();
        tokio::spawn(serve_within(self.limits, listener, handler, until_dropped));
        TestFunction {
            address,
            simulator,
            store: self.store,
            log,
            secrets: RefCell::default(),
            typed: RefCell::default(),
            _logging: logging,
        }
    }
}
