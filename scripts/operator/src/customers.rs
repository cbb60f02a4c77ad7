//! The commands about customers: what waits, and the decisions.

use function_runtime::Env;
use operations::{Actor, Operations};

use crate::arguments::{ApproveCommand, CustomersCommand, PlanChangeCommand, RejectCommand};
use crate::confirmation::Confirmation;
use crate::decide::decide;
use crate::desk::Desk;
use crate::error::CommandError;
use crate::left_out::warn_of_unreadable;
use crate::terminal::{say, warn};
use crate::waiting_lists;

pub(crate) async fn run(
    command: CustomersCommand,
    declared: Option<&str>,
    confirmation: Confirmation,
    env: &dyn Env,
) -> Result<(), CommandError> {
    let desk = Desk::open(declared, env).await?;
    if let CustomersCommand::Waiting { json } = command {
        return show_waiting(&desk.operations, json).await;
    }
    let by = desk.actor().await?;
    decide_about(command, &desk.operations, &by, confirmation).await
}

async fn decide_about(
    command: CustomersCommand,
    operations: &Operations,
    by: &Actor,
    confirmation: Confirmation,
) -> Result<(), CommandError> {
    match command {
        CustomersCommand::Waiting { .. } => Ok(()),
        CustomersCommand::Approve(ApproveCommand::Account { id }) => {
            decide(operations.approve_account(&id, by).await?, confirmation).await
        }
        CustomersCommand::Approve(ApproveCommand::Entitlement { id }) => {
            decide(operations.approve_order(&id, by).await?, confirmation).await
        }
        CustomersCommand::Reject(RejectCommand::Account { id, reason }) => {
            let prepared = operations.reject_account(&id, reason, by);
            decide(prepared.await?, confirmation).await
        }
        CustomersCommand::Reject(RejectCommand::Entitlement { id, reason }) => {
            let prepared = operations.reject_order(&id, reason, by);
            decide(prepared.await?, confirmation).await
        }
        CustomersCommand::PlanChange(PlanChangeCommand::Approve { entitlement, plan }) => {
            let prepared = operations.approve_plan_change(&entitlement, plan.as_ref(), by);
            decide(prepared.await?, confirmation).await
        }
        CustomersCommand::PlanChange(PlanChangeCommand::Reject {
            entitlement,
            reason,
        }) => {
            let prepared = operations.reject_plan_change(&entitlement, reason, by);
            decide(prepared.await?, confirmation).await
        }
        CustomersCommand::Message { entitlement, text } => {
            let prepared = operations.show_message(&entitlement, text, by);
            decide(prepared.await?, confirmation).await
        }
    }
}

async fn show_waiting(operations: &Operations, json: bool) -> Result<(), CommandError> {
    let waiting = operations.waiting().await?;
    for (reason, count) in &waiting.unreadable_at_google {
        warn(&format!(
            "operator: left out {count} of Google's resources, which are not as documented: {reason}. They can be \
             decided only in Producer Portal"
        ));
    }
    warn_of_unreadable(waiting.unreadable_stored, "accounts");
    say(&if json {
        serde_json::json!(waiting).to_string()
    } else {
        waiting_lists::text(&waiting)
    });
    Ok(())
}
