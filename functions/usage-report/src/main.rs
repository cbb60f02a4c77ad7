//! The usage report function.

use std::process::ExitCode;

use function_runtime::start::{self, Function};
use store::Store;
use usage_report::{Config, VARIABLES, build};

const FUNCTION: Function = Function {
    name: env!("CARGO_PKG_NAME"),
    about: "records what customers use and reports it to Google's Service Control API",
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
