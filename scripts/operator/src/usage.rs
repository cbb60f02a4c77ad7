//! The commands about usage, which need the store, and of Google's only who decides.

mod lists;

use std::io::{self, ErrorKind};

use function_runtime::Env;
use marketplace::GoogleOrigin;
use operations::{Clock, OperationError, UsageLedger, UsageOverview};

use crate::actor::actor;
use crate::arguments::{CsvArguments, UsageArguments, UsageCommand, UsageListArguments};
use crate::config::{self, UsageConfig};
use crate::confirmation::Confirmation;
use crate::decide::decide;
use crate::error::CommandError;
use crate::left_out::{warn_of_left_out, warn_of_unreadable};
use crate::local_world;
use crate::terminal::{say, warn};

pub(crate) async fn run(
    usage: UsageArguments,
    declared: Option<&str>,
    confirmation: Confirmation,
    env: &dyn Env,
) -> Result<(), CommandError> {
    if usage.command.is_some() && usage.list.is_given() {
        return Err(CommandError::Arguments(
            "options of the list do not go with a command; those of a command stand behind it",
        ));
    }
    match usage.command {
        None => show_list(open(UsageConfig::from_env(env)?).await?, usage.list).await,
        Some(UsageCommand::Retry(arguments)) => {
            let consumer = arguments.billed_consumer();
            let mut usage = open(UsageConfig::from_env(env)?).await?;
            let by = actor(&usage.google, declared).await?;
            let prepared = usage.ledger.retry(arguments.refused(), consumer, &by);
            decide(prepared.await?, confirmation).await
        }
        Some(UsageCommand::Release { operations }) => {
            let mut usage = open(UsageConfig::from_env(env)?).await?;
            let by = actor(&usage.google, declared).await?;
            let prepared = usage.ledger.release(operations, &by).await?;
            decide(prepared, confirmation).await
        }
        Some(UsageCommand::Csv(arguments)) => write_csv(arguments, env).await,
    }
}

/// The ledger, and the world that it belongs to.
struct OpenedLedger {
    ledger: UsageLedger,
    google: GoogleOrigin,
    clock: Clock,
}

async fn open(config: UsageConfig) -> Result<OpenedLedger, CommandError> {
    let clock = local_world::clock(&config.google, &config.store).await?;
    Ok(OpenedLedger {
        google: config.google.clone(),
        ledger: config.ledger(clock),
        clock,
    })
}

async fn show_list(
    mut usage: OpenedLedger,
    arguments: UsageListArguments,
) -> Result<(), CommandError> {
    let (json, query) = (arguments.json, arguments.query());
    let now = usage.clock.now();
    let overview = usage.ledger.overview(&query, now).await?;
    warn_of_all_left_out(&overview);
    say(&if json {
        serde_json::json!(overview).to_string()
    } else {
        lists::text(&overview, query.all, now)
    });
    Ok(())
}

/// What the list does not have, because it cannot be read.
fn warn_of_all_left_out(overview: &UsageOverview) {
    let operations = overview.unreadable_operations;
    warn_of_left_out(operations, "operations of the ledger", "`reports`");
    warn_of_unreadable(overview.unreadable_entitlements, "entitlements");
    for entitlement in &overview.unreadable_meters {
        warn(&format!(
            "operator: left out the window of entitlement {entitlement}, whose meter cannot be read: it is in the \
             collection `meters`, and nothing of the entitlement is reported"
        ));
    }
}

async fn write_csv(arguments: CsvArguments, env: &dyn Env) -> Result<(), CommandError> {
    let selection = arguments.selection()?;
    let (config, services) = config::usage_of_services(env)?;
    let mut ledger = open(config).await?.ledger;
    match ledger.write_csv(&selection, &services, io::stdout()).await {
        Ok(()) => Ok(()),
        // The output is closed, as by `head`.
        Err(OperationError::NotWritten(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(error @ OperationError::NotApplicable { .. }) => Err(error.into()),
        Err(error) => {
            warn("operator: the CSV is not complete");
            Err(error.into())
        }
    }
}
