//! What a load costs the function that answers it.

use std::error::Error;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::runtime::Runtime;

use crate::load::{self, Load, Requests, per};
use crate::program::Program;
use crate::served::Served;

pub(crate) trait Answering {
    fn address(&self) -> SocketAddr;

    /// The processor time it has used so far.
    fn processor_time(&self) -> Result<Duration, Box<dyn Error>>;
}

pub(crate) struct Cost {
    pub(crate) load: Load,
    pub(crate) processor: Duration,
}

impl Cost {
    /// Sends all requests; every answer must have this status.
    pub(crate) fn of(
        function: &impl Answering,
        runtime: &Runtime,
        requests: Requests,
        status: u16,
    ) -> Result<Self, Box<dyn Error>> {
        let before = function.processor_time()?;
        let load = load::run(function.address(), requests, status);
        let load = runtime.block_on(load)?;
        let processor = function.processor_time()?.saturating_sub(before);
        Ok(Self { load, processor })
    }

    /// Of one request.
    pub(crate) fn microseconds(&self) -> f64 {
        self.processor.as_secs_f64() * 1e6 / per(self.load.requests)
    }

    /// What was reached, and what a core of the function's own would reach if nothing else were slower.
    pub(crate) fn in_words(&self) -> String {
        let used = self.microseconds();
        format!(
            "{:.0}/s, {used:.0} µs CPU = {:.0}/s per core",
            self.load.per_second(),
            1e6 / used
        )
    }
}

/// A function over the store in memory, in this program: nobody else could fill it. Or the release
/// binary over the Firestore emulator.
pub(crate) enum BenchedFunction {
    Served(Served),
    Program(Program),
}

impl Answering for Program {
    fn address(&self) -> SocketAddr {
        self.address
    }

    fn processor_time(&self) -> Result<Duration, Box<dyn Error>> {
        self.processor_time()
    }
}

impl Answering for BenchedFunction {
    fn address(&self) -> SocketAddr {
        match self {
            Self::Served(served) => served.address,
            Self::Program(program) => program.address,
        }
    }

    fn processor_time(&self) -> Result<Duration, Box<dyn Error>> {
        match self {
            Self::Served(served) => served.processor_time(),
            Self::Program(program) => program.processor_time(),
        }
    }
}
