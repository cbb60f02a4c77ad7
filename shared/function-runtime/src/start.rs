//! What every `main.rs` does: [`main`], which [`function_main!`](crate::function_main) calls, and the steps of it,
//! in their order.
//!
//! `examples/function.rs` of this crate is a whole function.

use std::ffi::OsString;
use std::future::Future;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::runtime;

use crate::{
    Drain, Env, Handler, Problems, ProcessEnv, Variable, serve, shutdown_signal, telemetry, usage,
};

/// The exit code of a bad configuration or command line (`EX_USAGE` of `sysexits.h`).
pub const EXIT_USAGE: u8 = 64;

/// What a function says about itself.
#[derive(Debug, Clone, Copy)]
pub struct Function {
    /// Its name, that of its crate and binary.
    pub name: &'static str,
    /// What it does, in a phrase.
    pub about: &'static str,
    /// Its version.
    pub version: &'static str,
    /// Every variable it reads.
    pub variables: &'static [Variable],
}

/// Makes the `main` of the crate of a function, from what it does and its `VARIABLES`, `Config` and
/// `build`.
#[macro_export]
macro_rules! function_main {
    ($function:ident, $about:literal) => {
        const FUNCTION: $crate::start::Function = $crate::start::Function {
            name: env!("CARGO_PKG_NAME"),
            about: $about,
            version: env!("CARGO_PKG_VERSION"),
            variables: $function::VARIABLES,
        };

        fn main() -> std::process::ExitCode {
            $crate::start::main(&FUNCTION, |env| {
                let config = $function::Config::from_env(env)?;
                Ok((config.base.address(), move || {
                    let store = store::Store::of(&config.store);
                    $function::build(config, store)
                }))
            })
        }
    };
}

/// A function from its start to its end.
///
/// `configure` reads the environment and says where to listen and how the handler is made. That is
/// done only once it listens, so that nothing slow stands before that; the handler connects to what
/// it talks to while it already answers.
pub fn main<H, M>(
    function: &Function,
    configure: impl FnOnce(&dyn Env) -> Result<(SocketAddr, M), Problems>,
) -> ExitCode
where
    H: Handler,
    M: FnOnce() -> H,
{
    if let Some(code) = answer_arguments(function, std::env::args_os().skip(1)) {
        return code;
    }
    install_crypto_provider();
    telemetry::init(&ProcessEnv, function.name);
    let (address, make) = match configure(&ProcessEnv) {
        Ok(configured) => configured,
        Err(problems) => return refuse(&problems),
    };
    run(async move {
        let listener = listen(function, address).await?;
        let handler = Arc::new(make());
        let warming = Arc::clone(&handler);
        tokio::spawn(async move { warming.warm_up().await });
        Ok(serve(listener, handler, shutdown_signal()).await)
    })
}

/// Answers `--help` and `--version`, and refuses every other argument. `None`: there was none, so
/// go on.
pub fn answer_arguments(
    function: &Function,
    arguments: impl Iterator<Item = OsString>,
) -> Option<ExitCode> {
    let (code, text) = answer(function, arguments)?;
    // Where nobody listens any more there is nothing to do about it.
    _ = match code {
        0 => io::stdout().write_all(text.as_bytes()),
        _ => io::stderr().write_all(text.as_bytes()),
    };
    Some(ExitCode::from(code))
}

/// Chooses the one crypto provider of the process, before anything speaks TLS.
pub fn install_crypto_provider() {
    // It fails only if there is one already, which is then this one.
    _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
}

/// Reports every problem of the configuration, one log line each.
pub fn refuse(problems: &Problems) -> ExitCode {
    for problem in &problems.0 {
        tracing::error!(variable = problem.variable, "{problem}");
    }
    ExitCode::from(EXIT_USAGE)
}

/// Listens and says so.
async fn listen(function: &Function, address: SocketAddr) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(address).await?;
    tracing::info!(
        service = function.name,
        version = function.version,
        revision = ProcessEnv.get("K_REVISION"),
        port = listener.local_addr()?.port(),
        "{} listens",
        function.name
    );
    Ok(listener)
}

/// Runs a function to its end on one thread: an instance has one CPU. 0 after it was asked to end,
/// 1 if it failed to start.
pub fn run(function: impl Future<Output = io::Result<Drain>>) -> ExitCode {
    let ended = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .and_then(|runtime| runtime.block_on(function));
    match ended {
        Ok(Drain::Complete | Drain::Cut) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "failed to start");
            ExitCode::FAILURE
        }
    }
}

fn answer(
    function: &Function,
    mut arguments: impl Iterator<Item = OsString>,
) -> Option<(u8, String)> {
    let first = arguments.next()?;
    Some(match (first.to_str(), arguments.next()) {
        (Some("--help" | "-h"), None) => {
            let text = usage(function.name, function.about, function.variables);
            (0, text)
        }
        (Some("--version" | "-V"), None) => {
            (0, format!("{} {}\n", function.name, function.version))
        }
        _ => {
            let name = function.name;
            (
                EXIT_USAGE,
                format!("{name} takes no arguments; see {name} --help\n"),
            )
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::variables::PORT;

    const FUNCTION: Function = Function {
        name: "signup",
        about: "registers customers",
        version: "0.0.0",
        variables: &[PORT],
    };

    fn answered(arguments: &[&str]) -> Option<(u8, String)> {
        answer(&FUNCTION, arguments.iter().map(OsString::from))
    }

    #[test]
    fn help_and_version_are_the_only_arguments() {
        assert_eq!(answered(&[]), None);
        assert_eq!(
            answered(&["--version"]),
            Some((0, "signup 0.0.0\n".to_owned()))
        );
        let (code, text) = answered(&["--help"]).unwrap();
        assert_eq!(code, 0);
        assert!(text.contains("PORT"));
        for arguments in [&["--verbose"][..], &["--help", "x"], &[""]] {
            assert_eq!(answered(arguments).unwrap().0, EXIT_USAGE, "{arguments:?}");
        }
    }
}
