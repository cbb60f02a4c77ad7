//! What the function logs, as Cloud Logging gets it.

use std::io::{self, Write};
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use function_runtime::MapEnv;
use function_runtime::telemetry::{Format, subscriber};
use serde_json::Value;
use tracing::Dispatch;
use tracing::dispatcher::get_default;
use tracing::subscriber::{DefaultGuard, NoSubscriber, set_default};

use crate::collected;

/// What is logged on this thread, which is all of a test's.
#[derive(Clone)]
pub struct Log {
    function: &'static str,
    written: Arc<Mutex<Vec<u8>>>,
    /// As long as there is but one subscriber in a process, `tracing` asks the thread that comes to a
    /// place first whether anybody listens there, and believes it for all: a test that does not
    /// listen would make another one deaf.
    _second: Dispatch,
}

impl Log {
    /// Captures what this function logs until the guard is dropped.
    pub fn capture(function: &'static str) -> (Self, DefaultGuard) {
        let log = Self {
            function,
            written: Arc::default(),
            _second: Dispatch::new(NoSubscriber::new()),
        };
        let writer = log.clone();
        let logs = subscriber(&MapEnv::new(), function, Format::Json, move || {
            writer.clone()
        });
        (log, set_default(logs))
    }

    /// Where lines are collected, those of a function whose test does not look at them: until the thread ends, or
    /// somebody captures them.
    pub fn collect(function: &'static str) {
        let is_captured = get_default(|current| !current.is::<NoSubscriber>());
        if collected::folder().is_some() && !is_captured {
            let (_, capturing) = Self::capture(function);
            mem::forget(capturing);
        }
    }

    /// Without the lines of the simulated Google, which lives in the same thread.
    pub fn text(&self) -> String {
        let bytes = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(&bytes);
        let own = text.lines().filter(|line| !is_googles(line));
        own.fold(String::new(), |text, line| text + line + "\n")
    }

    /// Its lines.
    pub fn lines(&self) -> Vec<Value> {
        self.text()
            .lines()
            .map(|line| serde_json::from_str(line).expect("one JSON object a line"))
            .collect()
    }

    /// The line of the last request.
    pub fn last_request(&self) -> Value {
        let mut lines = self.lines();
        lines.retain(|line| line.get("httpRequest").is_some());
        lines.pop().expect("a request was logged")
    }
}

/// The first segment of the path names one of Google's hosts, which no path of ours does.
fn is_googles(line: &str) -> bool {
    let Some((_, path)) = line.split_once("\"requestUrl\":\"/") else {
        return false;
    };
    let host = path.split(['/', '"']).next().unwrap_or_default();
    host.contains(".google")
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut written = self.written.lock().unwrap();
        written.extend_from_slice(bytes);
        if let Some(whole) = written.strip_suffix(b"\n")
            && bytes.ends_with(b"\n")
        {
            let line = whole.rsplit(|byte| *byte == b'\n').next();
            let line = line.filter(|line| !is_googles(&String::from_utf8_lossy(line)));
            collected::keep(self.function, line.unwrap_or_default());
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
