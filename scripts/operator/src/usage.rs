//! The commands about usage, which need the store, and of Google's only who decides.

mod lists;

use std::io::{self, ErrorKind};

use function_runtime::Env;
use jiff::Timestamp;
use operations::{Actor, OperationError, UsageLedger};

use crate::actor::actor;
use crate::arguments::{CsvArguments, UsageArguments, UsageCommand, UsageListArguments};
use crate::config::{self, UsageConfig};
use crate::confirmation::Confirmation;
use crate::decide::decide;
use crate::error::CommandError;
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
    let ledger = || -> Result<_, CommandError> { Ok(UsageConfig::from_env(env)?.ledger()) };
    match usage.command {
        None => show_list(&mut ledger()?, usage.list).await,
        Some(UsageCommand::Retry(arguments)) => {
            let consumer = arguments.billed_consumer();
            let (mut ledger, by) = (ledger()?, who(declared, env).await?);
            let prepared = ledger.retry(arguments.refused(), consumer, &by).await?;
            decide(prepared, confirmation).await
        }
        Some(UsageCommand::Release { operations }) => {
            let (mut ledger, by) = (ledger()?, who(declared, env).await?);
            decide(ledger.release(operations, &by).await?, confirmation).await
        }
        Some(UsageCommand::Csv(arguments)) => write_csv(arguments, env).await,
    }
}

/// Who decides.
async fn who(declared: Option<&str>, env: &dyn Env) -> Result<Actor, CommandError> {
    actor(&config::google(env)?, declared).await
}

async fn show_list(
    ledger: &mut UsageLedger,
    arguments: UsageListArguments,
) -> Result<(), CommandError> {
    let (json, query) = (arguments.json, arguments.query());
    let now = Timestamp::now();
    let overview = ledger.overview(&query, now).await?;
    say(&if json {
        serde_json::json!(overview).to_string()
    } else {
        lists::text(&overview, query.all, now)
    });
    Ok(())
}

async fn write_csv(arguments: CsvArguments, env: &dyn Env) -> Result<(), CommandError> {
    let selection = arguments.selection()?;
    let (config, services) = config::usage_of_services(env)?;
    let mut ledger = config.ledger();
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
