//! A program that was started, and what the system knows about it.

use std::error::Error;
use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::core::Cores;

/// Clock ticks in a second, in which Linux tells processor time.
const TICKS: u64 = 100;

/// How long a program may take to listen before it is given up.
const PATIENCE: Duration = Duration::from_secs(10);

/// Ends the program when it is dropped.
pub(crate) struct Program {
    child: Child,
    pub(crate) since: Instant,
    pub(crate) address: SocketAddr,
    log: PathBuf,
}

/// Resident memory, in megabytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory {
    pub(crate) now: f64,
    pub(crate) peak: f64,
}

impl Program {
    /// Starts it on the function's core, with these variables and no others. It listens on `port`.
    pub(crate) fn start(
        mut command: Command,
        port: u16,
        cores: Cores,
    ) -> Result<Self, Box<dyn Error>> {
        let log = std::env::temp_dir().join(format!("portico-bench-{port}.log"));
        command
            .stdin(Stdio::null())
            .stdout(File::create(&log)?)
            .stderr(Stdio::inherit());
        let started = cores.on_function_core(|| (Instant::now(), command.spawn()));
        let (since, child) = (started.0, started.1?);
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        Ok(Self {
            child,
            since,
            address,
            log,
        })
    }

    /// Waits until it listens, without giving up the processor: the first connection.
    pub(crate) fn connection(&self) -> Result<TcpStream, Box<dyn Error>> {
        let started = Instant::now();
        loop {
            match TcpStream::connect(self.address) {
                Ok(stream) => return Ok(stream),
                Err(_) if started.elapsed() < PATIENCE => {}
                Err(error) => return Err(format!("{error}; its log: {}", self.log()?).into()),
            }
        }
    }

    /// The processor time it has used so far, in the kernel as well.
    pub(crate) fn processor_time(&self) -> Result<Duration, Box<dyn Error>> {
        processor_time(&self.proc("stat"))
    }

    pub(crate) fn memory(&self) -> Result<Memory, Box<dyn Error>> {
        let status = fs::read_to_string(self.proc("status"))?;
        let megabytes = |name: &str| -> Result<f64, Box<dyn Error>> {
            let line = status.lines().find(|line| line.starts_with(name));
            let kilobytes = line.and_then(|line| line.split_whitespace().nth(1));
            Ok(kilobytes.ok_or("no memory in status")?.parse::<f64>()? / 1024.0)
        };
        Ok(Memory {
            now: megabytes("VmRSS:")?,
            peak: megabytes("VmHWM:")?,
        })
    }

    pub(crate) fn log(&self) -> Result<String, std::io::Error> {
        fs::read_to_string(&self.log)
    }

    fn proc(&self, file: &str) -> PathBuf {
        Path::new("/proc")
            .join(self.child.id().to_string())
            .join(file)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself, which is as good.
        _ = self.child.kill();
        _ = self.child.wait();
        _ = fs::remove_file(&self.log);
    }
}

/// The processor time that Linux tells in this file, which is a process's or a thread's.
pub(crate) fn processor_time(stat: &Path) -> Result<Duration, Box<dyn Error>> {
    let stat = fs::read_to_string(stat)?;
    // The name before it is the only field that may hold a space.
    let (_, fields) = stat.rsplit_once(')').ok_or("no fields in stat")?;
    let ticks = fields.split_whitespace().skip(11).take(2);
    let ticks: u64 = ticks.map(str::parse::<u64>).sum::<Result<_, _>>()?;
    Ok(Duration::from_millis(ticks * 1000 / TICKS))
}

/// A port that is free at this moment.
pub(crate) fn free_port() -> Result<u16, std::io::Error> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        .local_addr()?
        .port())
}

/// A program built beside this one: of the same profile, in the same folder or in that of examples.
pub(crate) fn built(name: &str) -> Result<PathBuf, Box<dyn Error>> {
    let own = std::env::current_exe()?;
    let examples = own.parent().ok_or("no folder")?;
    let profile = examples.parent().ok_or("no folder")?;
    let mut found = [examples.join(name), profile.join(name)].into_iter();
    let found = found.find(|path| path.is_file());
    found.ok_or_else(|| format!("{name} is not built").into())
}
