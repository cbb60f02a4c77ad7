//! Errors that a test has planned.

use std::collections::HashMap;

/// Errors on request, by consumer.
#[derive(Debug, Default)]
pub(crate) struct PlannedErrors {
    check_errors: HashMap<String, Vec<String>>,
    /// How many more operations are refused, and by which code.
    refusals: HashMap<String, (usize, i32)>,
}

impl PlannedErrors {
    pub(crate) fn fail_checks(&mut self, consumer_id: &str, codes: &[&str]) {
        let codes = codes.iter().map(|&code| code.to_owned()).collect();
        self.check_errors.insert(consumer_id.to_owned(), codes);
    }

    pub(crate) fn refuse_reports(&mut self, consumer_id: &str, times: usize, code: i32) {
        self.refusals.insert(consumer_id.to_owned(), (times, code));
    }

    pub(crate) fn check_errors(&self, consumer_id: &str) -> Vec<String> {
        let codes = self.check_errors.get(consumer_id);
        codes.cloned().unwrap_or_default()
    }

    /// The code by which the next operation of this consumer is refused, if it is.
    pub(crate) fn take_refusal(&mut self, consumer_id: &str) -> Option<i32> {
        let (times, code) = self.refusals.get_mut(consumer_id)?;
        *times = times.checked_sub(1)?;
        Some(*code)
    }
}
