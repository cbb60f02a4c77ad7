//! The service accounts in the vendor's projects, and what customers have granted them.

use jiff::Timestamp;

use crate::access_grants::Grant;
use crate::service_accounts::ServiceAccount;
use crate::simulator::Simulator;

use super::purchase_progress::Chip;

pub(super) struct ServiceAccountRow {
    pub(super) email: String,
    pub(super) display_name: String,
    pub(super) state: Chip,
    pub(super) grants: Vec<Grant>,
}

/// Newest first; then what was granted to accounts that are no more.
pub(super) fn rows(simulator: &Simulator, now: Timestamp) -> Vec<ServiceAccountRow> {
    let mut grants = simulator.grants();
    let accounts = simulator.google().service_accounts();
    let known: Vec<&str> = accounts
        .indexed(now)
        .map(|(_, it)| it.email.as_str())
        .collect();
    let row = |account: &ServiceAccount| ServiceAccountRow {
        email: account.email.clone(),
        display_name: account.display_name.clone(),
        state: if account.is_disabled {
            chip("disabled", "bad")
        } else if known.contains(&account.email.as_str()) {
            chip("enabled", "good")
        } else {
            chip("not known everywhere yet", "wait")
        },
        grants: grants
            .extract_if(.., |grant| grant.unique_id == account.unique_id)
            .collect(),
    };
    let mut rows: Vec<ServiceAccountRow> = accounts.all().map(row).collect();
    rows.reverse();
    rows.extend(grants.into_iter().map(gone));
    rows
}

fn gone(grant: Grant) -> ServiceAccountRow {
    ServiceAccountRow {
        // As Google shows it in the customer's project.
        email: format!(
            "deleted:serviceAccount:{}?uid={}",
            grant.service_account, grant.unique_id
        ),
        display_name: String::new(),
        state: chip("deleted", "bad"),
        grants: vec![grant],
    }
}

fn chip(text: &'static str, tone: &'static str) -> Chip {
    Chip { text, tone }
}
