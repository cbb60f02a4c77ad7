//! The changes that the vendor's application is told of.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as URL_SAFE_NO_PAD;
use jiff::Timestamp;
use link_store::OutboxEntry;
use marketplace::ProcurementAccountId;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// A customer has signed up: somebody with an accepted role registered for this account.
pub fn signed_up(
    account: &ProcurementAccountId,
    company: Option<&str>,
    now: Timestamp,
) -> OutboxEntry {
    let data = json!({ "account": account, "unverified_company": company });
    entry(
        "portico.account.signed-up",
        account,
        (account.as_str(), now),
        data,
    )
}

/// An entry whose id is the same whenever the same change of the same resource is found.
fn entry(
    kind: &str,
    account: &ProcurementAccountId,
    (resource, changed): (&str, Timestamp),
    data: Value,
) -> OutboxEntry {
    let mut hash = Sha256::new();
    for part in [resource, kind, &changed.to_string()] {
        // Length-prefixed, so that no two lists of parts read the same.
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    OutboxEntry {
        id: URL_SAFE_NO_PAD.encode(hash.finalize()),
        kind: kind.to_owned(),
        account: account.clone(),
        data,
        occurred: changed,
    }
}
