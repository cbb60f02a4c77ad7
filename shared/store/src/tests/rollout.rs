//! The binaries of the earlier version and of this one run on one store: no field is lost, and nothing is refused.

use std::mem::discriminant;

use marketplace::{Access, EntitlementState, PlanId, ProductId, ProviderId};
use serde_json::json;

use super::earlier_version as earlier;
use super::raw::{Named, account_id, at, deadline, order, put, put_record, stored, text};
use crate::documents::fields::Fields;
use crate::documents::record::Encode as _;
use crate::documents::value::{StoredFields, ToValue as _, Value};
use crate::{
    Absence, Account, Approval, Closed, ClosedBecause, Commit, Cursor, Document, Entitlement,
    EraseHold, JournalKind, OutboxEntry, Purpose, Record, Rejecting, ReportState, ServiceAccount,
    Store, Tally, Unruled,
};

fn provider() -> ProviderId {
    ProviderId::parse("vendor").unwrap()
}

fn bare_account() -> Account {
    Account::new(&account_id("account-1"), Approval::Approving, at(0))
}

fn service_account() -> ServiceAccount {
    ServiceAccount {
        email: "customer-1@vendor.iam.gserviceaccount.com".to_owned(),
        unique_id: "107".to_owned(),
        disabled: Some(at(1)),
    }
}

fn full_account() -> Account {
    Account {
        provider: Some(provider()),
        rejecting: Some(Rejecting {
            since: at(2),
            confirmed: Some(at(3)),
            refused: Some(at(14)),
        }),
        company: Some("Company".to_owned()),
        service_account: Some(service_account()),
        enabling: Some(at(13)),
        opened: Some(at(4)),
        absent: Some(Absence {
            since: at(5),
            accepted: Some(at(6)),
        }),
        closed: Some(Closed {
            at: at(7),
            because: ClosedBecause::Absent,
        }),
        erase_hold: Some(EraseHold {
            until: at(8),
            by: "operator@vendor.example".to_owned(),
        }),
        erase_asked: Some(at(9)),
        erased: Some(at(10)),
        order_left: Some(at(11)),
        touched: Some(at(12)),
        ..bare_account()
    }
}

fn bare_entitlement() -> Entitlement {
    Entitlement::new(
        &order("E-1"),
        &account_id("account-1"),
        &ProductId::parse("product.endpoints.vendor.cloud.goog").unwrap(),
        &EntitlementState::ActivationRequested,
        at(0),
    )
}

fn full_entitlement() -> Entitlement {
    Entitlement {
        provider: Some(provider()),
        plan: Some(PlanId::parse("standard-plan").unwrap()),
        offer: Some("projects/1/services/product/privateOffers/2".to_owned()),
        usage_reporting_id: Some("project_number:123".to_owned()),
        subscription_end: Some(at(1)),
        starts: Some(at(2)),
        unruled: Some(Unruled::ChangeWithoutPlan),
        absent: Some(Absence {
            since: at(3),
            accepted: Some(at(4)),
        }),
        deleted: Some(at(3)),
        absence_confirmed: Some(at(5)),
        ..bare_entitlement()
    }
}

fn entry(sequence: Option<&str>) -> OutboxEntry {
    OutboxEntry {
        id: "news-1".to_owned(),
        kind: "portico.access.ended".to_owned(),
        account: account_id("account-1"),
        data: json!({ "account": "account-1" }),
        occurred: at(0),
        sequence: sequence.map(ToOwned::to_owned),
    }
}

async fn account(store: &Store) -> Account {
    let found = store.account(&account_id("account-1"), deadline()).await;
    found.unwrap().unwrap().record
}

async fn entitlement(store: &Store) -> Entitlement {
    let found = store.entitlement(&order("E-1"), deadline()).await;
    found.unwrap().unwrap().record
}

pub(super) async fn an_account_of_the_earlier_version_keeps_its_meaning(store: Store) {
    let document = Document::account(&account_id("account-1"));
    put(&store, document, &earlier::account()).await;
    let found = account(&store).await;
    let expected = Account {
        approval: Approval::Approved,
        company: Some("Company".to_owned()),
        service_account: Some(ServiceAccount {
            disabled: Some(at(3)),
            ..service_account()
        }),
        updated: at(1),
        touched: Some(at(2)),
        ..bare_account()
    };
    assert_eq!(found, expected);
    assert!(!found.is_closed());
    assert_eq!(found.closing(), None);
    assert!(found.is_of(&provider()), "it is the deployment's");
    assert_eq!(found.access([]), Access::Pending);
}

