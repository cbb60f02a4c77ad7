//! `procurement-events` in a thread of this program.

use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use function_runtime::{MapEnv, serve, start};
use link_store::LinkStore;
use procurement_events::{Clients, Config, build};
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::sync::oneshot;

use crate::core::Cores;

/// Ends with its thread when it is dropped.
pub(crate) struct Served {
    pub(crate) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Served {
    /// Serves it over this store, on the function's core, with the runtime that its binary has.
    pub(crate) fn start(
        variables: &[(&str, String)],
        store: LinkStore,
        cores: Cores,
    ) -> Result<Self, Box<dyn Error>> {
        start::install_crypto_provider();
        let env = variables
            .iter()
            .fold(MapEnv::new(), |env, (name, value)| env.with(name, value))
            .with("LINK_STORE", "memory");
        let config = Config::from_env(&env).map_err(|problems| problems.to_string())?;
        let clients = Clients::with_store(&config, store);
        let handler = Arc::new(build(config, clients));
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let listening = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
        let listener = runtime.block_on(listening)?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = cores.on_function_core(move || {
            thread::spawn(move || {
                let stopped = async move { _ = stopped.await };
                runtime.block_on(async { _ = serve(listener, handler, stopped).await });
            })
        });
        Ok(Self {
            address,
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic in it was printed where it happened.
            _ = thread.join();
        }
    }
}
