//! What Portico stored of a customer.

use marketplace::EntitlementId;
use marketplace_simulator::Account;
use store::Entitlement;

use crate::journey::{Portico, soon};

impl Portico {
    pub(crate) async fn stored(&self, order: &EntitlementId) -> Entitlement {
        let stored = self.store.entitlement(order, soon()).await;
        stored
            .expect("memory answers")
            .expect("it is stored")
            .record
    }

    /// Nothing is left of the customer and its people but that it was deleted.
    pub(crate) async fn assert_erased(&self, account: &Account) {
        let stored = self.store.account(&account.id, soon()).await;
        let stored = stored.expect("memory answers").expect("it is stored");
        assert!(stored.record.erased.is_some());
        assert_eq!(stored.record.company, None);
        let links = self.store.links_of(&account.id, soon()).await;
        assert!(links.expect("memory answers").is_empty());
        let sessions = self.store.sessions_of(&account.id, soon()).await;
        assert!(sessions.expect("memory answers").is_empty());
    }
}
