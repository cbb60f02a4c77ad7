//! Decisions about changes of plan.

use marketplace::{EntitlementId, EntitlementState, PlanId};
use marketplace_simulator::{Activation, Settings};

use crate::program::Office;

/// An entitlement in force whose customer wants `standard-plan` in place of `starter-plan`.
fn wanting(office: &Office) -> EntitlementId {
    let order = office.simulator.buy();
    office.simulator.approve_account(&order.account).unwrap();
    office
        .simulator
        .approve_entitlement(&order.entitlement)
        .unwrap();
    if office.simulator.settings().activation == Activation::WhenAdvanced {
        office.simulator.advance(&order.entitlement).unwrap();
    }
    let plan = PlanId::parse("standard-plan").unwrap();
    office
        .simulator
        .request_plan_change(&order.entitlement, &plan)
        .unwrap();
    order.entitlement
}

fn plan(office: &Office, id: &EntitlementId) -> (EntitlementState, String) {
    let entitlement = office.simulator.entitlement(id).unwrap();
    (entitlement.state, entitlement.plan.to_string())
}

#[tokio::test]
async fn the_pending_plan_is_approved_and_no_other() {
    let office = Office::open().await;
    let id = wanting(&office);
    let approve = ["plan-change", "approve", id.as_str(), "--yes"];
    let other = [&approve[..], &["--plan", "usage-plan"]].concat();
    let complained = office.refused(&other).await;
    assert!(
        complained.contains("is standard-plan, and not usage-plan"),
        "{complained}"
    );
    assert_eq!(
        plan(&office, &id).0,
        EntitlementState::PendingPlanChangeApproval
    );

    let said = office
        .done(&[&approve[..], &["--plan", "standard-plan"]].concat())
        .await;
    assert!(
        said.contains("from starter-plan to standard-plan"),
        "{said}"
    );
    assert!(
        said.contains("now: ENTITLEMENT_ACTIVE, plan standard-plan"),
        "{said}"
    );
    assert_eq!(
        plan(&office, &id),
        (EntitlementState::Active, "standard-plan".to_owned())
    );
    let complained = office.refused(&approve).await;
    assert!(
        complained.contains("no change of plan waits"),
        "{complained}"
    );
    assert_eq!(office.simulator.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn an_approved_change_may_take_effect_later() {
    let settings = Settings {
        activation: Activation::WhenAdvanced,
        ..Settings::default()
    };
    let office = Office::with(settings).await;
    let id = wanting(&office);
    let said = office
        .done(&["plan-change", "approve", id.as_str(), "--yes"])
        .await;
    assert!(
        said.contains("now: ENTITLEMENT_PENDING_PLAN_CHANGE"),
        "{said}"
    );
}

#[tokio::test]
async fn a_rejected_change_leaves_the_plan() {
    let office = Office::open().await;
    let id = wanting(&office);
    let reject = [
        "plan-change",
        "reject",
        id.as_str(),
        "--reason",
        "too many seats",
    ];
    let ended = office.run(&reject).await;
    assert_eq!(ended.code, Some(64));
    assert_eq!(
        plan(&office, &id).0,
        EntitlementState::PendingPlanChangeApproval
    );
    let said = office.done(&[&reject[..], &["--yes"]].concat()).await;
    assert!(said.contains("for the reason: too many seats"), "{said}");
    assert_eq!(
        plan(&office, &id),
        (EntitlementState::Active, "starter-plan".to_owned())
    );
    assert_eq!(office.simulator.violations(), Vec::<String>::new());
}
