//! What follows for a customer who has passed every step, without asking anybody.

use customer_entry::Entrant;
use jiff::Timestamp;
use store::{Approval, HandOffRecord, Landing};

/// The next thing to do.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Next {
    /// The token was handed over before, and that hand-off can still be used: give it again.
    HandOverAgain(HandOffRecord),
    /// The token was handed over, and that hand-off is over: the customer goes on as nobody.
    Spent,
    /// An operator refused the account.
    Rejected,
    /// Google deleted the account after this token was issued.
    Deleted,
    /// Record the customer, then approve the account at Google.
    Approve,
    /// The account is approved: record the customer and hand over.
    HandOver,
}

/// Decides by what is stored. The checks that could change come before the replay, so that a repeat
/// passes them again.
pub(crate) fn next(landing: &Landing, entrant: &Entrant, now: Timestamp) -> Next {
    let account = landing.account.as_ref().map(|stored| &stored.record);
    if account.is_some_and(|account| account.approval == Approval::Rejected) {
        return Next::Rejected;
    }
    let issued = entrant.customer().issued_at();
    let deleted = account.and_then(|account| account.deleted);
    if deleted.is_some_and(|deleted| issued <= deleted) {
        return Next::Deleted;
    }
    if let Some(replay) = &landing.replay {
        return if replay.record.expires > now {
            Next::HandOverAgain(replay.record.clone())
        } else {
            Next::Spent
        };
    }
    match account {
        Some(account) if account.approval == Approval::Approved && deleted.is_none() => {
            Next::HandOver
        }
        _ => Next::Approve,
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use marketplace::{At, Deadline, ProcurementAccountId, Role, TokenFingerprint, UserIdentity};
    use store::{Account, Store};
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
    fn entrant() -> Entrant {
        let customer = VerifiedCustomer::restore(CustomerParts {
            account: ProcurementAccountId::parse("account").unwrap(),
            user: Some(UserIdentity::parse("user").unwrap()),
            roles: vec![Role::AccountAdmin],
            orders: Vec::new(),
            fingerprint: TokenFingerprint::new([7; 32]),
            issued_at: ISSUED,
            expires_at: after(300),
        });
        Entrant::admit(customer, &[Role::AccountAdmin]).unwrap()
    }

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
        let (entrant, now) = (entrant(), after(10));
        let landing = store
            .landing(entrant.customer(), At { now, deadline })
            .await
            .unwrap();
        next(&landing, &entrant, now)
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
        assert_eq!(decided(Some(approved), None).await, Next::HandOver);
    }

    #[tokio::test]
    async fn a_token_yields_one_hand_off() {
        let approved = || Some(account(Approval::Approved, None));
        let open = replay(after(11));
        assert_eq!(
            decided(approved(), Some(open.clone())).await,
            Next::HandOverAgain(open)
        );
        assert_eq!(
            decided(approved(), Some(replay(after(10)))).await,
            Next::Spent
        );
    }

    #[tokio::test]
    async fn a_rejected_account_stays_rejected_also_for_a_repeat() {
        let rejected = || Some(account(Approval::Rejected, None));
        assert_eq!(decided(rejected(), None).await, Next::Rejected);
        assert_eq!(
            decided(rejected(), Some(replay(after(11)))).await,
            Next::Rejected
        );
    }

    #[tokio::test]
    async fn only_a_token_newer_than_the_deletion_reopens_an_account() {
        let deleted = |at| Some(account(Approval::Approved, Some(at)));
        assert_eq!(decided(deleted(ISSUED), None).await, Next::Deleted);
        assert_eq!(decided(deleted(after(5)), None).await, Next::Deleted);
        assert_eq!(decided(deleted(after(-1)), None).await, Next::Approve);
    }
}
