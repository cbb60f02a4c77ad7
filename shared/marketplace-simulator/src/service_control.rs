//! Service Control as Google keeps it: what was checked and reported, and the bills of it.

mod bill;
mod operation;
mod planned_errors;
mod windows;

use std::collections::HashMap;

use marketplace::ProcurementAccountId;

use crate::marketplace_state::Consumer;
use crate::settings::Repeats;

pub use bill::{Bill, BillLine};
pub use operation::{CheckedOperation, Quantity, UsageOperation, UsageOutcome, UsageValue};

use planned_errors::PlannedErrors;
use windows::Windows;

/// Everything that was checked and reported.
#[derive(Debug, Default)]
pub(crate) struct ServiceControl {
    pub(crate) planned_errors: PlannedErrors,
    checks: Vec<CheckedOperation>,
    operations: Vec<UsageOperation>,
    /// Where the operations are that counted first, and how often each did, by service and id.
    counted: HashMap<(String, String), Counted>,
    bills: HashMap<ProcurementAccountId, Bill>,
    windows: Windows,
}

#[derive(Debug, Clone, Copy)]
struct Counted {
    first: usize,
    times: usize,
}

impl ServiceControl {
    pub(crate) fn checks(&self) -> &[CheckedOperation] {
        &self.checks
    }

    pub(crate) fn operations(&self) -> &[UsageOperation] {
        &self.operations
    }

    pub(crate) fn bill(&self, account: &ProcurementAccountId) -> Bill {
        self.bills.get(account).cloned().unwrap_or_default()
    }

    pub(crate) fn counted_twice(&self) -> Vec<String> {
        let twice = self.counted.iter().filter(|(_, counted)| counted.times > 1);
        let mut twice: Vec<_> = twice.map(|((_, id), it)| (it.first, id.clone())).collect();
        twice.sort_unstable();
        twice.into_iter().map(|(_, id)| id).collect()
    }

    /// Time between two windows of one consumer and metric that was never reported, a line each.
    pub(crate) fn gaps(&self) -> Vec<String> {
        windows::gaps(&self.operations)
    }

    pub(crate) fn checked(&mut self, operation: CheckedOperation) {
        self.checks.push(operation);
    }

    /// Whether an operation of this id is on the bill.
    pub(crate) fn has_counted(&self, operation: &UsageOperation) -> bool {
        self.counted.contains_key(&key(operation))
    }

    /// Keeps an operation that is not on the bill.
    pub(crate) fn refuse(&mut self, mut operation: UsageOperation, code: i32, message: &str) {
        operation.outcome = UsageOutcome::Refused {
            code,
            message: message.to_owned(),
        };
        self.operations.push(operation);
    }

    /// Takes a faultless operation, and says what is wrong with it beside others.
    pub(crate) fn take(
        &mut self,
        mut operation: UsageOperation,
        consumer: &Consumer,
        repeats: Repeats,
    ) -> Vec<String> {
        let mut wrong = Vec::new();
        let counted = self.counted.get(&key(&operation)).copied();
        operation.outcome = match (counted, repeats) {
            (None, _) => UsageOutcome::Counted,
            (Some(_), Repeats::CountTwice) => UsageOutcome::CountedAgain,
            (Some(_), Repeats::CountOnce) => UsageOutcome::KnownAlready,
        };
        match counted.and_then(|counted| self.operations.get(counted.first)) {
            None => wrong.extend(self.windows.add(&operation)),
            Some(first) if !is_same(first, &operation) => wrong.push(format!(
                "operation {} came again with other content",
                operation.operation_id
            )),
            Some(_) => {}
        }
        if operation.is_counted() {
            let first = self.operations.len();
            let entry = self.counted.entry(key(&operation));
            entry.or_insert(Counted { first, times: 0 }).times += 1;
            let bill = self.bills.entry(consumer.account.clone()).or_default();
            bill.lines.extend(bill::lines(&operation, consumer));
        }
        self.operations.push(operation);
        wrong
    }
}

fn key(operation: &UsageOperation) -> (String, String) {
    (operation.service.clone(), operation.operation_id.clone())
}

/// Whether both say the same, apart from their outcomes.
fn is_same(one: &UsageOperation, other: &UsageOperation) -> bool {
    let other = UsageOperation {
        outcome: one.outcome.clone(),
        ..other.clone()
    };
    one == &other
}
