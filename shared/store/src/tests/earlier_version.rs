//! What the version whose last change is "Say in the changelog what a form meets no more" stores: the one before
//! absence, closing, provider and journal. Its binaries run on the same store during a rollout and after a rollback.

use std::collections::BTreeMap;

use super::raw::{Named, text, time};
use crate::documents::value::Value;

/// All fields of a record that this version writes. It removes those of them that have no value, and leaves all others.
pub(super) const ACCOUNT: [&str; 7] = [
    "approval",
    "company",
    "service_account",
    "created",
    "updated",
    "deleted",
    "touched",
];
pub(super) const ENTITLEMENT: [&str; 11] = [
    "account",
    "product",
    "plan",
    "offer",
    "state",
    "usage_reporting_id",
    "create_time",
    "update_time",
    "subscription_end",
    "starts",
    "deleted",
];
pub(super) const OUTBOX_ENTRY: [&str; 4] = ["kind", "account", "data", "occurred"];

/// Fields within the field `service_account`, which is written as a whole: one that came later would be lost.
pub(super) const SERVICE_ACCOUNT: [&str; 3] = ["email", "unique_id", "disabled"];

/// Those without which it refuses a document.
pub(super) const ACCOUNT_DEMANDED: [&str; 3] = ["approval", "created", "updated"];
pub(super) const ENTITLEMENT_DEMANDED: [&str; 5] =
    ["account", "product", "state", "create_time", "update_time"];
pub(super) const OUTBOX_ENTRY_DEMANDED: [&str; 4] = OUTBOX_ENTRY;

/// The only values of these enums that it can read.
pub(super) const APPROVAL: [&str; 4] = ["none", "approving", "approved", "rejected"];
pub(super) const PURPOSE: [&str; 2] = ["signup", "login"];
pub(super) const REPORT_STATE: [&str; 4] = ["pending", "reported", "refused", "held"];

pub(super) fn account() -> Named {
    let service_account = [
        ("email", text("customer-1@vendor.iam.gserviceaccount.com")),
        ("unique_id", text("107")),
        ("disabled", time(3)),
    ];
    let service_account = service_account.map(|(name, value)| (name.to_owned(), value));
    vec![
        ("approval", text("approved")),
        ("company", text("Company")),
        (
            "service_account",
            Value::Map(BTreeMap::from(service_account)),
        ),
        ("created", time(0)),
        ("updated", time(1)),
        ("touched", time(2)),
    ]
}

/// It closes and erases at once.
pub(super) fn deleted_account() -> Named {
    vec![
        ("approval", text("none")),
        ("created", time(0)),
        ("updated", time(4)),
        ("deleted", time(4)),
        ("touched", time(4)),
    ]
}

pub(super) fn entitlement() -> Named {
    vec![
        ("account", text("account-1")),
        ("product", text("product.endpoints.vendor.cloud.goog")),
        ("plan", text("standard-plan")),
        ("offer", text("projects/1/services/product/privateOffers/2")),
        ("state", text("ENTITLEMENT_ACTIVE")),
        ("usage_reporting_id", text("project_number:123")),
        ("create_time", time(0)),
        ("update_time", time(1)),
        ("subscription_end", time(1_000)),
        ("starts", time(2)),
        ("deleted", time(5)),
    ]
}

pub(super) fn outbox_entry() -> Named {
    vec![
        ("kind", text("portico.access.ended")),
        ("account", text("account-1")),
        ("data", text(r#"{"account":"account-1"}"#)),
        ("occurred", time(0)),
    ]
}
