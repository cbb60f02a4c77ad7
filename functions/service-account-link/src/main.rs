//! The service account link function.

use std::process::ExitCode;

use function_runtime::start::{self, Function};
use service_account_link::{Config, VARIABLES, build};
use store::Store;

const FUNCTION: Function = Function {
    name: env!("CARGO_PKG_NAME"),
    about: "gives each customer a service account, and links to Google's page to grant it access",
    version: env!("CARGO_PKG_VERSION"),
    variables: VARIABLES,
};

fn main() -> ExitCode {
    start::main(&FUNCTION, |env| {
        let config = Config::from_env(env)?;
        Ok((config.base.address(), move || {
            let store = Store::of(&config.store);
            build(config, store)
        }))
    })
}