pub(super) async fn an_account_that_the_earlier_version_closed_is_closed(store: Store) {
    let document = Document::account(&account_id("account-1"));
    put(&store, document, &earlier::deleted_account()).await;
    let found = account(&store).await;
    assert!(found.is_closed());
    assert_eq!(found.erased, Some(at(4)), "there is nothing left to erase");
    let closed = Closed {
        at: at(4),
        because: ClosedBecause::Deleted,
    };
    assert_eq!(found.closing(), Some(closed));
    let live = Entitlement {
        state: EntitlementState::Active,
        ..bare_entitlement()
    };
    assert_eq!(found.access([&live]), Access::Ended);
}

pub(super) async fn an_order_of_the_earlier_version_keeps_its_meaning(store: Store) {
    let document = Document::entitlement(&order("E-1"));
    put(&store, document, &earlier::entitlement()).await;
    let found = entitlement(&store).await;
    let expected = Entitlement {
        provider: None,
        state: EntitlementState::Active,
        update_time: at(1),
        subscription_end: Some(at(1_000)),
        unruled: None,
        absent: None,
        deleted: Some(at(5)),
        absence_confirmed: None,
        ..full_entitlement()
    };
    assert_eq!(found, expected);
    assert!(found.has_ended());
    assert!(found.is_of(&provider()), "it is the deployment's");
}

pub(super) async fn a_plan_that_the_earlier_version_cannot_read_is_none_to_it(store: Store) {
    let document = Document::entitlement(&order("E-1"));
    let wide = Entitlement {
        plan: Some(PlanId::parse("Pro plan (annual)").unwrap()),
        ..full_entitlement()
    };
    put_record(&store, &wide).await;
    assert_eq!(entitlement(&store).await, wide);
    let fields = stored(&store, &document).await;
    assert!(!fields.contains_key("plan"));
    is_readable(
        &fields,
        &earlier::ENTITLEMENT_DEMANDED,
        earlier::entitlement(),
    );
    changed_by_earlier_version(&store, document.clone(), &earlier::ENTITLEMENT, "offer").await;
    assert_eq!(entitlement(&store).await.plan, wide.plan);

    // It hears of a plan that it can read.
    changed_by_earlier_version(&store, document.clone(), &earlier::ENTITLEMENT, "plan").await;
    let plan = entitlement(&store).await.plan;
    assert_eq!(plan, Some(PlanId::parse("changed").unwrap()));

    put_record(&store, full_entitlement()).await;
    assert!(!stored(&store, &document).await.contains_key("plan_name"));
}

pub(super) async fn news_of_the_earlier_version_have_no_place(store: Store) {
    let document = Document::outbox("news-1");
    put(&store, document, &earlier::outbox_entry()).await;
    let found = store.outbox_batch(9, deadline()).await.unwrap();
    let found: Vec<_> = found.into_iter().map(|entry| entry.record).collect();
    assert_eq!(found, [entry(None)]);
}

pub(super) async fn nothing_of_the_earlier_version_changes_by_being_stored_again(store: Store) {
    let document = Document::account(&account_id("account-1"));
    for written in [earlier::account(), earlier::deleted_account()] {
        // Without the fields of the one before.
        let delete = Commit::new().delete(document.clone());
        store.commit(delete, deadline()).await.unwrap();
        put(&store, document.clone(), &written).await;
        put_record(&store, account(&store).await).await;
        assert_eq!(stored(&store, &document).await, named(written));
    }
    let document = Document::entitlement(&order("E-1"));
    put(&store, document.clone(), &earlier::entitlement()).await;
    put_record(&store, entitlement(&store).await).await;
    assert_eq!(
        stored(&store, &document).await,
        named(earlier::entitlement())
    );
}

