//! The running simulator: in front what breaks connections, behind it the server.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use function_runtime::Limits;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::handler::SimulatorHandler;
use crate::sync::lock;
use crate::transport_faults;

/// How long a call may hang: longer than any caller waits.
const LONGEST_CALL: Duration = Duration::from_mins(10);
/// How long the end waits for calls that hang by no fault of a test's.
const DRAIN: Duration = Duration::from_secs(1);

/// A server that ends when it is dropped.
pub(crate) struct Server {
    running: Mutex<Option<RunningServer>>,
}

struct RunningServer {
    // Dropping it is the signal.
    shutdown: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(front: TcpListener, handler: SimulatorHandler) -> io::Result<Self> {
        let behind = TcpListener::bind("127.0.0.1:0").await?;
        let address = behind.local_addr()?;
        let (shutdown, ended) = oneshot::channel();
        let ended = async move {
            // An error means that the sender was dropped, which is the end as well.
            let _ = ended.await;
        };
        let limits = Limits {
            deadline: LONGEST_CALL,
            drain: DRAIN,
            ..Limits::default()
        };
        let task = tokio::spawn(async move {
            tokio::select! {
                _ = function_runtime::serve_within(limits, behind, Arc::new(handler), ended) => {}
                () = transport_faults::forward(front, address) => {}
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
