//! What a sign-up makes of the account that is stored.

use std::time::Duration;

use customer_entry::Entry;
use marketplace::{At, Deadline, ProcurementAccountId, Role, TokenFingerprint, UserIdentity};
use store::{Closed, ClosedBecause, EraseHold, Rejecting, Store};
use verification::{CustomerParts, VerifiedCustomer};

use super::*;

const ISSUED: Timestamp = Timestamp::constant(1_767_225_600, 0);

fn after(seconds: i64) -> Timestamp {
    let passed = SignedDuration::from_secs(seconds);
    ISSUED.saturating_add(passed).unwrap()
}

fn provider() -> ProviderId {
    ProviderId::parse("example-partner").unwrap()
}

fn account(approval: Approval) -> Account {
    Account {
        company: Some("Before".to_owned()),
        touched: Some(after(-7)),
        ..Account::new(
            &ProcurementAccountId::parse("account").unwrap(),
            approval,
            after(-3600),
        )
    }
}

/// A sign-up that stands in the store as one of a moment ago.
fn current(approval: Approval) -> Account {
    Account {
        provider: Some(provider()),
        opened: Some(after(9)),
        ..account(approval)
    }
}

fn closed(approval: Approval) -> Account {
    let closed = Closed {
        at: after(-60),
        because: ClosedBecause::Absent,
    };
    let hold = EraseHold {
        until: after(9000),
        by: "operator@example.com".to_owned(),
    };
    Account {
        absent: Some(absence(-90_000)),
        closed: Some(closed),
        erase_hold: Some(hold),
        erase_asked: Some(after(-50)),
        erased: Some(after(-40)),
        ..account(approval)
    }
}

fn absence(since: i64) -> Absence {
    Absence {
        since: after(since),
        accepted: None,
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a decision is tested without any token"
)]
fn registration(company: Option<&str>) -> Registration {
    let customer = VerifiedCustomer::restore(CustomerParts {
        account: ProcurementAccountId::parse("account").unwrap(),
        user: Some(UserIdentity::parse("user").unwrap()),
        roles: vec![Role::AccountAdmin],
        orders: Vec::new(),
        fingerprint: TokenFingerprint::new([7; 32]),
        issued_at: ISSUED,
        expires_at: after(300),
    });
    let entry = Entry::arrived(customer, &[Role::AccountAdmin]).unwrap();
    let typed = company.map(|company| [("company".to_owned(), company.to_owned())].into());
    Registration { entry, typed }
}

/// The account as it is stored ten seconds after the token was issued, and whether it was written.
async fn signed_up(before: Option<Account>, registration: &Registration) -> (Account, bool) {
    signed_up_with(Some(&provider()), before, registration).await
}

/// The same in a store of this owner.
async fn signed_up_with(
    owner: Option<&ProviderId>,
    before: Option<Account>,
    registration: &Registration,
) -> (Account, bool) {
    let (store, now) = (Store::memory(), after(10));
    let deadline = Deadline::after(Duration::from_secs(9));
    let known = before.iter().fold(Commit::new(), Commit::create);
    store.commit(known, deadline).await.unwrap();
    let at = At { now, deadline };
    let landing = store.landing(registration.entry.customer(), at).await;
    let landing = landing.unwrap();
    let commit = registration.commit(&landing, owner, now);
    store.commit(commit, deadline).await.unwrap();
    let id = registration.entry.account();
    let stored = store.account(id, deadline).await.unwrap().unwrap();
    let version = landing.account.map(|stored| stored.version);
    (stored.record, version != Some(stored.version))
}

#[tokio::test]
async fn a_sign_up_says_when_and_for_which_provider() {
    let registration = registration(None);
    for before in [
        None,
        Some(account(Approval::None)),
        Some(account(Approval::Approving)),
        Some(account(Approval::Approved)),
    ] {
        let (account, _) = signed_up(before, &registration).await;
        assert_eq!(account.opened, Some(after(10)));
        assert_eq!(account.provider, Some(provider()));
    }
}

#[tokio::test]
async fn in_a_store_of_nobody_a_sign_up_says_nothing_of_a_provider() {
    let registration = registration(None);
    let marked = Account {
        provider: Some(provider()),
        ..account(Approval::Approved)
    };
    for (before, provider) in [
        (None, None),
        (Some(account(Approval::None)), None),
        (Some(closed(Approval::Approved)), None),
        (Some(marked), Some(provider())),
    ] {
        let (account, written) = signed_up_with(None, before, &registration).await;
        assert_eq!((account.provider, written), (provider, true));
    }
}

