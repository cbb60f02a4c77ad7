//! A function in a thread of this program, so that its store in memory can be filled and looked at.

use std::error::Error;
use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use function_runtime::telemetry::{Format, subscriber};
use function_runtime::{Handler, MapEnv, serve};
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::sync::oneshot;
use tracing::subscriber::with_default;

use crate::core::Cores;
use crate::program::processor_time;

/// Ends with its thread when it is dropped.
pub(crate) struct Served {
    pub(crate) address: SocketAddr,
    /// Where the system tells of its thread.
    thread_stat: PathBuf,
    log: PathBuf,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Served {
    /// Serves the function of this name on the function's core, with the runtime that its binary
    /// has, and its log in a file.
    pub(crate) fn start(
        function: &str,
        handler: impl Handler,
        cores: Cores,
    ) -> Result<Self, Box<dyn Error>> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let listening = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
        let listener = runtime.block_on(listening)?;
        let address = listener.local_addr()?;
        let log = std::env::temp_dir().join(format!("portico-bench-{}.log", address.port()));
        let lines = subscriber(&MapEnv::new(), function, Format::Json, File::create(&log)?);
        let (stop, stopped) = oneshot::channel::<()>();
        let (started, id) = mpsc::channel();
        let thread = cores.on_function_core(move || {
            thread::spawn(move || {
                _ = started.send(fs::read_link("/proc/thread-self"));
                let stopped = async move { _ = stopped.await };
                let serving = async { _ = serve(listener, Arc::new(handler), stopped).await };
                with_default(lines, || runtime.block_on(serving));
            })
        });
        Ok(Self {
            address,
            thread_stat: PathBuf::from("/proc").join(id.recv()??).join("stat"),
            log,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// The processor time that its thread has used so far.
    pub(crate) fn processor_time(&self) -> Result<Duration, Box<dyn Error>> {
        processor_time(&self.thread_stat)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic in it was printed where it happened.
            _ = thread.join();
        }
        _ = fs::remove_file(&self.log);
    }
}
