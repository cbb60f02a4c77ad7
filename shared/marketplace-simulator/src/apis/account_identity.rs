//! Who a service account is, in tokens about it.

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::simulated_google::SimulatedGoogle;
use crate::tokens::IdentityClaims;

/// A service account as identity tokens name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AccountIdentity {
    pub(super) email: String,
    /// None for the account that Portico runs as: that of every token that a test makes.
    unique_id: Option<String>,
}

impl AccountIdentity {
    /// The enabled account with this e-mail or unique id: one of the vendor's, or one that IAM made.
    pub(super) fn find(google: &SimulatedGoogle, id: &str, now: Timestamp) -> Option<Self> {
        let settings = &google.settings;
        let of_the_vendor = [
            &settings.service_account,
            &settings.application_service_account,
            &settings.hand_off_signer,
        ];
        if let Some(email) = of_the_vendor.into_iter().find(|email| *email == id) {
            return Some(Self::of_the_vendor(google, email));
        }
        let mut accounts = google.service_accounts();
        let account = accounts.called("-", id, now).ok()?;
        (!account.is_disabled).then(|| Self {
            email: account.email.clone(),
            unique_id: Some(account.unique_id.clone()),
        })
    }

    /// An account that is always there. Its unique id is always the same.
    pub(super) fn of_the_vendor(google: &SimulatedGoogle, email: &str) -> Self {
        let is_portico = email == google.settings.service_account;
        Self {
            email: email.to_owned(),
            unique_id: (!is_portico).then(|| unique_id(email)),
        }
    }

    /// Claims of an identity token about it, as the metadata server and IAM issue them.
    pub(super) fn claims(&self, now: Timestamp, audience: &str) -> IdentityClaims {
        let claims = IdentityClaims::valid_at(now)
            .set("aud", audience)
            .set("email", self.email.as_str());
        match &self.unique_id {
            Some(id) => claims.set("sub", id.as_str()).set("azp", id.as_str()),
            None => claims,
        }
    }
}

/// 21 digits.
fn unique_id(email: &str) -> String {
    let digest = Sha256::digest(email);
    let number = digest
        .iter()
        .take(8)
        .fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    format!("1{number:020}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unique_id_has_21_digits_and_is_of_one_account() {
        let id = unique_id("application@example-project.iam.gserviceaccount.com");
        assert_eq!(id.len(), 21);
        assert!(id.bytes().all(|byte| byte.is_ascii_digit()));
        assert_ne!(
            id,
            unique_id("other@example-project.iam.gserviceaccount.com")
        );
    }
}
