//! The service accounts in the vendor's projects, and what customers have granted them.

use marketplace_simulator::{Grant, ServiceAccount, Simulator};

use super::page::Chip;

pub(super) struct ServiceAccountRow {
    pub(super) email: String,
    pub(super) display_name: String,
    pub(super) state: Chip,
    pub(super) grants: Vec<Grant>,
}

/// Newest first; then what was granted to accounts that are no more.
pub(super) fn rows(simulator: &Simulator) -> Vec<ServiceAccountRow> {
    let mut grants = simulator.grants();
    let row = |account: &ServiceAccount| ServiceAccountRow {
        email: account.email.clone(),
        display_name: account.display_name.clone(),
        state: if account.is_disabled {
            chip("disabled", "bad")
        } else if simulator.is_known_everywhere(&account.email) {
            chip("enabled", "good")
        } else {
            chip("not known everywhere yet", "wait")
        },
        grants: grants
            .extract_if(.., |grant| grant.unique_id == account.unique_id)
            .collect(),
    };
    let accounts = simulator.service_accounts();
    let mut rows: Vec<ServiceAccountRow> = accounts.iter().map(row).collect();
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
