//! Whether a service account may be enabled at Google, even if a request was cut off: it is announced in the record
//! before Google is asked, and what is announced ends only with time.

use jiff::{SignedDuration, Timestamp};

use crate::{Account, ServiceAccount};

/// How long an announcement covers requests that enable the account. The last of them has ended long before
/// [`UNDER_WAY_FOR`] is over.
const ANNOUNCED_FOR: SignedDuration = SignedDuration::from_mins(5);

/// How long after an announcement a request may still enable the account. What is disabled before that is
/// disabled once more.
const UNDER_WAY_FOR: SignedDuration = SignedDuration::from_mins(10);

impl Account {
    /// Whether its service account may be enabled at Google: it was not disabled, or a request set out to enable it, and
    /// nobody has disabled it since that request has ended for certain.
    pub fn service_account_may_work(&self) -> bool {
        let known = self.service_account.as_ref();
        known.is_some_and(|known| known.disabled.is_none() || self.enabling.is_some())
    }

    /// Whether a request may ask Google to enable the service account: the record says already that this may happen.
    pub fn announces_enabling(&self, now: Timestamp) -> bool {
        let since = self.enabling.map(|since| now.duration_since(since));
        since.is_some_and(|since| since < ANNOUNCED_FOR)
    }

    /// The account after its service account was disabled. While a request may still enable it, that stays in the
    /// record, so that it is disabled once more.
    #[must_use]
    pub fn with_disabled(self, now: Timestamp) -> Self {
        let is_under_way = |since: &Timestamp| now.duration_since(*since) < UNDER_WAY_FOR;
        Self {
            service_account: self.service_account.map(|known| ServiceAccount {
                disabled: Some(now),
                ..known
            }),
            enabling: self.enabling.filter(is_under_way),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use marketplace::ProcurementAccountId;

    use super::*;
    use crate::Approval;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + 60 * minute).unwrap()
    }

    fn account(disabled: Option<Timestamp>, enabling: Option<Timestamp>) -> Account {
        let id = ProcurementAccountId::parse("account-1").unwrap();
        Account {
            service_account: Some(ServiceAccount {
                email: "customer-1@vendor.iam.gserviceaccount.com".to_owned(),
                unique_id: "107".to_owned(),
                disabled,
            }),
            enabling,
            ..Account::new(&id, Approval::Approved, at(0))
        }
    }

    #[test]
    fn what_was_announced_may_work_although_it_was_disabled() {
        for (disabled, enabling, may_work) in [
            (None, None, true),
            (None, Some(at(1)), true),
            (Some(at(1)), None, false),
            (Some(at(1)), Some(at(1)), true),
        ] {
            let account = account(disabled, enabling);
            assert_eq!(account.service_account_may_work(), may_work, "{account:?}");
        }
        let without = Account {
            service_account: None,
            ..account(None, Some(at(1)))
        };
        assert!(!without.service_account_may_work());
    }

    #[test]
    fn an_announcement_covers_a_few_minutes_of_requests() {
        let announced = account(Some(at(0)), Some(at(1)));
        assert!(announced.announces_enabling(at(1)));
        assert!(announced.announces_enabling(at(5)));
        assert!(!announced.announces_enabling(at(6)));
        assert!(!account(Some(at(0)), None).announces_enabling(at(1)));
    }

    #[test]
    fn it_is_disabled_again_until_no_request_can_enable_it_any_more() {
        let announced = account(None, Some(at(1)));
        let soon = announced.clone().with_disabled(at(10));
        assert_eq!(soon, account(Some(at(10)), Some(at(1))));
        assert!(soon.service_account_may_work());
        let late = soon.with_disabled(at(11));
        assert_eq!(late, account(Some(at(11)), None));
        assert!(!late.service_account_may_work());
        // The clock of another instance may be ahead.
        let ahead = account(None, Some(at(3))).with_disabled(at(2));
        assert!(ahead.service_account_may_work());
    }
}
