//! How lines of the journal are distinguished.

use super::*;

#[test]
fn lines_of_one_account_sort_by_time_and_lines_of_one_moment_differ() {
    let account = ProcurementAccountId::parse("A-1").unwrap();
    let id = |kind, micros| {
        let at = Timestamp::from_microsecond(micros).unwrap();
        JournalEntry::of_account(&account, kind, at).id
    };
    assert!(id(JournalKind::AccountClosed, 9) < id(JournalKind::AccountApproved, 10));
    assert_ne!(
        id(JournalKind::AccountClosed, 9),
        id(JournalKind::AccountErased, 9)
    );
}

#[test]
fn operations_of_one_order_in_one_moment_have_a_line_each() {
    let account = ProcurementAccountId::parse("A-1").unwrap();
    let order = EntitlementId::parse("E-1").unwrap();
    let line = |operation| {
        let kind = JournalKind::UsageRetried;
        JournalEntry::of_operation(&account, &order, operation, kind, Timestamp::UNIX_EPOCH)
    };
    assert_ne!(line("1").id, line("2").id);
    assert_eq!(line("1").id, line("1").id);
    assert_eq!(line("1").details["operation"], "1");
}
