#![doc = include_str!("../README.md")]

mod actor;
mod advice;
mod arguments;
mod config;
mod confirmation;
mod customers;
mod dead_letters;
mod decide;
mod desk;
mod doctor;
mod error;
mod export;
mod import;
mod left_out;
mod local_world;
mod record_lists;
mod records;
mod table;
mod terminal;
mod usage;
mod waiting_lists;

use std::process::ExitCode;

use clap::Parser as _;
use function_runtime::start::{EXIT_USAGE, install_crypto_provider};
use function_runtime::{Env, ProcessEnv};
use tokio::runtime;

use crate::arguments::{Arguments, Command};
use crate::confirmation::Confirmation;
use crate::error::CommandError;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(refusal) => {
            // If the output is closed, there is nothing to do about it.
            _ = refusal.print();
            let is_help = !refusal.use_stderr();
            return ExitCode::from(if is_help { 0 } else { EXIT_USAGE });
        }
    };
    install_crypto_provider();
    let confirmation = if arguments.yes {
        Confirmation::Given
    } else {
        Confirmation::Asked
    };
    let ended = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(CommandError::Runtime)
        .and_then(|runtime| {
            let declared = arguments.declared.as_deref();
            runtime.block_on(run(arguments.command, declared, confirmation, &ProcessEnv))
        });
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            terminal::warn(&error.report(&ProcessEnv));
            ExitCode::from(error.exit_code())
        }
    }
}

async fn run(
    command: Command,
    declared: Option<&str>,
    confirmation: Confirmation,
    env: &dyn Env,
) -> Result<(), CommandError> {
    match command {
        Command::Customers(command) => customers::run(command, declared, confirmation, env).await,
        Command::Records(command) => records::run(command, declared, confirmation, env).await,
        Command::Usage(arguments) => usage::run(arguments, declared, confirmation, env).await,
        Command::DeadLetters(command) => dead_letters::run(command, confirmation, env).await,
        Command::Doctor(arguments) => doctor::examine(arguments, env).await,
    }
}
