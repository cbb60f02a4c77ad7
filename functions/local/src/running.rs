//! Everything started, on two listeners.

use std::error::Error;
use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;

use function_runtime::{Drain, Problems, serve};
use marketplace_simulator::Simulator;
use marketplace_website::{Scheduler, Website};
use store::{FirestoreSettings, Store};
use tokio::net::TcpListener;

use crate::application_time::ApplicationTime;
use crate::environment::{
    APPLICATION_IDENTITY, APPLICATION_PUSH_IDENTITY, Addresses, DATABASE, PROJECT,
};
use crate::own_application::block;
use crate::{DemoApplication, Functions, LocalPages, News, Options, OwnApplication};

/// Portico beside the simulated Marketplace.
pub struct Local {
    addresses: Addresses,
    application: Option<OwnApplication>,
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
    /// The emulator that shall have the events does not take them.
    #[error("failed to reach the Pub/Sub emulator at {host}; PUBSUB_EMULATOR_HOST names it")]
    PubSubEmulator {
        /// Its host and port.
        host: String,
        /// Why.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// The application's environment cannot be written.
    #[error("failed to write the file that APPLICATION_ENVIRONMENT_FILE names")]
    EnvironmentFile(#[source] io::Error),
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
        let settings = addresses.settings(options);
        let variables = addresses.variables(&settings, options);
        let signup = signup::Config::from_env(&variables)?;
        let login = sso_login::Config::from_env(&variables)?;
        let links = service_account_link::Config::from_env(&variables)?;
        let events = procurement_events::Config::from_env(&variables)?;
        let usage = usage_report::Config::from_env(&variables)?;
        let scheduler = Arc::new(addresses.scheduler());
        let website =
            Website::new(addresses.storefront(options)).with_scheduler(Arc::clone(&scheduler));
        let has_demo = options.application.is_none();
        let pages = Arc::new(LocalPages {
            marketplace: website,
            application: has_demo.then(|| DemoApplication::new(addresses.portico_endpoints())),
        });
        let simulator = Simulator::serve(settings, marketplace, Some(pages)).await?;
        let store = open_store(options);
        simulator.subscribe(addresses.events());
        subscribe_application(&simulator, options.application.as_ref()).await?;
        let functions = Functions {
            signup: signup::build(signup, store.clone()),
            login: sso_login::build(login, store.clone()),
            links: service_account_link::build(links, store.clone()),
            events: procurement_events::build(events, store.clone()),
            usage: usage_report::build(usage, store.clone()),
            clock: simulator.clock(),
            marketplace: format!("{}/", addresses.marketplace),
            application_time: options
                .application
                .as_ref()
                .map(|_| ApplicationTime::in_world_of(&simulator)),
        };
        Ok(Self {
            addresses,
            application: options.application.clone(),
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

    /// What the developer's own application has to know, as lines to paste into its shell; empty without
    /// such an application.
    pub fn environment(&self) -> String {
        let application = self.application.iter();
        let settings = self.simulator.settings();
        application
            .map(|own| block(&own.environment(&self.addresses, settings)))
            .collect()
    }

    /// Writes these lines into a file, whole or not at all; before it `FILE.key.json`, a service account file of the
    /// application's, for a library that finds no metadata server.
    pub fn write_environment(&self, file: &str) -> Result<(), StartError> {
        let key = self.simulator.service_account_file(APPLICATION_IDENTITY);
        write_whole(&format!("{file}.key.json"), &key)
            .and_then(|()| write_whole(file, &self.environment()))
            .map_err(StartError::EnvironmentFile)
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

fn write_whole(file: &str, text: &str) -> io::Result<()> {
    let unfinished = format!("{file}.new");
    std::fs::write(&unfinished, text)?;
    std::fs::rename(&unfinished, file)
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

/// Has what Portico publishes brought to the application.
async fn subscribe_application(
    simulator: &Simulator,
    own: Option<&OwnApplication>,
) -> Result<(), StartError> {
    match own.map(|own| &own.news) {
        None => DemoApplication::subscribe(simulator),
        Some(News::Pushed { url, audience }) => {
            simulator.push_published_to(url, APPLICATION_PUSH_IDENTITY, audience);
        }
        Some(News::Published { emulator }) => {
            let forwarded = simulator.forward_published_to(emulator).await;
            forwarded.map_err(|source| StartError::PubSubEmulator {
                host: emulator.clone(),
                source: source.into(),
            })?;
        }
    }
    Ok(())
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
