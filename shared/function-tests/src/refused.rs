//! What a refusal looks like: to the customer, and in the log.

use marketplace_simulator::Order;

use crate::visited::VisitedFunction;
use crate::wire::Answer;

/// A refusal.
#[derive(Debug, Clone, Copy)]
pub struct Refused {
    /// The answer's status.
    pub status: u16,
    /// The logged `errorCode`.
    pub code: &'static str,
    /// The answer's `Retry-After`.
    pub retry_after: Option<&'static str>,
    /// What the logged error says, or a part of it.
    pub error: &'static str,
}

impl Refused {
    /// One without `Retry-After`.
    pub const fn new(status: u16, code: &'static str, error: &'static str) -> Self {
        Self {
            status,
            code,
            retry_after: None,
            error,
        }
    }

    /// With `Retry-After`, in seconds.
    #[must_use]
    pub const fn retry_after(mut self, seconds: &'static str) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The page is this refusal, and so is the last line of the log; `order` says whose account the
    /// line names.
    #[track_caller]
    pub fn check(&self, function: &VisitedFunction, page: &Answer, order: Option<&Order>) {
        assert_eq!(page.status, self.status, "{}", page.body);
        assert_eq!(page.header("retry-after"), self.retry_after);
        assert_eq!(page.header("set-cookie"), None);
        let line = function.log.last_request();
        let severity = match (self.status, self.code) {
            (..500, _) => "INFO",
            // The outage is logged as an error by itself.
            (_, "verification-unavailable") => "WARNING",
            _ => "ERROR",
        };
        assert_eq!(line["severity"], severity, "{line}");
        assert_eq!(line["errorCode"], self.code, "{line}");
        assert_eq!(line["httpRequest"]["status"], self.status, "{line}");
        let error = line["error"].as_str().unwrap();
        assert!(error.contains(self.error), "{error}");
        let account = line.get("accountId").and_then(|id| id.as_str());
        // Before its role is known, a verified customer's account is not a secret either.
        assert_eq!(account, order.map(|order| order.account.as_str()), "{line}");
    }
}
