//! The commands about what is stored: the journal, what is absent, what is erased, whose the store is.

use function_runtime::Env;
use operations::Operations;

use crate::arguments::{
    AbsencesArguments, AbsencesCommand, EraseCommand, ImportCommand, RecordsCommand,
};
use crate::confirmation::Confirmation;
use crate::decide::decide;
use crate::desk::Desk;
use crate::error::CommandError;
use crate::export;
use crate::import;
use crate::left_out::{warn_of_left_out, warn_of_unreadable};
use crate::record_lists;
use crate::terminal::say;

pub(crate) async fn run(
    command: RecordsCommand,
    declared: Option<&str>,
    confirmation: Confirmation,
    env: &dyn Env,
) -> Result<(), CommandError> {
    let desk = Desk::open(declared, env).await?;
    let operations = &desk.operations;
    match command {
        RecordsCommand::Journal { account, json } => {
            let (lines, left_out) = operations.journal(account.as_ref()).await?;
            warn_of_left_out(
                left_out,
                "lines of the journal or their texts",
                "`journal` and `journal_texts`",
            );
            say(&if json {
                serde_json::json!(lines).to_string()
            } else {
                record_lists::journal(&lines)
            });
            Ok(())
        }
        RecordsCommand::Absences(AbsencesArguments { json, command }) => match command {
            None => show_absences(operations, json).await,
            Some(_) if json => Err(CommandError::Arguments(
                "--json is of the list, and does not go with a command",
            )),
            Some(AbsencesCommand::Accept { ids, all_shown: _ }) => {
                let by = desk.actor().await?;
                decide(operations.accept_absences(&ids, &by).await?, confirmation).await
            }
        },
        RecordsCommand::Erase(EraseCommand::List { json }) => show_erasures(operations, json).await,
        RecordsCommand::Erase(command) => {
            let by = desk.actor().await?;
            let prepared = match command {
                EraseCommand::Now { account, reason } => {
                    operations.erase_now(&account, reason, &by).await?
                }
                EraseCommand::Hold {
                    account,
                    until,
                    reason,
                } => {
                    let held = operations.hold_erasure(&account, until, reason, &by);
                    held.await?
                }
                EraseCommand::Release { account } => {
                    operations.release_erasure(&account, &by).await?
                }
                EraseCommand::List { .. } => return Ok(()),
            };
            decide(prepared, confirmation).await
        }
        RecordsCommand::Announce { account } => {
            let by = desk.actor().await?;
            let prepared = operations.announce(account.as_ref(), &by).await?;
            decide(prepared, confirmation).await
        }
        RecordsCommand::Import(ImportCommand::Links { file }) => {
            import::links(&file, &desk, confirmation).await
        }
        RecordsCommand::Export { account } => export::write(operations, account.as_ref()).await,
        RecordsCommand::AdoptProvider => {
            let by = desk.actor().await?;
            decide(operations.adopt_provider(&by).await?, confirmation).await
        }
    }
}

async fn show_absences(operations: &Operations, json: bool) -> Result<(), CommandError> {
    let absences = operations.absences().await?;
    warn_of_unreadable(absences.unreadable, "documents");
    say(&if json {
        serde_json::json!(absences).to_string()
    } else {
        record_lists::absences(&absences)
    });
    Ok(())
}

async fn show_erasures(operations: &Operations, json: bool) -> Result<(), CommandError> {
    let (pending, unreadable) = operations.pending_erasures().await?;
    warn_of_unreadable(unreadable, "accounts");
    say(&if json {
        serde_json::json!(pending).to_string()
    } else {
        record_lists::erasures(&pending)
    });
    Ok(())
}
