//! Decides whether an order was in force before Portico was there.

use jiff::Timestamp;
use store::{Account, Entitlement};

use super::StoredState;

/// Whether an order that is seen for the first time was in force by this moment, for a customer who has not signed up
/// here: the integration before has told the application of it. Whatever changed later is news, even if it may not be
/// all new: nothing else would tell the application.
pub(crate) fn is_earlier(known: StoredState<'_>, order: &Entitlement, until: Timestamp) -> bool {
    let signed_up_here = |account: &Account| account.opened.is_some();
    known.entitlement.is_none()
        && order.state.is_live()
        && order.update_time <= until
        && !known.account.is_some_and(signed_up_here)
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use marketplace::{EntitlementId, EntitlementState, ProcurementAccountId, ProductId};
    use store::Approval;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds)
    }

    fn account_id() -> ProcurementAccountId {
        ProcurementAccountId::parse("A-1").unwrap()
    }

    fn order(state: &EntitlementState) -> Entitlement {
        let id = EntitlementId::parse("E-1").unwrap();
        let product = ProductId::parse("product").unwrap();
        Entitlement::new(&id, &account_id(), &product, state, at(5))
    }

    fn account(opened: Option<Timestamp>) -> Account {
        Account {
            opened,
            ..Account::new(&account_id(), Approval::Approved, at(9))
        }
    }

    #[test]
    fn an_order_that_was_in_force_before_is_earlier() {
        let order = order(&EntitlementState::Active);
        let known = account(None);
        let with_account = StoredState {
            account: Some(&known),
            ..StoredState::default()
        };
        for known in [StoredState::default(), with_account] {
            assert!(is_earlier(known, &order, at(5)));
            assert!(is_earlier(known, &order, at(6)));
        }
    }

    #[test]
    fn an_order_that_changed_later_is_not_earlier() {
        let order = order(&EntitlementState::Active);
        assert!(!is_earlier(StoredState::default(), &order, at(4)));
    }

    #[test]
    fn an_order_that_is_stored_is_not_earlier() {
        let order = order(&EntitlementState::Active);
        let known = StoredState {
            entitlement: Some(&order),
            ..StoredState::default()
        };
        assert!(!is_earlier(known, &order, at(6)));
    }

    #[test]
    fn an_order_of_a_customer_who_signed_up_here_is_not_earlier() {
        let order = order(&EntitlementState::Active);
        let account = account(Some(at(1)));
        let known = StoredState {
            account: Some(&account),
            ..StoredState::default()
        };
        assert!(!is_earlier(known, &order, at(6)));
    }

    #[test]
    fn an_order_that_gives_no_access_is_not_earlier() {
        let order = order(&EntitlementState::ActivationRequested);
        assert!(!is_earlier(StoredState::default(), &order, at(6)));
    }
}
