//! What follows for each state of account and token.

use marketplace::{
    At, Deadline, EntitlementId, ProcurementAccountId, ProductId, Products, TokenFingerprint,
};
use store::{Account, Closed, ClosedBecause, Commit, Store};

use super::*;
use crate::tests::samples::{ISSUED, after, customer, entitlement};

const ENDED: &str = "ended-order";
const OPEN: &str = "open-order";

fn account(approval: Approval, deleted: Option<Timestamp>) -> Account {
    Account {
        erased: deleted,
        ..Account::new(
            &ProcurementAccountId::parse("account").unwrap(),
            approval,
            ISSUED,
        )
    }
}

/// Closed, and not erased yet.
fn closed(approval: Approval) -> Account {
    let because = ClosedBecause::Deleted;
    Account {
        closed: Some(Closed {
            at: after(-1),
            because,
        }),
        ..account(approval, None)
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
    due: SignInState,
) -> Result<Next, RefusedAccount> {
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
        (None, RefusedAccount::NotRegistered),
        (Some(account(Unknown, None)), RefusedAccount::NotApprovedYet),
        (
            Some(account(Approving, None)),
            RefusedAccount::NotApprovedYet,
        ),
        (Some(account(Rejected, None)), RefusedAccount::Rejected),
        (Some(account(Unknown, deleted)), RefusedAccount::Deleted),
        (Some(account(Approving, deleted)), RefusedAccount::Deleted),
        (Some(account(Approved, deleted)), RefusedAccount::Deleted),
        (
            Some(account(Approved, Some(after(20)))),
            RefusedAccount::Deleted,
        ),
        (Some(account(Rejected, deleted)), RefusedAccount::Rejected),
        (Some(closed(Unknown)), RefusedAccount::Deleted),
        (Some(closed(Approved)), RefusedAccount::Deleted),
        (Some(closed(Rejected)), RefusedAccount::Rejected),
    ] {
        for replay in replays() {
            for due in [SignInState::Due, SignInState::Settled] {
                let decided = decided(stored.as_ref(), replay.as_ref(), due).await;
                assert_eq!(decided, Err(expected), "{stored:?} {replay:?} {due:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_token_of_an_approved_account_yields_one_hand_off() {
    let [fresh, open, chosen, ended, over] = replays();
    let again = |replay: &Option<HandOffRecord>| Next::HandOffAgain(replay.clone().unwrap());
    let (open_again, chosen_again) = (again(&open), again(&chosen));
    for (replay, due, expected) in [
        (&fresh, SignInState::Due, Next::SignIn),
        (&fresh, SignInState::Settled, Next::HandOff),
        (&open, SignInState::Due, Next::SignIn),
        (&open, SignInState::Settled, open_again),
        (&chosen, SignInState::Due, Next::SignIn),
        (&chosen, SignInState::Settled, chosen_again),
        (&ended, SignInState::Due, Next::Spent),
        (&ended, SignInState::Settled, Next::Spent),
        (&over, SignInState::Due, Next::Spent),
        (&over, SignInState::Settled, Next::Spent),
    ] {
        let approved = account(Approval::Approved, None);
        let decided = decided(Some(&approved), replay.as_ref(), due).await;
        assert_eq!(decided, Ok(expected), "{replay:?} {due:?}");
    }
}