fn named(fields: Named) -> StoredFields {
    let fields = fields.into_iter();
    fields
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// Reads a document and writes it as the earlier version does after it has changed one field: exactly the fields that
/// it knows. All others, and those that it did not change, must be as they were.
async fn changed_by_earlier_version(
    store: &Store,
    document: Document,
    known: &[&'static str],
    changed: &'static str,
) {
    let mut expected = stored(store, &document).await;
    expected.insert(changed.to_owned(), text("changed"));
    let written = known.iter().fold(Fields::new(), |fields, name| {
        fields.with(name, &expected.get(*name).cloned())
    });
    let written = Record {
        document: document.clone(),
        fields: written,
    };
    put_record(store, written).await;
    assert_eq!(stored(store, &document).await, expected);
}

pub(super) async fn the_earlier_version_takes_nothing_from_an_account(store: Store) {
    put_record(&store, full_account()).await;
    let document = Document::account(&account_id("account-1"));
    changed_by_earlier_version(&store, document, &earlier::ACCOUNT, "company").await;
    let expected = Account {
        company: Some("changed".to_owned()),
        ..full_account()
    };
    assert_eq!(account(&store).await, expected);
}

pub(super) async fn the_earlier_version_takes_nothing_from_an_order(store: Store) {
    put_record(&store, full_entitlement()).await;
    let document = Document::entitlement(&order("E-1"));
    changed_by_earlier_version(&store, document, &earlier::ENTITLEMENT, "offer").await;
    let expected = Entitlement {
        offer: Some("changed".to_owned()),
        ..full_entitlement()
    };
    assert_eq!(entitlement(&store).await, expected);
}

pub(super) async fn the_earlier_version_takes_nothing_from_news(store: Store) {
    let sequence = Some("00001795000000000001");
    put_record(&store, entry(sequence)).await;
    let document = Document::outbox("news-1");
    changed_by_earlier_version(&store, document, &earlier::OUTBOX_ENTRY, "kind").await;
    let found = store.outbox_batch(9, deadline()).await.unwrap();
    assert_eq!(found[0].record.sequence.as_deref(), sequence);
}

/// That the earlier version reads what this one writes: everything it demands is there, and everything it knows is of
/// the type that it wrote itself.
#[track_caller]
fn is_readable(written: &StoredFields, demanded: &[&str], like: Named) {
    for field in demanded {
        assert!(written.contains_key(*field), "{field} is missing");
    }
    for (field, value) in like {
        let same = written
            .get(field)
            .is_none_or(|written| discriminant(written) == discriminant(&value));
        assert!(same, "{field} is of another type");
    }
}

#[test]
fn the_earlier_version_reads_what_is_stored_now() {
    for account in [bare_account(), full_account()] {
        let written = account.fields().stored();
        is_readable(&written, &earlier::ACCOUNT_DEMANDED, earlier::account());
        is_readable(&written, &[], earlier::deleted_account());
    }
    for order in [bare_entitlement(), full_entitlement()] {
        let written = order.fields().stored();
        is_readable(
            &written,
            &earlier::ENTITLEMENT_DEMANDED,
            earlier::entitlement(),
        );
    }
    for sequence in [None, Some("00001795000000000001")] {
        let written = entry(sequence).fields().stored();
        is_readable(
            &written,
            &earlier::OUTBOX_ENTRY_DEMANDED,
            earlier::outbox_entry(),
        );
    }
}

#[test]
fn a_map_that_the_earlier_version_replaces_as_a_whole_has_no_new_fields() {
    let Some(Value::Map(fields)) = service_account().to_value() else {
        panic!("a service account is stored as a map");
    };
    let known = |name: &String| earlier::SERVICE_ACCOUNT.contains(&name.as_str());
    assert!(fields.keys().all(known));
}

#[test]
fn no_value_is_new_to_the_earlier_version() {
    assert_eq!(Approval::STORED, earlier::APPROVAL);
    assert_eq!(Purpose::STORED, earlier::PURPOSE);
    assert_eq!(ReportState::STORED, earlier::REPORT_STATE);
}

/// The earlier version does not read these; the next one will have to be compared with them.
#[test]
fn values_that_are_stored_never_change_their_names() {
    assert_eq!(ClosedBecause::STORED, ["deleted", "absent"]);
    let unruled = [
        "change-without-plan",
        "product-only-in-offer",
        "unknown-state",
    ];
    assert_eq!(Unruled::STORED, unruled);
    let stored = "account-approved account-rejected rejection-overruled order-approved order-rejected \
                  plan-change-approved plan-change-rejected message-shown absence-accepted account-closed \
                  account-reopened account-erased erase-held erase-asked order-closed order-reopened order-moved \
                  announced usage-released usage-retried message-kept provider-adopted \
                  links-imported";
    for name in stored.split_whitespace() {
        assert!(JournalKind::STORED.contains(&name), "{name}");
    }
}

pub(super) async fn the_earlier_version_takes_nothing_from_a_cursor(store: Store) {
    let cursor = Cursor {
        job: "reconcile".to_owned(),
        phase: "google-accounts".to_owned(),
        after: Some("E-1".to_owned()),
        tally: Some(Tally {
            accounts: 7,
            unreadable_accounts: Some(1),
            ..Tally::default()
        }),
        failing_since: Some(at(1)),
        started: at(0),
        updated: at(1),
    };
    put_record(&store, &cursor).await;
    let document = Document::cursor("reconcile");
    let known = ["phase", "after", "tally", "started", "updated"];
    let fields = stored(&store, &document).await;
    for demanded in ["phase", "started", "updated"] {
        assert!(fields.contains_key(demanded), "{demanded} is missing");
    }
    changed_by_earlier_version(&store, document, &known, "phase").await;
    let found = store.cursor("reconcile", deadline()).await.unwrap();
    let expected = Cursor {
        phase: "changed".to_owned(),
        ..cursor
    };
    assert_eq!(found.unwrap().record, expected);
}
