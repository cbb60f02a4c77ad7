//! The commands about customers: what waits, and the decisions.

use function_runtime::Env;
use operations::Operations;

use crate::arguments::{ApproveCommand, CustomersCommand, PlanChangeCommand, RejectCommand};
use crate::config::CustomersConfig;
use crate::confirmation::Confirmation;
use crate::decide::decide;
use crate::error::CommandError;
use crate::terminal::{say, warn};
use crate::waiting_lists;

pub(crate) async fn run(
    command: CustomersCommand,
    confirmation: Confirmation,
    env: &dyn Env,
) -> Result<(), CommandError> {
    let operations = CustomersConfig::from_env(env)?.operations();
    match command {
        CustomersCommand::Waiting { json } => show_waiting(&operations, json).await,
        CustomersCommand::Approve(ApproveCommand::Account { id }) => {
            decide(operations.approve_account(&id).await?, confirmation).await
        }
        CustomersCommand::Approve(ApproveCommand::Entitlement { id }) => {
            decide(operations.approve_order(&id).await?, confirmation).await
        }
        CustomersCommand::Reject(RejectCommand::Account { id, reason }) => {
            decide(operations.reject_account(&id, reason).await?, confirmation).await
        }
        CustomersCommand::Reject(RejectCommand::Entitlement { id, reason }) => {
            decide(operations.reject_order(&id, reason).await?, confirmation).await
        }
        CustomersCommand::PlanChange(PlanChangeCommand::Approve { entitlement, plan }) => {
            let prepared = operations.approve_plan_change(&entitlement, plan.as_ref());
            decide(prepared.await?, confirmation).await
        }
        CustomersCommand::PlanChange(PlanChangeCommand::Reject {
            entitlement,
            reason,
        }) => {
            let prepared = operations.reject_plan_change(&entitlement, reason);
            decide(prepared.await?, confirmation).await
        }
        CustomersCommand::Message { entitlement, text } => {
            let prepared = operations.show_message(&entitlement, text);
            decide(prepared.await?, confirmation).await
        }
    }
}

async fn show_waiting(operations: &Operations, json: bool) -> Result<(), CommandError> {
    let waiting = operations.waiting().await?;
    if waiting.unreadable > 0 {
        let count = waiting.unreadable;
        warn(&format!(
            "operator: left out {count} of Google's resources, which are not as documented"
        ));
    }
    say(&if json {
        serde_json::json!(waiting).to_string()
    } else {
        waiting_lists::text(&waiting)
    });
    Ok(())
}
