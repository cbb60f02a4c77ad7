//! The lists about usage, as text.

use jiff::{SignedDuration, Timestamp};
use operations::{UsageOperation, UsageOverview, UsageWindow};

use crate::table::{section, table};

/// Lines of one list, unless all are asked for: what matters must not be scrolled away.
const LINES: usize = 50;

/// All lines of each list, or the first ones.
pub(super) fn text(overview: &UsageOverview, all: bool, now: Timestamp) -> String {
    let lines = if all { usize::MAX } else { LINES };
    let mut parts = vec![summary(overview)];
    let operations = |some: &[UsageOperation]| operations_table(some, now);
    parts.extend(section("Windows", &overview.open, lines, windows_table));
    parts.extend(section("Pending", &overview.pending, lines, operations));
    parts.extend(section("Refused", &overview.refused, lines, operations));
    parts.extend(section("Held", &overview.held, lines, operations));
    if !overview.refused.is_empty() {
        parts.push("Once its cause is repaired: operator usage retry OPERATION_ID".to_owned());
    }
    if !overview.held.is_empty() {
        parts.push("If it is to be billed: operator usage release OPERATION_ID".to_owned());
    }
    parts.join("\n\n")
}

fn summary(overview: &UsageOverview) -> String {
    let metered = overview.metered;
    let windows = overview.open.iter();
    let windows = windows.filter(|window| window.needs_a_look()).count();
    let (pending, refused) = (overview.pending.len(), overview.refused.len());
    let held = overview.held.len() + overview.held_for_long;
    let unreadable = overview.unreadable_operations
        + overview.unreadable_entitlements
        + overview.unreadable_meters.len();
    if [windows, pending, refused, held, unreadable] == [0; 5] {
        return format!(
            "Entitlements with usage: {metered}. No window is overdue, unfinished or stopped, and \
             nothing is pending, refused or held."
        );
    }
    let long = match overview.held_for_long {
        0 => String::new(),
        long => format!(" ({long} of them for more than 30 days: --all)"),
    };
    format!(
        "Entitlements with usage: {metered}. Windows that deserve a look: {windows}. Operations \
         pending: {pending}, refused: {refused}, held: {held}{long}."
    )
}

fn windows_table(windows: &[UsageWindow]) -> String {
    let rows = windows.iter().map(|window| {
        [
            window.entitlement.to_string(),
            window.account.to_string(),
            window.open_since.to_string(),
            state(window),
        ]
    });
    let head = ["ENTITLEMENT", "ACCOUNT", "OPEN SINCE", "STANDING"];
    table(head, &rows.collect::<Vec<_>>())
}

fn state(window: &UsageWindow) -> String {
    let mut states = Vec::new();
    if window.overdue {
        states.push("overdue".to_owned());
    }
    if let Some(closing) = &window.closing {
        let (from, until, since) = (closing.from, closing.until, closing.since);
        states.push(format!(
            "closing of {from}/{until} unfinished since {since}"
        ));
    }
    if let Some(since) = window.stopped_since {
        states.push(format!("not to be served since {since}"));
    }
    if let Some(end) = window.ended {
        states.push(format!("settled, ended {end}"));
    }
    if states.is_empty() {
        states.push("in order".to_owned());
    }
    states.join(", ")
}

fn operations_table(operations: &[UsageOperation], now: Timestamp) -> String {
    let rows = operations.iter().map(|it| {
        [
            it.id.clone(),
            it.entitlement.to_string(),
            it.metric.to_string(),
            format!("{}/{}", it.start, it.end),
            it.quantity(),
            it.attempts.to_string(),
            age(now.duration_since(it.created)),
            it.reason.clone().unwrap_or_else(|| "-".to_owned()),
        ]
    });
    let head = [
        "OPERATION",
        "ENTITLEMENT",
        "METRIC",
        "WINDOW",
        "VALUE",
        "SENT",
        "AGE",
        "REASON",
    ];
    table(head, &rows.collect::<Vec<_>>())
}

/// How old something is, as exactly as somebody needs it who looks for what is stuck.
fn age(age: SignedDuration) -> String {
    let minutes = age.as_mins().max(0);
    let (hours, days) = (minutes / 60, minutes / (60 * 24));
    match (days, hours) {
        (0, 0) => format!("{minutes} min"),
        (0, hours) => format!("{hours} h {} min", minutes % 60),
        (days, hours) => format!("{days} d {} h", hours % 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_as_exact_as_it_has_to_be() {
        let shown = |minutes| age(SignedDuration::from_mins(minutes));
        assert_eq!(shown(-1), "0 min");
        assert_eq!(shown(59), "59 min");
        assert_eq!(shown(61), "1 h 1 min");
        assert_eq!(shown(25 * 60 + 1), "1 d 1 h");
    }
}
