//! What follows for a customer with an accepted role, without asking anybody.
//!
//! | stored | follows |
//! |---|---|
//! | the account is rejected | the contact page |
//! | the account was deleted | how to register again |
//! | no account | how to register |
//! | the account is not approved yet | approval is under way |
//! | the token was handed off, and that hand-off is over or not good any more | on as nobody |
//! | nothing of that, and Google sign-in is still to be passed | Google sign-in |
//! | the token was handed off a moment ago | the same hand-off again |
//! | none of it | the choice of an order, if there is one, and the hand-off |
//!
//! The first row that holds counts. Whether the user is linked makes no difference: who is not
//! becomes so with the hand-off.

use jiff::Timestamp;
use store::{Approval, HandOffRecord, Landing};

use crate::orders::Orders;

/// The next thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Next {
    /// The token was handed off, and that hand-off is over: the customer goes on as nobody.
    Spent,
    /// The person at the browser has yet to prove who it is.
    SignIn,
    /// The token was handed off before, and that hand-off can still be used: give it again.
    HandOverAgain(HandOffRecord),
    /// Let the customer choose among several orders, then record and hand over.
    HandOver,
}

/// Why nobody of this account is let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// An operator refused the account.
    #[error("go on: the account was rejected")]
    Rejected,
    /// Google deleted the account. Signing up reopens it, if Google has it again; login does not.
    #[error("go on: the account was deleted")]
    Deleted,
    /// Nobody has heard of the account.
    #[error("go on: the account is not registered")]
    NotRegistered,
    /// The account waits for its sign-up or its approval.
    #[error("go on: the account is not approved yet")]
    UnderWay,
}

/// Whether the person at the browser has still to pass Google sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignIn {
    /// It is required, and not passed in this landing.
    Due,
    /// It is passed, or not required.
    Settled,
}

/// Decides by what is stored. The checks that could change come before the replay, so that a repeat
/// passes them again.
pub(crate) fn next(
    landing: &Landing,
    orders: &Orders,
    sign_in: SignIn,
    now: Timestamp,
) -> Result<Next, Refusal> {
    let Some(account) = landing.account.as_ref().map(|stored| &stored.record) else {
        return Err(Refusal::NotRegistered);
    };
    match account.approval {
        Approval::Rejected => return Err(Refusal::Rejected),
        _ if account.deleted.is_some() => return Err(Refusal::Deleted),
        Approval::None | Approval::Approving => return Err(Refusal::UnderWay),
        Approval::Approved => {}
    }
    let replay = landing.replay.as_ref().map(|stored| &stored.record);
    Ok(match replay {
        Some(replay) if !is_good(replay, orders, now) => Next::Spent,
        _ if sign_in == SignIn::Due => Next::SignIn,
        Some(replay) => Next::HandOverAgain(replay.clone()),
        None => Next::HandOver,
    })
}

/// Whether a hand-off may be given again: not expired, and its order not ended since.
fn is_good(replay: &HandOffRecord, orders: &Orders, now: Timestamp) -> bool {
    let order = replay.order.as_ref();
    now < replay.expires && order.is_none_or(|order| orders.is_open(order))
}

#[cfg(test)]
mod tests {
    use marketplace::{
        At, Deadline, EntitlementId, ProcurementAccountId, ProductId, Products, TokenFingerprint,
    };
    use store::{Account, Commit, Store};

    use super::*;
    use crate::samples::{ISSUED, after, customer, entitlement};

    const ENDED: &str = "ended-order";
    const OPEN: &str = "open-order";

    fn account(approval: Approval, deleted: Option<Timestamp>) -> Account {
        Account {
            id: ProcurementAccountId::parse("account").unwrap(),
            approval,
            company: None,
            service_account: None,
            created: ISSUED,
            updated: ISSUED,
            deleted,
            touched: None,
        }
    }

