//! Records for tests: full ones, and bare ones without anything optional.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use marketplace::{
    At, Deadline, EntitlementId, EntitlementState, PlanId, ProcurementAccountId, ProductId,
    ProviderId, Role, TokenFingerprint, UserIdentity,
};
use serde_json::json;
use store::{
    Absence, Account, Approval, Closed, ClosedBecause, Cursor, Deployment, Entitlement, EraseHold,
    HandOffRecord, HandledEvent, JournalEntry, JournalKind, Link, OutboxEntry, Purpose, Rejecting,
    ServiceAccount, Session, SessionId, SignIn, Unruled,
};
use verification::{CustomerParts, VerifiedCustomer};

/// Generous: the emulator shares its machine with the compiler.
pub(crate) fn deadline() -> Deadline {
    Deadline::after(Duration::from_mins(1))
}

/// The same moment in every test, and so many seconds later.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_microsecond(1_795_000_000_123_456 + seconds * 1_000_000).unwrap()
}

/// A request that arrives so many seconds later.
pub(crate) fn moment(seconds: i64) -> At {
    At {
        now: at(seconds),
        deadline: deadline(),
    }
}

pub(crate) fn account_id(text: &str) -> ProcurementAccountId {
    ProcurementAccountId::parse(text).unwrap()
}

pub(crate) fn user(text: &str) -> UserIdentity {
    UserIdentity::parse(text).unwrap()
}

pub(crate) fn order(text: &str) -> EntitlementId {
    EntitlementId::parse(text).unwrap()
}

pub(crate) fn token(number: u8) -> TokenFingerprint {
    TokenFingerprint::new([number; 32])
}

pub(crate) fn provider(text: &str) -> ProviderId {
    ProviderId::parse(text).unwrap()
}

pub(crate) fn bare_account(id: &str) -> Account {
    Account {
        updated: at(1),
        ..Account::new(&account_id(id), Approval::Approving, at(0))
    }
}

fn absence() -> Absence {
    Absence {
        since: at(13),
        accepted: Some(at(14)),
    }
}

pub(crate) fn full_account(id: &str) -> Account {
    Account {
        provider: Some(provider("vendor")),
        approval: Approval::Approved,
        rejecting: Some(Rejecting {
            since: at(10),
            confirmed: Some(at(11)),
            refused: Some(at(20)),
        }),
        company: Some("Müller & Söhne".to_owned()),
        service_account: Some(ServiceAccount {
            email: "customer-1@vendor.iam.gserviceaccount.com".to_owned(),
            unique_id: "107".to_owned(),
            disabled: Some(at(7)),
        }),
        enabling: Some(at(19)),
        opened: Some(at(12)),
        absent: Some(absence()),
        closed: Some(Closed {
            at: at(15),
            because: ClosedBecause::Absent,
        }),
        erase_hold: Some(EraseHold {
            until: at(16),
            by: "operator@vendor.example".to_owned(),
        }),
        erase_asked: Some(at(17)),
        erased: Some(at(9)),
        order_left: Some(at(18)),
        touched: Some(at(8)),
        ..bare_account(id)
    }
}

pub(crate) fn bare_link(account: &str, who: &str) -> Link {
    Link {
        account: account_id(account),
        user: user(who),
        profile: BTreeMap::new(),
        roles: Vec::new(),
        orders: Vec::new(),
        first_seen: at(0),
        last_seen: at(1),
    }
}

pub(crate) fn full_link(account: &str, who: &str) -> Link {
    let profile = [
        ("name", "Änne O'Hara"),
        ("work e-mail", "a@b.example"),
        ("empty", ""),
    ];
    let profile = profile.map(|(name, text)| (name.to_owned(), text.to_owned()));
    Link {
        profile: BTreeMap::from(profile),
        roles: vec![Role::AccountAdmin, Role::from("order_viewer".to_owned())],
        orders: vec![order("E-2"), order("E-1")],
        ..bare_link(account, who)
    }
}

pub(crate) fn bare_entitlement(id: &str, account: &str) -> Entitlement {
    Entitlement {
        update_time: at(1),
        ..Entitlement::new(
            &order(id),
            &account_id(account),
            &ProductId::parse("product.endpoints.vendor.cloud.goog").unwrap(),
            &EntitlementState::ActivationRequested,
            at(0),
        )
    }
}

