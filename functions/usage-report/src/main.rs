//! The usage report function.

use std::process::ExitCode;
use std::sync::Arc;

use function_runtime::start::{self, Function};
use function_runtime::{ProcessEnv, serve, shutdown_signal, telemetry};
use usage_report::{Clients, Config, VARIABLES, build};

const FUNCTION: Function = Function {
    name: env!("CARGO_PKG_NAME"),
    about: "records what customers use and reports it to Google's Service Control API",
    version: env!("CARGO_PKG_VERSION"),
    variables: VARIABLES,
};

fn main() -> ExitCode {
    if let Some(code) = start::answer_arguments(&FUNCTION, std::env::args_os().skip(1)) {
        return code;
    }
    start::install_crypto_provider();
    telemetry::init(&ProcessEnv, FUNCTION.name);
    let config = match Config::from_env(&ProcessEnv) {
        Ok(config) => config,
        Err(problems) => return start::refuse(&problems),
    };
    start::run(async move {
        let listener = start::listen(&FUNCTION, config.base.address()).await?;
        let clients = Clients::new(&config);
        let handler = Arc::new(build(config, clients));
        let warming = Arc::clone(&handler);
        tokio::spawn(async move { warming.warm_up().await });
        Ok(serve(listener, handler, shutdown_signal()).await)
    })
}
