//! What Service Control's answers mean.
//!
//! Source: discovery document of `servicecontrol` v1, schemas `CheckError`, `ReportResponse`; Google's
//! Marketplace documentation on usage reports.

/// What an error in the answer to `check` means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckProblem {
    /// The customer can no longer be billed: the application should stop serving.
    StopServing,
    /// The consumer or the permissions are wrong, or the error is unexpected: an operator must look,
    /// and the customer is still served.
    SetUp,
    /// Google could not check. Usage is reported nevertheless.
    GoogleDown,
}

impl CheckProblem {
    /// Reads the code of a `CheckError`.
    pub fn of(code: &str) -> Self {
        match code {
            "SERVICE_NOT_ACTIVATED" | "BILLING_DISABLED" | "PROJECT_DELETED" => Self::StopServing,
            code if code.ends_with("_UNAVAILABLE") => Self::GoogleDown,
            _ => Self::SetUp,
        }
    }
}

/// How the report of an operation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportOutcome {
    /// Google counted it.
    Reported,
    /// Google refused it, and counted nothing.
    Refused,
    /// Google may have counted it or not: it is sent again, unchanged.
    Unknown,
}

impl ReportOutcome {
    /// From the HTTP status of an answer that is not a success.
    ///
    /// A refusal is definite only where Google says that it looked at the request: with any other
    /// failure "it is impossible to know which of the operations succeeded".
    pub fn of_status(status: u16) -> Self {
        match status {
            401 | 408 | 409 | 425 | 429 => Self::Unknown,
            400..=499 => Self::Refused,
            _ => Self::Unknown,
        }
    }

    /// From the code (`google.rpc.Code`) in a `ReportError` of this operation.
    pub fn of_report_error(code: i32) -> Self {
        match code {
            // CANCELLED, UNKNOWN, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, INTERNAL,
            // UNAVAILABLE: a later attempt may succeed.
            1 | 2 | 4 | 8 | 10 | 13 | 14 => Self::Unknown,
            _ => Self::Refused,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_says_stop_only_if_the_customer_cannot_be_billed() {
        for (code, meaning) in [
            ("SERVICE_NOT_ACTIVATED", CheckProblem::StopServing),
            ("BILLING_DISABLED", CheckProblem::StopServing),
            ("PROJECT_DELETED", CheckProblem::StopServing),
            ("PERMISSION_DENIED", CheckProblem::SetUp),
            ("PROJECT_INVALID", CheckProblem::SetUp),
            ("CONSUMER_INVALID", CheckProblem::SetUp),
            ("NOT_FOUND", CheckProblem::SetUp),
            ("RESOURCE_EXHAUSTED", CheckProblem::SetUp),
            ("A_CODE_OF_NEXT_YEAR", CheckProblem::SetUp),
            ("NAMESPACE_LOOKUP_UNAVAILABLE", CheckProblem::GoogleDown),
            ("BILLING_STATUS_UNAVAILABLE", CheckProblem::GoogleDown),
            (
                "CLOUD_RESOURCE_MANAGER_BACKEND_UNAVAILABLE",
                CheckProblem::GoogleDown,
            ),
        ] {
            assert_eq!(CheckProblem::of(code), meaning, "{code}");
        }
    }

    #[test]
    fn a_report_is_refused_only_if_google_looked_at_it() {
        let (refused, unknown) = (ReportOutcome::Refused, ReportOutcome::Unknown);
        for status in [400, 403, 404, 413] {
            assert_eq!(ReportOutcome::of_status(status), refused, "{status}");
        }
        for status in [302, 401, 408, 409, 429, 500, 502, 503, 504] {
            assert_eq!(ReportOutcome::of_status(status), unknown, "{status}");
        }
        for code in [3, 5, 7, 9, 11, 12, 16] {
            assert_eq!(ReportOutcome::of_report_error(code), refused, "{code}");
        }
        for code in [1, 2, 4, 8, 10, 13, 14] {
            assert_eq!(ReportOutcome::of_report_error(code), unknown, "{code}");
        }
    }
}
