//! What follows for each state of account and token.

use jiff::SignedDuration;
use marketplace::{At, Deadline, ProcurementAccountId, Role, TokenFingerprint, UserIdentity};
use store::{Account, Closed, ClosedBecause, Store};
use verification::{CustomerParts, VerifiedCustomer};

use super::*;

const ISSUED: Timestamp = Timestamp::constant(1_767_225_600, 0);

fn after(seconds: i64) -> Timestamp {
    ISSUED
        .saturating_add(SignedDuration::from_secs(seconds))
        .unwrap()
}

#[expect(
    clippy::disallowed_methods,
    reason = "a decision is tested without any token"
)]
fn entry() -> Entry {
    let customer = VerifiedCustomer::restore(CustomerParts {
        account: ProcurementAccountId::parse("account").unwrap(),
        user: Some(UserIdentity::parse("user").unwrap()),
        roles: vec![Role::AccountAdmin],
        orders: Vec::new(),
        fingerprint: TokenFingerprint::new([7; 32]),
        issued_at: ISSUED,
        expires_at: after(300),
    });
    Entry::arrived(customer, &[Role::AccountAdmin]).unwrap()
}

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

fn replay(expires: Timestamp) -> HandOffRecord {
    HandOffRecord {
        token: TokenFingerprint::new([7; 32]),
        jti: "jti".to_owned(),
        issued: ISSUED,
        expires,
        order: None,
        new_user: true,
        keep_until: after(3600),
    }
}

/// What follows ten seconds after the token was issued, from what a store says.
async fn decided(account: Option<Account>, replay: Option<HandOffRecord>) -> Next {
    let store = Store::memory();
    let deadline = Deadline::after(std::time::Duration::from_secs(1));
    let mut commit = store::Commit::new();
    if let Some(account) = &account {
        commit = commit.create(account);
    }
    if let Some(replay) = &replay {
        commit = commit.create(replay);
    }
    store.commit(commit, deadline).await.unwrap();
    let (entry, now) = (entry(), after(10));
    let landing = store
        .landing(entry.customer(), At { now, deadline })
        .await
        .unwrap();
    next(&landing, &entry, now)
}

#[tokio::test]
async fn an_account_that_is_not_approved_is_approved_next() {
    assert_eq!(decided(None, None).await, Next::Approve);
    for approval in [Approval::None, Approval::Approving] {
        assert_eq!(
            decided(Some(account(approval, None)), None).await,
            Next::Approve
        );
    }
}

#[tokio::test]
async fn an_approved_account_is_handed_over() {
    let approved = account(Approval::Approved, None);
    assert_eq!(decided(Some(approved), None).await, Next::HandOff);
}

#[tokio::test]
async fn a_token_yields_one_hand_off() {
    let approved = || Some(account(Approval::Approved, None));
    let open = replay(after(11));
    assert_eq!(
        decided(approved(), Some(open.clone())).await,
        Next::HandOffAgain(open)
    );
    assert_eq!(
        decided(approved(), Some(replay(after(10)))).await,
        Next::Spent
    );
}

#[tokio::test]
async fn a_rejected_account_stays_rejected_also_for_a_repeat() {
    let rejected = || Some(account(Approval::Rejected, None));
    assert_eq!(
        decided(rejected(), None).await,
        Next::Refused(RefusedAccount::Rejected)
    );
    assert_eq!(
        decided(rejected(), Some(replay(after(11)))).await,
        Next::Refused(RefusedAccount::Rejected)
    );
}

/// Closed then, and erased later or not yet.
fn closed(approval: Approval, at: Timestamp, erased: Option<Timestamp>) -> Account {
    let because = ClosedBecause::Absent;
    Account {
        closed: Some(Closed { at, because }),
        ..account(approval, erased)
    }
}

#[tokio::test]
async fn only_a_token_newer_than_the_closing_reopens_an_account() {
    for approval in [Approval::None, Approval::Approving, Approval::Approved] {
        for (seconds, expected) in [
            (0, Next::Refused(RefusedAccount::Deleted)),
            (5, Next::Refused(RefusedAccount::Deleted)),
            (-1, Next::Approve),
        ] {
            // An earlier version closed and erased at once.
            let at = after(seconds);
            for account in [account(approval, Some(at)), closed(approval, at, None)] {
                assert_eq!(decided(Some(account), None).await, expected);
            }
        }
    }
}

#[tokio::test]
async fn it_is_the_closing_that_counts_and_not_the_erasing_after_it() {
    let account = closed(Approval::None, after(-60), Some(after(5)));
    assert_eq!(decided(Some(account), None).await, Next::Approve);
}

#[tokio::test]
async fn a_rejected_account_stays_rejected_when_it_is_closed_and_erased() {
    let rejected = Approval::Rejected;
    for account in [
        account(rejected, Some(after(-60))),
        closed(rejected, after(-60), None),
        closed(rejected, after(-60), Some(after(-30))),
    ] {
        assert_eq!(
            decided(Some(account), None).await,
            Next::Refused(RefusedAccount::Rejected)
        );
    }
}