#[tokio::test]
async fn a_sign_up_never_moves_the_opening_back() {
    let before = Account {
        opened: Some(after(500)),
        ..account(Approval::Approved)
    };
    let (account, _) = signed_up(Some(before), &registration(None)).await;
    assert_eq!(account.opened, Some(after(500)));
}

#[tokio::test]
async fn customers_of_one_account_who_come_together_do_not_write_it_each() {
    for approval in [Approval::Approving, Approval::Approved] {
        let before = current(approval);
        let (account, written) = signed_up(Some(before.clone()), &registration(None)).await;
        assert_eq!((account, written), (before, false));
    }
}

#[tokio::test]
async fn a_closed_account_is_reopened_and_keeps_its_place_in_the_news() {
    for approval in [Approval::None, Approval::Approved] {
        let before = closed(approval);
        let (account, _) = signed_up(Some(before.clone()), &registration(None)).await;
        let expected = Account {
            provider: Some(provider()),
            approval: Approval::Approving,
            opened: Some(after(10)),
            updated: after(10),
            absent: None,
            closed: None,
            erase_hold: None,
            erase_asked: None,
            erased: None,
            ..before
        };
        assert_eq!(account, expected);
        assert_eq!(account.touched, Some(after(-7)));
        assert_eq!(account.created, after(-3600));
    }
}

#[tokio::test]
async fn an_account_that_an_earlier_version_erased_is_opened_after_that() {
    let before = Account {
        erased: Some(after(20)),
        ..account(Approval::None)
    };
    let (account, _) = signed_up(Some(before), &registration(None)).await;
    assert_eq!((account.erased, account.opened), (None, Some(after(20))));
    assert!(!account.is_closed());
}

#[tokio::test]
async fn the_company_is_the_one_that_was_typed_now() {
    let typed = registration(Some("Typed"));
    for before in [account(Approval::None), closed(Approval::None)] {
        let (account, _) = signed_up(Some(before.clone()), &typed).await;
        assert_eq!(account.company.as_deref(), Some("Typed"));
        let (account, _) = signed_up(Some(before), &registration(None)).await;
        assert_eq!(account.company.as_deref(), Some("Before"));
    }
    // A colleague does not rename the company.
    let (account, _) = signed_up(Some(account(Approval::Approved)), &typed).await;
    assert_eq!(account.company.as_deref(), Some("Before"));
}

#[tokio::test]
async fn an_absence_ends_with_a_token_that_google_issued_since() {
    for (since, absent) in [(-1, None), (0, Some(absence(0))), (5, Some(absence(5)))] {
        let before = Account {
            absent: Some(absence(since)),
            ..current(Approval::Approved)
        };
        let (account, written) = signed_up(Some(before), &registration(None)).await;
        assert_eq!((account.absent, written), (absent, absent.is_none()));
    }
}

#[tokio::test]
async fn a_sign_up_changes_nothing_about_a_rejection_that_is_under_way() {
    let rejecting = Rejecting {
        since: after(1),
        confirmed: None,
        refused: None,
    };
    let before = Account {
        rejecting: Some(rejecting),
        ..account(Approval::Approving)
    };
    let (account, _) = signed_up(Some(before), &registration(None)).await;
    assert_eq!(account.rejecting, Some(rejecting));
}

#[tokio::test]
async fn only_a_sign_up_of_a_moment_ago_is_recorded_already() {
    let registration = registration(None);
    let other = ProviderId::parse("other-partner").unwrap();
    let link = |landing: &mut Landing| {
        let record = registration.link(landing, after(9));
        landing.link = Some(store::Stored {
            record,
            version: landing.account.as_ref().unwrap().version,
        });
    };
    for (account, recorded) in [
        (current(Approval::Approving), true),
        (account(Approval::Approving), false),
        (closed(Approval::Approving), false),
        (current(Approval::None), false),
    ] {
        let (store, now) = (Store::memory(), after(10));
        let deadline = Deadline::after(Duration::from_secs(9));
        let known = Commit::new().create(&account);
        store.commit(known, deadline).await.unwrap();
        let at = At { now, deadline };
        let landing = store.landing(registration.entry.customer(), at).await;
        let mut landing = landing.unwrap();
        assert!(!registration.is_recorded(&landing, Some(&provider()), now));
        link(&mut landing);
        let is_recorded =
            |owner: Option<&ProviderId>| registration.is_recorded(&landing, owner, now);
        assert_eq!(is_recorded(Some(&provider())), recorded, "{account:?}");
        assert_eq!(is_recorded(None), recorded, "{account:?}");
        assert!(!is_recorded(Some(&other)));
    }
}