    fn replay(expires: i64, order: Option<&str>) -> HandOffRecord {
        HandOffRecord {
            token: TokenFingerprint::new([7; 32]),
            jti: "jti".to_owned(),
            issued: ISSUED,
            expires: after(expires),
            order: order.map(|id| EntitlementId::parse(id).unwrap()),
            new_user: false,
            keep_until: after(3600),
        }
    }

    /// What follows ten seconds after the token was issued, from what a store says.
    async fn decided(
        account: Option<&Account>,
        replay: Option<&HandOffRecord>,
        due: SignIn,
    ) -> Result<Next, Refusal> {
        let store = Store::memory();
        let deadline = Deadline::after(std::time::Duration::from_secs(1));
        let mut commit = Commit::new()
            .create(entitlement(ENDED, "product", "CANCELLED"))
            .create(entitlement(OPEN, "product", "ACTIVE"));
        if let Some(account) = account {
            commit = commit.create(account);
        }
        if let Some(replay) = replay {
            commit = commit.create(replay);
        }
        store.commit(commit, deadline).await.unwrap();
        let (customer, now) = (customer(&[ENDED, OPEN]), after(10));
        let landing = store
            .landing(&customer, At { now, deadline })
            .await
            .unwrap();
        let products = Products::new(vec![ProductId::parse("product").unwrap()]).unwrap();
        let stored = landing.entitlements.iter().map(|stored| &stored.record);
        let orders = Orders::of(&customer, &stored, &products);
        next(&landing, &orders, due, now)
    }

    /// Every hand-off that a token can have behind it.
    fn replays() -> [Option<HandOffRecord>; 5] {
        [
            None,
            Some(replay(11, None)),
            Some(replay(11, Some(OPEN))),
            Some(replay(11, Some(ENDED))),
            Some(replay(10, None)),
        ]
    }

    #[tokio::test]
    async fn an_account_that_is_not_approved_lets_nobody_in() {
        use Approval::{Approved, Approving, None as Unknown, Rejected};
        let deleted = Some(after(-1));
        for (stored, expected) in [
            (None, Refusal::NotRegistered),
            (Some(account(Unknown, None)), Refusal::UnderWay),
            (Some(account(Approving, None)), Refusal::UnderWay),
            (Some(account(Rejected, None)), Refusal::Rejected),
            (Some(account(Unknown, deleted)), Refusal::Deleted),
            (Some(account(Approving, deleted)), Refusal::Deleted),
            (Some(account(Approved, deleted)), Refusal::Deleted),
            (Some(account(Approved, Some(after(20)))), Refusal::Deleted),
            (Some(account(Rejected, deleted)), Refusal::Rejected),
        ] {
            for replay in replays() {
                for due in [SignIn::Due, SignIn::Settled] {
                    let decided = decided(stored.as_ref(), replay.as_ref(), due).await;
                    assert_eq!(decided, Err(expected), "{stored:?} {replay:?} {due:?}");
                }
            }
        }
    }

    #[tokio::test]
    async fn a_token_of_an_approved_account_yields_one_hand_off() {
        let [fresh, open, chosen, ended, over] = replays();
        let again = |replay: &Option<HandOffRecord>| Next::HandOverAgain(replay.clone().unwrap());
        let (open_again, chosen_again) = (again(&open), again(&chosen));
        for (replay, due, expected) in [
            (&fresh, SignIn::Due, Next::SignIn),
            (&fresh, SignIn::Settled, Next::HandOver),
            (&open, SignIn::Due, Next::SignIn),
            (&open, SignIn::Settled, open_again),
            (&chosen, SignIn::Due, Next::SignIn),
            (&chosen, SignIn::Settled, chosen_again),
            (&ended, SignIn::Due, Next::Spent),
            (&ended, SignIn::Settled, Next::Spent),
            (&over, SignIn::Due, Next::Spent),
            (&over, SignIn::Settled, Next::Spent),
        ] {
            let approved = account(Approval::Approved, None);
            let decided = decided(Some(&approved), replay.as_ref(), due).await;
            assert_eq!(decided, Ok(expected), "{replay:?} {due:?}");
        }
    }
}
