//! The service account link function.

use std::process::ExitCode;
use std::sync::Arc;

use function_runtime::start::{self, Function};
use function_runtime::{ProcessEnv, serve, shutdown_signal, telemetry};
use service_account_link::{Clients, Config, VARIABLES, build};

const FUNCTION: Function = Function {
    name: env!("CARGO_PKG_NAME"),
    about: "gives each customer a service account, and links to Google's page to grant it access",
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
