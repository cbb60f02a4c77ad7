//! What Service Control's answers mean.
//!
//! Source: discovery document of `servicecontrol` v1, schemas `CheckError`, `ReportResponse`; Google's
//! Marketplace documentation on usage reports.

/// What an error of `check` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckError {
    /// The customer can no longer be billed: the application should stop serving.
    StopServing,
    /// The consumer or the rights are wrong, or the error is unexpected: the vendor's operator must
    /// look; the customer is not to blame.
    SetUp,
    /// Google could not check. Usage is reported all the same.
    GoogleDown,
}

impl CheckError {
    /// Reads the code of a `CheckError`.
    pub fn of(code: &str) -> Self {
        match code {
            "SERVICE_NOT_ACTIVATED" | "BILLING_DISABLED" | "PROJECT_DELETED" => Self::StopServing,
            code if code.ends_with("_UNAVAILABLE") => Self::GoogleDown,
            _ => Self::SetUp,
        }
    }
}

/// What became of an operation that was reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Google counted it.
    Reported,
    /// Google refused it, and counted nothing.
    Refused,
    /// It may have been counted or not: it is sent again, unchanged.
    Unknown,
}

impl Verdict {
    /// From the HTTP status of an answer that was no success.
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
            // UNAVAILABLE: a later attempt may end otherwise.
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
            ("SERVICE_NOT_ACTIVATED", CheckError::StopServing),
            ("BILLING_DISABLED", CheckError::StopServing),
            ("PROJECT_DELETED", CheckError::StopServing),
            ("PERMISSION_DENIED", CheckError::SetUp),
            ("PROJECT_INVALID", CheckError::SetUp),
            ("CONSUMER_INVALID", CheckError::SetUp),
            ("NOT_FOUND", CheckError::SetUp),
            ("RESOURCE_EXHAUSTED", CheckError::SetUp),
            ("A_CODE_OF_NEXT_YEAR", CheckError::SetUp),
            ("NAMESPACE_LOOKUP_UNAVAILABLE", CheckError::GoogleDown),
            ("BILLING_STATUS_UNAVAILABLE", CheckError::GoogleDown),
            (
                "CLOUD_RESOURCE_MANAGER_BACKEND_UNAVAILABLE",
                CheckError::GoogleDown,
            ),
        ] {
            assert_eq!(CheckError::of(code), meaning, "{code}");
        }
    }

    #[test]
    fn a_report_is_refused_only_if_google_looked_at_it() {
        for status in [400, 403, 404, 413] {
            assert_eq!(Verdict::of_status(status), Verdict::Refused, "{status}");
        }
        for status in [302, 401, 408, 409, 429, 500, 502, 503, 504] {
            assert_eq!(Verdict::of_status(status), Verdict::Unknown, "{status}");
        }
        for code in [3, 5, 7, 9, 11, 12, 16] {
            assert_eq!(Verdict::of_report_error(code), Verdict::Refused, "{code}");
        }
        for code in [1, 2, 4, 8, 10, 13, 14] {
            assert_eq!(Verdict::of_report_error(code), Verdict::Unknown, "{code}");
        }
    }
}
