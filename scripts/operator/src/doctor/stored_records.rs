//! Whether the store belongs to the configured provider, and all of it can be read.

use marketplace::ProviderId;
use operations::{Operations, StoreOwnership};

use super::finding::{Finding, or_fine};
use super::unreadable_records;
use crate::advice;

pub(super) async fn check(operations: &Operations) -> Vec<Finding> {
    let ownership = match operations.store_ownership().await {
        Ok(ownership) => ownership,
        Err(error) => {
            let what = "whose the store is could not be read";
            return vec![Finding::unknown(what, advice::on(&error))];
        }
    };
    let mut found = judge(&ownership, operations.provider.as_str());
    found.extend(unreadable_records::check(operations).await);
    or_fine(
        found,
        "the store is this provider's or becomes so by itself, and what is looked through can be read",
    )
}

fn judge(ownership: &StoreOwnership, configured: &str) -> Vec<Finding> {
    let owner = ownership.owner.as_ref().map(ProviderId::as_str);
    let other = owner.filter(|owner| *owner != configured);
    let mut found = Vec::new();
    if let Some(owner) = other {
        found.push(Finding::problem(
            format!(
                "the store belongs to the provider {owner}, and PROCUREMENT_PROVIDER is {configured}: functions with \
                 this setting answer 503 to sign-ups, events, reconciliation and usage, so that nobody of {owner} is \
                 taken for gone"
            ),
            "if PROCUREMENT_PROVIDER is wrong, repair it in terraform.tfvars, then terraform -chdir=terraform apply\n\
             if you have moved to the new one: operator adopt-provider shows what that means, and asks",
        ));
    }
    let unreadable = [
        ("accounts", ownership.unreadable_accounts),
        ("entitlements", ownership.unreadable_orders),
    ];
    for (collection, count) in unreadable {
        if count > 0 {
            found.push(Finding::problem(
                format!(
                    "{count} documents of the collection {collection} cannot be read: they are left out, and nothing \
                     that rests on them is decided"
                ),
                "the log of procurement-events names each by a hash of its id, at its reconciliation; repair or \
                 remove it in the Firestore console",
            ));
        }
    }
    found
}
