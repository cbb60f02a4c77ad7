#![doc = include_str!("../README.md")]

mod account_record;
mod accounts;
mod arguments;
mod config;
mod dead_letters;
mod desk;
mod doctor;
mod entitlements;
mod failure;
mod message;
mod plan_changes;
mod pubsub;
mod table;
mod terminal;
mod usage;
mod waiting;

use std::process::ExitCode;

use clap::Parser as _;
use function_runtime::start::{EXIT_USAGE, install_crypto_provider};
use function_runtime::{Env, ProcessEnv};
use tokio::runtime;

use crate::arguments::{Approval, Arguments, Command, CustomersCommand, Rejection};
use crate::config::Config;
use crate::dead_letters::DeadLetters;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::terminal::Assent;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(refusal) => {
            // Where nobody listens any more there is nothing to do about it.
            _ = refusal.print();
            let is_help = !refusal.use_stderr();
            return ExitCode::from(if is_help { 0 } else { EXIT_USAGE });
        }
    };
    install_crypto_provider();
    let assent = if arguments.yes {
        Assent::Given
    } else {
        Assent::Asked
    };
    let ended = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::Runtime)
        .and_then(|runtime| runtime.block_on(carry_out(arguments.command, assent, &ProcessEnv)));
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            terminal::warn(&failure.report());
            ExitCode::from(failure.exit_code())
        }
    }
}

async fn carry_out(command: Command, assent: Assent, env: &dyn Env) -> Result<(), Failure> {
    match command {
        Command::Customers(command) => {
            let desk = Desk::new(Config::from_env(env)?, assent);
            serve_customers(&desk, command).await
        }
        Command::Usage(command) => usage::carry_out(command, assent, env).await,
        Command::DeadLetters(command) => {
            let google = config::google(env)?;
            DeadLetters::new(&google, assent).carry_out(command).await
        }
        Command::Doctor(wanted) => doctor::examine(wanted, env).await,
    }
}

async fn serve_customers(desk: &Desk, command: CustomersCommand) -> Result<(), Failure> {
    match command {
        CustomersCommand::Waiting { json } => waiting::show(desk, json).await,
        CustomersCommand::Approve(Approval::Account { id }) => accounts::approve(desk, &id).await,
        CustomersCommand::Approve(Approval::Entitlement { id }) => {
            entitlements::approve(desk, &id).await
        }
        CustomersCommand::Reject(Rejection::Account { id, reason }) => {
            accounts::reject(desk, &id, &reason).await
        }
        CustomersCommand::Reject(Rejection::Entitlement { id, reason }) => {
            entitlements::reject(desk, &id, &reason).await
        }
        CustomersCommand::PlanChange(change) => plan_changes::decide(desk, change).await,
        CustomersCommand::Message { entitlement, text } => {
            message::set(desk, &entitlement, &text).await
        }
    }
}
