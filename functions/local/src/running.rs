//! Everything started, on two listeners.

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;

use function_runtime::{Drain, Problems, serve};
use marketplace_simulator::Simulator;
use marketplace_website::{Scheduler, Website};
use store::{FirestoreSettings, Store};
use tokio::net::TcpListener;

use crate::environment::{Addresses, DATABASE, PROJECT};
use crate::{DemoApplication, Functions, LocalPages, Options};

/// Portico beside the simulated Marketplace.
pub struct Local {
    addresses: Addresses,
    listener: TcpListener,
    functions: Arc<Functions>,
    simulator: Simulator,
    scheduler: Arc<Scheduler>,
    store: Store,
}

/// Why it does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Another program listens on a port.
    #[error("port {port} is taken; choose another one with {variable}")]
    Port {
        /// The port.
        port: u16,
        /// The variable that chooses it.
        variable: &'static str,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The simulator did not start.
    #[error("failed to start the simulated Marketplace")]
    Simulator(#[from] io::Error),
    /// A function refuses the variables it is given.
    #[error("failed to configure a function")]
    Configuration(#[from] Problems),
}

impl Local {
    /// Listens and builds every function, each from its own variables. The Marketplace is served
    /// from now on, the functions by [`serve`](Self::serve).
    pub async fn start(options: &Options) -> Result<Self, StartError> {
        let listener = listen(options.port, "PORT").await?;
        let marketplace = listen(options.marketplace_port, "MARKETPLACE_PORT").await?;
        let addresses = Addresses {
            // Another site than the Marketplace, as in production.
            portico: format!("http://localhost:{}", listener.local_addr()?.port()),
            marketplace: format!("http://{}", marketplace.local_addr()?),
        };
        let settings = addresses.settings();
        let variables = addresses.variables(&settings, options);
        let signup = signup::Config::from_env(&variables)?;
        let login = sso_login::Config::from_env(&variables)?;
        let links = service_account_link::Config::from_env(&variables)?;
        let events = procurement_events::Config::from_env(&variables)?;
        let usage = usage_report::Config::from_env(&variables)?;
        let scheduler = Arc::new(addresses.scheduler());
        let website = Website::new(addresses.storefront()).with_scheduler(Arc::clone(&scheduler));
        let pages = Arc::new(LocalPages {
            marketplace: website,
            application: Some(DemoApplication::new(addresses.portico_endpoints())),
        });
        let simulator = Simulator::serve(settings, marketplace, Some(pages)).await?;
        let store = open_store(options);
        simulator.subscribe(addresses.events());
        DemoApplication::subscribe(&simulator);
        let functions = Functions {
            signup: signup::build(signup, store.clone()),
            login: sso_login::build(login, store.clone()),
            links: service_account_link::build(links, store.clone()),
            events: procurement_events::build(events, store.clone()),
            usage: usage_report::build(usage, store.clone()),
            clock: simulator.clock(),
            marketplace: format!("{}/", addresses.marketplace),
        };
        Ok(Self {
            addresses,
            listener,
            functions: Arc::new(functions),
            simulator,
            scheduler,
            store,
        })
    }

    /// Where Portico is, such as `http://localhost:8080`.
    pub fn portico(&self) -> &str {
        &self.addresses.portico
    }

    /// Where the Marketplace and the demo application are, such as `http://127.0.0.1:9090`.
    pub fn marketplace(&self) -> &str {
        &self.addresses.marketplace
    }

    /// The simulated Google.
    pub fn simulator(&self) -> &Simulator {
        &self.simulator
    }

    /// The links.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Serves the functions until `shutdown` resolves, then ends everything. The scheduler's jobs run as
    /// long.
    pub async fn serve(self, shutdown: impl Future<Output = ()>) -> Drain {
        let warming = Arc::clone(&self.functions);
        tokio::spawn(async move { Box::pin(warming.warm_up()).await });
        let drain = tokio::select! {
            drain = serve(self.listener, self.functions, shutdown) => drain,
            never = self.scheduler.run(&self.simulator) => match never {},
        };
        self.simulator.shutdown().await;
        drain
    }
}

async fn listen(port: u16, variable: &'static str) -> Result<TcpListener, StartError> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|source| StartError::Port {
            port,
            variable,
            source,
        })
}

fn open_store(options: &Options) -> Store {
    match &options.emulator {
        None => Store::memory(),
        Some(emulator) => Store::firestore(FirestoreSettings {
            project: PROJECT.to_owned(),
            database: DATABASE.to_owned(),
            emulator: Some(emulator.clone()),
        }),
    }
}
