//! Which processor core does what: the function has one of its own.
//!
//! `taskset` does it, since a thread's cores are inherited by what it starts. Where it is missing, or
//! there is only one core, everything runs wherever the system puts it.

use std::process::{Command, Stdio};
use std::thread;

/// The function, and what it is compared with.
const FUNCTION: &str = "0";

/// The load, and the simulated Google.
const LOAD: &str = "1";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cores {
    /// The function has a core of its own.
    Chosen,
    /// Cores are the system's choice.
    Any,
}

impl Cores {
    /// Moves this program to the load's core.
    pub(crate) fn choose() -> Self {
        if is_moved(FUNCTION) && is_moved(LOAD) {
            Self::Chosen
        } else {
            Self::Any
        }
    }

    /// What `start` starts runs on the function's core.
    pub(crate) fn on_function_core<T: Send>(self, start: impl FnOnce() -> T + Send) -> T {
        if self == Self::Any {
            return start();
        }
        // A thread of its own need not be moved back, which would take longer than some starts.
        let moved = thread::scope(|scope| {
            let starting = scope.spawn(|| {
                is_moved(FUNCTION);
                start()
            });
            starting.join()
        });
        moved.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

/// Moves the thread that asks, and all that it starts from now on.
fn is_moved(core: &str) -> bool {
    let Ok(thread) = std::fs::read_link("/proc/thread-self") else {
        return false;
    };
    let Some(id) = thread.file_name() else {
        return false;
    };
    let mut taskset = Command::new("taskset");
    taskset.args(["--cpu-list", "--pid", core]).arg(id);
    let moved = taskset.stdout(Stdio::null()).stderr(Stdio::null()).status();
    moved.is_ok_and(|status| status.success())
}
