//! Everything locally: all functions, the simulated Marketplace and a demo application.

use std::io::Write as _;
use std::process::ExitCode;

use function_runtime::start::{self, Function};
use function_runtime::{Env, ProcessEnv, shutdown_signal, telemetry};
use local::{Local, Options, VARIABLES, welcome};

const FUNCTION: Function = Function {
    name: env!("CARGO_PKG_NAME"),
    about: "runs every function beside a simulated Marketplace; never deployed",
    version: env!("CARGO_PKG_VERSION"),
    variables: VARIABLES,
};

/// The process's environment, but quiet: the Marketplace's page shows what happens.
struct Quiet;

impl Env for Quiet {
    fn get(&self, name: &str) -> Option<String> {
        ProcessEnv
            .get(name)
            .or_else(|| (name == "LOG_LEVEL").then(|| "warn".to_owned()))
    }
}

fn main() -> ExitCode {
    if let Some(code) = start::answer_arguments(&FUNCTION, std::env::args_os().skip(1)) {
        return code;
    }
    start::install_crypto_provider();
    telemetry::init(&Quiet, FUNCTION.name);
    let options = match Options::from_env(&ProcessEnv) {
        Ok(options) => options,
        Err(problems) => return start::refuse(&problems),
    };
    start::run(async move {
        let local = Local::start(&options)
            .await
            .map_err(std::io::Error::other)?;
        std::io::stdout().write_all(welcome(&local, &options).as_bytes())?;
        Ok(local.serve(shutdown_signal()).await)
    })
}
