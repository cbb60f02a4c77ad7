//! The procurement events function.

use std::process::ExitCode;

use function_runtime::start::{self, Function};
use procurement_events::{Config, VARIABLES, build};
use store::Store;

const FUNCTION: Function = Function {
    name: env!("CARGO_PKG_NAME"),
    about: "receives the Marketplace's events about accounts and orders, and keeps both up to date with Google",
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
