//! Usage: what is on its way to Google, what is stuck, and what was reported.

mod again;
mod export;
mod ledger;
mod list;
mod operation;
mod release;
mod retry;
mod text;
mod windows;

use function_runtime::Env;

use self::ledger::Ledger;
use crate::arguments::{Usage, UsageCommand};
use crate::config::{self, UsageConfig};
use crate::failure::Failure;
use crate::terminal::Assent;

/// Carries out one of the commands about usage. They need the store and nothing of Google's.
pub(crate) async fn carry_out(usage: Usage, assent: Assent, env: &dyn Env) -> Result<(), Failure> {
    if usage.command.is_some() && usage.list.is_meant() {
        return Err(Failure::Arguments(
            "options of the list do not go with a command; those of a command stand behind it",
        ));
    }
    let ledger = || -> Result<Ledger, Failure> { Ok(Ledger::new(UsageConfig::from_env(env)?)) };
    match usage.command {
        None => list::show(&mut ledger()?, &usage.list).await,
        Some(UsageCommand::Retry(wanted)) => retry::retry(&mut ledger()?, assent, wanted).await,
        Some(UsageCommand::Release { operations }) => {
            release::release(&mut ledger()?, assent, operations).await
        }
        Some(UsageCommand::Csv(wanted)) => {
            export::check(&wanted)?;
            let (config, service) = config::usage_of_service(env)?;
            export::write(&mut Ledger::new(config), &wanted, &service).await
        }
    }
}
