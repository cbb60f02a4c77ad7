//! Text that others wrote, within sentences of ours.

/// What somebody else wrote, on one line: it cannot pass for a line of ours.
pub fn one_line(text: &str) -> String {
    text.replace('\n', " ")
}

/// `, plan PLAN`, if there is one.
pub(crate) fn with_plan(plan: Option<&marketplace::PlanId>) -> String {
    plan.map_or_else(String::new, |plan| format!(", plan {plan}"))
}
