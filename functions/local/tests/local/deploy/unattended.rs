//! `scripts/deploy.sh --yes`: what is applied where nobody is asked.

use super::workplace::Workplace;
use super::{APPLY, OUTPUT, PLAN, SHOW, plan};

#[tokio::test]
async fn with_yes_a_plan_that_destroys_nothing_is_applied_unasked() {
    let workplace = Workplace::new("unasked");
    let ended = workplace.deploy(&["--yes"], "").await;
    ended.assert_good();
    assert!(!ended.said.contains("Type \""), "{}", ended.said);
    assert_eq!(workplace.called(), [OUTPUT, PLAN, SHOW, APPLY]);
}

#[tokio::test]
async fn with_yes_a_plan_that_destroys_is_not_applied() {
    let workplace = Workplace::new("unasked-destroys");
    let changes: [(&str, &[&str]); 1] = [("google_pubsub_topic.replay", &["delete", "create"])];
    workplace.answer("plan.json", &plan(&changes));
    let ended = workplace.deploy(&["--yes"], "destroy\n").await;
    assert_eq!(ended.code, Some(1));
    ended.assert_said("  google_pubsub_topic.replay\n");
    ended.assert_said("only where --destroy is given, too.\nNothing was applied.\n");
    assert_eq!(workplace.called(), [OUTPUT, PLAN, SHOW]);

    let ended = workplace.deploy(&["--yes", "--destroy"], "").await;
    ended.assert_good();
    assert_eq!(workplace.called().pop().as_deref(), Some(APPLY));
}

#[tokio::test]
async fn destroy_without_yes_asks_all_the_same() {
    let workplace = Workplace::new("asked-all-the-same");
    let ended = workplace.deploy(&["--destroy"], "").await;
    assert_eq!(ended.code, Some(1));
    ended.assert_said("Apply this plan? Type \"yes\"");
    assert_eq!(workplace.called(), [OUTPUT, PLAN, SHOW]);
}
