//! The running simulator: in front what breaks connections, behind it the server.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use function_runtime::Limits;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::handler::SimulatorHandler;
use crate::sync::lock;
use crate::transport_faults;

/// How long a call may hang: longer than any caller waits.
const LONGEST_CALL: Duration = Duration::from_mins(10);
/// How long the end waits for calls that hang by no fault of a test's: a page in a browser waits for a change.
const DRAIN: Duration = Duration::from_secs(1);

/// A server that ends when it is dropped.
pub(crate) struct Server {
    running: Mutex<Option<RunningServer>>,
}

struct RunningServer {
    // Dropping it is the signal.
    shutdown: watch::Sender<()>,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(front: TcpListener, handler: SimulatorHandler) -> io::Result<Self> {
        let behind = TcpListener::bind("127.0.0.1:0").await?;
        let address = behind.local_addr()?;
        let (shutdown, signal) = watch::channel(());
        let limits = Limits {
            deadline: LONGEST_CALL,
            // Never reached: it would be an error in the log, and what still hangs at the end is none.
            drain: LONGEST_CALL,
            ..Limits::default()
        };
        let end = ended(signal.clone());
        let task = tokio::spawn(async move {
            tokio::select! {
                _ = function_runtime::serve_within(limits, behind, Arc::new(handler), end) => {}
                () = transport_faults::forward(front, address) => {}
                () = async { ended(signal).await; sleep(DRAIN).await } => {}
            }
        });
        Ok(Self {
            running: Mutex::new(Some(RunningServer { shutdown, task })),
        })
    }

    pub(crate) async fn shutdown(&self) {
        let running = lock(&self.running).take();
        if let Some(RunningServer { shutdown, task }) = running {
            drop(shutdown);
            // A panic in it has been logged where it happened.
            let _ = task.await;
        }
    }
}

async fn ended(mut signal: watch::Receiver<()>) {
    // Nothing is ever sent: an error means that the sender was dropped, which is the end.
    let _ = signal.changed().await;
}
