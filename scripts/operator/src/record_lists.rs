//! The lists about what is stored, as text.

use operations::{Absences, AbsentResource, JournalLine, PendingErasure, one_line};

use crate::table::{section, table};

/// The journal, a line each, with what was typed below it.
pub(crate) fn journal(lines: &[JournalLine]) -> String {
    if lines.is_empty() {
        return "Nothing is recorded.".to_owned();
    }
    let lines: Vec<_> = lines.iter().map(journal_line).collect();
    lines.join("\n")
}

fn journal_line(line: &JournalLine) -> String {
    let mut words = vec![line.at.to_string(), line.kind.to_owned()];
    words.extend(line.account.as_ref().map(|id| format!("account {id}")));
    words.extend(line.order.as_ref().map(|id| format!("order {id}")));
    let details = line.details.iter();
    words.extend(details.map(|(name, value)| format!("{name}={value}")));
    words.extend(line.actor.as_ref().map(|actor| format!("by {actor}")));
    let text = line.text.as_ref();
    let text = text.map(|text| format!("\n  {}", one_line(text)));
    format!(
        "{}{}",
        one_line(&words.join("  ")),
        text.unwrap_or_default()
    )
}

/// What is absent, and the figures of the brake.
pub(crate) fn absences(absences: &Absences) -> String {
    let stock = &absences.stock;
    let figures = format!(
        "Of {} accounts that are live, {} are absent; of {} orders, {}. Absences that were confirmed within 7 days \
         count.",
        stock.live_accounts, stock.absent_accounts, stock.live_orders, stock.absent_orders
    );
    let mut parts: Vec<_> = section("Absent", &absences.resources, usize::MAX, absences_table)
        .into_iter()
        .collect();
    if parts.is_empty() {
        parts.push("Nothing is absent.".to_owned());
    }
    parts.push(figures);
    if stock.holds_back {
        parts.push(
            "These are too many to be believed: reconciliation confirms none of them. If they are gone: operator \
             absences accept ID"
                .to_owned(),
        );
    }
    parts.join("\n\n")
}

fn absences_table(resources: &[AbsentResource]) -> String {
    let rows = resources.iter().map(|it| {
        let from = it.confirmed_by_itself_from;
        [
            it.kind().to_owned(),
            it.id().to_owned(),
            it.account.to_string(),
            it.since.to_string(),
            it.accepted.map_or_else(dash, |at| at.to_string()),
            from.map_or_else(|| "waits for you".to_owned(), |at| format!("from {at}")),
        ]
    });
    let head = ["KIND", "ID", "ACCOUNT", "SINCE", "ACCEPTED", "CONFIRMED"];
    table(head, &rows.collect::<Vec<_>>())
}

/// Closed accounts, and when they are erased.
pub(crate) fn erasures(pending: &[PendingErasure]) -> String {
    let list = section("Closed accounts", pending, usize::MAX, erasures_table);
    list.unwrap_or_else(|| "No account is closed and still to be erased.".to_owned())
}

fn erasures_table(pending: &[PendingErasure]) -> String {
    let rows = pending.iter().map(|it| {
        let hold = it.held_until.zip(it.held_by.as_ref());
        [
            it.account.to_string(),
            it.closed.to_string(),
            it.because.to_owned(),
            it.due.to_string(),
            hold.map_or_else(dash, |(until, by)| format!("until {until}, by {by}")),
            it.asked.map_or_else(dash, |at| at.to_string()),
        ]
    });
    let head = [
        "ACCOUNT",
        "CLOSED",
        "BECAUSE",
        "ERASED FROM",
        "HELD",
        "ASKED",
    ];
    table(head, &rows.collect::<Vec<_>>())
}

fn dash() -> String {
    "-".to_owned()
}
