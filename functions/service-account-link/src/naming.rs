//! How a customer's service account is called, and how it is known again.

use marketplace::service_account_page::ServiceName;
use marketplace::{InvalidServiceAccountEmail, ProcurementAccountId, ServiceAccountEmail};
use service_accounts::{NewServiceAccount, ServiceAccount};
use sha2::{Digest as _, Sha256};

/// Hexadecimal digits of an account's hash that stand in the id. With 112 bits, two of a billion
/// customers share an id with a probability below 10⁻¹⁶.
const DIGITS: usize = 28;

/// Longest display name at IAM, in bytes.
const LONGEST_DISPLAY_NAME: usize = 100;

/// Names service accounts in one project, for one service.
#[derive(Debug, Clone)]
pub(crate) struct Naming {
    project: String,
    service: ServiceName,
}

impl Naming {
    pub(crate) fn new(project: String, service: ServiceName) -> Self {
        Self { project, service }
    }

    pub(crate) fn project(&self) -> &str {
        &self.project
    }

    /// The service account that this customer shall have.
    ///
    /// Its id is all that stands in its address, which the customer's administrators and their logs
    /// see: it is derived, so that repeated and concurrent calls make the same, and says nothing of
    /// the account. Name and description are read in the vendor's project alone.
    pub(crate) fn wanted(&self, account: &ProcurementAccountId) -> NewServiceAccount {
        let hash = hash(account);
        let mut display_name = format!("Marketplace customer {account}");
        display_name.truncate(LONGEST_DISPLAY_NAME);
        NewServiceAccount {
            project: self.project.clone(),
            id: id(&hash),
            display_name,
            description: format!(
                "Made by Portico for one customer of {}. SHA-256 of the procurement account: {hash}",
                self.service
            ),
        }
    }

    /// The address of the service account that this customer shall have.
    pub(crate) fn email(
        &self,
        account: &ProcurementAccountId,
    ) -> Result<ServiceAccountEmail, InvalidServiceAccountEmail> {
        ServiceAccountEmail::of(&id(&hash(account)), &self.project)
    }
}

/// Whether a service account was made for this customer: its description has the account's full hash.
pub(crate) fn is_of(account: &ProcurementAccountId, found: &ServiceAccount) -> bool {
    found.description.contains(&hash(account))
}

/// A letter, as ids begin with one, and the beginning of the hash.
fn id(hash: &str) -> String {
    format!("c{}", hash.get(..DIGITS).unwrap_or(hash))
}

/// SHA-256 in 64 lower-case hexadecimal digits, as `printf %s ACCOUNT | sha256sum` prints it.
fn hash(account: &ProcurementAccountId) -> String {
    let hash = Sha256::digest(account.as_str());
    hash.iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn naming() -> Naming {
        let service = ServiceName::parse("product.endpoints.example-partner.cloud.goog").unwrap();
        Naming::new("vendor-customers".to_owned(), service)
    }

    fn account(text: &str) -> ProcurementAccountId {
        ProcurementAccountId::parse(text).unwrap()
    }

    #[test]
    fn a_customer_s_service_account_is_called_the_same_for_ever() {
        let account = account("0f6b3c1e-5d2a-4e7b-9c88-1a2b3c4d5e6f");
        let hash = "7dab31684a70d612aa599ff9f3f69a33fdc8fac6c48f9c961afe90df014f20e3";
        assert_eq!(
            naming().wanted(&account),
            NewServiceAccount {
                project: "vendor-customers".to_owned(),
                id: format!("c{}", &hash[..28]),
                display_name: "Marketplace customer 0f6b3c1e-5d2a-4e7b-9c88-1a2b3c4d5e6f"
                    .to_owned(),
                description: format!(
                    "Made by Portico for one customer of product.endpoints.example-partner.cloud.goog. \
                     SHA-256 of the procurement account: {hash}"
                ),
            }
        );
        let email = naming().email(&account).unwrap();
        assert_eq!(email.project(), "vendor-customers");
        assert!(email.as_str().starts_with(&format!("c{}@", &hash[..28])));
    }

    #[test]
    fn every_name_fits_into_iam() {
        for text in ["a", "A.b_c-D", &"x".repeat(128)] {
            let account = account(text);
            let service = ServiceName::parse("a".repeat(63) + "." + &"b".repeat(36)).unwrap();
            let wanted = Naming::new("vendor-customers".to_owned(), service).wanted(&account);
            assert_eq!(wanted.id.len(), 29);
            assert!(wanted.display_name.len() <= 100);
            assert!(
                wanted.description.len() <= 256,
                "{}",
                wanted.description.len()
            );
            assert!(naming().email(&account).is_ok());
        }
    }

    #[test]
    fn a_service_account_is_known_by_the_whole_hash() {
        let (ours, other) = (account("a"), account("b"));
        let found = |description: &str| ServiceAccount {
            email: naming().email(&ours).unwrap(),
            unique_id: "1".to_owned(),
            description: description.to_owned(),
            is_disabled: false,
        };
        let description = naming().wanted(&ours).description;
        assert!(is_of(&ours, &found(&description)));
        assert!(!is_of(&other, &found(&description)));
        assert!(!is_of(&ours, &found("")));
        assert!(!is_of(&ours, &found(&description[..description.len() - 1])));
    }
}