pub(crate) fn full_entitlement(id: &str, account: &str) -> Entitlement {
    Entitlement {
        provider: Some(provider("vendor")),
        plan: Some(PlanId::parse("standard-plan").unwrap()),
        offer: Some("projects/1/services/product/privateOffers/2".to_owned()),
        state: EntitlementState::from("ENTITLEMENT_PAUSED".to_owned()),
        usage_reporting_id: Some("project_number:123".to_owned()),
        subscription_end: Some(at(1_000)),
        starts: Some(at(500)),
        unruled: Some(Unruled::ProductOnlyInOffer),
        absent: Some(absence()),
        deleted: Some(at(2_000)),
        absence_confirmed: Some(at(3_000)),
        ..bare_entitlement(id, account)
    }
}

pub(crate) fn customer(account: &str, who: Option<&str>) -> VerifiedCustomer {
    customer_with(account, who, vec![order("E-1")])
}

#[expect(
    clippy::disallowed_methods,
    reason = "nothing here is about how a customer is verified"
)]
pub(crate) fn customer_with(
    account: &str,
    who: Option<&str>,
    orders: Vec<EntitlementId>,
) -> VerifiedCustomer {
    VerifiedCustomer::restore(CustomerParts {
        account: account_id(account),
        user: who.map(user),
        roles: vec![Role::ProjectEditor],
        orders,
        fingerprint: token(7),
        issued_at: at(0),
        expires_at: at(300),
    })
}

pub(crate) fn bare_session() -> Session {
    Session {
        id: SessionId::random(),
        handle: "h1".to_owned(),
        purpose: Purpose::Signup,
        customer: customer("account-1", None),
        created: at(0),
        expires: at(1_800),
        completed: None,
        sign_in: None,
    }
}

pub(crate) fn full_session() -> Session {
    Session {
        purpose: Purpose::Login,
        customer: customer("account-1", Some("user-1")),
        completed: Some(at(60)),
        sign_in: Some(SignIn {
            state: "s".to_owned(),
            nonce: "n".to_owned(),
            verifier: "v".to_owned(),
            passed: Some(at(50)),
        }),
        ..bare_session()
    }
}

pub(crate) fn bare_hand_off(number: u8) -> HandOffRecord {
    HandOffRecord {
        token: token(number),
        jti: "jti-1".to_owned(),
        issued: at(0),
        expires: at(60),
        order: None,
        new_user: false,
        keep_until: at(360),
    }
}

pub(crate) fn full_hand_off(number: u8) -> HandOffRecord {
    HandOffRecord {
        order: Some(order("E-1")),
        new_user: true,
        ..bare_hand_off(number)
    }
}

pub(crate) fn event(id: &str) -> HandledEvent {
    HandledEvent {
        id: id.to_owned(),
        kind: "ENTITLEMENT_ACTIVE".to_owned(),
        outcome: "stored".to_owned(),
        resource: Some("entitlements/E-1".to_owned()),
        body: None,
        handled: at(0),
        keep_until: at(35 * 86_400),
    }
}

pub(crate) fn cursor(after: Option<&str>) -> Cursor {
    Cursor {
        job: "reconcile".to_owned(),
        phase: "accounts".to_owned(),
        after: after.map(ToOwned::to_owned),
        tally: None,
        failing_since: after.map(|_| at(1)),
        started: at(0),
        updated: at(1),
    }
}

pub(crate) fn change(id: &str) -> OutboxEntry {
    OutboxEntry {
        id: id.to_owned(),
        kind: "customer.signed-up".to_owned(),
        account: account_id("account-1"),
        data: json!({ "lists": [[1, 2.5], [null]], "big": 9_007_199_254_740_993_i64, "": {} }),
        occurred: at(0),
        sequence: Some("01795000000123456000".to_owned()),
    }
}

/// As earlier versions stored them.
pub(crate) fn bare_change(id: &str) -> OutboxEntry {
    OutboxEntry {
        sequence: None,
        ..change(id)
    }
}

pub(crate) fn deployment(text: &str) -> Deployment {
    Deployment {
        provider: provider(text),
        since: at(0),
    }
}

/// A line about an account, so many seconds later.
pub(crate) fn line(account: &str, seconds: i64) -> JournalEntry {
    JournalEntry::of_account(
        &account_id(account),
        JournalKind::AccountClosed,
        at(seconds),
    )
}
