//! Decisions about changes of plan.

use marketplace::{EntitlementId, EntitlementState, PlanId};
use marketplace_simulator::{Activation, Settings};

use crate::deployment::Deployment;

/// An entitlement in force whose customer wants `standard-plan` in place of `starter-plan`.
fn wanting(deployment: &Deployment) -> EntitlementId {
    let simulator = &deployment.simulator;
    let order = simulator.buy();
    let (account, id) = (&order.account, order.entitlement);
    simulator.approve_account(account).unwrap();
    simulator.approve_entitlement(&id).unwrap();
    if simulator.settings().activation == Activation::WhenAdvanced {
        simulator.advance(&id).unwrap();
    }
    let plan = PlanId::parse("standard-plan").unwrap();
    simulator.request_plan_change(&id, &plan).unwrap();
    id
}

fn plan(deployment: &Deployment, id: &EntitlementId) -> (EntitlementState, String) {
    let entitlement = deployment.simulator.entitlement(id).unwrap();
    (entitlement.state, entitlement.plan.to_string())
}

#[tokio::test]
async fn the_pending_plan_is_approved_and_no_other() {
    let deployment = Deployment::open().await;
    let id = wanting(&deployment);
    let approve = ["plan-change", "approve", id.as_str(), "--yes"];
    let other = [&approve[..], &["--plan", "usage-plan"]].concat();
    let problem = "is standard-plan, and not usage-plan";
    deployment.refused_with(&other, problem).await;
    let (state, _) = plan(&deployment, &id);
    assert_eq!(state, EntitlementState::PendingPlanChangeApproval);

    let right = [&approve[..], &["--plan", "standard-plan"]].concat();
    let says = [
        "from starter-plan to standard-plan",
        "now: ENTITLEMENT_ACTIVE, plan standard-plan",
    ];
    deployment.done_with(&right, &says).await;
    let standard = (EntitlementState::Active, "standard-plan".to_owned());
    assert_eq!(plan(&deployment, &id), standard);
    let problem = "no change of plan waits";
    deployment.refused_with(&approve, problem).await;
    deployment.expect_no_violations();
}

#[tokio::test]
async fn an_approved_change_may_take_effect_later() {
    let settings = Settings {
        activation: Activation::WhenAdvanced,
        ..Settings::default()
    };
    let deployment = Deployment::with(settings).await;
    let id = wanting(&deployment);
    let approve = ["plan-change", "approve", id.as_str(), "--yes"];
    let says = ["now: ENTITLEMENT_PENDING_PLAN_CHANGE"];
    deployment.done_with(&approve, &says).await;
}

#[tokio::test]
async fn a_rejected_change_leaves_the_plan() {
    let deployment = Deployment::open().await;
    let id = wanting(&deployment);
    let reason = ["--reason", "too many seats"];
    let reject = [&["plan-change", "reject", id.as_str()][..], &reason].concat();
    let ended = deployment.run(&reject).await;
    assert_eq!(ended.code, Some(64));
    let (state, _) = plan(&deployment, &id);
    assert_eq!(state, EntitlementState::PendingPlanChangeApproval);
    let reject = [&reject[..], &["--yes"]].concat();
    let says = ["for the reason: too many seats"];
    deployment.done_with(&reject, &says).await;
    let starter = (EntitlementState::Active, "starter-plan".to_owned());
    assert_eq!(plan(&deployment, &id), starter);
    deployment.expect_no_violations();
}
