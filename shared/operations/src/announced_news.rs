//! What an announcement tells of an account: where it stands now, as far as older news may have been lost.

use marketplace::EntitlementId;
use outbox::News;
use store::{Account, Entitlement, Meter};

/// The news about one account.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct AnnouncedNews {
    pub(crate) news: Vec<News>,
    /// Orders that are stopped, and nothing stored says why: an earlier version kept no reason. Their stop is not
    /// repeated.
    pub(crate) unexplained: Vec<EntitlementId>,
}

/// The news about an account with these orders, each with its meter if it has one.
///
/// Of an erased account the application hears again that it has to erase its own data. Of a closed one the state is
/// enough: its access is `ended`. Of each order in force with usage the application hears whether it is stopped, because
/// newer news about something else does not say so.
pub(crate) fn announced<'a>(
    account: &Account,
    orders: impl Iterator<Item = (&'a Entitlement, Option<&'a Meter>)>,
) -> AnnouncedNews {
    if account.erased.is_some() {
        return AnnouncedNews {
            news: vec![News::Deleted],
            ..AnnouncedNews::default()
        };
    }
    let mut told = AnnouncedNews {
        news: vec![News::Announced],
        ..AnnouncedNews::default()
    };
    if account.is_closed() {
        return told;
    }
    for (order, meter) in orders {
        let Some(meter) = meter.filter(|_| order.state.is_live() && !order.has_ended()) else {
            continue;
        };
        let order = order.clone();
        match (meter.stopped, meter.stop_reason.clone()) {
            (None, _) => told.news.push(News::ResumeServing { order }),
            (Some(_), Some(reason)) => told.news.push(News::StopServing { order, reason }),
            (Some(_), None) => told.unexplained.push(order.id),
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use marketplace::{EntitlementState as State, ProcurementAccountId, ProductId};
    use store::{Approval, Closed, ClosedBecause};

    use super::*;

    const THEN: Timestamp = Timestamp::UNIX_EPOCH;

    fn account() -> Account {
        let id = ProcurementAccountId::parse("A-1").unwrap();
        Account::new(&id, Approval::Approved, THEN)
    }

    fn order(state: &State) -> Entitlement {
        let id = EntitlementId::parse("E-1").unwrap();
        let product = ProductId::parse("ours").unwrap();
        Entitlement::new(&id, &account().id, &product, state, THEN)
    }

    fn meter(reason: Option<&str>) -> Meter {
        Meter {
            entitlement: EntitlementId::parse("E-1").unwrap(),
            account: account().id,
            open: THEN,
            ended: None,
            closing: None,
            stopped: Some(THEN),
            stop_reason: reason.map(str::to_owned),
            gap: None,
            updated: THEN,
        }
    }

    fn told(account: &Account, order: &Entitlement, meter: &Meter) -> AnnouncedNews {
        announced(account, [(order, Some(meter))].into_iter())
    }

    #[test]
    fn an_order_that_is_stopped_is_stopped_again_with_its_reason() {
        let order = order(&State::Active);
        let told = told(&account(), &order, &meter(Some("BILLING_DISABLED")));
        let stop = News::StopServing {
            order,
            reason: "BILLING_DISABLED".to_owned(),
        };
        assert_eq!(told.news, [News::Announced, stop]);
        assert!(told.unexplained.is_empty());
    }

    #[test]
    fn a_stop_without_a_stored_reason_is_not_repeated_and_named() {
        let order = order(&State::Active);
        let told = told(&account(), &order, &meter(None));
        assert_eq!(told.news, [News::Announced]);
        assert_eq!(told.unexplained, [order.id]);
    }

    #[test]
    fn an_order_that_is_served_again_is_said_to_be() {
        let order = order(&State::Active);
        // The reason is of an earlier stop.
        let resumed = Meter {
            stopped: None,
            ..meter(Some("BILLING_DISABLED"))
        };
        let told = told(&account(), &order, &resumed);
        let resume = News::ResumeServing { order };
        assert_eq!(told.news, [News::Announced, resume]);
    }

    #[test]
    fn of_an_order_that_is_not_in_force_or_without_usage_the_state_is_enough() {
        let stopped = meter(Some("BILLING_DISABLED"));
        for state in [State::Cancelled, State::Suspended] {
            let told = told(&account(), &order(&state), &stopped);
            assert_eq!(told.news, [News::Announced]);
        }
        let order = order(&State::Active);
        let told = announced(&account(), [(&order, None)].into_iter());
        assert_eq!(told.news, [News::Announced]);
    }

    #[test]
    fn an_erased_account_is_to_be_erased_again_and_a_closed_one_has_ended() {
        let (order, meter) = (order(&State::Active), meter(Some("BILLING_DISABLED")));
        let closed = Account {
            closed: Some(Closed {
                at: THEN,
                because: ClosedBecause::Deleted,
            }),
            ..account()
        };
        let erased = Account {
            erased: Some(THEN),
            ..closed.clone()
        };
        for (account, news) in [(closed, News::Announced), (erased, News::Deleted)] {
            assert_eq!(told(&account, &order, &meter).news, [news]);
        }
    }
}
